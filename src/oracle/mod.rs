//! Oracles: pure functions over recorded evidence. No clock, no I/O, no randomness, nothing of Gherkin or HTTP
//! clients; so every one can be asked again about a stored pack (decisions.md B.10, B.11).

mod access;
mod answers;
mod burst;
pub mod chronicle;
mod classes;
mod closing;
pub mod effect;
pub mod error_form;
pub(crate) mod files;
mod filters;
pub mod honesty;
mod identity;
pub mod identity_of_token;
pub mod injection;
pub mod leak;
pub mod media;
pub mod methods;
mod moves;
mod needful;
pub mod negative;
pub mod no_credential;
pub mod odd_input;
pub mod ownership;
pub(crate) mod page_size;
pub(crate) mod paging;
pub mod planted;
pub mod reach;
mod receipt;
pub mod redirect;
pub mod refusal;
mod registry;
#[cfg(test)]
pub(crate) mod samples;
pub mod scoped;
pub mod server_fault;
pub mod shape;
mod sight;
#[cfg(test)]
pub(crate) mod specimen;
mod tally;
pub(crate) mod text;
pub mod tiers;
pub mod token;
pub mod unchanged;
pub mod unknown_codes;
mod untouched;
mod whole;
mod window;

pub use registry::{Entry, Kind, find, registry};
pub use window::Window;

use serde_json::Value;

use crate::evidence::record::Record;
use crate::verdict::Leg;

/// An oracle that looks at named records.
pub type Judge = fn(&Value, &Window) -> Result<Vec<Leg>, OracleFault>;

/// An oracle that looks at every record of the run, in the order of the log.
///
/// Its state is bounded: it never holds the run in memory. What it concludes may not depend on how the rows
/// were interleaved.
pub trait Fold: Send {
    /// Looks at one more record.
    fn observe(&mut self, record: &Record);

    /// Judges what was seen so far.
    fn conclude(&self, params: &Value) -> Result<Vec<Leg>, OracleFault>;

    /// The rows (`area/clause.feature:line`) whose first attempt produced what failed; running them again confirms it
    /// (decisions.md A.3).
    fn rows_to_repeat(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A fault of ours: parameters or evidence that the oracle cannot read. Makes its legs ERROR.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OracleFault {
    /// The parameters of the check have another shape.
    #[error("parameters of oracle {oracle} do not fit: {text}")]
    Params {
        /// The oracle.
        oracle: &'static str,
        /// What does not fit.
        text: String,
    },
    /// A record that the check names is not in the log, or is of another kind.
    #[error("record {seq} is missing or is no {expected}")]
    Evidence {
        /// Its number.
        seq: u64,
        /// What it should be.
        expected: &'static str,
    },
    /// The registry has no such oracle.
    #[error("no oracle is named `{0}`")]
    Unknown(String),
}

/// Reads the parameters of a check into an oracle's own type.
pub fn params<P: serde::de::DeserializeOwned>(oracle: &'static str, value: &Value) -> Result<P, OracleFault> {
    P::deserialize(value).map_err(|error| OracleFault::Params {
        oracle,
        text: error.to_string(),
    })
}
