//! Sentences about walking a list page by page (DT-19).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::try_join_all;
use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Reading, Record};
use crate::oracle::paging::{disturbance, name};
use crate::oracle::server_fault::BURST;
use crate::phrase;
use crate::run::{Ask, Caller, Complaint, Halt, Walk, World};
use crate::target::Answered;
use crate::verdict::Reason;

use super::args::Args;
use super::chain::{acknowledged, confirm, drafts, first_page, holds, items, text, walk_until};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^<n> pengaduan baku, sekurang-kurangnya <n> dalam satu detik$"
        "{1} default complaints, at least {2} within one second" => complaints_within_a_second;
    ketika r"^<aktor> menelusuri daftar <n> kali dengan halaman berisi <n>(?: sementara <n> pengaduan baru masuk sesudah halaman pertama)?$"
        "{1} walks the list {2} times in pages of {3} (while {4} new complaints come after the first page)" => walk_list;
    ketika r"^<aktor> meminta halaman sesudah halaman terakhir$"
        "{1} asks for the page after the last one" => ask_beyond;
    maka r"^kedua penelusuran pertama berurutan sama tanpa pengulangan$"
        "the first two walks have the same order and repeat nothing" => same_order;
    maka r"^setiap penelusuran memuat semua pengaduan yang ada sejak awalnya$"
        "every walk holds all complaints that existed at its start" => complete;
    maka r"^halaman itu kosong atau tidak ada$"
        "that page is empty or does not exist" => beyond_is_empty;
];

/// How many complaints are sent at once: enough for one second, and fewer than a burst (PB-04 judges those).
const AT_ONCE: usize = 6;

/// How often disturbed walks are tried again.
const TRIES: usize = 3;

/// Pages that show nothing new before a walk counts as endless.
const CIRCLES: usize = 3;

/// The walks of the scenario.
#[derive(Default)]
pub(super) struct Walks {
    pub(super) ours: Vec<Complaint>,
    small: Vec<SmallWalk>,
    /// Walks in large pages: before the quiet walks, after them, and after each further one.
    references: Vec<Walk>,
    beyond: Vec<Answered>,
}

/// A walk in small pages.
#[derive(Default, Clone)]
struct SmallWalk {
    pages: Vec<Answered>,
    inputs: Vec<Value>,
    end: &'static str,
}

async fn complaints_within_a_second(w: &mut World, a: Args) -> Result<(), Halt> {
    let (count, at_once, caller) = (a.number(1)?, a.number(2)?, w.caller()?);
    let mut ours = Vec::new();
    while ours.len() < count {
        ours.extend(send_at_once(&caller, (count - ours.len()).min(AT_ONCE)).await?);
    }
    for _ in 0..TRIES {
        if most_within_a_second(&ours) >= at_once {
            break;
        }
        ours.extend(send_at_once(&caller, at_once).await?);
    }
    if most_within_a_second(&ours) < at_once {
        let text = phrase!(
            "tidak berhasil membuat {at_once} pengaduan dalam satu detik",
            "could not make {at_once} complaints within one second"
        );
        return Err(Halt::inconclusive(Reason::PreconditionUnmet, text));
    }
    let named = (1..)
        .zip(ours)
        .map(|(number, complaint): (usize, Complaint)| Complaint {
            label: number.to_string(),
            ..complaint
        });
    w.memory::<Walks>().ours = named.collect();
    Ok(())
}

/// Sends default complaints at once; each is confirmed by a second read.
pub(super) async fn send_at_once(caller: &Caller, count: usize) -> Result<Vec<Complaint>, Halt> {
    let drafts = drafts(caller, std::iter::repeat_n(Actor::PelaporA, count)).await?;
    let calls = drafts
        .iter()
        .map(|draft| {
            caller
                .call(Op::Submit, draft.owner, draft.input.clone())
                .class(BURST)
                .build()
        })
        .collect();
    let answers = caller.cx().target().parallel(calls).await;
    let mut stored = Vec::new();
    for (draft, answer) in drafts.into_iter().zip(answers) {
        stored.push(confirm(caller, acknowledged(caller, "", draft, &answer?)?));
    }
    try_join_all(stored).await
}

/// How many complaints share one second of `waktu_dibuat`, by the receipt.
fn most_within_a_second(complaints: &[Complaint]) -> usize {
    let mut seconds: BTreeMap<String, usize> = BTreeMap::new();
    for complaint in complaints {
        let mapped = complaint
            .receipt
            .as_ref()
            .and_then(|record| record.exchange())
            .map(|exchange| &exchange.mapped);
        if let Some(time) = mapped.and_then(|mapped| text(mapped, "waktu_dibuat")) {
            *seconds
                .entry(time.chars().take("2026-11-25T00:00:00".len()).collect())
                .or_default() += 1;
        }
    }
    seconds.into_values().max().unwrap_or(0)
}

