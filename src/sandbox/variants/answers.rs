//! Variants of codes, receipts, pace, and of how parameters are read.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};

use super::super::app::database::{Database, words};
use super::super::app::listing::{Clause, NEWEST_FIRST, Page, Scope, Window};
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::{Numbers, Refusals, Search};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::flight::InFlight;
use super::super::wrap::on_route;

fn submits(request: &Request) -> bool {
    *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan"
}

/// Changes the answers of accepted submits.
fn on_receipt(
    assembly: &mut Assembly,
    change: impl Fn(&mut http::response::Parts, &mut Map<String, Value>) + Clone + Send + Sync + 'static,
) {
    on_route(assembly, move |request, next, _parts| {
        let (submit, change) = (submits(&request), change.clone());
        Box::pin(async move {
            let response = next.run(request).await;
            if !submit || !response.status().is_success() {
                return response;
            }
            let (mut head, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let Ok(mut members) = serde_json::from_slice::<Map<String, Value>>(&bytes) else {
                return Response::from_parts(head, Body::from(bytes));
            };
            head.headers.remove(header::CONTENT_LENGTH);
            change(&mut head, &mut members);
            Response::from_parts(head, Body::from(Value::Object(members).to_string()))
        })
    });
}

fn answer_filter(assembly: &mut Assembly, jq: &str) {
    assembly
        .declared
        .binding
        .push(format!("[ikatan.operasi.submit]\njawaban = '{jq}'"));
}

pub(super) fn id_in_location(assembly: &mut Assembly, counter: Counter) {
    answer_filter(assembly, ".body + {id: (.headers.location | split(\"/\") | last)}");
    on_receipt(assembly, move |_, members| {
        members.remove("id");
        counter.acted();
    });
}

pub(super) fn id_in_text(assembly: &mut Assembly, counter: Counter) {
    answer_filter(
        assembly,
        ".body + {id: (.body.pesan | split(\"id \") | last | split(\".\") | first)}",
    );
    on_receipt(assembly, move |head, members| {
        let id = members
            .remove("id")
            .and_then(|id| id.as_str().map(str::to_owned))
            .unwrap_or_default();
        members.insert(
            "pesan".to_owned(),
            json!(format!("Pengaduan Anda kami terima dengan id {id}. Terima kasih.")),
        );
        head.headers.remove(header::LOCATION);
        counter.acted();
    });
}

pub(super) fn accepted_202(assembly: &mut Assembly, counter: Counter) {
    on_receipt(assembly, move |head, _| {
        head.status = StatusCode::ACCEPTED;
        counter.acted();
    });
}

pub(super) fn slow_submit(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let (submit, counter) = (submits(&request), counter.clone());
        Box::pin(async move {
            if submit {
                counter.acted();
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            next.run(request).await
        })
    });
}

/// Submits that are worked on at once; more are sent away.
const AT_ONCE: usize = 16;

/// How long each submit takes at least, so that a burst overlaps on any machine.
const WORK: Duration = Duration::from_millis(40);

fn turned_away(assembly: &mut Assembly, counter: Counter, status: StatusCode) {
    let flight = Arc::new(InFlight::default());
    on_route(assembly, move |request, next, _parts| {
        let submit = submits(&request);
        let full = submit && flight.reach(AT_ONCE, Duration::ZERO);
        let flying = (submit && !full).then(|| flight.take_off());
        let counter = counter.clone();
        Box::pin(async move {
            if !full {
                if submit {
                    tokio::time::sleep(WORK).await;
                }
                let response = next.run(request).await;
                drop(flying);
                return response;
            }
            counter.acted();
            let problem = Problem::new(Kind::TooLarge, "Terlalu banyak kiriman. Coba lagi sesaat lagi.");
            let problem = Problem {
                status: Some(status.as_u16()),
                ..problem
            };
            let mut response = problem.into_response();
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        })
    });
}

pub(super) fn throttled_429(assembly: &mut Assembly, counter: Counter) {
    turned_away(assembly, counter, StatusCode::TOO_MANY_REQUESTS);
}

pub(super) fn busy_503(assembly: &mut Assembly, counter: Counter) {
    turned_away(assembly, counter, StatusCode::SERVICE_UNAVAILABLE);
}

/// One kind of refusal with another code.
struct OtherCode {
    inner: Arc<dyn Refusals>,
    kind: Kind,
    code: u16,
    counter: Counter,
}

impl Refusals for OtherCode {
    fn status(&self, kind: Kind) -> u16 {
        if kind != self.kind {
            return self.inner.status(kind);
        }
        self.counter.acted();
        self.code
    }
}

