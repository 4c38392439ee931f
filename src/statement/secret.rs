//! Secrets by reference: their values never stand in a statement, are never shown, and come from the environment
//! or from files below the statement's directory (decisions.md E.33).

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path};

use super::Places;
use super::place::Diagnosis;
use crate::domain::Phrase;
use crate::phrase;

/// The longest secret that is read from a file.
const LONGEST: u64 = 64 * 1024;

/// A secret value. It has no `Display` and does not serialise.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself; for sending and for registering with the recorder only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Where the values of secrets come from.
#[derive(Clone)]
pub enum SecretSource {
    /// `env:` and `file:` as the statement says.
    Environment,
    /// Given values, by the name in `[rahasia]` or by the `LAIK_` variable; nothing else is looked at.
    Given(BTreeMap<String, String>),
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Environment => "Environment",
            Self::Given(_) => "Given(…)",
        })
    }
}

/// Checks how a reference is written, without reading anything.
pub(super) fn check_reference(places: &Places, name: &str, reference: &str) -> Result<(), Diagnosis> {
    let keys = ["rahasia", name];
    if let Some(variable) = reference.strip_prefix("env:") {
        let good = variable.starts_with("LAIK_")
            && variable
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if good {
            return Ok(());
        }
        return Err(places.fault(
            &keys,
            Phrase::new(
                "nama variabel lingkungan harus berawalan LAIK_ dan hanya memuat A–Z, 0–9, dan _",
                "the name of an environment variable must begin with LAIK_ and hold A–Z, 0–9 and _ alone",
            ),
            Phrase::new(
                "Tulis misalnya \"env:LAIK_TOKEN_ADMIN\".",
                "Write for example \"env:LAIK_TOKEN_ADMIN\".",
            ),
        ));
    }
    if let Some(file) = reference.strip_prefix("file:") {
        let plain = !file.is_empty()
            && Path::new(file)
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
        if plain {
            return Ok(());
        }
        return Err(places.fault(
            &keys,
            Phrase::new(
                "berkas rahasia harus berada di bawah direktori pernyataan",
                "a secret's file must lie below the statement's directory",
            ),
            Phrase::new(
                "Tulis lintasan relatif tanpa `..`, misalnya \"file:rahasia/token\".",
                "Write a relative path without `..`, such as \"file:rahasia/token\".",
            ),
        ));
    }
    Err(places.fault(
        &keys,
        Phrase::new(
            "rahasia harus ditulis sebagai rujukan, bukan nilainya",
            "a secret must be written as a reference, not as its value",
        ),
        Phrase::new(
            "Pakai \"env:LAIK_…\" atau \"file:…\".",
            "Use \"env:LAIK_…\" or \"file:…\".",
        ),
    ))
}

/// Reads one secret.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment, LAIK_ names alone"
)]
pub(super) fn resolve(
    places: &Places,
    directory: &Path,
    source: &SecretSource,
    name: &str,
    reference: &str,
) -> Result<Secret, Diagnosis> {
    check_reference(places, name, reference)?;
    let keys = ["rahasia", name];
    let variable = reference.strip_prefix("env:").unwrap_or_default();
    if let SecretSource::Given(values) = source {
        return values
            .get(name)
            .or_else(|| values.get(variable))
            .map(Secret::new)
            .ok_or_else(|| {
                places.fault(
                    &keys,
                    phrase!("rahasia `{name}` tidak diberikan", "secret `{name}` was not given"),
                    Phrase::new("Sertakan nilainya.", "Supply its value."),
                )
            });
    }
    if !variable.is_empty() {
        return match std::env::var(variable) {
            Ok(value) if !value.is_empty() => Ok(Secret(value)),
            _ => Err(places.fault(
                &keys,
                phrase!(
                    "variabel lingkungan {variable} kosong atau tidak ada",
                    "environment variable {variable} is empty or not set"
                ),
                phrase!("Setel dahulu: export {variable}=…", "Set it first: export {variable}=…"),
            )),
        };
    }
    read_file(
        places,
        directory,
        &keys,
        reference.strip_prefix("file:").unwrap_or_default(),
    )
}

/// Reads a secret's file; symbolic links that lead out of the directory are refused.
fn read_file(places: &Places, directory: &Path, keys: &[&str], file: &str) -> Result<Secret, Diagnosis> {
    let fault = |message| {
        let remedy = phrase!("Periksa berkas `{file}`.", "Look at the file `{file}`.");
        places.fault(keys, message, remedy)
    };
    let unreadable = || {
        fault(phrase!(
            "berkas `{file}` tidak terbaca",
            "the file `{file}` cannot be read"
        ))
    };
    let base = directory.canonicalize().map_err(|_| unreadable())?;
    let path = base.join(file).canonicalize().map_err(|_| unreadable())?;
    if !path.starts_with(&base) {
        return Err(fault(phrase!(
            "berkas `{file}` menunjuk ke luar direktori pernyataan",
            "the file `{file}` leads out of the statement's directory"
        )));
    }
    let meta = std::fs::metadata(&path).map_err(|_| unreadable())?;
    if !meta.is_file() || meta.len() > LONGEST {
        return Err(fault(phrase!(
            "berkas `{file}` bukan berkas biasa atau melebihi 64 KiB",
            "the file `{file}` is no plain file or is larger than 64 KiB"
        )));
    }
    let text = std::fs::read_to_string(&path).map_err(|_| unreadable())?;
    let value = text.trim_end_matches(['\r', '\n']);
    if value.is_empty() {
        return Err(fault(phrase!("berkas `{file}` kosong", "the file `{file}` is empty")));
    }
    Ok(Secret::new(value))
}
