//! The plan as `run.json` keeps it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Confirmation, Lane, Level, Phase, RequirementId};
use crate::domain::{Area, Phrase, Profile};
use crate::verdict::Reason;

/// What a run is to do, made before it starts and held against it afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Revision of the standard.
    pub revision: String,
    /// How many requirements the revision implements.
    pub implemented: usize,
    /// How many the whole standard has.
    pub whole: usize,
    /// The profile that is claimed.
    pub profile: Profile,
    /// What of it was selected.
    pub selection: Selection,
    /// The requirements, in their order.
    pub requirements: Vec<PlannedRequirement>,
    /// Capabilities that the profile demands and the statement does not claim.
    #[serde(default)]
    pub missing_capabilities: Vec<String>,
}

/// What of a profile was selected.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Selection {
    /// Single requirements; empty = all.
    #[schemars(with = "Vec<String>")]
    pub ids: Vec<RequirementId>,
    /// Areas; empty = all.
    pub areas: Vec<Area>,
    /// One level alone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<Level>,
    /// Whether intrusive requirements were allowed.
    pub intrusive: bool,
}

impl Selection {
    /// Whether less than the whole profile was selected; such a run has no decision.
    pub fn partial(&self) -> bool {
        !self.ids.is_empty() || !self.areas.is_empty() || self.level.is_some()
    }
}

/// One requirement of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedRequirement {
    /// Identifier.
    #[schemars(with = "String")]
    pub id: RequirementId,
    /// wajib or dianjurkan.
    pub level: Level,
    /// The lowest profile in which it counts.
    pub profile: Profile,
    /// When in a run.
    pub phase: Phase,
    /// Beside what.
    pub lane: Lane,
    /// Whether it needs `--intrusif`.
    pub intrusive: bool,
    /// Whether a FAIL needs a second attempt.
    pub confirmation: Confirmation,
    /// Whether it is to run.
    pub disposition: Disposition,
    /// Its scenario rows.
    pub rows: Vec<PlannedRow>,
}

/// Whether a requirement is to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It is.
    Run,
    /// The statement does not claim what it is about; the claim is named.
    NotApplicable(String),
    /// It may not run.
    Blocked {
        /// Why.
        reason: Reason,
        /// In words.
        text: Phrase,
    },
}

/// One scenario row of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedRow {
    /// `keamanan/2_sesi.feature:41`.
    pub id: String,
    /// Name of its scenario.
    pub scenario: String,
    /// Stable label.
    pub label: String,
    /// Its steps.
    pub steps: Vec<PlannedStep>,
}

/// One step of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedStep {
    /// Line in the feature.
    pub line: usize,
    /// `diketahui`, `ketika` or `maka`.
    pub kind: String,
    /// The step, expanded.
    pub text: String,
}
