//! Variants of the course of a complaint: when it shows, how it is verified, handled, commented and filed.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::response::IntoResponse as _;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::super::app::complaint::{Caller, Complaint, Reference};
use super::super::app::intake::Draft;
use super::super::app::listing::{Column, Criterion, Page, Scope, Test, Window, micros};
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::{Intake, Search, Viewpoint};
use super::super::app::words::{Action, Role};
use super::super::assembly::{Assembly, UNITS};
use super::super::counters::Counter;
use super::super::wrap::{PolicyWith, StoreWith, ViewWith, on_next, on_route};
use crate::domain::Status;

/// How much later a new complaint shows.
const LATER: SignedDuration = SignedDuration::from_millis(300);

/// A search that does not see the newest.
struct LateSearch {
    inner: Arc<dyn Search>,
    fresh: Arc<dyn Fn(&Complaint) -> bool + Send + Sync>,
}

impl Search for LateSearch {
    fn find(&self, scope: &Scope, text: &str, window: &Window) -> Result<Page, Problem> {
        let mut page = self.inner.find(scope, text, window)?;
        let before = page.rows.len();
        page.rows.retain(|complaint| !(self.fresh)(complaint));
        page.total = page.total.saturating_sub((before - page.rows.len()) as u64);
        Ok(page)
    }
}

/// Reading comes from a copy that follows a little later; writing does not.
pub(super) fn visible_later(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.values.push("jeda_tampak_ms = 2000".to_owned());
    let clock = assembly.parts.clock.clone();
    let ticking = clock.clone();
    let fresh: Arc<dyn Fn(&Complaint) -> bool + Send + Sync> = Arc::new(move |complaint| {
        let fresh = ticking.now().duration_since(complaint.created) < LATER;
        if fresh {
            counter.acted();
        }
        fresh
    });
    let seen = fresh.clone();
    let mut store = StoreWith::around(assembly.parts.store.clone());
    store.found = Some(Box::new(move |complaint| (!seen(&complaint)).then_some(complaint)));
    store.list = Some(Box::new(move |inner, query| {
        let mut query = query.clone();
        let limit = clock.now().checked_sub(LATER).unwrap_or(Timestamp::UNIX_EPOCH);
        query.criteria.push(Criterion::new(
            Column::Created,
            Test::Below,
            micros(limit).saturating_add(1),
        ));
        inner.list(&query)
    }));
    assembly.parts.store = Arc::new(store);
    let inner = assembly.parts.search.clone();
    assembly.parts.search = Arc::new(LateSearch { inner, fresh });
}

/// Every submission is verified as it comes in.
struct VerifyingIntake {
    inner: Arc<dyn Intake>,
    counter: Counter,
}

impl Intake for VerifyingIntake {
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem> {
        let mut draft = self.inner.draft(body, caller, categories)?;
        draft.complaint.status = Status::Terverifikasi;
        self.counter.acted();
        Ok(draft)
    }
}

pub(super) fn automatic_verification(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.values.push("verifikasi_otomatis = true".to_owned());
    let inner = assembly.parts.intake.clone();
    assembly.parts.intake = Arc::new(VerifyingIntake { inner, counter });
}

