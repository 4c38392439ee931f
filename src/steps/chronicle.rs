//! Sentences about the history: a complaint goes through its course, and the history is read after every step (PB-25).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Capability, Event, Op, Status};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::chronicle::{Chronicle, GROWN, KEPT, LINKED, PAIRS, SIGNED, Step, TIMED, tells};
use crate::phrase;
use crate::run::{Ask, CallBuilder, Caller, Complaint, Halt, World};

use super::args::{Args, cell};
use super::chain::{input, observer, read, status, unmet};
use super::routes::{Rules, leads_to, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<P> menempuh langkah, dan admin membaca riwayatnya sesudah setiap langkah:$"
        "{1} goes through steps, and the administrator reads its history after each:" => go_through;
    maka r"^setiap langkah <P> menambah tepat satu catatan riwayat$"
        "each step of {1} adds exactly one entry to the history" => grows;
    maka r"^catatan riwayat <P> yang lama tetap sama dan berurutan$"
        "earlier entries of the history of {1} stay the same, in order" => stays;
    maka r"^catatan riwayat <P> bersambung sampai status terakhirnya$"
        "the entries of the history of {1} are linked up to its last status" => is_linked;
    maka r"^waktu setiap catatan riwayat <P> paling jauh <n> detik dari langkahnya$"
        "the time of each entry of the history of {1} is at most {2} s from its step" => is_timed;
    maka r"^pelaku pada riwayat <P> membedakan admin, petugas, dan pelapor$"
        "the history of {1} tells administrator, officer and reporter apart" => is_signed;
];

/// What was read in the scenario.
#[derive(Default)]
struct Read {
    chronicle: Chronicle,
    records: Vec<Arc<Record>>,
}

async fn go_through(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let mut complaint = w.complaint(&label)?.clone();
    if way(&caller, &complaint).is_none() {
        return Err(Halt::NotApplicable(format!("{}@{}", Op::History, observer(&caller))));
    }
    let mut seen = Read {
        chronicle: Chronicle {
            label: label.clone(),
            lossy: caller
                .cx()
                .statement()
                .document()
                .ikatan
                .status
                .rugi
                .iter()
                .map(|status| status.id().to_owned())
                .collect(),
            one_account: one_account(&caller),
            ..Chronicle::default()
        },
        records: Vec::new(),
    };
    let receipt = complaint
        .receipt
        .clone()
        .ok_or_else(|| Halt::error(format!("{label} has no receipt")))?;
    let also = if Rules::of(caller.cx()).first() == Status::Terverifikasi {
        vec![Event::Diverifikasi]
    } else {
        Vec::new()
    };
    let submitted = (Op::Submit, complaint.owner, vec![Event::Dikirim], also);
    note(&caller, &complaint, submitted, receipt, &mut seen).await?;
    for row in a.table()? {
        let words = cell(&row, "tindakan")?;
        let (words, again) = words
            .strip_suffix(" lagi")
            .map_or((words, false), |words| (words, true));
        let actor = Actor::by_words(cell(&row, "aktor")?).ok_or_else(|| Halt::error("the table names no actor"))?;
        let op = Op::by_words(words).ok_or_else(|| Halt::error("the table names no act"))?;
        if due(&caller, &complaint, op, actor, again) {
            one_step(&caller, &mut complaint, op, actor, again, &mut seen).await?;
        }
    }
    w.insert(&label, complaint);
    *w.memory::<Read>() = seen;
    Ok(())
}

/// How the administrator looks at the history: by an operation of its own, or inside of the record.
fn way(caller: &Caller, complaint: &Complaint) -> Option<CallBuilder> {
    let actor = observer(caller);
    let op = [Op::History, Op::Read]
        .into_iter()
        .find(|op| offered(caller.cx(), *op, actor))?;
    let call = caller.call(op, actor, json!({"id": complaint.id}));
    Some(call.object(complaint.label.clone()).part(Part::SecondRead))
}

