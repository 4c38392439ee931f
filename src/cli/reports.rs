//! Writes the reports of a pack into it.

use std::collections::HashSet;
use std::path::Path;

use crate::catalogue::Catalogue;
use crate::domain::phrase::Lang;
use crate::evidence::LOG_FILE;
use crate::evidence::record::Record;
use crate::pack::log::LogReader;
use crate::pack::run_json::RunJson;
use crate::report::{self, Model, ReportError};

/// The model of a pack's reports. Reads the log once and keeps only the records that a report shows.
pub(super) fn model(run: &RunJson, dir: &Path, catalogue: &Catalogue, lang: Lang) -> Model {
    let wanted: HashSet<u64> = report::wanted(run).into_iter().collect();
    let records = shown(dir, &wanted);
    report::model(run, catalogue, records, &crate::steps::gloss, lang)
}

/// Writes `index.html` and `reports/junit.xml`; gives the JUnit back.
pub(super) fn write(dir: &Path, model: &Model) -> Result<Vec<u8>, ReportError> {
    report::write_index(dir, model)?;
    let junit = report::junit(model)?;
    let path = dir.join("reports");
    let written = std::fs::create_dir_all(&path).and_then(|()| std::fs::write(path.join("junit.xml"), &junit));
    written.map_err(|source| ReportError::Write { path, source })?;
    Ok(junit)
}

/// The wanted records. A log that cannot be read any further ends the list: `laik verify` says why.
fn shown(dir: &Path, wanted: &HashSet<u64>) -> Vec<Record> {
    let Ok(mut log) = LogReader::open(&dir.join(LOG_FILE)) else { return Vec::new() };
    log.records().map_while(Result::ok).filter(|record| wanted.contains(&record.seq)).collect()
}
