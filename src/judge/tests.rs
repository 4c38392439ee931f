//! The fold over hand-made records.

use serde_json::json;

use super::*;
use crate::catalogue::{Confirmation, Lane, Level, Phase, RequirementId};
use crate::domain::{Area, Phrase, Profile};
use crate::evidence::record::{Declare, End, Fault, Footer, Part, RowEnd, Scope, StepEnd};
use crate::feature::plan::{Disposition, Plan, PlannedRequirement, PlannedRow, Selection};
use crate::verdict::{Reason, Strength, Verdict};

const ROW: &str = "data/6_daftar.feature:9";

/// A log being written: every method adds one record of the row's attempt.
struct Log {
    judge: Judge,
    seq: u64,
}

impl Log {
    fn new() -> Self {
        Self {
            judge: Judge::new(),
            seq: 0,
        }
    }

    fn add(&mut self, attempt: u8, row: Option<&str>, data: Data) -> Record {
        self.seq += 1;
        let scope = Scope {
            attempt,
            row: row.map(str::to_owned),
            part: Part::Probe,
        };
        let record = Record {
            seq: self.seq,
            scope,
            data,
        };
        self.judge.observe(&record);
        record
    }

    /// A check whose oracle is unknown to the registry, with the legs put in by hand.
    fn legs(&mut self, attempt: u8, strength: Strength, legs: &[(&str, Outcome)]) {
        let check = Check {
            line: 12,
            oracle: "uji".to_owned(),
            version: 1,
            strength,
            params: json!({}),
            evidence: Vec::new(),
            declared: Vec::new(),
            miss: None,
        };
        let record = self.add(attempt, Some(ROW), Data::Check(Box::new(check.clone())));
        let said = || Phrase::same("x");
        let legs = legs
            .iter()
            .map(|(key, outcome)| Leg::new(*key, outcome.clone(), said(), said(), vec![record.seq]))
            .collect();
        self.judge.store(&record, &check, legs);
    }

    fn step(&mut self, attempt: u8, end: End) {
        let step = StepEnd {
            line: 10,
            kind: "ketika".to_owned(),
            text: "x".to_owned(),
            end,
        };
        self.add(attempt, Some(ROW), Data::Step(step));
    }

    fn end(&mut self, attempt: u8) {
        let end = RowEnd {
            requirement: "DT-19".to_owned(),
            when_done: 1,
            then_done: 1,
            whole: true,
        };
        self.add(attempt, Some(ROW), Data::RowEnd(end));
    }

    fn judged(&mut self) -> JudgedRequirement {
        self.judged_with(Confirmation::Ulang)
    }

    fn judged_with(&mut self, confirmation: Confirmation) -> JudgedRequirement {
        self.add(
            1,
            None,
            Data::Footer(Footer {
                ended: String::new(),
                stopped: false,
            }),
        );
        self.judge.conclude(&plan(confirmation)).requirements.remove(0)
    }
}

fn plan(confirmation: Confirmation) -> Plan {
    let row = PlannedRow {
        id: ROW.to_owned(),
        scenario: "s".to_owned(),
        label: "s".to_owned(),
        steps: Vec::new(),
    };
    Plan {
        revision: "pratinjau".to_owned(),
        implemented: 9,
        whole: 164,
        profile: Profile::Mandiri,
        selection: Selection::default(),
        requirements: vec![PlannedRequirement {
            id: RequirementId::new(Area::Data, 19),
            level: Level::Wajib,
            profile: Profile::Mandiri,
            phase: Phase::Tulis,
            lane: Lane::Sejajar,
            intrusive: false,
            confirmation,
            disposition: Disposition::Run,
            rows: vec![row],
        }],
        missing_capabilities: Vec::new(),
    }
}

#[test]
fn a_planned_row_that_never_ran_is_not_run() {
    let judged = Log::new().judged();
    assert_eq!((judged.verdict, judged.rows[0].attempts), (Verdict::NotRun, 0));
}

