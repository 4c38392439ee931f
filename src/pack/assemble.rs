//! From a judgement to `run.json`: titles, counts, decision, eligibility. The one place where a run's meaning is put
//! into words; no verdict is changed here.

use std::collections::BTreeSet;

use crate::catalogue::{Catalogue, Level};
use crate::domain::{Actor, Op, Phrase};
use crate::exit::ExitCode;
use crate::feature::plan::{Disposition, Plan, PlannedRequirement, Selection};
use crate::judge::{AccessCounts, JudgedLeg, JudgedRequirement, JudgedRow, Judgement};
use crate::verdict::{Decision, DecisionInput, Outcome, Reason, Strength, Verdict, decide};

use super::run_json::{
    Access, EvidenceHead, FORMAT, Figures, Halted, Judged, LegResult, RequirementResult, RowResult, RunJson,
    Sertifikasi, StandardFacts, Summary, TargetFacts,
};

/// What a run knows of itself, beside plan and judgement.
#[derive(Debug, Clone)]
pub struct RunFacts {
    /// Identifies the run.
    pub run: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC; absent while the run goes on.
    pub ended: Option<String>,
    /// What is judged.
    pub target: TargetFacts,
    /// By which standard.
    pub standard: StandardFacts,
    /// Head of the evidence log; empty while the run goes on.
    pub evidence: EvidenceHead,
    /// Everything declared that makes judging milder.
    pub leniencies: Vec<Phrase>,
    /// What the statement binds for whom.
    pub bound: BTreeSet<(Op, Actor)>,
    /// What the run cost.
    pub figures: Figures,
    /// Whether the clock was scaled.
    pub scaled_clock: bool,
    /// Whether the standard came from a directory of the user's own.
    pub own_standard: bool,
}

/// Puts plan, judgement and facts together.
pub fn assemble(facts: RunFacts, plan: Plan, judgement: &Judgement, catalogue: &Catalogue) -> RunJson {
    let mut requirements: Vec<_> = judgement
        .requirements
        .iter()
        .zip(&plan.requirements)
        .map(|(judged, planned)| requirement(judged, planned, catalogue))
        .collect();
    let capability = |name: &String| name.strip_prefix("PROFIL-").unwrap_or(name).to_owned();
    let missing: Vec<String> = plan.missing_capabilities.iter().map(capability).collect();
    requirements.extend(
        missing
            .iter()
            .map(|name| RequirementResult::missing_capability(name, plan.profile)),
    );
    let complete = judgement.complete && !judgement.stopped;
    let inputs: Vec<_> = requirements.iter().map(input).collect();
    let partial = plan.selection.partial();
    let sound = complete && !partial && judgement.faults.is_empty();
    let whole = |reviews_out| {
        if sound {
            decide(&inputs, reviews_out)
        } else {
            open(&inputs, partial)
        }
    };
    let (decision, decision_automatic) = (whole(false), whole(true));
    let awaiting: Vec<_> = requirements
        .iter()
        .filter(|result| waits(&result.outcome))
        .map(|result| result.id.clone())
        .collect();
    RunJson {
        format: FORMAT.to_owned(),
        laik: env!("CARGO_PKG_VERSION").to_owned(),
        run: facts.run.clone(),
        started: facts.started.clone(),
        ended: facts.ended.clone(),
        complete,
        stopped: judgement.stopped,
        decision,
        decision_automatic,
        decision_causes: causes(decision, &requirements, partial, complete, &judgement.faults),
        awaiting_review: awaiting,
        summary: Summary::of(&requirements),
        sertifikasi: eligibility_of(&facts, &plan),
        profile: plan.profile,
        selection: plan.selection.clone(),
        requirements,
        missing_capabilities: missing,
        target: facts.target,
        standard: facts.standard,
        evidence: facts.evidence,
        leniencies: facts.leniencies,
        faults: judgement.faults.clone(),
        access: access(&facts.bound, &judgement.access),
        figures: facts.figures,
        plan,
    }
}

/// Every pair of operation and actor that is bound or was called.
fn access(bound: &BTreeSet<(Op, Actor)>, called: &AccessCounts) -> Vec<Access> {
    let pairs: BTreeSet<_> = bound.iter().chain(called.keys()).copied().collect();
    pairs
        .into_iter()
        .map(|(op, actor)| {
            let answers = called.get(&(op, actor)).copied().unwrap_or_default();
            Access {
                op,
                actor,
                bound: bound.contains(&(op, actor)),
                accepted: answers.accepted,
                refused: answers.refused,
                other: answers.other,
            }
        })
        .collect()
}

