//! The standard as data: requirements with norm, source, defects and variants, read from `features/**/*.toml`.
//! Knows nothing of running.

mod model;

mod check;
mod embedded;
mod load;
mod lock;
mod reader;
mod standard;

pub(crate) use check::UNFILLED;
pub use check::{Names, check};
pub use embedded::FILES;
pub use lock::lock;
pub use model::*;
pub use standard::{CatalogueErrors, Files, StandardFile};

/// The format of clause files that this version reads.
pub const FORMAT: &str = "1.0";
