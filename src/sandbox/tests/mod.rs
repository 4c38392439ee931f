//! Tests of the sandbox over sockets.
#![expect(clippy::too_many_lines, reason = "a tour is one story")]

mod client;
mod defects;
mod honest;
mod hub;
mod personal;
mod sessions;
mod variants;
