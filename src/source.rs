//! A text file of a user with its places, and a diagnosis that shows one: file, line, column, the text, what to do.
//! Knows nothing of what the file means.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::domain::Phrase;
use crate::domain::phrase::Lang;

/// A text file that a person wrote, kept so that every error can show its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
    /// Byte offset at which each line begins.
    starts: Arc<[usize]>,
}

impl SourceFile {
    /// Keeps a text with the name that people know it by.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            path: path.into(),
            text,
            starts,
        }
    }

    /// The name of the file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column (both from 1, columns in characters) of a byte offset; an offset beyond the end is the end.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_start(line);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        (line, column)
    }

    /// A line's text without its end (`\n` or `\r\n`); empty where there is no such line. Lines count from 1.
    pub fn line(&self, line: usize) -> &str {
        if line == 0 || line > self.starts.len() {
            return "";
        }
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let text = self.text.get(self.line_start(line)..end).unwrap_or_default();
        let text = text.strip_suffix('\n').unwrap_or(text);
        text.strip_suffix('\r').unwrap_or(text)
    }

    /// How many lines the file has.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// A diagnosis of the bytes of `span`; of its first line, when it goes over several.
    pub fn diagnosis(&self, span: Range<usize>, text: Phrase, advice: Phrase) -> Diagnosis {
        let (line, column) = self.line_column(span.start);
        let excerpt = self.line(line);
        let start = span.start.saturating_sub(self.line_start(line)).min(excerpt.len());
        let end = span
            .end
            .saturating_sub(self.line_start(line))
            .clamp(start, excerpt.len());
        Diagnosis::new(self.path(), (line, column), excerpt, start..end, text, advice)
    }

    /// A diagnosis of a whole line, without the blanks around it.
    pub fn line_diagnosis(&self, line: usize, text: Phrase, advice: Phrase) -> Diagnosis {
        let whole = self.line(line);
        let indent = whole.len() - whole.trim_start().len();
        let start = self.line_start(line) + indent;
        self.diagnosis(start..start + whole.trim().len(), text, advice)
    }

    fn line_start(&self, line: usize) -> usize {
        self.starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.text.len())
    }
}

/// What is wrong in a file of the user, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The file's name.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// The line's text, cut to what can be shown.
    pub excerpt: String,
    /// What is wrong.
    pub text: Phrase,
    /// What to do.
    pub advice: Phrase,
    /// Bytes of the excerpt to underline.
    mark: Range<usize>,
}

impl Diagnosis {
    fn new(path: &str, place: (usize, usize), line: &str, mark: Range<usize>, text: Phrase, advice: Phrase) -> Self {
        let (excerpt, mark) = window(line, mark);
        Self {
            path: path.to_owned(),
            line: place.0,
            column: place.1,
            excerpt,
            text,
            advice,
            mark,
        }
    }

    /// A diagnosis of a file as a whole, for instance one that cannot be read.
    pub fn of_file(path: &str, text: Phrase, advice: Phrase) -> Self {
        Self::new(path, (1, 1), "", 0..0, text, advice)
    }

    /// The diagnosis with the line and a mark under the place, as a compiler shows it.
    pub fn render(&self, lang: Lang, styled: bool) -> String {
        let (error, help) = match lang {
            Lang::Id => ("galat", "saran"),
            Lang::En => ("error", "help"),
        };
        let (text, advice) = (visible(self.text.text(lang)), visible(self.advice.text(lang)));
        let snippet = Snippet::source(self.excerpt.as_str())
            .line_start(self.line)
            .path(visible(&self.path))
            .annotation(AnnotationKind::Primary.span(self.mark.clone()));
        let group = Level::ERROR.with_name(error).primary_title(text).element(snippet);
        let report = [group.element(Level::HELP.with_name(help).message(advice))];
        if styled {
            Renderer::styled().render(&report)
        } else {
            Renderer::plain().render(&report)
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            column,
            text,
            advice,
            ..
        } = self;
        write!(
            formatter,
            "{}:{line}:{column}: {}; {}",
            visible(path),
            visible(&text.id),
            visible(&advice.id)
        )
    }
}

