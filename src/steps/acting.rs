//! Sentences about acts and what they may not do: the shared forms, and forbidden moves (PB-22).

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::try_join_all;
use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Data, Observation, Part, Reading, Record};
use crate::run::{Ask, BakuOptions, Caller, Complaint, Draft, Halt, Walk, World};
use crate::target::Answered;

use super::args::{Args, cell};
use super::chain::{
    acknowledged, act, bring_to, draft, holds, note, observer, perform, read, send, shows, status, submit,
};
use super::recent::look_until;
use super::routes::{Move, Rules, leads_to, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> berstatus <status>$"
        "complaint {1} with the status {2}" => complaint_with_status;
    ketika r"^<aktor> (memverifikasi|meminta kelengkapan|melengkapi|mendisposisi|meneruskan|menunda|melanjutkan|mengarsipkan|menindaklanjuti|menanggapi|menutup|membuka kembali|mencabut) <P>$"
        "{1}: {2} {3}" => acts;
    ketika r"^<aktor> mencoba (memverifikasi|meminta kelengkapan|melengkapi|mendisposisi|meneruskan|menunda|melanjutkan|mengarsipkan|menindaklanjuti|menanggapi|menutup|membuka kembali|mencabut) <P>$"
        "{1} tries: {2} {3}" => tries;
    ketika r"^<aktor> mencoba mengirim pengaduan <P> dengan status titipan <status>$"
        "{1} tries to submit complaint {2} with the planted status {3}" => tries_planted_status;
    ketika r"^<P>( serentak)? menempuh langkah:$"
        "{1} go through steps:" => go_through;
    maka r"^<P> tetap berstatus <status>$"
        "{1} keeps the status {2}" => keeps_status;
    maka r"^<P> tidak berstatus <status>$"
        "{1} does not have the status {2}" => has_not_status;
];

/// What was tried on each complaint.
#[derive(Default)]
struct Attempts {
    tried: BTreeMap<String, Vec<(Op, Answered)>>,
    planted: BTreeMap<String, (Draft, Answered)>,
}

async fn complaint_with_status(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, wanted, caller) = (a.object(1)?, a.status(2)?, w.caller()?);
    if let (1, Some(complaint)) = (w.attempt(), caller.cx().pool().lease(wanted)) {
        let complaint = Complaint {
            label: label.clone(),
            ..complaint
        };
        note(&caller, &complaint, "leased");
        w.insert(&label, complaint);
        return Ok(());
    }
    let draft = draft(&caller, Actor::PelaporA, BakuOptions::default()).await?;
    let mut complaint = submit(&caller, &label, draft).await?;
    bring_to(&caller, &mut complaint, wanted).await?;
    w.insert(&label, complaint);
    Ok(())
}

async fn acts(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, op, labels, caller) = (a.actor(1)?, a.op(2)?, a.objects(3)?, w.caller()?);
    for label in labels {
        let complaint = w.complaint_mut(&label)?;
        let to = leads_to(op).unwrap_or(complaint.status);
        perform(&caller, Move { op, actor, to }, complaint).await?;
    }
    Ok(())
}

async fn tries(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, op, label, caller) = (a.actor(1)?, a.op(2)?, a.object(3)?, w.caller()?);
    if !offered(caller.cx(), op, actor) {
        return Err(Halt::NotApplicable(format!("{op}@{actor}")));
    }
    let complaint = w.complaint(&label)?.clone();
    if let Some(declared) = Rules::of(caller.cx()).allows(complaint.status, op) {
        return Err(Halt::NotApplicable(declared.to_owned()));
    }
    let answered = act(&caller, op, actor, &complaint).await?;
    w.memory::<Attempts>()
        .tried
        .entry(label)
        .or_default()
        .push((op, answered));
    Ok(())
}

async fn tries_planted_status(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, label, planted, caller) = (a.actor(1)?, a.object(2)?, a.status(3)?, w.caller()?);
    let extra = Map::from_iter([("status".to_owned(), json!(planted))]);
    let draft = draft(
        &caller,
        owner,
        BakuOptions {
            extra,
            ..BakuOptions::default()
        },
    )
    .await?;
    // A status that the binding does not send tests nothing: an application could not have taken it over.
    let binding = caller.cx().statement().binding();
    if binding.carries(Op::Submit, owner, &draft.input, "status") == Some(false) {
        return Err(Halt::NotApplicable("status pada pengiriman tidak terikat".to_owned()));
    }
    let answered = send(&caller, &label, &draft).await?;
    if let Ok(complaint) = acknowledged(&caller, &label, draft.clone(), &answered) {
        w.insert(&label, complaint);
    }
    w.memory::<Attempts>().planted.insert(label, (draft, answered));
    Ok(())
}

