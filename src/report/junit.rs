//! JUnit XML for CI servers: a suite for each area, a case for each scenario row.
//!
//! Mapping: FAIL of a mandatory requirement is a failure; FAIL of a recommended one is told in `system-out`;
//! INCONCLUSIVE, ERROR and NOT_RUN are errors, so that CI is red; NOT_APPLICABLE is skipped.

use std::fmt::Write as _;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::ReportError;
use super::mapping::Told;
use super::model::Model;
use super::requirement::{RequirementView, RowView};
use super::words::VerdictView;
use crate::domain::Phrase;
use crate::verdict::Verdict;

/// Renders a model as JUnit XML, valid against `schemas/junit-10.xsd`.
pub fn junit(model: &Model) -> Result<Vec<u8>, ReportError> {
    let mut report = Report::new("laik");
    report.set_time(Duration::from_millis(model.run.wall_ms));
    for area in &model.areas {
        let mut suite = TestSuite::new(area.id);
        suite.set_time(Duration::from_millis(area.requirements.iter().map(|r| r.time_ms).sum()));
        suite
            .extra
            .insert("timestamp".into(), model.run.started_raw.as_str().into());
        suite.add_property(("laik.run", model.run.id.as_str()));
        suite.add_property(("laik.decision", model.decision.id));
        suite.add_property(("laik.standard", model.standard.revision.as_str()));
        for requirement in &area.requirements {
            let class = format!("laik.{}.{}", area.id, requirement.id);
            suite.add_test_cases(cases(requirement, model).into_iter().map(|mut case| {
                case.set_classname(class.as_str());
                case
            }));
        }
        report.add_test_suite(suite);
    }
    Ok(without_root_skipped(&report.to_string()?).into_bytes())
}

/// The published schema knows `skipped` on each suite, but not on the root, where quick-junit writes it too.
fn without_root_skipped(text: &str) -> String {
    let Some((root, rest)) = text.split_once("<testsuite ") else {
        return text.to_owned();
    };
    let Some((before, after)) = root.split_once(" skipped=\"") else {
        return text.to_owned();
    };
    let after = after.split_once('"').map_or("", |(_, after)| after);
    format!("{before}{after}<testsuite {rest}")
}

/// The cases of one requirement: its rows, and the requirement itself where no row shows its verdict.
fn cases(requirement: &RequirementView, model: &Model) -> Vec<TestCase> {
    let mut cases: Vec<TestCase> = requirement
        .rows
        .iter()
        .map(|row| row_case(requirement, row, model))
        .collect();
    if !requirement
        .rows
        .iter()
        .any(|row| row.verdict.id == requirement.verdict.id)
    {
        let status = status(&requirement.verdict, requirement.told(), &requirement.note);
        let mut case = TestCase::new(format!("{} {}", requirement.id, requirement.title), status);
        if !requirement.note.is_empty() {
            case.set_system_out(requirement.note.as_str());
        }
        cases.push(case);
    }
    cases
}

fn row_case(requirement: &RequirementView, row: &RowView, model: &Model) -> TestCase {
    let detail = detail(row, model);
    let mut case = TestCase::new(
        format!("{} {} [{}]", requirement.id, row.label, row.id),
        status(&row.verdict, requirement.told_of(&row.verdict), first_seen(row)),
    );
    case.set_time(Duration::from_millis(row.time_ms));
    match &mut case.status {
        TestCaseStatus::Success { .. } => {
            if !detail.is_empty() {
                case.set_system_out(detail);
            }
        }
        status => {
            status.set_description(detail);
        }
    }
    case
}

