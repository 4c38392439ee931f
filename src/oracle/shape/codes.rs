//! DT-02: every status, classification, channel, event and closer that comes out is a word of the closed lists, and read,
//! list and tracking agree on it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Classification, Event, Op, Phrase, Status};
use crate::evidence::record::{Data, Reading, Record};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::super::sight::{holds, items, short, text_of, unseen};
use super::super::{Fold, OracleFault, Window, params};
use super::answers::{Sightings, evidence, joined, ordinary};

/// Name of the fold.
pub const NAME: &str = "kode_tertutup";

/// Name of the oracle of agreement.
pub const AGREED: &str = "kode_sepakat";

/// Key of the leg that is always there.
pub const WHOLE: &str = "seluruh kode";

/// Key of the leg of what was reached.
pub const REACHED: &str = "status tercapai";

/// Statuses that must have been reached.
const ENOUGH: usize = 3;

/// Channels (model.md, *Record*).
const CHANNELS: &[&str] = &["web", "aplikasi", "sms", "surat", "tatap_muka", "hub", "lainnya"];

/// Who closes (model.md, *Statuses*).
const CLOSERS: &[&str] = &["admin", "sistem", "pelapor"];

/// Parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Words of the application's own for events that move nothing, as declared.
    #[serde(default)]
    events: BTreeSet<String>,
    /// Whether several statuses must have been reached.
    #[serde(default)]
    reached: bool,
}

/// The fold.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Codes {
    words: u64,
    last: u64,
    statuses: BTreeSet<Status>,
    /// Words outside the lists: field, operation, word.
    foreign: BTreeMap<(&'static str, &'static str, String), Sightings>,
}

/// Words that are kept, and how deep an answer is looked into.
const KEPT: usize = 300;
const DEEPEST: usize = 16;

