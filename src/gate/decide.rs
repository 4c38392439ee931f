//! The decision of the gate: one pure function of policy, question, memory and time.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::attestation::{Digest, Envelope, PublicKey, SignatureFault};
use crate::certificate::status::PresentedStatus;
use crate::certificate::{Certificate, Kind, Presented, Standing, plain_name};
use crate::domain::Phrase;

use super::answer::{Answer, CertificateSummary, Reason, Refusal, StatusSummary};
use super::memory::Memory;
use super::policy::{Policy, Use};

/// Clocks of two honest machines differ; this much is forgiven.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What a gate is asked. All of it comes from outside and is trusted for nothing.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The bytes of the certificate.
    pub certificate: &'q [u8],
    /// The bytes of the status list, where there is one. Empty bytes are one that should be there and cannot be read: a
    /// refusal, whatever the policy demands.
    pub status: Option<&'q [u8]>,
    /// SHA-256 of the build that is about to be connected, where it is known.
    pub build: Option<&'q Digest>,
}

/// Decides. `memory` is `None` for a gate that keeps none; what it should remember is written into it, whatever the
/// answer, and must be saved before the answer is given.
pub fn decide(policy: &Policy, question: &Question<'_>, mut memory: Option<&mut Memory>, now: Timestamp) -> Answer {
    let mut reasons = Reasons::default();
    remembering(policy, memory.as_deref_mut(), now, &mut reasons);
    let certificate = certificate(policy, question.certificate, &mut reasons);
    if let Some(presented) = &certificate {
        terms(policy, &presented.certificate, now, &mut reasons);
        target(policy, &presented.certificate, question.build, &mut reasons);
    }
    let status = status(policy, question.status, &mut reasons);
    if let Some(status) = &status {
        fresh(policy, status, now, &mut reasons);
        remember(status, memory.as_deref_mut(), &mut reasons);
        if let Some(presented) = &certificate {
            standing(presented, status, &mut reasons);
        }
    }
    Answer {
        format: "1.0",
        // Closed unless a certificate was verified and nothing speaks against it.
        open: certificate.is_some() && reasons.0.is_empty(),
        reasons: reasons.0,
        certificate: certificate.as_ref().map(|presented| summary(policy, presented)),
        status: status.map(|status| StatusSummary {
            number: status.list.number,
            issued: status.list.issued,
            expires: status.list.expires,
        }),
        remembers: memory.is_some(),
        checked: now,
    }
}

#[derive(Default)]
struct Reasons(Vec<Refusal>);

impl Reasons {
    fn add(&mut self, reason: Reason, detail: impl Into<String>) {
        let detail = detail.into();
        let words = reason.phrase();
        let text = if detail.is_empty() {
            words
        } else {
            Phrase::new(format!("{}: {detail}", words.id), format!("{}: {detail}", words.en))
        };
        self.0.push(Refusal { reason, text });
    }

    fn when(&mut self, refused: bool, reason: Reason, detail: impl Into<String>) {
        if refused {
            self.add(reason, detail);
        }
    }
}

/// Memory and clock.
fn remembering(policy: &Policy, memory: Option<&mut Memory>, now: Timestamp, reasons: &mut Reasons) {
    let Some(memory) = memory else {
        let demanded = policy.document().status.ingatan_wajib;
        reasons.when(demanded, Reason::MemoryMissing, "--state");
        return;
    };
    if let Some(asked) = memory.asked.filter(|asked| now.duration_since(*asked) < -TOLERANCE) {
        reasons.add(Reason::ClockBack, format!("{now} < {asked}"));
    }
    memory.asked = memory.asked.max(Some(now));
}

/// The certificate, where its form and its signatures are right.
fn certificate(policy: &Policy, bytes: &[u8], reasons: &mut Reasons) -> Option<Presented> {
    let presented = match Presented::parse(bytes) {
        Ok(presented) => presented,
        Err(fault) => {
            reasons.add(Reason::CertificateBroken, fault.to_string());
            return None;
        }
    };
    let kinds = [
        Reason::CertificateUnknownKey,
        Reason::CertificateSignature,
        Reason::CertificateThreshold,
    ];
    let keys = policy.keys(Use::Certificate);
    signed(
        policy,
        &presented.envelope,
        &keys,
        policy.document().ambang,
        kinds,
        reasons,
    )?;
    independent(policy, &presented, reasons);
    Some(presented)
}

