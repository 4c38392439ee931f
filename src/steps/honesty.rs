//! Sentences about honest answers (PB-23): an act, and what is read before and after it.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::honesty::{Case, Kind, NAME, Params, Unmet};
use crate::phrase;
use crate::run::{Ask, Caller, Complaint, Halt, World};

use super::args::{Args, cell};
use super::attempt::{look, look_changed, look_unchanged, ready, sending};
use super::chain::{note, observer, read, unmet};
use super::dice::Dice;
use super::likeness::like;
use super::routes::{Rules, can_try, leads_to, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^<P> yang tidak ada, serupa dengan <P>$"
        "{1}, which is not there, like {2}" => not_there;
    ketika r"^<aktor> mencoba <tindakan> <P> di antara dua pembacaan admin$"
        "{1} tries: {2} {3}, between two reads of the administrator" => tries;
    ketika r"^setiap langkah dilakukan di antara dua pembacaan admin:$"
        "every step is done between two reads of the administrator:" => does_each;
    maka r"^setiap jawaban sesuai dengan yang terjadi$"
        "every answer fits what happened" => answers_fit;
];

/// What the scenario tried.
#[derive(Default)]
struct Tried {
    cases: Vec<Case>,
    records: Vec<Arc<Record>>,
    /// What was left as it was, and may serve again.
    unchanged: Vec<Complaint>,
    /// Complaints that do not exist, by their names.
    absent: Vec<String>,
}

/// Puts a name in place whose id names nothing, as a read of the administrator confirms.
async fn not_there(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, model, caller) = (a.object(1)?, a.object(2)?, w.caller()?);
    let nonce = w.cx()?.canaries().nonce();
    let mut dice = Dice::new(&format!("{nonce}/{}/{}", w.row(), w.attempt()));
    let complaint = w.complaint(&model)?.clone();
    let absent = Complaint {
        id: like(&complaint.id, &mut dice),
        label: label.clone(),
        number: None,
        receipt: None,
        ..complaint
    };
    let answered = read(&caller, observer(&caller), &absent)
        .part(Part::ControlBefore)
        .send()
        .await?;
    if !matches!(answered.reading, Reading::NotFound | Reading::Refused) {
        let what = phrase!(
            "id yang tidak pernah diberikan terbaca seperti ada",
            "an id that was never given out reads as if it were there"
        );
        return Err(unmet(&what, &answered));
    }
    w.memory::<Tried>().absent.push(label.clone());
    w.insert(&label, absent);
    Ok(())
}

async fn tries(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, op, label, caller) = (a.actor(1)?, a.op(2)?, a.object(3)?, w.caller()?);
    if !can_try(caller.cx(), op, actor) {
        return Err(Halt::NotApplicable(format!("{op}@{actor} tidak terikat")));
    }
    let mut complaint = w.complaint(&label)?.clone();
    let tried = w.memory::<Tried>();
    let kind = if tried.absent.contains(&label) {
        Kind::Absent
    } else {
        Kind::Forbidden
    };
    if let (Kind::Forbidden, Some(declared)) = (kind, Rules::of(caller.cx()).allows(complaint.status, op)) {
        return Err(Halt::NotApplicable(declared.to_owned()));
    }
    let step = Step {
        op,
        actor,
        kind,
        into: None,
    };
    let (case, records) = attempt(&caller, &step, &mut complaint, w.memory::<Tried>()).await?;
    let tried = w.memory::<Tried>();
    tried.cases.push(case);
    tried.records.extend(records);
    w.insert(&label, complaint);
    Ok(())
}

async fn does_each(w: &mut World, a: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    for row in a.table()? {
        let label = cell(&row, "pengaduan")?;
        let actor = Actor::by_words(cell(&row, "aktor")?).ok_or_else(|| Halt::error("the table names no actor"))?;
        let op = Op::by_words(cell(&row, "tindakan")?).ok_or_else(|| Halt::error("the table names no act"))?;
        let mut complaint = w.complaint(label)?.clone();
        let mut case = Case {
            key: format!("{label}/{op}@{actor}"),
            kind: Kind::Permitted,
            ..Case::default()
        };
        if let Some(claim) = left_out(&caller, op, actor, &complaint) {
            case.left_out = Some(claim);
            w.memory::<Tried>().cases.push(case);
            continue;
        }
        let into = (op == Op::Merge).then(|| w.complaint(FIRST).map(|first| first.id.clone()));
        let step = Step {
            op,
            actor,
            kind: Kind::Permitted,
            into: into.transpose()?,
        };
        match attempt(&caller, &step, &mut complaint, w.memory::<Tried>()).await {
            Ok((done, records)) => {
                case = done;
                w.memory::<Tried>().records.extend(records);
            }
            // What one step lacks says nothing of the others.
            Err(Halt::Inconclusive { reason, text }) => case.unmet = Some(Unmet { reason, text }),
            Err(Halt::NotApplicable(claim)) => case.left_out = Some(claim),
            Err(halt) => return Err(halt),
        }
        w.memory::<Tried>().cases.push(case);
        w.insert(label, complaint);
    }
    Ok(())
}

