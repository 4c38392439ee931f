//! PB-25: the history grows by exactly one entry an event, and what stands in it stays. Judges the lists that were
//! read after each step against one another; the answers to the steps themselves are not judged here.

mod roles;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, short, text_of, unseen};
use super::{OracleFault, Window, params};

pub use roles::PAIRS;
pub(super) use roles::signed;

/// Oracle: each step adds one entry for its event.
pub const GROWN: &str = "riwayat_bertambah";
/// Oracle: earlier entries stay, in order.
pub const KEPT: &str = "riwayat_tetap";
/// Oracle: each entry begins where the one before ended, and the last ends at the status.
pub const LINKED: &str = "riwayat_bersambung";
/// Oracle: the time of each entry is the time of its step.
pub const TIMED: &str = "riwayat_berwaktu";
/// Oracle: the entries tell who did it.
pub const SIGNED: &str = "riwayat_berpelaku";

/// Parameters of all five.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chronicle {
    /// The complaint's name in the scenario, `P1`.
    pub label: String,
    /// The steps, the submission first.
    pub steps: Vec<Step>,
    /// The read that showed the last status.
    pub status: Option<u64>,
    /// Statuses that the statement's words cannot tell apart.
    pub lossy: Vec<String>,
    /// The most seconds between a step and its entry.
    pub seconds: u32,
    /// Pairs of roles that the statement gives one account, `admin-petugas`.
    pub one_account: Vec<String>,
}

/// One step with the history that was read after it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its place and act, `02 dispose`.
    pub key: String,
    /// Who did it: `admin`, `petugas` or `pelapor`.
    pub role: String,
    /// The events that it must leave, one entry each; several where the statement declares joined steps.
    pub events: Vec<String>,
    /// Events that it may leave besides.
    pub also: Vec<String>,
    /// The act's exchange.
    pub act: u64,
    /// The last read of the history after it.
    pub history: u64,
}

/// The five members that the norm names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    time: Option<String>,
    actor: Option<String>,
    event: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl Entry {
    fn of(value: &Value) -> Self {
        let text = |field| text_of(value, field);
        Self {
            time: text("waktu"),
            actor: text("pelaku"),
            event: text("peristiwa"),
            from: text("dari"),
            to: text("ke"),
        }
    }

    fn is(&self, event: &str) -> bool {
        self.event.as_deref() == Some(event)
    }

    /// Whether it says that the status moved.
    fn moves(&self) -> bool {
        self.from.is_some() && self.to.is_some() && self.from != self.to
    }
}

/// A list of entries, or why there is none.
type Listed = Result<Vec<Entry>, (Outcome, Phrase)>;

/// The entries that an answer shows, as they stand: of the history operation, or of the record that holds them.
fn listed(exchange: &Exchange) -> Listed {
    let how = answered(exchange);
    let (id, en) = (&how.id, &how.en);
    let none = |reason| {
        let text = phrase!("riwayat tidak terbaca: {id}", "the history could not be read: {en}");
        Err((Outcome::Inconclusive(reason), text))
    };
    if let Some(reason) = unseen(exchange) {
        return none(reason);
    }
    let items = exchange.mapped.get("butir").or_else(|| exchange.mapped.get("riwayat"));
    match (exchange.reading, items.and_then(Value::as_array)) {
        (Reading::Accepted, Some(items)) => Ok(items.iter().map(Entry::of).collect()),
        _ => none(Reason::InsufficientEvidence),
    }
}

/// Whether a later answer holds an entry of this event that an earlier one does not.
pub fn tells(before: Option<&Exchange>, after: &Exchange, event: &str) -> bool {
    let old = before.and_then(|before| listed(before).ok()).unwrap_or_default();
    listed(after).is_ok_and(|new| added(&old, &new).iter().any(|entry| entry.is(event)))
}

/// What the later list holds more often than the earlier one.
fn added<'a>(old: &[Entry], new: &'a [Entry]) -> Vec<&'a Entry> {
    let mut left: Vec<&Entry> = old.iter().collect();
    let mut fresh = Vec::new();
    for entry in new {
        match left.iter().position(|known| *known == entry) {
            Some(place) => drop(left.remove(place)),
            None => fresh.push(entry),
        }
    }
    fresh
}

