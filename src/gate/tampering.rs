//! Nobody changes a byte unseen: every byte of certificate, status list, decision and a sample of a pack is flipped, and
//! members are dropped, doubled, reordered and cut. Every variant is refused, and none panics.

use std::path::Path;

use super::tests::{RULES, policy};
use super::*;
use crate::attestation::statement::PAYLOAD_TYPE;
use crate::attestation::{Envelope, Signer};
use crate::certificate::sample::{at, certificate, key, presented, sealed, sealed_status};
use crate::certificate::status::PAYLOAD_TYPE as STATUS_TYPE;
use crate::certificate::{Standing, StatusList};
use crate::pack::seal::Seal;
use crate::pack::verify::verify;

/// Bits that are flipped in each byte: the lowest, one that changes case, and the highest.
const BITS: [u8; 3] = [0x01, 0x20, 0x80];

fn status_list() -> StatusList {
    let mut list = StatusList::first("Pokja Contoh", at(1), at(49));
    let mut other = presented();
    other.certificate.number = "LAIK/2026/0009".into();
    other.envelope = Envelope::sign(PAYLOAD_TYPE, b"another".to_vec(), &key(1)).unwrap();
    list.set(&other, Standing::Revoked, at(1), "dicabut").unwrap();
    list
}

/// Every variant of a document: flipped bits, each byte left out or doubled, cut at each place, neighbours swapped.
fn variants(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let flips = (0..bytes.len()).flat_map(move |at| {
        BITS.map(|bit| {
            let mut changed = bytes.to_vec();
            changed[at] ^= bit;
            changed
        })
    });
    let dropped = (0..bytes.len()).map(|at| [&bytes[..at], &bytes[at + 1..]].concat());
    let doubled = (0..bytes.len())
        .step_by(7)
        .map(|at| [&bytes[..=at], &bytes[at..]].concat());
    let cut = (0..bytes.len()).step_by(5).map(|at| bytes[..at].to_vec());
    let swapped = (1..bytes.len()).map(|at| {
        let mut changed = bytes.to_vec();
        changed.swap(at - 1, at);
        changed
    });
    flips.chain(dropped).chain(doubled).chain(cut).chain(swapped)
}

struct Count {
    policy: Policy,
    certificate: Vec<u8>,
    status: Vec<u8>,
    refused: usize,
}

impl Count {
    fn ask(&self, certificate: &[u8], status: &[u8]) -> bool {
        let question = Question {
            certificate,
            status: Some(status),
            build: None,
        };
        decide(&self.policy, &question, None, at(2)).open
    }

    fn certificate(&mut self, changed: &[u8]) {
        if changed != self.certificate {
            assert!(!self.ask(changed, &self.status), "{}", String::from_utf8_lossy(changed));
            self.refused += 1;
        }
    }

    fn status(&mut self, changed: &[u8]) {
        if changed != self.status {
            assert!(
                !self.ask(&self.certificate, changed),
                "{}",
                String::from_utf8_lossy(changed)
            );
            self.refused += 1;
        }
    }
}

#[test]
fn no_byte_of_certificate_status_or_decision_changes_unseen() {
    let mut count = Count {
        policy: policy(RULES, ""),
        certificate: sealed(certificate(), &[1, 2]),
        status: sealed_status(&status_list()),
        refused: 0,
    };
    assert!(
        count.ask(&count.certificate, &count.status),
        "the originals open the gate"
    );
    for changed in variants(&count.certificate.clone()) {
        count.certificate(&changed);
    }
    for changed in variants(&count.status.clone()) {
        count.status(&changed);
    }
    // The decision itself, under the signatures of the original, and signed anew by a key that nobody trusts.
    let original = Envelope::parse(&count.certificate).unwrap();
    let text = String::from_utf8(count.certificate.clone()).unwrap();
    let signatures = &text[text.find("\",\"payloadType").unwrap()..];
    let stranger = key(4);
    for (number, changed) in variants(original.unverified()).enumerate() {
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &changed);
        count.certificate(format!("{{\"payload\":\"{base64}{signatures}").as_bytes());
        if number % 50 == 0 {
            let forged = Envelope::sign(PAYLOAD_TYPE, changed, &stranger).unwrap();
            count.certificate(&forged.to_bytes());
        }
    }
    assert!(count.refused >= 20_000, "{}", count.refused);
}

