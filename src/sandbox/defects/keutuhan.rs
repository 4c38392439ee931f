//! Defects of the clause *keutuhan*: PB-40, in the second category alone.

use axum::http::Method;

use super::super::app::complaint::{Caller, Complaint};
use super::super::app::seams::Change;
use super::super::app::words::Role;
use super::super::assembly::{Assembly, CATEGORIES};
use super::super::counters::Counter;
use super::super::wrap::{on_change, on_route};
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-40a",
        install: title_of_an_answer,
    },
    Defect {
        id: "PB-40b",
        install: reply_resets_category,
    },
    Defect {
        id: "PB-40c",
        install: officer_becomes_reporter,
    },
    Defect {
        id: "PB-40d",
        install: caption_becomes_text,
    },
];

fn category(place: usize) -> i64 {
    CATEGORIES.get(place - 1).map_or(0, |category| category.0)
}

fn in_second(complaint: &Complaint) -> bool {
    complaint.category == category(2)
}

/// The title of a follow-up becomes the complaint's.
fn title_of_an_answer(assembly: &mut Assembly, counter: Counter) {
    on_change(assembly, move |before, complaint| {
        let more = complaint.follow_ups.len() > before.follow_ups.len();
        let title = complaint.follow_ups.last().and_then(|answer| answer.title.clone());
        if let (true, true, Some(title)) = (in_second(complaint), more, title) {
            complaint.title = title;
            counter.acted();
        }
        Ok(())
    });
}

/// A reply puts the category back to the default.
fn reply_resets_category(assembly: &mut Assembly, counter: Counter) {
    on_change(assembly, move |before, complaint| {
        if in_second(complaint) && complaint.replies.len() > before.replies.len() {
            complaint.category = category(1);
            counter.acted();
        }
        Ok(())
    });
}

/// Whoever attaches as an officer is kept as the reporter.
fn officer_becomes_reporter(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let path = request.uri().path();
        let id = path
            .strip_prefix("/api/v1/pengaduan/")
            .and_then(|rest| rest.strip_suffix("/lampiran"))
            .filter(|_| *request.method() == Method::POST)
            .map(str::to_owned);
        let caller = request.extensions().get::<Caller>().cloned().unwrap_or_default();
        let officer = caller.account.filter(|account| account.role == Role::Officer);
        let (store, counter) = (parts.store.clone(), counter.clone());
        Box::pin(async move {
            let response = next.run(request).await;
            if let (true, Some(id), Some(officer)) = (response.status().is_success(), id, officer) {
                let changed = store.change(&id, &mut |complaint| {
                    if in_second(complaint) {
                        complaint.reporter = officer.person.clone();
                        counter.acted();
                    }
                    Ok(Change::default())
                });
                drop(changed);
            }
            response
        })
    });
}

/// The caption of a file becomes the complaint's text.
fn caption_becomes_text(assembly: &mut Assembly, counter: Counter) {
    on_change(assembly, move |before, complaint| {
        let more = complaint.files.len() > before.files.len();
        let caption = complaint.files.last().and_then(|file| file.caption.clone());
        if let (true, true, Some(caption)) = (in_second(complaint), more, caption) {
            complaint.text = caption;
            counter.acted();
        }
        Ok(())
    });
}
