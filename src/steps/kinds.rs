//! Sentences about types that do not drift (DT-14): ids letter by letter, types in every operation, every declared media
//! type of a submission.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::oracle::shape::types;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, World};
use crate::target::Answered;

use super::args::Args;
use super::chain::{acknowledged, draft, first_page, holds, observer, read_own, send, walk_until};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> mengirim pengaduan yang sama sekali untuk setiap jenis media yang dinyatakan$"
        "{1} submits the same complaint once for every declared media type" => submits_by_media;
    maka r"^rekaman setiap jenis media itu sama di luar id dan waktu$"
        "the records of those media types are equal, ids and times apart" => records_equal;
    maka r"^id dan nomor_pelacakan <P> sama pada tanda terima, pembacaan, daftar, dan pelacakan$"
        "id and nomor_pelacakan of {1} are the same in receipt, read, list and tracking" => ids_equal;
    maka r"^setiap id, bilangan, dan nilai benar-salah bertipe sama di setiap operasi$"
        "every id, number and boolean has one type in every operation" => types_equal;
];

/// What was sent, by media type.
#[derive(Default)]
struct Sent(Vec<(String, Answered, Vec<Answered>)>);

async fn submits_by_media(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, caller) = (a.actor(1)?, w.caller()?);
    let first = draft(&caller, owner, BakuOptions::default()).await?;
    let media = caller.cx().statement().binding().media(Op::Submit, owner);
    let mut sent = Vec::new();
    for (place, name) in media.iter().enumerate() {
        let mut again = first.clone();
        if let (Some(other), Some(members)) = (place.checked_sub(1), again.input.as_object_mut()) {
            members.insert("media_kiriman".to_owned(), json!(other));
        }
        let key = format!("{}_{name}", place + 1);
        let submit = send(&caller, &key, &again).await?;
        let mut reads = Vec::new();
        if let Ok(complaint) = acknowledged(&caller, &key, again, &submit) {
            reads.push(read_own(&caller, observer(&caller), &complaint).await?);
        }
        sent.push((key, submit, reads));
    }
    w.memory::<Sent>().0 = sent;
    Ok(())
}

async fn records_equal(w: &mut World, _: Args) -> Result<(), Halt> {
    let sent = std::mem::take(&mut w.memory::<Sent>().0);
    let judged = if sent.len() > 1 { 1 } else { 0 };
    let declared = sent.iter().skip(judged).map(|(key, ..)| key.clone()).collect();
    let one = |(key, submit, reads): &(String, Answered, Vec<Answered>)| json!({"key": key, "submit": submit.record.seq, "reads": seqs(reads)});
    let records = sent
        .iter()
        .flat_map(|(_, submit, reads)| std::iter::once(submit).chain(reads));
    w.check(Ask {
        oracle: types::SAME_RECORD,
        params: json!({"sent": sent.iter().map(one).collect::<Vec<_>>()}),
        records: records.map(|answered| Arc::clone(&answered.record)).collect(),
        declared,
        miss: None,
    })
    .await
}

async fn ids_equal(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, caller) = (a.objects(1)?, w.caller()?);
    let members = |label: &String| ["id", "nomor_pelacakan"].map(|member| format!("{label}/{member}"));
    let declared: Vec<String> = labels.iter().flat_map(members).collect();
    w.declare(&declared)?;
    let (mut followed, mut records) = (Vec::new(), Vec::new());
    for label in &labels {
        let complaint = w.complaint(label)?;
        let Some(receipt) = complaint.receipt.clone() else {
            return Err(Halt::error(format!("{label} has no receipt")));
        };
        let seen = follow(&caller, complaint).await?;
        followed.push(json!({
            "key": label, "marker": complaint.marker, "submit": receipt.seq, "reads": seqs(&seen.reads),
            "pages": seqs(&seen.pages), "tracks": seqs(&seen.tracks),
        }));
        let answers = seen.reads.iter().chain(&seen.pages).chain(&seen.tracks);
        records.extend(answers.map(|answered| Arc::clone(&answered.record)));
        records.push(receipt);
    }
    w.check(Ask {
        oracle: types::SAME_ID,
        params: json!({"followed": followed}),
        records,
        declared,
        miss: None,
    })
    .await
}

#[derive(Default)]
struct Seen {
    reads: Vec<Answered>,
    pages: Vec<Answered>,
    tracks: Vec<Answered>,
}

async fn follow(caller: &Caller, complaint: &Complaint) -> Result<Seen, Halt> {
    let mut seen = Seen::default();
    let target = caller.cx().target();
    let by = observer(caller);
    for actor in [complaint.owner, by] {
        seen.reads.push(read_own(caller, actor, complaint).await?);
    }
    if target.bound(Op::List, by) {
        let found = |walk: &crate::run::Walk| walk.items.iter().any(|item: &Value| holds(item, &complaint.marker));
        seen.pages = walk_until(caller, Op::List, by, &first_page(caller), found)
            .await?
            .pages;
    }
    if let (Some(number), true) = (&complaint.number, target.bound(Op::Track, Actor::Publik)) {
        let call = caller.call(Op::Track, Actor::Publik, json!({"nomor_pelacakan": number}));
        seen.tracks.push(call.object(complaint.label.clone()).send().await?);
    }
    Ok(seen)
}

async fn types_equal(w: &mut World, _: Args) -> Result<(), Halt> {
    w.check(Ask {
        oracle: types::NAME,
        params: json!({}),
        declared: vec![types::WHOLE.to_owned()],
        ..Ask::default()
    })
    .await
}

fn seqs(answered: &[Answered]) -> Vec<u64> {
    answered.iter().map(|answered| answered.record.seq).collect()
}
