//! Hand-made records for the tests of oracles: exchanges as the recorder would have written them.

use std::sync::Arc;

use serde_json::Value;

use crate::domain::{Actor, Op};
use crate::evidence::record::{
    Answer, Body, Broken, BrokenKind, CanaryHit, Credential, Data, Exchange, Facts, Inbound, Part, Reading, Record,
    Request, Response, Scope,
};

use super::Window;

/// An exchange under construction.
pub(crate) struct Sample(u64, Exchange);

/// An exchange that was answered 200 with this canonical view.
pub(crate) fn exchange(seq: u64, op: Op, actor: Actor, mapped: Value) -> Sample {
    let response = Response {
        status: 200,
        headers: Vec::new(),
        body: Body::default(),
    };
    Sample(
        seq,
        Exchange {
            op,
            actor,
            credential: Credential::Own,
            object: None,
            step: String::new(),
            input_class: String::new(),
            started_us: seq * 100,
            ended_us: seq * 100 + 50,
            at: "2026-11-25T00:00:00Z".to_owned(),
            request: Request {
                method: "GET".to_owned(),
                url: "http://a.test/".to_owned(),
                headers: Vec::new(),
                body: None,
            },
            answer: Answer::Response(response),
            reading: Reading::Accepted,
            mapped,
            map_fault: None,
            facts: Facts {
                utf8: true,
                json: true,
                ..Facts::default()
            },
        },
    )
}

impl Sample {
    /// Answered with another status, read so.
    pub(crate) fn answered(mut self, status: u16, reading: Reading) -> Self {
        self.1.answer = Answer::Response(Response {
            status,
            headers: Vec::new(),
            body: Body::default(),
        });
        self.1.reading = reading;
        self
    }

    /// Not answered at all.
    pub(crate) fn broken(mut self, kind: BrokenKind) -> Self {
        self.1.answer = Answer::Broken(Broken {
            kind,
            text: String::new(),
        });
        self.1.reading = Reading::NoAnswer;
        self
    }

    /// The statement's filter failed.
    pub(crate) fn unmapped(mut self) -> Self {
        self.1.map_fault = Some("no member".to_owned());
        self.1.mapped = Value::Null;
        self
    }

    /// A planted value stood in the answer.
    pub(crate) fn hit(mut self, fixture: u32, field: &str, private: bool, place: &str) -> Self {
        self.1.facts.canaries.push(hit(fixture, field, private, place));
        self
    }

    /// Both public texts of a complaint stood in the body.
    pub(crate) fn marked(self, fixture: u32) -> Self {
        self.hit(fixture, "judul", false, "body:/judul")
            .hit(fixture, "isi", false, "body:/isi")
    }

    /// The body of the request, as it was sent.
    pub(crate) fn sent(mut self, body: &str) -> Self {
        self.1.request.body = Some(Body {
            len: body.len() as u64,
            text: Some(body.to_owned()),
            ..Body::default()
        });
        self
    }

    /// About which complaint of the scenario.
    pub(crate) fn about(mut self, object: &str) -> Self {
        self.1.object = Some(object.to_owned());
        self
    }

    /// The record.
    pub(crate) fn record(self) -> Arc<Record> {
        record(self.0, Data::Exchange(Box::new(self.1)))
    }
}

/// A hit.
pub(crate) fn hit(fixture: u32, field: &str, private: bool, place: &str) -> CanaryHit {
    CanaryHit {
        canary: format!("{field}@{fixture}"),
        fixture,
        field: field.to_owned(),
        private,
        place: place.to_owned(),
        encoding: "plain".to_owned(),
    }
}

/// A request that reached the hub.
pub(crate) fn inbound(seq: u64, hits: Vec<CanaryHit>) -> Arc<Record> {
    let request = Request {
        method: "POST".to_owned(),
        url: "http://hub.test/".to_owned(),
        headers: Vec::new(),
        body: None,
    };
    let facts = Facts {
        canaries: hits,
        ..Facts::default()
    };
    let inbound = Inbound {
        listener: "hub".to_owned(),
        at_us: seq,
        request,
        answered: 200,
        mapped: Value::Null,
        facts,
    };
    record(seq, Data::Inbound(Box::new(inbound)))
}

fn record(seq: u64, data: Data) -> Arc<Record> {
    let scope = Scope {
        attempt: 1,
        row: Some("data/6_daftar.feature:7".to_owned()),
        part: Part::Probe,
    };
    Arc::new(Record { seq, scope, data })
}

/// A window of samples.
pub(crate) fn window(samples: impl IntoIterator<Item = Sample>) -> Window {
    Window::new(samples.into_iter().map(Sample::record))
}
