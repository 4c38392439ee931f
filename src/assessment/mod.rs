//! One assessment, whole: from a statement and a selection to a pack on disk (ISO/IEC 17000 *determination*).
//! Puts the parts together; judges nothing and prints nothing.

mod files;
mod replan;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::catalogue::{Catalogue, RequirementId, WHOLE_STANDARD};
use crate::domain::Profile;
use crate::evidence::record::{Footer, Header};
use crate::evidence::{CanaryBook, LOG_FORMAT, Recorder, Secrets, sha256_hex};
use crate::feature::ParsedFeature;
use crate::feature::plan::{Claims, Plan, PlanError, Selection, plan};
use crate::hub::Hub;
use crate::judge::SharedJudge;
use crate::pack::assemble::{RunFacts, assemble};
use crate::pack::run_json::{EvidenceHead, Figures, PhaseFigures, RunJson, StandardFacts, TargetFacts};
use crate::run::{EngineOptions, PhaseCost, Progress, RunCtx, RunCtxParts, StopFlag, execute};
use crate::statement::Statement;
use crate::target::Target;

pub use files::{OutDir, OutDirError};
pub use replan::{Replanned, replan};

/// The standard that is judged by, parsed.
pub struct Standard<'a> {
    /// Its requirements.
    pub catalogue: &'a Catalogue,
    /// Its scenarios.
    pub features: &'a [ParsedFeature],
    /// Its lock (`standard.lock`).
    pub lock: String,
    /// Whether it came from a directory of the user's own.
    pub own: bool,
}

/// What is wanted of one assessment.
pub struct Assessment<'a> {
    /// By what.
    pub standard: &'a Standard<'a>,
    /// Of what.
    pub statement: Statement,
    /// For which profile, where not the stated one.
    pub profile: Option<Profile>,
    /// What of it.
    pub selection: Selection,
    /// Where the pack goes.
    pub out: OutDir,
    /// The sandbox's switches, where the sandbox is judged.
    pub sandbox: Option<Vec<String>>,
    /// The hub simulator, started before the application where that must know its address.
    pub hub: Option<HubSeat>,
    /// Receives progress.
    pub progress: Arc<dyn Progress>,
    /// Stops the run.
    pub stop: StopFlag,
    /// Scenarios at once; `None` leaves it to the statement.
    pub concurrency: Option<usize>,
    /// Seed of every random choice that is not a nonce.
    pub seed: u64,
    /// Requirements of which the passive rows alone are wanted, over what the others sent (selftest).
    pub passive_only: Vec<RequirementId>,
}

/// A hub simulator that waits for the recorder of a run.
pub struct HubSeat(pub Hub);

/// Why an assessment could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AssessmentError {
    /// Nothing was selected, or the selection names what does not exist.
    #[error("{0}")]
    Plan(#[from] PlanError),
    /// The target cannot be set up from the statement.
    #[error("{0}")]
    Statement(String),
    /// The application cannot be reached.
    #[error("{address}: {why}")]
    Unreachable {
        /// Where.
        address: String,
        /// What the system said.
        why: String,
    },
    /// The pack cannot be written.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What an assessment gives.
#[derive(Debug)]
pub struct Assessed {
    /// The run, as `run.json` has it.
    pub run: RunJson,
    /// The pack's directory.
    pub dir: PathBuf,
}

impl Assessment<'_> {
    /// The plan of this assessment, without running it.
    pub fn plan(&self) -> Result<Plan, PlanError> {
        let mut plan = plan(
            self.standard.catalogue,
            self.standard.features,
            &claims(&self.statement, self.profile),
            &self.selection,
        )?;
        for requirement in &mut plan.requirements {
            if self.passive_only.contains(&requirement.id) {
                requirement.rows.retain(crate::feature::plan::PlannedRow::is_passive);
            }
        }
        Ok(plan)
    }

    /// Makes the assessment. Blocks until it has ended or was stopped; the pack is complete or says that it is not.
    pub fn run(self) -> Result<Assessed, AssessmentError> {
        let plan = self.plan()?;
        let dir = self.out.path().to_owned();
        let begun = Begun::begin(&self, &plan)?;
        let (facts, judge, cx) = (begun.facts, begun.judge, begun.cx);
        let clock = Instant::now();
        let unfinished = assemble(
            facts.clone(),
            plan.clone(),
            &judge.with(|judge| judge.conclude(&plan)),
            self.standard.catalogue,
        );
        write_run(&unfinished, &dir)?;
        let concurrency = self.concurrency.unwrap_or_else(|| concurrency(&self.statement));
        let options = EngineOptions {
            concurrency,
            progress: Arc::clone(&self.progress),
        };
        let phases = execute(&cx, &plan, self.standard.features, &options);
        let footer = Footer {
            ended: now(),
            stopped: self.stop.is_set(),
        };
        let ended = footer.ended.clone();
        let head = cx.recorder().finish(footer).map_err(|source| AssessmentError::Io {
            path: dir.clone(),
            source,
        })?;
        let judgement = judge.with(|judge| judge.conclude(&plan));
        let facts = RunFacts {
            ended: Some(ended),
            evidence: EvidenceHead {
                records: head.count,
                sha256: head.sha256,
            },
            figures: Figures {
                wall_ms: millis(clock.elapsed()),
                requests: judgement.requests,
                phases: phases.iter().map(figures).collect(),
            },
            ..facts
        };
        let run = assemble(facts, plan, &judgement, self.standard.catalogue);
        write_run(&run, &dir)?;
        Ok(Assessed { run, dir })
    }
}

/// Everything that stands before the first scenario.
struct Begun {
    facts: RunFacts,
    judge: SharedJudge,
    cx: Arc<RunCtx>,
}

