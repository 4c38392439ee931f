//! PB-04: submissions sent at once stay as many, each under its own id and number, with its own text.
//! How many were acknowledged is the application's choice; what became of each is not.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{Sight, answered, holds, items, seen, several, short, sight, text_of, unseen};
use super::{OracleFault, Window, params};

/// One submission of a burst.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    submit: u64,
    /// The planted text of its title.
    marker: String,
}

/// Parameters of `kiriman_sendiri`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    fields: Vec<String>,
    submits: Vec<u64>,
}

/// No two acknowledged submissions share an id or a number. One leg a field, over all bursts.
pub(super) fn own_receipts(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let own: Own = params("kiriman_sendiri", value)?;
    let submits = own
        .submits
        .iter()
        .map(|seq| Ok((*seq, window.exchange(*seq)?)))
        .collect::<Result<Vec<_>, OracleFault>>()?;
    let accepted: Vec<_> = submits
        .into_iter()
        .filter(|(_, submit)| submit.reading == Reading::Accepted)
        .collect();
    Ok(own.fields.iter().map(|field| distinct(field, &accepted)).collect())
}

fn distinct(field: &str, accepted: &[(u64, &Exchange)]) -> Leg {
    let mut holders: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let (mut missing, mut unmapped) = (Vec::new(), Vec::new());
    for (seq, submit) in accepted {
        match text_of(&submit.mapped, field) {
            Some(text) => holders.entry(text).or_default().push(*seq),
            None if submit.map_fault.is_some() => unmapped.push(*seq),
            None => missing.push(*seq),
        }
    }
    let (count, different) = (accepted.len(), holders.len());
    let shared: Vec<_> = holders.iter().filter(|(_, seqs)| seqs.len() > 1).collect();
    let expected = phrase!(
        "setiap kiriman yang diterima mempunyai {field} sendiri",
        "each acknowledged submission has a {field} of its own"
    );
    let all = || accepted.iter().map(|(seq, _)| *seq).collect::<Vec<_>>();
    let (outcome, actual, evidence) = if let Some((text, seqs)) = shared.first() {
        let (text, times, more) = (short(text), seqs.len(), shared.len() - 1);
        let actual = phrase!(
            "{field} {text} diberikan kepada {times} kiriman; nilai kembar lainnya: {more}",
            "{field} {text} was given to {times} submissions; other shared values: {more}"
        );
        (
            Outcome::Fail,
            actual,
            shared.iter().flat_map(|(_, seqs)| seqs.iter().copied()).collect(),
        )
    } else if !missing.is_empty() {
        let none = missing.len();
        let actual = phrase!(
            "{none} dari {count} kiriman diterima tanpa {field}",
            "{none} of {count} submissions were accepted without a {field}"
        );
        (Outcome::Fail, actual, missing)
    } else if different == 0 || !unmapped.is_empty() {
        let open = unmapped.len();
        let actual = phrase!(
            "{count} kiriman diterima, {open} di antaranya tidak terbaca dengan pernyataan ini",
            "{count} submissions were accepted, {open} of them cannot be read with this statement"
        );
        (Outcome::Inconclusive(Reason::InsufficientEvidence), actual, unmapped)
    } else {
        let actual = phrase!(
            "{count} kiriman diterima, {different} {field} berbeda",
            "{count} accepted, {different} different values of {field}"
        );
        (Outcome::Pass, actual, all())
    };
    Leg::new(field, outcome, expected, actual, evidence)
}

/// Parameters of `kiriman_ditemukan`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    groups: Vec<Group>,
}

/// What one reader looked for of one burst.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    /// `read@admin/semburan_1`.
    key: String,
    looks: Vec<Look>,
}

/// One look for one acknowledged submission; only the last read counts, none means that it had no id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    fixture: u32,
    reads: Vec<u64>,
}

/// Under each acknowledged id the reader finds the text of that very submission. One leg a reader and burst.
pub(super) fn found(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let found: Found = params("kiriman_ditemukan", value)?;
    found.groups.iter().map(|group| found_group(group, window)).collect()
}

