//! Defects of what answers tell (PB-23).

use axum::response::IntoResponse as _;
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use super::super::app::http::answer;
use super::super::app::problem::{Kind, Problem};
use super::super::app::words::{Action, Role};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
use super::Defect;
use super::hak_akses::{acted_on, asker};
use crate::domain::Status;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-23a",
        install: forbidden_move_204,
    },
    Defect {
        id: "PB-23b",
        install: unknown_id_done,
    },
    Defect {
        id: "PB-23c",
        install: wrong_unit_done,
    },
    Defect {
        id: "PB-23d",
        install: postponed_500,
    },
];

/// A closed complaint is not verified again, but the answer is that of an update of nothing.
fn forbidden_move_204(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let closed = acted_on(&request, parts, Action::Verify).filter(|complaint| complaint.status == Status::Selesai);
        if closed.is_none() {
            return Box::pin(next.run(request));
        }
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if response.status() != StatusCode::CONFLICT {
                return response;
            }
            counter.acted();
            StatusCode::NO_CONTENT.into_response()
        })
    });
}

/// Nobody looks how many rows were changed.
fn unknown_id_done(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let path = request.uri().path().strip_prefix("/api/v1/pengaduan/");
        let id = path.and_then(|rest| rest.strip_suffix("/arsip")).map(str::to_owned);
        let unknown = id.filter(|id| {
            let named = *request.method() == Method::POST && asker(&request).role() == Some(Role::Admin);
            named && parts.store.latest(id).is_ok_and(|found| found.is_none())
        });
        let Some(id) = unknown else {
            return Box::pin(next.run(request));
        };
        counter.acted();
        let body = json!({"id": id, "status": Status::Diarsipkan.id()});
        Box::pin(async move { answer::json(StatusCode::OK, &body, HeaderMap::new()) })
    });
}

/// What was not this unit's is not written, and told as done.
fn wrong_unit_done(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let (who, complaint) = (asker(&request), acted_on(&request, parts, Action::FollowUp));
        let unit = who.account.as_ref().and_then(|account| account.unit.clone());
        let other = complaint.filter(|complaint| {
            let given = complaint.unit();
            who.role() == Some(Role::Officer) && given.is_some() && given != unit.as_deref()
        });
        let Some(complaint) = other else {
            return Box::pin(next.run(request));
        };
        counter.acted();
        let body = json!({"id": complaint.id, "status": complaint.status.id()});
        Box::pin(async move { answer::json(StatusCode::OK, &body, HeaderMap::new()) })
    });
}

/// What comes after the writing fails, and the failure is answered.
fn postponed_500(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let filed = acted_on(&request, parts, Action::Postpone).filter(|complaint| !complaint.files.is_empty());
        if filed.is_none() {
            return Box::pin(next.run(request));
        }
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !response.status().is_success() {
                return response;
            }
            counter.acted();
            Problem::new(Kind::Internal, "Galat telah dicatat. Silakan coba lagi.").into_response()
        })
    });
}
