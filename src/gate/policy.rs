//! The policy of a gate: a small TOML file of the hub. Unknown and missing keys are errors with their line, so a misspelt
//! rule never opens the gate. `docs/gerbang.md` explains every key.

use std::collections::BTreeSet;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::attestation::{Digest, KeyId, PublicKey};
use crate::certificate::plain_name;
use crate::domain::{Phrase, Profile, vocabulary};
use crate::phrase;
use crate::source::{Diagnosis, SourceFile};
use crate::statement::Environment;

use super::answer::Answer;

/// Version of the policy's format.
const FORMAT: &str = "1.0";

/// Where the schema of policies stands in the repository.
pub const SCHEMA_PATH: &str = "schemas/kebijakan.schema.json";

/// Where the schema of answers stands in the repository.
pub const ANSWER_SCHEMA_PATH: &str = "schemas/jawaban-gerbang.schema.json";

vocabulary! {
    /// What a key is trusted for.
    Use {
        Certificate = "sertifikat", "menandatangani sertifikat", "signs certificates";
        Status = "status", "menandatangani daftar status", "signs status lists";
        Test = "uji", "menandatangani laporan uji", "signs test reports";
    }
}

/// A policy as written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Kebijakan gerbang", description = "Policy of laik's gate, format 1.0.")]
pub struct PolicyDocument {
    /// Version of this format: "1.0".
    pub format: String,
    /// Profiles that are accepted; at least one.
    #[schemars(length(min = 1))]
    pub profil: Vec<Profile>,
    /// Revisions of the standard that are accepted; at least one.
    #[schemars(length(min = 1))]
    pub revisi: Vec<String>,
    /// Environments of the test that are accepted; at least one.
    #[schemars(length(min = 1))]
    pub lingkungan: Vec<Environment>,
    /// How old the test may be, in days.
    #[schemars(range(min = 1, max = 3660))]
    pub umur_uji_hari: u32,
    /// Whether trial certificates are accepted. For rehearsals alone.
    #[serde(default)]
    pub percobaan: bool,
    /// Whether certificates with waivers are accepted.
    #[serde(default)]
    pub pengecualian: bool,
    /// Whether a certificate is accepted after its date of surveillance. (A status list that suspends it closes the gate in
    /// any case.)
    #[serde(default)]
    pub surveilans_boleh_lewat: bool,
    /// How many distinct holders must have signed a certificate.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 16))]
    pub ambang: usize,
    /// The keys that are trusted.
    #[schemars(length(min = 1))]
    pub kunci: Vec<KeyEntry>,
    /// Which application the gate is for; left out, it is for any.
    #[serde(default)]
    pub aplikasi: Target,
    /// The status list.
    pub status: StatusEntry,
}

/// One trusted key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    /// Who holds it. Two keys of one holder count as one signature.
    pub pemilik: String,
    /// The public key: the base64 between the lines of its PEM file (`laik key show` prints it).
    pub publik: String,
    /// What it is trusted for.
    #[schemars(length(min = 1))]
    pub guna: BTreeSet<Use>,
}

/// Which application the gate is for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name as the certificate has it.
    #[serde(default)]
    pub nama: Option<String>,
    /// The agency as the certificate has it.
    #[serde(default)]
    pub instansi: Option<String>,
    /// The version as the certificate has it.
    #[serde(default)]
    pub versi: Option<String>,
    /// SHA-256 of the build that may be connected.
    #[serde(default)]
    pub rakitan: Option<String>,
    /// Whether certificate and question must both tell the build.
    #[serde(default)]
    pub rakitan_wajib: bool,
}

/// What is demanded of the status list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusEntry {
    /// Whether there must be one. One that is given is looked at in any case.
    #[serde(default = "yes")]
    pub wajib: bool,
    /// How old it may be, in hours, beside its own expiry.
    #[schemars(range(min = 1, max = 8784))]
    pub umur_jam: u32,
    /// How many distinct holders must have signed it.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 16))]
    pub ambang: usize,
    /// Whether the gate must have a memory (`--state`).
    #[serde(default)]
    pub ingatan_wajib: bool,
}

const fn one() -> usize {
    1
}

const fn yes() -> bool {
    true
}

/// A policy that was checked.
#[derive(Debug, Clone)]
pub struct Policy {
    document: PolicyDocument,
    keys: Vec<(PublicKey, KeyEntry)>,
    build: Option<Digest>,
}

