//! The evidence log: typed records, redacted once, hash-chained, written by one writer.
//! Raw bytes come in through [`Recorder::capture`] alone; nothing unredacted leaves this module.
//! Knows nothing of oracles, of a statement, or of a plan.

pub mod record;

pub mod canary;
pub mod capture;
pub mod digest;
mod named;
pub mod recorder;
pub mod scan;
pub mod secrets;
mod shared_values;
mod sieve;
mod views;

pub use canary::CanaryBook;
pub use capture::{RawAnswer, RawExchange, RawInbound, RawRequest};
pub use digest::{sha256_hex, sha256_hex_of, text_digest};
pub use recorder::{Head, Observer, Recorder};
pub use scan::{JsonFacts, json_facts};
pub use secrets::{Registered, Secrets};

/// Name of the log in a pack.
pub const LOG_FILE: &str = "exchanges.ndjson";

/// Version of the log's format, `major.minor`.
pub const LOG_FORMAT: &str = "1.0";

/// The longest line that is written or read, in bytes.
pub const LONGEST_LINE: usize = 8 * 1024 * 1024;

/// The longest body text that is kept, in bytes of the original.
pub const BODY_KEPT: usize = 64 * 1024;

#[cfg(test)]
mod tests;
