//! The words of the canonical model (`model.md`): actors, operations, statuses, capabilities, profiles.
//! Knows nothing of HTTP, of a statement, or of the catalogue.

mod vocabulary;
pub(crate) use vocabulary::vocabulary;

pub mod phrase;
pub mod words;

pub use phrase::Phrase;
pub use words::{Actor, Area, Capability, Classification, Event, Op, Profile, Status};
