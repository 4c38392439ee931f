//! What a run must do, told before it runs: requirements, rows, steps. What the plan holds and the run does not
//! bring is NOT_RUN; nothing passes by absence.
//! Knows nothing of cucumber and of records.

use std::collections::BTreeSet;

use gherkin::{Background, Feature, Scenario, Step, StepType};
use serde::{Deserialize, Serialize};

use super::ParsedFeature;
use crate::catalogue::{
    Catalogue, Confirmation, Lane, Level, Phase, REVISION, Requirement, RequirementId, WHOLE_STANDARD,
};
use crate::domain::{Actor, Area, Capability, Op, Phrase, Profile};
use crate::phrase;
use crate::verdict::Reason;

/// The plan of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Plan {
    /// The revision of the standard.
    pub revision: String,
    /// How many requirements this revision has.
    pub implemented: usize,
    /// How many the whole standard has.
    pub whole: usize,
    /// The profile that is claimed.
    pub profile: Profile,
    /// What was asked for.
    pub selection: Selection,
    /// What is judged, in the order of identifiers.
    pub requirements: Vec<PlannedRequirement>,
    /// Pseudo requirements of capabilities that the profile demands and nobody claims, `PROFIL-hub_masuk`
    /// (decisions.md A.8). Empty in a partial selection, which judges no profile.
    pub missing_capabilities: Vec<String>,
}

/// Which part of the standard to judge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Selection {
    /// These alone; empty means all.
    #[schemars(with = "Vec<String>")]
    pub ids: Vec<RequirementId>,
    /// Requirements of these areas alone; empty means all.
    pub areas: Vec<Area>,
    /// Requirements of this level alone.
    pub level: Option<Level>,
    /// Whether intrusive requirements run.
    pub intrusive: bool,
}

impl Selection {
    /// Whether less than the profile is asked for; such a run has no decision (decisions.md A.5).
    pub fn partial(&self) -> bool {
        !self.ids.is_empty() || !self.areas.is_empty() || self.level.is_some()
    }

    fn holds(&self, requirement: &Requirement) -> bool {
        (self.ids.is_empty() || self.ids.contains(&requirement.id))
            && (self.areas.is_empty() || self.areas.contains(&requirement.id.area()))
            && self.level.is_none_or(|level| level == requirement.level)
    }
}

/// A requirement in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlannedRequirement {
    /// Its identifier.
    #[schemars(with = "String")]
    pub id: RequirementId,
    /// wajib or dianjurkan.
    pub level: Level,
    /// The lowest profile in which it counts.
    pub profile: Profile,
    /// When in the run.
    pub phase: Phase,
    /// Beside what.
    pub lane: Lane,
    /// Whether it attacks, floods or races.
    pub intrusive: bool,
    /// Whether a FAIL needs a second attempt.
    pub confirmation: Confirmation,
    /// Whether it runs.
    pub disposition: Disposition,
    /// Every row that must finish.
    pub rows: Vec<PlannedRow>,
}

/// What a plan does with a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It runs.
    Run,
    /// The claim that it depends on is not made; the text names it.
    NotApplicable(String),
    /// It cannot run here.
    Blocked {
        /// The closed reason.
        reason: Reason,
        /// Why, and what would let it run.
        text: Phrase,
    },
}

/// One scenario, or one row of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlannedRow {
    /// `keamanan/2_sesi.feature:41`: the path below `features/`, and the line of the scenario or of its table row.
    pub id: String,
    /// The scenario's name, placeholders filled.
    pub scenario: String,
    /// Stable within the requirement: the cells joined by ` · `, or the scenario's name.
    pub label: String,
    /// Its steps, those of a background first.
    pub steps: Vec<PlannedStep>,
}

impl PlannedRow {
    /// Whether the row looks at what others sent instead of sending something itself.
    pub fn is_passive(&self) -> bool {
        self.steps.iter().any(|step| step.text == PASSIVE)
    }
}

