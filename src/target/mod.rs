//! The application under test: a canonical operation goes out as the statement binds it, and every exchange goes to
//! the recorder. Knows nothing of scenarios, oracles or verdicts.

mod address;
mod body;
mod call;
mod client;
mod cookies;
mod gate;
mod oauth;
mod pace;
mod places;
mod session;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};
use tokio::sync::watch;

pub use places::Address;

pub use crate::binding::{Kind, ParameterInput, Place};
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Reading, Record, Scope};
use crate::evidence::{Recorder, Secrets};
use crate::statement::{Diagnosis, Secret, Statement};

/// The largest answer that is read, in bytes.
pub const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The application under test. Clones share connections, sessions and pacing.
#[derive(Clone)]
pub struct Target {
    inner: Arc<Inner>,
}

struct Inner {
    statement: Statement,
    recorder: Recorder,
    client: reqwest::Client,
    secrets: BTreeMap<String, Secret>,
    sessions: session::Sessions,
    pace: pace::Pace,
    stop: watch::Sender<bool>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Target({})", self.inner.statement.base_url())
    }
}

/// Why there is no target.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The statement does not give what is needed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Statement(Vec<Diagnosis>),
    /// The HTTP client cannot be built.
    #[error("HTTP client: {0}")]
    Client(String),
}

/// One canonical operation to be carried out.
#[derive(Debug, Clone)]
pub struct Call {
    /// To what part of which check it belongs.
    pub scope: Scope,
    /// The operation.
    pub op: Op,
    /// Who calls.
    pub actor: Actor,
    /// Which credential goes with it.
    pub sent: Sent,
    /// The complaint that it is about, `P1`.
    pub object: Option<String>,
    /// Input class of a probe; empty where there is none.
    pub input_class: String,
    /// The canonical input, an object.
    pub input: Value,
    /// What a probe adds to the request.
    pub extra: Extra,
}

/// Which credential goes with a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sent {
    /// The actor's own; none for those that have none.
    #[default]
    Own,
    /// None.
    None,
    /// A text of the caller's, where a token would stand.
    Token {
        /// Whose token it is an alteration of; its header or parameter carries the text.
        of: Actor,
        /// Name of the alteration, for the record.
        alteration: String,
        /// The text.
        value: String,
    },
    /// These header fields in place of the actor's own credential, each on a line of its own.
    Fields {
        /// Name of the alteration, for the record.
        alteration: String,
        /// Names and values, in order.
        fields: Vec<(String, String)>,
    },
}

/// What a probe adds to the request of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extra {
    /// Further query parameters, not yet encoded; `None` stands for a name without `=`.
    pub query: Vec<(String, Option<String>)>,
    /// Headers; they replace those of the same name.
    pub headers: Vec<(String, String)>,
    /// Text put behind the path, already percent-encoded.
    pub path_suffix: Option<String>,
    /// Another address in place of the bound one, on a declared origin.
    pub url: Option<String>,
    /// Another method in place of the bound one.
    pub method: Option<String>,
    /// What becomes of the bound body, where there is one.
    pub body: Option<BodyChange>,
    /// Names of headers that are left out, whoever put them there.
    pub without: Vec<String>,
    /// A body for a request that is sent alone.
    pub raw: Option<RawBody>,
    /// Sends one request to the first step's address, or to `url`, with that step's headers and no bound body; its
    /// answer is read, and neither mapped nor followed by further steps.
    pub alone: bool,
}

/// The bytes of a body, with the media type that the request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawBody {
    /// Value of `Content-Type`; none where it is left out.
    pub media_type: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a probe does to the body of a request. A request without a body keeps none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyChange {
    /// Other bytes; the media type stays unless another is named.
    Bytes {
        /// The bytes.
        bytes: Bytes,
        /// Another media type.
        media_type: Option<String>,
    },
    /// Further members: of the object that a JSON body is, pairs behind those of a form (`a[b]=c` for what is nested),
    /// or parts of a multipart body. Bodies of other kinds stay as they are.
    Members(Map<String, Value>),
}

/// How a call ended: the application answered, or failed to.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The record of the last exchange.
    pub record: Arc<Record>,
    /// Every exchange of the call, throttled ones and steps included.
    pub records: Vec<Arc<Record>>,
    /// How the last answer was read.
    pub reading: Reading,
    /// The canonical answer, not redacted.
    pub mapped: Value,
    /// Why it could not be mapped, or not wholly.
    pub map_fault: Option<String>,
}

/// Why a call did not take place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// The operation is not bound, or the actor is not declared.
    #[error("{op} is not bound for {actor}")]
    NotBound {
        /// The operation.
        op: Op,
        /// The actor.
        actor: Actor,
    },
    /// The actor's credential could not be had.
    #[error("{}", text.id)]
    Auth {
        /// Why.
        text: Phrase,
    },
    /// The statement's binding does not work for this input.
    #[error("{}", text.id)]
    Statement {
        /// Place and fault.
        text: Phrase,
    },
    /// The run is being stopped.
    #[error("stopped")]
    Stopped,
}

impl Target {
    /// Prepares a target: reads the secrets, registers them, builds the client. `registry` is the recorder's. Sends
    /// nothing.
    pub fn connect(statement: &Statement, recorder: Recorder, registry: &Secrets) -> Result<Self, TargetError> {
        let secrets = statement.secrets().map_err(TargetError::Statement)?;
        for (name, value) in &secrets {
            registry.register(name, value.reveal());
        }
        for entry in statement.document().autentikasi.values() {
            let names = entry.header.iter();
            let names = names.chain(entry.csrf.iter().flat_map(|csrf| csrf.header.iter()));
            names.for_each(|name| registry.register_header(name));
        }
        let client = client::build(statement)?;
        let pace = pace::Pace::new(statement.rate());
        let (stop, _) = watch::channel(false);
        let inner = Inner {
            statement: statement.clone(),
            recorder,
            client,
            secrets,
            sessions: session::Sessions::default(),
            pace,
            stop,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The statement.
    pub fn statement(&self) -> &Statement {
        &self.inner.statement
    }

    /// Whether an operation is bound and the statement says that the actor, who is declared, is entitled to it.
    pub fn bound(&self, op: Op, actor: Actor) -> bool {
        let route = self.inner.statement.binding().route(op);
        route.is_some_and(|route| route.entitled().contains(&actor)) && self.declared(actor)
    }

    /// Whether an operation is bound at all, so that any declared actor can try it.
    pub fn routed(&self, op: Op) -> bool {
        self.inner.statement.binding().route(op).is_some()
    }

    /// Whether the statement names an actor; `publik` needs no entry.
    pub fn declared(&self, actor: Actor) -> bool {
        actor == Actor::Publik || self.inner.statement.actor(actor).is_some()
    }

    /// Input members of an operation that reach the application, and where.
    pub fn inputs(&self, op: Op, actor: Actor) -> Vec<ParameterInput> {
        self.inner.statement.binding().inputs(op, actor)
    }

    /// Ends waiting calls with [`CallFault::Stopped`] and refuses new ones.
    pub fn stop(&self) {
        self.inner.stop.send_replace(true);
    }
}