/// Whether a step is gone: it is offered, and no joined step before has done it already.
fn due(caller: &Caller, complaint: &Complaint, op: Op, actor: Actor, again: bool) -> bool {
    let claimed = |capability| caller.cx().claims().capabilities.contains(&capability);
    let done = leads_to(op) == Some(complaint.status) && complaint.status != Status::Diproses;
    let wanted = if again && op == Op::Dispose {
        claimed(Capability::Redisposisi)
    } else {
        again || !done
    };
    // Without a reopening the steps after it do not fit any more.
    let over = complaint.status == Status::Selesai && op != Op::Reopen;
    offered(caller.cx(), op, actor) && wanted && !over
}

/// Does a step, confirms it, and reads the history until it tells of it.
async fn one_step(
    caller: &Caller,
    complaint: &mut Complaint,
    op: Op,
    actor: Actor,
    again: bool,
    seen: &mut Read,
) -> Result<(), Halt> {
    let (events, to) = expected(caller, op);
    let mut sent = input(caller, op, complaint).await?;
    let other = &caller.cx().statement().document().fixture.unit_petugas_lain;
    if let (Op::Dispose, false, true, Some(other)) = (op, again, due_again(caller), other) {
        // The first disposition goes elsewhere, so that the second changes something.
        if let Some(members) = sent.as_object_mut() {
            members.insert("unit_id".to_owned(), json!(other));
        }
    }
    let answered = caller
        .call(op, actor, sent)
        .object(complaint.label.clone())
        .send()
        .await?;
    let (label, op_id, op_en) = (&complaint.label, op.indonesian(), op.english());
    if answered.reading != Reading::Accepted {
        let what = phrase!(
            "{actor} tidak dapat {op_id} {label}",
            "{actor} could not {op_en} {label}"
        );
        return Err(unmet(&what, &answered));
    }
    let wanted = to.unwrap_or(complaint.status);
    let now = caller
        .until(
            || read(caller, observer(caller), complaint),
            |answered| status(answered) == Some(wanted),
        )
        .await?;
    if status(&now) != Some(wanted) {
        let what = phrase!(
            "{label} tidak berstatus {wanted} sesudah {actor} {op_id}",
            "{label} does not have the status {wanted} after {actor} {op_en}"
        );
        return Err(unmet(&what, &now));
    }
    complaint.status = wanted;
    seen.chronicle.status = Some(now.record.seq);
    seen.records.push(now.record);
    note(
        caller,
        complaint,
        (op, actor, events, Vec::new()),
        answered.record,
        seen,
    )
    .await
}

fn due_again(caller: &Caller) -> bool {
    caller.cx().claims().capabilities.contains(&Capability::Redisposisi)
}

/// The events that an act leaves, and where it leads; more than one event where the statement joins acts.
fn expected(caller: &Caller, op: Op) -> (Vec<Event>, Option<Status>) {
    let rules = Rules::of(caller.cx());
    let joined = rules.joined.iter().find(|list| list.first() == Some(&op));
    let acts = joined.cloned().unwrap_or_else(|| vec![op]);
    let to = acts.iter().rev().find_map(|op| leads_to(*op));
    (acts.into_iter().filter_map(event).collect(), to)
}

/// The event of an act.
const fn event(op: Op) -> Option<Event> {
    Some(match op {
        Op::Submit => Event::Dikirim,
        Op::Verify => Event::Diverifikasi,
        Op::RequestInfo => Event::DimintaLengkap,
        Op::Supplement => Event::Dilengkapi,
        Op::Dispose => Event::Didisposisi,
        Op::FollowUp => Event::Ditindaklanjuti,
        Op::Reply => Event::Ditanggapi,
        Op::Close => Event::Ditutup,
        Op::Reopen => Event::DibukaKembali,
        _ => return None,
    })
}

