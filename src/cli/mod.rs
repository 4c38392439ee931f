//! The command line: parses, calls, prints, and turns the end into an exit code. No verdict is made here.

pub mod output;
pub mod rejudge;
pub mod sandbox;
pub mod verify;

pub use output::Output;