/// Whether an envelope is signed, by enough distinct holders.
fn signed(
    policy: &Policy,
    envelope: &Envelope,
    keys: &[PublicKey],
    threshold: usize,
    [unknown, wrong, few]: [Reason; 3],
    reasons: &mut Reasons,
) -> Option<()> {
    match envelope.verify(keys, threshold) {
        Ok(_) => {}
        Err(fault @ SignatureFault::UnknownKey(_)) => {
            reasons.add(unknown, fault.to_string());
            return None;
        }
        Err(fault @ SignatureFault::Wrong(_)) => {
            reasons.add(wrong, fault.to_string());
            return None;
        }
        Err(fault @ SignatureFault::TooFew { .. }) => {
            reasons.add(few, fault.to_string());
            return None;
        }
    }
    let holders: BTreeSet<String> = envelope.signers().map(|id| plain_name(policy.holder(id))).collect();
    if holders.len() < threshold {
        reasons.add(few, format!("{} < {threshold}", holders.len()));
        return None;
    }
    Some(())
}

/// Four eyes, as far as keys and the holders that the policy names tell.
fn independent(policy: &Policy, presented: &Presented, reasons: &mut Reasons) {
    let testers = &presented.certificate.report.testers;
    let signers: Vec<_> = presented.envelope.signers().collect();
    let holders: BTreeSet<String> = signers.iter().map(|id| plain_name(policy.holder(id))).collect();
    let same = testers
        .iter()
        .any(|tester| signers.contains(&tester) || holders.contains(&plain_name(policy.holder(tester))));
    reasons.when(same, Reason::FourEyes, "");
    // Only a policy that names keys of testers asks who tested.
    let known = policy.keys(Use::Test);
    let foreign = testers
        .iter()
        .find(|tester| !known.iter().any(|key| key.id() == **tester));
    if let Some(tester) = foreign.filter(|_| !known.is_empty()) {
        reasons.add(Reason::TesterUnknown, tester.short());
    }
}

/// What the certificate gives, against what the policy wants.
fn terms(policy: &Policy, certificate: &Certificate, now: Timestamp, reasons: &mut Reasons) {
    let wanted = policy.document();
    let (from, until) = (certificate.valid_from, certificate.valid_until);
    reasons.when(now < from, Reason::NotYetValid, from.to_string());
    reasons.when(now >= until, Reason::Expired, until.to_string());
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let surveillance = certificate.surveillance;
    let overdue = today > surveillance && !wanted.surveilans_boleh_lewat;
    reasons.when(overdue, Reason::SurveillanceOverdue, surveillance.to_string());
    let finished = certificate.report.finished;
    let oldest = SignedDuration::from_hours(i64::from(wanted.umur_uji_hari) * 24);
    // A test of the future is as little worth as one that is too old.
    let age = now.duration_since(finished);
    reasons.when(
        age > oldest || age < -TOLERANCE,
        Reason::TestTooOld,
        finished.to_string(),
    );
    let trial = certificate.kind != Kind::Full && !wanted.percobaan;
    reasons.when(trial, Reason::Trial, certificate.obstacles.join("; "));
    let profile = certificate.profile;
    reasons.when(!wanted.profil.contains(&profile), Reason::Profile, profile.id());
    let revision = &certificate.revision;
    reasons.when(!wanted.revisi.contains(revision), Reason::Revision, revision);
    let environment = &certificate.environment;
    let accepted = wanted.lingkungan.iter().any(|one| one.id() == environment);
    reasons.when(!accepted, Reason::Environment, environment);
    let waivers = certificate.waivers.len();
    reasons.when(
        waivers > 0 && !wanted.pengecualian,
        Reason::Waivers,
        waivers.to_string(),
    );
}

