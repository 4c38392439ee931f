//! DT-19: walking a list page by page is complete, keeps one order, and ends. Foreign writes are told from faults of
//! the application by what the walks around them saw.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, holds, items, several, text_of, unseen};
use super::{OracleFault, Window, params};

/// One walk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Walk {
    /// `penelusuran_1`; empty for a reference walk.
    #[serde(default)]
    key: String,
    pages: Vec<u64>,
    end: End,
}

/// How a walk ended.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum End {
    /// An empty page, an answer "not found", or no next page.
    Selesai,
    /// Pages that showed nothing new, again and again.
    Berulang,
    /// The declared number of pages.
    Batas,
    /// A page could not be read.
    Putus,
}

/// Parameters of `urutan_sama`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SameOrder {
    /// The quiet walks, in small pages.
    walks: Vec<Walk>,
    /// Walks in large pages before and after them.
    references: Vec<Walk>,
    ours: Vec<Marked>,
}

/// A complaint of the scenario.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked {
    /// Its stable name, `7`.
    key: String,
    /// The planted text of its title.
    marker: String,
}

/// Two quiet walks give one order without repeats, and end.
pub(super) fn same_order(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let order: SameOrder = params("urutan_sama", value)?;
    let walks = order
        .walks
        .iter()
        .map(|walk| Walked::of(walk, window))
        .collect::<Result<Vec<_>, _>>()?;
    let references = order
        .references
        .iter()
        .map(|walk| Walked::of(walk, window))
        .collect::<Result<Vec<_>, _>>()?;
    let disturbed = match references.as_slice() {
        [before, after] => {
            let sightings: Vec<&[&Value]> = std::iter::once(before)
                .chain(&walks)
                .chain([after])
                .map(|walk| walk.entries.as_slice())
                .collect();
            let ours = |item: &Value| order.ours.iter().any(|marked| holds(item, &marked.marker));
            disturbance(&sightings, ours)
        }
        _ => None,
    };
    let mut legs: Vec<Leg> = walks
        .iter()
        .map(|walk| walk.without_repeats(disturbed.as_ref()))
        .collect();
    if let [first, second] = walks.as_slice() {
        legs.push(one_order(first, second, disturbed.as_ref()));
    }
    Ok(legs)
}

/// A walk with what its pages held.
struct Walked<'a> {
    walk: &'a Walk,
    entries: Vec<&'a Value>,
    /// The name of each entry: its id, else its title.
    names: Vec<String>,
    /// Why a page is no evidence.
    open: Option<(Reason, Phrase)>,
}

impl<'a> Walked<'a> {
    fn of(walk: &'a Walk, window: &'a Window) -> Result<Self, OracleFault> {
        let mut walked = Self {
            walk,
            entries: Vec::new(),
            names: Vec::new(),
            open: None,
        };
        for seq in &walk.pages {
            let page = window.exchange(*seq)?;
            let open = || unseen(page).map(|reason| (reason, answered(page)));
            walked.open = walked.open.or_else(open).or_else(|| refused(page));
            walked.entries.extend(items(page));
        }
        if walked.open.is_none() && walk.end == End::Batas {
            let pages = walk.pages.len();
            let how = phrase!(
                "berhenti pada batas {pages} halaman",
                "it stopped at the limit of {pages} pages"
            );
            walked.open = Some((Reason::InsufficientEvidence, how));
        }
        walked.names = walked.entries.iter().filter_map(|entry| name(entry)).collect();
        if walked.open.is_none() && walked.names.len() < walked.entries.len() {
            let how = phrase!(
                "ada butir tanpa id dan tanpa judul",
                "there are entries without id and title"
            );
            walked.open = Some((Reason::InsufficientEvidence, how));
        }
        Ok(walked)
    }

    /// Whether it went through the whole list, page by page.
    fn whole(&self) -> bool {
        self.open.is_none() && self.walk.end == End::Selesai
    }

