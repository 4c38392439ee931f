//! The end of the fold: rows and attempts become verdicts (decisions.md A.2–A.4), reconciled with the plan.

use crate::catalogue::{Confirmation, RequirementId};
use crate::domain::Phrase;
use crate::feature::plan::{Disposition, Plan, PlannedRequirement, PlannedRow};
use crate::verdict::{Leg, Outcome, Reason, Strength, Verdict, combine_attempts, combine_legs};

use super::row::{CheckedLeg, Halted, RowState};
use super::{AccessCounts, Judge};

/// Every verdict of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// In the order of the plan.
    pub requirements: Vec<JudgedRequirement>,
    /// Faults of ours that belong to no row.
    pub faults: Vec<String>,
    /// Whether the log has its footer.
    pub complete: bool,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// Exchanges of the whole run.
    pub requests: u64,
    /// Who called what, and how it was answered.
    pub access: AccessCounts,
}

/// One requirement, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedRequirement {
    /// The requirement.
    pub id: RequirementId,
    /// Its verdict.
    pub verdict: Verdict,
    /// Why, where it is inconclusive.
    pub reason: Option<Reason>,
    /// The claim, where it is not applicable; or why it was not run at all.
    pub note: Option<Phrase>,
    /// Its rows, in the order of the plan.
    pub rows: Vec<JudgedRow>,
    /// Exchanges of its rows.
    pub requests: u64,
    /// Microseconds that its rows spent between their first and last exchange, added up.
    pub busy_us: u64,
}

/// One scenario row, all attempts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedRow {
    /// `area/clause.feature:line`.
    pub id: String,
    /// How many attempts were made.
    pub attempts: u8,
    /// The verdict of the row alone.
    pub verdict: Verdict,
    /// Why, where it is inconclusive.
    pub reason: Option<Reason>,
    /// Its legs.
    pub legs: Vec<JudgedLeg>,
    /// Where the first attempt halted.
    pub halted: Option<Halted>,
    /// Exchanges of all attempts.
    pub requests: u64,
    /// Microseconds between the first and the last exchange, all attempts added up.
    pub busy_us: u64,
}

/// One leg, all attempts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedLeg {
    /// The leg, with the combined outcome; expected, actual and evidence are those of the first attempt that was
    /// no PASS, else of the first.
    pub leg: Leg,
    /// What a miss means.
    pub strength: Strength,
    /// The outcome of each attempt.
    pub attempts: Vec<Outcome>,
    /// Line of the step.
    pub line: usize,
}

impl Judge {
    /// Ends the fold: every planned requirement gets a verdict, whatever was observed.
    pub fn conclude(&self, plan: &Plan) -> Judgement {
        Judgement {
            requirements: plan
                .requirements
                .iter()
                .map(|planned| self.requirement(planned))
                .collect(),
            faults: self.faults.clone(),
            complete: self.ended,
            stopped: self.stopped,
            requests: self.requests,
            access: self.access.clone(),
        }
    }

    fn requirement(&self, planned: &PlannedRequirement) -> JudgedRequirement {
        let without_rows = |verdict, reason, note| JudgedRequirement {
            id: planned.id,
            verdict,
            reason,
            note: Some(note),
            rows: Vec::new(),
            requests: 0,
            busy_us: 0,
        };
        match &planned.disposition {
            Disposition::NotApplicable(claim) => {
                return without_rows(
                    Verdict::NotApplicable,
                    None,
                    Phrase::new(format!("tidak diklaim: {claim}"), format!("not claimed: {claim}")),
                );
            }
            Disposition::Blocked { reason, text } => {
                return without_rows(Verdict::Inconclusive, Some(*reason), text.clone());
            }
            Disposition::Run => {}
        }
        let rows: Vec<_> = planned
            .rows
            .iter()
            .map(|row| self.judged_row(row, planned.confirmation))
            .collect();
        let counted: Vec<_> = rows.iter().flat_map(counted).collect();
        let (verdict, reason) = combine_legs(counted.iter().copied());
        // A row without a finding of its own must not hide behind its siblings.
        let (verdict, reason) = match (verdict, rows.iter().find(|row| row.verdict == Verdict::NotRun)) {
            (Verdict::Pass | Verdict::NotApplicable, Some(_)) => (Verdict::NotRun, None),
            _ => (verdict, reason),
        };
        JudgedRequirement {
            id: planned.id,
            verdict,
            reason,
            note: None,
            requests: rows.iter().map(|row| row.requests).sum(),
            busy_us: rows.iter().map(|row| row.busy_us).sum(),
            rows,
        }
    }

