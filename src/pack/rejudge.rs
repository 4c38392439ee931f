//! Judges a stored pack again: the log is read once, in order, through the same fold that judged while the run went
//! on, and the result is held against `run.json`. Needs no statement, no application and no network.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::domain::Phrase;
use crate::evidence::LOG_FILE;
use crate::evidence::record::{Check, Data};
use crate::judge::{Judge, Judgement};
use crate::oracle::{self, Window};
use crate::phrase;

use super::assemble::{RunFacts, assemble};
use super::log::{LogFault, LogReader};
use super::rules::{RuleChange, Rules, rows};
use super::run_json::{Judged, LegResult, RequirementResult, RowResult, RunJson, RunJsonError};

/// A check that names more records than this is not resolved: no check of laik comes near it.
const MOST_EVIDENCE: usize = 20_000;

/// Why a pack cannot be judged again.
#[derive(Debug, thiserror::Error)]
pub enum RejudgeError {
    /// `run.json` cannot be read.
    #[error(transparent)]
    Run(#[from] RunJsonError),
    /// The log cannot be read to its end.
    #[error(transparent)]
    Log(#[from] LogFault),
}

impl RejudgeError {
    /// The error in both languages.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Run(error) => phrase!(
                "run.json tidak dapat dibaca: {error}",
                "run.json cannot be read: {error}"
            ),
            Self::Log(fault) => fault.phrase(),
        }
    }
}

/// What came of judging again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejudged {
    /// Where the pack says something else than its evidence; empty for a good pack.
    pub differences: Vec<Difference>,
    /// Checks by an oracle of another version than the present one; not a difference by itself.
    pub other_versions: Vec<OtherVersion>,
    /// The log has its footer. Where it has not, differences are to be expected.
    pub complete: bool,
    /// Requirements compared.
    pub requirements: usize,
    /// Legs compared.
    pub legs: usize,
    /// Records read.
    pub records: u64,
}

/// One place where the pack and its evidence disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Requirement; empty for what concerns the whole run.
    pub requirement: String,
    /// Scenario row; empty for what concerns the whole requirement.
    pub row: String,
    /// Leg; empty for what concerns the whole row.
    pub leg: String,
    /// What differs: `verdict`, `legs`, `expected`, `actual`, `evidence`, …
    pub what: String,
    /// What `run.json` says, bounded.
    pub stored: String,
    /// What the evidence says, bounded.
    pub judged: String,
    /// Rules of its requirement that have changed since the run; where none has, the pack was changed, or laik judges
    /// the same evidence differently, which is a fault of laik.
    pub rules: Vec<RuleChange>,
}

/// Checks of one oracle whose version has changed since.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OtherVersion {
    /// Name of the oracle.
    pub oracle: String,
    /// Version that judged the run.
    pub then: u32,
    /// Version that judges now; `None` where this laik has no such oracle.
    pub now: Option<u32>,
}

/// Judges the pack in a directory again by a standard and its lock.
pub fn rejudge(dir: &Path, catalogue: &Catalogue, lock: &str) -> Result<Rejudged, RejudgeError> {
    let run = RunJson::read(dir)?;
    let mut reader = LogReader::open(&dir.join(LOG_FILE)).map_err(LogFault::Io)?;
    let mut versions = BTreeSet::new();
    let mut then = Rules::of_lock_file(dir);
    let judgement = judge(&mut reader, &run, &mut versions, &mut then)?;
    let again = assemble(facts(&run), run.plan.clone(), &judgement, catalogue);
    let mut comparison = Comparison::default();
    comparison.runs(&run, &again);
    explain(&mut comparison.differences, &run, &then, &Rules::now(lock, &then));
    Ok(Rejudged {
        differences: comparison.differences,
        other_versions: versions.into_iter().collect(),
        complete: judgement.complete,
        requirements: comparison.requirements,
        legs: comparison.legs,
        records: reader.head().count,
    })
}

/// Names the rules that have changed for each requirement that differs.
fn explain(differences: &mut [Difference], run: &RunJson, then: &Rules, now: &Rules) {
    for difference in differences {
        let id = &difference.requirement;
        if !id.is_empty() {
            difference.rules = then.changes(now, id, rows(run, id));
        }
    }
}

/// Feeds a log to the fold, windows of checks resolved by number.
fn judge(
    reader: &mut LogReader,
    run: &RunJson,
    versions: &mut BTreeSet<OtherVersion>,
    rules: &mut Rules,
) -> Result<Judgement, RejudgeError> {
    let mut judge = Judge::new();
    while let Some(record) = reader.next() {
        let record = record?;
        judge.observe(&record);
        rules.observe(&record);
        if let Data::Check(check) = &record.data {
            let now = oracle::find(&check.oracle).map(|entry| entry.version);
            if now != Some(check.version) {
                versions.insert(OtherVersion {
                    oracle: check.oracle.clone(),
                    then: check.version,
                    now,
                });
            }
            let window = window(reader, check)?;
            judge.window_check(&record, &window);
        }
    }
    Ok(judge.conclude(&run.plan))
}

