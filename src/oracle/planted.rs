//! KM-22: what a reporter adds to a lawful request, beside what reporters may say, is ignored or refused. The later
//! reads of others tell, never the answer to the write. Knows neither paths nor how the additions were wrapped.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Answer, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{hits, is_success, unclear_reason};
use super::sight::{answered, unseen};
use super::{OracleFault, Window, params};

/// Name in the registry: nobody else sees the additions.
pub const STORED: &str = "titipan_tersimpan";

/// Name in the registry: the write's own answer does not show them.
pub const ECHOED: &str = "titipan_digemakan";

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The additions, one a leg.
    pub items: Vec<Item>,
}

/// One added member.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Key of the leg: the member's name.
    pub key: String,
    /// How the addition would show.
    pub signs: Vec<Sign>,
    /// A text of the request's body that proves that the addition was sent.
    pub needle: String,
    /// The requests that carried it, in order; a second one only where the first proved nothing.
    pub probes: Vec<u64>,
    /// Reads before; an addition that shows in them proves nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub before: Vec<u64>,
    /// Reads after, by somebody else than the reporter, or by whoever would have gained by it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub after: Vec<u64>,
    /// What the statement does not give, so that the addition could not be made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub missing: Option<String>,
}

/// How an addition shows in a read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Sign {
    /// A planted text of this fixture stands in the answer.
    Mark(u32),
    /// The canonical value at this pointer is this one.
    Equals {
        /// JSON pointer.
        at: String,
        /// The value as text.
        text: String,
    },
    /// A text at or below this pointer begins so.
    Begins {
        /// JSON pointer.
        at: String,
        /// How it begins.
        text: String,
    },
    /// An entry of this list has this member.
    Holds {
        /// JSON pointer of the list.
        list: String,
        /// The member.
        member: String,
        /// Its value as text.
        text: String,
    },
    /// Somebody sees the complaint with this fixture number who did not before.
    Granted(u32),
}

impl Sign {
    /// Whether a read shows it.
    fn shows(&self, read: &Exchange) -> bool {
        let accepted = read.reading == Reading::Accepted;
        let at = |pointer: &str| read.mapped.pointer(pointer).filter(|_| accepted);
        match self {
            Self::Mark(fixture) => hits(read, *fixture).next().is_some(),
            Self::Equals { at: place, text } => at(place).is_some_and(|value| is(value, text)),
            Self::Begins { at: place, text } => at(place).is_some_and(|value| begins(value, text)),
            Self::Holds { list, member, text } => at(list).and_then(Value::as_array).is_some_and(|entries| {
                entries
                    .iter()
                    .any(|entry| entry.get(member).is_some_and(|own| is(own, text)))
            }),
            Self::Granted(fixture) => {
                read.status().is_some_and(is_success) && hits(read, *fixture).any(|hit| hit.place.starts_with("body"))
            }
        }
    }

    const fn is_access(&self) -> bool {
        matches!(self, Self::Granted(_))
    }
}

fn is(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Number(own) => own.to_string() == text,
        _ => false,
    }
}

fn begins(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own.starts_with(text),
        Value::Object(members) => members.values().any(|member| begins(member, text)),
        Value::Array(entries) => entries.iter().any(|entry| begins(entry, text)),
        _ => false,
    }
}

/// Whether the request carried an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carried {
    /// Its text stands there, or the text of the body is not kept.
    Yes,
    /// There is no body, or one of a kind that takes no further members.
    No,
}

fn carried(item: &Item, probes: &[&Exchange]) -> Carried {
    let holds = |probe: &&Exchange| {
        let body = probe.request.body.as_ref();
        body.is_some_and(|body| body.text.as_ref().is_none_or(|text| text.contains(&item.needle)))
    };
    if probes.iter().any(holds) {
        Carried::Yes
    } else {
        Carried::No
    }
}

/// One leg for each addition: a later read does not show it.
pub(super) fn stored(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(STORED, value)?;
    params.items.iter().map(|item| stored_leg(item, window)).collect()
}

