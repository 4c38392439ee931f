//! What folds over every exchange count: findings in groups, by attempt, each with its first exchanges. Knows nothing
//! of what a finding is.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Exchange, Record};
use crate::verdict::{Leg, Outcome, Reason};

/// What makes exchanges belong to one finding.
pub(super) trait Finding: Ord + Clone {
    /// The leg's key, without the operation.
    fn key(&self) -> String;
    /// What should have been.
    fn expected(&self) -> Phrase;
    /// What was seen.
    fn seen(&self) -> Phrase;
}

/// Offenders of one group in one attempt: how many, and the first of them.
#[derive(Debug, Clone, Default)]
struct Offenders {
    count: u64,
    first: Vec<u64>,
    row: Option<String>,
    actor: Option<Actor>,
}

/// Findings in groups, by operation and kind.
#[derive(Debug)]
pub(super) struct Tally<F> {
    looked_at: u64,
    last: u64,
    groups: BTreeMap<(Op, F), BTreeMap<u8, Offenders>>,
    /// How often an operation was called, by attempt, and where last.
    called: BTreeMap<(u8, Op), (u64, u64)>,
}

impl<F> Default for Tally<F> {
    fn default() -> Self {
        Self {
            looked_at: 0,
            last: 0,
            groups: BTreeMap::new(),
            called: BTreeMap::new(),
        }
    }
}

impl<F: Finding> Tally<F> {
    /// Counts one exchange that was looked at, with what was found in it.
    pub(super) fn count(&mut self, record: &Record, exchange: &Exchange, found: impl IntoIterator<Item = F>) {
        let attempt = record.scope.attempt;
        self.looked_at += 1;
        self.last = self.last.max(record.seq);
        let called = self.called.entry((attempt, exchange.op)).or_default();
        *called = (called.0 + 1, called.1.max(record.seq));
        for finding in found {
            let group = self.groups.entry((exchange.op, finding)).or_default();
            let offenders = group.entry(attempt).or_default();
            offenders.count += 1;
            if offenders.first.len() < KEPT {
                offenders.first.push(record.seq);
            }
            if offenders.row.is_none() {
                offenders.row.clone_from(&record.scope.row);
                offenders.actor = Some(exchange.actor);
            }
        }
    }

    /// How many exchanges were looked at.
    pub(super) const fn looked_at(&self) -> u64 {
        self.looked_at
    }

    /// The legs as one attempt sees them: the whole, then one for each judged group.
    pub(super) fn legs(&self, attempt: u8, whole: &str, expected: Phrase, judged: impl Fn(&F) -> bool) -> Vec<Leg> {
        let groups = || self.groups.iter().filter(|((_, finding), _)| judged(finding));
        let mut legs = vec![self.whole(whole, expected, groups().count())];
        for ((op, finding), attempts) in groups() {
            legs.extend(self.group(*op, finding, attempts, attempt));
        }
        legs
    }

    /// The rows whose first attempt produced the first exchange of each judged group; not too many.
    pub(super) fn rows(&self, judged: impl Fn(&F) -> bool) -> Vec<String> {
        let rows: BTreeSet<_> = self
            .groups
            .iter()
            .filter(|((_, finding), _)| judged(finding))
            .filter_map(|(_, attempts)| attempts.get(&1)?.row.clone())
            .collect();
        rows.into_iter().take(ROWS).collect()
    }

    /// PASS on at least one exchange; the groups have legs of their own.
    fn whole(&self, key: &str, expected: Phrase, groups: usize) -> Leg {
        let count = self.looked_at;
        let actual = crate::phrase!(
            "{count} pertukaran diperiksa, {groups} kelompok temuan",
            "{count} exchanges looked at, {groups} groups of findings"
        );
        let (outcome, evidence) = if count == 0 {
            (Outcome::Inconclusive(Reason::InsufficientEvidence), Vec::new())
        } else {
            (Outcome::Pass, vec![self.last])
        };
        Leg::new(key, outcome, expected, actual, evidence)
    }

