//! TK-04: what is sent under another media type is not stored, what is asked for in an odd type is answered soberly,
//! and every answer with a body names the body's type.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Op, Phrase};
use crate::evidence::record::{Answer, Exchange, Reading, Record, Response};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, bounded, is_success, unclear_reason};
use super::error_form::{header, media_type};
use super::tally::{Finding, Tally};
use super::{Fold, OracleFault, Window, params};

/// Name of the oracle of submissions.
pub const SENT: &str = "jenis_media_kiriman";

/// Name of the oracle of wishes for an answer's type.
pub const WISHED: &str = "jenis_media_pilihan";

/// Name of the fold.
pub const EVERY_EXCHANGE: &str = "jenis_media_jawaban";

/// Key of the leg that is always there.
pub const WHOLE: &str = "seluruh jawaban berisi";

/// What is expected of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// The type is not declared: nothing is stored.
    Refused,
    /// Both is lawful, but not a fault.
    Either,
    /// The type is declared: it is stored.
    Stored,
}

/// One submission.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// Key of its leg.
    pub key: String,
    /// Number of the complaint that was sent.
    pub fixture: u32,
    /// Its exchanges.
    pub seqs: Vec<u64>,
    /// What is expected.
    pub wanted: Wanted,
    /// Why it was not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
}

/// Parameters of [`SENT`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submissions {
    /// The submissions.
    pub sent: Vec<Submission>,
    /// The pages of the list that were read afterwards.
    pub pages: Vec<u64>,
    /// Whether they are the whole list.
    pub complete: bool,
}

/// Parameters of [`WISHED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    /// Key of the leg, the plain read, and the read with the wish.
    pub tries: Vec<(String, u64, u64)>,
}

/// One leg for each submission.
pub(super) fn sent(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Submissions = params(SENT, value)?;
    let pages: Vec<&Exchange> = exchanges(&asked.pages, window)?;
    let shown = |fixture: u32| {
        let hit = |exchange: &&&Exchange| {
            let mut hits = exchange.facts.canaries.iter();
            hits.any(|hit| hit.fixture == fixture && hit.place.starts_with("body"))
        };
        pages.iter().any(|page| hit(&page))
    };
    let one = |submission: &Submission| {
        let tries = exchanges(&submission.seqs, window)?;
        let (outcome, actual) = match &submission.left_out {
            Some(why) => (
                Outcome::NotApplicable(why.clone()),
                phrase!("tidak dikirim: {why}", "not sent: {why}"),
            ),
            None => stored(submission.wanted, shown(submission.fixture), asked.complete, &tries),
        };
        let expected = match submission.wanted {
            Wanted::Refused => phrase!("ditolak dan tidak tersimpan", "refused and not stored"),
            Wanted::Either => phrase!("ditolak, atau tersimpan sebagai JSON", "refused, or stored as JSON"),
            Wanted::Stored => phrase!("diterima dan tersimpan", "accepted and stored"),
        };
        let evidence = submission.seqs.iter().chain(&asked.pages).copied().collect();
        Ok(Leg::new(submission.key.clone(), outcome, expected, actual, evidence))
    };
    asked.sent.iter().map(one).collect()
}

fn exchanges<'a>(seqs: &[u64], window: &'a Window) -> Result<Vec<&'a Exchange>, OracleFault> {
    seqs.iter().map(|seq| window.exchange(*seq)).collect()
}

fn stored(wanted: Wanted, shown: bool, complete: bool, tries: &[&Exchange]) -> (Outcome, Phrase) {
    let Some(first) = tries.first() else {
        let actual = phrase!("tidak dikirim", "not sent");
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), actual);
    };
    let words = answer_words(first);
    let place = if shown {
        ("tersimpan", "stored")
    } else {
        ("tidak tersimpan", "not stored")
    };
    let actual = Phrase::new(
        format!("{}; {}", words.id, place.0),
        format!("{}; {}", words.en, place.1),
    );
    let refused = first.reading != Reading::Throttled
        && first.status().is_some_and(|status| (400..500).contains(&status))
        || matches!(first.reading, Reading::Refused | Reading::NotFound);
    let open = Outcome::Inconclusive(unclear_reason(tries));
    let outcome = match wanted {
        Wanted::Refused if shown => Outcome::Fail,
        Wanted::Either | Wanted::Stored if shown => Outcome::Pass,
        Wanted::Stored if refused => Outcome::Fail,
        Wanted::Refused | Wanted::Either if refused && complete => Outcome::Pass,
        _ => open,
    };
    (outcome, actual)
}

