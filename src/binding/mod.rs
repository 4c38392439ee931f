//! From canonical operations to real requests and back, as a statement says. Pure: it builds requests and reads
//! answers, and sends nothing. Knows nothing of sockets, actors' credentials or verdicts.

pub mod codec;
pub mod constants;
pub mod jq;
pub mod raw;

mod before;
mod body;
mod bulk;
mod condition;
mod operation;
mod paging;
mod template;

pub use before::before;
pub use body::EncodedBody;
pub use condition::{Received, Rules};
pub use operation::{Binding, BindingFault, Draft, Kind, ParameterInput, Place, Route, RouteStep};

/// The binding of the reference profile, TOML.
pub const REFERENCE: &str = include_str!("rujukan.toml");
