//! Defects of the clause *tindak lanjut*: PB-14, PB-17.

use std::sync::Arc;

use serde_json::json;

use super::super::app::words::Action;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_next};
use super::Defect;
use crate::domain::Status;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-17a",
        install: closed_unanswered,
    },
    Defect {
        id: "PB-17b",
        install: closed_on_a_note,
    },
    Defect {
        id: "PB-17c",
        install: closed_by_nobody,
    },
];

/// What was given to a unit can be closed before anybody has said anything to the reporter.
fn closes(assembly: &mut Assembly, counter: Counter, noted: bool) {
    on_next(assembly, move |action, complaint| {
        let unanswered = complaint.follow_ups.is_empty() && complaint.notes.is_empty() != noted;
        if action != Action::Close || complaint.status != Status::Terdisposisi || !unanswered {
            return None;
        }
        counter.acted();
        Some(Status::Selesai)
    });
}

/// Closes with no follow-up and no note.
fn closed_unanswered(assembly: &mut Assembly, counter: Counter) {
    closes(assembly, counter, false);
}

/// An internal note counts as a follow-up.
fn closed_on_a_note(assembly: &mut Assembly, counter: Counter) {
    closes(assembly, counter, true);
}

/// Whoever closes as administrator is kept as the system.
fn closed_by_nobody(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, complaint, shown| {
        if let (Some("admin"), Some(members)) = (complaint.closed_by.as_deref(), shown.as_object_mut()) {
            members.insert("ditutup_oleh".to_owned(), json!("sistem"));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}
