//! What each reader sees of a complaint's status, and of who closed it (PB-14, PB-17).
//! The answer to an act is not judged here; the reads alone tell.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, short, text_of, unseen};
use super::{OracleFault, Window, params};

/// One reader's last look at a complaint.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Look {
    /// Its name in the scenario, `P1`.
    pub(super) label: String,
    /// Who read, `pelapor_a`.
    pub(super) reader: String,
    /// The last read; none where the statement offers this reader nothing to read.
    pub(super) seq: Option<u64>,
    /// What the statement does not offer, where `seq` is none.
    #[serde(default)]
    pub(super) missing: String,
}

/// Parameters of `status_bagi`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    status: String,
    looks: Vec<Look>,
    /// A text that an act itself carried to the reporter: where the owner's read shows it as a public answer, that act
    /// was no act without an answer.
    #[serde(default)]
    answer: Option<Answer>,
    /// The statement's words cannot tell the status from the one that it would be otherwise.
    #[serde(default)]
    lossy: bool,
}

/// A public answer that came with a closing call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// The text that was sent.
    text: String,
    /// The owner's reads, by the complaint's name.
    owners: Vec<Look>,
}

/// Every reader sees the status. One leg a reader, `P1/status@pelapor_a`.
pub(super) fn seen_by(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let seen: Seen = params("status_bagi", value)?;
    seen.looks.iter().map(|look| one_seen(&seen, look, window)).collect()
}

fn one_seen(seen: &Seen, look: &Look, window: &Window) -> Result<Leg, OracleFault> {
    let (label, status) = (&look.label, &seen.status);
    let expected = phrase!("{label} berstatus {status}", "{label} has the status {status}");
    let key = format!("{label}/status@{}", look.reader);
    let Some(seq) = look.seq else {
        return Ok(not_offered(key, expected, look));
    };
    let read = window.exchange(seq)?;
    let mut evidence = vec![seq];
    let (outcome, actual) = match shown(read, "status") {
        Err(unread) => unread,
        Ok(now) if now == *status => told(seen, &now),
        Ok(now) => {
            let owner = carried(seen, label, window)?.filter(|_| now == "selesai");
            evidence.extend(owner);
            let now = short(&now);
            if owner.is_some() {
                (
                    Outcome::Pass,
                    phrase!(
                        "{now}: penutupan itu sendiri membawa jawaban publik, yang dibaca pelapor",
                        "{now}: the closing itself carried the public answer, which the reporter reads"
                    ),
                )
            } else {
                (Outcome::Fail, phrase!("berstatus {now}", "its status is {now}"))
            }
        }
    };
    Ok(Leg::new(key, outcome, expected, actual, evidence))
}

/// The status fits; it tells nothing where the statement's words mean others, too.
fn told(seen: &Seen, now: &str) -> (Outcome, Phrase) {
    if seen.lossy {
        return (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!(
                "pernyataan tidak dapat membedakan {now} dari status lain",
                "the statement cannot tell {now} from other statuses"
            ),
        );
    }
    (Outcome::Pass, phrase!("berstatus {now}", "its status is {now}"))
}

/// The owner's read that shows the text of the act as a public answer.
fn carried(seen: &Seen, label: &str, window: &Window) -> Result<Option<u64>, OracleFault> {
    let Some(answer) = &seen.answer else { return Ok(None) };
    for seq in answer
        .owners
        .iter()
        .filter(|look| look.label == label)
        .filter_map(|look| look.seq)
    {
        let read = window.exchange(seq)?;
        let texts = entries(read, "tindak_lanjut").filter_map(|entry| entry.get("isi")?.as_str());
        if unseen(read).is_none() && texts.into_iter().any(|text| text.contains(&answer.text)) {
            return Ok(Some(seq));
        }
    }
    Ok(None)
}

/// Parameters of `penutup_tercatat`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Closed {
    by: String,
    looks: Vec<Look>,
}

/// Every reader sees who closed it. One leg a reader, `P1/ditutup_oleh@admin`.
pub(super) fn closed_by(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let closed: Closed = params("penutup_tercatat", value)?;
    closed
        .looks
        .iter()
        .map(|look| one_closed(&closed, look, window))
        .collect()
}

fn one_closed(closed: &Closed, look: &Look, window: &Window) -> Result<Leg, OracleFault> {
    let (label, by) = (&look.label, &closed.by);
    let expected = phrase!("ditutup_oleh {label} adalah {by}", "ditutup_oleh of {label} is {by}");
    let key = format!("{label}/ditutup_oleh@{}", look.reader);
    let Some(seq) = look.seq else {
        return Ok(not_offered(key, expected, look));
    };
    let read = window.exchange(seq)?;
    let (outcome, actual) = match (shown(read, "status"), text_of(&read.mapped, "ditutup_oleh")) {
        (Err(unread), _) => unread,
        (Ok(status), _) if status != "selesai" => {
            let status = short(&status);
            (
                Outcome::Inconclusive(Reason::PreconditionUnmet),
                phrase!("belum ditutup: {status}", "not closed: {status}"),
            )
        }
        (Ok(_), None) => (
            Outcome::Fail,
            phrase!("tidak ada ditutup_oleh", "there is no ditutup_oleh"),
        ),
        (Ok(_), Some(found)) => {
            let outcome = if found == *by { Outcome::Pass } else { Outcome::Fail };
            let found = short(&found);
            (outcome, phrase!("ditutup_oleh = {found}", "ditutup_oleh = {found}"))
        }
    };
    Ok(Leg::new(key, outcome, expected, actual, vec![seq]))
}