    fn without_repeats(&self, disturbed: Option<&Phrase>) -> Leg {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &self.names {
            *counts.entry(name).or_default() += 1;
        }
        let repeated = counts.values().filter(|count| **count > 1).count();
        let (all, pages) = (self.names.len(), self.walk.pages.len());
        let endless = self.walk.end == End::Berulang;
        let (outcome, actual) = if endless {
            let actual = phrase!(
                "tidak berakhir: sesudah {pages} halaman tidak ada lagi yang baru, dan halaman berikut tetap ditawarkan",
                "it does not end: after {pages} pages nothing new comes, and a next page is still offered"
            );
            (Outcome::Fail, actual)
        } else if repeated > 0 {
            let actual = phrase!(
                "{repeated} pengaduan muncul lebih dari sekali di antara {all} butir",
                "{repeated} complaints appear more than once among {all} entries"
            );
            verdict(false, actual, disturbed)
        } else if let Some((reason, how)) = &self.open {
            (Outcome::Inconclusive(*reason), how.clone())
        } else {
            let actual = phrase!(
                "{all} butir pada {pages} halaman, tanpa pengulangan",
                "{all} entries on {pages} pages, none repeated"
            );
            (Outcome::Pass, actual)
        };
        let expected = phrase!(
            "penelusuran tenang berakhir dan tidak mengulang satu pengaduan pun",
            "a quiet walk ends and repeats no complaint"
        );
        Leg::new(
            format!("{}/tanpa_pengulangan", self.walk.key),
            outcome,
            expected,
            actual,
            self.evidence(),
        )
    }

    fn evidence(&self) -> Vec<u64> {
        self.walk.pages.iter().copied().take(50).collect()
    }
}

fn one_order(first: &Walked<'_>, second: &Walked<'_>, disturbed: Option<&Phrase>) -> Leg {
    let expected = phrase!(
        "kedua penelusuran tenang memberi urutan yang sama",
        "both quiet walks give the same order"
    );
    let differs = first.names.iter().zip(&second.names).position(|(a, b)| a != b);
    let differs = differs
        .or_else(|| (first.names.len() != second.names.len()).then(|| first.names.len().min(second.names.len())));
    let open = first.open.as_ref().or(second.open.as_ref());
    let (all, other) = (first.names.len(), second.names.len());
    let (outcome, actual) = match (differs, open) {
        // What both walks saw is evidence; a walk that broke off or ran in circles has no order to compare.
        (_, Some((reason, how))) => (Outcome::Inconclusive(*reason), how.clone()),
        (Some(at), None) => {
            let place = at + 1;
            let actual = phrase!(
                "berbeda mulai butir ke-{place} ({all} dan {other} butir)",
                "they differ from entry {place} on ({all} and {other} entries)"
            );
            verdict(false, actual, disturbed)
        }
        (None, None) if all == 0 => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("daftar itu kosong", "the list is empty"),
        ),
        (None, None) => (
            Outcome::Pass,
            phrase!("{all} butir, urutan sama", "{all} entries, the same order"),
        ),
    };
    let evidence = first.evidence().into_iter().chain(second.evidence()).collect();
    Leg::new("urutan_sama", outcome, expected, actual, evidence)
}

/// A violation in disturbed walks proves nothing.
fn verdict(held: bool, actual: Phrase, disturbed: Option<&Phrase>) -> (Outcome, Phrase) {
    match (held, disturbed) {
        (true, _) => (Outcome::Pass, actual),
        (false, None) => (Outcome::Fail, actual),
        (false, Some(by)) => {
            let (id, en, why_id, why_en) = (&actual.id, &actual.en, &by.id, &by.en);
            (
                Outcome::Inconclusive(Reason::Unstable),
                phrase!("{id}; {why_id}", "{en}; {why_en}"),
            )
        }
    }
}

