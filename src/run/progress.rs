//! What a run tells while it goes on. How it is shown is the command line's.

use crate::domain::Phrase;

/// Something happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run begins; rows in all.
    Start {
        /// How many rows will run at least once.
        rows: usize,
    },
    /// A phase begins.
    Phase {
        /// Its name.
        name: Phrase,
        /// Which attempt.
        attempt: u8,
    },
    /// A row ended.
    Row {
        /// The requirement.
        requirement: String,
        /// The row's words.
        label: String,
        /// Which attempt.
        attempt: u8,
        /// Whether a finding failed.
        failed: bool,
    },
    /// The run ended.
    End,
}

/// Receives events. Called on the scenarios' thread: must not block.
pub trait Progress: Send + Sync {
    /// Something happened.
    fn event(&self, event: &Event);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _: &Event) {}
}
