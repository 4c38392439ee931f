//! KM-07: a token whose content or signature was altered opens nothing. Knows nothing of JWT: an alteration is
//! a name, and its bytes are not in the evidence.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Credential, Exchange};
use crate::phrase;
use crate::verdict::{Leg, Outcome};

use super::access::{Access, Proof, access, answer_words, hit_words, hits, unclear_reason};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub const NAME: &str = "token_diubah";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What was tried to read.
    pub targets: Vec<Target>,
}

/// One complaint that the altered token asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name in the scenario, `P1`; the leg's key.
    pub object: String,
    /// Its fixture number: the canaries that prove reading.
    pub fixture: u32,
    /// Whether its public part may already be read by everyone: then private canaries alone prove anything.
    pub public: bool,
    /// The tries, in order; a second one only where the first was unclear.
    pub seqs: Vec<u64>,
}

/// One leg for each complaint.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let Params { targets } = params(NAME, value)?;
    targets.iter().map(|target| leg(target, window)).collect()
}

fn leg(target: &Target, window: &Window) -> Result<Leg, OracleFault> {
    let exchanges: Vec<(u64, &Exchange)> = target
        .seqs
        .iter()
        .map(|&seq| window.exchange(seq).map(|exchange| (seq, exchange)))
        .collect::<Result<_, _>>()?;
    for (seq, exchange) in &exchanges {
        if !matches!(exchange.credential, Credential::Altered(_)) {
            return Err(OracleFault::Evidence {
                seq: *seq,
                expected: "exchange with an altered credential",
            });
        }
    }
    let proof = if target.public { Proof::PrivateAlone } else { Proof::Any };
    let verdict = |exchange: &Exchange| access(exchange, target.fixture, proof, &[REFUSED_FORM]);
    let expected = phrase!(
        "ditolak (401, 403, 404, atau 400) tanpa tanda pengaduan itu",
        "refused (401, 403, 404 or 400) without a canary of that complaint"
    );
    let leg = |outcome, actual, seqs| Ok(Leg::new(target.object.clone(), outcome, expected, actual, seqs));
    if let Some((seq, exchange)) = exchanges
        .iter()
        .find(|(_, exchange)| verdict(exchange) == Access::Granted)
    {
        let (answer, found) = (answer_words(exchange), hit_words(hits(exchange, target.fixture)));
        let actual = Phrase::new(
            format!("terbaca: {}, memuat {}", answer.id, found.id),
            format!("was read: {}, holds {}", answer.en, found.en),
        );
        return leg(Outcome::Fail, actual, vec![*seq]);
    }
    if let Some((seq, exchange)) = exchanges
        .iter()
        .find(|(_, exchange)| verdict(exchange) == Access::Denied)
    {
        return leg(Outcome::Pass, answer_words(exchange), vec![*seq]);
    }
    let open: Vec<_> = exchanges.iter().map(|(_, exchange)| *exchange).collect();
    let last = open.last().map_or_else(
        || phrase!("tidak dicoba", "not tried"),
        |exchange| answer_words(exchange),
    );
    let actual = Phrase::new(
        format!("bukan bukti ke arah mana pun: {}", last.id),
        format!("evidence neither way: {}", last.en),
    );
    leg(
        Outcome::Inconclusive(unclear_reason(&open)),
        actual,
        target.seqs.clone(),
    )
}

/// A token that does not parse may be called a bad request (KM-07, lawful variants).
const REFUSED_FORM: u16 = 400;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, broken, canary, window};
    use super::*;
    use crate::evidence::record::{BrokenKind, CanaryHit};
    use crate::verdict::Reason;

    fn altered(status: u16, canaries: Vec<CanaryHit>) -> Exchange {
        Exchange {
            credential: Credential::Altered("beralgoritma none".to_owned()),
            ..answered(status, canaries)
        }
    }

    fn outcome(public: bool, exchanges: Vec<Exchange>) -> Outcome {
        let seqs: Vec<_> = (1..=exchanges.len()).collect();
        let params = json!({"targets": [{"object": "P2", "fixture": 7, "public": public, "seqs": seqs}]});
        judge(&params, &window(exchanges)).unwrap().remove(0).outcome
    }

    #[test]
    fn refusals_pass_and_reading_fails() {
        let text = || vec![canary(7, "isi", false, "body:/isi")];
        let name = || vec![canary(7, "pelapor.nama", true, "body:/pelapor/nama")];
        for status in [400, 401, 403, 404] {
            assert_eq!(outcome(false, vec![altered(status, vec![])]), Outcome::Pass, "{status}");
        }
        assert_eq!(outcome(false, vec![altered(200, text())]), Outcome::Fail);
        assert_eq!(outcome(true, vec![altered(200, name())]), Outcome::Fail);
    }

    #[test]
    fn what_proves_nothing_is_open() {
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        let text = || vec![canary(7, "isi", false, "body:/isi")];
        assert_eq!(
            outcome(true, vec![altered(200, text())]),
            open,
            "the public part proves nothing"
        );
        assert_eq!(outcome(false, vec![altered(500, vec![]), altered(500, vec![])]), open);
        assert_eq!(outcome(false, vec![altered(302, vec![])]), open);
        assert_eq!(outcome(false, vec![]), open);
        assert_eq!(
            outcome(false, vec![altered(500, vec![]), altered(401, vec![])]),
            Outcome::Pass
        );
        let mut timeout = broken(BrokenKind::Timeout);
        timeout.credential = Credential::Altered("x".to_owned());
        let timed_out = Outcome::Inconclusive(Reason::Timeout);
        assert_eq!(outcome(false, vec![timeout.clone(), timeout]), timed_out);
    }

    #[test]
    fn an_own_credential_is_no_evidence() {
        let params = json!({"targets": [{"object": "P1", "fixture": 7, "public": false, "seqs": [1]}]});
        assert!(judge(&params, &window([answered(401, vec![])])).is_err());
    }
}
