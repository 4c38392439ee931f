//! Sentences about closed code lists (DT-02): a complaint in every status, read, listed and tracked by everybody.

use std::sync::Arc;

use futures::stream::{self, StreamExt as _};
use serde_json::{Value, json};

use crate::domain::{Actor, Capability, Op, Status};
use crate::evidence::record::{Reading, Record};
use crate::oracle::shape::codes;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, Walk, World};
use crate::target::Answered;

use super::args::Args;
use super::chain::{act, bring_to, categories, draft, first_page, holds, read, status, submit, walk_until};
use super::odd_input::looks_at_all;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^pengaduan <aktor> dibawa ke setiap status yang tercapai$"
        "complaints of {1} are brought to every status that can be reached" => one_a_status;
    maka r"^pembacaan, daftar, dan pelacakan menyebut kode yang sama bagi <aktor>$"
        "read, list and tracking name the same codes for {1}" => views_agree;
    maka r"^setiap kata kode yang keluar berasal dari daftar kode$"
        "every code word that comes out is one of the code lists" => words_known;
];

/// Complaints that are brought to a status at once.
const AT_ONCE: usize = 4;

/// The complaints by what was done with them.
#[derive(Default)]
struct Reached(Vec<(String, Complaint)>);

/// How a complaint is to end.
#[derive(Clone, Copy)]
enum Course {
    To(Status),
    GivenAgain,
    ClosedByOwner,
}

impl Course {
    fn key(self) -> String {
        match self {
            Self::To(status) => status.id().to_owned(),
            Self::GivenAgain => "redisposisi".to_owned(),
            Self::ClosedByOwner => "ditutup_pelapor".to_owned(),
        }
    }
}

async fn one_a_status(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, caller) = (a.actor(1)?, w.caller()?);
    let category = categories(&caller).await?.last().cloned();
    let courses = Status::ALL
        .iter()
        .map(|status| Course::To(*status))
        .chain([Course::GivenAgain, Course::ClosedByOwner]);
    let (caller, category) = (&caller, &category);
    let reached: Vec<_> = stream::iter(courses)
        .map(|course| async move {
            let options = BakuOptions {
                category: category.clone(),
                ..BakuOptions::default()
            };
            let draft = draft(caller, owner, options).await?;
            let complaint = submit(caller, &course.key(), draft).await?;
            follow(caller, course, complaint).await
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut kept = Vec::new();
    for one in reached {
        match one {
            Ok(complaint) => kept.push((complaint.label.clone(), complaint)),
            // What cannot be reached is not missed; whether enough was reached is judged.
            Err(Halt::Inconclusive { .. } | Halt::NotApplicable(_)) => {}
            Err(halt) => return Err(halt),
        }
    }
    w.memory::<Reached>().0 = kept;
    Ok(())
}

async fn follow(caller: &Caller, course: Course, mut complaint: Complaint) -> Result<Complaint, Halt> {
    let cx = caller.cx();
    let without = |what: &str| Halt::NotApplicable(what.to_owned());
    match course {
        Course::To(status) => bring_to(caller, &mut complaint, status).await?,
        Course::GivenAgain => {
            if !cx.claims().capabilities.contains(&Capability::Redisposisi) {
                return Err(without("redisposisi"));
            }
            bring_to(caller, &mut complaint, Status::Terdisposisi).await?;
            act(caller, Op::Dispose, Actor::Admin, &complaint).await?;
        }
        Course::ClosedByOwner => {
            if !cx.target().routed(Op::Close) {
                return Err(without("close"));
            }
            bring_to(caller, &mut complaint, Status::Diproses).await?;
            // Whether a reporter may close is the application's choice.
            let closed = act(caller, Op::Close, complaint.owner, &complaint).await?;
            if closed.reading != Reading::Accepted {
                return Err(without("close@pelapor"));
            }
            complaint.status = Status::Selesai;
        }
    }
    Ok(complaint)
}

async fn views_agree(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actors, caller) = (a.actors(1)?, w.caller()?);
    let reached = w.memory::<Reached>().0.clone();
    let declared: Vec<String> = reached.iter().map(|(key, _)| key.clone()).collect();
    w.declare(&declared)?;
    let mut pages: Vec<Answered> = Vec::new();
    for actor in &actors {
        pages.extend(listed(&caller, *actor, &reached).await?);
    }
    let (mut looked, mut records): (Vec<Value>, Vec<Arc<Record>>) = (Vec::new(), Vec::new());
    for (key, complaint) in &reached {
        let mut views = Vec::new();
        for actor in &actors {
            views.extend(viewed(&caller, *actor, complaint).await?);
        }
        looked.push(json!({
            "key": key, "marker": complaint.marker, "views": seqs(&views), "pages": seqs(&pages),
        }));
        records.extend(views.iter().map(|view| Arc::clone(&view.record)));
    }
    records.extend(pages.iter().map(|page| Arc::clone(&page.record)));
    let lossy = caller.cx().statement().document().ikatan.status.rugi.clone();
    w.check(Ask {
        oracle: codes::AGREED,
        params: json!({"looked": looked, "lossy": lossy}),
        records,
        declared,
        miss: None,
    })
    .await
}