/// The act of a row that looks at every exchange of the run.
const PASSIVE: &str = "seluruh pertukaran pengujian ini diperiksa";

/// One step of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlannedStep {
    /// Line in the feature.
    pub line: usize,
    /// `diketahui`, `ketika` or `maka`.
    pub kind: String,
    /// The text with placeholders filled, prefix and suffix included.
    pub text: String,
}

/// What a statement claims, as far as a plan depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The profile.
    pub profile: Profile,
    /// The capabilities.
    pub capabilities: BTreeSet<Capability>,
    /// What is bound for whom.
    pub bound: BTreeSet<(Op, Actor)>,
    /// Whether the environment is staging: elsewhere nothing may be written.
    pub staging: bool,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nothing was selected; an empty set is never *laik*.
    #[error("{}", self.phrase().id)]
    Empty {
        /// The claimed profile.
        profile: Profile,
    },
    /// A selected identifier is not in this revision.
    #[error("{}", self.phrase().id)]
    Unknown {
        /// What was asked for.
        id: RequirementId,
        /// What there is.
        known: Vec<RequirementId>,
    },
    /// A requirement has no scenario; `laik lint` says more.
    #[error("{}", self.phrase().id)]
    NoScenario {
        /// Which.
        id: RequirementId,
    },
}

impl PlanError {
    /// What is wrong and what to do, in both languages.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Empty { profile } => phrase!(
                "tidak ada persyaratan yang terpilih pada profil {profile}; longgarkan pilihannya, lihat `laik list`",
                "no requirement is selected in profile {profile}; select less narrowly, see `laik list`"
            ),
            Self::Unknown { id, known } => {
                let known: Vec<String> = known.iter().map(RequirementId::to_string).collect();
                let known = known.join(", ");
                phrase!(
                    "{id} tidak ada dalam revisi {REVISION}; yang ada: {known}",
                    "{id} is not in revision {REVISION}; there are: {known}"
                )
            }
            Self::NoScenario { id } => phrase!(
                "{id} tidak mempunyai skenario; jalankan `laik lint`",
                "{id} has no scenario; run `laik lint`"
            ),
        }
    }
}

/// Plans a run: what the selection and the profile ask for, and what the claims leave of it.
pub fn plan(
    catalogue: &Catalogue,
    features: &[ParsedFeature],
    claims: &Claims,
    selection: &Selection,
) -> Result<Plan, PlanError> {
    if let Some(id) = selection.ids.iter().find(|id| catalogue.find(**id).is_none()) {
        let known = catalogue
            .requirements
            .iter()
            .map(|requirement| requirement.id)
            .collect();
        return Err(PlanError::Unknown { id: *id, known });
    }
    let counts = |requirement: &&Requirement| requirement.profile <= claims.profile && selection.holds(requirement);
    let mut requirements = Vec::new();
    for requirement in catalogue.requirements.iter().filter(counts) {
        let rows = rows(features, requirement.id);
        if rows.is_empty() {
            return Err(PlanError::NoScenario { id: requirement.id });
        }
        requirements.push(planned(requirement, rows, claims, selection));
    }
    if requirements.is_empty() {
        return Err(PlanError::Empty {
            profile: claims.profile,
        });
    }
    Ok(Plan {
        revision: REVISION.to_owned(),
        implemented: catalogue.requirements.len(),
        whole: WHOLE_STANDARD,
        profile: claims.profile,
        selection: selection.clone(),
        requirements,
        missing_capabilities: if selection.partial() {
            Vec::new()
        } else {
            missing(claims)
        },
    })
}

/// The rows of a requirement, in the order of files and lines.
pub fn rows(features: &[ParsedFeature], id: RequirementId) -> Vec<PlannedRow> {
    let tag = id.to_string();
    let tagged = |(_, _, scenario): &(_, _, &Scenario)| scenario.tags.contains(&tag);
    features
        .iter()
        .flat_map(|parsed| {
            let scenarios = scenarios(&parsed.feature).filter(tagged);
            scenarios.map(|(feature, rule, scenario)| row(&parsed.path, [feature, rule], scenario))
        })
        .collect()
}

