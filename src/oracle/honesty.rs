//! PB-23: an answer tells what really happened. Accepted goes with an effect, refused with none; what happened is
//! told by the reads before and after an act, never by its own answer. The status code as such is not judged.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Op, Phrase};
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::effect::{Pair, face, shows_any};
use super::sight::{answered, text_of, unseen};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub const NAME: &str = "jawaban_jujur";

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// One leg each.
    pub cases: Vec<Case>,
}

/// One act, with what was read around it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Key of its leg.
    pub key: String,
    /// The act; none where it was not tried.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub probe: Option<u64>,
    /// Reads of the record and of its history just before and after, each by one actor.
    pub reads: Vec<Pair>,
    /// Fixture numbers planted in what was sent: found again in a read, they are its effect.
    pub marks: Vec<u32>,
    /// What makes the case.
    pub kind: Kind,
    /// The status that the act asks for: where it stands already, a repeated act may be accepted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wished: Option<String>,
    /// The unit that a forbidden disposition names: a record that is with it already need not change.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<String>,
    /// The member of a record that shows the effect of an act that moves no status.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shown_in: Option<String>,
    /// The statement's words cannot tell the status from the one that the act would lead to.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub blurred: bool,
    /// Why it does not apply: what the statement does not bind or claim.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_out: Option<String>,
    /// Why it could not be tried.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unmet: Option<Unmet>,
}

/// What makes a case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The act is to be refused: by the status, or because of who tries it.
    #[default]
    Forbidden,
    /// There is no such complaint.
    Absent,
    /// The act is permitted.
    Permitted,
}

/// What kept a case from being tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unmet {
    /// The reason.
    pub reason: Reason,
    /// In words.
    pub text: Phrase,
}

/// What the reads show.
enum Seen {
    /// Something that counts changed.
    Effect(Phrase),
    /// The history alone has grown.
    Trace,
    /// Nothing changed.
    Nothing,
    /// It cannot be told.
    Hidden(Reason, Phrase),
}

/// `jawaban_jujur`: accepted goes with an effect, refused with none.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(NAME, value)?;
    params.cases.iter().map(|case| leg(case, window)).collect()
}

fn leg(case: &Case, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "dijawab berhasil dan berpengaruh, atau ditolak dan tidak berpengaruh",
        "answered as done and with an effect, or refused and without one"
    );
    let (outcome, actual) = match (&case.left_out, &case.unmet, case.probe) {
        (Some(claim), ..) => {
            let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
            (Outcome::NotApplicable(claim.clone()), actual)
        }
        (_, Some(unmet), _) => (Outcome::Inconclusive(unmet.reason), unmet.text.clone()),
        (.., None) => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dicoba", "not tried"),
        ),
        (.., Some(seq)) => told(case, window.exchange(seq)?, window)?,
    };
    let reads = case.reads.iter().flat_map(|pair| [pair.before, pair.after]);
    let evidence = case.probe.into_iter().chain(reads).collect();
    Ok(Leg::new(&*case.key, outcome, expected, actual, evidence))
}

/// Holds an answer against what happened.
fn told(case: &Case, probe: &Exchange, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let (how, seen) = (answered(probe), seen(case, window)?);
    let with = |what: &Phrase| {
        let (id, en, what_id, what_en) = (&how.id, &how.en, &what.id, &what.en);
        phrase!("{id}; {what_id}", "{en}; {what_en}")
    };
    let nothing = phrase!("tidak ada yang berubah", "nothing changed");
    Ok(match probe.reading {
        Reading::Accepted => accepted(case, seen, with, window)?,
        Reading::Refused | Reading::NotFound | Reading::Fault => match seen {
            Seen::Effect(what) => (Outcome::Fail, with(&what)),
            Seen::Hidden(reason, what) => (Outcome::Inconclusive(reason), with(&what)),
            // Whoever refuses what is permitted tells no lie, but has shown nothing either.
            Seen::Trace | Seen::Nothing if case.kind == Kind::Permitted => {
                let reason = unseen(probe).unwrap_or(Reason::PreconditionUnmet);
                (Outcome::Inconclusive(reason), with(&nothing))
            }
            Seen::Trace | Seen::Nothing => (Outcome::Pass, with(&nothing)),
        },
        Reading::Throttled | Reading::Redirect | Reading::NoAnswer | Reading::Unclear => {
            let reason = unseen(probe).unwrap_or(Reason::InsufficientEvidence);
            (Outcome::Inconclusive(reason), how.clone())
        }
    })
}