impl Policy {
    /// Reads a policy; a fault names file, line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, Box<Diagnosis>> {
        let source = SourceFile::new(name, text);
        let document: PolicyDocument = toml::from_str(text).map_err(|error| {
            let message = error.message().to_owned();
            fault(
                &source,
                error.span().unwrap_or(0..0),
                Phrase::same(message),
                Phrase::new(
                    "docs/gerbang.md menjelaskan setiap kunci.",
                    "docs/gerbang.md explains every key.",
                ),
            )
        })?;
        Self::check(document).map_err(|(wrong, text)| {
            let span = place(source.text(), &wrong);
            let advice = Phrase::new("Betulkan kebijakannya.", "Mend the policy.");
            fault(&source, span, text, advice)
        })
    }

    /// The policy as written.
    pub const fn document(&self) -> &PolicyDocument {
        &self.document
    }

    /// The keys that are trusted for something.
    pub fn keys(&self, what: Use) -> Vec<PublicKey> {
        let trusted = self.keys.iter().filter(|(_, entry)| entry.guna.contains(&what));
        trusted.map(|(key, _)| key.clone()).collect()
    }

    /// Who holds a key; empty for one that is not trusted.
    pub fn holder(&self, id: &KeyId) -> &str {
        let found = self.keys.iter().find(|(key, _)| key.id() == *id);
        found.map_or("", |(_, entry)| entry.pemilik.as_str())
    }

    /// The build that may be connected.
    pub const fn build(&self) -> Option<&Digest> {
        self.build.as_ref()
    }

    /// Checks what the types do not say. A fault names a piece of the text to point at.
    fn check(document: PolicyDocument) -> Result<Self, (String, Phrase)> {
        let wrong = |at: &str, text: Phrase| Err((at.to_owned(), text));
        if document.format != FORMAT {
            return wrong(
                "format",
                phrase!("format harus \"{FORMAT}\"", "format must be \"{FORMAT}\""),
            );
        }
        let empty = [
            ("profil", document.profil.is_empty()),
            ("revisi", document.revisi.is_empty()),
            ("lingkungan", document.lingkungan.is_empty()),
            ("kunci", document.kunci.is_empty()),
        ];
        if let Some((name, _)) = empty.into_iter().find(|(_, empty)| *empty) {
            return wrong(name, phrase!("`{name}` kosong", "`{name}` is empty"));
        }
        let numbers = [
            ("umur_uji_hari", u64::from(document.umur_uji_hari), 3660),
            ("umur_jam", u64::from(document.status.umur_jam), 8784),
            ("ambang", document.ambang as u64, 16),
            ("ambang", document.status.ambang as u64, 16),
        ];
        if let Some((name, _, most)) = numbers
            .into_iter()
            .find(|(_, found, most)| !(1..=*most).contains(found))
        {
            return wrong(
                name,
                phrase!("`{name}` harus 1 sampai {most}", "`{name}` must be 1 to {most}"),
            );
        }
        let keys = keys(&document.kunci)?;
        thresholds(&document)?;
        let build = match &document.aplikasi.rakitan {
            None => None,
            Some(text) => match Digest::parse(text) {
                None => return wrong(text, Phrase::new("bukan SHA-256", "not a SHA-256")),
                found => found,
            },
        };
        Ok(Self { document, keys, build })
    }
}

/// Whether there are holders enough to reach each threshold.
fn thresholds(document: &PolicyDocument) -> Result<(), (String, Phrase)> {
    for (what, threshold) in [
        (Use::Certificate, document.ambang),
        (Use::Status, document.status.ambang * usize::from(document.status.wajib)),
    ] {
        let holders: BTreeSet<String> = document
            .kunci
            .iter()
            .filter(|entry| entry.guna.contains(&what))
            .map(|entry| plain_name(&entry.pemilik))
            .collect();
        let (found, id) = (holders.len(), what.id());
        if found < threshold {
            return Err((
                "ambang".to_owned(),
                phrase!(
                    "ambang {threshold}, tetapi hanya {found} pemilik kunci untuk `{id}`",
                    "threshold {threshold}, but only {found} holders of keys for `{id}`"
                ),
            ));
        }
    }
    Ok(())
}

fn keys(entries: &[KeyEntry]) -> Result<Vec<(PublicKey, KeyEntry)>, (String, Phrase)> {
    let mut keys: Vec<(PublicKey, KeyEntry)> = Vec::new();
    for entry in entries {
        let wrong = |text: Phrase| Err((entry.publik.clone(), text));
        let key = match PublicKey::parse(&entry.publik) {
            Ok(key) => key,
            Err(error) => return wrong(phrase!("bukan kunci publik: {error}", "not a public key: {error}")),
        };
        if keys.iter().any(|(other, _)| *other == key) {
            return wrong(Phrase::new("kunci ini disebut dua kali", "this key stands twice"));
        }
        if entry.guna.is_empty() || entry.pemilik.trim().is_empty() {
            return wrong(Phrase::new(
                "kunci tanpa `guna` atau `pemilik`",
                "a key without `guna` (use) or `pemilik` (holder)",
            ));
        }
        keys.push((key, entry.clone()));
    }
    Ok(keys)
}

/// Where a piece of text stands first; the beginning of the file where it does not.
fn place(text: &str, piece: &str) -> Range<usize> {
    let at = text.find(piece).filter(|_| !piece.is_empty());
    at.map_or(0..0, |at| at..at + piece.len())
}

fn fault(source: &SourceFile, span: Range<usize>, text: Phrase, advice: Phrase) -> Box<Diagnosis> {
    Box::new(source.diagnosis(span, text, advice))
}

/// The JSON Schema of policies, for editors.
pub fn policy_schema() -> String {
    pretty(&schemars::schema_for!(PolicyDocument))
}

/// The JSON Schema of answers.
pub fn answer_schema() -> String {
    pretty(&schemars::schema_for!(Answer))
}

fn pretty(schema: &schemars::Schema) -> String {
    serde_json::to_string_pretty(schema).unwrap_or_default() + "\n"
}
