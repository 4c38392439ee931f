//! Sentences about filters of lists (DT-21).

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::future::try_join_all;
use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::Record;
use crate::phrase;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, RunCtx, Walk, World};
use crate::verdict::Reason;

use super::args::Args;
use super::chain::{bring_to, categories, draft, first_page, holds, observer, read, status, submit, walk_until};
use super::routes::{Rules, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan baku dalam <n> kategori dan <n> status$"
        "default complaints in {1} categories and {2} statuses" => complaints_of_kinds;
    ketika r"^<aktor> menyaring daftar menurut status, menurut kategori, dan menurut keduanya$"
        "{1} filters the list by status, by category, and by both" => filter;
    ketika r"^<aktor> menyaring daftar menurut nilai yang tidak dikenal dan menurut nilai kosong$"
        "{1} filters the list by unknown values and by empty values" => filter_oddly;
    maka r"^setiap daftar yang disaring memuat tepat pengaduan yang cocok$"
        "every filtered list holds exactly the complaints that fit" => holds_exactly;
    maka r"^nilai yang tidak dikenal menghasilkan daftar kosong atau penolakan$"
        "unknown values give an empty list or a refusal" => unknown_gives_none;
    maka r"^nilai kosong sama dengan tanpa saringan atau ditolak$"
        "empty values are as no filter, or are refused" => empty_is_none;
];

/// Statuses in the order of preference: those that the fewest acts reach come first.
const STATUSES: &[Status] = &[
    Status::MenungguVerifikasi,
    Status::Terverifikasi,
    Status::Terdisposisi,
    Status::Diproses,
    Status::Diarsipkan,
    Status::Selesai,
    Status::Ditunda,
];

/// What the scenario made and asked.
#[derive(Default)]
struct Filtering {
    ours: Vec<Complaint>,
    statuses: Vec<Status>,
    categories: Vec<String>,
    references: Vec<Walk>,
    exact: Vec<Asked>,
    unknown: Vec<Asked>,
    empty: Vec<Asked>,
}

/// One filtered walk.
#[derive(Clone)]
struct Asked {
    key: String,
    walk: Option<Walk>,
    left_out: Option<String>,
    statuses: Vec<String>,
    categories: Vec<String>,
    value: Option<String>,
}

/// What a filter says.
#[derive(Clone, Default)]
struct Filter {
    status: Option<String>,
    category: Option<String>,
}

async fn complaints_of_kinds(w: &mut World, a: Args) -> Result<(), Halt> {
    let (kinds, count, caller) = (a.number(1)?, a.number(2)?, w.caller()?);
    let known: Vec<String> = categories(&caller).await?.iter().take(kinds).cloned().collect();
    if known.len() < kinds && bound(caller.cx(), Actor::Admin, "kategori") {
        let text = phrase!(
            "perlu {kinds} kategori untuk menyaring",
            "{kinds} categories are needed to filter"
        );
        return Err(Halt::inconclusive(Reason::FixtureMissing, text));
    }
    let statuses = reachable(caller.cx(), count);
    if statuses.len() < 2 {
        let text = phrase!(
            "operasi yang terikat tidak mencapai dua status yang dapat dibedakan oleh saringan",
            "the bound operations do not reach two statuses that a filter can tell apart"
        );
        return Err(Halt::inconclusive(Reason::PreconditionUnmet, text));
    }
    let wanted = known
        .iter()
        .flat_map(|category| statuses.iter().map(move |status| (category, *status)));
    let made = wanted.map(|(category, status)| one(&caller, category, status));
    let ours = try_join_all(made).await?;
    let filtering = w.memory::<Filtering>();
    filtering.ours = ours;
    filtering.statuses = statuses;
    filtering.categories = known;
    Ok(())
}

async fn one(caller: &Caller, category: &str, wanted: Status) -> Result<Complaint, Halt> {
    let options = BakuOptions {
        category: Some(category.to_owned()),
        ..BakuOptions::default()
    };
    let draft = draft(caller, Actor::PelaporA, options).await?;
    let label = format!("{wanted}·{category}");
    let mut complaint = submit(caller, &label, draft).await?;
    bring_to(caller, &mut complaint, wanted).await?;
    Ok(complaint)
}

/// The first statuses that bound operations reach and whose words on the wire differ.
fn reachable(cx: &RunCtx, count: usize) -> Vec<Status> {
    let rules = Rules::of(cx);
    let mut chosen: Vec<Status> = Vec::new();
    for candidate in STATUSES {
        let distinct = chosen
            .iter()
            .all(|other| words(cx, *other).is_disjoint(&words(cx, *candidate)));
        let reached = || {
            rules
                .chain(Actor::PelaporA, *candidate, |op, actor| offered(cx, op, actor))
                .is_some()
        };
        if chosen.len() < count && distinct && !words(cx, *candidate).is_empty() && reached() {
            chosen.push(*candidate);
        }
    }
    chosen
}

