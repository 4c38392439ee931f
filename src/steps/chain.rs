//! Sending complaints and taking them through acts, each confirmed by a second read. Shared by the steps; holds no
//! sentence and no verdict.

use serde_json::{Value, json};

use crate::domain::{Actor, Op, Phrase, Status};
use crate::evidence::record::{CanaryHit, Data, Fixture, Part, Reading};
use crate::phrase;
use crate::run::{BakuOptions, Caller, Complaint, Draft, Halt, Walk, WalkStop, baku};
use crate::target::Answered;
use crate::verdict::Reason;

use super::routes::{Move, Rules, offered};

/// Drafts the default complaint in the first category, or in the one that the options name.
pub(crate) async fn draft(caller: &Caller, owner: Actor, mut options: BakuOptions) -> Result<Draft, Halt> {
    if options.category.is_none() {
        options.category = categories(caller).await?.first().cloned();
    }
    Ok(baku(caller.cx(), owner, &options))
}

/// Drafts several default complaints.
pub(crate) async fn drafts(caller: &Caller, owners: impl IntoIterator<Item = Actor>) -> Result<Vec<Draft>, Halt> {
    let category = categories(caller).await?.first().cloned();
    let options = BakuOptions {
        category,
        ..BakuOptions::default()
    };
    Ok(owners
        .into_iter()
        .map(|owner| baku(caller.cx(), owner, &options))
        .collect())
}

/// The category ids of the first page: the statement's, else what the application lists; asked once a run.
pub(crate) async fn categories(caller: &Caller) -> Result<&[String], Halt> {
    let cx = caller.cx();
    let named = &cx.statement().document().fixture.kategori;
    let known = cx.categories().get_or_try_init(async || {
        if !named.is_empty() {
            return Ok(named.clone());
        }
        let actor = if cx.target().bound(Op::Categories, Actor::Publik) {
            Actor::Publik
        } else {
            Actor::PelaporA
        };
        let answered = caller
            .call(Op::Categories, actor, json!({}))
            .part(Part::Setup)
            .send()
            .await?;
        let ids: Vec<String> = items(&answered.mapped)
            .iter()
            .filter_map(|item| text(item, "id"))
            .collect();
        if ids.is_empty() {
            return Err(unmet(&phrase!("tidak ada kategori", "there is no category"), &answered));
        }
        Ok(ids)
    });
    known.await.map(Vec::as_slice)
}

/// Sends a draft. What the application answers is no fault here.
pub(crate) async fn send(caller: &Caller, label: &str, draft: &Draft) -> Result<Answered, Halt> {
    caller
        .call(Op::Submit, draft.owner, draft.input.clone())
        .object(label)
        .send()
        .await
}

/// The complaint of an acknowledged submission; its storing is not confirmed yet.
pub(crate) fn acknowledged(caller: &Caller, label: &str, draft: Draft, answered: &Answered) -> Result<Complaint, Halt> {
    let what = phrase!(
        "pengiriman {label} tidak diterima",
        "the submission of {label} was not accepted"
    );
    if answered.reading != Reading::Accepted {
        return Err(unmet(&what, answered));
    }
    let Some(id) = text(&answered.mapped, "id") else {
        let what = phrase!(
            "tanda terima {label} tidak memuat id",
            "the receipt of {label} holds no id"
        );
        return Err(unmet(&what, answered));
    };
    let flag = |name: &str| draft.input.get(name).and_then(Value::as_bool).unwrap_or(false);
    let complaint = Complaint {
        label: label.to_owned(),
        fixture: draft.fixture,
        owner: draft.owner,
        number: text(&answered.mapped, "nomor_pelacakan"),
        marker: draft.marker,
        receipt: Some(answered.record.clone()),
        status: status(answered).unwrap_or_else(|| Rules::of(caller.cx()).first()),
        anonymous: flag("anonim"),
        secret: flag("rahasia"),
        input: draft.input,
        id,
    };
    note(caller, &complaint, "fresh");
    Ok(complaint)
}

/// Writes a fixture record: a complaint of this run came to be, was leased or was given back.
pub(crate) fn note(caller: &Caller, complaint: &Complaint, origin: &str) {
    let fixture = Fixture {
        number: complaint.fixture,
        label: complaint.label.clone(),
        id: complaint.id.clone(),
        status: complaint.status.id().to_owned(),
        origin: origin.to_owned(),
    };
    caller
        .cx()
        .recorder()
        .write(caller.scope().clone(), Data::Fixture(fixture));
}

/// Sends a draft and confirms by a second read that it is stored under its own id.
pub(crate) async fn submit(caller: &Caller, label: &str, draft: Draft) -> Result<Complaint, Halt> {
    let answered = send(caller, label, &draft).await?;
    let complaint = acknowledged(caller, label, draft, &answered)?;
    confirm(caller, complaint).await
}

