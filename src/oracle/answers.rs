//! PB-14: every public answer is stored once, in order, and reaches the reporter. Words of the texts that an
//! application adds around them (paragraphs, signatures) do not matter; their planted words do.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::closing::{Look, entries, not_offered};
use super::sight::{answered, short, text_of, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `jawaban_sampai`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reached {
    /// The planted words, in the order in which they were sent.
    markers: Vec<String>,
    /// Whether each answer must also say when it came and of whom.
    signed: bool,
    looks: Vec<Look>,
}

/// Every reader sees each answer once, in order. One leg a reader, `P1/tindak_lanjut@pelapor_a`.
pub(super) fn reached(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let reached: Reached = params("jawaban_sampai", value)?;
    reached
        .looks
        .iter()
        .map(|look| one_reached(&reached, look, window))
        .collect()
}

fn one_reached(reached: &Reached, look: &Look, window: &Window) -> Result<Leg, OracleFault> {
    let (label, count) = (&look.label, reached.markers.len());
    let key = format!("{label}/tindak_lanjut@{}", look.reader);
    let expected = if reached.signed {
        phrase!(
            "{count} tindak lanjut {label} masing-masing satu kali, berurutan, dengan waktu dan oleh",
            "{count} follow-ups of {label}, each once, in order, with time and author"
        )
    } else {
        phrase!(
            "{count} tindak lanjut {label} masing-masing satu kali, berurutan",
            "{count} follow-ups of {label}, each once, in order"
        )
    };
    let Some(seq) = look.seq else {
        return Ok(not_offered(key, expected, look));
    };
    let (outcome, actual) = shown(reached, window.exchange(seq)?);
    Ok(Leg::new(key, outcome, expected, actual, vec![seq]))
}

fn shown(reached: &Reached, read: &Exchange) -> (Outcome, Phrase) {
    let how = answered(read);
    let (id, en) = (&how.id, &how.en);
    if let Some(reason) = unseen(read) {
        let actual = phrase!("tidak terbaca: {id}", "could not be read: {en}");
        return (Outcome::Inconclusive(reason), actual);
    }
    if read.reading != Reading::Accepted {
        let actual = phrase!("tidak terbaca: {id}", "could not be read: {en}");
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), actual);
    }
    if reached.markers.is_empty() {
        let actual = phrase!("tidak ada yang dikirim", "nothing was sent");
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), actual);
    }
    let mut found = Vec::new();
    for (number, marker) in (1..).zip(&reached.markers) {
        let holding: Vec<&Value> = entries(read, "tindak_lanjut")
            .filter(|entry| holds(entry, marker))
            .collect();
        match holding.as_slice() {
            [] => {
                let actual = phrase!("tindak lanjut ke-{number} tidak ada", "follow-up {number} is missing");
                return (Outcome::Fail, actual);
            }
            [one] => found.push(*one),
            several => {
                let times = several.len();
                let actual = phrase!(
                    "tindak lanjut ke-{number} tampak {times} kali",
                    "follow-up {number} shows {times} times"
                );
                return (Outcome::Fail, actual);
            }
        }
    }
    in_order(reached.signed, &found)
}

fn in_order(signed: bool, found: &[&Value]) -> (Outcome, Phrase) {
    let unsigned = found.iter().find_map(|entry| {
        ["waktu", "oleh"]
            .into_iter()
            .find(|field| text_of(entry, field).is_none())
    });
    if let (true, Some(field)) = (signed, unsigned) {
        let actual = phrase!("ada tindak lanjut tanpa {field}", "a follow-up is without {field}");
        return (Outcome::Fail, actual);
    }
    let times: Vec<Timestamp> = found
        .iter()
        .filter_map(|entry| text_of(entry, "waktu")?.parse().ok())
        .collect();
    // Newest first is as good; what counts is that the times tell the order in which they were sent.
    if times.len() == found.len() && !times.is_sorted() {
        let shown = times.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let shown = short(&shown);
        let actual = phrase!(
            "waktunya tidak berurutan: {shown}",
            "their times are not in order: {shown}"
        );
        return (Outcome::Fail, actual);
    }
    let count = found.len();
    let actual = phrase!("{count} tindak lanjut, berurutan", "{count} follow-ups, in order");
    (Outcome::Pass, actual)
}

fn holds(entry: &Value, marker: &str) -> bool {
    let text = entry.get("isi").and_then(Value::as_str).unwrap_or_default();
    text.to_ascii_lowercase().contains(&marker.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    fn entry(text: &str, time: &str) -> Value {
        json!({"isi": format!("<p>{text}</p>"), "waktu": time, "oleh": "petugas"})
    }

    const FIRST: &str = "2026-11-25T08:00:00+07:00";
    const SECOND: &str = "2026-11-25T01:00:05Z";

    fn read(entries: &[Value]) -> Sample {
        exchange(1, Op::Read, Actor::PelaporA, json!({"tindak_lanjut": entries}))
    }

    fn judge(sample: Sample, signed: bool) -> Outcome {
        let look = json!({"label": "P1", "reader": "pelapor_a", "seq": 1});
        let value = json!({"markers": ["nonceA", "nonceB"], "signed": signed, "looks": [look]});
        reached(&value, &window([sample])).unwrap().remove(0).outcome
    }

    #[test]
    fn both_once_in_order_pass_whatever_stands_around_them() {
        let (first, second) = (entry("NonceA", FIRST), entry("nonceB", SECOND));
        let other = entry("jawaban lain", SECOND);
        assert_eq!(judge(read(&[first.clone(), second.clone()]), true), Outcome::Pass);
        assert_eq!(
            judge(read(&[second.clone(), other, first.clone()]), true),
            Outcome::Pass
        );
        let bare = |text: &str| json!({"isi": text});
        assert_eq!(judge(read(&[bare("nonceA"), bare("nonceB")]), false), Outcome::Pass);
    }

    #[test]
    fn missing_doubled_swapped_and_unsigned_ones_fail() {
        let (first, second) = (entry("nonceA", FIRST), entry("nonceB", SECOND));
        for entries in [
            vec![],
            vec![first.clone()],
            vec![second.clone()],
            vec![first.clone(), second.clone(), second.clone()],
            vec![entry("nonceA", SECOND), entry("nonceB", FIRST)],
            vec![first.clone(), json!({"isi": "nonceB", "waktu": SECOND})],
            vec![first.clone(), json!({"isi": "nonceB", "oleh": "petugas"})],
        ] {
            assert_eq!(judge(read(&entries), true), Outcome::Fail, "{entries:?}");
        }
        let without = exchange(1, Op::Track, Actor::Publik, json!({"status": "diproses"}));
        assert_eq!(judge(without, false), Outcome::Fail);
    }

    #[test]
    fn what_was_not_read_is_no_evidence() {
        let open = |reason| Outcome::Inconclusive(reason);
        assert_eq!(
            judge(read(&[]).broken(BrokenKind::Timeout), false),
            open(Reason::Timeout)
        );
        let unclear = open(Reason::InsufficientEvidence);
        assert_eq!(judge(read(&[]).answered(404, Reading::NotFound), false), unclear);
        assert_eq!(judge(read(&[]).unmapped(), false), unclear);
    }
}
