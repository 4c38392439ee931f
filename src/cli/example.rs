//! The example of `laik explain`: the sandbox with one seeded defect, judged by the one requirement, and what it found.

use crate::assessment::Standard;
use crate::catalogue::{DefectKind, Requirement};
use crate::domain::phrase::Lang;
use crate::report;
use crate::selftest::{Job, Scratch, assess};

use super::CommandError;

/// The first seeded defect of a requirement and its finding as text. `None` where no defect lies in the sandbox's
/// application, or where none shows a finding.
pub(super) fn example(
    requirement: &Requirement,
    standard: &Standard<'_>,
    lang: Lang,
) -> Result<Option<(String, String)>, CommandError> {
    let Some(defect) = requirement
        .defects
        .iter()
        .find(|defect| matches!(defect.kind, DefectKind::Aplikasi | DefectKind::Pendengar))
    else {
        return Ok(None);
    };
    let scratch = Scratch::make().map_err(CommandError::harness)?;
    let job = Job {
        name: format!("explain {}", requirement.id),
        defects: vec![defect.id.clone()],
        variants: Vec::new(),
        requirements: vec![requirement.id],
        passive: Vec::new(),
        seed: 1,
    };
    assess(&job, standard, scratch.path()).map_err(CommandError::harness)?;
    let model =
        report::open(scratch.path(), standard.catalogue, &crate::steps::gloss, lang).map_err(CommandError::harness)?;
    let finding = report::example(&model, &requirement.id.to_string());
    Ok(finding.map(|text| (defect.id.clone(), text)))
}
