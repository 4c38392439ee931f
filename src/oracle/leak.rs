//! KM-32: answers that show the inside of the application, and errors that repeat private values or tokens. Knows
//! nothing of what provoked them.

mod inside;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Record};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use self::inside::{Inside, inside};
use super::access::{answer_words, unclear_reason};
use super::odd_input::Input;
use super::tally::{Finding, Tally};
use super::{Fold, OracleFault, Window, params};

/// Name of the fold over every exchange.
pub const EVERY_EXCHANGE: &str = "jawaban_bocor";

/// Name of the oracle over provoked errors.
pub const PROVOKED: &str = "galat_bocor";

/// Key of the fold's leg that is always there.
pub const WHOLE: &str = "setiap jawaban";

/// Key of the leg about how many errors there were.
pub const ENOUGH: &str = "galat yang terpancing";

/// What is asked of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// They show nothing of the inside.
    Inside,
    /// Errors repeat no private value and no token.
    Repeated,
    /// Errors name no class.
    Class,
    /// There was an error at all; for the oracle over provoked errors alone.
    Enough,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldParams {
    /// Which attempt asks.
    attempt: u8,
    norm: Norm,
    /// Whether accounts fix the reporters' data: then a page may greet the one who asks by name.
    #[serde(default)]
    fixed: bool,
}

/// Parameters of the oracle over provoked errors.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What is asked.
    pub norm: Norm,
    /// What was provoked.
    pub inputs: Vec<Input>,
}

/// What an answer gives away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Leak {
    Inside(Inside),
    /// A private value; whether the request carried data of its own.
    Private {
        field: String,
        sent: bool,
    },
    /// A token or password of the request.
    Credential,
}

impl Leak {
    fn judged(&self, norm: Norm, fixed: bool) -> bool {
        match (self, norm) {
            (Self::Inside(Inside::Class), norm) => norm == Norm::Class,
            (Self::Inside(_), Norm::Inside) | (Self::Credential, Norm::Repeated) => true,
            (Self::Private { sent, .. }, Norm::Repeated) => *sent || !fixed,
            _ => false,
        }
    }
}

impl Finding for Leak {
    fn key(&self) -> String {
        match self {
            Self::Inside(Inside::Stack(language)) => format!("jejak tumpukan {language}"),
            Self::Inside(Inside::Sql) => "perintah SQL".to_owned(),
            Self::Inside(Inside::Path) => "jalur server".to_owned(),
            Self::Inside(Inside::Class) => "nama kelas".to_owned(),
            Self::Private { field, sent: true } => format!("{field} diulang"),
            Self::Private { field, sent: false } => field.clone(),
            Self::Credential => "kredensial diulang".to_owned(),
        }
    }

    fn expected(&self) -> Phrase {
        phrase!(
            "pesan umum tanpa bagian dalam aplikasi, data pribadi, atau token",
            "a general message without the inside of the application, private data or tokens"
        )
    }

    fn seen(&self) -> Phrase {
        match self {
            Self::Inside(Inside::Stack(language)) => phrase!(
                "jawaban memuat sekurang-kurangnya dua bingkai tumpukan {language}",
                "an answer holds at least two stack frames of {language}"
            ),
            Self::Inside(Inside::Sql) => phrase!(
                "jawaban memuat perintah SQL di samping kata-kata penggerak basis data",
                "an answer holds the text of a query beside words of a database driver"
            ),
            Self::Inside(Inside::Path) => phrase!(
                "jawaban memuat jalur mutlak pada server beserta nomor baris",
                "an answer holds an absolute path of the server with a line number"
            ),
            Self::Inside(Inside::Class) => phrase!(
                "galat memuat nama kelas pengecualian",
                "an error holds the name of an exception's class"
            ),
            Self::Private { field, .. } => phrase!(
                "galat memuat nilai penuh {field}",
                "an error holds the full value of {field}"
            ),
            Self::Credential => phrase!(
                "galat mengulang kredensial permintaannya",
                "an error repeats the credential of its request"
            ),
        }
    }
}

/// The fold.
#[derive(Debug, Default)]
pub(super) struct Leaks {
    tally: Tally<Leak>,
    /// Texts that look like an inside and were sent by us: stored and shown again, they are no leak.
    sent: BTreeSet<String>,
}

