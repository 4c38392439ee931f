//! PB-06: each kind of submission is taken in and kept as it is, and oversight is kept apart. That an application
//! names the kinds otherwise is the binding's matter.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::closing::{Look, not_offered};
use super::sight::{answered, short, text_of, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `klasifikasi_bagi`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    class: String,
    tried: Vec<Tried>,
    looks: Vec<Look>,
}

/// A submission of that kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tried {
    label: String,
    submit: u64,
    /// One of the usual kind, sent where this one was not taken in.
    control: Option<u64>,
}

/// Every reader sees the classification. One leg a reader, `P1/klasifikasi@pelapor_a`.
pub(super) fn classified(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let classes: Classes = params("klasifikasi_bagi", value)?;
    classes
        .looks
        .iter()
        .map(|look| one_classified(&classes, look, window))
        .collect()
}

fn one_classified(classes: &Classes, look: &Look, window: &Window) -> Result<Leg, OracleFault> {
    let (label, class) = (&look.label, &classes.class);
    let expected = phrase!(
        "{label} diterima dan berklasifikasi {class}",
        "{label} is taken in and has the classification {class}"
    );
    let key = format!("{label}/klasifikasi@{}", look.reader);
    if !look.missing.is_empty() {
        return Ok(not_offered(key, expected, look));
    }
    let tried = classes.tried.iter().find(|tried| tried.label == *label);
    let mut evidence: Vec<u64> = tried.iter().map(|tried| tried.submit).collect();
    let Some(seq) = look.seq else {
        evidence.extend(tried.and_then(|tried| tried.control));
        let (outcome, actual) = refused(tried, window)?;
        return Ok(Leg::new(key, outcome, expected, actual, evidence));
    };
    evidence.push(seq);
    let read = window.exchange(seq)?;
    let (outcome, actual) = match (open(read), text_of(&read.mapped, "klasifikasi")) {
        (Some(open), _) => open,
        (None, Some(now)) => {
            let outcome = if now == *class { Outcome::Pass } else { Outcome::Fail };
            let now = short(&now);
            (outcome, phrase!("berklasifikasi {now}", "its classification is {now}"))
        }
        (None, None) => (
            Outcome::Fail,
            phrase!("klasifikasinya tidak ada", "it has no classification"),
        ),
    };
    Ok(Leg::new(key, outcome, expected, actual, evidence))
}

/// What to say of a submission that was not taken in: the kind is at fault where one of the usual kind was.
fn refused(tried: Option<&Tried>, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let Some(tried) = tried else {
        let actual = phrase!("tidak dikirim", "not submitted");
        return Ok((Outcome::Inconclusive(Reason::InsufficientEvidence), actual));
    };
    let submit = window.exchange(tried.submit)?;
    let control = tried.control.map(|seq| window.exchange(seq)).transpose()?;
    let how = answered(submit);
    let (id, en) = (&how.id, &how.en);
    let usual = control.is_some_and(|control| control.reading == Reading::Accepted);
    if let Some(reason) = unseen(submit) {
        return Ok((Outcome::Inconclusive(reason), how));
    }
    Ok(match (submit.reading, usual) {
        (Reading::Refused | Reading::NotFound, true) => (
            Outcome::Fail,
            phrase!(
                "{id}, sedangkan pengaduan biasa sesudahnya diterima",
                "{en}, while a usual complaint after it was accepted"
            ),
        ),
        _ => (
            Outcome::Inconclusive(Reason::PreconditionUnmet),
            phrase!(
                "{id}; pengaduan biasa pun tidak diterima",
                "{en}; nor was a usual complaint accepted"
            ),
        ),
    })
}

/// Why a read tells nothing.
fn open(read: &Exchange) -> Option<(Outcome, Phrase)> {
    let reason = match unseen(read) {
        None if read.reading == Reading::Accepted => return None,
        None => Reason::PreconditionUnmet,
        Some(reason) => reason,
    };
    let how = answered(read);
    let (id, en) = (&how.id, &how.en);
    let actual = phrase!("tidak terbaca: {id}", "could not be read: {en}");
    Some((Outcome::Inconclusive(reason), actual))
}

/// Parameters of `berkadar_hanya`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Oversight {
    /// The complaints that were verified as about oversight.
    only: Vec<String>,
    looks: Vec<Look>,
}

/// Only the named complaints are about oversight. One leg a reader, `P1/berkadar_pengawasan@admin`.
pub(super) fn oversight(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let oversight: Oversight = params("berkadar_hanya", value)?;
    oversight
        .looks
        .iter()
        .map(|look| one_oversight(&oversight, look, window))
        .collect()
}

