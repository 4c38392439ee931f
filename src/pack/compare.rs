//! Two packs held against each other: what changed, requirement by requirement, and why as far as the packs can tell.
//! The verdicts are those of `run.json`; whether they follow from the evidence is `rejudge`'s matter.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use crate::catalogue::Level;
use crate::domain::Phrase;
use crate::phrase;
use crate::verdict::{Decision, Verdict};

use super::rejudge::RejudgeError;
use super::rules::{RuleChange, Rules, rows};
use super::run_json::{RequirementResult, RunJson};

/// Legs named of one requirement; the rest are counted.
const MOST_LEGS: usize = 20;

/// One of the two packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The run that it holds.
    pub run: String,
    /// RFC 3339.
    pub started: String,
    /// The application as stated: name and version.
    pub application: String,
    /// Version of laik.
    pub laik: String,
    /// Revision of the standard.
    pub revision: String,
    /// The decision.
    pub decision: Decision,
}

/// Whether a change is for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Nearer to FAIL than before, or no longer judged.
    Worse,
    /// Neither: a verdict that says nothing against another such.
    Other,
    /// Nearer to PASS than before.
    Better,
}

/// What became of one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its id.
    pub requirement: String,
    /// Its level, in the second pack where it stands there.
    pub level: Level,
    /// Verdict in the first; `None` where it was not planned.
    pub before: Option<Verdict>,
    /// Verdict in the second.
    pub after: Option<Verdict>,
    /// Whether that is for the better.
    pub direction: Direction,
    /// Legs whose verdict changed, `row label · key: before → after`, at most twenty.
    pub legs: Vec<String>,
    /// How many legs changed.
    pub changed_legs: usize,
    /// Rules that differ for it.
    pub rules: Vec<RuleChange>,
}

/// Two packs held against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The first.
    pub a: Side,
    /// The second.
    pub b: Side,
    /// What differs around the judging: application, statement, standard, laik, selection.
    pub around: Vec<Phrase>,
    /// Requirements with another verdict or other legs, worst first.
    pub changes: Vec<Change>,
    /// Requirements with the same verdict and legs.
    pub same: usize,
}

impl Compared {
    /// Whether a mandatory requirement is worse in the second.
    pub fn regressed(&self) -> bool {
        self.changes
            .iter()
            .any(|change| change.direction == Direction::Worse && change.level == Level::Wajib)
    }
}

/// Holds the pack in `b` against that in `a`.
pub fn compare(a: &Path, b: &Path) -> Result<Compared, RejudgeError> {
    let (first, second) = (RunJson::read(a)?, RunJson::read(b)?);
    let (rules_a, rules_b) = (Rules::of_pack(a)?, Rules::of_pack(b)?);
    Ok(held(&first, &rules_a, &second, &rules_b))
}

fn held(a: &RunJson, rules_a: &Rules, b: &RunJson, rules_b: &Rules) -> Compared {
    let by_id = |run| -> BTreeMap<&str, &RequirementResult> { results(run).collect() };
    let (first, second) = (by_id(a), by_id(b));
    let ids: BTreeSet<&str> = first.keys().chain(second.keys()).copied().collect();
    let count = ids.len();
    let mut changes: Vec<Change> = ids
        .into_iter()
        .filter_map(|id| {
            let change = change(first.get(id).copied(), second.get(id).copied())?;
            let rows = rows(a, id).chain(rows(b, id));
            let rules = rules_a.changes(rules_b, id, rows);
            Some(Change { rules, ..change })
        })
        .collect();
    changes.sort_by(|one, other| (one.direction, &one.requirement).cmp(&(other.direction, &other.requirement)));
    Compared {
        a: side(a),
        b: side(b),
        around: around(a, b),
        same: count - changes.len(),
        changes,
    }
}

fn results(run: &RunJson) -> impl Iterator<Item = (&str, &RequirementResult)> {
    run.requirements.iter().map(|result| (result.id.as_str(), result))
}

/// `None` where verdict and legs are the same.
fn change(before: Option<&RequirementResult>, after: Option<&RequirementResult>) -> Option<Change> {
    let either = after.or(before)?;
    let legs = legs(before, after);
    let verdict = |result: Option<&RequirementResult>| result.map(|result| result.outcome.verdict);
    let (was, is) = (verdict(before), verdict(after));
    (was != is || !legs.is_empty()).then(|| Change {
        requirement: either.id.clone(),
        level: either.level,
        before: was,
        after: is,
        direction: direction(was, is),
        changed_legs: legs.len(),
        legs: legs.into_iter().take(MOST_LEGS).collect(),
        rules: Vec::new(),
    })
}

