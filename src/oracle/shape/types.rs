//! DT-14: one type a field in every operation, equal ids, and the same record by whatever media type it was sent.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Op, Phrase};
use crate::evidence::record::{Data, Exchange, JsonType, Reading, Record};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::super::sight::{holds, items, short, text_of, unseen};
use super::super::{Fold, OracleFault, Window, params};
use super::answers::{Sightings, evidence, joined, ordinary};

/// Name of the fold over types.
pub const NAME: &str = "tipe_kolom";

/// Name of the oracle of ids.
pub const SAME_ID: &str = "id_sama";

/// Name of the oracle of media types.
pub const SAME_RECORD: &str = "rekaman_setara";

/// Key of the leg that is always there.
pub const WHOLE: &str = "seluruh tipe";

/// Parameters of the fold: none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {}

/// The fold.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Types {
    /// By field and type: which operations showed it.
    fields: BTreeMap<String, BTreeMap<JsonType, BTreeMap<&'static str, Sightings>>>,
}

/// Fields that are kept.
const KEPT: usize = 200;

impl Fold for Types {
    fn observe(&mut self, record: &Record) {
        let (teller, hub, raw) = match &record.data {
            Data::Exchange(exchange) if ordinary(exchange) => (exchange.op.id(), false, &exchange.facts.raw),
            Data::Inbound(inbound) => (Op::HubUpdate.id(), true, &inbound.facts.raw),
            _ => return,
        };
        for (place, what) in raw {
            let Some(field) = field(teller, hub, place) else {
                continue;
            };
            if self.fields.len() >= KEPT && !self.fields.contains_key(&field) {
                continue;
            }
            for kind in &what.types {
                let types = self.fields.entry(field.clone()).or_default();
                types.entry(*kind).or_default().entry(teller).or_default().add(record);
            }
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let Asked {} = params(NAME, value)?;
        let legs = self.fields.iter().map(|(field, types)| leg(field, types));
        Ok(std::iter::once(self.whole()).chain(legs).collect())
    }
}

impl Types {
    fn whole(&self) -> Leg {
        let compared: Vec<_> = self.fields.values().filter(|types| operations(types) > 1).collect();
        let (fields, all) = (compared.len(), self.fields.len());
        let last = compared
            .iter()
            .flat_map(|types| types.values().flat_map(BTreeMap::values))
            .filter_map(|sightings| sightings.first.last())
            .max();
        let outcome = if compared.is_empty() {
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        } else {
            Outcome::Pass
        };
        let expected = phrase!(
            "tipe setiap id, bilangan, dan nilai benar-salah dibandingkan di semua operasi; setiap kolom mempunyai kakinya sendiri",
            "types of every id, number and boolean are compared over all operations; every field has a leg of its own"
        );
        let actual = phrase!(
            "{fields} dari {all} kolom terlihat pada lebih dari satu operasi",
            "{fields} of {all} fields were seen in more than one operation"
        );
        Leg::new(WHOLE, outcome, expected, actual, last.copied().into_iter().collect())
    }
}

type ByType = BTreeMap<JsonType, BTreeMap<&'static str, Sightings>>;

fn operations(types: &ByType) -> usize {
    let names: std::collections::BTreeSet<_> = types.values().flat_map(BTreeMap::keys).collect();
    names.len()
}

fn leg(field: &str, types: &ByType) -> Leg {
    let expected = phrase!("satu tipe di semua operasi", "one type in all operations");
    let told: Vec<Phrase> = types
        .iter()
        .map(|(kind, operations)| {
            let names = operations.keys().copied().collect::<Vec<_>>().join(", ");
            let kind = kind.phrase();
            Phrase::new(format!("{} pada {names}", kind.id), format!("{} in {names}", kind.en))
        })
        .collect();
    let seqs = evidence(types.values().flat_map(BTreeMap::values));
    if types.len() > 1 {
        // The first of each type, so that both can be looked at.
        let first = types
            .values()
            .flat_map(BTreeMap::values)
            .filter_map(|one| one.first.first().copied());
        return Leg::new(field, Outcome::Fail, expected, joined(&told), first.collect());
    }
    if operations(types) < 2 {
        let outcome = Outcome::NotApplicable("satu operasi saja / one operation alone".to_owned());
        return Leg::new(field, outcome, expected, joined(&told), seqs);
    }
    let advice = types.keys().next().and_then(|kind| advice(field, *kind));
    let told = joined(&told);
    let actual = match advice {
        Some(advice) => Phrase::new(
            format!("{}; {}", told.id, advice.id),
            format!("{}; {}", told.en, advice.en),
        ),
        None => told,
    };
    Leg::new(field, Outcome::Pass, expected, actual, seqs)
}

/// What is lawful everywhere the same, but not as the model has it.
fn advice(field: &str, kind: JsonType) -> Option<Phrase> {
    let leaf = field.rsplit('.').next().unwrap_or_default();
    let modelled = match leaf {
        "anonim" | "rahasia" | "berkadar_pengawasan" => JsonType::Bool,
        "lintang" | "bujur" | "ukuran" | "jumlah" | "total" => JsonType::Number,
        _ => return None,
    };
    (kind != modelled).then(|| {
        let word = modelled.phrase();
        Phrase::new(
            format!("saran: gunakan {}", word.id),
            format!("advice: use a {}", word.en),
        )
    })
}

/// The field of the model that a place holds. Hub calls are compared among themselves alone; reference data have ids of
/// their own.
fn field(teller: &str, hub: bool, place: &str) -> Option<String> {
    let parts: Vec<&str> = place
        .split('/')
        .filter(|part| !part.is_empty() && *part != "*" && *part != "butir")
        .collect();
    let (leaf, above) = parts.split_last()?;
    let own_ids = matches!(
        teller,
        "categories" | "agencies" | "units" | "regions" | "login" | "health" | "openapi"
    );
    if own_ids {
        return None;
    }
    let counts = matches!(above.last(), Some(&"per_status" | &"per_klasifikasi")) || place.ends_with("/*");
    let name = if counts {
        parts.join(".")
    } else {
        // A file's id has the same type wherever the file hangs.
        above
            .last()
            .map_or_else(|| (*leaf).to_owned(), |parent| format!("{parent}.{leaf}"))
    };
    Some(if hub { format!("hub.{name}") } else { name })
}

/// One complaint as it was acknowledged and as it was read again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Followed {
    key: String,
    marker: String,
    submit: u64,
    reads: Vec<u64>,
    pages: Vec<u64>,
    tracks: Vec<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SameId {
    followed: Vec<Followed>,
}

/// Id and tracking number of the receipt are those of read, list and tracking, letter by letter.
pub(in crate::oracle) fn same_id(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: SameId = params(SAME_ID, value)?;
    let mut legs = Vec::new();
    for one in &asked.followed {
        for member in ["id", "nomor_pelacakan"] {
            legs.push(same(one, member, window)?);
        }
    }
    Ok(legs)
}

fn same(one: &Followed, member: &str, window: &Window) -> Result<Leg, OracleFault> {
    let mut found: Vec<(&'static str, u64, String)> = Vec::new();
    let mut keep = |op: Op, seq: u64, value: Option<String>| {
        if let Some(value) = value {
            found.push((op.id(), seq, value));
        }
    };
    for seq in std::iter::once(&one.submit).chain(&one.reads).chain(&one.tracks) {
        let exchange = window.exchange(*seq)?;
        if unseen(exchange).is_none() && exchange.reading == Reading::Accepted {
            keep(exchange.op, *seq, text_of(&exchange.mapped, member));
        }
    }
    for seq in &one.pages {
        let exchange = window.exchange(*seq)?;
        let own = items(exchange).iter().filter(|item| holds(item, &one.marker));
        for item in own {
            keep(exchange.op, *seq, text_of(item, member));
        }
    }
    let expected = phrase!(
        "{member} pada tanda terima, pembacaan, daftar, dan pelacakan sama",
        "{member} is the same in receipt, read, list and tracking"
    );
    let key = format!("{}/{member}", one.key);
    let told: Vec<String> = found
        .iter()
        .map(|(op, _, value)| format!("{op} `{}`", short(value)))
        .collect();
    let actual = Phrase::same(told.join(", "));
    let seqs = found.iter().map(|(_, seq, _)| *seq).collect();
    let mut values: Vec<&String> = found.iter().map(|(_, _, value)| value).collect();
    values.dedup();
    let outcome = match (values.len(), found.len()) {
        (2.., _) => Outcome::Fail,
        (1, 2..) => Outcome::Pass,
        _ => Outcome::Inconclusive(Reason::InsufficientEvidence),
    };
    Ok(Leg::new(key, outcome, expected, actual, seqs))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SameRecord {
    /// Each media type with the read of what was sent by it; the first is the one that the others are compared with.
    sent: Vec<Sent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    key: String,
    submit: u64,
    reads: Vec<u64>,
}

/// The same submission gives the same record by every declared media type.
pub(in crate::oracle) fn same_record(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: SameRecord = params(SAME_RECORD, value)?;
    let Some((first, others)) = asked.sent.split_first() else {
        return Ok(Vec::new());
    };
    let base_key = &first.key;
    let expected = phrase!(
        "rekaman sama dengan kiriman `{base_key}`, id dan waktu di luar itu",
        "the record equals that of `{base_key}`, ids and times apart"
    );
    if others.is_empty() {
        let outcome = Outcome::NotApplicable("media_kiriman".to_owned());
        let actual = phrase!("hanya satu jenis media dinyatakan", "one media type alone is declared");
        return Ok(vec![Leg::new(
            first.key.clone(),
            outcome,
            expected,
            actual,
            vec![first.submit],
        )]);
    }
    let base = shown(first, window)?;
    let mut legs = Vec::new();
    for other in others {
        let seqs: Vec<u64> = first
            .reads
            .iter()
            .chain(&other.reads)
            .chain([&other.submit])
            .copied()
            .collect();
        let (outcome, actual) = match (&base, shown(other, window)?) {
            (Some(base), Some(found)) => compared(base, found),
            _ => (
                Outcome::Inconclusive(Reason::PreconditionUnmet),
                phrase!(
                    "kiriman itu tidak diterima atau tidak terbaca",
                    "it was not accepted or not readable"
                ),
            ),
        };
        legs.push(Leg::new(other.key.clone(), outcome, expected.clone(), actual, seqs));
    }
    Ok(legs)
}

fn compared(base: &Exchange, found: &Exchange) -> (Outcome, Phrase) {
    let mut differing = Vec::new();
    differ(&base.mapped, &found.mapped, &mut String::new(), &mut differing);
    if differing.is_empty() {
        return (Outcome::Pass, phrase!("sama", "equal"));
    }
    let told: Vec<Phrase> = differing.into_iter().map(Phrase::same).collect();
    (Outcome::Fail, joined(&told))
}

/// The read of what was sent; `None` where it was not accepted.
fn shown<'a>(sent: &Sent, window: &'a Window) -> Result<Option<&'a Exchange>, OracleFault> {
    let accepted = window.exchange(sent.submit)?.reading == Reading::Accepted;
    let Some(seq) = sent.reads.last().filter(|_| accepted) else {
        return Ok(None);
    };
    let read = window.exchange(*seq)?;
    let usable = read.reading == Reading::Accepted && unseen(read).is_none() && read.mapped.is_object();
    Ok(usable.then_some(read))
}

/// Members that differ between two submissions by nature.
fn by_nature(name: &str) -> bool {
    name == "id" || name == "nomor_pelacakan" || name == "versi" || name.starts_with("waktu") || name == "tenggat"
}

fn differ(one: &Value, other: &Value, place: &mut String, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for name in names.into_iter().filter(|name| !by_nature(name)) {
                let length = place.len();
                place.push('/');
                place.push_str(name);
                let null = Value::Null;
                differ(
                    one.get(name).unwrap_or(&null),
                    other.get(name).unwrap_or(&null),
                    place,
                    found,
                );
                place.truncate(length);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                differ(one, other, place, found);
            }
        }
        (one, other) if one == other => {}
        (one, other) => found.push(format!(
            "{}: {} → {}",
            short(place),
            short(&one.to_string()),
            short(&other.to_string())
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::samples::{Sample, exchange, window};
    use super::*;
    use crate::domain::Actor;
    use crate::evidence::record::RawPlace;

    fn typed(seq: u64, op: Op, place: &str, kind: JsonType) -> Record {
        let mut record = (*exchange(seq, op, Actor::Admin, json!({})).record()).clone();
        let Data::Exchange(exchange) = &mut record.data else {
            unreachable!()
        };
        let raw = RawPlace {
            types: vec![kind],
            ..RawPlace::default()
        };
        exchange.facts.raw.insert(place.to_owned(), raw);
        record
    }

    fn judge(records: &[Record]) -> BTreeMap<String, Outcome> {
        let mut fold = Types::default();
        for record in records {
            fold.observe(record);
        }
        let legs = fold.conclude(&json!({})).unwrap();
        legs.into_iter().map(|leg| (leg.key, leg.outcome)).collect()
    }

    #[test]
    fn one_type_passes_and_two_fail() {
        use JsonType as T;
        let pair = |first: T, second: T| {
            judge(&[
                typed(1, Op::Submit, "/id", first),
                typed(2, Op::List, "/butir/*/id", second),
            ])
        };
        assert_eq!(pair(T::Number, T::Number)["id"], Outcome::Pass);
        assert_eq!(pair(T::Text, T::Number)["id"], Outcome::Fail);
        let one = judge(&[typed(1, Op::Read, "/lokasi/lintang", T::Text)]);
        assert!(matches!(one["lokasi.lintang"], Outcome::NotApplicable(_)));
        assert_eq!(one[WHOLE], Outcome::Inconclusive(Reason::InsufficientEvidence));
        let reference = judge(&[
            typed(1, Op::Categories, "/butir/*/id", T::Number),
            typed(2, Op::Read, "/id", T::Text),
        ]);
        assert!(matches!(reference["id"], Outcome::NotApplicable(_)));
    }

    fn ids(submit: Value, read: Value) -> Outcome {
        let window = window([
            exchange(1, Op::Submit, Actor::PelaporA, submit),
            exchange(2, Op::Read, Actor::Admin, read),
        ]);
        let asked =
            json!({"followed": [{"key": "P1", "marker": "m", "submit": 1, "reads": [2], "pages": [], "tracks": []}]});
        same_id(&asked, &window).unwrap().remove(1).outcome
    }

    #[test]
    fn leading_zeros_are_part_of_a_number() {
        let number = |text: &str| json!({"id": "7", "nomor_pelacakan": text});
        assert_eq!(ids(number("0012"), number("0012")), Outcome::Pass);
        assert_eq!(ids(number("0012"), number("12")), Outcome::Fail);
        assert_eq!(
            ids(json!({"id": "7"}), number("12")),
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
    }

    fn media(read: Sample) -> Outcome {
        let window = window([
            exchange(1, Op::Submit, Actor::PelaporA, json!({})),
            exchange(
                2,
                Op::Read,
                Actor::Admin,
                json!({"id": "1", "rahasia": false, "lampiran": [{"id": "a"}]}),
            ),
            exchange(3, Op::Submit, Actor::PelaporA, json!({})),
            read,
        ]);
        let asked = json!({"sent": [
            {"key": "json", "submit": 1, "reads": [2]}, {"key": "multipart", "submit": 3, "reads": [4]},
        ]});
        same_record(&asked, &window).unwrap().remove(0).outcome
    }

    #[test]
    fn records_by_two_media_types_are_compared() {
        let read = |value: Value| exchange(4, Op::Read, Actor::Admin, value);
        assert_eq!(
            media(read(
                json!({"id": "2", "rahasia": false, "waktu_dibuat": "x", "lampiran": [{"id": "b"}]})
            )),
            Outcome::Pass
        );
        assert_eq!(
            media(read(json!({"id": "2", "rahasia": true, "lampiran": [{"id": "b"}]}))),
            Outcome::Fail
        );
        assert_eq!(
            media(read(json!({"id": "2", "rahasia": false, "lampiran": []}))),
            Outcome::Fail
        );
        let refused = exchange(4, Op::Read, Actor::Admin, json!({})).answered(404, Reading::NotFound);
        assert_eq!(media(refused), Outcome::Inconclusive(Reason::PreconditionUnmet));
    }
}