fn found_group(group: &Group, window: &Window) -> Result<Leg, OracleFault> {
    let mut wrong: Vec<(Phrase, u64)> = Vec::new();
    let mut open: Option<(Reason, Phrase, u64)> = None;
    let (mut without_id, mut evidence) = (0_usize, Vec::new());
    for look in &group.looks {
        let Some(seq) = look.reads.last() else {
            without_id += 1;
            continue;
        };
        let read = window.exchange(*seq)?;
        evidence.push(*seq);
        match sight(read, look.fixture) {
            Sight::Own => {}
            Sight::Unseen(reason) => open = open.or_else(|| Some((reason, answered(read), *seq))),
            wrongly => wrong.push((seen(wrongly, read), *seq)),
        }
    }
    let (all, bad) = (group.looks.len(), wrong.len() + without_id);
    let expected = phrase!(
        "di bawah setiap id yang diberikan terbaca isi kiriman itu sendiri",
        "under each acknowledged id the text of that very submission is read"
    );
    let (outcome, actual) = match (wrong.first(), open) {
        (Some((what, _)), _) => {
            let (id, en) = (&what.id, &what.en);
            evidence = wrong.iter().map(|(_, seq)| *seq).collect();
            (
                Outcome::Fail,
                phrase!(
                    "{bad} dari {all} tidak; yang pertama: {id}",
                    "{bad} of {all} are not; the first: {en}"
                ),
            )
        }
        (None, _) if without_id > 0 => (
            Outcome::Fail,
            phrase!(
                "{without_id} dari {all} diterima tanpa id",
                "{without_id} of {all} were accepted without an id"
            ),
        ),
        (None, Some((reason, what, seq))) => {
            let (id, en) = (&what.id, &what.en);
            evidence = vec![seq];
            (
                Outcome::Inconclusive(reason),
                phrase!("tidak semuanya terbaca: {id}", "not all could be read: {en}"),
            )
        }
        (None, None) if all == 0 => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak ada kiriman yang diterima", "no submission was accepted"),
        ),
        (None, None) => (Outcome::Pass, phrase!("{all} dari {all}", "{all} of {all}")),
    };
    Ok(Leg::new(&group.key, outcome, expected, actual, evidence))
}

/// Parameters of `daftar_tepat`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exactly {
    bursts: Vec<Burst>,
    /// Pages of the walk through the list.
    pages: Vec<u64>,
    /// Whether the walk came to the end of the list.
    complete: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Burst {
    /// `semburan_1`.
    key: String,
    sent: Vec<Sent>,
}

/// The list holds exactly the acknowledged submissions, each once, and none that was refused. One leg a burst.
pub(super) fn exactly(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let exactly: Exactly = params("daftar_tepat", value)?;
    let pages = exactly
        .pages
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let broken = pages
        .iter()
        .find(|page| unseen(page).is_some() || page.reading != Reading::Accepted);
    exactly
        .bursts
        .iter()
        .map(|burst| {
            let tally = Tally::of(burst, &pages, window)?;
            let open = match broken {
                Some(page) => Some(unseen(page).unwrap_or(Reason::PreconditionUnmet)),
                None => (!exactly.complete || pages.is_empty()).then_some(Reason::InsufficientEvidence),
            };
            Ok(tally.leg(burst, open, &exactly.pages))
        })
        .collect()
}

/// What became of the submissions of one burst.
#[derive(Default)]
struct Tally {
    accepted: usize,
    lost: Vec<u64>,
    doubled: Vec<u64>,
    refused_and_stored: Vec<u64>,
}

impl Tally {
    fn of(burst: &Burst, pages: &[&Exchange], window: &Window) -> Result<Self, OracleFault> {
        let mut tally = Self::default();
        for sent in &burst.sent {
            let submit = window.exchange(sent.submit)?;
            let ids: BTreeSet<String> = pages
                .iter()
                .flat_map(|page| items(page))
                .filter(|item| holds(item, &sent.marker))
                .map(|item| text_of(item, "id").unwrap_or_default())
                .collect();
            if ids.len() > 1 {
                tally.doubled.push(sent.submit);
            }
            match (fate(submit), ids.is_empty()) {
                (Fate::Accepted, stored) => {
                    tally.accepted += 1;
                    if stored {
                        tally.lost.push(sent.submit);
                    }
                }
                (Fate::Refused, false) => tally.refused_and_stored.push(sent.submit),
                (Fate::Refused | Fate::Unknown, _) => {}
            }
        }
        Ok(tally)
    }

