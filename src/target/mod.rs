//! The application under test: canonical operations become real HTTP through the binding.

mod call;

pub use call::{Answered, Call, CallFault, Extra, ParameterInput, Place, Sent};

use crate::domain::{Actor, Op};
use crate::evidence::{Recorder, Secrets};
use crate::statement::Statement;

/// The application under test. Clones share it.
#[derive(Clone)]
pub struct Target {
    statement: Statement,
}

/// The target cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(pub String);

impl Target {
    /// Sets the target up; sends nothing.
    pub fn connect(statement: &Statement, _: Recorder, _: Secrets) -> Result<Self, TargetError> {
        Ok(Self {
            statement: statement.clone(),
        })
    }

    /// Whether the statement binds an operation for an actor.
    pub fn bound(&self, op: Op, actor: Actor) -> bool {
        self.statement.bound().contains(&(op, actor))
    }

    /// The inputs that the binding of an operation uses.
    pub fn inputs(&self, _: Op, _: Actor) -> Vec<ParameterInput> {
        Vec::new()
    }

    /// Calls an operation.
    pub async fn call(&self, call: Call) -> Result<Answered, CallFault> {
        Err(CallFault::NotBound {
            op: call.op,
            actor: call.actor,
        })
    }

    /// Calls all at once: connections are opened first, then everything is released together.
    pub async fn parallel(&self, calls: Vec<Call>) -> Vec<Result<Answered, CallFault>> {
        calls
            .into_iter()
            .map(|call| {
                Err(CallFault::NotBound {
                    op: call.op,
                    actor: call.actor,
                })
            })
            .collect()
    }

    /// The text of an actor's credential; logs in where it must.
    pub async fn token(&self, _: Actor) -> Result<String, CallFault> {
        Err(CallFault::Stopped)
    }
}
