//! The grammar of a feature, line by line (gherkin.md): every line has a meaning, and nothing passes by absence.
//! Knows nothing of the catalogue and of step definitions.

use super::block::{Block, Table};
use super::fault::Fault;
use super::lines::{Heading, Keyword, Line, classify, explain};
use crate::source::{Diagnosis, SourceFile};

/// Every fault of a feature's structure, in the order of lines.
pub(super) fn check(file: &SourceFile) -> Vec<Diagnosis> {
    let diagnosis = |(line, fault): (usize, Fault)| {
        let (text, advice) = fault.phrases();
        file.line_diagnosis(line, text, advice)
    };
    faults(file).into_iter().map(diagnosis).collect()
}

/// The same as lines and faults.
pub(super) fn faults(file: &SourceFile) -> Vec<(usize, Fault)> {
    let mut checker = Checker {
        file,
        found: Vec::new(),
        feature: false,
        tag: None,
        block: None,
        table: None,
        after_step: false,
    };
    checker.head();
    for number in 1..=file.lines() {
        checker.line(number, file.line(number));
    }
    checker.end();
    checker.found.sort_by_key(|(line, _)| *line);
    checker.found
}

struct Checker<'a> {
    file: &'a SourceFile,
    found: Vec<(usize, Fault)>,
    feature: bool,
    /// The line of a tag that waits for its scenario.
    tag: Option<usize>,
    /// The scenario or background that is being read.
    block: Option<Block<'a>>,
    /// The table that is being read.
    table: Option<Table<'a>>,
    /// Whether the line above is a step: only there a step's table may begin.
    after_step: bool,
}

impl<'a> Checker<'a> {
    fn say(&mut self, line: usize, fault: Fault) {
        self.found.push((line, fault));
    }

    /// No byte order mark, and the language first.
    fn head(&mut self) {
        if self.file.text().starts_with('\u{feff}') {
            self.say(1, Fault::Bom);
        } else if self.file.line(1) != LANGUAGE {
            self.say(1, Fault::Language);
        }
    }

    fn line(&mut self, number: usize, text: &'a str) {
        let text = if number == 1 {
            text.trim_start_matches('\u{feff}')
        } else {
            text
        };
        if let Some(hidden) = text.chars().find(|c| is_invisible(*c)) {
            self.say(
                number,
                Fault::Invisible {
                    shown: hidden.escape_unicode().to_string(),
                },
            );
        }
        let line = classify(text);
        if !matches!(line, Line::Row(_)) {
            self.end_table();
        }
        let after_step = std::mem::replace(&mut self.after_step, matches!(line, Line::Step(..)));
        match line {
            Line::Blank => {}
            Line::Comment(comment) => self.comment(number, comment),
            Line::Tags(tags) => {
                if self.tag.replace(number).is_some() || tags.split_whitespace().count() != 1 {
                    self.say(number, Fault::Tags);
                }
            }
            Line::Heading(Heading::Examples, _) => self.examples(number),
            Line::Heading(heading, name) => self.heading(number, heading, name),
            Line::Step(keyword, body) => self.step(number, keyword, body),
            Line::Row(row) => self.row(number, row, after_step),
            Line::Docstring => self.say(number, Fault::Docstring),
            Line::Other(text) => self.say(number, explain(text)),
        }
    }

    fn comment(&mut self, number: usize, comment: &str) {
        let directive = comment.trim_start_matches('#').trim_start();
        if number > 1 && directive.starts_with("language") && directive.contains(':') {
            self.say(number, Fault::LanguageAgain);
        }
    }

    fn heading(&mut self, number: usize, heading: Heading, name: &'a str) {
        self.end_block();
        match (self.tag.take(), matches!(heading, Heading::Scenario | Heading::Outline)) {
            (Some(line), false) => self.say(line, Fault::TagHere),
            (None, true) => self.say(number, Fault::NoTag),
            _ => {}
        }
        if heading == Heading::Feature {
            if self.feature {
                self.say(number, Fault::FeatureAgain);
            }
        } else if !self.feature {
            self.say(number, Fault::NoFeature);
        }
        self.feature = true;
        if name.is_empty() && heading != Heading::Background {
            self.say(number, Fault::NoTitle);
        }
        if !matches!(heading, Heading::Feature | Heading::Rule) {
            self.block = Some(Block::new(number, heading, name));
        }
    }

    /// A `Contoh` belongs to an outline, and its table follows at once, because rows are known by their lines.
    fn examples(&mut self, number: usize) {
        if let Some(line) = self.tag.take() {
            self.say(line, Fault::ExamplesTag);
        }
        if self
            .block
            .as_ref()
            .is_none_or(|block| block.heading != Heading::Outline)
        {
            self.say(number, Fault::ExamplesAlone);
        }
        if !matches!(classify(self.file.line(number + 1)), Line::Row(_)) {
            self.say(number, Fault::ExamplesGap);
        }
        self.table = Some(Table::new(number, true));
    }

    fn step(&mut self, number: usize, keyword: Keyword, body: &'a str) {
        match &mut self.block {
            Some(block) => {
                let faults = block.step(number, keyword, body);
                self.found.extend(faults.into_iter().map(|fault| (number, fault)));
            }
            None => self.say(number, Fault::LooseStep),
        }
        if let Some(line) = self.tag.take() {
            self.say(line, Fault::LooseTag);
        }
    }

    fn row(&mut self, number: usize, row: &'a str, after_step: bool) {
        if self.table.is_none() && after_step {
            self.table = Some(Table::new(number - 1, false));
        }
        let Some(table) = &mut self.table else {
            return self.say(number, Fault::LooseRow);
        };
        match table.row(row) {
            Ok(cells) => {
                if let Some(block) = &mut self.block {
                    block.cells(number, cells, table.examples, table.rows == 0);
                }
            }
            Err(fault) => self.say(number, fault),
        }
    }

    /// A table of a header alone gives no row: gherkin then runs nothing, silently.
    fn end_table(&mut self) {
        let table = self.table.take();
        if let Some(table) = table.filter(|table| table.rows == 0 && !table.header.is_empty()) {
            self.say(table.owner, Fault::HeaderAlone);
        }
    }

    fn end_block(&mut self) {
        self.end_table();
        if let Some(block) = self.block.take() {
            self.found.extend(block.end());
        }
    }

    fn end(&mut self) {
        self.end_block();
        if let Some(line) = self.tag.take() {
            self.say(line, Fault::LooseTag);
        }
        if !self.feature {
            self.say(1, Fault::NoFeature);
        }
    }
}

/// Characters that change what is compared and that nobody sees.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

const LANGUAGE: &str = "# language: id";

#[cfg(test)]
#[path = "structure_tests.rs"]
mod tests;
