//! Acts that are tried with and without the right, and what is read around them (keamanan.md §0.2). Shared by the
//! sentences of access control; holds no sentence and no verdict.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::effect::{Attempt, Pair, face, shows_any};
use crate::phrase;
use crate::run::{BakuOptions, CallBuilder, Caller, Complaint, Halt};
use crate::target::Answered;
use crate::verdict::Reason;

use super::chain::{bring_to, draft, input, observer, status, submit};
use super::routes::{Rules, offered};

/// The statuses in which an act is allowed, the nearest first; empty where the status does not matter.
pub(crate) const fn ready(op: Op) -> &'static [Status] {
    use Status as S;
    match op {
        Op::Verify | Op::RequestInfo => &[S::MenungguVerifikasi],
        Op::Archive | Op::Merge | Op::Withdraw | Op::Correct | Op::Forward => {
            &[S::MenungguVerifikasi, S::Terverifikasi]
        }
        Op::Supplement => &[S::PerluKelengkapan],
        Op::Dispose => &[S::Terverifikasi],
        Op::Postpone => &[S::Terdisposisi],
        Op::FollowUp => &[S::Terdisposisi, S::Diproses],
        Op::Note => &[S::Terdisposisi, S::Terverifikasi, S::Diproses],
        Op::Resume => &[S::Ditunda],
        Op::Reply => &[S::Diproses],
        Op::Close => &[S::Diproses, S::DitanggapiPelapor],
        Op::Reopen | Op::Rate => &[S::Selesai],
        Op::Erase => &[S::Dicabut, S::Selesai],
        _ => &[],
    }
}

/// A new complaint of an owner in a status that allows the act. A status that no chain of offered acts reaches makes
/// the row not apply.
pub(crate) async fn ready_complaint(
    caller: &Caller,
    label: &str,
    owner: Actor,
    op: Op,
    options: BakuOptions,
) -> Result<Complaint, Halt> {
    let draft = draft(caller, owner, options).await?;
    let mut complaint = submit(caller, label, draft).await?;
    make_ready(caller, &mut complaint, op).await?;
    Ok(complaint)
}

/// Brings a complaint that was just sent to a status that allows the act.
pub(crate) async fn make_ready(caller: &Caller, complaint: &mut Complaint, op: Op) -> Result<(), Halt> {
    let wanted = ready(op);
    if wanted.is_empty() {
        return Ok(());
    }
    let cx = caller.cx();
    let reached = |status: &Status| {
        Rules::of(cx)
            .chain(complaint.owner, *status, |op, actor| offered(cx, op, actor))
            .is_some()
    };
    let nearest = wanted.iter().copied().find(reached);
    let nearest = nearest.ok_or_else(|| Halt::NotApplicable(format!("status untuk {op} tidak tercapai")))?;
    if nearest == complaint.status {
        return Ok(());
    }
    bring_to(caller, complaint, nearest).await
}

/// Whether an act is a reporter's on the own complaint.
pub(crate) const fn is_reporters(op: Op) -> bool {
    matches!(
        op,
        Op::Supplement | Op::Reply | Op::Reopen | Op::Withdraw | Op::Rate | Op::Attach | Op::Correct | Op::Erase
    )
}

/// Who is entitled to an operation on a complaint of an owner; the first that the statement offers it to.
pub(crate) fn entitled(caller: &Caller, op: Op, owner: Actor) -> Option<Actor> {
    use Actor as A;
    let order = match op {
        Op::FollowUp => [A::Petugas, A::Admin, A::PetugasLain, A::Pengawas],
        Op::ExportPersonal | Op::Submit | Op::Read | Op::History | Op::Download => {
            [owner, A::Admin, A::Petugas, A::Pengawas]
        }
        _ if is_reporters(op) => [owner, A::Admin, A::Petugas, A::Pengawas],
        _ => [A::Admin, A::Petugas, A::Pengawas, owner],
    };
    order.into_iter().find(|actor| offered(caller.cx(), op, *actor))
}

/// What the act sends: all that an entitled actor would send, with a planted text where it takes one.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    /// The canonical input.
    pub(crate) input: Value,
    /// The fixture number of the planted text.
    pub(crate) mark: u32,
}

