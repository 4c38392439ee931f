//! DT-07: times as they stand in answers and hub calls, before any codec: RFC 3339 with an offset, dates as dates alone.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Op, Phrase};
use crate::evidence::record::{Data, RawPlace, Record};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::super::sight::short;
use super::super::{Fold, OracleFault, params};
use super::answers::{Sightings, evidence, joined, ordinary};

/// Name of the fold.
pub const NAME: &str = "waktu_tertulis";

/// Key of the leg that is always there.
pub const WHOLE: &str = "seluruh waktu";

/// Parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Fields that must have been seen: `waktu_dibuat`, `riwayat.waktu`, `tenggat`, ….
    #[serde(default)]
    needed: Vec<String>,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// RFC 3339 with an offset, or `Z`.
    Instant,
    /// `YYYY-MM-DD`.
    Date,
    /// Like an instant, but without an offset.
    NoOffset,
    /// Anything else.
    Other,
}

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Instant,
    Date,
    Either,
}

/// The fold.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Times {
    /// Well written: how often, and the last record.
    good: BTreeMap<String, (u64, u64)>,
    /// Badly written, by field, by whom it was told, and one text.
    bad: BTreeMap<(String, String, Form), (String, Sightings)>,
    /// Fields of which a filter made the value.
    made: BTreeSet<String>,
}

/// Fields and operations that are kept.
const KEPT: usize = 300;

impl Fold for Times {
    fn observe(&mut self, record: &Record) {
        let (teller, raw) = match &record.data {
            Data::Exchange(exchange) if ordinary(exchange) => (exchange.op.id(), &exchange.facts.raw),
            Data::Inbound(inbound) => (Op::HubUpdate.id(), &inbound.facts.raw),
            _ => return,
        };
        for (place, what) in raw {
            if let Some(field) = field(teller, place) {
                self.take(record, teller, &field, what);
            }
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: Asked = params(NAME, value)?;
        let fields: BTreeSet<&String> = asked
            .needed
            .iter()
            .chain(self.good.keys())
            .chain(self.bad.keys().map(|(field, _, _)| field))
            .collect();
        let legs = fields.into_iter().map(|field| self.leg(field));
        Ok(std::iter::once(self.whole()).chain(legs).collect())
    }
}

impl Times {
    fn take(&mut self, record: &Record, teller: &str, field: &str, what: &RawPlace) {
        if what.made {
            self.made.insert(field.to_owned());
        }
        for time in &what.times {
            let form = form(time);
            let fits = match wanted(field) {
                Wanted::Instant => form == Form::Instant,
                Wanted::Date => form == Form::Date,
                Wanted::Either => matches!(form, Form::Instant | Form::Date),
            };
            if fits {
                let good = self.good.entry(field.to_owned()).or_default();
                *good = (good.0 + 1, good.1.max(record.seq));
                continue;
            }
            let key = (field.to_owned(), teller.to_owned(), form);
            if self.bad.len() < KEPT || self.bad.contains_key(&key) {
                let text = time.as_str().map_or_else(|| time.to_string(), str::to_owned);
                let bad = self.bad.entry(key).or_insert_with(|| (text, Sightings::default()));
                bad.1.add(record);
            }
        }
    }

    fn whole(&self) -> Leg {
        let seen: u64 = self.good.values().map(|(count, _)| count).sum();
        let fields = self.good.len();
        let last = self.good.values().map(|(_, last)| *last).max();
        let outcome = if last.is_none() && self.bad.is_empty() {
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        } else {
            Outcome::Pass
        };
        let expected = phrase!(
            "setiap waktu diperiksa sebagaimana tertulis; setiap kolom mempunyai kakinya sendiri",
            "every time is looked at as it is written; every field has a leg of its own"
        );
        let actual = phrase!(
            "{seen} waktu benar dalam {fields} kolom",
            "{seen} right times in {fields} fields"
        );
        Leg::new(WHOLE, outcome, expected, actual, last.into_iter().collect())
    }

