//! The evidence pack: the directory that a run leaves behind. Reading its log, checking that it is whole and
//! unchanged, and judging it again.

pub mod assemble;
pub mod compare;
pub mod rules;
pub mod run_json;

pub mod log;
pub mod rejudge;
pub mod seal;
pub mod verify;
