//! Honest, retouched and killed packs.

use serde_json::json;

use super::*;
use crate::catalogue::{Confirmation, Lane, Level, Phase, RequirementId};
use crate::domain::{Area, Profile};
use crate::evidence::record::{Record, RowEnd};
use crate::evidence::recorder::samples;
use crate::evidence::{CanaryBook, Recorder, Secrets};
use crate::feature::plan::{Disposition, Plan, PlannedRequirement, PlannedRow, Selection};
use crate::judge::SharedJudge;
use crate::pack::run_json::{EvidenceHead, Figures, StandardFacts, TargetFacts};
use crate::verdict::{Strength, Verdict};

/// A lock that names no requirement.
const LOCK: &str = "{}";

fn plan() -> Plan {
    let row = |id: &str| PlannedRow {
        id: id.to_owned(),
        scenario: "s".to_owned(),
        label: "s".to_owned(),
        steps: Vec::new(),
    };
    let requirement = |id, row| PlannedRequirement {
        id,
        level: Level::Wajib,
        profile: Profile::Mandiri,
        phase: Phase::Tulis,
        lane: Lane::Sejajar,
        intrusive: false,
        confirmation: Confirmation::Tunggal,
        disposition: Disposition::Run,
        rows: vec![row],
    };
    Plan {
        revision: "pratinjau".to_owned(),
        implemented: 9,
        whole: 164,
        profile: Profile::Mandiri,
        selection: Selection::default(),
        requirements: vec![
            requirement(
                RequirementId::new(Area::ProsesBisnis, 2),
                row("keamanan/2_sesi.feature:41"),
            ),
            requirement(RequirementId::new(Area::Teknologi, 20), row("teknologi/1.feature:9")),
        ],
        missing_capabilities: Vec::new(),
    }
}

fn run_facts() -> RunFacts {
    RunFacts {
        run: samples::header().run,
        started: samples::header().started,
        ended: None,
        target: TargetFacts {
            name: "Uji".to_owned(),
            version: "1".to_owned(),
            agency: "Dinas".to_owned(),
            base_url: "http://127.0.0.1".to_owned(),
            environment: "staging".to_owned(),
            loopback: true,
            sandbox: false,
            switches: Vec::new(),
            statement_digest: String::new(),
        },
        standard: StandardFacts {
            revision: "pratinjau".to_owned(),
            implemented: 9,
            whole: 164,
            digest: String::new(),
        },
        evidence: EvidenceHead {
            records: 0,
            sha256: String::new(),
        },
        leniencies: Vec::new(),
        bound: BTreeSet::new(),
        figures: Figures::default(),
        scaled_clock: false,
        own_standard: false,
    }
}

fn check(recorder: &Recorder, judge: &SharedJudge, check: Check, row: &str, records: &[std::sync::Arc<Record>]) {
    let scope = crate::evidence::record::Scope {
        row: Some(row.to_owned()),
        ..samples::scope()
    };
    let record = recorder.write(scope.clone(), Data::Check(Box::new(check)));
    judge.with(|judge| judge.window_check(&record, &Window::new(records.iter().cloned())));
    let end = RowEnd {
        requirement: String::new(),
        when_done: 1,
        then_done: 1,
        whole: true,
    };
    recorder.write(scope, Data::RowEnd(end));
}

