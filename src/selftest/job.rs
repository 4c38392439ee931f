//! One job: a sandbox with some switches, judged by some requirements, in this process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, HubSeat, OutDir, Standard};
use crate::catalogue::RequirementId;
use crate::domain::Profile;
use crate::domain::phrase::Lang;
use crate::feature::plan::Selection;
use crate::hub::Hub;
use crate::pack::run_json::{LegResult, RunJson};
use crate::run::{Silent, StopFlag};
use crate::statement::{SecretSource, Statement};
use crate::verdict::{Reason, Strength, Verdict};

/// What the sandbox's statement is called in messages.
pub(crate) const STATEMENT_NAME: &str = "bak-pasir/pernyataan.toml";

/// What one child does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Name in the output.
    pub name: String,
    /// Defects that are on.
    pub defects: Vec<String>,
    /// Variant switches that are on.
    pub variants: Vec<String>,
    /// Requirements that judge; empty = all.
    pub requirements: Vec<RequirementId>,
    /// Requirements of which the passive rows alone judge, over what the others sent.
    pub passive: Vec<RequirementId>,
    /// Seed of random choices.
    pub seed: u64,
}

/// What came of one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobResult {
    /// Name of the job.
    pub name: String,
    /// Each requirement's verdict, and its reason where it is inconclusive.
    pub verdicts: BTreeMap<RequirementId, (Verdict, Option<Reason>)>,
    /// How often each switch acted.
    pub counters: BTreeMap<String, u64>,
    /// What failed or could not be told, in words, for whoever has to find out why.
    pub remarks: Vec<String>,
    /// Milliseconds.
    pub wall_ms: u64,
    /// Requests.
    pub requests: u64,
    /// Why there are no verdicts, where there are none.
    pub fault: Option<String>,
}

/// Runs a job in this process. Never fails: a fault is the job's own result.
pub fn run_job(job: &Job, standard: &Standard<'_>) -> JobResult {
    judged(job, standard).unwrap_or_else(|fault| JobResult {
        name: job.name.clone(),
        verdicts: BTreeMap::new(),
        counters: BTreeMap::new(),
        remarks: Vec::new(),
        wall_ms: 0,
        requests: 0,
        fault: Some(fault),
    })
}

fn judged(job: &Job, standard: &Standard<'_>) -> Result<JobResult, String> {
    let dir = Scratch::make()?;
    let (run, counters) = assess(job, standard, dir.path())?;
    Ok(result(job, &run, counters))
}

/// Starts the sandbox with the job's switches and judges it; the pack stands in the directory.
pub(crate) fn assess(
    job: &Job,
    standard: &Standard<'_>,
    dir: &Path,
) -> Result<(RunJson, BTreeMap<String, u64>), String> {
    let hub = Hub::start().map_err(|error| error.to_string())?;
    let config = crate::sandbox::Config {
        defects: job.defects.clone(),
        variants: job.variants.clone(),
        hub_url: Some(hub.url()),
        ..crate::sandbox::Config::plain()
    };
    let sandbox = crate::sandbox::start(config).map_err(|error| error.to_string())?;
    let statement = Statement::parse(
        STATEMENT_NAME,
        &sandbox.statement_toml(),
        dir,
        &SecretSource::Given(sandbox.secrets()),
    )
    .map_err(|faults| faults.iter().map(|fault| fault.render(Lang::En)).collect::<String>())?;
    let mut ids = job.requirements.clone();
    ids.extend(job.passive.iter().filter(|id| !job.requirements.contains(id)));
    let selection = Selection {
        ids,
        intrusive: true,
        ..Selection::default()
    };
    let assessment = Assessment {
        standard,
        statement,
        selection,
        // What the sandbox claims is its statement's matter; every requirement must bite.
        profile: Some(Profile::Paripurna),
        out: OutDir::prepare(dir, false).map_err(|error| error.to_string())?,
        sandbox: Some(job.defects.iter().chain(&job.variants).cloned().collect()),
        hub: Some(HubSeat(hub)),
        progress: Arc::new(Silent),
        stop: StopFlag::default(),
        concurrency: None,
        seed: job.seed,
        passive_only: job
            .passive
            .iter()
            .copied()
            .filter(|id| !job.requirements.contains(id))
            .collect(),
    };
    let assessed = assessment.run().map_err(|error| error.to_string())?;
    let counters = sandbox.counters();
    sandbox.stop();
    Ok((assessed.run, counters))
}

fn result(job: &Job, run: &RunJson, counters: BTreeMap<String, u64>) -> JobResult {
    JobResult {
        name: job.name.clone(),
        verdicts: run
            .requirements
            .iter()
            .filter_map(|result| Some((result.id.parse().ok()?, (result.outcome.verdict, result.outcome.reason))))
            .collect(),
        counters,
        remarks: remarks(run),
        wall_ms: run.figures.wall_ms,
        requests: run.figures.requests,
        fault: None,
    }
}

/// The legs that were neither PASS nor NOT_APPLICABLE, those of warnings left out, at most twenty.
fn remarks(run: &RunJson) -> Vec<String> {
    let legs = run.requirements.iter().flat_map(|requirement| {
        requirement
            .rows
            .iter()
            .flat_map(move |row| row.legs.iter().map(move |leg| (requirement, row, leg)))
    });
    let told = |leg: &LegResult| {
        leg.strength != Strength::Warning && !matches!(leg.outcome.verdict, Verdict::Pass | Verdict::NotApplicable)
    };
    legs.filter(|(_, _, leg)| told(leg))
        .take(20)
        .map(|(requirement, row, leg)| {
            let actual: String = leg
                .actual
                .en
                .chars()
                .filter(|letter| !letter.is_control())
                .take(200)
                .collect();
            format!(
                "{} [{}] {} {}: {actual}",
                requirement.id, row.label, leg.key, leg.outcome.verdict
            )
        })
        .collect()
}

/// A directory that goes when it is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one below the system's own place for such.
    pub(crate) fn make() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("laik-selftest-{}-{}", std::process::id(), crate::run::nonce()));
        std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's own cleaning.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
