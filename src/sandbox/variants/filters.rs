//! Variants of filters.

use axum::response::IntoResponse as _;
use http::Method;
use rusqlite::types::Value as Sql;

use super::super::app::listing::Column;
use super::super::app::problem::Problem;
use super::super::assembly::{Assembly, CATEGORIES};
use super::super::counters::Counter;
use super::super::wrap::{on_list, on_route};

/// The parameters that lists know, in whatever style of paging.
const KNOWN: &[&str] = &[
    "halaman",
    "ukuran",
    "kursor",
    "geser",
    "status",
    "kategori",
    "diperbarui_sejak",
    "urut",
    "pelapor_id",
];

/// Unknown parameters, unknown categories and empty values of filters are refused.
pub(super) fn strict(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let listing = *request.method() == Method::GET && request.uri().path() == "/api/v1/pengaduan";
        let query = request.uri().query().filter(|_| listing).unwrap_or_default();
        if let Some(problem) = refusal(query) {
            counter.acted();
            return Box::pin(async move { problem.into_response() });
        }
        Box::pin(next.run(request))
    });
}

fn refusal(query: &str) -> Option<Problem> {
    query.split('&').filter(|pair| !pair.is_empty()).find_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, "-"));
        let category = |id: &str| CATEGORIES.iter().any(|(known, _)| known.to_string() == id);
        match (name, value) {
            (name, _) if !KNOWN.contains(&name) => Some(Problem::query("tambahan", "tidak dikenal")),
            ("status" | "kategori", "") => Some(Problem::query(name, "tidak boleh kosong")),
            ("kategori", id) if id.bytes().all(|byte| byte.is_ascii_digit()) && !category(id) => {
                Some(Problem::query("kategori", "tidak dikenal"))
            }
            _ => None,
        }
    })
}

/// A filter by the first category includes the second, which stands below it.
pub(super) fn with_children(assembly: &mut Assembly, counter: Counter) {
    let line = "subkategori = { \"1\" = [\"2\"] }";
    assembly.declared.values.push(line.to_owned());
    on_list(assembly, move |store, query| {
        let mut query = query.clone();
        for criterion in &mut query.criteria {
            if criterion.column == Column::Category && criterion.values == [Sql::Integer(1)] {
                criterion.values.push(Sql::Integer(2));
                counter.acted();
            }
        }
        store.list(&query)
    });
}
