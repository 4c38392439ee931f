//! TK-24: an interface does not send its clients elsewhere. Every 3xx of the run with a `Location`; nothing is followed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Op, Phrase};
use crate::evidence::record::{Credential, Exchange, Reading, Record};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, unclear_reason};
use super::error_form::{header, wants_json};
use super::odd_input::Input;
use super::tally::{Finding, Tally};
use super::{Fold, OracleFault, Window, params};

/// Name of the fold over every exchange.
pub const EVERY_EXCHANGE: &str = "pengalihan";

/// Name of the oracle over provoked redirects.
pub const PROVOKED: &str = "pengalihan_dipancing";

/// Key of the fold's leg that is always there.
pub const WHOLE: &str = "setiap pengalihan";

/// What is asked of redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// They do not lead elsewhere and keep what was asked.
    Limited,
    /// They are declared.
    Declared,
}

/// A redirect that the statement declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// The operation that it answers.
    pub op: Op,
    /// Its status.
    pub status: u16,
    /// The host that it leads to; the application's own where absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub host: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldParams {
    /// Which attempt asks.
    attempt: u8,
    norm: Norm,
    allowed: Vec<Allowed>,
}

/// Parameters of the oracle over provoked redirects.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What is asked.
    pub norm: Norm,
    /// What the statement declares.
    pub allowed: Vec<Allowed>,
    /// What was tried.
    pub inputs: Vec<Input>,
}

/// Where a redirect leads, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the redirect that is judged by itself"
)]
struct Turn {
    op: Op,
    status: u16,
    /// The other host, if it is another.
    host: Option<String>,
    /// To plain HTTP from HTTPS.
    plain: bool,
    /// 301 or 302 of a request that writes.
    write: bool,
    /// To a page where people log in, in place of 401.
    login: bool,
    /// The statement's success rule names the status.
    accepted: bool,
}

impl Turn {
    fn declared(&self, allowed: &[Allowed]) -> bool {
        allowed
            .iter()
            .any(|one| one.op == self.op && one.status == self.status && one.host.as_deref() == self.host.as_deref())
    }

    fn judged(&self, norm: Norm, allowed: &[Allowed]) -> bool {
        if self.declared(allowed) {
            return false;
        }
        let elsewhere = self.host.is_some() || self.plain || self.login;
        // What the success rule names is declared in its own way: it is said, and no more.
        let limited = elsewhere || (self.write && !self.accepted);
        match norm {
            Norm::Limited => limited,
            Norm::Declared => !limited,
        }
    }
}

impl Finding for Turn {
    fn key(&self) -> String {
        let mut key = self.status.to_string();
        let marks = [
            (self.host.is_some(), "host lain"),
            (self.plain, "HTTP polos"),
            (self.write, "tulisan"),
            (self.login, "halaman masuk"),
        ];
        for (_, mark) in marks.iter().filter(|(marked, _)| *marked) {
            key = format!("{key} · {mark}");
        }
        key
    }

    fn expected(&self) -> Phrase {
        phrase!(
            "tidak dialihkan, atau hanya pengalihan yang dinyatakan pada host sendiri, dengan metode yang sama",
            "not redirected, or only by declared redirects on the own host that keep the method"
        )
    }

    fn seen(&self) -> Phrase {
        let status = self.status;
        if let Some(host) = &self.host {
            let host = super::access::bounded(host, 80);
            return phrase!("{status} ke host lain, {host}", "{status} to another host, {host}");
        }
        if self.plain {
            return phrase!("{status} ke HTTP polos", "{status} to plain HTTP");
        }
        if self.login {
            return phrase!(
                "{status} ke halaman masuk sebagai ganti 401",
                "{status} to a login page in place of 401"
            );
        }
        if self.write {
            return phrase!("{status} atas permintaan tulis", "{status} for a request that writes");
        }
        phrase!("{status} yang tidak dinyatakan", "{status} that is not declared")
    }
}

/// The fold.
#[derive(Debug, Default)]
pub(super) struct Redirects(Tally<Turn>);

