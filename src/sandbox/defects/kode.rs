//! Defects of unknown code values (DT-03).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::IntoResponse as _;
use serde_json::{Map, Value, json};

use super::super::app::complaint::Complaint;
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::Viewpoint;
use super::super::app::words::Action;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_route};
use super::Defect;
use super::hak_akses::acted_on;
use super::masukan::on_intake;
use crate::domain::Classification;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-03a",
        install: |assembly, counter| kept_as_sent(assembly, counter, false),
    },
    Defect {
        id: "DT-03b",
        install: replaced,
    },
    Defect {
        id: "DT-03c",
        install: verification_breaks,
    },
    Defect {
        id: "DT-03d",
        install: |assembly, counter| kept_as_sent(assembly, counter, true),
    },
];

/// The classification of a body that is a word, but none of the list.
fn unknown(body: &Map<String, Value>) -> Option<String> {
    let word = body.get("klasifikasi")?.as_str()?;
    let blank = word.trim().is_empty();
    (!blank && Classification::by_id(word).is_none()).then(|| word.to_owned())
}

fn from_hub(body: &Map<String, Value>) -> bool {
    body.contains_key("id_sp4n")
}

fn without_class(body: &Map<String, Value>) -> Map<String, Value> {
    let mut members = body.clone();
    members.remove("klasifikasi");
    members
}

/// The column takes every word: it is shown again as it was sent.
fn kept_as_sent(assembly: &mut Assembly, counter: Counter, hub: bool) {
    let words = Arc::new(Mutex::new(BTreeMap::<String, String>::new()));
    let kept = words.clone();
    on_intake(assembly, move |body, read| {
        let Some(word) = unknown(body).filter(|_| from_hub(body) == hub) else {
            return read(body);
        };
        let draft = read(&without_class(body))?;
        counter.acted();
        let mut words = kept.lock().unwrap_or_else(PoisonError::into_inner);
        words.insert(draft.complaint.text.clone(), word);
        Ok(draft)
    });
    let show = move |_from: Viewpoint, complaint: &Complaint, shown: &mut Value| {
        let words = words.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(word), Some(members)) = (words.get(&complaint.text), shown.as_object_mut()) {
            members.insert("klasifikasi".to_owned(), json!(word));
        }
    };
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(show.clone()));
    view.summary = Some(Box::new(show));
    assembly.parts.view = Arc::new(view);
}

fn replaced(assembly: &mut Assembly, counter: Counter) {
    on_intake(assembly, move |body, read| {
        if from_hub(body) || unknown(body).is_none() {
            return read(body);
        }
        let draft = read(&without_class(body))?;
        counter.acted();
        Ok(draft)
    });
}

fn verification_breaks(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        if acted_on(&request, parts, Action::Verify).is_none() {
            return Box::pin(next.run(request));
        }
        let counter = counter.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let members: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
            if unknown(&members).is_some() {
                counter.acted();
                return Problem::new(Kind::Internal, "Galat telah dicatat. Silakan coba lagi.").into_response();
            }
            next.run(Request::from_parts(head, Body::from(bytes))).await
        })
    });
}
