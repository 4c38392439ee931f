//! From raw bytes to a record, in the order of decisions.md B.12: facts, digests of mapped texts, redaction.
//! What comes in is raw; what goes out may be written.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;

use crate::domain::{Actor, Op};

use super::BODY_KEPT;
use super::canary::{CanaryBook, distinct};
use super::digest::{sha256_hex, text_digest};
use super::named;
use super::record::{
    Answer, Body, Broken, CanaryHit, Credential, Exchange, Facts, Inbound, RawPlace, Reading, Request, Response, Scope,
};
use super::scan::json_facts;
use super::secrets::Secrets;

/// The longest header value and URL that are kept, in bytes.
const HEADER_KEPT: usize = 16 * 1024;

/// How many header lines are kept.
const HEADERS_KEPT: usize = 256;

/// The longest fault text that is kept, in bytes.
const FAULT_KEPT: usize = 2_000;

/// How many digests of mapped texts one record holds.
const DIGESTS_KEPT: usize = 256;

/// Deeper mapped values are cut off.
const DEEPEST: usize = 96;

/// Member names whose texts the standard compares (model.md, *Record*); they always have a digest, except inside
/// the items of a list.
const JUDGED: &[&str] = &[
    "judul",
    "isi",
    "judul_awal",
    "isi_awal",
    "permintaan_penyelesaian",
    "teks",
];

/// One HTTP request of ours and its answer, as they went over the wire. Fields as in [`Exchange`].
#[derive(Debug, Clone)]
pub struct RawExchange {
    /// The canonical operation.
    pub op: Op,
    /// Who called.
    pub actor: Actor,
    /// Whose credential was sent.
    pub credential: Credential,
    /// The complaint of the scenario, `P1`.
    pub object: Option<String>,
    /// Name of the step of a multi-step operation; empty for the only one.
    pub step: String,
    /// Input class of a probe; empty where there is none.
    pub input_class: String,
    /// Microseconds since the start of the run ([`super::Recorder::elapsed_us`]).
    pub started_us: u64,
    /// The same at the end.
    pub ended_us: u64,
    /// Wall clock at the start, RFC 3339, UTC.
    pub at: String,
    /// What was sent.
    pub request: RawRequest,
    /// What came back.
    pub answer: RawAnswer,
    /// How the statement's rules read the answer.
    pub reading: Reading,
    /// The canonical answer; `Null` where the filter gave nothing.
    pub mapped: Value,
    /// Why the answer filter failed.
    pub map_fault: Option<String>,
    /// Judged members before the statement's codecs.
    pub raw: BTreeMap<String, RawPlace>,
    /// How often the server asked to wait and was waited for.
    pub waits: u32,
}

/// A request as it went over the wire.
#[derive(Debug, Clone, Default)]
pub struct RawRequest {
    /// Method, upper case.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Headers in the order sent.
    pub headers: Vec<(String, String)>,
    /// Body; `None` where none was sent.
    pub body: Option<Bytes>,
}

/// An answer as it came over the wire.
#[derive(Debug, Clone)]
pub enum RawAnswer {
    /// A whole response.
    Response {
        /// Status code.
        status: u16,
        /// Headers, one entry for each line.
        headers: Vec<(String, Vec<u8>)>,
        /// The whole body.
        body: Bytes,
    },
    /// No response, or not a whole one.
    Broken(Broken),
}

/// One request that reached us. Fields as in [`Inbound`].
#[derive(Debug, Clone)]
pub struct RawInbound {
    /// `hub`, `sink`, `canary`.
    pub listener: String,
    /// Microseconds since the start of the run.
    pub at_us: u64,
    /// The request.
    pub request: RawRequest,
    /// The status that we answered.
    pub answered: u16,
    /// The canonical view of its body; `Null` where the statement maps none.
    pub mapped: Value,
    /// Judged members as the statement's mapping gave them.
    pub raw: BTreeMap<String, RawPlace>,
}

