//! The decision about a whole profile, and the exit code of what was selected (decisions.md A.5, A.6).

use crate::catalogue::Level;
use crate::domain::vocabulary;

use super::leg::{Reason, Verdict};

vocabulary! {
    /// The decision. It speaks of a whole profile; a partial selection never has one.
    Decision {
        Laik = "laik", "laik", "fit";
        TidakLaik = "tidak_laik", "tidak laik", "not fit";
        BelumDapatDiputuskan = "belum_dapat_diputuskan", "belum dapat diputuskan", "not yet decided";
    }
}

/// What the decision looks at, for one requirement.
#[derive(Debug, Clone, Copy)]
pub struct DecisionInput {
    /// wajib or dianjurkan.
    pub level: Level,
    /// The verdict of the requirement.
    pub verdict: Verdict,
    /// The reason, where it is inconclusive.
    pub reason: Option<Reason>,
}

/// Decides over the requirements of one selection.
///
/// Any mandatory FAIL → tidak laik; else any mandatory ERROR, INCONCLUSIVE or NOT_RUN → belum dapat
/// diputuskan; else laik if at least one mandatory requirement passed. With `leave_reviews_out`, requirements
/// that wait for a review alone do not count (`decision_automatic`).
pub fn decide(requirements: &[DecisionInput], leave_reviews_out: bool) -> Decision {
    let waits = |input: &DecisionInput| {
        leave_reviews_out && input.verdict == Verdict::Inconclusive && input.reason == Some(Reason::AwaitingReview)
    };
    let mandatory = || {
        requirements
            .iter()
            .filter(|input| input.level == Level::Wajib && !waits(input))
    };
    if mandatory().any(|input| input.verdict == Verdict::Fail) {
        return Decision::TidakLaik;
    }
    let settled = mandatory().all(|input| matches!(input.verdict, Verdict::Pass | Verdict::NotApplicable));
    if settled && mandatory().any(|input| input.verdict == Verdict::Pass) {
        Decision::Laik
    } else {
        Decision::BelumDapatDiputuskan
    }
}