/// An act that was answered as done.
fn accepted(
    case: &Case,
    seen: Seen,
    with: impl Fn(&Phrase) -> Phrase,
    window: &Window,
) -> Result<(Outcome, Phrase), OracleFault> {
    let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
    Ok(match seen {
        Seen::Effect(what) => (Outcome::Pass, with(&what)),
        Seen::Hidden(reason, what) => (Outcome::Inconclusive(reason), with(&what)),
        Seen::Trace if case.kind == Kind::Permitted => {
            let what = phrase!("riwayatnya bertambah", "its history has grown");
            (Outcome::Pass, with(&what))
        }
        Seen::Trace | Seen::Nothing => {
            if let Some(wished) = &case.wished
                && stands(case, wished, window)?
            {
                let what = phrase!("sudah berstatus {wished}", "already has the status {wished}");
                return Ok((Outcome::Pass, with(&what)));
            }
            if let Some(unit) = &case.unit
                && with_unit(case, unit, window)?
            {
                let what = phrase!("sudah pada unit {unit}", "already with unit {unit}");
                return Ok((Outcome::Pass, with(&what)));
            }
            if case.blurred {
                let what = phrase!(
                    "pernyataan tidak membedakan status sebelum dan sesudah tindakan ini",
                    "the statement does not tell the status before this act from the one after it"
                );
                return Ok((open, with(&what)));
            }
            if let Some(member) = &case.shown_in
                && !shown(case, member, window)?
            {
                let what = phrase!(
                    "pembacaan tidak memuat {member}, tempat akibatnya tampak",
                    "the read holds no {member}, where the effect would show"
                );
                return Ok((open, with(&what)));
            }
            let what = phrase!(
                "dinyatakan berhasil, tetapi tidak ada yang berubah",
                "told as done, but nothing changed"
            );
            (Outcome::Fail, with(&what))
        }
    })
}

/// Whether the record had a status before and after.
fn stands(case: &Case, status: &str, window: &Window) -> Result<bool, OracleFault> {
    let mut found = false;
    for pair in &case.reads {
        for read in [window.exchange(pair.before)?, window.exchange(pair.after)?] {
            if read.op == Op::Read {
                if text_of(&read.mapped, "status").as_deref() != Some(status) {
                    return Ok(false);
                }
                found = true;
            }
        }
    }
    Ok(found)
}

