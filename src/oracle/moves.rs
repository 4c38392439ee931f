//! PB-22: no status moves that the standard does not allow, and none is taken over from a submission.
//! The answer to the act is not judged here (PB-23 does); the second read alone tells.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{Sight, answered, holds, items, short, sight, text_of, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `status_tetap`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unmoved {
    complaints: Vec<Complaint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complaint {
    /// Its name in the scenario, `P1`.
    label: String,
    /// The status that it was brought to.
    status: String,
    /// The acts that were tried on it.
    probes: Vec<u64>,
    /// Second reads as an actor who sees its status; only the last counts.
    reads: Vec<u64>,
    /// Where the acts would take it if they were allowed.
    would: Vec<String>,
    /// Statuses that the statement's words cannot tell apart.
    lossy: Vec<String>,
}

/// The complaint still has the status that it was brought to. One leg a complaint, `P1/status`.
pub(super) fn unmoved(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let unmoved: Unmoved = params("status_tetap", value)?;
    unmoved
        .complaints
        .iter()
        .map(|complaint| one_unmoved(complaint, window))
        .collect()
}

fn one_unmoved(complaint: &Complaint, window: &Window) -> Result<Leg, OracleFault> {
    let (label, status) = (&complaint.label, &complaint.status);
    let probes = complaint
        .probes
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let read = complaint.reads.last().map(|seq| window.exchange(*seq)).transpose()?;
    let expected = phrase!("{label} tetap berstatus {status}", "{label} keeps the status {status}");
    let evidence = complaint.probes.iter().chain(complaint.reads.last()).copied().collect();
    let (outcome, actual) = match read.map(|read| (read, shown_status(read))) {
        None => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("statusnya tidak dibaca lagi", "its status was not read again"),
        ),
        Some((_, Err(unread))) => unread,
        Some((_, Ok(now))) if now != *status => {
            let now = short(&now);
            (
                Outcome::Fail,
                phrase!("kini berstatus {now}", "its status is now {now}"),
            )
        }
        Some((_, Ok(_))) => still(complaint, &probes),
    };
    Ok(Leg::new(format!("{label}/status"), outcome, expected, actual, evidence))
}

/// The status is the same: is that evidence that the act was without effect?
fn still(complaint: &Complaint, probes: &[&Exchange]) -> (Outcome, Phrase) {
    let status = &complaint.status;
    if let Some((reason, how)) = probes
        .iter()
        .find_map(|probe| unseen_act(probe).map(|reason| (reason, answered(probe))))
    {
        let (id, en) = (&how.id, &how.en);
        let actual = phrase!(
            "status masih {status}, tetapi percobaan itu tidak dijawab dengan jelas: {id}",
            "the status is still {status}, but the attempt had no clear answer: {en}"
        );
        return (Outcome::Inconclusive(reason), actual);
    }
    let lossy = |word: &String| complaint.lossy.contains(word);
    if let Some(would) = complaint
        .would
        .iter()
        .find(|would| *would != status && lossy(would) && lossy(status))
    {
        let actual = phrase!(
            "pernyataan tidak dapat membedakan {status} dari {would}",
            "the statement cannot tell {status} from {would}"
        );
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), actual);
    }
    if probes.is_empty() {
        let actual = phrase!("tidak ada percobaan", "there was no attempt");
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), actual);
    }
    (
        Outcome::Pass,
        phrase!("masih berstatus {status}", "its status is still {status}"),
    )
}

/// Why an attempt is no evidence. Its answer filter does not matter: only the effect is judged.
fn unseen_act(probe: &Exchange) -> Option<Reason> {
    if probe.reading == Reading::Accepted {
        None
    } else {
        unseen(probe)
    }
}

/// The status that a read shows, or why it shows none.
fn shown_status(read: &Exchange) -> Result<String, (Outcome, Phrase)> {
    let how = answered(read);
    let (id, en) = (&how.id, &how.en);
    if let Some(reason) = unseen(read) {
        return Err((
            Outcome::Inconclusive(reason),
            phrase!("statusnya tidak terbaca: {id}", "its status could not be read: {en}"),
        ));
    }
    match (read.reading, text_of(&read.mapped, "status")) {
        (Reading::Accepted, Some(status)) => Ok(status),
        // Whoever could read it before and cannot now: the second read is no evidence of a status.
        _ => Err((
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!(
                "pembacaan kedua tidak memuat status: {id}",
                "the second read holds no status: {en}"
            ),
        )),
    }
}

