//! The words of a step as typed values. A word that does not fit is a fault of the feature or of its definition,
//! so it is ERROR, never a finding about the application.

use std::collections::BTreeMap;

use crate::domain::{Actor, Op, Status};
use crate::run::Halt;

/// What a step says.
#[derive(Debug, Clone, Default)]
pub struct Args {
    /// The groups of its pattern; group 0 is the whole sentence.
    pub groups: Vec<Option<String>>,
    /// Its table: header row first.
    pub rows: Vec<Vec<String>>,
    /// Its line in the feature.
    pub line: usize,
}

impl Args {
    /// Whether an optional group stands there.
    pub fn has(&self, group: usize) -> bool {
        matches!(self.groups.get(group), Some(Some(_)))
    }

    /// A group's text.
    pub fn text(&self, group: usize) -> Result<&str, Halt> {
        match self.groups.get(group) {
            Some(Some(text)) => Ok(text),
            _ => Err(self.fault(group, "a text")),
        }
    }

    /// A group's number.
    pub fn number(&self, group: usize) -> Result<usize, Halt> {
        self.text(group)?.parse().map_err(|_| self.fault(group, "a number"))
    }

    /// The actors of a list such as "pelapor A, pelapor B, dan admin".
    pub fn actors(&self, group: usize) -> Result<Vec<Actor>, Halt> {
        self.list(group)?
            .iter()
            .map(|word| Actor::by_words(word).ok_or_else(|| self.fault(group, "an actor")))
            .collect()
    }

    /// The one actor.
    pub fn actor(&self, group: usize) -> Result<Actor, Halt> {
        Actor::by_words(self.text(group)?).ok_or_else(|| self.fault(group, "one actor"))
    }

    /// The complaints of a list such as "P1, P2, dan P3".
    pub fn objects(&self, group: usize) -> Result<Vec<String>, Halt> {
        self.list(group)
    }

    /// The one complaint.
    pub fn object(&self, group: usize) -> Result<String, Halt> {
        match self.list(group)?.as_slice() {
            [one] => Ok(one.clone()),
            _ => Err(self.fault(group, "one complaint")),
        }
    }

    /// A status code.
    pub fn status(&self, group: usize) -> Result<Status, Halt> {
        Status::by_id(self.text(group)?).ok_or_else(|| self.fault(group, "a status"))
    }

    /// The operation that an act's words name.
    pub fn op(&self, group: usize) -> Result<Op, Halt> {
        Op::by_words(self.text(group)?).ok_or_else(|| self.fault(group, "an act"))
    }

    /// The field names of a list.
    pub fn fields(&self, group: usize) -> Result<Vec<String>, Halt> {
        self.list(group)
    }

    /// The table, one map a row, by the header's words. No table, no row or a ragged row is a fault.
    pub fn table(&self) -> Result<Vec<BTreeMap<String, String>>, Halt> {
        let [header, rows @ ..] = self.rows.as_slice() else {
            return Err(self.missing("a table"));
        };
        if rows.is_empty() {
            return Err(self.missing("a table with rows"));
        }
        rows.iter()
            .map(|row| {
                if row.len() == header.len() {
                    Ok(header.iter().cloned().zip(row.iter().cloned()).collect())
                } else {
                    Err(self.missing("a table with as many cells in each row as in its header"))
                }
            })
            .collect()
    }

    fn list(&self, group: usize) -> Result<Vec<String>, Halt> {
        let text = self.text(group)?.replace(", dan ", ", ").replace(" dan ", ", ");
        Ok(text.split(", ").map(str::to_owned).collect())
    }

    fn fault(&self, group: usize, wanted: &str) -> Halt {
        let text = self.groups.get(group).and_then(Option::as_deref).unwrap_or("");
        Halt::error(format!("line {}: group {group} `{text}` is not {wanted}", self.line))
    }

    fn missing(&self, wanted: &str) -> Halt {
        Halt::error(format!("line {}: the step needs {wanted}", self.line))
    }
}

/// One cell of a table row.
pub fn cell<'a>(row: &'a BTreeMap<String, String>, column: &str) -> Result<&'a str, Halt> {
    row.get(column)
        .map(String::as_str)
        .ok_or_else(|| Halt::error(format!("the table has no column `{column}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Args {
        Args {
            groups: vec![None, Some(text.to_owned())],
            rows: Vec::new(),
            line: 7,
        }
    }

    #[test]
    fn lists_of_one_two_and_three_are_read() {
        assert_eq!(args("P1").objects(1).unwrap(), ["P1"]);
        assert_eq!(args("P1 dan P2").objects(1).unwrap(), ["P1", "P2"]);
        assert_eq!(args("P1, P2, dan P3").objects(1).unwrap(), ["P1", "P2", "P3"]);
        assert_eq!(
            args("pelapor A dan petugas lain").actors(1).unwrap(),
            [Actor::PelaporA, Actor::PetugasLain]
        );
    }

    #[test]
    fn a_word_that_does_not_fit_is_our_fault_and_names_the_line() {
        let Err(Halt::Error(text)) = args("99999999999999999999999").number(1) else {
            panic!("no error")
        };
        assert!(text.contains("line 7"), "{text}");
        assert!(matches!(args("siapa").actor(1), Err(Halt::Error(_))));
        assert!(matches!(args("x").table(), Err(Halt::Error(_))));
    }
}