/// Reads the history after an act, until it tells of it or `jeda_tampak` is over, and notes both.
async fn note(
    caller: &Caller,
    complaint: &Complaint,
    (op, actor, events, also): (Op, Actor, Vec<Event>, Vec<Event>),
    act: Arc<Record>,
    seen: &mut Read,
) -> Result<(), Halt> {
    let before = seen.chronicle.steps.last().map(|step| step.history);
    let before = seen.records.iter().find(|record| Some(record.seq) == before).cloned();
    let told = |after: &Record| {
        let before = before.as_deref().and_then(Record::exchange);
        let event = events.last().map_or("", |event| event.id());
        after.exchange().is_some_and(|after| tells(before, after, event))
    };
    let make = || way(caller, complaint).unwrap_or_else(|| read(caller, observer(caller), complaint));
    let history = caller.until(make, |answered| told(&answered.record)).await?;
    let place = seen.chronicle.steps.len();
    let words = |events: &[Event]| events.iter().map(|event| event.id().to_owned()).collect();
    seen.chronicle.steps.push(Step {
        key: format!("{place:02} {op}"),
        role: role(actor).to_owned(),
        events: words(&events),
        also: words(&also),
        act: act.seq,
        history: history.record.seq,
    });
    seen.records.extend([act, history.record]);
    Ok(())
}

const fn role(actor: Actor) -> &'static str {
    match actor {
        Actor::PelaporA | Actor::PelaporB => "pelapor",
        Actor::Petugas | Actor::PetugasLain => "petugas",
        _ => "admin",
    }
}

/// The pairs of roles that the statement plays by one account (profile mandiri allows it).
fn one_account(caller: &Caller) -> Vec<String> {
    let credential = |role: &str| {
        let actor = match role {
            "admin" => Actor::Admin,
            "petugas" => Actor::Petugas,
            _ => Actor::PelaporA,
        };
        let entry = caller.cx().statement().actor(actor)?;
        Some((entry.autentikasi.clone(), entry.kredensial.clone()))
    };
    let same = |(one, other): &&(&str, &str)| credential(one).is_some() && credential(one) == credential(other);
    PAIRS
        .iter()
        .filter(same)
        .map(|(one, other)| format!("{one}-{other}"))
        .collect()
}

/// Asks one of the five oracles about what was read.
async fn ask(
    w: &mut World,
    a: &Args,
    oracle: &'static str,
    legs: impl Fn(&Chronicle) -> Vec<String>,
) -> Result<(), Halt> {
    let label = a.object(1)?;
    let read = w.memory::<Read>();
    if read.chronicle.label != label {
        return Err(Halt::error(format!("the history of {label} was not read")));
    }
    let (mut chronicle, records) = (read.chronicle.clone(), read.records.clone());
    if a.has(2) {
        chronicle.seconds = u32::try_from(a.number(2)?).unwrap_or(u32::MAX);
    }
    let declared = legs(&chronicle);
    w.declare(&declared)?;
    let params: Value = json!(chronicle);
    w.check(Ask {
        oracle,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

fn by_step(chronicle: &Chronicle, what: &str, from: usize) -> Vec<String> {
    let steps = chronicle.steps.iter().skip(from);
    steps
        .map(|step| format!("{}/{what}/{}", chronicle.label, step.key))
        .collect()
}

async fn grows(w: &mut World, a: Args) -> Result<(), Halt> {
    ask(w, &a, GROWN, |chronicle| by_step(chronicle, "bertambah", 0)).await
}

async fn stays(w: &mut World, a: Args) -> Result<(), Halt> {
    ask(w, &a, KEPT, |chronicle| by_step(chronicle, "tetap", 1)).await
}

async fn is_linked(w: &mut World, a: Args) -> Result<(), Halt> {
    let legs = |chronicle: &Chronicle| {
        ["sambung", "akhir"]
            .map(|what| format!("{}/{what}", chronicle.label))
            .to_vec()
    };
    ask(w, &a, LINKED, legs).await
}

async fn is_timed(w: &mut World, a: Args) -> Result<(), Halt> {
    ask(w, &a, TIMED, |chronicle| by_step(chronicle, "waktu", 0)).await
}

async fn is_signed(w: &mut World, a: Args) -> Result<(), Halt> {
    let legs = |chronicle: &Chronicle| {
        let pair = |(one, other): &(&str, &str)| format!("{}/pelaku/{one}-{other}", chronicle.label);
        PAIRS.iter().map(pair).collect()
    };
    ask(w, &a, SIGNED, legs).await
}