/// Whether the last disposition of the record named a unit, before the act and after it.
fn with_unit(case: &Case, unit: &str, window: &Window) -> Result<bool, OracleFault> {
    let holds = |read: &Exchange| {
        let list = read.mapped.get("disposisi").and_then(Value::as_array);
        list.and_then(|list| text_of(list.last()?, "unit_id")).as_deref() == Some(unit)
    };
    for pair in &case.reads {
        let (before, after) = (window.exchange(pair.before)?, window.exchange(pair.after)?);
        if before.op == Op::Read && holds(before) && holds(after) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether some read afterwards shows a member of the record at all.
fn shown(case: &Case, member: &str, window: &Window) -> Result<bool, OracleFault> {
    for pair in &case.reads {
        let read = window.exchange(pair.after)?;
        if read.op == Op::Read && read.mapped.get(member).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn seen(case: &Case, window: &Window) -> Result<Seen, OracleFault> {
    let (mut trace, mut looked, mut hidden) = (false, false, None);
    for pair in &case.reads {
        let (before, after) = (window.exchange(pair.before)?, window.exchange(pair.after)?);
        if shows_any(after, &case.marks) {
            return Ok(Seen::Effect(phrase!(
                "isi yang dikirim tersimpan",
                "what was sent is stored"
            )));
        }
        let history = after.op == Op::History;
        match (substance(before), substance(after)) {
            (Some(was), Some(is)) if history => trace |= was != is,
            (Some(was), Some(is)) if was != is => {
                return Ok(Seen::Effect(phrase!("pengaduannya berubah", "the complaint changed")));
            }
            (Some(_), Some(_)) => looked = true,
            (None, Some(_)) if case.kind == Kind::Absent => {
                return Ok(Seen::Effect(phrase!(
                    "pengaduan itu kini ada",
                    "the complaint is now there"
                )));
            }
            (Some(_), None) if !history && after.reading == Reading::NotFound => {
                return Ok(Seen::Effect(phrase!(
                    "pengaduan tidak ada lagi",
                    "the complaint is gone"
                )));
            }
            (None, None) if case.kind == Kind::Absent && denied(before) && denied(after) => looked |= !history,
            // Only the record decides; a history that is not shown takes nothing away.
            _ if history => {}
            (None, None) if case.kind == Kind::Absent && denied(before) => hidden = Some(after),
            (None, _) => hidden = Some(before),
            (_, None) => hidden = Some(after),
        }
    }
    if trace {
        return Ok(Seen::Trace);
    }
    Ok(match hidden {
        Some(read) => {
            let how = answered(read);
            let (id, en) = (&how.id, &how.en);
            let what = phrase!(
                "pembacaan tidak memperlihatkan pengaduannya: {id}",
                "the read does not show the complaint: {en}"
            );
            Seen::Hidden(unseen(read).unwrap_or(Reason::PreconditionUnmet), what)
        }
        None if looked => Seen::Nothing,
        None => Seen::Hidden(
            Reason::InsufficientEvidence,
            phrase!("tidak dibaca lagi", "not read again"),
        ),
    })
}

/// There is nothing to be read, as the answer says clearly.
fn denied(read: &Exchange) -> bool {
    matches!(read.reading, Reading::NotFound | Reading::Refused) && unseen(read).is_none()
}

/// What counts of a record (proses-bisnis.md, convention 3): all but its times and its history, to which an attempt may
/// lawfully add an entry that moves nothing. Of a history, all but its times.
pub(super) fn substance(read: &Exchange) -> Option<Value> {
    let mut face = face(read)?;
    if read.op == Op::Read {
        if let Some(record) = face.get_mut(0).and_then(Value::as_object_mut) {
            record.remove("riwayat");
        }
        if let Some(digests) = face.get_mut(1).and_then(Value::as_object_mut) {
            digests.retain(|at, _| !at.starts_with("riwayat"));
        }
    }
    Some(face)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Actor;
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    fn probe(status: u16, reading: Reading) -> Sample {
        exchange(1, Op::Dispose, Actor::Admin, Value::Null).answered(status, reading)
    }

    fn accepted() -> Sample {
        exchange(1, Op::Dispose, Actor::Admin, json!({}))
    }

    fn read(seq: u64, mapped: Value) -> Sample {
        exchange(seq, Op::Read, Actor::Admin, mapped)
    }

    fn gone(seq: u64) -> Sample {
        read(seq, Value::Null).answered(404, Reading::NotFound)
    }

    fn case(kind: Kind) -> Case {
        Case {
            key: "P1/dispose@admin".to_owned(),
            probe: Some(1),
            reads: vec![Pair { before: 2, after: 3 }],
            marks: vec![7],
            kind,
            ..Case::default()
        }
    }

    fn outcome(case: &Case, samples: impl IntoIterator<Item = Sample>) -> Outcome {
        let params = json!(Params {
            cases: vec![case.clone()]
        });
        let mut legs = judge(&params, &window(samples)).unwrap();
        assert_eq!(legs.len(), 1);
        assert_eq!(legs[0].key, case.key);
        legs.remove(0).outcome
    }

    const OPEN: Outcome = Outcome::Inconclusive(Reason::InsufficientEvidence);

    #[test]
    fn accepted_goes_with_an_effect_and_refused_with_none() {
        use Kind::{Forbidden, Permitted};
        let same = || json!({"status": "diarsipkan", "waktu_diperbarui": "a"});
        let other = || json!({"status": "terdisposisi", "waktu_diperbarui": "b"});
        let later = || json!({"status": "diarsipkan", "waktu_diperbarui": "b", "riwayat": [{"peristiwa": "dicoba"}]});
        let unmet = Outcome::Inconclusive(Reason::PreconditionUnmet);
        let table = [
            (Forbidden, accepted(), same(), Outcome::Fail),
            (Forbidden, accepted(), later(), Outcome::Fail),
            (
                Forbidden,
                accepted().answered(204, Reading::Accepted),
                same(),
                Outcome::Fail,
            ),
            // That the move is forbidden is PB-22's affair: the answer is true.
            (Forbidden, accepted(), other(), Outcome::Pass),
            (Forbidden, probe(409, Reading::Refused), same(), Outcome::Pass),
            (Forbidden, probe(409, Reading::Refused), later(), Outcome::Pass),
            (Forbidden, probe(500, Reading::Fault), same(), Outcome::Pass),
            (Forbidden, probe(200, Reading::Refused), same(), Outcome::Pass),
            (Forbidden, probe(409, Reading::Refused), other(), Outcome::Fail),
            (Permitted, accepted(), other(), Outcome::Pass),
            (Permitted, accepted(), same(), Outcome::Fail),
            (Permitted, probe(500, Reading::Fault), other(), Outcome::Fail),
            (Permitted, probe(409, Reading::Refused), other(), Outcome::Fail),
            (Permitted, probe(409, Reading::Refused), same(), unmet),
            (Permitted, probe(500, Reading::Fault), same(), OPEN),
            (Forbidden, probe(429, Reading::Throttled), same(), OPEN),
            (Forbidden, probe(302, Reading::Redirect), other(), OPEN),
            (
                Permitted,
                accepted().broken(BrokenKind::Timeout),
                other(),
                Outcome::Inconclusive(Reason::Timeout),
            ),
        ];
        for (row, (kind, probe, after, expected)) in table.into_iter().enumerate() {
            let found = outcome(&case(kind), [probe, read(2, same()), read(3, after)]);
            assert_eq!(found, expected, "row {row}");
        }
    }

    #[test]
    fn a_planted_text_is_an_effect_and_a_read_that_shows_nothing_is_no_evidence() {
        let record = || json!({"status": "diproses"});
        let stored = read(3, record()).hit(7, "percobaan", false, "body:/tanggapan/0/isi");
        let forbidden = case(Kind::Forbidden);
        let refused = || probe(403, Reading::Refused);
        assert_eq!(
            outcome(&forbidden, [refused(), read(2, record()), stored]),
            Outcome::Fail
        );
        let unmet = Outcome::Inconclusive(Reason::PreconditionUnmet);
        let hidden = read(3, Value::Null).answered(403, Reading::Refused);
        assert_eq!(outcome(&forbidden, [refused(), read(2, record()), hidden]), unmet);
        assert_eq!(
            outcome(&forbidden, [refused(), read(2, record()), read(3, record()).unmapped()]),
            OPEN
        );
        assert_eq!(
            outcome(&forbidden, [refused(), read(2, record()), gone(3)]),
            Outcome::Fail
        );
        let unread = Case {
            reads: Vec::new(),
            ..forbidden
        };
        assert_eq!(outcome(&unread, [refused()]), OPEN);
    }

    #[test]
    fn what_is_not_there_cannot_have_been_done() {
        let absent = case(Kind::Absent);
        assert_eq!(outcome(&absent, [accepted(), gone(2), gone(3)]), Outcome::Fail);
        assert_eq!(
            outcome(&absent, [probe(404, Reading::NotFound), gone(2), gone(3)]),
            Outcome::Pass
        );
        let born = || read(3, json!({"status": "terverifikasi"}));
        assert_eq!(outcome(&absent, [accepted(), gone(2), born()]), Outcome::Pass);
        assert_eq!(
            outcome(&absent, [probe(404, Reading::NotFound), gone(2), born()]),
            Outcome::Fail
        );
        let shut = || read(3, Value::Null).answered(500, Reading::Fault);
        assert_eq!(outcome(&absent, [accepted(), gone(2), shut()]), OPEN);
    }

    #[test]
    fn a_repeated_act_may_be_accepted_where_its_status_stands() {
        let at = |seq, status: &str| read(seq, json!({"status": status}));
        let repeated = Case {
            wished: Some("selesai".to_owned()),
            ..case(Kind::Forbidden)
        };
        assert_eq!(
            outcome(&repeated, [accepted(), at(2, "selesai"), at(3, "selesai")]),
            Outcome::Pass
        );
        assert_eq!(
            outcome(&repeated, [accepted(), at(2, "diarsipkan"), at(3, "diarsipkan")]),
            Outcome::Fail
        );
        let blurred = Case {
            blurred: true,
            ..case(Kind::Forbidden)
        };
        assert_eq!(
            outcome(&blurred, [accepted(), at(2, "selesai"), at(3, "selesai")]),
            OPEN
        );
    }

    #[test]
    fn a_complaint_that_is_with_the_unit_already_need_not_change() {
        let at = |seq, units: Value| read(seq, json!({"status": "diarsipkan", "disposisi": units}));
        let again = Case {
            unit: Some("2".to_owned()),
            ..case(Kind::Forbidden)
        };
        let held = || json!([{"unit_id": "3"}, {"unit_id": 2}]);
        assert_eq!(
            outcome(&again, [accepted(), at(2, held()), at(3, held())]),
            Outcome::Pass
        );
        for units in [json!([{"unit_id": "2"}, {"unit_id": "3"}]), json!([]), Value::Null] {
            let samples = [accepted(), at(2, units.clone()), at(3, units)];
            assert_eq!(outcome(&again, samples), Outcome::Fail);
        }
    }

    #[test]
    fn an_effect_that_no_read_can_show_is_not_missed() {
        let noted = Case {
            shown_in: Some("catatan".to_owned()),
            ..case(Kind::Permitted)
        };
        let without = |seq| read(seq, json!({"status": "diproses"}));
        let with = |seq| read(seq, json!({"status": "diproses", "catatan": []}));
        assert_eq!(outcome(&noted, [accepted(), without(2), without(3)]), OPEN);
        assert_eq!(outcome(&noted, [accepted(), with(2), with(3)]), Outcome::Fail);
        let history = |seq, entries: Value| exchange(seq, Op::History, Actor::Admin, json!({"butir": entries}));
        let told = Case {
            reads: vec![Pair { before: 2, after: 3 }, Pair { before: 4, after: 5 }],
            ..noted
        };
        let grown = [
            accepted(),
            without(2),
            without(3),
            history(4, json!([])),
            history(5, json!([{"peristiwa": "dicatat_internal"}])),
        ];
        assert_eq!(outcome(&told, grown), Outcome::Pass);
    }

    #[test]
    fn what_was_not_tried_is_said() {
        let left_out = Case {
            left_out: Some("rate@pelapor_a".to_owned()),
            probe: None,
            ..case(Kind::Permitted)
        };
        assert_eq!(
            outcome(&left_out, []),
            Outcome::NotApplicable("rate@pelapor_a".to_owned())
        );
        let text = phrase!("tidak ada unit", "there is no unit");
        let unmet = Case {
            unmet: Some(Unmet {
                reason: Reason::FixtureMissing,
                text,
            }),
            probe: None,
            ..case(Kind::Permitted)
        };
        assert_eq!(outcome(&unmet, []), Outcome::Inconclusive(Reason::FixtureMissing));
    }
}