/// How a list is seen to have been written by others while it was walked: among sightings in the order of time, an
/// entry of others that is new, is gone, or has another status or time of change. An entry that is missing between
/// two sightings was skipped, which is no writing.
pub(crate) fn disturbance(sightings: &[&[&Value]], ours: impl Fn(&Value) -> bool) -> Option<Phrase> {
    let (first, last) = (sightings.first()?, sightings.last()?);
    let state = |item: &Value| (text_of(item, "status"), text_of(item, "waktu_diperbarui"));
    let mut states: BTreeMap<String, _> = BTreeMap::new();
    let foreign = |list: &[&Value]| -> BTreeSet<String> {
        list.iter()
            .filter(|item| !ours(item))
            .filter_map(|item| name(item))
            .collect()
    };
    let (before, after) = (foreign(first), foreign(last));
    let seen: BTreeSet<String> = sightings.iter().flat_map(|list| foreign(list)).collect();
    let (new, gone) = (seen.difference(&before).count(), seen.difference(&after).count());
    let mut changed = 0_usize;
    for item in sightings.iter().flat_map(|list| list.iter()).filter(|item| !ours(item)) {
        if let Some(name) = name(item) {
            let now = state(item);
            let known = states.entry(name).or_insert_with(|| now.clone());
            changed += usize::from(*known != now);
        }
    }
    (new + gone + changed > 0).then(|| {
        phrase!(
            "daftar itu ditulis pihak lain selama penelusuran (baru {new}, hilang {gone}, berubah {changed})",
            "others wrote to the list during the walk (new {new}, gone {gone}, changed {changed})"
        )
    })
}

/// The name of an entry: its id, else its title.
pub(crate) fn name(item: &Value) -> Option<String> {
    text_of(item, "id").or_else(|| text_of(item, "judul"))
}

/// Why a page that was refused is no evidence. "Not found" ends a walk lawfully.
fn refused(page: &Exchange) -> Option<(Reason, Phrase)> {
    (page.reading == Reading::Refused).then(|| (Reason::PreconditionUnmet, answered(page)))
}

/// Parameters of `penelusuran_lengkap`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complete {
    walks: Vec<Bounded>,
    ours: Vec<Marked>,
}

/// A walk with the reference walks before and after it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounded {
    walk: Walk,
    before: Option<Walk>,
    after: Option<Walk>,
}

/// Every walk holds everything that existed from its beginning to its end. One leg a walk.
pub(super) fn complete(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let complete: Complete = params("penelusuran_lengkap", value)?;
    complete
        .walks
        .iter()
        .map(|bounded| complete_leg(bounded, &complete.ours, window))
        .collect()
}

fn complete_leg(bounded: &Bounded, ours: &[Marked], window: &Window) -> Result<Leg, OracleFault> {
    let walked = Walked::of(&bounded.walk, window)?;
    let lost: Vec<String> = ours
        .iter()
        .filter(|marked| !walked.entries.iter().any(|entry| holds(entry, &marked.marker)))
        .map(|marked| marked.key.clone())
        .collect();
    let others = others(bounded, ours, window)?;
    let seen: BTreeSet<&String> = walked.names.iter().collect();
    let skipped = others.iter().filter(|name| !seen.contains(name)).count();
    let (all, without, known) = (ours.len(), lost.len(), others.len());
    let (outcome, actual) = if let Some((reason, how)) = &walked.open {
        (Outcome::Inconclusive(*reason), how.clone())
    } else if without + skipped > 0 {
        let which = several(&lost);
        let (id, en) = (&which.id, &which.en);
        let named = phrase!(
            "terlewat: {without} dari {all} pengaduan uji ({id}), {skipped} dari {known} pengaduan lain",
            "skipped: {without} of {all} complaints of the test ({en}), {skipped} of {known} others"
        );
        (Outcome::Fail, named)
    } else if all == 0 {
        (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak ada pengaduan uji", "there is no complaint of the test"),
        )
    } else {
        (
            Outcome::Pass,
            phrase!(
                "{all} pengaduan uji dan {known} lainnya, tidak satu pun terlewat",
                "{all} complaints of the test and {known} others, none skipped"
            ),
        )
    };
    let expected = phrase!(
        "penelusuran memuat setiap pengaduan yang ada sejak awalnya",
        "the walk holds every complaint that existed at its start"
    );
    Ok(Leg::new(
        format!("{}/lengkap", bounded.walk.key),
        outcome,
        expected,
        actual,
        walked.evidence(),
    ))
}

