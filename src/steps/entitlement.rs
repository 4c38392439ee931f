//! Sentences about acts of people without the right (KM-15, KM-17): the entitled actor's act on a twin before, the
//! attempts, the reads that tell what they did, and the entitled actor's act afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::effect::{Attempt, Attempts, DENIED, GRANTED, TOLD, shows_any};
use crate::phrase;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, World};
use crate::target::Extra;

use super::args::Args;
use super::attempt::{
    Sending, Sight, do_entitled, look, look_changed, look_unchanged, need, ready_complaint, send_twice, sending,
};
use super::chain::{draft, read, submit, unmet};
use super::routes::{claimed, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor> yang siap untuk <tindakan>(?:, dan pengaduan <P> dari <aktor>)?$"
        "complaints {1} of {2}, ready for: {3} (beside {4} of {5})" => ready_complaints;
    diketahui r"^<P> memuat catatan internal$"
        "{1} holds an internal note" => holds_note;
    ketika r"^<aktor> mencoba <tindakan> <P> dengan isian yang sah(, juga dengan peran titipan)?$"
        "{1} try to {2} {3} with valid input{4}" => try_act;
    ketika r"^<aktor> mencoba mengirim (PUT|PATCH|DELETE) ke alamat <P>, sesudah <aktor> berhasil pada <P>$"
        "{1} tries to send {2} to the address of {3}, after {4} could on {5}" => try_method;
    maka r"^<aktor> dapat <tindakan> <P>$"
        "{1} can {2} {3}" => can_act;
    maka r"^setiap percobaan pada <P> ditolak tanpa akibat$"
        "every attempt on {1} is refused without effect" => refused_without_effect;
    maka r"^setiap percobaan pada <P> dijawab dengan penolakan$"
        "every attempt on {1} is answered with a refusal" => told_refused;
    maka r"^<P> tidak memuat isi percobaan yang ditolak$"
        "{1} holds nothing of the refused attempts" => holds_nothing;
];

/// What the scenario tried, by the complaint's name.
#[derive(Default)]
struct Tried {
    of: BTreeMap<String, Attempted>,
    /// The complaint that merges name.
    into: Option<String>,
    /// Planted texts of internal notes.
    notes: BTreeMap<String, u32>,
}

#[derive(Default, Clone)]
struct Attempted {
    attempts: Vec<Attempt>,
    records: Vec<Arc<Record>>,
    /// What was seen last.
    last: Option<Sight>,
}

async fn ready_complaints(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, owner, op, caller) = (a.objects(1)?, a.actor(2)?, a.op(3)?, w.caller()?);
    if !claimed(caller.cx(), op) || !caller.cx().target().routed(op) {
        return Err(Halt::NotApplicable(format!("{op} tidak terikat")));
    }
    for label in labels {
        let complaint = ready_complaint(&caller, &label, owner, op, BakuOptions::default()).await?;
        w.insert(&label, complaint);
    }
    if op == Op::Merge {
        let draft = draft(&caller, owner, BakuOptions::default()).await?;
        w.memory::<Tried>().into = Some(submit(&caller, "induk", draft).await?.id);
    }
    if a.has(4) {
        let (label, other) = (a.object(4)?, a.actor(5)?);
        need(&caller, other)?;
        // Sent and read again: this actor is let in, so that a refusal is none of its login.
        let draft = draft(&caller, other, BakuOptions::default()).await?;
        let complaint = submit(&caller, &label, draft).await?;
        w.insert(&label, complaint);
    }
    Ok(())
}

async fn holds_note(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let writers = [Actor::Admin, Actor::Petugas];
    let writer = writers.into_iter().find(|actor| offered(caller.cx(), Op::Note, *actor));
    let writer = writer.ok_or_else(|| Halt::NotApplicable("note tidak terikat".to_owned()))?;
    let mark = caller.cx().next_fixture();
    let planted = caller.cx().canaries().plant(mark, "catatan", true);
    let input = json!({"id": complaint.id, "isi": format!("Catatan kerja untuk petugas. {planted}")});
    let answered = caller.call(Op::Note, writer, input).object(&*label).send().await?;
    if answered.reading != Reading::Accepted {
        let what = phrase!(
            "{writer} tidak dapat mencatat pada {label}",
            "{writer} could not note on {label}"
        );
        return Err(unmet(&what, &answered));
    }
    let shown =
        |answered: &crate::target::Answered| answered.record.exchange().is_some_and(|read| shows_any(read, &[mark]));
    caller.until(|| read(&caller, writer, &complaint), shown).await?;
    w.memory::<Tried>().notes.insert(label, mark);
    Ok(())
}

