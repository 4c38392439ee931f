//! The rule set that judged a pack: which requirements, features and oracles, by digest and version. Two packs, or a
//! pack and this laik, are held against each other by it, so that a difference of verdicts can be told from a
//! difference of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::domain::Phrase;
use crate::evidence::LOG_FILE;
use crate::evidence::record::{Data, Record};
use crate::oracle;
use crate::phrase;

use super::log::{LogFault, LogReader};
use super::run_json::RunJson;
use super::verify::STANDARD_FILE;

/// A lock larger than this is none of ours, in bytes.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The rules of one pack, or of this laik.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Digest of each requirement's entry, by id.
    entries: BTreeMap<String, String>,
    /// Digest of each feature file and table of inputs, by path below `features/`.
    files: BTreeMap<String, String>,
    /// Version of each oracle that judged a row, by row.
    oracles: BTreeMap<String, BTreeMap<String, Option<u32>>>,
}

/// One way in which two rule sets differ for a requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleChange {
    /// The requirement's entry was rewritten, added or removed.
    Entry {
        /// Its id.
        requirement: String,
    },
    /// A file with its scenarios was rewritten.
    Feature {
        /// Path below `features/`.
        file: String,
    },
    /// An oracle that judged it has another version.
    Oracle {
        /// Its name.
        oracle: String,
        /// Version in the first.
        then: Option<u32>,
        /// Version in the second; `None` where it has no such oracle.
        now: Option<u32>,
    },
}

impl RuleChange {
    /// In words.
    pub fn phrase(&self) -> Phrase {
        let version = |version: &Option<u32>| version.map_or_else(|| "–".to_owned(), |number| number.to_string());
        match self {
            Self::Entry { requirement } => phrase!(
                "entri {requirement} dalam standar berubah",
                "the entry of {requirement} in the standard changed"
            ),
            Self::Feature { file } => phrase!("skenario {file} berubah", "the scenarios of {file} changed"),
            Self::Oracle { oracle, then, now } => {
                let (then, now) = (version(then), version(now));
                phrase!(
                    "penilai {oracle} berubah dari versi {then} ke {now}",
                    "oracle {oracle} changed from version {then} to {now}"
                )
            }
        }
    }
}

/// What `standard.lock` holds, as far as it is read back. Unknown members are ignored, as in every minor format.
#[derive(Deserialize)]
struct Lock {
    requirements: Vec<Locked>,
    features: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    sha256: String,
}

impl Rules {
    /// Those of a lock's text; no oracles. A text that is no lock has no rules, so every requirement differs from it.
    pub fn of_lock(text: &str) -> Self {
        let Ok(lock) = serde_json::from_str::<Lock>(text) else {
            return Self::default();
        };
        let by_name = |list: Vec<Locked>| list.into_iter().map(|one| (one.name, one.sha256)).collect();
        Self {
            entries: by_name(lock.requirements),
            files: by_name(lock.features),
            oracles: BTreeMap::new(),
        }
    }

    /// Those that judged a pack: its lock, and the oracles that its log names.
    pub fn of_pack(dir: &Path) -> Result<Self, LogFault> {
        let mut rules = Self::of_lock_file(dir);
        let mut reader = LogReader::open(&dir.join(LOG_FILE)).map_err(LogFault::Io)?;
        while let Some(record) = reader.next() {
            let record = record?;
            rules.observe(&record);
        }
        Ok(rules)
    }

    /// Those of a pack's lock alone; the log's reader adds the oracles record by record.
    pub(super) fn of_lock_file(dir: &Path) -> Self {
        Self::of_lock(&bounded(&dir.join(STANDARD_FILE)))
    }

    /// Takes the oracle of a check.
    pub(super) fn observe(&mut self, record: &Record) {
        if let (Data::Check(check), Some(row)) = (&record.data, &record.scope.row) {
            let row = self.oracles.entry(row.clone()).or_default();
            row.insert(check.oracle.clone(), Some(check.version));
        }
    }