impl Fold for Redirects {
    fn observe(&mut self, record: &Record) {
        let Some(exchange) = record.exchange() else { return };
        if exchange.response().is_some() {
            self.0.count(record, exchange, turn(exchange));
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: FoldParams = params(EVERY_EXCHANGE, value)?;
        let expected = phrase!(
            "setiap pengalihan diperiksa; temuan mempunyai kakinya sendiri",
            "every redirect is looked at; findings have legs of their own"
        );
        let judged = |turn: &Turn| turn.judged(asked.norm, &asked.allowed);
        Ok(self.0.legs(asked.attempt, WHOLE, expected, judged))
    }

    fn rows_to_repeat(&self) -> Vec<String> {
        self.0.rows(|turn| turn.judged(Norm::Limited, &[]))
    }
}

/// One leg for each thing that was tried.
pub(super) fn provoked(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Params = params(PROVOKED, value)?;
    asked.inputs.iter().map(|input| leg(&asked, input, window)).collect()
}

fn leg(asked: &Params, input: &Input, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "tidak dialihkan, atau hanya pengalihan yang dinyatakan pada host sendiri, dengan metode yang sama",
        "not redirected, or only by declared redirects on the own host that keep the method"
    );
    let leg = |outcome, actual, evidence| Leg::new(&*input.key, outcome, expected, actual, evidence);
    if let Some(claim) = &input.left_out {
        let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
        return Ok(leg(Outcome::NotApplicable(claim.clone()), actual, vec![]));
    }
    let mut last = None;
    for &seq in &input.seqs {
        let exchange = window.exchange(seq)?;
        let found = turn(exchange).filter(|turn| turn.judged(asked.norm, &asked.allowed));
        if let Some(turn) = found {
            return Ok(leg(Outcome::Fail, turn.seen(), vec![seq]));
        }
        last = Some((seq, exchange));
    }
    Ok(match last {
        Some((seq, exchange)) if exchange.response().is_some() => leg(Outcome::Pass, answer_words(exchange), vec![seq]),
        Some((seq, exchange)) => {
            let open = Outcome::Inconclusive(unclear_reason(&[exchange]));
            leg(open, answer_words(exchange), vec![seq])
        }
        None => {
            let actual = phrase!("tidak dicoba", "not tried");
            leg(Outcome::Inconclusive(Reason::PreconditionUnmet), actual, vec![])
        }
    })
}

/// The redirect that an exchange is; 304 and a 201 with `Location` are none.
fn turn(exchange: &Exchange) -> Option<Turn> {
    let response = exchange.response()?;
    let status = response.status;
    if !(300..400).contains(&status) || status == 304 {
        return None;
    }
    let to = header(response, "location")?.trim();
    let from = &exchange.request.url;
    let (own_scheme, own_host, _) = parts(from);
    let (scheme, host, path) = parts(to);
    let elsewhere = host.filter(|host| own_host.as_deref() != Some(host.as_str()));
    let reads = matches!(exchange.request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    Some(Turn {
        op: exchange.op,
        status,
        plain: scheme.as_deref() == Some("http") && own_scheme.as_deref() == Some("https"),
        host: elsewhere,
        write: !reads && matches!(status, 301 | 302),
        // A page that a binding asks for as a page may send people to another page.
        login: (wants_json(exchange) || exchange.credential != Credential::Own)
            && exchange.reading != Reading::Accepted
            && is_login(&path),
        accepted: exchange.reading == Reading::Accepted,
    })
}

/// Scheme, host with port, and path of an address, absolute or relative; in lower case.
fn parts(address: &str) -> (Option<String>, Option<String>, String) {
    // A backslash is a slash to browsers (WHATWG URL), and so to whoever follows.
    let address = address.replace('\\', "/").to_ascii_lowercase();
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            (Some(scheme.to_owned()), rest)
        }
        _ => match address.strip_prefix("//") {
            Some(rest) => (None, rest),
            None => return (None, None, until(&address, &['?', '#'])),
        },
    };
    let host = until(rest, &['/', '?', '#']);
    let path = until(rest.get(host.len()..).unwrap_or_default(), &['?', '#']);
    let host = host.rsplit('@').next().unwrap_or_default();
    let default = match scheme.as_deref() {
        Some("http") => ":80",
        _ => ":443",
    };
    let host = host.strip_suffix(default).unwrap_or(host).to_owned();
    (scheme, Some(host), path)
}

fn until(text: &str, ends: &[char]) -> String {
    text.split(ends).next().unwrap_or_default().to_owned()
}

/// Whether a path is that of a page where people log in.
fn is_login(path: &str) -> bool {
    path.split(['/', '.', '-', '_']).any(|word| LOGIN.contains(&word))
}

