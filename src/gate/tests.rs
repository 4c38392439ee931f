//! Each reason of the gate has one question that brings it out.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::attestation::Digest;
use crate::certificate::sample::{at, certificate, public, sealed, sealed_status, status};
use crate::certificate::status::PAYLOAD_TYPE as STATUS_TYPE;
use crate::certificate::{Certificate, Kind, Standing, StatusList, sample};
use crate::exit::ExitCode;

/// The rules of the sample: keys 1 and 2 decide and write lists, key 3 tests.
pub(super) const RULES: &str = "format = \"1.0\"\nprofil = [\"PROFIL\"]\nrevisi = [\"2026.1\"]\n\
    lingkungan = [\"staging\"]\numur_uji_hari = 400\n";

/// A policy of rules, with the sample's keys.
pub(super) fn policy_text(rules: &str, status: &str) -> String {
    let mut text = rules.replace("PROFIL", crate::domain::Profile::ALL[0].id());
    for (number, holder, uses) in [
        (1, "Pokja A", "\"sertifikat\", \"status\""),
        (2, "Pokja B", "\"sertifikat\", \"status\""),
        (3, "Laboratorium", "\"uji\""),
    ] {
        let key = public(number).to_base64();
        let _ = write!(
            text,
            "[[kunci]]\npemilik = \"{holder}\"\npublik = \"{key}\"\nguna = [{uses}]\n"
        );
    }
    text + "[status]\numur_jam = 48\n" + status
}

pub(super) fn policy(rules: &str, status: &str) -> Policy {
    Policy::parse("kebijakan.toml", &policy_text(rules, status)).unwrap()
}

fn plain() -> Policy {
    policy(RULES, "")
}

fn signed(change: impl FnOnce(&mut Certificate)) -> Vec<u8> {
    let mut certificate = certificate();
    change(&mut certificate);
    sealed(certificate, &[1])
}

fn good_status() -> Vec<u8> {
    status(|_| {}).envelope.to_bytes()
}

fn answer(policy: &Policy, certificate: &[u8], status: Option<&[u8]>, hours: i64) -> Answer {
    let question = Question {
        certificate,
        status,
        build: None,
    };
    decide(policy, &question, None, at(hours))
}

/// Asks at hour 2, and expects these reasons.
#[track_caller]
fn check(policy: &Policy, certificate: &[u8], status: Option<&[u8]>, expected: &[Reason]) {
    check_at(policy, certificate, status, 2, expected);
}

#[track_caller]
fn check_at(policy: &Policy, certificate: &[u8], status: Option<&[u8]>, hours: i64, expected: &[Reason]) {
    let answer = answer(policy, certificate, status, hours);
    let reasons: Vec<_> = answer.reasons.iter().map(|refusal| refusal.reason).collect();
    assert_eq!(reasons, expected, "{answer:#?}");
    assert_eq!(answer.open, expected.is_empty());
    assert_eq!(answer.exit() == ExitCode::Conformant, expected.is_empty());
}

/// What the HTTP form's test needs: a policy, a certificate of now, and a directory with `status.json`.
pub(super) fn present() -> (Policy, Vec<u8>, tempfile::TempDir) {
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let hours = SignedDuration::from_hours;
    let certificate = signed(|one| {
        one.report.finished = now - hours(2);
        (one.issued, one.valid_from, one.valid_until) = (now - hours(1), now - hours(1), now + hours(1));
        one.surveillance = (now + hours(48)).to_zoned(jiff::tz::TimeZone::UTC).date();
    });
    let dir = tempfile::tempdir().unwrap();
    let list = StatusList::first("Pokja Contoh", now - hours(1), now + hours(1));
    std::fs::write(dir.path().join("status.json"), sealed_status(&list)).unwrap();
    (plain(), certificate, dir)
}

#[test]
fn a_good_certificate_opens_the_gate() {
    let answer = answer(&plain(), &signed(|_| {}), Some(&good_status()), 2);
    assert!(answer.open && answer.exit() == ExitCode::Conformant, "{answer:#?}");
    assert_eq!(answer.certificate.unwrap().signed_by, ["Pokja A"]);
    assert_eq!(answer.status.unwrap().number, 1);
}

#[test]
fn forged_certificates_are_refused() {
    let status = good_status();
    let status = Some(&*status);
    check(&plain(), b"", status, &[Reason::CertificateBroken]);
    check(&plain(), &good_status(), status, &[Reason::CertificateBroken]);
    let foreign = sealed(certificate(), &[4]);
    check(&plain(), &foreign, status, &[Reason::CertificateUnknownKey]);
    // A key that is trusted for tests decides nothing.
    check(
        &plain(),
        &sealed(certificate(), &[3]),
        status,
        &[Reason::CertificateUnknownKey],
    );
    let (mine, other) = (signed(|_| {}), signed(|one| one.number = "LAIK/2026/0002".into()));
    let (mine, other) = (String::from_utf8(mine).unwrap(), String::from_utf8(other).unwrap());
    let signatures = |text: &str| text[text.find("\"signatures\"").unwrap()..].to_owned();
    let swapped = mine.replace(&signatures(&mine), &signatures(&other));
    check(&plain(), swapped.as_bytes(), status, &[Reason::CertificateSignature]);
}

