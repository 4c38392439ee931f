//! DT-01: every successful answer fits the schema of its operation. Code lists, forms of times and types of scalars are
//! told by the schemas, too, but judged by DT-02, DT-07, DT-08 and DT-14.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Credential, Exchange, Record};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::super::sight::short;
use super::super::{Fold, OracleFault, params};
use super::answers::{Sightings, evidence, joined, ordinary};
use super::views::{validator, view};

/// Name of the fold.
pub const NAME: &str = "skema_jawaban";

/// Key of the leg that is always there.
pub const WHOLE: &str = "seluruh jawaban";

/// Parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Operations of which an answer must have been seen.
    #[serde(default)]
    needed: Vec<Op>,
}

/// What does not fit: one cause, however often it was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Misfit {
    op: Op,
    actor: Actor,
    /// JSON pointer of the mapped answer, list indices as `*`.
    pointer: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A required member is absent.
    Missing(String),
    /// The value breaks this rule of the schema.
    Breaks(String),
    /// The answer is empty, or of a shape that the answer filter cannot read.
    Unreadable,
}

/// The fold.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Schemas {
    answers: u64,
    last: u64,
    /// Answers that could be read, by operation: how many, and the last.
    seen: BTreeMap<Op, (u64, u64)>,
    misfits: BTreeMap<Misfit, Sightings>,
    /// Misfits that some actors may have, by the complaint's id.
    excusable: BTreeMap<(Misfit, String), Sightings>,
    /// Who submitted what.
    owners: BTreeMap<String, Actor>,
    /// Complaints that somebody saw as secret.
    secret: BTreeSet<String>,
    fault: Option<String>,
}

/// Complaints that are remembered, and excusable misfits: bounded, since a fold never holds the run.
const REMEMBERED: usize = 20_000;

/// Misfits of one answer that are looked at.
const MISFITS: usize = 50;

/// Groups that are kept.
const GROUPS: usize = 500;

/// Answers above this size are cut by laik's own limits, which is no fault of the application.
const LARGEST: u64 = 512 * 1024;

impl Fold for Schemas {
    fn observe(&mut self, record: &Record) {
        let Some(exchange) = record.exchange().filter(|exchange| ordinary(exchange)) else {
            return;
        };
        self.remember(exchange);
        let Some(view) = view(exchange.op) else { return };
        self.answers += 1;
        self.last = self.last.max(record.seq);
        if exchange.mapped.is_null() {
            if unreadable(exchange) {
                self.keep(record, misfit(exchange, String::new(), What::Unreadable), None);
            }
            return;
        }
        let seen = self.seen.entry(exchange.op).or_default();
        *seen = (seen.0 + 1, seen.1.max(record.seq));
        let validator = match validator(view) {
            Ok(validator) => validator,
            Err(fault) => {
                self.fault = Some(fault);
                return;
            }
        };
        let mapped = without_nulls(&exchange.mapped);
        if validator.is_valid(&mapped) {
            return;
        }
        for error in validator.iter_errors(&mapped).take(MISFITS) {
            if let Some((pointer, what)) = own(&error) {
                let id = excusable(&what)
                    .then(|| id_at(&mapped, error.instance_path().as_str()))
                    .flatten();
                self.keep(record, misfit(exchange, pointer, what), id);
            }
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: Asked = params(NAME, value)?;
        if let Some(text) = &self.fault {
            return Err(OracleFault::Params {
                oracle: NAME,
                text: text.clone(),
            });
        }
        let misfits = self.judged();
        let ops: BTreeSet<Op> = asked
            .needed
            .iter()
            .chain(self.seen.keys())
            .chain(misfits.keys().map(|misfit| &misfit.op))
            .copied()
            .collect();
        let legs = ops.into_iter().map(|op| self.leg(op, &misfits));
        Ok(std::iter::once(self.whole()).chain(legs).collect())
    }
}

impl Schemas {
    fn remember(&mut self, exchange: &Exchange) {
        let submitted = (exchange.op == Op::Submit).then_some(exchange.actor);
        let list = exchange.mapped.get("butir").and_then(Value::as_array);
        for item in std::iter::once(&exchange.mapped).chain(list.into_iter().flatten()) {
            let Some(id) = item.get("id").and_then(Value::as_str) else {
                continue;
            };
            if let Some(actor) = submitted.filter(|_| self.owners.len() < REMEMBERED) {
                self.owners.entry(id.to_owned()).or_insert(actor);
            }
            if item.get("rahasia").is_some_and(truthy) && self.secret.len() < REMEMBERED {
                self.secret.insert(id.to_owned());
            }
        }
    }

