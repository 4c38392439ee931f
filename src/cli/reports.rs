//! Writes the reports of a pack into it.

use std::path::Path;

use crate::report::{self, Model, ReportError};

/// Writes `index.html` and `reports/junit.xml`; gives the JUnit back.
pub(super) fn write(dir: &Path, model: &Model) -> Result<Vec<u8>, ReportError> {
    let page = report::html(model)?;
    let junit = report::junit(model)?;
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(|source| ReportError::Write { path, source })
    };
    let reports = dir.join("reports");
    std::fs::create_dir_all(&reports).map_err(|source| ReportError::Write { path: reports, source })?;
    write("index.html", &page)?;
    write("reports/junit.xml", &junit)?;
    Ok(junit)
}
