//! Sentences about code values that nobody knows (DT-03), each sent between requests with known ones.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::honesty::Unmet;
use crate::oracle::unknown_codes::{Case, Lawful, NOT_STORED, Params, REFUSED, leg_key};
use crate::run::{Ask, BakuOptions, Caller, Complaint, Draft, Halt, World};
use crate::target::{Answered, CallFault};

use super::args::{Args, cell};
use super::attempt::{look, look_changed, look_unchanged, ready_complaint};
use super::chain::{acknowledged, draft, holds, input, observer, read_own};
use super::recent::look_until;
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^kode yang tidak dikenal dikirim di antara kiriman dengan kode yang dikenal:$"
        "unknown codes are sent between requests with known ones:" => send_each;
    maka r"^setiap kode yang tidak dikenal ditolak$"
        "every unknown code is refused" => all_refused;
    maka r"^tidak satu pun kode yang tidak dikenal tersimpan$"
        "no unknown code is stored" => none_stored;
];

/// What was sent.
#[derive(Default)]
struct Sent {
    cases: Vec<Case>,
    records: Vec<Arc<Record>>,
    /// Marker of the last submission with known codes: once the list shows it, it shows whatever came before.
    last: Option<String>,
    /// Controls of the operations that make complaints, by operation.
    controls: Vec<(Op, u64)>,
}

impl Sent {
    fn keep(&mut self, answered: &Answered) -> u64 {
        self.records.push(Arc::clone(&answered.record));
        answered.record.seq
    }
}

async fn send_each(w: &mut World, a: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    let mut sent = Sent::default();
    for row in a.table()? {
        let actor = Actor::by_words(cell(&row, "aktor")?).ok_or_else(|| Halt::error("the table names no actor"))?;
        let op = Op::by_words(cell(&row, "tindakan")?).ok_or_else(|| Halt::error("the table names no act"))?;
        let (field, value) = (cell(&row, "isian")?, cell(&row, "nilai")?);
        let mut case = Case {
            key: format!("{op}/{field}={value}"),
            field: field.to_owned(),
            sent: value.to_owned(),
            lawful: match (op, field) {
                (_, "kanal") => Lawful::SetByServer,
                (Op::HubDispatch, _) => Lawful::LeftOpen,
                _ => Lawful::Nothing,
            },
            ..Case::default()
        };
        let tried = if matches!(op, Op::Submit | Op::HubDispatch) {
            Box::pin(make(&caller, op, actor, &mut case, &mut sent)).await
        } else {
            Box::pin(act(&caller, op, actor, &mut case, &mut sent)).await
        };
        match tried {
            Ok(()) => {}
            // What one row lacks says nothing of the others.
            Err(Halt::Inconclusive { reason, text }) => case.unmet = Some(Unmet { reason, text }),
            Err(Halt::NotApplicable(claim)) => case.left_out = Some(claim),
            Err(halt) => return Err(halt),
        }
        sent.cases.push(case);
    }
    look_for_all(&caller, &mut sent).await?;
    *w.memory::<Sent>() = sent;
    Ok(())
}

/// The row does not apply where the operation is not offered or its member is not sent.
fn carried(caller: &Caller, op: Op, actor: Actor, input: &Value, field: &str) -> Result<(), Halt> {
    let binding = caller.cx().statement().binding();
    if !offered(caller.cx(), op, actor) {
        return Err(Halt::NotApplicable(format!("{op}@{actor} tidak terikat")));
    }
    if binding.carries(op, actor, input, field) == Some(false) {
        return Err(Halt::NotApplicable(format!("{field} pada {op} tidak terikat")));
    }
    Ok(())
}

/// The input with another value in a member.
fn with(input: &Value, field: &str, value: &str) -> Value {
    let mut input = input.clone();
    if let Some(members) = input.as_object_mut() {
        members.insert(field.to_owned(), json!(value));
    }
    input
}

/// Sends the unknown value. A binding that cannot carry it makes the row not apply: nothing has left.
async fn probe(caller: &Caller, op: Op, actor: Actor, case: &Case, input: Value) -> Result<Answered, Halt> {
    let call = caller.call(op, actor, input).class(case.key.clone()).part(Part::Probe);
    match call.attempt().await {
        Err(CallFault::Statement { .. }) => {
            let field = &case.field;
            Err(Halt::NotApplicable(format!(
                "ikatan {op} tidak membawa {field} yang tidak dikenal"
            )))
        }
        answered => answered.map_err(Halt::from),
    }
}

/// An operation that makes a complaint: with known codes, then with the unknown one under a marker of its own.
async fn make(caller: &Caller, op: Op, actor: Actor, case: &mut Case, sent: &mut Sent) -> Result<(), Halt> {
    let good = good(caller, op, actor).await?;
    carried(
        caller,
        op,
        actor,
        &with(&good.input, &case.field, &case.sent),
        &case.field,
    )?;
    if !sent.controls.iter().any(|(known, _)| *known == op) {
        let seq = control(caller, op, good, sent).await?;
        sent.controls.push((op, seq));
    }
    let before = sent
        .controls
        .iter()
        .find(|(known, _)| *known == op)
        .map(|(_, seq)| *seq);
    case.controls.extend(before);
    let mut bad = self::good(caller, op, actor).await?;
    bad.input = with(&bad.input, &case.field, &case.sent);
    (case.fixture, case.marker) = (bad.fixture, bad.marker.clone());
    let answered = probe(caller, op, actor, case, bad.input.clone()).await?;
    case.probe = Some(sent.keep(&answered));
    if answered.reading == Reading::Accepted
        && let Ok(complaint) = acknowledged(caller, "", bad, &answered)
    {
        let read = read_own(caller, reader(caller, &complaint), &complaint).await?;
        case.shown = Some(sent.keep(&read));
    }
    Ok(())
}

