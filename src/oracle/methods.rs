//! TK-05: methods that nobody declared are refused and do nothing; TRACE does not echo; HEAD is GET without a body.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Answer, Exchange, Reading, Response};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, is_success, unclear_reason};
use super::unchanged::{Change, change};
use super::{OracleFault, Window, params};

/// Name of the oracle about methods that nobody declared.
pub const UNDECLARED: &str = "metode_tak_dinyatakan";

/// Name of the oracle about TRACE and TRACK.
pub const TRACE: &str = "metode_trace";

/// Name of the oracle about HEAD.
pub const HEAD: &str = "metode_head";

/// Parameters of [`UNDECLARED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undeclared {
    /// The addresses.
    pub places: Vec<Place>,
    /// Members that a read may change (`api.berubah_saat_dibaca`).
    pub ignored: Vec<String>,
    /// Whether the form of the refusals is judged, and not whether they are refusals.
    #[serde(default)]
    pub form: bool,
}

/// One address with the methods that were tried there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Key of its leg.
    pub key: String,
    /// The tries, in their order.
    pub tries: Vec<u64>,
    /// The owner's read before them.
    pub before: u64,
    /// The owner's read after them.
    pub after: u64,
}

/// Parameters of [`TRACE`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// Key of the leg and its exchange.
    pub tries: Vec<(String, u64)>,
    /// The value of the header that must not come back.
    pub mark: String,
}

/// Parameters of [`HEAD`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// Key of the leg, the exchange with GET and the one with HEAD.
    pub pairs: Vec<(String, u64, u64)>,
    /// Whether likeness is judged, and not faults alone.
    #[serde(default)]
    pub alike: bool,
}

/// One leg for each address: refused without effect, or the form of the refusals.
pub(super) fn undeclared(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Undeclared = params(UNDECLARED, value)?;
    let one = |place: &Place| {
        let tries = with_numbers(&place.tries, window)?;
        if asked.form {
            return Ok(form(place, &tries));
        }
        let read = change(
            window.exchange(place.before)?,
            window.exchange(place.after)?,
            &asked.ignored,
        );
        let (outcome, actual) = refused(&tries, read);
        let expected = phrase!(
            "setiap metode ditolak (405, 501, 400, 401, 403, atau 404) tanpa akibat",
            "every method is refused (405, 501, 400, 401, 403 or 404) without effect"
        );
        let mut evidence = vec![place.before];
        evidence.extend(&place.tries);
        evidence.push(place.after);
        Ok(Leg::new(place.key.clone(), outcome, expected, actual, evidence))
    };
    asked.places.iter().map(one).collect()
}

type Numbered<'a> = (u64, &'a Exchange);

fn with_numbers<'a>(seqs: &[u64], window: &'a Window) -> Result<Vec<Numbered<'a>>, OracleFault> {
    seqs.iter()
        .map(|seq| window.exchange(*seq).map(|exchange| (*seq, exchange)))
        .collect()
}

fn refused(tries: &[Numbered<'_>], read: Change) -> (Outcome, Phrase) {
    let methods = tries
        .iter()
        .map(|(_, exchange)| exchange.request.method.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    match read {
        Change::Seen(what) => {
            let (id, en) = (what.id, what.en);
            return (
                Outcome::Fail,
                phrase!("sesudah {methods}: {id}", "after {methods}: {en}"),
            );
        }
        Change::Unread(what) => return (Outcome::Inconclusive(Reason::PreconditionUnmet), what),
        Change::None | Change::Unclear(_) => {}
    }
    let succeeded = |(_, exchange): &&Numbered<'_>| exchange.status().is_some_and(is_success);
    if let Some((_, exchange)) = tries.iter().find(succeeded) {
        return (Outcome::Fail, said(exchange));
    }
    if let Change::Unclear(what) = read {
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), what);
    }
    let open: Vec<&Exchange> = tries
        .iter()
        .map(|(_, exchange)| *exchange)
        .filter(|exchange| !is_refusal(exchange))
        .collect();
    match open.last() {
        Some(last) => (Outcome::Inconclusive(unclear_reason(&open)), said(last)),
        None if tries.is_empty() => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak satu metode pun dicoba", "no method was tried"),
        ),
        None => (
            Outcome::Pass,
            phrase!("ditolak tanpa akibat: {methods}", "refused without effect: {methods}"),
        ),
    }
}

/// A refusal that TK-05 takes as one. Another 4xx means that somebody looked at the body, hence that the method is
/// there after all.
fn is_refusal(exchange: &Exchange) -> bool {
    exchange.reading != Reading::Throttled && matches!(exchange.status(), Some(400 | 401 | 403 | 404 | 405 | 410 | 501))
}

/// A method with its answer.
fn said(exchange: &Exchange) -> Phrase {
    let (method, words) = (&exchange.request.method, answer_words(exchange));
    Phrase::new(format!("{method}: {}", words.id), format!("{method}: {}", words.en))
}

