//! PB-40: later steps leave alone what the reporter wrote. A step whose effect nobody saw proves nothing.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, several, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `inti_tetap`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Untouched {
    label: String,
    fields: Vec<String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// `follow_up@petugas`.
    key: String,
    /// What the statement does not offer; nothing was done then.
    #[serde(default)]
    missing: Option<String>,
    /// The last read before it; so each change is told of the step that made it.
    #[serde(default)]
    before: Option<u64>,
    #[serde(default)]
    act: Option<u64>,
    /// The read after it.
    #[serde(default)]
    read: Option<u64>,
    /// The complaint's number in the run.
    #[serde(default)]
    fixture: u32,
    /// The planted text by which the step's own effect is seen.
    #[serde(default)]
    planted: String,
}

/// The named fields are the same after each step. One leg a step, `P1/follow_up@petugas`.
pub(super) fn untouched(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let untouched: Untouched = params("inti_tetap", value)?;
    untouched
        .steps
        .iter()
        .map(|step| after(&untouched, step, window))
        .collect()
}

fn after(untouched: &Untouched, step: &Step, window: &Window) -> Result<Leg, OracleFault> {
    let label = &untouched.label;
    let key = format!("{label}/{}", step.key);
    let expected = phrase!(
        "isian {label} sama dengan sebelum langkah itu",
        "what {label} says is the same as before the step"
    );
    if let Some(missing) = &step.missing {
        let actual = phrase!("tidak terikat: {missing}", "not bound: {missing}");
        return Ok(Leg::new(
            key,
            Outcome::NotApplicable(missing.clone()),
            expected,
            actual,
            vec![],
        ));
    }
    let evidence = [step.before, step.act, step.read];
    let (outcome, actual) = match (step.before, step.act, step.read) {
        (Some(before), Some(act), Some(read)) => {
            let (act, read) = (window.exchange(act)?, window.exchange(read)?);
            compared(&untouched.fields, window.exchange(before)?, act, read, step)
        }
        _ => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dijalankan", "not done"),
        ),
    };
    let evidence = evidence.into_iter().flatten().collect();
    Ok(Leg::new(key, outcome, expected, actual, evidence))
}

fn compared(fields: &[String], snapshot: &Exchange, act: &Exchange, read: &Exchange, step: &Step) -> (Outcome, Phrase) {
    for looked in [snapshot, read] {
        if looked.reading != Reading::Accepted || unseen(looked).is_some() {
            let how = answered(looked);
            let (id, en) = (&how.id, &how.en);
            let reason = unseen(looked).unwrap_or(Reason::InsufficientEvidence);
            let actual = phrase!("tidak terbaca: {id}", "could not be read: {en}");
            return (Outcome::Inconclusive(reason), actual);
        }
    }
    let known = |field: &&String| {
        snapshot
            .mapped
            .get(field.as_str())
            .is_some_and(|value| !value.is_null())
    };
    let judged: Vec<&String> = fields.iter().filter(known).collect();
    let changed: Vec<String> = judged
        .iter()
        .filter(|field| differs(field, snapshot, read))
        .map(|field| (*field).clone())
        .collect();
    if !changed.is_empty() {
        let words = several(&changed);
        let (id, en) = (&words.id, &words.en);
        return (Outcome::Fail, phrase!("berubah: {id}", "changed: {en}"));
    }
    if judged.is_empty() {
        let actual = phrase!("tidak satu pun isian itu terbaca", "none of these fields is read");
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), actual);
    }
    let seen = read
        .facts
        .canaries
        .iter()
        .any(|hit| hit.fixture == step.fixture && hit.field == step.planted && hit.place.starts_with("body"));
    if act.reading != Reading::Accepted || !seen {
        let how = answered(act);
        let (id, en) = (&how.id, &how.en);
        let actual = phrase!(
            "langkah itu sendiri tidak tampak akibatnya: {id}",
            "the step itself shows no effect: {en}"
        );
        let reason = unseen(act).unwrap_or(Reason::PreconditionUnmet);
        return (Outcome::Inconclusive(reason), actual);
    }
    let count = judged.len();
    let actual = phrase!("{count} isian tetap sama", "{count} fields are the same");
    (Outcome::Pass, actual)
}

