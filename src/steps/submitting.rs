//! Sentences about sending: complaints that stand before, submissions and their receipts (PB-02, and the shared
//! forms).

use std::sync::Arc;

use futures::future::{try_join, try_join_all};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::Record;
use crate::run::{Ask, BakuOptions, Caller, Draft, Halt, Walk, World};
use crate::target::Answered;

use super::args::Args;
use super::burst;
use super::chain::{acknowledged, categories, draft, holds, read, read_own, send, shows, submit, text};
use super::recent::look_until;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor>(?: pada kategori (keempat))?$"
        "complaint {1} of {2} (in category: {3})" => complaints_of;
    ketika r"^<aktor> mengirim pengaduan <P>(?: pada kategori (keempat))?$"
        "{1} submits complaint {2} (in category: {3})" => submits;
    ketika r"^<aktor> mengirim satu pengaduan baku untuk setiap kategori dan setiap kanal yang terikat$"
        "{1} submits one default complaint for every category and every bound channel" => submits_every_kind;
    maka r"^setiap tanda terima memuat <bidang>$"
        "every receipt holds {1}" => receipts_hold;
    maka r"^<aktor> menemukan (?:(setiap pengaduan itu)|<P>) dengan penandanya sendiri$"
        "{1} find {2}{3} with its own marker" => find_by_marker;
];

/// The submissions of the scenario that *Maka* judge.
#[derive(Default)]
struct Submissions {
    sent: Vec<Submission>,
}

/// One submission with what its own address showed at once.
#[derive(Clone)]
struct Submission {
    /// `kategori_3`, or the complaint's label.
    key: String,
    draft: Draft,
    submit: Answered,
    reads: Vec<Answered>,
}

impl Submission {
    fn number(&self) -> Option<String> {
        let reads = self.reads.iter().rev().map(|read| &read.mapped);
        std::iter::once(&self.submit.mapped)
            .chain(reads)
            .find_map(|mapped| text(mapped, "nomor_pelacakan"))
    }
}

async fn complaints_of(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, owner, caller) = (a.objects(1)?, a.actor(2)?, w.caller()?);
    for label in labels {
        let draft = draft(&caller, owner, category(&caller, a.has(3)).await?).await?;
        let complaint = if a.has(3) {
            // PB-02: whether the acknowledged id is its own is what *Maka* judges; here it only has to show.
            let answered = send(&caller, &label, &draft).await?;
            let complaint = acknowledged(&caller, &label, draft, &answered)?;
            read_own(&caller, owner, &complaint).await?;
            complaint
        } else {
            submit(&caller, &label, draft).await?
        };
        w.insert(&label, complaint);
    }
    Ok(())
}

async fn submits(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, labels, caller) = (a.actor(1)?, a.objects(2)?, w.caller()?);
    for label in labels {
        let draft = draft(&caller, owner, category(&caller, a.has(3)).await?).await?;
        let submission = submission(&caller, label.clone(), draft).await?;
        let complaint = acknowledged(&caller, &label, submission.draft.clone(), &submission.submit)?;
        w.insert(&label, complaint);
        w.memory::<Submissions>().sent.push(submission);
    }
    Ok(())
}

/// The fourth category, or the last where there are fewer.
async fn category(caller: &Caller, fourth: bool) -> Result<BakuOptions, Halt> {
    let category = if fourth {
        categories(caller).await?.iter().take(4).next_back().cloned()
    } else {
        None
    };
    Ok(BakuOptions {
        category,
        ..BakuOptions::default()
    })
}

async fn submits_every_kind(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, caller) = (a.actor(1)?, w.caller()?);
    let kinds = categories(&caller)
        .await?
        .iter()
        .take(5)
        .enumerate()
        .map(|(at, category)| {
            let options = BakuOptions {
                category: Some(category.clone()),
                ..BakuOptions::default()
            };
            (format!("kategori_{}", at + 1), options)
        });
    let channels = caller.cx().statement().document().nilai.kanal.iter().map(|channel| {
        let options = BakuOptions {
            channel: Some(channel.clone()),
            ..BakuOptions::default()
        };
        (format!("kanal_{channel}"), options)
    });
    let mut sent = Vec::new();
    for (key, options) in kinds.chain(channels) {
        let draft = draft(&caller, owner, options).await?;
        sent.push(submission(&caller, key, draft));
    }
    // A few at once: what is slow to appear is waited for together, and bursts are PB-04's matter.
    w.memory::<Submissions>().sent = stream::iter(sent).buffered(3).try_collect().await?;
    Ok(())
}

/// Sends, then looks at the acknowledged address until the text shows or `jeda_tampak` is over.
async fn submission(caller: &Caller, key: String, draft: Draft) -> Result<Submission, Halt> {
    let submit = send(caller, &key, &draft).await?;
    let mut reads = Vec::new();
    if let Ok(complaint) = acknowledged(caller, &key, draft.clone(), &submit) {
        let (owner, fixture) = (draft.owner, draft.fixture);
        reads.push(
            caller
                .until(|| read(caller, owner, &complaint), |answered| shows(answered, fixture))
                .await?,
        );
    }
    Ok(Submission {
        key,
        draft,
        submit,
        reads,
    })
}

