//! PB-01: what the norm names is enough for a complaint. Whoever refuses it and takes it in with more shows what the
//! obstacle is; whoever refuses every form shows nothing.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Actor, Phrase};
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::closing::Look;
use super::sight::{Sight, answered, seen, sight, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `isian_cukup`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Needful {
    label: String,
    readers: Vec<String>,
    /// In the order in which they were sent; the last is the first that was stored, if one was.
    tries: Vec<Try>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Try {
    /// What it held beside the least.
    form: String,
    /// Whether that is more than the norm lets an application ask for.
    further: bool,
    fixture: u32,
    submit: u64,
    looks: Vec<Look>,
}

/// The least is taken in and can be read. Legs `P1/diterima` and `P1/baca@pelapor_a`.
pub(super) fn enough(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let needful: Needful = params("isian_cukup", value)?;
    let mut stored = None;
    for one in &needful.tries {
        if stored.is_none() && is_stored(one, window)? {
            stored = Some(one);
        }
    }
    let mut legs = vec![taken(&needful, stored, window)?];
    for reader in &needful.readers {
        legs.push(readable(&needful, stored, reader, window)?);
    }
    Ok(legs)
}

fn is_stored(one: &Try, window: &Window) -> Result<bool, OracleFault> {
    for seq in one.looks.iter().filter_map(|look| look.seq) {
        if sight(window.exchange(seq)?, one.fixture) == Sight::Own {
            return Ok(window.exchange(one.submit)?.reading == Reading::Accepted);
        }
    }
    Ok(false)
}

fn taken(needful: &Needful, stored: Option<&Try>, window: &Window) -> Result<Leg, OracleFault> {
    let label = &needful.label;
    let expected = phrase!(
        "{label} diterima tanpa NIK, koordinat, instansi tujuan, lampiran, dan tanpa kredensial bagi publik",
        "{label} is taken in without NIK, coordinates, destination, file, and without a credential for the public"
    );
    let evidence = needful.tries.iter().map(|one| one.submit).collect();
    let mut outcome = None;
    for one in needful.tries.iter().filter(|one| !one.further) {
        let submit = window.exchange(one.submit)?;
        if stored.is_none() && submit.actor == Actor::Publik && sent_to_log_in(submit) {
            let how = answered(submit);
            let (id, en) = (&how.id, &how.en);
            let actual = phrase!("publik diminta masuk: {id}", "the public is asked to log in: {en}");
            outcome = outcome.or(Some((Outcome::Fail, actual)));
        }
    }
    let (outcome, actual) = match (outcome, stored) {
        (Some(found), _) => found,
        (None, Some(one)) if !one.further => {
            let form = &one.form;
            (
                Outcome::Pass,
                phrase!("diterima dengan isian: {form}", "taken in with: {form}"),
            )
        }
        (None, Some(one)) => with_more(needful, one, window)?,
        (None, None) => never(needful, window)?,
    };
    Ok(Leg::new(
        format!("{label}/diterima"),
        outcome,
        expected,
        actual,
        evidence,
    ))
}

/// Taken in with more alone: a fault where the least was seen to be refused.
fn with_more(needful: &Needful, one: &Try, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    for least in needful.tries.iter().filter(|one| !one.further) {
        let submit = window.exchange(least.submit)?;
        if let Some(reason) = unseen(submit) {
            return Ok((Outcome::Inconclusive(reason), answered(submit)));
        }
    }
    let form = &one.form;
    let actual = phrase!("baru diterima dengan {form}", "taken in only with {form}");
    Ok((Outcome::Fail, actual))
}

/// No form was taken in.
fn never(needful: &Needful, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let Some(last) = needful.tries.last() else {
        let actual = phrase!("tidak dikirim", "not submitted");
        return Ok((Outcome::Inconclusive(Reason::InsufficientEvidence), actual));
    };
    let submit = window.exchange(last.submit)?;
    let how = answered(submit);
    let (id, en) = (&how.id, &how.en);
    let reason = unseen(submit).unwrap_or(Reason::PreconditionUnmet);
    let actual = phrase!("tidak satu bentuk pun tersimpan: {id}", "no form was stored: {en}");
    Ok((Outcome::Inconclusive(reason), actual))
}

/// 401, 403, or a redirect to where one logs in.
fn sent_to_log_in(submit: &Exchange) -> bool {
    let Some(response) = submit.response() else {
        return false;
    };
    let location = response.headers.iter().find(|(name, _)| name == "location");
    let login = location.is_some_and(|(_, value)| {
        let value = value.to_ascii_lowercase();
        LOGIN.iter().any(|word| value.contains(word))
    });
    matches!(response.status, 401 | 403) || ((300..400).contains(&response.status) && login)
}

/// Words in addresses of pages where one logs in.
const LOGIN: &[&str] = &["login", "log-in", "signin", "sign-in", "masuk", "auth", "sso", "cas/"];

fn readable(needful: &Needful, stored: Option<&Try>, reader: &str, window: &Window) -> Result<Leg, OracleFault> {
    let label = &needful.label;
    let key = format!("{label}/baca@{reader}");
    let expected = phrase!("{label} terbaca dengan isinya", "{label} is read with its text");
    let one = stored.or(needful.tries.last());
    let look = one.and_then(|one| Some((one, one.looks.iter().find(|look| look.reader == reader)?)));
    let unread = |actual: Phrase, evidence: Vec<u64>| {
        let outcome = Outcome::Inconclusive(Reason::PreconditionUnmet);
        Ok(Leg::new(key.clone(), outcome, expected.clone(), actual, evidence))
    };
    let Some((one, look)) = look else {
        return unread(phrase!("tidak ada yang diterima", "nothing was taken in"), vec![]);
    };
    let Some(seq) = look.seq else {
        let missing = look.missing.clone();
        let actual = phrase!("tidak terikat: {missing}", "not bound: {missing}");
        let outcome = Outcome::NotApplicable(missing);
        return Ok(Leg::new(key, outcome, expected, actual, vec![]));
    };
    let read = window.exchange(seq)?;
    match sight(read, one.fixture) {
        Sight::Own => {
            let actual = phrase!("terbaca", "read");
            Ok(Leg::new(key, Outcome::Pass, expected, actual, vec![seq]))
        }
        Sight::Unseen(reason) => {
            let outcome = Outcome::Inconclusive(reason);
            Ok(Leg::new(key, outcome, expected, answered(read), vec![seq]))
        }
        // Whether what is acknowledged can be found is PB-02's matter.
        other => unread(seen(other, read), vec![seq]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Op;
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    fn submit(seq: u64, actor: Actor) -> Sample {
        exchange(seq, Op::Submit, actor, json!({"id": seq}))
    }

    fn refused(seq: u64) -> Sample {
        submit(seq, Actor::PelaporA).answered(422, Reading::Refused)
    }

    /// The last try alone is read, at seq 9, as the complaint with the fixture number of its own.
    fn judge(submits: Vec<Sample>, further: &[bool], read: Option<Sample>) -> Vec<Outcome> {
        let last = further.len() - 1;
        let tries: Vec<Value> = (1_u64..)
            .zip(further)
            .enumerate()
            .map(|(at, (seq, further))| {
                let look = json!({"label": "P1", "reader": "admin", "seq": 9});
                let looks = if at == last && read.is_some() {
                    json!([look])
                } else {
                    json!([])
                };
                json!({"form": "NIK", "further": further, "fixture": seq, "submit": seq, "looks": looks})
            })
            .collect();
        let value = json!({"label": "P1", "readers": ["admin"], "tries": tries});
        let samples = submits.into_iter().chain(read);
        let legs = enough(&value, &window(samples)).unwrap();
        assert_eq!(legs[0].key, "P1/diterima");
        assert_eq!(legs[1].key, "P1/baca@admin");
        legs.into_iter().map(|leg| leg.outcome).collect()
    }

    fn read(fixture: u32) -> Sample {
        exchange(9, Op::Read, Actor::Admin, json!({})).marked(fixture)
    }

    const UNMET: Outcome = Outcome::Inconclusive(Reason::PreconditionUnmet);

    #[test]
    fn the_least_is_enough_or_not() {
        let own = || submit(1, Actor::PelaporA);
        assert_eq!(
            judge(vec![own()], &[false], Some(read(1))),
            [Outcome::Pass, Outcome::Pass]
        );
        let second = vec![refused(1), submit(2, Actor::PelaporA)];
        assert_eq!(
            judge(second, &[false, false], Some(read(2))),
            [Outcome::Pass, Outcome::Pass]
        );
        let third = || vec![refused(1), refused(2), submit(3, Actor::PelaporA)];
        let legs = judge(third(), &[false, false, true], Some(read(3)));
        assert_eq!(legs[0], Outcome::Fail);
        assert_eq!(
            judge(vec![refused(1), refused(2), refused(3)], &[false, false, true], None),
            [UNMET, UNMET]
        );
        assert_eq!(
            judge(vec![own()], &[false], Some(read(4))),
            [UNMET, UNMET],
            "acknowledged, not stored"
        );
    }

    #[test]
    fn what_had_no_clear_answer_is_no_refusal() {
        let silent = submit(1, Actor::PelaporA).broken(BrokenKind::Timeout);
        let legs = judge(vec![silent, submit(2, Actor::PelaporA)], &[false, true], Some(read(2)));
        assert_eq!(legs[0], Outcome::Inconclusive(Reason::Timeout));
    }

    #[test]
    fn the_public_is_not_asked_to_log_in() {
        let judge = |sample: Sample| judge(vec![sample], &[false], None).remove(0);
        let public = || submit(1, Actor::Publik);
        assert_eq!(judge(public().answered(401, Reading::Refused)), Outcome::Fail);
        assert_eq!(judge(public().answered(403, Reading::Refused)), Outcome::Fail);
        assert_eq!(judge(public().answered(422, Reading::Refused)), UNMET);
        let elsewhere = public().answered(302, Reading::Redirect);
        assert_eq!(judge(elsewhere), Outcome::Inconclusive(Reason::InsufficientEvidence));
        assert_eq!(
            enough(
                &json!({"label": "P1", "readers": [], "tries": []}),
                &window(std::iter::empty())
            )
            .unwrap()
            .remove(0)
            .outcome,
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
    }
}
