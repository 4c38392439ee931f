//! Variants of how bad data are answered.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{Method, header};
use serde_json::{Map, Value, json};

use super::super::app::intake::is_mail;
use super::super::app::problem::Kind;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;

/// Values that cannot be used are answered 400.
pub(super) fn invalid_400(assembly: &mut Assembly, counter: Counter) {
    super::answers::code(assembly, counter, Kind::Invalid, 400);
}

/// A reporter's address that is none is left out, and the answer says so.
pub(super) fn bad_mail_ignored(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let submit = *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan";
            if !submit {
                return next.run(request).await;
            }
            let (mut head, body) = request.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let Some(members) = without_bad_mail(&bytes) else {
                return next.run(Request::from_parts(head, Body::from(bytes))).await;
            };
            counter.acted();
            head.headers.remove(header::CONTENT_LENGTH);
            let response = next
                .run(Request::from_parts(
                    head,
                    Body::from(Value::Object(members).to_string()),
                ))
                .await;
            let (mut head, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let Ok(mut answer) = serde_json::from_slice::<Map<String, Value>>(&bytes) else {
                return Response::from_parts(head, Body::from(bytes));
            };
            answer.insert(
                "peringatan".to_owned(),
                json!(["email pelapor diabaikan karena bukan alamat surel"]),
            );
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(Value::Object(answer).to_string()))
        })
    });
}

fn without_bad_mail(bytes: &[u8]) -> Option<Map<String, Value>> {
    let mut members = serde_json::from_slice::<Map<String, Value>>(bytes).ok()?;
    let reporter = members.get_mut("pelapor")?.as_object_mut()?;
    let bad = reporter.get("email")?.as_str().is_some_and(|mail| !is_mail(mail));
    bad.then(|| reporter.remove("email"))?;
    Some(members)
}
