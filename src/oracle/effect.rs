//! GRANTED and DENIED of a write (keamanan.md §0.2): what an attempt did is told by later reads of entitled actors,
//! never by its own answer. Shared by KM-01, KM-15 and KM-17; knows neither their reasons nor any path or status word.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, hit_words, is_success, unclear_reason};
use super::sight::{answered, unseen};
use super::{OracleFault, Window, params};

/// Oracle: attempts without the right change nothing and show nothing.
pub const DENIED: &str = "perubahan_ditolak";
/// Oracle: attempts without the right are told that they were refused.
pub const TOLD: &str = "perubahan_ditolak_tegas";
/// Oracle: the entitled actor's act has its effect.
pub const GRANTED: &str = "tindakan_berhasil";

/// Parameters of all three.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempts {
    /// One leg each.
    pub attempts: Vec<Attempt>,
}

/// One act that was tried, with what was read around it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Key of the leg.
    pub key: String,
    /// The tries; a second one only where the first proved nothing.
    pub probes: Vec<u64>,
    /// What an entitled actor read just before and after, by the same operation.
    pub reads: Vec<Pair>,
    /// Fixture numbers planted in what was sent: found again in a read, they are its effect.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub marks: Vec<u32>,
    /// Reads after a later control; only the marks are looked for, since the control has changed the rest.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub later: Vec<u64>,
    /// Fixture numbers of which the asker may see no private value.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub closed: Vec<u32>,
    /// Why it was not tried: what the statement does not bind.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_out: Option<String>,
}

/// Two reads of one operation by one actor.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Before the attempt.
    pub before: u64,
    /// After it.
    pub after: u64,
}

/// What an attempt did.
pub(super) enum Effect<'a> {
    /// It showed private values to somebody who may not see them.
    Shown(u64, &'a Exchange),
    /// It changed something, as these reads tell.
    Changed(Vec<u64>, Phrase),
    /// Nothing changed, and it was refused.
    Denied(&'a Exchange),
    /// Nothing changed, though the answer claims success.
    Claimed(&'a Exchange),
    /// It cannot be told.
    Unclear(Reason, Phrase),
}

/// What an actor sees of a complaint, for comparison: the canonical answer without its times, and the digests of
/// what redaction hides. `None` where the answer shows nothing.
pub fn face(exchange: &Exchange) -> Option<Value> {
    if exchange.reading != Reading::Accepted || exchange.map_fault.is_some() || exchange.mapped.is_null() {
        return None;
    }
    let digests: Map<String, Value> = exchange
        .facts
        .digests
        .iter()
        .filter(|(at, _)| !at.split('/').any(is_time))
        .map(|(at, digest)| (at.clone(), json!(digest)))
        .collect();
    Some(json!([timeless(&exchange.mapped), digests]))
}

/// Times differ between two reads of the same state: deadlines may be counted down, views may be counted.
fn is_time(member: &str) -> bool {
    member.starts_with("waktu") || member == "tenggat" || member == "dihitung_pada"
}

fn timeless(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !is_time(name))
            .map(|(name, value)| (name.clone(), timeless(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(timeless).collect(),
        other => other.clone(),
    }
}

/// Whether an answer shows a planted value of one of these fixtures.
pub fn shows_any(exchange: &Exchange, fixtures: &[u32]) -> bool {
    exchange
        .facts
        .answer_canaries()
        .any(|hit| fixtures.contains(&hit.fixture))
}

/// What one attempt did. `refusals`: status codes that are a refusal of it.
pub(super) fn effect<'a>(attempt: &Attempt, window: &'a Window) -> Result<Effect<'a>, OracleFault> {
    let mut probes = Vec::new();
    for &seq in &attempt.probes {
        let probe = window.exchange(seq)?;
        let private = |exchange: &Exchange| {
            exchange
                .facts
                .answer_canaries()
                .any(|hit| hit.private && attempt.closed.contains(&hit.fixture))
        };
        if private(probe) {
            return Ok(Effect::Shown(seq, probe));
        }
        probes.push(probe);
    }
    let mut hidden = None;
    for pair in &attempt.reads {
        let (before, after) = (window.exchange(pair.before)?, window.exchange(pair.after)?);
        match (face(before), face(after)) {
            (Some(was), Some(is)) if was != is => {
                let what = difference(&was, &is);
                return Ok(Effect::Changed(vec![pair.before, pair.after], what));
            }
            // What was there and is gone was taken away.
            (Some(_), None) if after.reading == Reading::NotFound => {
                let what = phrase!("pengaduan tidak ada lagi", "the complaint is gone");
                return Ok(Effect::Changed(vec![pair.before, pair.after], what));
            }
            (Some(_), Some(_)) => {}
            (None, _) => hidden = Some(before),
            (_, None) => hidden = Some(after),
        }
    }
    let later = attempt
        .reads
        .iter()
        .map(|pair| pair.after)
        .chain(attempt.later.iter().copied());
    for seq in later {
        let read = window.exchange(seq)?;
        if shows_any(read, &attempt.marks) {
            let what = phrase!("isi yang dikirim tersimpan", "what was sent is stored");
            return Ok(Effect::Changed(vec![seq], what));
        }
        // Where nothing was read before, these reads are the only ones.
        if attempt.reads.is_empty() && face(read).is_none() {
            hidden = Some(read);
        }
    }
    if let Some(read) = hidden {
        let reason = unseen(read).unwrap_or(Reason::PreconditionUnmet);
        let how = answered(read);
        let (id, en) = (&how.id, &how.en);
        let text = phrase!(
            "pembacaan kedua tidak memperlihatkan pengaduan: {id}",
            "the second read does not show the complaint: {en}"
        );
        return Ok(Effect::Unclear(reason, text));
    }
    Ok(unchanged(&probes))
}

/// What an answer says where nothing changed. The last try counts.
fn unchanged<'a>(probes: &[&'a Exchange]) -> Effect<'a> {
    let Some(last) = probes.last() else {
        return Effect::Unclear(Reason::InsufficientEvidence, phrase!("tidak dicoba", "not tried"));
    };
    match last.status() {
        Some(400 | 401 | 403 | 404 | 405 | 409 | 410 | 422) => Effect::Denied(last),
        Some(status) if is_success(status) || last.reading == Reading::Accepted => Effect::Claimed(last),
        _ => Effect::Unclear(unclear_reason(probes), answer_words(last)),
    }
}

