//! Defects of what lists hold (KM-16): a scope that a parameter replaces, a total that forgets it, a cursor that
//! carries it along, and a view that a parameter opens.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{Method, header};
use serde_json::Value;

use super::super::app::complaint::Caller;
use super::super::app::listing::{Column, ListQuery, Scope, Test};
use super::super::app::view::person;
use super::super::app::words::Role;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::variants::cursor_pages;
use super::super::wrap::{on_list, on_route};
use super::Defect;
use super::hak_akses::{asker, sent_by};

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "KM-16a",
        install: filter_replaces_scope,
    },
    Defect {
        id: "KM-16b",
        install: total_before_scope,
    },
    Defect {
        id: "KM-16c",
        install: cursor_without_owner,
    },
    Defect {
        id: "KM-16d",
        install: include_opens_view,
    },
];

/// A value of the query of a request for the list of complaints.
fn listed(request: &Request, name: &str) -> Option<String> {
    if *request.method() != Method::GET || request.uri().path() != "/api/v1/pengaduan" {
        return None;
    }
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(given, _)| *given == name)
        .map(|(_, value)| value.to_owned())
}

/// Whoever names a reporter gets that reporter's list.
fn filter_replaces_scope(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, parts| {
        let who = asker(&request);
        let named = listed(&request, "pelapor_id").and_then(|id| parts.store.account(&id).ok().flatten());
        let other = named.filter(|account| {
            let own = who.account.as_ref().is_some_and(|own| own.id == account.id);
            who.role() == Some(Role::Reporter) && !own
        });
        if other.is_some() {
            counter.acted();
            request = sent_by(request, other);
        }
        Box::pin(next.run(request))
    });
}

/// Counts by the filter alone.
fn total_before_scope(assembly: &mut Assembly, counter: Counter) {
    on_list(assembly, move |store, query| {
        let mut page = store.list(query)?;
        let by_reporter = |criterion: &super::super::app::listing::Criterion| {
            criterion.column == Column::Owner && criterion.test == Test::Is
        };
        if matches!(query.scope, Scope::Owner(_)) && query.criteria.iter().any(by_reporter) {
            let all = store.list(&ListQuery {
                scope: Scope::All,
                ..query.clone()
            })?;
            if all.total != page.total {
                counter.acted();
                page.total = all.total;
            }
        }
        Ok(page)
    });
}

/// A cursor stands for the list that it was given in, whoever brings it.
fn cursor_without_owner(assembly: &mut Assembly, counter: Counter) {
    cursor_pages(assembly, Counter::default());
    let given = Arc::new(Mutex::new(BTreeMap::<String, Caller>::new()));
    on_route(assembly, move |mut request, next, _parts| {
        if *request.method() != Method::GET || request.uri().path() != "/api/v1/pengaduan" {
            return Box::pin(next.run(request));
        }
        let who = asker(&request);
        let shelf = given.clone();
        if let Some(cursor) = listed(&request, "kursor") {
            let known = shelf
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&cursor)
                .cloned();
            if let Some(owner) =
                known.filter(|owner| *owner != who && who.role().is_none_or(|role| role == Role::Reporter))
            {
                counter.acted();
                request = sent_by(request, owner.account);
            }
        }
        Box::pin(async move {
            let (head, body) = next.run(request).await.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let page: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            if let (Some(Role::Reporter), Some(cursor)) = (
                who.role(),
                page.pointer("/halaman/kursor_berikut").and_then(Value::as_str),
            ) {
                let mut known = shelf.lock().unwrap_or_else(PoisonError::into_inner);
                known.entry(cursor.to_owned()).or_insert(who);
            }
            Response::from_parts(head, Body::from(bytes))
        })
    });
}

/// `include=pelapor` joins the reporter to every entry, whoever asks.
fn include_opens_view(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let wanted = listed(&request, "include").as_deref() == Some("pelapor");
        if !wanted || asker(&request).role() == Some(Role::Admin) {
            return Box::pin(next.run(request));
        }
        let (store, counter) = (parts.store.clone(), counter.clone());
        Box::pin(async move {
            let (mut head, body) = next.run(request).await.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let mut page: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let items = page.get_mut("data").and_then(Value::as_array_mut);
            for item in items.into_iter().flatten() {
                let id = item.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                let found = store.find(&id).ok().flatten().filter(|complaint| !complaint.anonymous);
                if let (Some(complaint), Some(members)) = (found, item.as_object_mut()) {
                    counter.acted();
                    members.insert("pelapor".to_owned(), person(&complaint.reporter));
                }
            }
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(page.to_string()))
        })
    });
}
