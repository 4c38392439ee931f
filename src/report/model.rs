//! The model that every renderer reads: results joined with the catalogue and with records of the log, in one
//! language. It counts and sorts; verdicts and the decision are taken as `run.json` has them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::matrix::{self, AccessView, GlanceRow};
use super::records::{Choice, RecordView};
use super::requirement::{self, RequirementView};
use super::visible::{LINE, VALUE, bounded, one_line};
use super::words::{self, VerdictView};
use super::{moment, next};
use crate::catalogue::{Catalogue, Level};
use crate::domain::Area;
use crate::domain::phrase::Lang;
use crate::pack::run_json::{Judged, RequirementResult, RunJson, Summary};
use crate::verdict::{Decision, Verdict};

/// What renderers read.
#[derive(Debug, Clone, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the run that the page tells"
)]
pub struct Model {
    /// Language of everything in it.
    #[serde(skip)]
    pub(super) lang: Lang,
    pub(super) language: &'static str,
    pub(super) decision: DecisionView,
    pub(super) decision_automatic: Option<DecisionView>,
    pub(super) awaiting_review: Vec<String>,
    pub(super) complete: bool,
    pub(super) stopped: bool,
    pub(super) partial: bool,
    pub(super) selection: Vec<String>,
    pub(super) intrusive: bool,
    pub(super) target: TargetView,
    pub(super) standard: StandardView,
    pub(super) profile: WordView,
    pub(super) counts: Vec<CountView>,
    pub(super) areas: Vec<AreaView>,
    pub(super) levels: Vec<WordView>,
    pub(super) glance: Vec<GlanceRow>,
    pub(super) access: Option<AccessView>,
    pub(super) blocking: Vec<FindingView>,
    pub(super) notable: Vec<FindingView>,
    pub(super) certifiable: bool,
    pub(super) obstacles: Vec<String>,
    pub(super) leniencies: Vec<String>,
    pub(super) run: RunView,
    /// Faults of laik that belong to no requirement.
    pub(super) faults: Vec<String>,
    /// Why records could not be had, in words; empty where all were.
    pub(super) log_fault: String,
}

/// A word of a closed list: its identifier and how people say it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct WordView {
    pub(super) id: &'static str,
    pub(super) word: String,
}

/// The decision in words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DecisionView {
    pub(super) id: &'static str,
    pub(super) word: String,
    pub(super) sentence: String,
    pub(super) causes: Vec<String>,
    pub(super) next: Vec<String>,
}

/// What was judged.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TargetView {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) agency: String,
    pub(super) base_url: String,
    pub(super) environment: String,
    pub(super) loopback: bool,
    pub(super) sandbox: bool,
    pub(super) switches: Vec<String>,
    pub(super) statement_digest: String,
}

/// By which standard.
#[derive(Debug, Clone, Serialize)]
pub(super) struct StandardView {
    pub(super) revision: String,
    pub(super) implemented: usize,
    pub(super) whole: usize,
    pub(super) digest: String,
}

/// How many requirements have one verdict.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CountView {
    pub(super) verdict: VerdictView,
    pub(super) meaning: String,
    pub(super) mandatory: usize,
    pub(super) recommended: usize,
    pub(super) total: usize,
}

/// One area with its requirements.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AreaView {
    pub(super) id: &'static str,
    pub(super) word: String,
    pub(super) counts: Vec<CountView>,
    pub(super) requirements: Vec<RequirementView>,
}

/// A requirement that the reader should look at, in plain words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FindingView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) level: WordView,
    pub(super) verdict: VerdictView,
    pub(super) norm: String,
    pub(super) seen: Vec<String>,
    pub(super) seen_left: usize,
    pub(super) remedy: String,
}

/// Facts of the run.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RunView {
    pub(super) id: String,
    pub(super) laik: String,
    pub(super) format: String,
    pub(super) started: String,
    pub(super) started_raw: String,
    pub(super) ended: String,
    pub(super) ended_raw: String,
    pub(super) wall: String,
    pub(super) wall_ms: u64,
    pub(super) requests: String,
    pub(super) phases: Vec<PhaseView>,
    pub(super) records: String,
    pub(super) head: String,
}

/// One phase of the run.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PhaseView {
    pub(super) word: String,
    pub(super) wall: String,
    pub(super) requests: String,
    pub(super) rows: usize,
}

/// Gives the English of a step, where its definition is known: kind and text of the step to its gloss.
pub type Gloss<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

/// What a model is made from.
pub(super) struct Sources<'a> {
    pub(super) run: &'a RunJson,
    pub(super) catalogue: &'a Catalogue,
    pub(super) choice: &'a Choice,
    pub(super) records: &'a BTreeMap<u64, RecordView>,
    pub(super) gloss: &'a Gloss<'a>,
    pub(super) lang: Lang,
}

