//! The decision that an application is fit, as a certificate that the hub can verify offline, and the list of those that
//! were suspended or revoked. Words of ISO/IEC 17000: the run is the determination, the certificate attests the decision.
//!
//! **The form of the decision.** A certificate is an in-toto Statement about the digest of a pack, with a predicate of
//! our own, [`PREDICATE_TYPE`]. The published predicates for verification results (SLSA VSA, in-toto SVR 0.2) say who
//! verified what by which policy; they have no place for an end of validity, a number by which a list can revoke, an
//! environment, a scope or a date of surveillance, and a gate that reads those from an "annotation" would trust what no
//! specification describes. So the predicate is typed, closed (unknown members are refused) and versioned.
//!
//! Reads no clock: whoever calls says what time it is.

pub mod examine;
pub mod issue;
pub mod status;
pub mod test_report;

#[cfg(test)]
pub(crate) mod sample;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::attestation::canonical;
use crate::attestation::statement::{PAYLOAD_TYPE, Statement};
use crate::attestation::{Digest, Envelope, EnvelopeFault, KeyId, NotCanonical};
use crate::domain::{Profile, vocabulary};
use crate::verdict::Decision;

pub use status::{Standing, StatusEntry, StatusFault, StatusList};

/// `predicateType` of a certificate.
pub const PREDICATE_TYPE: &str = "urn:laik:sertifikat:1";

/// Version of the predicate's format.
pub const FORMAT: &str = "1.0";

vocabulary! {
    /// What a certificate is good for.
    Kind {
        Full = "penuh", "penuh", "full";
        Trial = "percobaan", "percobaan", "trial";
    }
}

/// A certificate: what was decided, by whom, on which grounds, for how long. Members in alphabetical order, as the
/// canonical form wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Certificate {
    /// The agency that answers for the application.
    pub applicant: String,
    /// Which application.
    pub application: Application,
    /// Who decided.
    pub decider: String,
    /// What was decided; always [`Decision::Laik`].
    pub decision: Decision,
    /// `staging` or `production`: where it was tested.
    pub environment: String,
    /// Who tested and reviewed, by name; the decider is none of them.
    pub evaluators: Vec<String>,
    /// Version of this format.
    pub format: String,
    /// When it was decided.
    pub issued: Timestamp,
    /// The certification body (pokja).
    pub issuer: String,
    /// What it is good for.
    pub kind: Kind,
    /// Its number; a status list names it by number and digest.
    pub number: String,
    /// Why it can be a trial only; empty for a full one. English, as `run.json` has it.
    pub obstacles: Vec<String>,
    /// The profile that was fulfilled.
    pub profile: Profile,
    /// What it rests on.
    pub report: Report,
    /// Digests of the review records that were read.
    pub reviews: Vec<Digest>,
    /// Revision of the standard.
    pub revision: String,
    /// What was judged, and how much of the standard that is.
    pub scope: Scope,
    /// When the application is looked at again.
    pub surveillance: Date,
    /// From when it is valid.
    pub valid_from: Timestamp,
    /// When it ends; at this instant it is no longer valid.
    pub valid_until: Timestamp,
    /// Digests of the waivers that were accepted.
    pub waivers: Vec<Digest>,
}

/// Which application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// SHA-256 of what was deployed (image, archive), where the applicant told it. laik cannot see it over HTTP: it is
    /// the applicant's word, which binds because a gate can compare it with what it deploys.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub build: Option<Digest>,
    /// Its name, as stated.
    pub name: String,
    /// Its version, as stated.
    pub version: String,
}

/// The test report that a certificate rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Digest of the signed test report's payload.
    pub attestation: Digest,
    /// When the run ended.
    pub finished: Timestamp,
    /// Version of laik that judged.
    pub laik: String,
    /// The run.
    pub run: String,
    /// Digest of `standard.lock`.
    pub standard: Digest,
    /// Digest of the statement.
    pub statement: Digest,
    /// The keys that signed the test report; none of them signs the certificate.
    pub testers: Vec<KeyId>,
}

/// What was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scope {
    /// Where the application was reached.
    pub address: String,
    /// Recommended requirements that did not pass.
    pub advisories: Vec<String>,
    /// How many requirements the revision implements.
    pub implemented: u64,
    /// Requirements that did not apply to what was claimed.
    pub not_applicable: Vec<String>,
    /// Requirements that passed.
    pub passed: Vec<String>,
    /// How many the whole standard has.
    pub whole: u64,
}

