//! PB-30: whoever may not know an anonymous reporter finds no trace of the identity, in any byte of any view.
//! Judged by planted values alone, never through the statement's answer filters.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{CanaryHit, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, holds, items, public_hits, several, text_of, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `identitas_tersembunyi`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hidden {
    /// The anonymous complaint.
    anonymous: Subject,
    /// Fixture numbers of further anonymous complaints, such as one that came from the hub.
    #[serde(default)]
    further: Vec<u32>,
    /// The account fixes the identity, so that its other complaints bear the same one openly.
    #[serde(default)]
    shared: bool,
    views: Vec<View>,
    searches: Vec<Search>,
    deliveries: Vec<Delivery>,
    /// What the statement does not bind or claim.
    left_out: Vec<LeftOut>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    /// Its name in the scenario.
    label: String,
    fixture: u32,
    id: String,
    /// The planted text of its title.
    marker: String,
}

/// What one actor saw by one operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct View {
    /// `list@publik`.
    key: String,
    seqs: Vec<u64>,
    /// Of a walk: whether it came to the list's end. Other views are whole by themselves.
    complete: bool,
}

/// What one actor's search for one planted value of the identity gave.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    /// `search/pelapor.nama@publik`.
    key: String,
    /// Which value was asked for.
    field: String,
    seqs: Vec<u64>,
    /// The same search for a word that stands nowhere: what it finds, the search does not filter.
    control: Vec<u64>,
}

/// Requests that reached us.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delivery {
    /// `hub.update`.
    key: String,
    seqs: Vec<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    key: String,
    claim: String,
}

/// No planted value of the anonymous reporter's identity stands anywhere. One leg a view, search and delivery.
pub(super) fn hidden(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let hidden: Hidden = params("identitas_tersembunyi", value)?;
    let mut legs = Vec::new();
    for view in &hidden.views {
        legs.push(view_leg(&hidden, view, window)?);
    }
    for search in &hidden.searches {
        legs.push(search_leg(&hidden, search, window)?);
    }
    for delivery in &hidden.deliveries {
        legs.push(delivery_leg(&hidden, delivery, window)?);
    }
    legs.extend(hidden.left_out.iter().map(|left_out| {
        let claim = &left_out.claim;
        let actual = phrase!("tidak dinyatakan: {claim}", "not declared: {claim}");
        Leg::new(
            &left_out.key,
            Outcome::NotApplicable(claim.clone()),
            nowhere(&hidden),
            actual,
            Vec::new(),
        )
    }));
    Ok(legs)
}

fn nowhere(hidden: &Hidden) -> Phrase {
    let label = &hidden.anonymous.label;
    phrase!(
        "tidak satu bita pun memuat nama, surel, telepon, alamat, atau NIK pelapor {label}",
        "not one byte holds name, e-mail, telephone, address or NIK of the reporter of {label}"
    )
}

fn view_leg(hidden: &Hidden, view: &View, window: &Window) -> Result<Leg, OracleFault> {
    let mut leaks = Vec::new();
    let (mut open, mut seen) = (None, view.complete);
    for seq in &view.seqs {
        let exchange = window.exchange(*seq)?;
        leaks.extend(
            exchange
                .facts
                .canaries
                .iter()
                .filter(|hit| hidden.is_leak(exchange, hit))
                .map(|hit| (*seq, hit)),
        );
        open = open.or_else(|| unanswered(exchange).map(|reason| (reason, answered(exchange))));
        seen |= hidden.anonymous.is_in(exchange);
    }
    let count = view.seqs.len();
    let (outcome, actual) = match (leaks.is_empty(), open) {
        (false, _) => (Outcome::Fail, places(leaks.iter().map(|(_, hit)| *hit))),
        (true, Some((reason, how))) => {
            let (id, en) = (&how.id, &how.en);
            (
                Outcome::Inconclusive(reason),
                phrase!("tampilan tidak terbuka: {id}", "the view did not open: {en}"),
            )
        }
        (true, None) if count == 0 || !seen => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!(
                "penelusuran berhenti pada batasnya sesudah {count} halaman",
                "the walk stopped at its limit after {count} pages"
            ),
        ),
        (true, None) => (
            Outcome::Pass,
            phrase!(
                "{count} jawaban, tidak satu pun memuatnya",
                "{count} answers, none holds it"
            ),
        ),
    };
    let evidence = if leaks.is_empty() {
        view.seqs.iter().copied().take(20).collect()
    } else {
        distinct(leaks.iter().map(|(seq, _)| *seq))
    };
    Ok(Leg::new(&view.key, outcome, nowhere(hidden), actual, evidence))
}