/// One leg for each wish: no server fault, and no HTML in the place of what is declared.
pub(super) fn wished(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let Wishes { tries } = params(WISHED, value)?;
    let one = |(key, plain, wish): &(String, u64, u64)| {
        let (control, tried) = (window.exchange(*plain)?, window.exchange(*wish)?);
        let (outcome, actual) = sober(control, tried);
        let expected = phrase!(
            "jenis yang dinyatakan, atau penolakan seperti 406",
            "the declared type, or a refusal such as 406"
        );
        Ok(Leg::new(key.clone(), outcome, expected, actual, vec![*plain, *wish]))
    };
    tries.iter().map(one).collect()
}

fn sober(control: &Exchange, tried: &Exchange) -> (Outcome, Phrase) {
    let said = |exchange: &Exchange| {
        let words = answer_words(exchange);
        let label = exchange.response().map(media_type).unwrap_or_default();
        let label = bounded(&label, 60);
        Phrase::new(format!("{} ({label})", words.id), format!("{} ({label})", words.en))
    };
    let plain = control.response().filter(|response| is_success(response.status));
    let Some(plain) = plain else {
        return (Outcome::Inconclusive(Reason::PreconditionUnmet), said(control));
    };
    let outcome = match tried.response() {
        Some(response) if response.status >= 500 => Outcome::Fail,
        Some(response) if is_success(response.status) && is_html(response) && !is_html(plain) => Outcome::Fail,
        Some(response) if is_success(response.status) => Outcome::Pass,
        Some(response) if (400..500).contains(&response.status) && tried.reading != Reading::Throttled => Outcome::Pass,
        _ => Outcome::Inconclusive(unclear_reason(&[tried])),
    };
    (outcome, said(tried))
}

fn is_html(response: &Response) -> bool {
    matches!(media_type(response).as_str(), "text/html" | "application/xhtml+xml")
}

/// What is wrong with the label of a body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    /// There is none, or none that can be read.
    None,
    /// A web page under another name.
    Page(String),
    /// JSON under the name of a web page, which a browser would run.
    JsonAsPage,
}

impl Finding for Label {
    fn key(&self) -> String {
        match self {
            Self::None => "tanpa jenis media".to_owned(),
            Self::Page(label) => format!("HTML sebagai {label}"),
            Self::JsonAsPage => "JSON sebagai HTML".to_owned(),
        }
    }

    fn expected(&self) -> Phrase {
        phrase!(
            "Content-Type ada dan sesuai isinya",
            "a Content-Type that fits the body"
        )
    }

    fn seen(&self) -> Phrase {
        match self {
            Self::None => phrase!("isi tanpa Content-Type", "a body without Content-Type"),
            Self::Page(label) => phrase!("halaman HTML disebut {label}", "a web page called {label}"),
            Self::JsonAsPage => phrase!("JSON disebut HTML", "JSON called HTML"),
        }
    }
}

/// Parameters of the fold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldParams {
    /// Which attempt asks.
    attempt: u8,
}

/// The fold.
#[derive(Debug, Default)]
pub(super) struct Labels {
    tally: Tally<Label>,
}

impl Fold for Labels {
    fn observe(&mut self, record: &Record) {
        let Some(exchange) = record.exchange() else { return };
        let Answer::Response(response) = &exchange.answer else {
            return;
        };
        if response.body.len > 0 {
            self.tally.count(record, exchange, label(exchange, response));
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: FoldParams = params(EVERY_EXCHANGE, value)?;
        let expected = phrase!(
            "setiap jawaban berisi diperiksa; temuan mempunyai kakinya sendiri",
            "every answer with a body is looked at; findings have legs of their own"
        );
        Ok(self.tally.legs(asked.attempt, WHOLE, expected, |_| true))
    }

    fn rows_to_repeat(&self) -> Vec<String> {
        self.tally.rows(|_| true)
    }
}

fn label(exchange: &Exchange, response: &Response) -> Option<Label> {
    let label = media_type(response);
    if header(response, "content-type").is_none() || !label.contains('/') {
        return Some(Label::None);
    }
    // The type of a file is its sender's.
    if exchange.op == Op::Download {
        return None;
    }
    let text = response.body.text.as_deref().unwrap_or_default().trim_start();
    let start: String = text.chars().take(15).collect::<String>().to_ascii_lowercase();
    let page = start.starts_with("<!doctype html") || start.starts_with("<html");
    if page && !is_html(response) && label != "message/http" {
        return Some(Label::Page(bounded(&label, 60)));
    }
    let json = exchange.facts.json && text.starts_with(['{', '[']);
    (json && is_html(response)).then_some(Label::JsonAsPage)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, canary, record, window};
    use super::*;
    use crate::evidence::record::Body;

