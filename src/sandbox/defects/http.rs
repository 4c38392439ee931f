//! Defects of HTTP semantics: media types (TK-04), methods (TK-05) and safe methods (TK-06).

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};

use super::super::app::complaint::Caller;
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::Change;
use super::super::app::words::Role;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{StoreWith, before_routing, on_route};
use super::Defect;
use crate::domain::Status;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "TK-04a",
        install: any_type_is_json,
    },
    Defect {
        id: "TK-04b",
        install: page_for_image,
    },
    Defect {
        id: "TK-04c",
        install: charset_refused,
    },
    Defect {
        id: "TK-04d",
        install: refusal_unlabelled,
    },
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
    Defect {
        id: "TK-06a",
        install: verified_by_get,
    },
    Defect {
        id: "TK-06b",
        install: withdrawn_by_get,
    },
    Defect {
        id: "TK-06c",
        install: head_consumes,
    },
    Defect {
        id: "TK-06d",
        install: query_updates,
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

/// GET on the address of an act does what POST does there.
fn acts_by_get(assembly: &mut Assembly, counter: Counter, end: &'static str) {
    before_routing(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let wanted = *request.method() == Method::GET && request.uri().path().ends_with(end);
            if !wanted {
                return next.run(request).await;
            }
            let (mut head, _) = request.into_parts();
            head.method = Method::POST;
            let json = HeaderValue::from_static("application/json");
            head.headers.insert(header::CONTENT_TYPE, json);
            head.headers.remove(header::CONTENT_LENGTH);
            let response = next.run(Request::from_parts(head, Body::from("{}"))).await;
            if response.status().is_success() {
                counter.acted();
            }
            response
        })
    });
}

fn verified_by_get(assembly: &mut Assembly, counter: Counter) {
    acts_by_get(assembly, counter, "/verifikasi");
}

fn withdrawn_by_get(assembly: &mut Assembly, counter: Counter) {
    acts_by_get(assembly, counter, "/pencabutan");
}

/// A link to a file that works once; HEAD is taken for its use.
fn head_consumes(assembly: &mut Assembly, counter: Counter) {
    let used: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    on_route(assembly, move |request, next, _parts| {
        let path = request.uri().path().to_owned();
        let file = path.contains("/lampiran/");
        let mut used = used.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = file && *request.method() == Method::GET && used.contains(&path);
        if gone {
            counter.acted();
        }
        if file && *request.method() == Method::HEAD {
            used.insert(path);
        }
        drop(used);
        Box::pin(async move {
            if gone {
                return Problem::hidden().into_response();
            }
            next.run(request).await
        })
    });
}

/// A filter of the list that also stands where one complaint is read, and there is taken for an update.
fn query_updates(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let status = request
            .uri()
            .query()
            .filter(|_| *request.method() == Method::GET)
            .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("status=")))
            .and_then(Status::by_id);
        let id = complaint_of(request.uri().path());
        let entitled = request
            .extensions()
            .get::<Caller>()
            .and_then(|caller| caller.account.as_ref())
            .is_some_and(|account| account.role == Role::Admin);
        if let (Some(status), Some(id), true) = (status, id, entitled) {
            let changed = parts.store.change(id, &mut |complaint| {
                complaint.status = status;
                Ok(Change::default())
            });
            if changed.is_ok() {
                counter.acted();
            }
        }
        Box::pin(async move { next.run(request).await })
    });
}

/// The media type of a request, in lower case, without parameters; none where it names none.
fn media_type(request: &Request) -> Option<String> {
    let value = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
}

fn submits(request: &Request) -> bool {
    *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan"
}

fn any_type_is_json(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, _parts| {
        let other = media_type(&request).is_some_and(|own| own != "application/json" && !own.starts_with("multipart/"));
        if submits(&request) && other {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::CONTENT_TYPE, json);
            counter.acted();
        }
        Box::pin(async move { next.run(request).await })
    });
}

fn page_for_image(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let image = request
            .headers()
            .get(header::ACCEPT)
            .is_some_and(|value| value == "image/png");
        let counter = counter.clone();
        Box::pin(async move {
            if !image {
                return next.run(request).await;
            }
            counter.acted();
            let page = "<!DOCTYPE html><title>Aplikasi rujukan</title><p>Buka dengan peramban.</p>";
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        })
    });
}

fn charset_refused(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let given = request.headers().get(header::CONTENT_TYPE);
        let charset = given.is_some_and(|value| value == "application/json; charset=utf-8");
        let counter = counter.clone();
        Box::pin(async move {
            if !charset {
                return next.run(request).await;
            }
            counter.acted();
            Problem::new(Kind::MediaType, "Kirim isi permintaan sebagai application/json.").into_response()
        })
    });
}

fn refusal_unlabelled(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let mut response = next.run(request).await;
            if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                response.headers_mut().remove(header::CONTENT_TYPE);
                counter.acted();
            }
            response
        })
    });
}