/// The members that differ, the first few.
fn difference(was: &Value, is: &Value) -> Phrase {
    let names = |value: &Value| -> Vec<String> {
        let members = value.get(0).and_then(Value::as_object);
        members.into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let part = |value: &Value, name: &str| value.get(0).and_then(|record| record.get(name)).cloned();
    let mut all = names(was);
    all.extend(names(is));
    all.sort();
    all.dedup();
    all.retain(|name| part(was, name) != part(is, name));
    if all.is_empty() {
        return phrase!("berubah", "changed");
    }
    let words = super::sight::several(&all);
    let (id, en) = (&words.id, &words.en);
    phrase!("berubah: {id}", "changed: {en}")
}

/// `perubahan_ditolak`: nobody without the right changes anything.
pub(super) fn denied(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Attempts = params(DENIED, value)?;
    params
        .attempts
        .iter()
        .map(|attempt| denied_leg(attempt, window))
        .collect()
}

/// The leg of one attempt that must have no effect.
pub(super) fn denied_leg(attempt: &Attempt, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "ditolak, tanpa akibat pada pembacaan kedua dan tanpa data nonpublik",
        "refused, without effect on the second read and without data that is not public"
    );
    let leg = |outcome, actual, evidence| Leg::new(&*attempt.key, outcome, expected.clone(), actual, evidence);
    if let Some(claim) = &attempt.left_out {
        let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
        return Ok(leg(Outcome::NotApplicable(claim.clone()), actual, Vec::new()));
    }
    let all = || -> Vec<u64> {
        let reads = attempt.reads.iter().flat_map(|pair| [pair.before, pair.after]);
        attempt.probes.iter().copied().chain(reads).collect()
    };
    Ok(match effect(attempt, window)? {
        Effect::Shown(seq, probe) => {
            let how = answer_words(probe);
            let hits = probe.facts.answer_canaries();
            let found = hit_words(hits.filter(|hit| hit.private && attempt.closed.contains(&hit.fixture)));
            let (id, en, places) = (&how.id, &how.en, &found.id);
            let actual = phrase!(
                "{id}, memuat data nonpublik: {places}",
                "{en}, holds data that is not public: {places}"
            );
            leg(Outcome::Fail, actual, vec![seq])
        }
        Effect::Changed(seqs, what) => {
            let how = said(attempt, window)?;
            let (id, en, what_id, what_en) = (&how.id, &how.en, &what.id, &what.en);
            let actual = phrase!("dijawab {id}; {what_id}", "answered {en}; {what_en}");
            let evidence = attempt.probes.iter().copied().chain(seqs).collect();
            leg(Outcome::Fail, actual, evidence)
        }
        Effect::Denied(probe) | Effect::Claimed(probe) => {
            let how = answered(probe);
            let (id, en) = (&how.id, &how.en);
            leg(
                Outcome::Pass,
                phrase!("{id}, tidak ada yang berubah", "{en}, nothing changed"),
                all(),
            )
        }
        Effect::Unclear(reason, text) => leg(Outcome::Inconclusive(reason), text, all()),
    })
}