pub(super) fn short_tracking(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.tracking = Some(Box::new(move |complaint, shown| {
        if let (None, Some(members)) = (complaint.verified, shown.as_object_mut()) {
            members.remove("riwayat");
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// The unit at the front desk.
fn at_the_desk(caller: &Caller) -> bool {
    let desk = UNITS.first().map(|unit| unit.0);
    caller
        .account
        .as_ref()
        .is_some_and(|account| account.role == Role::Officer && account.unit.as_deref() == desk)
}

/// The front desk handles what is verified and was given to nobody.
pub(super) fn direct_handling(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.values.push("penanganan_langsung = true".to_owned());
    let ours = |caller: &Caller, complaint: &Complaint| {
        at_the_desk(caller) && complaint.dispositions.is_empty() && complaint.verified.is_some()
    };
    let mut policy = PolicyWith::around(assembly.parts.policy.clone());
    policy.viewpoint = Some(Box::new(move |caller, complaint| {
        ours(caller, complaint).then_some(Some(Viewpoint::Officer))
    }));
    policy.scope = Some(Box::new(|caller| {
        let unit = caller.account.as_ref().and_then(|account| account.unit.clone());
        unit.filter(|_| at_the_desk(caller)).map(Scope::UnitOrNobodys)
    }));
    policy.may = Some(Box::new(move |caller, action, complaint| {
        matches!(action, Action::FollowUp | Action::Note | Action::Attach) && ours(caller, complaint)
    }));
    policy.next = Some(Box::new(move |action, complaint| {
        if action != Action::FollowUp || complaint.status != Status::Terverifikasi {
            return None;
        }
        counter.acted();
        Some(Status::Diproses)
    }));
    assembly.parts.policy = Arc::new(policy);
}

/// The front desk and the reporter may still say something when all is over; the status stays.
pub(super) fn comments_after_the_end(assembly: &mut Assembly, counter: Counter) {
    let over = |complaint: &Complaint| complaint.status.is_final();
    let mut policy = PolicyWith::around(assembly.parts.policy.clone());
    policy.viewpoint = Some(Box::new(move |caller, complaint| {
        (over(complaint) && at_the_desk(caller)).then_some(Some(Viewpoint::Officer))
    }));
    policy.may = Some(Box::new(move |caller, action, complaint| {
        action == Action::FollowUp && over(complaint) && at_the_desk(caller)
    }));
    policy.next = Some(Box::new(move |action, complaint| {
        if !matches!(action, Action::FollowUp | Action::Reply) || !over(complaint) {
            return None;
        }
        counter.acted();
        Some(complaint.status)
    }));
    assembly.parts.policy = Arc::new(policy);
}

/// A closed complaint can be filed: it shows another word, which the statement maps to `selesai`.
pub(super) fn closed_are_filed(assembly: &mut Assembly, counter: Counter) {
    assembly
        .declared
        .binding
        .push("[ikatan.status.terima]\nselesai_diberkaskan = \"selesai\"".to_owned());
    let filed = Arc::new(Mutex::new(BTreeSet::<String>::new()));
    let shelf = filed.clone();
    on_next(assembly, move |action, complaint| {
        if action != Action::Archive || complaint.status != Status::Selesai {
            return None;
        }
        counter.acted();
        shelf
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(complaint.id.clone());
        Some(Status::Selesai)
    });
    let word = move |_from: Viewpoint, complaint: &Complaint, shown: &mut Value| {
        let is_filed = filed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&complaint.id);
        if let (true, Status::Selesai, Some(members)) = (is_filed, complaint.status, shown.as_object_mut()) {
            members.insert("status".to_owned(), json!("selesai_diberkaskan"));
        }
    };
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(word.clone()));
    view.summary = Some(Box::new(word));
    assembly.parts.view = Arc::new(view);
}

/// Published complaints show in lists; whole they are read by those whom they concern.
pub(super) fn closed_to_strangers(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, parts| {
        let path = request.uri().path();
        let id = path
            .strip_prefix("/api/v1/pengaduan/")
            .map(|rest| rest.strip_suffix("/riwayat").unwrap_or(rest));
        let found = id
            .filter(|_| *request.method() == Method::GET)
            .and_then(|id| parts.store.find(id).ok().flatten());
        let caller = request.extensions().get::<Caller>().cloned().unwrap_or_default();
        let seen = found.and_then(|complaint| parts.policy.viewpoint(&caller, &complaint));
        let status = parts.refusals.status(Kind::Foreign);
        let counter = counter.clone();
        Box::pin(async move {
            if seen != Some(Viewpoint::Public) {
                return next.run(request).await;
            }
            counter.acted();
            Problem {
                status: Some(status),
                ..Problem::foreign()
            }
            .into_response()
        })
    });
}
