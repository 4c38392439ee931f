//! Which answers the folds of this part look at, and how they keep what they found. Knows no requirement.

use crate::domain::Phrase;
use crate::evidence::record::{Credential, Exchange, Reading, Record};
use crate::phrase;

use super::super::server_fault::BURST;

/// Whether an answer is one to an ordinary request: accepted, with an actor's own credential or none, of no probe's
/// input class, asked for with a method that brings a body.
pub(super) fn ordinary(exchange: &Exchange) -> bool {
    exchange.reading == Reading::Accepted
        && !matches!(exchange.credential, Credential::Altered(_))
        && (exchange.input_class.is_empty() || exchange.input_class == BURST)
        && !matches!(exchange.request.method.as_str(), "HEAD" | "OPTIONS" | "TRACE")
}

/// How often something was seen, and the first few records and rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Sightings {
    /// How often.
    pub(super) count: u64,
    /// The first records.
    pub(super) first: Vec<u64>,
    row: Option<String>,
}

/// Records kept of one group.
const KEPT: usize = 20;

impl Sightings {
    /// Adds a record.
    pub(super) fn add(&mut self, record: &Record) {
        self.count += 1;
        if self.first.is_empty() {
            self.row.clone_from(&record.scope.row);
        }
        if self.first.len() < KEPT {
            self.first.push(record.seq);
        }
    }

    /// Adds those of another group.
    pub(super) fn merge(&mut self, other: &Self) {
        if self
            .first
            .first()
            .is_none_or(|first| other.first.first().is_some_and(|theirs| theirs < first))
        {
            self.row.clone_from(&other.row);
        }
        self.count += other.count;
        self.first.extend(&other.first);
        self.first.sort_unstable();
        self.first.truncate(KEPT);
    }

    /// "3 kali; yang pertama pada rekaman 7 (data/1_skema.feature:9)".
    pub(super) fn told(&self) -> Phrase {
        let (count, seq) = (self.count, self.first.first().copied().unwrap_or_default());
        let row = self.row.as_deref().unwrap_or("-");
        phrase!(
            "{count} kali; yang pertama pada rekaman {seq} ({row})",
            "{count} times; the first in record {seq} ({row})"
        )
    }
}

/// Joins phrases, the first five, and says how many more there are.
pub(super) fn joined(phrases: &[Phrase]) -> Phrase {
    let list = |pick: fn(&Phrase) -> &String| {
        phrases
            .iter()
            .take(5)
            .map(|one| pick(one).as_str())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let (id, en) = (list(|one| &one.id), list(|one| &one.en));
    match phrases.len().saturating_sub(5) {
        0 => Phrase::new(id, en),
        more => phrase!("{id}; dan {more} lagi", "{en}; and {more} more"),
    }
}

/// First records of several groups, in order, without repeats.
pub(super) fn evidence<'a>(groups: impl IntoIterator<Item = &'a Sightings>) -> Vec<u64> {
    let mut seqs: Vec<u64> = groups
        .into_iter()
        .flat_map(|group| group.first.iter().copied())
        .collect();
    seqs.sort_unstable();
    seqs.dedup();
    seqs.truncate(KEPT);
    seqs
}
