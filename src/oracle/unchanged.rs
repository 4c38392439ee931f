//! Whether something that a complaint shows is the same before and after (TK-05, TK-06). Knows nothing of what
//! happened in between.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Op, Phrase};
use crate::evidence::record::{Answer, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, bounded};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub const NAME: &str = "tetap_sama";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What is compared.
    pub pairs: Vec<Pair>,
    /// Members that a read may change (`api.berubah_saat_dibaca`).
    pub ignored: Vec<String>,
}

/// Two looks at the same thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Key of its leg.
    pub key: String,
    /// The look before.
    pub before: u64,
    /// The look after.
    pub after: u64,
    /// What was sent in between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<u64>,
}

/// What two looks tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// They show the same.
    None,
    /// They differ.
    Seen(Phrase),
    /// The first showed nothing, so there is nothing to compare with.
    Unread(Phrase),
    /// The second could not be had.
    Unclear(Phrase),
}

/// One leg for each pair.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let Params { pairs, ignored } = params(NAME, value)?;
    pairs.iter().map(|pair| leg(pair, &ignored, window)).collect()
}

fn leg(pair: &Pair, ignored: &[String], window: &Window) -> Result<Leg, OracleFault> {
    let (before, after) = (window.exchange(pair.before)?, window.exchange(pair.after)?);
    let probes: Vec<&Exchange> = pair
        .probes
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<_, _>>()?;
    let answered =
        |probe: &&&Exchange| matches!(probe.answer, Answer::Response(_)) && probe.reading != Reading::Throttled;
    let count = probes.len();
    let (outcome, actual) = match change(before, after, ignored) {
        Change::Seen(text) => (Outcome::Fail, text),
        Change::Unread(text) => (Outcome::Inconclusive(Reason::PreconditionUnmet), text),
        Change::Unclear(text) => (Outcome::Inconclusive(Reason::InsufficientEvidence), text),
        Change::None if count > 0 && !probes.iter().any(|probe| answered(&probe)) => {
            let text = phrase!(
                "tidak satu pun dari {count} permintaan dijawab",
                "none of {count} requests was answered"
            );
            (Outcome::Inconclusive(Reason::InsufficientEvidence), text)
        }
        Change::None => {
            let text = phrase!(
                "sama sebelum dan sesudah {count} permintaan",
                "the same before and after {count} requests"
            );
            (Outcome::Pass, text)
        }
    };
    let expected = phrase!("tidak berubah", "unchanged");
    let evidence = std::iter::once(pair.before)
        .chain(pair.probes.iter().copied())
        .chain([pair.after])
        .collect();
    Ok(Leg::new(pair.key.clone(), outcome, expected, actual, evidence))
}

/// Compares two answers to the same read: their canonical views, and the bytes of a file.
pub(super) fn change(before: &Exchange, after: &Exchange, ignored: &[String]) -> Change {
    let file = before.op == Op::Download;
    if before.reading != Reading::Accepted || (!file && before.mapped.is_null()) {
        let words = answer_words(before);
        return Change::Unread(Phrase::new(
            format!("tidak terbaca sebelumnya: {}", words.id),
            format!("not readable before: {}", words.en),
        ));
    }
    if matches!(after.reading, Reading::NotFound | Reading::Refused) {
        let words = answer_words(after);
        return Change::Seen(Phrase::new(
            format!("tidak terbaca lagi: {}", words.id),
            format!("not readable any more: {}", words.en),
        ));
    }
    if after.reading != Reading::Accepted || (!file && after.mapped.is_null()) {
        return Change::Unclear(answer_words(after));
    }
    if file {
        return bytes(before, after);
    }
    let place = difference(&before.mapped, &after.mapped, ignored, "").or_else(|| digests(before, after, ignored));
    place.map_or(Change::None, |place| {
        let place = bounded(&place, 120);
        Change::Seen(phrase!("{place} berubah", "{place} changed"))
    })
}

fn bytes(before: &Exchange, after: &Exchange) -> Change {
    let digest = |exchange: &Exchange| exchange.response().map(|response| response.body.sha256.clone());
    if digest(before) == digest(after) {
        return Change::None;
    }
    let words = answer_words(after);
    Change::Seen(Phrase::new(
        format!("isi berkas lain: {}", words.id),
        format!("the file holds something else: {}", words.en),
    ))
}

