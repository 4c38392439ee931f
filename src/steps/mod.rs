//! The sentences of the standard: thin bodies that act through [`crate::run::Caller`] and ask oracles.
//! No assertion, no HTTP client and no verdict stands here.

mod acting;
mod burst;
mod chain;
mod closing;
mod course;
mod dice;
mod identity;
mod injection;
mod jwt;
mod methods;
mod odd_input;
mod ownership;
mod paging;
mod payload;
mod places;
mod publication;
mod reading;
mod routes;
mod submitting;
mod token;

pub(crate) mod enter;

pub mod args;
mod gloss;
pub mod table;

pub use gloss::gloss;
pub use table::{Definition, StepKind, definitions, matching, strip};

/// Every file of definitions.
pub(crate) const ALL: &[&[Definition]] = &[
    acting::STEPS,
    burst::STEPS,
    closing::STEPS,
    identity::STEPS,
    injection::STEPS,
    methods::STEPS,
    odd_input::STEPS,
    ownership::STEPS,
    paging::STEPS,
    publication::STEPS,
    reading::STEPS,
    submitting::STEPS,
    token::STEPS,
];