async fn walk_list(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, times, size, caller) = (a.actor(1)?, a.number(2)?, a.number(3)?, w.caller()?);
    let arriving = if a.has(4) { a.number(4)? } else { 0 };
    let walks = std::mem::take(w.memory::<Walks>());
    let walker = Walker { caller, actor, size };
    let walks = if arriving == 0 {
        walker.quiet(walks, times).await?
    } else {
        walker.busy(walks, times, arriving).await?
    };
    *w.memory::<Walks>() = walks;
    Ok(())
}

struct Walker {
    caller: Caller,
    actor: Actor,
    size: usize,
}

impl Walker {
    /// Walks that nobody may disturb, between two reference walks; tried again while others write.
    async fn quiet(&self, mut walks: Walks, times: usize) -> Result<Walks, Halt> {
        for _ in 0..TRIES {
            let before = self.reference(&walks.ours).await?;
            walks.small.clear();
            for _ in 0..times {
                walks.small.push(self.walk(before.items.len(), 0).await?);
            }
            let after = self.reference(&walks.ours).await?;
            let small = walks.small.iter().map(SmallWalk::items);
            let sightings: Vec<Vec<&Value>> = std::iter::once(before.items.iter().collect())
                .chain(small)
                .chain([after.items.iter().collect()])
                .collect();
            let sightings: Vec<&[&Value]> = sightings.iter().map(Vec::as_slice).collect();
            let ours = |item: &Value| walks.ours.iter().any(|complaint| holds(item, &complaint.marker));
            let disturbed = disturbance(&sightings, ours).is_some();
            walks.references = vec![before, after];
            if !disturbed {
                break;
            }
        }
        Ok(walks)
    }

    /// Walks during which new complaints come in, each before a reference walk.
    async fn busy(&self, mut walks: Walks, times: usize, arriving: usize) -> Result<Walks, Halt> {
        for _ in 0..times {
            let known = walks.references.last().map_or(0, |walk| walk.items.len());
            walks.small.push(self.walk(known, arriving).await?);
            walks.references.push(self.reference(&walks.ours).await?);
        }
        Ok(walks)
    }

    /// A walk in the largest pages, until it shows our complaints or `jeda_tampak` is over.
    async fn reference(&self, ours: &[Complaint]) -> Result<Walk, Halt> {
        let all = |walk: &Walk| {
            ours.iter()
                .all(|one| walk.items.iter().any(|item| holds(item, &one.marker)))
        };
        walk_until(&self.caller, Op::List, self.actor, &first_page(&self.caller), all).await
    }

    /// One walk in small pages. `known` is how many entries the list has, so that a long list is no endless one.
    async fn walk(&self, known: usize, arriving: usize) -> Result<SmallWalk, Halt> {
        let mut walk = SmallWalk {
            end: "batas",
            ..SmallWalk::default()
        };
        let (mut seen, mut circles) = (BTreeSet::new(), 0);
        let mut next = Some(json!({"halaman": 1, "ukuran": self.size}));
        for _ in 0..2 * (known + arriving) / self.size.max(1) + 50 {
            let Some(input) = next.take() else { break };
            let page = self.caller.call(Op::List, self.actor, input.clone()).send().await?;
            let names: Vec<_> = items(&page.mapped).iter().filter_map(name).collect();
            let (empty, before) = (names.is_empty(), seen.len());
            seen.extend(names);
            circles = if seen.len() == before { circles + 1 } else { 0 };
            next = following(&input, &page);
            let read = page.reading == Reading::Accepted && page.mapped.get("butir").is_some();
            let (gone, first) = (page.reading == Reading::NotFound, walk.pages.is_empty());
            walk.pages.push(page);
            walk.inputs.push(input);
            walk.end = match () {
                () if gone => "selesai",
                () if !read => "putus",
                () if empty || next.is_none() => "selesai",
                () if circles >= CIRCLES => "berulang",
                () => "batas",
            };
            if walk.end != "batas" {
                break;
            }
            if first && arriving > 0 {
                send_at_once(&self.caller, arriving).await?;
            }
        }
        Ok(walk)
    }
}

impl SmallWalk {
    fn items(&self) -> Vec<&Value> {
        self.pages.iter().flat_map(|page| items(&page.mapped)).collect()
    }

    fn params(&self, number: usize) -> Value {
        json!({"key": format!("penelusuran_{number}"), "pages": seqs(&self.pages), "end": self.end})
    }
}

/// The input of the next page.
fn following(input: &Value, page: &Answered) -> Option<Value> {
    let next = page.mapped.pointer("/halaman/berikut")?.as_object()?;
    let mut merged: Map<String, Value> = input.as_object().cloned().unwrap_or_default();
    merged.extend(next.iter().map(|(name, value)| (name.clone(), value.clone())));
    Some(Value::Object(merged))
}