/// The pointer of the first member that differs.
fn difference(before: &Value, after: &Value, ignored: &[String], at: &str) -> Option<String> {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            names
                .into_iter()
                .filter(|name| !ignored.contains(name))
                .find_map(|name| {
                    let null = Value::Null;
                    let (old, new) = (old.get(name).unwrap_or(&null), new.get(name).unwrap_or(&null));
                    difference(old, new, ignored, &format!("{at}/{name}"))
                })
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => (0..)
            .zip(old.iter().zip(new))
            .find_map(|(index, (old, new)): (usize, _)| difference(old, new, ignored, &format!("{at}/{index}"))),
        (old, new) if old == new => None,
        _ => Some(if at.is_empty() { "/".to_owned() } else { at.to_owned() }),
    }
}

/// What redaction made equal may still differ; its digests tell.
fn digests(before: &Exchange, after: &Exchange, ignored: &[String]) -> Option<String> {
    let judged = |name: &str| !name.split('/').any(|part| ignored.iter().any(|one| one == part));
    before
        .facts
        .digests
        .iter()
        .filter(|(name, _)| judged(name))
        .find(|(name, digest)| after.facts.digests.get(*name).is_some_and(|other| other != *digest))
        .map(|(name, _)| format!("/{name}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{exchange, window};
    use super::*;
    use crate::domain::Actor;
    use crate::evidence::record::BrokenKind;

    fn outcome(samples: Vec<super::super::samples::Sample>, probes: &[u64]) -> Outcome {
        let params = json!({
            "pairs": [{"key": "x", "before": 1, "after": 2, "probes": probes}],
            "ignored": ["dilihat"],
        });
        judge(&params, &window(samples)).unwrap().remove(0).outcome
    }

    fn read(seq: u64, mapped: Value) -> super::super::samples::Sample {
        exchange(seq, Op::Read, Actor::Admin, mapped)
    }

    #[test]
    fn the_same_passes_and_a_declared_counter_does_not_count() {
        let one = json!({"status": "diproses", "riwayat": [{"ke": "diproses"}], "dilihat": 1});
        let two = json!({"status": "diproses", "riwayat": [{"ke": "diproses"}], "dilihat": 2});
        assert_eq!(outcome(vec![read(1, one.clone()), read(2, two)], &[]), Outcome::Pass);
        let probe = || read(3, Value::Null);
        assert_eq!(
            outcome(vec![read(1, one.clone()), read(2, one.clone()), probe()], &[3]),
            Outcome::Pass
        );
        let silent = read(3, Value::Null).broken(BrokenKind::Timeout);
        let unclear = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcome(vec![read(1, one.clone()), read(2, one), silent], &[3]), unclear);
    }

    #[test]
    fn a_change_anywhere_and_a_loss_fail() {
        let one = json!({"status": "diproses", "riwayat": [{"ke": "diproses"}]});
        for other in [
            json!({"status": "selesai", "riwayat": [{"ke": "diproses"}]}),
            json!({"status": "diproses", "riwayat": [{"ke": "diproses"}, {"ke": "selesai"}]}),
            json!({"status": "diproses"}),
        ] {
            assert_eq!(outcome(vec![read(1, one.clone()), read(2, other)], &[]), Outcome::Fail);
        }
        let gone = read(2, Value::Null).answered(404, Reading::NotFound);
        assert_eq!(outcome(vec![read(1, one), gone], &[]), Outcome::Fail);
    }

    #[test]
    fn what_was_never_readable_or_cannot_be_read_now_is_not_told() {
        let one = json!({"status": "diproses"});
        let absent = read(1, Value::Null).answered(404, Reading::NotFound);
        let unmet = Outcome::Inconclusive(Reason::PreconditionUnmet);
        assert_eq!(outcome(vec![absent, read(2, one.clone())], &[]), unmet);
        let fault = read(2, Value::Null).answered(500, Reading::Fault);
        let unclear = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcome(vec![read(1, one), fault], &[]), unclear);
    }
}