#[test]
fn a_threshold_counts_holders_not_keys() {
    let status = good_status();
    let two = policy(&format!("{RULES}ambang = 2\n"), "");
    check(&two, &signed(|_| {}), Some(&status), &[Reason::CertificateThreshold]);
    check(&two, &sealed(certificate(), &[1, 2]), Some(&status), &[]);
    // Three holders of keys 1 and 2 are two, whatever a policy calls them; the same holder twice is one.
    let text = policy_text(&format!("{RULES}ambang = 2\n"), "").replace("Laboratorium", "Pokja C");
    let text = text.replace("guna = [\"uji\"]", "guna = [\"sertifikat\"]");
    let text = text.replace("Pokja B", " pokja  A");
    let same = Policy::parse("kebijakan.toml", &text).unwrap();
    let both = sealed(certificate(), &[1, 2]);
    check(&same, &both, Some(&status), &[Reason::CertificateThreshold]);
}

#[test]
fn four_eyes_hold_for_keys_and_for_holders() {
    let status = good_status();
    let own = signed(|one| one.report.testers = vec![public(1).id()]);
    let reasons = [Reason::FourEyes, Reason::TesterUnknown];
    check(&plain(), &own, Some(&status), &reasons);
    let text = policy_text(RULES, "").replace("Laboratorium", "Pokja A");
    let one_hand = Policy::parse("kebijakan.toml", &text).unwrap();
    check(&one_hand, &signed(|_| {}), Some(&status), &[Reason::FourEyes]);
    let stranger = signed(|one| one.report.testers = vec![public(4).id()]);
    check(&plain(), &stranger, Some(&status), &[Reason::TesterUnknown]);
}

#[test]
fn what_the_certificate_does_not_give_is_refused() {
    let status = good_status();
    let refused = |change: fn(&mut Certificate), expected: Reason| {
        check(&plain(), &signed(change), Some(&status), &[expected]);
    };
    refused(|one| one.valid_from = at(3), Reason::NotYetValid);
    refused(|one| one.valid_until = at(2), Reason::Expired);
    refused(
        |one| one.surveillance = jiff::civil::date(2026, 1, 4),
        Reason::SurveillanceOverdue,
    );
    refused(|one| one.report.finished = at(-24 * 401), Reason::TestTooOld);
    refused(
        |one| (one.kind, one.obstacles) = (Kind::Trial, vec!["loopback".into()]),
        Reason::Trial,
    );
    refused(|one| one.profile = crate::domain::Profile::ALL[1], Reason::Profile);
    refused(|one| one.revision = "pratinjau".into(), Reason::Revision);
    refused(|one| one.environment = "production".into(), Reason::Environment);
    refused(|one| one.waivers = vec![Digest::of(b"waiver")], Reason::Waivers);
    let mild = "percobaan = true\npengecualian = true\nsurveilans_boleh_lewat = true\n";
    let mild = policy(&format!("{RULES}{mild}"), "");
    let much = signed(|one| {
        (one.kind, one.obstacles) = (Kind::Trial, vec!["loopback".into()]);
        one.waivers = vec![Digest::of(b"waiver")];
        one.surveillance = jiff::civil::date(2026, 1, 4);
    });
    check(&mild, &much, Some(&status), &[]);
}

#[test]
fn every_reason_that_applies_is_told() {
    let poor = signed(|one| {
        one.revision = "pratinjau".into();
        one.valid_until = at(2);
    });
    let reasons = [Reason::Expired, Reason::Revision, Reason::StatusMissing];
    check(&plain(), &poor, None, &reasons);
}

#[test]
fn the_gate_is_for_one_application_and_build() {
    let status = good_status();
    let of = |rules: &str| policy(&format!("{RULES}aplikasi = {{ {rules} }}\n"), "");
    let good = signed(|_| {});
    let build = Digest::of(b"build");
    check(
        &of("nama = \"Aplikasi Contoh\", versi = \"1.2.0\""),
        &good,
        Some(&status),
        &[],
    );
    check(&of("nama = \"Lain\""), &good, Some(&status), &[Reason::Application]);
    check(&of("versi = \"1.2.1\""), &good, Some(&status), &[Reason::Application]);
    check(&of("instansi = \"Lain\""), &good, Some(&status), &[Reason::Application]);
    check(&of(&format!("rakitan = \"{build}\"")), &good, Some(&status), &[]);
    let other = Digest::of(b"other");
    let differs = of(&format!("rakitan = \"sha256:{other}\""));
    check(&differs, &good, Some(&status), &[Reason::BuildDiffers]);
    check(
        &of("rakitan_wajib = true"),
        &good,
        Some(&status),
        &[Reason::BuildUnknown],
    );
    let silent = signed(|one| one.application.build = None);
    check(&differs, &silent, Some(&status), &[Reason::BuildUnknown]);
    let asked = |build: &Digest| {
        let question = Question {
            certificate: &good,
            status: Some(&status),
            build: Some(build),
        };
        decide(&of("rakitan_wajib = true"), &question, None, at(2))
    };
    assert!(asked(&build).open && !asked(&other).open);
}

