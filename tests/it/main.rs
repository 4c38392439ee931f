//! The integration tests: one binary, one module a subject.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod gate;
mod generated;
mod process;
mod targets;
mod tidy;
