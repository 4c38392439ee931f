//! Lawful variants as switches (decisions.md D.27).

use super::assembly::Assembly;
use super::counters::Counters;
use super::start::SandboxError;

pub(super) fn install(
    names: &[String],
    _assembly: &mut Assembly,
    _counters: &mut Counters,
) -> Result<(), SandboxError> {
    names
        .first()
        .map_or(Ok(()), |name| Err(SandboxError::UnknownVariant(name.clone())))
}