/// Parameters of `status_bukan`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotTaken {
    label: String,
    /// The status that was planted in the submission.
    status: String,
    submit: u64,
    fixture: u32,
    marker: String,
    /// Reads of what was acknowledged or found; only the last counts.
    reads: Vec<u64>,
    /// Pages of a walk for its marker, where nothing was acknowledged.
    pages: Vec<u64>,
    /// The walk came to its end, or showed a control object.
    complete: bool,
}

/// A submission with a planted status was refused without a trace, or was stored with another status.
pub(super) fn not_taken(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let taken: NotTaken = params("status_bukan", value)?;
    let (label, status) = (&taken.label, &taken.status);
    let submit = window.exchange(taken.submit)?;
    let read = taken.reads.last().map(|seq| window.exchange(*seq)).transpose()?;
    let (outcome, actual) = match read {
        Some(read) => stored(&taken, read),
        None => absent(&taken, submit, window)?,
    };
    let expected = phrase!(
        "{label} ditolak, atau tersimpan dengan status selain {status}",
        "{label} is refused, or stored with another status than {status}"
    );
    let mut evidence = vec![taken.submit];
    evidence.extend(taken.reads.last());
    evidence.extend(taken.pages.iter().take(20));
    Ok(vec![Leg::new(
        format!("{label}/status"),
        outcome,
        expected,
        actual,
        evidence,
    )])
}

fn stored(taken: &NotTaken, read: &Exchange) -> (Outcome, Phrase) {
    match (sight(read, taken.fixture), shown_status(read)) {
        (_, Err(unread)) => unread,
        (Sight::Own, Ok(now)) => {
            let actual = phrase!("tersimpan dengan status {now}", "stored with the status {now}");
            (
                if now == taken.status {
                    Outcome::Fail
                } else {
                    Outcome::Pass
                },
                actual,
            )
        }
        (_, Ok(_)) => (
            Outcome::Inconclusive(Reason::PreconditionUnmet),
            phrase!(
                "di bawah id yang diberikan terbaca pengaduan lain",
                "under the acknowledged id another complaint is read"
            ),
        ),
    }
}

