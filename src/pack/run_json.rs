//! `run.json`: the plan and the results of one run, as the pack keeps them and as every report reads them.
//! Types alone: nothing here computes a verdict, and nothing here knows how a run was made.

mod file;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Level, Phase};
use crate::domain::{Actor, Area, Op, Phrase, Profile};
use crate::verdict::{Decision, Leg, Outcome, Reason, Strength, Verdict};

pub use crate::feature::plan::{Disposition, Plan, PlannedRequirement, PlannedRow, PlannedStep, Selection};
pub use file::{FILE_NAME, RunJsonError};

/// Version of the format, `major.minor`. A reader takes every minor of its own major and ignores members
/// that it does not know.
pub const FORMAT: &str = "1.0";

/// One run: what was planned, what came of it, and what it means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "run.json", description = "Plan and results of one run of laik, format 1.0.")]
pub struct RunJson {
    /// Version of the format, `major.minor`.
    pub format: String,
    /// Version of laik that judged.
    pub laik: String,
    /// Identifies the run, and begins each value that it planted; 16 characters.
    pub run: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC; absent while the run goes on, and for ever where it was killed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ended: Option<String>,
    /// Whether the run came to its end; where it did not, what is missing is NOT_RUN.
    pub complete: bool,
    /// Whether someone stopped it (Ctrl-C, SIGTERM).
    pub stopped: bool,
    /// What was judged.
    pub target: TargetFacts,
    /// By which standard.
    pub standard: StandardFacts,
    /// The profile that the statement claims.
    pub profile: Profile,
    /// What of the profile was selected.
    pub selection: Selection,
    /// What was to be run.
    pub plan: Plan,
    /// What came of each requirement, in the order of the plan; pseudo-requirements `PROFIL-…` stand last.
    pub requirements: Vec<RequirementResult>,
    /// Capabilities that the profile demands and the statement does not claim.
    pub missing_capabilities: Vec<String>,
    /// The decision about the whole profile.
    pub decision: Decision,
    /// The decision with requirements that wait for a review left out.
    pub decision_automatic: Decision,
    /// Why the decision is what it is; for *laik*, what it rests on.
    pub decision_causes: Vec<Phrase>,
    /// Requirements that wait for a review.
    pub awaiting_review: Vec<String>,
    /// Counts by verdict and level.
    pub summary: Summary,
    /// Whether a certificate may rest on this run, and what stands in the way.
    pub sertifikasi: Sertifikasi,
    /// Head of the evidence log.
    pub evidence: EvidenceHead,
    /// Everything declared by the statement that makes judging milder (*kelonggaran yang dinyatakan*).
    pub leniencies: Vec<Phrase>,
    /// Faults of laik that belong to no row; with any, nothing is decided in favour of the application.
    #[serde(default)]
    pub faults: Vec<String>,
    /// Who called what with the own credential, and how it was answered; every bound pair stands, those without calls
    /// with zeros. In the order of operations, then of actors.
    #[serde(default)]
    pub access: Vec<Access>,
    /// What the run cost.
    pub figures: Figures,
}

/// What was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetFacts {
    /// Name of the application, as stated.
    pub name: String,
    /// Its version, as stated.
    pub version: String,
    /// The agency that answers for it, as stated.
    pub agency: String,
    /// Base URL that requests went to.
    pub base_url: String,
    /// `staging` or `production`, as stated.
    pub environment: String,
    /// Whether the base URL points at this very machine.
    pub loopback: bool,
    /// Whether it was laik's own sandbox.
    pub sandbox: bool,
    /// Defects and variants of the sandbox that were switched on.
    pub switches: Vec<String>,
    /// SHA-256 of the statement as given, lower-case hex.
    #[serde(default)]
    pub statement_digest: String,
}

/// By which standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StandardFacts {
    /// Name of the revision; `pratinjau` while it is not whole.
    pub revision: String,
    /// How many requirements this revision implements.
    pub implemented: usize,
    /// How many the whole standard has.
    pub whole: usize,
    /// SHA-256 of `standard.lock`, lower-case hex.
    pub digest: String,
}

/// A verdict with what a reader needs to understand it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, where it is INCONCLUSIVE.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    /// The claim or operation that is absent, where it is NOT_APPLICABLE.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub claim: Option<String>,
    /// What went wrong in laik, where it is ERROR. Bounded by who made it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fault: Option<String>,
}

