//! Where something stands in a statement: errors name path, line, column, the text, and what to do.
//! Knows nothing of what the keys mean.

use std::fmt;
use std::ops::Range;

use crate::domain::Phrase;
use crate::domain::phrase::Lang;

/// One fault of a statement, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The file as the user named it.
    pub path: String,
    /// Line, from 1; 0 where the fault belongs to the whole file.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// The line of the file, at most 160 characters.
    pub text: String,
    /// What is wrong.
    pub message: Phrase,
    /// What to do.
    pub remedy: Phrase,
}

impl Diagnosis {
    /// A fault of a whole file, such as one that cannot be read.
    pub fn of_file(path: impl Into<String>, message: Phrase, remedy: Phrase) -> Self {
        Self {
            path: path.into(),
            line: 0,
            column: 0,
            text: String::new(),
            message,
            remedy,
        }
    }

    /// The fault in one language, over several lines.
    pub fn render(&self, lang: Lang) -> String {
        let Self {
            path,
            line,
            column,
            text,
            ..
        } = self;
        let (message, remedy) = (self.message.text(lang), self.remedy.text(lang));
        if *line == 0 {
            return format!("{path}: {message}\n  → {remedy}");
        }
        let gutter = line.to_string();
        let pad = " ".repeat(gutter.len());
        let caret = " ".repeat(column.saturating_sub(1));
        format!("{path}:{line}:{column}: {message}\n {pad} |\n {gutter} | {text}\n {pad} | {caret}^\n  → {remedy}")
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(Lang::Id))
    }
}

impl std::error::Error for Diagnosis {}

/// Finds the places of keys in one TOML text.
#[derive(Debug, Clone)]
pub struct Places {
    path: String,
    text: String,
}

impl Places {
    /// Of a text that was read from `path`.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file as the user named it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The bytes of the value at a key path, or of the deepest table on the way to it.
    /// A numeric part counts array members.
    pub fn span(&self, keys: &[&str]) -> Range<usize> {
        let Ok(document) = toml::de::DeTable::parse(&self.text) else {
            return 0..0;
        };
        let mut span = 0..0;
        let mut table = Some(document.get_ref());
        let mut array: Option<&toml::de::DeArray<'_>> = None;
        for key in keys {
            let next = match (table, array) {
                (Some(table), _) => match table.get_key_value(*key) {
                    Some((name, value)) => {
                        let own = if value.get_ref().is_table() {
                            name.span()
                        } else {
                            value.span()
                        };
                        Some((own, value.get_ref()))
                    }
                    None => None,
                },
                (None, Some(array)) => key
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| array.get(index))
                    .map(|value| (value.span(), value.get_ref())),
                (None, None) => None,
            };
            let Some((own, value)) = next else { break };
            span = own;
            table = value.as_table();
            array = value.as_array();
        }
        span
    }

    /// Whether a key path stands in the text.
    pub fn holds(&self, keys: &[&str]) -> bool {
        let Ok(document) = toml::from_str::<toml::Table>(&self.text) else {
            return false;
        };
        let mut value = toml::Value::Table(document);
        for key in keys {
            let next = match &value {
                toml::Value::Table(table) => table.get(*key).cloned(),
                toml::Value::Array(array) => key.parse::<usize>().ok().and_then(|index| array.get(index).cloned()),
                _ => None,
            };
            let Some(next) = next else { return false };
            value = next;
        }
        true
    }

    /// A fault at a key path.
    pub fn fault(&self, keys: &[&str], message: Phrase, remedy: Phrase) -> Diagnosis {
        self.fault_at(self.span(keys).start, message, remedy)
    }

    /// A fault inside the string value at a key path, `offset` bytes into the decoded text. Exact for literal
    /// strings (`'…'`, `'''…'''`), which bindings use; elsewhere the beginning of the value.
    pub fn fault_inside(&self, keys: &[&str], offset: usize, message: Phrase, remedy: Phrase) -> Diagnosis {
        let span = self.span(keys);
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let start = if raw.starts_with("'''\n") || raw.starts_with("\"\"\"\n") {
            span.start + 4 + offset
        } else if raw.starts_with("'''\r\n") {
            span.start + 5 + offset
        } else if raw.starts_with("'''") || raw.starts_with("\"\"\"") {
            span.start + 3 + offset
        } else if raw.starts_with('\'') || raw.starts_with('"') {
            span.start + 1 + offset
        } else {
            span.start
        };
        self.fault_at(start.min(span.end), message, remedy)
    }

    /// A fault at a byte of the text.
    pub fn fault_at(&self, at: usize, message: Phrase, remedy: Phrase) -> Diagnosis {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = self.text.get(..at).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let column = self.text.get(start..at).unwrap_or_default().chars().count() + 1;
        let text = self
            .text
            .get(start..)
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default();
        let text: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(160)
            .collect();
        Diagnosis {
            path: self.path.clone(),
            line,
            column,
            text,
            message,
            remedy,
        }
    }

    /// A fault that the TOML reader reports, with "did you mean" for an unknown key.
    pub fn reader_fault(&self, error: &toml::de::Error) -> Diagnosis {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message();
        let mut quoted = message.split('`').skip(1).step_by(2);
        if message.starts_with("unknown field") || message.starts_with("unknown variant") {
            let name: String = quoted.next().unwrap_or_default().chars().take(80).collect();
            let known: Vec<&str> = quoted.collect();
            let remedy = if let Some(near) = closest(&name, known.iter().copied()) {
                crate::phrase!("Maksud Anda `{near}`?", "Did you mean `{near}`?")
            } else {
                let list = known.join(", ");
                crate::phrase!("Yang dikenal di sini: {list}.", "Known here: {list}.")
            };
            return self.fault_at(
                at,
                crate::phrase!("`{name}` tidak dikenal", "`{name}` is not known"),
                remedy,
            );
        }
        if message.starts_with("missing field") {
            let name = quoted.next().unwrap_or_default();
            return self.fault_at(
                at,
                crate::phrase!("`{name}` belum diisi", "`{name}` is missing"),
                crate::phrase!(
                    "Tambahkan `{name} = …` di bagian ini.",
                    "Add `{name} = …` to this table."
                ),
            );
        }
        let message: String = message.chars().take(300).collect();
        self.fault_at(
            at,
            crate::phrase!("TOML tidak terbaca: {message}", "the TOML cannot be read: {message}"),
            Phrase::new("Perbaiki penulisan di tempat itu.", "Correct the text at that place."),
        )
    }
}

/// The known word that is nearest to a mistyped one, if any is near.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, in characters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, a) in one.chars().take(100).enumerate() {
        let mut next = vec![index + 1];
        for (column, b) in other.iter().enumerate() {
            let substitute = row.get(column).copied().unwrap_or(usize::MAX - 1) + usize::from(a != *b);
            let delete = row.get(column + 1).copied().unwrap_or(usize::MAX - 1) + 1;
            let insert = next.last().copied().unwrap_or(usize::MAX - 1) + 1;
            next.push(substitute.min(delete).min(insert));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_place_inside_a_literal_filter() {
        let places = Places::new("p.toml", "[a]\nx = '''\n.b\n| halt'''\n");
        let fault = places.fault_inside(&["a", "x"], 5, Phrase::same("m"), Phrase::same("r"));
        assert_eq!((fault.line, fault.column, fault.text.as_str()), (4, 3, "| halt'''"));
    }

    #[test]
    fn suggests_near_words_only() {
        assert_eq!(closest("profll", ["profil", "kapabilitas"]), Some("profil"));
        assert_eq!(closest("xyz", ["profil", "kapabilitas"]), None);
    }
}
