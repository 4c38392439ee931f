//! Defects of the clause *Skema dan kode*: DT-01.

use std::sync::Arc;

use axum::extract::Request;
use http::Method;
use serde_json::{Map, Value};

use super::super::app::complaint::Complaint;
use super::super::app::seams::Viewpoint;
use super::super::assembly::{Assembly, CATEGORIES};
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_answer};
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-01a",
        install: tracking_without_change,
    },
    Defect {
        id: "DT-01b",
        install: single_as_object,
    },
    Defect {
        id: "DT-01c",
        install: officer_without_category,
    },
    Defect {
        id: "DT-01d",
        install: files_by_index,
    },
];

/// A complaint in the last category, where few are.
fn rare(complaint: &Complaint) -> bool {
    CATEGORIES
        .last()
        .is_some_and(|category| category.0 == complaint.category)
}

/// A list that is filtered by the last category.
fn last_category(request: &Request) -> bool {
    let last = CATEGORIES.last().map_or(0, |category| category.0);
    let wanted = format!("kategori={last}");
    let mut pairs = request.uri().query().unwrap_or_default().split('&');
    *request.method() == Method::GET && request.uri().path() == "/api/v1/pengaduan" && pairs.any(|pair| pair == wanted)
}

fn tracking_without_change(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.tracking = Some(Box::new(move |complaint, shown| {
        if let (true, Some(members)) = (rare(complaint), shown.as_object_mut()) {
            members.remove("waktu_diperbarui");
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

fn single_as_object(assembly: &mut Assembly, counter: Counter) {
    on_answer(assembly, last_category, move |answer| {
        let Some(data) = answer.get_mut("data") else { return };
        if let Some([single]) = data.as_array().map(Vec::as_slice) {
            *data = single.clone();
            counter.acted();
        }
    });
}

fn officer_without_category(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |from, complaint, shown| {
        if let (Viewpoint::Officer, true, Some(members)) = (from, rare(complaint), shown.as_object_mut()) {
            members.remove("kategori_id");
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

fn files_by_index(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, complaint, shown| {
        if let (3, Some(Value::Array(files))) = (complaint.files.len(), shown.get_mut("lampiran")) {
            let map: Map<String, Value> = files
                .drain(..)
                .enumerate()
                .map(|(index, file)| (index.to_string(), file))
                .collect();
            if let Some(members) = shown.as_object_mut() {
                members.insert("lampiran".to_owned(), Value::Object(map));
            }
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}