async fn ask_beyond(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, caller) = (a.actor(1)?, w.caller()?);
    let style = caller
        .cx()
        .statement()
        .document()
        .ikatan
        .halaman
        .gaya
        .map(|style| style.to_string());
    let walk = w.memory::<Walks>().small.last().cloned().unwrap_or_default();
    let last = walk
        .pages
        .iter()
        .zip(&walk.inputs)
        .rfind(|(page, _)| !items(&page.mapped).is_empty());
    let Some((_, input)) = last else { return Ok(()) };
    if !matches!(style.as_deref(), Some("halaman" | "offset")) {
        return Ok(());
    }
    let mut input = input.as_object().cloned().unwrap_or_default();
    let number = input.get("halaman").and_then(Value::as_u64).unwrap_or(1);
    input.insert("halaman".to_owned(), json!(number + 1));
    // The page behind the last, by its number: no page has told where it begins.
    input.shift_remove("geser");
    let answered = caller.call(Op::List, actor, Value::Object(input)).send().await?;
    w.memory::<Walks>().beyond.push(answered);
    Ok(())
}

async fn same_order(w: &mut World, _: Args) -> Result<(), Halt> {
    let declared: Vec<String> = [
        "penelusuran_1/tanpa_pengulangan",
        "penelusuran_2/tanpa_pengulangan",
        "urutan_sama",
    ]
    .map(str::to_owned)
    .to_vec();
    w.declare(&declared)?;
    let walks = w.memory::<Walks>();
    let quiet = walks.small.iter().take(2);
    let params = json!({
        "walks": (1..).zip(quiet).map(|(number, walk)| walk.params(number)).collect::<Vec<_>>(),
        "references": walks.references.iter().take(2).map(reference).collect::<Vec<_>>(),
        "ours": walks.ours(),
    });
    let records = walks.records();
    w.check(Ask {
        oracle: "urutan_sama",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn complete(w: &mut World, _: Args) -> Result<(), Halt> {
    let walks = w.memory::<Walks>();
    let params = walks.bounded();
    let declared: Vec<String> = (1..=walks.small.len())
        .map(|number| format!("penelusuran_{number}/lengkap"))
        .collect();
    let records = walks.records();
    w.declare(&declared)?;
    w.check(Ask {
        oracle: "penelusuran_lengkap",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn beyond_is_empty(w: &mut World, _: Args) -> Result<(), Halt> {
    let declared = vec!["sesudah_terakhir".to_owned()];
    w.declare(&declared)?;
    let walks = w.memory::<Walks>();
    let last = walks
        .small
        .last()
        .and_then(|walk| walk.pages.last())
        .map(|page| &page.record);
    let params = json!({"asked": seqs(&walks.beyond), "last": last.map(|record| record.seq)});
    let records = walks
        .beyond
        .iter()
        .map(|page| &page.record)
        .chain(last)
        .cloned()
        .collect();
    w.check(Ask {
        oracle: "sesudah_terakhir",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

impl Walks {
    /// One quiet walk in pages of a size that the application may clamp or refuse (DT-20).
    pub(super) async fn oversized(self, caller: Caller, actor: Actor, size: usize) -> Result<Self, Halt> {
        Walker { caller, actor, size }.quiet(self, 1).await
    }

    /// Every walk with the reference walks around it: the first two walks lie between the first two references, each
    /// further one between the next two.
    pub(super) fn bounded(&self) -> Value {
        let bounded = |(number, walk): (usize, &SmallWalk)| {
            let before = number.saturating_sub(2);
            let [before, after] = [before, before + 1].map(|at| self.references.get(at).map(reference));
            json!({"walk": walk.params(number), "before": before, "after": after})
        };
        json!({
            "walks": (1..).zip(&self.small).map(bounded).collect::<Vec<_>>(),
            "ours": self.ours(),
        })
    }

    fn ours(&self) -> Vec<Value> {
        self.ours
            .iter()
            .map(|complaint| json!({"key": complaint.label, "marker": complaint.marker}))
            .collect()
    }

    pub(super) fn records(&self) -> Vec<Arc<Record>> {
        let small = self.small.iter().flat_map(|walk| &walk.pages);
        let large = self.references.iter().flat_map(|walk| &walk.pages);
        small.chain(large).map(|page| Arc::clone(&page.record)).collect()
    }
}

fn reference(walk: &Walk) -> Value {
    let end = if walk.complete { "selesai" } else { "batas" };
    json!({"pages": walk.pages.iter().map(|page| page.record.seq).collect::<Vec<_>>(), "end": end})
}

fn seqs(pages: &[Answered]) -> Vec<u64> {
    pages.iter().map(|page| page.record.seq).collect()
}
