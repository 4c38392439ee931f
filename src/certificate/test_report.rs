//! The signed test report: what a run found, as an in-toto test result about the pack's digest, signed by whoever ran.

use crate::attestation::canonical;
use crate::attestation::statement::{PAYLOAD_TYPE, Resource, Statement, TEST_RESULT, TestOutcome, TestResult};
use crate::attestation::{Digest, Envelope, EnvelopeFault, KeyId, NotCanonical, PublicKey, SignatureFault};
use crate::catalogue::Level;
use crate::pack::run_json::RunJson;
use crate::verdict::{Decision, Verdict};

/// Why a test report does not carry a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportFault {
    /// The envelope has not the right form.
    #[error(transparent)]
    Envelope(#[from] EnvelopeFault),
    /// A signature is wrong, or of an unknown key.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The payload is no canonical test result.
    #[error("payload: {0}")]
    Payload(#[from] NotCanonical),
    /// It speaks of another pack.
    #[error("it speaks of another pack")]
    OtherPack,
    /// It says something else than the pack.
    #[error("it says something else than the pack")]
    OtherResult,
}

/// A test report that was signed by known keys and says what the pack says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReport {
    /// Digest of its payload.
    pub attestation: Digest,
    /// The keys that signed it.
    pub testers: Vec<KeyId>,
}

/// The statement about a run, to be signed.
pub fn statement(run: &RunJson, pack: Digest) -> Statement<TestResult> {
    let (mut failed_tests, mut passed_tests, mut warned_tests) = (Vec::new(), Vec::new(), Vec::new());
    let mut fault = !run.faults.is_empty();
    for result in &run.requirements {
        let verdict = result.outcome.verdict;
        fault |= verdict == Verdict::Error;
        let list = match (verdict, result.level) {
            (Verdict::Pass, _) => &mut passed_tests,
            (Verdict::NotApplicable, _) => continue,
            (_, Level::Wajib) => &mut failed_tests,
            (_, Level::Dianjurkan) => &mut warned_tests,
        };
        list.push(result.id.clone());
    }
    let result = match (run.decision == Decision::Laik && !fault, warned_tests.is_empty()) {
        (false, _) => TestOutcome::Failed,
        (true, true) => TestOutcome::Passed,
        (true, false) => TestOutcome::Warned,
    };
    let configuration = [
        ("standard.lock", &run.standard.digest),
        ("pernyataan.toml", &run.target.statement_digest),
        ("exchanges.ndjson#head", &run.evidence.sha256),
    ]
    .into_iter()
    .filter_map(|(name, digest)| Some(Resource::new(name, Digest::parse(digest)?)))
    .collect();
    let test = TestResult {
        configuration,
        failed_tests,
        passed_tests,
        result,
        warned_tests,
    };
    Statement::about(crate::pack::seal::FILE_NAME, pack, TEST_RESULT, test)
}

/// Verifies a signed test report: known keys, right signatures, this pack, and what the pack says.
pub fn verify(bytes: &[u8], known: &[PublicKey], run: &RunJson, pack: &Digest) -> Result<VerifiedReport, ReportFault> {
    let envelope = Envelope::parse_type(bytes, PAYLOAD_TYPE)?;
    let said: Statement<TestResult> = canonical::read(envelope.verify(known, 1)?.payload())?;
    if said.single_subject(TEST_RESULT) != Some(pack) {
        return Err(ReportFault::OtherPack);
    }
    if said != statement(run, pack.clone()) {
        return Err(ReportFault::OtherResult);
    }
    Ok(VerifiedReport {
        attestation: envelope.payload_digest(),
        testers: envelope.signers().cloned().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::sample::{enveloped, public};
    use crate::pack::run_json::Judged;

    fn run() -> RunJson {
        crate::certificate::issue::tests::run()
    }

    fn check(run: &RunJson, expected: TestOutcome) {
        let statement = statement(run, Digest::of(b"pack"));
        assert_eq!(statement.predicate.result, expected, "{:?}", statement.predicate);
    }

    #[test]
    fn the_outcome_follows_decision_and_level() {
        let fit = run();
        check(&fit, TestOutcome::Passed);
        let with = |level, verdict| {
            let mut run = run();
            run.requirements[0].level = level;
            run.requirements[0].outcome = Judged::plain(verdict);
            run
        };
        check(&with(Level::Dianjurkan, Verdict::Fail), TestOutcome::Warned);
        check(&with(Level::Dianjurkan, Verdict::Error), TestOutcome::Failed);
        let mut unfit = with(Level::Wajib, Verdict::Inconclusive);
        unfit.decision = Decision::BelumDapatDiputuskan;
        check(&unfit, TestOutcome::Failed);
        let result = statement(&unfit, Digest::of(b"pack")).predicate;
        assert_eq!(result.failed_tests, [unfit.requirements[0].id.clone()]);
        let absent = statement(&with(Level::Wajib, Verdict::NotApplicable), Digest::of(b"pack")).predicate;
        assert!(!absent.passed_tests.contains(&unfit.requirements[0].id) && absent.failed_tests.is_empty());
    }

    #[test]
    fn a_report_of_another_pack_key_or_result_is_refused() {
        let (run, pack) = (run(), Digest::of(b"pack"));
        let seal = |run: &RunJson| {
            let payload = canonical::write(&statement(run, Digest::of(b"pack")));
            enveloped(PAYLOAD_TYPE, payload, &[3])
        };
        let report = verify(&seal(&run), &[public(3)], &run, &pack).unwrap();
        assert_eq!(report.testers, [public(3).id()]);
        let judge = |bytes: &[u8], pack: &Digest| verify(bytes, &[public(3)], &run, pack).unwrap_err();
        assert_eq!(judge(&seal(&run), &Digest::of(b"other")), ReportFault::OtherPack);
        let mut other = run.clone();
        other.requirements[0].outcome = Judged::plain(Verdict::Fail);
        assert_eq!(judge(&seal(&other), &pack), ReportFault::OtherResult);
        let unknown = verify(&seal(&run), &[public(1)], &run, &pack).unwrap_err();
        assert!(matches!(unknown, ReportFault::Signature(SignatureFault::UnknownKey(_))));
    }
}