/// Every list, oldest entry first, by step.
struct Lists(Vec<Listed>);

impl Lists {
    fn of(chronicle: &Chronicle, window: &Window) -> Result<Self, OracleFault> {
        let mut lists = Vec::new();
        for step in &chronicle.steps {
            lists.push(listed(window.exchange(step.history)?));
        }
        if newest_first(&lists) {
            for list in lists.iter_mut().flatten() {
                list.reverse();
            }
        }
        Ok(Self(lists))
    }

    /// The list before a step and the one after it.
    fn around(&self, place: usize) -> Result<(Vec<Entry>, Vec<Entry>), (Outcome, Phrase)> {
        let none = || (Outcome::Inconclusive(Reason::InsufficientEvidence), Phrase::same("-"));
        let after = self.0.get(place).ok_or_else(none)?.clone()?;
        let before = match place.checked_sub(1).and_then(|place| self.0.get(place)) {
            Some(before) => before.clone()?,
            None => Vec::new(),
        };
        Ok((before, after))
    }
}

/// Lists may stand newest first: then the earlier list is the end of the later one. Times decide where growth does not.
fn newest_first(lists: &[Listed]) -> bool {
    let known: Vec<&Vec<Entry>> = lists.iter().flatten().collect();
    let (mut votes, mut earlier) = (0_i64, None);
    for list in &known {
        if let Some(before) = earlier.replace(*list).filter(|before: &&Vec<Entry>| !before.is_empty()) {
            votes += i64::from(list.ends_with(before)) - i64::from(list.starts_with(before));
        }
    }
    if votes == 0 {
        let at = |entry: &Entry| entry.time.as_deref().and_then(|time| time.parse::<Timestamp>().ok());
        let last = known.last();
        let ends = last.and_then(|list| Some((at(list.first()?)?, at(list.last()?)?)));
        return ends.is_some_and(|(first, last)| first > last);
    }
    votes > 0
}

/// One leg a step.
fn each(
    chronicle: &Chronicle,
    what: &str,
    expected: &Phrase,
    judge: impl Fn(usize, &Step) -> (Outcome, Phrase),
) -> Vec<Leg> {
    let steps = chronicle.steps.iter().enumerate();
    steps
        .map(|(place, step)| {
            let (outcome, actual) = judge(place, step);
            let before = place.checked_sub(1).and_then(|place| chronicle.steps.get(place));
            let evidence = before
                .map(|before| before.history)
                .into_iter()
                .chain([step.act, step.history]);
            let key = format!("{}/{what}/{}", chronicle.label, step.key);
            Leg::new(key, outcome, expected.clone(), actual, evidence.collect())
        })
        .collect()
}

/// `riwayat_bertambah`: one entry for each event of the step, and no other entry that moves the status.
pub(super) fn grown(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let chronicle: Chronicle = params(GROWN, value)?;
    let lists = Lists::of(&chronicle, window)?;
    let expected = phrase!(
        "tepat satu catatan baru untuk peristiwanya",
        "exactly one new entry for its event"
    );
    Ok(each(&chronicle, "bertambah", &expected, |place, step| {
        let (before, after) = match lists.around(place) {
            Ok(both) => both,
            Err(unread) => return unread,
        };
        let fresh = added(&before, &after);
        for event in &step.events {
            let count = fresh.iter().filter(|entry| entry.is(event)).count();
            if count != 1 {
                let actual = phrase!("{count} catatan baru {event}", "{count} new entries of {event}");
                return (Outcome::Fail, actual);
            }
        }
        let known = |entry: &Entry| {
            let own = step.events.iter().chain(&step.also);
            own.clone().any(|event| entry.is(event))
        };
        if let Some(other) = fresh.iter().find(|entry| entry.moves() && !known(entry)) {
            let event = short(other.event.as_deref().unwrap_or("-"));
            let actual = phrase!(
                "juga catatan perpindahan lain: {event}",
                "also an entry of another move: {event}"
            );
            (Outcome::Fail, actual)
        } else {
            let event = step.events.join(", ");
            (Outcome::Pass, phrase!("satu catatan {event}", "one entry of {event}"))
        }
    }))
}

