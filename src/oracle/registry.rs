//! Every oracle by name. One line adds one.

use super::{Fold, Judge, injection, odd_input, ownership, server_fault, token};

/// An oracle of the registry.
pub struct Entry {
    /// Name in check records; permanent.
    pub name: &'static str,
    /// Raised with every change that can change a leg.
    pub version: u32,
    /// What it looks at.
    pub kind: Kind,
}

/// What an oracle looks at.
pub enum Kind {
    /// The records that the check names.
    Window(Judge),
    /// Every record of the run.
    Fold(fn() -> Box<dyn Fold>),
}

/// Finds an oracle.
pub fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == name)
}

/// Every oracle.
pub const fn registry() -> &'static [Entry] {
    REGISTRY
}

const REGISTRY: &[Entry] = &[
    Entry { name: injection::NAME, version: 1, kind: Kind::Window(injection::judge) },
    Entry { name: token::NAME, version: 1, kind: Kind::Window(token::judge) },
    Entry { name: ownership::NAME, version: 1, kind: Kind::Window(ownership::judge) },
    Entry { name: odd_input::NAME, version: 1, kind: Kind::Window(odd_input::judge) },
    Entry { name: server_fault::EVERY_EXCHANGE, version: 1, kind: Kind::Fold(|| Box::<server_fault::ServerFaults>::default()) },
];
