//! Loads the standard for a run: embedded, or from a directory of the user's own, which is linted first.

use crate::assessment::Standard;
use crate::catalogue::{CatalogueErrors, lock};
use crate::domain::phrase::Lang;
use crate::feature::dictionary::Dictionary;
use crate::feature::lint::lint;

use super::CommandError;
use super::catalogue::{Loaded, StandardArgs};

/// A standard that is loaded and parsed.
pub(super) struct LoadedStandard {
    loaded: Loaded,
    lock: String,
    own: bool,
}

impl LoadedStandard {
    /// Loads it. A directory of the user's own replaces the embedded standard whole, and must be free of the faults
    /// that would let something pass by absence; the embedded one is linted by the tests.
    pub(super) fn load(args: &StandardArgs, lang: Lang) -> Result<Self, CommandError> {
        let own = args.directory.is_some();
        let refuse = |refusal: super::catalogue::Refusal| CommandError::usage(refusal.render(lang, false));
        if own {
            let (found, _) = lint(&args.files().map_err(refuse)?, Some(&Dictionary), &super::names());
            if !found.is_empty() {
                return Err(refuse(CatalogueErrors(found).into()));
            }
        }
        let loaded = args.load().map_err(refuse)?;
        let lock = lock(&loaded.catalogue, &loaded.files);
        Ok(Self { loaded, lock, own })
    }

    /// The standard, as an assessment takes it.
    pub(super) fn standard(&self) -> Standard<'_> {
        Standard {
            catalogue: &self.loaded.catalogue,
            features: &self.loaded.features,
            lock: self.lock.clone(),
            own: self.own,
        }
    }
}
