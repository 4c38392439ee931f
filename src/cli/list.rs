//! `laik list`: the requirements of the standard, as a table or as JSON.

use std::fmt::Write as _;
use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::catalogue::{Loaded, Refusal, StandardArgs};
use crate::catalogue::{Level, Phase, REVISION, Requirement, RequirementId, WHOLE_STANDARD};
use crate::domain::phrase::Lang;
use crate::domain::{Area, Phrase, Profile};
use crate::feature::plan::rows;
use crate::phrase;

/// Arguments of `laik list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Sebagai JSON / as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub(super) standard: StandardArgs,
}

/// One requirement of `laik list --json`.
#[derive(Debug, Serialize)]
struct Item<'a> {
    id: RequirementId,
    title: &'a Phrase,
    level: Level,
    area: Area,
    profile: Profile,
    phase: Phase,
    /// Scenarios, an outline counted once.
    scenarios: usize,
    /// Scenarios with every row counted: what a run must finish.
    rows: usize,
    /// Identifiers of the seeded defects.
    defects: Vec<&'a str>,
    variants: Vec<Variant<'a>>,
}

#[derive(Debug, Serialize)]
struct Variant<'a> {
    text: &'a Phrase,
    switches: &'a [String],
}

/// Prints the list.
pub fn run(args: &ListArgs, lang: Lang, out: &mut dyn Write) -> Result<(), Refusal> {
    let standard = args.standard.load()?;
    let items: Vec<Item<'_>> = standard
        .catalogue
        .requirements
        .iter()
        .map(|requirement| item(&standard, requirement))
        .collect();
    if args.json {
        let text = serde_json::to_string_pretty(&items).map_err(std::io::Error::from)?;
        writeln!(out, "{text}")?;
    } else {
        table(&items, lang, out)?;
    }
    Ok(())
}

fn item<'a>(standard: &Loaded, requirement: &'a Requirement) -> Item<'a> {
    Item {
        id: requirement.id,
        title: &requirement.title,
        level: requirement.level,
        area: requirement.id.area(),
        profile: requirement.profile,
        phase: requirement.phase,
        scenarios: scenarios(standard, requirement.id),
        rows: rows(&standard.features, requirement.id).len(),
        defects: requirement.defects.iter().map(|defect| defect.id.as_str()).collect(),
        variants: requirement
            .variants
            .iter()
            .map(|variant| Variant {
                text: &variant.text,
                switches: &variant.switches,
            })
            .collect(),
    }
}

/// How many scenarios a requirement has, an outline counted once.
pub(super) fn scenarios(standard: &Loaded, id: RequirementId) -> usize {
    let tag = id.to_string();
    let tagged = |scenario: &&gherkin::Scenario| scenario.tags.contains(&tag);
    let count = |feature: &gherkin::Feature| {
        let ruled = feature.rules.iter().flat_map(|rule| &rule.scenarios);
        feature.scenarios.iter().chain(ruled).filter(tagged).count()
    };
    standard.features.iter().map(|parsed| count(&parsed.written)).sum()
}

fn table(items: &[Item<'_>], lang: Lang, out: &mut dyn Write) -> std::io::Result<()> {
    let text = |phrase: Phrase| phrase.text(lang).to_owned();
    let heads = [
        phrase!("kode", "id"),
        phrase!("tingkat", "level"),
        phrase!("profil", "profile"),
        phrase!("baris", "rows"),
        phrase!("cacat", "defects"),
        phrase!("varian", "variants"),
        phrase!("judul", "title"),
    ];
    let mut lines: Vec<Vec<String>> = vec![heads.into_iter().map(text).collect()];
    for item in items {
        lines.push(vec![
            item.id.to_string(),
            text(item.level.phrase()),
            text(item.profile.phrase()),
            item.rows.to_string(),
            item.defects.len().to_string(),
            item.variants.len().to_string(),
            item.title.text(lang).to_owned(),
        ]);
    }
    columns(&lines, out)?;
    let (count, rows) = (items.len(), items.iter().map(|item| item.rows).sum::<usize>());
    let end = phrase!(
        "{count} dari {WHOLE_STANDARD} persyaratan, {rows} baris, revisi {REVISION}",
        "{count} of {WHOLE_STANDARD} requirements, {rows} rows, revision {REVISION}"
    );
    writeln!(out, "\n{}", end.text(lang))
}

/// Lines of cells under each other; the last column is as wide as it is.
fn columns(lines: &[Vec<String>], out: &mut dyn Write) -> std::io::Result<()> {
    let count = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        lines
            .iter()
            .filter_map(|line| line.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or_default()).collect();
    for line in lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            // Writing to a text cannot fail.
            let _ = write!(text, "{cell:<width$}  ");
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(json: bool, lang: Lang) -> String {
        let mut out = Vec::new();
        run(
            &ListArgs {
                json,
                standard: StandardArgs::default(),
            },
            lang,
            &mut out,
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_has_what_other_programs_count_on() {
        let list: serde_json::Value = serde_json::from_str(&printed(true, Lang::Id)).unwrap();
        let items = list.as_array().unwrap();
        let entry = items.iter().find(|item| item["id"] == "PB-22").unwrap();
        assert_eq!(entry["area"], "proses-bisnis");
        assert_eq!(
            (&entry["level"], &entry["profile"]),
            (&"wajib".into(), &"mandiri".into())
        );
        assert_eq!(
            (entry["scenarios"].as_u64(), entry["rows"].as_u64()),
            (Some(2), Some(45))
        );
        assert_eq!(
            entry["defects"],
            serde_json::json!(["PB-22a", "PB-22b", "PB-22c", "PB-22d"])
        );
        assert_eq!(entry["variants"].as_array().unwrap().len(), 4);
        assert!(
            items
                .iter()
                .all(|item| item["rows"].as_u64() >= item["scenarios"].as_u64())
        );
    }

    #[test]
    fn the_table_is_in_the_language_asked_for() {
        let (indonesian, english) = (printed(false, Lang::Id), printed(false, Lang::En));
        assert!(
            indonesian.contains("PB-22") && indonesian.contains("Perpindahan terlarang"),
            "{indonesian}"
        );
        assert!(
            english.contains("Moves that must not happen") && english.contains("mandatory"),
            "{english}"
        );
        assert!(indonesian.contains("dari 164 persyaratan"));
    }
}
