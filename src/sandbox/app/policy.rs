//! Who may do what, and which moves of status are allowed: the one place that decides (`model.md`, *Actors* and *Allowed moves*).

use jiff::{SignedDuration, Timestamp};

use super::complaint::{Caller, Complaint};
use super::listing::Scope;
use super::problem::{Kind, Problem};
use super::seams::{Policy, Viewpoint};
use super::words::{Action, Role};
use crate::domain::Status;

/// How long after closing a reporter may reopen.
pub const REOPEN_WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The rules of the standard.
pub struct StandardPolicy;

impl Policy for StandardPolicy {
    fn viewpoint(&self, caller: &Caller, complaint: &Complaint) -> Option<Viewpoint> {
        let public = complaint.is_public().then_some(Viewpoint::Public);
        let Some(account) = &caller.account else { return public };
        match account.role {
            Role::Admin => Some(Viewpoint::Admin),
            Role::Overseer => Some(Viewpoint::Overseer),
            Role::Reporter if caller.owns(complaint) => Some(Viewpoint::Owner),
            Role::Officer if ever_given(complaint, account.unit.as_deref()) => Some(Viewpoint::Officer),
            Role::Reporter | Role::Officer | Role::Hub => public,
        }
    }

    fn may(&self, caller: &Caller, action: Action, complaint: &Complaint) -> bool {
        let Some(account) = &caller.account else { return false };
        let admin = account.role == Role::Admin;
        let owner = account.role == Role::Reporter && caller.owns(complaint);
        let officer =
            account.role == Role::Officer && account.unit.is_some() && account.unit.as_deref() == complaint.unit();
        match action {
            Action::Verify
            | Action::RequestInfo
            | Action::Dispose
            | Action::Forward
            | Action::Postpone
            | Action::Resume
            | Action::Archive
            | Action::Merge => admin,
            Action::Supplement
            | Action::Reply
            | Action::Reopen
            | Action::Withdraw
            | Action::Rate
            | Action::Correct
            | Action::Erase => owner,
            Action::FollowUp => officer,
            Action::Note => officer || admin,
            Action::Close => admin || owner,
            Action::Attach => owner || officer,
        }
    }

    fn may_submit(&self, caller: &Caller) -> bool {
        matches!(caller.role(), Some(Role::Reporter | Role::Admin))
    }

    fn may_deliver(&self, caller: &Caller) -> bool {
        caller.role() == Some(Role::Hub)
    }

    fn may_pull(&self, caller: &Caller) -> bool {
        caller.role() == Some(Role::Hub)
    }

    fn scope(&self, caller: &Caller) -> Scope {
        let Some(account) = &caller.account else {
            return Scope::Public;
        };
        match account.role {
            Role::Admin | Role::Overseer => Scope::All,
            Role::Reporter => Scope::Owner(account.id.clone()),
            Role::Officer => account.unit.clone().map_or(Scope::Nothing, Scope::Unit),
            Role::Hub => Scope::Public,
        }
    }

    fn next(&self, action: Action, complaint: &Complaint, now: Timestamp) -> Result<Status, Problem> {
        use Status as S;
        let refused = || {
            let detail = format!(
                "Pengaduan berstatus {} tidak dapat menerima tindakan {}.",
                complaint.status, action
            );
            Problem::new(Kind::Move, detail)
        };
        let status = complaint.status;
        match (action, status) {
            (Action::Verify, S::MenungguVerifikasi) => Ok(S::Terverifikasi),
            (Action::RequestInfo, S::MenungguVerifikasi) => Ok(S::PerluKelengkapan),
            (Action::Supplement, S::PerluKelengkapan) => Ok(S::MenungguVerifikasi),
            (Action::Dispose, S::Terverifikasi | S::Terdisposisi | S::Diproses) => Ok(S::Terdisposisi),
            (Action::Forward, S::MenungguVerifikasi | S::Terverifikasi | S::Terdisposisi) => Ok(S::Diteruskan),
            (Action::Postpone, S::MenungguVerifikasi | S::Terverifikasi | S::Terdisposisi) => Ok(S::Ditunda),
            (Action::Resume, S::Ditunda) => complaint.status_before.ok_or_else(refused),
            (Action::Archive | Action::Merge, S::MenungguVerifikasi | S::PerluKelengkapan | S::Terverifikasi) => {
                Ok(S::Diarsipkan)
            }
            (Action::FollowUp, S::Terdisposisi | S::Diproses | S::DitanggapiPelapor) => Ok(S::Diproses),
            (Action::Reply, S::Diproses | S::DitanggapiPelapor) => Ok(S::DitanggapiPelapor),
            (Action::Close, S::Diproses | S::DitanggapiPelapor) if !complaint.follow_ups.is_empty() => Ok(S::Selesai),
            (Action::Reopen, S::Selesai) => within_window(complaint, now).then_some(S::Diproses).ok_or_else(refused),
            (Action::Withdraw, S::MenungguVerifikasi | S::PerluKelengkapan | S::Terverifikasi) => Ok(S::Dicabut),
            (Action::Rate, S::Selesai) if complaint.rating.is_none() => Ok(S::Selesai),
            // Corrected before anybody works on it, erased when nobody does any more.
            (Action::Erase, _) if status.is_final() || status == S::Selesai => Ok(status),
            (Action::Attach, _) if status.is_final() || status == S::Selesai => Err(refused()),
            (Action::Correct, S::MenungguVerifikasi | S::PerluKelengkapan | S::Terverifikasi)
            | (Action::Note | Action::Attach, _) => Ok(status),
            _ => Err(refused()),
        }
    }
}

fn ever_given(complaint: &Complaint, unit: Option<&str>) -> bool {
    unit.is_some_and(|unit| {
        complaint
            .dispositions
            .iter()
            .any(|disposition| disposition.unit == unit)
    })
}

fn within_window(complaint: &Complaint, now: Timestamp) -> bool {
    complaint
        .closed
        .is_some_and(|closed| now.duration_since(closed) <= REOPEN_WINDOW)
}
