//! Clean base values that give results, by canonical input member, from complaints of this run.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Capability, Op, Status};
use crate::evidence::record::Part;
use crate::oracle::injection::{Group, Parameter};
use crate::phrase;
use crate::run::{BakuOptions, Caller, Complaint, Halt};
use crate::target::{Kind, ParameterInput};

use super::super::chain;
use super::super::payload::Clean;
use super::Probe;

/// Parameters that one row of the feature looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// What filters and searches lists.
    Filter,
    /// Numbers: page, size.
    Number,
    /// Sort keys.
    Sort,
    /// What names one complaint or file.
    Identifier,
}

/// Two complaints of pelapor A, and what the application says of them.
pub(super) struct Seeds {
    first: Complaint,
    second: Complaint,
    record: Value,
    file: Option<String>,
    cursors: BTreeMap<Op, String>,
}

/// The base value of a parameter.
enum Seed {
    Clean(Clean),
    /// The statement line that leaves it out.
    LeftOut(String),
    /// Nothing is known that gives results.
    Unknown,
}

impl Family {
    pub(super) fn by_words(words: &str) -> Option<Self> {
        [Self::Filter, Self::Number, Self::Sort, Self::Identifier]
            .into_iter()
            .find(|family| family.words() == words)
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Filter => "saringan dan pencarian",
            Self::Number => "angka",
            Self::Sort => "kunci urut",
            Self::Identifier => "nomor dan id",
        }
    }

    fn of(op: Op, kind: Kind) -> Self {
        match kind {
            Kind::Number => Self::Number,
            Kind::Sort => Self::Sort,
            Kind::Text if IDENTIFYING.contains(&op) => Self::Identifier,
            Kind::Text => Self::Filter,
        }
    }
}

impl Seeds {
    /// Submits two complaints in a row, so that numeric ids follow each other; then moves the first, so that the
    /// order by change differs from the order by submission.
    pub(super) async fn plant(caller: &Caller) -> Result<Self, Halt> {
        let caller = caller.part(Part::Setup);
        let attachment = caller.cx().claims().capabilities.contains(&Capability::Lampiran);
        let options = BakuOptions {
            attachment,
            ..BakuOptions::default()
        };
        let draft = chain::draft(&caller, Actor::PelaporA, options.clone()).await?;
        let other = chain::draft(&caller, Actor::PelaporA, options).await?;
        let mut first = chain::submit(&caller, "P1", draft).await?;
        let second = chain::submit(&caller, "P2", other).await?;
        let reader = reader(&caller, Op::Read);
        let read = caller
            .call(Op::Read, reader, json!({"id": second.id}))
            .send()
            .await?
            .mapped;
        let own = caller
            .call(Op::Read, Actor::PelaporA, json!({"id": first.id}))
            .send()
            .await?
            .mapped;
        let file = own.pointer("/lampiran/0/id").and_then(Value::as_str).map(str::to_owned);
        // A move that cannot be made leaves the two orders alike; then the sort keys alone are not judged.
        let to = if first.status == Status::Terverifikasi {
            Status::Terdisposisi
        } else {
            Status::Terverifikasi
        };
        drop(chain::bring_to(&caller, &mut first, to).await);
        let mut seeds = Self {
            first,
            second,
            record: read,
            file,
            cursors: BTreeMap::new(),
        };
        seeds.note_cursors(&caller).await?;
        Ok(seeds)
    }

    /// Each list gives cursors of its own order.
    async fn note_cursors(&mut self, caller: &Caller) -> Result<(), Halt> {
        for op in [Op::List, Op::Search] {
            let actor = reader(caller, op);
            if !caller.cx().target().bound(op, actor) {
                continue;
            }
            let mut input = self.needed(op);
            input.insert("ukuran".to_owned(), json!(1));
            let page = caller.call(op, actor, Value::Object(input)).send().await?.mapped;
            if let Some(cursor) = page.pointer("/halaman/berikut/kursor").and_then(Value::as_str) {
                self.cursors.insert(op, cursor.to_owned());
            }
        }
        Ok(())
    }

