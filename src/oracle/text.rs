//! DT-11: texts come back as they were sent. Equality allows NFC, CRLF for LF, and blanks at both ends removed
//! (data.md, convention 3), and nothing else.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::{Actor, Phrase};
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, items, text_of, unseen};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub(crate) const NAME: &str = "teks_utuh";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The texts that were sent.
    pub(crate) texts: Vec<Text>,
    /// Reads of the record.
    pub(crate) reads: Vec<Read>,
    /// The lists that were walked to find the title.
    pub(crate) lists: Vec<List>,
}

/// A text that was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    /// Which complaint, `P1`.
    pub(crate) label: String,
    /// Where it belongs.
    pub(crate) field: Field,
    /// The text.
    pub(crate) sent: String,
    /// Why it could not be sent: the operation or the member that the statement does not bind.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) left_out: Option<String>,
    /// The exchange in which it was not accepted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refused: Option<u64>,
}

/// Where a text belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    Judul,
    Isi,
    Alasan,
    TindakLanjut,
    Tanggapan,
}

/// A read of a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    pub(crate) label: String,
    pub(crate) actor: Actor,
    pub(crate) seq: u64,
}

/// A walk through a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) label: String,
    pub(crate) actor: Actor,
    pub(crate) id: String,
    pub(crate) pages: Vec<u64>,
}

impl Field {
    /// Its name in leg keys.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Judul => "judul",
            Self::Isi => "isi",
            Self::Alasan => "alasan",
            Self::TindakLanjut => "tindak_lanjut",
            Self::Tanggapan => "tanggapan",
        }
    }

    /// Whether an actor is shown it: reasons are the administrator's.
    pub(crate) fn shown_to(self, actor: Actor) -> bool {
        self != Self::Alasan || actor == Actor::Admin
    }

    /// The texts that stand there in a record; `None` where the mapped record has no such place.
    fn texts(self, mapped: &Value) -> Option<Vec<&str>> {
        let text = |value: &'_ Value| value.as_str().map(str::len).is_some();
        let one = |name: &str| mapped.get(name).filter(|value| !value.is_null());
        match self {
            Self::Judul | Self::Isi => Some(one(self.id()).and_then(Value::as_str).into_iter().collect()),
            Self::Alasan => {
                let own = one("alasan").into_iter();
                let of_disposals = one("disposisi").and_then(Value::as_array).into_iter().flatten();
                let found: Vec<&str> = own
                    .chain(of_disposals.filter_map(|disposal| disposal.get("alasan")))
                    .filter_map(|reason| if text(reason) { Some(reason) } else { reason.get("teks") })
                    .filter_map(Value::as_str)
                    .collect();
                (!found.is_empty()).then_some(found)
            }
            Self::TindakLanjut | Self::Tanggapan => {
                // Applications with one list of comments show both in it.
                let lists = ["tindak_lanjut", "tanggapan"].map(|name| one(name).and_then(Value::as_array));
                let known = lists.iter().any(Option::is_some);
                let entries = lists.into_iter().flatten().flatten();
                known.then(|| {
                    entries
                        .filter_map(|entry| entry.get("isi").and_then(Value::as_str))
                        .collect()
                })
            }
        }
    }
}

/// The key of a text's leg in a read.
pub(crate) fn key(label: &str, field: Field, actor: Actor) -> String {
    format!("{label}/{}@{actor}", field.id())
}

/// The key of a title's leg in a list.
pub(crate) fn list_key(label: &str, actor: Actor) -> String {
    format!("{label}/judul@{actor}/daftar")
}

/// Whether a text is the one that was sent.
pub(crate) fn same(sent: &str, shown: &str) -> bool {
    normal(sent) == normal(shown)
}

/// Whether a record shows a text that was sent, or has no place for it.
pub(crate) fn shows(text: &Text, mapped: &Value) -> bool {
    text.field
        .texts(mapped)
        .is_none_or(|found| found.iter().any(|shown| same(&text.sent, shown)))
}

fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim().nfc().collect()
}

/// One leg for each text in each read, and one for each title in a list.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(NAME, value)?;
    let mut legs = Vec::new();
    for read in &params.reads {
        let exchange = window.exchange(read.seq)?;
        let own = params.texts.iter().filter(|text| text.label == read.label);
        for text in own.filter(|text| text.field.shown_to(read.actor)) {
            let (outcome, actual) = sent(text, window)?.unwrap_or_else(|| in_record(text, exchange));
            let evidence = text.refused.into_iter().chain([read.seq]).collect();
            legs.push(Leg::new(
                key(&read.label, text.field, read.actor),
                outcome,
                expected(),
                actual,
                evidence,
            ));
        }
    }
    for list in &params.lists {
        let titles = params
            .texts
            .iter()
            .filter(|text| text.label == list.label && text.field == Field::Judul);
        for text in titles {
            let (outcome, actual) = in_list(text, list, window)?;
            legs.push(Leg::new(
                list_key(&list.label, list.actor),
                outcome,
                expected(),
                actual,
                list.pages.clone(),
            ));
        }
    }
    Ok(legs)
}

