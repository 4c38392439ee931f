//! The command line: parses, calls, prints, and turns the end into an exit code. No verdict is made here.

pub mod catalogue;
pub mod coverage;
pub mod explain;
pub mod lint;
pub mod list;
pub mod new_requirement;
pub mod output;
pub mod rejudge;
pub mod verify;

pub use output::Output;