/// Confirms by a second read that a complaint is stored under its own id.
pub(crate) async fn confirm(caller: &Caller, mut complaint: Complaint) -> Result<Complaint, Halt> {
    let read = read_own(caller, complaint.owner, &complaint).await?;
    if !shows(&read, complaint.fixture) {
        let label = &complaint.label;
        let what = phrase!(
            "{label} tidak terbaca sesudah dikirim",
            "{label} cannot be read after it was sent"
        );
        return Err(unmet(&what, &read));
    }
    complaint.number = complaint.number.or_else(|| text(&read.mapped, "nomor_pelacakan"));
    complaint.status = status(&read).unwrap_or(complaint.status);
    Ok(complaint)
}

/// Reads a complaint until its own text shows, or `jeda_tampak` is over.
pub(crate) async fn read_own(caller: &Caller, actor: Actor, complaint: &Complaint) -> Result<Answered, Halt> {
    let fixture = complaint.fixture;
    caller
        .until(|| read(caller, actor, complaint), |answered| shows(answered, fixture))
        .await
}

/// A read of a complaint, as a second read.
pub(crate) fn read(caller: &Caller, actor: Actor, complaint: &Complaint) -> crate::run::CallBuilder {
    caller
        .call(Op::Read, actor, json!({"id": complaint.id}))
        .object(complaint.label.clone())
        .part(Part::SecondRead)
}

/// Tries an act; what the application answers is no fault here.
pub(crate) async fn act(caller: &Caller, op: Op, actor: Actor, complaint: &Complaint) -> Result<Answered, Halt> {
    let input = input(caller, op, complaint).await?;
    caller
        .call(op, actor, input)
        .object(complaint.label.clone())
        .send()
        .await
}

/// Does an act that must succeed, and confirms its effect by a second read.
pub(crate) async fn perform(caller: &Caller, step: Move, complaint: &mut Complaint) -> Result<(), Halt> {
    let answered = act(caller, step.op, step.actor, complaint).await?;
    let (label, op_id, op_en) = (&complaint.label, step.op.indonesian(), step.op.english());
    let (actor_id, actor_en) = (step.actor.indonesian(), step.actor.english());
    if answered.reading != Reading::Accepted {
        let what = phrase!(
            "{actor_id} tidak dapat {op_id} {label}",
            "{actor_en} could not {op_en} {label}"
        );
        return Err(unmet(&what, &answered));
    }
    let complaint_now = &*complaint;
    let wanted = step.to;
    let read = caller
        .until(
            || read(caller, observer(caller), complaint_now),
            |answered| status(answered) == Some(wanted),
        )
        .await?;
    if status(&read) != Some(wanted) {
        let what = phrase!(
            "{label} tidak berstatus {wanted} sesudah {actor_id} {op_id}",
            "{label} does not have the status {wanted} after {actor_en} {op_en}"
        );
        return Err(unmet(&what, &read));
    }
    complaint.status = wanted;
    Ok(())
}

/// Brings a new complaint to a status. A status that no chain of offered acts reaches makes the row not apply.
pub(crate) async fn bring_to(caller: &Caller, complaint: &mut Complaint, to: Status) -> Result<(), Halt> {
    let cx = caller.cx();
    let chain = Rules::of(cx)
        .chain(complaint.owner, to, |op, actor| offered(cx, op, actor))
        .ok_or_else(|| Halt::NotApplicable(format!("status {to} tidak tercapai dengan operasi yang terikat")))?;
    for step in chain {
        perform(caller, step, complaint).await?;
    }
    Ok(())
}

/// Who reads for second reads of a status: the administrator, else the reporter.
pub(crate) fn observer(caller: &Caller) -> Actor {
    if caller.cx().target().bound(Op::Read, Actor::Admin) {
        Actor::Admin
    } else {
        Actor::PelaporA
    }
}

/// What every reason of ours says.
pub(crate) const REASON: &str = "Alasan untuk pengujian laik.";

