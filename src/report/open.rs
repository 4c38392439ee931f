//! Makes a model from a pack's directory: `run.json`, the log's records that are shown, and the embedded standard.

use std::path::{Path, PathBuf};

use super::model::Gloss;
use super::{Model, ReportError};
use crate::catalogue::Catalogue;
use crate::domain::Phrase;
use crate::domain::phrase::Lang;
use crate::evidence::record::Record;
use crate::pack::log::LogReader;
use crate::pack::run_json::RunJson;
use crate::phrase;

/// Name of the log in a pack.
const LOG: &str = "exchanges.ndjson";

/// Reads a pack and makes its model. A log that is absent or damaged leaves out what it does not give, and the
/// report says so: results stand in `run.json`, and `laik verify` is what judges a log.
pub fn open(dir: &Path, catalogue: &Catalogue, gloss: &Gloss<'_>, lang: Lang) -> Result<Model, ReportError> {
    let run = RunJson::read(dir)?;
    let (records, fault) = shown(&dir.join(LOG), &run);
    let mut model = super::model(&run, catalogue, records, gloss, lang);
    model.log_fault = fault
        .map(|fault| super::model::value(fault.text(lang)))
        .unwrap_or_default();
    Ok(model)
}

/// Reads the results of a pack alone, for formats that show no record: the log, by far the largest file, stays unread.
pub fn open_results(dir: &Path, catalogue: &Catalogue, lang: Lang) -> Result<Model, ReportError> {
    let run = RunJson::read(dir)?;
    Ok(super::model(&run, catalogue, Vec::<Record>::new(), &|_, _| None, lang))
}

/// The records that the report shows, and why some could not be had.
fn shown(path: &Path, run: &RunJson) -> (Vec<Record>, Option<Phrase>) {
    let wanted = super::wanted(run);
    let Some(last) = wanted.last().copied() else {
        return (Vec::new(), None);
    };
    let mut log = match LogReader::open(path) {
        Ok(log) => log,
        Err(error) => {
            let fault = phrase!("{LOG} tidak dapat dibaca: {error}", "{LOG} cannot be read: {error}");
            return (Vec::new(), Some(fault));
        }
    };
    let mut records = Vec::new();
    while let Some(read) = log.next() {
        match read {
            Ok(record) if record.seq > last => break,
            Ok(record) if wanted.contains(&record.seq) => records.push(record),
            Ok(_) => {}
            Err(fault) => return (records, Some(fault.phrase())),
        }
    }
    (records, None)
}

/// Writes `DIR/index.html`, and tells where it is.
pub fn write_index(dir: &Path, model: &Model) -> Result<PathBuf, ReportError> {
    let path = dir.join("index.html");
    std::fs::write(&path, super::html(model)?).map_err(|source| ReportError::Write {
        path: path.clone(),
        source,
    })?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_pack_without_its_log_still_gives_a_report_that_says_so() {
        let dir = tempfile::tempdir().unwrap();
        sample::run().write_atomic(dir.path()).unwrap();
        let model = open(dir.path(), sample::catalogue(), &|_, _| None, Lang::En).unwrap();
        let path = write_index(dir.path(), &model).unwrap();
        let page = std::fs::read_to_string(path).unwrap();
        assert!(page.contains("exchanges.ndjson cannot be read") && page.contains("KM-07"));
    }

    #[test]
    fn formats_without_records_say_the_same_without_the_log() {
        let dir = tempfile::tempdir().unwrap();
        sample::run().write_atomic(dir.path()).unwrap();
        let (results, whole) = (
            open_results(dir.path(), sample::catalogue(), Lang::Id).unwrap(),
            sample::model(Lang::Id),
        );
        assert_eq!(super::super::markdown(&results), super::super::markdown(&whole));
        for form in [
            super::super::csv,
            super::super::badge,
            super::super::sarif,
            super::super::ctrf,
            super::super::earl,
            super::super::oscal,
            super::super::summary_pdf,
        ] {
            assert_eq!(form(&results).unwrap(), form(&whole).unwrap());
        }
    }

    #[test]
    fn a_damaged_log_is_told_and_never_fatal() {
        let dir = tempfile::tempdir().unwrap();
        sample::run().write_atomic(dir.path()).unwrap();
        std::fs::write(dir.path().join(LOG), "{\"seq\": \u{1b}<script>\n\0\0\0\n").unwrap();
        let model = open(dir.path(), sample::catalogue(), &|_, _| None, Lang::Id).unwrap();
        assert!(model.log_fault.contains("exchanges.ndjson:1"), "{}", model.log_fault);
    }

    #[test]
    fn no_pack_is_an_error_that_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let error = open(dir.path(), sample::catalogue(), &|_, _| None, Lang::Id)
            .unwrap_err()
            .to_string();
        assert!(error.contains("laik run --out"), "{error}");
    }
}
