//! Sentences about tiered disposition (PB-12): who sees a complaint before and after the administrator gives it to a
//! unit, and dispositions of the hub.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Capability, Op, Status};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::tiers::{CLOSED, GIVEN, Given, Look, Looks, OPEN, SAME};
use crate::phrase;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, Walk, World};
use crate::statement::Publication;
use crate::target::Answered;
use crate::verdict::Reason;

use super::args::Args;
use super::chain::{
    acknowledged, draft, first_page, holds, input, observer, read, read_own, shows, status, unmet, walk_until,
};
use super::routes::{can_try, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^hub mengirim disposisi <P>$"
        "the hub sends the disposition {1}" => hub_dispatches;
    ketika r"^<aktor> mencoba membuka <P> lewat daftar dan id$"
        "{1} tries to open {2} by list and id" => tries_to_open;
    ketika r"^admin mendisposisi <P> kepada unit kedua$"
        "the administrator disposes {1} to the second unit" => disposes_to_second;
    ketika r"^petugas mencoba mendisposisi <P> kepada unit (kedua|sendiri)$"
        "the officer tries to dispose {1} to the unit: {2} (the second, or the own)" => officer_disposes;
    maka r"^percobaan itu tidak membuka <P>$"
        "the attempt does not open {1}" => stays_closed;
    maka r"^<aktor> menemukan <P> dalam daftar dan membacanya$"
        "{1} finds {2} in the list and reads it" => opens;
    maka r"^disposisi <P> tercatat untuk unit petugas$"
        "the disposition of {1} to the officer's unit is recorded" => is_recorded;
    maka r"^disposisi <P> tidak berubah$"
        "the dispositions of {1} have not changed" => is_unchanged;
];

/// What was tried.
#[derive(Default)]
struct Tried {
    looks: Vec<(String, Look)>,
    disposed: Option<(Answered, Answered)>,
    records: Vec<Arc<Record>>,
}

async fn hub_dispatches(w: &mut World, a: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    if !offered(caller.cx(), Op::HubDispatch, Actor::Hub) {
        return Err(Halt::NotApplicable("hub_masuk".to_owned()));
    }
    for label in a.objects(1)? {
        let complaint = dispatch(&caller, &label).await?;
        w.insert(&label, complaint);
    }
    Ok(())
}

/// Delivers a new disposition of the hub, and confirms by the administrator's read that it is a complaint here.
pub(crate) async fn dispatch(caller: &Caller, label: &str) -> Result<Complaint, Halt> {
    let mut draft = draft(caller, Actor::Hub, BakuOptions::default()).await?;
    if let Some(members) = draft.input.as_object_mut() {
        members.remove("kanal");
        members.insert("id_sp4n".to_owned(), json!(format!("SP4N-{}", draft.marker)));
        members.insert("versi".to_owned(), json!(1));
    }
    let call = caller.call(Op::HubDispatch, Actor::Hub, draft.input.clone());
    let answered = call.object(label).send().await?;
    let mut complaint = acknowledged(caller, label, draft, &answered)?;
    let read = read_own(caller, observer(caller), &complaint).await?;
    if !shows(&read, complaint.fixture) {
        let what = phrase!(
            "{label} dari hub tidak terbaca oleh admin",
            "{label} from the hub cannot be read by the administrator"
        );
        return Err(unmet(&what, &read));
    }
    complaint.status = status(&read).unwrap_or(complaint.status);
    Ok(complaint)
}

/// The second unit: claimed and named, claimed and not named, or not claimed.
fn second_unit(caller: &Caller) -> Result<String, Halt> {
    if !caller.cx().claims().capabilities.contains(&Capability::MultiUnit) {
        return Err(Halt::NotApplicable("multi_unit".to_owned()));
    }
    let unit = caller.cx().statement().document().fixture.unit_petugas_lain.clone();
    unit.ok_or_else(|| {
        let text = phrase!(
            "fixture.unit_petugas_lain tidak dinyatakan",
            "fixture.unit_petugas_lain is not stated"
        );
        Halt::inconclusive(Reason::FixtureMissing, text)
    })
}