#[test]
fn stale_foreign_and_missing_status_lists_are_refused() {
    let good = signed(|_| {});
    check(&plain(), &good, None, &[Reason::StatusMissing]);
    check(&policy(RULES, "wajib = false\n"), &good, None, &[]);
    // A list that should be there and cannot be read.
    check(
        &policy(RULES, "wajib = false\n"),
        &good,
        Some(b""),
        &[Reason::StatusMissing],
    );
    check(&plain(), &good, Some(b"{}"), &[Reason::StatusBroken]);
    check(&plain(), &good, Some(&good), &[Reason::StatusBroken]);
    let list = StatusList::first("Pokja Contoh", at(1), at(49));
    let foreign = sample::enveloped(STATUS_TYPE, list.payload(), &[4]);
    check(&plain(), &good, Some(&foreign), &[Reason::StatusUnknownKey]);
    // Even where none is demanded, one that is given must be right.
    check(
        &policy(RULES, "wajib = false\n"),
        &good,
        Some(&foreign),
        &[Reason::StatusUnknownKey],
    );
    let mine = String::from_utf8(sealed_status(&list)).unwrap();
    let later = StatusList::first("Pokja Contoh", at(1), at(50));
    let other = String::from_utf8(sealed_status(&later)).unwrap();
    let signatures = |text: &str| text[text.find("\"signatures\"").unwrap()..].to_owned();
    let swapped = mine.replace(&signatures(&mine), &signatures(&other));
    check(&plain(), &good, Some(swapped.as_bytes()), &[Reason::StatusSignature]);
    let two = policy(RULES, "ambang = 2\n");
    check(&two, &good, Some(mine.as_bytes()), &[Reason::StatusThreshold]);
    check_at(&plain(), &good, Some(mine.as_bytes()), 49, &[Reason::StatusExpired]);
    let long = sealed_status(&StatusList::first("Pokja Contoh", at(1), at(500)));
    check_at(&plain(), &good, Some(&long), 50, &[Reason::StatusTooOld]);
    let future = sealed_status(&StatusList::first("Pokja Contoh", at(4), at(49)));
    check(&plain(), &good, Some(&future), &[Reason::StatusFromFuture]);
    let strange = sealed_status(&StatusList::first("Pokja Lain", at(1), at(49)));
    check(&plain(), &good, Some(&strange), &[Reason::StatusIssuer]);
}

#[test]
fn the_standing_of_a_certificate_counts() {
    let presented = sample::presented();
    let good = presented.envelope.to_bytes();
    for (standing, reason) in [
        (Standing::Suspended, Reason::Suspended),
        (Standing::Revoked, Reason::Revoked),
    ] {
        let list = status(|list| list.set(&presented, standing, at(1), "temuan").unwrap());
        check(&plain(), &good, Some(&list.envelope.to_bytes()), &[reason]);
        // Another certificate with the same number: one of both is a mistake or a forgery.
        let twin = signed(|one| one.decider = "Pemutus Lain".into());
        check(
            &plain(),
            &twin,
            Some(&list.envelope.to_bytes()),
            &[Reason::NumberReused],
        );
        let innocent = signed(|one| one.number = "LAIK/2026/0002".into());
        check(&plain(), &innocent, Some(&list.envelope.to_bytes()), &[]);
    }
}

