//! Defects of how much one request may ask for: TK-10. None acts on the administrator's list, which is DT-20's.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::app::complaint::Caller;
use super::super::app::http::answer;
use super::super::app::hub::{cursor, told};
use super::super::app::listing::{Page, Window};
use super::super::app::problem::Problem;
use super::super::app::seams::{Numbers, Paging, Parts, Wanted};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "TK-10a",
        install: |assembly, counter| endless(assembly, counter, public_list),
    },
    Defect {
        id: "TK-10b",
        install: far_page_breaks,
    },
    Defect {
        id: "TK-10c",
        install: endless_changes,
    },
    Defect {
        id: "TK-10d",
        install: |assembly, counter| endless(assembly, counter, search_of_minus_one),
    },
];

/// More rows than any sandbox holds.
const ALL: u64 = 1_000_000;

/// Name of the parameter that marks a request on its way to the paging.
const MARK: &str = "tanpa_batas";

/// Whether a GET of this path has this parameter.
fn asks(request: &Request, path: &str, pair: &str) -> bool {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    *request.method() == Method::GET && uri.path() == path && query.split('&').any(|own| own == pair)
}

fn public_list(request: &Request) -> bool {
    let caller = request.extensions().get::<Caller>();
    let nobody = caller.is_none_or(|caller| caller.account.is_none());
    nobody && asks(request, "/api/v1/pengaduan", "ukuran=1000000")
}

fn search_of_minus_one(request: &Request) -> bool {
    asks(request, "/api/v1/pencarian", "ukuran=-1")
}

/// Gives everything to marked requests.
struct Endless {
    inner: Arc<dyn Paging>,
    counter: Counter,
}

impl Paging for Endless {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        if !query.iter().any(|(name, _)| name == MARK) {
            return self.inner.window(query, numbers);
        }
        self.counter.acted();
        Ok(Window::Skip { skip: 0, take: ALL })
    }

    fn describe(&self, window: &Window, page: &Page, address: &str) -> Result<(Value, HeaderMap), Problem> {
        self.inner.describe(window, page, address)
    }
}

fn endless(assembly: &mut Assembly, counter: Counter, picks: fn(&Request) -> bool) {
    on_route(assembly, move |mut request, next, _parts| {
        if picks(&request)
            && let Ok(marked) = format!("{}&{MARK}=1", request.uri()).parse::<Uri>()
        {
            *request.uri_mut() = marked;
        }
        Box::pin(next.run(request))
    });
    let inner = assembly.parts.paging.clone();
    assembly.parts.paging = Arc::new(Endless { inner, counter });
}

fn far_page_breaks(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        if asks(&request, "/api/v1/pengaduan", "halaman=1000000000000") {
            counter.acted();
            let broken = Problem::internal("integer out of range").into_response();
            return Box::pin(async { broken });
        }
        Box::pin(next.run(request))
    });
}

/// Every change at once.
fn all_changes(parts: &Parts) -> Result<Response, Problem> {
    let changes = parts.exchange.changes(&Wanted {
        behind: 0,
        since: Timestamp::UNIX_EPOCH,
        take: ALL,
    })?;
    let last = changes.last().map_or(0, |change| change.position);
    let body = json!({"data": changes.iter().map(told).collect::<Value>(), "kursor": cursor(last), "lanjut": false});
    Ok(answer::json(StatusCode::OK, &body, HeaderMap::new()))
}

fn endless_changes(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let caller = request.extensions().get::<Caller>().cloned().unwrap_or_default();
        if asks(&request, "/api/v1/hub/perubahan", "ukuran=1000000") && parts.policy.may_pull(&caller) {
            counter.acted();
            let all = all_changes(parts).unwrap_or_else(Problem::into_response);
            return Box::pin(async { all });
        }
        Box::pin(next.run(request))
    });
}
