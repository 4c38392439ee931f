//! Defects of the area *teknologi*: TK-20. Panics unwind without the panic hook: the process that carries the sandbox must not take them for its own.

use std::panic::resume_unwind;
use std::sync::Arc;

use axum::response::IntoResponse as _;
use http::header;
use http::request::Parts as Head;

use super::super::app::problem::Problem;
use super::super::app::seams::Listener;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{StoreWith, on_route};
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "TK-20a",
        install: language_panics,
    },
    Defect {
        id: "TK-20b",
        install: range_fails,
    },
    Defect {
        id: "TK-20c",
        install: zero_byte_hangs_up,
    },
    Defect {
        id: "TK-20d",
        install: divides_by_zero,
    },
];

/// Languages that the defective application has texts for.
const LANGUAGES: &[&str] = &["*", "id", "en"];

/// Looks the first language up in a table and panics where it is not there.
fn language_panics(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let given = request
            .headers()
            .get(header::ACCEPT_LANGUAGE)
            .map(|value| value.to_str().unwrap_or_default().to_owned());
        let counter = counter.clone();
        Box::pin(async move {
            let language = given
                .as_deref()
                .map(|text| text.split([',', ';', '-']).next().unwrap_or_default().trim());
            if language.is_some_and(|language| !LANGUAGES.contains(&language)) {
                counter.acted();
                resume_unwind(Box::new("no texts for this language"));
            }
            next.run(request).await
        })
    });
}

/// A range of a file gives 500.
fn range_fails(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let file = request.uri().path().contains("/lampiran/") && request.headers().contains_key(header::RANGE);
        let counter = counter.clone();
        Box::pin(async move {
            if file {
                counter.acted();
                return Problem::internal("range of a stream that cannot seek").into_response();
            }
            next.run(request).await
        })
    });
}

/// Hangs up on a zero byte in the path.
struct Nervous {
    inner: Arc<dyn Listener>,
    counter: Counter,
}

impl Listener for Nervous {
    fn drops(&self, head: &Head) -> bool {
        let zero = head.uri.path().contains("%00");
        if zero {
            self.counter.acted();
        }
        zero || self.inner.drops(head)
    }
}

fn zero_byte_hangs_up(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.listener.clone();
    assembly.parts.listener = Arc::new(Nervous { inner, counter });
}

/// Computes shares of a period's total without looking whether there is one.
fn divides_by_zero(assembly: &mut Assembly, counter: Counter) {
    let mut store = StoreWith::around(assembly.parts.store.clone());
    store.statistics = Some(Box::new(move |inner, scope, period| {
        let counts = inner.statistics(scope, period)?;
        if !period.is_empty() && 100_u64.checked_div(counts.total).is_none() {
            counter.acted();
            return Err(Problem::internal("division by zero"));
        }
        Ok(counts)
    }));
    assembly.parts.store = Arc::new(store);
}
