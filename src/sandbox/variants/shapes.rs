//! Variants of how answers are built: more members, fewer, other envelopes.

use std::sync::Arc;

use axum::extract::Request;
use http::Method;
use jiff::{Timestamp, tz};
use serde_json::{Map, Value, json};

use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_answer};

/// Adds members and turns the order of all around.
pub(super) fn more_fields(assembly: &mut Assembly, counter: Counter) {
    let change = move |shown: &mut Value| {
        if let Some(members) = shown.as_object_mut() {
            let turned: Map<String, Value> = std::mem::take(members).into_iter().rev().collect();
            *members = turned;
            members.insert("versi_skema".to_owned(), json!("2.1"));
            members.insert("status_label".to_owned(), json!("Sedang kami tangani"));
            members.insert(
                "tambahan".to_owned(),
                json!({"warna": "biru", "urutan": [1, "dua", null]}),
            );
            counter.acted();
        }
    };
    let (summary, event, tracking) = (change.clone(), change.clone(), change.clone());
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, _, shown| change(shown)));
    view.summary = Some(Box::new(move |_, _, shown| summary(shown)));
    view.event = Some(Box::new(move |_, _, shown| event(shown)));
    view.tracking = Some(Box::new(move |_, shown| tracking(shown)));
    assembly.parts.view = Arc::new(view);
}

/// Members that may be left out while they hold nothing.
const OPTIONAL: &[&str] = &["lampiran", "disposisi", "tanggapan", "catatan", "tindak_lanjut"];

/// Leaves empty members out.
pub(super) fn fewer_fields(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, _, shown| {
        let Some(members) = shown.as_object_mut() else { return };
        for name in OPTIONAL {
            if members.get(*name).and_then(Value::as_array).is_some_and(Vec::is_empty) {
                members.remove(*name);
                counter.acted();
            }
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// A history, or a tracking page.
fn course_of_one(request: &Request) -> bool {
    let path = request.uri().path();
    *request.method() == Method::GET && (path.ends_with("/riwayat") || path.starts_with("/api/v1/pelacakan/"))
}

/// Histories and tracking pages come in an envelope, under other names.
pub(super) fn envelope(assembly: &mut Assembly, counter: Counter) {
    let tables = [
        "[ikatan.operasi.track]\njawaban = \".body.hasil\"",
        "[ikatan.operasi.history]\njawaban = \"{butir: .body.hasil.data}\"",
    ];
    assembly.declared.binding.extend(tables.map(str::to_owned));
    on_answer(assembly, course_of_one, move |answer| {
        *answer = json!({"sukses": true, "hasil": answer.take()});
        counter.acted();
    });
}

/// Writes every instant of every answer in another way.
fn rewrite_times(assembly: &mut Assembly, counter: Counter, write: fn(Timestamp) -> String) {
    fn walk(value: &mut Value, write: fn(Timestamp) -> String) -> bool {
        match value {
            // Every one is written, so nothing may stop at the first.
            Value::Array(items) => {
                items
                    .iter_mut()
                    .filter_map(|item| walk(item, write).then_some(()))
                    .count()
                    > 0
            }
            Value::Object(members) => {
                members
                    .values_mut()
                    .filter_map(|item| walk(item, write).then_some(()))
                    .count()
                    > 0
            }
            Value::String(text) if text.len() == 29 && text.ends_with("+07:00") => {
                let Ok(time) = text.parse::<Timestamp>() else {
                    return false;
                };
                *text = write(time);
                true
            }
            _ => false,
        }
    }
    on_answer(
        assembly,
        |_| true,
        move |answer| {
            if walk(answer, write) {
                counter.acted();
            }
        },
    );
}

pub(super) fn times_in_utc(assembly: &mut Assembly, counter: Counter) {
    rewrite_times(assembly, counter, |time| time.to_string());
}

pub(super) fn times_in_the_east(assembly: &mut Assembly, counter: Counter) {
    rewrite_times(assembly, counter, |time| {
        let zoned = time.to_zoned(tz::TimeZone::fixed(tz::offset(9)));
        zoned.strftime("%Y-%m-%dt%H:%M:%S%.6f%:z").to_string()
    });
}

/// Histories hold an event of the application's own that moves nothing.
pub(super) fn own_event(assembly: &mut Assembly, counter: Counter) {
    assembly
        .declared
        .values
        .push("peristiwa_sendiri = [\"dilihat\"]".to_owned());
    on_answer(
        assembly,
        |request| request.uri().path().ends_with("/riwayat"),
        move |answer| {
            let Some(data) = answer.get_mut("data").and_then(Value::as_array_mut) else {
                return;
            };
            // Seen right after it was sent.
            if let Some(mut event) = data.first().cloned() {
                let status = event.get("ke").cloned().unwrap_or_default();
                if let Some(members) = event.as_object_mut() {
                    members.insert("peristiwa".to_owned(), json!("dilihat"));
                    members.insert("pelaku".to_owned(), json!("admin"));
                    members.insert("dari".to_owned(), status);
                }
                data.insert(1, event);
                counter.acted();
            }
        },
    );
}

/// Submissions are declared as JSON alone.
pub(super) fn one_media_type(assembly: &mut Assembly, counter: Counter) {
    assembly
        .declared
        .binding
        .push("[ikatan.operasi.submit]\nmedia_kiriman = []".to_owned());
    let submits = |request: &Request| *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan";
    on_answer(assembly, submits, move |_| counter.acted());
}