fn stored_leg(item: &Item, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "diabaikan atau ditolak: pembacaan kemudian tidak memperlihatkannya",
        "ignored or refused: no later read shows it"
    );
    let leg = |outcome, actual, evidence| Leg::new(&*item.key, outcome, expected.clone(), actual, evidence);
    if let Some(what) = &item.missing {
        let actual = phrase!(
            "tidak dicoba: {what} tidak dinyatakan",
            "not tried: {what} is not stated"
        );
        return Ok(leg(Outcome::Inconclusive(Reason::FixtureMissing), actual, Vec::new()));
    }
    let (probes, before, after) = (
        exchanges(&item.probes, window)?,
        exchanges(&item.before, window)?,
        exchanges(&item.after, window)?,
    );
    let evidence = || [&*item.probes, &item.before, &item.after].concat();
    let shown = |read: &&Exchange| item.signs.iter().any(|sign| sign.shows(read));
    if before.iter().any(shown) {
        let access = item.signs.iter().any(Sign::is_access);
        let actual = phrase!("sudah tampak sebelum dicoba", "showed before it was tried");
        let outcome = if access {
            Outcome::NotApplicable(format!("{}: sudah terbuka sebelumnya", item.key))
        } else {
            Outcome::Inconclusive(Reason::PreconditionUnmet)
        };
        return Ok(leg(outcome, actual, evidence()));
    }
    let how = probes.last().map_or_else(|| Phrase::same("-"), |probe| answered(probe));
    let (id, en) = (&how.id, &how.en);
    let found = item.after.iter().zip(&after).find(|(_, read)| shown(read));
    if let Some((seq, read)) = found {
        let (by_id, by_en) = (read.actor.indonesian(), read.actor.english());
        let actual = phrase!(
            "dijawab {id}; tampak pada pembacaan {by_id}",
            "answered {en}; shows when {by_en} reads"
        );
        let evidence = item.probes.iter().copied().chain([*seq]).collect();
        return Ok(leg(Outcome::Fail, actual, evidence));
    }
    if carried(item, &probes) == Carried::No {
        let claim = format!("{} tidak dapat ditambahkan pada badan permintaan", item.key);
        let actual = phrase!("tidak terkirim", "not sent");
        return Ok(leg(Outcome::NotApplicable(claim), actual, evidence()));
    }
    let (outcome, actual) = unharmed(item, &probes, &after, &how);
    Ok(leg(outcome, actual, evidence()))
}

/// The outcome of an addition that no read shows: it counts where the reads can be relied on.
fn unharmed(item: &Item, probes: &[&Exchange], after: &[&Exchange], how: &Phrase) -> (Outcome, Phrase) {
    let access = item.signs.iter().any(Sign::is_access);
    let blind = |read: &&&Exchange| unseen(read).is_some() || (!access && read.reading != Reading::Accepted);
    if let Some(read) = after.iter().find(blind) {
        let reason = unseen(read).unwrap_or(Reason::PreconditionUnmet);
        let words = answered(read);
        let (id, en) = (&words.id, &words.en);
        let actual = phrase!("pembacaan kemudian: {id}", "the later read: {en}");
        return (Outcome::Inconclusive(reason), actual);
    }
    let (id, en) = (&how.id, &how.en);
    match probes.last().map(|probe| probe.reading) {
        Some(Reading::Accepted) if after.is_empty() => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("{id}, tidak dibaca lagi", "{en}, not read again"),
        ),
        Some(Reading::Accepted) => (Outcome::Pass, phrase!("{id}, diabaikan", "{en}, ignored")),
        Some(Reading::Refused | Reading::NotFound) => (Outcome::Pass, phrase!("{id}, ditolak", "{en}, refused")),
        _ => (Outcome::Inconclusive(unclear_reason(probes)), how.clone()),
    }
}

/// One leg for each addition: the answer to the write does not show it either.
pub(super) fn echoed(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(ECHOED, value)?;
    let expected = phrase!("jawabannya tidak memuatnya", "its answer does not hold it");
    let leg = |item: &Item| {
        let probes = exchanges(&item.probes, window)?;
        let accepted = |probe: &&&Exchange| probe.reading == Reading::Accepted;
        let shown = |probe: &&Exchange| item.signs.iter().any(|sign| !sign.is_access() && sign.shows(probe));
        let last = probes.last();
        let actual = last.map_or_else(|| phrase!("tidak dicoba", "not tried"), |probe| answered(probe));
        let broken = |probe: &&Exchange| matches!(probe.answer, Answer::Broken(_));
        let outcome = match last {
            None => Outcome::Inconclusive(Reason::InsufficientEvidence),
            Some(probe) if broken(probe) => Outcome::Inconclusive(unclear_reason(&probes)),
            Some(probe) if accepted(&probe) && shown(probe) => Outcome::Fail,
            Some(_) => Outcome::Pass,
        };
        Ok(Leg::new(
            format!("{}/jawaban", item.key),
            outcome,
            expected.clone(),
            actual,
            item.probes.clone(),
        ))
    };
    params.items.iter().map(leg).collect()
}

