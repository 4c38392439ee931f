//! Windows of attempts with and without an effect.

use serde_json::json;

use super::super::specimen::{answered, broken, canary, mapped, window};
use super::*;
use crate::evidence::record::{BrokenKind, CanaryHit};

fn record(status: &str) -> Exchange {
    mapped(
        200,
        json!({"id": "9", "status": status, "waktu_diperbarui": "2026-01-05T02:00:00Z", "tanggapan": []}),
    )
}

/// Probe 1, before 2, after 3, later 4.
fn attempt() -> Value {
    json!({"attempts": [{
        "key": "pelapor_b", "probes": [1], "reads": [{"before": 2, "after": 3}], "marks": [8], "later": [4], "closed": [7],
    }]})
}

fn outcome(judge: super::super::Judge, probe: Exchange, after: Exchange, later: Exchange) -> Outcome {
    let before = record("terverifikasi");
    judge(&attempt(), &window([probe, before, after, later]))
        .unwrap()
        .remove(0)
        .outcome
}

fn same() -> Exchange {
    let mut record = record("terverifikasi");
    record.mapped["waktu_diperbarui"] = json!("2026-01-05T03:00:00Z");
    record
}

fn marked(hit: CanaryHit) -> Exchange {
    let mut record = same();
    record.facts.canaries.push(hit);
    record
}

#[test]
fn only_the_second_read_tells() {
    let open = |reason| Outcome::Inconclusive(reason);
    let private = || canary(7, "pelapor.nama", true, "body:/pelapor/nama");
    let table = vec![
        (answered(403, vec![]), same(), Outcome::Pass),
        (answered(404, vec![]), same(), Outcome::Pass),
        (answered(422, vec![]), same(), Outcome::Pass),
        (answered(200, vec![]), same(), Outcome::Pass),
        (answered(403, vec![]), record("dicabut"), Outcome::Fail),
        (answered(200, vec![]), record("dicabut"), Outcome::Fail),
        (answered(500, vec![]), record("dicabut"), Outcome::Fail),
        (answered(403, vec![]), answered(404, vec![]), Outcome::Fail),
        (answered(200, vec![private()]), same(), Outcome::Fail),
        (answered(403, vec![private()]), same(), Outcome::Fail),
        (answered(302, vec![]), same(), open(Reason::InsufficientEvidence)),
        (answered(429, vec![]), same(), open(Reason::InsufficientEvidence)),
        (answered(500, vec![]), same(), open(Reason::InsufficientEvidence)),
        (broken(BrokenKind::Closed), same(), open(Reason::InsufficientEvidence)),
        (
            answered(403, vec![]),
            answered(403, vec![]),
            open(Reason::PreconditionUnmet),
        ),
        (
            answered(403, vec![]),
            answered(500, vec![]),
            open(Reason::InsufficientEvidence),
        ),
    ];
    for (row, (probe, after, expected)) in table.into_iter().enumerate() {
        assert_eq!(outcome(denied, probe, after, same()), expected, "row {row}");
    }
}

#[test]
fn what_was_sent_is_found_again_later_too() {
    let sent = || canary(8, "percobaan", false, "body:/tanggapan/0/isi");
    let refused = || answered(403, vec![]);
    assert_eq!(outcome(denied, refused(), marked(sent()), same()), Outcome::Fail);
    assert_eq!(outcome(denied, refused(), same(), marked(sent())), Outcome::Fail);
    let other = canary(9, "percobaan", false, "body:/tanggapan/0/isi");
    assert_eq!(outcome(denied, refused(), same(), marked(other)), Outcome::Pass);
    let echoed = answered(403, vec![canary(8, "percobaan", false, "body:/detail")]);
    assert_eq!(
        outcome(denied, echoed, same(), same()),
        Outcome::Pass,
        "an echo is no effect"
    );
}

#[test]
fn a_redacted_value_that_changed_is_a_change() {
    let with = |digest: &str| {
        let mut record = same();
        record.facts.digests.insert("pelapor/nik".to_owned(), digest.to_owned());
        record
    };
    let judged = denied(
        &attempt(),
        &window([answered(403, vec![]), with("aa"), with("bb"), same()]),
    )
    .unwrap();
    assert_eq!(judged.first().unwrap().outcome, Outcome::Fail);
}

#[test]
fn success_without_effect_is_told_apart() {
    assert_eq!(outcome(told, answered(200, vec![]), same(), same()), Outcome::Fail);
    assert_eq!(outcome(told, answered(403, vec![]), same(), same()), Outcome::Pass);
}

#[test]
fn a_control_needs_acceptance_and_effect() {
    let table = [
        (answered(200, vec![]), record("dicabut"), Outcome::Pass),
        (answered(200, vec![]), same(), Outcome::Fail),
        (answered(403, vec![]), record("dicabut"), Outcome::Fail),
        (answered(403, vec![]), same(), Outcome::Fail),
        (
            answered(500, vec![]),
            same(),
            Outcome::Inconclusive(Reason::InsufficientEvidence),
        ),
    ];
    for (row, (probe, after, expected)) in table.into_iter().enumerate() {
        assert_eq!(outcome(granted, probe, after, same()), expected, "row {row}");
    }
}

#[test]
fn what_is_not_bound_is_left_out() {
    let value = json!({"attempts": [{"key": "peran", "probes": [], "reads": [], "left_out": "peran tidak terikat"}]});
    let leg = denied(&value, &window([])).unwrap().remove(0);
    assert_eq!(leg.outcome, Outcome::NotApplicable("peran tidak terikat".to_owned()));
}