    fn keep(&mut self, record: &Record, misfit: Misfit, id: Option<String>) {
        match id {
            Some(id) => {
                if self.excusable.len() < REMEMBERED {
                    self.excusable.entry((misfit, id)).or_default().add(record);
                }
            }
            None => {
                if self.misfits.len() < GROUPS || self.misfits.contains_key(&misfit) {
                    self.misfits.entry(misfit).or_default().add(record);
                }
            }
        }
    }

    /// What remains when lawful absences and answers that say nothing are left out.
    fn judged(&self) -> BTreeMap<Misfit, Sightings> {
        let told = |misfit: &Misfit| misfit.what != What::Unreadable || self.seen.contains_key(&misfit.op);
        let mut judged: BTreeMap<Misfit, Sightings> = self
            .misfits
            .iter()
            .filter(|(misfit, _)| told(misfit))
            .map(|(misfit, sightings)| (misfit.clone(), sightings.clone()))
            .collect();
        for ((misfit, id), sightings) in &self.excusable {
            if !self.excused(misfit, id) {
                judged.entry(misfit.clone()).or_default().merge(sightings);
            }
        }
        judged
    }

    /// Who may lack what: the number all but owner and administrator, title and text of a secret complaint all but
    /// those and the officers.
    fn excused(&self, misfit: &Misfit, id: &str) -> bool {
        let What::Missing(member) = &misfit.what else {
            return false;
        };
        let owner = self.owners.get(id) == Some(&misfit.actor);
        let officer = matches!(misfit.actor, Actor::Petugas | Actor::PetugasLain);
        match member.as_str() {
            _ if owner || misfit.actor == Actor::Admin => false,
            "nomor_pelacakan" => true,
            _ => !officer && self.secret.contains(id),
        }
    }

    fn whole(&self) -> Leg {
        let answers = self.answers;
        let outcome = if answers == 0 {
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        } else {
            Outcome::Pass
        };
        let expected = phrase!(
            "setiap jawaban berhasil diperiksa; setiap operasi mempunyai kakinya sendiri",
            "every successful answer is looked at; every operation has a leg of its own"
        );
        let actual = phrase!("{answers} jawaban diperiksa", "{answers} answers looked at");
        let seqs = if answers == 0 { Vec::new() } else { vec![self.last] };
        Leg::new(WHOLE, outcome, expected, actual, seqs)
    }

    fn leg(&self, op: Op, misfits: &BTreeMap<Misfit, Sightings>) -> Leg {
        let own: Vec<_> = misfits.iter().filter(|(misfit, _)| misfit.op == op).collect();
        let expected = Phrase::new(
            format!("setiap jawaban `{op}` sesuai skemanya, dengan semua kolom wajib"),
            format!("every answer of `{op}` fits its schema, with all required members"),
        );
        let (count, last) = self.seen.get(&op).copied().unwrap_or_default();
        if !own.is_empty() {
            let told: Vec<Phrase> = own.iter().map(|(misfit, sightings)| misfit.told(sightings)).collect();
            let seqs = evidence(own.iter().map(|(_, sightings)| *sightings));
            return Leg::new(op.id(), Outcome::Fail, expected, joined(&told), seqs);
        }
        if count == 0 {
            let actual = phrase!(
                "tidak sekali pun dijawab dengan berhasil dan terbaca",
                "not once answered with success and readably"
            );
            let outcome = Outcome::Inconclusive(Reason::InsufficientEvidence);
            return Leg::new(op.id(), outcome, expected, actual, Vec::new());
        }
        let actual = phrase!("{count} jawaban sesuai", "{count} answers fit");
        Leg::new(op.id(), Outcome::Pass, expected, actual, vec![last])
    }
}

impl Misfit {
    fn told(&self, sightings: &Sightings) -> Phrase {
        let (actor, seen) = (self.actor.phrase(), sightings.told());
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        let what = match &self.what {
            What::Missing(member) => {
                let member = short(member);
                phrase!("{member} tidak ada", "{member} is missing")
            }
            What::Breaks(rule) => {
                let rule = short(rule);
                phrase!("melanggar {rule}", "breaks {rule}")
            }
            What::Unreadable => phrase!(
                "jawaban kosong atau berbentuk lain",
                "the answer is empty or of another shape"
            ),
        };
        Phrase::new(
            format!("{}, {}: {} ({})", actor.id, short(pointer), what.id, seen.id),
            format!("{}, {}: {} ({})", actor.en, short(pointer), what.en, seen.en),
        )
    }
}

/// A request without a credential is the public's, whoever's complaint it is about.
fn misfit(exchange: &Exchange, pointer: String, what: What) -> Misfit {
    let public = exchange.credential == Credential::None;
    Misfit {
        op: exchange.op,
        actor: if public { Actor::Publik } else { exchange.actor },
        pointer,
        what,
    }
}

/// An answer without a canonical view that laik could have read: empty, or JSON of another shape. A step of several has
/// no view by design.
fn unreadable(exchange: &Exchange) -> bool {
    let Some(response) = exchange.response() else {
        return false;
    };
    exchange.step.is_empty()
        && response.body.len < LARGEST
        && (response.body.len == 0 || exchange.facts.json)
        && !matches!(response.status, 204..=206)
}

/// What DT-01 has to say of an error: `None` where another requirement owns it.
fn own(error: &ValidationError<'_>) -> Option<(String, What)> {
    let pointer = starred(error.instance_path().as_str());
    let scalar = !error.instance().is_object() && !error.instance().is_array();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            Some((pointer, What::Missing(property.as_str().unwrap_or_default().to_owned())))
        }
        // Forms of times are DT-07's and DT-08's, words of code lists DT-02's.
        ValidationErrorKind::Format { .. } | ValidationErrorKind::Enum { .. } if scalar => None,
        ValidationErrorKind::Type { .. } | ValidationErrorKind::Minimum { .. } if scalar && elsewhere(&pointer) => None,
        other => {
            let keyword = other.keyword().to_owned();
            Some((pointer, What::Breaks(keyword)))
        }
    }
}

