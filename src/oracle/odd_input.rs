//! TK-20, sweep: every odd but lawful input gets an answer, and none a server fault. Knows nothing of what the
//! inputs are.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Answer, BrokenKind, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, unclear_reason};
use super::server_fault::fault;
use super::{OracleFault, Window, params};

/// Name in the registry.
pub const NAME: &str = "masukan_ganjil";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What is asked of the inputs.
    pub norm: Norm,
    /// The inputs, in the order of the feature's table.
    pub inputs: Vec<Input>,
}

/// What is asked of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// An answer came.
    Answered,
    /// No 5xx, and no close without an answer.
    NoFault,
}

/// One odd input.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its name in the feature.
    pub key: String,
    /// The exchanges that carried it.
    pub seqs: Vec<u64>,
    /// The claim or operation whose absence leaves it out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_out: Option<String>,
    /// Why it could not be sent: a setup failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unmet: Option<Phrase>,
}

/// Key of an input's leg.
pub fn key(norm: Norm, input: &str) -> String {
    match norm {
        Norm::Answered => format!("jawaban · {input}"),
        Norm::NoFault => format!("galat · {input}"),
    }
}

/// One leg for each input.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let Params { norm, inputs } = params(NAME, value)?;
    inputs.iter().map(|input| leg(norm, input, window)).collect()
}

fn leg(norm: Norm, input: &Input, window: &Window) -> Result<Leg, OracleFault> {
    let (outcome, actual, evidence) = look(norm, input, window)?;
    Ok(Leg::new(
        key(norm, &input.key),
        outcome,
        expected(norm),
        actual,
        evidence,
    ))
}

fn look(norm: Norm, input: &Input, window: &Window) -> Result<(Outcome, Phrase, Vec<u64>), OracleFault> {
    if let Some(claim) = &input.left_out {
        let actual = phrase!("tidak dikirim: {claim}", "not sent: {claim}");
        return Ok((Outcome::NotApplicable(claim.clone()), actual, vec![]));
    }
    let with_number = |&seq| window.exchange(seq).map(|exchange| (seq, exchange));
    let exchanges: Vec<(u64, &Exchange)> = input.seqs.iter().map(with_number).collect::<Result<_, _>>()?;
    let offends = |exchange: &Exchange| match norm {
        Norm::Answered => closed(exchange),
        Norm::NoFault => fault(exchange).is_some(),
    };
    if let Some((seq, exchange)) = exchanges.iter().find(|(_, exchange)| offends(exchange)) {
        return Ok((Outcome::Fail, answer_words(exchange), vec![*seq]));
    }
    let seqs = input.seqs.clone();
    if let Some(unmet) = &input.unmet {
        return Ok((Outcome::Inconclusive(Reason::PreconditionUnmet), unmet.clone(), seqs));
    }
    let open: Vec<_> = exchanges
        .iter()
        .map(|(_, exchange)| *exchange)
        .filter(|one| !decides(one))
        .collect();
    if let Some(last) = open.last() {
        return Ok((Outcome::Inconclusive(unclear_reason(&open)), answer_words(last), seqs));
    }
    let Some((_, last)) = exchanges.last() else {
        let actual = phrase!("tidak satu pun permintaan dikirim", "no request was sent");
        return Ok((Outcome::Inconclusive(Reason::InsufficientEvidence), actual, seqs));
    };
    let (count, last) = (exchanges.len(), answer_words(last));
    let actual = Phrase::new(
        format!("{count} permintaan dijawab; yang terakhir: {}", last.id),
        format!("{count} requests answered; the last: {}", last.en),
    );
    Ok((Outcome::Pass, actual, seqs))
}

/// A whole answer that no limiter stood before.
fn decides(exchange: &Exchange) -> bool {
    matches!(exchange.answer, Answer::Response(_)) && exchange.reading != Reading::Throttled
}

fn closed(exchange: &Exchange) -> bool {
    matches!(&exchange.answer, Answer::Broken(broken)
        if matches!(broken.kind, BrokenKind::Closed | BrokenKind::Protocol))
}

fn expected(norm: Norm) -> Phrase {
    match norm {
        Norm::Answered => phrase!("masukan dijawab", "the input is answered"),
        Norm::NoFault => phrase!(
            "masukan diterima, diabaikan, atau ditolak dengan 4xx; tidak ada 5xx dan tidak ada sambungan yang putus",
            "the input is accepted, ignored or refused with 4xx; no 5xx, and no connection closed"
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, broken, window};
    use super::*;

    fn outcome(norm: &str, exchanges: Vec<Exchange>) -> Outcome {
        let seqs: Vec<_> = (1..=exchanges.len()).collect();
        let params = json!({"norm": norm, "inputs": [{"key": "kuki rusak", "seqs": seqs}]});
        judge(&params, &window(exchanges)).unwrap().remove(0).outcome
    }

    #[test]
    fn lawful_answers_pass_both_norms() {
        for norm in ["answered", "no_fault"] {
            let answers = [200, 206, 304, 400, 416]
                .map(|status| answered(status, vec![]))
                .to_vec();
            assert_eq!(outcome(norm, answers), Outcome::Pass);
        }
    }

    #[test]
    fn a_fault_and_a_close_fail() {
        let ok = || answered(200, vec![]);
        assert_eq!(outcome("no_fault", vec![ok(), answered(500, vec![])]), Outcome::Fail);
        assert_eq!(outcome("answered", vec![ok(), answered(500, vec![])]), Outcome::Pass);
        for norm in ["answered", "no_fault"] {
            assert_eq!(outcome(norm, vec![ok(), broken(BrokenKind::Closed)]), Outcome::Fail);
        }
    }

    #[test]
    fn what_was_not_answered_or_not_sent_is_open() {
        let open = |reason| Outcome::Inconclusive(reason);
        let timeout = || broken(BrokenKind::Timeout);
        assert_eq!(outcome("answered", vec![timeout(), timeout()]), open(Reason::Timeout));
        assert_eq!(
            outcome("no_fault", vec![answered(429, vec![])]),
            open(Reason::InsufficientEvidence)
        );
        assert_eq!(outcome("no_fault", vec![]), open(Reason::InsufficientEvidence));
        let left_out = json!({"norm": "no_fault", "inputs": [{"key": "rentang", "seqs": [], "left_out": "lampiran"}]});
        let legs = judge(&left_out, &window([])).unwrap();
        assert_eq!(legs[0].outcome, Outcome::NotApplicable("lampiran".to_owned()));
        assert!(
            judge(
                &json!({"norm": "no_fault", "inputs": [{"key": "x", "seqs": [9]}]}),
                &window([])
            )
            .is_err()
        );
    }
}
