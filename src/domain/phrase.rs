//! Text that people read, always in both languages: nothing can be written in one alone.

use serde::{Deserialize, Serialize};

/// A sentence in Indonesian with its English beside it.
///
/// Reports choose by `--lang`. Text from a target may stand inside; renderers escape the whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Indonesian, the language of the standard.
    pub id: String,
    /// English.
    pub en: String,
}

/// The language of what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

impl Phrase {
    /// Makes a phrase of its two texts.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            en: en.into(),
        }
    }

    /// Makes a phrase of a text that is the same in both languages (a name, a value, a path).
    pub fn same(text: impl Into<String>) -> Self {
        let id = text.into();
        Self { en: id.clone(), id }
    }

    /// The text in a language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

/// Formats a [`Phrase`]: the Indonesian format string, then the English one, over the same captures.
#[macro_export]
macro_rules! phrase {
    ($id:literal, $en:literal) => {
        $crate::domain::Phrase::new(format!($id), format!($en))
    };
}
