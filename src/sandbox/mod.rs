//! The sandbox: the reference application over HTTP, with seeded defects and lawful variants on request.
//!
//! `app` is the application and knows of neither; `assembly` puts its parts together; `defects` and `variants` replace parts.
//! Only the command line, the self-test and tests start it; it is judged over sockets alone.

pub mod app;

pub mod assembly;
pub mod counters;
mod flight;
mod meeting;
mod start;
pub mod statement;
#[cfg(test)]
mod tests;

pub mod defects;
pub mod variants;
mod wrap;

pub use start::{Config, Sandbox, SandboxError, start};