/// The status that the table of [`super::mapping`] gives.
fn status(verdict: &VerdictView, told: &Told, seen: &str) -> TestCaseStatus {
    let mut status = match told.junit {
        None => TestCaseStatus::success(),
        Some("failure") => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Some("skipped") => TestCaseStatus::skipped(),
        Some(_) => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if !matches!(status, TestCaseStatus::Success { .. }) {
        let parts = [verdict.word.as_str(), verdict.why.as_str(), seen];
        let message = parts
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(": ");
        status.set_message(message).set_type(verdict.id);
    }
    status
}

/// What the row's first leg that did not pass saw, or why the row halted.
fn first_seen(row: &RowView) -> &str {
    let leg = row
        .legs
        .iter()
        .find(|leg| leg.verdict.id == row.verdict.id && !leg.actual.is_empty());
    leg.map(|leg| leg.actual.as_str())
        .or(row.halted.as_ref().map(|halted| halted.phrase.as_str()))
        .unwrap_or_default()
}

/// Every leg that did not pass, in words; empty where all passed.
fn detail(row: &RowView, model: &Model) -> String {
    let word = |id, en| Phrase::new(id, en).text(model.lang).to_owned();
    let (expected, actual, evidence) = (
        word("diharapkan", "expected"),
        word("terlihat", "seen"),
        word("bukti", "evidence"),
    );
    let mut text = String::new();
    for leg in row.legs.iter().filter(|leg| leg.verdict.id != Verdict::Pass.id()) {
        let _ = writeln!(text, "{} {}", leg.verdict.word.to_uppercase(), leg.key);
        if !leg.verdict.why.is_empty() {
            let _ = writeln!(text, "  {}", leg.verdict.why);
        }
        let _ = writeln!(text, "  {expected}: {}\n  {actual}: {}", leg.expected, leg.actual);
        if !leg.evidence.is_empty() {
            let numbers: Vec<String> = leg.evidence.iter().map(|evidence| evidence.seq.to_string()).collect();
            let _ = writeln!(text, "  {evidence}: {}", numbers.join(", "));
        }
        if !leg.curl.is_empty() {
            let _ = writeln!(text, "  {}", leg.curl.replace('\n', "\n  "));
        }
    }
    if let Some(halted) = &row.halted {
        let _ = writeln!(
            text,
            "{}: {} — {}",
            word("Terhenti pada", "Halted at"),
            halted.text,
            halted.phrase
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Level;
    use crate::domain::phrase::Lang;
    use crate::pack::run_json::{Judged, RequirementResult};
    use crate::report::sample;
    use crate::verdict::Reason;

    fn text(model: &Model) -> String {
        String::from_utf8(junit(model).unwrap()).unwrap()
    }

    #[test]
    fn the_sample_reads_as_before() {
        insta::assert_snapshot!(text(&sample::model(Lang::Id)));
    }

    #[test]
    fn every_verdict_maps_as_the_table_says() {
        let table = [
            (Judged::plain(Verdict::Pass), Level::Wajib, "success"),
            (Judged::plain(Verdict::Fail), Level::Wajib, "failure"),
            (Judged::plain(Verdict::Fail), Level::Dianjurkan, "success"),
            (Judged::inconclusive(Reason::Timeout), Level::Wajib, "error"),
            (Judged::inconclusive(Reason::AwaitingReview), Level::Dianjurkan, "error"),
            (Judged::plain(Verdict::NotRun), Level::Wajib, "error"),
            (Judged::error("panic"), Level::Wajib, "error"),
            (Judged::not_applicable("arsip"), Level::Wajib, "skipped"),
        ];
        for (outcome, level, expected) in table {
            let mut run = sample::run();
            let mut requirement: RequirementResult = run.requirements[0].clone();
            requirement.level = level;
            requirement.outcome = outcome.clone();
            requirement.rows.truncate(1);
            requirement.rows[0].outcome = outcome.clone();
            run.requirements = vec![requirement];
            let report = Report::deserialize_from_str(&text(&sample::model_of(&run, Lang::En))).unwrap();
            let case = &report.test_suites[0].test_cases[0];
            let actual = match &case.status {
                TestCaseStatus::Success { .. } => "success",
                TestCaseStatus::Skipped { .. } => "skipped",
                TestCaseStatus::NonSuccess {
                    kind: NonSuccessKind::Failure,
                    ..
                } => "failure",
                TestCaseStatus::NonSuccess {
                    kind: NonSuccessKind::Error,
                    ..
                } => "error",
            };
            assert_eq!(actual, expected, "{outcome:?} {level}");
            assert_eq!(report.test_suites[0].test_cases.len(), 1);
        }
    }

    /// A requirement whose verdict no row shows (blocked, demanded and not claimed) still makes CI red.
    #[test]
    fn a_requirement_without_rows_has_a_case() {
        let mut run = sample::run();
        run.requirements = vec![RequirementResult::missing_capability("hub_masuk", run.profile)];
        let report = Report::deserialize_from_str(&text(&sample::model_of(&run, Lang::Id))).unwrap();
        assert_eq!((report.tests, report.failures), (1, 1));
        assert_eq!(
            report.test_suites[0].test_cases[0].classname.as_ref().unwrap().as_str(),
            "laik.profil.PROFIL-hub_masuk"
        );
    }

    #[test]
    fn hostile_text_is_legal_xml_and_stays_text() {
        let text = text(&sample::model(Lang::Id));
        let illegal =
            |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        assert!(
            !text.contains(illegal),
            "an illegal XML character stands in the document"
        );
        assert!(!text.contains(sample::MARKUP) && text.contains("&lt;script&gt;"));
        assert!(text.contains("[U+202E]") && text.contains("[ESC]"));
        assert!(text.len() < 200_000, "a megabyte line was not bounded: {}", text.len());
        Report::deserialize_from_str(&text).expect("quick-junit reads its own document");
    }

    /// Held against the published schema where xmllint is installed (`.ci/run` installs it).
    #[test]
    fn the_document_is_valid_against_the_published_schema() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("junit.xml");
        std::fs::write(&file, text(&sample::model(Lang::En))).unwrap();
        let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/junit-10.xsd");
        let run = std::process::Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema", schema])
            .arg(&file)
            .output();
        let ci = std::env::var_os("CI").is_some();
        let Ok(output) = run else {
            assert!(!ci, "CI must have xmllint (Debian: libxml2-utils)");
            return;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