/// Whether a field changed, also where redaction hides the difference: the digests of its texts tell.
fn differs(field: &str, before: &Exchange, after: &Exchange) -> bool {
    let below = |path: &str| path == field || path.strip_prefix(field).is_some_and(|rest| rest.starts_with('/'));
    let digests = |read: &Exchange| -> Vec<(String, String)> {
        let known = read.facts.digests.iter().filter(|(path, _)| below(path));
        known.map(|(path, digest)| (path.clone(), digest.clone())).collect()
    };
    before.mapped.get(field) != after.mapped.get(field) || digests(before) != digests(after)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::oracle::samples::{Sample, exchange, window};

    fn record(title: &str, name: &str) -> Value {
        json!({"judul": title, "pelapor": {"nama": name}, "tempat": null, "status": "diproses"})
    }

    fn read(mapped: Value) -> Sample {
        exchange(3, Op::Read, Actor::Admin, mapped).hit(5, "langkah_1", false, "body:/tindak_lanjut/0/isi")
    }

    fn act() -> Sample {
        exchange(2, Op::FollowUp, Actor::Petugas, json!({}))
    }

    fn judge(before: Value, act: Sample, read: Sample) -> Outcome {
        let step =
            json!({"key": "follow_up@petugas", "before": 1, "act": 2, "read": 3, "fixture": 5, "planted": "langkah_1"});
        let value = json!({"label": "P1", "fields": ["judul", "pelapor", "tempat"], "steps": [step]});
        let before = exchange(1, Op::Read, Actor::Admin, before);
        let leg = untouched(&value, &window([before, act, read])).unwrap().remove(0);
        assert_eq!(leg.key, "P1/follow_up@petugas");
        leg.outcome
    }

    #[test]
    fn what_was_written_stays_or_not() {
        let before = || record("Lampu padam", "Warga");
        let moved = json!({"judul": "Lampu padam", "pelapor": {"nama": "Warga"}, "status": "selesai", "tempat": "x"});
        assert_eq!(judge(before(), act(), read(moved)), Outcome::Pass);
        assert_eq!(judge(before(), act(), read(record("Jawaban", "Warga"))), Outcome::Fail);
        assert_eq!(
            judge(before(), act(), read(record("Lampu padam", "Petugas"))),
            Outcome::Fail
        );
        assert_eq!(
            judge(before(), act(), read(json!({"judul": "Lampu padam"}))),
            Outcome::Fail
        );
        let refused = act().answered(500, Reading::Fault);
        assert_eq!(
            judge(before(), refused, read(record("Jawaban", "Warga"))),
            Outcome::Fail
        );
    }

    #[test]
    fn a_step_without_a_seen_effect_proves_nothing() {
        let before = || record("Lampu padam", "Warga");
        let unseen = exchange(3, Op::Read, Actor::Admin, before());
        let open = |reason| Outcome::Inconclusive(reason);
        assert_eq!(judge(before(), act(), unseen), open(Reason::PreconditionUnmet));
        let refused = act().answered(422, Reading::Refused);
        assert_eq!(
            judge(before(), refused, read(before())),
            open(Reason::PreconditionUnmet)
        );
        let unread = read(before()).unmapped();
        assert_eq!(judge(before(), act(), unread), open(Reason::InsufficientEvidence));
        assert_eq!(
            judge(json!({}), act(), read(before())),
            open(Reason::InsufficientEvidence)
        );
    }

    #[test]
    fn what_the_statement_does_not_offer_is_left_out() {
        let steps = json!([{"key": "attach@petugas", "missing": "attach@petugas"}]);
        let value = json!({"label": "P1", "fields": ["judul"], "steps": steps});
        let leg = untouched(&value, &window([])).unwrap().remove(0);
        assert_eq!(leg.outcome, Outcome::NotApplicable("attach@petugas".to_owned()));
    }
}
