//! One line for each requirement as CSV (RFC 4180), for spreadsheets. Text of a target never becomes a formula there.

use super::ReportError;
use super::model::Model;
use super::requirement::RequirementView;
use crate::verdict::Verdict;

/// The columns. Identifiers stay as they are in both languages, so that scripts can rely on them.
const COLUMNS: [&str; 14] = [
    "id",
    "bidang",
    "tingkat",
    "profil",
    "putusan",
    "alasan",
    "judul",
    "penjelasan",
    "terlihat",
    "peringatan",
    "kaki_lulus",
    "kaki",
    "milidetik",
    "perbaikan",
];

/// Longest cell, in characters; a spreadsheet takes 32,767.
const CELL: usize = 4_000;

/// Renders a model as CSV with a header line, every cell quoted.
pub fn csv(model: &Model) -> Result<Vec<u8>, ReportError> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .quote_style(::csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for area in &model.areas {
        for requirement in &area.requirements {
            writer.write_record(line(area.id, requirement).map(|cell| harmless(&cell)))?;
        }
    }
    writer
        .into_inner()
        .map_err(|error| ReportError::Csv(error.into_error().into()))
}

fn line(area: &str, requirement: &RequirementView) -> [String; COLUMNS.len()] {
    let verdict = &requirement.verdict;
    [
        requirement.id.clone(),
        area.to_owned(),
        requirement.level.id.to_owned(),
        requirement.profile.id.to_owned(),
        verdict.id.to_owned(),
        verdict.reason.map(|reason| reason.id().to_owned()).unwrap_or_default(),
        requirement.title.clone(),
        [verdict.why.as_str(), requirement.note.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
        seen(requirement),
        requirement.warnings.join("; "),
        requirement.legs_passed.to_string(),
        requirement.legs.to_string(),
        requirement.time_ms.to_string(),
        if verdict.id == Verdict::Pass.id() {
            String::new()
        } else {
            requirement.remedy.clone()
        },
    ]
}

/// What the legs saw that have the verdict of their requirement, where it did not pass.
fn seen(requirement: &RequirementView) -> String {
    if requirement.verdict.id == Verdict::Pass.id() {
        return String::new();
    }
    let legs = requirement.rows.iter().flat_map(|row| &row.legs);
    legs.filter(|leg| leg.verdict.id == requirement.verdict.id && !leg.actual.is_empty())
        .map(|leg| format!("{}: {}", leg.key, leg.actual))
        .collect::<Vec<_>>()
        .join("; ")
}

/// A cell that no spreadsheet reads as a formula, bounded and on one line.
///
/// A formula begins with one of the characters of [`begins_formula`] (OWASP, *CSV Injection*). A spreadsheet that takes
/// another separator than the comma (the Indonesian setting takes the semicolon) begins a cell after each of those, so
/// an apostrophe goes before such a character at the beginning and after each separator.
fn harmless(text: &str) -> String {
    let text = super::visible::one_line(&super::visible::bounded(text, CELL));
    let mut cell = String::with_capacity(text.len() + 2);
    let mut beginning = true;
    for character in text.chars() {
        if beginning && begins_formula(character) {
            cell.push('\'');
        }
        let still = beginning && (character.is_whitespace() || character == '"');
        beginning = still || matches!(character, ',' | ';' | '|');
        cell.push(character);
    }
    cell
}

/// Half width and full width, which some spreadsheets read alike.
const fn begins_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Phrase;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    #[test]
    fn the_sample_reads_as_before() {
        let text = String::from_utf8(csv(&sample::model(Lang::Id)).unwrap()).unwrap();
        insta::assert_snapshot!(text.replace("\r\n", "\n"));
        assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
    }

    #[test]
    fn what_would_be_a_formula_is_text() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("  =HYPERLINK(\"x\")", "  '=HYPERLINK(\"x\")"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
            ("a,\"-2+3", "a,\"'-2+3"),
            ("＝1", "'＝1"),
            ("\t=1\r\n+2", "[TAB]=1[CR][LF]+2"),
            ("nilai a=1, b - 2", "nilai a=1, b - 2"),
        ];
        for (hostile, expected) in cases {
            assert_eq!(harmless(hostile), expected, "{hostile:?}");
        }
    }

    #[test]
    fn every_line_has_every_column_whatever_a_target_says() {
        let mut run = sample::run();
        run.requirements[0].note = Some(Phrase::same("=cmd|' /C calc'!A0\",\"x\r\n\"@y"));
        run.requirements[7].outcome.claim = Some("+62".repeat(100_000));
        let bytes = csv(&sample::model_of(&run, Lang::En)).unwrap();
        assert!(bytes.len() < 200_000);
        let mut reader = ::csv::ReaderBuilder::new().from_reader(bytes.as_slice());
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), run.requirements.len());
        assert!(
            records
                .iter()
                .flatten()
                .all(|cell| !cell.starts_with(['=', '+', '-', '@']))
        );
    }
}