fn said(attempt: &Attempt, window: &Window) -> Result<Phrase, OracleFault> {
    let last = attempt.probes.last().map(|seq| window.exchange(*seq)).transpose()?;
    Ok(last.map_or_else(|| Phrase::same("-"), answered))
}

/// `perubahan_ditolak_tegas`: an attempt without effect is not answered as if it had succeeded.
pub(super) fn told(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Attempts = params(TOLD, value)?;
    let expected = phrase!("dijawab dengan penolakan", "answered with a refusal");
    let leg = |attempt: &Attempt| {
        let key = format!("{}/jawaban", attempt.key);
        if let Some(claim) = &attempt.left_out {
            let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
            return Ok(Leg::new(
                key,
                Outcome::NotApplicable(claim.clone()),
                expected.clone(),
                actual,
                Vec::new(),
            ));
        }
        let (outcome, actual) = match effect(attempt, window)? {
            Effect::Claimed(probe) => (Outcome::Fail, answered(probe)),
            Effect::Denied(probe) | Effect::Shown(_, probe) => (Outcome::Pass, answered(probe)),
            Effect::Changed(..) => (Outcome::Pass, said(attempt, window)?),
            Effect::Unclear(reason, text) => (Outcome::Inconclusive(reason), text),
        };
        Ok(Leg::new(key, outcome, expected.clone(), actual, attempt.probes.clone()))
    };
    params.attempts.iter().map(leg).collect()
}

/// `tindakan_berhasil`: the act was accepted, and a second read shows what it did.
pub(super) fn granted(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Attempts = params(GRANTED, value)?;
    params
        .attempts
        .iter()
        .map(|attempt| granted_leg(attempt, window))
        .collect()
}

/// The leg of one act that must have its effect.
pub(super) fn granted_leg(attempt: &Attempt, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "diterima, dan tampak pada pembacaan kedua",
        "accepted, and seen in the second read"
    );
    let last = attempt.probes.last().map(|seq| window.exchange(*seq)).transpose()?;
    let accepted = last.is_some_and(|probe| probe.reading == Reading::Accepted);
    let (outcome, actual) = match effect(attempt, window)? {
        Effect::Changed(_, what) if accepted => (Outcome::Pass, what),
        Effect::Unclear(reason, text) => (Outcome::Inconclusive(reason), text),
        _ => {
            let how = said(attempt, window)?;
            let (id, en) = (&how.id, &how.en);
            (
                Outcome::Fail,
                phrase!("{id}, tanpa akibat yang tampak", "{en}, without an effect that shows"),
            )
        }
    };
    let reads = attempt.reads.iter().flat_map(|pair| [pair.before, pair.after]);
    let evidence = attempt.probes.iter().copied().chain(reads).collect();
    Ok(Leg::new(&*attempt.key, outcome, expected, actual, evidence))
}

#[cfg(test)]
mod tests;
