//! Series of bad requests over hand-made records.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::domain::Actor;
use crate::evidence::record::{Answer as RecordedAnswer, Body, Data, Record, Response};
use crate::oracle::samples::exchange;

fn answer(seq: u64, status: u16, text: &str) -> Arc<Record> {
    let reading = match status {
        200..=299 => Reading::Accepted,
        404 => Reading::NotFound,
        429 => Reading::Throttled,
        500.. => Reading::Fault,
        300..=399 => Reading::Redirect,
        _ => Reading::Refused,
    };
    let mut record = (*exchange(seq, Op::Submit, Actor::PelaporA, Value::Null).record()).clone();
    if let Data::Exchange(exchange) = &mut record.data {
        let body = Body {
            len: text.len() as u64,
            sha256: String::new(),
            text: Some(text.to_owned()),
        };
        exchange.answer = RecordedAnswer::Response(Response {
            status,
            headers: Vec::new(),
            body,
        });
        exchange.reading = reading;
    }
    Arc::new(record)
}

fn list(seq: u64, titles: &[&str]) -> Arc<Record> {
    let butir: Vec<_> = titles.iter().map(|title| json!({"id": "1", "judul": title})).collect();
    exchange(seq, Op::List, Actor::Admin, json!({"butir": butir})).record()
}

fn case(class: &str, field: &str, optional: bool) -> Value {
    json!({"op": "submit", "class": class, "field": field, "seq": 10, "reaches": true, "names": [field],
        "must_name": class != "jenis", "optional": optional, "marker": "penanda10", "fixture": 10})
}

/// One case between two controls, with a look at the list after it.
fn value(case: &Value) -> Value {
    json!({"operations": [{"op": "submit", "controls": [1, 2], "reads": [], "looked": true}], "cases": [case], "looks": [20]})
}

fn window(answered: Arc<Record>, titles: &[&str]) -> Window {
    Window::new([answer(1, 201, "{}"), answered, list(20, titles), answer(2, 201, "{}")])
}

fn refusal(status: u16, text: &str) -> Outcome {
    let legs = refused(
        &value(&case("kosong", "isi", false)),
        &window(answer(10, status, text), &[]),
    )
    .unwrap();
    assert_eq!(legs[0].key, "submit/kosong");
    legs[0].outcome.clone()
}

#[test]
fn bad_data_are_refused_with_4xx_and_nothing_else() {
    for status in [400, 404, 409, 413, 415, 422] {
        assert_eq!(refusal(status, ""), Outcome::Pass, "{status}");
    }
    for status in [200, 201, 500, 503] {
        assert_eq!(refusal(status, ""), Outcome::Fail, "{status}");
    }
    assert_eq!(refusal(429, ""), Outcome::Inconclusive(Reason::Unstable));
    assert_eq!(refusal(401, ""), Outcome::Inconclusive(Reason::AuthUnavailable));
    assert_eq!(refusal(302, ""), Outcome::Inconclusive(Reason::InsufficientEvidence));
}

#[test]
fn without_controls_a_refusal_says_nothing_but_a_fault_does() {
    let with = |control: u16, status: u16| {
        let window = Window::new([
            answer(1, control, ""),
            answer(10, status, ""),
            answer(2, 201, ""),
            list(20, &[]),
        ]);
        refused(&value(&case("kosong", "isi", false)), &window)
            .unwrap()
            .remove(0)
            .outcome
    };
    assert_eq!(with(422, 422), Outcome::Inconclusive(Reason::PreconditionUnmet));
    assert_eq!(with(422, 500), Outcome::Fail);
}

#[test]
fn what_did_not_reach_the_application_is_no_evidence() {
    let outcome = |reaches: bool| {
        let mut unsent = case("kosong", "isi", false);
        unsent["seq"] = Value::Null;
        unsent["reaches"] = json!(reaches);
        refused(&value(&unsent), &window(answer(10, 422, ""), &[]))
            .unwrap()
            .remove(0)
            .outcome
    };
    assert!(matches!(outcome(false), Outcome::NotApplicable(_)));
    assert_eq!(outcome(true), Outcome::Inconclusive(Reason::InsufficientEvidence));
    let left_out = json!({"operations": [{"op": "reply", "left_out": "reply", "controls": [], "reads": [], "looked": false}],
        "cases": [], "looks": []});
    let legs = refused(&left_out, &Window::default()).unwrap();
    assert_eq!(
        (legs[0].key.as_str(), &legs[0].outcome),
        ("reply/ditolak", &Outcome::NotApplicable("reply".to_owned()))
    );
}