    /// Every parameter of a family, over all operations that only read.
    pub(super) fn probes(&self, caller: &Caller, family: Family) -> Vec<Probe> {
        let mut probes = Vec::new();
        for &op in READING {
            let actor = reader(caller, op);
            if !caller.cx().target().bound(op, actor) {
                continue;
            }
            let inputs = caller.cx().target().inputs(op, actor);
            let wanted = |input: &&ParameterInput| {
                Family::of(op, input.kind) == family && !DERIVED.contains(&input.name.as_str())
            };
            probes.extend(
                inputs
                    .iter()
                    .filter(wanted)
                    .map(|input| self.probe(caller, op, actor, input)),
            );
        }
        probes
    }

    fn probe(&self, caller: &Caller, op: Op, actor: Actor, input: &ParameterInput) -> Probe {
        let name = input.name.clone();
        let mut parameter = Parameter {
            key: format!("{op}.{name}"),
            ..Parameter::default()
        };
        let clean = match self.seed(caller, op, &name) {
            Seed::Clean(clean) => Some(on_the_wire(caller, &name, clean)),
            Seed::LeftOut(claim) => {
                parameter.left_out = Some(claim);
                None
            }
            Seed::Unknown => {
                parameter.unmet = Some(phrase!(
                    "tidak ada nilai dasar yang dikenal untuk parameter ini",
                    "no base value is known for this parameter"
                ));
                None
            }
        };
        let numeric = clean.as_ref().is_some_and(|clean| clean.first.parse::<i64>().is_ok());
        parameter.groups = match input.kind {
            Kind::Number => vec![Group::Number],
            Kind::Sort => vec![Group::Sort],
            Kind::Text if numeric => vec![Group::Text, Group::Number],
            Kind::Text => vec![Group::Text],
        };
        Probe {
            op,
            actor,
            input: self.companions(op, input),
            name,
            clean,
            parameter,
        }
    }

    /// The base value of a canonical input member.
    fn seed(&self, caller: &Caller, op: Op, name: &str) -> Seed {
        let statement = caller.cx().statement();
        let record = |field: &str| self.record.get(field).and_then(text);
        let found = match name {
            "id" => Some(self.first.id.clone()),
            "nomor_pelacakan" => self.first.number.clone(),
            "lampiran_id" => match &self.file {
                Some(file) => Some(file.clone()),
                None => return Seed::LeftOut("lampiran".to_owned()),
            },
            "q" => Some(self.second.marker.clone()),
            "status" | "klasifikasi" | "kanal" | "kategori_id" | "anonim" | "rahasia" => record(name),
            "kategori" => record("kategori_id"),
            "pelapor_id" => match statement.actor(Actor::PelaporA).and_then(|entry| entry.id.clone()) {
                Some(id) => Some(id),
                None => return Seed::LeftOut("aktor.pelapor_a.id tidak dinyatakan".to_owned()),
            },
            "kode_wilayah" | "lintang" | "bujur" => self.record.pointer(&format!("/lokasi/{name}")).and_then(text),
            "diperbarui_sejak" => Some("2020-01-01T00:00:00Z".to_owned()),
            "dari" => Some("2020-01-01".to_owned()),
            "sampai" => Some("2098-12-31".to_owned()),
            "halaman" | "ukuran" => Some("1".to_owned()),
            "kursor" => match self.cursors.get(&op) {
                Some(cursor) => Some(cursor.clone()),
                None => return Seed::LeftOut("ikatan.halaman.gaya".to_owned()),
            },
            "urut" => return sort_keys(&statement.document().nilai.kunci_urut),
            _ => None,
        };
        found.map_or(Seed::Unknown, |first| Seed::Clean(Clean { first, second: None }))
    }

    /// The other members: what the operation needs, and what makes an answer tell more.
    fn companions(&self, op: Op, input: &ParameterInput) -> Map<String, Value> {
        let mut members = self.needed(op);
        let more = match input.kind {
            Kind::Number => Some(("ukuran", json!("1"))),
            // Few enough that the two orders differ.
            Kind::Sort => Some(("diperbarui_sejak", self.created())),
            Kind::Text => None,
        };
        members.extend(more.map(|(name, value)| (name.to_owned(), value)));
        members
    }

