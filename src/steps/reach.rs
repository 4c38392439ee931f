//! TK-10: asking every operation that answers with many entries for more than it may give.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Record};
use crate::oracle::reach::{Asks, NAME, Params, Probe};
use crate::run::{Ask, CallBuilder, Caller, Halt, World};
use crate::target::Extra;

use super::args::{Args, cell};
use super::attempt::send_twice;
use super::chain::{bring_to, first_page};
use super::paging::send_at_once;
use super::publication::published_in;
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan terbit lebih banyak daripada yang muat pada halaman terbesar <aktor>$"
        "more published complaints than fit on the largest page of {1}" => more_than_a_page;
    ketika r"^setiap alamat yang mengembalikan banyak data, di antaranya riwayat <P>, diminta melampaui batas:$"
        "every address that gives many entries, the history of {1} among them, is asked for too much:" => ask_too_much;
    maka r"^tidak satu jawaban pun melampaui batasnya$" "no answer exceeds its cap" => capped;
];

/// What a run may add at most to have more than a page, as for DT-20.
const MOST_ADDED: u64 = 200;

/// How many are sent at once: fewer than a burst.
const AT_ONCE: u64 = 6;

/// A word of every default complaint, to be searched for.
const WORD: &str = "lampu";

/// What the scenario asked for.
#[derive(Default)]
struct Asked {
    probes: Vec<Probe>,
    records: Vec<Arc<Record>>,
}

async fn more_than_a_page(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, caller) = (a.actor(1)?, w.caller()?);
    let document = caller.cx().statement().document();
    let Some(cap) = document.batas.halaman_ukuran_maks else {
        return Ok(());
    };
    if !offered(caller.cx(), Op::List, actor) {
        return Ok(());
    }
    let first = caller
        .call(Op::List, actor, first_page(&caller))
        .part(Part::Setup)
        .send()
        .await?;
    let total = first.mapped.pointer("/halaman/jumlah").and_then(Value::as_u64);
    let missing = cap.saturating_add(1).saturating_sub(total.unwrap_or(0));
    if missing > MOST_ADDED || !caller.cx().intrusive() {
        // Too many to add: what the answers say of themselves has to do.
        return Ok(());
    }
    let status = published_in(caller.cx().statement());
    let mut added = 0;
    while added < missing {
        let count = usize::try_from((missing - added).min(AT_ONCE)).unwrap_or(1);
        let mut ours = send_at_once(&caller, count).await?;
        added += ours.len() as u64;
        if let Some(status) = status {
            let published = ours.iter_mut().map(|complaint| bring_to(&caller, complaint, status));
            futures::future::try_join_all(published).await?;
        }
    }
    Ok(())
}

/// One operation that answers with many entries, asked by one actor.
struct Address {
    op: Op,
    actor: Actor,
    /// What the usual request sends.
    usual: Map<String, Value>,
    /// Input members that the binding sends.
    inputs: Vec<String>,
}

impl Address {
    fn takes(&self, name: &str) -> bool {
        self.inputs.iter().any(|own| own == name)
    }
}

/// The operations with the actors that ask them, the first of them that the statement offers.
const ADDRESSES: &[(Op, &[Actor])] = &[
    (Op::List, &[Actor::Publik]),
    (Op::List, &[Actor::Petugas]),
    (
        Op::Search,
        &[Actor::Publik, Actor::Petugas, Actor::Admin, Actor::PelaporA],
    ),
    (Op::History, &[Actor::Admin, Actor::PelaporA]),
    (Op::Categories, &[Actor::Publik, Actor::PelaporA]),
    (Op::Agencies, &[Actor::Publik, Actor::Admin]),
    (Op::Regions, &[Actor::Publik, Actor::PelaporA]),
    (Op::Units, &[Actor::Admin]),
    (Op::HubPull, &[Actor::Hub]),
];

async fn ask_too_much(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let id = w.complaint(&label)?.id.clone();
    let mut asked = Asked::default();
    let words: Vec<String> = a
        .table()?
        .iter()
        .map(|row| cell(row, "permintaan").map(str::to_owned))
        .collect::<Result<_, _>>()?;
    for (op, actors) in ADDRESSES {
        let Some(actor) = actors.iter().copied().find(|actor| offered(caller.cx(), *op, *actor)) else {
            continue;
        };
        let usual = match op {
            Op::History => json!({"id": id}),
            Op::Search => json!({"q": WORD}),
            _ => json!({}),
        };
        let inputs = caller.cx().target().inputs(*op, actor);
        let address = Address {
            op: *op,
            actor,
            usual: usual.as_object().cloned().unwrap_or_default(),
            inputs: inputs.into_iter().map(|input| input.name).collect(),
        };
        ask(&caller, &address, &words, &mut asked).await?;
    }
    if asked.probes.is_empty() {
        return Err(Halt::NotApplicable("list, search, hub.pull".to_owned()));
    }
    *w.memory::<Asked>() = asked;
    Ok(())
}

