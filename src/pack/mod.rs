//! The evidence pack: the directory that a run leaves behind.

pub mod run_json;