#[test]
fn a_row_passes_on_a_finding_alone() {
    let mut log = Log::new();
    log.legs(1, Strength::Finding, &[("a", Outcome::Pass)]);
    log.end(1);
    assert_eq!(log.judged().verdict, Verdict::Pass);

    for strength in [Strength::Control, Strength::Evidence, Strength::Warning] {
        let mut log = Log::new();
        log.legs(1, strength, &[("a", Outcome::Pass)]);
        log.end(1);
        assert_eq!(log.judged().verdict, Verdict::NotRun, "{strength} is no finding");
    }
}

#[test]
fn a_row_without_its_end_or_with_fewer_steps_never_passes() {
    let mut log = Log::new();
    log.legs(1, Strength::Finding, &[("a", Outcome::Pass)]);
    assert_eq!(log.judged().verdict, Verdict::NotRun);

    for (when_done, then_done, whole) in [(0, 1, true), (1, 0, true), (1, 1, false)] {
        let mut log = Log::new();
        log.legs(1, Strength::Finding, &[("a", Outcome::Pass)]);
        let end = RowEnd {
            requirement: "DT-19".to_owned(),
            when_done,
            then_done,
            whole,
        };
        log.add(1, Some(ROW), Data::RowEnd(end));
        assert_eq!(log.judged().verdict, Verdict::NotRun, "{when_done} {then_done} {whole}");
    }
}

#[test]
fn a_row_whose_acts_were_all_left_out_does_not_apply() {
    let mut log = Log::new();
    log.step(1, End::LeftOut("cabut".to_owned()));
    log.add(
        1,
        Some(ROW),
        Data::RowEnd(RowEnd {
            requirement: "DT-19".to_owned(),
            when_done: 0,
            then_done: 1,
            whole: true,
        }),
    );
    assert_eq!(log.judged().verdict, Verdict::NotApplicable);
}

#[test]
fn a_declared_leg_without_an_outcome_keeps_a_requirement_from_passing() {
    let mut log = Log::new();
    log.add(
        1,
        Some(ROW),
        Data::Declare(Declare {
            line: 12,
            legs: vec!["a".to_owned(), "b".to_owned()],
        }),
    );
    log.legs(1, Strength::Finding, &[("a", Outcome::Pass)]);
    log.end(1);
    let judged = log.judged();
    assert_eq!(judged.verdict, Verdict::NotRun);
    assert!(
        judged.rows[0]
            .legs
            .iter()
            .any(|leg| leg.leg.key == "b" && leg.leg.outcome == Outcome::NotRun)
    );
}

#[test]
fn a_missed_control_or_minimum_is_inconclusive_and_a_missed_warning_is_nothing() {
    let table = [
        (
            Strength::Control,
            Verdict::Inconclusive,
            Some(Reason::PreconditionUnmet),
        ),
        (
            Strength::Evidence,
            Verdict::Inconclusive,
            Some(Reason::InsufficientEvidence),
        ),
        (Strength::Warning, Verdict::Pass, None),
        (Strength::Finding, Verdict::Inconclusive, Some(Reason::Unstable)),
    ];
    for (strength, verdict, reason) in table {
        let mut log = Log::new();
        log.legs(1, Strength::Finding, &[("a", Outcome::Pass)]);
        log.legs(1, strength, &[("b", Outcome::Fail)]);
        log.end(1);
        let judged = log.judged();
        assert_eq!((judged.verdict, judged.reason), (verdict, reason), "{strength}");
    }
}

#[test]
fn a_fail_needs_its_second_attempt() {
    let table = [
        (vec![("a", Outcome::Fail)], Verdict::Fail, None),
        (
            vec![("a", Outcome::Pass)],
            Verdict::Inconclusive,
            Some(Reason::Unstable),
        ),
        (
            vec![("b", Outcome::Fail)],
            Verdict::Inconclusive,
            Some(Reason::Unstable),
        ),
        (vec![("a", Outcome::Error("ours".to_owned()))], Verdict::Error, None),
    ];
    for (second, verdict, reason) in table {
        let mut log = Log::new();
        log.legs(1, Strength::Finding, &[("a", Outcome::Fail)]);
        log.end(1);
        log.legs(2, Strength::Finding, &second);
        log.end(2);
        let judged = log.judged();
        assert_eq!((judged.verdict, judged.reason), (verdict, reason), "{second:?}");
        assert_eq!(judged.rows[0].attempts, 2);
    }
}

