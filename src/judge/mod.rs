//! From records to verdicts: one fold, used while a run goes on and when a pack is judged again.
//! Knows the plan and the oracles; knows nothing of HTTP, files or cucumber.

mod access;
mod conclude;
mod row;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::evidence::record::{Check, Data, Exchange, Record};
use crate::oracle::{self, Fold, Kind, OracleFault, Window};
use crate::verdict::{Leg, Outcome};

pub use access::{AccessCounts, Answers};
pub use conclude::{JudgedLeg, JudgedRequirement, JudgedRow, Judgement};
pub use row::{CheckedLeg, Halted, RowState};

/// One attempt at one scenario row.
pub type RowKey = (String, u8);

/// Folds the records of a run, in the order of the log.
pub struct Judge {
    rows: BTreeMap<RowKey, RowState>,
    folds: Vec<(&'static str, Box<dyn Fold>)>,
    faults: Vec<String>,
    ended: bool,
    stopped: bool,
    requests: u64,
    access: AccessCounts,
}

impl Default for Judge {
    fn default() -> Self {
        Self::new()
    }
}

impl Judge {
    /// A judge that has seen nothing.
    pub fn new() -> Self {
        let folds = oracle::registry()
            .iter()
            .filter_map(|entry| match entry.kind {
                Kind::Fold(make) => Some((entry.name, make())),
                Kind::Window(_) => None,
            })
            .collect();
        Self {
            rows: BTreeMap::new(),
            folds,
            faults: Vec::new(),
            ended: false,
            stopped: false,
            requests: 0,
            access: AccessCounts::new(),
        }
    }

    /// Looks at one more record. A check of a fold is judged here, at its place in the log; a check of a
    /// window waits for [`Judge::window_check`].
    pub fn observe(&mut self, record: &Record) {
        for (_, fold) in &mut self.folds {
            fold.observe(record);
        }
        match &record.data {
            Data::Fault(fault) => self.fault(record, &fault.text),
            Data::Footer(footer) => {
                self.ended = true;
                self.stopped = footer.stopped;
            }
            Data::Exchange(exchange) => {
                self.requests += 1;
                access::count(&mut self.access, exchange);
                self.exchange(record, exchange);
            }
            Data::Check(check) => {
                if let Some(fold) = self.folds.iter().find(|(name, _)| *name == check.oracle) {
                    let legs = settle(check, fold.1.conclude(&check.params));
                    self.store(record, check, legs);
                } else if let Some(row) = self.row(record) {
                    row.expect(record.seq, check);
                }
            }
            Data::Declare(declare) => {
                if let Some(row) = self.row(record) {
                    row.declare(declare);
                }
            }
            Data::Step(step) => {
                if let Some(row) = self.row(record) {
                    row.step(step, record.seq);
                }
            }
            Data::RowEnd(end) => {
                if let Some(row) = self.row(record) {
                    row.end(end);
                }
            }
            Data::Header(_) | Data::Inbound(_) | Data::Observation(_) | Data::Fixture(_) => {}
        }
    }

    /// Judges a check over the records that it names. Returns its legs, as the strength of the check reads them.
    ///
    /// Does nothing for a check of a fold, whose legs [`Judge::observe`] has stored; those are returned.
    pub fn window_check(&mut self, record: &Record, window: &Window) -> Vec<Leg> {
        let Data::Check(check) = &record.data else {
            return Vec::new();
        };
        if self.folds.iter().any(|(name, _)| *name == check.oracle) {
            return self.row(record).map(|row| row.legs_of(record.seq)).unwrap_or_default();
        }
        let legs = judge_check(check, window);
        self.store(record, check, legs.clone());
        legs
    }

    /// Whether a row has been attempted.
    pub fn attempted(&self, row: &str, attempt: u8) -> bool {
        self.rows.contains_key(&(row.to_owned(), attempt))
    }