    /// Those of this laik for what a pack holds: a lock's text, and the present version of every oracle of the pack.
    pub fn now(lock: &str, pack: &Self) -> Self {
        let version = |name: &String| (name.clone(), oracle::find(name).map(|entry| entry.version));
        Self {
            oracles: pack
                .oracles
                .iter()
                .map(|(row, oracles)| (row.clone(), oracles.keys().map(version).collect()))
                .collect(),
            ..Self::of_lock(lock)
        }
    }

    /// How the rules of one requirement differ, given the rows that it has in either run.
    pub fn changes<'a>(&self, other: &Self, id: &str, rows: impl Iterator<Item = &'a str>) -> Vec<RuleChange> {
        let mut changes = BTreeSet::new();
        if self.entries.get(id) != other.entries.get(id) {
            changes.insert(RuleChange::Entry {
                requirement: id.to_owned(),
            });
        }
        for row in rows {
            let file = row.rsplit_once(':').map_or(row, |(file, _)| file);
            if self.files.get(file) != other.files.get(file) {
                changes.insert(RuleChange::Feature { file: file.to_owned() });
            }
            let (Some(then), Some(now)) = (self.oracles.get(row), other.oracles.get(row)) else {
                continue;
            };
            changes.extend(
                then.iter()
                    .filter_map(|(oracle, then)| Some((oracle, then, now.get(oracle)?)))
                    .filter(|(_, then, now)| then != now)
                    .map(|(oracle, then, now)| RuleChange::Oracle {
                        oracle: oracle.clone(),
                        then: *then,
                        now: *now,
                    }),
            );
        }
        changes.into_iter().collect()
    }
}

/// The rows that a run planned for a requirement.
pub(super) fn rows<'a>(run: &'a RunJson, id: &str) -> impl Iterator<Item = &'a str> {
    let planned = run
        .plan
        .requirements
        .iter()
        .find(|planned| planned.id.to_string() == id);
    planned
        .into_iter()
        .flat_map(|planned| planned.rows.iter().map(|row| row.id.as_str()))
}

/// A file's text; empty where it cannot be read or is too long.
fn bounded(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    if read.is_err() {
        text.clear();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(entry: &str, feature: &str) -> String {
        format!(
            r#"{{"format":"1.0","requirements":[{{"name":"KM-07","sha256":"{entry}"}},{{"name":"KM-08","sha256":"x"}}],
                "features":[{{"name":"keamanan/2_sesi.feature","sha256":"{feature}"}}]}}"#
        )
    }

    fn oracle(mut rules: Rules, name: &str, version: Option<u32>) -> Rules {
        let row = rules
            .oracles
            .entry("keamanan/2_sesi.feature:41".to_owned())
            .or_default();
        row.insert(name.to_owned(), version);
        rules
    }

    #[test]
    fn an_entry_a_feature_and_an_oracle_are_told_apart() {
        let then = oracle(Rules::of_lock(&lock("a", "b")), "tanda_terima", Some(1));
        let changes = |other: &Rules, id| then.changes(other, id, std::iter::once("keamanan/2_sesi.feature:41"));
        let same = oracle(Rules::of_lock(&lock("a", "b")), "tanda_terima", Some(1));
        assert_eq!(changes(&same, "KM-07"), []);
        let entry = RuleChange::Entry {
            requirement: "KM-07".to_owned(),
        };
        let other = oracle(Rules::of_lock(&lock("z", "b")), "tanda_terima", Some(1));
        assert_eq!(changes(&other, "KM-07"), std::slice::from_ref(&entry));
        assert_eq!(changes(&other, "KM-08"), []);
        let feature = RuleChange::Feature {
            file: "keamanan/2_sesi.feature".to_owned(),
        };
        let newer = RuleChange::Oracle {
            oracle: "tanda_terima".to_owned(),
            then: Some(1),
            now: Some(2),
        };
        let other = oracle(Rules::of_lock(&lock("a", "z")), "tanda_terima", Some(2));
        assert_eq!(changes(&other, "KM-07"), [feature.clone(), newer]);
        // What is no lock shares no rule with anything.
        assert_eq!(
            then.changes(
                &Rules::of_lock("{"),
                "KM-07",
                std::iter::once("keamanan/2_sesi.feature:41")
            ),
            [entry, feature]
        );
    }
}
