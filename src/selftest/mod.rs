//! The matrix that proves the standard: every seeded defect is found by its own requirement and by no other, every
//! lawful variant is left in peace. One child process a job, so that a crash is the ERROR of that job alone.

mod job;
mod matrix;
mod mixes;
mod runner;

pub use job::{Job, JobResult, run_job};
pub(crate) use job::{STATEMENT_NAME, Scratch, assess};
pub use matrix::{Matrix, Options, Totals};
pub use runner::{Children, run};
