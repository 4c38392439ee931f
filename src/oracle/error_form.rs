//! TK-03: errors that a machine can read and that do not contradict their status code. Knows nothing of what provoked
//! them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Op, Phrase, Profile};
use crate::evidence::record::{Exchange, Record, Response};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, unclear_reason};
use super::odd_input::Input;
use super::tally::{Finding, Tally};
use super::{Fold, OracleFault, Window, params};

/// Name of the fold over every exchange.
pub const EVERY_EXCHANGE: &str = "galat_terstruktur";

/// Name of the oracle over provoked errors.
pub const PROVOKED: &str = "galat_dipancing";

/// Key of the fold's leg that is always there.
pub const WHOLE: &str = "setiap galat";

/// Key of the leg about the number of kinds.
pub const KINDS: &str = "jenis galat";

/// What is asked of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// They can be parsed and contradict nothing.
    Parsable,
    /// They have the form that should be used.
    Recommended,
    /// There were enough kinds of them; for the fold alone.
    Kinds(usize),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldParams {
    /// Which attempt asks.
    attempt: u8,
    norm: Norm,
    profile: Profile,
}

/// Parameters of the oracle over provoked errors.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What is asked.
    pub norm: Norm,
    /// The claimed profile.
    pub profile: Profile,
    /// What was provoked.
    pub inputs: Vec<Input>,
}

/// What is wrong with the form of an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// It names another HTTP status than it has.
    Contradicts { status: u16, named: u16 },
    /// It says JSON and is none.
    Unparsable(u16),
    /// It is a page for people.
    Page(u16),
    /// It is no problem of RFC 9457 with type, title and status.
    NoProblem(u16),
}

impl Form {
    /// Whether a norm judges it for a profile: pages are a warning for applications that stand alone, and the form of
    /// RFC 9457 is recommended to the model application.
    fn judged(&self, norm: Norm, profile: Profile) -> bool {
        match (self, norm) {
            (Self::Contradicts { .. } | Self::Unparsable(_), Norm::Parsable) => true,
            (Self::Page(_), Norm::Parsable) => profile != Profile::Mandiri,
            (Self::Page(_), Norm::Recommended) => profile == Profile::Mandiri,
            (Self::NoProblem(_), Norm::Recommended) => profile == Profile::Paripurna,
            _ => false,
        }
    }
}

impl Finding for Form {
    fn key(&self) -> String {
        match self {
            Self::Contradicts { status, named } => format!("{status} · menyebut {named}"),
            Self::Unparsable(status) => format!("{status} · JSON tidak terurai"),
            Self::Page(status) => format!("{status} · HTML"),
            Self::NoProblem(status) => format!("{status} · bukan masalah RFC 9457"),
        }
    }

    fn expected(&self) -> Phrase {
        match self {
            Self::NoProblem(_) => phrase!(
                "application/problem+json dengan type, title, dan status yang sama dengan kodenya",
                "application/problem+json with type, title, and a status equal to the code"
            ),
            _ => phrase!(
                "galat dapat diurai mesin dan tidak bertentangan dengan kode statusnya",
                "an error that a machine can parse and that does not contradict its status code"
            ),
        }
    }

    fn seen(&self) -> Phrase {
        match self {
            Self::Contradicts { status, named } => phrase!(
                "galat {status} yang isinya menyebut status {named}",
                "an error {status} whose body names the status {named}"
            ),
            Self::Unparsable(status) => phrase!(
                "galat {status} berlabel JSON yang tidak dapat diurai",
                "an error {status} that is labelled JSON and does not parse"
            ),
            Self::Page(status) => phrase!(
                "galat {status} berupa halaman HTML atas permintaan JSON",
                "an error {status} as an HTML page for a JSON request"
            ),
            Self::NoProblem(status) => phrase!(
                "galat {status} bukan masalah menurut RFC 9457",
                "an error {status} that is no problem of RFC 9457"
            ),
        }
    }
}

/// The fold.
#[derive(Debug, Default)]
pub(super) struct ErrorForms {
    tally: Tally<Form>,
    kinds: BTreeSet<(u16, Op, String)>,
}