/// Whether it is this application, and this build of it.
fn target(policy: &Policy, certificate: &Certificate, build: Option<&Digest>, reasons: &mut Reasons) {
    let wanted = &policy.document().aplikasi;
    let application = &certificate.application;
    for (wanted, found) in [
        (&wanted.nama, &application.name),
        (&wanted.instansi, &certificate.applicant),
        (&wanted.versi, &application.version),
    ] {
        if let Some(wanted) = wanted.as_ref().filter(|wanted| *wanted != found) {
            reasons.add(Reason::Application, format!("{found:?} ≠ {wanted:?}"));
        }
    }
    let told = application.build.as_ref();
    let demanded = [policy.build(), build];
    let unknown = (told.is_none() && demanded.iter().any(Option::is_some))
        || (wanted.rakitan_wajib && (told.is_none() || demanded.iter().all(Option::is_none)));
    reasons.when(unknown, Reason::BuildUnknown, "");
    for demanded in demanded.into_iter().flatten() {
        if let Some(told) = told.filter(|told| *told != demanded) {
            reasons.add(Reason::BuildDiffers, format!("{} ≠ {}", told.short(), demanded.short()));
        }
    }
}

/// The status list, where its form and its signatures are right.
fn status(policy: &Policy, bytes: Option<&[u8]>, reasons: &mut Reasons) -> Option<PresentedStatus> {
    let Some(bytes) = bytes else {
        reasons.when(policy.document().status.wajib, Reason::StatusMissing, "--status");
        return None;
    };
    if bytes.is_empty() {
        reasons.add(Reason::StatusMissing, "");
        return None;
    }
    let presented = match PresentedStatus::parse(bytes) {
        Ok(presented) => presented,
        Err(fault) => {
            reasons.add(Reason::StatusBroken, fault.to_string());
            return None;
        }
    };
    let kinds = [
        Reason::StatusUnknownKey,
        Reason::StatusSignature,
        Reason::StatusThreshold,
    ];
    let keys = policy.keys(Use::Status);
    let threshold = policy.document().status.ambang;
    signed(policy, &presented.envelope, &keys, threshold, kinds, reasons)?;
    Some(presented)
}

/// Whether the list is of now.
fn fresh(policy: &Policy, status: &PresentedStatus, now: Timestamp, reasons: &mut Reasons) {
    let (issued, expires) = (status.list.issued, status.list.expires);
    reasons.when(now >= expires, Reason::StatusExpired, expires.to_string());
    let age = now.duration_since(issued);
    let oldest = SignedDuration::from_hours(i64::from(policy.document().status.umur_jam));
    reasons.when(age > oldest, Reason::StatusTooOld, issued.to_string());
    reasons.when(age < -TOLERANCE, Reason::StatusFromFuture, issued.to_string());
}

/// Whether the list is at least as new as any seen before; and what to remember of it.
fn remember(status: &PresentedStatus, memory: Option<&mut Memory>, reasons: &mut Reasons) {
    let Some(memory) = memory else { return };
    let (number, digest) = (status.list.number, status.envelope.payload_digest());
    let seen = memory.number;
    if number < seen {
        reasons.add(Reason::StatusRolledBack, format!("{number} < {seen}"));
    } else if number == seen && memory.digest.as_ref() != Some(&digest) {
        reasons.add(Reason::StatusForked, number.to_string());
    } else {
        (memory.number, memory.digest) = (number, Some(digest));
    }
}

/// What the list says of the certificate.
fn standing(presented: &Presented, status: &PresentedStatus, reasons: &mut Reasons) {
    let (certificate, digest) = (&presented.certificate, presented.digest());
    let issuer = &status.list.issuer;
    reasons.when(*issuer != certificate.issuer, Reason::StatusIssuer, issuer);
    let number = &certificate.number;
    for entry in &status.list.entries {
        let reason = match entry.standing {
            _ if entry.digest != digest && entry.certificate == *number => Reason::NumberReused,
            _ if entry.digest != digest => continue,
            Standing::Revoked => Reason::Revoked,
            Standing::Suspended => Reason::Suspended,
        };
        let (since, why) = (entry.since, &entry.reason);
        reasons.add(reason, format!("{number}, {since}, {why}"));
    }
}

fn summary(policy: &Policy, presented: &Presented) -> CertificateSummary {
    let certificate = &presented.certificate;
    CertificateSummary {
        number: certificate.number.clone(),
        digest: presented.digest().to_string(),
        applicant: certificate.applicant.clone(),
        application: certificate.application.name.clone(),
        version: certificate.application.version.clone(),
        profile: certificate.profile.id().to_owned(),
        revision: certificate.revision.clone(),
        kind: certificate.kind.id().to_owned(),
        valid_until: certificate.valid_until,
        pack: presented.pack.to_string(),
        signed_by: presented
            .envelope
            .signers()
            .map(|id| policy.holder(id).to_owned())
            .collect(),
    }
}
