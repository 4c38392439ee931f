//! TK-05: methods that nobody declared, TRACE and TRACK, and HEAD.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use crate::domain::{Actor, Capability, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::methods::{HEAD, Heads, Place, TRACE, Traces, UNDECLARED, Undeclared};
use crate::oracle::unchanged::{self, Pair};
use crate::run::{Ask, BakuOptions, Caller, Halt, World};
use crate::target::{Extra, Sent};

use super::args::{Args, cell};
use super::chain;
use super::places::{COLLECTIONS, Declared, Look, READS, Spot, Subject, WRITES, look, record, spots};
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor> beserta berkasnya$"
        "complaint {1} of {2} with its file" => complaint_with_file;
    maka r"^<P> terbaca sama dua kali berturut-turut$"
        "{1} reads the same twice in a row" => reads_the_same;
    ketika r"^<aktor> mencoba metode yang tidak dinyatakan pada setiap alamat <P>:$"
        "{1} tries methods that are not declared at every address of {2}:" => try_methods;
    maka r"^setiap metode itu ditolak dan <P> tetap utuh$"
        "each of these methods is refused and {1} stays whole" => refused_and_whole;
    maka r"^setiap penolakan itu menyebut metode yang berlaku$"
        "each of these refusals names the methods that there are" => refusals_name_methods;
    ketika r"^TRACE dan TRACK dengan header penanda dikirim ke setiap alamat baca <P>$"
        "TRACE and TRACK with a marked header are sent to every address where {1} is read" => send_traces;
    maka r"^tidak satu pun jawaban memantulkan header itu$"
        "no answer echoes that header" => no_echo;
    ketika r"^setiap alamat baca <P> dibaca, lalu diminta kepala jawabannya saja$"
        "every address where {1} is read is asked with GET, then HEAD" => head_after_get;
    maka r"^permintaan kepala jawaban tidak menimbulkan galat server$" "HEAD causes no server fault" => head_is_no_fault;
    maka r"^kepala jawaban itu sama dengan kepala jawaban pembacaannya$" "HEAD is answered like GET" => head_is_like_get;
];

/// The header that TRACE would echo.
const MARKED: &str = "X-Laik-Penanda";

/// A method that no standard knows.
const MADE_UP: &str = "LAIKUJI";

/// What the scenario knows of its complaints beside the complaints themselves.
#[derive(Default)]
pub(super) struct Known {
    pub(super) files: BTreeMap<String, String>,
    pub(super) looks: BTreeMap<String, Look>,
}

/// What the scenario sent.
#[derive(Default)]
struct Sent05 {
    places: Vec<Place>,
    pairs: Vec<Pair>,
    traces: Vec<(String, u64)>,
    heads: Vec<(String, u64, u64)>,
    records: Vec<Arc<Record>>,
    looks: Vec<Arc<Record>>,
}

/// A complaint of the scenario with its file.
pub(super) fn subject(w: &mut World, label: &str) -> Result<Subject, Halt> {
    let complaint = w.complaint(label)?.clone();
    let file = w.memory::<Known>().files.get(label).cloned();
    Ok(Subject { complaint, file })
}

async fn complaint_with_file(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, owner, caller) = (a.object(1)?, a.actor(2)?, w.caller()?);
    let attachment = caller.cx().claims().capabilities.contains(&Capability::Lampiran);
    let options = BakuOptions {
        attachment,
        ..BakuOptions::default()
    };
    let draft = chain::draft(&caller, owner, options).await?;
    let complaint = chain::submit(&caller, &label, draft).await?;
    if attachment {
        let read = chain::read(&caller, owner, &complaint).send().await?;
        let file = read
            .mapped
            .pointer("/lampiran/0")
            .and_then(|file| chain::text(file, "id"));
        let file = file.map(|file| (label.clone(), file));
        w.memory::<Known>().files.extend(file);
    }
    w.insert(&label, complaint);
    Ok(())
}

