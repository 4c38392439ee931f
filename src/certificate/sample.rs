//! One certificate, one status list and their keys, for the tests of certificate and gate.

use jiff::{SignedDuration, Timestamp};

use super::status::{self, PresentedStatus};
use super::{Application, Certificate, FORMAT, Kind, PREDICATE_TYPE, Presented, Report, Scope, StatusList};
use crate::attestation::canonical;
use crate::attestation::statement::{PAYLOAD_TYPE, Statement};
use crate::attestation::{Digest, Envelope, PublicKey, SecretKey, Signer as _};
use crate::domain::Profile;
use crate::verdict::Decision;

/// The number of the sample.
pub(crate) const NUMBER: &str = "LAIK/2026/0001";

/// An instant, in hours since the sample's run ended.
pub(crate) fn at(hours: i64) -> Timestamp {
    "2026-01-05T02:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

/// A key by its number: 1 and 2 decide, 3 tests, 4 is foreign.
pub(crate) fn key(number: u8) -> SecretKey {
    SecretKey::of_seed(&[number; 32]).unwrap()
}

/// The public key of the same number.
pub(crate) fn public(number: u8) -> PublicKey {
    key(number).public().clone()
}

/// A full certificate, valid from hour 1 for a year.
pub(crate) fn certificate() -> Certificate {
    Certificate {
        applicant: "Dinas Contoh".into(),
        application: Application {
            build: Some(Digest::of(b"build")),
            name: "Aplikasi Contoh".into(),
            version: "1.2.0".into(),
        },
        decider: "Pemutus Contoh".into(),
        decision: Decision::Laik,
        environment: "staging".into(),
        evaluators: vec!["Penguji Contoh".into()],
        format: FORMAT.into(),
        issued: at(1),
        issuer: "Pokja Contoh".into(),
        kind: Kind::Full,
        number: NUMBER.into(),
        obstacles: Vec::new(),
        profile: Profile::ALL[0],
        report: Report {
            attestation: Digest::of(b"attestation"),
            finished: at(0),
            laik: "0.1.0".into(),
            run: "aaaabbbbccccdddd".into(),
            standard: Digest::of(b"lock"),
            statement: Digest::of(b"statement"),
            testers: vec![public(3).id()],
        },
        reviews: Vec::new(),
        revision: "2026.1".into(),
        scope: Scope {
            address: "https://aplikasi.test/".into(),
            advisories: vec!["KM-05".into()],
            implemented: 164,
            not_applicable: Vec::new(),
            passed: vec!["PB-02".into()],
            whole: 164,
        },
        surveillance: jiff::civil::date(2026, 7, 5),
        valid_from: at(1),
        valid_until: at(1 + 365 * 24),
        waivers: Vec::new(),
    }
}

/// The bytes of a certificate, signed by keys.
pub(crate) fn sealed(certificate: Certificate, keys: &[u8]) -> Vec<u8> {
    let statement = Statement::about("pak.sha256", Digest::of(b"pack"), PREDICATE_TYPE, certificate);
    enveloped(PAYLOAD_TYPE, canonical::write(&statement), keys)
}

/// The bytes of an envelope, signed by keys.
pub(crate) fn enveloped(payload_type: &str, payload: Vec<u8>, keys: &[u8]) -> Vec<u8> {
    let mut envelope = Envelope::sign(payload_type, payload, &key(keys[0])).unwrap();
    for number in &keys[1..] {
        envelope.add(&key(*number)).unwrap();
    }
    envelope.to_bytes()
}

/// The sample, signed by key 1 and read again.
pub(crate) fn presented() -> Presented {
    Presented::parse(&sealed(certificate(), &[1])).unwrap()
}

/// The bytes of a status list, signed by key 1, whatever it holds.
pub(crate) fn sealed_status(list: &StatusList) -> Vec<u8> {
    enveloped(status::PAYLOAD_TYPE, list.payload(), &[1])
}

/// A status list, signed by key 1 and read again.
pub(crate) fn signed_status(list: &StatusList) -> PresentedStatus {
    PresentedStatus::parse(&sealed_status(list)).unwrap()
}

/// The first status list of hour 1, good for 48 hours, with a change.
pub(crate) fn status(change: impl FnOnce(&mut StatusList)) -> PresentedStatus {
    let mut list = StatusList::first("Pokja Contoh", at(1), at(49));
    change(&mut list);
    signed_status(&list)
}