fn exchanges<'a>(seqs: &[u64], window: &'a Window) -> Result<Vec<&'a Exchange>, OracleFault> {
    seqs.iter().map(|seq| window.exchange(*seq)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{Sample, exchange, window};
    use super::*;
    use crate::domain::{Actor, Op};

    fn item(signs: Vec<Sign>) -> Item {
        Item {
            key: "x".to_owned(),
            signs,
            needle: "titipan".to_owned(),
            probes: vec![1],
            before: Vec::new(),
            after: vec![3],
            missing: None,
        }
    }

    fn write() -> Sample {
        exchange(1, Op::Submit, Actor::PelaporA, json!({"id": "7"})).sent(r#"{"isi":"a","x":"titipan"}"#)
    }

    fn read(mapped: Value) -> Sample {
        exchange(3, Op::Read, Actor::Admin, mapped)
    }

    fn outcome(item: &Item, samples: Vec<Sample>) -> Outcome {
        let params = json!(Params {
            items: vec![item.clone()]
        });
        stored(&params, &window(samples)).unwrap().remove(0).outcome
    }

    #[test]
    fn an_addition_that_another_sees_later_fails_in_every_form() {
        let unit = Sign::Holds {
            list: "/disposisi".to_owned(),
            member: "unit_id".to_owned(),
            text: "U1".to_owned(),
        };
        let past = |at: &str| Sign::Begins {
            at: at.to_owned(),
            text: "2001-02".to_owned(),
        };
        let rating = Sign::Equals {
            at: "/penilaian".to_owned(),
            text: "1".to_owned(),
        };
        let table = [
            (
                unit,
                json!({"disposisi": [{"unit_id": "U1"}]}),
                json!({"disposisi": [{"unit_id": "U2"}]}),
            ),
            (
                past("/waktu_dibuat"),
                json!({"waktu_dibuat": "2001-02-03T00:00:00Z"}),
                json!({}),
            ),
            (
                past("/tenggat"),
                json!({"tenggat": {"verifikasi": "2001-02-03"}}),
                json!({"tenggat": {}}),
            ),
            (rating, json!({"penilaian": 1}), json!({"penilaian": null})),
        ];
        for (sign, taken, kept) in table {
            let one = item(vec![sign]);
            assert_eq!(outcome(&one, vec![write(), read(taken)]), Outcome::Fail);
            assert_eq!(outcome(&one, vec![write(), read(kept)]), Outcome::Pass);
        }
        let mark = item(vec![Sign::Mark(9)]);
        let marked = read(json!({})).hit(9, "titipan", false, "body:/dicatat_oleh");
        assert_eq!(outcome(&mark, vec![write(), marked]), Outcome::Fail);
        assert_eq!(outcome(&mark, vec![write(), read(json!({}))]), Outcome::Pass);
    }

    #[test]
    fn access_that_was_gained_fails_and_what_was_open_before_tells_nothing() {
        let mut gained = item(vec![Sign::Granted(4)]);
        gained.before = vec![2];
        let look = |seq| exchange(seq, Op::Read, Actor::PelaporB, Value::Null);
        let closed = |seq| look(seq).answered(404, Reading::NotFound);
        let open = |seq| look(seq).hit(4, "isi", false, "body:/isi");
        assert_eq!(outcome(&gained, vec![write(), closed(2), open(3)]), Outcome::Fail);
        assert_eq!(outcome(&gained, vec![write(), closed(2), closed(3)]), Outcome::Pass);
        let told = outcome(&gained, vec![write(), open(2), open(3)]);
        assert!(matches!(told, Outcome::NotApplicable(_)), "{told:?}");
    }

    #[test]
    fn what_was_not_sent_not_read_or_not_answered_proves_nothing() {
        let one = item(vec![Sign::Mark(9)]);
        let bare = exchange(1, Op::Submit, Actor::PelaporA, json!({"id": "7"}));
        let told = outcome(&one, vec![bare, read(json!({}))]);
        assert!(matches!(told, Outcome::NotApplicable(_)), "{told:?}");
        let gone = read(Value::Null).answered(404, Reading::NotFound);
        assert_eq!(
            outcome(&one, vec![write(), gone]),
            Outcome::Inconclusive(Reason::PreconditionUnmet)
        );
        let mut unread = one.clone();
        unread.after = Vec::new();
        assert_eq!(
            outcome(&unread, vec![write()]),
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
        let fault = write().answered(500, Reading::Fault);
        assert_eq!(
            outcome(&unread, vec![fault]),
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
        assert_eq!(
            outcome(&unread, vec![write().answered(422, Reading::Refused)]),
            Outcome::Pass
        );
        let mut nobody = one.clone();
        nobody.missing = Some("aktor.pelapor_b.id".to_owned());
        assert_eq!(
            outcome(&nobody, vec![write(), read(json!({}))]),
            Outcome::Inconclusive(Reason::FixtureMissing)
        );
    }

    #[test]
    fn an_echo_is_told_of_accepted_answers_alone() {
        let params = json!(Params {
            items: vec![item(vec![Sign::Mark(9)])]
        });
        let told = |sample: Sample| echoed(&params, &window([sample])).unwrap().remove(0).outcome;
        assert_eq!(told(write()), Outcome::Pass);
        assert_eq!(told(write().hit(9, "titipan", false, "body:/x")), Outcome::Fail);
        let refused = write().hit(9, "titipan", false, "body:/detail");
        assert_eq!(told(refused.answered(422, Reading::Refused)), Outcome::Pass);
    }
}