/// Keeps the second look, for others to compare with.
async fn reads_the_same(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let subject = subject(w, &label)?;
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    let mut first = look(&caller, &subject).await?;
    let second = loop {
        let second = look(&caller, &subject).await?;
        let same = |((_, old), (_, new)): (&(_, crate::target::Answered), &(_, crate::target::Answered))| {
            old.mapped == new.mapped
        };
        if first.iter().zip(&second).all(same) || tokio::time::Instant::now() >= deadline {
            break second;
        }
        first = second;
    };
    let pairs = pairs(&first, &second, "");
    let records = first
        .iter()
        .chain(&second)
        .map(|(_, answered)| record(answered))
        .collect();
    w.memory::<Known>().looks.insert(label, second);
    compare(w, &caller, pairs, records).await
}

/// The looks of two moments, side by side.
pub(super) fn pairs(before: &Look, after: &Look, prefix: &str) -> Vec<Pair> {
    before
        .iter()
        .zip(after)
        .map(|((key, old), (_, new))| Pair {
            key: format!("{prefix}{key}"),
            before: old.record.seq,
            after: new.record.seq,
            probes: Vec::new(),
        })
        .collect()
}

/// Asks whether pairs show the same.
pub(super) async fn compare(
    w: &mut World,
    caller: &Caller,
    pairs: Vec<Pair>,
    records: Vec<Arc<Record>>,
) -> Result<(), Halt> {
    let declared: Vec<String> = pairs.iter().map(|pair| pair.key.clone()).collect();
    w.declare(&declared)?;
    let ignored = ignored(caller);
    w.check(Ask {
        oracle: unchanged::NAME,
        params: json!(unchanged::Params { pairs, ignored }),
        records,
        declared,
        miss: None,
    })
    .await
}

fn ignored(caller: &Caller) -> Vec<String> {
    caller.cx().statement().document().api.berubah_saat_dibaca.clone()
}

async fn try_methods(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, label, caller) = (a.actor(1)?, a.object(2)?, w.caller()?);
    let methods = a
        .table()?
        .iter()
        .map(|row| cell(row, "metode").map(|word| if word == "metode karangan" { MADE_UP } else { word }.to_owned()))
        .collect::<Result<Vec<_>, _>>()?;
    let subject = subject(w, &label)?;
    let known = w.memory::<Known>().looks.get(&label).cloned();
    let known = known.ok_or_else(|| Halt::error(format!("line {}: {label} was not looked at before", a.line)))?;
    let declared = Declared::of(&caller, &subject).await?;
    let ops: Vec<Op> = READS.iter().chain(WRITES).copied().collect();
    let mut own = spots(&caller, &subject, &ops).await;
    own.retain(|spot| subject.owns(&spot.address));
    let mut sent = Sent05::default();
    let mut before = owner_read(&caller, &subject).await?;
    for spot in &own {
        let mut place = Place {
            key: spot.name(),
            tries: Vec::new(),
            before: before.seq,
            after: before.seq,
        };
        sent.records.push(Arc::clone(&before));
        for method in &methods {
            if !declared.holds(spot.address.path(), method) {
                let answered = spot.request(&caller, actor, method).object(&*label).send().await?;
                place.tries.push(answered.record.seq);
                sent.records.push(answered.record);
            }
        }
        before = owner_read(&caller, &subject).await?;
        place.after = before.seq;
        sent.places.push(place);
    }
    if sent.places.is_empty() {
        return Err(Halt::NotApplicable(
            "tidak ada alamat yang memuat id pengaduan".to_owned(),
        ));
    }
    sent.records.push(before);
    let after = look(&caller, &subject).await?;
    sent.pairs = pairs(&known, &after, "sesudahnya · ");
    sent.looks = known
        .iter()
        .chain(&after)
        .map(|(_, answered)| record(answered))
        .collect();
    *w.memory::<Sent05>() = sent;
    Ok(())
}

async fn owner_read(caller: &Caller, subject: &Subject) -> Result<Arc<Record>, Halt> {
    let read = chain::read(caller, subject.complaint.owner, &subject.complaint);
    Ok(read.send().await?.record)
}

async fn refused_and_whole(w: &mut World, _: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    undeclared(w, false).await?;
    let sent = w.memory::<Sent05>();
    let (pairs, records) = (sent.pairs.clone(), sent.looks.clone());
    compare(w, &caller, pairs, records).await
}

