//! Tests of the sandbox over sockets.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod client;
mod defects;
mod honest;
mod variants;
