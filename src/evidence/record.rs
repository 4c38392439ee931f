//! The typed records of the evidence log (decisions.md B.9). Everything here is already redacted:
//! raw bytes never reach this module.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Actor, Op, Phrase, vocabulary};
use crate::verdict::{Reason, Strength};

mod raw;

pub use raw::{JsonType, RawPlace};

/// One line of `exchanges.ndjson`, without the chain members that the writer adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Position in the log, from 1, in the order of completion.
    pub seq: u64,
    /// To what part of which check it belongs.
    pub scope: Scope,
    /// What happened.
    pub data: Data,
}

/// To what part of which check a record belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// 1, or 2 for a confirmation.
    pub attempt: u8,
    /// The scenario row, `keamanan/2_sesi.feature:41`; absent for what belongs to the whole run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub row: Option<String>,
    /// Its part in the check.
    pub part: Part,
}

vocabulary! {
    /// The part that a record plays in its check.
    Part {
        Setup = "setup", "penyiapan", "setup";
        ControlBefore = "control_before", "kontrol sebelum", "control before";
        Probe = "probe", "uji", "probe";
        ControlAfter = "control_after", "kontrol sesudah", "control after";
        SecondRead = "second_read", "pembacaan kedua", "second read";
        Cleanup = "cleanup", "pembersihan", "cleanup";
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Data {
    /// The first record of every log.
    Header(Box<Header>),
    /// One HTTP request of ours and its answer.
    Exchange(Box<Exchange>),
    /// One request that reached us (hub, sink, canary server).
    Inbound(Box<Inbound>),
    /// Something that we observed and an oracle needs, which is no exchange (a walk's end, a race's size).
    Observation(Observation),
    /// A complaint of this run came to be, or was leased from the pool.
    Fixture(Fixture),
    /// Legs that a step is about to judge.
    Declare(Declare),
    /// A step ended.
    Step(StepEnd),
    /// A *Maka* step asks an oracle.
    Check(Box<Check>),
    /// A scenario row ended.
    RowEnd(RowEnd),
    /// A panic of ours, or another fault of laik, outside a step.
    Fault(Fault),
    /// The last record of a complete log.
    Footer(Footer),
}

/// Facts of the run that oracles may need, and what the log is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the log's format, `major.minor`.
    pub format: String,
    /// Version of laik that wrote it.
    pub laik: String,
    /// Identifies the run; 16 characters.
    pub run: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// SHA-256 of `standard.lock`.
    pub standard_digest: String,
    /// SHA-256 of the statement as given.
    pub statement_digest: String,
}

/// One HTTP request of ours and its answer, redacted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The canonical operation.
    pub op: Op,
    /// Who called.
    pub actor: Actor,
    /// Whose credential was sent: an actor's, none, or an altered one.
    pub credential: Credential,
    /// The complaint of the scenario that it is about, `P1`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub object: Option<String>,
    /// Name of the step of a multi-step operation; empty for the only one.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub step: String,
    /// Which input class a probe belongs to, for grouping ("rentang bita pada berkas").
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub input_class: String,
    /// Microseconds since the start of the run, monotonic.
    pub started_us: u64,
    /// The same, when the answer was complete or was given up.
    pub ended_us: u64,
    /// Wall clock at the start, RFC 3339, UTC.
    pub at: String,
    /// What was sent.
    pub request: Request,
    /// What came back, or why nothing did.
    pub answer: Answer,
    /// How the statement's rules read the answer.
    pub reading: Reading,
    /// The answer as the canonical model sees it; `null` where the answer filter gave nothing.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub mapped: Value,
    /// Why the answer filter failed, if it did. Bounded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub map_fault: Option<String>,
    /// What needed the raw bytes, computed before redaction.
    pub facts: Facts,
}

/// Whose credential was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// The actor's own.
    Own,
    /// None.
    None,
    /// An actor's, altered; the alteration is named, its bytes are not kept.
    Altered(String),
}

