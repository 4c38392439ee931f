//! Conforming and violating windows for TK-05.

use serde_json::json;

use super::super::specimen::{answered, broken, mapped, window};
use super::*;
use crate::evidence::record::{Body, BrokenKind};

fn with(mut exchange: Exchange, method: &str, headers: &[(&str, &str)], text: &str) -> Exchange {
    method.clone_into(&mut exchange.request.method);
    if let Answer::Response(response) = &mut exchange.answer {
        response.headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        response.body = Body {
            len: text.len() as u64,
            sha256: String::new(),
            text: Some(text.to_owned()),
        };
    }
    exchange
}

fn read(status: &str) -> Exchange {
    mapped(200, json!({"status": status}))
}

/// The owner's reads are 1 and 2, the tries follow.
fn place(tries: Vec<Exchange>, after: Exchange, form: bool) -> Outcome {
    let seqs: Vec<u64> = (3..).take(tries.len()).collect();
    let params = json!({"places": [{"key": "x", "tries": seqs, "before": 1, "after": 2}], "ignored": [], "form": form});
    let window = window([read("diproses"), after].into_iter().chain(tries));
    undeclared(&params, &window).unwrap().remove(0).outcome
}

#[test]
fn refusals_without_effect_pass() {
    let tries = [405, 501, 400, 401, 403, 404]
        .map(|status| answered(status, vec![]))
        .to_vec();
    assert_eq!(place(tries, read("diproses"), false), Outcome::Pass);
}

#[test]
fn success_or_an_effect_fails() {
    let tries = vec![answered(405, vec![]), answered(200, vec![])];
    assert_eq!(place(tries, read("diproses"), false), Outcome::Fail);
    assert_eq!(
        place(vec![answered(405, vec![])], read("dicabut"), false),
        Outcome::Fail
    );
    assert_eq!(
        place(vec![answered(405, vec![])], answered(404, vec![]), false),
        Outcome::Fail
    );
}

#[test]
fn what_was_handled_or_not_answered_is_not_told() {
    let unclear = Outcome::Inconclusive(Reason::InsufficientEvidence);
    for tried in [422, 302, 429, 500] {
        assert_eq!(
            place(vec![answered(tried, vec![])], read("diproses"), false),
            unclear,
            "{tried}"
        );
    }
    assert_eq!(
        place(vec![broken(BrokenKind::Closed)], read("diproses"), false),
        unclear
    );
    assert_eq!(place(vec![], read("diproses"), false), unclear);
}

#[test]
fn the_form_of_a_refusal_is_judged_apart() {
    let told = with(answered(405, vec![]), "PUT", &[("allow", "GET")], "");
    assert_eq!(
        place(vec![told, answered(403, vec![])], read("diproses"), true),
        Outcome::Pass
    );
    assert_eq!(
        place(vec![answered(404, vec![])], read("diproses"), true),
        Outcome::Fail
    );
    assert_eq!(
        place(vec![answered(405, vec![])], read("diproses"), true),
        Outcome::Fail
    );
}

fn traced(exchange: Exchange) -> Outcome {
    let params = json!({"tries": [["x", 1]], "mark": "bcdfgh"});
    trace(&params, &window([exchange])).unwrap().remove(0).outcome
}

#[test]
fn an_echo_fails_whatever_its_status() {
    assert_eq!(
        traced(with(answered(405, vec![]), "TRACE", &[], "no such method")),
        Outcome::Pass
    );
    assert_eq!(traced(answered(501, vec![])), Outcome::Pass);
    assert_eq!(
        traced(with(answered(200, vec![]), "TRACE", &[], "TRACE / x: bcdfgh")),
        Outcome::Fail
    );
    assert_eq!(
        traced(with(answered(400, vec![]), "TRACE", &[("x", "bcdfgh")], "")),
        Outcome::Fail
    );
    assert_eq!(
        traced(with(answered(200, vec![]), "TRACE", &[], "welcome")),
        Outcome::Fail
    );
    assert!(matches!(traced(answered(302, vec![])), Outcome::Inconclusive(_)));
}

fn headed(get: Exchange, head: Exchange, alike: bool) -> Outcome {
    let params = json!({"pairs": [["x", 1, 2]], "alike": alike});
    super::head(&params, &window([get, head])).unwrap().remove(0).outcome
}

#[test]
fn head_may_lack_but_not_break() {
    let get = || {
        with(
            answered(200, vec![]),
            "GET",
            &[("content-type", "application/json")],
            "{}",
        )
    };
    let head = |status, text| {
        with(
            answered(status, vec![]),
            "HEAD",
            &[("content-type", "application/json")],
            text,
        )
    };
    assert_eq!(headed(get(), head(200, ""), false), Outcome::Pass);
    assert_eq!(headed(get(), head(405, ""), false), Outcome::Pass);
    assert_eq!(headed(get(), head(500, ""), false), Outcome::Fail);
    assert_eq!(headed(get(), head(200, "{}"), false), Outcome::Fail);
    assert!(matches!(
        headed(head(404, ""), head(404, ""), false),
        Outcome::Inconclusive(_)
    ));
    assert_eq!(headed(get(), head(200, ""), true), Outcome::Pass);
    assert_eq!(headed(get(), head(405, ""), true), Outcome::Fail);
}