fn absent(taken: &NotTaken, submit: &Exchange, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let how = answered(submit);
    let (id, en) = (&how.id, &how.en);
    let pages = taken
        .pages
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(item) = pages
        .iter()
        .flat_map(|page| items(page))
        .find(|item| holds(item, &taken.marker))
    {
        let now = text_of(item, "status");
        let shown = now.clone().unwrap_or_default();
        let actual = phrase!(
            "{id}, tetapi tersimpan dengan status {shown}",
            "{en}, but stored with the status {shown}"
        );
        return Ok(match now {
            Some(now) if now == taken.status => (Outcome::Fail, actual),
            Some(_) => (Outcome::Pass, actual),
            None => (Outcome::Inconclusive(Reason::InsufficientEvidence), actual),
        });
    }
    if let Some(reason) = unseen_act(submit) {
        return Ok((Outcome::Inconclusive(reason), how));
    }
    let walked = !pages.is_empty()
        && pages
            .iter()
            .all(|page| page.reading == Reading::Accepted && page.map_fault.is_none());
    Ok(if submit.reading == Reading::Accepted {
        let actual = phrase!("{id}, tetapi tidak ditemukan", "{en}, but it was not found");
        (Outcome::Inconclusive(Reason::PreconditionUnmet), actual)
    } else if walked && taken.complete {
        (
            Outcome::Pass,
            phrase!("{id}, dan tidak tersimpan", "{en}, and nothing is stored"),
        )
    } else {
        let actual = phrase!(
            "{id}; daftar tidak tertelusuri sampai habis",
            "{en}; the list was not walked to its end"
        );
        (Outcome::Inconclusive(Reason::InsufficientEvidence), actual)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    fn dispose() -> Sample {
        exchange(1, Op::Dispose, Actor::Admin, json!({})).answered(409, Reading::Refused)
    }

    fn read(status: &str) -> Sample {
        exchange(2, Op::Read, Actor::Admin, json!({"status": status}))
    }

    fn moved(probe: Sample, read: Sample, lossy: &[&str]) -> Outcome {
        let complaint = json!({"label": "P1", "status": "selesai", "probes": [1], "reads": [7, 2],
            "would": ["terdisposisi"], "lossy": lossy});
        let stale = exchange(7, Op::Read, Actor::Admin, json!({"status": "terdisposisi"}));
        let legs = unmoved(&json!({"complaints": [complaint]}), &window([probe, read, stale])).unwrap();
        assert_eq!(legs[0].key, "P1/status");
        legs[0].outcome.clone()
    }

    #[test]
    fn only_the_last_read_tells_whether_it_moved() {
        let open = |reason| Outcome::Inconclusive(reason);
        let accepted = || exchange(1, Op::Dispose, Actor::Admin, json!({}));
        let table = [
            (dispose(), read("selesai"), Outcome::Pass),
            (accepted(), read("selesai"), Outcome::Pass),
            (accepted().unmapped(), read("selesai"), Outcome::Pass),
            (accepted(), read("terdisposisi"), Outcome::Fail),
            (dispose(), read("terdisposisi"), Outcome::Fail),
            (
                dispose().broken(BrokenKind::Timeout),
                read("terdisposisi"),
                Outcome::Fail,
            ),
            (
                dispose().broken(BrokenKind::Timeout),
                read("selesai"),
                open(Reason::Timeout),
            ),
            (
                dispose().answered(500, Reading::Fault),
                read("selesai"),
                open(Reason::InsufficientEvidence),
            ),
            (
                dispose().answered(302, Reading::Redirect),
                read("selesai"),
                open(Reason::InsufficientEvidence),
            ),
            (
                dispose().answered(429, Reading::Throttled),
                read("selesai"),
                open(Reason::InsufficientEvidence),
            ),
            (
                dispose().answered(401, Reading::Refused),
                read("selesai"),
                open(Reason::AuthUnavailable),
            ),
            (
                dispose(),
                read("selesai").unmapped(),
                open(Reason::InsufficientEvidence),
            ),
            (
                dispose(),
                read("").answered(404, Reading::NotFound),
                open(Reason::InsufficientEvidence),
            ),
            (
                dispose(),
                read("x").broken(BrokenKind::Connect),
                open(Reason::Unreachable),
            ),
        ];
        for (row, (probe, read, expected)) in table.into_iter().enumerate() {
            assert_eq!(moved(probe, read, &[]), expected, "row {row}");
        }
    }

    #[test]
    fn words_that_cannot_be_told_apart_show_no_standstill() {
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(moved(dispose(), read("selesai"), &["selesai", "terdisposisi"]), open);
        assert_eq!(
            moved(dispose(), read("selesai"), &["selesai", "diarsipkan"]),
            Outcome::Pass
        );
    }

    fn planted(submit: Sample, read: Option<Sample>, titles: &[(&str, &str)], complete: bool) -> Outcome {
        let butir: Vec<_> = titles
            .iter()
            .map(|(title, status)| json!({"judul": title, "status": status}))
            .collect();
        let page = exchange(3, Op::List, Actor::Admin, json!({"butir": butir}));
        let reads = if read.is_some() { json!([2]) } else { json!([]) };
        let value = json!({"label": "P2", "status": "selesai", "submit": 1, "fixture": 5, "marker": "n005k",
            "reads": reads, "pages": [3], "complete": complete});
        let samples = [submit, page].into_iter().chain(read);
        not_taken(&value, &window(samples)).unwrap().remove(0).outcome
    }

    #[test]
    fn a_planted_status_is_refused_or_ignored() {
        let accepted = || exchange(1, Op::Submit, Actor::PelaporA, json!({"id": "9"}));
        let refused = || accepted().answered(422, Reading::Refused);
        let open = |reason| Outcome::Inconclusive(reason);
        assert_eq!(
            planted(accepted(), Some(read("menunggu_verifikasi").marked(5)), &[], true),
            Outcome::Pass
        );
        assert_eq!(
            planted(accepted(), Some(read("selesai").marked(5)), &[], true),
            Outcome::Fail
        );
        assert_eq!(
            planted(accepted(), Some(read("selesai").marked(4)), &[], true),
            open(Reason::PreconditionUnmet)
        );
        assert_eq!(planted(refused(), None, &[("n001k", "selesai")], true), Outcome::Pass);
        assert_eq!(
            planted(refused(), None, &[("N005K", "selesai")], true),
            Outcome::Fail,
            "refused and stored"
        );
        assert_eq!(planted(refused(), None, &[], false), open(Reason::InsufficientEvidence));
        assert_eq!(
            planted(accepted().broken(BrokenKind::Timeout), None, &[], true),
            open(Reason::Timeout)
        );
    }
}
