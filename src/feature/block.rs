//! One scenario (or background) and one table while they are read: what only their whole can tell.
//! Knows nothing of the lines around them.

use std::collections::BTreeSet;

use super::fault::Fault;
use super::lines::{Heading, Keyword};

/// A scenario, outline or background.
pub(super) struct Block<'a> {
    line: usize,
    pub(super) heading: Heading,
    /// Kind (`Dan` and `Tetapi` resolved) and text of each step.
    steps: Vec<(Keyword, &'a str)>,
    /// `<name>` and the line where it stands.
    placeholders: Vec<(usize, &'a str)>,
    /// The header of each `Contoh`.
    columns: Vec<(usize, Vec<&'a str>)>,
}

impl<'a> Block<'a> {
    /// Begins at a heading.
    pub(super) fn new(line: usize, heading: Heading, name: &'a str) -> Self {
        let placeholders = placeholders(name).map(|name| (line, name)).collect();
        Self {
            line,
            heading,
            steps: Vec::new(),
            placeholders,
            columns: Vec::new(),
        }
    }

    /// Takes a step.
    pub(super) fn step(&mut self, number: usize, keyword: Keyword, body: &'a str) -> Vec<Fault> {
        let before = self.steps.last().map(|step| step.0);
        let kind = match keyword {
            Keyword::Dan | Keyword::Tetapi => before.unwrap_or(keyword),
            own => own,
        };
        self.steps.push((kind, body));
        self.placeholders.extend(placeholders(body).map(|name| (number, name)));
        let mut faults = Vec::new();
        if matches!(kind, Keyword::Dan | Keyword::Tetapi) {
            faults.push(Fault::FirstStep);
        } else if before.is_some_and(|before| order(kind) < order(before)) {
            faults.push(Fault::Order);
        }
        if body.contains(" #") {
            faults.push(Fault::Remark);
        }
        if !self.columns.is_empty() {
            faults.push(Fault::LateStep);
        }
        faults
    }

    /// Takes a table row, of a `Contoh` or of a step.
    pub(super) fn cells(&mut self, number: usize, cells: Vec<&'a str>, examples: bool, header: bool) {
        if !examples {
            let found = cells
                .iter()
                .flat_map(|cell| placeholders(cell))
                .map(|name| (number, name));
            self.placeholders.extend(found);
        } else if header {
            self.columns.push((number, cells));
        }
    }

    /// What its whole lacks.
    pub(super) fn end(self) -> Vec<(usize, Fault)> {
        let mut found = Vec::new();
        if self.heading == Heading::Outline {
            self.outline(&mut found);
        } else if let Some((line, name)) = self.placeholders.first() {
            found.push((
                *line,
                Fault::LoosePlaceholder {
                    name: (*name).to_owned(),
                },
            ));
        }
        if self.heading == Heading::Background {
            return found;
        }
        let count = self.steps.len();
        if !(MIN_STEPS..=MAX_STEPS).contains(&count) {
            found.push((self.line, Fault::Steps { count }));
        }
        let any = |kind, sure: fn(&str) -> bool| self.steps.iter().any(|step| step.0 == kind && sure(step.1));
        if !any(Keyword::Ketika, |body| !body.contains(CONDITION)) {
            found.push((self.line, Fault::NoAct));
        }
        let finding = |body: &str| !body.contains(CONDITION) && !PREFIXES.iter().any(|prefix| body.starts_with(prefix));
        if !any(Keyword::Maka, finding) {
            found.push((self.line, Fault::NoFinding));
        }
        found
    }

    /// Placeholders and columns agree, in every `Contoh`.
    fn outline(&self, found: &mut Vec<(usize, Fault)>) {
        if self.columns.is_empty() {
            found.push((self.line, Fault::NoExamples));
        }
        for (row, columns) in &self.columns {
            if let Some((line, name)) = self.placeholders.iter().find(|(_, name)| !columns.contains(name)) {
                found.push((
                    *line,
                    Fault::NoColumn {
                        name: (*name).to_owned(),
                        row: *row,
                    },
                ));
            }
            let used = |column: &&&str| self.placeholders.iter().any(|(_, name)| name == *column);
            if let Some(name) = columns.iter().find(|column| !used(column)) {
                found.push((
                    *row,
                    Fault::UnusedColumn {
                        name: (*name).to_owned(),
                    },
                ));
            }
        }
    }
}

/// A table of a step or of a `Contoh`.
pub(super) struct Table<'a> {
    /// The line of the step or `Contoh` above.
    pub(super) owner: usize,
    /// Whether it belongs to a `Contoh`.
    pub(super) examples: bool,
    pub(super) header: Vec<&'a str>,
    /// Rows below the header.
    pub(super) rows: usize,
}

impl<'a> Table<'a> {
    /// Begins below its owner.
    pub(super) fn new(owner: usize, examples: bool) -> Self {
        Self {
            owner,
            examples,
            header: Vec::new(),
            rows: 0,
        }
    }

    /// Takes a row with its bars; gives its cells. A faulty row counts as a row all the same.
    pub(super) fn row(&mut self, row: &'a str) -> Result<Vec<&'a str>, Fault> {
        let first = self.header.is_empty();
        let inner = row.strip_prefix('|').and_then(|row| row.strip_suffix('|'));
        let cells: Vec<&str> = inner.unwrap_or_default().split('|').map(str::trim).collect();
        let (count, width) = (cells.len(), self.header.len());
        if first {
            self.header.clone_from(&cells);
        } else {
            self.rows += 1;
        }
        if inner.is_none() || row.contains('\\') {
            Err(Fault::RowShape)
        } else if cells.iter().any(|cell| cell.is_empty()) {
            Err(Fault::EmptyCell)
        } else if first && cells.iter().collect::<BTreeSet<_>>().len() != count {
            Err(Fault::ColumnAgain)
        } else if !first && count != width {
            Err(Fault::Width { count, width })
        } else {
            Ok(cells)
        }
    }
}

/// The names between `<` and `>`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(name, _)| name)
}

const fn order(kind: Keyword) -> u8 {
    match kind {
        Keyword::Diketahui => 0,
        Keyword::Ketika => 1,
        Keyword::Maka | Keyword::Dan | Keyword::Tetapi => 2,
    }
}

/// gherkin.md, *Words*: two to eight steps.
const MIN_STEPS: usize = 2;
const MAX_STEPS: usize = 8;

/// A step with this can be left out (gherkin.md, *Grammar*).
const CONDITION: &str = ", bila ";

/// A *Maka* with one of these never gives FAIL.
const PREFIXES: &[&str] = &["kontrol: ", "cukup bukti: ", "peringatan: "];
