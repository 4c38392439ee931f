//! TK-10: no answer holds more than the declared cap, however much is asked for. Knows neither parameters nor what the
//! entries are; the size of pages of the administrator's list is DT-20's.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, items, unseen};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub const NAME: &str = "jangkauan_dibatasi";

/// The most rows that an answer without pages may hold, and the highest cap that may be declared (TK-10).
pub const MOST: u64 = 1_000;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// `batas.halaman_ukuran_maks`.
    pub cap: Option<u64>,
    /// What was asked for.
    pub probes: Vec<Probe>,
}

/// One request that asks for too much.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Key of the leg: the request in words, operation and actor.
    pub key: String,
    /// What it asks for.
    pub asks: Asks,
    /// Whether the operation has no pages: then [`MOST`] rows are the cap.
    pub whole: bool,
    /// The usual request to the same operation, just before.
    pub usual: u64,
    /// The tries, in order.
    pub seqs: Vec<u64>,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// A page far above every cap.
    Size,
    /// A size that is none: 0, a negative number.
    Odd,
    /// Something else without end: a far page, many identifiers, a long period, a long text.
    Reach,
}

/// One leg for each request.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(NAME, value)?;
    params.probes.iter().map(|probe| leg(&params, probe, window)).collect()
}

fn leg(params: &Params, probe: &Probe, window: &Window) -> Result<Leg, OracleFault> {
    let usual = window.exchange(probe.usual)?;
    let tries = probe
        .seqs
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let cap = if probe.whole {
        Some(MOST)
    } else {
        params.cap.map(|cap| cap.min(MOST))
    };
    let (outcome, actual) = match tries.last() {
        None => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dicoba", "not tried"),
        ),
        Some(answer) => told(probe, cap, usual, answer),
    };
    let evidence = std::iter::once(probe.usual).chain(probe.seqs.iter().copied()).collect();
    Ok(Leg::new(
        &*probe.key,
        outcome,
        expected(probe.asks, cap),
        actual,
        evidence,
    ))
}

fn expected(asks: Asks, cap: Option<u64>) -> Phrase {
    let cap = cap.map_or_else(|| "?".to_owned(), |cap| cap.to_string());
    match asks {
        Asks::Odd => phrase!(
            "tidak lebih banyak daripada halaman bawaan, atau ditolak dengan 4xx",
            "no more than a page of the default size, or refused with 4xx"
        ),
        Asks::Size | Asks::Reach => phrase!(
            "paling banyak {cap} butir, atau ditolak dengan 4xx",
            "at most {cap} entries, or refused with 4xx"
        ),
    }
}

fn told(probe: &Probe, cap: Option<u64>, usual: &Exchange, answer: &Exchange) -> (Outcome, Phrase) {
    let how = answered(answer);
    if answer.reading == Reading::Fault {
        return (Outcome::Fail, how);
    }
    if let Some(reason) = unseen(answer) {
        return (Outcome::Inconclusive(reason), how);
    }
    // A refusal counts where the usual request is granted: else it is none of what was asked for.
    if usual.reading != Reading::Accepted || unseen(usual).is_some() {
        let words = answered(usual);
        let (id, en) = (&words.id, &words.en);
        let actual = phrase!("permintaan biasa: {id}", "the usual request: {en}");
        return (Outcome::Inconclusive(Reason::PreconditionUnmet), actual);
    }
    if answer.reading != Reading::Accepted {
        return (Outcome::Pass, how);
    }
    let Some(cap) = cap else {
        let text = phrase!(
            "batas.halaman_ukuran_maks tidak dinyatakan",
            "batas.halaman_ukuran_maks is not declared"
        );
        return (Outcome::Inconclusive(Reason::FixtureMissing), text);
    };
    let (count, own) = (items(answer).len() as u64, items(usual).len() as u64);
    let (id, en) = (&how.id, &how.en);
    let shown = phrase!("{id}, {count} butir", "{en}, {count} entries");
    if count > cap || (probe.asks == Asks::Odd && count > own) {
        return (Outcome::Fail, shown);
    }
    let proven = match probe.asks {
        Asks::Reach => true,
        _ if probe.whole => true,
        Asks::Size => count < own || more(answer, count) || echoed(answer).is_some_and(|size| size <= cap),
        Asks::Odd => count < own || more(usual, own) || echoed(answer).is_some_and(|size| (1..=cap).contains(&size)),
    };
    if proven {
        (Outcome::Pass, shown)
    } else {
        let actual = phrase!(
            "{id}, {count} butir, terlalu sedikit untuk memperlihatkan batasnya",
            "{en}, {count} entries, too few to show the cap"
        );
        (Outcome::Inconclusive(Reason::AwaitingReview), actual)
    }
}

