//! What judged members of a mapped value were before codecs, and whether they stand in the body just so: raw types of
//! ids, numbers and booleans, raw forms of times. A value that a filter made of something else is no evidence of what
//! the application wrote.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::codec::{is_id, is_time};
use crate::evidence::record::{JsonType, RawPlace};

/// Places of one answer that are kept.
const PLACES_KEPT: usize = 128;

/// Forms of times that one place keeps.
const FORMS_KEPT: usize = 6;

/// Longest time text that is kept, in characters.
const LONGEST_TIME: usize = 80;

/// Longest member name within a place, in characters.
const LONGEST_NAME: usize = 64;

/// Deepest value that is looked into.
const DEEPEST: usize = 32;

/// Members that are numbers or booleans in the model (model.md, *Record*), beside ids and counts.
const TYPED: &[&str] = &[
    "anonim",
    "rahasia",
    "berkadar_pengawasan",
    "lintang",
    "bujur",
    "ukuran",
    "jumlah",
    "total",
    "penilaian",
    "versi",
];

/// Members whose own members are counts by word.
const COUNTS: &[&str] = &["per_status", "per_klasifikasi"];

/// The judged members of a filter's value. `seen` is what the filter saw: the body, and those of earlier steps.
pub fn before(value: &Value, seen: &Value) -> BTreeMap<String, RawPlace> {
    let mut walk = Walk {
        body: Body::of(seen),
        path: Vec::new(),
        places: BTreeMap::new(),
    };
    walk.value(value);
    walk.places
}

/// Scalars of the bodies; the text itself where a body is no JSON.
#[derive(Default)]
struct Body<'a> {
    texts: HashSet<&'a str>,
    numbers: HashSet<String>,
    flags: [bool; 2],
    whole: Vec<&'a str>,
}

impl<'a> Body<'a> {
    fn of(seen: &'a Value) -> Self {
        let mut body = Self::default();
        let steps = seen.get("langkah").and_then(Value::as_object);
        let earlier = steps.into_iter().flatten().filter_map(|(_, step)| step.get("body"));
        for part in seen.get("body").into_iter().chain(earlier) {
            match part {
                Value::String(text) => body.whole.push(text),
                other => body.take(other, 0),
            }
        }
        body
    }

    fn take(&mut self, value: &'a Value, depth: usize) {
        match value {
            _ if depth > DEEPEST => {}
            Value::Null => {}
            Value::Bool(flag) => {
                if let Some(slot) = self.flags.get_mut(usize::from(*flag)) {
                    *slot = true;
                }
            }
            Value::Number(number) => {
                plain(number).map(|number| self.numbers.insert(number));
            }
            Value::String(text) => {
                self.texts.insert(text);
            }
            Value::Array(items) => items.iter().for_each(|item| self.take(item, depth + 1)),
            Value::Object(members) => members.values().for_each(|item| self.take(item, depth + 1)),
        }
    }

    /// Whether a scalar stands there with this very type and value.
    fn holds(&self, value: &Value) -> bool {
        match value {
            Value::Bool(flag) => self.flags.get(usize::from(*flag)) == Some(&true),
            Value::Number(number) => plain(number).is_some_and(|number| self.numbers.contains(&number)),
            Value::String(text) => self.texts.contains(text.as_str()),
            _ => false,
        }
    }

    /// Whether a time stands there, also in a body that is no JSON.
    fn writes(&self, value: &Value) -> bool {
        let text = super::body::text(value);
        self.holds(value) || self.whole.iter().any(|whole| whole.contains(&text))
    }
}

