//! KM-01: without a credential every protected operation is refused, shows nothing and does nothing. Each operation
//! is a round of its own: the entitled actor, nobody, the entitled actor again. Knows nothing of paths.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{CanaryHit, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, hit_words, is_success, unclear_reason};
use super::effect::{Attempt, denied_leg, face, granted_leg};
use super::sight::{answered, unseen};
use super::{OracleFault, Window, params};

/// Oracle: every call without a credential is refused.
pub const REFUSED: &str = "tanpa_kredensial_ditolak";
/// Oracle: every refusal is 401 and says how to log in.
pub const ASKED: &str = "penolakan_meminta_kredensial";

/// Parameters of both.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// One leg each.
    pub cases: Vec<Case>,
    /// Further status codes that are a refusal of a read here; 401, 403, 404 and 410 always are.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub refusals: Vec<u16>,
}

/// One protected operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Key of the leg: the operation.
    pub key: String,
    /// What was done.
    pub round: Round,
}

/// What was done with one operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Round {
    /// Not tried: what the statement says.
    LeftOut(String),
    /// Not tried: a precondition failed.
    Unmet {
        /// Why.
        reason: Reason,
        /// In words.
        text: Phrase,
    },
    /// A read.
    Read(Box<ReadRound>),
    /// A write.
    Write(Box<WriteRound>),
}

/// A read by the entitled actor, by nobody, and by the entitled actor again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadRound {
    /// The complaint that it shows, where it shows one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fixture: Option<u32>,
    /// The public may read it once it is published: until then 404 hides it, as it does from any stranger.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub hidden: bool,
    /// By the entitled actor.
    pub before: u64,
    /// Without a credential.
    pub probes: Vec<u64>,
    /// By the entitled actor again.
    pub after: u64,
}

/// A write by the entitled actor on a twin, by nobody, and by the entitled actor on the same complaint.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteRound {
    /// By the entitled actor on a twin.
    pub before: Attempt,
    /// Without a credential.
    pub attempt: Attempt,
    /// By the entitled actor.
    pub after: Attempt,
}

/// `tanpa_kredensial_ditolak`: one leg for each operation.
pub(super) fn refused(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Cases = params(REFUSED, value)?;
    params
        .cases
        .iter()
        .map(|case| refused_leg(case, &params.refusals, window))
        .collect()
}

fn refused_leg(case: &Case, refusals: &[u16], window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "401 (403 dan 404 diterima), tanpa data dan tanpa akibat",
        "401 (403 and 404 are accepted), without data and without effect"
    );
    let leg = |outcome, actual, evidence| Leg::new(&*case.key, outcome, expected.clone(), actual, evidence);
    Ok(match &case.round {
        Round::LeftOut(claim) => {
            let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
            leg(Outcome::NotApplicable(claim.clone()), actual, Vec::new())
        }
        Round::Unmet { reason, text } => leg(Outcome::Inconclusive(*reason), text.clone(), Vec::new()),
        Round::Read(round) => {
            let (outcome, actual) = read_outcome(round, refusals, window)?;
            let evidence = std::iter::once(round.before)
                .chain(round.probes.iter().copied())
                .chain([round.after])
                .collect();
            leg(outcome, actual, evidence)
        }
        Round::Write(round) => {
            let (outcome, actual, evidence) = write_outcome(round, window)?;
            leg(outcome, actual, evidence)
        }
    })
}

/// Private values of any complaint of this run; numbers that name no planted value do not count.
fn private(exchange: &Exchange) -> impl Iterator<Item = &CanaryHit> {
    let counts = |hit: &&CanaryHit| hit.private && hit.fixture != 0;
    exchange.facts.answer_canaries().filter(counts)
}

fn leak(exchange: &Exchange) -> Phrase {
    let (how, found) = (answer_words(exchange), hit_words(private(exchange)));
    let (id, en, places) = (&how.id, &how.en, &found.id);
    phrase!(
        "{id}, memuat data pribadi: {places}",
        "{en}, holds private data: {places}"
    )
}

fn read_outcome(round: &ReadRound, refusals: &[u16], window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let (before, after) = (window.exchange(round.before)?, window.exchange(round.after)?);
    let probes = round
        .probes
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(probe) = probes.iter().find(|probe| private(probe).next().is_some()) {
        return Ok((Outcome::Fail, leak(probe)));
    }
    if let Some(probe) = probes.iter().find(|probe| opened(probe, before, round.fixture)) {
        let how = answered(probe);
        let (id, en) = (&how.id, &how.en);
        let actual = phrase!(
            "{id}, dengan yang dilihat pihak yang berhak",
            "{en}, with what the entitled actor sees"
        );
        return Ok((Outcome::Fail, actual));
    }
    for control in [before, after] {
        if !shown(control, before, after, round.fixture) {
            let reason = unseen(control).unwrap_or(Reason::PreconditionUnmet);
            let how = answered(control);
            let (id, en) = (&how.id, &how.en);
            let actual = phrase!("pihak yang berhak: {id}", "the entitled actor: {en}");
            return Ok((Outcome::Inconclusive(reason), actual));
        }
    }
    let Some(last) = probes.last() else {
        let actual = phrase!("tidak dicoba", "not tried");
        return Ok((Outcome::Inconclusive(Reason::InsufficientEvidence), actual));
    };
    let outcome = match last.status() {
        Some(401 | 403 | 404 | 410) => Outcome::Pass,
        Some(status) if refusals.contains(&status) => Outcome::Pass,
        _ => Outcome::Inconclusive(unclear_reason(&probes)),
    };
    Ok((outcome, answered(last)))
}

