//! KM-02: a credential that is doubled, or stands where none is declared, gives at most the access of the identity
//! that it proves. Knows nothing of headers: what was sent has a name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{Access, Proof, access, answer_words, hits, unclear_reason};
use super::{OracleFault, Window, params};

/// Oracle: the complaint of somebody whom the credential does not prove stays closed.
pub const CLOSED: &str = "identitas_tidak_terbukti";
/// Oracle: the complaint of whom it proves is read, or not, as is usual.
pub const USUAL: &str = "kredensial_lazim";

/// Parameters of both.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Key of the leg.
    pub key: String,
    /// Fixture number of the complaint.
    pub fixture: u32,
    /// Its public part may be read by everyone.
    pub public: bool,
    /// Whether it should be readable (`kredensial_lazim`).
    pub readable: bool,
    /// The tries.
    pub probes: Vec<u64>,
    /// The dead credential by itself, which must open nothing; else nothing can be told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alone: Option<u64>,
}

const REFUSALS: &[u16] = &[400];

impl Params {
    fn access(&self, exchange: &Exchange) -> Access {
        let proof = if self.public { Proof::PrivateAlone } else { Proof::Any };
        access(exchange, self.fixture, proof, REFUSALS)
    }

    fn probes<'a>(&self, window: &'a Window) -> Result<Vec<&'a Exchange>, OracleFault> {
        self.probes.iter().map(|seq| window.exchange(*seq)).collect()
    }

    fn leg(&self, outcome: Outcome, expected: Phrase, actual: Phrase) -> Vec<Leg> {
        let evidence = self.probes.iter().copied().chain(self.alone).collect();
        vec![Leg::new(&*self.key, outcome, expected, actual, evidence)]
    }
}

/// `identitas_tidak_terbukti`: one leg.
pub(super) fn closed(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(CLOSED, value)?;
    let expected = phrase!(
        "ditolak (400, 401, 403, 404) tanpa data",
        "refused (400, 401, 403, 404) without data"
    );
    let probes = params.probes(window)?;
    let leaks = |probe: &&&Exchange| {
        params.access(probe) == Access::Granted || hits(probe, params.fixture).any(|hit| hit.private)
    };
    if let Some(probe) = probes.iter().find(leaks) {
        let how = answer_words(probe);
        let (id, en) = (&how.id, &how.en);
        let actual = phrase!("{id}, dengan data pengaduan itu", "{en}, with the complaint's data");
        return Ok(params.leg(Outcome::Fail, expected, actual));
    }
    let alone = params.alone.map(|seq| window.exchange(seq)).transpose()?;
    if let Some(alone) = alone.filter(|alone| params.access(alone) != Access::Denied) {
        let how = answer_words(alone);
        let (id, en) = (&how.id, &how.en);
        let actual = phrase!(
            "kredensial mati itu sendiri: {id}",
            "the dead credential by itself: {en}"
        );
        return Ok(params.leg(Outcome::Inconclusive(Reason::PreconditionUnmet), expected, actual));
    }
    let Some(last) = probes.last() else {
        let actual = phrase!("tidak dicoba", "not tried");
        return Ok(params.leg(Outcome::Inconclusive(Reason::InsufficientEvidence), expected, actual));
    };
    // What everyone may read is no access: the private part stayed closed, and the control showed that there is one.
    let public_alone =
        params.public && last.reading == Reading::Accepted && hits(last, params.fixture).next().is_some();
    let outcome = match params.access(last) {
        Access::Denied => Outcome::Pass,
        Access::Unclear if public_alone => Outcome::Pass,
        Access::Granted | Access::Unclear => Outcome::Inconclusive(unclear_reason(&probes)),
    };
    Ok(params.leg(outcome, expected, answer_words(last)))
}

/// `kredensial_lazim`: one leg, for a warning.
pub(super) fn usual(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(USUAL, value)?;
    let expected = if params.readable {
        phrase!("terbaca", "read")
    } else {
        phrase!("tidak terbaca", "not read")
    };
    let probes = params.probes(window)?;
    let last = probes.last();
    let outcome = match last.map(|last| params.access(last)) {
        Some(Access::Granted) if params.readable => Outcome::Pass,
        Some(Access::Denied) if !params.readable => Outcome::Pass,
        Some(Access::Granted | Access::Denied) => Outcome::Fail,
        Some(Access::Unclear) | None => Outcome::Inconclusive(unclear_reason(&probes)),
    };
    let actual = last.map_or_else(|| phrase!("tidak dicoba", "not tried"), |last| answer_words(last));
    Ok(params.leg(outcome, expected, actual))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, canary, window};
    use super::*;

    fn text() -> Exchange {
        answered(200, vec![canary(7, "isi", false, "body:/isi")])
    }

    fn value(readable: bool) -> Value {
        json!({"key": "P2", "fixture": 7, "public": false, "readable": readable, "probes": [1], "alone": 2})
    }

    fn outcome(probe: Exchange, alone: Exchange) -> Outcome {
        closed(&value(false), &window([probe, alone]))
            .unwrap()
            .remove(0)
            .outcome
    }

    #[test]
    fn nothing_of_another_person_is_shown() {
        let open = |reason| Outcome::Inconclusive(reason);
        let dead = || answered(401, vec![]);
        let name = || canary(7, "pelapor.nama", true, "body:/nama");
        for status in [400, 401, 403, 404] {
            assert_eq!(outcome(answered(status, vec![]), dead()), Outcome::Pass, "{status}");
        }
        assert_eq!(outcome(text(), dead()), Outcome::Fail);
        assert_eq!(outcome(answered(403, vec![name()]), dead()), Outcome::Fail);
        for status in [200, 302, 429, 500] {
            let expected = open(Reason::InsufficientEvidence);
            assert_eq!(outcome(answered(status, vec![]), dead()), expected, "{status}");
        }
    }

    #[test]
    fn a_dead_credential_that_lives_tells_nothing() {
        let unmet = Outcome::Inconclusive(Reason::PreconditionUnmet);
        assert_eq!(outcome(answered(401, vec![]), text()), unmet);
    }

    #[test]
    fn what_is_usual_is_told() {
        let judged = |readable, probe| usual(&value(readable), &window([probe])).unwrap().remove(0).outcome;
        assert_eq!(judged(true, text()), Outcome::Pass);
        assert_eq!(judged(true, answered(401, vec![])), Outcome::Fail);
        assert_eq!(judged(false, text()), Outcome::Fail);
        assert_eq!(judged(false, answered(401, vec![])), Outcome::Pass);
    }
}
