//! What each line of a feature is, by the keywords that this standard allows.
//! Gherkin forgives too much: a line that it does not understand becomes a description, and the scenario passes.

use super::fault::Fault;
use crate::source::nearest;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Blank,
    Comment(&'a str),
    /// The tags of a line, each with its `@`.
    Tags(&'a str),
    Heading(Heading, &'a str),
    Step(Keyword, &'a str),
    /// A table row, with its bars.
    Row(&'a str),
    Docstring,
    Other(&'a str),
}

/// A heading that the standard allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    Feature,
    Background,
    Rule,
    Scenario,
    Outline,
    Examples,
}

/// A step keyword that the standard allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Diketahui,
    Ketika,
    Maka,
    Dan,
    Tetapi,
}

/// Tells what a line is.
pub(super) fn classify(line: &str) -> Line<'_> {
    let text = line.trim();
    if text.is_empty() {
        return Line::Blank;
    }
    if text.starts_with('#') {
        return Line::Comment(text);
    }
    if text.starts_with('@') {
        return Line::Tags(text);
    }
    if text.starts_with('|') {
        return Line::Row(text);
    }
    if text.starts_with("\"\"\"") || text.starts_with("```") {
        return Line::Docstring;
    }
    for (word, heading) in HEADINGS {
        if let Some(name) = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(':')) {
            return Line::Heading(*heading, name.trim());
        }
    }
    for (word, keyword) in KEYWORDS {
        if let Some(body) = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) {
            return Line::Step(*keyword, body.trim());
        }
    }
    Line::Other(text)
}

/// What is wrong with a line that is none of ours, and what was probably meant.
pub(super) fn explain(text: &str) -> Fault {
    let ours = || {
        HEADINGS
            .iter()
            .map(|(word, _)| *word)
            .chain(KEYWORDS.iter().map(|(word, _)| *word))
    };
    if let Some(word) = ours().find(|word| begins_with(text, word)) {
        return Fault::Keyword { word };
    }
    if let Some((word, ours)) = FOREIGN.iter().find(|(word, _)| begins_with(text, word)) {
        return Fault::ForeignKeyword { word, ours };
    }
    let first = text.split([' ', ':']).next().unwrap_or_default();
    nearest(first, ours()).map_or(Fault::NoKeyword, |word| Fault::Misspelt { word })
}

/// Whether the text begins with the word, letter case aside, and the word ends there.
fn begins_with(text: &str, word: &str) -> bool {
    let mut letters = text.chars();
    let same = word.chars().all(|wanted| {
        letters
            .next()
            .is_some_and(|found| found.to_lowercase().eq(wanted.to_lowercase()))
    });
    same && letters.next().is_none_or(|next| !next.is_alphanumeric())
}

const HEADINGS: &[(&str, Heading)] = &[
    ("Fitur", Heading::Feature),
    ("Latar Belakang", Heading::Background),
    ("Aturan", Heading::Rule),
    ("Skenario konsep", Heading::Outline),
    ("Skenario", Heading::Scenario),
    ("Contoh", Heading::Examples),
];

const KEYWORDS: &[(&str, Keyword)] = &[
    ("Diketahui", Keyword::Diketahui),
    ("Ketika", Keyword::Ketika),
    ("Maka", Keyword::Maka),
    ("Dan", Keyword::Dan),
    ("Tetapi", Keyword::Tetapi),
];

/// Other keywords of Gherkin, Indonesian and English, and words that are often taken for one; with ours.
const FOREIGN: &[(&str, &str)] = &[
    ("Garis-Besar Skenario", "Skenario konsep"),
    ("Dasar", "Latar Belakang"),
    ("Misal", "Contoh"),
    ("Rule", "Aturan"),
    ("Dengan", "Diketahui"),
    ("Diasumsikan", "Diketahui"),
    ("Bila", "Ketika"),
    ("Jika", "Ketika"),
    ("Saat", "Ketika"),
    ("Kemudian", "Maka"),
    ("Lalu", "Maka"),
    ("Tapi", "Tetapi"),
    ("Namun", "Tetapi"),
    ("*", "Dan"),
    ("Feature", "Fitur"),
    ("Background", "Latar Belakang"),
    ("Scenario Outline", "Skenario konsep"),
    ("Scenario Template", "Skenario konsep"),
    ("Scenario", "Skenario"),
    ("Examples", "Contoh"),
    ("Example", "Skenario"),
    ("Given", "Diketahui"),
    ("When", "Ketika"),
    ("Then", "Maka"),
    ("And", "Dan"),
    ("But", "Tetapi"),
];