/// The pages of an actor's list, by the category where the list can be filtered, once it has caught up.
async fn listed(caller: &Caller, actor: Actor, reached: &[(String, Complaint)]) -> Result<Vec<Answered>, Halt> {
    let target = caller.cx().target();
    if !target.bound(Op::List, actor) {
        return Ok(Vec::new());
    }
    let mut input = first_page(caller);
    let filtered = target
        .inputs(Op::List, actor)
        .iter()
        .any(|input| input.name == "kategori");
    if let (true, Some(members), Some((_, first))) = (filtered, input.as_object_mut(), reached.first()) {
        members.insert("kategori".to_owned(), first.input["kategori_id"].clone());
    }
    let caught_up = |walk: &Walk| {
        walk.items.iter().all(|item| {
            let own = reached.iter().find(|(_, complaint)| holds(item, &complaint.marker));
            own.is_none_or(|(_, complaint)| item.get("status").and_then(Value::as_str) == Some(complaint.status.id()))
        })
    };
    Ok(walk_until(caller, Op::List, actor, &input, caught_up).await?.pages)
}

/// What an actor is shown of one complaint, once it has caught up.
async fn viewed(caller: &Caller, actor: Actor, complaint: &Complaint) -> Result<Vec<Answered>, Halt> {
    let target = caller.cx().target();
    let caught_up =
        |answered: &Answered| answered.reading != Reading::Accepted || status(answered) == Some(complaint.status);
    let mut views = Vec::new();
    if actor == Actor::Admin && target.bound(Op::History, actor) {
        // Its words are looked at; it names no status of now.
        let call = caller.call(Op::History, actor, json!({"id": complaint.id}));
        call.object(complaint.label.clone()).send().await?;
    }
    if target.bound(Op::Read, actor) {
        views.push(caller.until(|| read(caller, actor, complaint), caught_up).await?);
    }
    if let (Some(number), true) = (&complaint.number, target.bound(Op::Track, actor)) {
        let make = || {
            caller
                .call(Op::Track, actor, json!({"nomor_pelacakan": number}))
                .object(complaint.label.clone())
        };
        views.push(caller.until(make, caught_up).await?);
    }
    Ok(views)
}

async fn words_known(w: &mut World, _: Args) -> Result<(), Halt> {
    let reached = !looks_at_all(w);
    let events = &w.cx()?.statement().document().nilai.peristiwa_sendiri;
    let params = json!({"events": events, "reached": reached});
    let declared = std::iter::once(codes::WHOLE)
        .chain(reached.then_some(codes::REACHED))
        .map(str::to_owned);
    w.check(Ask {
        oracle: codes::NAME,
        params,
        declared: declared.collect(),
        ..Ask::default()
    })
    .await
}

fn seqs(answered: &[Answered]) -> Vec<u64> {
    answered.iter().map(|answered| answered.record.seq).collect()
}
