//! One requirement as reports show it: what the catalogue says of it beside what came of it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::mapping::Told;
use super::model::{Sources, WordView, level, line, value};
use super::records::RecordView;
use super::words::{self, VerdictView};
use super::{mapping, moment, visible};
use crate::catalogue::{Level, Mark, Requirement, RequirementId};
use crate::domain::Phrase;
use crate::domain::phrase::Lang;
use crate::feature::plan::PlannedRow;
use crate::pack::run_json::{LegResult, RequirementResult, RowResult};
use crate::verdict::{Strength, Verdict};

/// One requirement.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RequirementView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) level: WordView,
    pub(super) profile: WordView,
    pub(super) verdict: VerdictView,
    pub(super) note: String,
    pub(super) warnings: Vec<String>,
    /// Empty where the catalogue does not have it (an older pack, or a pseudo-requirement).
    pub(super) norm: String,
    /// The Indonesian norm beside its translation; empty in an Indonesian report.
    pub(super) norm_original: String,
    pub(super) clause: String,
    pub(super) sources: Vec<SourceView>,
    pub(super) references: Vec<String>,
    pub(super) judged: String,
    pub(super) remedy: String,
    pub(super) unverified: Vec<String>,
    pub(super) method: String,
    pub(super) phase: String,
    pub(super) intrusive: bool,
    pub(super) capability: String,
    /// Where its entry stands, `keamanan/2_sesi.toml:12`; empty where the catalogue does not have it.
    pub(super) entry: String,
    pub(super) rows: Vec<RowView>,
    pub(super) legs: usize,
    pub(super) legs_passed: usize,
    pub(super) time: String,
    pub(super) time_ms: u64,
    pub(super) requests: String,
}

impl RequirementView {
    /// How formats tell this requirement.
    pub(super) fn told(&self) -> &'static Told {
        self.told_of(&self.verdict)
    }

    /// How formats tell a verdict within this requirement.
    pub(super) fn told_of(&self, verdict: &VerdictView) -> &'static Told {
        let level = Level::by_id(self.level.id).unwrap_or(Level::Wajib);
        mapping::told(
            Verdict::by_id(verdict.id).unwrap_or(Verdict::Error),
            level,
            verdict.reason,
        )
    }
}

/// Where a norm comes from.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SourceView {
    pub(super) text: String,
    pub(super) mark: &'static str,
    pub(super) sure: String,
    /// Whether nobody has held it against a text.
    pub(super) unverified: bool,
}

/// One scenario row.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RowView {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) scenario: String,
    pub(super) verdict: VerdictView,
    pub(super) attempts: u8,
    pub(super) steps: Vec<StepView>,
    pub(super) legs: Vec<LegView>,
    pub(super) halted: Option<HaltedView>,
    pub(super) records: Vec<RecordView>,
    pub(super) passed: bool,
    pub(super) time_ms: u64,
}

/// One step of a scenario.
#[derive(Debug, Clone, Serialize)]
pub(super) struct StepView {
    pub(super) keyword: String,
    pub(super) text: String,
    pub(super) gloss: String,
    pub(super) halted: bool,
}

/// One leg.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LegView {
    pub(super) key: String,
    pub(super) verdict: VerdictView,
    /// In words where a miss means something else than a finding; else empty.
    pub(super) strength: String,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) attempts: Vec<VerdictView>,
    pub(super) evidence: Vec<EvidenceView>,
    pub(super) evidence_left: usize,
    /// The request that shows it as a shell line; only where the leg did not pass.
    pub(super) curl: String,
    /// Who does what by that line.
    pub(super) curl_act: String,
}

/// One record that a leg rests on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EvidenceView {
    pub(super) seq: u64,
    /// Whether the report shows it.
    pub(super) shown: bool,
}

/// Where a row stopped.
#[derive(Debug, Clone, Serialize)]
pub(super) struct HaltedView {
    pub(super) text: String,
    pub(super) verdict: VerdictView,
    pub(super) phrase: String,
    pub(super) line: usize,
}

