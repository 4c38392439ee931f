//! Records of the evidence log as a report shows them: chosen within bounds, and with their texts bounded.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::visible::{BODY, LINE, VALUE, bounded, clip, one_line};
use super::{curl, json, moment};
use crate::domain::Phrase;
use crate::domain::phrase::Lang;
use crate::evidence::record::{Answer, Body, CanaryHit, Credential, Data, Exchange, Inbound, Record, Request, Scope};
use crate::pack::run_json::{RequirementResult, RowResult, RunJson};
use crate::phrase;
use crate::verdict::Verdict;

/// Most records shown of a leg that did not pass.
const LEG: usize = 6;
/// Most records shown of a leg that passed.
const PASSED_LEG: usize = 2;
/// Most records shown of a row.
const ROW: usize = 24;
/// The same, where every leg passed.
const PASSED_ROW: usize = 3;
/// Longest body shown of a row where every leg passed, in characters.
const PASSED_BODY: usize = 1_000;
/// Most records shown in a report.
const REPORT: usize = 600;
/// Most headers shown of a message.
const HEADERS: usize = 40;

/// Which records a report shows of each row: by the row's identifier, in the order of the log.
pub(super) type Choice = BTreeMap<String, BTreeSet<u64>>;

/// One record of the log.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RecordView {
    /// Its number in the log.
    pub(super) seq: u64,
    /// Which attempt at the row it belongs to.
    pub(super) attempt: u8,
    /// Its part in the check, in words.
    pub(super) part: String,
    /// `GET /pengaduan/7`, or what kind of record it is.
    pub(super) head: String,
    /// Who did what, in words.
    pub(super) act: String,
    /// When it started, in words; empty where the record has no time.
    pub(super) at: String,
    /// How long it took, in words.
    pub(super) took: String,
    /// Status code, or how it broke, in words.
    pub(super) answer: String,
    /// How the statement's rules read the answer, in words.
    pub(super) reading: String,
    /// What was sent.
    pub(super) request: Option<MessageView>,
    /// What came back.
    pub(super) response: Option<MessageView>,
    /// What laik found in the raw bytes.
    pub(super) facts: Vec<String>,
    /// The request as a shell line; empty where there is none.
    pub(super) curl: String,
    /// What else the record says.
    pub(super) text: String,
    /// Whether a leg rests on it that did not pass; set by the row that shows it.
    pub(super) of_finding: bool,
}

/// A request or a response.
#[derive(Debug, Clone, Serialize)]
pub(super) struct MessageView {
    /// Request line or status line.
    pub(super) first_line: String,
    /// Headers.
    pub(super) headers: Vec<(String, String)>,
    /// How many headers were left off.
    pub(super) headers_left: usize,
    /// Body; absent where it is empty.
    pub(super) body: Option<BodyView>,
}

/// A body.
#[derive(Debug, Clone, Serialize)]
pub(super) struct BodyView {
    /// Length of the whole in bytes, in words.
    pub(super) size: String,
    /// SHA-256 of the whole.
    pub(super) sha256: String,
    /// Its text, JSON indented; absent where it is no text.
    pub(super) text: Option<String>,
    /// How many characters were left off.
    pub(super) left: usize,
}

impl RecordView {
    /// The view as a row shows it in which everything passed: nobody repeats it, and few read it.
    pub(super) fn brief(mut self) -> Self {
        self.curl.clear();
        for message in [&mut self.request, &mut self.response].into_iter().flatten() {
            message.headers_left += message.headers.len();
            message.headers.clear();
            if let Some((cut, text)) = message
                .body
                .as_mut()
                .and_then(|body| Some((&mut body.left, body.text.as_mut()?)))
            {
                let (kept, left) = clip(text, PASSED_BODY);
                *cut += left;
                *text = kept.to_owned();
            }
        }
        self
    }
}

/// Chooses the records that a report shows, what did not pass first.
pub(super) fn choose(run: &RunJson) -> Choice {
    let mut choice = Choice::new();
    let mut budget = REPORT;
    let severe = |requirement: &&RequirementResult| requirement.outcome.verdict != Verdict::Pass;
    let order = run
        .requirements
        .iter()
        .filter(severe)
        .chain(run.requirements.iter().filter(|r| !severe(r)));
    for row in order.flat_map(|requirement| &requirement.rows) {
        let chosen = choose_row(row, budget);
        budget -= chosen.len();
        choice.entry(row.id.clone()).or_default().extend(chosen);
    }
    choice
}