fn search_leg(hidden: &Hidden, search: &Search, window: &Window) -> Result<Leg, OracleFault> {
    let label = &hidden.anonymous.label;
    let expected = phrase!(
        "pencarian menurut identitas pelapor {label} tidak menemukan {label}",
        "a search by the identity of the reporter of {label} does not find {label}"
    );
    let (mut found, mut leaks, mut open) = (false, Vec::new(), None);
    for seq in &search.seqs {
        let exchange = window.exchange(*seq)?;
        found |= hidden.anonymous.is_in(exchange);
        // What was asked for may be echoed; another value of the identity may not.
        let told = |hit: &&CanaryHit| hit.field != search.field && hidden.is_leak(exchange, hit);
        leaks.extend(exchange.facts.canaries.iter().filter(told));
        open = open.or_else(|| unanswered(exchange).map(|reason| (reason, answered(exchange))));
    }
    let unfiltered = search
        .control
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let unfiltered = unfiltered.iter().any(|exchange| hidden.anonymous.is_in(exchange));
    let (outcome, actual) = match (found, open) {
        _ if !leaks.is_empty() => (Outcome::Fail, places(leaks.into_iter())),
        (true, _) if unfiltered => (
            Outcome::Inconclusive(Reason::PreconditionUnmet),
            phrase!(
                "pencarian kata yang tidak ada pun menemukan {label}: pencarian ini tidak menyaring",
                "even a search for a word that stands nowhere finds {label}: this search does not filter"
            ),
        ),
        (true, _) => (
            Outcome::Fail,
            phrase!("pencarian itu menemukan {label}", "the search finds {label}"),
        ),
        (false, Some((reason, how))) => {
            let (id, en) = (&how.id, &how.en);
            (
                Outcome::Inconclusive(reason),
                phrase!("pencarian tidak terjawab: {id}", "the search was not answered: {en}"),
            )
        }
        (false, None) if search.seqs.is_empty() => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dicari", "not searched"),
        ),
        (false, None) => (Outcome::Pass, phrase!("tidak menemukannya", "it does not find it")),
    };
    let evidence = search.seqs.iter().chain(&search.control).copied().collect();
    Ok(Leg::new(&search.key, outcome, expected, actual, evidence))
}

fn delivery_leg(hidden: &Hidden, delivery: &Delivery, window: &Window) -> Result<Leg, OracleFault> {
    let mut leaks = Vec::new();
    for seq in &delivery.seqs {
        let inbound = window.inbound(*seq)?;
        leaks.extend(
            inbound
                .facts
                .canaries
                .iter()
                .filter(|hit| hidden.is_secret(hit))
                .map(|hit| (*seq, hit)),
        );
    }
    let count = delivery.seqs.len();
    let (outcome, actual, evidence) = if !leaks.is_empty() {
        let actual = places(leaks.iter().map(|(_, hit)| *hit));
        (Outcome::Fail, actual, distinct(leaks.iter().map(|(seq, _)| *seq)))
    } else if count == 0 {
        let actual = phrase!("tidak ada kiriman yang tiba", "no delivery arrived");
        (Outcome::Inconclusive(Reason::CallbackNotReceived), actual, Vec::new())
    } else {
        let actual = phrase!(
            "{count} kiriman, tidak satu pun memuatnya",
            "{count} deliveries, none holds it"
        );
        (Outcome::Pass, actual, delivery.seqs.clone())
    };
    Ok(Leg::new(&delivery.key, outcome, nowhere(hidden), actual, evidence))
}

impl Hidden {
    /// A planted value of the identity that is to stay hidden; a file's own bytes are none. Where the account fixes
    /// the identity, every complaint of the account plants the same values.
    fn is_secret(&self, hit: &CanaryHit) -> bool {
        let identity = hit.private && hit.field.starts_with("pelapor.");
        identity && (self.shared || self.is_anonymous(hit.fixture))
    }

