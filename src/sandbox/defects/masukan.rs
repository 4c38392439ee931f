//! Defects of reading bad data: DT-28.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header;
use serde_json::{Map, Value, json};

use super::super::app::complaint::{Caller, Reference};
use super::super::app::intake::Draft;
use super::super::app::problem::Problem;
use super::super::app::seams::Intake;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-28a",
        install: object_breaks,
    },
    Defect {
        id: "DT-28b",
        install: missing_is_empty,
    },
    Defect {
        id: "DT-28c",
        install: blanks_are_a_title,
    },
    Defect {
        id: "DT-28d",
        install: nameless_refusals,
    },
];

/// An intake around another one.
struct IntakeWith<F> {
    inner: Arc<dyn Intake>,
    hook: F,
}

/// The members that were sent, and the inner intake on members of the hook's choice.
pub(super) type Read<'a> = &'a dyn Fn(&Map<String, Value>) -> Result<Draft, Problem>;

impl<F: Fn(&Map<String, Value>, Read<'_>) -> Result<Draft, Problem> + Send + Sync> Intake for IntakeWith<F> {
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem> {
        (self.hook)(body, &|members| self.inner.draft(members, caller, categories))
    }
}

/// Puts a function around the reading of submissions.
pub(super) fn on_intake(
    assembly: &mut Assembly,
    hook: impl Fn(&Map<String, Value>, Read<'_>) -> Result<Draft, Problem> + Send + Sync + 'static,
) {
    let inner = assembly.parts.intake.clone();
    assembly.parts.intake = Arc::new(IntakeWith { inner, hook });
}

fn object_breaks(assembly: &mut Assembly, counter: Counter) {
    on_intake(assembly, move |body, read| {
        if body.get("judul").is_some_and(Value::is_object) {
            counter.acted();
            return Err(Problem::internal("a title that is no text"));
        }
        read(body)
    });
}

/// A draft of members in which a text was put for a while.
fn with_stand_in(body: &Map<String, Value>, name: &str, read: Read<'_>) -> Result<Draft, Problem> {
    let mut members = body.clone();
    members.insert(name.to_owned(), json!("-"));
    read(&members)
}

fn missing_is_empty(assembly: &mut Assembly, counter: Counter) {
    on_intake(assembly, move |body, read| {
        if body.contains_key("isi") {
            return read(body);
        }
        let mut draft = with_stand_in(body, "isi", read)?;
        draft.complaint.text = String::new();
        counter.acted();
        Ok(draft)
    });
}

fn blanks_are_a_title(assembly: &mut Assembly, counter: Counter) {
    on_intake(assembly, move |body, read| {
        let blanks = body.get("judul").and_then(Value::as_str);
        let Some(blanks) = blanks.filter(|text| !text.is_empty() && text.trim().is_empty()) else {
            return read(body);
        };
        let mut draft = with_stand_in(body, "judul", read)?;
        blanks.clone_into(&mut draft.complaint.title);
        counter.acted();
        Ok(draft)
    });
}

fn nameless_refusals(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !response.status().is_client_error() {
                return response;
            }
            let (mut head, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let Ok(mut problem) = serde_json::from_slice::<Map<String, Value>>(&bytes) else {
                return Response::from_parts(head, Body::from(bytes));
            };
            let told = problem.get("detail").and_then(Value::as_str).unwrap_or_default();
            if !told.ends_with("wajib diisi") {
                return Response::from_parts(head, Body::from(bytes));
            }
            problem.insert("detail".to_owned(), json!("Masukan Anda tidak lengkap."));
            counter.acted();
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(Value::Object(problem).to_string()))
        })
    });
}
