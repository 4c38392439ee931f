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

    /// Puts them back where their tokens stand, by themselves or within a longer text (a filter that made JSON or a list
    /// out of them): there only where nothing of the large text would have to be escaped, which base64 never has.
    pub(super) fn lower(&self, value: &mut Value) {
        if self.0.is_empty() {
            return;
        }
        match value {
            Value::String(text) => {
                let found = self.0.iter().enumerate().find(|(at, _)| *text == token(*at));
                if let Some((_, large)) = found {
                    text.clone_from(large);
                    return;
                }
                for (at, large) in self.0.iter().enumerate().filter(|(_, large)| large.chars().all(plain)) {
                    if text.contains(&token(at)) {
                        *text = text.replace(&token(at), large);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.lower(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.lower(member)),
            _ => {}
        }
    }
}

/// Whether a letter stands in every notation as it is: JSON, CSV, XML, lists.
const fn plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=' | '-' | '_')
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
    fn a_large_text_comes_back_within_a_longer_one_unless_it_would_need_escaping() {
        let (plain, quoted) = ("a+/=".repeat(LARGE), "\"".repeat(LARGE));
        let mut value = json!([plain, quoted]);
        let bulk = Bulk::lift(&mut value);
        let mut made = json!(format!("{{\"a\":{}}}", value));
        bulk.lower(&mut made);
        let made = made.as_str().unwrap();
        assert!(made.contains(&format!("[\"{plain}\",\"‹teks besar 1›\"]")));
    }

    #[test]
    fn small_values_are_left_alone() {
        let mut value = json!({"a": "x".repeat(LARGE - 1), "b": 1});
        let before = value.clone();
        Bulk::lift(&mut value).lower(&mut value);
        assert_eq!(value, before);
    }
}
