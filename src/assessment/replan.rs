//! The plan of a pack, made again. What a pack says of its plan is not to be trusted: whoever marks a requirement there as
//! not applicable takes it out of every verdict. Statement and standard say what had to run.

use std::collections::BTreeMap;
use std::path::Path;

use crate::catalogue::RequirementId;
use crate::domain::phrase::Lang;
use crate::evidence::sha256_hex;
use crate::feature::plan::{Plan, PlannedRequirement, plan};
use crate::pack::rejudge::Difference;
use crate::pack::run_json::RunJson;
use crate::statement::{SecretSource, Statement};

use super::{Standard, claims};

/// What the plan of a pack, made again, says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replanned {
    /// It was made again; where it differs from the stored one.
    Compared(Vec<Difference>),
    /// The pack was judged by another standard than this one: its plan cannot be made again here.
    OtherStandard,
}

/// Makes the plan of a pack again from its own statement, its selection and this standard.
pub fn replan(dir: &Path, run: &RunJson, standard: &Standard<'_>) -> Replanned {
    if sha256_hex(standard.lock.as_bytes()) != run.standard.digest {
        return Replanned::OtherStandard;
    }
    let mut restated = Vec::new();
    let again = match statement(dir) {
        Ok(statement) => {
            restated = target(run, &statement);
            plan(
                standard.catalogue,
                standard.features,
                &claims(&statement, Some(run.profile)),
                &run.selection,
            )
            .map_err(|error| error.phrase().en)
        }
        Err(text) => Err(text),
    };
    restated.extend(match again {
        Ok(again) => differences(&run.plan, &again),
        Err(text) => vec![difference("", "plan", "as stored", &text)],
    });
    Replanned::Compared(restated)
}

/// What `run.json` says of the target, held against the statement: a certificate names both. Whether it was the sandbox
/// no statement tells.
fn target(run: &RunJson, statement: &Statement) -> Vec<Difference> {
    let stored = &run.target;
    let again = super::target_facts(statement, None, stored.statement_digest.clone());
    let pairs = [
        ("target.name", &stored.name, &again.name),
        ("target.version", &stored.version, &again.version),
        ("target.agency", &stored.agency, &again.agency),
        ("target.base_url", &stored.base_url, &again.base_url),
        ("target.environment", &stored.environment, &again.environment),
        (
            "target.loopback",
            &stored.loopback.to_string(),
            &again.loopback.to_string(),
        ),
    ];
    pairs
        .into_iter()
        .filter(|(_, stored, again)| stored != again)
        .map(|(what, stored, again)| difference("", what, stored, again))
        .collect()
}

/// The statement of the pack; no secret of it is read.
fn statement(dir: &Path) -> Result<Statement, String> {
    let path = dir.join("pernyataan.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("pernyataan.toml: {error}"))?;
    Statement::parse("pernyataan.toml", &text, dir, &SecretSource::Given(BTreeMap::new()))
        .map_err(|faults| faults.iter().map(|fault| fault.render(Lang::En)).collect())
}

fn differences(stored: &Plan, again: &Plan) -> Vec<Difference> {
    let by_id = |plan: &Plan| -> BTreeMap<RequirementId, PlannedRequirement> {
        plan.requirements
            .iter()
            .map(|planned| (planned.id, planned.clone()))
            .collect()
    };
    let (stored_by_id, again_by_id) = (by_id(stored), by_id(again));
    let ids: std::collections::BTreeSet<_> = stored_by_id.keys().chain(again_by_id.keys()).collect();
    let words = |planned: Option<&PlannedRequirement>| {
        planned.map_or_else(
            || "-".to_owned(),
            |planned| format!("{:?}, {} rows", planned.disposition, planned.rows.len()),
        )
    };
    let mut found: Vec<Difference> = ids
        .into_iter()
        .map(|id| (id, stored_by_id.get(id), again_by_id.get(id)))
        .filter(|(_, stored, again)| stored != again)
        .map(|(id, stored, again)| difference(&id.to_string(), "plan", &words(stored), &words(again)))
        .collect();
    if stored.missing_capabilities != again.missing_capabilities {
        let (stored, again) = (
            stored.missing_capabilities.join(", "),
            again.missing_capabilities.join(", "),
        );
        found.push(difference("", "missing_capabilities", &stored, &again));
    }
    found
}

fn difference(requirement: &str, what: &str, stored: &str, judged: &str) -> Difference {
    let bounded = |text: &str| text.chars().take(400).collect();
    Difference {
        requirement: requirement.to_owned(),
        row: String::new(),
        leg: String::new(),
        what: what.to_owned(),
        stored: bounded(stored),
        judged: bounded(judged),
        rules: Vec::new(),
    }
}
