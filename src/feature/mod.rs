//! The scenarios of the standard: source, parse, plan, lint.
//! Knows nothing of running them and of any application.

mod block;
mod fault;
mod lines;
mod parse;
mod structure;

pub mod dictionary;
pub mod lint;
pub mod plan;

pub use parse::{FeatureSource, ParsedFeature, parse, parse_all, sources};
