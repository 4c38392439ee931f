//! The sentences of the standard: thin bodies that act through [`crate::run::Caller`] and ask oracles.
//! No assertion, no HTTP client and no verdict stands here.

mod acting;
mod answers;
mod attempt;
mod burst;
mod chain;
mod chronicle;
mod classes;
mod closing;
mod codes;
mod course;
mod credential;
mod dice;
mod entitlement;
mod files;
mod filters;
mod honesty;
mod identity;
mod injection;
mod jwt;
mod kinds;
mod leaks;
mod likeness;
mod media;
mod methods;
mod needful;
mod negative;
mod no_credential;
mod odd_input;
mod ownership;
mod page_size;
mod paging;
mod payload;
mod places;
mod planted;
mod provoked;
mod publication;
mod reach;
mod reading;
mod recent;
mod redirect;
mod refusal;
mod routes;
mod safety;
mod scoped_lists;
mod shape;
mod submitting;
mod text;
mod tiers;
mod token;
mod unknown_codes;
mod untouched;

pub(crate) mod enter;

pub mod args;
mod gloss;
pub mod table;

pub use gloss::gloss;
pub use table::{Definition, StepKind, definitions, matching, strip};

/// Every file of definitions.
pub(crate) const ALL: &[&[Definition]] = &[
    acting::STEPS,
    answers::STEPS,
    burst::STEPS,
    files::STEPS,
    filters::STEPS,
    honesty::STEPS,
    credential::STEPS,
    entitlement::STEPS,
    chronicle::STEPS,
    classes::STEPS,
    closing::STEPS,
    identity::STEPS,
    injection::STEPS,
    media::STEPS,
    methods::STEPS,
    needful::STEPS,
    no_credential::STEPS,
    negative::STEPS,
    odd_input::STEPS,
    ownership::STEPS,
    page_size::STEPS,
    paging::STEPS,
    leaks::STEPS,
    redirect::STEPS,
    refusal::STEPS,
    planted::STEPS,
    provoked::STEPS,
    publication::STEPS,
    reach::STEPS,
    reading::STEPS,
    shape::STEPS,
    scoped_lists::STEPS,
    codes::STEPS,
    kinds::STEPS,
    safety::STEPS,
    submitting::STEPS,
    text::STEPS,
    tiers::STEPS,
    token::STEPS,
    unknown_codes::STEPS,
    untouched::STEPS,
];