impl Fold for Codes {
    fn observe(&mut self, record: &Record) {
        match &record.data {
            Data::Exchange(exchange) if ordinary(exchange) && !reference(exchange.op) => {
                self.look(record, exchange.op.id(), &exchange.mapped, 0);
            }
            Data::Inbound(inbound) => self.look(record, Op::HubUpdate.id(), &inbound.mapped, 0),
            _ => {}
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: Asked = params(NAME, value)?;
        let mut legs = vec![self.whole()];
        if asked.reached {
            legs.push(self.reached());
        }
        let foreign = || {
            self.foreign
                .iter()
                .filter(|((field, _, word), _)| !(*field == "peristiwa" && asked.events.contains(word)))
        };
        let fields: BTreeSet<&'static str> = foreign().map(|((field, _, _), _)| *field).collect();
        for field in fields {
            let own: Vec<_> = foreign().filter(|((of, _, _), _)| *of == field).collect();
            let told: Vec<Phrase> = own
                .iter()
                .map(|((_, teller, word), sightings)| {
                    let (word, seen) = (short(word), sightings.told());
                    Phrase::new(
                        format!("{teller}: `{word}` ({})", seen.id),
                        format!("{teller}: `{word}` ({})", seen.en),
                    )
                })
                .collect();
            let expected = phrase!(
                "kata pada daftar kode, atau terpetakan tepat ke satu kode",
                "a word of the code list, or mapped to exactly one code"
            );
            let seqs = evidence(own.iter().map(|(_, sightings)| *sightings));
            legs.push(Leg::new(field, Outcome::Fail, expected, joined(&told), seqs));
        }
        Ok(legs)
    }
}

impl Codes {
    fn look(&mut self, record: &Record, teller: &'static str, value: &Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.look(record, teller, item, depth + 1);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    if let (Some(field), Value::Object(counts)) = (counted(name), member) {
                        for word in counts.keys() {
                            self.word(record, teller, field, word);
                        }
                    } else if let (Some(field), false) = (field(name), member.is_object() || member.is_array()) {
                        match member {
                            Value::Null => {}
                            Value::String(word) => self.word(record, teller, field, word),
                            other => self.word(record, teller, field, &other.to_string()),
                        }
                    } else {
                        self.look(record, teller, member, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn word(&mut self, record: &Record, teller: &'static str, field: &'static str, word: &str) {
        self.words += 1;
        self.last = self.last.max(record.seq);
        let known = match field {
            "status" => {
                let status = Status::by_id(word);
                self.statuses.extend(status);
                status.is_some()
            }
            "klasifikasi" => Classification::by_id(word).is_some(),
            "peristiwa" => Event::by_id(word).is_some(),
            "kanal" => CHANNELS.contains(&word),
            _ => CLOSERS.contains(&word),
        };
        let key = (field, teller, word.to_owned());
        if !known && (self.foreign.len() < KEPT || self.foreign.contains_key(&key)) {
            self.foreign.entry(key).or_default().add(record);
        }
    }

    fn whole(&self) -> Leg {
        let words = self.words;
        let outcome = if words == 0 {
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        } else {
            Outcome::Pass
        };
        let expected = phrase!(
            "setiap kata kode diperiksa; kata di luar daftar mempunyai kakinya sendiri",
            "every code word is looked at; words outside of the lists have legs of their own"
        );
        let actual = phrase!("{words} kata diperiksa", "{words} words looked at");
        let seqs = if words == 0 { Vec::new() } else { vec![self.last] };
        Leg::new(WHOLE, outcome, expected, actual, seqs)
    }

    fn reached(&self) -> Leg {
        let outcome = if self.statuses.len() < ENOUGH {
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        } else {
            Outcome::Pass
        };
        let expected = phrase!(
            "sekurang-kurangnya {ENOUGH} status tercapai",
            "at least {ENOUGH} statuses were reached"
        );
        let names: Vec<_> = self.statuses.iter().map(|status| status.id()).collect();
        let actual = Phrase::same(names.join(", "));
        Leg::new(REACHED, outcome, expected, actual, vec![self.last])
    }
}

/// Operations whose answers hold no complaint; `status` there is something else.
const fn reference(op: Op) -> bool {
    matches!(
        op,
        Op::Health
            | Op::OpenApi
            | Op::Login
            | Op::Logout
            | Op::Refresh
            | Op::Categories
            | Op::Agencies
            | Op::Units
            | Op::Regions
    )
}

/// The code list of a member.
fn field(name: &str) -> Option<&'static str> {
    match name {
        "status" | "dari" | "ke" => Some("status"),
        "klasifikasi" => Some("klasifikasi"),
        "kanal" => Some("kanal"),
        "peristiwa" => Some("peristiwa"),
        "ditutup_oleh" => Some("ditutup_oleh"),
        _ => None,
    }
}

/// The code list of the names of counts.
fn counted(name: &str) -> Option<&'static str> {
    match name {
        "per_status" => Some("status"),
        "per_klasifikasi" => Some("klasifikasi"),
        _ => None,
    }
}

/// One complaint that several operations showed at the same moment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Looked {
    key: String,
    marker: String,
    /// Reads and tracking answers.
    views: Vec<u64>,
    /// Pages of lists.
    pages: Vec<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    looked: Vec<Looked>,
    /// Statuses that the application cannot tell apart, as declared.
    #[serde(default)]
    lossy: BTreeSet<String>,
}

/// Read, list and tracking agree on the code words of a complaint.
pub(in crate::oracle) fn agreed(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Agreement = params(AGREED, value)?;
    asked
        .looked
        .iter()
        .map(|one| agreement(one, &asked.lossy, window))
        .collect()
}

/// Members that are compared.
const COMPARED: &[&str] = &["status", "klasifikasi", "kanal", "ditutup_oleh"];