impl Fold for Leaks {
    fn observe(&mut self, record: &Record) {
        let Some(exchange) = record.exchange() else { return };
        if self.sent.len() < MOST_SENT {
            self.sent.extend(sent(exchange));
        }
        if exchange.response().is_some() {
            self.tally.count(record, exchange, leaks(exchange, &self.sent));
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: FoldParams = params(EVERY_EXCHANGE, value)?;
        let expected = phrase!(
            "setiap jawaban diperiksa; temuan mempunyai kakinya sendiri",
            "every answer is looked at; findings have legs of their own"
        );
        let judged = |leak: &Leak| leak.judged(asked.norm, asked.fixed);
        Ok(self.tally.legs(asked.attempt, WHOLE, expected, judged))
    }

    fn rows_to_repeat(&self) -> Vec<String> {
        self.tally.rows(|leak| *leak != Leak::Inside(Inside::Class))
    }
}

/// One leg for each provoked error; for [`Norm::Enough`] one for all.
pub(super) fn provoked(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Params = params(PROVOKED, value)?;
    if asked.norm == Norm::Enough {
        return enough(&asked, window).map(|leg| vec![leg]);
    }
    asked
        .inputs
        .iter()
        .map(|input| leg(asked.norm, input, window))
        .collect()
}

fn leg(norm: Norm, input: &Input, window: &Window) -> Result<Leg, OracleFault> {
    let expected = Leak::Credential.expected();
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
    let words = answer_words(exchange);
    if exchange.response().is_none() {
        return Ok(leg(
            Outcome::Inconclusive(unclear_reason(&[exchange])),
            words,
            vec![seq],
        ));
    }
    let found = leaks(exchange, &sent(exchange));
    // What is provoked here carries its own values: a private value that comes back was repeated.
    Ok(match found.iter().find(|leak| leak.judged(norm, true)) {
        Some(leak) => leg(Outcome::Fail, leak.seen(), vec![seq]),
        None => leg(Outcome::Pass, words, vec![seq]),
    })
}

fn enough(asked: &Params, window: &Window) -> Result<Leg, OracleFault> {
    let mut errors = Vec::new();
    for &seq in asked.inputs.iter().flat_map(|input| &input.seqs) {
        if window.exchange(seq)?.status().is_some_and(|status| status >= 400) {
            errors.push(seq);
        }
    }
    let count = errors.len();
    let outcome = if count == 0 { Outcome::Fail } else { Outcome::Pass };
    let expected = phrase!(
        "sekurang-kurangnya satu masukan ditolak",
        "at least one input was refused"
    );
    let actual = phrase!("{count} masukan ditolak", "{count} inputs were refused");
    Ok(Leg::new(ENOUGH, outcome, expected, actual, errors))
}

/// What of an answer gives something away.
fn leaks(exchange: &Exchange, sent: &BTreeSet<String>) -> Vec<Leak> {
    let Some(response) = exchange.response() else {
        return Vec::new();
    };
    let error = response.status >= 400;
    let text = response.body.text.as_deref().unwrap_or_default();
    let shown = inside(text).into_iter().filter_map(|shown| shown.without(sent));
    let mut found: Vec<_> = shown
        .map(|shown| shown.inside)
        .filter(|inside| error || *inside != Inside::Class)
        .map(Leak::Inside)
        .collect();
    if !error {
        return found;
    }
    let carried = exchange.request.body.is_some();
    let private = exchange.facts.answer_canaries().filter(|hit| hit.private);
    let fields: BTreeSet<_> = private.map(|hit| hit.field.clone()).collect();
    found.extend(fields.into_iter().map(|field| {
        let in_url = |hit: &crate::evidence::record::CanaryHit| hit.place == "url" && hit.field == field;
        let sent = carried || exchange.facts.canaries.iter().any(in_url);
        Leak::Private { field, sent }
    }));
    // A cookie that an error sets is the session's upkeep.
    let headers = response
        .headers
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("set-cookie"));
    let mut answered = headers
        .map(|(_, value)| value.as_str())
        .chain([text])
        .flat_map(credentials);
    let own: BTreeSet<_> = exchange
        .request
        .headers
        .iter()
        .map(|(_, value)| value.as_str())
        .chain([exchange.request.url.as_str()])
        .chain(exchange.request.body.iter().filter_map(|body| body.text.as_deref()))
        .flat_map(credentials)
        .collect();
    if answered.any(|placeholder| own.contains(placeholder)) {
        found.push(Leak::Credential);
    }
    found
}

/// Texts of a request that look like an inside.
fn sent(exchange: &Exchange) -> BTreeSet<String> {
    let body = exchange.request.body.as_ref().and_then(|body| body.text.as_deref());
    let texts = [Some(exchange.request.url.as_str()), body].into_iter().flatten();
    texts.flat_map(inside).flat_map(|shown| shown.texts).collect()
}

/// Placeholders of hidden values, such as `‹token#1›`; those of identity numbers apart, which canaries tell.
fn credentials(text: &str) -> impl Iterator<Item = &str> {
    text.split('‹').skip(1).filter_map(|rest| {
        let inner = rest.split_once('›')?.0;
        let kind = inner.split_once('#')?.0;
        (kind != "nik").then_some(inner)
    })
}

