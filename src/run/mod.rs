//! A run: the plan executed phase by phase over cucumber, every step recorded, every verdict reconciled.

mod caller;
mod collector;
mod complaint;
mod context;
mod engine;
mod halt;
mod nonce;
mod panics;
mod pool;
mod progress;
mod stop;
mod world;

pub use caller::{CallBuilder, Caller, Stop as WalkStop, Walk};
pub use complaint::{BakuOptions, Complaint, Draft, baku};
pub use context::{RunCtx, RunCtxParts};
pub use engine::{EngineOptions, PhaseCost, execute};
pub use halt::Halt;
pub use nonce::nonce;
pub use panics::last_panic;
pub use pool::Pool;
pub use progress::{Event, Progress, Silent};
pub use stop::StopFlag;
pub use world::{Ask, World};