impl Fold for ErrorForms {
    fn observe(&mut self, record: &Record) {
        let Some(exchange) = record.exchange() else { return };
        let Some(response) = error(exchange) else { return };
        self.tally.count(record, exchange, forms(exchange, response));
        if self.kinds.len() < MOST_KINDS {
            let kind = (response.status, exchange.op, exchange.input_class.clone());
            self.kinds.insert(kind);
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: FoldParams = params(EVERY_EXCHANGE, value)?;
        if let Norm::Kinds(least) = asked.norm {
            return Ok(vec![self.kinds(least)]);
        }
        let expected = phrase!(
            "setiap galat diperiksa; temuan mempunyai kakinya sendiri",
            "every error is looked at; findings have legs of their own"
        );
        let judged = |form: &Form| form.judged(asked.norm, asked.profile);
        Ok(self.tally.legs(asked.attempt, WHOLE, expected, judged))
    }

    fn rows_to_repeat(&self) -> Vec<String> {
        // A page is a finding in the higher profiles alone; to repeat it costs a row and harms nothing.
        self.tally
            .rows(|form| matches!(form, Form::Contradicts { .. } | Form::Unparsable(_)))
    }
}

impl ErrorForms {
    fn kinds(&self, least: usize) -> Leg {
        let (kinds, errors) = (self.kinds.len(), self.tally.looked_at());
        let outcome = if kinds >= least { Outcome::Pass } else { Outcome::Fail };
        let expected = phrase!(
            "sekurang-kurangnya {least} jenis galat: kode, operasi, dan sebab yang berbeda",
            "at least {least} kinds of error: different codes, operations and causes"
        );
        let actual = phrase!("{kinds} jenis dalam {errors} galat", "{kinds} kinds in {errors} errors");
        Leg::new(KINDS, outcome, expected, actual, Vec::new())
    }
}

/// One leg for each provoked error.
pub(super) fn provoked(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Params = params(PROVOKED, value)?;
    asked.inputs.iter().map(|input| leg(&asked, input, window)).collect()
}

fn leg(asked: &Params, input: &Input, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "galat dapat diurai mesin dan tidak bertentangan dengan kode statusnya",
        "an error that a machine can parse and that does not contradict its status code"
    );
    let leg = |outcome, actual, evidence| Leg::new(&*input.key, outcome, expected, actual, evidence);
    if let Some(claim) = &input.left_out {
        let actual = phrase!("tidak dikirim: {claim}", "not sent: {claim}");
        return Ok(leg(Outcome::NotApplicable(claim.clone()), actual, vec![]));
    }
    let Some(&seq) = input.seqs.last() else {
        let actual = phrase!("tidak dikirim", "not sent");
        return Ok(leg(Outcome::Inconclusive(Reason::PreconditionUnmet), actual, vec![]));
    };
    let exchange = window.exchange(seq)?;
    let Some(response) = error(exchange) else {
        let words = answer_words(exchange);
        // A 2xx or 3xx is no error: whether it may be is the business of others.
        let outcome = match exchange.response() {
            Some(_) => Outcome::NotApplicable("bukan jawaban galat".to_owned()),
            None => Outcome::Inconclusive(unclear_reason(&[exchange])),
        };
        return Ok(leg(outcome, words, vec![seq]));
    };
    let found = forms(exchange, response);
    Ok(match found.iter().find(|form| form.judged(asked.norm, asked.profile)) {
        Some(form) => leg(Outcome::Fail, form.seen(), vec![seq]),
        None => leg(Outcome::Pass, answer_words(exchange), vec![seq]),
    })
}

/// The error that an exchange is, if it is one with a body that may be looked at.
fn error(exchange: &Exchange) -> Option<&Response> {
    let response = exchange.response().filter(|response| response.status >= 400)?;
    // An answer to HEAD has no body, whatever its headers say.
    (exchange.request.method != "HEAD").then_some(response)
}

/// What is wrong with the form of an error.
fn forms(exchange: &Exchange, response: &Response) -> Vec<Form> {
    let status = response.status;
    let mut found = Vec::new();
    let media_type = media_type(response);
    let is_json = media_type == "application/json" || media_type.ends_with("+json");
    let bare_401 = status == 401 && response.body.len == 0 && header(response, "www-authenticate").is_some();
    if is_json && !exchange.facts.json && !bare_401 {
        found.push(Form::Unparsable(status));
    }
    let body = told(exchange, response);
    let named = body.iter().flat_map(named).find(|named| *named != status);
    found.extend(named.map(|named| Form::Contradicts { status, named }));
    // What stands before the application answers these by itself, and knows no JSON.
    let of_gateway = GATEWAY.contains(&status);
    if !wants_json(exchange) || of_gateway {
        return found;
    }
    if matches!(media_type.as_str(), "text/html" | "application/xhtml+xml") {
        found.push(Form::Page(status));
    }
    let text = |name: &str| {
        body.as_ref()
            .and_then(|body| body.get(name))
            .is_some_and(Value::is_string)
    };
    let own = body
        .as_ref()
        .and_then(|body| body.get("status"))
        .and_then(Value::as_u64);
    let problem =
        media_type == "application/problem+json" && text("type") && text("title") && own == Some(u64::from(status));
    if !problem && !bare_401 {
        found.push(Form::NoProblem(status));
    }
    found
}

/// The body as JSON, where the record holds the whole of it.
fn told(exchange: &Exchange, response: &Response) -> Option<Value> {
    let text = response.body.text.as_deref().filter(|_| exchange.facts.json)?;
    serde_json::from_str(text).ok()
}

/// The HTTP statuses that a body names as its own.
fn named(body: &Value) -> Vec<u16> {
    let inner = body.get("error").filter(|inner| inner.is_object());
    let members = [Some(body), inner].into_iter().flatten();
    members
        .flat_map(|object| ["status", "code"].into_iter().filter_map(|name| object.get(name)))
        .filter_map(status_of)
        .collect()
}

/// A registered HTTP status, as number or text; other numbers are codes of the application's own.
fn status_of(value: &Value) -> Option<u16> {
    let number = match value {
        Value::Number(number) => u16::try_from(number.as_u64()?).ok()?,
        Value::String(text) if text.len() == 3 => text.parse().ok()?,
        _ => return None,
    };
    let registered = matches!(number, 100..=103 | 200..=208 | 226 | 300..=308 | 400..=418 | 421..=426 | 428 | 429 | 431 | 451 | 500..=508 | 510 | 511);
    registered.then_some(number)
}

/// The media type of a response, without parameters, in lower case.
pub(super) fn media_type(response: &Response) -> String {
    let text = header(response, "content-type").unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The first header of a name.
pub(super) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let found = response
        .headers
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(name))?;
    Some(&found.1)
}

/// Whether a request asked for JSON.
pub(super) fn wants_json(exchange: &Exchange) -> bool {
    let accept = exchange
        .request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("accept"));
    accept.is_some_and(|(_, value)| value.to_ascii_lowercase().contains("json"))
}

/// Codes that gateways answer by themselves: not logged in (a gateway that holds the sessions), too large, too many, bad
/// gateway, and their like.
const GATEWAY: &[u16] = &[401, 408, 413, 414, 429, 431, 502, 503, 504];

/// Kinds that are counted.
const MOST_KINDS: usize = 1_000;

#[cfg(test)]
mod tests;
