//! The evidence log: typed records, redacted once, hash-chained, written by one writer.

pub mod record;