/// Chooses the records of one row.
fn choose_row(row: &RowResult, budget: usize) -> BTreeSet<u64> {
    let passed = |verdict: Verdict| matches!(verdict, Verdict::Pass | Verdict::NotApplicable);
    let mut chosen = BTreeSet::new();
    let calm = row.legs.iter().all(|leg| passed(leg.outcome.verdict));
    let most = budget.min(if calm { PASSED_ROW } else { ROW });
    for passing in [false, true] {
        for leg in row.legs.iter().filter(|leg| passed(leg.outcome.verdict) == passing) {
            let each = if passing { PASSED_LEG } else { LEG };
            // The last records of a leg are those that it was judged by; the ones before led there.
            for seq in leg.evidence.iter().rev().take(each) {
                if chosen.len() < most {
                    chosen.insert(*seq);
                }
            }
        }
    }
    chosen
}

/// Views of the wanted records, in a language.
pub(super) fn views<R: Borrow<Record>>(
    records: impl IntoIterator<Item = R>,
    wanted: &BTreeSet<u64>,
    lang: Lang,
) -> BTreeMap<u64, RecordView> {
    records
        .into_iter()
        .filter(|record| wanted.contains(&record.borrow().seq))
        .map(|record| (record.borrow().seq, view(record.borrow(), lang)))
        .collect()
}

/// The view of one record.
pub(super) fn view(record: &Record, lang: Lang) -> RecordView {
    match &record.data {
        Data::Exchange(exchange) => exchange_view(record.seq, &record.scope, exchange, lang),
        Data::Inbound(inbound) => inbound_view(record.seq, &record.scope, inbound, lang),
        other => other_view(record.seq, &record.scope, other, lang),
    }
}

fn exchange_view(seq: u64, scope: &Scope, exchange: &Exchange, lang: Lang) -> RecordView {
    let (answer, response) = match &exchange.answer {
        Answer::Response(response) => {
            let message = message(
                &format!("HTTP {}", response.status),
                &response.headers,
                Some(&response.body),
                lang,
            );
            (response.status.to_string(), Some(message))
        }
        Answer::Broken(broken) => {
            let words = broken.kind.phrase().text(lang).to_owned();
            (format!("{words}: {}", one_line(&bounded(&broken.text, VALUE))), None)
        }
    };
    RecordView {
        head: head(&exchange.request),
        act: act(exchange, lang),
        at: moment::instant(&exchange.at, lang),
        took: moment::duration(exchange.ended_us.saturating_sub(exchange.started_us) / 1_000, lang),
        answer,
        reading: exchange.reading.phrase().text(lang).to_owned(),
        request: Some(request(&exchange.request, lang)),
        response,
        facts: facts(exchange, lang),
        curl: curl::line(seq, exchange),
        ..empty(seq, scope, lang)
    }
}

fn inbound_view(seq: u64, scope: &Scope, inbound: &Inbound, lang: Lang) -> RecordView {
    let listener = &inbound.listener;
    RecordView {
        head: head(&inbound.request),
        act: phrase!("diterima oleh {listener} laik", "received by the {listener} of laik")
            .text(lang)
            .to_owned(),
        answer: inbound.answered.to_string(),
        request: Some(request(&inbound.request, lang)),
        ..empty(seq, scope, lang)
    }
}

fn other_view(seq: u64, scope: &Scope, data: &Data, lang: Lang) -> RecordView {
    let head = match data {
        Data::Observation(observation) => {
            let kind = &observation.kind;
            phrase!("Pengamatan: {kind}", "Observation: {kind}")
        }
        Data::Fixture(_) => Phrase::new("Bahan uji", "Fixture"),
        Data::Check(_) => Phrase::new("Penilaian", "Check"),
        Data::Step(_) => Phrase::new("Langkah", "Step"),
        Data::Fault(_) => Phrase::new("Galat laik", "Fault of laik"),
        _ => Phrase::new("Catatan", "Record"),
    };
    let json = serde_json::to_string(data).unwrap_or_default();
    let (text, _) = json::indent(&json, BODY);
    RecordView {
        head: head.text(lang).to_owned(),
        text,
        ..empty(seq, scope, lang)
    }
}

fn empty(seq: u64, scope: &Scope, lang: Lang) -> RecordView {
    RecordView {
        seq,
        attempt: scope.attempt,
        part: scope.part.phrase().text(lang).to_owned(),
        head: String::new(),
        act: String::new(),
        at: String::new(),
        took: String::new(),
        answer: String::new(),
        reading: String::new(),
        request: None,
        response: None,
        facts: Vec::new(),
        curl: String::new(),
        text: String::new(),
        of_finding: false,
    }
}

/// Method and the URL without scheme and host.
fn head(request: &Request) -> String {
    let path = request
        .url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    one_line(&bounded(
        &format!("{} {}", request.method, path.unwrap_or(&request.url)),
        LINE,
    ))
}

