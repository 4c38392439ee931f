//! What one attempt at one scenario row knows.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Check, Data, Declare, Part, Record, RowEnd, Scope};
use crate::oracle::{self, Window};
use crate::steps::StepKind;
use crate::verdict::{Outcome, Reason, Strength};

use super::caller::Caller;
use super::complaint::Complaint;
use super::context::RunCtx;
use super::halt::Halt;

/// What one attempt at one scenario row knows; cucumber makes one for each.
#[derive(Default)]
pub struct World {
    cx: Option<Arc<RunCtx>>,
    row: String,
    requirement: String,
    attempt: u8,
    planned_steps: usize,
    ended_steps: usize,
    when_done: u32,
    then_done: u32,
    line: usize,
    strength: Option<Strength>,
    halfway: bool,
    complaints: BTreeMap<String, Complaint>,
    memory: HashMap<TypeId, Box<dyn Any>>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("World")
            .field("row", &self.row)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

impl cucumber::World for World {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

/// What a *Maka* step asks an oracle.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Name of the oracle.
    pub oracle: &'static str,
    /// Its parameters.
    pub params: Value,
    /// The records that it looks at.
    pub records: Vec<Arc<Record>>,
    /// The legs that it must judge.
    pub declared: Vec<String>,
    /// The reason of a missed `cukup bukti:`.
    pub miss: Option<Reason>,
}

impl World {
    /// Ties the world to its row; the before-hook does it.
    pub(crate) fn tie(&mut self, cx: Arc<RunCtx>, row: String, requirement: String, attempt: u8, planned_steps: usize) {
        self.cx = Some(cx);
        self.row = row;
        self.requirement = requirement;
        self.attempt = attempt;
        self.planned_steps = planned_steps;
    }

    /// What the run shares.
    pub fn cx(&self) -> Result<&Arc<RunCtx>, Halt> {
        self.cx
            .as_ref()
            .ok_or_else(|| Halt::error("a step ran before its scenario was tied to the run"))
    }

    /// The part that a record of now plays, for this row and attempt.
    pub fn scope(&self) -> Scope {
        self.scoped(self.part())
    }

    /// The scope of this row and attempt, in a given part.
    pub fn scoped(&self, part: Part) -> Scope {
        Scope {
            attempt: self.attempt,
            row: Some(self.row.clone()),
            part,
        }
    }

    /// The row, `area/clause.feature:line`.
    pub fn row(&self) -> &str {
        &self.row
    }

    /// Which attempt this is: 1, or 2 for a confirmation.
    pub const fn attempt(&self) -> u8 {
        self.attempt
    }

    /// What a miss of the step under way means.
    pub fn strength(&self) -> Strength {
        self.strength.unwrap_or(Strength::Finding)
    }

    /// Makes calls for this row; cheap to clone, for several calls at once.
    pub fn caller(&self) -> Result<Caller, Halt> {
        Ok(Caller::new(Arc::clone(self.cx()?), self.scope()))
    }

    /// Declares legs before they run: one without an outcome is NOT_RUN.
    pub fn declare(&self, legs: &[String]) -> Result<(), Halt> {
        let declare = Declare {
            line: self.line,
            legs: legs.to_vec(),
        };
        self.cx()?.recorder().write(self.scope(), Data::Declare(declare));
        Ok(())
    }

    /// Asks an oracle: writes the check, judges it. A missed control halts the scenario.
    #[expect(
        clippy::unused_async,
        reason = "steps await acts and checks alike, so that a heavy oracle can move off this thread"
    )]
    pub async fn check(&mut self, ask: Ask) -> Result<(), Halt> {
        let cx = Arc::clone(self.cx()?);
        let entry =
            oracle::find(ask.oracle).ok_or_else(|| Halt::error(format!("no oracle is named `{}`", ask.oracle)))?;
        let check = Check {
            line: self.line,
            oracle: entry.name.to_owned(),
            version: entry.version,
            strength: self.strength(),
            params: ask.params,
            evidence: ask.records.iter().map(|record| record.seq).collect(),
            declared: ask.declared,
            miss: ask.miss,
        };
        let record = cx.recorder().write(self.scope(), Data::Check(Box::new(check)));
        let window = Window::new(ask.records);
        let legs = cx.judge().with(|judge| judge.window_check(&record, &window));
        if self.strength() == Strength::Control
            && let Some(missed) = legs
                .iter()
                .find(|leg| !matches!(leg.outcome, Outcome::Pass | Outcome::NotApplicable(_)))
        {
            let (id, en) = (&missed.actual.id, &missed.actual.en);
            let text = Phrase::new(
                format!("kontrol tidak terpenuhi: {id}"),
                format!("the control did not hold: {en}"),
            );
            let reason = match missed.outcome {
                Outcome::Inconclusive(reason) => reason,
                _ => Reason::PreconditionUnmet,
            };
            return Err(Halt::inconclusive(reason, text));
        }
        Ok(())
    }

    /// A complaint of the scenario.
    pub fn complaint(&self, label: &str) -> Result<&Complaint, Halt> {
        self.complaints
            .get(label)
            .ok_or_else(|| Halt::error(format!("the scenario has no complaint {label}")))
    }

    /// A complaint of the scenario, to change what is known of it.
    pub fn complaint_mut(&mut self, label: &str) -> Result<&mut Complaint, Halt> {
        self.complaints
            .get_mut(label)
            .ok_or_else(|| Halt::error(format!("the scenario has no complaint {label}")))
    }

    /// Names a complaint in the scenario.
    pub fn insert(&mut self, label: &str, complaint: Complaint) {
        self.complaints.insert(
            label.to_owned(),
            Complaint {
                label: label.to_owned(),
                ..complaint
            },
        );
    }

    /// Takes a complaint out of the scenario, to give it back to the pool.
    pub fn remove(&mut self, label: &str) -> Option<Complaint> {
        self.complaints.remove(label)
    }

    /// The memory that the steps of one topic share within the scenario.
    pub fn memory<T: Default + 'static>(&mut self) -> &mut T {
        let slot = self
            .memory
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Box::<T>::default());
        if !slot.is::<T>() {
            *slot = Box::<T>::default();
        }
        #[expect(clippy::expect_used, reason = "the line above made it a T")]
        slot.downcast_mut::<T>().expect("a T")
    }

    /// A step begins.
    pub(crate) fn begin(&mut self, line: usize, kind: StepKind, strength: Strength) {
        self.line = line;
        self.strength = Some(strength);
        self.halfway |= kind == StepKind::Ketika;
    }

    pub(crate) fn count(&mut self, kind: StepKind) {
        self.ended_steps += 1;
        match kind {
            StepKind::Diketahui => {}
            StepKind::Ketika => self.when_done += 1,
            StepKind::Maka => self.then_done += 1,
        }
    }

    pub(crate) const fn count_left_out(&mut self) {
        self.ended_steps += 1;
    }

    /// How the row ended, for its record.
    pub(crate) fn row_end(&self) -> RowEnd {
        RowEnd {
            requirement: self.requirement.clone(),
            when_done: self.when_done,
            then_done: self.then_done,
            whole: self.ended_steps == self.planned_steps,
        }
    }

    /// Controls before the first act are `control_before`, those after are `control_after`.
    fn part(&self) -> Part {
        match (self.strength(), self.halfway) {
            (Strength::Control, false) => Part::ControlBefore,
            (Strength::Control, true) => Part::ControlAfter,
            (_, false) => Part::Setup,
            (_, true) => Part::Probe,
        }
    }
}
