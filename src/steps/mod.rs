//! The sentences of the standard: thin bodies that act through [`crate::run::Caller`] and ask oracles.
//! No assertion, no HTTP client and no verdict stands here.

mod course;
mod dice;
mod jwt;
mod payload;

pub(crate) mod enter;

pub mod args;
pub mod table;

pub use table::{Definition, StepKind, definitions, matching, strip};

/// Every file of definitions.
pub(crate) const ALL: &[&[Definition]] = &[];
