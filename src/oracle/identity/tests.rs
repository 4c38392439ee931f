//! Identities over hand-made records.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::domain::{Actor, Op};
use crate::evidence::record::{BrokenKind, Record};
use crate::oracle::samples::{Sample, exchange, hit, inbound};

fn view(op: Op, butir: Value) -> Sample {
    exchange(1, op, Actor::Publik, json!({"butir": butir}))
}

fn judge(change: &Value, records: impl IntoIterator<Item = Arc<Record>>) -> Vec<Outcome> {
    let mut value = json!({
        "anonymous": {"label": "P1", "fixture": 1, "id": "a", "marker": "n001k"},
        "views": [], "searches": [], "deliveries": [], "left_out": [],
    });
    for (key, part) in change.as_object().unwrap() {
        value[key] = part.clone();
    }
    let window = Window::new(records);
    hidden(&value, &window)
        .unwrap()
        .into_iter()
        .map(|leg| leg.outcome)
        .collect()
}

fn seen(sample: Sample, complete: bool) -> Outcome {
    let change = json!({"views": [{"key": "list@publik", "seqs": [1], "complete": complete}]});
    judge(&change, [sample.record()]).remove(0)
}

#[test]
fn one_planted_value_in_any_byte_is_a_leak() {
    let open = |reason| Outcome::Inconclusive(reason);
    let list = || view(Op::List, json!([{"id": "a", "judul": "n001k"}]));
    let table = [
        (list(), true, Outcome::Pass),
        (list().hit(1, "judul", false, "body:/data/0/judul"), true, Outcome::Pass),
        (
            list().hit(2, "pelapor.nama", true, "body:/data/1/nama"),
            true,
            Outcome::Pass,
        ),
        (
            list().hit(1, "pelapor.nama", true, "body:/data/0/nama"),
            true,
            Outcome::Fail,
        ),
        (
            list().hit(1, "pelapor.nik", true, "header:content-disposition"),
            true,
            Outcome::Fail,
        ),
        (
            list()
                .answered(403, Reading::Refused)
                .hit(1, "pelapor.nama", true, "body@9"),
            true,
            Outcome::Fail,
        ),
        (list().answered(404, Reading::NotFound), true, Outcome::Pass),
        (list().unmapped(), true, Outcome::Pass),
        (list(), false, Outcome::Pass),
        (view(Op::List, json!([])), false, open(Reason::InsufficientEvidence)),
        (
            list().answered(500, Reading::Fault),
            true,
            open(Reason::InsufficientEvidence),
        ),
        (list().broken(BrokenKind::Timeout), true, open(Reason::Timeout)),
    ];
    for (row, (sample, complete, expected)) in table.into_iter().enumerate() {
        assert_eq!(seen(sample, complete), expected, "row {row}");
    }
}

#[test]
fn what_an_account_fixes_may_stand_in_other_entries() {
    let list = |entry: u32| {
        view(Op::List, json!([]))
            .hit(1, "judul", false, "body:/data/0/judul")
            .hit(2, "judul", false, "body:/data/1/judul")
            .hit(1, "pelapor.nama", true, &format!("body:/data/{entry}/pelapor/nama"))
    };
    let shared = |sample: Sample| {
        let views = json!([{"key": "k", "seqs": [1], "complete": true}]);
        judge(&json!({"shared": true, "views": views}), [sample.record()]).remove(0)
    };
    assert_eq!(shared(list(0)), Outcome::Fail);
    assert_eq!(shared(list(1)), Outcome::Pass);
    assert_eq!(shared(list(2)), Outcome::Pass, "an entry of neither");
    let twin = exchange(1, Op::Read, Actor::Publik, json!({}))
        .about("P2")
        .hit(1, "pelapor.nama", true, "body:/nama");
    assert_eq!(shared(twin), Outcome::Pass);
}

fn searched(answer: Sample, control: Value) -> Outcome {
    let searches = json!([{"key": "search/pelapor.nama@publik", "field": "pelapor.nama", "seqs": [1], "control": [2]}]);
    let control = exchange(2, Op::Search, Actor::Publik, json!({"butir": control}));
    judge(&json!({"searches": searches}), [answer.record(), control.record()]).remove(0)
}

#[test]
fn a_search_by_identity_finds_nothing_and_may_echo_the_question() {
    let none = || view(Op::Search, json!([]));
    let finds = || view(Op::Search, json!([{"id": "a"}]));
    assert_eq!(searched(none(), json!([])), Outcome::Pass);
    assert_eq!(
        searched(none().hit(1, "pelapor.nama", true, "body:/q"), json!([])),
        Outcome::Pass
    );
    assert_eq!(
        searched(none().hit(1, "pelapor.nik", true, "body:/x"), json!([])),
        Outcome::Fail
    );
    assert_eq!(searched(finds(), json!([])), Outcome::Fail);
    assert_eq!(
        searched(finds(), json!([{"id": "a"}])),
        Outcome::Inconclusive(Reason::PreconditionUnmet)
    );
    let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
    assert_eq!(searched(none().answered(502, Reading::Fault), json!([])), open);
}

#[test]
fn deliveries_must_arrive_and_hold_nothing() {
    let delivered = |seqs: Value, records: Vec<Arc<Record>>| {
        judge(
            &json!({"deliveries": [{"key": "hub.update", "seqs": seqs}], "further": [9]}),
            records,
        )
        .remove(0)
    };
    assert_eq!(
        delivered(json!([]), vec![]),
        Outcome::Inconclusive(Reason::CallbackNotReceived)
    );
    assert_eq!(delivered(json!([3]), vec![inbound(3, vec![])]), Outcome::Pass);
    let leak = |fixture| {
        vec![inbound(
            3,
            vec![hit(fixture, "pelapor.nama", true, "body:/pelapor/nama")],
        )]
    };
    assert_eq!(delivered(json!([3]), leak(1)), Outcome::Fail);
    assert_eq!(delivered(json!([3]), leak(9)), Outcome::Fail);
    assert_eq!(delivered(json!([3]), leak(2)), Outcome::Pass);
}

#[test]
fn what_is_not_bound_is_left_out_and_never_passes() {
    let legs = judge(
        &json!({"left_out": [{"key": "list@pengawas", "claim": "pengawas"}]}),
        [],
    );
    assert_eq!(legs, [Outcome::NotApplicable("pengawas".to_owned())]);
}

#[test]
fn the_twin_must_appear_somewhere() {
    let value = json!({"actor": "publik", "complaints": [{"label": "P2", "fixture": 2, "id": "b", "marker": "n002k"}], "seqs": [1]});
    let judge = |sample: Sample| shown(&value, &Window::new([sample.record()])).unwrap().remove(0);
    assert_eq!(judge(view(Op::List, json!([{"id": "b"}]))).outcome, Outcome::Pass);
    let leg = judge(view(Op::List, json!([{"id": "a"}])));
    assert_eq!((leg.key.as_str(), leg.outcome), ("tampak/P2@publik", Outcome::Fail));
}
