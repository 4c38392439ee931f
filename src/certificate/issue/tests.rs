//! What a certificate says, and everything that stands in the way of one.

use super::*;
use crate::catalogue::Level;
use crate::certificate::sample::{at, key, public};
use crate::pack::run_json::{Judged, RunJson};

/// A run that is fit and has nothing in the way of a certificate.
pub(crate) fn run() -> RunJson {
    let mut run = crate::report::sample::run();
    for result in &mut run.requirements {
        result.level = Level::Wajib;
        result.outcome = Judged::plain(Verdict::Pass);
        result.rows.clear();
    }
    run.ended = Some(at(0).to_string());
    run.decision = Decision::Laik;
    (run.complete, run.stopped) = (true, false);
    run.faults.clear();
    run.standard.revision = "2026.1".into();
    run.standard.digest = Digest::of(b"lock").to_string();
    run.target.statement_digest = Digest::of(b"statement").to_string();
    run.evidence.sha256 = Digest::of(b"head").to_string();
    run
}

fn examined() -> Examined {
    Examined {
        run: run(),
        pack: Digest::of(b"pack"),
        obstacles: Vec::new(),
    }
}

fn report() -> VerifiedReport {
    VerifiedReport {
        attestation: Digest::of(b"attestation"),
        testers: vec![public(3).id()],
    }
}

fn order() -> Order {
    Order {
        number: "LAIK/2026/0001".into(),
        issuer: "Pokja".into(),
        decider: "Pemutus Contoh".into(),
        evaluators: vec!["Penguji Contoh".into()],
        build: None,
        reviews: Vec::new(),
        waivers: vec![Digest::of(b"b"), Digest::of(b"a"), Digest::of(b"b")],
        issued: at(1),
        valid_from: at(1),
        valid_until: at(1 + 24 * 365),
        surveillance: jiff::civil::date(2026, 7, 1),
        trial: false,
    }
}

/// Issues after a change, and expects one refusal with these words.
fn refused(change: impl FnOnce(&mut Examined, &mut Order), expected: &str) {
    let (mut examined, mut order) = (examined(), order());
    change(&mut examined, &mut order);
    let refusals = issue(&examined, &report(), order).unwrap_err();
    assert!(refusals.iter().any(|one| one.en.contains(expected)), "{refusals:#?}");
}

#[test]
fn a_certificate_says_what_pack_and_order_say() {
    let statement = issue(&examined(), &report(), order()).unwrap();
    let certificate = &statement.predicate;
    assert_eq!(statement.single_subject(PREDICATE_TYPE), Some(&Digest::of(b"pack")));
    assert_eq!((certificate.kind, certificate.waivers.len()), (Kind::Full, 2));
    assert_eq!(certificate.scope.passed.len(), examined().run.requirements.len());
    let envelope = sign(&statement, &key(1)).unwrap();
    let presented = Presented::parse(&envelope.to_bytes()).unwrap();
    assert_eq!(&presented.certificate, certificate);
    assert!(presented.envelope.verify(&[public(1)], 1).is_ok());
}

#[test]
fn the_key_of_the_test_report_does_not_sign_the_certificate() {
    let statement = issue(&examined(), &report(), order()).unwrap();
    assert!(sign(&statement, &key(3)).is_err());
    let mut presented = Presented::parse(&sign(&statement, &key(1)).unwrap().to_bytes()).unwrap();
    assert!(countersign(&mut presented, &key(3)).is_err());
    countersign(&mut presented, &key(2)).unwrap();
    assert!(presented.envelope.verify(&[public(1), public(2)], 2).is_ok());
}

#[test]
fn packs_that_are_not_fit_are_refused() {
    refused(|pack, _| pack.run.decision = Decision::TidakLaik, "decision: not fit");
    refused(|pack, _| pack.run.decision = Decision::BelumDapatDiputuskan, "decision");
    refused(|pack, _| pack.run.complete = false, "did not come to its end");
    refused(|pack, _| pack.run.stopped = true, "did not come to its end");
    refused(|pack, _| pack.run.ended = None, "did not come to its end");
    refused(|pack, _| pack.run.faults.push("x".into()), "faults of laik");
    refused(
        |pack, _| {
            pack.run.requirements[0].level = Level::Dianjurkan;
            pack.run.requirements[0].outcome = Judged::error("x");
        },
        "or a fault of laik",
    );
    for verdict in [Verdict::Fail, Verdict::Inconclusive, Verdict::NotRun] {
        refused(
            |pack, _| pack.run.requirements[0].outcome = Judged::plain(verdict),
            "not passed",
        );
    }
    refused(|pack, _| pack.run.standard.digest.clear(), "does not name");
}

#[test]
fn orders_that_say_what_no_certificate_may_are_refused() {
    refused(|_, order| order.decider = " penguji  CONTOH".into(), "four eyes");
    refused(|_, order| order.evaluators.clear(), "who tested");
    refused(|_, order| order.issuer = "a\u{1b}[2J".into(), "not a name");
    refused(|_, order| order.number = "dua kata".into(), "certificate number");
    refused(|_, order| order.valid_until = at(24 * 400), "366 days");
    refused(|_, order| order.valid_until = at(1), "ends before");
    refused(|_, order| order.issued = at(-1), "before the test ended");
    refused(
        |_, order| order.surveillance = jiff::civil::date(2027, 7, 1),
        "surveillance",
    );
    refused(|_, order| order.trial = true, "full certificate");
}

#[test]
fn a_pack_with_obstacles_gives_a_trial_certificate_on_request_alone() {
    let obstacle = Phrase::new("bak pasir", "sandbox");
    refused(|pack, _| pack.obstacles.push(obstacle.clone()), "trial certificate");
    let mut pack = examined();
    pack.obstacles.push(obstacle);
    let order = Order { trial: true, ..order() };
    let certificate = issue(&pack, &report(), order).unwrap().predicate;
    assert_eq!(
        (certificate.kind, certificate.obstacles),
        (Kind::Trial, vec!["sandbox".to_owned()])
    );
}