    /// The leg of one group as one attempt sees it; `None` where the attempt has nothing to say of it.
    fn group(&self, op: Op, finding: &F, attempts: &BTreeMap<u8, Offenders>, attempt: u8) -> Option<Leg> {
        let key = format!("{} · {}", op.id(), finding.key());
        let expected = finding.expected();
        if let Some(offenders) = attempts.get(&attempt) {
            let actual = told(finding, offenders);
            return Some(Leg::new(key, Outcome::Fail, expected, actual, offenders.first.clone()));
        }
        let (_, elsewhere) = attempts.iter().next()?;
        if attempt == 1 {
            let seen = told(finding, elsewhere);
            let actual = Phrase::new(
                format!("hanya pada pengulangan: {}", seen.id),
                format!("in a repetition alone: {}", seen.en),
            );
            let outcome = Outcome::Inconclusive(Reason::Unstable);
            return Some(Leg::new(key, outcome, expected, actual, elsewhere.first.clone()));
        }
        // Not repeated: said only where the same operation was called again.
        let (calls, last) = self.called.get(&(attempt, op))?;
        let actual = crate::phrase!(
            "tidak terulang dalam {calls} panggilan pengulangan",
            "not repeated in {calls} calls of the repetition"
        );
        Some(Leg::new(key, Outcome::Pass, expected, actual, vec![*last]))
    }
}

fn told<F: Finding>(finding: &F, offenders: &Offenders) -> Phrase {
    let seen = finding.seen();
    let count = offenders.count;
    let seq = offenders.first.first().copied().unwrap_or_default();
    let row = offenders.row.as_deref().unwrap_or("-");
    let actor = offenders.actor.map_or_else(|| Phrase::same("-"), Actor::phrase);
    Phrase::new(
        format!(
            "{}: {count} kali; yang pertama pada rekaman {seq} ({row}, {})",
            seen.id, actor.id
        ),
        format!(
            "{}: {count} times; the first in record {seq} ({row}, {})",
            seen.en, actor.en
        ),
    )
}

/// Offenders kept of a group and an attempt.
const KEPT: usize = 20;

/// Rows that one fold asks to be run again.
const ROWS: usize = 12;

#[cfg(test)]
mod tests {
    use super::super::specimen::{answered, record};
    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    struct Odd(&'static str);

    impl Finding for Odd {
        fn key(&self) -> String {
            self.0.to_owned()
        }
        fn expected(&self) -> Phrase {
            Phrase::same("even")
        }
        fn seen(&self) -> Phrase {
            Phrase::same("odd")
        }
    }

    fn tally(found: &[(u64, u8, Option<&'static str>)]) -> Tally<Odd> {
        let mut tally = Tally::default();
        for (seq, attempt, odd) in found {
            let record = record(*seq, *attempt, answered(404, vec![]));
            tally.count(&record, record.exchange().unwrap(), odd.map(Odd));
        }
        tally
    }

    fn outcomes(tally: &Tally<Odd>, attempt: u8) -> Vec<(String, Outcome)> {
        let legs = tally.legs(attempt, "semua", Phrase::same("even"), |_| true);
        legs.into_iter().map(|leg| (leg.key, leg.outcome)).collect()
    }

    #[test]
    fn a_group_fails_once_for_many_and_names_the_row_to_repeat() {
        let tally = tally(&[(1, 1, None), (2, 1, Some("a")), (3, 1, Some("a"))]);
        let expected = [
            ("semua".to_owned(), Outcome::Pass),
            ("read · a".to_owned(), Outcome::Fail),
        ];
        assert_eq!(outcomes(&tally, 1), expected);
        assert_eq!(tally.rows(|_| true), ["teknologi/5_ketahanan.feature:9"]);
        assert!(tally.rows(|_| false).is_empty());
        assert_eq!(
            tally.legs(1, "semua", Phrase::same("even"), |_| false).len(),
            1,
            "what is not judged has no leg"
        );
    }

    #[test]
    fn repetitions_confirm_or_do_not() {
        let both = tally(&[(1, 1, Some("a")), (2, 2, Some("a")), (3, 1, Some("b")), (4, 2, None)]);
        let second: Vec<_> = outcomes(&both, 2).into_iter().map(|(_, outcome)| outcome).collect();
        assert_eq!(second, [Outcome::Pass, Outcome::Fail, Outcome::Pass]);
        let late = tally(&[(1, 1, None), (2, 2, Some("a"))]);
        assert_eq!(outcomes(&late, 1)[1].1, Outcome::Inconclusive(Reason::Unstable));
        let unrepeated = tally(&[(1, 1, Some("a"))]);
        assert_eq!(outcomes(&unrepeated, 2).len(), 1);
        let none = tally(&[]);
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcomes(&none, 1), [("semua".to_owned(), open)]);
    }
}