/// The exit code of what was selected (decisions.md A.5). `reviews_later` leaves waiting reviews out.
pub fn exit_code(run: &RunJson, reviews_later: bool) -> ExitCode {
    let codes = run
        .requirements
        .iter()
        .map(|result| match (result.outcome.verdict, result.level) {
            (Verdict::Error, _) => ExitCode::Harness,
            (Verdict::Fail, Level::Wajib) => ExitCode::NotConformant,
            (Verdict::Inconclusive, Level::Wajib) if reviews_later && waits(&result.outcome) => ExitCode::Conformant,
            (Verdict::Inconclusive | Verdict::NotRun, Level::Wajib) => ExitCode::Undecided,
            _ => ExitCode::Conformant,
        });
    let passed = run
        .requirements
        .iter()
        .any(|result| result.outcome.verdict == Verdict::Pass);
    let unfinished = (!run.complete || !passed).then_some(ExitCode::Undecided);
    let faulty = (!run.faults.is_empty()).then_some(ExitCode::Harness);
    ExitCode::most_important(codes.chain(unfinished).chain(faulty))
}

fn requirement(judged: &JudgedRequirement, planned: &PlannedRequirement, catalogue: &Catalogue) -> RequirementResult {
    let title = catalogue
        .find(judged.id)
        .map_or_else(|| Phrase::same(judged.id.to_string()), |entry| entry.title.clone());
    let claim = match &planned.disposition {
        Disposition::NotApplicable(claim) => Some(claim.clone()),
        _ => None,
    };
    let fault = judged
        .rows
        .iter()
        .flat_map(|row| &row.legs)
        .find_map(|leg| match &leg.leg.outcome {
            Outcome::Error(text) => Some(text.clone()),
            _ => None,
        });
    RequirementResult {
        id: judged.id.to_string(),
        title,
        area: Some(judged.id.area()),
        level: planned.level,
        profile: planned.profile,
        outcome: Judged {
            verdict: judged.verdict,
            reason: judged.reason,
            claim,
            fault: if judged.verdict == Verdict::Error { fault } else { None },
        },
        note: judged.note.clone(),
        warnings: judged
            .rows
            .iter()
            .flat_map(|row| &row.legs)
            .filter(|leg| leg.strength == Strength::Warning && leg.leg.outcome == Outcome::Fail)
            .map(|leg| leg.leg.actual.clone())
            .collect(),
        rows: judged
            .rows
            .iter()
            .zip(&planned.rows)
            .map(|(judged, planned)| row(judged, &planned.label, &planned.scenario))
            .collect(),
        time_ms: judged.busy_us / 1_000,
        requests: judged.requests,
    }
}

fn row(judged: &JudgedRow, label: &str, scenario: &str) -> RowResult {
    RowResult {
        id: judged.id.clone(),
        label: label.to_owned(),
        scenario: scenario.to_owned(),
        attempts: judged.attempts,
        outcome: Judged {
            verdict: judged.verdict,
            reason: judged.reason,
            claim: None,
            fault: None,
        },
        legs: judged.legs.iter().map(leg).collect(),
        halted: judged.halted.as_ref().map(|halt| Halted {
            line: halt.line,
            text: halt.text.clone(),
            outcome: Judged::from(&halt.outcome),
            phrase: halt.why.clone(),
        }),
        time_ms: judged.busy_us / 1_000,
    }
}

fn leg(judged: &JudgedLeg) -> LegResult {
    let attempts = if judged.attempts.len() > 1 {
        judged.attempts.iter().map(Judged::from).collect()
    } else {
        Vec::new()
    };
    LegResult {
        attempts,
        ..LegResult::once(judged.leg.clone(), judged.strength)
    }
}

const fn input(result: &RequirementResult) -> DecisionInput {
    DecisionInput {
        level: result.level,
        verdict: result.outcome.verdict,
        reason: result.outcome.reason,
    }
}

fn waits(outcome: &Judged) -> bool {
    outcome.verdict == Verdict::Inconclusive && outcome.reason == Some(Reason::AwaitingReview)
}

/// What an incomplete or faulty run may still say: a mandatory FAIL of a whole selection stands, nothing else does.
fn open(inputs: &[DecisionInput], partial: bool) -> Decision {
    match decide(inputs, false) {
        Decision::TidakLaik if !partial => Decision::TidakLaik,
        _ => Decision::BelumDapatDiputuskan,
    }
}

