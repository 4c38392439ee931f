//! The leg (kaki): the unit of judgement, and the closed lists of what can be said of one.

use serde::{Deserialize, Serialize};

use crate::domain::{Phrase, vocabulary};

vocabulary! {
    /// Why something could not be judged (ISO/IEC 9646 *inconclusive*); a closed list.
    Reason {
        PreconditionUnmet = "PRECONDITION_UNMET", "prasyarat tidak terpenuhi", "a precondition was not met";
        CallbackNotReceived = "CALLBACK_NOT_RECEIVED", "panggilan balik tidak diterima", "a callback was not received";
        Timeout = "TIMEOUT", "waktu habis", "time ran out";
        AuthUnavailable = "AUTH_UNAVAILABLE", "aktor tidak dapat masuk", "an actor could not log in";
        FixtureMissing = "FIXTURE_MISSING", "bahan uji tidak tersedia", "a fixture is missing";
        OracleUnavailable = "ORACLE_UNAVAILABLE", "penilai tidak tersedia", "the oracle is not available";
        InsufficientEvidence = "INSUFFICIENT_EVIDENCE", "bukti tidak cukup", "the evidence is not enough";
        AwaitingReview = "AWAITING_REVIEW", "menunggu tinjauan", "a review is awaited";
        Unstable = "UNSTABLE", "hasil tidak mantap", "attempts disagree";
        Unreachable = "UNREACHABLE", "aplikasi tidak terjangkau", "the application cannot be reached";
    }
}

vocabulary! {
    /// What is said of a requirement (ISO/IEC 9646 verdicts, and *error* as in TTCN-3).
    Verdict {
        Pass = "PASS", "lulus", "pass";
        Fail = "FAIL", "gagal", "fail";
        Inconclusive = "INCONCLUSIVE", "tak tentu", "inconclusive";
        NotApplicable = "NOT_APPLICABLE", "tidak berlaku", "not applicable";
        NotRun = "NOT_RUN", "tidak dijalankan", "not run";
        Error = "ERROR", "galat laik", "error of laik";
    }
}

vocabulary! {
    /// What a miss of a *Maka* means: the place of the sentence decides (`gherkin.md`, Grammar).
    Strength {
        Finding = "temuan", "temuan", "finding";
        Control = "kontrol", "kontrol", "control";
        Evidence = "cukup_bukti", "cukup bukti", "enough evidence";
        Warning = "peringatan", "peringatan", "warning";
    }
}

/// What came of one leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The norm was seen to hold.
    Pass,
    /// The norm was seen to be broken; only an oracle says so, on recorded evidence.
    Fail,
    /// It could not be told.
    Inconclusive(Reason),
    /// The statement does not claim what the leg is about; the claim or operation is named.
    NotApplicable(String),
    /// The leg was declared and never judged.
    NotRun,
    /// A fault of laik itself.
    Error(String),
}

impl Outcome {
    /// The verdict word of this outcome.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Pass => Verdict::Pass,
            Self::Fail => Verdict::Fail,
            Self::Inconclusive(_) => Verdict::Inconclusive,
            Self::NotApplicable(_) => Verdict::NotApplicable,
            Self::NotRun => Verdict::NotRun,
            Self::Error(_) => Verdict::Error,
        }
    }
}

/// One judged leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// Stable name within its row, such as `history@pelapor_b`; no nonce, id or time may stand in it,
    /// because attempts and packs are compared by it.
    pub key: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What the norm expects; several lawful behaviours are all named.
    pub expected: Phrase,
    /// What was seen. Text of a target stands inside bounded and unescaped; renderers escape it.
    pub actual: Phrase,
    /// Sequence numbers of the records that show it.
    pub evidence: Vec<u64>,
}

impl Leg {
    /// Makes a leg.
    pub fn new(key: impl Into<String>, outcome: Outcome, expected: Phrase, actual: Phrase, evidence: Vec<u64>) -> Self {
        Self {
            key: key.into(),
            outcome,
            expected,
            actual,
            evidence,
        }
    }

    /// PASS or FAIL by whether the norm held.
    pub fn judged(key: impl Into<String>, held: bool, expected: Phrase, actual: Phrase, evidence: Vec<u64>) -> Self {
        let outcome = if held { Outcome::Pass } else { Outcome::Fail };
        Self::new(key, outcome, expected, actual, evidence)
    }
}
