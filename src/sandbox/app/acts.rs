//! What each act needs and what it does to a complaint. Whether it is allowed was decided before (`policy`).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::complaint::{Account, Caller, Complaint, Disposition, Event, Message, Reason, StoredFile};
use super::input::{Input, TEXT_MAX};
use super::intake::{category, classification};
use super::personal::{self, Correction};
use super::problem::Problem;
use super::seams::{Change, Parts};
use super::words::{Action, Role};
use crate::domain::{Classification, Event as EventKind, Status};

/// An act with what was sent for it, read and found good.
#[derive(Debug, Clone)]
pub struct Order {
    action: Action,
    classification: Option<Classification>,
    category: Option<i64>,
    oversight: Option<bool>,
    unit: Option<String>,
    agency: Option<String>,
    into: Option<String>,
    rating: Option<u8>,
    reason: Option<Reason>,
    message: Option<(String, Option<String>, String)>,
    files: Vec<StoredFile>,
    correction: Option<Correction>,
}

impl Order {
    /// Reads the body of an act.
    pub fn read(action: Action, body: &Map<String, Value>, parts: &Parts, seen: &Complaint) -> Result<Self, Problem> {
        let input = Input(body);
        let mut order = Self {
            action,
            classification: None,
            category: None,
            oversight: None,
            unit: None,
            agency: None,
            into: None,
            rating: None,
            reason: reason(input)?,
            message: None,
            files: Vec::new(),
            correction: None,
        };
        match action {
            Action::Verify => {
                order.classification = classification(input)?;
                order.category = category(input, &parts.store.categories()?)?;
                order.oversight = body
                    .contains_key("berkadar_pengawasan")
                    .then(|| input.flag("berkadar_pengawasan"))
                    .transpose()?;
            }
            Action::Dispose => {
                let unit = input.needed("unit_id", 100)?;
                if !parts.store.units()?.iter().any(|known| known.id == unit) {
                    return Err(Problem::invalid("unit_id", "tidak dikenal; lihat daftar unit"));
                }
                order.unit = Some(unit);
                if !seen.dispositions.is_empty() {
                    order.need_reason()?;
                }
            }
            Action::Forward => {
                order.agency = input.text("instansi_id", 100)?;
                order.need_reason()?;
            }
            Action::Postpone | Action::Archive => order.need_reason()?,
            Action::Merge => {
                let into = input.needed("digabung_ke", 100)?;
                if into == seen.id || parts.store.find(&into)?.is_none() {
                    return Err(Problem::invalid("digabung_ke", "harus id pengaduan lain yang ada"));
                }
                order.into = Some(into);
            }
            Action::Rate => order.rating = Some(rating(input)?),
            Action::FollowUp | Action::Note | Action::Reply | Action::Supplement | Action::RequestInfo => {
                let text = input.needed("isi", TEXT_MAX)?;
                order.message = Some((parts.ids.unique()?, input.text("judul", 200)?, text));
                order.files = input.files(&*parts.ids)?;
            }
            Action::Attach => order.files.push(input.file(&*parts.ids)?),
            Action::Correct => order.correction = Some(Correction::read(body, parts.store.categories()?, seen)?),
            Action::Resume | Action::Close | Action::Reopen | Action::Withdraw | Action::Erase => {}
        }
        Ok(order)
    }

    fn need_reason(&self) -> Result<(), Problem> {
        self.reason
            .as_ref()
            .map(|_| ())
            .ok_or_else(|| Problem::invalid("alasan", "wajib diisi"))
    }
}

fn rating(input: Input<'_>) -> Result<u8, Problem> {
    let number = input.integer("nilai")?.and_then(|number| u8::try_from(number).ok());
    let fits = number.filter(|number| (1..=5).contains(number));
    fits.ok_or_else(|| Problem::invalid("nilai", "harus bilangan bulat 1 sampai 5"))
}

/// `alasan`: a text, or `{kode?, teks}`.
fn reason(input: Input<'_>) -> Result<Option<Reason>, Problem> {
    if input.0.get("alasan").is_some_and(Value::is_object) {
        let Some(object) = input.object("alasan")? else {
            return Ok(None);
        };
        return Ok(Some(Reason {
            code: object.text("kode", 50)?,
            text: object.needed("teks", TEXT_MAX)?,
        }));
    }
    Ok(input.text("alasan", TEXT_MAX)?.map(|text| Reason { code: None, text }))
}

