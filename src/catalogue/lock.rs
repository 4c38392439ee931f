//! `standard.lock`: digests of every requirement and feature file, so that a pack tells which standard judged.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};
use serde::Serialize;

use super::model::{Catalogue, REVISION, Requirement};
use super::standard::Files;

/// The lock as JSON with a final newline: `{format, revision, whole, requirements{}, files{}}`.
///
/// A requirement's digest is of its entry as JSON; a file's of its bytes; `whole` of both lists as printed here.
pub fn lock(catalogue: &Catalogue, files: &Files) -> String {
    let requirements: Vec<Digest> = catalogue.requirements.iter().map(requirement).collect();
    let files: Vec<Digest> = files
        .with_extension("feature")
        .chain(files.tables())
        .map(|file| Digest {
            name: file.path().to_owned(),
            sha256: sha256(file.text().as_bytes()),
        })
        .collect();
    let line = |digest: &Digest| [digest.sha256.as_str(), " ", digest.name.as_str(), "\n"].concat();
    let lines: String = requirements.iter().chain(&files).map(line).collect();
    let lock = Lock {
        format: "1.0",
        revision: REVISION,
        sha256: sha256(lines.as_bytes()),
        requirements,
        features: files,
    };
    serde_json::to_string_pretty(&lock).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct Lock {
    format: &'static str,
    revision: &'static str,
    /// Digest of `<sha256> <name>\n` of all requirements, then all features, then all tables of inputs.
    sha256: String,
    requirements: Vec<Digest>,
    /// Feature files, then tables of inputs.
    features: Vec<Digest>,
}

#[derive(Serialize)]
struct Digest {
    name: String,
    sha256: String,
}

/// The entry's digest; its place is left out, so that moving an entry within its file changes nothing.
fn requirement(requirement: &Requirement) -> Digest {
    let entry = Requirement {
        place: super::Place::default(),
        ..requirement.clone()
    };
    let text = serde_json::to_string(&entry).unwrap_or_default();
    Digest {
        name: entry.id.to_string(),
        sha256: sha256(text.as_bytes()),
    }
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes)
        .as_ref()
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::StandardFile;

    #[test]
    fn one_changed_letter_of_an_entry_or_a_feature_changes_the_whole() {
        let files = Files::embedded();
        let catalogue = Catalogue::of(&files).unwrap();
        let before: serde_json::Value = serde_json::from_str(&lock(&catalogue, &files)).unwrap();
        assert_eq!(
            before["requirements"].as_array().unwrap().len(),
            catalogue.requirements.len()
        );
        let mut other = catalogue.clone();
        other.requirements[0].norm.en.push('.');
        let after: serde_json::Value = serde_json::from_str(&lock(&other, &files)).unwrap();
        assert_ne!(before["sha256"], after["sha256"]);
        assert_ne!(before["requirements"][0], after["requirements"][0]);
        assert_eq!(before["requirements"][1], after["requirements"][1]);
        let mut changed = files.clone();
        let first = changed
            .0
            .iter()
            .position(|file| file.path().ends_with(".feature"))
            .unwrap();
        changed.0[first] = StandardFile::new(files.0[first].path(), format!("{} ", files.0[first].text()));
        let after: serde_json::Value = serde_json::from_str(&lock(&catalogue, &changed)).unwrap();
        assert_ne!(before["sha256"], after["sha256"]);
    }
}