/// What came of one requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequirementResult {
    /// `KM-07`, or `PROFIL-hub_masuk` for a demanded capability that is not claimed.
    pub id: String,
    /// Short title.
    pub title: Phrase,
    /// Its area; absent for a pseudo-requirement.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<Area>,
    /// wajib or dianjurkan.
    pub level: Level,
    /// The lowest profile in which it counts.
    pub profile: Profile,
    /// What came of it.
    pub outcome: Judged,
    /// Why it was not run at all (blocked, or cut off by the end of the run), in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<Phrase>,
    /// What its warning legs found, one sentence each; the legs themselves stand in the rows.
    pub warnings: Vec<Phrase>,
    /// What came of each of its scenario rows.
    pub rows: Vec<RowResult>,
    /// Milliseconds that its rows took, all attempts.
    pub time_ms: u64,
    /// Requests that its rows sent, all attempts.
    pub requests: u64,
}

/// What came of one scenario row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RowResult {
    /// `keamanan/2_sesi.feature:41`.
    pub id: String,
    /// Stable label: the cells of its table row, or the scenario's name.
    pub label: String,
    /// Name of the scenario.
    pub scenario: String,
    /// How often it ran; 0 where it never did.
    pub attempts: u8,
    /// What came of it.
    pub outcome: Judged,
    /// What each leg found; a leg that was declared and never judged is NOT_RUN.
    pub legs: Vec<LegResult>,
    /// Where it stopped before its end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub halted: Option<Halted>,
    /// Milliseconds, all attempts.
    pub time_ms: u64,
}

/// What one leg found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LegResult {
    /// Stable name within its row.
    pub key: String,
    /// What came of it, attempts combined.
    pub outcome: Judged,
    /// What a miss means.
    pub strength: Strength,
    /// What the norm expects.
    pub expected: Phrase,
    /// What was seen.
    pub actual: Phrase,
    /// Sequence numbers of the records that show it, all attempts.
    pub evidence: Vec<u64>,
    /// What each attempt found, where there was more than one.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attempts: Vec<Judged>,
}

/// Where a row stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Halted {
    /// Line of the step in its feature.
    pub line: usize,
    /// The step as written.
    pub text: String,
    /// What the stop means, with its reason.
    pub outcome: Judged,
    /// Why, in words.
    pub phrase: Phrase,
}

/// Counts by verdict, then by level. Every verdict stands, those without requirements with zeros.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Summary(pub BTreeMap<Verdict, ByLevel>);

/// One count for each level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ByLevel {
    /// Mandatory requirements.
    pub wajib: usize,
    /// Recommended requirements.
    pub dianjurkan: usize,
}

/// Whether a certificate may rest on a run (decisions.md A.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sertifikasi {
    /// True where nothing stands in the way; the decision is told apart from it.
    pub dapat: bool,
    /// What stands in the way.
    pub penghalang: Vec<Phrase>,
}

/// Head of the evidence log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceHead {
    /// How many records the log has.
    pub records: u64,
    /// SHA-256 of its last line, lower-case hex; empty where the run never ended.
    pub sha256: String,
}

impl EvidenceHead {
    /// Of a log that has not begun.
    pub const fn of_nothing() -> Self {
        Self {
            records: 0,
            sha256: String::new(),
        }
    }
}

/// How the calls of one actor to one operation were answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Access {
    /// The canonical operation.
    pub op: Op,
    /// Who called, with the own credential.
    pub actor: Actor,
    /// Whether the statement binds the operation for the actor.
    pub bound: bool,
    /// Calls read as accepted.
    pub accepted: u64,
    /// Calls refused, or about something not found.
    pub refused: u64,
    /// Throttled, faults, redirects, no answer, unclear.
    pub other: u64,
}

/// What a run cost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Milliseconds from start to end.
    pub wall_ms: u64,
    /// Requests sent.
    pub requests: u64,
    /// The phases that ran, in their order.
    pub phases: Vec<PhaseFigures>,
}

/// What one phase cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseFigures {
    /// Which phase.
    pub phase: Phase,
    /// Milliseconds.
    pub wall_ms: u64,
    /// Requests sent.
    pub requests: u64,
    /// Rows run, confirmations included.
    pub rows: usize,
}

impl Judged {
    /// A verdict without more to say.
    pub const fn plain(verdict: Verdict) -> Self {
        Self {
            verdict,
            reason: None,
            claim: None,
            fault: None,
        }
    }

    /// INCONCLUSIVE for a reason.
    pub const fn inconclusive(reason: Reason) -> Self {
        Self {
            verdict: Verdict::Inconclusive,
            reason: Some(reason),
            claim: None,
            fault: None,
        }
    }

