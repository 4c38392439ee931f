//! Why a scenario stops before its end. A FAIL is none: later *Maka* are still judged (decisions.md A.4).

use crate::domain::Phrase;
use crate::evidence::record::End;
use crate::target::CallFault;
use crate::verdict::Reason;

/// Why a scenario stops before its end; carried through cucumber as a typed unwinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// A precondition is missing.
    Inconclusive {
        /// Why.
        reason: Reason,
        /// In words.
        text: Phrase,
    },
    /// The statement does not claim or bind what the scenario needs.
    NotApplicable(String),
    /// The run is being stopped.
    Stopped,
    /// A fault of laik.
    Error(String),
}

impl Halt {
    /// A missing precondition.
    pub const fn inconclusive(reason: Reason, text: Phrase) -> Self {
        Self::Inconclusive { reason, text }
    }

    /// A fault of laik.
    pub fn error(text: impl Into<String>) -> Self {
        Self::Error(text.into())
    }

    /// Leaves the scenario without touching the panic hook.
    pub(crate) fn raise(self) -> ! {
        std::panic::resume_unwind(Box::new(self))
    }

    /// How the step's record tells it.
    pub(crate) fn end(&self) -> End {
        match self {
            Self::Inconclusive { reason, text } => End::Inconclusive {
                reason: *reason,
                text: text.clone(),
            },
            Self::NotApplicable(claim) => End::NotApplicable(claim.clone()),
            Self::Stopped => End::Stopped,
            Self::Error(text) => End::Error(text.clone()),
        }
    }
}

impl From<CallFault> for Halt {
    fn from(fault: CallFault) -> Self {
        match fault {
            CallFault::NotBound { op, actor } => Self::NotApplicable(format!("{op}@{actor} tidak terikat")),
            CallFault::Auth { text } => Self::inconclusive(Reason::AuthUnavailable, text),
            CallFault::Stopped => Self::Stopped,
            // What the statement gets wrong is neither the application's fault nor ours.
            CallFault::Statement { text } => Self::inconclusive(Reason::PreconditionUnmet, text),
        }
    }
}
