//! Every verdict in every format, against the agreed table written out a second time: what a renderer writes is read
//! back from its bytes. Test code alone.

use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use serde_json::Value;

use super::sample;
use crate::catalogue::Level;
use crate::domain::phrase::Lang;
use crate::exit::ExitCode;
use crate::pack::assemble::exit_code;
use crate::pack::run_json::{Judged, RunJson};
use crate::verdict::{Reason, Verdict};

/// A verdict and its level; then, as one text, in-toto, SARIF, EARL, JUnit, CTRF, OSCAL; and the exit code.
type Line = (Judged, Level, &'static str, ExitCode);

fn table() -> Vec<Line> {
    use ExitCode as E;
    use Level::{Dianjurkan, Wajib};
    let pass = "passedTests pass/none passed/automatic - passed satisfied/pass";
    let fail = "failedTests fail/error failed/automatic failure failed not-satisfied/fail";
    let advice = "warnedTests fail/warning failed/automatic - other satisfied/other";
    let open = "failedTests open/none cantTell/automatic error other not-satisfied/other";
    let open_advice = "warnedTests open/none cantTell/automatic error other not-satisfied/other";
    let waits = "failedTests review/none cantTell/manual error pending not-satisfied/other";
    let waits_advice = "warnedTests review/none cantTell/manual error pending not-satisfied/other";
    let absent = "- notApplicable/none inapplicable/automatic skipped skipped -";
    let unrun = "failedTests open/none untested/automatic error pending not-satisfied/other";
    let unrun_advice = "warnedTests open/none untested/automatic error pending not-satisfied/other";
    let broken = "failedTests open/none cantTell/automatic error other -";
    let plain = Judged::plain;
    let review = || Judged::inconclusive(Reason::AwaitingReview);
    let timeout = || Judged::inconclusive(Reason::Timeout);
    vec![
        (plain(Verdict::Pass), Wajib, pass, E::Conformant),
        (plain(Verdict::Pass), Dianjurkan, pass, E::Conformant),
        (plain(Verdict::Fail), Wajib, fail, E::NotConformant),
        (plain(Verdict::Fail), Dianjurkan, advice, E::Conformant),
        (timeout(), Wajib, open, E::Undecided),
        (timeout(), Dianjurkan, open_advice, E::Conformant),
        (review(), Wajib, waits, E::Undecided),
        (review(), Dianjurkan, waits_advice, E::Conformant),
        (Judged::not_applicable("arsip"), Wajib, absent, E::Conformant),
        (Judged::not_applicable("arsip"), Dianjurkan, absent, E::Conformant),
        (plain(Verdict::NotRun), Wajib, unrun, E::Undecided),
        (plain(Verdict::NotRun), Dianjurkan, unrun_advice, E::Conformant),
        (Judged::error("panic"), Wajib, broken, E::Harness),
        (Judged::error("panic"), Dianjurkan, broken, E::Harness),
    ]
}

/// A run with one requirement of this outcome.
fn run(outcome: &Judged, level: Level) -> RunJson {
    let mut run = sample::run();
    let mut requirement = run.requirements[0].clone();
    requirement.level = level;
    requirement.outcome = outcome.clone();
    requirement.rows.truncate(1);
    requirement.rows[0].outcome = outcome.clone();
    run.requirements = vec![requirement];
    run
}

fn json(bytes: Result<Vec<u8>, super::ReportError>) -> Value {
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

fn sarif(model: &super::Model) -> String {
    let document = json(super::sarif(model));
    let run = &document["runs"][0];
    let result = &run["results"][0];
    let noted = run["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(noted == 1, result["properties"]["putusan"] == "ERROR");
    format!("{}/{}", text(&result["kind"]), text(&result["level"]))
}

fn earl(model: &super::Model) -> String {
    let document = json(super::earl(model));
    let nodes = document["@graph"].as_array().unwrap();
    let assertion = nodes.iter().find(|node| node["@type"] == "earl:Assertion").unwrap();
    let word = |value: &Value| text(&value["@id"]).strip_prefix("earl:").unwrap().to_owned();
    format!(
        "{}/{}",
        word(&assertion["earl:result"]["earl:outcome"]),
        word(&assertion["earl:mode"])
    )
}

fn junit(model: &super::Model) -> String {
    let document = String::from_utf8(super::junit(model).unwrap()).unwrap();
    let report = Report::deserialize_from_str(&document).unwrap();
    match &report.test_suites[0].test_cases[0].status {
        TestCaseStatus::Success { .. } => "-",
        TestCaseStatus::Skipped { .. } => "skipped",
        TestCaseStatus::NonSuccess {
            kind: NonSuccessKind::Failure,
            ..
        } => "failure",
        TestCaseStatus::NonSuccess {
            kind: NonSuccessKind::Error,
            ..
        } => "error",
    }
    .to_owned()
}

fn ctrf(model: &super::Model) -> String {
    let document = json(super::ctrf(model));
    let status = text(&document["results"]["tests"][0]["status"]);
    assert_eq!(document["results"]["summary"][status], 1);
    status.to_owned()
}

fn oscal(model: &super::Model, outcome: &Judged) -> String {
    let document = json(super::oscal(model));
    let result = &document["assessment-results"]["results"][0];
    let controls = &result["reviewed-controls"]["control-selections"][0]["include-controls"];
    assert_eq!(controls.is_null(), outcome.verdict == Verdict::NotApplicable);
    let status = &result["findings"][0]["target"]["status"];
    let remarked = status.get("remarks").is_some();
    assert_eq!(remarked, status["reason"] == "other");
    if status.is_null() {
        return "-".to_owned();
    }
    format!("{}/{}", text(&status["state"]), text(&status["reason"]))
}

#[test]
fn every_verdict_reads_in_every_format_as_agreed() {
    for (outcome, level, expected, exit) in table() {
        let mut run = run(&outcome, level);
        let model = sample::model_of(&run, Lang::Id);
        let told = super::told(outcome.verdict, level, outcome.reason);
        let actual = [
            told.in_toto.unwrap_or("-").to_owned(),
            sarif(&model),
            earl(&model),
            junit(&model),
            ctrf(&model),
            oscal(&model, &outcome),
        ];
        assert_eq!(actual.join(" "), expected, "{outcome:?} {level}");
        // Beside one that passed, since a run without any is undecided whatever else it has.
        let mut passed = run.requirements[0].clone();
        passed.outcome = Judged::plain(Verdict::Pass);
        run.requirements.push(passed);
        (run.complete, run.faults) = (true, Vec::new());
        assert_eq!(exit_code(&run, false), exit, "{outcome:?} {level}");
        assert_eq!(told.exit, exit.number(), "{outcome:?} {level}");
    }
}