/// The planted texts that an asker may not see in any answer.
fn closed_to(asker: Actor, complaint: &Complaint, note: Option<u32>) -> Vec<u32> {
    let own = (asker != complaint.owner).then_some(complaint.fixture);
    own.into_iter().chain(note).collect()
}

async fn try_act(w: &mut World, a: Args) -> Result<(), Halt> {
    let (askers, op, label, caller) = (a.actors(1)?, a.op(2)?, a.object(3)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let tried = w.memory::<Tried>();
    let (into, note) = (tried.into.clone(), tried.notes.get(&label).copied());
    let mut done = Attempted::default();
    let mut before = look(&caller, &complaint, op).await?;
    done.records.extend(before.records());
    for asker in askers {
        need(&caller, asker)?;
        for disguised in [false, true].into_iter().take(if a.has(4) { 2 } else { 1 }) {
            let mut sending = sending(&caller, op, &complaint, into.as_deref()).await?;
            let mut attempt = Attempt {
                key: format!("{op}@{asker}"),
                closed: closed_to(asker, &complaint, note),
                marks: vec![sending.mark],
                ..Attempt::default()
            };
            if disguised {
                attempt.key.push_str("+peran");
                if !disguise(&caller, op, asker, &mut sending) {
                    attempt.left_out = Some(format!("peran pada {op} tidak terikat"));
                    done.attempts.push(attempt);
                    continue;
                }
            }
            let call = || {
                caller
                    .call(op, asker, sending.input.clone())
                    .object(&*label)
                    .part(Part::Probe)
                    .class(CLASS)
            };
            let answers = send_twice(call).await?;
            let after = look_unchanged(&caller, &complaint, &before, sending.mark).await?;
            attempt.probes = answers.iter().map(|answered| answered.record.seq).collect();
            attempt.reads = before.pairs(&after);
            done.attempts.push(attempt);
            done.records.extend(answers.into_iter().map(|answered| answered.record));
            done.records.extend(after.records());
            before = after;
        }
    }
    done.last = Some(before);
    w.memory::<Tried>().of.insert(label, done);
    Ok(())
}

/// Adds a role that the asker does not have; `false` where the binding sends none.
fn disguise(caller: &Caller, op: Op, asker: Actor, sending: &mut Sending) -> bool {
    let Some(members) = sending.input.as_object_mut() else {
        return false;
    };
    for name in ["role", "peran"] {
        members.insert(name.to_owned(), json!("admin"));
    }
    let binding = caller.cx().statement().binding();
    ["role", "peran"]
        .iter()
        .any(|name| binding.carries(op, asker, &sending.input, name) != Some(false))
}

async fn try_method(w: &mut World, a: Args) -> Result<(), Halt> {
    let (asker, method, label) = (a.actor(1)?, a.text(2)?.to_owned(), a.object(3)?);
    let (owner, twin, caller) = (a.actor(4)?, a.object(5)?, w.caller()?);
    need(&caller, asker)?;
    let (complaint, twin) = (w.complaint(&label)?.clone(), w.complaint(&twin)?.clone());
    // The binding of `correct` gives the body that the resource would take.
    let op = if offered(caller.cx(), Op::Correct, owner) {
        Op::Correct
    } else {
        Op::Read
    };
    let send = async |actor: Actor, complaint: &Complaint| -> Result<_, Halt> {
        let sending = sending(&caller, Op::Correct, complaint, None).await?;
        let extra = Extra {
            method: Some(method.clone()),
            url: address(&caller, complaint).await?,
            ..Extra::default()
        };
        let call = || {
            let call = caller.call(op, actor, sending.input.clone()).object(&*complaint.label);
            call.class(CLASS).extra(extra.clone())
        };
        Ok((sending.mark, send_twice(call).await?))
    };
    let owns = look(&caller, &twin, Op::Correct).await?;
    let (mark, own) = send(owner, &twin).await?;
    let accepted = own.last().is_some_and(|answered| answered.reading == Reading::Accepted);
    if !accepted || !owns.differs(&look_changed(&caller, &twin, &owns, mark).await?, mark) {
        return Err(Halt::NotApplicable(format!(
            "{method} pada alamat pengaduan tidak berlaku bagi pemiliknya"
        )));
    }
    let before = look(&caller, &complaint, Op::Correct).await?;
    let (mark, answers) = send(asker, &complaint).await?;
    let after = look_unchanged(&caller, &complaint, &before, mark).await?;
    let attempt = Attempt {
        key: format!("{method}@{asker}"),
        probes: answers.iter().map(|answered| answered.record.seq).collect(),
        reads: before.pairs(&after),
        marks: vec![mark],
        closed: closed_to(asker, &complaint, None),
        ..Attempt::default()
    };
    let records = answers.into_iter().map(|answered| answered.record);
    let done = Attempted {
        records: records.chain(before.records()).chain(after.records()).collect(),
        attempts: vec![attempt],
        last: Some(after),
    };
    w.memory::<Tried>().of.insert(label, done);
    Ok(())
}

/// The address of a complaint, as its owner reads it.
async fn address(caller: &Caller, complaint: &Complaint) -> Result<Option<String>, Halt> {
    let answered = read(caller, complaint.owner, complaint).send().await?;
    Ok(super::odd_input::address_of(&answered.record))
}

async fn can_act(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, op, label, caller) = (a.actor(1)?, a.op(2)?, a.object(3)?, w.caller()?);
    if !offered(caller.cx(), op, actor) {
        return Err(Halt::NotApplicable(format!("{op}@{actor} tidak terikat")));
    }
    let mut complaint = w.complaint(&label)?.clone();
    let tried = w.memory::<Tried>();
    let (into, last) = (
        tried.into.clone(),
        tried.of.get(&label).and_then(|done| done.last.clone()),
    );
    let before = match last {
        Some(sight) => sight,
        None => look(&caller, &complaint, op).await?,
    };
    let sending = sending(&caller, op, &complaint, into.as_deref()).await?;
    let done = do_entitled(&caller, op, actor, &mut complaint, &sending, &before).await?;
    w.insert(&label, complaint);
    let key = format!("{op}@{actor}/{label}");
    let attempt = Attempt {
        key: key.clone(),
        ..done.attempt
    };
    let ask = Ask {
        oracle: GRANTED,
        params: json!(Attempts {
            attempts: vec![attempt]
        }),
        records: done.records,
        declared: vec![key],
        miss: None,
    };
    w.check(ask).await
}