/// Why an envelope holds no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// The envelope has not the right form.
    #[error(transparent)]
    Envelope(#[from] EnvelopeFault),
    /// The payload is no canonical certificate.
    #[error("payload: {0}")]
    Payload(#[from] NotCanonical),
    /// A statement of another kind, or of other than one subject.
    #[error("not a certificate of laik, format {FORMAT}")]
    OtherKind,
    /// Members that contradict each other.
    #[error("{0}")]
    Contradiction(&'static str),
}

/// A certificate as it lies in an envelope: read, canonical, and not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The envelope.
    pub envelope: Envelope,
    /// What it claims.
    pub certificate: Certificate,
    /// The pack that it speaks of.
    pub pack: Digest,
}

impl Presented {
    /// Reads an envelope and the certificate in it. Says nothing of whose it is: [`Envelope::verify`] does.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateFault> {
        let envelope = Envelope::parse_type(bytes, PAYLOAD_TYPE)?;
        let statement: Statement<Certificate> = canonical::read(envelope.unverified())?;
        let pack = statement
            .single_subject(PREDICATE_TYPE)
            .filter(|_| statement.predicate.format == FORMAT)
            .ok_or(CertificateFault::OtherKind)?
            .clone();
        let certificate = statement.predicate;
        certificate.check().map_err(CertificateFault::Contradiction)?;
        Ok(Self {
            envelope,
            certificate,
            pack,
        })
    }

    /// What a status list names the certificate by.
    pub fn digest(&self) -> Digest {
        self.envelope.payload_digest()
    }
}

impl Certificate {
    /// Whether the members agree with each other, whoever signed them.
    pub fn check(&self) -> Result<(), &'static str> {
        let rules = [
            (self.decision == Decision::Laik, "a certificate needs the decision laik"),
            (self.valid_from < self.valid_until, "validity ends before it begins"),
            (self.report.finished <= self.issued, "decided before the test ended"),
            (
                (self.kind == Kind::Full) == self.obstacles.is_empty(),
                "obstacles make a certificate a trial, and only they do",
            ),
            (good_number(&self.number), "the number is not one to be written down"),
            (
                !self.report.testers.is_empty(),
                "a certificate names the keys that signed the test report",
            ),
            (
                !self.evaluators.iter().any(|name| same_person(name, &self.decider)),
                "who tested or reviewed does not decide",
            ),
        ];
        rules
            .into_iter()
            .find(|(holds, _)| !holds)
            .map_or(Ok(()), |(_, broken)| Err(broken))
    }
}

/// Whether a certificate number has 1 to 64 letters, digits, and `. / - _`.
pub fn good_number(number: &str) -> bool {
    (1..=64).contains(&number.len())
        && number
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"./-_".contains(&byte))
}

/// Whether two names are of one person as far as letters tell.
pub fn same_person(one: &str, other: &str) -> bool {
    plain_name(one) == plain_name(other)
}

/// A name as names are compared: case and blanks do not count.
pub fn plain_name(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Certificate), expected: Option<&str>) {
        let mut certificate = sample::certificate();
        change(&mut certificate);
        let broken = certificate.check().err();
        assert_eq!(broken.is_some(), expected.is_some(), "{broken:?}");
        assert!(
            broken.unwrap_or_default().contains(expected.unwrap_or_default()),
            "{broken:?}"
        );
    }

    #[test]
    fn members_that_contradict_each_other_are_told() {
        check(|_| {}, None);
        check(|one| one.report.finished = one.issued, None);
        check(|one| one.decision = Decision::TidakLaik, Some("decision laik"));
        check(|one| one.valid_until = one.valid_from, Some("ends before"));
        check(|one| one.report.finished = sample::at(2), Some("before the test ended"));
        check(|one| one.kind = Kind::Trial, Some("obstacles"));
        check(|one| one.obstacles.push("loopback".into()), Some("obstacles"));
        check(|one| one.report.testers.clear(), Some("names the keys"));
        check(
            |one| one.evaluators.push("PEMUTUS  contoh".into()),
            Some("does not decide"),
        );
        for (number, good) in [("A", true), ("", false), ("a b", false), ("é", false)] {
            check(|one| one.number = number.into(), (!good).then_some("number"));
        }
        check(|one| one.number = "7".repeat(64), None);
        check(|one| one.number = "7".repeat(65), Some("number"));
    }

    #[test]
    fn the_canonical_form_has_its_members_in_alphabetical_order() {
        let mut full = sample::certificate();
        full.waivers.push(Digest::of(b"waiver"));
        let statement = Statement::about("pack", Digest::of(b"pack"), PREDICATE_TYPE, full);
        let text = String::from_utf8(canonical::write(&statement)).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_sorted(&value);
        let list = StatusList::next(&sample::status(|_| {}), sample::at(2), sample::at(9)).unwrap();
        assert_sorted(&serde_json::to_value(&list).unwrap());
        let envelope = serde_json::from_slice(&sample::sealed(sample::certificate(), &[1])).unwrap();
        assert_sorted(&envelope);
    }

    /// Whether the members of every object stand in the order of RFC 8785 (serde_json keeps that of the text).
    fn assert_sorted(value: &serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                let names: Vec<_> = members.keys().collect();
                assert!(names.is_sorted(), "{names:?}");
                members.values().for_each(assert_sorted);
            }
            serde_json::Value::Array(items) => items.iter().for_each(assert_sorted),
            _ => {}
        }
    }
}
