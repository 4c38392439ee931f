//! Variants of errors: further members, fields in other forms, no body, and a gateway that answers by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};

use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::around;

/// Changes the members of errors of one status, or of all.
fn on_error(
    assembly: &mut Assembly,
    counter: Counter,
    status: Option<StatusCode>,
    change: fn(&mut Map<String, Value>),
) {
    around(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            let code = response.status();
            if code.as_u16() < 400 || status.is_some_and(|status| status != code) {
                return response;
            }
            let (mut head, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let Ok(mut members) = serde_json::from_slice::<Map<String, Value>>(&bytes) else {
                return Response::from_parts(head, Body::from(bytes));
            };
            change(&mut members);
            counter.acted();
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(Value::Object(members).to_string()))
        })
    });
}

/// The field that a detail of the application names, and what it says of it.
fn field(members: &Map<String, Value>) -> (String, String) {
    let detail = members.get("detail").and_then(Value::as_str).unwrap_or_default();
    let (field, why) = detail.split_once(": ").unwrap_or(("isian", detail));
    (field.to_owned(), why.to_owned())
}

pub(super) fn further_members(assembly: &mut Assembly, counter: Counter) {
    on_error(assembly, counter, None, |members| {
        members.insert("jejak_id".to_owned(), json!("b7e2c1"));
        members.insert("bantuan".to_owned(), json!("https://bantuan.contoh.test/galat"));
    });
}

pub(super) fn fields_as_list(assembly: &mut Assembly, counter: Counter) {
    on_error(assembly, counter, Some(StatusCode::UNPROCESSABLE_ENTITY), |members| {
        let (field, why) = field(members);
        members.insert("errors".to_owned(), json!([{"field": field, "pesan": why}]));
    });
}

pub(super) fn fields_as_map(assembly: &mut Assembly, counter: Counter) {
    on_error(assembly, counter, Some(StatusCode::UNPROCESSABLE_ENTITY), |members| {
        let (field, why) = field(members);
        members.insert("errors".to_owned(), json!({field: [why]}));
    });
}

/// What is not there is gone.
pub(super) fn gone_410(assembly: &mut Assembly, counter: Counter) {
    around(assembly, move |request, next, parts| {
        let rest = request.uri().path().strip_prefix("/api/v1/pengaduan/");
        let read =
            *request.method() == Method::GET && rest.is_some_and(|rest| matches!(parts.store.find(rest), Ok(None)));
        let counter = counter.clone();
        Box::pin(async move {
            let mut response = next.run(request).await;
            if !read || response.status() != StatusCode::NOT_FOUND {
                return response;
            }
            counter.acted();
            *response.status_mut() = StatusCode::GONE;
            let (mut head, body) = response.into_parts();
            let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap_or_default()).into_owned();
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(text.replace("\"status\":404", "\"status\":410")))
        })
    });
}

/// Addresses with a slash behind lead to those without, by the same method.
pub(super) fn canonical_308(assembly: &mut Assembly, counter: Counter) {
    let declared = "[[api.pengalihan]]\noperasi = \"read\"\nstatus = 308\n\n[[api.pengalihan]]\noperasi = \"submit\"\nstatus = 308";
    assembly.declared.binding.push(declared.to_owned());
    around(assembly, move |request, next, _parts| {
        let path = request.uri().path();
        let Some(without) = path.strip_suffix('/').filter(|path| path.starts_with("/api/")) else {
            return Box::pin(next.run(request));
        };
        counter.acted();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
        if let Ok(to) = HeaderValue::try_from(without) {
            response.headers_mut().insert(header::LOCATION, to);
        }
        Box::pin(async { response })
    });
}

/// The wrong identity number with all but its beginning hidden.
pub(super) fn masked_value(assembly: &mut Assembly, counter: Counter) {
    around(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if response.status() != StatusCode::UNPROCESSABLE_ENTITY {
                return response;
            }
            let (head, body) = response.into_parts();
            let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap_or_default()).into_owned();
            if !text.contains("nik: harus") {
                return Response::from_parts(head, Body::from(text));
            }
            counter.acted();
            let mut head = head;
            head.headers.remove(header::CONTENT_LENGTH);
            let masked = text.replace("nik: harus", "nik: 31************* harus");
            Response::from_parts(head, Body::from(masked))
        })
    });
}

pub(super) fn bare_401(assembly: &mut Assembly, counter: Counter) {
    around(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if response.status() != StatusCode::UNAUTHORIZED {
                return response;
            }
            counter.acted();
            let (mut head, _) = response.into_parts();
            head.headers.remove(header::CONTENT_LENGTH);
            head.headers.remove(header::CONTENT_TYPE);
            Response::from_parts(head, Body::empty())
        })
    });
}

/// Every so many reads of one complaint are turned away once.
const EVERY: u64 = 25;

/// Stands before the application and asks to come again, with a page of its own.
pub(super) fn gateway_429(assembly: &mut Assembly, counter: Counter) {
    let reads = Arc::new(AtomicU64::new(0));
    around(assembly, move |request, next, _parts| {
        let one = request.uri().path().strip_prefix("/api/v1/pengaduan/");
        let read = *request.method() == Method::GET && one.is_some_and(|rest| !rest.contains('/'));
        let full = read && reads.fetch_add(1, Ordering::Relaxed) % EVERY == 1;
        if !full {
            return Box::pin(next.run(request));
        }
        counter.acted();
        let page =
            "<html><head><title>429 Too Many Requests</title></head><body><center><h1>429</h1></center></body></html>";
        let mut response = Response::new(Body::from(page));
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("0"));
        Box::pin(async { response })
    });
}