/// A request as sent, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Method, upper case.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Headers in the order sent.
    pub headers: Vec<(String, String)>,
    /// Body; `None` where none was sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<Body>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A whole response.
    Response(Response),
    /// No response, or not a whole one.
    Broken(Broken),
}

/// A response, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// Status code (RFC 9110 §15).
    pub status: u16,
    /// Headers as received, names in lower case, one entry for each line.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Body,
}

/// A body, redacted and bounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Length in bytes, of the whole.
    pub len: u64,
    /// SHA-256 of the whole raw body, lower-case hex.
    pub sha256: String,
    /// The first 64 KiB as text, redacted; `None` where it is not UTF-8 or is empty.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
}

/// Why no whole response came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// What happened.
    pub kind: BrokenKind,
    /// The client's words, bounded.
    pub text: String,
}

vocabulary! {
    /// How an exchange broke.
    BrokenKind {
        Connect = "connect", "tidak tersambung", "no connection";
        Tls = "tls", "TLS gagal", "TLS failed";
        Timeout = "timeout", "waktu habis", "time ran out";
        Closed = "closed", "ditutup tanpa jawaban", "closed without an answer";
        TooLarge = "too_large", "jawaban melebihi batas", "the answer was too large";
        Protocol = "protocol", "jawaban bukan HTTP yang sah", "the answer was no valid HTTP";
    }
}

vocabulary! {
    /// How the statement's success and not-found rules read an answer (proses-bisnis.md, convention 3).
    Reading {
        Accepted = "accepted", "diterima", "accepted";
        Refused = "refused", "ditolak", "refused";
        NotFound = "not_found", "tidak ditemukan", "not found";
        Throttled = "throttled", "dibatasi", "throttled";
        Fault = "fault", "galat server", "server fault";
        Redirect = "redirect", "dialihkan", "redirected";
        NoAnswer = "no_answer", "tanpa jawaban", "no answer";
        Unclear = "unclear", "tidak jelas", "unclear";
    }
}

/// Facts that need raw bytes, computed at capture (decisions.md B.12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The body is valid UTF-8.
    pub utf8: bool,
    /// The body is one well-formed JSON text and nothing else.
    pub json: bool,
    /// The body begins with a byte-order mark.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub bom: bool,
    /// JSON member names that stand twice in one object; the first 20.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub doubled_members: Vec<String>,
    /// Canaries found in the answer's body and headers, and in the request's URL (place `url`).
    /// [`Facts::answer_canaries`] leaves the last out.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub canaries: Vec<CanaryHit>,
    /// Digests ([`crate::evidence::text_digest`]) of mapped texts before redaction, by the JSON pointer without
    /// its first `/` (`isi`, `tindak_lanjut/0/isi`): of judged texts, and of every text that redaction changed.
    /// So equality can be judged where redaction hides it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub digests: BTreeMap<String, String>,
    /// Judged members before the statement's codecs, by place with list indices as `*` (`/butir/*/id`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub raw: BTreeMap<String, RawPlace>,
    /// How often the server was asked to wait and was waited for (429 with `Retry-After`).
    #[serde(skip_serializing_if = "is_zero", default)]
    pub waits: u32,
}

/// One planted value found again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanaryHit {
    /// Name of the canary: `pelapor.nama@<fixture number>`, see [`crate::evidence::canary`].
    pub canary: String,
    /// The complaint's fixture number in this run.
    pub fixture: u32,
    /// Which planted value: `judul`, `isi`, `pelapor.nama`, `pelapor.nik`, …
    pub field: String,
    /// Public canaries may be published; private ones never.
    pub private: bool,
    /// Where: `body:/pointer`, `body@offset`, `header:name`, or `url` of the request.
    pub place: String,
    /// In which encoding it stood: `plain`, `json`, `percent`, `html`, `base64`, `hex`, `utf16`.
    pub encoding: String,
}

/// One request that reached us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// Which listener: `hub`, `sink`, `canary`.
    pub listener: String,
    /// Microseconds since the start of the run.
    pub at_us: u64,
    /// The request.
    pub request: Request,
    /// The status that we answered.
    pub answered: u16,
    /// The canonical view of the request's body, where the statement maps it.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub mapped: Value,
    /// Facts of its bytes.
    pub facts: Facts,
}

