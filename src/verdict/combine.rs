//! How outcomes combine: attempts of one leg, legs of one requirement (decisions.md A.2, A.3).

use super::leg::{Outcome, Reason, Verdict};

/// Combines two attempts at the same leg key. It confirms a FAIL; it never improves an outcome.
///
/// FAIL twice is FAIL; FAIL and ERROR is ERROR; FAIL and anything else is INCONCLUSIVE(UNSTABLE).
/// A first outcome that was no FAIL stands unless the second is worse.
pub fn combine_attempts(first: &Outcome, second: &Outcome) -> Outcome {
    use Outcome as O;
    match (first, second) {
        (O::Error(text), _) | (_, O::Error(text)) => O::Error(text.clone()),
        (O::Fail, O::Fail) => O::Fail,
        (O::Fail, _) | (_, O::Fail) => O::Inconclusive(Reason::Unstable),
        (first, second) => {
            if rank(second) > rank(first) {
                second.clone()
            } else {
                first.clone()
            }
        }
    }
}

/// Combines the outcomes of all legs of one requirement.
///
/// Any FAIL → FAIL; else any ERROR → ERROR; else any INCONCLUSIVE or NOT_RUN → that; else PASS if at least
/// one leg passed; else NOT_APPLICABLE if all legs were; an empty set is NOT_RUN, never PASS.
/// The reason is that of the first inconclusive leg.
pub fn combine_legs<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> (Verdict, Option<Reason>) {
    let (mut fail, mut error, mut pass, mut not_run, mut not_applicable) = (false, false, false, false, false);
    let mut reason = None;
    for outcome in outcomes {
        match outcome {
            Outcome::Pass => pass = true,
            Outcome::Fail => fail = true,
            Outcome::Inconclusive(why) => reason = reason.or(Some(*why)),
            Outcome::NotApplicable(_) => not_applicable = true,
            Outcome::NotRun => not_run = true,
            Outcome::Error(_) => error = true,
        }
    }
    match () {
        () if fail => (Verdict::Fail, None),
        () if error => (Verdict::Error, None),
        () if reason.is_some() => (Verdict::Inconclusive, reason),
        () if not_run => (Verdict::NotRun, None),
        () if pass => (Verdict::Pass, None),
        () if not_applicable => (Verdict::NotApplicable, None),
        () => (Verdict::NotRun, None),
    }
}

/// NONE < PASS < INCONCLUSIVE < FAIL < ERROR (design.md §3.4); what was not judged or does not apply is NONE.
const fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::NotApplicable(_) => 0,
        Outcome::Pass => 1,
        Outcome::NotRun => 2,
        Outcome::Inconclusive(_) => 3,
        Outcome::Fail => 4,
        Outcome::Error(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_confirm_and_never_improve() {
        use Outcome as O;
        let error = || O::Error("ours".to_owned());
        let unstable = O::Inconclusive(Reason::Unstable);
        let table = [
            (O::Fail, O::Fail, O::Fail),
            (O::Fail, O::Pass, unstable.clone()),
            (O::Fail, O::NotRun, unstable.clone()),
            (O::Fail, O::NotApplicable("cabut".into()), unstable.clone()),
            (O::Fail, O::Inconclusive(Reason::Timeout), unstable.clone()),
            (O::Fail, error(), error()),
            (error(), O::Fail, error()),
            (O::Pass, O::Fail, unstable),
            (O::Pass, O::Pass, O::Pass),
            (
                O::Pass,
                O::Inconclusive(Reason::Timeout),
                O::Inconclusive(Reason::Timeout),
            ),
            (
                O::Inconclusive(Reason::Timeout),
                O::Pass,
                O::Inconclusive(Reason::Timeout),
            ),
        ];
        for (first, second, expected) in table {
            assert_eq!(combine_attempts(&first, &second), expected, "{first:?} then {second:?}");
        }
    }

    #[test]
    fn legs_combine_by_priority_and_an_empty_set_never_passes() {
        use Outcome as O;
        let pass = O::Pass;
        let fail = O::Fail;
        let error = O::Error("ours".to_owned());
        let open = O::Inconclusive(Reason::Timeout);
        let not_applicable = O::NotApplicable("cabut".to_owned());
        let table: &[(&[&O], Verdict)] = &[
            (&[], Verdict::NotRun),
            (&[&pass], Verdict::Pass),
            (&[&pass, &not_applicable], Verdict::Pass),
            (&[&not_applicable], Verdict::NotApplicable),
            (&[&pass, &O::NotRun], Verdict::NotRun),
            (&[&pass, &open, &O::NotRun], Verdict::Inconclusive),
            (&[&pass, &error, &open], Verdict::Error),
            (&[&error, &fail, &open], Verdict::Fail),
        ];
        for (legs, expected) in table {
            assert_eq!(combine_legs(legs.iter().copied()).0, *expected, "{legs:?}");
        }
    }
}