/// Texts of our own that are kept.
const MOST_SENT: usize = 10_000;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, broken, canary, record, window};
    use super::*;
    use crate::evidence::record::{Answer, Body, BrokenKind};

    const STACK: &str = "at id.App.f(App.java:1)\nat id.App.g(App.java:2)";
    const SQL: &str = "SQLSTATE[42601] SELECT id FROM pengaduan";

    fn with(status: u16, text: &str) -> Exchange {
        let mut exchange = answered(status, vec![]);
        if let Answer::Response(response) = &mut exchange.answer {
            response.body.text = Some(text.to_owned());
        }
        exchange
    }

    fn sends(mut exchange: Exchange, text: &str) -> Exchange {
        exchange.request.body = Some(Body {
            text: Some(text.to_owned()),
            ..Body::default()
        });
        exchange
    }

    fn outcome(norm: &str, exchange: Exchange) -> Outcome {
        let params = json!({"norm": norm, "inputs": [{"key": "x", "seqs": [1]}]});
        provoked(&params, &window([exchange])).unwrap().remove(0).outcome
    }

    #[test]
    fn general_messages_pass() {
        let named = with(422, r#"{"detail": "nik: harus 16 angka", "id_korelasi": "b7e2"}"#);
        for norm in ["inside", "repeated", "class"] {
            assert_eq!(outcome(norm, named.clone()), Outcome::Pass);
            assert_eq!(outcome(norm, with(200, "{}")), Outcome::Pass);
        }
        assert_eq!(outcome("enough", named), Outcome::Pass);
        assert_eq!(outcome("enough", with(200, "")), Outcome::Fail);
    }

    #[test]
    fn each_leak_fails_its_norm() {
        assert_eq!(outcome("inside", with(500, STACK)), Outcome::Fail);
        assert_eq!(outcome("inside", with(200, SQL)), Outcome::Fail);
        assert_eq!(outcome("class", with(400, "ValidationError")), Outcome::Fail);
        assert_eq!(outcome("inside", with(400, "ValidationError")), Outcome::Pass);
        let mut repeated = sends(with(422, "…"), "{}");
        repeated.facts.canaries = vec![canary(4, "pelapor.nik", true, "body:/detail")];
        assert_eq!(outcome("repeated", repeated), Outcome::Fail);
        let mut token = with(401, "");
        token.request.headers = vec![("authorization".to_owned(), "Bearer ‹token_ubahan#2›".to_owned())];
        let Answer::Response(response) = &mut token.answer else {
            unreachable!()
        };
        response.headers.push((
            "www-authenticate".to_owned(),
            "Bearer error=‹token_ubahan#2›".to_owned(),
        ));
        assert_eq!(outcome("repeated", token), Outcome::Fail);
    }

    #[test]
    fn what_the_request_held_or_another_value_is_is_no_leak() {
        assert_eq!(outcome("inside", sends(with(200, STACK), STACK)), Outcome::Pass);
        let mut other = with(401, r#"{"csrf": "‹rahasia#1›"}"#);
        other.request.headers = vec![("authorization".to_owned(), "Bearer ‹token#1›".to_owned())];
        assert_eq!(outcome("repeated", other), Outcome::Pass);
        let mut public = sends(with(422, ""), "{}");
        public.facts.canaries = vec![canary(4, "isi", false, "body:/detail")];
        assert_eq!(outcome("repeated", public), Outcome::Pass);
        let timeout = outcome("inside", broken(BrokenKind::Timeout));
        assert_eq!(timeout, Outcome::Inconclusive(Reason::InsufficientEvidence));
    }

    #[test]
    fn the_fold_remembers_what_was_stored_and_knows_fixed_accounts() {
        let mut greeted = with(404, "Masuk sebagai warga");
        greeted.facts.canaries = vec![canary(1, "pelapor.email", true, "body@3")];
        let mut fold = Leaks::default();
        for (seq, exchange) in (1..).zip([sends(with(201, ""), STACK), with(200, STACK), greeted, with(200, SQL)]) {
            fold.observe(&record(seq, 1, exchange));
        }
        let ask = |norm: &str, fixed: bool| {
            let legs = fold
                .conclude(&json!({"attempt": 1, "norm": norm, "fixed": fixed}))
                .unwrap();
            legs.into_iter().map(|leg| leg.key).collect::<Vec<_>>()
        };
        assert_eq!(ask("inside", false), [WHOLE, "read · perintah SQL"]);
        assert_eq!(ask("repeated", false), [WHOLE, "read · pelapor.email"]);
        assert_eq!(ask("repeated", true), [WHOLE]);
    }
}