/// `riwayat_tetap`: the earlier list stands unchanged at the beginning of the later one.
pub(super) fn kept(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let chronicle: Chronicle = params(KEPT, value)?;
    let lists = Lists::of(&chronicle, window)?;
    let expected = phrase!(
        "catatan yang lama tetap sama dan berurutan",
        "the earlier entries are the same, in order"
    );
    let legs = each(&chronicle, "tetap", &expected, |place, _| {
        let (before, after) = match lists.around(place) {
            Ok(both) => both,
            Err(unread) => return unread,
        };
        let differs = before.iter().zip(&after).position(|(was, is)| was != is);
        let number = differs.unwrap_or(after.len()) + 1;
        if differs.is_none() && after.len() >= before.len() {
            let count = before.len();
            return (
                Outcome::Pass,
                phrase!("{count} catatan tetap", "{count} entries are the same"),
            );
        }
        let was = before
            .get(number - 1)
            .and_then(|entry| entry.event.clone())
            .unwrap_or_default();
        let event = short(&was);
        let actual = if after.len() < before.len() || !after.iter().any(|entry| entry.is(&was)) {
            phrase!(
                "catatan ke-{number} ({event}) hilang",
                "entry {number} ({event}) is gone"
            )
        } else {
            phrase!(
                "catatan ke-{number} ({event}) berubah",
                "entry {number} ({event}) changed"
            )
        };
        (Outcome::Fail, actual)
    });
    Ok(legs.into_iter().skip(1).collect())
}

/// `riwayat_bersambung`: two legs, the links and the end.
pub(super) fn linked(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let chronicle: Chronicle = params(LINKED, value)?;
    let lists = Lists::of(&chronicle, window)?;
    let label = &chronicle.label;
    let same = |one: &str, other: &str| {
        let lossy = |word: &str| chronicle.lossy.iter().any(|lossy| lossy == word);
        one == other || (lossy(one) && lossy(other))
    };
    let own: BTreeSet<&String> = chronicle.steps.iter().flat_map(|step| &step.events).collect();
    let status = chronicle.status.map(|seq| window.exchange(seq)).transpose()?;
    let shown = status
        .filter(|read| unseen(read).is_none())
        .and_then(|read| text_of(&read.mapped, "status"));
    let evidence: Vec<u64> = chronicle
        .steps
        .last()
        .map(|step| step.history)
        .into_iter()
        .chain(chronicle.status)
        .collect();
    let (links, end) = match lists.0.last() {
        Some(Ok(list)) => {
            let last = list.iter().rev().find_map(|entry| entry.to.clone());
            (chain(list, &own, same), ends(last, shown, same))
        }
        Some(Err(unread)) => (unread.clone(), unread.clone()),
        None => {
            let none = (
                Outcome::Inconclusive(Reason::InsufficientEvidence),
                phrase!("tidak ada langkah", "no step"),
            );
            (none.clone(), none)
        }
    };
    let leg = |what: &str, expected: Phrase, (outcome, actual): (Outcome, Phrase)| {
        Leg::new(format!("{label}/{what}"), outcome, expected, actual, evidence.clone())
    };
    Ok(vec![
        leg(
            "sambung",
            phrase!("dari = ke sebelumnya", "dari = the ke before"),
            links,
        ),
        leg(
            "akhir",
            phrase!("ke terakhir = status", "the last ke = the status"),
            end,
        ),
    ])
}

