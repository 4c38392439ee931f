//! `laik lint`: every fault of the standard at its place.

use std::io::Write;

use clap::Args;

use super::catalogue::{Refusal, StandardArgs};
use crate::catalogue::{CatalogueErrors, Names};
use crate::domain::phrase::Lang;
use crate::feature::dictionary::Dictionary;
use crate::feature::lint::lint;
use crate::phrase;

/// Arguments of `laik lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    #[command(flatten)]
    pub(super) standard: StandardArgs,
}

/// Prints what was looked at, or refuses with every fault. `names` are what the sandbox can do.
pub fn run(args: &LintArgs, names: &Names, lang: Lang, out: &mut dyn Write) -> Result<(), Refusal> {
    let (found, counts) = lint(&args.standard.files()?, Some(&Dictionary), names);
    if !found.is_empty() {
        return Err(CatalogueErrors(found).into());
    }
    let (requirements, files, scenarios, rows) = (counts.requirements, counts.files, counts.scenarios, counts.rows);
    let sentences = crate::steps::table::definitions().count();
    let text = phrase!(
        "{requirements} persyaratan, {files} berkas fitur, {scenarios} skenario, {rows} baris, {sentences} kalimat: tidak ada galat",
        "{requirements} requirements, {files} feature files, {scenarios} scenarios, {rows} rows, {sentences} sentences: no fault"
    );
    writeln!(out, "{}", text.text(lang))?;
    Ok(())
}
