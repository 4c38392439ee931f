//! Defects of answers and errors: TK-03.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};

use super::super::app::seams::Parts;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "TK-03a",
        install: another_status,
    },
    Defect {
        id: "TK-03b",
        install: page_of_the_framework,
    },
    Defect {
        id: "TK-03c",
        install: cut_off,
    },
];

/// The id of a complaint that is read, where the request is that.
pub(super) fn read_id(request: &Request) -> Option<String> {
    let id = request.uri().path().strip_prefix("/api/v1/pengaduan/")?;
    (*request.method() == Method::GET && !id.contains('/')).then(|| id.to_owned())
}

/// Whether nothing has the id that is read.
pub(super) fn reads_nothing(request: &Request, parts: &Parts) -> bool {
    read_id(request).is_some_and(|id| matches!(parts.store.find(&id), Ok(None)))
}

/// The same answer with another body and media type.
pub(super) async fn with_body(
    response: Response,
    media_type: Option<&'static str>,
    change: impl FnOnce(Bytes) -> Bytes,
) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = change(to_bytes(body, usize::MAX).await.unwrap_or_default());
    head.headers.remove(header::CONTENT_LENGTH);
    if let Some(media_type) = media_type {
        head.headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    Response::from_parts(head, Body::from(bytes))
}

/// Changes the members of a JSON body.
pub(super) fn members(bytes: &Bytes, change: impl FnOnce(&mut Map<String, Value>)) -> Bytes {
    let Ok(mut object) = serde_json::from_slice::<Map<String, Value>>(bytes) else {
        return bytes.clone();
    };
    change(&mut object);
    Bytes::from(Value::Object(object).to_string())
}

/// The status was copied from a template of successes.
fn another_status(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let absent = reads_nothing(&request, parts);
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !absent || response.status() != StatusCode::NOT_FOUND {
                return response;
            }
            counter.acted();
            let copied = |object: &mut Map<String, Value>| drop(object.insert("status".to_owned(), json!(200)));
            with_body(response, None, |bytes| members(&bytes, copied)).await
        })
    });
}

/// Pages for people; a warning for applications that stand alone, so this one claims more.
fn page_of_the_framework(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.profile = "terintegrasi";
    on_route(assembly, move |request, next, parts| {
        let absent = reads_nothing(&request, parts);
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !absent || response.status() != StatusCode::NOT_FOUND {
                return response;
            }
            counter.acted();
            let page =
                "<!doctype html><html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>";
            with_body(response, Some("text/html; charset=utf-8"), |_| {
                Bytes::from_static(page.as_bytes())
            })
            .await
        })
    });
}

/// The writer of the error breaks off where the reader of the body did.
fn cut_off(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let submits = *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan";
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !submits || response.status() != StatusCode::BAD_REQUEST {
                return response;
            }
            counter.acted();
            with_body(response, None, |bytes| bytes.slice(..bytes.len() / 2)).await
        })
    });
}