    /// NOT_APPLICABLE for want of a claim or operation.
    pub fn not_applicable(claim: impl Into<String>) -> Self {
        Self {
            claim: Some(claim.into()),
            ..Self::plain(Verdict::NotApplicable)
        }
    }

    /// ERROR, with the fault in words.
    pub fn error(fault: impl Into<String>) -> Self {
        Self {
            fault: Some(fault.into()),
            ..Self::plain(Verdict::Error)
        }
    }
}

impl From<&Outcome> for Judged {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Inconclusive(reason) => Self::inconclusive(*reason),
            Outcome::NotApplicable(claim) => Self::not_applicable(claim),
            Outcome::Error(fault) => Self::error(fault),
            Outcome::Pass | Outcome::Fail | Outcome::NotRun => Self::plain(outcome.verdict()),
        }
    }
}

impl LegResult {
    /// A leg that was judged once.
    pub fn once(leg: Leg, strength: Strength) -> Self {
        let outcome = Judged::from(&leg.outcome);
        let Leg {
            key,
            expected,
            actual,
            evidence,
            ..
        } = leg;
        Self {
            key,
            outcome,
            strength,
            expected,
            actual,
            evidence,
            attempts: Vec::new(),
        }
    }
}

impl RequirementResult {
    /// The pseudo-requirement for a capability that the profile demands and the statement does not claim.
    pub fn missing_capability(name: &str, profile: Profile) -> Self {
        Self {
            id: format!("PROFIL-{name}"),
            title: Phrase::new(
                format!("Kapabilitas {name} wajib dinyatakan"),
                format!("The capability {name} must be claimed"),
            ),
            area: None,
            level: Level::Wajib,
            profile,
            outcome: Judged::plain(Verdict::Fail),
            note: Some(Phrase::new(
                format!(
                    "Profil {} mewajibkan kapabilitas {name}, tetapi pernyataan tidak mengklaimnya.",
                    profile.indonesian()
                ),
                format!(
                    "The profile {} ({}) demands the capability {name}, but the statement does not claim it.",
                    profile.id(),
                    profile.english()
                ),
            )),
            warnings: Vec::new(),
            rows: Vec::new(),
            time_ms: 0,
            requests: 0,
        }
    }
}

impl Summary {
    /// Counts the results of a run.
    pub fn of(requirements: &[RequirementResult]) -> Self {
        let mut counts: BTreeMap<Verdict, ByLevel> = Verdict::ALL
            .iter()
            .map(|verdict| (*verdict, ByLevel::default()))
            .collect();
        for requirement in requirements {
            let entry = counts.entry(requirement.outcome.verdict).or_default();
            match requirement.level {
                Level::Wajib => entry.wajib += 1,
                Level::Dianjurkan => entry.dianjurkan += 1,
            }
        }
        Self(counts)
    }

    /// The counts of one verdict.
    pub fn of_verdict(&self, verdict: Verdict) -> ByLevel {
        self.0.get(&verdict).copied().unwrap_or_default()
    }
}

impl ByLevel {
    /// Both levels together.
    pub const fn total(self) -> usize {
        self.wajib + self.dianjurkan
    }
}

/// The JSON Schema of `run.json`, as text with a final line break.
pub fn schema() -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(RunJson))?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// `UPDATE=1 cargo test` writes it anew.
    #[test]
    fn the_schema_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/run.schema.json");
        let fresh = schema().unwrap();
        let update = std::env::var_os("UPDATE").is_some();
        if update {
            std::fs::write(path, &fresh).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            stored, fresh,
            "schemas/run.schema.json is stale: run UPDATE=1 cargo test"
        );
    }

    #[test]
    fn what_is_written_fits_the_schema_and_a_wrong_verdict_does_not() {
        let schema: serde_json::Value = serde_json::from_str(&schema().unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut document = serde_json::to_value(sample::run()).unwrap();
        validator.validate(&document).unwrap();
        *document.pointer_mut("/requirements/0/outcome/verdict").unwrap() = "PERFECT".into();
        assert!(!validator.is_valid(&document));
    }

    #[test]
    fn the_summary_counts_every_requirement_once_and_names_every_verdict() {
        let run = sample::run();
        let total: usize = run.summary.0.values().map(|count| count.total()).sum();
        assert_eq!(
            (total, run.summary.0.len()),
            (run.requirements.len(), Verdict::ALL.len())
        );
        assert_eq!(
            run.summary.of_verdict(Verdict::Fail),
            ByLevel {
                wajib: 3,
                dianjurkan: 1
            }
        );
    }
}
