//! Who called what with the own credential, and how it was answered: the access matrix of a run, and the coverage of
//! the binding. Counts alone; it judges nothing.

use std::collections::BTreeMap;

use crate::domain::{Actor, Op};
use crate::evidence::record::{Credential, Exchange, Reading};

/// How the calls of one actor to one operation were answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// Read as accepted by the statement's rules.
    pub accepted: u64,
    /// Refused, or not found.
    pub refused: u64,
    /// Throttled, faults, redirects, no answer, unclear.
    pub other: u64,
}

/// The counts of a run.
pub type AccessCounts = BTreeMap<(Op, Actor), Answers>;

/// Counts one exchange. What was sent with no credential or with an altered one says nothing of the actor's rights,
/// except for `publik`, who has none.
pub(super) fn count(counts: &mut AccessCounts, exchange: &Exchange) {
    if exchange.credential != Credential::Own && exchange.actor != Actor::Publik {
        return;
    }
    let answers = counts.entry((exchange.op, exchange.actor)).or_default();
    match exchange.reading {
        Reading::Accepted => answers.accepted += 1,
        Reading::Refused | Reading::NotFound => answers.refused += 1,
        _ => answers.other += 1,
    }
}