/// Whether the public may read the public part in a status.
fn published(caller: &Caller, complaint: &Complaint) -> bool {
    let verified = !matches!(complaint.status, Status::MenungguVerifikasi | Status::PerluKelengkapan);
    !complaint.secret
        && match caller.cx().statement().document().nilai.terbit_setelah {
            Publication::Kirim => true,
            Publication::Verifikasi => verified,
            Publication::Disposisi => verified && complaint.status != Status::Terverifikasi,
            Publication::Tidak => false,
        }
}

/// The declared rule by which officers handle what is verified and was given to nobody.
fn direct(caller: &Caller, actor: Actor, complaint: &Complaint) -> Option<String> {
    let declared = caller.cx().statement().document().nilai.penanganan_langsung;
    let open = declared && actor == Actor::Petugas && complaint.status == Status::Terverifikasi;
    open.then(|| "nilai.penanganan_langsung".to_owned())
}

/// Looks at a complaint by list and id; until it is there where `wanted`, else once.
async fn look(
    caller: &Caller,
    actor: Actor,
    complaint: &Complaint,
    wanted: bool,
) -> Result<(Look, Vec<Arc<Record>>), Halt> {
    let caller = &caller.part(if wanted { Part::SecondRead } else { Part::Probe });
    let mut look = Look {
        key: format!("{}@{actor}", complaint.label),
        fixture: complaint.fixture,
        marker: complaint.marker.clone(),
        published: published(caller, complaint),
        ..Look::default()
    };
    let mut records = Vec::new();
    if offered(caller.cx(), Op::List, actor) {
        let found = |walk: &Walk| !wanted || walk.items.iter().any(|item| holds(item, &complaint.marker));
        let walk = walk_until(caller, Op::List, actor, &first_page(caller), found).await?;
        look.pages = walk.pages.iter().map(|page| page.record.seq).collect();
        look.complete = walk.complete;
        records.extend(walk.pages.into_iter().map(|page| page.record));
    }
    if can_try(caller.cx(), Op::Read, actor) {
        let read = if wanted {
            read_own(caller, actor, complaint).await?
        } else {
            read(caller, actor, complaint).part(Part::Probe).send().await?
        };
        look.read = Some(read.record.seq);
        records.push(read.record);
    }
    Ok((look, records))
}

async fn tries_to_open(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actors, label, caller) = (a.actors(1)?, a.object(2)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    for actor in actors {
        if !caller.cx().statement().actors().contains(&actor) {
            return Err(Halt::NotApplicable(format!("aktor.{actor}")));
        }
        let (mut look, records) = look(&caller, actor, &complaint, false).await?;
        look.rule = direct(&caller, actor, &complaint);
        let tried = w.memory::<Tried>();
        tried.looks.push((label.clone(), look));
        tried.records.extend(records);
    }
    Ok(())
}

async fn disposes_to_second(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let unit = second_unit(&caller)?;
    let complaint = w.complaint_mut(&label)?;
    let answered = to_unit(&caller, Actor::Admin, complaint, &unit).await?;
    let given = |answered: &Answered| {
        let last = answered
            .mapped
            .get("disposisi")
            .and_then(Value::as_array)
            .and_then(|list| list.last());
        status(answered) == Some(Status::Terdisposisi)
            && last.is_none_or(|last| last.get("unit_id") == Some(&json!(unit)))
    };
    if answered.reading == Reading::Accepted {
        let now = caller
            .until(|| read(&caller, observer(&caller), complaint), given)
            .await?;
        if given(&now) {
            complaint.status = Status::Terdisposisi;
            return Ok(());
        }
    }
    let what = phrase!(
        "admin tidak dapat mendisposisi {label} kepada unit kedua",
        "the administrator could not dispose {label} to the second unit"
    );
    Err(unmet(&what, &answered))
}

async fn to_unit(caller: &Caller, actor: Actor, complaint: &Complaint, unit: &str) -> Result<Answered, Halt> {
    let mut sent: Map<String, Value> = input(caller, Op::Dispose, complaint)
        .await?
        .as_object()
        .cloned()
        .unwrap_or_default();
    sent.insert("unit_id".to_owned(), json!(unit));
    let call = caller.call(Op::Dispose, actor, Value::Object(sent));
    call.object(complaint.label.clone()).send().await
}

