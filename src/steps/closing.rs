//! Sentences about what each reader sees of a status, internal notes, and closing (PB-14, PB-17).

use std::sync::Arc;

use futures::future::try_join_all;
use serde_json::{Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{CanaryHit, Part, Reading, Record};
use crate::phrase;
use crate::run::{Ask, CallBuilder, Caller, Complaint, Halt, World};
use crate::target::Answered;

use super::args::Args;
use super::chain::{REASON, observer, read, status, unmet};
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> menambah catatan internal pada <P>$"
        "{1} adds an internal note to {2}" => notes;
    maka r"^<P> (?:(tetap) )?berstatus <status> bagi <aktor>$"
        "{1} has ({2}) the status {3} for {4}" => seen_with_status;
    maka r"^penutupan <P> tercatat oleh (admin|sistem|pelapor) bagi <aktor>$"
        "that {1} was closed by {2} is kept for {3}" => closed_by;
];

async fn notes(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, label, caller) = (a.actor(1)?, a.object(2)?, w.caller()?);
    if !offered(caller.cx(), Op::Note, actor) {
        return Err(Halt::NotApplicable(format!("{}@{actor}", Op::Note)));
    }
    let complaint = w.complaint(&label)?.clone();
    let planted = caller.cx().canaries().plant(complaint.fixture, "catatan", true);
    let input = json!({"id": complaint.id, "isi": format!("Catatan kerja untuk petugas: {planted}.")});
    let answered = caller.call(Op::Note, actor, input).object(label.clone()).send().await?;
    if answered.reading != Reading::Accepted {
        let what = phrase!("catatan pada {label} tidak diterima", "the note on {label} was refused");
        return Err(unmet(&what, &answered));
    }
    let stored = |answered: &Answered| shows_planted(answered, complaint.fixture, "catatan");
    let read = caller
        .until(|| read(&caller, observer(&caller), &complaint), stored)
        .await?;
    if stored(&read) {
        return Ok(());
    }
    let what = phrase!(
        "catatan pada {label} tidak tersimpan",
        "the note on {label} is not stored"
    );
    Err(unmet(&what, &read))
}

/// Whether the body of an answer shows a planted text.
pub(super) fn shows_planted(answered: &Answered, fixture: u32, field: &str) -> bool {
    let planted = |hit: &CanaryHit| hit.fixture == fixture && hit.field == field && hit.place.starts_with("body");
    answered
        .record
        .exchange()
        .is_some_and(|exchange| exchange.facts.canaries.iter().any(planted))
}

/// How a reader looks at a complaint, or what the statement does not offer for it: the public tracks, others read.
pub(super) fn way(caller: &Caller, reader: Actor, complaint: &Complaint) -> Result<CallBuilder, String> {
    if reader != Actor::Publik {
        let read = offered(caller.cx(), Op::Read, reader).then(|| read(caller, reader, complaint));
        return read.ok_or_else(|| format!("{}@{reader}", Op::Read));
    }
    match &complaint.number {
        Some(number) if offered(caller.cx(), Op::Track, reader) => Ok(caller
            .call(Op::Track, reader, json!({"nomor_pelacakan": number}))
            .object(complaint.label.clone())
            .part(Part::SecondRead)),
        _ => Err("pelacakan_publik".to_owned()),
    }
}

/// What one reader saw last.
pub(super) struct Look {
    pub(super) value: Value,
    pub(super) answered: Option<Answered>,
}

