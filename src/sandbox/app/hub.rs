//! The doors of the hub: dispositions that it hands over, and changes that it pulls (`model.md`, *Interfaces with the hub*).
//! Knows nothing of HTTP.

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use rusqlite::{OptionalExtension, TransactionBehavior, params};
use serde_json::{Map, Value, json};

use super::complaint::{Caller, Complaint, Event, Receipt};
use super::database::{Database, decode, event_of, index_words, unknown_word, write};
use super::ids::hex;
use super::input::Input;
use super::intake::Draft;
use super::listing::micros;
use super::outbox::update;
use super::paging::{parameter, size};
use super::problem::Problem;
use super::seams::{Change, Changed, Edit, Exchange, Wanted};
use super::service::{Query, Service, refuse};
use super::words::{Channel, Role};
use crate::domain::{Event as EventKind, Status};

impl Service {
    /// Takes in a disposition of the hub and answers its receipt, and whether a complaint is new by it. A newer
    /// version updates what the hub sent before; the same or an older one changes nothing.
    pub fn deliver(&self, caller: &Caller, body: &Map<String, Value>) -> Result<(Value, bool), Problem> {
        let parts = &self.parts;
        if !parts.policy.may_deliver(caller) {
            return Err(refuse(caller, "Hanya hub yang dapat mengirim disposisi."));
        }
        let input = Input(body);
        let hub_id = input.needed("id_sp4n", 100)?;
        let version = input.integer("versi")?.filter(|version| *version >= 0);
        let version = version.ok_or_else(|| Problem::invalid("versi", "harus bilangan bulat, 0 atau lebih"))?;
        // By which door it came to the hub is the hub's affair; to us it came by the hub.
        let mut content = body.clone();
        content.remove("kanal");
        let draft = parts.intake.draft(&content, caller, &parts.store.categories()?)?;
        let now = parts.clock.now();
        let event = |kind, from, to| Event {
            at: now,
            actor: Role::Hub.id().to_owned(),
            kind,
            from,
            to,
        };
        let complaint = Complaint {
            id: parts.ids.unique()?,
            tracking: parts.ids.tracking()?,
            hub_id: Some(hub_id.clone()),
            hub_version: Some(version),
            channel: Channel::Hub,
            created: now,
            updated: now,
            ..draft.complaint.clone()
        };
        let added = Change {
            events: vec![event(EventKind::Dikirim, None, complaint.status)],
            files: draft.files.clone(),
        };
        let (kept, new) = parts.exchange.deliver(&complaint, &added, &mut |kept| {
            if kept.hub_version.is_some_and(|known| known >= version) {
                return Ok(Change::default());
            }
            renew(kept, &draft);
            kept.hub_version = Some(version);
            kept.updated = now;
            Ok(Change {
                events: vec![event(EventKind::Dikoreksi, Some(kept.status), kept.status)],
                files: draft.files.clone(),
            })
        })?;
        let mut receipt = parts.view.receipt(&Receipt::of(&kept));
        if let Some(members) = receipt.as_object_mut() {
            members.insert("id_sp4n".to_owned(), json!(hub_id));
            members.insert("versi".to_owned(), json!(kept.hub_version));
        }
        Ok((receipt, new))
    }

    /// A page of what happened, in order, since a cursor or a moment. What the hub itself did is not told back to it.
    pub fn changes(&self, caller: &Caller, query: &Query) -> Result<Value, Problem> {
        let parts = &self.parts;
        if !parts.policy.may_pull(caller) {
            return Err(refuse(caller, "Hanya hub yang dapat menarik perubahan."));
        }
        let behind = match parameter(query, "kursor") {
            Some(text) => {
                position(text).ok_or_else(|| Problem::query("kursor", "bukan kursor dari jawaban sebelumnya"))?
            }
            None => 0,
        };
        let since = match parameter(query, "diperbarui_sejak") {
            Some(text) => text
                .parse()
                .map_err(|_| Problem::query("diperbarui_sejak", "harus waktu RFC 3339"))?,
            None => Timestamp::UNIX_EPOCH,
        };
        let take = size(query, &*parts.numbers)?;
        // One more than wanted tells whether more follow.
        let mut changes = parts.exchange.changes(&Wanted {
            behind,
            since,
            take: take.saturating_add(1),
        })?;
        let wanted = usize::try_from(take).unwrap_or(usize::MAX);
        let more = changes.len() > wanted;
        changes.truncate(wanted);
        let last = changes.last().map_or(behind, |change| change.position);
        Ok(json!({
            "data": changes.iter().map(told).collect::<Value>(),
            "kursor": cursor(last),
            "lanjut": more,
        }))
    }
}