/// A valid input of an act. `into`: the complaint that a merge names.
pub(crate) async fn sending(
    caller: &Caller,
    op: Op,
    complaint: &Complaint,
    into: Option<&str>,
) -> Result<Sending, Halt> {
    let mark = caller.cx().next_fixture();
    let planted = caller.cx().canaries().plant(mark, "percobaan", false);
    let mut input = input(caller, op, complaint).await?;
    let sent = complaint.input.get("isi").and_then(Value::as_str).unwrap_or_default();
    if let Some(members) = input.as_object_mut() {
        for field in ["isi", "alasan"] {
            let text = match members.get_mut(field) {
                Some(Value::Object(reason)) => reason.get_mut("teks"),
                other => other,
            };
            if let Some(Value::String(text)) = text {
                text.push_str(" Rujukan ");
                text.push_str(&planted);
            }
        }
        match op {
            Op::Correct => {
                members.insert("isi".to_owned(), json!(format!("{sent} Diperbaiki, rujukan {planted}")));
            }
            Op::Attach => {
                members.insert("berkas".to_owned(), file(&planted));
            }
            Op::Merge => {
                members.insert("digabung_ke".to_owned(), json!(into));
            }
            _ => {}
        }
    }
    Ok(Sending { input, mark })
}

/// A small text file whose name and bytes hold a planted text.
fn file(planted: &str) -> Value {
    use base64::Engine as _;
    let bytes = format!("Berkas pengujian laik: {planted}\n");
    json!({
        "nama": format!("berkas-{planted}.txt"),
        "jenis_media": "text/plain",
        "isi_base64": base64::engine::general_purpose::STANDARD.encode(bytes),
    })
}

/// By which operations entitled actors look at a complaint.
type Views = Vec<(Op, Actor)>;

/// What entitled actors see of a complaint at one moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight {
    views: Views,
    seen: Vec<Answered>,
}

impl Sight {
    /// The records, for a check's evidence.
    pub(crate) fn records(&self) -> impl Iterator<Item = Arc<Record>> {
        self.seen.iter().map(|answered| Arc::clone(&answered.record))
    }

    /// The numbers of the records.
    pub(crate) fn seqs(&self) -> Vec<u64> {
        self.seen.iter().map(|answered| answered.record.seq).collect()
    }

    /// The reads of this moment with those of a later one.
    pub(crate) fn pairs(&self, later: &Self) -> Vec<Pair> {
        let pair = |(before, after): (u64, u64)| Pair { before, after };
        self.seqs().into_iter().zip(later.seqs()).map(pair).collect()
    }

    /// The same, of the record alone.
    pub(crate) fn record_pairs(&self, later: &Self) -> Vec<Pair> {
        let pairs = self.views.iter().zip(self.pairs(later));
        pairs
            .filter(|((op, _), _)| *op == Op::Read)
            .map(|(_, pair)| pair)
            .collect()
    }

    /// Whether another moment shows something else, or a planted text.
    pub(crate) fn differs(&self, other: &Self, mark: u32) -> bool {
        let faces = |sight: &Self| -> Vec<Option<Value>> {
            let exchanges = sight.seen.iter().filter_map(|answered| answered.record.exchange());
            exchanges.map(face).collect()
        };
        faces(self) != faces(other) || other.marked(mark)
    }

    /// The status that is seen.
    pub(crate) fn status(&self) -> Option<Status> {
        self.seen.iter().find_map(status)
    }

    /// Whether a planted text is seen.
    fn marked(&self, mark: u32) -> bool {
        let mut exchanges = self.seen.iter().filter_map(|answered| answered.record.exchange());
        exchanges.any(|read| shows_any(read, &[mark]))
    }
}

/// Looks at a complaint as the administrator, and for an act of reporters as its owner, too: the record, and the
/// history where it is bound.
pub(crate) async fn look(caller: &Caller, complaint: &Complaint, op: Op) -> Result<Sight, Halt> {
    // Where the administrator cannot read, the owner does.
    let observer = Some(observer(caller)).filter(|actor| *actor == Actor::Admin);
    let observer = observer.unwrap_or(complaint.owner);
    let mut views = vec![(Op::Read, observer)];
    if is_reporters(op) && complaint.owner != observer {
        views.push((Op::Read, complaint.owner));
    }
    if offered(caller.cx(), Op::History, observer) {
        views.push((Op::History, observer));
    }
    look_by(caller, complaint, views).await
}