fn holds(exchange: &Exchange, fixture: u32) -> bool {
    exchange.facts.answer_canaries().any(|hit| hit.fixture == fixture)
}

/// 2xx with the complaint's text, or with exactly what the entitled actor got.
fn opened(probe: &Exchange, before: &Exchange, fixture: Option<u32>) -> bool {
    if !probe.status().is_some_and(is_success) {
        return false;
    }
    let digest = |exchange: &Exchange| {
        let response = exchange.response();
        response
            .filter(|response| response.body.len > 0)
            .map(|response| response.body.sha256.clone())
    };
    let same_face = face(probe).is_some_and(|seen| face(before).as_ref() == Some(&seen));
    let same_bytes = digest(probe).is_some_and(|seen| digest(before).as_ref() == Some(&seen));
    fixture.is_some_and(|fixture| holds(probe, fixture)) || same_face || same_bytes
}

/// The control: accepted, and it shows the complaint's text or, where no answer holds any, the same twice.
fn shown(control: &Exchange, before: &Exchange, after: &Exchange, fixture: Option<u32>) -> bool {
    if control.reading != Reading::Accepted {
        return false;
    }
    let canary = |exchange: &Exchange| fixture.is_some_and(|fixture| holds(exchange, fixture));
    if canary(before) || canary(after) {
        return canary(control);
    }
    face(before).is_some() && face(before) == face(after)
}

fn write_outcome(round: &WriteRound, window: &Window) -> Result<(Outcome, Phrase, Vec<u64>), OracleFault> {
    for &seq in &round.attempt.probes {
        let probe = window.exchange(seq)?;
        if private(probe).next().is_some() {
            return Ok((Outcome::Fail, leak(probe), vec![seq]));
        }
    }
    let attempt = denied_leg(&round.attempt, window)?;
    if attempt.outcome == Outcome::Fail {
        return Ok((attempt.outcome, attempt.actual, attempt.evidence));
    }
    for control in [&round.before, &round.after] {
        let control = granted_leg(control, window)?;
        let reason = match control.outcome {
            Outcome::Pass => continue,
            Outcome::Inconclusive(reason) => reason,
            _ => Reason::PreconditionUnmet,
        };
        let (id, en) = (&control.actual.id, &control.actual.en);
        let actual = phrase!("pihak yang berhak: {id}", "the entitled actor: {en}");
        return Ok((Outcome::Inconclusive(reason), actual, control.evidence));
    }
    Ok((attempt.outcome, attempt.actual, attempt.evidence))
}

/// `penolakan_meminta_kredensial`: 401 with `WWW-Authenticate` (RFC 9110 §15.5.2).
pub(super) fn asked(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Cases = params(ASKED, value)?;
    params.cases.iter().map(|case| asked_leg(case, window)).collect()
}