/// Something observed that is no exchange.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// What kind of thing it is, such as `penelusuran`.
    pub kind: String,
    /// What was seen; the oracle that reads the kind documents its shape.
    pub value: Value,
}

/// A complaint of this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// Its number in the run; canaries carry it.
    pub number: u32,
    /// Its name in the scenario, `P1`; empty while it is in the pool.
    pub label: String,
    /// The id that the application gave, redacted like anything else.
    pub id: String,
    /// The status that it was brought to.
    pub status: String,
    /// Whether it was made for this row (`fresh`), leased from the pool (`leased`), or given back (`returned`).
    pub origin: String,
}

/// Legs that a step is about to judge; one without an outcome is NOT_RUN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declare {
    /// Line of the step in its feature.
    pub line: usize,
    /// The keys.
    pub legs: Vec<String>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepEnd {
    /// Line of the step in its feature.
    pub line: usize,
    /// `diketahui`, `ketika` or `maka`.
    pub kind: String,
    /// The step as written, after expansion.
    pub text: String,
    /// How it ended.
    pub end: End,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It did what it says.
    Done,
    /// Left out by `bila mengklaim` or `bila terikat`; the claim or operation is named.
    LeftOut(String),
    /// The scenario cannot go on: a precondition is missing.
    Inconclusive {
        /// Why.
        reason: Reason,
        /// In words.
        text: Phrase,
    },
    /// The scenario does not apply; the claim is named.
    NotApplicable(String),
    /// The run is being stopped.
    Stopped,
    /// A fault of laik.
    Error(String),
}

/// A *Maka* step asks an oracle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Line of the step in its feature.
    pub line: usize,
    /// Name of the oracle in the registry.
    pub oracle: String,
    /// Version of the oracle that judged when this was written.
    pub version: u32,
    /// What a miss means.
    pub strength: Strength,
    /// Canonical parameters: expectations, claims, virtual times.
    pub params: Value,
    /// The records looked at; empty for a fold, which looks at every record before this one.
    pub evidence: Vec<u64>,
    /// Leg keys that the oracle must judge.
    pub declared: Vec<String>,
    /// The reason that a missed `cukup bukti:` gives; INSUFFICIENT_EVIDENCE where the oracle names none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub miss: Option<Reason>,
}

/// A scenario row ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowEnd {
    /// Requirement id.
    pub requirement: String,
    /// *Ketika* steps that were done.
    pub when_done: u32,
    /// *Maka* steps that were done.
    pub then_done: u32,
    /// Whether every step of the row was reached.
    pub whole: bool,
}

/// A fault of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Thread, place and message of a panic, or the fault in words.
    pub text: String,
}

/// The end of a complete log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Footer {
    /// RFC 3339, UTC.
    pub ended: String,
    /// Whether the run was stopped before its end (Ctrl-C, SIGTERM).
    pub stopped: bool,
}

impl Exchange {
    /// The response, if a whole one came.
    pub fn response(&self) -> Option<&Response> {
        match &self.answer {
            Answer::Response(response) => Some(response),
            Answer::Broken(_) => None,
        }
    }

    /// The status code, if a response came.
    pub fn status(&self) -> Option<u16> {
        self.response().map(|response| response.status)
    }
}

impl Facts {
    /// The canaries that the other side sent, not those that our own URL held.
    pub fn answer_canaries(&self) -> impl Iterator<Item = &CanaryHit> {
        self.canaries.iter().filter(|hit| hit.place != "url")
    }
}

impl Record {
    /// The exchange, if it is one.
    pub fn exchange(&self) -> Option<&Exchange> {
        match &self.data {
            Data::Exchange(exchange) => Some(exchange),
            _ => None,
        }
    }

    /// The inbound request, if it is one.
    pub fn inbound(&self) -> Option<&Inbound> {
        match &self.data {
            Data::Inbound(inbound) => Some(inbound),
            _ => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
