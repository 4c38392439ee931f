//! KM-01: every protected operation is called by the entitled actor, without a credential, and by the entitled actor
//! again. Which operations there are is what the statement binds.

use std::sync::Arc;

use futures::future::try_join_all;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::effect::{Attempt, shows_any};
use crate::oracle::no_credential::{ASKED, Case, Cases, REFUSED, ReadRound, Round, WriteRound};
use crate::phrase;
use crate::run::{Ask, BakuOptions, CallBuilder, Caller, Complaint, Halt, World};
use crate::target::{Answered, Sent};
use crate::verdict::Reason;

use super::args::Args;
use super::attempt::{Sight, do_entitled, entitled, look, look_unchanged, ready, ready_complaint, send_twice, sending};
use super::chain::{draft, first_page, observer, read, submit, text};
use super::publication::public_at_once;
use super::routes::{claimed, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^setiap operasi terlindungi dipanggil oleh yang berhak, tanpa kredensial, lalu sekali lagi oleh yang berhak$"
        "every protected operation is called by the entitled actor, without a credential, and by the entitled actor again" => call_every;
    maka r"^setiap panggilan tanpa kredensial ditolak tanpa data dan tanpa akibat$"
        "every call without a credential is refused without data and without effect" => refused;
    maka r"^setiap penolakan itu menjawab 401 dan menyebut cara masuk$"
        "every one of these refusals is a 401 that says how to log in" => asked;
];

/// What was called.
#[derive(Default)]
struct Called {
    cases: Vec<Case>,
    records: Vec<Arc<Record>>,
}

/// Acts in an order in which one complaint can go through them all; what is not bound is left out.
const JOURNEYS: &[&[Op]] = &[
    &[
        Op::Correct,
        Op::Attach,
        Op::RequestInfo,
        Op::Supplement,
        Op::Verify,
        Op::Dispose,
        Op::Note,
        Op::FollowUp,
        Op::Reply,
        Op::Close,
        Op::Rate,
        Op::Reopen,
    ],
    &[Op::Withdraw, Op::Erase],
    &[Op::Archive],
    &[Op::Forward],
    &[Op::Merge],
    &[Op::Postpone, Op::Resume],
];

/// Reads of one complaint; open to nobody without a credential before it is published.
const OF_ONE: &[Op] = &[Op::Read, Op::History, Op::Download];

/// Reads of more than one.
const OF_MANY: &[Op] = &[
    Op::List,
    Op::Search,
    Op::ExportPersonal,
    Op::Export,
    Op::Statistics,
    Op::Units,
    Op::Categories,
    Op::Agencies,
    Op::Regions,
];

/// The owner of the complaints.
const OWNER: Actor = Actor::PelaporA;

/// Journeys at once.
const AT_ONCE: usize = 3;

/// A round with its evidence.
pub(super) type Tried = (Case, Vec<Arc<Record>>);

async fn call_every(w: &mut World, _a: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    // A few at a time: whatever an application does about floods is another requirement's matter.
    let journeys = stream::iter(JOURNEYS.iter().map(|ops| journey(&caller, ops)));
    let journeys = journeys.buffered(AT_ONCE).try_collect::<Vec<_>>();
    let (acts, looks, sent) = Box::pin(futures::future::try_join3(journeys, reads(&caller), submits(&caller))).await?;
    let all = acts.into_iter().flatten().chain(looks).chain(sent);
    let called = w.memory::<Called>();
    for (case, records) in all {
        called.cases.push(case);
        called.records.extend(records);
    }
    called.cases.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(())
}

async fn refused(w: &mut World, _a: Args) -> Result<(), Halt> {
    judge(w, REFUSED, "").await
}

async fn asked(w: &mut World, _a: Args) -> Result<(), Halt> {
    judge(w, ASKED, "/401").await
}

