//! Errors that conform, and one for each way not to.

use serde_json::json;

use super::super::specimen::{answered, broken, record, window};
use super::*;
use crate::evidence::record::{Answer, Body, BrokenKind};

fn with(status: u16, media_type: &str, text: &str) -> Exchange {
    let mut exchange = answered(status, vec![]);
    exchange.request.headers = vec![("accept".to_owned(), "application/json".to_owned())];
    exchange.facts.json = serde_json::from_str::<Value>(text).is_ok();
    if let Answer::Response(response) = &mut exchange.answer {
        response.headers = vec![("content-type".to_owned(), media_type.to_owned())];
        response.body = Body {
            len: text.len() as u64,
            sha256: String::new(),
            text: Some(text.to_owned()).filter(|text| !text.is_empty()),
        };
    }
    exchange
}

fn problem(status: u16, named: u16) -> Exchange {
    let body = json!({"type": "urn:x", "title": "Galat", "status": named}).to_string();
    with(status, "application/problem+json; charset=utf-8", &body)
}

fn outcome(norm: &str, profile: &str, exchange: Exchange) -> Outcome {
    let params = json!({"norm": norm, "profile": profile, "inputs": [{"key": "id yang tidak ada", "seqs": [1]}]});
    provoked(&params, &window([exchange])).unwrap().remove(0).outcome
}

#[test]
fn what_can_be_parsed_and_contradicts_nothing_passes() {
    let bare = || {
        let mut bare = with(401, "application/json", "");
        if let Answer::Response(response) = &mut bare.answer {
            response
                .headers
                .push(("WWW-Authenticate".to_owned(), "Bearer".to_owned()));
        }
        bare
    };
    let lawful = [
        problem(404, 404),
        with(422, "application/json", r#"{"judul": ["wajib diisi"]}"#),
        with(
            422,
            "application/json",
            r#"{"code": 1042, "status": "gagal", "tambahan": true}"#,
        ),
        with(409, "application/json", r#"{"status": "selesai", "code": "409"}"#),
        with(413, "text/html", "<html>"),
        with(502, "text/html", "<html>"),
        bare(),
    ];
    for exchange in lawful {
        assert_eq!(
            outcome("parsable", "terintegrasi", exchange.clone()),
            Outcome::Pass,
            "{exchange:?}"
        );
    }
    assert_eq!(outcome("recommended", "paripurna", problem(404, 404)), Outcome::Pass);
    assert_eq!(outcome("recommended", "paripurna", bare()), Outcome::Pass);
}

#[test]
fn each_wrong_form_fails() {
    let wrong = [
        problem(404, 200),
        with(404, "application/json", r#"{"error": {"code": 400}}"#),
        with(404, "application/json", r#"{"code": "200"}"#),
        with(400, "application/json", r#"{"detail": "rus"#),
        with(404, "application/json", ""),
        with(404, "text/html", "<h1>Not Found</h1>"),
    ];
    for exchange in wrong {
        assert_eq!(
            outcome("parsable", "terintegrasi", exchange.clone()),
            Outcome::Fail,
            "{exchange:?}"
        );
    }
}

#[test]
fn the_profile_decides_what_warns() {
    let page = || with(404, "text/html; charset=utf-8", "<h1>Not Found</h1>");
    assert_eq!(outcome("parsable", "mandiri", page()), Outcome::Pass);
    assert_eq!(outcome("recommended", "mandiri", page()), Outcome::Fail);
    let plain = || with(404, "application/json", "{}");
    assert_eq!(outcome("recommended", "terintegrasi", plain()), Outcome::Pass);
    assert_eq!(outcome("recommended", "paripurna", plain()), Outcome::Fail);
    let mut asked_for = page();
    asked_for.request.headers = vec![("Accept".to_owned(), "text/html".to_owned())];
    assert_eq!(outcome("parsable", "terintegrasi", asked_for), Outcome::Pass);
}

#[test]
fn what_is_no_error_is_not_judged() {
    let none = Outcome::NotApplicable("bukan jawaban galat".to_owned());
    assert_eq!(outcome("parsable", "mandiri", with(200, "text/html", "<p>")), none);
    let timeout = outcome("parsable", "mandiri", broken(BrokenKind::Timeout));
    assert_eq!(timeout, Outcome::Inconclusive(Reason::InsufficientEvidence));
    let params = json!({"norm": "parsable", "profile": "mandiri", "inputs": [{"key": "x", "seqs": []}]});
    let unsent = provoked(&params, &window([])).unwrap().remove(0).outcome;
    assert_eq!(unsent, Outcome::Inconclusive(Reason::PreconditionUnmet));
}

#[test]
fn the_fold_counts_kinds_and_judges_each_group_once() {
    let mut fold = ErrorForms::default();
    let mut head = with(404, "application/json", "");
    head.request.method = "HEAD".to_owned();
    for (seq, exchange) in (1..).zip([
        problem(404, 404),
        problem(404, 200),
        problem(404, 200),
        problem(401, 401),
        head,
    ]) {
        fold.observe(&record(seq, 1, exchange));
    }
    let ask = |norm: Value| {
        let legs = fold
            .conclude(&json!({"attempt": 1, "norm": norm, "profile": "mandiri"}))
            .unwrap();
        legs.into_iter().map(|leg| (leg.key, leg.outcome)).collect::<Vec<_>>()
    };
    let expected = [
        (WHOLE.to_owned(), Outcome::Pass),
        ("read · 404 · menyebut 200".to_owned(), Outcome::Fail),
    ];
    assert_eq!(ask(json!("parsable")), expected);
    assert_eq!(ask(json!({"kinds": 2})), [(KINDS.to_owned(), Outcome::Pass)]);
    assert_eq!(ask(json!({"kinds": 3})), [(KINDS.to_owned(), Outcome::Fail)]);
    assert_eq!(fold.rows_to_repeat(), ["teknologi/5_ketahanan.feature:9"]);
}
