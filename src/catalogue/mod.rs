//! The standard as data: requirements with norm, source, defects and variants, read from `features/**/*.toml`.
//! Knows nothing of running.

mod model;

pub use model::*;
