//! What one recorded answer shows of a complaint, and why an answer can show nothing. Shared by the oracles;
//! knows no requirement.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::{Actor, Phrase};
use crate::evidence::record::{Answer, BrokenKind, CanaryHit, Credential, Exchange, Reading};
use crate::phrase;
use crate::verdict::Reason;

/// What a read of one complaint shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// The planted texts of that very complaint.
    Own,
    /// Planted texts of another complaint in their place.
    Foreign,
    /// A record without any planted text.
    Blank,
    /// The application says that there is none.
    Gone,
    /// The application refuses to show it.
    Refused,
    /// The answer is no evidence.
    Unseen(Reason),
}

/// What a read shows of the complaint with this fixture number.
///
/// A field whose planted text belongs to another complaint makes the whole foreign, unless its own stands there
/// too (a record may name similar complaints).
pub(super) fn sight(exchange: &Exchange, fixture: u32) -> Sight {
    if let Some(reason) = unseen(exchange) {
        return Sight::Unseen(reason);
    }
    match exchange.reading {
        Reading::NotFound => return Sight::Gone,
        Reading::Refused => return Sight::Refused,
        _ => {}
    }
    let fields = |own: bool| -> BTreeSet<&str> {
        public_hits(exchange)
            .filter(|hit| (hit.fixture == fixture) == own)
            .map(|hit| hit.field.as_str())
            .collect()
    };
    let (own, foreign) = (fields(true), fields(false));
    match (own.is_empty(), foreign.is_subset(&own)) {
        (_, false) => Sight::Foreign,
        (false, true) => Sight::Own,
        (true, true) => Sight::Blank,
    }
}

/// Planted texts of any complaint that may be published, in the body of an answer. Numbers that name no planted
/// value (fixture 0) do not count.
pub(super) fn public_hits(exchange: &Exchange) -> impl Iterator<Item = &CanaryHit> {
    exchange
        .facts
        .canaries
        .iter()
        .filter(|hit| !hit.private && hit.fixture != 0 && hit.place.starts_with("body"))
}

/// Why an answer is no evidence; `None` for one that was accepted, refused, or not found.
///
/// 401 to an actor's own credential means that the actor was not let in at all, which says nothing of what the
/// actor may do.
pub(super) fn unseen(exchange: &Exchange) -> Option<Reason> {
    let logged_in = exchange.credential == Credential::Own && exchange.actor != Actor::Publik;
    match exchange.reading {
        Reading::Accepted if exchange.map_fault.is_some() => Some(Reason::InsufficientEvidence),
        Reading::Refused if logged_in && exchange.status() == Some(401) => Some(Reason::AuthUnavailable),
        Reading::Accepted | Reading::Refused | Reading::NotFound => None,
        Reading::NoAnswer => Some(broken(exchange)),
        Reading::Throttled | Reading::Fault | Reading::Redirect | Reading::Unclear => {
            Some(Reason::InsufficientEvidence)
        }
    }
}

fn broken(exchange: &Exchange) -> Reason {
    match &exchange.answer {
        Answer::Broken(broken) => match broken.kind {
            BrokenKind::Connect | BrokenKind::Tls => Reason::Unreachable,
            BrokenKind::Timeout | BrokenKind::Closed => Reason::Timeout,
            BrokenKind::TooLarge | BrokenKind::Protocol => Reason::InsufficientEvidence,
        },
        Answer::Response(_) => Reason::InsufficientEvidence,
    }
}

/// How an answer was, in words: "ditolak (403)".
pub(super) fn answered(exchange: &Exchange) -> Phrase {
    let reading = exchange.reading.phrase();
    let (id, en) = (&reading.id, &reading.en);
    if let Some(fault) = &exchange.map_fault {
        let fault = short(fault);
        return phrase!(
            "{id}, tetapi saringan jawaban pada pernyataan gagal: {fault}",
            "{en}, but the statement's answer filter failed: {fault}"
        );
    }
    match &exchange.answer {
        Answer::Response(response) => {
            let status = response.status;
            phrase!("{id} ({status})", "{en} ({status})")
        }
        Answer::Broken(broken) => {
            let (kind_id, kind_en) = (broken.kind.indonesian(), broken.kind.english());
            phrase!("{id} ({kind_id})", "{en} ({kind_en})")
        }
    }
}

/// What a sight shows, in words, for a finding.
pub(super) fn seen(sight: Sight, exchange: &Exchange) -> Phrase {
    let answered = answered(exchange);
    let (id, en) = (&answered.id, &answered.en);
    match sight {
        Sight::Own => phrase!("teks pengaduan itu sendiri", "the text of that very complaint"),
        Sight::Foreign => phrase!("teks pengaduan lain: {id}", "the text of another complaint: {en}"),
        Sight::Blank => phrase!("{id}, tanpa teks pengaduan itu", "{en}, without the complaint's text"),
        Sight::Gone | Sight::Refused | Sight::Unseen(_) => answered,
    }
}

/// A canonical member as text: a text that is not blank, or a number.
pub(super) fn text_of(mapped: &Value, field: &str) -> Option<String> {
    match mapped.get(field)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The entries of a list answer.
pub(super) fn items(exchange: &Exchange) -> &[Value] {
    exchange
        .mapped
        .get("butir")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Whether a record or list entry holds a planted text, in whatever letter case.
pub(super) fn holds(item: &Value, marker: &str) -> bool {
    let marker = marker.to_ascii_lowercase();
    ["judul", "isi"]
        .iter()
        .filter_map(|field| item.get(field).and_then(Value::as_str))
        .any(|text| text.to_ascii_lowercase().contains(&marker))
}

/// A text of the target or the statement, bounded to 80 characters and without control characters.
pub(super) fn short(text: &str) -> String {
    let clean = |character: char| if character.is_control() { ' ' } else { character };
    let mut short: String = text.chars().take(80).map(clean).collect();
    if text.chars().nth(80).is_some() {
        short.push('…');
    }
    short
}

/// The first few of a list of words, and how many more there are.
pub(super) fn several(words: &[String]) -> Phrase {
    let shown = words
        .iter()
        .take(5)
        .map(|word| short(word))
        .collect::<Vec<_>>()
        .join(", ");
    match words.len().saturating_sub(5) {
        0 => Phrase::same(shown),
        more => phrase!("{shown}, dan {more} lagi", "{shown}, and {more} more"),
    }
}