    fn needed(&self, op: Op) -> Map<String, Value> {
        let members = match op {
            Op::Read | Op::History | Op::Download => json!({"id": self.first.id, "lampiran_id": self.file}),
            Op::Search => json!({"q": self.shared_word()}),
            Op::Statistics => json!({"dari": "2020-01-01", "sampai": "2098-12-31"}),
            _ => json!({}),
        };
        members.as_object().cloned().unwrap_or_default()
    }

    /// A word of both titles, so that a search has more than one result.
    fn shared_word(&self) -> &str {
        let title = self
            .first
            .input
            .get("judul")
            .and_then(Value::as_str)
            .unwrap_or_default();
        title.split_whitespace().next().unwrap_or_default()
    }

    fn created(&self) -> Value {
        let receipt = self.first.receipt.as_deref().and_then(|record| record.exchange());
        receipt
            .and_then(|exchange| exchange.mapped.get("waktu_dibuat"))
            .cloned()
            .unwrap_or(Value::Null)
    }
}

/// Two declared sort keys, whole columns rather than descending forms where there are.
fn sort_keys(keys: &[String]) -> Seed {
    let column = |key: &str| key.trim_start_matches(['-', '+']).to_owned();
    let mut plain: Vec<&String> = keys.iter().filter(|key| !key.starts_with(['-', '+'])).collect();
    plain.extend(keys.iter().filter(|key| key.starts_with(['-', '+'])));
    let Some((first, rest)) = plain.split_first() else {
        return Seed::LeftOut("nilai.kunci_urut".to_owned());
    };
    match rest.iter().find(|key| column(key) != column(first)) {
        Some(second) => Seed::Clean(Clean {
            first: (*first).clone(),
            second: Some((*second).clone()),
        }),
        None => Seed::LeftOut("nilai.kunci_urut: kurang dari dua".to_owned()),
    }
}

/// The value as the application's own words: what the binding would make of the canonical one, so that a payload
/// built on it is not lost in a table of words.
fn on_the_wire(caller: &Caller, name: &str, clean: Clean) -> Clean {
    let canonical = match clean.first.parse::<i64>() {
        Ok(number) => json!({ name: number }),
        Err(_) => json!({ name: clean.first }),
    };
    let prepared = caller.cx().statement().binding().prepare(&canonical);
    Clean {
        first: prepared.get(name).and_then(text).unwrap_or(clean.first),
        second: clean.second,
    }
}

/// Who asks: the administrator where the operation is bound for them.
fn reader(caller: &Caller, op: Op) -> Actor {
    let bound = |actor: &Actor| caller.cx().target().bound(op, *actor);
    [Actor::Admin, Actor::PelaporA, Actor::Publik]
        .into_iter()
        .find(bound)
        .unwrap_or(Actor::Admin)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Operations that change nothing.
const READING: &[Op] = &[
    Op::List,
    Op::Search,
    Op::Export,
    Op::Statistics,
    Op::Read,
    Op::History,
    Op::Track,
    Op::Download,
];

/// Operations whose texts name one complaint.
const IDENTIFYING: &[Op] = &[Op::Read, Op::History, Op::Track, Op::Download];

/// Members that the harness computes from others.
const DERIVED: &[&str] = &["geser", "tautan"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_are_preferred_to_two_directions_of_one() {
        let keys = ["-waktu_dibuat", "waktu_dibuat", "waktu_diperbarui"].map(str::to_owned);
        let Seed::Clean(clean) = sort_keys(&keys) else {
            panic!("no keys")
        };
        assert_eq!(
            (clean.first.as_str(), clean.second.as_deref()),
            ("waktu_dibuat", Some("waktu_diperbarui"))
        );
        let one = ["-waktu_dibuat", "waktu_dibuat"].map(str::to_owned);
        assert!(matches!(sort_keys(&one), Seed::LeftOut(_)));
        assert!(matches!(sort_keys(&[]), Seed::LeftOut(_)));
    }

    #[test]
    fn families_divide_every_parameter() {
        assert_eq!(Family::of(Op::List, Kind::Text), Family::Filter);
        assert_eq!(Family::of(Op::Read, Kind::Text), Family::Identifier);
        assert_eq!(Family::of(Op::Search, Kind::Number), Family::Number);
        assert_eq!(Family::by_words("kunci urut"), Some(Family::Sort));
        assert_eq!(Family::by_words("apa saja"), None);
    }
}