fn one_oversight(oversight: &Oversight, look: &Look, window: &Window) -> Result<Leg, OracleFault> {
    let label = &look.label;
    let wanted = oversight.only.contains(label);
    let expected = phrase!(
        "berkadar_pengawasan {label} adalah {wanted}",
        "berkadar_pengawasan of {label} is {wanted}"
    );
    let key = format!("{label}/berkadar_pengawasan@{}", look.reader);
    let Some(seq) = look.seq else {
        return Ok(not_offered(key, expected, look));
    };
    let read = window.exchange(seq)?;
    let (outcome, actual) = if let Some(open) = open(read) {
        open
    } else {
        let shown = read.mapped.get("berkadar_pengawasan").filter(|value| !value.is_null());
        let is = shown == Some(&Value::Bool(true));
        let outcome = if is == wanted { Outcome::Pass } else { Outcome::Fail };
        let shown = shown.map_or_else(|| "-".to_owned(), |value| short(&value.to_string()));
        let actual = phrase!("berkadar_pengawasan = {shown}", "berkadar_pengawasan = {shown}");
        (outcome, actual)
    };
    Ok(Leg::new(key, outcome, expected, actual, vec![seq]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    fn submit() -> Sample {
        exchange(1, Op::Submit, Actor::PelaporA, json!({"id": "7"}))
    }

    fn usual() -> Sample {
        exchange(2, Op::Submit, Actor::PelaporA, json!({"id": "8"}))
    }

    fn read(mapped: Value) -> Sample {
        exchange(3, Op::Read, Actor::Admin, mapped)
    }

    fn judge(submit: Sample, usual: Sample, read: Option<Sample>) -> Outcome {
        let tried = json!({"label": "P1", "submit": 1, "control": read.is_none().then_some(2)});
        let look = json!({"label": "P1", "reader": "admin", "seq": read.is_some().then_some(3)});
        let value = json!({"class": "aspirasi", "tried": [tried], "looks": [look]});
        let samples = [submit, usual].into_iter().chain(read);
        let leg = classified(&value, &window(samples)).unwrap().remove(0);
        assert_eq!(leg.key, "P1/klasifikasi@admin");
        leg.outcome
    }

    #[test]
    fn a_kind_is_kept_changed_or_lost() {
        let seen = |mapped: Value| judge(submit(), usual(), Some(read(mapped)));
        assert_eq!(seen(json!({"klasifikasi": "aspirasi"})), Outcome::Pass);
        assert_eq!(seen(json!({"klasifikasi": "pengaduan"})), Outcome::Fail);
        assert_eq!(seen(json!({"judul": "x"})), Outcome::Fail);
        let hidden = read(json!({})).answered(404, Reading::NotFound);
        let open = Outcome::Inconclusive(Reason::PreconditionUnmet);
        assert_eq!(judge(submit(), usual(), Some(hidden)), open);
    }

    #[test]
    fn a_refusal_counts_where_a_usual_complaint_is_taken_in() {
        let refused = || submit().answered(422, Reading::Refused);
        let open = |reason| Outcome::Inconclusive(reason);
        assert_eq!(judge(refused(), usual(), None), Outcome::Fail);
        let none = usual().answered(422, Reading::Refused);
        assert_eq!(judge(refused(), none, None), open(Reason::PreconditionUnmet));
        let silent = submit().broken(BrokenKind::Timeout);
        assert_eq!(judge(silent, usual(), None), open(Reason::Timeout));
        let broken = submit().answered(500, Reading::Fault);
        assert_eq!(judge(broken, usual(), None), open(Reason::InsufficientEvidence));
    }

    #[test]
    fn oversight_is_told_apart() {
        let judge = |label: &str, mapped: Value| {
            let look = json!({"label": label, "reader": "admin", "seq": 3});
            let value = json!({"only": ["P1"], "looks": [look]});
            oversight(&value, &window([read(mapped)])).unwrap().remove(0).outcome
        };
        assert_eq!(judge("P1", json!({"berkadar_pengawasan": true})), Outcome::Pass);
        assert_eq!(judge("P1", json!({"berkadar_pengawasan": false})), Outcome::Fail);
        assert_eq!(judge("P1", json!({})), Outcome::Fail);
        assert_eq!(judge("P2", json!({"berkadar_pengawasan": true})), Outcome::Fail);
        assert_eq!(judge("P2", json!({"berkadar_pengawasan": false})), Outcome::Pass);
        assert_eq!(judge("P2", json!({})), Outcome::Pass);
    }
}