    fn leg(&self, field: &str) -> Leg {
        let expected = match wanted(field) {
            Wanted::Instant => phrase!(
                "RFC 3339 dengan offset, seperti 2026-11-25T10:00:00+07:00",
                "RFC 3339 with an offset, such as 2026-11-25T10:00:00+07:00"
            ),
            Wanted::Date => phrase!("tanggal saja, seperti 2026-11-25", "a date alone, such as 2026-11-25"),
            Wanted::Either => phrase!(
                "tanggal, atau RFC 3339 dengan offset",
                "a date, or RFC 3339 with an offset"
            ),
        };
        let bad: Vec<_> = self.bad.iter().filter(|((of, _, _), _)| of == field).collect();
        if !bad.is_empty() {
            let told: Vec<Phrase> = bad
                .iter()
                .map(|((_, teller, form), (text, sightings))| told(teller, *form, text, sightings))
                .collect();
            let seqs = evidence(bad.iter().map(|(_, (_, sightings))| sightings));
            return Leg::new(field, Outcome::Fail, expected, joined(&told), seqs);
        }
        match self.good.get(field) {
            Some((count, last)) => {
                let actual = phrase!("{count} kali benar", "right {count} times");
                Leg::new(field, Outcome::Pass, expected, actual, vec![*last])
            }
            None => {
                let actual = if self.made.contains(field) {
                    phrase!(
                        "tulisan asalnya tidak tampak: saringan jawaban pada pernyataan mengubahnya; petakan lewat ikatan.waktu.bentuk",
                        "how it was written cannot be seen: the statement's answer filter changes it; map it by ikatan.waktu.bentuk"
                    )
                } else {
                    phrase!("tidak pernah terlihat", "never seen")
                };
                let outcome = Outcome::Inconclusive(Reason::InsufficientEvidence);
                Leg::new(field, outcome, expected, actual, Vec::new())
            }
        }
    }
}

fn told(teller: &str, form: Form, text: &str, sightings: &Sightings) -> Phrase {
    let (text, seen) = (short(text), sightings.told());
    let why = match form {
        Form::NoOffset => phrase!("tanpa offset", "without an offset"),
        Form::Instant => phrase!("dengan jam", "with a time of day"),
        Form::Date => phrase!("tanpa jam", "without a time of day"),
        Form::Other => phrase!("bentuk lain", "another form"),
    };
    Phrase::new(
        format!("{teller}: `{text}`, {} ({})", why.id, seen.id),
        format!("{teller}: `{text}`, {} ({})", why.en, seen.en),
    )
}

/// The field of the model that a place holds: `waktu_dibuat`, `riwayat.waktu`, `tenggat`; `None` for one that holds no
/// time.
fn field(teller: &str, place: &str) -> Option<String> {
    let mut parts = place.rsplit('/').filter(|part| *part != "*" && !part.is_empty());
    let (leaf, parent) = (parts.next()?, parts.next().unwrap_or_default());
    if parent == "tenggat" {
        return Some("tenggat".to_owned());
    }
    if leaf != "waktu" {
        let time = leaf.starts_with("waktu_") || matches!(leaf, "tanggal_kejadian" | "dihitung_pada" | "tenggat");
        return time.then(|| leaf.to_owned());
    }
    let of = match (parent, teller) {
        ("butir", "history") => "riwayat",
        ("" | "butir", _) => teller,
        (parent, _) => parent,
    };
    Some(format!("{of}.waktu"))
}

fn wanted(field: &str) -> Wanted {
    match field {
        "tanggal_kejadian" => Wanted::Date,
        "tenggat" => Wanted::Either,
        _ => Wanted::Instant,
    }
}

/// How a value is written.
fn form(value: &Value) -> Form {
    let Some(text) = value.as_str() else { return Form::Other };
    if shaped(text, "9999-99-99") {
        let real = text.parse::<jiff::civil::Date>().is_ok();
        return if real { Form::Date } else { Form::Other };
    }
    let upper = text.to_ascii_uppercase();
    let (local, offset) = split(&upper);
    let (seconds, fraction) = local.split_once('.').unwrap_or((local, "0"));
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let whole = digits && (shaped(seconds, "9999-99-99T99:99:99") || shaped(seconds, "9999-99-99 99:99:99"));
    match offset {
        _ if !whole => Form::Other,
        None => Form::NoOffset,
        Some(offset) => {
            let sound =
                seconds.contains('T') && (offset == "Z" || shaped(offset.get(1..).unwrap_or_default(), "99:99"));
            if sound && upper.parse::<jiff::Timestamp>().is_ok() {
                Form::Instant
            } else {
                Form::Other
            }
        }
    }
}

/// A time without its offset, and the offset.
fn split(text: &str) -> (&str, Option<&str>) {
    let place = text
        .char_indices()
        .skip(11)
        .find(|(_, character)| matches!(character, 'Z' | '+' | '-'))
        .map(|(place, _)| place);
    match place {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place..)),
        None => (text, None),
    }
}

