//! Bursts over hand-made records.

use serde_json::json;

use super::*;
use crate::domain::{Actor, Op};
use crate::evidence::record::BrokenKind;
use crate::oracle::samples::{Sample, exchange, window};

fn submit(seq: u64, id: &str) -> Sample {
    exchange(
        seq,
        Op::Submit,
        Actor::PelaporA,
        json!({"id": id, "nomor_pelacakan": format!("LP{id}")}),
    )
}

fn own(samples: impl IntoIterator<Item = Sample>) -> Vec<Outcome> {
    let value = json!({"fields": ["id", "nomor_pelacakan"], "submits": [1, 2]});
    own_receipts(&value, &window(samples))
        .unwrap()
        .into_iter()
        .map(|leg| leg.outcome)
        .collect()
}

#[test]
fn each_acknowledged_submission_has_its_own_id_and_number() {
    assert_eq!(own([submit(1, "a"), submit(2, "b")]), [Outcome::Pass, Outcome::Pass]);
    assert_eq!(own([submit(1, "a"), submit(2, "a")]), [Outcome::Fail, Outcome::Fail]);
    let throttled = || submit(2, "a").answered(429, Reading::Throttled);
    assert_eq!(own([submit(1, "a"), throttled()]), [Outcome::Pass, Outcome::Pass]);
    let bare = exchange(2, Op::Submit, Actor::PelaporB, json!({"id": "b"}));
    assert_eq!(own([submit(1, "a"), bare]), [Outcome::Pass, Outcome::Fail]);
    let open = vec![Outcome::Inconclusive(Reason::InsufficientEvidence); 2];
    assert_eq!(own([submit(1, "a"), submit(2, "b").unmapped()]), open);
    assert_eq!(own([submit(1, "a").answered(503, Reading::Fault), throttled()]), open);
}

fn look(sample: Sample) -> Outcome {
    let value = json!({"groups": [{"key": "read@admin/semburan_1",
        "looks": [{"fixture": 1, "reads": [1]}, {"fixture": 2, "reads": [8, 2]}]}]});
    let first = exchange(1, Op::Read, Actor::Admin, json!({})).marked(1);
    let stale = exchange(8, Op::Read, Actor::Admin, json!({})).answered(404, Reading::NotFound);
    found(&value, &window([first, stale, sample]))
        .unwrap()
        .remove(0)
        .outcome
}

#[test]
fn one_foreign_or_missing_text_is_proof() {
    let read = || exchange(2, Op::Read, Actor::Admin, json!({}));
    assert_eq!(look(read().marked(2)), Outcome::Pass);
    assert_eq!(look(read().marked(1)), Outcome::Fail);
    assert_eq!(look(read().answered(404, Reading::NotFound)), Outcome::Fail);
    assert_eq!(
        look(read().broken(BrokenKind::Timeout)),
        Outcome::Inconclusive(Reason::Timeout)
    );
}

#[test]
fn nothing_accepted_is_no_evidence() {
    let value = json!({"groups": [{"key": "k", "looks": []}]});
    let legs = found(&value, &Window::default()).unwrap();
    assert_eq!(legs[0].outcome, Outcome::Inconclusive(Reason::InsufficientEvidence));
}

fn listed(complete: bool, entries: &[(&str, &str)], second: Sample) -> Outcome {
    let butir: Vec<_> = entries
        .iter()
        .map(|(id, title)| json!({"id": id, "judul": title}))
        .collect();
    let page = exchange(9, Op::List, Actor::Admin, json!({"butir": butir}));
    let sent = json!([{"submit": 1, "marker": "n001k"}, {"submit": 2, "marker": "n002k"}]);
    let value = json!({"bursts": [{"key": "semburan_1", "sent": sent}], "pages": [9], "complete": complete});
    exactly(&value, &window([submit(1, "a"), second, page]))
        .unwrap()
        .remove(0)
        .outcome
}

#[test]
fn the_list_holds_exactly_what_was_acknowledged() {
    let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
    let both: &[(&str, &str)] = &[("a", "N001K"), ("b", "N002K")];
    let accepted = || submit(2, "b");
    let refused = || submit(2, "b").answered(503, Reading::Fault);
    let silent = || submit(2, "b").broken(BrokenKind::Timeout);
    assert_eq!(listed(true, both, accepted()), Outcome::Pass);
    assert_eq!(
        listed(true, &both[..1], accepted()),
        Outcome::Fail,
        "accepted and not stored"
    );
    assert_eq!(listed(true, both, refused()), Outcome::Fail, "refused and stored");
    assert_eq!(
        listed(false, both, refused()),
        Outcome::Fail,
        "presence needs no whole walk"
    );
    assert_eq!(listed(true, &both[..1], refused()), Outcome::Pass);
    assert_eq!(
        listed(true, both, silent()),
        Outcome::Pass,
        "without an answer nothing was said"
    );
    assert_eq!(
        listed(true, &[("a", "N001K"), ("b", "N002K"), ("c", "N002K")], accepted()),
        Outcome::Fail,
        "stored twice"
    );
    assert_eq!(
        listed(true, &[("a", "N001K"), ("a", "N001K"), ("b", "N002K")], accepted()),
        Outcome::Pass,
        "a repeat of paging"
    );
    assert_eq!(
        listed(false, &both[..1], accepted()),
        open,
        "absence needs a whole walk"
    );
}

#[test]
fn a_burst_needs_enough_accepted_ones() {
    let value = |at_least: usize| json!({"at_least": at_least, "bursts": [{"key": "semburan_1", "submits": [1, 2]}]});
    let window = window([submit(1, "a"), submit(2, "b").answered(429, Reading::Throttled)]);
    assert_eq!(enough(&value(1), &window).unwrap()[0].outcome, Outcome::Pass);
    let legs = enough(&value(2), &window).unwrap();
    assert_eq!(legs[0].outcome, Outcome::Fail);
    assert!(legs[0].actual.id.contains("429 × 1"), "{}", legs[0].actual.id);
}
