//! Hand-made exchanges for the unit tests of oracles.

use std::sync::Arc;

use serde_json::Value;

use crate::domain::{Actor, Op};
use crate::evidence::record::{
    Answer, Body, Broken, BrokenKind, CanaryHit, Credential, Data, Exchange, Facts, Part, Reading, Record, Request,
    Response, Scope,
};

pub(crate) fn answered(status: u16, canaries: Vec<CanaryHit>) -> Exchange {
    let reading = match status {
        200..=299 => Reading::Accepted,
        300..=399 => Reading::Redirect,
        404 | 410 => Reading::NotFound,
        429 => Reading::Throttled,
        500.. => Reading::Fault,
        _ => Reading::Refused,
    };
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    let answer = Answer::Response(Response {
        status,
        headers,
        body: Body::default(),
    });
    exchange(
        answer,
        reading,
        Facts {
            canaries,
            ..Facts::default()
        },
    )
}

pub(crate) fn broken(kind: BrokenKind) -> Exchange {
    exchange(
        Answer::Broken(Broken {
            kind,
            text: String::new(),
        }),
        Reading::NoAnswer,
        Facts::default(),
    )
}

pub(crate) fn mapped(status: u16, mapped: Value) -> Exchange {
    Exchange {
        mapped,
        ..answered(status, vec![])
    }
}

pub(crate) fn canary(fixture: u32, field: &str, private: bool, place: &str) -> CanaryHit {
    CanaryHit {
        canary: format!("{field}@{fixture}"),
        fixture,
        field: field.to_owned(),
        private,
        place: place.to_owned(),
        encoding: "plain".to_owned(),
    }
}

pub(crate) fn record(seq: u64, attempt: u8, exchange: Exchange) -> Record {
    let scope = Scope {
        attempt,
        row: Some("teknologi/5_ketahanan.feature:9".to_owned()),
        part: Part::Probe,
    };
    Record {
        seq,
        scope,
        data: Data::Exchange(Box::new(exchange)),
    }
}

/// A window of exchanges with the numbers 1, 2, 3, …
pub(crate) fn window(exchanges: impl IntoIterator<Item = Exchange>) -> super::Window {
    super::Window::new(
        (1..)
            .zip(exchanges)
            .map(|(seq, exchange)| Arc::new(record(seq, 1, exchange))),
    )
}

fn exchange(answer: Answer, reading: Reading, facts: Facts) -> Exchange {
    Exchange {
        op: Op::Read,
        actor: Actor::PelaporB,
        credential: Credential::Own,
        object: Some("P1".to_owned()),
        step: String::new(),
        input_class: String::new(),
        started_us: 0,
        ended_us: 1,
        at: "2026-01-05T02:00:00Z".to_owned(),
        request: Request {
            method: "GET".to_owned(),
            url: "http://127.0.0.1:1/pengaduan/1".to_owned(),
            headers: vec![],
            body: None,
        },
        answer,
        reading,
        mapped: Value::Null,
        map_fault: None,
        facts,
    }
}