fn asked_leg(case: &Case, window: &Window) -> Result<Leg, OracleFault> {
    let key = format!("{}/401", case.key);
    let expected = phrase!("401 dengan WWW-Authenticate", "401 with WWW-Authenticate");
    let probes = match &case.round {
        Round::LeftOut(claim) => {
            let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
            return Ok(Leg::new(
                key,
                Outcome::NotApplicable(claim.clone()),
                expected,
                actual,
                Vec::new(),
            ));
        }
        Round::Unmet { reason, text } => {
            return Ok(Leg::new(
                key,
                Outcome::Inconclusive(*reason),
                expected,
                text.clone(),
                Vec::new(),
            ));
        }
        Round::Read(round) => &round.probes,
        Round::Write(round) => &round.attempt.probes,
    };
    let hidden = matches!(&case.round, Round::Read(round) if round.hidden);
    let last = probes.last().map(|seq| window.exchange(*seq)).transpose()?;
    let response = last.and_then(Exchange::response);
    let challenge = response.is_some_and(|response| {
        response
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"))
    });
    let (outcome, actual) = match (last, response.map(|response| response.status)) {
        (Some(last), Some(404 | 410)) if hidden => (Outcome::Pass, answered(last)),
        (Some(_), Some(401)) if challenge => (Outcome::Pass, expected.clone()),
        (Some(_), Some(401)) => (
            Outcome::Fail,
            phrase!("401 tanpa WWW-Authenticate", "401 without WWW-Authenticate"),
        ),
        (Some(last), Some(status)) if status < 500 && status != 429 => (Outcome::Fail, answered(last)),
        (Some(last), _) => (Outcome::Inconclusive(unclear_reason(&[last])), answered(last)),
        (None, _) => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dicoba", "not tried"),
        ),
    };
    Ok(Leg::new(key, outcome, expected, actual, probes.clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, canary, mapped, window};
    use super::*;

    fn own() -> Exchange {
        let mut record = mapped(200, json!({"id": "9", "status": "terverifikasi"}));
        record.facts.canaries.push(canary(7, "isi", false, "body:/isi"));
        record
    }

    fn read(fixture: Option<u32>, before: Exchange, probe: Exchange, after: Exchange) -> Outcome {
        let round = json!({"read": {"fixture": fixture, "before": 1, "probes": [2], "after": 3}});
        let value = json!({"cases": [{"key": "read", "round": round}]});
        refused(&value, &window([before, probe, after]))
            .unwrap()
            .remove(0)
            .outcome
    }

    #[test]
    fn a_read_passes_only_by_a_refusal_between_two_controls() {
        let open = |reason| Outcome::Inconclusive(reason);
        let private = || canary(9, "pelapor.nik", true, "body:/nik");
        let table = [
            (answered(401, vec![]), Outcome::Pass),
            (answered(403, vec![]), Outcome::Pass),
            (answered(404, vec![]), Outcome::Pass),
            (own(), Outcome::Fail),
            (
                mapped(200, json!({"id": "9", "status": "terverifikasi"})),
                Outcome::Fail,
            ),
            (answered(401, vec![private()]), Outcome::Fail),
            (answered(302, vec![private()]), Outcome::Fail),
            (answered(200, vec![]), open(Reason::InsufficientEvidence)),
            (answered(302, vec![]), open(Reason::InsufficientEvidence)),
            (answered(500, vec![]), open(Reason::InsufficientEvidence)),
        ];
        for (row, (probe, expected)) in table.into_iter().enumerate() {
            assert_eq!(read(Some(7), own(), probe, own()), expected, "row {row}");
        }
        let unmet = open(Reason::PreconditionUnmet);
        assert_eq!(
            read(Some(7), own(), answered(401, vec![]), answered(404, vec![])),
            unmet
        );
        assert_eq!(
            read(Some(7), answered(403, vec![]), answered(401, vec![]), own()),
            unmet
        );
    }

    #[test]
    fn answers_without_planted_values_are_compared() {
        let units = || mapped(200, json!({"butir": [{"id": "U1"}]}));
        assert_eq!(read(None, units(), answered(401, vec![]), units()), Outcome::Pass);
        assert_eq!(read(None, units(), units(), units()), Outcome::Fail);
        let unmet = Outcome::Inconclusive(Reason::PreconditionUnmet);
        assert_eq!(
            read(
                None,
                answered(200, vec![]),
                answered(401, vec![]),
                answered(200, vec![])
            ),
            unmet
        );
    }

    fn status(status: &str) -> Exchange {
        mapped(200, json!({"status": status}))
    }

    fn write(probe: Exchange, after: Exchange, control: Exchange) -> Outcome {
        let act = |probe: u64, before: u64, after: u64| json!({"key": "x", "probes": [probe], "reads": [{"before": before, "after": after}]});
        let round = json!({"write": {"before": act(1, 2, 3), "attempt": act(4, 5, 6), "after": act(7, 6, 8)}});
        let value = json!({"cases": [{"key": "withdraw", "round": round}]});
        let ok = || answered(200, vec![]);
        let records = [
            ok(),
            status("a"),
            status("b"),
            probe,
            status("a"),
            after,
            control,
            status("c"),
        ];
        refused(&value, &window(records)).unwrap().remove(0).outcome
    }

    #[test]
    fn a_write_passes_only_without_effect_between_two_controls() {
        let ok = || answered(200, vec![]);
        assert_eq!(write(answered(401, vec![]), status("a"), ok()), Outcome::Pass);
        assert_eq!(write(answered(401, vec![]), status("b"), ok()), Outcome::Fail);
        assert_eq!(
            write(answered(401, vec![]), status("b"), answered(409, vec![])),
            Outcome::Fail
        );
        let unmet = Outcome::Inconclusive(Reason::PreconditionUnmet);
        assert_eq!(write(answered(401, vec![]), status("a"), answered(403, vec![])), unmet);
    }

    #[test]
    fn a_401_without_a_challenge_is_told() {
        let round = json!({"read": {"before": 1, "probes": [1], "after": 1}});
        let value =
            json!({"cases": [{"key": "read", "round": round}, {"key": "list", "round": {"left_out": "terbuka"}}]});
        let judged = |probe: Exchange| {
            let legs = asked(&value, &window([probe])).unwrap();
            assert_eq!(
                legs.last().unwrap().outcome,
                Outcome::NotApplicable("terbuka".to_owned())
            );
            legs.first().unwrap().outcome.clone()
        };
        let mut challenge = answered(401, vec![]);
        if let crate::evidence::record::Answer::Response(response) = &mut challenge.answer {
            response
                .headers
                .push(("www-authenticate".to_owned(), "Bearer".to_owned()));
        }
        assert_eq!(judged(challenge), Outcome::Pass);
        assert_eq!(judged(answered(401, vec![])), Outcome::Fail);
        assert_eq!(judged(answered(404, vec![])), Outcome::Fail);
        assert_eq!(
            judged(answered(500, vec![])),
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
    }
}
