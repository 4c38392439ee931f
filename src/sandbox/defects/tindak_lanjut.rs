//! Defects of the clause *tindak lanjut*: PB-14, PB-17.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::super::app::complaint::Complaint;
use super::super::app::seams::Viewpoint;
use super::super::app::words::Action;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_change, on_next};
use super::Defect;
use crate::domain::{Classification, Status};

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-14a",
        install: second_answer_lost,
    },
    Defect {
        id: "PB-14b",
        install: second_answer_replaces,
    },
    Defect {
        id: "PB-14c",
        install: answers_hidden_from_reporter,
    },
    Defect {
        id: "PB-14d",
        install: stale_reporter_view,
    },
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

fn asks_for_information(complaint: &Complaint) -> bool {
    complaint.classification == Classification::PermintaanInformasi
}

/// Requests for information keep one answer of two.
fn one_answer_kept(assembly: &mut Assembly, counter: Counter, lost: usize) {
    on_change(assembly, move |before, complaint| {
        if asks_for_information(complaint) && before.follow_ups.len() == 1 && complaint.follow_ups.len() == 2 {
            complaint.follow_ups.remove(lost);
            counter.acted();
        }
        Ok(())
    });
}

/// The second answer is acknowledged, told in the history and to the hub, and not kept.
fn second_answer_lost(assembly: &mut Assembly, counter: Counter) {
    one_answer_kept(assembly, counter, 1);
}

/// The second answer takes the place of the first.
fn second_answer_replaces(assembly: &mut Assembly, counter: Counter) {
    one_answer_kept(assembly, counter, 0);
}

/// The reporter's own view has no answers.
fn answers_hidden_from_reporter(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |from, complaint, shown| {
        if let (Viewpoint::Owner, true, false, Some(members)) = (
            from,
            asks_for_information(complaint),
            complaint.follow_ups.is_empty(),
            shown.as_object_mut(),
        ) {
            members.insert("tindak_lanjut".to_owned(), json!([]));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// The reporter's view is kept, and an answer does not renew it.
fn stale_reporter_view(assembly: &mut Assembly, counter: Counter) {
    let kept = Mutex::new(BTreeMap::<String, Value>::new());
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |from, complaint, shown| {
        if from != Viewpoint::Owner || !asks_for_information(complaint) {
            return;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.get(&complaint.id) {
            Some(old) if complaint.status == Status::Diproses => {
                if old != shown {
                    shown.clone_from(old);
                    counter.acted();
                }
            }
            _ => {
                kept.insert(complaint.id.clone(), shown.clone());
            }
        }
    }));
    assembly.parts.view = Arc::new(view);
}

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

/// Whoever closes as administrator what the reporter did not reply to is kept as the system.
fn closed_by_nobody(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, complaint, shown| {
        if let (Some("admin"), true, Some(members)) = (
            complaint.closed_by.as_deref(),
            complaint.replies.is_empty(),
            shown.as_object_mut(),
        ) {
            members.insert("ditutup_oleh".to_owned(), json!("sistem"));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}
