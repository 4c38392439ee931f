//! Defects of who may act (KM-15, KM-17): a check that is missing, comes too late, or believes the request.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::IntoResponse as _;
use http::Method;
use serde_json::Value;

use super::super::app::complaint::{Account, Caller, Complaint};
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::Parts;
use super::super::app::words::{Action, Role};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{PolicyWith, on_route};
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "KM-15a",
        install: |assembly, counter| no_owner_check(assembly, counter, Action::Correct),
    },
    Defect {
        id: "KM-15b",
        install: |assembly, counter| no_owner_check(assembly, counter, Action::Withdraw),
    },
    Defect {
        id: "KM-15c",
        install: checked_too_late,
    },
    Defect {
        id: "KM-15d",
        install: |assembly, counter| no_owner_check(assembly, counter, Action::Attach),
    },
    Defect {
        id: "KM-17a",
        install: |assembly, counter| open_to(assembly, counter, Action::Verify, reporter),
    },
    Defect {
        id: "KM-17b",
        install: role_from_body,
    },
    Defect {
        id: "KM-17c",
        install: |assembly, counter| open_to(assembly, counter, Action::FollowUp, reporter),
    },
    Defect {
        id: "KM-17d",
        install: |assembly, counter| open_to(assembly, counter, Action::Note, Caller::owns),
    },
];

/// The complaint that a request acts on in this way.
pub(super) fn acted_on(request: &Request, parts: &Parts, action: Action) -> Option<Complaint> {
    if *request.method() != Method::POST {
        return None;
    }
    let rest = request.uri().path().strip_prefix("/api/v1/pengaduan/")?;
    let (id, act) = rest.split_once('/')?;
    if act != action.id() {
        return None;
    }
    parts.store.find(id).ok()?
}

/// Who asks.
pub(super) fn asker(request: &Request) -> Caller {
    request.extensions().get::<Caller>().cloned().unwrap_or_default()
}

/// Lets the request go on as if this account had sent it.
pub(super) fn sent_by(mut request: Request, account: Option<Account>) -> Request {
    request.extensions_mut().insert(Caller { account });
    request
}

/// The account of a complaint's owner.
pub(super) fn owner(complaint: &Complaint, parts: &Parts) -> Option<Account> {
    parts.store.account(&complaint.owner).ok().flatten()
}

/// Whether a reporter asks for a complaint of somebody else.
fn foreign(request: &Request, complaint: &Complaint) -> bool {
    let who = asker(request);
    who.role() == Some(Role::Reporter) && !who.owns(complaint)
}

fn no_owner_check(assembly: &mut Assembly, counter: Counter, action: Action) {
    on_route(assembly, move |mut request, next, parts| {
        let complaint = acted_on(&request, parts, action).filter(|complaint| foreign(&request, complaint));
        if let Some(complaint) = complaint {
            counter.acted();
            request = sent_by(request, owner(&complaint, parts));
        }
        Box::pin(next.run(request))
    });
}

/// Writes first, then finds that it was not allowed.
fn checked_too_late(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, parts| {
        let complaint = acted_on(&request, parts, Action::Supplement).filter(|complaint| foreign(&request, complaint));
        let Some(complaint) = complaint else {
            return Box::pin(next.run(request));
        };
        let counter = counter.clone();
        request = sent_by(request, owner(&complaint, parts));
        Box::pin(async move {
            let response = next.run(request).await;
            if response.status().is_success() {
                counter.acted();
            }
            Problem::new(Kind::Forbidden, "Pengaduan ini bukan milik Anda.").into_response()
        })
    });
}

fn reporter(caller: &Caller, _complaint: &Complaint) -> bool {
    caller.role() == Some(Role::Reporter)
}

/// Opens one act to callers who fit.
fn open_to(assembly: &mut Assembly, counter: Counter, action: Action, fits: fn(&Caller, &Complaint) -> bool) {
    let mut policy = PolicyWith::around(assembly.parts.policy.clone());
    policy.may = Some(Box::new(move |caller, asked, complaint| {
        let open = asked == action && fits(caller, complaint);
        if open {
            counter.acted();
        }
        open
    }));
    assembly.parts.policy = std::sync::Arc::new(policy);
}

/// Acts of officers and the administrator.
const OFFICERS: &[Action] = &[
    Action::Verify,
    Action::RequestInfo,
    Action::Dispose,
    Action::Forward,
    Action::Postpone,
    Action::Resume,
    Action::Archive,
    Action::Merge,
];

/// Believes the `role` of a body, on the routes of officers.
fn role_from_body(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let named = OFFICERS
            .iter()
            .any(|action| acted_on(&request, parts, *action).is_some());
        if !named || asker(&request).role() != Some(Role::Reporter) {
            return Box::pin(next.run(request));
        }
        let counter = counter.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let mut request = Request::from_parts(head, Body::from(bytes.clone()));
            if claims_admin(&bytes) {
                counter.acted();
                let account = asker(&request).account.map(|account| Account {
                    role: Role::Admin,
                    ..account
                });
                request = sent_by(request, account);
            }
            next.run(request).await
        })
    });
}

fn claims_admin(bytes: &Bytes) -> bool {
    let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
    ["role", "peran"]
        .iter()
        .any(|name| body.get(name).and_then(Value::as_str) == Some("admin"))
}