#[test]
fn a_memory_tells_old_lists_and_clocks_that_went_back() {
    let good = signed(|_| {});
    let first = status(|_| {});
    let second = sample::signed_status(&StatusList::next(&first, at(1), at(49)).unwrap());
    let fork = sealed_status(&StatusList::next(&first, at(1), at(48)).unwrap());
    let policy = policy(RULES, "ingatan_wajib = true\n");
    check(
        &policy,
        &good,
        Some(&first.envelope.to_bytes()),
        &[Reason::MemoryMissing],
    );
    let mut memory = Memory::empty();
    let mut ask = |status: &[u8], hours| {
        let question = Question {
            certificate: &good,
            status: Some(status),
            build: None,
        };
        let answer = decide(&policy, &question, Some(&mut memory), at(hours));
        assert!(answer.remembers);
        answer.reasons.iter().map(|refusal| refusal.reason).collect::<Vec<_>>()
    };
    assert_eq!(ask(&first.envelope.to_bytes(), 2), []);
    assert_eq!(ask(&second.envelope.to_bytes(), 2), []);
    assert_eq!(ask(&first.envelope.to_bytes(), 2), [Reason::StatusRolledBack]);
    assert_eq!(ask(&fork, 2), [Reason::StatusForked]);
    assert_eq!(ask(&second.envelope.to_bytes(), 1), [Reason::ClockBack]);
    assert_eq!(ask(&second.envelope.to_bytes(), 3), []);
    // What only looks like a list is not remembered.
    let foreign = sample::enveloped(STATUS_TYPE, second.list.payload(), &[4]);
    assert_eq!(ask(&foreign, 3), [Reason::StatusUnknownKey]);
    assert_eq!(memory.number, 2);
}

#[test]
fn limits_hold_to_the_second() {
    let (minutes, second) = (SignedDuration::from_mins(5), SignedDuration::from_secs(1));
    let status = good_status();
    let certificate = |change: &dyn Fn(&mut Certificate), expected: &[Reason]| {
        check(&plain(), &signed(change), Some(&status), expected);
    };
    // Valid from this very second on, and looked at again today.
    check_at(&plain(), &signed(|_| {}), Some(&status), 1, &[]);
    certificate(&|one| one.valid_from = at(2), &[]);
    certificate(&|one| one.valid_from = at(2) + second, &[Reason::NotYetValid]);
    certificate(&|one| one.valid_until = at(2) + second, &[]);
    certificate(&|one| one.surveillance = jiff::civil::date(2026, 1, 5), &[]);
    certificate(&|one| one.report.finished = at(2 - 24 * 400), &[]);
    certificate(
        &|one| one.report.finished = at(2 - 24 * 400) - second,
        &[Reason::TestTooOld],
    );
    let tested =
        |finished: Timestamp| move |one: &mut Certificate| (one.report.finished, one.issued) = (finished, finished);
    certificate(&tested(at(2) + minutes), &[]);
    certificate(&tested(at(2) + minutes + second), &[Reason::TestTooOld]);
    let list = |issued: Timestamp, expected: &[Reason]| {
        let list = StatusList::first("Pokja Contoh", issued, at(500));
        check_at(&plain(), &signed(|_| {}), Some(&sealed_status(&list)), 49, expected);
    };
    list(at(1), &[]);
    list(at(1) - second, &[Reason::StatusTooOld]);
    list(at(49) + minutes, &[]);
    list(at(49) + minutes + second, &[Reason::StatusFromFuture]);
    for (asked, back) in [(at(2) + minutes, false), (at(2) + minutes + second, true)] {
        let mut memory = Memory::empty();
        memory.asked = Some(asked);
        let question = Question {
            certificate: &signed(|_| {}),
            status: Some(&status),
            build: None,
        };
        let answer = decide(&plain(), &question, Some(&mut memory), at(2));
        assert_eq!(answer.open, !back, "{answer:#?}");
        // The memory never goes back with the clock.
        assert_eq!(memory.asked, Some(asked));
    }
}

#[test]
fn every_reason_shuts_with_a_code_of_its_own_kind() {
    let codes: BTreeSet<u8> = Reason::ALL.iter().map(|reason| reason.exit().number()).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), [1, 3, 6]);
    // A test above brings out each; whoever adds one adds its question.
    assert_eq!(Reason::ALL.len(), 34);
}

#[test]
fn a_policy_with_a_fault_names_its_place() {
    let fault = |text: &str| Policy::parse("kebijakan.toml", text).unwrap_err();
    let good = policy_text(RULES, "");
    for (from, to, line, expected) in [
        ("umur_uji_hari", "umur_ujihari", 5, "unknown field"),
        ("\"1.0\"", "\"2.0\"", 1, "format must"),
        ("[\"2026.1\"]", "[]", 3, "`revisi` is empty"),
        ("= 400", "= 0", 5, "must be 1 to 3660"),
        ("= 400\n", "= 400\nambang = 3\n", 6, "only 2 holders"),
        ("\"staging\"", "\"stagging\"", 4, "unknown variant"),
        ("MCow", "MCox", 8, "not a public key"),
        ("umur_jam = 48\n", "", 18, "missing field"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        let fault = fault(&text);
        assert!(fault.text.en.contains(expected), "{fault:?}");
        assert_eq!(fault.line, line, "{}", fault.text.en);
    }
    let twice = good.replace(&public(2).to_base64(), &public(1).to_base64());
    assert!(fault(&twice).text.en.contains("twice"));
    assert!(fault("[").path == "kebijakan.toml");
}