/// Makes the record of an exchange.
pub(crate) fn exchange(raw: RawExchange, scope: &Scope, secrets: &Secrets, canaries: &CanaryBook) -> Exchange {
    if let Some(body) = &raw.request.body {
        named::register(secrets, body);
    }
    if let RawAnswer::Response { body, .. } = &raw.answer {
        named::register(secrets, body);
    }
    let mut hits = in_url(canaries, &raw.request.url);
    let mut facts = Facts::default();
    let answer = match raw.answer {
        RawAnswer::Response { status, headers, body } => {
            let headers: Vec<(String, String)> = headers
                .into_iter()
                .take(HEADERS_KEPT)
                .map(|(name, value)| (name, String::from_utf8_lossy(&value).into_owned()))
                .collect();
            facts = body_facts(&body);
            hits.extend(in_headers(canaries, &headers));
            hits.extend(canaries.search_body(&body, facts.json));
            Answer::Response(Response {
                status,
                headers: shown_headers(secrets, headers),
                body: shown_body(secrets, &body, facts.utf8),
            })
        }
        RawAnswer::Broken(broken) => Answer::Broken(Broken {
            kind: broken.kind,
            text: secrets.redact_prefix(&broken.text, FAULT_KEPT),
        }),
    };
    canaries.attribute(&mut hits, scope, raw.object.as_deref());
    facts.canaries = distinct(hits);
    facts.waits = raw.waits;
    facts.raw = shown_raw(secrets, raw.raw);
    let mut mapped = raw.mapped;
    mapped_texts(secrets, &mut mapped, &mut facts);
    Exchange {
        op: raw.op,
        actor: raw.actor,
        credential: match raw.credential {
            Credential::Altered(name) => Credential::Altered(secrets.redact(&name)),
            other => other,
        },
        object: raw.object.map(|object| secrets.redact(&object)),
        step: secrets.redact(&raw.step),
        input_class: secrets.redact(&raw.input_class),
        started_us: raw.started_us,
        ended_us: raw.ended_us,
        at: raw.at,
        request: shown_request(secrets, raw.request),
        answer,
        reading: raw.reading,
        mapped,
        map_fault: raw.map_fault.map(|text| secrets.redact_prefix(&text, FAULT_KEPT)),
        facts,
    }
}

/// Makes the record of a request that reached us. Its facts are those of the request.
pub(crate) fn inbound(raw: RawInbound, scope: &Scope, secrets: &Secrets, canaries: &CanaryBook) -> Inbound {
    let body = raw.request.body.clone().unwrap_or_default();
    named::register(secrets, &body);
    let mut facts = body_facts(&body);
    let mut hits = in_url(canaries, &raw.request.url);
    hits.extend(in_headers(canaries, &raw.request.headers));
    hits.extend(canaries.search_body(&body, facts.json));
    canaries.attribute(&mut hits, scope, None);
    facts.canaries = distinct(hits);
    facts.raw = shown_raw(secrets, raw.raw);
    let mut mapped = raw.mapped;
    mapped_texts(secrets, &mut mapped, &mut facts);
    Inbound {
        listener: secrets.redact(&raw.listener),
        at_us: raw.at_us,
        request: shown_request(secrets, raw.request),
        answered: raw.answered,
        mapped,
        facts,
    }
}

/// Facts of a body's bytes, canaries apart.
fn body_facts(body: &[u8]) -> Facts {
    let json = json_facts(body);
    Facts {
        utf8: std::str::from_utf8(body).is_ok(),
        json: json.well_formed,
        bom: json.bom,
        doubled_members: json.doubled,
        ..Facts::default()
    }
}

fn in_url(canaries: &CanaryBook, url: &str) -> Vec<CanaryHit> {
    canaries
        .search(url.as_bytes())
        .iter()
        .map(|found| found.at("url".to_owned()))
        .collect()
}

