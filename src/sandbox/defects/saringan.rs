//! Defects of filters: DT-21.

use std::collections::BTreeSet;

use http::{Method, Uri};
use rusqlite::types::Value as Sql;

use super::super::app::listing::{Column, ListQuery, Page, Window};
use super::super::assembly::{Assembly, CATEGORIES};
use super::super::counters::Counter;
use super::super::wrap::{on_list, on_route};
use super::Defect;
use crate::domain::Status;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-21a",
        install: unknown_category_returns_all,
    },
    Defect {
        id: "DT-21b",
        install: status_ignored,
    },
    Defect {
        id: "DT-21c",
        install: joined_by_or,
    },
    Defect {
        id: "DT-21d",
        install: empty_returns_nothing,
    },
];

/// A category that does not exist is as no filter.
fn unknown_category_returns_all(assembly: &mut Assembly, counter: Counter) {
    on_list(assembly, move |store, query| {
        let mut query = query.clone();
        let before = query.criteria.len();
        query.criteria.retain(|criterion| {
            let known = |value: &Sql| CATEGORIES.iter().any(|(id, _)| *value == Sql::Integer(*id));
            criterion.column != Column::Category || criterion.values.iter().any(known)
        });
        if query.criteria.len() < before {
            counter.acted();
        }
        store.list(&query)
    });
}

/// A filter by `terdisposisi`, the documented word, is not looked at.
fn status_ignored(assembly: &mut Assembly, counter: Counter) {
    on_list(assembly, move |store, query| {
        let mut query = query.clone();
        let before = query.criteria.len();
        let word = Sql::Text(Status::Terdisposisi.id().to_owned());
        query
            .criteria
            .retain(|criterion| criterion.column != Column::Status || criterion.values != [word.clone()]);
        if query.criteria.len() < before {
            counter.acted();
        }
        store.list(&query)
    });
}

/// Of two filters, either is enough.
fn joined_by_or(assembly: &mut Assembly, counter: Counter) {
    on_list(assembly, move |store, query| {
        let Window::Skip { skip, take } = query.window else {
            return store.list(query);
        };
        if query.criteria.len() < 2 {
            return store.list(query);
        }
        let everything = Window::Skip {
            skip: 0,
            take: 1_000_000,
        };
        let mut fits = BTreeSet::new();
        for criterion in &query.criteria {
            let alone = ListQuery {
                criteria: vec![criterion.clone()],
                window: everything.clone(),
                ..query.clone()
            };
            fits.extend(store.list(&alone)?.rows.into_iter().map(|row| row.id));
        }
        let whole = ListQuery {
            criteria: Vec::new(),
            window: everything,
            ..query.clone()
        };
        let mut rows = store.list(&whole)?.rows;
        rows.retain(|row| fits.contains(&row.id));
        counter.acted();
        let total = rows.len() as u64;
        let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Page {
            rows: rows.into_iter().skip(at(skip)).take(at(take)).collect(),
            total,
            next: None,
        })
    });
}

/// An empty value is compared like any other: nothing has it.
fn empty_returns_nothing(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, _parts| {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let empty = query.split('&').any(|pair| matches!(pair, "status=" | "kategori="));
        if *request.method() == Method::GET && uri.path() == "/api/v1/pengaduan" && empty {
            let kept: Vec<_> = query
                .split('&')
                .filter(|pair| !pair.starts_with("kategori=") && !pair.starts_with("status="))
                .chain(["kategori=0"])
                .collect();
            if let Ok(changed) = format!("{}?{}", uri.path(), kept.join("&")).parse::<Uri>() {
                *request.uri_mut() = changed;
                counter.acted();
            }
        }
        Box::pin(next.run(request))
    });
}