const LOGIN: &[&str] = &[
    "login", "masuk", "signin", "logon", "auth", "sso", "cas", "oauth", "oauth2",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, broken, record, window};
    use super::*;
    use crate::evidence::record::{Answer, BrokenKind};

    fn to(status: u16, method: &str, location: &str) -> Exchange {
        let mut exchange = answered(status, vec![]);
        exchange.request.method = method.to_owned();
        exchange.request.url = "https://aduan.test/api/pengaduan/1".to_owned();
        exchange.request.headers = vec![("accept".to_owned(), "application/json".to_owned())];
        if let Answer::Response(response) = &mut exchange.answer {
            response.headers.push(("location".to_owned(), location.to_owned()));
        }
        exchange
    }

    fn asked(norm: &str, exchange: Exchange, allowed: &Value) -> Outcome {
        let params = json!({"norm": norm, "allowed": allowed, "inputs": [{"key": "x", "seqs": [1]}]});
        provoked(&params, &window([exchange])).unwrap().remove(0).outcome
    }

    fn limited(exchange: Exchange) -> Outcome {
        asked("limited", exchange, &json!([]))
    }

    #[test]
    fn what_leads_elsewhere_fails() {
        let wrong = [
            to(302, "GET", "https://contoh.test/"),
            to(302, "GET", "//contoh.test/a"),
            to(302, "GET", "/\\contoh.test/a"),
            to(302, "GET", "https://aduan.test@contoh.test/"),
            to(301, "GET", "http://aduan.test/api/pengaduan/1"),
            to(301, "POST", "/api/pengaduan/"),
            to(302, "POST", "/"),
            to(302, "GET", "/masuk?next=/api/pengaduan/1"),
            to(302, "GET", "https://aduan.test/accounts/login/"),
        ];
        for exchange in wrong {
            assert_eq!(limited(exchange.clone()), Outcome::Fail, "{exchange:?}");
        }
    }

    #[test]
    fn what_stays_passes_and_warns_where_it_is_not_declared() {
        for exchange in [
            to(301, "GET", "/api/pengaduan/1/"),
            to(307, "POST", "/api/pengaduan/"),
            to(
                308,
                "POST",
                "https://aduan.test:443/api/pengaduan/?next=https://contoh.test",
            ),
            to(303, "POST", "/api/pengaduan/1"),
        ] {
            assert_eq!(limited(exchange.clone()), Outcome::Pass, "{exchange:?}");
            assert_eq!(asked("declared", exchange, &json!([])), Outcome::Fail);
        }
        for exchange in [
            to(201, "POST", "https://contoh.test/"),
            to(304, "GET", "/x"),
            answered(302, vec![]),
        ] {
            assert_eq!(limited(exchange.clone()), Outcome::Pass);
            assert_eq!(asked("declared", exchange, &json!([])), Outcome::Pass);
        }
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(limited(broken(BrokenKind::Closed)), open);
    }

    #[test]
    fn what_is_declared_passes() {
        let signed = || to(302, "GET", "https://berkas.test/a?tanda=1");
        let allowed = json!([{"op": "read", "status": 302, "host": "berkas.test"}]);
        assert_eq!(asked("limited", signed(), &allowed), Outcome::Pass);
        assert_eq!(asked("declared", signed(), &allowed), Outcome::Pass);
        let other = to(302, "GET", "https://contoh.test/");
        assert_eq!(asked("limited", other, &allowed), Outcome::Fail);
        let mut accepted = to(302, "POST", "/tickets/view");
        accepted.reading = Reading::Accepted;
        assert_eq!(limited(accepted.clone()), Outcome::Pass);
        assert_eq!(asked("declared", accepted, &json!([])), Outcome::Fail);
        let mut page = to(302, "GET", "/login");
        page.request.headers = vec![("accept".to_owned(), "text/html".to_owned())];
        assert_eq!(limited(page), Outcome::Pass);
    }

    #[test]
    fn the_fold_groups_by_what_was_done() {
        let mut fold = Redirects::default();
        let of_run = [
            to(302, "GET", "/masuk"),
            to(302, "GET", "/masuk"),
            to(308, "GET", "/a"),
            answered(200, vec![]),
        ];
        for (seq, exchange) in (1..).zip(of_run) {
            fold.observe(&record(seq, 1, exchange));
        }
        let ask = |norm: &str| {
            let legs = fold
                .conclude(&json!({"attempt": 1, "norm": norm, "allowed": []}))
                .unwrap();
            legs.into_iter().map(|leg| (leg.key, leg.outcome)).collect::<Vec<_>>()
        };
        let whole = || (WHOLE.to_owned(), Outcome::Pass);
        assert_eq!(
            ask("limited"),
            [whole(), ("read · 302 · halaman masuk".to_owned(), Outcome::Fail)]
        );
        assert_eq!(ask("declared"), [whole(), ("read · 308".to_owned(), Outcome::Fail)]);
    }
}