async fn go_through(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, at_once, caller) = (a.objects(1)?, a.has(2), w.caller()?);
    for row in a.table()? {
        let actor = Actor::by_words(cell(&row, "aktor")?).ok_or_else(|| Halt::error("the table names no actor"))?;
        let op = Op::by_words(cell(&row, "tindakan")?).ok_or_else(|| Halt::error("the table names no act"))?;
        if !offered(caller.cx(), op, actor) {
            let value = json!({"operasi": op, "aktor": actor});
            let left_out = Observation {
                kind: "langkah_ditinggalkan".to_owned(),
                value,
            };
            caller
                .cx()
                .recorder()
                .write(caller.scope().clone(), Data::Observation(left_out));
            continue;
        }
        let mut moved = Vec::new();
        for label in &labels {
            let step = |complaint| one_step(&caller, op, actor, complaint);
            let complaint = w.complaint(label)?.clone();
            if at_once {
                moved.push(step(complaint));
            } else {
                w.insert(label, step(complaint).await?);
            }
        }
        for complaint in try_join_all(moved).await? {
            w.insert(&complaint.label.clone(), complaint);
        }
    }
    Ok(())
}

/// One act on one complaint; what an earlier, joined act has already done is left out.
async fn one_step(caller: &Caller, op: Op, actor: Actor, mut complaint: Complaint) -> Result<Complaint, Halt> {
    let to = leads_to(op).unwrap_or(complaint.status);
    if leads_to(op) != Some(complaint.status) || to == Status::Diproses {
        perform(caller, Move { op, actor, to }, &mut complaint).await?;
    }
    Ok(complaint)
}

async fn keeps_status(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, wanted, caller) = (a.objects(1)?, a.status(2)?, w.caller()?);
    let declared: Vec<String> = labels.iter().map(|label| format!("{label}/status")).collect();
    w.declare(&declared)?;
    let (mut complaints, mut records, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
    let lossy = caller.cx().statement().document().ikatan.status.rugi.clone();
    for label in &labels {
        let complaint = w.complaint(label)?.clone();
        let tried = w.memory::<Attempts>().tried.get(label).cloned().unwrap_or_default();
        let read = caller
            .until(
                || read(&caller, observer(&caller), &complaint),
                |answered| status(answered) == Some(wanted),
            )
            .await?;
        if status(&read) == Some(wanted) && complaint.status == wanted {
            unchanged.push(complaint);
        }
        complaints.push(json!({
            "label": label, "status": wanted, "probes": tried.iter().map(|(_, probe)| probe.record.seq).collect::<Vec<_>>(),
            "reads": [read.record.seq], "would": tried.iter().filter_map(|(op, _)| leads_to(*op)).collect::<Vec<_>>(),
            "lossy": lossy,
        }));
        records.extend(tried.iter().map(|(_, probe)| record(probe)).chain([record(&read)]));
    }
    w.check(Ask {
        oracle: "status_tetap",
        params: json!({"complaints": complaints}),
        records,
        declared,
        miss: None,
    })
    .await?;
    for complaint in unchanged {
        note(&caller, &complaint, "returned");
        caller.cx().pool().give_back(complaint);
    }
    Ok(())
}

async fn has_not_status(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, forbidden, caller) = (a.object(1)?, a.status(2)?, w.caller()?);
    let declared = vec![format!("{label}/status")];
    w.declare(&declared)?;
    let planted = w.memory::<Attempts>().planted.get(&label).cloned();
    let (draft, submit) =
        planted.ok_or_else(|| Halt::error(format!("{label} was not submitted with a planted status")))?;
    let (mut reads, mut walk) = (Vec::new(), Walk::default());
    if let Ok(complaint) = w.complaint(&label) {
        let make = || read(&caller, observer(&caller), complaint);
        reads.push(caller.until(make, |answered| shows(answered, draft.fixture)).await?);
    } else {
        walk = look_for(&caller, &draft, &submit).await?;
    }
    let params = json!({
        "label": label, "status": forbidden, "submit": submit.record.seq, "fixture": draft.fixture, "marker": draft.marker,
        "reads": seqs(&reads), "pages": seqs(&walk.pages), "complete": walk.complete,
    });
    let records = std::iter::once(&submit)
        .chain(&reads)
        .chain(&walk.pages)
        .map(record)
        .collect();
    w.check(Ask {
        oracle: "status_bukan",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

/// Looks through the list for a submission without an acknowledged id. One that was refused is looked for once: it
/// never has to appear.
async fn look_for(caller: &Caller, draft: &Draft, submit: &Answered) -> Result<Walk, Halt> {
    let caller = caller.part(Part::SecondRead);
    let refused = submit.reading != Reading::Accepted;
    let found = |walk: &Walk| refused || walk.items.iter().any(|item: &Value| holds(item, &draft.marker));
    look_until(&caller, observer(&caller), found).await
}

fn seqs(answered: &[Answered]) -> Vec<u64> {
    answered.iter().map(|answered| answered.record.seq).collect()
}

fn record(answered: &Answered) -> Arc<Record> {
    Arc::clone(&answered.record)
}