#[test]
fn members_are_not_doubled_added_or_reordered() {
    let mut count = Count {
        policy: policy(RULES, ""),
        certificate: sealed(certificate(), &[1, 2]),
        status: sealed_status(&status_list()),
        refused: 0,
    };
    let text = String::from_utf8(count.certificate.clone()).unwrap();
    let payload = Envelope::parse(&count.certificate).unwrap().unverified().to_vec();
    let payload = String::from_utf8(payload).unwrap();
    let (one, two) = (key(1).public().id(), key(2).public().id());
    for changed in [
        text.replacen('{', "{\"payload\":\"e30K\",", 1),
        text.replace("\"}]}", "\"}],\"payload\":\"e30K\"}"),
        text.replace("\"}]}", "\"}],\"note\":1}"),
        text.replace("\"}]}", "\",\"sig\":\"\"}]}"),
        text.replace(one.as_str(), two.as_str()),
        text.replace(one.as_str(), "TMP")
            .replace(two.as_str(), one.as_str())
            .replace("TMP", two.as_str()),
        text.replace(one.as_str(), &one.as_str().to_uppercase()),
        text.replace(one.as_str(), &format!("sha256:{one}")),
        text.replace('/', "\\/"),
        text.replace("==\"", "\""),
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        format!("{text}{text}"),
    ] {
        assert_ne!(changed, text);
        count.certificate(changed.as_bytes());
    }
    // Even signed by the right keys, a payload that is not canonical is refused.
    for changed in [
        payload.replacen('{', "{ ", 1),
        payload.replace(
            "\"decision\":\"laik\",",
            "\"decision\":\"tidak_laik\",\"decision\":\"laik\",",
        ),
        payload.replace("\"decision\":\"laik\",", "\"decision\":\"laik\",\"note\":1,"),
        payload.replace("\"decision\":\"laik\",", ""),
        payload.replace("\"decision\":\"laik\"", "\"decision\":\"tidak_laik\""),
        payload.replace("\"format\":\"1.0\"", "\"format\":\"1.1\""),
        payload.replace("urn:laik:sertifikat:1", "urn:laik:sertifikat:2"),
        payload.replace("in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1"),
        payload.replace("T02:", "T09:").replace("00Z", "00+07:00"),
        payload.trim_end().to_owned(),
    ] {
        assert_ne!(changed, payload);
        let forged = crate::certificate::sample::enveloped(PAYLOAD_TYPE, changed.into_bytes(), &[1, 2]);
        count.certificate(&forged);
    }
    // A list in the place of a certificate and the other way round, signed by the right keys.
    let list = crate::certificate::sample::enveloped(PAYLOAD_TYPE, status_list().payload(), &[1]);
    count.certificate(&list);
    count.status(&crate::certificate::sample::enveloped(
        STATUS_TYPE,
        payload.into_bytes(),
        &[1],
    ));
    assert_eq!(count.refused, 25);
}

/// A small whole pack.
fn pack() -> tempfile::TempDir {
    let dir = crate::pack::verify::tests::pack().dir;
    std::fs::write(dir.path().join("index.html"), "<!doctype html>").unwrap();
    Seal::write(dir.path()).unwrap();
    assert!(verify(dir.path()).valid());
    dir
}

#[test]
fn no_byte_of_a_sealed_pack_changes_unseen() {
    let dir = pack();
    let mut refused = 0;
    let mut check = |path: &Path, changed: &[u8]| {
        std::fs::write(path, changed).unwrap();
        assert!(!verify(dir.path()).valid(), "{}", path.display());
        refused += 1;
    };
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let original = std::fs::read(&path).unwrap();
        for at in 0..original.len() {
            let mut changed = original.clone();
            changed[at] ^= BITS[at % BITS.len()];
            check(&path, &changed);
        }
        for length in (0..original.len()).step_by(97) {
            check(&path, &original[..length]);
        }
        std::fs::write(&path, &original).unwrap();
        assert!(verify(dir.path()).valid(), "{} is as it was", path.display());
        std::fs::remove_file(&path).unwrap();
        assert!(!verify(dir.path()).valid(), "{} is missing", path.display());
        std::fs::write(&path, &original).unwrap();
    }
    assert!(refused >= 2000, "{refused}");
}