    fn sent_as(wanted: &str, status: u16, shown: bool, complete: bool) -> Outcome {
        let hits = if shown {
            vec![canary(4, "isi", false, "body:/butir/0/isi")]
        } else {
            vec![]
        };
        let window = window([answered(status, vec![]), answered(200, hits)]);
        let params = json!({
            "sent": [{"key": "x", "fixture": 4, "seqs": [1], "wanted": wanted}], "pages": [2], "complete": complete,
        });
        sent(&params, &window).unwrap().remove(0).outcome
    }

    #[test]
    fn what_is_not_declared_is_not_stored() {
        assert_eq!(sent_as("refused", 415, false, true), Outcome::Pass);
        assert_eq!(sent_as("refused", 201, true, true), Outcome::Fail);
        assert_eq!(sent_as("refused", 415, true, true), Outcome::Fail);
        for (status, complete) in [(201, true), (500, true), (415, false), (429, true)] {
            assert!(
                matches!(sent_as("refused", status, false, complete), Outcome::Inconclusive(_)),
                "{status}"
            );
        }
    }

    #[test]
    fn what_is_declared_is_stored_and_what_is_free_is_free() {
        assert_eq!(sent_as("stored", 201, true, true), Outcome::Pass);
        assert_eq!(sent_as("stored", 415, false, true), Outcome::Fail);
        assert!(matches!(sent_as("stored", 500, false, true), Outcome::Inconclusive(_)));
        assert_eq!(sent_as("either", 201, true, true), Outcome::Pass);
        assert_eq!(sent_as("either", 415, false, true), Outcome::Pass);
    }

    fn labelled(status: u16, label: Option<&str>, text: &str) -> Exchange {
        let mut exchange = answered(status, vec![]);
        exchange.facts.json = serde_json::from_str::<Value>(text).is_ok();
        if let Answer::Response(response) = &mut exchange.answer {
            response.headers = label
                .map(|label| ("content-type".to_owned(), label.to_owned()))
                .into_iter()
                .collect();
            response.body = Body {
                len: text.len() as u64,
                sha256: String::new(),
                text: Some(text.to_owned()),
            };
        }
        exchange
    }

    #[test]
    fn an_odd_wish_is_answered_soberly() {
        let wish = |tried| {
            let window = window([labelled(200, Some("application/json"), "{}"), tried]);
            wished(&json!({"tries": [["x", 1, 2]]}), &window)
                .unwrap()
                .remove(0)
                .outcome
        };
        assert_eq!(wish(labelled(200, Some("application/json"), "{}")), Outcome::Pass);
        assert_eq!(wish(labelled(406, Some("application/json"), "{}")), Outcome::Pass);
        assert_eq!(wish(labelled(200, Some("text/html"), "<html>")), Outcome::Fail);
        assert_eq!(wish(labelled(500, Some("application/json"), "{}")), Outcome::Fail);
        assert!(matches!(wish(labelled(302, None, "")), Outcome::Inconclusive(_)));
    }

    #[test]
    fn every_body_has_a_fitting_label() {
        let judged = |exchange: Exchange| {
            let mut fold = Labels::default();
            fold.observe(&record(1, 1, exchange));
            fold.conclude(&json!({"attempt": 1}))
                .unwrap()
                .iter()
                .any(|leg| leg.outcome == Outcome::Fail)
        };
        assert!(!judged(labelled(200, Some("application/json; charset=utf-8"), "{}")));
        assert!(!judged(labelled(204, None, "")));
        assert!(!judged(labelled(200, Some("text/html"), "<!DOCTYPE html><p>")));
        assert!(judged(labelled(415, None, "{}")));
        assert!(judged(labelled(200, Some("application/json"), "<!DOCTYPE html><p>")));
        assert!(judged(labelled(200, Some("text/html"), "{\"isi\": 1}")));
    }
}
