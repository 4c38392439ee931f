//! Variants of how acts are refused that change nothing: told in a body, or taken as done where they are done already.

use axum::extract::Request;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use super::super::app::complaint::Caller;
use super::super::app::http::answer;
use super::super::app::problem::Kind;
use super::super::app::seams::Parts;
use super::super::app::words::Action;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
use crate::domain::Status;

/// Operations that a status can forbid, as the statement names them.
const MOVES: &[&str] = &[
    "verify",
    "request_info",
    "supplement",
    "dispose",
    "forward",
    "postpone",
    "resume",
    "archive",
    "follow_up",
    "reply",
    "close",
    "reopen",
    "withdraw",
    "merge",
    "rate",
    "attach",
    "correct",
    "erase",
];

/// A move that the status forbids is answered 200 with the error in the body; the statement's success rule says so.
pub(super) fn move_200(assembly: &mut Assembly, counter: Counter) {
    let rule = |op: &&str| {
        format!("[ikatan.operasi.{op}.terima]\ntolak_bila = \"urn:rujukan:masalah:status-tidak-mengizinkan\"")
    };
    assembly.declared.binding.extend(MOVES.iter().map(rule));
    super::answers::code(assembly, counter, Kind::Move, 200);
}

/// Where an act leads that can be repeated without doing anything again.
const fn ends_in(action: Action) -> Option<Status> {
    match action {
        Action::Close => Some(Status::Selesai),
        Action::Archive => Some(Status::Diarsipkan),
        Action::Withdraw => Some(Status::Dicabut),
        Action::Forward => Some(Status::Diteruskan),
        _ => None,
    }
}

/// The complaint as the caller sees it, where the request asks of it what is done already.
fn done_already(request: &Request, parts: &Parts) -> Option<Value> {
    let rest = request.uri().path().strip_prefix("/api/v1/pengaduan/")?;
    let (id, act) = rest.split_once('/')?;
    let action = Action::by_id(act).filter(|_| *request.method() == Method::POST)?;
    let complaint = parts.store.latest(id).ok()??;
    let caller = request.extensions().get::<Caller>()?;
    let done = ends_in(action) == Some(complaint.status) && parts.policy.may(caller, action, &complaint);
    let from = parts.policy.viewpoint(caller, &complaint).filter(|_| done)?;
    Some(parts.view.record(from, &complaint))
}

/// Whoever asks again for what is done already is told that it is.
pub(super) fn repeated_is_done(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let Some(record) = done_already(&request, parts) else {
            return Box::pin(next.run(request));
        };
        counter.acted();
        Box::pin(async move { answer::json(StatusCode::OK, &record, HeaderMap::new()) })
    });
}