async fn refusals_name_methods(w: &mut World, _: Args) -> Result<(), Halt> {
    undeclared(w, true).await
}

async fn undeclared(w: &mut World, form: bool) -> Result<(), Halt> {
    let ignored = ignored(&w.caller()?);
    let sent = w.memory::<Sent05>();
    let (mut places, records) = (sent.places.clone(), sent.records.clone());
    if form {
        for place in &mut places {
            place.key = format!("bentuk · {}", place.key);
        }
    }
    let declared: Vec<String> = places.iter().map(|place| place.key.clone()).collect();
    w.declare(&declared)?;
    let params = json!(Undeclared { places, ignored, form });
    w.check(Ask {
        oracle: UNDECLARED,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

/// Everything that reads the complaint, and what is read beside it.
async fn readable(caller: &Caller, subject: &Subject) -> Vec<Spot> {
    let ops: Vec<Op> = READS.iter().chain(COLLECTIONS).copied().collect();
    let mut spots = spots(caller, subject, &ops).await;
    spots.retain(|spot| spot.address.method.eq_ignore_ascii_case("GET"));
    spots
}

async fn send_traces(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let subject = subject(w, &label)?;
    let mark = caller.cx().canaries().nonce();
    let mut sent = Sent05::default();
    for spot in readable(&caller, &subject).await {
        for method in ["TRACE", "TRACK"] {
            let extra = Extra {
                url: Some(spot.address.url.clone()),
                method: Some(method.to_owned()),
                headers: vec![(MARKED.to_owned(), mark.clone())],
                alone: true,
                ..Extra::default()
            };
            // Without a credential: an echo would hand it to whoever reads the answer.
            let call = caller.call(spot.op, Actor::Publik, json!({})).sent(Sent::None);
            let answered = call
                .class(format!("metode {method}"))
                .part(Part::Probe)
                .extra(extra)
                .send()
                .await?;
            sent.traces
                .push((format!("{method} · {}", spot.name()), answered.record.seq));
            sent.records.push(answered.record);
        }
    }
    *w.memory::<Sent05>() = sent;
    Ok(())
}

async fn no_echo(w: &mut World, _: Args) -> Result<(), Halt> {
    let mark = w.caller()?.cx().canaries().nonce();
    let sent = w.memory::<Sent05>();
    let (tries, records) = (sent.traces.clone(), sent.records.clone());
    let declared: Vec<String> = tries.iter().map(|(key, _)| key.clone()).collect();
    w.declare(&declared)?;
    w.check(Ask {
        oracle: TRACE,
        params: json!(Traces { tries, mark }),
        records,
        declared,
        miss: None,
    })
    .await
}

async fn head_after_get(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let subject = subject(w, &label)?;
    let mut sent = Sent05::default();
    for spot in readable(&caller, &subject).await {
        let get = spot.request(&caller, spot.actor, "GET").send().await?;
        if COLLECTIONS.contains(&spot.op) && get.reading != Reading::Accepted {
            // It needs parameters that nothing tells.
            continue;
        }
        let head = spot.request(&caller, spot.actor, "HEAD").send().await?;
        sent.heads.push((spot.name(), get.record.seq, head.record.seq));
        sent.records.extend([get.record, head.record]);
    }
    *w.memory::<Sent05>() = sent;
    Ok(())
}

async fn head_is_no_fault(w: &mut World, _: Args) -> Result<(), Halt> {
    heads(w, false).await
}

async fn head_is_like_get(w: &mut World, _: Args) -> Result<(), Halt> {
    heads(w, true).await
}

async fn heads(w: &mut World, alike: bool) -> Result<(), Halt> {
    let sent = w.memory::<Sent05>();
    let (mut pairs, records) = (sent.heads.clone(), sent.records.clone());
    for (key, _, _) in &mut pairs {
        *key = if alike {
            format!("serupa · {key}")
        } else {
            format!("HEAD · {key}")
        };
    }
    let declared: Vec<String> = pairs.iter().map(|(key, _, _)| key.clone()).collect();
    w.declare(&declared)?;
    w.check(Ask {
        oracle: HEAD,
        params: json!(Heads { pairs, alike }),
        records,
        declared,
        miss: None,
    })
    .await
}
