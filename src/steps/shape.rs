//! Sentences about what every answer looks like: schemas (DT-01). They make answers of every kind come, and ask folds
//! over all exchanges of the run.

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Capability, Op};
use crate::oracle::shape::{schema, times};
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, World};

use super::args::Args;
use super::chain::{categories, draft, first_page, read_own, submit};
use super::odd_input::looks_at_all;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor> dengan <n> berkas(?: pada kategori (terakhir))?$"
        "complaint {1} of {2} with {3} files (in category: {4})" => complaint_with_files;
    ketika r"^setiap aktor membuka setiap tampilan yang terikat bagi <P>$"
        "every actor opens every bound view of {1}" => every_actor_looks;
    ketika r"^admin menyaring daftar menurut setiap kategori$"
        "the administrator filters the list by every category" => filtered_lists;
    maka r"^setiap jawaban berhasil sesuai skema operasinya$"
        "every successful answer fits the schema of its operation" => answers_fit;
    maka r"^setiap waktu ditulis menurut RFC 3339 dengan offset dan setiap tanggal sebagai tanggal saja$"
        "every time is written by RFC 3339 with an offset, and every date as a date alone" => times_written;
];

/// Categories by which lists are filtered.
const FILTERS: usize = 8;

/// Views that need no complaint.
const OVERVIEWS: &[Op] = &[
    Op::List,
    Op::Categories,
    Op::Agencies,
    Op::Units,
    Op::Regions,
    Op::Statistics,
    Op::Export,
];

async fn complaint_with_files(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, owner, count, caller) = (a.object(1)?, a.actor(2)?, a.number(3)?, w.caller()?);
    let mut options = BakuOptions::default();
    if caller.cx().claims().capabilities.contains(&Capability::Lampiran) && count > 0 {
        let most = caller
            .cx()
            .statement()
            .document()
            .batas
            .lampiran_jumlah
            .unwrap_or(u64::MAX);
        let count = count.min(usize::try_from(most).unwrap_or(count));
        options.extra = Map::from_iter([("lampiran".to_owned(), (1..=count).map(file).collect())]);
    }
    if a.has(4) {
        options.category = categories(&caller).await?.last().cloned();
    }
    let draft = draft(&caller, owner, options).await?;
    let complaint = submit(&caller, &label, draft).await?;
    w.insert(&label, complaint);
    Ok(())
}

fn file(number: usize) -> Value {
    use base64::Engine as _;
    let text = format!("Berkas uji ke-{number} dari pengujian laik.\n");
    json!({
        "nama": format!("berkas-{number}.txt"),
        "jenis_media": "text/plain",
        "isi_base64": base64::engine::general_purpose::STANDARD.encode(text),
    })
}

async fn every_actor_looks(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, caller) = (a.objects(1)?, w.caller()?);
    let complaints = labels
        .iter()
        .map(|label| w.complaint(label).cloned())
        .collect::<Result<Vec<_>, _>>()?;
    for complaint in &complaints {
        // What is slow to appear is waited for once; the others then see it, too.
        read_own(&caller, complaint.owner, complaint).await?;
    }
    for actor in Actor::ALL.iter().copied() {
        for op in OVERVIEWS
            .iter()
            .copied()
            .filter(|op| caller.cx().target().bound(*op, actor))
        {
            let input = if op == Op::List { first_page(&caller) } else { json!({}) };
            caller.call(op, actor, input).send().await?;
        }
        for complaint in &complaints {
            look(&caller, actor, complaint).await?;
        }
    }
    Ok(())
}

/// Opens the views of one complaint. Whether the actor may see it is no matter here.
async fn look(caller: &Caller, actor: Actor, complaint: &Complaint) -> Result<(), Halt> {
    for op in [Op::Read, Op::History, Op::Track] {
        let input = match (op, &complaint.number) {
            (Op::Track, Some(number)) => json!({"nomor_pelacakan": number}),
            (Op::Track, None) => continue,
            _ => json!({"id": complaint.id}),
        };
        if caller.cx().target().bound(op, actor) {
            caller
                .call(op, actor, input)
                .object(complaint.label.clone())
                .send()
                .await?;
        }
    }
    Ok(())
}

async fn filtered_lists(w: &mut World, _: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    let target = caller.cx().target();
    let named = target.inputs(Op::List, Actor::Admin);
    if !target.bound(Op::List, Actor::Admin) || !named.iter().any(|input| input.name == "kategori") {
        return Ok(());
    }
    let known = categories(&caller).await?;
    // The last ones, where the scenario's own complaint is the only one.
    for category in known.iter().rev().take(FILTERS) {
        let mut input = first_page(&caller);
        if let Some(members) = input.as_object_mut() {
            members.insert("kategori".to_owned(), json!(category));
        }
        caller.call(Op::List, Actor::Admin, input).send().await?;
    }
    Ok(())
}

async fn answers_fit(w: &mut World, _: Args) -> Result<(), Halt> {
    let mut needed = Vec::new();
    if !looks_at_all(w) {
        let target = w.cx()?.target();
        let bound = |op: &Op| Actor::ALL.iter().any(|actor| target.bound(*op, *actor));
        let ops = [Op::Read, Op::List, Op::History, Op::Track, Op::Categories, Op::Agencies];
        needed = ops.into_iter().filter(bound).collect();
    }
    let declared = std::iter::once(schema::WHOLE.to_owned())
        .chain(needed.iter().map(|op| op.id().to_owned()))
        .collect();
    w.check(Ask {
        oracle: schema::NAME,
        params: json!({"needed": needed}),
        declared,
        ..Ask::default()
    })
    .await
}

async fn times_written(w: &mut World, _: Args) -> Result<(), Halt> {
    let needed = if looks_at_all(w) {
        Vec::new()
    } else {
        bound_times(&w.caller()?).await?
    };
    let declared = std::iter::once(times::WHOLE).chain(needed.iter().copied());
    let declared = declared.map(str::to_owned).collect();
    w.check(Ask {
        oracle: times::NAME,
        params: json!({"needed": needed}),
        declared,
        ..Ask::default()
    })
    .await
}

/// The times that the statement binds, as far as it tells.
async fn bound_times(caller: &Caller) -> Result<Vec<&'static str>, Halt> {
    let cx = caller.cx();
    let bound = |op: Op| Actor::ALL.iter().any(|actor| cx.target().bound(op, *actor));
    let sample = draft(caller, Actor::PelaporA, BakuOptions::default()).await?;
    let dated = cx
        .statement()
        .binding()
        .carries(Op::Submit, Actor::PelaporA, &sample.input, "tanggal_kejadian");
    let fields = [
        ("waktu_dibuat", true),
        ("waktu_diperbarui", true),
        ("riwayat.waktu", bound(Op::History)),
        ("tindak_lanjut.waktu", bound(Op::FollowUp)),
        ("tenggat", cx.claims().capabilities.contains(&Capability::Tenggat)),
        ("tanggal_kejadian", dated == Some(true)),
    ];
    Ok(fields
        .into_iter()
        .filter(|(_, bound)| *bound)
        .map(|(field, _)| field)
        .collect())
}