impl std::error::Error for Diagnosis {}

/// The word of `known` that `word` was probably meant to be: at most a third of it (and two letters) differs.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() > MAX_WORD {
        return None;
    }
    let limit = (word.chars().count() / 3).max(2);
    let distances = known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate));
    distances
        .filter(|(far, candidate)| *far <= limit && *far < candidate.chars().count())
        .min()
        .map(|(_, word)| word)
}

/// Levenshtein distance in characters, letter case aside.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&right) {
            let best = (diagonal + usize::from(letter != *other))
                .min(*cell + 1)
                .min(before + 1);
            diagonal = std::mem::replace(cell, best);
            before = best;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Control characters of hostile text as visible escapes, so that they never reach a terminal.
fn visible(text: &str) -> String {
    let hidden =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| {
            if hidden(c) {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// The part of a long line around the mark, both made of visible characters.
fn window(line: &str, mark: Range<usize>) -> (String, Range<usize>) {
    let boundary = |mut at: usize| {
        while !line.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(mark.start.min(line.len()));
    let end = boundary(mark.end.clamp(start, line.len().max(start)).min(start + EXCERPT));
    let from = boundary(start.saturating_sub(EXCERPT));
    let to = boundary((end + EXCERPT).min(line.len()));
    let part = |range: Range<usize>| visible(line.get(range).unwrap_or_default());
    let (before, marked, after) = (part(from..start), part(start..end), part(end..to));
    let mark = before.len()..before.len() + marked.len();
    (before + &marked + &after, mark)
}

/// Longest word, in characters, that `nearest` compares.
const MAX_WORD: usize = 80;

/// Bytes of a line that are shown on each side of a mark.
const EXCERPT: usize = 160;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let file = SourceFile::new("a.toml", "satu\r\ndúa x\n");
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column(6), (2, 1));
        assert_eq!(file.line_column(11), (2, 5), "the column counts characters, not bytes");
        assert_eq!(file.line_column(999), (3, 1));
        assert_eq!(
            (file.line(1), file.line(2), file.line(3), file.line(9)),
            ("satu", "dúa x", "", "")
        );
    }

    #[test]
    fn a_diagnosis_shows_file_line_column_text_and_advice() {
        let file = SourceFile::new("pernyataan.toml", "a = 1\nprofl = \"x\"\n");
        let diagnosis = file.diagnosis(
            6..11,
            Phrase::new("kunci tidak dikenal", "unknown key"),
            Phrase::new("tulis `profil`", "write `profil`"),
        );
        let shown = diagnosis.render(Lang::En, false);
        for part in [
            "error: unknown key",
            "pernyataan.toml:2:1",
            "profl = \"x\"",
            "^^^^^",
            "help: write `profil`",
        ] {
            assert!(shown.contains(part), "{part} is missing in:\n{shown}");
        }
        assert!(diagnosis.render(Lang::Id, false).contains("saran: tulis `profil`"));
        assert_eq!(
            diagnosis.to_string(),
            "pernyataan.toml:2:1: kunci tidak dikenal; tulis `profil`"
        );
    }

    #[test]
    fn hostile_text_never_reaches_the_terminal_raw() {
        let line = format!("{}\u{1b}[31mmerah\u{202e}{}", "x".repeat(5000), "y".repeat(5000));
        let file = SourceFile::new("a\u{1b}b", line.clone());
        let shown = file
            .diagnosis(5000..line.len(), Phrase::same("a\u{7}b"), Phrase::same("c"))
            .render(Lang::Id, false);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{7}') && !shown.contains('\u{202e}'));
        assert!(shown.len() < 4000, "a long line is cut: {}", shown.len());
    }

    #[test]
    fn the_nearest_word_is_found_and_far_ones_are_not() {
        assert_eq!(nearest("profl", ["profil", "norma"]), Some("profil"));
        assert_eq!(nearest("Tingkat", ["tingkat"]), Some("tingkat"));
        assert_eq!(nearest("zzzz", ["profil", "norma"]), None);
        assert_eq!(
            nearest("ab", ["id"]),
            None,
            "a word that shares no letter is no suggestion"
        );
    }
}