/// 404 hides what is there, and 405 must say which methods there are (RFC 9110 §15.5.6).
fn form(place: &Place, tries: &[Numbered<'_>]) -> Leg {
    let odd = |(_, exchange): &&Numbered<'_>| {
        exchange.response().is_some_and(|response| match response.status {
            404 => true,
            405 => header(response, "allow").is_none(),
            _ => false,
        })
    };
    let expected = phrase!(
        "405 dengan Allow, atau penolakan karena hak",
        "405 with Allow, or a refusal for lack of rights"
    );
    if let Some((seq, exchange)) = tries.iter().find(odd) {
        let words = said(exchange);
        let actual = Phrase::new(
            format!("{}, tanpa menyebut metode yang ada", words.id),
            format!("{}, without naming the methods that there are", words.en),
        );
        return Leg::new(&*place.key, Outcome::Fail, expected, actual, vec![*seq]);
    }
    let count = tries.len();
    let actual = phrase!("{count} penolakan demikian", "{count} such refusals");
    Leg::new(&*place.key, Outcome::Pass, expected, actual, place.tries.clone())
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// One leg for each address and method: no echo, and no success.
pub(super) fn trace(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let Traces { tries, mark } = params(TRACE, value)?;
    let one = |(key, seq): &(String, u64)| {
        let exchange = window.exchange(*seq)?;
        let (outcome, actual) = match exchange.response() {
            Some(response) if echoes(response, &mark) => (
                Outcome::Fail,
                phrase!("header penanda dipantulkan", "the marked header is echoed"),
            ),
            Some(response) if is_success(response.status) => (Outcome::Fail, said(exchange)),
            Some(response) if (400..500).contains(&response.status) || response.status == 501 => {
                (Outcome::Pass, said(exchange))
            }
            _ => (Outcome::Inconclusive(unclear_reason(&[exchange])), said(exchange)),
        };
        let expected = phrase!(
            "ditolak, tanpa memantulkan permintaan",
            "refused, without an echo of the request"
        );
        Ok(Leg::new(key.clone(), outcome, expected, actual, vec![*seq]))
    };
    tries.iter().map(one).collect()
}

fn echoes(response: &Response, mark: &str) -> bool {
    let body = response.body.text.as_deref().unwrap_or_default();
    body.contains(mark) || response.headers.iter().any(|(_, value)| value.contains(mark))
}

/// One leg for each address: HEAD is no fault, or is like GET.
pub(super) fn head(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let Heads { pairs, alike } = params(HEAD, value)?;
    let one = |(key, get, head): &(String, u64, u64)| {
        let (got, headed) = (window.exchange(*get)?, window.exchange(*head)?);
        let (outcome, actual) = if got.status().is_some_and(|status| (300..400).contains(&status)) {
            // What is behind such an address is at another one, and the redirect is TK-24's.
            (Outcome::NotApplicable("alamat yang dialihkan".to_owned()), said(got))
        } else if alike {
            likeness(got, headed)
        } else {
            faults(got, headed)
        };
        let expected = if alike {
            phrase!("status dan jenis media seperti GET", "status and media type as for GET")
        } else {
            phrase!("tanpa galat server dan tanpa isi", "no server fault and no body")
        };
        Ok(Leg::new(key.clone(), outcome, expected, actual, vec![*get, *head]))
    };
    pairs.iter().map(one).collect()
}

fn faults(got: &Exchange, headed: &Exchange) -> (Outcome, Phrase) {
    if !got.status().is_some_and(is_success) {
        return (Outcome::Inconclusive(Reason::PreconditionUnmet), said(got));
    }
    match &headed.answer {
        Answer::Response(response) if response.body.len > 0 => (Outcome::Fail, said(headed)),
        // 501 is how a server says that it does not know the method at all.
        Answer::Response(response) if response.status >= 500 && response.status != 501 => (Outcome::Fail, said(headed)),
        Answer::Response(_) if headed.reading != Reading::Throttled => (Outcome::Pass, said(headed)),
        _ => (Outcome::Inconclusive(unclear_reason(&[headed])), said(headed)),
    }
}

fn likeness(got: &Exchange, headed: &Exchange) -> (Outcome, Phrase) {
    let (Some(one), Some(other)) = (got.response(), headed.response()) else {
        return (Outcome::Inconclusive(unclear_reason(&[got, headed])), said(headed));
    };
    let (old, new) = (header(one, "content-type"), header(other, "content-type"));
    if one.status == other.status && old == new {
        return (Outcome::Pass, said(headed));
    }
    let (got, headed) = (said(got), said(headed));
    let actual = Phrase::new(
        format!("{}; {}", got.id, headed.id),
        format!("{}; {}", got.en, headed.en),
    );
    (Outcome::Fail, actual)
}

#[cfg(test)]
mod tests;
