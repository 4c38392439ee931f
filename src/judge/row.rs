//! What is known of one attempt at one scenario row.

use std::collections::BTreeSet;

use crate::domain::Phrase;
use crate::evidence::record::{Check, Declare, End, RowEnd, StepEnd};
use crate::verdict::{Leg, Outcome, Reason, Strength};

/// Everything seen of one attempt at one row.
#[derive(Debug, Clone, Default)]
pub struct RowState {
    legs: Vec<CheckedLeg>,
    pending: Vec<(u64, Check)>,
    declared: BTreeSet<String>,
    left_out: Vec<(String, String)>,
    halt: Option<Halted>,
    faults: Vec<String>,
    end: Option<RowEnd>,
    requests: u64,
    busy: Option<(u64, u64)>,
}

/// A leg as its check's strength reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLeg {
    /// The check record.
    pub check: u64,
    /// Line of the step.
    pub line: usize,
    /// What a miss means.
    pub strength: Strength,
    /// The leg; a missed control or minimum already reads as inconclusive.
    pub leg: Leg,
}

/// Where and why a row could not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halted {
    /// Line of the step.
    pub line: usize,
    /// The step.
    pub text: String,
    /// What it means for the row.
    pub outcome: Outcome,
    /// Why, in words.
    pub why: Phrase,
    /// The step's record.
    pub seq: u64,
}

impl RowState {
    pub(super) fn expect(&mut self, seq: u64, check: &Check) {
        self.pending.push((seq, check.clone()));
    }

    pub(super) fn judged(&mut self, seq: u64, check: &Check, legs: Vec<Leg>) {
        self.pending.retain(|(pending, _)| *pending != seq);
        self.legs.extend(legs.into_iter().map(|leg| CheckedLeg {
            check: seq,
            line: check.line,
            strength: check.strength,
            leg: read(leg, check.strength, check.miss),
        }));
    }

    pub(super) fn declare(&mut self, declare: &Declare) {
        self.declared.extend(declare.legs.iter().cloned());
    }

    pub(super) fn step(&mut self, step: &StepEnd, seq: u64) {
        let halt = |outcome, why| Halted {
            line: step.line,
            text: step.text.clone(),
            outcome,
            why,
            seq,
        };
        let new = match &step.end {
            End::Done => return,
            End::LeftOut(claim) => {
                self.left_out.push((step.kind.clone(), claim.clone()));
                return;
            }
            End::Inconclusive { reason, text } => halt(Outcome::Inconclusive(*reason), text.clone()),
            End::NotApplicable(claim) => halt(
                Outcome::NotApplicable(claim.clone()),
                Phrase::new(
                    format!("tidak diklaim atau tidak terikat: {claim}"),
                    format!("not claimed or not bound: {claim}"),
                ),
            ),
            End::Stopped => halt(
                Outcome::NotRun,
                Phrase::new("pengujian dihentikan", "the run was stopped"),
            ),
            End::Error(text) => halt(
                Outcome::Error(text.clone()),
                Phrase::new(format!("galat laik: {text}"), format!("error of laik: {text}")),
            ),
        };
        self.halt.get_or_insert(new);
    }

    pub(super) fn end(&mut self, end: &RowEnd) {
        self.end = Some(end.clone());
    }

    pub(super) fn fault(&mut self, text: &str) {
        self.faults.push(text.to_owned());
    }

    pub(super) fn exchange(&mut self, started: u64, ended: u64) {
        self.requests += 1;
        let (first, last) = self.busy.unwrap_or((started, ended));
        self.busy = Some((first.min(started), last.max(ended)));
    }

    /// The legs of one check.
    pub fn legs_of(&self, check: u64) -> Vec<Leg> {
        self.legs
            .iter()
            .filter(|leg| leg.check == check)
            .map(|leg| leg.leg.clone())
            .collect()
    }

    /// Exchanges of this attempt.
    pub const fn requests(&self) -> u64 {
        self.requests
    }

    /// Microseconds between the start of the first and the end of the last exchange.
    pub fn busy_us(&self) -> u64 {
        self.busy.map_or(0, |(first, last)| last.saturating_sub(first))
    }