/// Why the decision is what it is.
fn causes(
    decision: Decision,
    results: &[RequirementResult],
    partial: bool,
    complete: bool,
    faults: &[String],
) -> Vec<Phrase> {
    let mut causes = Vec::new();
    if partial {
        causes.push(Phrase::new(
            "seleksi sebagian: keputusan hanya diberikan untuk seluruh profil",
            "partial selection: a decision is only given for a whole profile",
        ));
    }
    if !complete {
        causes.push(Phrase::new(
            "pengujian tidak sampai selesai",
            "the run did not come to its end",
        ));
    }
    for fault in faults {
        causes.push(crate::phrase!("galat laik: {fault}", "error of laik: {fault}"));
    }
    let mandatory = |wanted: &'static [Verdict]| {
        results
            .iter()
            .filter(move |result| result.level == Level::Wajib && wanted.contains(&result.outcome.verdict))
    };
    match decision {
        Decision::TidakLaik => causes.extend(mandatory(&[Verdict::Fail]).map(cause)),
        Decision::BelumDapatDiputuskan => {
            causes.extend(mandatory(&[Verdict::Error, Verdict::Inconclusive, Verdict::NotRun]).map(cause));
        }
        Decision::Laik => {
            let count = mandatory(&[Verdict::Pass]).count();
            causes.push(crate::phrase!(
                "{count} persyaratan wajib lulus dan tidak satu pun gagal atau tak tentu",
                "{count} mandatory requirements passed and none failed or was inconclusive"
            ));
        }
    }
    causes
}

fn cause(result: &RequirementResult) -> Phrase {
    let verdict = result.outcome.verdict;
    let why = result.outcome.reason.map(Reason::phrase);
    let tail = |text: Option<&str>| text.map(|text| format!(" ({text})")).unwrap_or_default();
    Phrase::new(
        format!(
            "{} {}: {}{}",
            result.id,
            result.title.id,
            verdict.indonesian(),
            tail(why.as_ref().map(|why| why.id.as_str()))
        ),
        format!(
            "{} {}: {}{}",
            result.id,
            result.title.en,
            verdict.english(),
            tail(why.as_ref().map(|why| why.en.as_str()))
        ),
    )
}

/// What stands in the way of a certificate: what `run.json` says, and what can be told from its other members whatever it
/// says. Scaled clocks and foreign standards stand in `sertifikasi` alone.
pub fn obstacles(run: &RunJson) -> Vec<Phrase> {
    let mut found = run.sertifikasi.penghalang.clone();
    let again = eligibility(&run.target, &run.standard, &run.selection, [false, false]);
    for obstacle in again.penghalang {
        if !found.contains(&obstacle) {
            found.push(obstacle);
        }
    }
    if found.is_empty() && !run.sertifikasi.dapat {
        found.push(Phrase::new(
            "run.json menyatakan tidak dapat disertifikasi",
            "run.json says that it cannot be certified",
        ));
    }
    found
}

fn eligibility_of(facts: &RunFacts, plan: &Plan) -> Sertifikasi {
    let more = [facts.scaled_clock, facts.own_standard];
    eligibility(&facts.target, &facts.standard, &plan.selection, more)
}

/// What stands in the way of a certificate, whatever the decision (decisions.md A.7).
fn eligibility(
    target: &TargetFacts,
    standard: &StandardFacts,
    selection: &Selection,
    [scaled_clock, own_standard]: [bool; 2],
) -> Sertifikasi {
    let (implemented, whole) = (standard.implemented, standard.whole);
    let preview = (standard.revision == crate::catalogue::REVISION).then(|| {
        crate::phrase!(
            "revisi standar ini pratinjau: {implemented} dari {whole} persyaratan",
            "this revision of the standard is a preview: {implemented} of {whole} requirements"
        )
    });
    let obstacles = [
        (
            target.base_url.starts_with("http://"),
            "sambungan HTTP tanpa TLS",
            "plain HTTP without TLS",
        ),
        (scaled_clock, "jam berskala", "scaled clock"),
        (selection.partial(), "seleksi sebagian", "partial selection"),
        (
            !selection.intrusive,
            "persyaratan intrusif tidak dijalankan",
            "intrusive requirements were not run",
        ),
        (
            target.environment == "production",
            "lingkungan produksi",
            "production environment",
        ),
        (
            target.sandbox || !target.switches.is_empty(),
            "yang diuji bak pasir laik sendiri",
            "what was tested is laik's own sandbox",
        ),
        (
            own_standard,
            "standar dari direktori sendiri",
            "standard from a directory of one's own",
        ),
        (
            target.loopback,
            "aplikasi pada mesin ini sendiri (loopback)",
            "application on this very machine (loopback)",
        ),
    ];
    let told = obstacles
        .into_iter()
        .filter(|(stands, ..)| *stands)
        .map(|(_, id, en)| Phrase::new(id, en));
    let penghalang: Vec<_> = preview.into_iter().chain(told).collect();
    Sertifikasi {
        dapat: penghalang.is_empty(),
        penghalang,
    }
}

#[cfg(test)]
mod tests;