/// The canonical input of an act.
pub(crate) async fn input(caller: &Caller, op: Op, complaint: &Complaint) -> Result<Value, Halt> {
    let document = caller.cx().statement().document();
    let id = &complaint.id;
    let reason = json!({"teks": REASON});
    Ok(match op {
        Op::Verify => {
            let classification = complaint.input.get("klasifikasi");
            json!({"id": id, "klasifikasi": classification, "kategori_id": complaint.input.get("kategori_id")})
        }
        Op::RequestInfo => json!({"id": id, "isi": "Mohon lengkapi keterangan tempat kejadian.", "alasan": reason}),
        Op::Supplement => json!({"id": id, "isi": "Keterangan tempat kejadian sudah dilengkapi."}),
        Op::Dispose => json!({"id": id, "unit_id": unit(caller).await?, "alasan": reason}),
        Op::Forward => json!({"id": id, "instansi_id": document.fixture.instansi_lain, "alasan": reason}),
        Op::FollowUp => json!({"id": id, "isi": "Petugas sudah memeriksa lokasi dan menjadwalkan perbaikan."}),
        Op::Note => json!({"id": id, "isi": "Catatan kerja untuk petugas."}),
        Op::Reply => json!({"id": id, "isi": "Terima kasih, saya menunggu perbaikannya."}),
        Op::Rate => json!({"id": id, "nilai": 5}),
        Op::Close | Op::Archive | Op::Postpone | Op::Resume | Op::Reopen | Op::Withdraw => {
            json!({"id": id, "alasan": reason})
        }
        _ => json!({"id": id}),
    })
}

/// The unit of `petugas`: the statement's, else the first that the application lists.
pub(crate) async fn unit(caller: &Caller) -> Result<String, Halt> {
    if let Some(unit) = &caller.cx().statement().document().fixture.unit_petugas {
        return Ok(unit.clone());
    }
    let missing = || {
        let text = phrase!(
            "pernyataan tidak menyebut fixture.unit_petugas dan aplikasi tidak mendaftar unit",
            "the statement names no fixture.unit_petugas and the application lists no unit"
        );
        Halt::inconclusive(Reason::FixtureMissing, text)
    };
    if !caller.cx().target().bound(Op::Units, Actor::Admin) {
        return Err(missing());
    }
    let answered = caller
        .call(Op::Units, Actor::Admin, json!({}))
        .part(Part::Setup)
        .send()
        .await?;
    items(&answered.mapped)
        .iter()
        .find_map(|item| text(item, "id"))
        .ok_or_else(missing)
}

/// Walks a list again and again until it shows what is looked for, or `jeda_tampak` is over. Returns the last walk.
pub(crate) async fn walk_until(
    caller: &Caller,
    op: Op,
    actor: Actor,
    input: &Value,
    seen: impl Fn(&Walk) -> bool,
) -> Result<Walk, Halt> {
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    loop {
        let last = tokio::time::Instant::now() >= deadline;
        let walk = caller.walk(op, actor, input.clone(), WalkStop::Whole).await?;
        if seen(&walk) || last {
            return Ok(walk);
        }
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    }
}

/// The input of a list's first page, with the largest declared page.
pub(crate) fn first_page(caller: &Caller) -> Value {
    json!({"halaman": 1, "ukuran": caller.cx().statement().document().batas.halaman_ukuran_maks.unwrap_or(20)})
}

/// Whether an answer shows a planted text of a complaint in its body.
pub(crate) fn shows(answered: &Answered, fixture: u32) -> bool {
    let planted = |hit: &CanaryHit| hit.fixture == fixture && !hit.private && hit.place.starts_with("body");
    answered.reading == Reading::Accepted
        && answered
            .record
            .exchange()
            .is_some_and(|exchange| exchange.facts.canaries.iter().any(planted))
}

/// The status that an answer shows.
pub(crate) fn status(answered: &Answered) -> Option<Status> {
    (answered.reading == Reading::Accepted)
        .then(|| text(&answered.mapped, "status"))
        .flatten()
        .and_then(|id| Status::by_id(&id))
}

/// A canonical member as text.
pub(crate) fn text(mapped: &Value, field: &str) -> Option<String> {
    match mapped.get(field)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The entries of a mapped list.
pub(crate) fn items(mapped: &Value) -> &[Value] {
    mapped.get("butir").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether a list entry holds a marker.
pub(crate) fn holds(item: &Value, marker: &str) -> bool {
    let marker = marker.to_ascii_lowercase();
    let text = |field: &str| {
        item.get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    text("judul").contains(&marker) || text("isi").contains(&marker)
}

/// The halt of a precondition that an answer did not meet.
pub(crate) fn unmet(what: &Phrase, answered: &Answered) -> Halt {
    let status = answered
        .record
        .exchange()
        .and_then(crate::evidence::record::Exchange::status);
    let (reason, status) = match status {
        Some(401) => (Reason::AuthUnavailable, " (401)".to_owned()),
        Some(status) => (Reason::PreconditionUnmet, format!(" ({status})")),
        None => (Reason::PreconditionUnmet, String::new()),
    };
    let (id, en) = (answered.reading.indonesian(), answered.reading.english());
    let (what_id, what_en) = (&what.id, &what.en);
    Halt::inconclusive(reason, phrase!("{what_id}: {id}{status}", "{what_en}: {en}{status}"))
}
