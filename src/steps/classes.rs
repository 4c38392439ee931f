//! Sentences about the three classifications and about oversight (PB-06).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Part, Reading, Record};
use crate::phrase;
use crate::run::{Ask, BakuOptions, Halt, World};
use crate::target::Answered;

use super::args::Args;
use super::chain::{acknowledged, draft, observer, read, send, shows, status, unmet};
use super::closing::{keys, looks, records, values};
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r#"^<aktor> mencoba mengirim pengaduan <P> berklasifikasi "([a-z_]+)"$"#
        "{1} tries to submit complaint {2} of the classification {3}" => tries_to_submit;
    ketika r#"^<aktor> memverifikasi <P> sebagai "([a-z_]+)"(?: yang (berkadar pengawasan))?$"#
        "{1} verifies {2} as {3} ({4})" => verifies_as;
    maka r#"^<P> berklasifikasi "([a-z_]+)" bagi <aktor>$"#
        "{1} has the classification {2} for {3}" => has_classification;
    maka r"^hanya <P> yang berkadar pengawasan di antara <P> bagi <aktor>$"
        "of {2} only {1} is about oversight, for {3}" => only_oversight;
];

/// Submissions that were tried, each with one of the usual kind where it was refused.
#[derive(Default)]
struct Tried {
    by_label: BTreeMap<String, (Answered, Option<Answered>)>,
}

async fn tries_to_submit(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, label, class, caller) = (a.actor(1)?, a.object(2)?, a.text(3)?.to_owned(), w.caller()?);
    let options = BakuOptions {
        extra: Map::from_iter([("klasifikasi".to_owned(), json!(class))]),
        ..BakuOptions::default()
    };
    let tried = draft(&caller, owner, options).await?;
    let answered = send(&caller, &label, &tried).await?;
    let mut control = None;
    if let Ok(complaint) = acknowledged(&caller, &label, tried, &answered) {
        w.insert(&label, complaint);
    } else {
        // Whether the kind is what was refused, one of the usual kind tells.
        let usual = draft(&caller, owner, BakuOptions::default()).await?;
        control = Some(send(&caller.part(Part::ControlAfter), &label, &usual).await?);
    }
    w.memory::<Tried>().by_label.insert(label, (answered, control));
    Ok(())
}

async fn verifies_as(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, label, class, oversight) = (a.actor(1)?, a.object(2)?, a.text(3)?.to_owned(), a.has(4));
    let caller = w.caller()?;
    if !offered(caller.cx(), Op::Verify, actor) {
        return Err(Halt::NotApplicable(format!("{}@{actor}", Op::Verify)));
    }
    if caller.cx().statement().document().nilai.verifikasi_otomatis {
        return Err(Halt::NotApplicable("nilai.verifikasi_otomatis".to_owned()));
    }
    let complaint = w.complaint(&label)?.clone();
    let mut input = json!({
        "id": complaint.id, "klasifikasi": class, "kategori_id": complaint.input.get("kategori_id"),
    });
    if let (true, Some(members)) = (oversight, input.as_object_mut()) {
        members.insert("berkadar_pengawasan".to_owned(), json!(true));
    }
    let binding = caller.cx().statement().binding();
    let other = complaint.input.get("klasifikasi") != Some(&json!(class));
    if other && binding.carries(Op::Verify, actor, &input, "klasifikasi") == Some(false) {
        let claim = "klasifikasi pada verifikasi tidak terikat";
        return Err(Halt::NotApplicable(claim.to_owned()));
    }
    let answered = caller
        .call(Op::Verify, actor, input)
        .object(label.clone())
        .send()
        .await?;
    let what = phrase!("{label} tidak dapat diverifikasi", "{label} could not be verified");
    if answered.reading != Reading::Accepted {
        return Err(unmet(&what, &answered));
    }
    let verified = |answered: &Answered| status(answered) == Some(Status::Terverifikasi);
    let read = caller
        .until(|| read(&caller, observer(&caller), &complaint), verified)
        .await?;
    if !verified(&read) {
        return Err(unmet(&what, &read));
    }
    w.complaint_mut(&label)?.status = Status::Terverifikasi;
    Ok(())
}

async fn has_classification(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, class, readers) = (a.objects(1)?, a.text(2)?.to_owned(), a.actors(3)?);
    let caller = w.caller()?.part(Part::SecondRead);
    let declared = keys(&labels, "klasifikasi", &readers);
    w.declare(&declared)?;
    let (mut seen, mut looked, mut kept): (Vec<Value>, Vec<Value>, Vec<Arc<Record>>) = Default::default();
    for label in &labels {
        let tried = w.memory::<Tried>().by_label.get(label).cloned();
        if let Some((submit, control)) = &tried {
            let control_seq = control.as_ref().map(|control| control.record.seq);
            seen.push(json!({"label": label, "submit": submit.record.seq, "control": control_seq}));
            kept.extend([Some(submit), control.as_ref()].into_iter().flatten().map(record));
        }
        let Ok(complaint) = w.complaint(label) else {
            let nothing = readers
                .iter()
                .map(|reader| json!({"label": label, "reader": reader, "seq": null}));
            looked.extend(nothing);
            continue;
        };
        let (fixture, wanted) = (complaint.fixture, json!(class));
        let settled = |_: Actor, answered: &Answered| {
            shows(answered, fixture) && answered.mapped.get("klasifikasi") == Some(&wanted)
        };
        let answers = looks(&caller, &readers, complaint, settled).await?;
        looked.extend(values(&answers));
        kept.extend(records(&answers));
    }
    w.check(Ask {
        oracle: "klasifikasi_bagi",
        params: json!({"class": class, "tried": seen, "looks": looked}),
        records: kept,
        declared,
        miss: None,
    })
    .await
}

async fn only_oversight(w: &mut World, a: Args) -> Result<(), Halt> {
    let (only, labels, readers) = (a.objects(1)?, a.objects(2)?, a.actors(3)?);
    let caller = w.caller()?.part(Part::SecondRead);
    let declared = keys(&labels, "berkadar_pengawasan", &readers);
    w.declare(&declared)?;
    let mut seen = Vec::new();
    for label in &labels {
        let wanted = only.contains(label);
        let settled = |_: Actor, answered: &Answered| {
            (answered.mapped.get("berkadar_pengawasan") == Some(&json!(true))) == wanted
        };
        seen.extend(looks(&caller, &readers, w.complaint(label)?, settled).await?);
    }
    w.check(Ask {
        oracle: "berkadar_hanya",
        params: json!({"only": only, "looks": values(&seen)}),
        records: records(&seen),
        declared,
        miss: None,
    })
    .await
}

fn record(answered: &Answered) -> Arc<Record> {
    Arc::clone(&answered.record)
}