/// A pack whose verdicts were made while it was written: one row by a window, one by a fold.
fn pack(finish: bool) -> (tempfile::TempDir, RunJson) {
    let dir = tempfile::tempdir().unwrap();
    let judge = SharedJudge::new();
    let secrets = Secrets::new();
    secrets.register("token", "7-rahasia-7");
    let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
    let recorder = Recorder::create(
        dir.path(),
        samples::header(),
        secrets,
        canaries,
        Box::new(judge.clone()),
    )
    .unwrap();
    let receipt = recorder.capture(
        samples::scope(),
        samples::exchange(r#"{"id":"7-rahasia-7","nomor_pelacakan":null}"#),
    );
    let made = |oracle: &str, params, evidence| Check {
        line: 12,
        oracle: oracle.to_owned(),
        version: 1,
        strength: Strength::Finding,
        params,
        evidence,
        declared: Vec::new(),
        miss: None,
    };
    let submissions = json!([{ "key": "satu", "submit": receipt.seq, "reads": [] }]);
    let params = json!({ "fields": ["id", "nomor_pelacakan"], "submissions": submissions });
    let asked = made("tanda_terima", params, vec![receipt.seq]);
    check(&recorder, &judge, asked, "keamanan/2_sesi.feature:41", &[receipt]);
    let asked = made(
        oracle::server_fault::EVERY_EXCHANGE,
        json!({ "attempt": 1 }),
        Vec::new(),
    );
    check(&recorder, &judge, asked, "teknologi/1.feature:9", &[]);
    recorder.flush().unwrap();
    let mut facts = run_facts();
    if finish {
        let head = recorder.finish(samples::footer()).unwrap();
        facts.evidence = EvidenceHead {
            records: head.count,
            sha256: head.sha256,
        };
    }
    let judgement = judge.with(|judge| judge.conclude(&plan()));
    let run = assemble(facts, plan(), &judgement, Catalogue::embedded().unwrap());
    run.write_atomic(dir.path()).unwrap();
    (dir, run)
}

fn again(dir: &tempfile::TempDir) -> Rejudged {
    rejudge(dir.path(), Catalogue::embedded().unwrap(), LOCK).unwrap()
}

#[test]
fn an_honest_pack_has_no_difference() {
    let (dir, run) = pack(true);
    let verdicts: Vec<Verdict> = run.requirements.iter().map(|result| result.outcome.verdict).collect();
    assert!(
        !verdicts.contains(&Verdict::NotRun) && !verdicts.contains(&Verdict::Error),
        "{verdicts:?}: {run:#?}"
    );
    let rejudged = again(&dir);
    assert_eq!(rejudged.differences, []);
    assert_eq!(
        (rejudged.requirements, rejudged.complete, rejudged.other_versions.len()),
        (2, true, 0)
    );
    assert!(rejudged.legs >= 3);
}

#[test]
fn every_retouched_verdict_is_a_difference() {
    let (dir, mut run) = pack(true);
    run.requirements[0].outcome = Judged::plain(Verdict::NotApplicable);
    run.requirements[0].rows[0].legs[0].outcome = Judged::plain(Verdict::Inconclusive);
    run.requirements[1].rows[0].legs[0].actual = Phrase::same("lain");
    run.write_atomic(dir.path()).unwrap();
    let differences = again(&dir).differences;
    let what: Vec<(&str, &str, bool)> = differences
        .iter()
        .map(|difference| {
            (
                difference.requirement.as_str(),
                difference.what.as_str(),
                difference.leg.is_empty(),
            )
        })
        .collect();
    assert_eq!(
        what,
        [
            ("PB-02", "verdict", true),
            ("PB-02", "verdict", false),
            ("TK-20", "actual", false)
        ]
    );
}

#[test]
fn a_difference_names_the_rule_that_changed_since_and_no_other() {
    let (dir, mut run) = pack(true);
    let lock = r#"{"requirements":[{"name":"PB-02","sha256":"a"}],"features":[]}"#;
    std::fs::write(dir.path().join("standard.lock"), lock).unwrap();
    run.requirements[0].outcome = Judged::plain(Verdict::NotApplicable);
    run.requirements[1].rows[0].legs[0].actual = Phrase::same("lain");
    run.write_atomic(dir.path()).unwrap();
    let rules = |lock| -> Vec<Vec<RuleChange>> {
        let rejudged = rejudge(dir.path(), Catalogue::embedded().unwrap(), lock).unwrap();
        rejudged
            .differences
            .into_iter()
            .map(|difference| difference.rules)
            .collect()
    };
    let entry = RuleChange::Entry {
        requirement: "PB-02".to_owned(),
    };
    let newer = r#"{"requirements":[{"name":"PB-02","sha256":"b"}],"features":[]}"#;
    assert_eq!(rules(newer), [vec![entry], vec![]]);
    assert_eq!(rules(lock), [vec![], vec![]]);
}

#[test]
fn a_removed_leg_is_a_difference() {
    let (dir, mut run) = pack(true);
    run.requirements[0].rows[0].legs.pop();
    run.write_atomic(dir.path()).unwrap();
    assert!(
        again(&dir)
            .differences
            .iter()
            .any(|difference| difference.what == "legs")
    );
}

#[test]
fn a_killed_run_is_judged_as_far_as_it_went() {
    let (dir, _) = pack(false);
    let rejudged = again(&dir);
    assert!(!rejudged.complete);
    assert_eq!(rejudged.differences, [], "run.json was written from the same records");
}

#[test]
fn a_pack_that_cannot_be_read_is_an_error() {
    let (dir, _) = pack(true);
    let path = dir.path().join(LOG_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(
        rejudge(dir.path(), Catalogue::embedded().unwrap(), LOCK),
        Err(RejudgeError::Log(_))
    ));
    std::fs::remove_file(dir.path().join("run.json")).unwrap();
    assert!(matches!(
        rejudge(dir.path(), Catalogue::embedded().unwrap(), LOCK),
        Err(RejudgeError::Run(_))
    ));
}
