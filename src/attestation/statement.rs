//! The in-toto Statement (v1), and the test-result predicate (v0.1) that says how a run ended.
//! <https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md>
//!
//! The predicate has no word for "undecided": what is mandatory and did not pass stands in `failedTests`, as
//! conformance.md §4.10 maps it.

use serde::{Deserialize, Serialize};

use super::canonical::Digest;

/// `payloadType` of the envelope around a Statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// `_type` of a Statement.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// `predicateType` of a test result.
pub const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// A Statement: what is said of which subjects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statement<P> {
    /// Always [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// What is said.
    pub predicate: P,
    /// The kind of predicate, a URI.
    pub predicate_type: String,
    /// What it is said of.
    pub subject: Vec<Subject>,
}

/// What a Statement speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its digests; ours have SHA-256 alone.
    pub digest: Sha256,
    /// Its name.
    pub name: String,
}

/// A set of digests with SHA-256 alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sha256 {
    /// Lower-case hex.
    pub sha256: Digest,
}

/// Something that took part, by its digest (in-toto's ResourceDescriptor).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its digest.
    pub digest: Sha256,
    /// Its name.
    pub name: String,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TestOutcome {
    /// Something mandatory failed or was not decided.
    Failed,
    /// Everything mandatory passed, and so did everything recommended.
    Passed,
    /// Everything mandatory passed; something recommended did not.
    Warned,
}

/// The test-result predicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TestResult {
    /// What the run rested on: standard, statement, and laik itself.
    pub configuration: Vec<Resource>,
    /// Mandatory requirements that did not pass.
    pub failed_tests: Vec<String>,
    /// Requirements that passed.
    pub passed_tests: Vec<String>,
    /// How it ended.
    pub result: TestOutcome,
    /// Recommended requirements that did not pass.
    pub warned_tests: Vec<String>,
}

impl Resource {
    /// A resource of a name and a digest.
    pub fn new(name: impl Into<String>, sha256: Digest) -> Self {
        Self {
            digest: Sha256 { sha256 },
            name: name.into(),
        }
    }
}

impl<P> Statement<P> {
    /// A statement about one subject.
    pub fn about(name: &str, sha256: Digest, predicate_type: &str, predicate: P) -> Self {
        Self {
            kind: STATEMENT_TYPE.to_owned(),
            predicate,
            predicate_type: predicate_type.to_owned(),
            subject: vec![Subject {
                digest: Sha256 { sha256 },
                name: name.to_owned(),
            }],
        }
    }

    /// The digest of the one subject, where type, kind of predicate and number of subjects are as expected.
    pub fn single_subject(&self, predicate_type: &str) -> Option<&Digest> {
        let typed = self.kind == STATEMENT_TYPE && self.predicate_type == predicate_type;
        match self.subject.as_slice() {
            [subject] if typed => Some(&subject.digest.sha256),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::canonical;

    #[test]
    fn a_statement_is_canonical_and_has_the_members_of_the_specification() {
        let result = TestResult {
            configuration: vec![Resource::new("standard.lock", Digest::of(b"lock"))],
            failed_tests: Vec::new(),
            passed_tests: vec!["PB-02".to_owned()],
            result: TestOutcome::Warned,
            warned_tests: vec!["KM-01".to_owned()],
        };
        let statement = Statement::about("pack", Digest::of(b"pack"), TEST_RESULT, result);
        let bytes = canonical::write(&statement);
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["_type"], STATEMENT_TYPE);
        assert_eq!(value["predicate"]["result"], "WARNED");
        assert_eq!(value["predicate"]["warnedTests"][0], "KM-01");
        assert_eq!(canonical::read::<Statement<TestResult>>(&bytes).unwrap(), statement);
        assert_eq!(statement.single_subject(TEST_RESULT), Some(&Digest::of(b"pack")));
        assert_eq!(statement.single_subject("https://in-toto.io/other"), None);
    }
}
