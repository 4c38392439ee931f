//! Reports of one pack: HTML, plain text, and the formats that other tools read. One model, many renderers; no renderer computes a verdict.
//! Knows packs, records and the catalogue; knows nothing of running, of steps, or of the sandbox.

mod badge;
mod csv;
mod ctrf;
mod curl;
mod earl;
mod example;
mod facts;
mod html;
mod json;
mod junit;
mod mapping;
mod markdown;
mod matrix;
mod model;
mod moment;
mod next;
mod open;
mod oscal;
mod pdf;
mod plain;
mod records;
mod requirement;
mod sarif;
mod uuid;
mod visible;
mod words;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod sample;

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::catalogue::Catalogue;
use crate::domain::phrase::Lang;
use crate::evidence::record::Record;
use crate::pack::run_json::{RunJson, RunJsonError};

pub use badge::badge;
pub use csv::csv;
pub use ctrf::ctrf;
pub use earl::earl;
pub use example::example;
pub use html::html;
pub use junit::junit;
pub use mapping::{TABLE, Told, told};
pub use markdown::markdown;
pub use model::{Gloss, Model};
pub use open::{open, open_results, write_index};
pub use oscal::oscal;
pub use pdf::{CertificateFacts, WaiverLine, certificate_pdf, summary_pdf};
pub use plain::{Style, plain};
pub use sarif::sarif;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// `run.json` cannot be read.
    #[error(transparent)]
    Run(#[from] RunJsonError),
    /// A page cannot be rendered: a fault of laik.
    #[error("the page could not be rendered: {0}")]
    Page(#[from] minijinja::Error),
    /// A JUnit document cannot be written: a fault of laik.
    #[error("the JUnit document could not be written: {0}")]
    Junit(#[from] quick_junit::SerializeError),
    /// A CSV document cannot be written: a fault of laik.
    #[error("the CSV document could not be written: {0}")]
    Csv(#[from] ::csv::Error),
    /// A JSON document cannot be written: a fault of laik.
    #[error("the JSON document could not be written: {0}")]
    Json(serde_json::Error),
    /// A PDF cannot be written: a fault of laik.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
    /// A report cannot be written to its place.
    #[error("{}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The sequence numbers of the records that a report of this run shows; the model takes no others.
pub fn wanted(run: &RunJson) -> BTreeSet<u64> {
    records::choose(run).into_values().flatten().collect()
}

/// Joins the results with the standard and with the records of the log.
///
/// `records` may be any part of the log, in any order; those not in [`wanted`] are passed over. `gloss` gives the
/// English of steps.
pub fn model<R: Borrow<Record>>(
    run: &RunJson,
    catalogue: &Catalogue,
    records: impl IntoIterator<Item = R>,
    gloss: &Gloss<'_>,
    lang: Lang,
) -> Model {
    let choice = records::choose(run);
    let wanted = choice.values().flatten().copied().collect();
    let records = records::views(records, &wanted, lang);
    Model::build(&model::Sources {
        run,
        catalogue,
        choice: &choice,
        records: &records,
        gloss,
        lang,
    })
}
