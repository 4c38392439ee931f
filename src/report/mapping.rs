//! How a verdict is told in each format: one table, which every renderer asks and which `docs/keluaran.md` prints.
//! Knows words of formats; computes no verdict and reads no result but verdict, level and reason.
//!
//! The foreign words are those of: in-toto test-result v0.1, SARIF 2.1.0 §3.27.9–10, EARL 1.0 §2.5 and §2.6, the
//! JUnit schema of Jenkins, the CTRF schema, OSCAL assessment results 1.2 (`finding.target.status`).

use crate::catalogue::Level;
use crate::verdict::{Reason, Verdict};

/// One line of the table: what a verdict of a requirement becomes in each format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What laik says: the verdict, or the one reason that has a line of its own.
    pub ours: &'static str,
    /// The level, where the line holds for one level alone.
    pub level: Option<Level>,
    /// The list of an in-toto test result; `None` where the requirement is not named.
    pub in_toto: Option<&'static str>,
    /// SARIF `result.kind`.
    pub sarif_kind: &'static str,
    /// SARIF `result.level`.
    pub sarif_level: &'static str,
    /// EARL outcome, without its prefix.
    pub earl: &'static str,
    /// EARL mode, without its prefix.
    pub earl_mode: &'static str,
    /// Child of a JUnit `testcase`; `None` for a case that passed as JUnit sees it.
    pub junit: Option<&'static str>,
    /// CTRF status.
    pub ctrf: &'static str,
    /// OSCAL `state` and `reason` of a finding; `None` where there is no finding.
    pub oscal: Option<(&'static str, &'static str)>,
    /// Exit code of a run that selected such a requirement and one that passed.
    pub exit: u8,
}

const PASS: Told = Told {
    ours: "PASS",
    level: None,
    in_toto: Some("passedTests"),
    sarif_kind: "pass",
    sarif_level: "none",
    earl: "passed",
    earl_mode: "automatic",
    junit: None,
    ctrf: "passed",
    oscal: Some(("satisfied", "pass")),
    exit: 0,
};

const FAIL: Told = Told {
    ours: "FAIL",
    level: Some(Level::Wajib),
    in_toto: Some("failedTests"),
    sarif_kind: "fail",
    sarif_level: "error",
    earl: "failed",
    junit: Some("failure"),
    ctrf: "failed",
    oscal: Some(("not-satisfied", "fail")),
    exit: 1,
    ..PASS
};

/// What is not decided is no pass in any format; a recommended requirement does not stop the decision by it.
const OPEN: Told = Told {
    ours: "INCONCLUSIVE",
    level: Some(Level::Wajib),
    in_toto: Some("failedTests"),
    sarif_kind: "open",
    earl: "cantTell",
    junit: Some("error"),
    ctrf: "other",
    oscal: Some(("not-satisfied", "other")),
    exit: 3,
    ..PASS
};

const AWAITING: Told = Told {
    ours: "AWAITING_REVIEW",
    sarif_kind: "review",
    earl_mode: "manual",
    ctrf: "pending",
    ..OPEN
};

const NOT_RUN: Told = Told {
    ours: "NOT_RUN",
    earl: "untested",
    ctrf: "pending",
    ..OPEN
};

/// The same for a recommended requirement: a warning where a mandatory one would be a failure, and no exit code.
const fn recommended(told: Told) -> Told {
    Told {
        level: Some(Level::Dianjurkan),
        in_toto: Some("warnedTests"),
        exit: 0,
        ..told
    }
}

/// Every line, in the order of the documentation.
pub const TABLE: [Told; 11] = [
    PASS,
    FAIL,
    Told {
        sarif_level: "warning",
        junit: None,
        ctrf: "other",
        oscal: Some(("satisfied", "other")),
        ..recommended(FAIL)
    },
    OPEN,
    recommended(OPEN),
    AWAITING,
    recommended(AWAITING),
    Told {
        ours: "NOT_APPLICABLE",
        in_toto: None,
        sarif_kind: "notApplicable",
        earl: "inapplicable",
        junit: Some("skipped"),
        ctrf: "skipped",
        oscal: None,
        ..PASS
    },
    NOT_RUN,
    recommended(NOT_RUN),
    Told {
        ours: "ERROR",
        level: None,
        oscal: None,
        exit: 4,
        ..OPEN
    },
];

/// The line for a verdict. A verdict that no line knows is told as a fault of laik, never as a pass.
pub fn told(verdict: Verdict, level: Level, reason: Option<Reason>) -> &'static Told {
    let ours = match (verdict, reason) {
        (Verdict::Inconclusive, Some(Reason::AwaitingReview)) => Reason::AwaitingReview.id(),
        _ => verdict.id(),
    };
    let [.., error] = &TABLE;
    TABLE
        .iter()
        .find(|told| told.ours == ours && told.level.is_none_or(|only| only == level))
        .unwrap_or(error)
}

/// The table as Markdown, as it stands in the documentation.
#[cfg(test)]
fn markdown_table() -> String {
    use std::fmt::Write as _;
    let mut text = String::from(
        "| laik | in-toto | SARIF kind/level | EARL | JUnit | CTRF | OSCAL | exit |\n|---|---|---|---|---|---|---|---|\n",
    );
    for told in &TABLE {
        let level = match told.level {
            None => "",
            Some(Level::Wajib) => " (wajib)",
            Some(Level::Dianjurkan) => " (dianjurkan)",
        };
        let mode = if told.earl_mode == "automatic" { "" } else { " (manual)" };
        let oscal = told
            .oscal
            .map_or_else(|| "–".to_owned(), |(state, reason)| format!("{state}/{reason}"));
        let _ = writeln!(
            text,
            "| {}{level} | {} | {}/{} | {}{mode} | {} | {} | {oscal} | {} |",
            told.ours,
            told.in_toto.unwrap_or("–"),
            told.sarif_kind,
            told.sarif_level,
            told.earl,
            told.junit.unwrap_or("–"),
            told.ctrf,
            told.exit,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mapping as it was agreed; a change of it changes what every consumer reads.
    #[test]
    fn the_table_is_the_agreed_one() {
        insta::assert_snapshot!(markdown_table());
    }

    #[test]
    fn the_documentation_prints_this_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keluaran.md");
        let page = std::fs::read_to_string(path).unwrap();
        assert!(
            page.contains(&markdown_table()),
            "docs/keluaran.md has another table than:\n{}",
            markdown_table()
        );
    }

    #[test]
    fn every_verdict_of_every_level_has_its_line_and_only_a_pass_passes() {
        for verdict in Verdict::ALL {
            for level in Level::ALL {
                let told = told(*verdict, *level, None);
                assert_eq!(told.ours, verdict.id());
                let passes = told.sarif_kind == "pass" || told.earl == "passed" || told.ctrf == "passed";
                assert_eq!(passes, *verdict == Verdict::Pass, "{told:?}");
                assert_eq!(told.in_toto == Some("passedTests"), *verdict == Verdict::Pass);
                assert!(
                    told.sarif_level == "none" || told.sarif_kind == "fail",
                    "SARIF 2.1.0 §3.27.10"
                );
            }
        }
        let waits = told(Verdict::Inconclusive, Level::Wajib, Some(Reason::AwaitingReview));
        assert_eq!((waits.ours, waits.sarif_kind), ("AWAITING_REVIEW", "review"));
        let open = told(Verdict::Inconclusive, Level::Wajib, Some(Reason::Timeout));
        assert_eq!(open.ours, "INCONCLUSIVE");
    }
}