    /// Where it halted, if it did.
    pub const fn halt(&self) -> Option<&Halted> {
        self.halt.as_ref()
    }

    /// Whether any finding leg failed.
    pub fn failed(&self) -> bool {
        self.legs
            .iter()
            .any(|leg| leg.strength == Strength::Finding && leg.leg.outcome == Outcome::Fail)
    }

    /// Every leg of this attempt: those that were judged, then what stands for everything that was not.
    pub fn all_legs(&self) -> Vec<CheckedLeg> {
        let mut all = self.legs.clone();
        for (seq, check) in &self.pending {
            let keys = if check.declared.is_empty() {
                std::slice::from_ref(&check.oracle)
            } else {
                &check.declared
            };
            all.extend(keys.iter().map(|key| {
                standin(
                    key,
                    Outcome::NotRun,
                    check.line,
                    *seq,
                    Phrase::new("pemeriksaan tidak dinilai", "the check was not judged"),
                )
            }));
        }
        for key in &self.declared {
            if !all.iter().any(|leg| leg.leg.key == *key) {
                all.push(standin(
                    key,
                    Outcome::NotRun,
                    0,
                    0,
                    Phrase::new("dinyatakan lalu tidak dinilai", "declared and not judged"),
                ));
            }
        }
        if let Some(halt) = &self.halt {
            all.push(standin(
                "langkah",
                halt.outcome.clone(),
                halt.line,
                halt.seq,
                halt.why.clone(),
            ));
        }
        for text in &self.faults {
            all.push(standin(
                "laik",
                Outcome::Error(text.clone()),
                0,
                0,
                Phrase::new(format!("galat laik: {text}"), format!("error of laik: {text}")),
            ));
        }
        all.extend(self.gap(&all));
        all
    }

    /// Nothing passes by absence: a row that did not run whole, or ran no *Ketika* or no *Maka*, says so.
    fn gap(&self, legs: &[CheckedLeg]) -> Option<CheckedLeg> {
        let gap = |outcome, why| Some(standin("baris", outcome, 0, 0, why));
        let not_run = |id: &str, en: &str| gap(Outcome::NotRun, Phrase::new(id, en));
        let Some(end) = &self.end else {
            return not_run("skenario tidak selesai", "the scenario did not end");
        };
        if self.halt.is_some() || !self.faults.is_empty() {
            return None;
        }
        if !end.whole {
            return not_run("tidak setiap langkah dijalankan", "not every step ran");
        }
        for (done, kind) in [(end.when_done, "ketika"), (end.then_done, "maka")] {
            if done > 0 {
                continue;
            }
            let claims: Vec<_> = self
                .left_out
                .iter()
                .filter(|(left, _)| left == kind)
                .map(|(_, claim)| claim.as_str())
                .collect();
            let failed = legs.iter().any(|leg| leg.leg.outcome == Outcome::Fail);
            return match claims.first() {
                Some(claim) if !failed => gap(
                    Outcome::NotApplicable((*claim).to_owned()),
                    Phrase::new(
                        format!("tidak diklaim atau tidak terikat: {claim}"),
                        format!("not claimed or not bound: {claim}"),
                    ),
                ),
                _ => not_run("tidak ada langkah yang dijalankan", "no step ran"),
            };
        }
        None
    }
}

/// Reads a leg by the place of its sentence (`gherkin.md`, Grammar).
fn read(mut leg: Leg, strength: Strength, miss: Option<Reason>) -> Leg {
    if leg.outcome == Outcome::Fail {
        match strength {
            Strength::Finding | Strength::Warning => {}
            Strength::Control => leg.outcome = Outcome::Inconclusive(Reason::PreconditionUnmet),
            Strength::Evidence => leg.outcome = Outcome::Inconclusive(miss.unwrap_or(Reason::InsufficientEvidence)),
        }
    }
    leg
}

fn standin(key: &str, outcome: Outcome, line: usize, check: u64, why: Phrase) -> CheckedLeg {
    let expected = Phrase::new("dijalankan sampai selesai", "run to its end");
    let evidence = if check == 0 { Vec::new() } else { vec![check] };
    CheckedLeg {
        check,
        line,
        strength: Strength::Finding,
        leg: Leg::new(key, outcome, expected, why, evidence),
    }
}