fn expected() -> Phrase {
    phrase!(
        "teks yang sama dengan yang dikirim (NFC, CRLF, dan spasi di ujung tidak dihitung)",
        "the text that was sent (NFC, CRLF and blanks at the ends apart)"
    )
}

/// Why a text was never stored; nothing where it was accepted.
fn sent(text: &Text, window: &Window) -> Result<Option<(Outcome, Phrase)>, OracleFault> {
    if let Some(claim) = &text.left_out {
        let actual = phrase!("tidak terikat: {claim}", "not bound: {claim}");
        return Ok(Some((Outcome::NotApplicable(claim.clone()), actual)));
    }
    let Some(seq) = text.refused else { return Ok(None) };
    let write = window.exchange(seq)?;
    let reason = unseen(write).unwrap_or(Reason::PreconditionUnmet);
    Ok(Some((Outcome::Inconclusive(reason), answered(write))))
}

fn in_record(text: &Text, read: &Exchange) -> (Outcome, Phrase) {
    if let Some(reason) = unseen(read) {
        return (Outcome::Inconclusive(reason), answered(read));
    }
    if read.reading != Reading::Accepted {
        return (Outcome::Inconclusive(Reason::PreconditionUnmet), answered(read));
    }
    if let Some(found) = text.field.texts(&read.mapped) {
        return compare(text, &found);
    }
    let claim = format!("read.{}", text.field.id());
    let actual = phrase!(
        "pembacaan tidak memperlihatkannya: {claim}",
        "the read does not show it: {claim}"
    );
    (Outcome::NotApplicable(claim), actual)
}

fn in_list(text: &Text, list: &List, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let mut last = None;
    for seq in &list.pages {
        let page = window.exchange(*seq)?;
        if let Some(entry) = items(page)
            .iter()
            .find(|entry| text_of(entry, "id").as_ref() == Some(&list.id))
        {
            let found: Vec<&str> = entry.get("judul").and_then(Value::as_str).into_iter().collect();
            return Ok(compare(text, &found));
        }
        last = Some(page);
    }
    let open = last.and_then(unseen).unwrap_or(Reason::PreconditionUnmet);
    let actual = phrase!(
        "pengaduan itu tidak ditemukan pada daftar",
        "the complaint was not found in the list"
    );
    Ok((Outcome::Inconclusive(open), actual))
}

/// Compares with the text that is nearest, and names where it differs.
fn compare(text: &Text, found: &[&str]) -> (Outcome, Phrase) {
    if found.iter().any(|shown| same(&text.sent, shown)) {
        let length = text.sent.chars().count();
        return (
            Outcome::Pass,
            phrase!("sama, {length} karakter", "equal, {length} characters"),
        );
    }
    let wanted: Vec<char> = normal(&text.sent).chars().collect();
    let nearest = found
        .iter()
        .map(|shown| normal(shown).chars().collect::<Vec<char>>())
        .max_by_key(|shown| common(&wanted, shown));
    let Some(shown) = nearest else {
        return (
            Outcome::Fail,
            phrase!("tidak ada teks di sana", "there is no text there"),
        );
    };
    let at = common(&wanted, &shown);
    let (sent, got) = (points(&wanted, at), points(&shown, at));
    let place = at + 1;
    let (sent_len, got_len) = (wanted.len(), shown.len());
    let actual = phrase!(
        "berbeda mulai karakter ke-{place}: dikirim {sent}, kembali {got} ({sent_len} dan {got_len} karakter)",
        "differs from character {place} on: sent {sent}, came back {got} ({sent_len} and {got_len} characters)"
    );
    (Outcome::Fail, actual)
}