    fn leg(&self, burst: &Burst, open: Option<Reason>, pages: &[u64]) -> Leg {
        let (accepted, lost) = (self.accepted, self.lost.len());
        let (doubled, refused) = (self.doubled.len(), self.refused_and_stored.len());
        // What stands in the list is proof, however far the walk came; what does not is none before its end.
        let outcome = match (doubled + refused, lost, open) {
            (1.., _, _) | (0, 1.., None) => Outcome::Fail,
            (0, _, Some(reason)) => Outcome::Inconclusive(reason),
            (0, 0, None) if accepted == 0 => Outcome::Inconclusive(Reason::InsufficientEvidence),
            (0, 0, None) => Outcome::Pass,
        };
        let expected = phrase!(
            "daftar memuat setiap kiriman yang diterima tepat satu kali dan tidak memuat yang ditolak",
            "the list holds each accepted submission exactly once, and none that was refused"
        );
        let actual = match open {
            Some(_) if doubled + refused == 0 => phrase!(
                "daftar tidak tertelusuri sampai habis; {lost} dari {accepted} kiriman yang diterima belum terlihat",
                "the list could not be walked to its end; {lost} of {accepted} accepted submissions were not seen"
            ),
            _ => phrase!(
                "{accepted} diterima: {lost} tidak ada dalam daftar, {doubled} tersimpan lebih dari sekali; {refused} ditolak tetapi tersimpan",
                "{accepted} accepted: {lost} not in the list, {doubled} stored more than once; {refused} refused and yet stored"
            ),
        };
        let mut evidence: Vec<u64> = [&self.lost, &self.doubled, &self.refused_and_stored]
            .into_iter()
            .flatten()
            .copied()
            .collect();
        evidence.extend(pages.iter().take(20));
        Leg::new(&burst.key, outcome, expected, actual, evidence)
    }
}

enum Fate {
    Accepted,
    Refused,
    /// No answer, or one that does not say: whether it is stored proves nothing.
    Unknown,
}

/// 429 and 503 refuse explicitly; another server fault does not say what became of the submission.
fn fate(submit: &Exchange) -> Fate {
    match (submit.reading, submit.status()) {
        (Reading::Accepted, _) => Fate::Accepted,
        (Reading::Refused | Reading::NotFound | Reading::Throttled, _) | (Reading::Fault, Some(503)) => Fate::Refused,
        _ => Fate::Unknown,
    }
}

/// Parameters of `kiriman_cukup`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enough {
    at_least: usize,
    bursts: Vec<Attempted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attempted {
    key: String,
    submits: Vec<u64>,
}

/// Each burst had enough acknowledged submissions to be judged.
pub(super) fn enough(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let enough: Enough = params("kiriman_cukup", value)?;
    let at_least = enough.at_least;
    enough
        .bursts
        .iter()
        .map(|burst| {
            let submits = burst
                .submits
                .iter()
                .map(|seq| window.exchange(*seq))
                .collect::<Result<Vec<_>, _>>()?;
            let accepted = submits
                .iter()
                .filter(|submit| submit.reading == Reading::Accepted)
                .count();
            let others = several(&kinds(&submits));
            let (all, id, en) = (submits.len(), &others.id, &others.en);
            let actual = if others.id.is_empty() {
                phrase!("{accepted} dari {all} diterima", "{accepted} of {all} were accepted")
            } else {
                phrase!(
                    "{accepted} dari {all} diterima; lainnya: {id}",
                    "{accepted} of {all} were accepted; the others: {en}"
                )
            };
            let expected = phrase!(
                "sekurang-kurangnya {at_least} dari {all} kiriman diterima",
                "at least {at_least} of {all} submissions are accepted"
            );
            let evidence = burst.submits.clone();
            Ok(Leg::judged(
                format!("cukup/{}", burst.key),
                accepted >= at_least,
                expected,
                actual,
                evidence,
            ))
        })
        .collect()
}

/// How those that were not accepted were answered: "429 × 3".
fn kinds(submits: &[&Exchange]) -> Vec<String> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for submit in submits.iter().filter(|submit| submit.reading != Reading::Accepted) {
        let kind = submit
            .status()
            .map_or_else(|| submit.reading.id().to_owned(), |status| status.to_string());
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
        .into_iter()
        .map(|(kind, count)| format!("{kind} × {count}"))
        .collect()
}

#[cfg(test)]
mod tests;
