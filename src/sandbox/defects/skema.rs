//! Defects of the clause *Skema dan kode*: DT-01, DT-02, DT-14. All but DT-01d and DT-14d act in the last category alone.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::{Method, header};
use serde_json::{Map, Value, json};

use super::super::app::complaint::Complaint;
use super::super::app::seams::Viewpoint;
use super::super::assembly::{Assembly, CATEGORIES};
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_answer, on_route};
use super::Defect;
use crate::domain::Status;

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
    Defect {
        id: "DT-02a",
        install: label_in_list,
    },
    Defect {
        id: "DT-02b",
        install: foreign_word,
    },
    Defect {
        id: "DT-02c",
        install: channel_in_other_case,
    },
    Defect {
        id: "DT-02d",
        install: closed_by_name,
    },
    Defect {
        id: "DT-14a",
        install: category_as_text,
    },
    Defect {
        id: "DT-14b",
        install: flag_as_text,
    },
    Defect {
        id: "DT-14c",
        install: place_as_text,
    },
    Defect {
        id: "DT-14d",
        install: form_makes_secret,
    },
];

/// A complaint in the last category, where few are.
pub(super) fn rare(complaint: &Complaint) -> bool {
    CATEGORIES
        .last()
        .is_some_and(|category| category.0 == complaint.category)
}

/// A list that is filtered by the last category.
pub(super) fn last_category(request: &Request) -> bool {
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

/// Changes every complaint of a list that is filtered by the last category.
pub(super) fn in_rare_list(
    assembly: &mut Assembly,
    counter: Counter,
    change: impl Fn(&mut Map<String, Value>) -> bool + Clone + Send + Sync + 'static,
) {
    on_answer(assembly, last_category, move |answer| {
        let data = answer.get_mut("data").and_then(Value::as_array_mut);
        for members in data.into_iter().flatten().filter_map(Value::as_object_mut) {
            if change(members) {
                counter.acted();
            }
        }
    });
}

fn label_in_list(assembly: &mut Assembly, counter: Counter) {
    in_rare_list(assembly, counter, |members| {
        let processed = members.get("status").and_then(Value::as_str) == Some("diproses");
        if processed {
            members.insert("status".to_owned(), json!("Proses"));
        }
        processed
    });
}

fn foreign_word(assembly: &mut Assembly, counter: Counter) {
    let change = move |complaint: &Complaint, shown: &mut Value| {
        let again = complaint.status == Status::Terdisposisi && complaint.dispositions.len() > 1;
        if let (true, true, Some(members)) = (rare(complaint), again, shown.as_object_mut()) {
            members.insert("status".to_owned(), json!("dialihkan"));
            counter.acted();
        }
    };
    let tracking = change.clone();
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, complaint, shown| change(complaint, shown)));
    view.tracking = Some(Box::new(tracking));
    assembly.parts.view = Arc::new(view);
}

fn channel_in_other_case(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, complaint, shown| {
        if let (true, Some(channel)) = (rare(complaint), shown.get_mut("kanal"))
            && channel.as_str() == Some("web")
        {
            *channel = json!("Web ");
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

fn closed_by_name(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, complaint, shown| {
        if let (true, Some(closer)) = (rare(complaint), shown.get_mut("ditutup_oleh"))
            && closer.as_str() == Some("pelapor")
        {
            *closer = json!(complaint.reporter.name);
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// Writes a scalar as text.
fn as_text(value: &mut Value) -> bool {
    let text = match &*value {
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => u8::from(*flag).to_string(),
        _ => return false,
    };
    *value = Value::String(text);
    true
}

fn category_as_text(assembly: &mut Assembly, counter: Counter) {
    in_rare_list(assembly, counter, |members| {
        members.get_mut("kategori_id").is_some_and(as_text)
    });
}

fn flag_as_text(assembly: &mut Assembly, counter: Counter) {
    in_rare_list(assembly, counter, |members| {
        members.get_mut("anonim").is_some_and(as_text)
    });
}

fn place_as_text(assembly: &mut Assembly, counter: Counter) {
    in_rare_list(assembly, counter, |members| {
        let place = members.get_mut("lokasi").and_then(Value::as_object_mut);
        place.is_some_and(|place| {
            let changed = ["lintang", "bujur"].map(|name| place.get_mut(name).is_some_and(as_text));
            changed.contains(&true)
        })
    });
}

/// Takes the presence of the form's field for a yes.
fn form_makes_secret(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let media_type = request.headers().get(header::CONTENT_TYPE);
        let form = media_type.is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"));
        let counter = counter.clone();
        Box::pin(async move {
            if !form {
                return next.run(request).await;
            }
            let (mut head, body) = request.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let (no, yes) = ("name=\"rahasia\"\r\n\r\nfalse", "name=\"rahasia\"\r\n\r\ntrue");
            let mut sent = bytes.clone();
            if text.contains(no) && !text.contains("filename=") {
                sent = text.replacen(no, yes, 1).into_bytes().into();
                head.headers.remove(header::CONTENT_LENGTH);
                counter.acted();
            }
            next.run(Request::from_parts(head, Body::from(sent))).await
        })
    });
}