pub(super) fn code(assembly: &mut Assembly, counter: Counter, kind: Kind, code: u16) {
    let inner = assembly.parts.refusals.clone();
    assembly.parts.refusals = Arc::new(OtherCode {
        inner,
        kind,
        code,
        counter,
    });
}

pub(super) fn move_400(assembly: &mut Assembly, counter: Counter) {
    code(assembly, counter, Kind::Move, 400);
}

pub(super) fn move_403(assembly: &mut Assembly, counter: Counter) {
    code(assembly, counter, Kind::Move, 403);
}

pub(super) fn move_404(assembly: &mut Assembly, counter: Counter) {
    code(assembly, counter, Kind::Move, 404);
}

pub(super) fn move_422(assembly: &mut Assembly, counter: Counter) {
    code(assembly, counter, Kind::Move, 422);
}

pub(super) fn hidden_403(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.policy.push("tersembunyi = 403".to_owned());
    code(assembly, counter, Kind::Foreign, 403);
}

pub(super) fn bad_token_400(assembly: &mut Assembly, counter: Counter) {
    code(assembly, counter, Kind::BadCredential, 400);
}

/// Methods of RFC 9110 §9 and RFC 5789.
const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::CONNECT,
    Method::OPTIONS,
    Method::TRACE,
    Method::PATCH,
];

pub(super) fn unknown_method_501(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let known = METHODS.contains(request.method());
        let counter = counter.clone();
        Box::pin(async move {
            if known {
                return next.run(request).await;
            }
            counter.acted();
            Problem {
                status: Some(501),
                ..Problem::new(Kind::Method, "Metode ini tidak dikenal.")
            }
            .into_response()
        })
    });
}

pub(super) fn quotes_400(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let query = request.uri().query().unwrap_or_default().to_ascii_lowercase();
        let quoted = ["'", "\"", "%27", "%22"].iter().any(|quote| query.contains(quote));
        let counter = counter.clone();
        Box::pin(async move {
            if !quoted {
                return next.run(request).await;
            }
            counter.acted();
            Problem::new(Kind::Malformed, "Parameter tidak boleh memuat tanda kutip.").into_response()
        })
    });
}

/// Every word, cut at whatever is no letter and no digit, must stand somewhere in a word of the complaint.
struct WithoutMarks {
    inner: Arc<dyn Search>,
    database: Arc<Database>,
    counter: Counter,
}

impl Search for WithoutMarks {
    fn find(&self, scope: &Scope, text: &str, window: &Window) -> Result<Page, Problem> {
        let bare: String = text
            .chars()
            .map(|character| if character.is_alphanumeric() { character } else { ' ' })
            .collect();
        let wanted = words(&bare);
        if bare == text || wanted.is_empty() {
            return self.inner.find(scope, text, window);
        }
        self.counter.acted();
        let mut clause = Clause::of(scope, &[]);
        for word in wanted.into_iter().take(20) {
            let condition = "EXISTS (SELECT 1 FROM kata k WHERE k.pengaduan = p.id AND instr(k.kata, ?) > 0)";
            clause.and(condition, [word.into()]);
        }
        self.database.page(clause, NEWEST_FIRST, window)
    }
}

pub(super) fn search_without_marks(assembly: &mut Assembly, counter: Counter) {
    let (inner, database) = (assembly.parts.search.clone(), assembly.database.clone());
    assembly.parts.search = Arc::new(WithoutMarks {
        inner,
        database,
        counter,
    });
}

/// Reads the text up to the first quote.
struct CutAtQuote {
    inner: Arc<dyn Search>,
    counter: Counter,
}

impl Search for CutAtQuote {
    fn find(&self, scope: &Scope, text: &str, window: &Window) -> Result<Page, Problem> {
        let cut = text.split(['\'', '"']).next().unwrap_or_default();
        if cut.len() < text.len() {
            self.counter.acted();
        }
        self.inner.find(scope, cut, window)
    }
}

pub(super) fn search_cut_at_quote(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.search.clone();
    assembly.parts.search = Arc::new(CutAtQuote { inner, counter });
}

/// Reads the digits that a text begins with.
struct Lenient {
    inner: Arc<dyn Numbers>,
    counter: Counter,
}

impl Numbers for Lenient {
    fn parse(&self, name: &str, text: &str) -> Option<i64> {
        let end = text
            .bytes()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(text.len());
        if end < text.len() {
            self.counter.acted();
        }
        self.inner.parse(name, text.get(..end)?)
    }
}

pub(super) fn lenient_numbers(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.numbers.clone();
    assembly.parts.numbers = Arc::new(Lenient { inner, counter });
}
