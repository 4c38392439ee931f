//! Sentences about what later steps may not change of a complaint (PB-40).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Record};
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, World};
use crate::target::Answered;

use super::answers::PLANTED;
use super::args::{Args, cell};
use super::chain::{bring_to, categories, draft, observer, read, read_own, submit};
use super::closing::shows_planted;
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> pada kategori kedua yang berstatus <status>$"
        "complaint {1} in the second category with the status {2}" => second_category;
    ketika r"^<P> menempuh langkah, dan admin membacanya sesudah setiap langkah:$"
        "{1} goes through steps, and the administrator reads it after each:" => steps_and_reads;
    maka r"^<bidang> <P> tetap sama sesudah setiap langkah$"
        "{1} of {2} stay the same after every step" => untouched;
];

/// The complaint as it was, and what was done to it.
#[derive(Default)]
struct Course {
    label: String,
    steps: Vec<Value>,
    records: Vec<Arc<Record>>,
}

async fn second_category(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, wanted, caller) = (a.object(1)?, a.status(2)?, w.caller()?);
    let category = categories(&caller).await?.iter().take(2).next_back().cloned();
    let options = BakuOptions {
        category,
        ..BakuOptions::default()
    };
    let draft = draft(&caller, Actor::PelaporA, options).await?;
    let mut complaint = submit(&caller, &label, draft).await?;
    bring_to(&caller, &mut complaint, wanted).await?;
    w.insert(&label, complaint);
    Ok(())
}

async fn steps_and_reads(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let before = read_own(&caller.part(Part::Setup), observer(&caller), &complaint).await?;
    let mut course = Course {
        label,
        records: vec![Arc::clone(&before.record)],
        ..Course::default()
    };
    let mut last = before;
    for (row, planted) in a.table()?.iter().zip(PLANTED) {
        let actor = Actor::by_words(cell(row, "aktor")?).ok_or_else(|| Halt::error("the table names no actor"))?;
        let what = What::by_words(cell(row, "tindakan")?).ok_or_else(|| Halt::error("the table names no act"))?;
        let key = format!("{}@{actor}", what.op());
        if !offered(caller.cx(), what.op(), actor) {
            course.steps.push(json!({"key": key, "missing": key}));
            continue;
        }
        let act = caller
            .call(what.op(), actor, what.input(&caller, &complaint, planted))
            .object(complaint.label.clone())
            .send()
            .await?;
        let settled = |answered: &Answered| {
            shows_planted(answered, complaint.fixture, planted) && same(&last.mapped, &answered.mapped)
        };
        let after = caller
            .until(|| read(&caller, observer(&caller), &complaint), settled)
            .await?;
        course.steps.push(json!({
            "key": key, "before": last.record.seq, "act": act.record.seq, "read": after.record.seq, "fixture": complaint.fixture, "planted": planted,
        }));
        course.records.extend([act.record, Arc::clone(&after.record)]);
        last = after;
    }
    *w.memory::<Course>() = course;
    Ok(())
}

/// Whether what the reporter wrote looks the same; only how long to look for it, no judgement.
fn same(before: &Value, after: &Value) -> bool {
    ["judul", "isi", "kategori_id", "klasifikasi", "pelapor"]
        .iter()
        .all(|field| before.get(field) == after.get(field))
}

/// What is done to the complaint.
#[derive(Debug, Clone, Copy)]
enum What {
    TitledFollowUp,
    Reply,
    CaptionedFile,
    Note,
}

impl What {
    fn by_words(words: &str) -> Option<Self> {
        Some(match words {
            "menindaklanjuti dengan judul sendiri" => Self::TitledFollowUp,
            "menanggapi" => Self::Reply,
            "melampiri dengan keterangan" => Self::CaptionedFile,
            "mencatat internal" => Self::Note,
            _ => return None,
        })
    }

    const fn op(self) -> Op {
        match self {
            Self::TitledFollowUp => Op::FollowUp,
            Self::Reply => Op::Reply,
            Self::CaptionedFile => Op::Attach,
            Self::Note => Op::Note,
        }
    }

    fn input(self, caller: &Caller, complaint: &Complaint, planted: &str) -> Value {
        use base64::Engine as _;
        let private = matches!(self, Self::Note);
        let word = caller.cx().canaries().plant(complaint.fixture, planted, private);
        let id = &complaint.id;
        match self {
            Self::TitledFollowUp => json!({
                "id": id, "judul": "Jawaban petugas", "isi": format!("Petugas sudah memeriksa lokasi: {word}."),
            }),
            Self::Reply => json!({"id": id, "isi": format!("Terima kasih, saya menunggu perbaikannya: {word}.")}),
            Self::Note => json!({"id": id, "isi": format!("Catatan kerja untuk petugas: {word}.")}),
            Self::CaptionedFile => {
                let bytes = format!("Catatan lapangan untuk pengujian laik: {word}\n");
                json!({"id": id, "berkas": {
                    "nama": format!("lapangan-{word}.txt"),
                    "jenis_media": "text/plain",
                    "isi_base64": base64::engine::general_purpose::STANDARD.encode(bytes),
                    "keterangan": format!("Keterangan berkas {word}"),
                }})
            }
        }
    }
}

async fn untouched(w: &mut World, a: Args) -> Result<(), Halt> {
    let (fields, label) = (a.fields(1)?, a.object(2)?);
    let course = std::mem::take(w.memory::<Course>());
    if course.label != label {
        return Err(Halt::error(format!("{label} went through no steps")));
    }
    let declared: Vec<String> = course
        .steps
        .iter()
        .filter_map(|step| step.get("key").and_then(Value::as_str))
        .map(|key| format!("{label}/{key}"))
        .collect();
    w.declare(&declared)?;
    let params = json!({"label": label, "fields": fields, "steps": course.steps});
    w.check(Ask {
        oracle: "inti_tetap",
        params,
        records: course.records,
        declared,
        miss: None,
    })
    .await
}
