//! Judged values that an answer filter makes of nothing (decisions.md E.31b). `binding::constants` needs a recorded
//! answer; this needs none, so that a run is refused before it begins.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::load::Statement;
use super::place::Diagnosis;
use crate::binding::jq::Filter;
use crate::domain::{Actor, Op};
use crate::phrase;

/// The members that oracles judge: what they hold must come from the application.
const JUDGED: &[&str] = &[
    "id",
    "nomor_pelacakan",
    "status",
    "waktu_dibuat",
    "waktu_diperbarui",
    "judul",
    "isi",
];

impl Statement {
    /// One fault for each judged value that stands although the answer holds nothing, and that `[konstanta]` does
    /// not declare.
    pub fn invented(&self) -> Vec<Diagnosis> {
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for (op, route) in self
            .binding()
            .routes()
            .filter(|(op, _)| !matches!(op, Op::Login | Op::Refresh))
        {
            for filter in Actor::ALL.iter().filter_map(|actor| route.answer(*actor)) {
                if !seen.insert((op, filter.code().to_owned())) {
                    continue;
                }
                faults.extend(
                    made_of_nothing(filter)
                        .iter()
                        .filter_map(|leaf| self.fault_of(op, leaf)),
                );
            }
        }
        faults
    }

    fn fault_of(&self, op: Op, leaf: &str) -> Option<Diagnosis> {
        let name = format!("{op}.{leaf}");
        if self.document().konstanta.contains_key(&name) {
            return None;
        }
        let keys = ["ikatan", "operasi", op.id(), "jawaban"];
        Some(self.fault(
            &keys,
            phrase!(
                "jawaban kosong pun menjadi {leaf}: nilai itu tidak berasal dari aplikasi",
                "even an empty answer becomes {leaf}: that value does not come from the application"
            ),
            phrase!(
                "Petakan {leaf} dari jawaban, atau hapus; bila memang tetap, nyatakan \"{name}\" di [konstanta] beserta alasannya.",
                "Map {leaf} from the answer, or leave it out; where it is fixed indeed, declare \"{name}\" in [konstanta] with the reason."
            ),
        ))
    }
}

/// The judged members that a filter gives for answers that hold nothing.
fn made_of_nothing(filter: &Filter) -> BTreeSet<String> {
    let nothing = [json!(null), json!({}), json!([]), json!("")];
    let mut found = BTreeSet::new();
    for body in nothing {
        // A filter that refuses an empty answer makes nothing of it.
        if let Ok(mapped) = filter.run_now(json!({"status": 200, "headers": {}, "body": body})) {
            collect(&mapped, "", &mut found);
        }
    }
    found
}

fn collect(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let below = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                let scalar = !member.is_null() && !member.is_object() && !member.is_array();
                if scalar && JUDGED.contains(&name.as_str()) {
                    found.insert(below);
                } else {
                    collect(member, &below, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, &format!("{path}[]"), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(code: &str) -> Vec<String> {
        made_of_nothing(&Filter::new(code).unwrap()).into_iter().collect()
    }

    #[test]
    fn a_value_that_needs_no_answer_is_found() {
        assert_eq!(made(r#"{id: .body.id, status: "selesai"}"#), ["status"]);
        assert_eq!(
            made(r#"{waktu_dibuat: (.body.t // "2026-01-01T00:00:00Z")}"#),
            ["waktu_dibuat"]
        );
        assert_eq!(made(r#"{butir: [{id: "7", judul: .body.x}]}"#), ["butir[].id"]);
    }

    #[test]
    fn what_comes_from_the_answer_or_is_not_judged_is_left_alone() {
        assert_eq!(made(".body"), Vec::<String>::new());
        assert_eq!(
            made(r#"{klasifikasi: "pengaduan", kanal: "web", id: .body.id}"#),
            Vec::<String>::new()
        );
        assert_eq!(
            made(r#"{status: (if .body.s == 1 then "selesai" else null end)}"#),
            Vec::<String>::new()
        );
    }
}
