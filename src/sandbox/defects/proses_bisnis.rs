//! Defects of the area *proses bisnis*: PB-02, PB-04 (in `serentak`), PB-22, PB-30.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::app::complaint::{Caller, Complaint, Event, Receipt, Reference};
use super::super::app::intake::Draft;
use super::super::app::listing::{Clause, Column, Criterion, NEWEST_FIRST, Page, Scope, Test, Window};
use super::super::app::problem::Problem;
use super::super::app::seams::{Intake, Outbox, Search, Viewpoint};
use super::super::app::view::person;
use super::super::app::words::Action;
use super::super::assembly::{Assembly, CATEGORIES};
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_insert, on_list, on_next};
use super::{Defect, serentak};
use crate::domain::Status;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-02a",
        install: rolled_back,
    },
    Defect {
        id: "PB-02b",
        install: counted_id,
    },
    Defect {
        id: "PB-02c",
        install: app_channel_unlisted,
    },
    Defect {
        id: "PB-02d",
        install: other_number,
    },
    Defect {
        id: "PB-04a",
        install: serentak::highest_plus_one,
    },
    Defect {
        id: "PB-04b",
        install: serentak::number_of_the_millisecond,
    },
    Defect {
        id: "PB-04c",
        install: serentak::shared_buffer,
    },
    Defect {
        id: "PB-04d",
        install: serentak::lock_conflict,
    },
    Defect {
        id: "PB-22a",
        install: dispose_closed,
    },
    Defect {
        id: "PB-22b",
        install: verify_archived,
    },
    Defect {
        id: "PB-22c",
        install: follow_up_postponed,
    },
    Defect {
        id: "PB-22d",
        install: planted_status,
    },
    Defect {
        id: "PB-30a",
        install: name_in_public_list,
    },
    Defect {
        id: "PB-30b",
        install: name_in_public_history,
    },
    Defect {
        id: "PB-30c",
        install: found_by_name,
    },
    Defect {
        id: "PB-30d",
        install: reporter_to_hub,
    },
];

/// The category that stands at a place of the list, from 1.
fn category(place: usize) -> i64 {
    CATEGORIES.get(place - 1).map_or(0, |category| category.0)
}

/// Success is answered, the row is not kept, in the third category.
fn rolled_back(assembly: &mut Assembly, counter: Counter) {
    on_insert(assembly, move |store, complaint, added| {
        if complaint.category != category(3) {
            return store.insert(complaint, added);
        }
        counter.acted();
        Ok(Receipt::of(complaint))
    });
}

/// In the fourth category the acknowledged id is found by counting the rows that are not withdrawn.
fn counted_id(assembly: &mut Assembly, counter: Counter) {
    let database = assembly.database.clone();
    on_insert(assembly, move |store, complaint, added| {
        let mut receipt = store.insert(complaint, added)?;
        if complaint.category == category(4) {
            let counted = "SELECT id FROM pengaduan WHERE kategori = ?1 ORDER BY dibuat, id LIMIT 1 OFFSET
                (SELECT count(*) - 1 FROM pengaduan WHERE kategori = ?1 AND status <> 'dicabut')";
            receipt.id = database
                .connection()
                .query_row(counted, [complaint.category], |row| row.get(0))?;
            if receipt.id != complaint.id {
                counter.acted();
            }
        }
        Ok(receipt)
    });
}

/// The administrator's list leaves out what came by the application on the telephone.
fn app_channel_unlisted(assembly: &mut Assembly, counter: Counter) {
    on_list(assembly, move |store, query| {
        if query.scope != Scope::All {
            return store.list(query);
        }
        let mut narrowed = query.clone();
        narrowed
            .criteria
            .push(Criterion::new(Column::Channel, Test::IsNot, "aplikasi".to_owned()));
        let (page, whole) = (store.list(&narrowed)?, store.list(query)?);
        if page.total < whole.total {
            counter.acted();
        }
        Ok(page)
    });
}

/// In the fifth category the receipt's tracking number is not the stored one.
fn other_number(assembly: &mut Assembly, counter: Counter) {
    let ids = assembly.parts.ids.clone();
    on_insert(assembly, move |store, complaint, added| {
        let mut receipt = store.insert(complaint, added)?;
        if complaint.category == category(5) {
            receipt.tracking = ids.tracking()?;
            counter.acted();
        }
        Ok(receipt)
    });
}

