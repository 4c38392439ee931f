//! The use cases: submit, act, read, list, search, count. Puts the parts together and knows nothing of HTTP.

use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::acts;
use super::clock::{day, wire};
use super::complaint::{Caller, Complaint, Event, Receipt, StoredFile};
use super::listing::{Column, Criterion, ListQuery, NEWEST_FIRST, Order, Page, Scope, Test, Window, micros};
use super::paging::parameter;
use super::personal;
use super::problem::{Kind, Problem};
use super::seams::{Change, Parts, Viewpoint};
use super::words::Action;
use crate::domain::{Event as EventKind, Status};

/// Name and value pairs of a query.
pub type Query = [(String, String)];

/// The application.
#[derive(Clone)]
pub struct Service {
    /// Its parts.
    pub parts: Parts,
}

impl Service {
    /// Takes in a submission and answers its receipt.
    pub fn submit(&self, caller: &Caller, body: &Map<String, Value>) -> Result<Receipt, Problem> {
        let parts = &self.parts;
        if !parts.policy.may_submit(caller) {
            return Err(refuse(caller, "Hanya pelapor yang dapat mengirim pengaduan."));
        }
        let draft = parts.intake.draft(body, caller, &parts.store.categories()?)?;
        let now = parts.clock.now();
        let mut complaint = draft.complaint;
        complaint.id = parts.ids.unique()?;
        complaint.tracking = parts.ids.tracking()?;
        complaint.created = now;
        complaint.updated = now;
        let first = Status::MenungguVerifikasi;
        let mut events = vec![Event {
            at: now,
            actor: caller.word().to_owned(),
            kind: EventKind::Dikirim,
            from: None,
            to: first,
        }];
        if complaint.status == Status::Terverifikasi {
            complaint.verified = Some(now);
            let kind = EventKind::Diverifikasi;
            events.push(Event {
                at: now,
                actor: "sistem".to_owned(),
                kind,
                from: Some(first),
                to: complaint.status,
            });
        }
        let added = Change {
            events,
            files: draft.files,
        };
        let receipt = parts.store.insert(&complaint, &added)?;
        self.announce(&complaint, &added.events)?;
        Ok(receipt)
    }

    /// Does something to a complaint and answers it as the caller sees it afterwards.
    pub fn act(&self, caller: &Caller, id: &str, action: Action, body: &Map<String, Value>) -> Result<Value, Problem> {
        let parts = &self.parts;
        if caller.account.is_none() {
            // Asked before the complaint is looked for: whether there is one is no business of nobody.
            return Err(refuse(caller, ""));
        }
        let (seen, _) = self.visible(caller, parts.store.latest(id)?)?;
        if !parts.policy.may(caller, action, &seen) {
            return Err(refuse(
                caller,
                "Anda tidak berwenang melakukan tindakan ini pada pengaduan tersebut.",
            ));
        }
        let order = acts::Order::read(action, body, parts, &seen)?;
        let now = parts.clock.now();
        let mut events = Vec::new();
        let complaint = parts.store.change(id, &mut |complaint| {
            let to = parts.policy.next(action, complaint, now)?;
            let added = acts::apply(&order, complaint, caller, to, now)?;
            events.clone_from(&added.events);
            Ok(added)
        })?;
        self.announce(&complaint, &events)?;
        let from = parts.policy.viewpoint(caller, &complaint).ok_or_else(Problem::hidden)?;
        Ok(parts.view.record(from, &complaint))
    }

    /// A complaint as the caller sees it.
    pub fn read(&self, caller: &Caller, id: &str) -> Result<Value, Problem> {
        let (complaint, from) = self.seen(caller, id)?;
        Ok(self.parts.view.record(from, &complaint))
    }

    /// The history as the caller sees it. Internal notes are told to those who may read them.
    pub fn history(&self, caller: &Caller, id: &str) -> Result<Value, Problem> {
        let (complaint, from) = self.seen(caller, id)?;
        let shown = visible_history(from, self.parts.store.history(id)?);
        Ok(json!({"data": shown.iter().map(|event| self.parts.view.event(from, &complaint, event)).collect::<Value>()}))
    }

    /// What anybody who knows the tracking number is shown.
    pub fn track(&self, number: &str) -> Result<Value, Problem> {
        let found = self.parts.store.find_tracking(number)?;
        let complaint =
            found.ok_or_else(|| Problem::new(Kind::Hidden, "Tidak ada pengaduan dengan nomor pelacakan itu."))?;
        let history = self.parts.store.history(&complaint.id)?;
        Ok(self.parts.view.tracking(&complaint, &history))
    }