/// Who did what, with whose credential.
fn act(exchange: &Exchange, lang: Lang) -> String {
    let (actor, op) = (exchange.actor.phrase(), exchange.op.phrase());
    let object = exchange
        .object
        .as_deref()
        .map(|object| format!(" {object}"))
        .unwrap_or_default();
    let credential = match &exchange.credential {
        Credential::Own => Phrase::same(""),
        Credential::None => Phrase::new(", tanpa kredensial", ", without credentials"),
        Credential::Altered(how) => phrase!(
            ", dengan kredensial yang diubah: {how}",
            ", with altered credentials: {how}"
        ),
    };
    let class = match exchange.input_class.as_str() {
        "" => String::new(),
        class => format!(" ({class})"),
    };
    let text = match lang {
        Lang::Id => format!("{} {}{object}{}{class}", actor.id, op.id, credential.id),
        Lang::En => format!("{}: {}{object}{}{class}", actor.en, op.en, credential.en),
    };
    one_line(&bounded(&text, LINE))
}

fn request(request: &Request, lang: Lang) -> MessageView {
    message(
        &format!("{} {}", request.method, request.url),
        &request.headers,
        request.body.as_ref(),
        lang,
    )
}

fn message(first_line: &str, headers: &[(String, String)], body: Option<&Body>, lang: Lang) -> MessageView {
    MessageView {
        first_line: one_line(&bounded(first_line, LINE)),
        headers: headers
            .iter()
            .take(HEADERS)
            .map(|(name, value)| (one_line(&bounded(name, LINE)), one_line(&bounded(value, LINE))))
            .collect(),
        headers_left: headers.len().saturating_sub(HEADERS),
        body: body.filter(|body| body.len > 0).map(|body| body_view(body, lang)),
    }
}

fn body_view(body: &Body, lang: Lang) -> BodyView {
    let (text, left) = match body.text.as_deref() {
        None => (None, 0),
        Some(text) if json::is_json(text) => {
            let (shown, left) = json::indent(text, BODY);
            (Some(shown), left)
        }
        Some(text) => {
            let (shown, left) = clip(text, BODY);
            (Some(shown.to_owned()), left)
        }
    };
    BodyView {
        size: format!("{} B", moment::count(body.len, lang)),
        sha256: body.sha256.clone(),
        text,
        left,
    }
}

/// Most places named of the canaries of one complaint.
const PLACES: usize = 8;
/// Most sentences about canaries; a list's answer holds those of many complaints.
const CANARIES: usize = 4;

/// Which planted values stand in an answer, one sentence for each complaint and kind. A fact, not a fault: the
/// owner's own answer holds them too.
fn canaries(hits: &[CanaryHit]) -> Vec<Phrase> {
    let mut groups: BTreeMap<(u32, bool), Vec<String>> = BTreeMap::new();
    for hit in hits {
        let place = match hit.encoding.as_str() {
            "plain" => format!("{} ({})", hit.field, hit.place),
            encoding => format!("{} ({}, {encoding})", hit.field, hit.place),
        };
        groups.entry((hit.fixture, hit.private)).or_default().push(place);
    }
    let sentences = groups.into_iter().take(CANARIES).map(|((fixture, private), places)| {
        let left = places.len().saturating_sub(PLACES);
        let mut named = places.into_iter().take(PLACES).collect::<Vec<_>>().join(", ");
        if left > 0 {
            let _ = write!(named, ", … (+{left})");
        }
        if private {
            phrase!(
                "Tanda pribadi pengaduan ke-{fixture} dalam jawaban: {named}.",
                "Private canaries of complaint number {fixture} in the answer: {named}."
            )
        } else {
            phrase!(
                "Tanda terbuka pengaduan ke-{fixture} dalam jawaban: {named}.",
                "Public canaries of complaint number {fixture} in the answer: {named}."
            )
        }
    });
    sentences.collect()
}

/// What needed the raw bytes, in words.
fn facts(exchange: &Exchange, lang: Lang) -> Vec<String> {
    let facts = &exchange.facts;
    let mut words: Vec<Phrase> = Vec::new();
    if facts.bom {
        words.push(Phrase::new(
            "Badan jawaban diawali tanda BOM.",
            "The body begins with a byte-order mark.",
        ));
    }
    for member in facts.doubled_members.iter().take(5) {
        words.push(phrase!(
            "Anggota JSON {member:?} berulang.",
            "The JSON member {member:?} stands twice."
        ));
    }
    words.extend(canaries(&facts.canaries));
    if facts.waits > 0 {
        let waits = facts.waits;
        words.push(phrase!(
            "Server meminta menunggu {waits} kali dan dituruti.",
            "The server asked to wait {waits} times and was obeyed."
        ));
    }
    if let Some(fault) = &exchange.map_fault {
        words.push(phrase!(
            "Penyaring jawaban gagal: {fault}",
            "The answer filter failed: {fault}"
        ));
    }
    words
        .iter()
        .map(|phrase| one_line(&bounded(phrase.text(lang), VALUE)))
        .collect()
}
