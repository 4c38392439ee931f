//! What `list`, `explain`, `lint` and `coverage` share: the standard that they speak of, and how they refuse.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::assessment::Standard;
use crate::catalogue::{Catalogue, CatalogueErrors, Files, lock};
use crate::domain::Phrase;
use crate::domain::phrase::Lang;
use crate::feature::{ParsedFeature, parse_all};

/// Which standard.
#[derive(Debug, Clone, Default, Args)]
pub struct StandardArgs {
    /// Direktori standar sendiri / a directory of one's own standard instead of the embedded one
    #[arg(long = "standar", value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

/// A standard, read and parsed.
pub struct Loaded {
    /// Its files.
    pub files: Files,
    /// Its requirements.
    pub catalogue: Catalogue,
    /// Its scenarios.
    pub features: Vec<ParsedFeature>,
}

impl Loaded {
    /// As an assessment takes it, where it is the embedded one.
    pub(super) fn embedded(&self) -> Standard<'_> {
        Standard {
            catalogue: &self.catalogue,
            features: &self.features,
            lock: lock(&self.catalogue, &self.files),
            own: false,
        }
    }
}

impl StandardArgs {
    /// The files of the standard.
    pub fn files(&self) -> Result<Files, Refusal> {
        Ok(Files::of(self.directory.as_deref())?)
    }

    /// Reads and parses the standard.
    pub fn load(&self) -> Result<Loaded, Refusal> {
        let files = self.files()?;
        let catalogue = Catalogue::of(&files)?;
        let features = parse_all(&files.with_extension("feature").cloned().collect::<Vec<_>>())?;
        Ok(Loaded {
            files,
            catalogue,
            features,
        })
    }
}

/// Why a command of the standard ends without its result; each is exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The files of the standard have faults.
    #[error(transparent)]
    Standard(#[from] CatalogueErrors),
    /// The arguments cannot be served.
    #[error("{}", .0.id)]
    Usage(Phrase),
    /// The result cannot be written.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Refusal {
    /// As people read it.
    pub fn render(&self, lang: Lang, styled: bool) -> String {
        match self {
            Self::Standard(errors) => errors.render(lang, styled),
            Self::Usage(phrase) => phrase.text(lang).to_owned(),
            Self::Io(error) => error.to_string(),
        }
    }
}
