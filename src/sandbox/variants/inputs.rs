//! Variants of how bad data are answered.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{Method, header};
use serde_json::{Map, Value, json};

use super::super::app::complaint::{Caller, Reference};
use super::super::app::intake::{Draft, is_mail};
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::Intake;
use super::super::app::words::Role;
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

/// Members of a submission.
const SUBMISSION: &[&str] = &[
    "klasifikasi",
    "berkadar_pengawasan",
    "judul",
    "isi",
    "permintaan_penyelesaian",
    "tanggal_kejadian",
    "lokasi",
    "kategori_id",
    "instansi_tujuan_id",
    "pelapor",
    "wakil",
    "anonim",
    "rahasia",
    "kanal",
    "lampiran",
];

/// Members of a correction.
const CORRECTION: &[&str] = &[
    "judul",
    "isi",
    "permintaan_penyelesaian",
    "tanggal_kejadian",
    "lokasi",
    "kategori_id",
    "pelapor",
    "alasan",
];

/// Members of a supplement.
const SUPPLEMENT: &[&str] = &["judul", "isi", "lampiran", "alasan"];

fn strange(members: &Map<String, Value>, known: &[&str]) -> Option<Problem> {
    let name = members.keys().find(|name| !known.contains(&name.as_str()))?;
    // A name is the sender's text: it comes back shortened.
    let name: String = name.chars().take(60).collect();
    Some(Problem::invalid(&name, "tidak dikenal"))
}

/// Submissions of reporters with members that are not known are refused.
struct StrictIntake {
    inner: Arc<dyn Intake>,
    counter: Counter,
}

impl Intake for StrictIntake {
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem> {
        // What the hub hands over is read by the same reader and has members of its own.
        let reporter = caller.role() == Some(Role::Reporter);
        match strange(body, SUBMISSION).filter(|_| reporter) {
            Some(problem) => {
                self.counter.acted();
                Err(problem)
            }
            None => self.inner.draft(body, caller, categories),
        }
    }
}

/// What a reporter sends may hold known members alone.
pub(super) fn strict_members_422(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.intake.clone();
    let of_acts = counter.clone();
    assembly.parts.intake = Arc::new(StrictIntake { inner, counter });
    on_route(assembly, move |request, next, parts| {
        let (counter, refusals) = (of_acts.clone(), Arc::clone(&parts.refusals));
        let known = match request.uri().path().rsplit('/').next() {
            Some("perbaikan") => Some(CORRECTION),
            Some("kelengkapan") => Some(SUPPLEMENT),
            _ => None,
        };
        Box::pin(async move {
            let Some(known) = known.filter(|_| *request.method() == Method::POST) else {
                return next.run(request).await;
            };
            let (head, body) = request.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let members = serde_json::from_slice::<Map<String, Value>>(&bytes).unwrap_or_default();
            let Some(mut problem) = strange(&members, known) else {
                return next.run(Request::from_parts(head, Body::from(bytes))).await;
            };
            counter.acted();
            problem.status = Some(refusals.status(problem.kind));
            problem.into_response()
        })
    });
}