/// Asks one operation as usual, then for too much in every way that means something there.
async fn ask(caller: &Caller, address: &Address, words: &[String], asked: &mut Asked) -> Result<(), Halt> {
    let Address { op, actor, .. } = address;
    let usual = caller.call(*op, *actor, Value::Object(address.usual.clone()));
    let usual = usual.part(Part::ControlBefore).send().await?;
    asked.records.push(Arc::clone(&usual.record));
    for word in words {
        let Some(request) = request(word, address)? else {
            continue;
        };
        let call = || -> CallBuilder {
            let call = caller
                .call(*op, *actor, request.input.clone())
                .extra(request.extra.clone());
            call.class(format!("jangkauan: {word}")).part(Part::Probe)
        };
        let answers = send_twice(call).await?;
        asked.probes.push(Probe {
            key: format!("{word}/{op}@{actor}"),
            asks: request.asks,
            whole: !matches!(op, Op::List | Op::Search | Op::HubPull) && !address.takes("ukuran"),
            usual: usual.record.seq,
            seqs: answers.iter().map(|answered| answered.record.seq).collect(),
        });
        asked
            .records
            .extend(answers.into_iter().map(|answered| answered.record));
    }
    Ok(())
}

/// A request for too much.
struct Request {
    asks: Asks,
    input: Value,
    extra: Extra,
}

/// What the words of the table mean at an operation; none where they mean nothing.
fn request(words: &str, address: &Address) -> Result<Option<Request>, Halt> {
    let (lists, searches) = (address.op == Op::List, address.op == Op::Search);
    let pages = lists || searches;
    let mut input = address.usual.clone();
    let mut query = Vec::new();
    // What the binding sends goes by its name in the application; else the canonical name has to do.
    let mut put = |name: &str, value: Value| {
        if address.takes(name) {
            input.insert(name.to_owned(), value);
        } else {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            query.push((name.to_owned(), Some(text)));
        }
    };
    let mut asks = Asks::Reach;
    match words.split_once(' ') {
        Some(("ukuran", number)) => {
            let size = whole_number(words, number)?;
            asks = if size > 0 { Asks::Size } else { Asks::Odd };
            put("ukuran", json!(size));
        }
        Some(("halaman", number)) if address.takes("halaman") || address.takes("geser") => {
            input.insert("halaman".to_owned(), json!(whole_number(words, number)?));
            if address.takes("geser") {
                // Offsets are computed of page and size; one a row is the plainest.
                input.insert("ukuran".to_owned(), json!(1));
            }
        }
        Some(("seribu", "pengenal")) if pages => {
            let ids: Vec<String> = (1..=1_000).map(|id: u32| id.to_string()).collect();
            put("ids", json!(ids.join(",")));
        }
        Some(("rentang", _)) if lists || address.op == Op::HubPull => {
            put("diperbarui_sejak", json!("1926-01-01T00:00:00Z"));
            put("dari", json!("1926-01-01"));
            put("sampai", json!("2026-01-01"));
        }
        Some(("perluasan", _)) if pages => {
            put("include", json!("disposisi.unit.pengaduan.disposisi"));
            put("expand", json!("tindak_lanjut.lampiran,riwayat.pelaku.pengaduan"));
        }
        Some(("teks", _)) if searches => {
            input.insert("q".to_owned(), json!(WORD.repeat(200)));
        }
        Some(("halaman" | "seribu" | "rentang" | "perluasan" | "teks", _)) => return Ok(None),
        _ => return Err(Halt::error(format!("`{words}` is no request"))),
    }
    let extra = Extra {
        query,
        ..Extra::default()
    };
    Ok(Some(Request {
        asks,
        input: Value::Object(input),
        extra,
    }))
}

fn whole_number(words: &str, number: &str) -> Result<i64, Halt> {
    number
        .parse()
        .map_err(|_| Halt::error(format!("`{words}` names no number")))
}

async fn capped(w: &mut World, _: Args) -> Result<(), Halt> {
    let cap = w.cx()?.statement().document().batas.halaman_ukuran_maks;
    let Asked { probes, records } = std::mem::take(w.memory::<Asked>());
    let declared: Vec<String> = probes.iter().map(|probe| probe.key.clone()).collect();
    w.declare(&declared)?;
    w.check(Ask {
        oracle: NAME,
        params: json!(Params { cap, probes }),
        records,
        declared,
        miss: None,
    })
    .await
}