/// The records that a check names. One that the log does not have is left out: the oracle says that it is missing.
fn window(reader: &mut LogReader, check: &Check) -> Result<Window, LogFault> {
    let wanted: BTreeSet<u64> = check.evidence.iter().copied().take(MOST_EVIDENCE).collect();
    let mut records = Vec::with_capacity(wanted.len());
    for seq in wanted {
        match reader.read(seq) {
            Ok(record) => records.push(std::sync::Arc::new(record)),
            Err(LogFault::Absent { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(Window::new(records))
}

/// What the run knew of itself, back from `run.json`.
fn facts(run: &RunJson) -> RunFacts {
    RunFacts {
        run: run.run.clone(),
        started: run.started.clone(),
        ended: run.ended.clone(),
        target: run.target.clone(),
        standard: run.standard.clone(),
        evidence: run.evidence.clone(),
        leniencies: run.leniencies.clone(),
        bound: run
            .access
            .iter()
            .filter(|one| one.bound)
            .map(|one| (one.op, one.actor))
            .collect(),
        figures: run.figures.clone(),
        // These two touch the eligibility for a certificate alone, which is not compared.
        scaled_clock: false,
        own_standard: false,
    }
}

/// Holds two results against each other.
#[derive(Default)]
struct Comparison {
    differences: Vec<Difference>,
    requirements: usize,
    legs: usize,
    /// Requirement, row and leg under comparison.
    at: [String; 3],
}

impl Comparison {
    fn runs(&mut self, stored: &RunJson, again: &RunJson) {
        self.at = Default::default();
        self.same("decision", &stored.decision, &again.decision);
        self.same(
            "decision_automatic",
            &stored.decision_automatic,
            &again.decision_automatic,
        );
        self.same("complete", &stored.complete, &again.complete);
        self.same("stopped", &stored.stopped, &again.stopped);
        self.same("summary", &stored.summary, &again.summary);
        // Packs of earlier versions have no counts.
        if !stored.access.is_empty() {
            self.same("access", &stored.access, &again.access);
        }
        let ids = |run: &RunJson| {
            run.requirements
                .iter()
                .map(|result| result.id.clone())
                .collect::<Vec<_>>()
        };
        self.same("requirements", &ids(stored), &ids(again));
        for (stored, again) in stored.requirements.iter().zip(&again.requirements) {
            self.requirement(stored, again);
        }
    }

    fn requirement(&mut self, stored: &RequirementResult, again: &RequirementResult) {
        self.requirements += 1;
        self.at = [again.id.clone(), String::new(), String::new()];
        self.outcome(&stored.outcome, &again.outcome);
        self.same("level", &stored.level, &again.level);
        self.same("warnings", &stored.warnings, &again.warnings);
        let ids = |result: &RequirementResult| result.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        self.same("rows", &ids(stored), &ids(again));
        for (stored, again) in stored.rows.iter().zip(&again.rows) {
            self.row(stored, again);
        }
    }

    fn row(&mut self, stored: &RowResult, again: &RowResult) {
        let [_, row, leg] = &mut self.at;
        row.clone_from(&again.id);
        leg.clear();
        self.outcome(&stored.outcome, &again.outcome);
        self.same("attempts", &stored.attempts, &again.attempts);
        self.same("halted", &stored.halted, &again.halted);
        let keys = |row: &RowResult| {
            row.legs
                .iter()
                .map(|leg| (leg.key.clone(), leg.strength))
                .collect::<Vec<_>>()
        };
        self.same("legs", &keys(stored), &keys(again));
        for (stored, again) in stored.legs.iter().zip(&again.legs) {
            self.leg(stored, again);
        }
    }

    fn leg(&mut self, stored: &LegResult, again: &LegResult) {
        self.legs += 1;
        let [_, _, leg] = &mut self.at;
        leg.clone_from(&again.key);
        self.outcome(&stored.outcome, &again.outcome);
        self.same("expected", &stored.expected, &again.expected);
        self.same("actual", &stored.actual, &again.actual);
        self.same("evidence", &stored.evidence, &again.evidence);
        self.same("attempts", &stored.attempts, &again.attempts);
    }

    fn outcome(&mut self, stored: &Judged, again: &Judged) {
        self.same("verdict", stored, again);
    }

    fn same<T: PartialEq + Serialize>(&mut self, what: &str, stored: &T, again: &T) {
        if stored == again {
            return;
        }
        let [requirement, row, leg] = self.at.clone();
        let shown = |value: &T| {
            let text = serde_json::to_string(value).unwrap_or_default();
            text.get(..text.floor_char_boundary(LONGEST_SHOWN))
                .unwrap_or_default()
                .to_owned()
        };
        self.differences.push(Difference {
            requirement,
            row,
            leg,
            what: what.to_owned(),
            stored: shown(stored),
            judged: shown(again),
            rules: Vec::new(),
        });
    }
}

/// How much of a value a difference shows, in bytes.
const LONGEST_SHOWN: usize = 400;

#[cfg(test)]
mod tests;
