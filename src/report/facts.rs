//! What several machine-readable formats tell alike: identifiers of the pack, instants, the place of a requirement in
//! the features, and what was seen in one sentence.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::Value;

use super::ReportError;
use super::model::Model;
use super::requirement::RequirementView;
use super::uuid::{LAIK, Uuid};
use crate::verdict::Verdict;

/// The namespace of identifiers within one pack: its run, and the head of its evidence.
pub(super) fn pack(model: &Model) -> Uuid {
    LAIK.named(&format!("pak {} {}", model.run.id, model.run.head))
}

/// The identifier of a requirement of the standard, the same in every pack.
pub(super) fn requirement(id: &str) -> Uuid {
    LAIK.named(&format!("persyaratan {id}"))
}

/// The identifier of the application in one version, the same in every pack.
pub(super) fn application(model: &Model) -> Uuid {
    let target = &model.target;
    // A length before each, so that no two applications share the joined text.
    let parts = [&target.agency, &target.name, &target.version].map(|part| format!("{}:{part}", part.len()));
    LAIK.named(&format!("aplikasi {}", parts.concat()))
}

/// An instant in UTC as RFC 3339 has it; `None` where the text is none.
pub(super) fn instant(text: &str) -> Option<String> {
    text.parse::<Timestamp>().ok().map(|instant| instant.to_string())
}

/// Milliseconds since 1970; 0 where the text is no instant.
pub(super) fn milliseconds(text: &str) -> i64 {
    text.parse::<Timestamp>().map_or(0, Timestamp::as_millisecond)
}

/// A place in the features of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FeaturePlace {
    /// Relative URI below the standard, percent-encoded (RFC 3986 §3.3).
    pub(super) uri: String,
    /// From 1.
    pub(super) line: usize,
}

/// The place that `keamanan/2_sesi.feature:41` names; `None` for a text that names none, or one outside the standard.
pub(super) fn place(row: &str) -> Option<FeaturePlace> {
    let (path, line) = row.rsplit_once(':')?;
    let line = line.parse().ok().filter(|line| (1..1_000_000).contains(line))?;
    let outside = |segment: &str| matches!(segment, "" | "." | "..");
    if path.split('/').any(outside) {
        return None;
    }
    let mut uri = String::from("features/");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Some(FeaturePlace { uri, line })
}

/// The places of a requirement: its rows that have its verdict, or the entry of the standard.
pub(super) fn places(requirement: &RequirementView) -> Vec<FeaturePlace> {
    let rows = requirement.rows.iter();
    let of_verdict = rows.filter(|row| row.verdict.id == requirement.verdict.id);
    let mut places: Vec<FeaturePlace> = of_verdict.filter_map(|row| place(&row.id)).take(PLACES).collect();
    if places.is_empty() {
        places.extend(place(&requirement.entry));
    }
    places
}

/// Most places of one requirement.
const PLACES: usize = 20;
/// Most sentences about what was seen.
const SEEN: usize = 5;

/// What is to be said about the verdict of a requirement: why, and what its legs saw. Empty for a plain pass.
pub(super) fn seen(requirement: &RequirementView) -> Vec<String> {
    let verdict = &requirement.verdict;
    let mut seen: Vec<String> = Vec::new();
    let mut push = |text: &str| {
        if !text.is_empty() && !seen.iter().any(|known| known == text) {
            seen.push(text.to_owned());
        }
    };
    push(&verdict.why);
    push(&requirement.note);
    if verdict.id != Verdict::Pass.id() {
        for row in &requirement.rows {
            let legs = row.legs.iter().filter(|leg| leg.verdict.id == verdict.id);
            legs.for_each(|leg| push(&leg.actual));
            if let Some(halted) = &row.halted {
                push(&halted.phrase);
            }
        }
    }
    requirement.warnings.iter().for_each(|warning| push(warning));
    let left = seen.len().saturating_sub(SEEN);
    seen.truncate(SEEN);
    if left > 0 {
        seen.push(format!("… (+{left})"));
    }
    seen
}

/// JSON with two spaces and a final line break.
pub(super) fn bytes(document: &Value) -> Result<Vec<u8>, ReportError> {
    let mut bytes = serde_json::to_vec_pretty(document).map_err(ReportError::Json)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_place_within_the_standard_is_one() {
        let found = |row: &str| place(row).map(|place| (place.uri, place.line));
        assert_eq!(
            found("keamanan/2_sesi.feature:41"),
            Some(("features/keamanan/2_sesi.feature".to_owned(), 41))
        );
        assert_eq!(
            found("a b/<x>.feature:1"),
            Some(("features/a%20b/%3Cx%3E.feature".to_owned(), 1))
        );
        for none in [
            "../x.feature:1",
            "/etc/passwd:1",
            "a//b:1",
            "x:0",
            "x:99999999999",
            "x",
            "",
            "x:1<script>",
        ] {
            assert_eq!(found(none), None, "{none}");
        }
    }

    #[test]
    fn instants_are_those_of_the_run_or_none() {
        assert_eq!(
            instant("2026-11-25T03:05:09.120Z").as_deref(),
            Some("2026-11-25T03:05:09.12Z")
        );
        assert_eq!((instant("<b>"), milliseconds("<b>")), (None, 0));
    }
}
