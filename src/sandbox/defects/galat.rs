//! Defects of what errors give away: KM-32.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};

use super::super::app::http::extract::bearer;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{around, on_route};
use super::Defect;
use super::jawaban::{members, with_body};

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "KM-32a",
        install: trace,
    },
    Defect {
        id: "KM-32b",
        install: query,
    },
    Defect {
        id: "KM-32c",
        install: identity_number,
    },
    Defect {
        id: "KM-32d",
        install: token,
    },
];

/// What the framework wrote in development.
const TRACE: &[&str] = &[
    "at id.go.contoh.aduan.Pengaduan.simpan(Pengaduan.java:118)",
    "at id.go.contoh.aduan.Pintu.terima(Pintu.java:41)",
    "at org.contoh.web.Rute.panggil(Rute.java:77)",
];

fn submits(request: &Request) -> bool {
    *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan"
}

/// Adds a member to the answers of submissions with one status.
fn add(assembly: &mut Assembly, counter: Counter, status: StatusCode, name: &'static str, value: Value) {
    on_route(assembly, move |request, next, _parts| {
        let submit = submits(&request);
        let (counter, value) = (counter.clone(), value.clone());
        Box::pin(async move {
            let response = next.run(request).await;
            if !submit || response.status() != status {
                return response;
            }
            counter.acted();
            let put = |object: &mut Map<String, Value>| drop(object.insert(name.to_owned(), value));
            with_body(response, None, |bytes| members(&bytes, put)).await
        })
    });
}

fn trace(assembly: &mut Assembly, counter: Counter) {
    add(
        assembly,
        counter,
        StatusCode::UNPROCESSABLE_ENTITY,
        "trace",
        json!(TRACE),
    );
}

fn query(assembly: &mut Assembly, counter: Counter) {
    let text = "SQLSTATE[00000] OK: INSERT INTO pengaduan (id, judul, isi) VALUES (?, ?, ?)";
    add(assembly, counter, StatusCode::CREATED, "pesan", json!(text));
}

/// The message of the check names the value.
fn identity_number(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let submit = submits(&request);
        let counter = counter.clone();
        Box::pin(async move {
            if !submit {
                return next.run(request).await;
            }
            let (head, body) = request.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let sent: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let number = sent.pointer("/pelapor/nik").and_then(Value::as_str).unwrap_or_default();
            let number = number.to_owned();
            let response = next.run(Request::from_parts(head, Body::from(bytes))).await;
            if number.is_empty() || number.len() == 16 || response.status() != StatusCode::UNPROCESSABLE_ENTITY {
                return response;
            }
            counter.acted();
            let put = |object: &mut Map<String, Value>| {
                object.insert("detail".to_owned(), json!(format!("nik: {number} bukan 16 angka")));
            };
            with_body(response, None, |bytes| members(&bytes, put)).await
        })
    });
}

/// Says which token was bad.
fn token(assembly: &mut Assembly, counter: Counter) {
    around(assembly, move |request, next, _parts| {
        let given = request.headers().get(header::AUTHORIZATION);
        let given = given.and_then(|value| bearer(value, "Bearer"));
        let given = given.map(str::to_owned);
        let counter = counter.clone();
        Box::pin(async move {
            let mut response = next.run(request).await;
            let Some(token) = given.filter(|_| response.status() == StatusCode::UNAUTHORIZED) else {
                return response;
            };
            let text = format!("Bearer realm=\"rujukan\", error=\"invalid_token\", error_description=\"{token}\"");
            if let Ok(value) = HeaderValue::try_from(text) {
                counter.acted();
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            response
        })
    });
}
