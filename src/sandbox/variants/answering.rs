//! Variants of public answers: how they are published, ordered and signed.

use super::super::app::complaint::Message;
use super::super::app::problem::{Kind, Problem};
use super::super::app::words::{Action, Role};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{on_change, on_next};
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
