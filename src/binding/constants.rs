//! Finds constants in answer filters (decisions.md E.31b): the leaves of a recorded answer are changed one by one
//! and mapped again; a canonical value that never moves does not come from the application.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::codec::Codec;
use super::jq::Filter;

/// Most leaves of an answer that are changed.
const MOST_LEAVES: usize = 400;
/// Most texts that are tried in the place of one.
const MOST_WORDS: usize = 40;

/// Canonical leaves that no change of the answer moves, as paths with `[]` for list members (`butir[].status`).
/// Empty where the answer cannot be mapped at all.
pub fn constants(filter: &Filter, codec: &Codec, words: &[String], answer: &Value) -> BTreeSet<String> {
    let map = |answer: Value| filter.run_now(answer).ok().map(|value| leaves(&codec.receive(value).0));
    let Some(base) = map(answer.clone()) else {
        return BTreeSet::new();
    };
    let mut still: BTreeMap<String, Value> = base.clone();
    let mut texts: Vec<String> = words.to_vec();
    texts.extend(literals(filter.code()));
    texts.truncate(MOST_WORDS);
    let mut paths = Vec::new();
    pointers(answer, String::new(), &mut paths);
    for path in paths.into_iter().take(MOST_LEAVES) {
        if still.is_empty() {
            break;
        }
        let Some(value) = answer.pointer(&path) else { continue };
        for other in replacements(value, &texts) {
            let mut changed = answer.clone();
            if let Some(place) = changed.pointer_mut(&path) {
                *place = other;
            }
            // A change that the filter refuses proves nothing; the next replacement may pass.
            if let Some(mapped) = map(changed) {
                still.retain(|leaf, value| mapped.get(leaf) == Some(value));
            }
        }
    }
    still
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(leaf, _)| general(&leaf))
        .collect()
}

fn replacements(value: &Value, texts: &[String]) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Number(number) => {
            let own = number.as_i64().unwrap_or(0);
            let near = [own.saturating_add(1), own.saturating_add(1009)]
                .into_iter()
                .chain(0..6);
            near.map(|number| json!(number))
                .chain(std::iter::once(json!("x")))
                .collect()
        }
        Value::String(text) => {
            let changed = [json!(format!("{text}x")), json!("2031-01-02T03:04:05Z"), json!("7")];
            changed
                .into_iter()
                .chain(texts.iter().map(|text| json!(text)))
                .collect()
        }
        Value::Null => vec![json!("x"), json!(1), json!(true)],
        Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

fn pointers(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| pointers(item, format!("{path}/{index}"), found)),
        Value::Object(members) => members.iter().for_each(|(name, item)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            pointers(item, format!("{path}/{name}"), found);
        }),
        _ => found.push(path),
    }
}

fn leaves(value: &Value) -> BTreeMap<String, Value> {
    fn walk(value: &Value, path: String, found: &mut BTreeMap<String, Value>) {
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, item)| walk(item, format!("{path}[{index}]"), found)),
            Value::Object(members) => members.iter().for_each(|(name, item)| {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                walk(item, path, found);
            }),
            leaf => drop(found.insert(path, leaf.clone())),
        }
    }
    let mut found = BTreeMap::new();
    walk(value, String::new(), &mut found);
    found
}

/// A leaf with its list positions taken out.
fn general(leaf: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in leaf.chars() {
        match c {
            '[' => {
                inside = true;
                text.push('[');
            }
            ']' => {
                inside = false;
                text.push(']');
            }
            _ if inside => {}
            _ => text.push(c),
        }
    }
    text
}

/// Texts between quotes in a filter: the words that a table of the filter knows.
fn literals(code: &str) -> Vec<String> {
    code.split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| !text.contains('\\') && text.len() < 60)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str, body: &Value) -> Vec<String> {
        let answer = json!({"status": 200, "headers": {}, "body": body});
        constants(&Filter::new(code).unwrap(), &Codec::default(), &[], &answer)
            .into_iter()
            .collect()
    }

    #[test]
    fn tells_constants_from_mapped_values() {
        let body = json!({"id": 5, "state": "open", "title": "T", "secret": false});
        let code = r#"{id: .body.id, judul: .body.title, klasifikasi: "pengaduan", rahasia: .body.secret,
            status: ({"open": "diproses", "closed": "selesai"}[.body.state] // error("?"))}"#;
        assert_eq!(found(code, &body), ["klasifikasi"]);
    }

    #[test]
    fn looks_into_lists_and_leaves_broken_filters_alone() {
        let body = json!([{"id": 1}, {"id": 2}]);
        assert_eq!(
            found(r#"{butir: [.body[] | {id, status: "selesai"}]}"#, &body),
            ["butir[].status"]
        );
        assert!(found("error(\"x\")", &body).is_empty());
    }
}
