//! Large texts, such as files in base64, go around the filters, whose input is bounded: a filter sees a token in
//! their place and may move it, and the text takes the token's place in what comes out.

use serde_json::Value;

/// From how many bytes on a text is large.
const LARGE: usize = 256 * 1024;

/// Large texts of one value.
#[derive(Debug, Default)]
pub(super) struct Bulk(Vec<String>);

impl Bulk {
    /// Takes the large texts out of a value.
    pub(super) fn lift(value: &mut Value) -> Self {
        let mut bulk = Self::default();
        bulk.take(value);
        bulk
    }

    fn take(&mut self, value: &mut Value) {
        match value {
            Value::String(text) if text.len() >= LARGE => {
                let token = token(self.0.len());
                self.0.push(std::mem::replace(text, token));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.take(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.take(member)),
            _ => {}
        }
    }

    /// Puts them back where their tokens stand.
    pub(super) fn lower(&self, value: &mut Value) {
        if self.0.is_empty() {
            return;
        }
        match value {
            Value::String(text) => {
                let found = self.0.iter().enumerate().find(|(at, _)| *text == token(*at));
                if let Some((_, large)) = found {
                    text.clone_from(large);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.lower(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.lower(member)),
            _ => {}
        }
    }
}

fn token(number: usize) -> String {
    format!("‹teks besar {number}›")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn large_texts_go_around_and_come_back_where_their_tokens_stand() {
        let (one, two) = ("a".repeat(LARGE), "b".repeat(LARGE + 1));
        let mut value = json!({"judul": "kecil", "lampiran": [{"isi_base64": one}, {"isi_base64": two}]});
        let bulk = Bulk::lift(&mut value);
        assert!(value.to_string().len() < 200);
        let mut moved = json!({"files": [value["lampiran"][1]["isi_base64"], value["lampiran"][0]["isi_base64"]], "t": value["judul"]});
        bulk.lower(&mut moved);
        assert_eq!(moved, json!({"files": [two, one], "t": "kecil"}));
    }

    #[test]
    fn small_values_are_left_alone() {
        let mut value = json!({"a": "x".repeat(LARGE - 1), "b": 1});
        let before = value.clone();
        Bulk::lift(&mut value).lower(&mut value);
        assert_eq!(value, before);
    }
}