/// Lets each reader look at a complaint until it shows what is looked for, or `jeda_tampak` is over; all at once.
pub(super) async fn looks(
    caller: &Caller,
    readers: &[Actor],
    complaint: &Complaint,
    seen: impl Fn(Actor, &Answered) -> bool,
) -> Result<Vec<Look>, Halt> {
    let seen = &seen;
    let one = |reader: Actor| async move {
        let label = &complaint.label;
        if let Err(missing) = way(caller, reader, complaint) {
            let value = json!({"label": label, "reader": reader, "seq": null, "missing": missing});
            return Ok::<_, Halt>(Look { value, answered: None });
        }
        let make = || way(caller, reader, complaint).unwrap_or_else(|_| read(caller, reader, complaint));
        let answered = caller.until(make, |answered| seen(reader, answered)).await?;
        let value = json!({"label": label, "reader": reader, "seq": answered.record.seq});
        Ok(Look {
            value,
            answered: Some(answered),
        })
    };
    try_join_all(readers.iter().map(|reader| one(*reader))).await
}

/// The records of looks.
pub(super) fn records<'a>(looks: impl IntoIterator<Item = &'a Look>) -> Vec<Arc<Record>> {
    let answered = looks.into_iter().filter_map(|look| look.answered.as_ref());
    answered.map(|answered| Arc::clone(&answered.record)).collect()
}

/// The canonical values of looks.
pub(super) fn values<'a>(looks: impl IntoIterator<Item = &'a Look>) -> Vec<Value> {
    looks.into_iter().map(|look| look.value.clone()).collect()
}

async fn seen_with_status(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, stays, wanted, readers) = (a.objects(1)?, a.has(2), a.status(3)?, a.actors(4)?);
    let caller = w.caller()?.part(Part::SecondRead);
    let declared = keys(&labels, "status", &readers);
    w.declare(&declared)?;
    let (mut seen, mut owners, mut lossy) = (Vec::new(), Vec::new(), false);
    for label in &labels {
        let complaint = w.complaint(label)?;
        lossy |= alike(&caller, wanted, if stays { Status::Selesai } else { complaint.status });
        let settled = |_: Actor, answered: &Answered| status(answered) == Some(wanted);
        seen.extend(looks(&caller, &readers, complaint, settled).await?);
        // Whether a closing carried an answer is told by what the owner reads.
        let closed = |look: &Look| look.answered.as_ref().and_then(status) == Some(Status::Selesai);
        if stays && wanted != Status::Selesai && seen.iter().any(closed) {
            owners.extend(looks(&caller, &[complaint.owner], complaint, |_, _| true).await?);
        }
    }
    let answer = stays.then(|| json!({"text": REASON, "owners": values(&owners)}));
    w.check(Ask {
        oracle: "status_bagi",
        params: json!({"status": wanted, "looks": values(&seen), "answer": answer, "lossy": lossy}),
        records: records(seen.iter().chain(&owners)),
        declared,
        miss: None,
    })
    .await
}

/// Whether the statement's words cannot tell a status from the one that it would be otherwise.
fn alike(caller: &Caller, wanted: Status, otherwise: Status) -> bool {
    let lossy = &caller.cx().statement().document().ikatan.status.rugi;
    let both = [wanted, otherwise].iter().all(|status| lossy.contains(status));
    both && wanted != otherwise
}

async fn closed_by(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, by, readers) = (a.objects(1)?, a.text(2)?.to_owned(), a.actors(3)?);
    let caller = w.caller()?.part(Part::SecondRead);
    let declared = keys(&labels, "ditutup_oleh", &readers);
    w.declare(&declared)?;
    let mut seen = Vec::new();
    for label in &labels {
        let told = |_: Actor, answered: &Answered| answered.mapped.get("ditutup_oleh") == Some(&json!(by));
        seen.extend(looks(&caller, &readers, w.complaint(label)?, told).await?);
    }
    w.check(Ask {
        oracle: "penutup_tercatat",
        params: json!({"by": by, "looks": values(&seen)}),
        records: records(&seen),
        declared,
        miss: None,
    })
    .await
}

/// The legs of some complaints for some readers, `P1/status@admin`.
pub(super) fn keys(labels: &[String], what: &str, readers: &[Actor]) -> Vec<String> {
    let of = |label: &String| {
        let label = label.clone();
        readers.iter().map(move |reader| format!("{label}/{what}@{reader}"))
    };
    labels.iter().flat_map(of).collect()
}
