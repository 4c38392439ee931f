//! Judging: legs, their outcomes, and how they combine into verdicts and a decision.
//! Pure: no clock, no I/O. Nothing here knows of HTTP or of Gherkin.

mod combine;
mod decide;
mod leg;

pub use combine::{combine_attempts, combine_legs};
pub use decide::{Decision, DecisionInput, decide};
pub use leg::{Leg, Outcome, Reason, Strength, Verdict};