/// The words that a status filter sends for a status. Where the statement has words, a status without one cannot be
/// asked for.
fn words(cx: &RunCtx, status: Status) -> BTreeSet<String> {
    let table = &cx.statement().document().ikatan.status.kirim;
    if table.is_empty() {
        return BTreeSet::from([status.id().to_owned()]);
    }
    let words = table.get(&status).map(String::as_str).unwrap_or_default();
    words
        .split(',')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn bound(cx: &RunCtx, actor: Actor, parameter: &str) -> bool {
    cx.target()
        .inputs(Op::List, actor)
        .iter()
        .any(|input| input.name == parameter)
}

async fn filter(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, caller) = (a.actor(1)?, w.caller()?);
    let filtering = std::mem::take(w.memory::<Filtering>());
    let mut filtering = filtering;
    filtering
        .references
        .push(reference(&caller, actor, &filtering.ours).await?);
    let mut filters = Vec::new();
    for status in &filtering.statuses {
        let filter = Filter {
            status: Some(status.id().to_owned()),
            ..Filter::default()
        };
        filters.push((format!("status/{status}"), filter));
    }
    for (number, category) in (1..).zip(&filtering.categories) {
        let filter = Filter {
            category: Some(category.clone()),
            ..Filter::default()
        };
        filters.push((format!("kategori/{number}"), filter));
    }
    let pairs = filtering.statuses.iter().rev().zip(&filtering.categories);
    for (number, (status, category)) in (1..).zip(pairs) {
        let filter = Filter {
            status: Some(status.id().to_owned()),
            category: Some(category.clone()),
        };
        filters.push((format!("status dan kategori/{number}"), filter));
    }
    for (key, filter) in filters {
        let asked = ask(&caller, actor, key, &filter, &filtering.ours).await?;
        filtering.exact.push(asked);
    }
    *w.memory::<Filtering>() = filtering;
    Ok(())
}

async fn filter_oddly(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, caller) = (a.actor(1)?, w.caller()?);
    let mut filtering = std::mem::take(w.memory::<Filtering>());
    let status = "laik_tidak_dikenal".to_owned();
    let category = unknown_category(&filtering.categories);
    let by = |status: Option<&str>, category: Option<&str>| Filter {
        status: status.map(str::to_owned),
        category: category.map(str::to_owned),
    };
    for (name, filter, value) in [
        ("status", by(Some(&status), None), status.clone()),
        ("kategori", by(None, Some(&category)), category.clone()),
    ] {
        let asked = ask(&caller, actor, format!("tidak dikenal/{name}"), &filter, &[]).await?;
        filtering.unknown.push(Asked {
            value: Some(value),
            ..asked
        });
    }
    for (name, filter) in [("status", by(Some(""), None)), ("kategori", by(None, Some("")))] {
        let asked = ask(&caller, actor, format!("kosong/{name}"), &filter, &[]).await?;
        filtering.empty.push(asked);
    }
    filtering
        .references
        .push(reference(&caller, actor, &filtering.ours).await?);
    *w.memory::<Filtering>() = filtering;
    Ok(())
}

/// A category id of the same shape as the known ones, which none of them is.
fn unknown_category(known: &[String]) -> String {
    let all = |test: fn(&str) -> bool| !known.is_empty() && known.iter().all(|id| test(id));
    if all(|id| id.bytes().all(|byte| byte.is_ascii_digit())) {
        return "99999937".to_owned();
    }
    if all(|id| id.len() == 36 && id.matches('-').count() == 4) {
        return "9f9f9f9f-0000-4000-8000-000000000937".to_owned();
    }
    "laik-tidak-dikenal".to_owned()
}