fn agreement(one: &Looked, lossy: &BTreeSet<String>, window: &Window) -> Result<Leg, OracleFault> {
    let mut shown: Vec<(String, u64, &Value)> = Vec::new();
    for seq in one.views.iter().chain(&one.pages) {
        let exchange = window.exchange(*seq)?;
        let usable =
            exchange.reading == Reading::Accepted && (unseen(exchange).is_none() || !exchange.mapped.is_null());
        if !usable {
            continue;
        }
        let teller = format!("{}@{}", exchange.op, exchange.actor);
        if one.pages.contains(seq) {
            let own = items(exchange).iter().filter(|item| holds(item, &one.marker));
            shown.extend(own.map(|item| (teller.clone(), *seq, item)));
        } else {
            shown.push((teller, *seq, &exchange.mapped));
        }
    }
    let expected = phrase!(
        "pembacaan, daftar, dan pelacakan menyebut kode yang sama",
        "read, list and tracking name the same codes"
    );
    let seqs: Vec<u64> = shown.iter().map(|(_, seq, _)| *seq).collect();
    let mut told = Vec::new();
    let mut compared = 0;
    for member in COMPARED {
        let mut words: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (teller, _, value) in &shown {
            if let Some(word) = text_of(value, member).filter(|word| !lossy.contains(word)) {
                words.entry(word).or_default().push(teller);
            }
        }
        compared = compared.max(words.values().map(Vec::len).sum::<usize>());
        if words.len() > 1 {
            let list: Vec<String> = words
                .iter()
                .map(|(word, tellers)| format!("{member} `{}`: {}", short(word), tellers.join(", ")))
                .collect();
            told.push(Phrase::same(list.join("; ")));
        }
    }
    let key = one.key.clone();
    if !told.is_empty() {
        return Ok(Leg::new(key, Outcome::Fail, expected, joined(&told), seqs));
    }
    if compared < 2 {
        let actual = phrase!("kurang dari dua tampilan terbaca", "fewer than two views were readable");
        let outcome = Outcome::Inconclusive(Reason::InsufficientEvidence);
        return Ok(Leg::new(key, outcome, expected, actual, seqs));
    }
    let actual = phrase!("{compared} tampilan sepakat", "{compared} views agree");
    Ok(Leg::new(key, Outcome::Pass, expected, actual, seqs))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::samples::{Sample, exchange, window};
    use super::*;
    use crate::domain::Actor;

    fn fold(samples: impl IntoIterator<Item = Sample>, asked: &Value) -> BTreeMap<String, Outcome> {
        let mut fold = Codes::default();
        for sample in samples {
            fold.observe(&sample.record());
        }
        let legs = fold.conclude(asked).unwrap();
        legs.into_iter().map(|leg| (leg.key, leg.outcome)).collect()
    }

    fn read(value: Value) -> Sample {
        exchange(1, Op::Read, Actor::Admin, value)
    }

    #[test]
    fn words_of_the_lists_pass_and_others_do_not() {
        let known = json!({
            "status": "diproses", "klasifikasi": "aspirasi", "kanal": "web", "ditutup_oleh": null,
            "riwayat": [{"peristiwa": "dikirim", "dari": null, "ke": "diproses"}],
        });
        assert!(
            fold([read(known)], &json!({}))
                .values()
                .all(|outcome| *outcome == Outcome::Pass)
        );
        for (member, word) in [
            ("status", json!("Proses")),
            ("status", json!(3)),
            ("klasifikasi", json!("keluhan")),
            ("kanal", json!("Web ")),
            ("ditutup_oleh", json!("Ratna")),
            ("peristiwa", json!("dilihat")),
        ] {
            let legs = fold([read(json!({"data": [{member: word}]}))], &json!({}));
            assert_eq!(legs[member], Outcome::Fail, "{member} {word}");
        }
        let counts = exchange(1, Op::Statistics, Actor::Admin, json!({"per_status": {"baru": 1}}));
        assert_eq!(fold([counts], &json!({}))["status"], Outcome::Fail);
    }

    #[test]
    fn own_events_are_declared_and_other_answers_are_no_matter() {
        let own = || read(json!({"peristiwa": "dilihat"}));
        assert!(!fold([own()], &json!({"events": ["dilihat"]})).contains_key("peristiwa"));
        let health = exchange(1, Op::Health, Actor::Publik, json!({"status": "sehat"}));
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        let legs = fold([health], &json!({"reached": true}));
        assert_eq!((&legs[WHOLE], &legs[REACHED]), (&open, &open));
    }

    fn agree(views: [(Op, &str); 2], lossy: &[&str]) -> Outcome {
        let shown = |seq: u64, (op, status): (Op, &str)| exchange(seq, op, Actor::Admin, json!({"status": status}));
        let window = window([shown(1, views[0]), shown(2, views[1])]);
        let asked = json!({"looked": [{"key": "P1", "marker": "m", "views": [1, 2], "pages": []}], "lossy": lossy});
        agreed(&asked, &window).unwrap().remove(0).outcome
    }

    #[test]
    fn views_agree_or_do_not() {
        assert_eq!(
            agree([(Op::Read, "diproses"), (Op::Track, "diproses")], &[]),
            Outcome::Pass
        );
        let differing = [(Op::Read, "diproses"), (Op::Track, "selesai")];
        assert_eq!(agree(differing, &[]), Outcome::Fail);
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(agree(differing, &["selesai"]), open);
    }
}