impl Begun {
    fn begin(assessment: &Assessment<'_>, plan: &Plan) -> Result<Self, AssessmentError> {
        let dir = assessment.out.path();
        let statement = &assessment.statement;
        let nonce = crate::run::nonce();
        let started = now();
        let lock_digest = sha256_hex(assessment.standard.lock.as_bytes());
        let statement_digest = sha256_hex(statement.text().as_bytes());
        write_inputs(assessment)?;
        let (secrets, canaries, judge) = (Secrets::new(), CanaryBook::new(&nonce), SharedJudge::new());
        let header = Header {
            format: LOG_FORMAT.to_owned(),
            laik: env!("CARGO_PKG_VERSION").to_owned(),
            run: nonce.clone(),
            started: started.clone(),
            standard_digest: lock_digest.clone(),
            statement_digest: statement_digest.clone(),
        };
        let recorder = Recorder::create(dir, header, secrets.clone(), canaries.clone(), Box::new(judge.clone()));
        let path = dir.to_owned();
        let recorder = recorder.map_err(|source| AssessmentError::Io { path, source })?;
        let target = Target::connect(statement, recorder.clone(), &secrets)
            .map_err(|error| AssessmentError::Statement(error.to_string()))?;
        if let Some(seat) = &assessment.hub {
            seat.0.attach(recorder.clone());
            seat.0.follow(statement);
        }
        let facts = RunFacts {
            run: nonce,
            started,
            ended: None,
            target: target_facts(statement, assessment.sandbox.as_deref(), statement_digest),
            standard: standard_facts(plan, lock_digest),
            evidence: EvidenceHead::of_nothing(),
            leniencies: statement.leniencies(),
            bound: statement.bound(),
            figures: Figures::default(),
            scaled_clock: false,
            own_standard: assessment.standard.own,
        };
        let parts = RunCtxParts {
            target,
            recorder,
            judge: judge.clone(),
            claims: claims(statement, assessment.profile),
            statement: statement.clone(),
            canaries,
            secrets,
            hub: assessment.hub.as_ref().map(|seat| seat.0.clone()),
            stop: assessment.stop.clone(),
            intrusive: assessment.selection.intrusive,
            seed: assessment.seed,
        };
        Ok(Self {
            facts,
            judge,
            cx: Arc::new(RunCtx::new(parts)),
        })
    }
}

/// What the run is made by and of, beside the evidence: the standard's lock and the statement as it was read.
fn write_inputs(assessment: &Assessment<'_>) -> Result<(), AssessmentError> {
    for (name, text) in [
        ("standard.lock", assessment.standard.lock.as_str()),
        ("pernyataan.toml", assessment.statement.text()),
    ] {
        let path = assessment.out.path().join(name);
        std::fs::write(&path, text).map_err(|source| AssessmentError::Io { path, source })?;
    }
    Ok(())
}

fn standard_facts(plan: &Plan, digest: String) -> StandardFacts {
    StandardFacts {
        revision: plan.revision.clone(),
        implemented: plan.implemented,
        whole: WHOLE_STANDARD,
        digest,
    }
}

fn target_facts(statement: &Statement, sandbox: Option<&[String]>, statement_digest: String) -> TargetFacts {
    let application = &statement.document().aplikasi;
    TargetFacts {
        name: application.nama.clone(),
        version: application.versi.clone(),
        agency: application.instansi.clone(),
        base_url: application.alamat_dasar.clone(),
        environment: application.lingkungan.id().to_owned(),
        loopback: statement.loopback(),
        sandbox: sandbox.is_some(),
        switches: sandbox.unwrap_or_default().to_vec(),
        statement_digest,
    }
}

/// What the statement claims, as far as a plan depends on it.
pub fn claims(statement: &Statement, profile: Option<Profile>) -> Claims {
    let claimed = &statement.document().klaim;
    Claims {
        profile: profile.unwrap_or(claimed.profil),
        capabilities: claimed.kapabilitas.iter().copied().collect(),
        bound: statement.bound(),
        staging: statement.staging(),
    }
}

/// Scenarios at once: what the statement says, else 4, and more where the application is on this very machine
/// (design.md §3.13).
fn concurrency(statement: &Statement) -> usize {
    let said = statement
        .document()
        .laju
        .sejajar
        .and_then(|number| usize::try_from(number).ok());
    said.unwrap_or(if statement.loopback() { 8 } else { 4 })
}

fn write_run(run: &RunJson, dir: &Path) -> Result<(), AssessmentError> {
    run.write_atomic(dir).map_err(|error| AssessmentError::Io {
        path: dir.to_owned(),
        source: std::io::Error::other(error),
    })
}

fn figures(cost: &PhaseCost) -> PhaseFigures {
    PhaseFigures {
        phase: cost.phase,
        wall_ms: millis(cost.wall),
        requests: cost.requests,
        rows: cost.rows,
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Whether anything listens where the statement says, before a pack is begun. Sends nothing.
pub fn reach(statement: &Statement) -> Result<(), AssessmentError> {
    let base = statement.base_url();
    let unreachable = |why: &dyn std::fmt::Display| AssessmentError::Unreachable {
        address: base.to_string(),
        why: why.to_string(),
    };
    let addresses = base.socket_addrs(|| None).map_err(|error| unreachable(&error))?;
    let mut last = None;
    for address in addresses.iter().take(MOST_ADDRESSES) {
        match std::net::TcpStream::connect_timeout(address, CONNECT_LIMIT) {
            Ok(_) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.map_or_else(|| unreachable(&"no address"), |error| unreachable(&error)))
}

/// How long one address may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;

/// Now, RFC 3339, UTC.
fn now() -> String {
    jiff::Timestamp::now().to_string()
}