impl Model {
    /// Joins the sources.
    pub(super) fn build(sources: &Sources<'_>) -> Self {
        let Sources { run, lang, .. } = *sources;
        let views: Vec<RequirementView> = run
            .requirements
            .iter()
            .map(|result| requirement::build(result, sources))
            .collect();
        let automatic = run.decision_automatic != run.decision;
        let (blocking, notable) = (findings(run, &views, true), findings(run, &views, false));
        let areas = areas(run, views, lang);
        Self {
            lang,
            language: match lang {
                Lang::Id => "id",
                Lang::En => "en",
            },
            decision: decision(run, run.decision, lang),
            decision_automatic: automatic.then(|| decision(run, run.decision_automatic, lang)),
            awaiting_review: run.awaiting_review.iter().map(|id| line(id)).collect(),
            complete: run.complete,
            stopped: run.stopped,
            partial: run.selection.partial(),
            selection: selection(run, lang),
            intrusive: run.selection.intrusive,
            target: target(run),
            standard: StandardView {
                revision: line(&run.standard.revision),
                implemented: run.standard.implemented,
                whole: run.standard.whole,
                digest: line(&run.standard.digest),
            },
            profile: WordView {
                id: run.profile.id(),
                word: run.profile.phrase().text(lang).to_owned(),
            },
            counts: counts(&run.summary, lang),
            blocking,
            notable,
            levels: matrix::levels(lang),
            glance: matrix::glance(&areas),
            access: matrix::access(run, lang),
            areas,
            certifiable: run.sertifikasi.dapat,
            obstacles: run
                .sertifikasi
                .penghalang
                .iter()
                .map(|phrase| value(phrase.text(lang)))
                .collect(),
            leniencies: run.leniencies.iter().map(|phrase| value(phrase.text(lang))).collect(),
            run: run_view(run, lang),
            faults: run.faults.iter().take(FAULTS).map(|fault| value(fault)).collect(),
            log_fault: String::new(),
        }
    }

    /// Every requirement, by area.
    pub(super) fn requirements(&self) -> impl Iterator<Item = &RequirementView> {
        self.areas.iter().flat_map(|area| &area.requirements)
    }
}

/// Most faults of laik that are told.
const FAULTS: usize = 100;

/// One value on one line, bounded.
pub(super) fn value(text: &str) -> String {
    one_line(&bounded(text, VALUE))
}

/// One short text on one line, bounded.
pub(super) fn line(text: &str) -> String {
    one_line(&bounded(text, LINE))
}

/// How a level is shown.
pub(super) fn level(level: Level, lang: Lang) -> WordView {
    WordView {
        id: level.id(),
        word: level.phrase().text(lang).to_owned(),
    }
}

/// Whether a result stands in the way of *laik*.
fn blocks(result: &RequirementResult) -> bool {
    result.level == Level::Wajib && !matches!(result.outcome.verdict, Verdict::Pass | Verdict::NotApplicable)
}

fn decision(run: &RunJson, decision: Decision, lang: Lang) -> DecisionView {
    let open = run
        .requirements
        .iter()
        .filter(|result| blocks(result))
        .filter(|result| decision != Decision::TidakLaik || result.outcome.verdict == Verdict::Fail)
        .count();
    DecisionView {
        id: decision.id(),
        word: decision.phrase().text(lang).to_owned(),
        sentence: words::headline(decision, open, run.selection.partial(), &run.profile.phrase())
            .text(lang)
            .to_owned(),
        causes: run
            .decision_causes
            .iter()
            .map(|phrase| value(phrase.text(lang)))
            .collect(),
        next: next::steps(run).iter().map(|phrase| value(phrase.text(lang))).collect(),
    }
}

fn selection(run: &RunJson, lang: Lang) -> Vec<String> {
    let selection = &run.selection;
    let ids = selection.ids.iter().map(ToString::to_string);
    let areas = selection.areas.iter().map(|area| area.phrase().text(lang).to_owned());
    ids.chain(areas)
        .chain(selection.level.map(|level| level.phrase().text(lang).to_owned()))
        .collect()
}

fn target(run: &RunJson) -> TargetView {
    let target = &run.target;
    TargetView {
        name: line(&target.name),
        version: line(&target.version),
        agency: line(&target.agency),
        base_url: line(&target.base_url),
        environment: line(&target.environment),
        loopback: target.loopback,
        sandbox: target.sandbox,
        switches: target.switches.iter().take(200).map(|switch| line(switch)).collect(),
        statement_digest: line(&target.statement_digest),
    }
}