/// The leg of a reader to whom the statement offers nothing to read.
pub(super) fn not_offered(key: String, expected: Phrase, look: &Look) -> Leg {
    let missing = &look.missing;
    let actual = phrase!("tidak terikat: {missing}", "not bound: {missing}");
    Leg::new(key, Outcome::NotApplicable(missing.clone()), expected, actual, vec![])
}

/// A member that a read shows, or why it shows none.
pub(super) fn shown(read: &Exchange, member: &str) -> Result<String, (Outcome, Phrase)> {
    let how = answered(read);
    let (id, en) = (&how.id, &how.en);
    if let Some(reason) = unseen(read) {
        let actual = phrase!("tidak terbaca: {id}", "could not be read: {en}");
        return Err((Outcome::Inconclusive(reason), actual));
    }
    match (read.reading, text_of(&read.mapped, member)) {
        (Reading::Accepted, Some(text)) => Ok(text),
        _ => Err((
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!(
                "pembacaan tidak memuat {member}: {id}",
                "the read holds no {member}: {en}"
            ),
        )),
    }
}

/// The entries of a list inside of a record.
pub(super) fn entries<'a>(read: &'a Exchange, member: &str) -> impl Iterator<Item = &'a Value> {
    read.mapped.get(member).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::oracle::samples::{Sample, exchange, window};

    fn read(mapped: Value) -> Sample {
        exchange(1, Op::Read, Actor::PelaporA, mapped)
    }

    fn look() -> Value {
        json!({"label": "P1", "reader": "pelapor_a", "seq": 1})
    }

    fn seen(wanted: &str, sample: Sample) -> Outcome {
        let lossy = wanted == "ditunda";
        let answer = json!({"text": "Alasan.", "owners": [look()]});
        let value = json!({"status": wanted, "looks": [look()], "answer": answer, "lossy": lossy});
        let legs = seen_by(&value, &window([sample])).unwrap();
        assert_eq!(legs[0].key, "P1/status@pelapor_a");
        legs[0].outcome.clone()
    }

    #[test]
    fn a_reader_sees_the_status_or_not() {
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        let status = |status: &str| read(json!({"status": status}));
        assert_eq!(seen("terdisposisi", status("terdisposisi")), Outcome::Pass);
        assert_eq!(seen("terdisposisi", status("selesai")), Outcome::Fail);
        assert_eq!(seen("selesai", status("diproses")), Outcome::Fail);
        assert_eq!(seen("ditunda", status("ditunda")), open, "a lossy word tells nothing");
        assert_eq!(seen("selesai", read(json!({}))), open);
        assert_eq!(seen("selesai", status("selesai").unmapped()), open);
        assert_eq!(
            seen("selesai", status("selesai").answered(404, Reading::NotFound)),
            open,
            "what cannot be read is no status"
        );
    }

    #[test]
    fn a_closing_that_answers_is_no_closing_without_an_answer() {
        let closed = |text: &str| read(json!({"status": "selesai", "tindak_lanjut": [{"isi": text}]}));
        assert_eq!(seen("terdisposisi", closed("<p>Alasan.</p>")), Outcome::Pass);
        assert_eq!(seen("terdisposisi", closed("Catatan lain")), Outcome::Fail);
        let moved = read(json!({"status": "diproses", "tindak_lanjut": [{"isi": "Alasan."}]}));
        assert_eq!(seen("terdisposisi", moved), Outcome::Fail, "it excuses a closing alone");
    }

    #[test]
    fn who_closed_is_kept() {
        let judge = |mapped: Value| {
            let value = json!({"by": "admin", "looks": [look()]});
            closed_by(&value, &window([read(mapped)])).unwrap().remove(0).outcome
        };
        assert_eq!(
            judge(json!({"status": "selesai", "ditutup_oleh": "admin"})),
            Outcome::Pass
        );
        assert_eq!(
            judge(json!({"status": "selesai", "ditutup_oleh": "sistem"})),
            Outcome::Fail
        );
        assert_eq!(judge(json!({"status": "selesai", "ditutup_oleh": ""})), Outcome::Fail);
        assert_eq!(
            judge(json!({"status": "diproses", "ditutup_oleh": "admin"})),
            Outcome::Inconclusive(Reason::PreconditionUnmet)
        );
    }

    #[test]
    fn a_reader_without_an_offer_is_left_out() {
        let look = json!({"label": "P1", "reader": "publik", "seq": null, "missing": "pelacakan_publik"});
        let value = json!({"status": "selesai", "looks": [look]});
        let leg = seen_by(&value, &window([])).unwrap().remove(0);
        assert_eq!(leg.outcome, Outcome::NotApplicable("pelacakan_publik".to_owned()));
    }
}
