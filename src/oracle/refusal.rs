//! TK-01: refused reads, absent resources and failed logins are never a success. Knows nothing of how they were asked
//! for.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::Exchange;
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, hits, is_success, unclear_reason};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub const NAME: &str = "penolakan_bukan_sukses";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Which probes are asked about.
    pub norm: Norm,
    /// Everything that was tried.
    pub probes: Vec<Probe>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// Of the interface: a success is a fault.
    Interface,
    /// Of addresses beside it: a page that answers everything is worth a warning.
    Beside,
}

/// One thing that has to be refused.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Key of the leg.
    pub key: String,
    /// The tries, in order; a second one only where the first was unclear.
    pub seqs: Vec<u64>,
    /// Fixture number of the complaint that is another's; an answer that grants it is the business of KM-13 and KM-14.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub foreign: Option<u32>,
    /// An empty list with 200 is a lawful answer.
    #[serde(default)]
    pub list: bool,
    /// The address stands beside the interface.
    #[serde(default)]
    pub beside: bool,
    /// The claim or operation whose absence leaves it out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_out: Option<String>,
}

/// One leg for each probe that the norm is about.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Params = params(NAME, value)?;
    let beside = asked.norm == Norm::Beside;
    let probes = asked.probes.iter().filter(|probe| probe.beside == beside);
    probes.map(|probe| leg(probe, window)).collect()
}

fn leg(probe: &Probe, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "ditolak dengan 4xx yang sesuai, tidak pernah 2xx",
        "refused with an apt 4xx, never 2xx"
    );
    let leg = |outcome, actual, evidence| Leg::new(&*probe.key, outcome, expected, actual, evidence);
    if let Some(claim) = &probe.left_out {
        let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
        return Ok(leg(Outcome::NotApplicable(claim.clone()), actual, vec![]));
    }
    let mut last = None;
    for &seq in &probe.seqs {
        let exchange = window.exchange(seq)?;
        if let Some((outcome, actual)) = decided(probe, exchange) {
            return Ok(leg(outcome, actual, vec![seq]));
        }
        last = Some(exchange);
    }
    let Some(exchange) = last else {
        let actual = phrase!("tidak dicoba", "not tried");
        return Ok(leg(Outcome::Inconclusive(Reason::PreconditionUnmet), actual, vec![]));
    };
    let reason = unclear_reason(&[exchange]);
    Ok(leg(
        Outcome::Inconclusive(reason),
        answer_words(exchange),
        probe.seqs.clone(),
    ))
}

/// What one answer decides; `None` for 429, 5xx and silence, which count neither way.
fn decided(probe: &Probe, exchange: &Exchange) -> Option<(Outcome, Phrase)> {
    let words = answer_words(exchange);
    let elsewhere = |code: &str| Outcome::NotApplicable(code.to_owned());
    Some(match exchange.status()? {
        300..=399 => (elsewhere("TK-24"), words),
        429 | 500.. => return None,
        400..=499 => (Outcome::Pass, words),
        status if !is_success(status) => return None,
        _ if granted(probe, exchange) => (elsewhere("KM-13"), words),
        _ if probe.list && empty_list(exchange) => (Outcome::Pass, words),
        status => {
            let shown = shown(exchange);
            let actual = phrase!(
                "dijawab sukses {status}: {shown}",
                "answered as a success {status}: {shown}"
            );
            (Outcome::Fail, actual)
        }
    })
}

fn granted(probe: &Probe, exchange: &Exchange) -> bool {
    probe
        .foreign
        .is_some_and(|fixture| hits(exchange, fixture).next().is_some())
}

fn empty_list(exchange: &Exchange) -> bool {
    exchange
        .mapped
        .pointer("/butir")
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty)
}

/// The beginning of the body, in one line.
fn shown(exchange: &Exchange) -> String {
    let text = exchange
        .response()
        .and_then(|response| response.body.text.as_deref())
        .unwrap_or("-");
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    super::access::bounded(&line, 80)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, broken, canary, mapped, window};
    use super::*;
    use crate::evidence::record::BrokenKind;

    fn outcome(probe: Value, exchanges: Vec<Exchange>) -> Outcome {
        let mut probe = probe;
        probe["key"] = json!("read");
        probe["seqs"] = json!((1..=exchanges.len()).collect::<Vec<_>>());
        let norm = if probe["beside"] == json!(true) {
            "beside"
        } else {
            "interface"
        };
        let params = json!({"norm": norm, "probes": [probe]});
        judge(&params, &window(exchanges)).unwrap().remove(0).outcome
    }

    #[test]
    fn refusals_pass_and_successes_fail() {
        for status in [400, 401, 403, 404, 410, 422] {
            assert_eq!(outcome(json!({}), vec![answered(status, vec![])]), Outcome::Pass);
        }
        for status in [200, 202, 204] {
            assert_eq!(outcome(json!({}), vec![answered(status, vec![])]), Outcome::Fail);
            let beside = outcome(json!({"beside": true}), vec![answered(status, vec![])]);
            assert_eq!(beside, Outcome::Fail, "a warning by the strength of its sentence");
        }
    }

    #[test]
    fn lists_may_be_empty_and_granted_objects_are_of_others() {
        let empty = || mapped(200, json!({"butir": []}));
        assert_eq!(outcome(json!({"list": true}), vec![empty()]), Outcome::Pass);
        assert_eq!(outcome(json!({}), vec![empty()]), Outcome::Fail);
        let full = mapped(200, json!({"butir": [{"id": "1"}]}));
        assert_eq!(outcome(json!({"list": true}), vec![full]), Outcome::Fail);
        let granted = || answered(200, vec![canary(7, "isi", false, "body:/isi")]);
        let of_others = Outcome::NotApplicable("KM-13".to_owned());
        assert_eq!(outcome(json!({"foreign": 7}), vec![granted()]), of_others);
        assert_eq!(outcome(json!({"foreign": 8}), vec![granted()]), Outcome::Fail);
        let redirected = outcome(json!({}), vec![answered(302, vec![])]);
        assert_eq!(redirected, Outcome::NotApplicable("TK-24".to_owned()));
    }

    #[test]
    fn what_decides_nothing_is_tried_again_and_stays_open() {
        let fault = || answered(500, vec![]);
        assert_eq!(outcome(json!({}), vec![fault(), answered(404, vec![])]), Outcome::Pass);
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcome(json!({}), vec![fault(), fault()]), open);
        assert_eq!(outcome(json!({}), vec![broken(BrokenKind::Closed)]), open);
        let unmet = Outcome::Inconclusive(Reason::PreconditionUnmet);
        assert_eq!(outcome(json!({}), vec![]), unmet);
        let left_out = outcome(json!({"left_out": "lampiran"}), vec![]);
        assert_eq!(left_out, Outcome::NotApplicable("lampiran".to_owned()));
    }
}
