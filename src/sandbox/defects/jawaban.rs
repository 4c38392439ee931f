//! Defects of answers and errors: TK-01, TK-03.

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
        id: "TK-01a",
        install: nothing_as_null,
    },
    Defect {
        id: "TK-01b",
        install: refusal_in_envelope,
    },
    Defect {
        id: "TK-01c",
        install: failed_login_as_200,
    },
    Defect {
        id: "TK-01d",
        install: page_below_the_base,
    },
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

/// Answers 200 in place of a refusal, where the request is such.
fn as_success(
    assembly: &mut Assembly,
    counter: Counter,
    applies: impl Fn(&Request, &Parts) -> bool + Clone + Send + Sync + 'static,
    refusal: StatusCode,
    media_type: &'static str,
    body: &'static str,
) {
    on_route(assembly, move |request, next, parts| {
        let applies = applies(&request, parts);
        let counter = counter.clone();
        Box::pin(async move {
            let mut response = next.run(request).await;
            if !applies || response.status() != refusal {
                return response;
            }
            counter.acted();
            *response.status_mut() = StatusCode::OK;
            with_body(response, Some(media_type), |_| Bytes::from_static(body.as_bytes())).await
        })
    });
}

fn nothing_as_null(assembly: &mut Assembly, counter: Counter) {
    as_success(
        assembly,
        counter,
        reads_nothing,
        StatusCode::NOT_FOUND,
        "application/json",
        "null",
    );
}

fn refusal_in_envelope(assembly: &mut Assembly, counter: Counter) {
    let applies = |request: &Request, parts: &Parts| {
        read_id(request).is_some_and(|id| matches!(parts.store.find(&id), Ok(Some(_))))
    };
    let envelope = r#"{"sukses": false, "pesan": "Anda tidak berhak melihat pengaduan ini."}"#;
    as_success(
        assembly,
        counter,
        applies,
        StatusCode::NOT_FOUND,
        "application/json",
        envelope,
    );
}

fn failed_login_as_200(assembly: &mut Assembly, counter: Counter) {
    let applies =
        |request: &Request, _: &Parts| *request.method() == Method::POST && request.uri().path() == "/api/v1/sesi";
    let envelope = r#"{"sukses": false, "pesan": "Nama pengguna atau sandi salah."}"#;
    as_success(
        assembly,
        counter,
        applies,
        StatusCode::UNAUTHORIZED,
        "application/json",
        envelope,
    );
}

fn page_below_the_base(assembly: &mut Assembly, counter: Counter) {
    let applies = |request: &Request, _: &Parts| {
        let rest = request.uri().path().strip_prefix("/api/v1/");
        *request.method() == Method::GET && rest.is_some_and(|rest| !rest.contains('/'))
    };
    let page = "<!doctype html><html><head><title>Aduan</title></head><body><div id=\"app\"></div></body></html>";
    as_success(
        assembly,
        counter,
        applies,
        StatusCode::NOT_FOUND,
        "text/html; charset=utf-8",
        page,
    );
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