/// Takes over what the hub says anew. What was decided here since then stays: status, dispositions, answers, and
/// after verification the classification.
fn renew(kept: &mut Complaint, draft: &Draft) {
    let sent = draft.complaint.clone();
    if kept.status == Status::MenungguVerifikasi {
        kept.classification = sent.classification;
        kept.category = sent.category;
        kept.oversight = sent.oversight;
    }
    kept.title = sent.title;
    kept.text = sent.text;
    kept.request = sent.request;
    kept.happened = sent.happened;
    kept.location = sent.location;
    kept.agency = sent.agency;
    kept.reporter = sent.reporter;
    kept.principal = sent.principal;
    kept.anonymous = sent.anonymous;
    kept.secret = sent.secret;
    kept.files = sent.files;
}

/// An entry as the hub is told it.
pub fn told(change: &Changed) -> Value {
    let mut body = update(&change.complaint, &change.event, &format!("P{}", change.position));
    if let Some(members) = body.as_object_mut() {
        let answer = (change.event.kind == EventKind::Ditindaklanjuti)
            .then(|| change.complaint.follow_ups.get(change.follow_ups.checked_sub(1)?))
            .flatten();
        members.insert("isi".to_owned(), json!(answer.map(|message| &message.text)));
        members.insert("versi".to_owned(), json!(change.event.at.as_millisecond()));
    }
    body
}

/// A position as the hub is told it. The check makes that only what we gave out is taken back.
pub fn cursor(position: i64) -> String {
    let check = hex(digest(&SHA256, format!("perubahan {position}").as_bytes()).as_ref());
    format!("{position}-{}", check.get(..8).unwrap_or_default())
}

fn position(text: &str) -> Option<i64> {
    let (number, _) = text.split_once('-')?;
    number.parse().ok().filter(|number| cursor(*number) == text)
}

impl Exchange for Database {
    fn deliver(&self, complaint: &Complaint, added: &Change, edit: Edit<'_>) -> Result<(Complaint, bool), Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let document: Option<String> = transaction
            .prepare_cached("SELECT p.dokumen FROM masuk m JOIN pengaduan p ON p.id = m.pengaduan WHERE m.sp4n = ?")?
            .query_row([&complaint.hub_id], |row| row.get(0))
            .optional()?;
        let (kept, new) = if let Some(document) = document {
            let mut kept = decode(&document)?;
            let changed = edit(&mut kept)?;
            write(&transaction, &kept, &changed)?;
            transaction.execute("DELETE FROM kata WHERE pengaduan = ?", [&kept.id])?;
            (kept, false)
        } else {
            write(&transaction, complaint, added)?;
            transaction.execute(
                "INSERT INTO masuk (sp4n, pengaduan) VALUES (?, ?)",
                params![complaint.hub_id, complaint.id],
            )?;
            (complaint.clone(), true)
        };
        index_words(&transaction, &kept)?;
        transaction.commit()?;
        Ok((kept, new))
    }

    fn changes(&self, wanted: &Wanted) -> Result<Vec<Changed>, Problem> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT r.waktu, r.pelaku, r.peristiwa, r.dari, r.ke, r.urutan, p.dokumen,
               (SELECT count(*) FROM riwayat q WHERE q.pengaduan = r.pengaduan AND q.peristiwa = 'ditindaklanjuti' AND q.urutan <= r.urutan)
             FROM riwayat r JOIN pengaduan p ON p.id = r.pengaduan
             WHERE r.urutan > ? AND r.waktu >= ? AND r.pelaku <> 'hub' AND r.peristiwa <> 'dicatat_internal'
             ORDER BY r.urutan LIMIT ?",
        )?;
        let take = i64::try_from(wanted.take).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![wanted.behind, micros(wanted.since), take], |row| {
            Ok((
                event_of(row, 0)?,
                row.get(5)?,
                row.get::<_, String>(6)?,
                row.get::<_, i64>(7)?,
            ))
        })?;
        let mut changes = Vec::new();
        for row in rows {
            let (event, position, document, follow_ups) = row?;
            changes.push(Changed {
                position,
                event: event.ok_or_else(unknown_word)?,
                complaint: decode(&document)?,
                follow_ups: usize::try_from(follow_ups).unwrap_or_default(),
            });
        }
        Ok(changes)
    }
}
