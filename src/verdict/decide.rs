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

#[cfg(test)]
mod tests {
    use super::*;

    const fn wajib(verdict: Verdict, reason: Option<Reason>) -> DecisionInput {
        DecisionInput {
            level: Level::Wajib,
            verdict,
            reason,
        }
    }

    const fn dianjurkan(verdict: Verdict) -> DecisionInput {
        DecisionInput {
            level: Level::Dianjurkan,
            verdict,
            reason: None,
        }
    }

    #[test]
    fn the_decision_follows_the_worst_mandatory_requirement() {
        use Decision as D;
        use Verdict as V;
        let pass = wajib(V::Pass, None);
        let table: &[(&[DecisionInput], Decision)] = &[
            (&[], D::BelumDapatDiputuskan),
            (&[pass], D::Laik),
            (&[pass, wajib(V::NotApplicable, None)], D::Laik),
            (&[wajib(V::NotApplicable, None)], D::BelumDapatDiputuskan),
            (&[pass, wajib(V::NotRun, None)], D::BelumDapatDiputuskan),
            (
                &[pass, wajib(V::Inconclusive, Some(Reason::Timeout))],
                D::BelumDapatDiputuskan,
            ),
            (&[pass, wajib(V::Error, None)], D::BelumDapatDiputuskan),
            (&[pass, wajib(V::Error, None), wajib(V::Fail, None)], D::TidakLaik),
            (&[pass, dianjurkan(V::Fail)], D::Laik),
            (&[pass, dianjurkan(V::NotRun)], D::Laik),
            (&[dianjurkan(V::Pass)], D::BelumDapatDiputuskan),
        ];
        for (inputs, expected) in table {
            assert_eq!(decide(inputs, false), *expected, "{inputs:?}");
        }
    }

    #[test]
    fn a_waiting_review_is_left_out_only_where_asked_and_only_for_that_reason() {
        let waiting = wajib(Verdict::Inconclusive, Some(Reason::AwaitingReview));
        let inputs = [wajib(Verdict::Pass, None), waiting];
        assert_eq!(decide(&inputs, false), Decision::BelumDapatDiputuskan);
        assert_eq!(decide(&inputs, true), Decision::Laik);
        assert_eq!(
            decide(&[waiting], true),
            Decision::BelumDapatDiputuskan,
            "nothing was judged"
        );
        let open = wajib(Verdict::Inconclusive, Some(Reason::Timeout));
        assert_eq!(
            decide(&[wajib(Verdict::Pass, None), open], true),
            Decision::BelumDapatDiputuskan
        );
    }
}