async fn officer_disposes(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, second, caller) = (a.object(1)?, a.text(2)? == "kedua", w.caller()?);
    let rights = &caller.cx().statement().document().kebijakan.hak_tambahan;
    if rights.iter().any(|right| right == "petugas dispose") {
        return Err(Halt::NotApplicable(
            "kebijakan.hak_tambahan: petugas dispose".to_owned(),
        ));
    }
    if !can_try(caller.cx(), Op::Dispose, Actor::Petugas) {
        return Err(Halt::NotApplicable(format!("{}@petugas", Op::Dispose)));
    }
    let complaint = w.complaint(&label)?.clone();
    let unit = if second {
        second_unit(&caller)?
    } else {
        own_unit(&caller, &complaint).await?
    };
    let before = read(&caller, observer(&caller), &complaint).send().await?;
    let answered = to_unit(&caller, Actor::Petugas, &complaint, &unit).await?;
    w.memory::<Tried>().disposed = Some((before, answered));
    Ok(())
}

/// The unit of the officer.
async fn own_unit(caller: &Caller, complaint: &Complaint) -> Result<String, Halt> {
    let sent = input(caller, Op::Dispose, complaint).await?;
    let unit = sent.get("unit_id").and_then(Value::as_str).map(str::to_owned);
    unit.ok_or_else(|| Halt::error("a disposition without a unit"))
}

fn legs(keys: impl IntoIterator<Item = String>) -> Vec<String> {
    keys.into_iter()
        .flat_map(|key| [format!("{key}/list"), format!("{key}/read")])
        .collect()
}

async fn stays_closed(w: &mut World, a: Args) -> Result<(), Halt> {
    let label = a.object(1)?;
    let tried = w.memory::<Tried>();
    let looks: Vec<Look> = tried
        .looks
        .iter()
        .filter(|(object, _)| *object == label)
        .map(|(_, look)| look.clone())
        .collect();
    let records = tried.records.clone();
    let declared = legs(looks.iter().map(|look| look.key.clone()));
    w.declare(&declared)?;
    let params = json!(Looks { looks });
    w.check(Ask {
        oracle: CLOSED,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn opens(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actors, label, caller) = (a.actors(1)?, a.object(2)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let declared = legs(actors.iter().map(|actor| format!("{label}@{actor}")));
    w.declare(&declared)?;
    let (mut looks, mut records) = (Vec::new(), Vec::new());
    for actor in actors {
        let (one, seen) = look(&caller, actor, &complaint, true).await?;
        looks.push(one);
        records.extend(seen);
    }
    let params = json!(Looks { looks });
    w.check(Ask {
        oracle: OPEN,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn is_recorded(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let declared = vec![format!("{label}/status"), format!("{label}/disposisi")];
    w.declare(&declared)?;
    let unit = own_unit(&caller, &complaint).await?;
    let make = || read(&caller, observer(&caller), &complaint);
    let now = caller
        .until(make, |answered| status(answered) == Some(Status::Terdisposisi))
        .await?;
    let params = json!(Given {
        label,
        unit,
        read: now.record.seq,
        ..Given::default()
    });
    w.check(Ask {
        oracle: GIVEN,
        params,
        records: vec![now.record],
        declared,
        miss: None,
    })
    .await
}

async fn is_unchanged(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let declared = vec![format!("{label}/disposisi")];
    w.declare(&declared)?;
    let tried = w.memory::<Tried>().disposed.clone();
    let (before, probe) = tried.ok_or_else(|| Halt::error("no disposition was tried"))?;
    let same = |now: &Answered| {
        status(now) == status(&before) && now.mapped.get("disposisi") == before.mapped.get("disposisi")
    };
    let now = caller
        .until(|| read(&caller, observer(&caller), &complaint), same)
        .await?;
    let unit = own_unit(&caller, &complaint).await?;
    let params = json!(Given {
        label,
        unit,
        before: Some(before.record.seq),
        probe: Some(probe.record.seq),
        read: now.record.seq,
    });
    let records = vec![before.record, probe.record, now.record];
    w.check(Ask {
        oracle: SAME,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}