/// Whether an answer says that there is more than it holds.
fn more(answer: &Exchange, count: u64) -> bool {
    let next = answer.mapped.pointer("/halaman/berikut").and_then(Value::as_object);
    let total = answer.mapped.pointer("/halaman/jumlah").and_then(Value::as_u64);
    next.is_some_and(|next| !next.is_empty()) || total.is_some_and(|total| total > count)
}

/// The size of its page that an answer names.
fn echoed(answer: &Exchange) -> Option<u64> {
    answer.mapped.pointer("/halaman/ukuran").and_then(Value::as_u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{Sample, exchange, window};
    use super::*;
    use crate::domain::{Actor, Op};

    #[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    fn page(seq: u64, count: usize, about: Value) -> Sample {
        let entries: Vec<Value> = (0..count).map(|id| json!({"id": id.to_string()})).collect();
        exchange(
            seq,
            Op::List,
            Actor::Publik,
            json!({"butir": entries, "halaman": about}),
        )
    }

    fn outcome_of(asks: Asks, whole: bool, usual: Sample, answer: Sample) -> Outcome {
        let probe = Probe {
            key: "x".to_owned(),
            asks,
            whole,
            usual: 1,
            seqs: vec![2],
        };
        let params = json!(Params {
            cap: Some(10),
            probes: vec![probe]
        });
        judge(&params, &window([usual, answer])).unwrap().remove(0).outcome
    }

    fn outcome(asks: Asks, usual: usize, answer: Sample) -> Outcome {
        outcome_of(asks, false, page(1, usual, json!({"jumlah": 12})), answer)
    }

    const REVIEW: Outcome = Outcome::Inconclusive(Reason::AwaitingReview);

    #[test]
    fn more_than_the_cap_fails_and_a_refusal_passes() {
        for asks in [Asks::Size, Asks::Odd, Asks::Reach] {
            assert_eq!(outcome(asks, 5, page(2, 11, json!({}))), Outcome::Fail);
            let refused = page(2, 0, json!({})).answered(400, Reading::Refused);
            assert_eq!(outcome(asks, 5, refused), Outcome::Pass);
            let broken = page(2, 0, json!({})).answered(500, Reading::Fault);
            assert_eq!(outcome(asks, 5, broken), Outcome::Fail);
        }
    }

    #[test]
    fn a_size_that_is_none_gives_no_more_than_the_default_page() {
        assert_eq!(outcome(Asks::Odd, 5, page(2, 6, json!({}))), Outcome::Fail);
        assert_eq!(outcome(Asks::Odd, 5, page(2, 5, json!({}))), Outcome::Pass);
        let all = page(1, 5, json!({"jumlah": 5}));
        assert_eq!(outcome_of(Asks::Odd, false, all, page(2, 5, json!({}))), REVIEW);
    }

    #[test]
    fn a_cap_is_proven_by_more_entries_or_by_the_echo_alone() {
        assert_eq!(
            outcome(Asks::Size, 5, page(2, 10, json!({"jumlah": 12}))),
            Outcome::Pass
        );
        assert_eq!(
            outcome(Asks::Size, 5, page(2, 7, json!({"berikut": {"kursor": "a"}}))),
            Outcome::Pass
        );
        assert_eq!(
            outcome(Asks::Size, 5, page(2, 7, json!({"jumlah": 7, "ukuran": 10}))),
            Outcome::Pass
        );
        assert_eq!(outcome(Asks::Size, 5, page(2, 7, json!({"jumlah": 7}))), REVIEW);
        assert_eq!(outcome(Asks::Size, 5, page(2, 7, json!({"ukuran": 1_000_000}))), REVIEW);
        assert_eq!(outcome(Asks::Reach, 5, page(2, 7, json!({}))), Outcome::Pass);
    }

    #[test]
    fn an_answer_without_pages_may_hold_a_thousand_rows() {
        let whole = |count| outcome_of(Asks::Size, true, page(1, 900, json!({})), page(2, count, json!({})));
        assert_eq!((whole(1_000), whole(1_001)), (Outcome::Pass, Outcome::Fail));
    }

    #[test]
    fn without_the_usual_answer_a_refusal_tells_nothing() {
        let refused = |seq| page(seq, 0, json!({})).answered(403, Reading::Refused);
        assert_eq!(
            outcome_of(Asks::Size, false, refused(1), refused(2)),
            Outcome::Inconclusive(Reason::PreconditionUnmet)
        );
    }
}