async fn refused_without_effect(w: &mut World, a: Args) -> Result<(), Halt> {
    let label = a.object(1)?;
    let done = attempted(w, &label)?;
    let declared = done.attempts.iter().map(|attempt| attempt.key.clone()).collect();
    w.check(ask(DENIED, &done.attempts, done.records, declared)).await
}

async fn told_refused(w: &mut World, a: Args) -> Result<(), Halt> {
    let label = a.object(1)?;
    let done = attempted(w, &label)?;
    let declared = done
        .attempts
        .iter()
        .map(|attempt| format!("{}/jawaban", attempt.key))
        .collect();
    w.check(ask(TOLD, &done.attempts, done.records, declared)).await
}

/// Looks once more, after the entitled actor's own act has shown its effect: what came late of the attempts is
/// there by now.
async fn holds_nothing(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let done = attempted(w, &label)?;
    let complaint = w.complaint(&label)?.clone();
    let now = look(&caller, &complaint, Op::Correct).await?;
    let tried = done.attempts.iter().filter(|attempt| attempt.left_out.is_none());
    let late: Vec<Attempt> = tried
        .map(|attempt| Attempt {
            key: format!("{}/sesudahnya", attempt.key),
            reads: Vec::new(),
            later: now.seqs(),
            ..attempt.clone()
        })
        .collect();
    let declared = late.iter().map(|attempt| attempt.key.clone()).collect();
    let records = done.records.into_iter().chain(now.records()).collect();
    w.check(ask(DENIED, &late, records, declared)).await
}

fn attempted(w: &mut World, label: &str) -> Result<Attempted, Halt> {
    let done = w.memory::<Tried>().of.get(label).cloned();
    done.ok_or_else(|| Halt::error(format!("nothing was tried on {label}")))
}

fn ask(oracle: &'static str, attempts: &[Attempt], records: Vec<Arc<Record>>, declared: Vec<String>) -> Ask {
    let params: Value = json!({"attempts": attempts});
    Ask {
        oracle,
        params,
        records,
        declared,
        miss: None,
    }
}

const CLASS: &str = "tindakan tanpa hak";