/// What stood in the list before and after the walk, and so during it.
fn others(bounded: &Bounded, ours: &[Marked], window: &Window) -> Result<BTreeSet<String>, OracleFault> {
    let (Some(before), Some(after)) = (&bounded.before, &bounded.after) else {
        return Ok(BTreeSet::new());
    };
    let (before, after) = (Walked::of(before, window)?, Walked::of(after, window)?);
    if !before.whole() || !after.whole() {
        return Ok(BTreeSet::new());
    }
    let after: BTreeSet<String> = after.names.into_iter().collect();
    let others = before
        .entries
        .iter()
        .filter(|entry| !ours.iter().any(|marked| holds(entry, &marked.marker)));
    Ok(others
        .filter_map(|entry| name(entry))
        .filter(|name| after.contains(name))
        .collect())
}

/// Parameters of `sesudah_terakhir`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beyond {
    /// The request for the page after the last one, repeated until it agreed.
    asked: Vec<u64>,
    /// The last page of the walk, where it offers no next one and none can be asked for.
    last: Option<u64>,
}

/// The page after the last is empty, not found, or not offered.
pub(super) fn beyond(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let beyond: Beyond = params("sesudah_terakhir", value)?;
    let asked = beyond.asked.last().or(beyond.last.as_ref()).copied();
    let page = asked.map(|seq| window.exchange(seq)).transpose()?;
    let expected = phrase!(
        "sesudah halaman terakhir: halaman kosong, jawaban tidak ada, atau tidak ada halaman berikut",
        "after the last page: an empty page, an answer \"not found\", or no next page"
    );
    let (outcome, actual) = match page {
        None => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak diminta", "not asked for"),
        ),
        Some(page) => beyond_page(page, beyond.asked.is_empty()),
    };
    Ok(vec![Leg::new(
        "sesudah_terakhir",
        outcome,
        expected,
        actual,
        asked.into_iter().collect(),
    )])
}

fn beyond_page(page: &Exchange, last: bool) -> (Outcome, Phrase) {
    let how = answered(page);
    let (id, en) = (&how.id, &how.en);
    if let Some(reason) = unseen(page) {
        return (Outcome::Inconclusive(reason), how);
    }
    let count = items(page).len();
    match page.reading {
        Reading::NotFound => (Outcome::Pass, how),
        Reading::Refused => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!(
                "{id}; bila jawaban ini berarti halaman itu tidak ada, nyatakan pada `tidak_ada` operasi list",
                "{en}; if this answer means that there is no such page, declare it under `tidak_ada` of the operation list"
            ),
        ),
        _ if last => {
            let next = page
                .mapped
                .pointer("/halaman/berikut")
                .is_some_and(|next| !next.is_null());
            if next {
                let actual = phrase!(
                    "halaman berikut ditawarkan tetapi tidak diminta",
                    "a next page is offered but was not asked for"
                );
                (Outcome::Inconclusive(Reason::InsufficientEvidence), actual)
            } else {
                (
                    Outcome::Pass,
                    phrase!("tidak ada halaman berikut", "there is no next page"),
                )
            }
        }
        _ if page.mapped.get("butir").is_none_or(|items| !items.is_array()) => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("{id}, tanpa daftar", "{en}, without a list"),
        ),
        _ if count == 0 => (Outcome::Pass, phrase!("halaman kosong", "an empty page")),
        _ => (
            Outcome::Fail,
            phrase!("halaman itu memuat {count} butir", "the page holds {count} entries"),
        ),
    }
}

#[cfg(test)]
mod tests;
