//! Loads the standard for a command: embedded, or from a directory of the user's own; always linted first.

use std::path::Path;

use crate::assessment::Standard;
use crate::catalogue::{Catalogue, Files, lock};
use crate::domain::phrase::Lang;
use crate::feature::{self, ParsedFeature};

use super::CommandError;

/// A standard that is loaded and parsed.
pub struct LoadedStandard {
    catalogue: Catalogue,
    features: Vec<ParsedFeature>,
    lock: String,
    own: bool,
}

impl LoadedStandard {
    /// Loads and lints. A directory of the user's own replaces the embedded standard whole.
    pub fn load(directory: Option<&Path>, lang: Lang) -> Result<Self, CommandError> {
        let refuse = |errors: crate::catalogue::CatalogueErrors| CommandError::usage(errors.render(lang, false));
        let files = Files::of(directory).map_err(refuse)?;
        let catalogue = Catalogue::of(&files).map_err(refuse)?;
        let features = feature::parse_all(&feature::sources(directory).map_err(refuse)?).map_err(refuse)?;
        let lock = lock(&catalogue, &files);
        Ok(Self { catalogue, features, lock, own: directory.is_some() })
    }

    /// The standard, as an assessment takes it.
    pub fn standard(&self) -> Standard<'_> {
        Standard { catalogue: &self.catalogue, features: &self.features, lock: self.lock.clone(), own: self.own }
    }
}
