//! Controls of reading: the owner sees the whole complaint, nobody without a credential sees any of it.

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::record::{CanaryHit, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{Sight, answered, public_hits, seen, several, sight, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `terbaca_utuh` and `tidak_terbaca`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reads {
    reads: Vec<Read>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    /// `P1@pelapor_a`.
    key: String,
    fixture: u32,
    /// Only the last read counts for the whole; every one counts for nothing at all.
    seqs: Vec<u64>,
    /// Planted fields that a whole record shows.
    #[serde(default)]
    fields: Vec<String>,
    /// Its public part may be read by everyone: then private values alone show anything.
    #[serde(default)]
    public: bool,
}

/// The reader sees the complaint with every planted field.
pub(super) fn whole(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let reads: Reads = params("terbaca_utuh", value)?;
    reads.reads.iter().map(|read| whole_leg(read, window)).collect()
}

fn whole_leg(read: &Read, window: &Window) -> Result<Leg, OracleFault> {
    let exchange = read.seqs.last().map(|seq| window.exchange(*seq)).transpose()?;
    let fields = read.fields.join(", ");
    let expected = phrase!(
        "pengaduan terbaca dengan {fields} miliknya",
        "the complaint is read with its own {fields}"
    );
    let (outcome, actual) = match exchange.map(|exchange| (exchange, sight(exchange, read.fixture))) {
        None => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dibaca", "not read"),
        ),
        Some((exchange, Sight::Unseen(reason))) => (Outcome::Inconclusive(reason), answered(exchange)),
        Some((exchange, Sight::Own)) => {
            let shows =
                |field: &&String| public_hits(exchange).any(|hit| hit.fixture == read.fixture && hit.field == **field);
            let missing: Vec<String> = read.fields.iter().filter(|field| !shows(field)).cloned().collect();
            let words = several(&missing);
            let (id, en) = (&words.id, &words.en);
            if missing.is_empty() {
                (Outcome::Pass, phrase!("terbaca utuh", "read whole"))
            } else {
                (Outcome::Fail, phrase!("tanpa {id}", "without {en}"))
            }
        }
        Some((exchange, other)) => (Outcome::Fail, seen(other, exchange)),
    };
    let evidence = read.seqs.last().copied().into_iter().collect();
    Ok(Leg::new(
        format!("baca/{}", read.key),
        outcome,
        expected,
        actual,
        evidence,
    ))
}

/// No answer shows any planted value of the complaint, and each refuses.
pub(super) fn unreadable(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let reads: Reads = params("tidak_terbaca", value)?;
    reads.reads.iter().map(|read| unreadable_leg(read, window)).collect()
}

fn unreadable_leg(read: &Read, window: &Window) -> Result<Leg, OracleFault> {
    let exchanges = read
        .seqs
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let counts = |hit: &CanaryHit| hit.fixture == read.fixture && (hit.private || !read.public);
    let shows = |exchange: &&&Exchange| exchange.facts.canaries.iter().any(counts);
    let expected = if read.public {
        phrase!(
            "jawaban menolak, atau hanya memuat bagian yang sudah terbit",
            "the answer refuses, or holds the published part alone"
        )
    } else {
        phrase!(
            "jawaban menolak dan tidak memuat apa pun dari pengaduan itu",
            "the answer refuses and holds nothing of the complaint"
        )
    };
    let (outcome, actual) = if let Some(exchange) = exchanges.iter().find(shows) {
        let how = answered(exchange);
        let (id, en) = (&how.id, &how.en);
        (
            Outcome::Fail,
            phrase!("{id}, dengan teks pengaduan itu", "{en}, with the complaint's text"),
        )
    } else if let Some((reason, exchange)) = exchanges
        .iter()
        .find_map(|exchange| no_refusal(exchange, read).map(|reason| (reason, exchange)))
    {
        (Outcome::Inconclusive(reason), answered(exchange))
    } else {
        match exchanges.last() {
            Some(last) => (Outcome::Pass, answered(last)),
            None => (
                Outcome::Inconclusive(Reason::InsufficientEvidence),
                phrase!("tidak dicoba", "not tried"),
            ),
        }
    };
    Ok(Leg::new(
        format!("baca/{}", read.key),
        outcome,
        expected,
        actual,
        read.seqs.clone(),
    ))
}

/// A redirect (to a login page) refuses too; an accepted answer without the text says nothing.
fn no_refusal(exchange: &Exchange, read: &Read) -> Option<Reason> {
    let own = || public_hits(exchange).any(|hit| hit.fixture == read.fixture);
    match exchange.reading {
        Reading::Accepted if read.public && own() => None,
        Reading::Refused | Reading::NotFound | Reading::Redirect => None,
        Reading::Accepted => Some(Reason::InsufficientEvidence),
        _ => Some(unseen(exchange).unwrap_or(Reason::InsufficientEvidence)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    fn read() -> Sample {
        exchange(1, Op::Read, Actor::PelaporA, json!({}))
    }

    fn params() -> Value {
        json!({"reads": [{"key": "P1@pelapor_a", "fixture": 1, "seqs": [1], "fields": ["judul", "isi"]}]})
    }

    #[test]
    fn the_owner_reads_every_planted_field() {
        let judge = |sample: Sample| whole(&params(), &window([sample])).unwrap().remove(0).outcome;
        assert_eq!(judge(read().marked(1)), Outcome::Pass);
        assert_eq!(judge(read().hit(1, "judul", false, "body:/judul")), Outcome::Fail);
        assert_eq!(judge(read().marked(2)), Outcome::Fail);
        assert_eq!(judge(read().answered(404, Reading::NotFound)), Outcome::Fail);
        assert_eq!(
            judge(read().answered(401, Reading::Refused)),
            Outcome::Inconclusive(Reason::AuthUnavailable)
        );
        assert_eq!(
            judge(read().broken(BrokenKind::Timeout)),
            Outcome::Inconclusive(Reason::Timeout)
        );
    }

    #[test]
    fn without_a_credential_nothing_is_read() {
        let judge = |sample: Sample| unreadable(&params(), &window([sample])).unwrap().remove(0).outcome;
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(judge(read().answered(401, Reading::Refused)), Outcome::Pass);
        assert_eq!(judge(read().answered(302, Reading::Redirect)), Outcome::Pass);
        assert_eq!(judge(read().answered(403, Reading::Refused).marked(1)), Outcome::Fail);
        assert_eq!(judge(read().marked(1)), Outcome::Fail);
        assert_eq!(judge(read()), open);
        assert_eq!(judge(read().answered(500, Reading::Fault)), open);
    }
}