async fn judge(w: &mut World, oracle: &'static str, suffix: &str) -> Result<(), Halt> {
    let called = w.memory::<Called>();
    let declared = called
        .cases
        .iter()
        .map(|case| format!("{}{suffix}", case.key))
        .collect();
    let params = json!(Cases {
        cases: called.cases.clone(),
        refusals: Vec::new(),
    });
    let records = called.records.clone();
    w.check(Ask {
        oracle,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

/// A round that was not made: the case tells why. What stops the run goes on.
pub(super) fn not_made(op: Op, halt: Halt) -> Result<Tried, Halt> {
    let round = match halt {
        Halt::NotApplicable(claim) => Round::LeftOut(claim),
        Halt::Inconclusive { reason, text } => Round::Unmet { reason, text },
        Halt::Stopped | Halt::Error(_) => return Err(halt),
    };
    Ok((case(op, round), Vec::new()))
}

fn case(op: Op, round: Round) -> Case {
    Case {
        key: op.id().to_owned(),
        round,
    }
}

/// Whether an operation is to be called at all: bound and claimed.
fn mapped(caller: &Caller, op: Op) -> bool {
    claimed(caller.cx(), op) && caller.cx().target().routed(op)
}

/// The entitled actor, or why the operation is not protected.
fn protected(caller: &Caller, op: Op) -> Result<Actor, Halt> {
    if caller.cx().target().bound(op, Actor::Publik) {
        return Err(Halt::NotApplicable(format!("{op} terbuka bagi publik")));
    }
    entitled(caller, op, OWNER).ok_or_else(|| Halt::NotApplicable(format!("{op} tidak terikat bagi yang dinyatakan")))
}

/// One complaint and its twin on their way, with what was seen of each last.
#[derive(Default)]
pub(super) struct Pair {
    twin: Option<(Complaint, Sight)>,
    own: Option<(Complaint, Sight)>,
}

async fn journey(caller: &Caller, ops: &[Op]) -> Result<Vec<Tried>, Halt> {
    let (mut pair, mut tried) = (Pair::default(), Vec::new());
    for op in ops.iter().copied().filter(|op| mapped(caller, *op)) {
        let made = match Box::pin(act_round(caller, op, &mut pair, &Sent::None)).await {
            Ok(made) => made,
            Err(halt) => {
                // Where it stands is not known any more.
                pair = Pair::default();
                not_made(op, halt)?
            }
        };
        tried.push(made);
    }
    Ok(tried)
}

/// The complaint where it stands, if the act is allowed there; else a new one.
async fn standing(
    caller: &Caller,
    op: Op,
    label: &str,
    known: Option<(Complaint, Sight)>,
) -> Result<(Complaint, Sight), Halt> {
    if let Some((complaint, sight)) = known
        && (ready(op).is_empty() && !complaint.status.is_final() || ready(op).contains(&complaint.status))
    {
        return Ok((complaint, sight));
    }
    let complaint = ready_complaint(caller, label, OWNER, op, BakuOptions::default()).await?;
    let sight = look(caller, &complaint, Op::Correct).await?;
    Ok((complaint, sight))
}

/// One act by the entitled actor on the twin, with something else in place of the credential on the complaint itself,
/// and by the entitled actor there.
pub(super) async fn act_round(caller: &Caller, op: Op, pair: &mut Pair, instead: &Sent) -> Result<Tried, Halt> {
    let actor = protected(caller, op)?;
    let into = if op == Op::Merge {
        let draft = draft(caller, OWNER, BakuOptions::default()).await?;
        Some(submit(caller, "induk", draft).await?.id)
    } else {
        None
    };
    let (mut twin, before_twin) = Box::pin(standing(caller, op, "kembaran", pair.twin.take())).await?;
    let (mut own, before_own) = Box::pin(standing(caller, op, "sasaran", pair.own.take())).await?;
    let sent = sending(caller, op, &twin, into.as_deref()).await?;
    let before = do_entitled(caller, op, actor, &mut twin, &sent, &before_twin).await?;
    pair.twin = Some((twin, before.after));
    let tried = sending(caller, op, &own, into.as_deref()).await?;
    let answers = send_twice(|| with(caller, op, actor, tried.input.clone(), instead).object(&*own.label)).await?;
    let seen = look_unchanged(caller, &own, &before_own, tried.mark).await?;
    let sent = sending(caller, op, &own, into.as_deref()).await?;
    let after = do_entitled(caller, op, actor, &mut own, &sent, &seen).await?;
    let attempt = Attempt {
        key: op.id().to_owned(),
        probes: seqs(&answers),
        reads: before_own.pairs(&seen),
        marks: vec![tried.mark],
        later: after.after.seqs(),
        closed: vec![own.fixture],
        ..Attempt::default()
    };
    let mut records: Vec<_> = before.records.into_iter().chain(before_own.records()).collect();
    records.extend(answers.into_iter().map(|answered| answered.record));
    records.extend(after.records);
    pair.own = Some((own, after.after));
    let round = WriteRound {
        before: before.attempt,
        attempt,
        after: after.attempt,
    };
    Ok((case(op, Round::Write(Box::new(round))), records))
}

/// The very request of the entitled actor, with something else in place of the credential.
fn with(caller: &Caller, op: Op, actor: Actor, input: Value, instead: &Sent) -> CallBuilder {
    let call = caller.call(op, actor, input).sent(instead.clone());
    let class = if *instead == Sent::None {
        CLASS
    } else {
        "kredensial rusak"
    };
    call.part(Part::Probe).class(class)
}

fn seqs(answers: &[Answered]) -> Vec<u64> {
    answers.iter().map(|answered| answered.record.seq).collect()
}

/// Reads: of an unpublished complaint with a file, and of lists that are not open to the public.
async fn reads(caller: &Caller) -> Result<Vec<Tried>, Halt> {
    let all = OF_ONE.iter().chain(OF_MANY).copied();
    let ops: Vec<Op> = all.filter(|op| mapped(caller, *op)).collect();
    let options = BakuOptions {
        attachment: claimed(caller.cx(), Op::Download),
        ..BakuOptions::default()
    };
    let made = async {
        let draft = draft(caller, OWNER, options).await?;
        submit(caller, "sasaran", draft).await
    };
    let complaint = match made.await {
        Ok(complaint) => complaint,
        Err(halt) => return ops.into_iter().map(|op| not_made(op, halt.clone())).collect(),
    };
    let rounds = ops
        .into_iter()
        .map(async |op| match read_round(caller, op, &complaint, &Sent::None).await {
            Ok(made) => Ok(made),
            Err(halt) => not_made(op, halt),
        });
    try_join_all(rounds).await
}

/// One read by the entitled actor, with something else in place of the credential, and by the entitled actor again.
pub(super) async fn read_round(caller: &Caller, op: Op, complaint: &Complaint, instead: &Sent) -> Result<Tried, Halt> {
    let one = OF_ONE.contains(&op);
    let actor = if one {
        if public_at_once(caller.cx().statement()) {
            return Err(Halt::NotApplicable(
                "nilai.terbit_setelah: terbit sejak dikirim".to_owned(),
            ));
        }
        entitled(caller, op, OWNER).ok_or_else(|| Halt::NotApplicable(format!("{op} tidak terikat")))?
    } else {
        protected(caller, op)?
    };
    let input = match op {
        Op::Download => json!({"id": complaint.id, "lampiran_id": file_of(caller, complaint).await?}),
        Op::Search => json!({"q": complaint.marker, "halaman": 1, "ukuran": 20}),
        Op::List => first_page(caller),
        _ if one => json!({"id": complaint.id}),
        _ => json!({}),
    };
    let entitled = async || {
        let call = caller.call(op, actor, input.clone()).object(&*complaint.label);
        call.part(Part::ControlBefore).send().await
    };
    let before = entitled().await?;
    let answers = send_twice(|| with(caller, op, actor, input.clone(), instead).object(&*complaint.label)).await?;
    let after = entitled().await?;
    let shows = one || matches!(op, Op::List | Op::Search | Op::ExportPersonal | Op::Export);
    let round = ReadRound {
        fixture: shows.then_some(complaint.fixture),
        hidden: one && caller.cx().target().bound(op, Actor::Publik),
        before: before.record.seq,
        probes: seqs(&answers),
        after: after.record.seq,
    };
    let records = std::iter::once(before).chain(answers).chain([after]);
    let records = records.map(|answered| answered.record).collect();
    Ok((case(op, Round::Read(Box::new(round))), records))
}

/// The complaint's file, as its owner reads it.
async fn file_of(caller: &Caller, complaint: &Complaint) -> Result<String, Halt> {
    let answered = read(caller, complaint.owner, complaint).send().await?;
    let file = answered.mapped.pointer("/lampiran/0").and_then(|file| text(file, "id"));
    file.ok_or_else(|| Halt::NotApplicable("lampiran tidak tampak pada read".to_owned()))
}

/// Submissions: of the entitled actor, of nobody, of the entitled actor; the list tells which are stored.
async fn submits(caller: &Caller) -> Result<Option<Tried>, Halt> {
    if !mapped(caller, Op::Submit) {
        return Ok(None);
    }
    match submit_round(caller).await {
        Ok(made) => Ok(Some(made)),
        Err(halt) => not_made(Op::Submit, halt).map(Some),
    }
}

async fn submit_round(caller: &Caller) -> Result<Tried, Halt> {
    let actor = protected(caller, Op::Submit)?;
    if !offered(caller.cx(), Op::List, observer(caller)) {
        let text = phrase!(
            "tidak ada daftar yang memperlihatkan apa yang tersimpan",
            "no list shows what is stored"
        );
        return Err(Halt::inconclusive(Reason::OracleUnavailable, text));
    }
    let (first, tried, last) = (
        draft(caller, actor, BakuOptions::default()).await?,
        draft(caller, actor, BakuOptions::default()).await?,
        draft(caller, actor, BakuOptions::default()).await?,
    );
    let own = async |input: &Value| caller.call(Op::Submit, actor, input.clone()).send().await;
    let before = own(&first.input).await?;
    let stored = newest(caller, first.fixture).await?;
    let answers = send_twice(|| with(caller, Op::Submit, actor, tried.input.clone(), &Sent::None)).await?;
    let after = own(&last.input).await?;
    // When the later one shows, the earlier one would show, too.
    let now = newest(caller, last.fixture).await?;
    let round = WriteRound {
        before: submitted(&[&before], first.fixture, &stored),
        attempt: Attempt {
            probes: seqs(&answers),
            ..submitted(&[], tried.fixture, &now)
        },
        after: submitted(&[&after], last.fixture, &now),
    };
    let records = [before, after].into_iter().chain(answers).chain(stored).chain(now);
    let records = records.map(|answered| answered.record).collect();
    Ok((case(Op::Submit, Round::Write(Box::new(round))), records))
}

fn submitted(probes: &[&Answered], mark: u32, pages: &[Answered]) -> Attempt {
    Attempt {
        key: Op::Submit.id().to_owned(),
        probes: probes.iter().map(|answered| answered.record.seq).collect(),
        marks: vec![mark],
        later: seqs(pages),
        ..Attempt::default()
    }
}

/// The list's newest entries, until one complaint shows or `jeda_tampak` is over: the first page where the statement
/// says that it begins with the newest, else all.
async fn newest(caller: &Caller, fixture: u32) -> Result<Vec<Answered>, Halt> {
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    let first = caller.cx().statement().document().nilai.urutan_terbaru_dulu;
    loop {
        let over = tokio::time::Instant::now() >= deadline;
        let pages = if first {
            let call = caller.call(Op::List, observer(caller), first_page(caller));
            vec![call.part(Part::SecondRead).send().await?]
        } else {
            let caller = caller.part(Part::SecondRead);
            let whole = crate::run::WalkStop::Whole;
            caller
                .walk(Op::List, observer(&caller), first_page(&caller), whole)
                .await?
                .pages
        };
        let there = |answered: &Answered| {
            let exchange = answered.record.exchange();
            answered.reading == Reading::Accepted && exchange.is_some_and(|page| shows_any(page, &[fixture]))
        };
        if over || pages.iter().any(there) {
            return Ok(pages);
        }
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    }
}

const CLASS: &str = "tanpa kredensial";
