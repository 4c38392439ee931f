//! Feature text → expanded scenarios, through our own structure check first: gherkin alone passes over too much.

use std::path::Path;

use cucumber::feature::Ext as _;
use gherkin::{Feature, GherkinEnv};

use super::structure;
use crate::catalogue::{CatalogueErrors, Files};
use crate::phrase;
use crate::source::{Diagnosis, SourceFile};

/// A feature's text with its path below `features/`.
pub type FeatureSource = SourceFile;

/// A parsed feature, outlines expanded: one scenario a row, whose position is the line of its own table row.
#[derive(Debug, Clone)]
pub struct ParsedFeature {
    /// Path below `features/`, with `/`.
    pub path: String,
    /// What cucumber runs; its `path` is set to the same.
    pub feature: Feature,
    /// The same before expansion, for what people read.
    pub written: Feature,
}

/// The feature files of the embedded standard, or of a directory.
pub fn sources(directory: Option<&Path>) -> Result<Vec<FeatureSource>, CatalogueErrors> {
    Ok(Files::of(directory)?.with_extension("feature").cloned().collect())
}

/// Parses one feature. The first fault of its structure, or what gherkin says.
pub fn parse(source: &FeatureSource) -> Result<ParsedFeature, Box<Diagnosis>> {
    if let Some(first) = structure::check(source).into_iter().next() {
        return Err(Box::new(first));
    }
    unchecked(source)
}

/// Parses every feature; all faults of all files, when there is one.
pub fn parse_all(sources: &[FeatureSource]) -> Result<Vec<ParsedFeature>, CatalogueErrors> {
    let mut features = Vec::new();
    let mut errors = Vec::new();
    for source in sources {
        let faults = structure::check(source);
        if faults.is_empty() {
            match unchecked(source) {
                Ok(feature) => features.push(feature),
                Err(error) => errors.push(*error),
            }
        } else {
            errors.extend(faults);
        }
    }
    if errors.is_empty() {
        Ok(features)
    } else {
        Err(CatalogueErrors(errors))
    }
}

fn unchecked(source: &FeatureSource) -> Result<ParsedFeature, Box<Diagnosis>> {
    let advice = || {
        phrase!(
            "bandingkan dengan fitur lain dalam standar",
            "compare with another feature of the standard"
        )
    };
    let language = GherkinEnv::new("id")
        .map_err(|error| Diagnosis::of_file(source.path(), phrase!("{error}", "{error}"), advice()))?;
    let mut written = Feature::parse(source.text(), language).map_err(|error| {
        // gherkin keeps the position private and names it in its text alone.
        let said = error.to_string();
        let line = said.split([' ', ':']).find_map(|word| word.parse().ok()).unwrap_or(1);
        let text = phrase!(
            "tidak terurai sebagai Gherkin: {said}",
            "does not parse as Gherkin: {said}"
        );
        source.line_diagnosis(line, text, advice())
    })?;
    written.path = Some(source.path().into());
    let feature = written.clone().expand_examples().map_err(|error| {
        let name = &error.name;
        let text = phrase!("<{name}> tidak ada pada Contoh", "<{name}> is in no Contoh");
        source.line_diagnosis(
            error.pos.line,
            text,
            phrase!("tambahkan kolom `{name}`", "add a column `{name}`"),
        )
    })?;
    Ok(ParsedFeature {
        path: source.path().to_owned(),
        feature,
        written,
    })
}
