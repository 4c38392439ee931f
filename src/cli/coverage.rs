//! `laik coverage`: requirement × scenario × defect × variant, as Markdown. `docs/coverage.md` is its output.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::catalogue::{Loaded, Refusal, StandardArgs};
use super::list::scenarios;
use crate::catalogue::{REVISION, Requirement, RequirementId, WHOLE_STANDARD};
use crate::domain::Area;
use crate::feature::plan::rows;

/// Arguments of `laik coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// Tulis ke berkas / write to a file instead of the screen
    #[arg(long, value_name = "BERKAS")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) standard: StandardArgs,
}

/// Prints or writes the matrix.
pub fn run(args: &CoverageArgs, out: &mut dyn Write) -> Result<(), Refusal> {
    let text = matrix(&args.standard.load()?)?;
    match &args.out {
        Some(path) => std::fs::write(path, text)?,
        None => out.write_all(text.as_bytes())?,
    }
    Ok(())
}

fn matrix(standard: &Loaded) -> io::Result<String> {
    let mut page = Vec::new();
    let requirements = &standard.catalogue.requirements;
    writeln!(page, "# Coverage\n")?;
    writeln!(
        page,
        "Written by `laik coverage --out docs/coverage.md`; do not edit.\n"
    )?;
    let (count, defects) = (
        requirements.len(),
        requirements.iter().map(|one| one.defects.len()).sum::<usize>(),
    );
    let rows: usize = requirements
        .iter()
        .map(|one| rows(&standard.features, one.id).len())
        .sum();
    writeln!(
        page,
        "Revision `{REVISION}`: {count} of {WHOLE_STANDARD} requirements, {rows} rows, {defects} seeded defects.\n"
    )?;
    writeln!(
        page,
        "| area | requirements | rows | defects | lawful variants | switches |"
    )?;
    writeln!(page, "|---|---|---|---|---|---|")?;
    for area in Area::ALL {
        area_line(standard, *area, &mut page)?;
    }
    for requirement in requirements {
        section(standard, requirement, &mut page)?;
    }
    String::from_utf8(page).map_err(io::Error::other)
}

fn area_line(standard: &Loaded, area: Area, page: &mut Vec<u8>) -> io::Result<()> {
    let own: Vec<&Requirement> = standard
        .catalogue
        .requirements
        .iter()
        .filter(|one| one.id.area() == area)
        .collect();
    let sum = |of: &dyn Fn(&Requirement) -> usize| own.iter().map(|one| of(one)).sum::<usize>();
    writeln!(
        page,
        "| {} | {} | {} | {} | {} | {} |",
        area.indonesian(),
        own.len(),
        sum(&|one| rows(&standard.features, one.id).len()),
        sum(&|one| one.defects.len()),
        sum(&|one| one.variants.len()),
        sum(&|one| one.variants.iter().map(|variant| variant.switches.len()).sum())
    )
}

fn section(standard: &Loaded, requirement: &Requirement, page: &mut Vec<u8>) -> io::Result<()> {
    let id = requirement.id;
    let rows = rows(&standard.features, id);
    writeln!(page, "\n## {id} {} — {}\n", requirement.title.id, requirement.title.en)?;
    let (scenarios, count, place) = (scenarios(standard, id), rows.len(), &requirement.place.path);
    writeln!(
        page,
        "{}, profile {}, {scenarios} scenarios, {count} rows (`{place}`):\n",
        requirement.level, requirement.profile
    )?;
    for (name, rows) in written(standard, id) {
        writeln!(page, "- {name} ({rows})")?;
    }
    writeln!(page)?;
    writeln!(page, "| defect | what it does | also reported by |")?;
    writeln!(page, "|---|---|---|")?;
    for defect in &requirement.defects {
        let also: Vec<String> = defect.also.iter().map(ToString::to_string).collect();
        writeln!(
            page,
            "| {} | {} | {} |",
            defect.id,
            cell(&defect.text.en),
            also.join(", ")
        )?;
    }
    writeln!(page, "\n| lawful variant | switches |")?;
    writeln!(page, "|---|---|")?;
    for variant in &requirement.variants {
        let switches: Vec<String> = variant.switches.iter().map(|name| format!("`{name}`")).collect();
        let note = variant.note.as_ref().map(|note| cell(&note.en)).unwrap_or_default();
        let right = [switches.join(", "), note]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("; ");
        writeln!(page, "| {} | {right} |", cell(&variant.text.en))?;
    }
    Ok(())
}

/// The scenarios of a requirement as written, each with its number of rows.
fn written(standard: &Loaded, id: RequirementId) -> Vec<(String, usize)> {
    let tag = id.to_string();
    let of = |feature: &gherkin::Feature| {
        let ruled = feature.rules.iter().flat_map(|rule| &rule.scenarios);
        let own = feature
            .scenarios
            .iter()
            .chain(ruled)
            .filter(|scenario| scenario.tags.contains(&tag));
        own.map(|scenario| (scenario.name.clone(), rows_of(scenario)))
            .collect::<Vec<_>>()
    };
    standard
        .features
        .iter()
        .flat_map(|parsed| of(&parsed.written))
        .collect()
}

/// Rows of a scenario as written: those of its tables, or itself.
fn rows_of(scenario: &gherkin::Scenario) -> usize {
    let tables = scenario.examples.iter().filter_map(|examples| examples.table.as_ref());
    tables
        .map(|table| table.rows.len().saturating_sub(1))
        .sum::<usize>()
        .max(1)
}

/// Text of a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_coverage_is_fresh() {
        let mut out = Vec::new();
        run(
            &CoverageArgs {
                out: None,
                standard: StandardArgs::default(),
            },
            &mut out,
        )
        .unwrap();
        let text = String::from_utf8(out).unwrap();
        let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/coverage.md");
        let update = std::env::var_os("UPDATE").is_some();
        if update {
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(&place, &text).unwrap();
        }
        let written = std::fs::read_to_string(place).unwrap_or_default();
        assert!(
            written == text,
            "docs/coverage.md is stale: UPDATE=1 cargo test docs_coverage"
        );
    }

    #[test]
    fn a_bar_in_a_text_does_not_break_the_table() {
        assert_eq!(cell("a|b\nc"), "a\\|b c");
    }
}