struct Walk<'a> {
    body: Body<'a>,
    path: Vec<String>,
    places: BTreeMap<String, RawPlace>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value) {
        if self.path.len() > DEEPEST {
            return;
        }
        match value {
            Value::Array(items) => {
                self.path.push("*".to_owned());
                for item in items {
                    self.value(item);
                }
                self.path.pop();
            }
            Value::Object(members) => {
                let parent = self.path.last().cloned().unwrap_or_default();
                let counts = COUNTS.contains(&parent.as_str());
                for (name, member) in members {
                    let shown = if counts { "*" } else { name.as_str() };
                    self.path.push(shown.chars().take(LONGEST_NAME).collect());
                    if (is_time(name) || parent == "tenggat") && !member.is_object() {
                        self.time(member);
                    } else if is_id(name) || TYPED.contains(&name.as_str()) || counts {
                        self.typed(member);
                    } else {
                        self.value(member);
                    }
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn place(&mut self) -> Option<&mut RawPlace> {
        let place = format!("/{}", self.path.join("/"));
        if self.places.len() >= PLACES_KEPT && !self.places.contains_key(&place) {
            return None;
        }
        Some(self.places.entry(place).or_default())
    }

    fn typed(&mut self, value: &Value) {
        let structured = value.is_object() || value.is_array();
        if !structured && !self.body.holds(value) {
            return;
        }
        if let (Some(kind), Some(place)) = (JsonType::of(value), self.place())
            && !place.types.contains(&kind)
        {
            place.types.push(kind);
            place.types.sort();
        }
    }

    fn time(&mut self, value: &Value) {
        if value.is_null() {
            return;
        }
        let written = self.body.writes(value);
        let Some(place) = self.place() else { return };
        if !written {
            place.made = true;
        } else if place.times.len() < FORMS_KEPT && !place.times.iter().any(|kept| form(kept) == form(value)) {
            place.times.push(match value {
                Value::String(text) => Value::String(text.chars().take(LONGEST_TIME).collect()),
                other => other.clone(),
            });
        }
    }
}

/// A number without its spelling: `1.0` is `1`.
fn plain(number: &serde_json::Number) -> Option<String> {
    number.as_f64().map(|number| number.to_string())
}

/// The form of a time: digits as one sign, and whether it can be read at all.
fn form(value: &Value) -> (String, bool) {
    let text: String = super::body::text(value).chars().take(LONGEST_TIME).collect();
    let sign = |character: char| if character.is_ascii_digit() { '9' } else { character };
    let read = text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::Date>().is_ok();
    (text.chars().map(sign).collect(), read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_and_forms_are_kept_by_place() {
        let body = json!({"data": [
            {"id": 7, "anonim": "1", "waktu_dibuat": "2026-11-25T10:00:00Z", "lampiran": [{"ukuran": 3}]},
            {"id": "8", "anonim": true, "waktu_dibuat": "25-11-2026"},
            {"id": 9, "waktu_dibuat": "2026-11-26T11:00:00Z"},
        ], "per_status": {"a": 1, "b": "2"}});
        let value = json!({"butir": body["data"], "per_status": body["per_status"]});
        let raw = before(&value, &json!({"body": body}));
        assert_eq!(raw["/butir/*/id"].types, [JsonType::Text, JsonType::Number]);
        assert_eq!(raw["/butir/*/anonim"].types, [JsonType::Text, JsonType::Bool]);
        assert_eq!(raw["/butir/*/lampiran/*/ukuran"].types, [JsonType::Number]);
        assert_eq!(raw["/per_status/*"].types, [JsonType::Text, JsonType::Number]);
        assert_eq!(
            raw["/butir/*/waktu_dibuat"].times,
            [json!("2026-11-25T10:00:00Z"), json!("25-11-2026")]
        );
    }

    #[test]
    fn what_a_filter_made_is_no_evidence() {
        let body = json!({"id": 7, "dibuat": 1_764_000_000});
        let raw = before(
            &json!({"id": "7", "waktu_dibuat": "2025-11-24T16:00:00Z"}),
            &json!({"body": body}),
        );
        assert!(!raw.contains_key("/id"));
        assert!(raw["/waktu_dibuat"].made && raw["/waktu_dibuat"].times.is_empty());
        let xml = json!({"body": "<t>2025-11-24T16:00:00Z</t>"});
        assert!(!before(&json!({"waktu_dibuat": "2025-11-24T16:00:00Z"}), &xml)["/waktu_dibuat"].made);
    }
}
