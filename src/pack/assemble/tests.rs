//! What a run means, over hand-made judgements of the embedded standard.

use super::*;
use crate::catalogue::RequirementId;
use crate::domain::Profile;
use crate::feature::plan::Selection;
use crate::pack::run_json::Figures;

/// A requirement that did not pass: identifier, verdict, reason.
type Odd<'a> = (&'a str, Verdict, Option<Reason>);

/// Makes a judgement another.
type Change = fn(&mut Plan, &mut Judgement);

/// A judgement in which the first requirement of each list has the given verdict, by identifier; all others pass.
fn judged(odd: &[Odd], change: impl Fn(&mut Plan, &mut Judgement)) -> RunJson {
    let catalogue = Catalogue::embedded().unwrap();
    let planned = |id: RequirementId, level| PlannedRequirement {
        id,
        level,
        profile: Profile::Mandiri,
        phase: crate::catalogue::Phase::Tulis,
        lane: crate::catalogue::Lane::Sejajar,
        intrusive: false,
        confirmation: crate::catalogue::Confirmation::Ulang,
        disposition: Disposition::Run,
        rows: Vec::new(),
    };
    let mut plan = Plan {
        revision: crate::catalogue::REVISION.to_owned(),
        implemented: catalogue.requirements.len(),
        whole: crate::catalogue::WHOLE_STANDARD,
        profile: Profile::Mandiri,
        selection: Selection {
            intrusive: true,
            ..Selection::default()
        },
        requirements: catalogue
            .requirements
            .iter()
            .map(|entry| planned(entry.id, entry.level))
            .collect(),
        missing_capabilities: Vec::new(),
    };
    let result = |id: RequirementId| {
        let found = odd.iter().find(|(name, ..)| *name == id.to_string());
        let (verdict, reason) = found.map_or((Verdict::Pass, None), |(_, verdict, reason)| (*verdict, *reason));
        JudgedRequirement {
            id,
            verdict,
            reason,
            note: None,
            rows: Vec::new(),
            requests: 1,
            busy_us: 1,
        }
    };
    let mut judgement = Judgement {
        requirements: plan.requirements.iter().map(|planned| result(planned.id)).collect(),
        faults: Vec::new(),
        complete: true,
        stopped: false,
        requests: 9,
        access: AccessCounts::new(),
    };
    change(&mut plan, &mut judgement);
    assemble(facts(), plan, &judgement, catalogue)
}

fn facts() -> RunFacts {
    RunFacts {
        run: "bcdfghjklmnpqrst".to_owned(),
        started: "2026-11-25T00:00:00Z".to_owned(),
        ended: Some("2026-11-25T00:00:01Z".to_owned()),
        target: TargetFacts {
            name: "Aplikasi".to_owned(),
            version: "1".to_owned(),
            agency: "Instansi".to_owned(),
            base_url: "https://aduan.test/".to_owned(),
            environment: "staging".to_owned(),
            loopback: false,
            sandbox: false,
            switches: Vec::new(),
            statement_digest: String::new(),
        },
        standard: StandardFacts {
            revision: "2026.1".to_owned(),
            implemented: 164,
            whole: 164,
            digest: String::new(),
        },
        evidence: EvidenceHead {
            records: 1,
            sha256: String::new(),
        },
        leniencies: Vec::new(),
        bound: BTreeSet::new(),
        figures: Figures::default(),
        scaled_clock: false,
        own_standard: false,
    }
}

const fn nothing(_: &mut Plan, _: &mut Judgement) {}

#[test]
fn every_verdict_leads_to_its_decision_and_exit_code() {
    use Decision as D;
    use ExitCode as E;
    use Verdict as V;
    let table: &[(&[Odd], D, E)] = &[
        (&[], D::Laik, E::Conformant),
        (&[("KM-07", V::NotApplicable, None)], D::Laik, E::Conformant),
        (&[("KM-07", V::Fail, None)], D::TidakLaik, E::NotConformant),
        (&[("KM-07", V::Error, None)], D::BelumDapatDiputuskan, E::Harness),
        (&[("KM-07", V::NotRun, None)], D::BelumDapatDiputuskan, E::Undecided),
        (
            &[("KM-07", V::Inconclusive, Some(Reason::Timeout))],
            D::BelumDapatDiputuskan,
            E::Undecided,
        ),
        (
            &[("KM-07", V::Fail, None), ("KM-13", V::Error, None)],
            D::TidakLaik,
            E::NotConformant,
        ),
    ];
    for (odd, decision, code) in table {
        let run = judged(odd, nothing);
        assert_eq!((run.decision, exit_code(&run, false)), (*decision, *code), "{odd:?}");
        assert!(!run.decision_causes.is_empty(), "{odd:?}: a decision says why");
    }
}

