//! Variants of how answers are built: more members, fewer, other envelopes.

use std::sync::Arc;

use axum::extract::Request;
use http::Method;
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
