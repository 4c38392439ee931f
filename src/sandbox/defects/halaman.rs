//! Defects of the size of a page: DT-20. All act on the administrator's list alone.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::IntoResponse as _;
use http::{HeaderMap, Method, Uri};
use serde_json::Value;

use super::super::app::complaint::Caller;
use super::super::app::listing::{Page, Window};
use super::super::app::paging::MOST;
use super::super::app::problem::Problem;
use super::super::app::seams::{Numbers, Paging};
use super::super::app::words::Role;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-20a",
        install: |assembly, counter| sized(assembly, counter, "1", |_, _| (0, 10)),
    },
    Defect {
        id: "DT-20b",
        install: |assembly, counter| sized(assembly, counter, "100000", |page, size| ((page - 1) * size, size)),
    },
    Defect {
        id: "DT-20c",
        install: broken_on_words,
    },
    Defect {
        id: "DT-20d",
        install: |assembly, counter| sized(assembly, counter, "101", |page, size| ((page - 1) * size, MOST)),
    },
];

/// Name of the parameter that marks a request of the administrator on its way to the paging.
const MARK: &str = "daftar_admin";

/// The size that an administrator's list is asked for.
fn size_of(request: &Request) -> Option<&str> {
    let admin = request
        .extensions()
        .get::<Caller>()
        .is_some_and(|caller| caller.role() == Some(Role::Admin));
    let uri = request.uri();
    let list = *request.method() == Method::GET && uri.path() == "/api/v1/pengaduan";
    let query = uri.query().filter(|_| admin && list)?;
    query.split('&').find_map(|pair| pair.strip_prefix("ukuran="))
}

/// Takes another part of the list than was asked for: rows to skip and rows to take, by page and size.
struct Sized {
    inner: Arc<dyn Paging>,
    counter: Counter,
    part: fn(u64, u64) -> (u64, u64),
}

impl Paging for Sized {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        let value = |name: &str| query.iter().find(|(given, _)| given == name).map(|(_, value)| value);
        if value(MARK).is_none() {
            return self.inner.window(query, numbers);
        }
        self.counter.acted();
        let number = |name: &str| value(name).and_then(|text| text.parse::<u64>().ok());
        let (page, size) = (number("halaman").unwrap_or(1).max(1), number("ukuran").unwrap_or(1));
        let (skip, take) = (self.part)(page, size);
        Ok(Window::Skip { skip, take })
    }

    fn describe(&self, window: &Window, page: &Page, address: &str) -> Result<(Value, HeaderMap), Problem> {
        let (mut shown, headers) = self.inner.describe(window, page, address)?;
        let asked = address.split('&').any(|pair| pair.contains(MARK));
        let asked = asked.then(|| address.split(['&', '?']).find_map(|pair| pair.strip_prefix("halaman=")));
        if let Some(number) = asked.flatten().and_then(|text| text.parse::<u64>().ok()) {
            // The page after this one, whatever rows it really held.
            let next = page.next.as_ref().map(|_| number + 1);
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("berikut".to_owned(), serde_json::json!(next));
            }
        }
        Ok((shown, headers))
    }
}

fn sized(assembly: &mut Assembly, counter: Counter, size: &'static str, part: fn(u64, u64) -> (u64, u64)) {
    on_route(assembly, move |mut request, next, _parts| {
        if size_of(&request) == Some(size) {
            let marked = format!("{}&{MARK}=1", request.uri());
            if let Ok(marked) = marked.parse::<Uri>() {
                *request.uri_mut() = marked;
            }
        }
        Box::pin(next.run(request))
    });
    let inner = assembly.parts.paging.clone();
    assembly.parts.paging = Arc::new(Sized { inner, counter, part });
}

fn broken_on_words(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        if size_of(&request) == Some("abc") {
            counter.acted();
            let broken = Problem::internal("invalid digit found in string").into_response();
            return Box::pin(async { broken });
        }
        Box::pin(next.run(request))
    });
}