#[test]
fn a_partial_selection_has_no_decision_but_an_exit_code() {
    let partial = |plan: &mut Plan, _: &mut Judgement| plan.selection.areas = vec![crate::domain::Area::Data];
    let run = judged(&[], partial);
    assert_eq!(
        (run.decision, exit_code(&run, false)),
        (Decision::BelumDapatDiputuskan, ExitCode::Conformant)
    );
    assert!(!run.sertifikasi.dapat);
    let run = judged(&[("KM-07", Verdict::Fail, None)], partial);
    assert_eq!(
        (run.decision, exit_code(&run, false)),
        (Decision::BelumDapatDiputuskan, ExitCode::NotConformant)
    );
}

#[test]
fn what_was_cut_off_or_faulty_is_never_fit() {
    let changes: [(Change, ExitCode); 3] = [
        (|_, judgement| judgement.complete = false, ExitCode::Undecided),
        (|_, judgement| judgement.stopped = true, ExitCode::Undecided),
        (
            |_, judgement| judgement.faults.push("panic".to_owned()),
            ExitCode::Harness,
        ),
    ];
    for (change, code) in changes {
        let run = judged(&[], change);
        assert_eq!(
            (run.decision, exit_code(&run, false)),
            (Decision::BelumDapatDiputuskan, code)
        );
        let failed = judged(&[("KM-07", Verdict::Fail, None)], change);
        assert_eq!(
            failed.decision,
            Decision::TidakLaik,
            "a confirmed mandatory FAIL stands"
        );
    }
}

#[test]
fn a_waiting_review_is_told_apart() {
    let run = judged(
        &[("KM-07", Verdict::Inconclusive, Some(Reason::AwaitingReview))],
        nothing,
    );
    assert_eq!(
        (run.decision, run.decision_automatic),
        (Decision::BelumDapatDiputuskan, Decision::Laik)
    );
    assert_eq!(
        (exit_code(&run, false), exit_code(&run, true)),
        (ExitCode::Undecided, ExitCode::Conformant)
    );
    assert_eq!(run.awaiting_review, ["KM-07"]);
}

#[test]
fn a_demanded_capability_that_is_not_claimed_fails_the_profile() {
    let run = judged(&[], |plan, _| {
        plan.missing_capabilities.push("PROFIL-hub_masuk".to_owned());
    });
    assert_eq!(
        (run.decision, exit_code(&run, false)),
        (Decision::TidakLaik, ExitCode::NotConformant)
    );
    assert_eq!(
        run.requirements.last().map(|result| result.id.as_str()),
        Some("PROFIL-hub_masuk")
    );
    assert_eq!(run.summary.of_verdict(Verdict::Fail).wajib, 1);
}

#[test]
fn every_obstacle_to_a_certificate_is_told() {
    let catalogue = Catalogue::embedded().unwrap();
    let none = judged(&[], nothing);
    assert!(none.sertifikasi.dapat, "{:?}", none.sertifikasi.penghalang);
    let changes: [fn(&mut RunFacts); 8] = [
        |facts| facts.standard.revision = crate::catalogue::REVISION.to_owned(),
        |facts| facts.target.base_url = "http://aduan.test/".to_owned(),
        |facts| facts.scaled_clock = true,
        |facts| facts.target.environment = "production".to_owned(),
        |facts| facts.target.switches.push("PB-02a".to_owned()),
        |facts| facts.own_standard = true,
        |facts| facts.target.loopback = true,
        |facts| facts.target.sandbox = true,
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = facts();
        change(&mut changed);
        let judgement = Judgement {
            requirements: Vec::new(),
            faults: Vec::new(),
            complete: true,
            stopped: false,
            requests: 0,
            access: AccessCounts::new(),
        };
        let plan = Plan {
            requirements: Vec::new(),
            ..none.plan.clone()
        };
        let run = assemble(changed, plan, &judgement, catalogue);
        assert_eq!(run.sertifikasi.penghalang.len(), 1, "obstacle {number}");
    }
}