/// PASS is better than what says nothing, and that is better than FAIL. A requirement that is not in the first is new,
/// and one that is not in the second is no longer shown to be met.
fn direction(before: Option<Verdict>, after: Option<Verdict>) -> Direction {
    let rank = |verdict| match verdict {
        Verdict::Pass => 2,
        Verdict::NotApplicable | Verdict::Inconclusive | Verdict::NotRun | Verdict::Error => 1,
        Verdict::Fail => 0,
    };
    match (before.map(rank), after.map(rank)) {
        (Some(was), Some(is)) if is > was => Direction::Better,
        (Some(was), Some(is)) if is < was => Direction::Worse,
        (Some(1..), None) | (None, Some(0)) => Direction::Worse,
        _ => Direction::Other,
    }
}

/// The legs of both, by row label and key: line numbers of features move, labels do not.
fn legs(before: Option<&RequirementResult>, after: Option<&RequirementResult>) -> Vec<String> {
    let by_key = |result: Option<&RequirementResult>| -> BTreeMap<String, Verdict> {
        let rows = result.into_iter().flat_map(|result| &result.rows);
        rows.flat_map(|row| {
            row.legs
                .iter()
                .map(move |leg| (format!("{} · {}", row.label, leg.key), leg.outcome.verdict))
        })
        .collect()
    };
    let (was, is) = (by_key(before), by_key(after));
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let word = |verdict: Option<&Verdict>| verdict.map_or_else(|| "–".to_owned(), ToString::to_string);
    keys.into_iter()
        .map(|key| (key, was.get(key), is.get(key)))
        .filter(|(_, was, is)| was != is)
        .map(|(key, was, is)| format!("{key}: {} → {}", word(was), word(is)))
        .collect()
}

fn side(run: &RunJson) -> Side {
    Side {
        run: run.run.clone(),
        started: run.started.clone(),
        application: format!("{} {}", run.target.name, run.target.version),
        laik: run.laik.clone(),
        revision: run.standard.revision.clone(),
        decision: run.decision,
    }
}

fn around(a: &RunJson, b: &RunJson) -> Vec<Phrase> {
    let mut found = Vec::new();
    let mut differs = |indonesian: &str, english: &str, was: &str, is: &str| {
        if was != is {
            found.push(Phrase::new(
                format!("{indonesian}: {was} → {is}"),
                format!("{english}: {was} → {is}"),
            ));
        }
    };
    let short = |digest: &str| digest.chars().take(12).collect::<String>();
    differs("aplikasi", "application", &a.target.name, &b.target.name);
    differs(
        "versi aplikasi",
        "version of the application",
        &a.target.version,
        &b.target.version,
    );
    differs("alamat", "address", &a.target.base_url, &b.target.base_url);
    differs(
        "lingkungan",
        "environment",
        &a.target.environment,
        &b.target.environment,
    );
    differs("profil", "profile", a.profile.id(), b.profile.id());
    let digests = (short(&a.target.statement_digest), short(&b.target.statement_digest));
    differs("pernyataan (SHA-256)", "statement (SHA-256)", &digests.0, &digests.1);
    differs(
        "revisi standar",
        "revision of the standard",
        &a.standard.revision,
        &b.standard.revision,
    );
    let digests = (short(&a.standard.digest), short(&b.standard.digest));
    differs("standar (SHA-256)", "standard (SHA-256)", &digests.0, &digests.1);
    differs("laik", "laik", &a.laik, &b.laik);
    if a.selection != b.selection {
        found.push(phrase!("seleksi berbeda", "the selections differ"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_that_is_lost_is_worse_and_one_that_is_new_is_not_unless_it_fails() {
        use Verdict as V;
        let told = |was, is| direction(was, is);
        assert_eq!(told(Some(V::Pass), Some(V::Fail)), Direction::Worse);
        assert_eq!(told(Some(V::Pass), Some(V::Inconclusive)), Direction::Worse);
        assert_eq!(told(Some(V::Pass), Some(V::NotApplicable)), Direction::Worse);
        assert_eq!(told(Some(V::Pass), None), Direction::Worse);
        assert_eq!(told(Some(V::Inconclusive), None), Direction::Worse);
        assert_eq!(told(None, Some(V::Fail)), Direction::Worse);
        assert_eq!(told(None, Some(V::Pass)), Direction::Other);
        assert_eq!(told(Some(V::Fail), None), Direction::Other);
        assert_eq!(told(Some(V::Fail), Some(V::Error)), Direction::Better);
        assert_eq!(told(Some(V::Inconclusive), Some(V::Pass)), Direction::Better);
        assert_eq!(told(Some(V::Error), Some(V::NotRun)), Direction::Other);
    }
}