fn chain(list: &[Entry], own: &BTreeSet<&String>, same: impl Fn(&str, &str) -> bool) -> (Outcome, Phrase) {
    let mut now: Option<&str> = None;
    for (place, entry) in list.iter().enumerate() {
        let (number, event) = (place + 1, short(entry.event.as_deref().unwrap_or("-")));
        let Some(to) = entry.to.as_deref() else {
            if entry.event.as_ref().is_some_and(|event| own.contains(event)) {
                let text = phrase!(
                    "catatan ke-{number} ({event}) tanpa ke",
                    "entry {number} ({event}) has no ke"
                );
                return (Outcome::Fail, text);
            }
            continue;
        };
        let fits = match (now, entry.from.as_deref()) {
            (None, _) => true,
            (Some(now), Some(from)) => same(now, from),
            // An entry of the application's own that only says where the complaint stood.
            (Some(now), None) => same(now, to) && !entry.event.as_ref().is_some_and(|event| own.contains(event)),
        };
        if !fits {
            let (from, now) = (short(entry.from.as_deref().unwrap_or("-")), short(now.unwrap_or("-")));
            let text = phrase!(
                "catatan ke-{number} ({event}) berawal dari {from}, padahal sebelumnya {now}",
                "entry {number} ({event}) begins at {from}, but the one before ended at {now}"
            );
            return (Outcome::Fail, text);
        }
        now = Some(to);
    }
    match now {
        Some(_) => {
            let count = list.len();
            (
                Outcome::Pass,
                phrase!("{count} catatan bersambung", "{count} entries are linked"),
            )
        }
        None => (Outcome::Fail, phrase!("tidak ada catatan", "there is no entry")),
    }
}

fn ends(last: Option<String>, shown: Option<String>, same: impl Fn(&str, &str) -> bool) -> (Outcome, Phrase) {
    match (last, shown) {
        (Some(last), Some(shown)) => {
            let outcome = if same(&last, &shown) {
                Outcome::Pass
            } else {
                Outcome::Fail
            };
            let (last, shown) = (short(&last), short(&shown));
            (
                outcome,
                phrase!("ke terakhir {last}, status {shown}", "last ke {last}, status {shown}"),
            )
        }
        (None, _) => (Outcome::Fail, phrase!("tidak ada ke", "there is no ke")),
        (_, None) => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("status tidak terbaca", "the status could not be read"),
        ),
    }
}

/// The new entry of a step's last event.
fn own_entry(lists: &Lists, place: usize, step: &Step) -> Result<Entry, (Outcome, Phrase)> {
    let (before, after) = lists.around(place)?;
    let event = step.events.last().cloned().unwrap_or_default();
    let found = added(&before, &after)
        .into_iter()
        .rfind(|entry| entry.is(&event))
        .cloned();
    found.ok_or_else(|| {
        let text = phrase!("tidak ada catatan {event}", "there is no entry of {event}");
        (Outcome::Inconclusive(Reason::PreconditionUnmet), text)
    })
}

/// `riwayat_berwaktu`: the entry's time lies within so many seconds of the step.
pub(super) fn timed(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let chronicle: Chronicle = params(TIMED, value)?;
    let lists = Lists::of(&chronicle, window)?;
    let mut spans = Vec::new();
    for step in &chronicle.steps {
        let act = window.exchange(step.act)?;
        let took = i64::try_from(act.ended_us.saturating_sub(act.started_us)).unwrap_or_default();
        let began = act.at.parse::<Timestamp>().ok();
        spans.push(began.map(|began| (began, took)));
    }
    let seconds = chronicle.seconds;
    let expected = phrase!(
        "waktu dalam {seconds} detik dari langkahnya",
        "a time within {seconds} s of the step"
    );
    Ok(each(&chronicle, "waktu", &expected, |place, step| {
        let entry = match own_entry(&lists, place, step) {
            Ok(entry) => entry,
            Err(unread) => return unread,
        };
        let Some(time) = entry.time else {
            return (Outcome::Fail, phrase!("tanpa waktu", "no time"));
        };
        let unread = Outcome::Inconclusive(Reason::InsufficientEvidence);
        let (Ok(at), Some(Some((began, took)))) = (time.parse::<Timestamp>(), spans.get(place)) else {
            let time = short(&time);
            return (
                unread,
                phrase!("waktu {time} tidak terbaca", "the time {time} cannot be read"),
            );
        };
        let limit = SignedDuration::from_secs(i64::from(seconds));
        let ended = SignedDuration::from_micros(*took);
        let off = at.duration_since(*began);
        let outcome = if off >= -limit && off <= ended + limit {
            Outcome::Pass
        } else {
            Outcome::Fail
        };
        let off = off.as_secs();
        (
            outcome,
            phrase!("{off} detik sesudah langkahnya", "{off} s after the step"),
        )
    }))
}

#[cfg(test)]
mod tests;