    /// A file that the caller may see.
    pub fn download(&self, caller: &Caller, id: &str, file: &str) -> Result<StoredFile, Problem> {
        let missing = || Problem::new(Kind::Hidden, "Tidak ada lampiran dengan id itu yang dapat Anda lihat.");
        let (complaint, from) = self.seen(caller, id)?;
        let internal = matches!(from, Viewpoint::Admin | Viewpoint::Officer | Viewpoint::Overseer);
        let secret = from == Viewpoint::Overseer && complaint.secret;
        let public = complaint
            .follow_ups
            .iter()
            .flat_map(|message| &message.files)
            .any(|note| note.id == file);
        let known = complaint.all_files(internal).any(|note| note.id == file);
        if !known || secret || (from == Viewpoint::Public && !public) {
            return Err(missing());
        }
        self.parts.files.content(id, file)?.ok_or_else(missing)
    }

    /// A copy of everything that is kept about the caller.
    pub fn export_personal(&self, caller: &Caller) -> Result<Value, Problem> {
        personal::copy(&self.parts, caller)
    }

    /// A page of the caller's list. `address` is path and query of the request.
    pub fn list(&self, caller: &Caller, query: &Query, address: &str) -> Result<(Value, HeaderMap), Problem> {
        let parts = &self.parts;
        let window = parts.paging.window(query, &*parts.numbers)?;
        let (scope, criteria, order) = (parts.policy.scope(caller), self.criteria(query)?, order(query)?);
        let page = parts.store.list(&ListQuery {
            scope,
            criteria,
            order,
            window: window.clone(),
        })?;
        self.answer(caller, &window, &page, address)
    }

    /// The caller's list as a whole: the same content, without pages.
    pub fn export(&self, caller: &Caller, window: &Window) -> Result<Value, Problem> {
        let parts = &self.parts;
        let page = parts.store.list(&ListQuery {
            scope: parts.policy.scope(caller),
            criteria: Vec::new(),
            order: NEWEST_FIRST,
            window: window.clone(),
        })?;
        let shown = page.rows.iter().filter_map(|complaint| {
            let from = parts.policy.viewpoint(caller, complaint)?;
            Some(parts.view.summary(from, complaint))
        });
        Ok(json!({"data": shown.collect::<Value>(), "jumlah": page.total, "dibuat_pada": wire(parts.clock.now())}))
    }

    /// A page of what the words of `q` find within the caller's list.
    pub fn search(&self, caller: &Caller, query: &Query, address: &str) -> Result<(Value, HeaderMap), Problem> {
        let parts = &self.parts;
        let text = parameter(query, "q").ok_or_else(|| Problem::query("q", "wajib diisi"))?;
        let window = parts.paging.window(query, &*parts.numbers)?;
        let page = parts.search.find(&parts.policy.scope(caller), text, &window)?;
        self.answer(caller, &window, &page, address)
    }

    /// Counts over the caller's list, over a period of days where one is given.
    pub fn statistics(&self, caller: &Caller, query: &Query) -> Result<Value, Problem> {
        let parts = &self.parts;
        let scope = parts.policy.scope(caller);
        let counts = parts.store.statistics(&scope, &period(query)?)?;
        let table = |rows: Vec<(String, u64)>| {
            rows.into_iter()
                .map(|(word, count)| (word, json!(count)))
                .collect::<Map<_, _>>()
        };
        Ok(json!({
            "total": counts.total,
            "per_status": table(counts.by_status),
            "per_klasifikasi": table(counts.by_classification),
            "dihitung_pada": wire(parts.clock.now()),
            "cakupan": match scope {
                Scope::All => "seluruh pengaduan",
                Scope::Owner(_) => "pengaduan sendiri",
                Scope::Unit(_) | Scope::UnitOrNobodys(_) => "pengaduan unit",
                Scope::Public | Scope::Nothing => "pengaduan yang sudah terbit",
            },
        }))
    }

    /// The complaint with the caller's viewpoint, or the problem that there is none for this caller.
    pub fn seen(&self, caller: &Caller, id: &str) -> Result<(Complaint, Viewpoint), Problem> {
        self.visible(caller, self.parts.store.find(id)?)
    }

    fn visible(&self, caller: &Caller, found: Option<Complaint>) -> Result<(Complaint, Viewpoint), Problem> {
        let complaint = found.ok_or_else(Problem::hidden)?;
        let from = self.parts.policy.viewpoint(caller, &complaint);
        from.map(|from| (complaint, from)).ok_or_else(Problem::foreign)
    }