#[test]
fn a_single_case_is_proof_where_the_entry_says_so() {
    let mut log = Log::new();
    log.legs(1, Strength::Finding, &[("a", Outcome::Fail)]);
    log.end(1);
    assert_eq!(log.judged_with(Confirmation::Tunggal).verdict, Verdict::Fail);
}

#[test]
fn a_halted_second_attempt_confirms_nothing() {
    let mut log = Log::new();
    log.legs(1, Strength::Finding, &[("a", Outcome::Fail)]);
    log.end(1);
    let text = Phrase::same("x");
    log.step(
        2,
        End::Inconclusive {
            reason: Reason::AuthUnavailable,
            text,
        },
    );
    log.end(2);
    let judged = log.judged();
    assert_eq!(judged.verdict, Verdict::Inconclusive);

    let mut log = Log::new();
    log.legs(1, Strength::Finding, &[("a", Outcome::Fail)]);
    log.end(1);
    log.step(2, End::Error("ours".to_owned()));
    log.end(2);
    assert_eq!(log.judged().verdict, Verdict::Error);
}

#[test]
fn halts_and_faults_become_what_they_are() {
    let text = Phrase::same("x");
    let table = [
        (
            End::Inconclusive {
                reason: Reason::Timeout,
                text,
            },
            Verdict::Inconclusive,
        ),
        (End::NotApplicable("dispose".to_owned()), Verdict::NotApplicable),
        (End::Stopped, Verdict::NotRun),
        (End::Error("ours".to_owned()), Verdict::Error),
    ];
    for (end, verdict) in table {
        let mut log = Log::new();
        log.step(1, end.clone());
        log.end(1);
        assert_eq!(log.judged().verdict, verdict, "{end:?}");
    }
    let mut log = Log::new();
    log.legs(1, Strength::Finding, &[("a", Outcome::Pass)]);
    log.add(
        1,
        Some(ROW),
        Data::Fault(Fault {
            text: "panic".to_owned(),
        }),
    );
    log.end(1);
    assert_eq!(log.judged().verdict, Verdict::Error);
}

#[test]
fn a_check_that_was_never_judged_is_not_run() {
    let mut log = Log::new();
    log.legs(1, Strength::Finding, &[("a", Outcome::Pass)]);
    let check = Check {
        line: 13,
        oracle: "uji".to_owned(),
        version: 1,
        strength: Strength::Finding,
        params: json!({}),
        evidence: Vec::new(),
        declared: vec!["b".to_owned()],
        miss: None,
    };
    log.add(1, Some(ROW), Data::Check(Box::new(check)));
    log.end(1);
    assert_eq!(log.judged().verdict, Verdict::NotRun);
}

#[test]
fn an_unknown_oracle_is_our_error() {
    let mut log = Log::new();
    let check = Check {
        line: 13,
        oracle: "tidak-ada".to_owned(),
        version: 1,
        strength: Strength::Finding,
        params: json!({}),
        evidence: Vec::new(),
        declared: vec!["b".to_owned()],
        miss: None,
    };
    let record = log.add(1, Some(ROW), Data::Check(Box::new(check)));
    let legs = log.judge.window_check(&record, &Window::default());
    assert!(matches!(legs[0].outcome, Outcome::Error(_)));
    log.end(1);
    assert_eq!(log.judged().verdict, Verdict::Error);
}

#[test]
fn a_run_without_its_footer_says_so() {
    let judge = Judge::new();
    assert!(!judge.conclude(&plan(Confirmation::Ulang)).complete);
}