/// How many characters two texts share at their beginning.
fn common(one: &[char], other: &[char]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

/// A few code points from a place on.
fn points(text: &[char], at: usize) -> String {
    let few: Vec<String> = text
        .iter()
        .skip(at)
        .take(4)
        .map(|point| format!("U+{:04X}", u32::from(*point)))
        .collect();
    if few.is_empty() {
        "—".to_owned()
    } else {
        few.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Op;
    use crate::oracle::samples::{Sample, exchange, window};

    fn read(mapped: Value) -> Sample {
        exchange(1, Op::Read, Actor::Admin, mapped)
    }

    fn outcome_of(field: &str, sent: &str, sample: Sample) -> Outcome {
        let value = json!({"texts": [{"label": "P1", "field": field, "sent": sent}],
            "reads": [{"label": "P1", "actor": "admin", "seq": 1}], "lists": []});
        let legs = judge(&value, &window([sample])).unwrap();
        assert_eq!(legs[0].key, format!("P1/{field}@admin"));
        legs[0].outcome.clone()
    }

    fn isi(sent: &str, shown: &str) -> Outcome {
        outcome_of("isi", sent, read(json!({"isi": shown})))
    }

    #[test]
    fn equal_texts_pass_whatever_their_normal_form_line_ends_and_blanks() {
        for (sent, shown) in [
            ("kafe\u{301}", "kafé"),
            ("satu\n\ndua", "satu\r\n\r\ndua"),
            ("  satu dua ", "satu dua"),
            ("😀👨‍👩‍👧 O'Brien <b>", "😀👨‍👩‍👧 O'Brien <b>"),
        ] {
            assert_eq!(isi(sent, shown), Outcome::Pass, "{sent}");
        }
    }

    #[test]
    fn every_other_difference_fails() {
        for (sent, shown) in [
            ("O'Brien", "O&#039;Brien"),
            ("a < b", "a "),
            ("ada 😀", "ada ?"),
            ("satu\ndua", "satu dua"),
            ("lampu", "Lampu"),
            ("007", "7"),
            ("a  b", "a b"),
        ] {
            assert_eq!(isi(sent, shown), Outcome::Fail, "{sent}");
        }
        assert_eq!(
            outcome_of("isi", "a", read(json!({"judul": "a"}))),
            Outcome::Fail,
            "the text is not there"
        );
    }

    #[test]
    fn a_difference_names_its_code_points() {
        let text = Text {
            label: "P1".to_owned(),
            field: Field::Isi,
            sent: "a'b".to_owned(),
            left_out: None,
            refused: None,
        };
        let (_, actual) = compare(&text, &["xyz", "a&b"]);
        assert!(
            actual.en.contains("character 2") && actual.en.contains("U+0027") && actual.en.contains("U+0026"),
            "{}",
            actual.en
        );
    }

    #[test]
    fn messages_and_reasons_are_looked_for_in_their_places() {
        let mapped = json!({"tindak_lanjut": [{"isi": "x"}, {"isi": "007"}], "disposisi": [{"alasan": "null"}]});
        assert_eq!(outcome_of("tindak_lanjut", "007", read(mapped.clone())), Outcome::Pass);
        assert_eq!(outcome_of("tanggapan", "1e3", read(mapped.clone())), Outcome::Fail);
        assert_eq!(outcome_of("alasan", "null", read(mapped)), Outcome::Pass);
        assert_eq!(
            outcome_of("alasan", "a'b", read(json!({"alasan": {"teks": "ab"}}))),
            Outcome::Fail
        );
        let unmapped = outcome_of("alasan", "a", read(json!({"judul": "b"})));
        assert_eq!(unmapped, Outcome::NotApplicable("read.alasan".to_owned()));
    }

    #[test]
    fn what_was_not_sent_or_not_read_is_open() {
        let refused = isi_of(&json!({"label": "P1", "field": "tanggapan", "sent": "a", "refused": 2}));
        assert_eq!(refused, Outcome::Inconclusive(Reason::PreconditionUnmet));
        let left_out = isi_of(&json!({"label": "P1", "field": "tanggapan", "sent": "a", "left_out": "reply"}));
        assert_eq!(left_out, Outcome::NotApplicable("reply".to_owned()));
        let gone = outcome_of("isi", "a", read(Value::Null).answered(404, Reading::NotFound));
        assert_eq!(gone, Outcome::Inconclusive(Reason::PreconditionUnmet));
    }

    fn isi_of(text: &Value) -> Outcome {
        let value = json!({"texts": [text], "reads": [{"label": "P1", "actor": "admin", "seq": 1}], "lists": []});
        let write = exchange(2, Op::Reply, Actor::PelaporA, Value::Null).answered(422, Reading::Refused);
        judge(&value, &window([read(json!({"isi": "a"})), write]))
            .unwrap()
            .remove(0)
            .outcome
    }

    #[test]
    fn a_title_is_looked_for_in_the_list_by_its_id() {
        let list = |title: &str| {
            exchange(
                1,
                Op::List,
                Actor::Admin,
                json!({"butir": [{"id": "9", "judul": "x"}, {"id": "7", "judul": title}]}),
            )
        };
        let value = json!({"texts": [{"label": "P1", "field": "judul", "sent": "a'b"}], "reads": [],
            "lists": [{"label": "P1", "actor": "admin", "id": "7", "pages": [1]}]});
        let outcome = |sample: Sample| judge(&value, &window([sample])).unwrap().remove(0).outcome;
        assert_eq!(outcome(list("a'b")), Outcome::Pass);
        assert_eq!(outcome(list("a&#39;b")), Outcome::Fail);
        let none = outcome(exchange(1, Op::List, Actor::Admin, json!({"butir": []})));
        assert_eq!(none, Outcome::Inconclusive(Reason::PreconditionUnmet));
    }
}