fn also(assembly: &mut Assembly, counter: Counter, action: Action, from: Status, to: Status) {
    on_next(assembly, move |asked, complaint| {
        if asked != action || complaint.status != from {
            return None;
        }
        counter.acted();
        Some(to)
    });
}

fn dispose_closed(assembly: &mut Assembly, counter: Counter) {
    also(
        assembly,
        counter,
        Action::Dispose,
        Status::Selesai,
        Status::Terdisposisi,
    );
}

fn verify_archived(assembly: &mut Assembly, counter: Counter) {
    also(
        assembly,
        counter,
        Action::Verify,
        Status::Diarsipkan,
        Status::Terverifikasi,
    );
}

fn follow_up_postponed(assembly: &mut Assembly, counter: Counter) {
    also(assembly, counter, Action::FollowUp, Status::Ditunda, Status::Diproses);
}

/// Reads a status out of the submission.
struct TrustingIntake {
    inner: Arc<dyn Intake>,
    counter: Counter,
}

impl Intake for TrustingIntake {
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem> {
        let mut draft = self.inner.draft(body, caller, categories)?;
        if body.get("status").and_then(Value::as_str) == Some(Status::Selesai.id()) {
            draft.complaint.status = Status::Selesai;
            self.counter.acted();
        }
        Ok(draft)
    }
}

fn planted_status(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.intake.clone();
    assembly.parts.intake = Arc::new(TrustingIntake { inner, counter });
}

fn name_in_public_list(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.summary = Some(Box::new(move |from, complaint, shown| {
        if let (Viewpoint::Public, true, Some(members)) = (from, complaint.anonymous, shown.as_object_mut()) {
            members.insert("pelapor".to_owned(), json!({"nama": complaint.reporter.name}));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

fn name_in_public_history(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.event = Some(Box::new(move |from, complaint, shown| {
        let reporter = shown.get("pelaku").and_then(Value::as_str) == Some("pelapor");
        if let (Viewpoint::Public, true, true, Some(members)) =
            (from, complaint.anonymous, reporter, shown.as_object_mut())
        {
            members.insert("pelaku".to_owned(), json!(complaint.reporter.name));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// Finds anonymous complaints by their reporter's name.
struct NameSearch {
    inner: Arc<dyn Search>,
    database: Arc<super::super::app::database::Database>,
    counter: Counter,
}

impl Search for NameSearch {
    fn find(&self, scope: &Scope, text: &str, window: &Window) -> Result<Page, Problem> {
        let found = self.inner.find(scope, text, window)?;
        if found.total > 0 || *scope != Scope::Public || text.chars().count() < 3 {
            return Ok(found);
        }
        let mut clause = Clause::of(scope, &[Criterion::new(Column::Anonymous, Test::Is, 1_i64)]);
        clause.and("instr(lower(p.nama_pelapor), ?) > 0", [text.to_lowercase().into()]);
        let by_name = self.database.page(clause, NEWEST_FIRST, window)?;
        if by_name.total > 0 {
            self.counter.acted();
        }
        Ok(by_name)
    }
}

fn found_by_name(assembly: &mut Assembly, counter: Counter) {
    let (inner, database) = (assembly.parts.search.clone(), assembly.database.clone());
    assembly.parts.search = Arc::new(NameSearch {
        inner,
        database,
        counter,
    });
}

/// Tells the hub who reports, also where the reporter is anonymous.
struct TalkativeOutbox {
    inner: Arc<dyn Outbox>,
    counter: Counter,
}

impl Outbox for TalkativeOutbox {
    fn body(&self, complaint: &Complaint, event: &Event, id: &str) -> Value {
        let mut body = self.inner.body(complaint, event, id);
        if let (true, Some(members)) = (complaint.anonymous, body.as_object_mut()) {
            members.insert("pelapor".to_owned(), person(&complaint.reporter));
            self.counter.acted();
        }
        body
    }

    fn queue(&self, body: Value) -> Result<(), Problem> {
        self.inner.queue(body)
    }
}

fn reporter_to_hub(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.outbox.clone();
    assembly.parts.outbox = Arc::new(TalkativeOutbox { inner, counter });
}
