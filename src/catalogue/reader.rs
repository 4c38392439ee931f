//! Reads a TOML table key by key, keeps the place of each value, and gathers every fault instead of the first alone.
//! Knows nothing of requirements.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::Phrase;
use crate::phrase;
use crate::source::{Diagnosis, SourceFile, nearest};

/// Gathers the faults of one file.
pub(super) struct Reader<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) errors: Vec<Diagnosis>,
}

/// A table that is being read; it remembers which keys were asked for.
pub(super) struct Table<'a> {
    values: &'a DeTable<'a>,
    /// Bytes of the table's header or braces, where missing keys are reported.
    pub(super) span: Range<usize>,
    known: BTreeSet<&'static str>,
}

impl<'a> Table<'a> {
    /// Begins to read a table.
    pub(super) fn new(values: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self {
            values,
            span,
            known: BTreeSet::new(),
        }
    }

    /// Whether the key stands in the table; it counts as asked for.
    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.insert(key);
        self.values.get(key)
    }
}

impl<'a> Reader<'a> {
    /// Begins to read a file.
    pub(super) fn new(file: &'a SourceFile) -> Self {
        Self {
            file,
            errors: Vec::new(),
        }
    }

    /// Notes a fault at a place.
    pub(super) fn fault(&mut self, span: Range<usize>, text: Phrase, advice: Phrase) {
        self.errors.push(self.file.diagnosis(span, text, advice));
    }

    /// A text that must be there and must not be blank; empty after a fault.
    pub(super) fn text(&mut self, table: &mut Table<'a>, key: &'static str) -> (&'a str, Range<usize>) {
        let Some(value) = table.value(key) else {
            self.missing(table, key);
            return ("", table.span.clone());
        };
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => (text, value.span()),
            Some(_) => {
                let text = phrase!("`{key}` kosong", "`{key}` is empty");
                self.fault(value.span(), text, phrase!("isi nilainya", "give it a value"));
                ("", value.span())
            }
            None => {
                self.wrong_type(value, key, &phrase!("teks dalam tanda kutip", "a text in quotes"));
                ("", value.span())
            }
        }
    }

    /// `true` or `false`; `false` after a fault.
    pub(super) fn flag(&mut self, table: &mut Table<'a>, key: &'static str) -> bool {
        let Some(value) = table.value(key) else {
            self.missing(table, key);
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(value, key, &phrase!("true atau false", "true or false"));
            false
        })
    }

    /// A word of a closed list; `None` after a fault.
    pub(super) fn word<T: Copy>(
        &mut self,
        table: &mut Table<'a>,
        key: &'static str,
        all: &[T],
        id: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let (text, span) = self.text(table, key);
        if text.is_empty() {
            return None;
        }
        let found = all.iter().copied().find(|member| id(*member) == text);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|member| id(*member)).collect();
            self.unknown(span, text, &words);
        }
        found
    }

    /// A table `{ id, en }` with both languages.
    pub(super) fn phrase(&mut self, table: &mut Table<'a>, key: &'static str) -> Phrase {
        self.optional_phrase(table, key).unwrap_or_else(|| {
            self.missing(table, key);
            Phrase::same("")
        })
    }

    /// A table `{ id, en }` that may be absent.
    pub(super) fn optional_phrase(&mut self, table: &mut Table<'a>, key: &'static str) -> Option<Phrase> {
        let value = table.value(key)?;
        let Some(values) = value.get_ref().as_table() else {
            self.wrong_type(
                value,
                key,
                &phrase!("tabel dengan `id` dan `en`", "a table with `id` and `en`"),
            );
            return Some(Phrase::same(""));
        };
        let mut inner = Table::new(values, value.span());
        let phrase = self.languages(&mut inner);
        self.finish(&inner);
        Some(phrase)
    }

    /// The keys `id` and `en` of a table that has others too.
    pub(super) fn languages(&mut self, table: &mut Table<'a>) -> Phrase {
        let id = joined(self.text(table, "id").0);
        let en = joined(self.text(table, "en").0);
        Phrase::new(id, en)
    }

    /// A list of texts that may be absent; each with its place.
    pub(super) fn texts(&mut self, table: &mut Table<'a>, key: &'static str) -> Vec<(&'a str, Range<usize>)> {
        let Some(value) = table.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, &phrase!("daftar teks", "a list of texts"));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array {
            match item.get_ref().as_str() {
                Some(text) if !text.trim().is_empty() => texts.push((text, item.span())),
                _ => self.wrong_type(item, key, &phrase!("teks dalam tanda kutip", "a text in quotes")),
            }
        }
        texts
    }

    /// A list of tables (`[[key]]`) that may be absent.
    pub(super) fn tables(&mut self, table: &mut Table<'a>, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = table.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(
                value,
                key,
                &phrase!("daftar tabel `[[{key}]]`", "a list of tables `[[{key}]]`"),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array {
            match item.get_ref().as_table() {
                Some(values) => tables.push(Table::new(values, item.span())),
                None => self.wrong_type(item, key, &phrase!("tabel", "a table")),
            }
        }
        tables
    }

    /// A table that must be there.
    pub(super) fn table(&mut self, table: &mut Table<'a>, key: &'static str) -> Option<Table<'a>> {
        let Some(value) = table.value(key) else {
            self.missing(table, key);
            return None;
        };
        let values = value.get_ref().as_table();
        if values.is_none() {
            self.wrong_type(value, key, &phrase!("tabel", "a table"));
        }
        Some(Table::new(values?, value.span()))
    }

    /// Ends a table: every key that nobody asked for is a fault.
    pub(super) fn finish(&mut self, table: &Table<'a>) {
        for key in table.values.keys() {
            let name = key.get_ref().as_ref();
            if !table.known.contains(name) {
                let text = phrase!("kunci `{name}` tidak dikenal", "unknown key `{name}`");
                let advice = advice(name, &table.known.iter().copied().collect::<Vec<_>>());
                self.fault(key.span(), text, advice);
            }
        }
    }

    /// Notes a word that is not of a closed list.
    pub(super) fn unknown(&mut self, span: Range<usize>, word: &str, words: &[&str]) {
        self.fault(
            span,
            phrase!("`{word}` tidak dikenal", "`{word}` is not known"),
            advice(word, words),
        );
    }

    fn missing(&mut self, table: &Table<'a>, key: &str) {
        let text = phrase!("kunci `{key}` tidak ada", "key `{key}` is missing");
        self.fault(
            table.span.clone(),
            text,
            phrase!("tambahkan `{key} = …`", "add `{key} = …`"),
        );
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &Phrase) {
        let (id, en) = (&wanted.id, &wanted.en);
        let text = phrase!("jenis nilai `{key}` salah", "`{key}` has a value of the wrong type");
        self.fault(value.span(), text, phrase!("tulis {id}", "write {en}"));
    }
}

/// "Did you mean", or the whole list where nothing is near.
fn advice(word: &str, words: &[&str]) -> Phrase {
    let all = words.join(", ");
    match nearest(word, words.iter().copied()) {
        Some(near) => phrase!(
            "mungkin maksud Anda `{near}`; yang dikenal: {all}",
            "did you mean `{near}`? Known: {all}"
        ),
        None => phrase!("pakai salah satu dari: {all}", "use one of: {all}"),
    }
}

/// A text of several lines as one: the files wrap, people's screens wrap anew.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