/// Whether a text has digits where the form has `9`, and the form's signs elsewhere.
fn shaped(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, sign)| match sign {
            b'9' => byte.is_ascii_digit(),
            sign => byte == sign,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::samples::{Sample, exchange};
    use super::*;
    use crate::domain::Actor;

    #[test]
    fn forms_are_told_apart() {
        let instants = [
            "2026-11-25T10:00:00Z",
            "2026-11-25t10:00:00.123z",
            "2026-11-25T10:00:00.5+07:00",
            "2026-11-25T10:00:00-05:30",
        ];
        for text in instants {
            assert_eq!(form(&json!(text)), Form::Instant, "{text}");
        }
        assert_eq!(form(&json!("2026-11-25")), Form::Date);
        for text in ["2026-11-25T10:00:00", "2026-11-25 10:00:00", "2026-11-25T10:00:00.5"] {
            assert_eq!(form(&json!(text)), Form::NoOffset, "{text}");
        }
        for value in [
            json!("25-11-2026"),
            json!(1_764_000_000),
            json!("2026-13-25"),
            json!("2026-11-25 10:00:00+07:00"),
            json!("2026-11-25T10:00:00+0700"),
            json!("2026-11-25T10:00Z"),
            json!("kemarin"),
            json!("é\u{e9}é\u{e9}é\u{e9}+07:00"),
        ] {
            assert_eq!(form(&value), Form::Other, "{value}");
        }
    }

    fn with(sample: Sample, place: &str, time: &str) -> Record {
        let mut record = (*sample.record()).clone();
        let Data::Exchange(exchange) = &mut record.data else {
            unreachable!()
        };
        let raw = RawPlace {
            times: vec![json!(time)],
            ..RawPlace::default()
        };
        exchange.facts.raw.insert(place.to_owned(), raw);
        record
    }

    fn judge(op: Op, place: &str, time: &str) -> BTreeMap<String, Outcome> {
        let mut fold = Times::default();
        fold.observe(&with(exchange(1, op, Actor::Admin, json!({})), place, time));
        let legs = fold.conclude(&json!({"needed": ["tenggat"]})).unwrap();
        legs.into_iter().map(|leg| (leg.key, leg.outcome)).collect()
    }

    #[test]
    fn each_field_has_its_leg() {
        let (good, bad) = ("2026-11-25T10:00:00Z", "2026-11-25T10:00:00");
        assert_eq!(judge(Op::Read, "/waktu_dibuat", good)["waktu_dibuat"], Outcome::Pass);
        assert_eq!(
            judge(Op::History, "/butir/*/waktu", bad)["riwayat.waktu"],
            Outcome::Fail
        );
        assert_eq!(
            judge(Op::List, "/butir/*/tindak_lanjut/*/waktu", good)["tindak_lanjut.waktu"],
            Outcome::Pass
        );
        assert_eq!(
            judge(Op::Read, "/tanggal_kejadian", good)["tanggal_kejadian"],
            Outcome::Fail
        );
        assert_eq!(
            judge(Op::Read, "/tanggal_kejadian", "2026-11-25")["tanggal_kejadian"],
            Outcome::Pass
        );
        assert_eq!(
            judge(Op::Read, "/tenggat/verifikasi", "2026-11-25")["tenggat"],
            Outcome::Pass
        );
        assert_eq!(
            judge(Op::Read, "/waktu_dibuat", good)["tenggat"],
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
    }
}