/// Most sequence numbers named of one leg.
const EVIDENCE: usize = 12;

/// Joins a result with its entry and its records.
pub(super) fn build(result: &RequirementResult, sources: &Sources<'_>) -> RequirementView {
    let lang = sources.lang;
    let id = result.id.parse::<RequirementId>().ok();
    let entry = id.and_then(|id| sources.catalogue.find(id));
    let text = |of: fn(&Requirement) -> &Phrase| entry.map(|entry| of(entry).text(lang).to_owned()).unwrap_or_default();
    let rows: Vec<RowView> = result.rows.iter().map(|row| row_view(row, sources)).collect();
    let legs = || rows.iter().flat_map(|row| &row.legs);
    RequirementView {
        id: line(&result.id),
        title: line(result.title.text(lang)),
        level: level(result.level, lang),
        profile: WordView {
            id: result.profile.id(),
            word: result.profile.phrase().text(lang).to_owned(),
        },
        verdict: words::verdict(&result.outcome, lang),
        note: result
            .note
            .as_ref()
            .map(|note| value(note.text(lang)))
            .unwrap_or_default(),
        warnings: result
            .warnings
            .iter()
            .map(|warning| value(warning.text(lang)))
            .collect(),
        norm: text(|entry| &entry.norm),
        norm_original: match (lang, entry) {
            (Lang::En, Some(entry)) => entry.norm.id.clone(),
            _ => String::new(),
        },
        clause: text(|entry| &entry.clause),
        sources: entry.map(|entry| source_views(entry, lang)).unwrap_or_default(),
        references: entry.map(|entry| entry.references.clone()).unwrap_or_default(),
        judged: text(|entry| &entry.judged),
        remedy: text(|entry| &entry.remedy),
        unverified: entry
            .iter()
            .flat_map(|e| &e.unverified)
            .map(|phrase| phrase.text(lang).to_owned())
            .collect(),
        method: entry
            .map(|entry| entry.method.phrase().text(lang).to_owned())
            .unwrap_or_default(),
        phase: entry
            .map(|entry| entry.phase.phrase().text(lang).to_owned())
            .unwrap_or_default(),
        intrusive: entry.is_some_and(|entry| entry.intrusive),
        capability: entry.map(capability).unwrap_or_default(),
        entry: entry.map(place).unwrap_or_default(),
        legs: legs().count(),
        legs_passed: legs().filter(|leg| leg.verdict.id == Verdict::Pass.id()).count(),
        rows,
        time: moment::duration(result.time_ms, lang),
        time_ms: result.time_ms,
        requests: moment::count(result.requests, lang),
    }
}

fn place(entry: &Requirement) -> String {
    format!("{}:{}", entry.place.path, entry.place.line)
}

fn capability(entry: &Requirement) -> String {
    let any = |any: &Vec<crate::domain::Capability>| any.iter().map(|c| c.id()).collect::<Vec<_>>().join(" / ");
    entry.capability.0.iter().map(any).collect::<Vec<_>>().join(", ")
}

fn source_views(entry: &Requirement, lang: Lang) -> Vec<SourceView> {
    entry
        .sources
        .iter()
        .map(|source| SourceView {
            text: source.text.text(lang).to_owned(),
            mark: source.mark.id(),
            sure: source.mark.phrase().text(lang).to_owned(),
            unverified: source.mark == Mark::Memory,
        })
        .collect()
}

fn row_view(row: &RowResult, sources: &Sources<'_>) -> RowView {
    let lang = sources.lang;
    let records = record_views(row, sources);
    let planned = sources
        .run
        .plan
        .requirements
        .iter()
        .flat_map(|r| &r.rows)
        .find(|planned| planned.id == row.id);
    RowView {
        id: line(&row.id),
        label: line(&row.label),
        scenario: line(&row.scenario),
        verdict: words::verdict(&row.outcome, lang),
        attempts: row.attempts,
        steps: planned
            .map(|planned| step_views(planned, row, sources))
            .unwrap_or_default(),
        legs: leg_views(&row.legs, &records, lang),
        halted: row.halted.as_ref().map(|halted| HaltedView {
            text: value(&halted.text),
            verdict: words::verdict(&halted.outcome, lang),
            phrase: value(halted.phrase.text(lang)),
            line: halted.line,
        }),
        records,
        passed: matches!(row.outcome.verdict, Verdict::Pass | Verdict::NotApplicable),
        time_ms: row.time_ms,
    }
}