/// Every scenario with the background of its feature and of its rule.
pub(super) fn scenarios(
    feature: &Feature,
) -> impl Iterator<Item = (Option<&Background>, Option<&Background>, &Scenario)> {
    let background = feature.background.as_ref();
    let own = feature
        .scenarios
        .iter()
        .map(move |scenario| (background, None, scenario));
    let ruled = feature.rules.iter().flat_map(move |rule| {
        rule.scenarios
            .iter()
            .map(move |scenario| (background, rule.background.as_ref(), scenario))
    });
    own.chain(ruled)
}

fn row(path: &str, backgrounds: [Option<&Background>; 2], scenario: &Scenario) -> PlannedRow {
    let before = backgrounds
        .into_iter()
        .flatten()
        .flat_map(|background| &background.steps);
    PlannedRow {
        id: format!("{path}:{}", scenario.position.line),
        scenario: scenario.name.clone(),
        label: label(scenario),
        steps: before.chain(&scenario.steps).map(step).collect(),
    }
}

/// The cells of an expanded row joined, or the scenario's name.
pub(super) fn label(scenario: &Scenario) -> String {
    let table = scenario.examples.first().and_then(|examples| examples.table.as_ref());
    table
        .and_then(|table| table.rows.get(1))
        .map_or_else(|| scenario.name.clone(), |cells| cells.join(" · "))
}

fn step(step: &Step) -> PlannedStep {
    PlannedStep {
        line: step.position.line,
        kind: kind(step.ty).to_owned(),
        text: step.value.clone(),
    }
}

/// The word of records and plans for a step's kind.
pub(super) const fn kind(ty: StepType) -> &'static str {
    match ty {
        StepType::Given => "diketahui",
        StepType::When => "ketika",
        StepType::Then => "maka",
    }
}

fn planned(
    requirement: &Requirement,
    rows: Vec<PlannedRow>,
    claims: &Claims,
    selection: &Selection,
) -> PlannedRequirement {
    PlannedRequirement {
        id: requirement.id,
        level: requirement.level,
        profile: requirement.profile,
        phase: requirement.phase,
        lane: requirement.lane,
        intrusive: requirement.intrusive,
        confirmation: requirement.confirmation,
        disposition: disposition(requirement, claims, selection),
        rows,
    }
}

/// Not claimed comes first: a requirement that does not apply is not blocked either.
fn disposition(requirement: &Requirement, claims: &Claims, selection: &Selection) -> Disposition {
    let blocked = |text| Disposition::Blocked {
        reason: Reason::PreconditionUnmet,
        text,
    };
    if let Some(claim) = requirement
        .capability
        .unmet(|capability| claims.capabilities.contains(&capability))
    {
        Disposition::NotApplicable(claim)
    } else if !claims.staging && requirement.phase != Phase::Baca {
        blocked(phrase!(
            "menulis pada aplikasi, padahal lingkungannya bukan `staging`; uji salinan staging",
            "writes to the application, whose environment is not `staging`; judge a staging copy"
        ))
    } else if requirement.intrusive && !selection.intrusive {
        blocked(phrase!(
            "bersifat intrusif; jalankan dengan `--intrusif` pada lingkungan staging",
            "is intrusive; run with `--intrusif` on a staging environment"
        ))
    } else {
        Disposition::Run
    }
}

fn missing(claims: &Claims) -> Vec<String> {
    let claimed = |any: &&&[Capability]| !any.iter().any(|capability| claims.capabilities.contains(capability));
    let name = |any: &&[Capability]| {
        any.iter()
            .map(|capability| capability.id())
            .collect::<Vec<_>>()
            .join("/")
    };
    claims
        .profile
        .mandatory()
        .iter()
        .filter(claimed)
        .map(|any| format!("PROFIL-{}", name(any)))
        .collect()
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