#[test]
fn an_ignored_optional_member_must_be_told() {
    let outcome = |text: &str, optional: bool| {
        let case = case("bentuk", "email", optional);
        refused(&value(&case), &window(answer(10, 201, text), &[]))
            .unwrap()
            .remove(0)
            .outcome
    };
    assert_eq!(outcome(r#"{"peringatan": ["email diabaikan"]}"#, true), Outcome::Pass);
    assert_eq!(
        outcome(r#"{"email": null}"#, true),
        Outcome::Fail,
        "a name beside its value tells nothing"
    );
    assert_eq!(outcome(r#"{"peringatan": ["email diabaikan"]}"#, false), Outcome::Fail);
}

#[test]
fn a_stored_marker_fails_whatever_the_answer_was() {
    let outcome = |titles: &[&str]| {
        let legs = not_stored(
            &value(&case("hilang", "isi", false)),
            &window(answer(10, 422, ""), titles),
        )
        .unwrap();
        assert_eq!(legs[0].key, "submit/tidak tersimpan");
        legs[0].outcome.clone()
    };
    assert_eq!(outcome(&["lain"]), Outcome::Pass);
    assert_eq!(outcome(&["Lampu penanda10"]), Outcome::Fail);
}

#[test]
fn a_complaint_that_grew_fails_and_a_blind_look_is_open() {
    let read = |seq: u64, count: usize| {
        exchange(
            seq,
            Op::Read,
            Actor::Admin,
            json!({"tindak_lanjut": vec![json!({}); count]}),
        )
        .record()
    };
    let outcome = |count: usize, looked: bool| {
        let mut value = value(&case("hilang", "isi", false));
        value["operations"][0]["reads"] = json!([11, 12]);
        value["operations"][0]["looked"] = json!(looked);
        let window = Window::new([
            answer(1, 200, ""),
            answer(2, 200, ""),
            answer(10, 422, ""),
            list(20, &[]),
            read(11, 1),
            read(12, count),
        ]);
        not_stored(&value, &window).unwrap().remove(0).outcome
    };
    assert_eq!(outcome(1, true), Outcome::Pass);
    assert_eq!(outcome(2, true), Outcome::Fail);
    assert_eq!(outcome(1, false), Outcome::Inconclusive(Reason::InsufficientEvidence));
}

#[test]
fn refusals_name_the_member_as_a_word() {
    let outcome = |text: &str| {
        named(
            &value(&case("hilang", "isi", false)),
            &window(answer(10, 422, text), &[]),
        )
        .unwrap()
        .remove(0)
        .outcome
    };
    assert_eq!(outcome(r#"{"detail": "isi: wajib diisi"}"#), Outcome::Pass);
    assert_eq!(outcome(r#"{"errors": {"ISI": ["required"]}}"#), Outcome::Pass);
    assert_eq!(
        outcome(r#"{"detail": "Isian tidak dapat diterima; terisi"}"#),
        Outcome::Fail
    );
    let none = named(&value(&case("jenis", "isi", false)), &window(answer(10, 422, ""), &[]))
        .unwrap()
        .remove(0)
        .outcome;
    assert_eq!(none, Outcome::Inconclusive(Reason::InsufficientEvidence));
}

#[test]
fn one_nameless_refusal_in_twenty_is_let_pass_and_two_are_not() {
    let outcome = |nameless: u64| {
        let cases: Vec<_> = (0..20)
            .map(|number| {
                let mut case = case("hilang", "isi", false);
                case["seq"] = json!(100 + number);
                case
            })
            .collect();
        let mut value = value(&json!({}));
        value["cases"] = json!(cases);
        let answers = (0..20).map(|number| answer(100 + number, 422, if number < nameless { "" } else { "isi" }));
        named(&value, &Window::new(answers)).unwrap().remove(0).outcome
    };
    assert_eq!(outcome(1), Outcome::Pass);
    assert_eq!(outcome(2), Outcome::Fail);
}
