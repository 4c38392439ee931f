//! Sentences about public answers that reach the reporter (PB-14), and complaints of another classification.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Part, Reading};
use crate::phrase;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, World};
use crate::target::Answered;

use super::args::Args;
use super::chain::{bring_to, draft, observer, read, status, submit, unmet};
use super::closing::{Look, keys, looks, records, values};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r#"^pengaduan <P> berklasifikasi "([a-z_]+)" yang berstatus <status>$"#
        "complaint {1} of the classification {2} with the status {3}" => classified_with_status;
    ketika r"^<aktor> membaca kabar <P>$"
        "{1} read the news of {2}" => read_news;
    ketika r"^<aktor> menindaklanjuti <P> dua kali dengan teks berbeda$"
        "{1} follows up {2} twice with different texts" => follow_up_twice;
    maka r"^<aktor> melihat kedua tindak lanjut <P> berurutan(?:, (dengan waktu dan oleh))?$"
        "{1} see both follow-ups of {2} in order ({3})" => see_both;
];

/// The words by which the follow-ups of each complaint are found again.
#[derive(Default)]
struct Answers {
    markers: BTreeMap<String, Vec<String>>,
}

/// The names under which the texts of steps are planted, in order.
pub(super) const PLANTED: &[&str] = &["langkah_1", "langkah_2", "langkah_3", "langkah_4", "langkah_5"];

async fn classified_with_status(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, class, wanted, caller) = (a.object(1)?, a.text(2)?.to_owned(), a.status(3)?, w.caller()?);
    let extra = Map::from_iter([("klasifikasi".to_owned(), json!(class))]);
    let options = BakuOptions {
        extra,
        ..BakuOptions::default()
    };
    let draft = draft(&caller, Actor::PelaporA, options).await?;
    let binding = caller.cx().statement().binding();
    // An application that is never told the classification would only be tried with the usual one again.
    if class != "pengaduan" && binding.carries(Op::Submit, draft.owner, &draft.input, "klasifikasi") == Some(false) {
        return Err(Halt::NotApplicable(
            "klasifikasi pada pengiriman tidak terikat".to_owned(),
        ));
    }
    let mut complaint = submit(&caller, &label, draft).await?;
    bring_to(&caller, &mut complaint, wanted).await?;
    w.insert(&label, complaint);
    Ok(())
}

/// Reads as a second reader would, so that whatever is kept of a view is kept before the answers come.
async fn read_news(w: &mut World, a: Args) -> Result<(), Halt> {
    let (readers, labels, caller) = (a.actors(1)?, a.objects(2)?, w.caller()?);
    for label in labels {
        let complaint = w.complaint(&label)?;
        let seen = looks(&caller, &readers, complaint, |_, answered| {
            answered.reading == Reading::Accepted
        })
        .await?;
        let unread = seen.iter().filter_map(|look| look.answered.as_ref());
        if let Some(unread) = unread
            .into_iter()
            .find(|answered| answered.reading != Reading::Accepted)
        {
            return Err(unmet(
                &phrase!("{label} tidak terbaca", "{label} could not be read"),
                unread,
            ));
        }
    }
    Ok(())
}

async fn follow_up_twice(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, label, caller) = (a.actor(1)?, a.object(2)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let texts = [
        "Petugas sudah memeriksa lokasi dan mencatat kerusakannya",
        "Perbaikan sudah dijadwalkan pada minggu ini",
    ];
    let mut markers = Vec::new();
    for (text, field) in texts.iter().zip(PLANTED) {
        let marker = caller.cx().canaries().plant(complaint.fixture, field, false);
        follow_up(&caller, actor, &complaint, &format!("{text}: {marker}.")).await?;
        markers.push(marker);
    }
    w.memory::<Answers>().markers.insert(label.clone(), markers);
    w.complaint_mut(&label)?.status = Status::Diproses;
    Ok(())
}

/// One follow-up, and a look at its effect: what is slow must not change the order of two.
async fn follow_up(caller: &Caller, actor: Actor, complaint: &Complaint, text: &str) -> Result<(), Halt> {
    let label = &complaint.label;
    let answered = caller
        .call(Op::FollowUp, actor, json!({"id": complaint.id, "isi": text}))
        .object(label.clone())
        .send()
        .await?;
    if answered.reading != Reading::Accepted {
        let what = phrase!(
            "tindak lanjut atas {label} tidak diterima",
            "the follow-up of {label} was refused"
        );
        return Err(unmet(&what, &answered));
    }
    let shown = |answered: &Answered| status(answered) == Some(Status::Diproses);
    caller
        .until(|| read(caller, observer(caller), complaint), shown)
        .await
        .map(|_| ())
}

async fn see_both(w: &mut World, a: Args) -> Result<(), Halt> {
    let (readers, label, signed) = (a.actors(1)?, a.object(2)?, a.has(3));
    let caller = w.caller()?.part(Part::SecondRead);
    let declared = keys(std::slice::from_ref(&label), "tindak_lanjut", &readers);
    w.declare(&declared)?;
    let markers = w.memory::<Answers>().markers.get(&label).cloned().unwrap_or_default();
    let all = |_: Actor, answered: &Answered| {
        let text = answered.mapped.get("tindak_lanjut").map(Value::to_string);
        let text = text.unwrap_or_default().to_ascii_lowercase();
        markers.iter().all(|marker| text.contains(&marker.to_ascii_lowercase()))
    };
    let short = caller.cx().statement().document().kebijakan.pelacakan_hanya_status;
    let (left_out, readers): (Vec<Actor>, Vec<Actor>) =
        readers.iter().partition(|reader| short && **reader == Actor::Publik);
    let mut seen = looks(&caller, &readers, w.complaint(&label)?, all).await?;
    seen.extend(left_out.iter().map(|reader| {
        let missing = "kebijakan.pelacakan_hanya_status";
        let value = json!({"label": label, "reader": reader, "seq": null, "missing": missing});
        Look { value, answered: None }
    }));
    w.check(Ask {
        oracle: "jawaban_sampai",
        params: json!({"markers": markers, "signed": signed, "looks": values(&seen)}),
        records: records(&seen),
        declared,
        miss: None,
    })
    .await
}