async fn receipts_hold(w: &mut World, a: Args) -> Result<(), Halt> {
    let fields = a.fields(1)?;
    let sent = w.memory::<Submissions>().sent.clone();
    let declared: Vec<String> = sent
        .iter()
        .flat_map(|one| fields.iter().map(move |field| format!("{}/{field}", one.key)))
        .collect();
    w.declare(&declared)?;
    let one = |one: &Submission| json!({"key": one.key, "submit": one.submit.record.seq, "reads": seqs(&one.reads)});
    let params = json!({"fields": fields, "submissions": sent.iter().map(one).collect::<Vec<_>>()});
    let records = sent
        .iter()
        .flat_map(|one| std::iter::once(&one.submit).chain(&one.reads))
        .map(record)
        .collect();
    w.check(Ask {
        oracle: "tanda_terima",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn find_by_marker(w: &mut World, a: Args) -> Result<(), Halt> {
    let actors = a.actors(1)?;
    if a.has(2) && burst::is_under_way(w) {
        return burst::find(w, &actors).await;
    }
    let mut sent = w.memory::<Submissions>().sent.clone();
    if !a.has(2) {
        let labels = a.objects(3)?;
        sent.retain(|one| labels.contains(&one.key));
    }
    if sent.is_empty() {
        return Err(Halt::error("nothing was submitted that could be found"));
    }
    let caller = w.caller()?;
    let declared: Vec<String> = actors
        .iter()
        .flat_map(|actor| sent.iter().flat_map(move |one| keys(*actor, one)))
        .collect();
    w.declare(&declared)?;
    let mut looked = Looked::default();
    let addresses = try_join_all(
        actors
            .iter()
            .map(|actor| try_join_all(sent.iter().map(|one| look(&caller, *actor, one)))),
    );
    let lists = try_join_all(
        actors
            .iter()
            .filter(|actor| **actor == Actor::Admin)
            .map(|actor| listed(&caller, *actor, &sent)),
    );
    let (addresses, lists) = try_join(addresses, lists).await?;
    for walk in &lists {
        looked.list(&sent, walk, Actor::Admin);
    }
    for (actor, answers) in actors.iter().zip(&addresses) {
        for (one, answered) in sent.iter().zip(answers) {
            looked.at_address(*actor, one, answered.as_ref());
        }
    }
    looked.records.extend(sent.iter().map(|one| record(&one.submit)));
    let Looked { sightings, records } = looked;
    w.check(Ask {
        oracle: "penanda_ditemukan",
        params: json!({"sightings": sightings}),
        records,
        declared,
        miss: None,
    })
    .await
}

/// What was looked at.
#[derive(Default)]
struct Looked {
    sightings: Vec<Value>,
    records: Vec<Arc<Record>>,
}

impl Looked {
    fn at_address(&mut self, actor: Actor, one: &Submission, answered: Option<&Answered>) {
        let via = if actor == Actor::Publik { "track" } else { "read" };
        let reads: Vec<u64> = answered.map(|answered| answered.record.seq).into_iter().collect();
        self.sighting(&format!("{}/{via}@{actor}", one.key), via, one, &reads, false);
        self.records.extend(answered.map(record));
    }

    fn list(&mut self, sent: &[Submission], walk: &Walk, actor: Actor) {
        let pages = seqs(&walk.pages);
        for one in sent {
            self.sighting(&format!("{}/list@{actor}", one.key), "list", one, &pages, walk.complete);
        }
        self.records.extend(walk.pages.iter().map(record));
    }

    fn sighting(&mut self, key: &str, via: &str, one: &Submission, seqs: &[u64], complete: bool) {
        self.sightings.push(json!({
            "key": key, "via": via, "submit": one.submit.record.seq, "seqs": seqs, "fixture": one.draft.fixture,
            "marker": one.draft.marker, "number": one.number(), "complete": complete,
        }));
    }
}

/// The legs of one actor's look for one submission.
fn keys(actor: Actor, one: &Submission) -> Vec<String> {
    let via = if actor == Actor::Publik { "track" } else { "read" };
    let list = (actor == Actor::Admin).then(|| format!("{}/list@{actor}", one.key));
    std::iter::once(format!("{}/{via}@{actor}", one.key))
        .chain(list)
        .collect()
}

/// Reads (the public: tracks) what was acknowledged, until its text shows or `jeda_tampak` is over.
async fn look(caller: &Caller, actor: Actor, one: &Submission) -> Result<Option<Answered>, Halt> {
    let (op, member, value) = match actor {
        Actor::Publik => (Op::Track, "nomor_pelacakan", one.number()),
        _ => (Op::Read, "id", text(&one.submit.mapped, "id")),
    };
    let Some(value) = value else { return Ok(None) };
    let make = || {
        caller
            .call(op, actor, json!({member: value}))
            .object(one.key.clone())
            .part(crate::evidence::record::Part::SecondRead)
    };
    let (fixture, number) = (one.draft.fixture, one.number());
    // Before verification a tracking page may show no more than number, status and times.
    let tracked = |answered: &Answered| op == Op::Track && number.is_some() && text(&answered.mapped, member) == number;
    Ok(Some(
        caller
            .until(make, |answered| shows(answered, fixture) || tracked(answered))
            .await?,
    ))
}

async fn listed(caller: &Caller, actor: Actor, sent: &[Submission]) -> Result<Walk, Halt> {
    let all = |walk: &Walk| {
        sent.iter()
            .all(|one| walk.items.iter().any(|item| holds(item, &one.draft.marker)))
    };
    look_until(caller, actor, all).await
}

fn seqs(answered: &[Answered]) -> Vec<u64> {
    answered.iter().map(|answered| answered.record.seq).collect()
}

fn record(answered: &Answered) -> Arc<Record> {
    Arc::clone(&answered.record)
}