/// The records that a row shows, in the order of the log.
fn record_views(row: &RowResult, sources: &Sources<'_>) -> Vec<RecordView> {
    let passed = |leg: &&LegResult| matches!(leg.outcome.verdict, Verdict::Pass | Verdict::NotApplicable);
    let failing = || row.legs.iter().filter(|leg| !passed(leg));
    let of_findings: BTreeSet<u64> = failing().flat_map(|leg| leg.evidence.iter().copied()).collect();
    let chosen = sources.choice.get(&row.id).into_iter().flatten();
    let views = chosen.filter_map(|seq| sources.records.get(seq)).map(|record| {
        let record = RecordView {
            of_finding: of_findings.contains(&record.seq),
            ..record.clone()
        };
        if failing().next().is_none() {
            record.brief()
        } else {
            record
        }
    });
    views.collect()
}

fn step_views(planned: &PlannedRow, row: &RowResult, sources: &Sources<'_>) -> Vec<StepView> {
    let mut last = String::new();
    let steps = planned.steps.iter().map(|step| {
        let keyword = if step.kind == last {
            "dan".to_owned()
        } else {
            step.kind.clone()
        };
        last.clone_from(&step.kind);
        StepView {
            keyword: line(&keyword),
            text: value(&step.text),
            gloss: match sources.lang {
                Lang::Id => String::new(),
                Lang::En => (sources.gloss)(&step.kind, &step.text)
                    .map(|gloss| value(&gloss))
                    .unwrap_or_default(),
            },
            halted: row.halted.as_ref().is_some_and(|halted| halted.line == step.line),
        }
    });
    steps.collect()
}

/// The legs of a row; a shell line that an earlier leg has already shown is not repeated.
fn leg_views(legs: &[LegResult], records: &[RecordView], lang: Lang) -> Vec<LegView> {
    let mut shown = BTreeSet::new();
    let mut views: Vec<LegView> = legs.iter().map(|leg| leg_view(leg, records, lang)).collect();
    for view in &mut views {
        if !view.curl.is_empty() && !shown.insert(view.curl.clone()) {
            view.curl.clear();
        }
    }
    views
}

fn leg_view(leg: &LegResult, records: &[RecordView], lang: Lang) -> LegView {
    let verdict = words::leg_verdict(leg, lang);
    let shown = |seq: u64| records.iter().find(|record| record.seq == seq);
    let passed = matches!(
        leg.outcome.verdict,
        Verdict::Pass | Verdict::NotApplicable | Verdict::NotRun
    );
    let curl = leg
        .evidence
        .iter()
        .rev()
        .filter_map(|seq| shown(*seq))
        .find(|record| !record.curl.is_empty());
    LegView {
        key: line(&leg.key),
        strength: match leg.strength {
            Strength::Finding => String::new(),
            other => other.phrase().text(lang).to_owned(),
        },
        expected: value(leg.expected.text(lang)),
        actual: value(leg.actual.text(lang)),
        attempts: leg
            .attempts
            .iter()
            .map(|attempt| words::verdict(attempt, lang))
            .collect(),
        evidence: leg
            .evidence
            .iter()
            .take(EVIDENCE)
            .map(|seq| EvidenceView {
                seq: *seq,
                shown: shown(*seq).is_some(),
            })
            .collect(),
        evidence_left: leg.evidence.len().saturating_sub(EVIDENCE),
        curl_act: curl.map(|record| record.act.clone()).unwrap_or_default(),
        curl: match curl {
            Some(record) if !passed => visible::visible(&record.curl).into_owned(),
            _ => String::new(),
        },
        verdict,
    }
}
