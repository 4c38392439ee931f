//! Where the standard comes from: the copies inside the program, or a directory (`--standar DIR`).

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

use super::embedded::FILES;
use super::load;
use super::model::Catalogue;
use crate::domain::phrase::Lang;
use crate::phrase;
use crate::source::{Diagnosis, SourceFile};

/// One file of the standard.
pub type StandardFile = SourceFile;

/// The files of a standard, in the order of their paths below `features/` (written with `/`).
#[derive(Debug, Clone)]
pub struct Files(pub Vec<StandardFile>);

/// Everything that is wrong in the files of a standard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CatalogueErrors(pub Vec<Diagnosis>);

impl CatalogueErrors {
    /// All diagnoses as a compiler shows them.
    pub fn render(&self, lang: Lang, styled: bool) -> String {
        self.0
            .iter()
            .map(|diagnosis| diagnosis.render(lang, styled) + "\n")
            .collect()
    }
}

impl fmt::Display for CatalogueErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Diagnosis::to_string).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

impl Files {
    /// The copies inside the program.
    pub fn embedded() -> Self {
        Self(
            FILES
                .iter()
                .map(|(path, text)| StandardFile::new(*path, *text))
                .collect(),
        )
    }

    /// The files of a directory, or the embedded ones.
    pub fn of(directory: Option<&Path>) -> Result<Self, CatalogueErrors> {
        directory.map_or_else(|| Ok(Self::embedded()), Self::read)
    }

    /// Reads `<area>/<clause>.{feature,toml}` of a directory; other files and deeper directories are not looked at.
    pub fn read(directory: &Path) -> Result<Self, CatalogueErrors> {
        let mut files = Vec::new();
        let shown = directory.display().to_string();
        let areas = entries(directory).map_err(|error| unreadable(&shown, &error))?;
        for area in areas.into_iter().filter(|path| path.is_dir()) {
            let inner = entries(&area).map_err(|error| unreadable(&area.display().to_string(), &error))?;
            for path in inner {
                let extension = path.extension().and_then(|extension| extension.to_str());
                if !matches!(extension, Some("feature" | "toml")) {
                    continue;
                }
                let text = read(&path).map_err(|error| unreadable(&path.display().to_string(), &error))?;
                let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                files.push(StandardFile::new(format!("{}/{}", name(&area), name(&path)), text));
            }
        }
        if files.is_empty() {
            let text = phrase!("tidak ada berkas standar", "no file of a standard");
            let advice = phrase!(
                "tunjuk direktori yang berisi <area>/<klausul>.feature dan .toml",
                "name a directory that holds <area>/<clause>.feature and .toml"
            );
            return Err(CatalogueErrors(vec![Diagnosis::of_file(&shown, text, advice)]));
        }
        files.sort_by(|left, right| left.path().cmp(right.path()));
        Ok(Self(files))
    }

    /// The files whose name ends so (`feature` or `toml`).
    pub fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a StandardFile> {
        self.0
            .iter()
            .filter(move |file| file.path().rsplit_once('.').is_some_and(|(_, end)| end == extension))
    }
}

impl Files {
    /// The clause files: those with requirements.
    pub fn clauses(&self) -> impl Iterator<Item = &StandardFile> {
        self.with_extension("toml").filter(|file| !is_table(file))
    }

    /// The tables of hard inputs that sentences name (`data/<name>.toml`, gherkin.md, *Words*).
    pub fn tables(&self) -> impl Iterator<Item = &StandardFile> {
        self.with_extension("toml").filter(|file| is_table(file))
    }
}

/// A file of `data/` whose name begins with no number: area DT and the tables of inputs share that directory.
fn is_table(file: &StandardFile) -> bool {
    file.path()
        .strip_prefix("data/")
        .is_some_and(|name| !name.starts_with(|first: char| first.is_ascii_digit()))
}

impl Catalogue {
    /// The embedded standard, read once.
    pub fn embedded() -> Result<&'static Self, CatalogueErrors> {
        static EMBEDDED: OnceLock<Result<Catalogue, CatalogueErrors>> = OnceLock::new();
        EMBEDDED
            .get_or_init(|| Self::of(&Files::embedded()))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The standard of a directory.
    pub fn load(directory: &Path) -> Result<Self, CatalogueErrors> {
        Self::of(&Files::read(directory)?)
    }

    /// The catalogue that the clause files among these say; every fault of every file, when there is one.
    pub fn of(files: &Files) -> Result<Self, CatalogueErrors> {
        let mut requirements = Vec::new();
        let mut errors = Vec::new();
        for file in files.clauses() {
            match load::clause(file) {
                Ok(entries) => requirements.extend(entries),
                Err(faults) => errors.extend(faults),
            }
        }
        requirements.sort_by_key(|requirement| requirement.id);
        for pair in requirements.windows(2) {
            if let [first, second] = pair
                && first.id == second.id
            {
                let (id, path, line) = (first.id, &first.place.path, first.place.line);
                let text = phrase!(
                    "{id} sudah ada di {path}:{line}",
                    "{id} already stands at {path}:{line}"
                );
                let advice = phrase!(
                    "pengenal tidak pernah dipakai dua kali",
                    "an identifier is never used twice"
                );
                errors.push(at_place(files, &second.place, text, advice));
            }
        }
        if errors.is_empty() {
            Ok(Self { requirements })
        } else {
            Err(CatalogueErrors(errors))
        }
    }
}

/// A diagnosis at the place of an entry.
pub(super) fn at_place(
    files: &Files,
    place: &super::Place,
    text: crate::domain::Phrase,
    advice: crate::domain::Phrase,
) -> Diagnosis {
    match files.0.iter().find(|file| file.path() == place.path) {
        Some(file) => file.line_diagnosis(place.line, text, advice),
        None => Diagnosis::of_file(&place.path, text, advice),
    }
}

fn entries(directory: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    std::fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

/// A file of the standard, at most `FILE_LIMIT` bytes.
fn read(path: &Path) -> io::Result<String> {
    if std::fs::metadata(path)?.len() > FILE_LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "file larger than 4 MiB"));
    }
    std::fs::read_to_string(path)
}

fn unreadable(path: &str, error: &io::Error) -> CatalogueErrors {
    let text = phrase!("tidak terbaca: {error}", "cannot be read: {error}");
    let advice = phrase!("periksa nama dan izinnya", "check its name and permissions");
    CatalogueErrors(vec![Diagnosis::of_file(path, text, advice)])
}

/// The largest clause file that is read, in bytes.
const FILE_LIMIT: u64 = 4 * 1024 * 1024;

#[cfg(test)]
#[path = "standard_tests.rs"]
mod tests;