/// Scalars whose type DT-14 judges: numbers as text or booleans as numbers are lawful where they are so everywhere.
/// Times are DT-07's.
const OTHERS: &[&str] = &[
    "anonim",
    "rahasia",
    "berkadar_pengawasan",
    "lintang",
    "bujur",
    "ukuran",
    "jumlah",
    "total",
    "waktu",
    "waktu_dibuat",
    "waktu_diperbarui",
    "tanggal_kejadian",
    "dihitung_pada",
];

/// Whether the type of the scalar at a place is for another requirement to judge.
fn elsewhere(pointer: &str) -> bool {
    let mut parts = pointer.rsplit('/');
    let (leaf, parent) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    OTHERS.contains(&leaf) || matches!(parent, "tenggat" | "per_status" | "per_klasifikasi")
}

/// Whether somebody may lack the member.
fn excusable(what: &What) -> bool {
    matches!(what, What::Missing(member) if ["nomor_pelacakan", "judul", "isi"].contains(&member.as_str()))
}

/// The id of the complaint at a pointer, where it has one.
fn id_at(mapped: &Value, pointer: &str) -> Option<String> {
    let id = mapped.pointer(pointer)?.get("id")?.as_str()?;
    Some(id.to_owned())
}

/// A pointer with `*` for list indices.
fn starred(pointer: &str) -> String {
    let index = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = pointer.split('/').map(|part| if index(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A yes in whatever type.
fn truthy(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.as_str(), "" | "0" | "false"),
        _ => false,
    }
}

/// A value whose null members are left out: null counts as absent.
fn without_nulls(value: &Value) -> Cow<'_, Value> {
    fn has_null(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().any(has_null),
            Value::Object(members) => members.values().any(|member| member.is_null() || has_null(member)),
            _ => false,
        }
    }
    fn strip(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::Object(members) => {
                members.retain(|_, member| !member.is_null());
                members.values_mut().for_each(strip);
            }
            _ => {}
        }
    }
    if !has_null(value) {
        return Cow::Borrowed(value);
    }
    let mut stripped = value.clone();
    strip(&mut stripped);
    Cow::Owned(stripped)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::samples::{Sample, exchange};
    use super::*;

    fn complaint(id: &str) -> Value {
        json!({
            "id": id, "nomor_pelacakan": "B-1", "klasifikasi": "pengaduan", "judul": "a", "isi": "b", "kategori_id": "1",
            "status": "diproses", "waktu_dibuat": "2026-11-25T10:00:00+07:00", "penilaian": null,
            "waktu_diperbarui": "2026-11-25T10:00:00+07:00", "anonim": false, "lampiran": [],
        })
    }

    fn without(id: &str, member: &str) -> Value {
        let mut value = complaint(id);
        value.as_object_mut().unwrap().remove(member);
        value
    }

    fn with(member: &str, value: Value) -> Value {
        let mut complaint = complaint("p");
        complaint[member] = value;
        complaint
    }

    fn judge(samples: impl IntoIterator<Item = Sample>) -> BTreeMap<String, Outcome> {
        let mut fold = Schemas::default();
        for sample in samples {
            fold.observe(&sample.record());
        }
        let legs = fold.conclude(&json!({"needed": ["read"]})).unwrap();
        legs.into_iter().map(|leg| (leg.key, leg.outcome)).collect()
    }

    fn read(seq: u64, actor: Actor, value: Value) -> Sample {
        exchange(seq, Op::Read, actor, value)
    }

    #[test]
    fn answers_that_fit_pass_and_none_is_no_pass() {
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(judge([read(1, Actor::Admin, complaint("p"))])["read"], Outcome::Pass);
        assert_eq!(judge([])["read"], open);
        assert_eq!(
            judge([read(1, Actor::Admin, json!({})).answered(403, crate::evidence::record::Reading::Refused)])["read"],
            open
        );
    }

    #[test]
    fn each_way_to_misfit_fails() {
        for value in [
            without("p", "kategori_id"),
            with("kategori_id", json!(null)),
            with("lampiran", json!({"0": {"id": "x"}})),
            with("tindak_lanjut", json!("x")),
        ] {
            assert_eq!(
                judge([read(1, Actor::Petugas, value.clone())])["read"],
                Outcome::Fail,
                "{value}"
            );
        }
        let track = exchange(1, Op::Track, Actor::Publik, without("p", "waktu_diperbarui"));
        assert_eq!(judge([track])["track"], Outcome::Fail);
        let one = exchange(1, Op::List, Actor::Admin, json!({"butir": complaint("p")}));
        assert_eq!(judge([one])["list"], Outcome::Fail);
        let history = exchange(
            1,
            Op::History,
            Actor::Admin,
            json!({"butir": [{"waktu": "x", "peristiwa": "dikirim"}]}),
        );
        assert_eq!(judge([history])["history"], Outcome::Fail);
    }

    #[test]
    fn what_others_judge_is_left_to_them() {
        for value in [
            with("status", json!("Proses")),
            with("kanal", json!("Web ")),
            with("waktu_dibuat", json!("25-11-2026")),
            with("anonim", json!("1")),
            with("lokasi", json!({"lintang": "-6.1"})),
            with("tambahan", json!([1])),
        ] {
            assert_eq!(
                judge([read(1, Actor::Admin, value.clone())])["read"],
                Outcome::Pass,
                "{value}"
            );
        }
    }

    #[test]
    fn number_title_and_text_may_be_lacking_for_some() {
        let number = |actor| judge([read(1, actor, without("p", "nomor_pelacakan"))])["read"].clone();
        assert_eq!(number(Actor::Publik), Outcome::Pass);
        assert_eq!(number(Actor::Admin), Outcome::Fail);
        let submitted = exchange(2, Op::Submit, Actor::PelaporA, json!({"id": "p"}));
        let own = read(1, Actor::PelaporA, without("p", "nomor_pelacakan"));
        assert_eq!(judge([own, submitted])["read"], Outcome::Fail, "whatever came first");
        let title = || read(1, Actor::Pengawas, without("p", "judul"));
        assert_eq!(judge([title()])["read"], Outcome::Fail);
        assert_eq!(
            judge([title(), read(2, Actor::Admin, with("rahasia", json!(true)))])["read"],
            Outcome::Pass
        );
    }

    #[test]
    fn an_answer_of_another_shape_counts_where_the_filter_reads_others() {
        let broken = || read(1, Actor::Petugas, json!({})).unmapped();
        assert_eq!(
            judge([broken(), read(2, Actor::Admin, complaint("p"))])["read"],
            Outcome::Fail
        );
        assert_eq!(
            judge([broken()])["read"],
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
    }

    #[test]
    fn probes_are_not_judged() {
        let mut record = (*read(1, Actor::Admin, json!({"id": 1})).record()).clone();
        let crate::evidence::record::Data::Exchange(exchange) = &mut record.data else {
            unreachable!()
        };
        exchange.input_class = "kuki rusak".to_owned();
        let mut fold = Schemas::default();
        fold.observe(&record);
        assert_eq!(fold.answers, 0);
    }
}
