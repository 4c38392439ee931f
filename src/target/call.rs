//! What a call of a canonical operation is, and what comes back.

use std::sync::Arc;

use serde_json::Value;

use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Reading, Record, Scope};

/// One call of a canonical operation.
#[derive(Debug, Clone)]
pub struct Call {
    /// To what its records belong.
    pub scope: Scope,
    /// The operation.
    pub op: Op,
    /// Who calls.
    pub actor: Actor,
    /// Whose credential is sent.
    pub sent: Sent,
    /// The complaint of the scenario that it is about, `P1`.
    pub object: Option<String>,
    /// The class of a probe's input; empty for what is no probe.
    pub input_class: String,
    /// The canonical input.
    pub input: Value,
    /// What the binding does not say.
    pub extra: Extra,
}

/// Whose credential is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The actor's own; for `publik` none.
    Own,
    /// None.
    None,
    /// This text where the token of an actor would stand.
    Token {
        /// Whose place it takes.
        of: Actor,
        /// How it was altered, in words.
        alteration: String,
        /// The text; registered as a secret by whoever made it.
        value: String,
    },
}

/// What a probe adds to the request that the binding makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// Query members, appended; a value of `None` stands for a name without `=`.
    pub query: Vec<(String, Option<String>)>,
    /// Headers, appended.
    pub headers: Vec<(String, String)>,
    /// Bytes put behind the path as they are, percent-signs included.
    pub path_suffix: Option<String>,
    /// An absolute URL in place of the one that the binding makes; it must lead to a declared host.
    pub url: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The last exchange of the operation.
    pub record: Arc<Record>,
    /// Every exchange of it.
    pub records: Vec<Arc<Record>>,
    /// How the statement's rules read the answer.
    pub reading: Reading,
    /// The answer as the canonical model sees it, before redaction; `null` where there is none.
    pub mapped: Value,
    /// Why the answer filter failed, if it did.
    pub map_fault: Option<String>,
}

/// Where an input of an operation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the body.
    Body,
    /// Into a header.
    Header,
    /// Into the path.
    Path,
    /// Into the query.
    Query,
}

/// An input of an operation, as its binding uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterInput {
    /// The canonical member, `kategori`.
    pub name: String,
    /// Where it goes.
    pub place: Place,
}

/// Why a call could not be made. What an application answers is none of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// The statement does not bind the operation for the actor.
    #[error("{op} is not bound for {actor}")]
    NotBound {
        /// The operation.
        op: Op,
        /// The actor.
        actor: Actor,
    },
    /// The actor cannot log in or renew its credential.
    #[error("{}", text.en)]
    Auth {
        /// Why.
        text: Phrase,
    },
    /// A filter or template of the statement failed on our input; a fault of the statement.
    #[error("{}", text.en)]
    Statement {
        /// Where and why.
        text: Phrase,
    },
    /// The run is being stopped.
    #[error("the run is being stopped")]
    Stopped,
}
