//! Sentences about how little a complaint must hold (PB-01).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading};
use crate::run::{Ask, BakuOptions, Caller, Draft, Halt, World};
use crate::target::Answered;

use super::args::Args;
use super::chain::{acknowledged, draft, send, shows};
use super::closing::{Look, looks, records, values};
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> mencoba mengirim pengaduan <P> dengan isian seperlunya$"
        "{1} tries to submit complaint {2} with no more than needed" => tries_bare;
    maka r"^isian seperlunya cukup untuk <P>, yang terbaca oleh <aktor>$"
        "no more than needed is enough for {1}, which {2} read" => bare_is_enough;
];

/// What was tried for each complaint, in order.
#[derive(Default)]
struct Tries {
    by_label: BTreeMap<String, Vec<Try>>,
}

struct Try {
    form: &'static str,
    further: bool,
    fixture: u32,
    submit: Answered,
    looks: Vec<Look>,
}

/// What the norm lets an application ask for, the second only where it asks.
const NEEDFUL: &[&str] = &["seperlunya", "alamat dan permintaan penyelesaian"];

/// What it may not ask for, one by one and together.
const FURTHER: &[&str] = &["NIK", "koordinat", "instansi tujuan", "lampiran", "semuanya"];

async fn tries_bare(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, label, caller) = (a.actor(1)?, a.object(2)?, w.caller()?);
    if !offered(caller.cx(), Op::Submit, owner) {
        return Err(Halt::NotApplicable(format!("{}@{owner}", Op::Submit)));
    }
    let mut tries = Vec::new();
    for form in NEEDFUL.iter().chain(FURTHER) {
        let Some(draft) = drafted(&caller, owner, form).await? else {
            continue;
        };
        let fixture = draft.fixture;
        let submit = send(&caller, &label, &draft).await?;
        let mut seen = Vec::new();
        let complaint = acknowledged(&caller, &label, draft, &submit).ok();
        if let Some(complaint) = &complaint {
            let readers: Vec<Actor> = [owner, Actor::Admin]
                .into_iter()
                .filter(|reader| *reader != Actor::Publik)
                .collect();
            let own = |_: Actor, answered: &Answered| shows(answered, fixture);
            seen = looks(&caller.part(Part::SecondRead), &readers, complaint, own).await?;
        }
        let stored = seen
            .iter()
            .any(|look| look.answered.as_ref().is_some_and(|answered| shows(answered, fixture)));
        // An answer that is neither yes nor no would only be repeated.
        let settled = stored || !matches!(submit.reading, Reading::Accepted | Reading::Refused | Reading::Redirect);
        tries.push(Try {
            form,
            further: FURTHER.contains(form),
            fixture,
            submit,
            looks: seen,
        });
        if settled || (owner == Actor::Publik && tries.len() == NEEDFUL.len()) {
            break;
        }
    }
    w.memory::<Tries>().by_label.insert(label, tries);
    Ok(())
}

/// A complaint with no more than the form says; `None` where what it adds is not there to be sent.
async fn drafted(caller: &Caller, owner: Actor, form: &str) -> Result<Option<Draft>, Halt> {
    let all = form == "semuanya";
    let options = BakuOptions {
        attachment: all || form == "lampiran",
        ..BakuOptions::default()
    };
    let mut draft = draft(caller, owner, options).await?;
    let from = draft.input.clone();
    let mut input = Map::new();
    for field in [
        "klasifikasi",
        "judul",
        "isi",
        "kategori_id",
        "tanggal_kejadian",
        "lampiran",
    ] {
        copy(&from, &mut input, field);
    }
    let mut reporter = Map::new();
    let person = from.get("pelapor").cloned().unwrap_or_default();
    copy(&person, &mut reporter, "nama");
    let contact = if person.get("email").is_some() {
        "email"
    } else {
        "telepon"
    };
    copy(&person, &mut reporter, contact);
    let mut place = Map::new();
    let whole = from.get("lokasi").cloned().unwrap_or_default();
    copy(&whole, &mut place, "alamat");
    copy(&whole, &mut place, "kode_wilayah");
    if form != "seperlunya" {
        copy(&person, &mut reporter, "alamat");
        let wish = "Mohon lampu jalan itu diperbaiki.";
        input.insert("permintaan_penyelesaian".to_owned(), json!(wish));
    }
    let mut added =
        form == "seperlunya" || form == "alamat dan permintaan penyelesaian" || input.contains_key("lampiran");
    if all || form == "NIK" {
        added |= copy(&person, &mut reporter, "nik");
    }
    if all || form == "koordinat" {
        added |= copy(&whole, &mut place, "lintang") & copy(&whole, &mut place, "bujur");
    }
    if let (true, Some(own)) = (
        all || form == "instansi tujuan",
        &caller.cx().statement().document().fixture.instansi_sendiri,
    ) {
        input.insert("instansi_tujuan_id".to_owned(), json!(own));
        added = true;
    }
    input.insert("pelapor".to_owned(), Value::Object(reporter));
    input.insert("lokasi".to_owned(), Value::Object(place));
    draft.input = Value::Object(input);
    Ok(added.then_some(draft))
}

/// Copies a member, and tells whether there was one.
fn copy(from: &Value, to: &mut Map<String, Value>, field: &str) -> bool {
    let value = from.get(field).filter(|value| !value.is_null());
    if let Some(value) = value {
        to.insert(field.to_owned(), value.clone());
    }
    value.is_some()
}

async fn bare_is_enough(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, readers) = (a.object(1)?, a.actors(2)?);
    let read = readers.iter().map(|reader| format!("{label}/baca@{reader}"));
    let declared: Vec<String> = std::iter::once(format!("{label}/diterima")).chain(read).collect();
    w.declare(&declared)?;
    let tries = w.memory::<Tries>().by_label.remove(&label).unwrap_or_default();
    let one = |one: &Try| {
        json!({
            "form": one.form, "further": one.further, "fixture": one.fixture, "submit": one.submit.record.seq,
            "looks": values(&one.looks),
        })
    };
    let params = json!({"label": label, "readers": readers, "tries": tries.iter().map(one).collect::<Vec<_>>()});
    let submits = tries.iter().map(|one| std::sync::Arc::clone(&one.submit.record));
    let records = submits
        .chain(tries.iter().flat_map(|one| records(&one.looks)))
        .collect();
    w.check(Ask {
        oracle: "isian_cukup",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}
