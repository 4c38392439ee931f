//! Walks over hand-made records.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::domain::{Actor, Op};
use crate::evidence::record::{BrokenKind, Record};
use crate::oracle::samples::{Sample, exchange};

fn page(seq: u64, ids: &[&str]) -> Sample {
    let butir: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "judul": format!("judul {id}"), "status": "diproses"}))
        .collect();
    exchange(
        seq,
        Op::List,
        Actor::Admin,
        json!({"butir": butir, "halaman": {"berikut": null}}),
    )
}

fn ours() -> Value {
    json!([{"key": "1", "marker": "judul m1"}, {"key": "2", "marker": "judul m2"}])
}

/// Reference 1, walks 2 and 3, reference 4, each on one page.
fn order(pages: [&[&str]; 4], end: &str) -> Vec<Outcome> {
    let records: Vec<Arc<Record>> = (1..).zip(pages).map(|(seq, ids)| page(seq, ids).record()).collect();
    let walk = |key: &str, seq: u64, end: &str| json!({"key": key, "pages": [seq], "end": end});
    let value = json!({"ours": ours(),
        "walks": [walk("penelusuran_1", 2, end), walk("penelusuran_2", 3, "selesai")],
        "references": [walk("", 1, "selesai"), walk("", 4, "selesai")]});
    let legs = same_order(&value, &Window::new(records)).unwrap();
    assert_eq!(legs[0].key, "penelusuran_1/tanpa_pengulangan");
    legs.into_iter().map(|leg| leg.outcome).collect()
}

#[test]
fn two_quiet_walks_give_one_order_without_repeats() {
    use Outcome::{Fail, Inconclusive, Pass};
    let all: &[&str] = &["m2", "m1", "x", "y"];
    assert_eq!(order([all, all, all, all], "selesai"), [Pass, Pass, Pass]);
    let swapped: &[&str] = &["m1", "m2", "x", "y"];
    assert_eq!(order([all, all, swapped, all], "selesai"), [Pass, Pass, Fail]);
    let repeated: &[&str] = &["m2", "m2", "x", "y"];
    assert_eq!(order([all, repeated, all, all], "selesai"), [Fail, Pass, Fail]);
    let skipped: &[&str] = &["m2", "m1", "x"];
    assert_eq!(
        order([all, all, skipped, all], "selesai"),
        [Pass, Pass, Fail],
        "a skip of a foreign entry is no writing"
    );
    assert_eq!(order([all, all, all, all], "berulang"), [Fail, Pass, Pass]);
    let limit = Inconclusive(Reason::InsufficientEvidence);
    assert_eq!(order([all, all, all, all], "batas"), [limit.clone(), Pass, limit]);
}

#[test]
fn foreign_writes_make_a_violation_unstable() {
    use Outcome::{Inconclusive, Pass};
    let (before, after): (&[&str], &[&str]) = (&["m2", "m1", "x"], &["z", "m2", "m1", "x"]);
    let unstable = Inconclusive(Reason::Unstable);
    assert_eq!(
        order([before, before, after, after], "selesai"),
        [Pass, Pass, unstable.clone()]
    );
    assert_eq!(order([after, after, before, before], "selesai"), [Pass, Pass, unstable]);
    assert_eq!(order([before, before, before, after], "selesai"), [Pass, Pass, Pass]);
    let one = json!({"id": "x", "status": "diproses"});
    let two = json!({"id": "x", "status": "selesai"});
    assert!(disturbance(&[&[&one], &[&two]], |_| false).is_some());
    assert!(
        disturbance(&[&[&one], &[&two]], |_| true).is_none(),
        "what we write ourselves disturbs nothing"
    );
}

fn complete_of(walked: Sample, before: &[&str], after: &[&str], end: &str) -> Outcome {
    let walk = |seq: u64, end: &str| json!({"key": "penelusuran_3", "pages": [seq], "end": end});
    let value = json!({"ours": ours(),
        "walks": [{"walk": walk(2, end), "before": walk(1, "selesai"), "after": walk(3, "selesai")}]});
    let records = [page(1, before).record(), walked.record(), page(3, after).record()];
    let legs = complete(&value, &Window::new(records)).unwrap();
    assert_eq!(legs[0].key, "penelusuran_3/lengkap");
    legs[0].outcome.clone()
}

#[test]
fn a_walk_holds_whatever_stood_before_and_after_it() {
    let all: &[&str] = &["m2", "m1", "x"];
    let open = |reason| Outcome::Inconclusive(reason);
    assert_eq!(
        complete_of(page(2, &["n", "m2", "m2", "m1", "x"]), all, all, "selesai"),
        Outcome::Pass,
        "repeats are lawful here"
    );
    assert_eq!(complete_of(page(2, &["m2", "x"]), all, all, "selesai"), Outcome::Fail);
    assert_eq!(
        complete_of(page(2, &["m2", "m1"]), all, all, "selesai"),
        Outcome::Fail,
        "another's was skipped"
    );
    assert_eq!(
        complete_of(page(2, &["m2", "m1"]), all, &all[..2], "selesai"),
        Outcome::Pass,
        "gone by the end"
    );
    assert_eq!(complete_of(page(2, &["m2", "m2"]), all, all, "berulang"), Outcome::Fail);
    assert_eq!(
        complete_of(page(2, &["m2"]), all, all, "batas"),
        open(Reason::InsufficientEvidence)
    );
    assert_eq!(
        complete_of(page(2, all).answered(500, Reading::Fault), all, all, "putus"),
        open(Reason::InsufficientEvidence)
    );
    assert_eq!(
        complete_of(page(2, all).broken(BrokenKind::Timeout), all, all, "putus"),
        open(Reason::Timeout)
    );
}

#[test]
fn after_the_last_page_there_is_nothing() {
    let asked = |sample: Sample| {
        let value = json!({"asked": [1], "last": null});
        beyond(&value, &Window::new([sample.record()]))
            .unwrap()
            .remove(0)
            .outcome
    };
    let open = |reason| Outcome::Inconclusive(reason);
    assert_eq!(asked(page(1, &[])), Outcome::Pass);
    assert_eq!(asked(page(1, &["x"])), Outcome::Fail);
    assert_eq!(asked(page(1, &[]).answered(404, Reading::NotFound)), Outcome::Pass);
    assert_eq!(
        asked(page(1, &[]).answered(400, Reading::Refused)),
        open(Reason::InsufficientEvidence)
    );
    assert_eq!(
        asked(exchange(1, Op::List, Actor::Admin, json!({}))),
        open(Reason::InsufficientEvidence)
    );
    assert_eq!(asked(page(1, &[]).broken(BrokenKind::Timeout)), open(Reason::Timeout));
    let value = json!({"asked": [], "last": 1});
    let legs = beyond(&value, &Window::new([page(1, &["x"]).record()])).unwrap();
    assert_eq!(legs[0].outcome, Outcome::Pass, "no next page is offered");
}