const fn event(action: Action) -> EventKind {
    match action {
        Action::Verify => EventKind::Diverifikasi,
        Action::RequestInfo => EventKind::DimintaLengkap,
        Action::Supplement => EventKind::Dilengkapi,
        Action::Dispose => EventKind::Didisposisi,
        Action::Forward => EventKind::Diteruskan,
        Action::Postpone => EventKind::Ditunda,
        Action::Resume => EventKind::Dilanjutkan,
        Action::Archive => EventKind::Diarsipkan,
        Action::FollowUp => EventKind::Ditindaklanjuti,
        Action::Note => EventKind::DicatatInternal,
        Action::Reply => EventKind::Ditanggapi,
        Action::Close => EventKind::Ditutup,
        Action::Reopen => EventKind::DibukaKembali,
        Action::Withdraw => EventKind::Dicabut,
        Action::Merge => EventKind::Digabung,
        Action::Rate => EventKind::Dinilai,
        Action::Attach => EventKind::Dilampirkan,
        Action::Correct | Action::Erase => EventKind::Dikoreksi,
    }
}

/// Does it: changes the complaint, and answers the history's new entry and the new files.
pub fn apply(
    order: &Order,
    complaint: &mut Complaint,
    caller: &Caller,
    to: Status,
    now: Timestamp,
) -> Result<Change, Problem> {
    let account = caller
        .account
        .as_ref()
        .ok_or_else(|| Problem::internal("an act without an account"))?;
    let from = complaint.status;
    let message = order.message.as_ref().map(|(id, title, text)| Message {
        id: id.clone(),
        author: account.id.clone(),
        role: account.role,
        at: now,
        title: title.clone(),
        text: text.clone(),
        files: order.files.iter().map(|file| file.note.clone()).collect(),
    });
    effect(order, complaint, account, message, now)?;
    if let Some(reason) = &order.reason {
        complaint.reason = Some(reason.clone());
    }
    if order.action == Action::Merge {
        complaint.reason = Some(Reason {
            code: Some("duplikat".to_owned()),
            text: "Pengaduan yang sama sudah ada.".to_owned(),
        });
    }
    complaint.status = to;
    complaint.updated = now;
    let entry = Event {
        at: now,
        actor: caller.word().to_owned(),
        kind: event(order.action),
        from: Some(from),
        to,
    };
    Ok(Change {
        events: vec![entry],
        files: order.files.clone(),
    })
}

/// What the act itself changes, status and time apart.
fn effect(
    order: &Order,
    complaint: &mut Complaint,
    account: &Account,
    message: Option<Message>,
    now: Timestamp,
) -> Result<(), Problem> {
    match order.action {
        Action::Verify => {
            complaint.classification = order.classification.unwrap_or(complaint.classification);
            complaint.category = order.category.unwrap_or(complaint.category);
            let oversight = order.oversight.unwrap_or(complaint.oversight);
            complaint.oversight = oversight && complaint.classification == Classification::Pengaduan;
            complaint.verified = Some(now);
        }
        Action::Dispose => {
            let unit = order.unit.clone();
            let unit = unit.ok_or_else(|| Problem::internal("a disposition without a unit"))?;
            let reason = order.reason.as_ref().map(|reason| reason.text.clone());
            complaint.dispositions.push(Disposition { unit, at: now, reason });
        }
        Action::Postpone => complaint.status_before = Some(complaint.status),
        Action::Resume => complaint.status_before = None,
        Action::FollowUp => complaint.follow_ups.extend(message),
        Action::Note => complaint.notes.extend(message),
        Action::Reply | Action::Supplement => complaint.replies.extend(message),
        Action::RequestInfo => {
            complaint.reason = message.map(|message| Reason {
                code: None,
                text: message.text,
            });
        }
        Action::Close => {
            complaint.closed = Some(now);
            let by = if account.role == Role::Admin {
                "admin"
            } else {
                "pelapor"
            };
            complaint.closed_by = Some(by.to_owned());
        }
        Action::Reopen => {
            complaint.closed = None;
            complaint.closed_by = None;
        }
        Action::Merge => complaint.merged_into.clone_from(&order.into),
        Action::Rate => complaint.rating = order.rating,
        Action::Attach => complaint.files.extend(order.files.iter().map(|file| file.note.clone())),
        Action::Correct => {
            if let Some(correction) = &order.correction {
                correction.apply(complaint)?;
            }
        }
        Action::Erase => personal::erase(complaint),
        Action::Forward => complaint.agency = order.agency.clone().or_else(|| complaint.agency.clone()),
        Action::Archive | Action::Withdraw => {}
    }
    Ok(())
}