    fn judged_row(&self, planned: &PlannedRow, confirmation: Confirmation) -> JudgedRow {
        let first = self.row_state(&planned.id, 1);
        let second = self.row_state(&planned.id, 2);
        let Some(first) = first else {
            let never = RowState::default();
            let legs = merge(&never.all_legs(), None, confirmation);
            return JudgedRow {
                id: planned.id.clone(),
                attempts: 0,
                verdict: Verdict::NotRun,
                reason: None,
                legs,
                halted: None,
                requests: 0,
                busy_us: 0,
            };
        };
        let legs = merge(&first.all_legs(), second, confirmation);
        let row = JudgedRow {
            id: planned.id.clone(),
            attempts: if second.is_some() { 2 } else { 1 },
            verdict: Verdict::NotRun,
            reason: None,
            legs,
            halted: first.halt().cloned(),
            requests: first.requests() + second.map_or(0, RowState::requests),
            busy_us: first.busy_us() + second.map_or(0, RowState::busy_us),
        };
        let (verdict, reason) = combine_legs(counted(&row));
        JudgedRow { verdict, reason, ..row }
    }
}

/// The outcomes that count for a verdict: warnings never do, and a control or minimum that held is no finding.
fn counted(row: &JudgedRow) -> Vec<&Outcome> {
    row.legs
        .iter()
        .filter(|leg| match leg.strength {
            Strength::Finding => true,
            Strength::Control | Strength::Evidence => leg.leg.outcome != Outcome::Pass,
            Strength::Warning => false,
        })
        .map(|leg| &leg.leg.outcome)
        .collect()
}

fn merge(first: &[CheckedLeg], second: Option<&RowState>, confirmation: Confirmation) -> Vec<JudgedLeg> {
    let again = second.map(RowState::all_legs).unwrap_or_default();
    let halted_again = second.and_then(RowState::halt).map(|halt| halt.outcome.clone());
    let same = |a: &CheckedLeg, b: &CheckedLeg| a.leg.key == b.leg.key && a.line == b.line && a.strength == b.strength;
    let mut legs = Vec::with_capacity(first.len());
    for leg in first {
        let repeated = again.iter().find(|other| same(leg, other));
        let outcome = match (repeated, confirmation) {
            (Some(other), _) => combine_attempts(&leg.leg.outcome, &other.leg.outcome),
            (None, Confirmation::Ulang) if leg.leg.outcome == Outcome::Fail && leg.strength == Strength::Finding => {
                combine_attempts(&Outcome::Fail, halted_again.as_ref().unwrap_or(&Outcome::NotRun))
            }
            (None, _) => leg.leg.outcome.clone(),
        };
        let shown = match repeated {
            Some(other) if leg.leg.outcome == Outcome::Pass => &other.leg,
            _ => &leg.leg,
        };
        let mut evidence = leg.leg.evidence.clone();
        evidence.extend(repeated.iter().flat_map(|other| other.leg.evidence.iter()));
        legs.push(JudgedLeg {
            leg: Leg {
                outcome,
                evidence,
                ..shown.clone()
            },
            strength: leg.strength,
            attempts: std::iter::once(leg)
                .chain(repeated)
                .map(|attempt| attempt.leg.outcome.clone())
                .collect(),
            line: leg.line,
        });
    }
    for leg in again.iter().filter(|leg| !first.iter().any(|other| same(leg, other))) {
        let outcome = match (&leg.leg.outcome, confirmation) {
            (Outcome::Fail, Confirmation::Ulang) => Outcome::Inconclusive(Reason::Unstable),
            (outcome, _) => outcome.clone(),
        };
        legs.push(JudgedLeg {
            leg: Leg {
                outcome,
                ..leg.leg.clone()
            },
            strength: leg.strength,
            attempts: vec![leg.leg.outcome.clone()],
            line: leg.line,
        });
    }
    legs
}