/// The administrator, else the owner.
fn reader(caller: &Caller, complaint: &Complaint) -> Actor {
    match observer(caller) {
        Actor::Admin => Actor::Admin,
        _ => complaint.owner,
    }
}

async fn good(caller: &Caller, op: Op, actor: Actor) -> Result<Draft, Halt> {
    let mut draft = draft(caller, actor, BakuOptions::default()).await?;
    if let (Op::HubDispatch, Some(members)) = (op, draft.input.as_object_mut()) {
        members.remove("kanal");
        members.insert("id_sp4n".to_owned(), json!(format!("K-{}", draft.marker)));
        members.insert("versi".to_owned(), json!(1));
    }
    Ok(draft)
}

/// Sends known codes; what the application answers is the oracle's to say.
async fn control(caller: &Caller, op: Op, draft: Draft, sent: &mut Sent) -> Result<u64, Halt> {
    let call = caller.call(op, draft.owner, draft.input).part(Part::ControlBefore);
    let answered = call.send().await?;
    if answered.reading == Reading::Accepted {
        sent.last = Some(draft.marker);
    }
    Ok(sent.keep(&answered))
}

/// An act on a complaint in a fitting status: with the unknown code, then with a known one.
async fn act(caller: &Caller, op: Op, actor: Actor, case: &mut Case, sent: &mut Sent) -> Result<(), Halt> {
    if !offered(caller.cx(), op, actor) {
        return Err(Halt::NotApplicable(format!("{op}@{actor} tidak terikat")));
    }
    let complaint = ready_complaint(caller, "P1", Actor::PelaporA, op, BakuOptions::default()).await?;
    let good = input(caller, op, &complaint).await?;
    let bad = with(&good, &case.field, &case.sent);
    carried(caller, op, actor, &bad, &case.field)?;
    let mark = caller.cx().next_fixture();
    let before = look(caller, &complaint, Op::Read).await?;
    let answered = probe(caller, op, actor, case, bad).await?;
    case.probe = Some(sent.keep(&answered));
    let after = look_unchanged(caller, &complaint, &before, mark).await?;
    case.reads = before.record_pairs(&after);
    sent.records.extend(before.records().chain(after.records()));
    let call = caller.call(op, actor, good).part(Part::ControlAfter);
    let known = call.send().await?;
    case.controls.push(sent.keep(&known));
    if known.reading == Reading::Accepted {
        let seen = look_changed(caller, &complaint, &after, mark).await?;
        sent.records.extend(seen.records());
    }
    Ok(())
}

/// Walks the list once, after a last submission with known codes: what shows that one shows whatever came before.
async fn look_for_all(caller: &Caller, sent: &mut Sent) -> Result<(), Halt> {
    let reader = [Actor::Admin, Actor::PelaporA]
        .into_iter()
        .find(|actor| offered(caller.cx(), Op::List, *actor));
    let made = |case: &&mut Case| case.reads.is_empty() && case.probe.is_some();
    let (Some(reader), true) = (reader, sent.cases.iter_mut().any(|case| made(&case))) else {
        return Ok(());
    };
    if offered(caller.cx(), Op::Submit, Actor::PelaporA) {
        let last = good(caller, Op::Submit, Actor::PelaporA).await?;
        control(&caller.part(Part::ControlAfter), Op::Submit, last, sent).await?;
    }
    let Some(marker) = sent.last.clone() else { return Ok(()) };
    let there = |walk: &crate::run::Walk| walk.items.iter().any(|item| holds(item, &marker));
    let walk = look_until(&caller.part(Part::SecondRead), reader, there).await?;
    let looked = walk.complete && there(&walk);
    let looks: Vec<u64> = walk.pages.iter().map(|page| page.record.seq).collect();
    sent.records.extend(Caller::records(&walk));
    for case in sent.cases.iter_mut().filter(made) {
        (case.looks, case.looked) = (looks.clone(), looked);
    }
    Ok(())
}

async fn all_refused(w: &mut World, _: Args) -> Result<(), Halt> {
    judge(w, REFUSED).await
}

async fn none_stored(w: &mut World, _: Args) -> Result<(), Halt> {
    judge(w, NOT_STORED).await
}

async fn judge(w: &mut World, oracle: &'static str) -> Result<(), Halt> {
    let sent = w.memory::<Sent>();
    let declared = sent.cases.iter().map(|case| leg_key(case, oracle)).collect();
    let (params, records) = (
        json!(Params {
            cases: sent.cases.clone()
        }),
        sent.records.clone(),
    );
    w.check(Ask {
        oracle,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}