    fn is_anonymous(&self, fixture: u32) -> bool {
        fixture == self.anonymous.fixture || self.further.contains(&fixture)
    }

    /// Such a value in an answer. Where it is shared, only what stands in the anonymous complaint's own view or
    /// entry tells of it.
    fn is_leak(&self, exchange: &Exchange, hit: &CanaryHit) -> bool {
        let answers = hit.place.starts_with("body") || hit.place.starts_with("header:");
        self.is_secret(hit) && answers && (!self.shared || self.is_own(exchange, hit))
    }

    fn is_own(&self, exchange: &Exchange, hit: &CanaryHit) -> bool {
        if let Some(object) = &exchange.object {
            return *object == self.anonymous.label;
        }
        let Some(entry) = entry_of(&hit.place) else {
            return false;
        };
        public_hits(exchange).any(|public| self.is_anonymous(public.fixture) && entry_of(&public.place) == Some(entry))
    }
}

impl Subject {
    /// Whether an answer tells of the complaint: its planted text, or an entry with its id.
    fn is_in(&self, exchange: &Exchange) -> bool {
        let known = |item: &Value| text_of(item, "id").is_some_and(|id| id == self.id) || holds(item, &self.marker);
        public_hits(exchange).any(|hit| hit.fixture == self.fixture) || items(exchange).iter().any(known)
    }
}

/// The list entry in which a JSON place lies: the pointer up to its first index.
fn entry_of(place: &str) -> Option<&str> {
    let pointer = place.strip_prefix("body:")?;
    let mut end = 0;
    for part in pointer.split('/').skip(1) {
        end += part.len() + 1;
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            return pointer.get(..end);
        }
    }
    None
}

/// Bytes are judged, so that an answer filter that failed does not matter.
fn unanswered(exchange: &Exchange) -> Option<Reason> {
    if exchange.reading == Reading::Accepted {
        None
    } else {
        unseen(exchange)
    }
}

fn places<'a>(leaks: impl Iterator<Item = &'a CanaryHit>) -> Phrase {
    let words: BTreeSet<String> = leaks
        .map(|hit| format!("{} ({}, {})", hit.field, hit.place, hit.encoding))
        .collect();
    let words = several(&words.into_iter().collect::<Vec<_>>());
    let (id, en) = (&words.id, &words.en);
    phrase!("memuat {id}", "it holds {en}")
}

fn distinct(seqs: impl Iterator<Item = u64>) -> Vec<u64> {
    seqs.collect::<BTreeSet<_>>().into_iter().take(20).collect()
}

/// Parameters of `tampak`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    actor: String,
    complaints: Vec<Subject>,
    /// Everything that the actor saw.
    seqs: Vec<u64>,
}

/// A complaint appears in at least one view of an actor: the views do show something.
pub(super) fn shown(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let shown: Shown = params("tampak", value)?;
    let exchanges = shown
        .seqs
        .iter()
        .map(|seq| Ok((*seq, window.exchange(*seq)?)))
        .collect::<Result<Vec<_>, OracleFault>>()?;
    let count = exchanges.len();
    Ok(shown
        .complaints
        .iter()
        .map(|complaint| {
            let label = &complaint.label;
            let found: Vec<_> = exchanges
                .iter()
                .filter(|(_, exchange)| complaint.is_in(exchange))
                .map(|(seq, _)| *seq)
                .collect();
            let expected = phrase!(
                "{label} tampak pada salah satu tampilan",
                "{label} appears in one of the views"
            );
            let in_views = found.len();
            let actual = phrase!(
                "tampak pada {in_views} dari {count} jawaban",
                "it appears in {in_views} of {count} answers"
            );
            let evidence = if found.is_empty() { &shown.seqs } else { &found };
            let evidence = evidence.iter().copied().take(20).collect();
            Leg::judged(
                format!("tampak/{label}@{}", shown.actor),
                !found.is_empty(),
                expected,
                actual,
                evidence,
            )
        })
        .collect())
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tables of samples read better with values")]
mod tests;
