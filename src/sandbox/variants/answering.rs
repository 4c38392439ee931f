//! Variants of public answers: how they are published, ordered and signed.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::app::complaint::Message;
use super::super::app::problem::{Kind, Problem};
use super::super::app::words::{Action, Role};
use super::super::assembly::{Assembly, UNITS};
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_change, on_next};
use crate::domain::Status;

/// Closing publishes its reason as the last public answer; without one nothing is closed.
pub(super) fn closing_answers(assembly: &mut Assembly, counter: Counter) {
    on_next(assembly, move |action, complaint| {
        let open = matches!(complaint.status, Status::Terdisposisi | Status::Diproses);
        if action != Action::Close || !open || !complaint.follow_ups.is_empty() {
            return None;
        }
        counter.acted();
        Some(Status::Selesai)
    });
    let ids = assembly.parts.ids.clone();
    on_change(assembly, move |before, complaint| {
        if complaint.status != Status::Selesai || before.closed == complaint.closed {
            return Ok(());
        }
        let given = complaint.reason.as_ref().filter(|_| complaint.reason != before.reason);
        match given {
            Some(reason) => complaint.follow_ups.push(Message {
                id: ids.unique()?,
                author: String::new(),
                role: Role::Admin,
                at: complaint.updated,
                title: None,
                text: reason.text.clone(),
                files: Vec::new(),
            }),
            None if complaint.follow_ups.is_empty() => {
                return Err(Problem::new(Kind::Move, "Penutupan memerlukan jawaban bagi pelapor."));
            }
            None => {}
        }
        Ok(())
    });
}

/// Changes the list of public answers, wherever a whole complaint is shown.
fn on_answers(assembly: &mut Assembly, change: impl Fn(&mut Vec<Value>) + Send + Sync + 'static) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, _, shown| {
        if let Some(Value::Array(answers)) = shown.get_mut("tindak_lanjut") {
            change(answers);
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// Answers are signed by the unit, not by the person.
pub(super) fn signed_by_the_unit(assembly: &mut Assembly, counter: Counter) {
    let unit = UNITS.first().map_or("", |unit| unit.1);
    on_answers(assembly, move |answers| {
        for members in answers.iter_mut().filter_map(Value::as_object_mut) {
            members.insert("oleh".to_owned(), json!(unit));
            counter.acted();
        }
    });
}

/// The newest answer stands first.
pub(super) fn newest_answer_first(assembly: &mut Assembly, counter: Counter) {
    on_answers(assembly, move |answers| {
        if answers.len() > 1 {
            answers.reverse();
            counter.acted();
        }
    });
}

/// Tracking shows status and times, and says so in the statement.
pub(super) fn tracking_without_texts(assembly: &mut Assembly, counter: Counter) {
    assembly
        .declared
        .policy
        .push("pelacakan_hanya_status = true".to_owned());
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.tracking = Some(Box::new(move |_, shown| {
        if let Some(members) = shown.as_object_mut() {
            for member in ["judul", "isi", "tindak_lanjut"] {
                if members.remove(member).is_some() {
                    counter.acted();
                }
            }
        }
    }));
    assembly.parts.view = Arc::new(view);
}