    fn announce(&self, complaint: &Complaint, events: &[Event]) -> Result<(), Problem> {
        let parts = &self.parts;
        for event in events.iter().filter(|event| event.kind != EventKind::DicatatInternal) {
            parts
                .outbox
                .queue(parts.outbox.body(complaint, event, &parts.ids.unique()?))?;
        }
        Ok(())
    }

    fn answer(
        &self,
        caller: &Caller,
        window: &Window,
        page: &Page,
        address: &str,
    ) -> Result<(Value, HeaderMap), Problem> {
        let parts = &self.parts;
        let (about, headers) = parts.paging.describe(window, page, address)?;
        let shown = page.rows.iter().filter_map(|complaint| {
            let from = parts.policy.viewpoint(caller, complaint)?;
            Some(parts.view.summary(from, complaint))
        });
        Ok((json!({"data": shown.collect::<Value>(), "halaman": about}), headers))
    }

    fn criteria(&self, query: &Query) -> Result<Vec<Criterion>, Problem> {
        let mut criteria = Vec::new();
        if let Some(text) = parameter(query, "status") {
            let known = text
                .split(',')
                .map(|word| Status::by_id(word).map(|status| status.id().to_owned().into()));
            let values = known
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| Problem::query("status", "memuat status yang tidak dikenal"))?;
            criteria.push(Criterion {
                column: Column::Status,
                test: Test::Is,
                values,
            });
        }
        if let Some(text) = parameter(query, "kategori") {
            let number = self
                .parts
                .numbers
                .parse("kategori", text)
                .ok_or_else(|| Problem::query("kategori", "harus bilangan bulat"))?;
            criteria.push(Criterion::new(Column::Category, Test::Is, number));
        }
        if let Some(text) = parameter(query, "diperbarui_sejak") {
            let at: jiff::Timestamp = text
                .parse()
                .map_err(|_| Problem::query("diperbarui_sejak", "harus waktu RFC 3339"))?;
            criteria.push(Criterion::new(Column::Updated, Test::AtLeast, micros(at)));
        }
        if let Some(account) = parameter(query, "pelapor_id") {
            criteria.push(Criterion::new(Column::Owner, Test::Is, account.to_owned()));
        }
        Ok(criteria)
    }
}

/// What of a history is shown from a viewpoint: notes are internal.
pub fn visible_history(from: Viewpoint, mut events: Vec<Event>) -> Vec<Event> {
    let internal = !matches!(from, Viewpoint::Public | Viewpoint::Owner);
    events.retain(|event| internal || event.kind != EventKind::DicatatInternal);
    events
}

/// The refusal of somebody without the right: log in first, or not at all.
pub(super) fn refuse(caller: &Caller, detail: &str) -> Problem {
    match caller.account {
        Some(_) => Problem::new(Kind::Forbidden, detail),
        None => Problem::new(
            Kind::Unauthenticated,
            "Masuk lebih dahulu untuk melakukan tindakan ini.",
        ),
    }
}

fn order(query: &Query) -> Result<Order, Problem> {
    let Some(word) = parameter(query, "urut") else {
        return Ok(NEWEST_FIRST);
    };
    let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
    let by = match name {
        "waktu_dibuat" => Column::Created,
        "waktu_diperbarui" => Column::Updated,
        _ => {
            return Err(Problem::query(
                "urut",
                "harus waktu_dibuat atau waktu_diperbarui, dengan - di depan untuk urutan menurun",
            ));
        }
    };
    Ok(Order { by, descending })
}

fn period(query: &Query) -> Result<Vec<Criterion>, Problem> {
    let date = |name: &str| {
        let Some(text) = parameter(query, name) else {
            return Ok(None);
        };
        day(text)
            .map(Some)
            .ok_or_else(|| Problem::query(name, "harus tanggal YYYY-MM-DD"))
    };
    let (from, to) = (date("dari")?, date("sampai")?);
    if from.is_some() && to.is_some() && from > to {
        return Err(Problem::query("dari", "harus tidak lebih akhir daripada sampai"));
    }
    let mut criteria = Vec::new();
    if let Some(from) = from {
        criteria.push(Criterion::new(Column::Created, Test::AtLeast, micros(from)));
    }
    if let Some(to) = to {
        // The last day is part of the period.
        criteria.push(Criterion::new(
            Column::Created,
            Test::Below,
            micros(to).saturating_add(86_400_000_000),
        ));
    }
    Ok(criteria)
}
