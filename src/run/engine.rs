//! Phases, lanes and confirmation: the only caller of cucumber (decisions.md C.17–C.19).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cucumber::{Cucumber, cli, event, gherkin, parser, runner};
use futures::{FutureExt as _, stream};

use crate::catalogue::{Confirmation, Lane, Phase};
use crate::evidence::record::{Data, Fault, Part, Scope};
use crate::feature::ParsedFeature;
use crate::feature::plan::{Disposition, Plan, PlannedRequirement, PlannedRow};

use super::collector::Collector;
use super::context::RunCtx;
use super::progress::{Event, Progress};
use super::world::World;

/// How to run.
#[derive(Clone)]
pub struct EngineOptions {
    /// Scenarios at once in the parallel lane.
    pub concurrency: usize,
    /// Receives progress.
    pub progress: Arc<dyn Progress>,
}

/// What one phase cost, confirmation included.
#[derive(Debug, Clone, Copy)]
pub struct PhaseCost {
    /// Which phase.
    pub phase: Phase,
    /// How long it took.
    pub wall: Duration,
    /// Requests sent.
    pub requests: u64,
    /// Rows run.
    pub rows: usize,
}

/// A row that shall run.
#[derive(Clone, Copy)]
struct Job<'a> {
    requirement: &'a PlannedRequirement,
    row: &'a PlannedRow,
}

/// Executes the plan. Everything that happened is in the log; what each phase cost is returned.
///
/// Blocks until the run has ended: cucumber's future is not `Send`, so it has a thread and a runtime of its own.
pub fn execute(cx: &Arc<RunCtx>, plan: &Plan, features: &[ParsedFeature], options: &EngineOptions) -> Vec<PhaseCost> {
    let ended = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("skenario".to_owned())
            .spawn_scoped(scope, || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                Ok(runtime.block_on(phases(cx, plan, features, options)))
            })?
            .join()
            .map_err(|_| std::io::Error::other("the scenarios' thread panicked"))?
    });
    options.progress.event(&Event::End);
    ended.unwrap_or_else(|error: std::io::Error| {
        fault(cx, format!("the run could not go on: {error}"));
        Vec::new()
    })
}

async fn phases(cx: &Arc<RunCtx>, plan: &Plan, features: &[ParsedFeature], options: &EngineOptions) -> Vec<PhaseCost> {
    let mut costs = Vec::new();
    let jobs: Vec<_> = plan
        .requirements
        .iter()
        .filter(|planned| planned.disposition == Disposition::Run)
        .flat_map(|requirement| requirement.rows.iter().map(move |row| Job { requirement, row }))
        .collect();
    options.progress.event(&Event::Start { rows: jobs.len() });
    for phase in Phase::ALL.iter().copied() {
        let of_phase: Vec<_> = jobs
            .iter()
            .copied()
            .filter(|job| job.requirement.phase == phase)
            .collect();
        if of_phase.is_empty() {
            continue;
        }
        let (begun, before) = (Instant::now(), cx.judge().with(|judge| judge.requests()));
        attempt(cx, features, options, phase, &of_phase, 1).await;
        let again = if cx.stop().is_set() {
            Vec::new()
        } else {
            confirmations(cx, &jobs, &of_phase)
        };
        if !again.is_empty() {
            cx.canaries().renew(&super::nonce::nonce());
            attempt(cx, features, options, phase, &again, 2).await;
        }
        costs.push(PhaseCost {
            phase,
            wall: begun.elapsed(),
            requests: cx.judge().with(|judge| judge.requests()) - before,
            rows: of_phase.len() + again.len(),
        });
    }
    costs
}