fn run_view(run: &RunJson, lang: Lang) -> RunView {
    RunView {
        id: line(&run.run),
        laik: line(&run.laik),
        format: line(&run.format),
        started: line(&moment::instant(&run.started, lang)),
        started_raw: line(&run.started),
        ended: run
            .ended
            .as_deref()
            .map(|ended| line(&moment::instant(ended, lang)))
            .unwrap_or_default(),
        ended_raw: run.ended.as_deref().map(line).unwrap_or_default(),
        wall: moment::duration(run.figures.wall_ms, lang),
        wall_ms: run.figures.wall_ms,
        requests: moment::count(run.figures.requests, lang),
        phases: run
            .figures
            .phases
            .iter()
            .map(|phase| PhaseView {
                word: phase.phase.phrase().text(lang).to_owned(),
                wall: moment::duration(phase.wall_ms, lang),
                requests: moment::count(phase.requests, lang),
                rows: phase.rows,
            })
            .collect(),
        records: moment::count(run.evidence.records, lang),
        head: line(&run.evidence.sha256),
    }
}

fn counts(summary: &Summary, lang: Lang) -> Vec<CountView> {
    Verdict::ALL
        .iter()
        .map(|verdict| {
            let count = summary.of_verdict(*verdict);
            CountView {
                verdict: words::verdict(&Judged::plain(*verdict), lang),
                meaning: words::meaning(*verdict).text(lang).to_owned(),
                mandatory: count.wajib,
                recommended: count.dianjurkan,
                total: count.total(),
            }
        })
        .collect()
}

/// The areas that the run has, in the order of the standard; pseudo-requirements stand last.
fn areas(run: &RunJson, views: Vec<RequirementView>, lang: Lang) -> Vec<AreaView> {
    let mut groups: Vec<(Option<Area>, Vec<RequirementView>, Vec<RequirementResult>)> = Vec::new();
    let order = Area::ALL.iter().copied().map(Some).chain([None]);
    groups.extend(order.map(|area| (area, Vec::new(), Vec::new())));
    for (view, result) in views.into_iter().zip(&run.requirements) {
        if let Some((_, views, results)) = groups.iter_mut().find(|(area, ..)| *area == result.area) {
            views.push(view);
            results.push(result.clone());
        }
    }
    groups
        .into_iter()
        .filter(|(_, views, _)| !views.is_empty())
        .map(|(area, requirements, results)| AreaView {
            id: area.map_or("profil", Area::id),
            word: match (area, lang) {
                (Some(area), lang) => area.phrase().text(lang).to_owned(),
                (None, Lang::Id) => "Profil".to_owned(),
                (None, Lang::En) => "Profile".to_owned(),
            },
            counts: counts(&Summary::of(&results), lang),
            requirements,
        })
        .collect()
}

/// Requirements that stand in the way (or, if `blocking` is false, that deserve a look without standing in
/// the way), most severe first.
fn findings(run: &RunJson, views: &[RequirementView], blocking: bool) -> Vec<FindingView> {
    let notable = |result: &RequirementResult| {
        !blocks(result)
            && (!result.warnings.is_empty()
                || !matches!(result.outcome.verdict, Verdict::Pass | Verdict::NotApplicable))
    };
    let mut chosen: Vec<(u8, &RequirementView)> = run
        .requirements
        .iter()
        .zip(views)
        .filter(|(result, _)| if blocking { blocks(result) } else { notable(result) })
        .map(|(result, view)| (severity(result.outcome.verdict), view))
        .collect();
    chosen.sort_by_key(|(severity, view)| (view.level.id != Level::Wajib.id(), *severity));
    chosen.into_iter().map(|(_, view)| finding(view)).collect()
}

/// 0 is worst.
const fn severity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Error => 1,
        Verdict::Inconclusive => 2,
        Verdict::NotRun => 3,
        Verdict::NotApplicable => 4,
        Verdict::Pass => 5,
    }
}

/// Most sentences about what was seen in one finding.
const SEEN: usize = 3;

fn finding(view: &RequirementView) -> FindingView {
    let mut seen: Vec<String> = Vec::new();
    let mut push = |text: &str| {
        if !text.is_empty() && !seen.iter().any(|other| other == text) {
            seen.push(text.to_owned());
        }
    };
    push(&view.note);
    for row in &view.rows {
        for leg in row
            .legs
            .iter()
            .filter(|leg| leg.verdict.id == view.verdict.id && leg.verdict.tone != "peringatan")
        {
            push(&leg.actual);
        }
        if let Some(halted) = &row.halted {
            push(&halted.phrase);
        }
    }
    view.warnings.iter().for_each(|warning| push(warning));
    let seen_left = seen.len().saturating_sub(SEEN);
    seen.truncate(SEEN);
    FindingView {
        id: view.id.clone(),
        title: view.title.clone(),
        level: view.level.clone(),
        verdict: view.verdict.clone(),
        norm: view.norm.clone(),
        seen,
        seen_left,
        remedy: view.remedy.clone(),
    }
}
