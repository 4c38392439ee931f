//! Defects of tiered disposition (PB-12).

use std::sync::Arc;

use super::super::app::complaint::{Caller, Complaint};
use super::super::app::listing::{Column, Criterion, Scope, Test};
use super::super::app::seams::Viewpoint;
use super::super::app::words::{Action, Channel, Role};
use super::super::assembly::{Assembly, UNITS};
use super::super::counters::Counter;
use super::super::wrap::{PolicyWith, on_list};
use super::Defect;
use crate::domain::Status;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-12a",
        install: listed_once_in_progress,
    },
    Defect {
        id: "PB-12b",
        install: open_before_disposition,
    },
    Defect {
        id: "PB-12c",
        install: disposed_by_officer,
    },
    Defect {
        id: "PB-12d",
        install: hub_complaint_open,
    },
];

/// The unit's list holds what is in progress, not what waits for it.
fn listed_once_in_progress(assembly: &mut Assembly, counter: Counter) {
    on_list(assembly, move |store, query| {
        if !matches!(query.scope, Scope::Unit(_)) {
            return store.list(query);
        }
        let mut narrowed = query.clone();
        let waiting = Criterion::new(Column::Status, Test::IsNot, Status::Terdisposisi.id().to_owned());
        narrowed.criteria.push(waiting);
        let (page, whole) = (store.list(&narrowed)?, store.list(query)?);
        if page.total < whole.total {
            counter.acted();
        }
        Ok(page)
    });
}

fn of_first_unit(caller: &Caller) -> bool {
    let unit =
        |account: &super::super::app::complaint::Account| account.unit.as_deref() == UNITS.first().map(|unit| unit.0);
    caller.role() == Some(Role::Officer) && caller.account.as_ref().is_some_and(unit)
}

/// Officers of the first unit read what waits for a disposition.
fn waiting_is_open(assembly: &mut Assembly, counter: Counter, which: fn(&Complaint) -> bool) {
    let mut policy = PolicyWith::around(assembly.parts.policy.clone());
    policy.viewpoint = Some(Box::new(move |caller, complaint| {
        let waits = complaint.dispositions.is_empty() && which(complaint);
        if !waits || !of_first_unit(caller) {
            return None;
        }
        counter.acted();
        Some(Some(Viewpoint::Officer))
    }));
    assembly.parts.policy = Arc::new(policy);
}

fn open_before_disposition(assembly: &mut Assembly, counter: Counter) {
    waiting_is_open(assembly, counter, |complaint| {
        complaint.channel != Channel::Hub && complaint.status == Status::Terverifikasi
    });
}

fn hub_complaint_open(assembly: &mut Assembly, counter: Counter) {
    waiting_is_open(assembly, counter, |complaint| complaint.channel == Channel::Hub);
}

/// An officer passes the complaint on without the administrator.
fn disposed_by_officer(assembly: &mut Assembly, counter: Counter) {
    let mut policy = PolicyWith::around(assembly.parts.policy.clone());
    policy.may = Some(Box::new(move |caller, action, complaint| {
        let ours = of_first_unit(caller)
            && complaint.status == Status::Terdisposisi
            && complaint.unit() == UNITS.first().map(|unit| unit.0);
        if action != Action::Dispose || !ours {
            return false;
        }
        counter.acted();
        true
    }));
    assembly.parts.policy = Arc::new(policy);
}