/// A walk through the filtered list, until what fits shows or `jeda_tampak` is over.
async fn ask(caller: &Caller, actor: Actor, key: String, filter: &Filter, ours: &[Complaint]) -> Result<Asked, Halt> {
    let cx = caller.cx();
    let document = cx.statement().document();
    let parameters = [("status", &filter.status), ("kategori", &filter.category)];
    let unbound = parameters
        .iter()
        .find(|(name, value)| value.is_some() && !bound(cx, actor, name));
    let below = |category: &String| document.nilai.subkategori.get(category).cloned().unwrap_or_default();
    let mut asked = Asked {
        key,
        walk: None,
        left_out: unbound.map(|(name, _)| format!("list.{name}")),
        statuses: filter.status.as_deref().map(|word| alike(cx, word)).unwrap_or_default(),
        categories: filter
            .category
            .iter()
            .flat_map(|category| std::iter::once(category.clone()).chain(below(category)))
            .collect(),
        value: None,
    };
    if asked.left_out.is_some() {
        return Ok(asked);
    }
    let mut input: Map<String, Value> = first_page(caller).as_object().cloned().unwrap_or_default();
    for (name, value) in parameters {
        if let Some(value) = value {
            input.insert(name.to_owned(), json!(value));
        }
    }
    let fits = |complaint: &Complaint| {
        let category = complaint
            .input
            .get("kategori_id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        asked
            .statuses
            .first()
            .is_none_or(|status| *status == complaint.status.id())
            && (asked.categories.is_empty() || asked.categories.iter().any(|wanted| wanted == category))
    };
    let seen = |walk: &Walk| {
        ours.iter()
            .filter(|complaint| fits(complaint))
            .all(|complaint| walk.items.iter().any(|item| holds(item, &complaint.marker)))
    };
    let walk = walk_until(caller, Op::List, actor, &Value::Object(input), seen).await?;
    asked.walk = Some(walk);
    Ok(asked)
}

/// A status with those that its word on the wire does not tell from it.
fn alike(cx: &RunCtx, word: &str) -> Vec<String> {
    let Some(status) = Status::by_id(word) else {
        return Vec::new();
    };
    let wanted = words(cx, status);
    let others = Status::ALL
        .iter()
        .filter(|other| **other != status && !words(cx, **other).is_disjoint(&wanted));
    std::iter::once(&status)
        .chain(others)
        .map(|status| status.id().to_owned())
        .collect()
}

async fn reference(caller: &Caller, actor: Actor, ours: &[Complaint]) -> Result<Walk, Halt> {
    let all = |walk: &Walk| {
        ours.iter()
            .all(|one| walk.items.iter().any(|item| holds(item, &one.marker)))
    };
    walk_until(caller, Op::List, actor, &first_page(caller), all).await
}

async fn holds_exactly(w: &mut World, _: Args) -> Result<(), Halt> {
    judge(w, "saringan_tepat", |filtering| filtering.exact.clone()).await
}

async fn unknown_gives_none(w: &mut World, _: Args) -> Result<(), Halt> {
    judge(w, "saringan_asing", |filtering| filtering.unknown.clone()).await
}

async fn empty_is_none(w: &mut World, _: Args) -> Result<(), Halt> {
    judge(w, "saringan_kosong", |filtering| filtering.empty.clone()).await
}

/// Reads our complaints one by one and asks an oracle about some of the walks.
async fn judge(w: &mut World, oracle: &'static str, choose: fn(&Filtering) -> Vec<Asked>) -> Result<(), Halt> {
    let caller = w.caller()?;
    let (asked, ours, references) = {
        let filtering = w.memory::<Filtering>();
        (choose(filtering), filtering.ours.clone(), filtering.references.clone())
    };
    let declared: Vec<String> = asked.iter().map(|asked| asked.key.clone()).collect();
    w.declare(&declared)?;
    let reads = ours.iter().map(|complaint| {
        let make = || read(&caller, observer(&caller), complaint);
        let caller = caller.clone();
        async move {
            caller
                .until(make, |answered| status(answered) == Some(complaint.status))
                .await
        }
    });
    let reads = try_join_all(reads).await?;
    let walk = |walk: &Walk| {
        let pages: Vec<u64> = walk.pages.iter().map(|page| page.record.seq).collect();
        json!({"pages": pages, "complete": walk.complete})
    };
    let known = |(complaint, read): (&Complaint, &crate::target::Answered)| {
        json!({"key": complaint.label, "marker": complaint.marker, "status": complaint.status,
            "category": complaint.input.get("kategori_id"), "read": read.record.seq})
    };
    let one = |asked: &Asked| {
        json!({"key": asked.key, "walk": asked.walk.as_ref().map(walk), "left_out": asked.left_out,
            "statuses": asked.statuses, "categories": asked.categories, "value": asked.value})
    };
    let params = json!({
        "asked": asked.iter().map(one).collect::<Vec<_>>(),
        "ours": ours.iter().zip(&reads).map(known).collect::<Vec<_>>(),
        "references": references.iter().map(walk).collect::<Vec<_>>(),
    });
    let walks = asked.iter().filter_map(|asked| asked.walk.as_ref()).chain(&references);
    let mut records: Vec<Arc<Record>> = walks.flat_map(Caller::records).collect();
    records.extend(reads.iter().map(|read| Arc::clone(&read.record)));
    w.check(Ask {
        oracle,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_category_has_the_shape_of_the_known_ones() {
        let of = |ids: &[&str]| unknown_category(&ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["1", "22"]), "99999937");
        assert_eq!(of(&["01890a5d-ac96-774b-bcce-b302099a8057"]).len(), 36);
        assert_eq!(of(&["jalan", "2"]), "laik-tidak-dikenal");
        assert_eq!(of(&[]), "laik-tidak-dikenal");
    }
}