/// The rows that a FAIL needs a second attempt of: the failing ones, and before a failing passive row those that
/// produced what it found (decisions.md A.3).
fn confirmations<'a>(cx: &RunCtx, all: &[Job<'a>], of_phase: &[Job<'a>]) -> Vec<Job<'a>> {
    cx.judge().with(|judge| {
        let failing: Vec<_> = of_phase
            .iter()
            .copied()
            .filter(|job| job.requirement.confirmation == Confirmation::Ulang)
            .filter(|job| {
                judge
                    .row_state(&job.row.id, 1)
                    .is_some_and(crate::judge::RowState::failed)
            })
            .collect();
        let passive = failing.iter().any(|job| job.row.is_passive());
        let producers: BTreeSet<_> = if passive {
            judge.rows_to_repeat().into_iter().collect()
        } else {
            BTreeSet::new()
        };
        let mut again: Vec<_> = all
            .iter()
            .copied()
            .filter(|job| producers.contains(&job.row.id) && !judge.attempted(&job.row.id, 2))
            .filter(|job| !failing.iter().any(|failing| failing.row.id == job.row.id))
            .collect();
        again.extend(failing);
        again
    })
}

async fn attempt(
    cx: &Arc<RunCtx>,
    features: &[ParsedFeature],
    options: &EngineOptions,
    phase: Phase,
    jobs: &[Job<'_>],
    number: u8,
) {
    options.progress.event(&Event::Phase {
        name: phase.phrase(),
        attempt: number,
    });
    // A confirmation may mix lanes and, for a passive finding, phases: producers run before what judges them.
    let alone = |job: &Job<'_>| job.requirement.lane == Lane::Tenang;
    let waits = |job: &Job<'_>| job.row.is_passive();
    let groups: [(Vec<Job<'_>>, usize); 3] = [
        (
            jobs.iter().copied().filter(|job| !alone(job) && !waits(job)).collect(),
            options.concurrency,
        ),
        (
            jobs.iter().copied().filter(|job| alone(job) && !waits(job)).collect(),
            1,
        ),
        (jobs.iter().copied().filter(waits).collect(), 1),
    ];
    for (group, concurrency) in groups {
        if !group.is_empty() && !cx.stop().is_set() {
            cucumber(cx, features, options, &group, number, concurrency.max(1)).await;
        }
    }
}

/// One cucumber run over some rows.
async fn cucumber(
    cx: &Arc<RunCtx>,
    features: &[ParsedFeature],
    options: &EngineOptions,
    jobs: &[Job<'_>],
    number: u8,
    concurrency: usize,
) {
    let wanted: BTreeSet<&str> = jobs.iter().map(|job| job.row.id.as_str()).collect();
    let chosen: Vec<_> = features.iter().filter_map(|feature| only(feature, &wanted)).collect();
    let (before, after) = (Arc::clone(cx), Arc::clone(cx));
    let progress = Arc::clone(&options.progress);
    let runner = runner::Basic::default()
        .max_concurrent_scenarios(concurrency)
        .steps(crate::steps::enter::collection())
        .before(move |feature, rule, scenario, world: &mut World| {
            let background = feature
                .background
                .iter()
                .chain(rule.and_then(|rule| rule.background.as_ref()));
            let steps = scenario.steps.len() + background.map(|background| background.steps.len()).sum::<usize>();
            let requirement = scenario.tags.first().cloned().unwrap_or_default();
            let faults = Arc::clone(&before);
            super::panics::install(move |text| fault(&faults, text));
            world.tie(
                Arc::clone(&before),
                row_id(feature, scenario),
                requirement,
                number,
                steps,
            );
            async {}.boxed_local()
        })
        .after(move |feature, _, scenario, _: &event::ScenarioFinished, world| {
            if let Some(world) = world {
                finish_row(&after, progress.as_ref(), feature, scenario, world, number);
            }
            async {}.boxed_local()
        });
    let ran = Cucumber::<_, _, _, _, _, cli::Empty>::custom(Chosen, runner, Collector::default())
        .with_default_cli()
        .run(chosen)
        .await;
    for text in ran.parse_faults.into_iter().chain(ran.hook_faults) {
        fault(cx, text);
    }
    if ran.finished != jobs.len() {
        fault(cx, format!("cucumber ran {} of {} rows", ran.finished, jobs.len()));
    }
}

fn finish_row(
    cx: &RunCtx,
    progress: &dyn Progress,
    feature: &gherkin::Feature,
    scenario: &gherkin::Scenario,
    world: &World,
    number: u8,
) {
    cx.recorder()
        .write(world.scoped(Part::Cleanup), Data::RowEnd(world.row_end()));
    let id = row_id(feature, scenario);
    let failed = cx
        .judge()
        .with(|judge| judge.row_state(&id, number).is_some_and(crate::judge::RowState::failed));
    progress.event(&Event::Row {
        requirement: scenario.tags.first().cloned().unwrap_or_default(),
        label: scenario.name.clone(),
        attempt: number,
        failed,
    });
}

/// A row's identifier: path below `features/`, and the line of its scenario or of its table row.
fn row_id(feature: &gherkin::Feature, scenario: &gherkin::Scenario) -> String {
    let path = feature.path.clone().unwrap_or_default();
    format!("{}:{}", path.display(), scenario.position.line)
}

/// A feature with nothing but the wanted rows; `None` where it has none.
fn only(parsed: &ParsedFeature, wanted: &BTreeSet<&str>) -> Option<gherkin::Feature> {
    let keep =
        |scenario: &gherkin::Scenario| wanted.contains(format!("{}:{}", parsed.path, scenario.position.line).as_str());
    let mut feature = parsed.feature.clone();
    feature.path = Some(PathBuf::from(&parsed.path));
    feature.scenarios.retain(keep);
    for rule in &mut feature.rules {
        rule.scenarios.retain(keep);
    }
    feature.rules.retain(|rule| !rule.scenarios.is_empty());
    (!feature.scenarios.is_empty() || !feature.rules.is_empty()).then_some(feature)
}

/// Features that are parsed and expanded already.
struct Chosen;

impl cucumber::Parser<Vec<gherkin::Feature>> for Chosen {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, input: Vec<gherkin::Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(input.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

fn fault(cx: &RunCtx, text: String) {
    let scope = Scope {
        attempt: 1,
        row: None,
        part: Part::Cleanup,
    };
    cx.recorder().write(scope, Data::Fault(Fault { text }));
}