/// Why a permitted act is left out: it is not offered, its status is not reached, or a joined act has done it.
fn left_out(caller: &Caller, op: Op, actor: Actor, complaint: &Complaint) -> Option<String> {
    let (cx, rules) = (caller.cx(), Rules::of(caller.cx()));
    if !offered(cx, op, actor) {
        return Some(format!("{op}@{actor} tidak terikat"));
    }
    let reached = |status: &Status| {
        let chain = rules.chain(complaint.owner, *status, |op, actor| offered(cx, op, actor));
        chain.is_some()
    };
    let wanted = ready(op);
    if !wanted.is_empty() && !wanted.iter().any(reached) {
        return Some(format!("status untuk {op} tidak tercapai"));
    }
    let joined = rules
        .joined
        .iter()
        .any(|list| list.iter().skip(1).any(|later| *later == op));
    (joined && leads_to(op) == Some(complaint.status)).then(|| "langkah_gabungan".to_owned())
}

/// What is tried.
struct Step {
    op: Op,
    actor: Actor,
    kind: Kind,
    /// The complaint that a merge names.
    into: Option<String>,
}

/// The member that shows the effect of an act that moves no status.
const fn shown_in(op: Op) -> Option<&'static str> {
    Some(match op {
        Op::Note => "catatan",
        Op::Attach => "lampiran",
        Op::Rate => "penilaian",
        Op::Correct => "isi",
        Op::Erase => "pelapor",
        _ => return None,
    })
}

/// Makes a forbidden disposition name another unit than the one that the way to the status may have named, so that
/// taking it changes something. The unit that it names.
fn elsewhere(caller: &Caller, step: &Step, input: &mut Value) -> Option<String> {
    if (step.op, step.kind) != (Op::Dispose, Kind::Forbidden) {
        return None;
    }
    let members = input.as_object_mut()?;
    if let Some(other) = &caller.cx().statement().document().fixture.unit_petugas_lain {
        members.insert("unit_id".to_owned(), json!(other));
    }
    members.get("unit_id")?.as_str().map(str::to_owned)
}

/// Tries once, and reads before and after: until the answer is borne out, or `jeda_tampak` is over.
async fn attempt(
    caller: &Caller,
    step: &Step,
    complaint: &mut Complaint,
    tried: &mut Tried,
) -> Result<(Case, Vec<Arc<Record>>), Halt> {
    let Step { op, actor, kind, .. } = *step;
    let mut sending = sending(caller, op, complaint, step.into.as_deref()).await?;
    let unit = elsewhere(caller, step, &mut sending.input);
    let before = look(caller, complaint, op).await?;
    let answered = caller
        .call(op, actor, sending.input)
        .object(&*complaint.label)
        .part(Part::Probe)
        .send()
        .await?;
    let after = if answered.reading == Reading::Accepted {
        look_changed(caller, complaint, &before, sending.mark).await?
    } else {
        look_unchanged(caller, complaint, &before, sending.mark).await?
    };
    let lossy = &caller.cx().statement().document().ikatan.status.rugi;
    let status = before.status().unwrap_or(complaint.status);
    let to = leads_to(op);
    let blurred = |to: Status| to != status && lossy.contains(&status) && lossy.contains(&to);
    let case = Case {
        key: format!("{}/{op}@{actor}", complaint.label),
        probe: Some(answered.record.seq),
        reads: before.pairs(&after),
        marks: vec![sending.mark],
        kind,
        wished: to.filter(|_| kind == Kind::Forbidden).map(|to| to.id().to_owned()),
        unit,
        shown_in: shown_in(op).map(str::to_owned),
        blurred: kind != Kind::Absent && to.is_some_and(blurred),
        ..Case::default()
    };
    let same = after.status() == Some(complaint.status) && !before.differs(&after, sending.mark);
    if kind == Kind::Forbidden && same && complaint.owner == Actor::PelaporA {
        tried.unchanged.push(complaint.clone());
    }
    complaint.status = after.status().unwrap_or(complaint.status);
    let records = std::iter::once(answered.record)
        .chain(before.records())
        .chain(after.records())
        .collect();
    Ok((case, records))
}

async fn answers_fit(w: &mut World, _: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    let tried = std::mem::take(w.memory::<Tried>());
    let declared = tried.cases.iter().map(|case| case.key.clone()).collect();
    w.check(Ask {
        oracle: NAME,
        params: json!(Params { cases: tried.cases }),
        records: tried.records,
        declared,
        miss: None,
    })
    .await?;
    for complaint in tried.unchanged {
        note(&caller, &complaint, "returned");
        caller.cx().pool().give_back(complaint);
    }
    Ok(())
}

/// The complaint into which another is merged.
const FIRST: &str = "P1";