fn in_headers(canaries: &CanaryBook, headers: &[(String, String)]) -> Vec<CanaryHit> {
    let hits = headers.iter().flat_map(|(name, value)| {
        let place = format!("header:{}", name.to_ascii_lowercase());
        canaries
            .search(value.as_bytes())
            .into_iter()
            .map(move |found| found.at(place.clone()))
    });
    hits.collect()
}

fn shown_request(secrets: &Secrets, request: RawRequest) -> Request {
    Request {
        method: secrets.redact_prefix(&request.method, 64),
        url: secrets.redact_prefix(&request.url, HEADER_KEPT),
        headers: shown_headers(secrets, request.headers),
        body: request
            .body
            .map(|body| shown_body(secrets, &body, std::str::from_utf8(&body).is_ok())),
    }
}

fn shown_raw(secrets: &Secrets, raw: BTreeMap<String, RawPlace>) -> BTreeMap<String, RawPlace> {
    let shown = raw.into_iter().map(|(place, mut what)| {
        what.times.iter_mut().for_each(|time| secrets.redact_value(time));
        (secrets.redact(&place), what)
    });
    shown.collect()
}

fn shown_headers(secrets: &Secrets, headers: Vec<(String, String)>) -> Vec<(String, String)> {
    let shown = headers.into_iter().take(HEADERS_KEPT).map(|(name, value)| {
        let value = secrets.redact_header(&name, &value);
        let kept = value.floor_char_boundary(HEADER_KEPT);
        (
            secrets.redact_prefix(&name.to_ascii_lowercase(), HEADER_KEPT),
            value.get(..kept).unwrap_or_default().to_owned(),
        )
    });
    shown.collect()
}

fn shown_body(secrets: &Secrets, body: &[u8], utf8: bool) -> Body {
    let text = std::str::from_utf8(body).ok().filter(|text| utf8 && !text.is_empty());
    Body {
        len: body.len() as u64,
        sha256: sha256_hex(body),
        text: text.map(|text| secrets.redact_prefix(text, BODY_KEPT)),
    }
}

/// Digests the judged texts of a mapped value and redacts all of its texts, doubled member names included.
fn mapped_texts(secrets: &Secrets, mapped: &mut Value, facts: &mut Facts) {
    for name in &mut facts.doubled_members {
        secrets.redact_in(name);
    }
    for hit in &mut facts.canaries {
        secrets.redact_in(&mut hit.place);
    }
    let mut walk = Walk {
        secrets,
        path: Vec::new(),
        facts,
    };
    walk.value(mapped);
}

struct Walk<'a> {
    secrets: &'a Secrets,
    path: Vec<String>,
    facts: &'a mut Facts,
}

impl Walk<'_> {
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(_) => self.secrets.redact_value(value),
            Value::String(text) => self.text(text),
            Value::Array(_) | Value::Object(_) if self.path.len() >= DEEPEST => *value = Value::Null,
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.path.push(index.to_string());
                    self.value(item);
                    self.path.pop();
                }
            }
            Value::Object(members) => {
                for (name, item) in std::mem::take(members) {
                    let mut item = item;
                    let name = self.secrets.redact(&name);
                    self.path.push(name);
                    self.value(&mut item);
                    members.insert(self.path.pop().unwrap_or_default(), item);
                }
            }
        }
    }

    fn text(&mut self, text: &mut String) {
        let listed = self.path.first().is_some_and(|name| name == "butir");
        let judged = !listed && self.path.last().is_some_and(|name| JUDGED.contains(&name.as_str()));
        let shown = self.secrets.redacted(text);
        let changed = matches!(shown, std::borrow::Cow::Owned(_));
        if (judged || changed) && self.facts.digests.len() < DIGESTS_KEPT {
            let key = self
                .path
                .iter()
                .map(|part| part.replace('~', "~0").replace('/', "~1"))
                .collect::<Vec<_>>()
                .join("/");
            self.facts.digests.insert(key, text_digest(text));
        }
        if let std::borrow::Cow::Owned(shown) = shown {
            *text = shown;
        }
    }
}
