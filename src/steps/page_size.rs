//! Sentences about the size of a page (DT-20): asked for, honoured up to the declared cap, clamped or refused beyond it.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::oracle::page_size::{Asked, NAME, Probe, WALK};
use crate::run::{Ask, Caller, Halt, WalkStop, World};
use crate::target::Answered;

use super::args::{Args, cell};
use super::chain::first_page;
use super::paging::{Walks, send_at_once};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan lebih banyak daripada yang muat pada halaman terbesar <aktor>$"
        "more complaints than fit on the largest page of {1}" => more_than_a_page;
    ketika r"^<aktor> meminta daftar dengan ukuran:$"
        "{1} asks for the list with the page size:" => ask_sizes;
    ketika r"^<aktor> menelusuri daftar dengan halaman lebih besar daripada batasnya$"
        "{1} walks the list in pages larger than the cap" => walk_oversized;
    maka r"^ukuran di dalam batas dipatuhi$"
        "sizes within the cap are honoured" => within;
    maka r"^ukuran lain dibatasi atau ditolak$"
        "other sizes are clamped or refused" => beyond;
    maka r"^penelusuran itu ditolak atau tidak melewatkan satu pengaduan pun$"
        "that walk is refused or skips no complaint" => refused_or_complete;
];

/// What a run may add at most to have more than a page (data.md, DT-20).
const MOST_ADDED: usize = 200;

/// How many are sent at once: fewer than a burst.
const AT_ONCE: usize = 6;

/// What every run adds: enough that sizes 1 and 2 mean something.
const FEW: usize = 3;

/// The sizes of the scenario.
#[derive(Default)]
struct Sizes {
    /// How many complaints the list held before.
    held: usize,
    probes: Vec<(Probe, Answered)>,
}

/// The declared cap.
fn cap(world: &World) -> Result<Option<u64>, Halt> {
    Ok(world.cx()?.statement().document().batas.halaman_ukuran_maks)
}

/// Whether the statement binds a size for the list.
fn selectable(caller: &Caller, actor: Actor) -> bool {
    let inputs = caller.cx().target().inputs(Op::List, actor);
    inputs.iter().any(|input| input.name == "ukuran")
}

async fn more_than_a_page(world: &mut World, args: Args) -> Result<(), Halt> {
    let (actor, caller) = (args.actor(1)?, world.caller()?);
    let wanted = cap(world)?.map_or(FEW, |cap| usize::try_from(cap).unwrap_or(usize::MAX).saturating_add(1));
    let before = caller
        .walk(Op::List, actor, first_page(&caller), WalkStop::Whole)
        .await?;
    let held = before.items.len();
    // Many writes are for runs that may be intrusive; others judge with what there is.
    let allowed = if caller.cx().intrusive() { MOST_ADDED } else { FEW };
    // A few of our own in any case: they are what a walk must not skip.
    let missing = wanted.saturating_sub(held).min(allowed).max(FEW);
    let mut added = 0;
    while added < missing {
        let ours = send_at_once(&caller, (missing - added).min(AT_ONCE)).await?;
        added += ours.len();
        world.memory::<Walks>().ours.extend(ours);
    }
    world.memory::<Sizes>().held = held + added;
    Ok(())
}

async fn ask_sizes(world: &mut World, args: Args) -> Result<(), Halt> {
    let (actor, caller, cap) = (args.actor(1)?, world.caller()?, cap(world)?);
    let selectable = selectable(&caller, actor);
    let mut probes = Vec::new();
    for row in args.table()? {
        let words = cell(&row, "ukuran")?;
        let (asked, value) = asked(words, cap);
        let Some(value) = value else { continue };
        let input = json!({"halaman": 1, "ukuran": value});
        let answered = caller
            .call(Op::List, actor, input)
            .class(format!("ukuran {words}"))
            .send()
            .await?;
        let probe = Probe {
            key: words.to_owned(),
            asked,
            seq: answered.record.seq,
        };
        probes.push((probe, answered));
        if !selectable {
            // Whatever is asked for, the same page comes: one look tells all.
            break;
        }
    }
    world.memory::<Sizes>().probes = probes;
    Ok(())
}

/// What a cell asks for. A cell about the cap means nothing where none is declared.
fn asked(words: &str, cap: Option<u64>) -> (Asked, Option<Value>) {
    match (words, words.parse::<u64>()) {
        ("batas", _) => (Asked::Cap, cap.map(|cap| json!(cap))),
        ("batas + 1", _) => (Asked::Over, cap.map(|cap| json!(cap.saturating_add(1)))),
        (_, Ok(0) | Err(_)) => (Asked::Odd, Some(json!(words))),
        (_, Ok(number)) if number <= FEW as u64 => (Asked::Exactly(number), Some(json!(number))),
        (_, Ok(number)) => (Asked::Over, Some(json!(number))),
    }
}

async fn within(world: &mut World, _: Args) -> Result<(), Halt> {
    ask(world, |asked| matches!(asked, Asked::Exactly(_) | Asked::Cap)).await
}

async fn beyond(world: &mut World, _: Args) -> Result<(), Halt> {
    ask(world, |asked| matches!(asked, Asked::Over | Asked::Odd)).await
}

/// Asks the oracle about some of the probes. Where the size cannot be chosen, all of them look at the same page.
async fn ask(world: &mut World, wanted: fn(&Asked) -> bool) -> Result<(), Halt> {
    let (caller, cap) = (world.caller()?, cap(world)?);
    let selectable = selectable(&caller, Actor::Admin);
    let sizes = world.memory::<Sizes>();
    let chosen: Vec<_> = sizes
        .probes
        .iter()
        .filter(|(probe, _)| wanted(&probe.asked) || !selectable)
        .collect();
    let records = chosen
        .iter()
        .map(|(_, answered)| Arc::clone(&answered.record))
        .collect();
    let probes: Vec<_> = chosen.iter().map(|(probe, _)| probe.clone()).collect();
    let declared: Vec<String> = probes.iter().map(|probe| format!("ukuran {}", probe.key)).collect();
    let params = json!({"probes": probes, "cap": cap, "held": sizes.held, "selectable": selectable});
    world.declare(&declared)?;
    world
        .check(Ask {
            oracle: NAME,
            params,
            records,
            declared,
            miss: None,
        })
        .await
}

async fn walk_oversized(world: &mut World, args: Args) -> Result<(), Halt> {
    let (actor, caller) = (args.actor(1)?, world.caller()?);
    let Some(cap) = cap(world)? else {
        return Err(Halt::NotApplicable(
            "batas.halaman_ukuran_maks tidak dinyatakan".to_owned(),
        ));
    };
    if !selectable(&caller, actor) {
        return Err(Halt::NotApplicable("ukuran halaman tidak terikat".to_owned()));
    }
    let size = usize::try_from(cap).unwrap_or(usize::MAX).saturating_add(1);
    let walks = std::mem::take(world.memory::<Walks>());
    *world.memory::<Walks>() = walks.oversized(caller, actor, size).await?;
    Ok(())
}

async fn refused_or_complete(world: &mut World, _: Args) -> Result<(), Halt> {
    let held = world.memory::<Sizes>().held;
    let cap = cap(world)?;
    let declared = vec!["penelusuran_1/lengkap".to_owned()];
    let walks = world.memory::<Walks>();
    let params = json!({"held": held, "cap": cap, "walk": walks.bounded()});
    let records = walks.records();
    world.declare(&declared)?;
    world
        .check(Ask {
            oracle: WALK,
            params,
            records,
            declared,
            miss: None,
        })
        .await
}
