//! Defects of HTTP semantics: methods (TK-05). Wraps routes alone.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode, header};

use super::super::app::complaint::Caller;
use super::super::app::problem::Problem;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{StoreWith, before_routing, on_route};
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "TK-05a",
        install: any_method_reads,
    },
    Defect {
        id: "TK-05b",
        install: trace_echoes,
    },
    Defect {
        id: "TK-05c",
        install: delete_deletes,
    },
    Defect {
        id: "TK-05d",
        install: head_fails,
    },
];

/// The id of the complaint whose own address a path is.
fn complaint_of(path: &str) -> Option<&str> {
    path.strip_prefix("/api/v1/pengaduan/").filter(|id| !id.contains('/'))
}

/// What no handler takes goes to the one of GET.
fn any_method_reads(assembly: &mut Assembly, counter: Counter) {
    before_routing(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let served = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(request.method());
            let (head, body) = request.into_parts();
            let mut again = head.clone();
            let response = next.clone().run(Request::from_parts(head, body)).await;
            if served || response.status() != StatusCode::METHOD_NOT_ALLOWED {
                return response;
            }
            again.method = Method::GET;
            let read = next.run(Request::from_parts(again, Body::empty())).await;
            if !read.status().is_success() {
                return response;
            }
            counter.acted();
            read
        })
    });
}

/// Answers TRACE as RFC 9110 §9.3.8 describes it.
fn trace_echoes(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            if *request.method() != Method::TRACE {
                return next.run(request).await;
            }
            counter.acted();
            let mut echo = format!("TRACE {} HTTP/1.1\r\n", request.uri());
            for (name, value) in request.headers() {
                // Writing to a String cannot fail.
                let _ = write!(echo, "{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes()));
            }
            ([(header::CONTENT_TYPE, "message/http")], echo).into_response()
        })
    });
}

/// A deletion that runs before the method is looked at.
fn delete_deletes(assembly: &mut Assembly, counter: Counter) {
    let deleted: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let gone = Arc::clone(&deleted);
    let mut store = StoreWith::around(assembly.parts.store.clone());
    store.found = Some(Box::new(move |complaint| {
        let gone = gone.lock().unwrap_or_else(PoisonError::into_inner);
        (!gone.contains(&complaint.id)).then_some(complaint)
    }));
    assembly.parts.store = Arc::new(store);
    on_route(assembly, move |request, next, parts| {
        let own = (*request.method() == Method::DELETE)
            .then(|| complaint_of(request.uri().path()))
            .flatten()
            .and_then(|id| parts.store.find(id).ok().flatten())
            .filter(|complaint| {
                let caller = request.extensions().get::<Caller>();
                caller.is_some_and(|caller| caller.owns(complaint))
            });
        if let Some(complaint) = own {
            deleted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(complaint.id);
            counter.acted();
        }
        Box::pin(async move { next.run(request).await })
    });
}

fn head_fails(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let head = *request.method() == Method::HEAD && complaint_of(request.uri().path()).is_some();
        let counter = counter.clone();
        Box::pin(async move {
            if head {
                counter.acted();
                return failed();
            }
            next.run(request).await
        })
    });
}

fn failed() -> Response {
    Problem::internal("HEAD was not thought of").into_response()
}
