//! Defects of mass assignment: KM-22. Each acts on members that no lawful request has.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{Method, header};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::super::app::complaint::{Complaint, Disposition};
use super::super::app::seams::{Change, Parts};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_route};
use super::Defect;
use super::masukan::on_intake;
use crate::domain::Status;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "KM-22a",
        install: owner_and_unit_from_body,
    },
    Defect {
        id: "KM-22b",
        install: everything_at_correct,
    },
    Defect {
        id: "KM-22c",
        install: nested_is_merged,
    },
    Defect {
        id: "KM-22d",
        install: times_from_body,
    },
];

fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    body.get(name)?.as_str().map(str::to_owned)
}

fn moment(body: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    body.get(name)?.as_str()?.parse().ok()
}

/// Takes over the owner and the dispositions.
fn bind_owner_and_unit(complaint: &mut Complaint, body: &Map<String, Value>) {
    if let Some(owner) = text(body, "pelapor_id") {
        complaint.owner = owner;
    }
    for entry in body.get("disposisi").and_then(Value::as_array).into_iter().flatten() {
        let Some(entry) = entry.as_object() else { continue };
        if let (Some(unit), Some(at)) = (text(entry, "unit_id"), moment(entry, "waktu")) {
            let reason = text(entry, "alasan");
            complaint.dispositions.push(Disposition { unit, at, reason });
        }
    }
}

/// Takes over whatever has a place.
fn bind_all(complaint: &mut Complaint, body: &Map<String, Value>) {
    bind_owner_and_unit(complaint, body);
    if let Some(id) = text(body, "id_sp4n") {
        complaint.hub_id = Some(id);
    }
    if let Some(by) = text(body, "ditutup_oleh") {
        complaint.closed_by = Some(by);
    }
    if let Some(created) = moment(body, "waktu_dibuat") {
        complaint.created = created;
    }
    let rating = body.get("penilaian").and_then(Value::as_u64);
    if let Some(rating) = rating.and_then(|number| u8::try_from(number).ok()) {
        complaint.rating = Some(rating);
    }
    if let Some(status) = text(body, "status").and_then(|word| Status::by_id(&word)) {
        complaint.status = status;
    }
}

fn owner_and_unit_from_body(assembly: &mut Assembly, counter: Counter) {
    on_intake(assembly, move |body, read| {
        let mut draft = read(body)?;
        let before = draft.complaint.clone();
        bind_owner_and_unit(&mut draft.complaint, body);
        if draft.complaint != before {
            counter.acted();
        }
        Ok(draft)
    });
}

fn nested_is_merged(assembly: &mut Assembly, counter: Counter) {
    on_intake(assembly, move |body, read| {
        let Some(nested) = body.get("pengaduan").and_then(Value::as_object) else {
            return read(body);
        };
        let mut merged = body.clone();
        merged.extend(nested.clone());
        let mut draft = read(&merged)?;
        let before = draft.complaint.clone();
        bind_all(&mut draft.complaint, nested);
        if draft.complaint != before {
            counter.acted();
        }
        Ok(draft)
    });
}

/// Runs a write, and hands its body and the id of what it made or changed to a function when it succeeded.
fn after_write(
    assembly: &mut Assembly,
    picks: fn(&Request) -> bool,
    then: impl Fn(&Parts, &str, &Map<String, Value>) + Clone + Send + Sync + 'static,
) {
    on_route(assembly, move |request, next, parts| {
        let (picked, then, parts) = (picks(&request), then.clone(), parts.clone());
        Box::pin(async move {
            if !picked {
                return next.run(request).await;
            }
            let (head, body) = request.into_parts();
            let sent = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let response = next.run(Request::from_parts(head, Body::from(sent.clone()))).await;
            if !response.status().is_success() {
                return response;
            }
            let (mut head, body) = response.into_parts();
            let told = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let members = |bytes: &[u8]| serde_json::from_slice::<Map<String, Value>>(bytes).ok();
            if let (Some(sent), Some(told)) = (members(&sent), members(&told))
                && let Some(id) = text(&told, "id")
            {
                then(&parts, &id, &sent);
            }
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(told))
        })
    });
}

/// Changes a kept complaint; counts where it came out different.
fn rewrite(parts: &Parts, id: &str, counter: &Counter, change: &dyn Fn(&mut Complaint)) {
    let kept = parts.store.change(id, &mut |complaint| {
        let before = complaint.clone();
        change(complaint);
        if *complaint != before {
            counter.acted();
        }
        Ok(Change::default())
    });
    // One that is gone was not changed, and the counter says so.
    drop(kept);
}

fn everything_at_correct(assembly: &mut Assembly, counter: Counter) {
    let corrects = |request: &Request| request.uri().path().ends_with("/perbaikan");
    after_write(assembly, corrects, move |parts, id, body| {
        rewrite(parts, id, &counter, &|complaint| bind_all(complaint, body));
    });
}

fn times_from_body(assembly: &mut Assembly, counter: Counter) {
    let due = Arc::new(Mutex::new(BTreeMap::<String, Value>::new()));
    let mut view = ViewWith::around(assembly.parts.view.clone());
    let (kept, shown_counter) = (Arc::clone(&due), counter.clone());
    view.record = Some(Box::new(move |_, complaint, shown| {
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(due), Some(members)) = (kept.get(&complaint.id), shown.as_object_mut()) {
            members.insert("tenggat".to_owned(), due.clone());
            shown_counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
    let submits = |request: &Request| *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan";
    after_write(assembly, submits, move |parts, id, body| {
        if let Some(given) = body.get("tenggat") {
            let mut kept = due.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(id.to_owned(), given.clone());
        }
        if let Some(created) = moment(body, "waktu_dibuat") {
            rewrite(parts, id, &counter, &|complaint| complaint.created = created);
        }
    });
}