async fn look_by(caller: &Caller, complaint: &Complaint, views: Views) -> Result<Sight, Halt> {
    let mut seen = Vec::new();
    for (op, actor) in &views {
        let call = caller.call(*op, *actor, json!({"id": complaint.id}));
        seen.push(call.object(&*complaint.label).part(Part::SecondRead).send().await?);
    }
    Ok(Sight { views, seen })
}

/// Looks until the complaint shows again what it showed before, or what was sent is found, or `jeda_tampak` is over.
pub(crate) async fn look_unchanged(
    caller: &Caller,
    complaint: &Complaint,
    before: &Sight,
    mark: u32,
) -> Result<Sight, Halt> {
    let told = |sight: &Sight| !before.differs(sight, mark) || sight.marked(mark);
    look_until(caller, complaint, before, told).await
}

/// Looks until the complaint shows something else than before, or `jeda_tampak` is over.
pub(crate) async fn look_changed(
    caller: &Caller,
    complaint: &Complaint,
    before: &Sight,
    mark: u32,
) -> Result<Sight, Halt> {
    look_until(caller, complaint, before, |sight| before.differs(sight, mark)).await
}

async fn look_until(
    caller: &Caller,
    complaint: &Complaint,
    before: &Sight,
    seen: impl Fn(&Sight) -> bool,
) -> Result<Sight, Halt> {
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    loop {
        let last = tokio::time::Instant::now() >= deadline;
        let sight = look_by(caller, complaint, before.views.clone()).await?;
        if seen(&sight) || last {
            return Ok(sight);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Sends once, and once more after a pause where the answer proves nothing (keamanan.md §0.2, rule 2).
pub(crate) async fn send_twice(make: impl Fn() -> CallBuilder) -> Result<Vec<Answered>, Halt> {
    let mut answers = vec![make().send().await?];
    if answers.first().is_some_and(|answered| proves_nothing(answered.reading)) {
        tokio::time::sleep(PAUSE).await;
        answers.push(make().send().await?);
    }
    Ok(answers)
}

const fn proves_nothing(reading: Reading) -> bool {
    matches!(
        reading,
        Reading::Throttled | Reading::Fault | Reading::Redirect | Reading::NoAnswer | Reading::Unclear
    )
}

/// An act by the entitled actor with the reads around it.
pub(crate) struct Done {
    /// For the oracle.
    pub(crate) attempt: Attempt,
    /// Its evidence.
    pub(crate) records: Vec<Arc<Record>>,
    /// What was seen afterwards.
    pub(crate) after: Sight,
}

/// Does an act as an entitled actor, and looks until its effect shows. The complaint's known status follows.
pub(crate) async fn do_entitled(
    caller: &Caller,
    op: Op,
    actor: Actor,
    complaint: &mut Complaint,
    sending: &Sending,
    before: &Sight,
) -> Result<Done, Halt> {
    let answered = caller
        .call(op, actor, sending.input.clone())
        .object(&*complaint.label)
        .send()
        .await?;
    let after = if answered.reading == Reading::Accepted {
        look_changed(caller, complaint, before, sending.mark).await?
    } else {
        look_by(caller, complaint, before.views.clone()).await?
    };
    complaint.status = after.status().unwrap_or(complaint.status);
    let attempt = Attempt {
        key: format!("{op}@{actor}"),
        probes: vec![answered.record.seq],
        reads: before.pairs(&after),
        marks: vec![sending.mark],
        ..Attempt::default()
    };
    let records = std::iter::once(answered.record)
        .chain(before.records())
        .chain(after.records())
        .collect();
    Ok(Done {
        attempt,
        records,
        after,
    })
}

/// Halts where an actor that the check needs cannot be played: without a second identity nothing is reported clean.
pub(crate) fn need(caller: &Caller, actor: Actor) -> Result<(), Halt> {
    if caller.cx().target().declared(actor) {
        return Ok(());
    }
    let text = phrase!("aktor {actor} tidak dinyatakan", "the actor {actor} is not stated");
    Err(Halt::inconclusive(Reason::FixtureMissing, text))
}

const LOOK_AGAIN: Duration = Duration::from_millis(60);
const PAUSE: Duration = Duration::from_millis(300);