    /// One attempt at a row, as far as it was seen.
    pub fn row_state(&self, row: &str, attempt: u8) -> Option<&RowState> {
        self.rows.get(&(row.to_owned(), attempt))
    }

    /// The rows that produced what the folds found.
    pub fn rows_to_repeat(&self) -> Vec<String> {
        self.folds.iter().flat_map(|(_, fold)| fold.rows_to_repeat()).collect()
    }

    /// Exchanges seen so far.
    pub const fn requests(&self) -> u64 {
        self.requests
    }

    fn exchange(&mut self, record: &Record, exchange: &Exchange) {
        let (started, ended) = (exchange.started_us, exchange.ended_us);
        if let Some(row) = self.row(record) {
            row.exchange(started, ended);
        }
    }

    fn fault(&mut self, record: &Record, text: &str) {
        match self.row(record) {
            Some(row) => row.fault(text),
            None => self.faults.push(text.to_owned()),
        }
    }

    fn store(&mut self, record: &Record, check: &Check, legs: Vec<Leg>) {
        if let Some(row) = self.row(record) {
            row.judged(record.seq, check, legs);
        }
    }

    fn row(&mut self, record: &Record) -> Option<&mut RowState> {
        let row = record.scope.row.clone()?;
        Some(self.rows.entry((row, record.scope.attempt)).or_default())
    }
}

/// Asks an oracle about a window. Declared legs that it leaves out become NOT_RUN.
pub fn judge_check(check: &Check, window: &Window) -> Vec<Leg> {
    let answer = match oracle::find(&check.oracle).map(|entry| &entry.kind) {
        Some(Kind::Window(judge)) => judge(&check.params, window),
        Some(Kind::Fold(_)) | None => Err(OracleFault::Unknown(check.oracle.clone())),
    };
    settle(check, answer)
}

/// Makes the legs of a check whole: a fault of the oracle is ERROR for every declared leg, a declared leg without
/// an outcome is NOT_RUN.
fn settle(check: &Check, answer: Result<Vec<Leg>, OracleFault>) -> Vec<Leg> {
    let unjudged = |key: &str, outcome: Outcome, text: &str| {
        let said = crate::domain::Phrase::new(format!("tidak dinilai: {text}"), format!("not judged: {text}"));
        Leg::new(
            key,
            outcome,
            crate::domain::Phrase::new("dinilai", "judged"),
            said,
            check.evidence.clone(),
        )
    };
    match answer {
        Ok(mut legs) => {
            for key in &check.declared {
                if !legs.iter().any(|leg| leg.key == *key) {
                    legs.push(unjudged(
                        key,
                        Outcome::NotRun,
                        "penilai tidak menyebutnya / the oracle left it out",
                    ));
                }
            }
            legs
        }
        Err(fault) => {
            let text = fault.to_string();
            let keys = if check.declared.is_empty() {
                std::slice::from_ref(&check.oracle)
            } else {
                &check.declared
            };
            keys.iter()
                .map(|key| unjudged(key, Outcome::Error(text.clone()), &text))
                .collect()
        }
    }
}

/// The judge as the recorder sees it.
#[derive(Clone)]
pub struct SharedJudge(pub Arc<std::sync::Mutex<Judge>>);

impl SharedJudge {
    /// A judge that a recorder and a run share.
    pub fn new() -> Self {
        Self(Arc::new(std::sync::Mutex::new(Judge::new())))
    }

    /// Works with the judge. A poisoned lock is taken all the same: a panic elsewhere is already a fault record.
    pub fn with<T>(&self, work: impl FnOnce(&mut Judge) -> T) -> T {
        let mut judge = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        work(&mut judge)
    }
}

impl Default for SharedJudge {
    fn default() -> Self {
        Self::new()
    }
}

impl crate::evidence::Observer for SharedJudge {
    fn observe(&mut self, record: &Arc<Record>) {
        self.with(|judge| judge.observe(record));
    }
}
