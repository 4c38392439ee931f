//! From a pack that was examined, and a test report that was signed, to a certificate. Refuses what no certificate may
//! say, and a decider who tested.
//!
//! **Four eyes.** What can be proved is that the key that signed the certificate is none of the keys that signed the test
//! report, and that the names written down differ. That two keys are in two hands nobody can read from a file: whoever
//! hands out keys must see to it, and a policy of a gate names the holder of each key.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::attestation::canonical;
use crate::attestation::statement::{PAYLOAD_TYPE, Statement};
use crate::attestation::{Digest, Envelope, SignFault, Signer};
use crate::domain::Phrase;
use crate::pack::seal;
use crate::phrase;
use crate::verdict::{Decision, Verdict};

use super::examine::Examined;
use super::test_report::VerifiedReport;
use super::{
    Application, Certificate, FORMAT, Kind, PREDICATE_TYPE, Presented, Report, Scope, good_number, same_person,
};

/// The longest validity of a certificate, in days.
pub const LONGEST_DAYS: i64 = 366;

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// What the decider writes down.
#[derive(Debug, Clone)]
pub struct Order {
    /// The certificate's number.
    pub number: String,
    /// The certification body.
    pub issuer: String,
    /// Who decides.
    pub decider: String,
    /// Who tested and reviewed, by name.
    pub evaluators: Vec<String>,
    /// SHA-256 of what was deployed, where it is known.
    pub build: Option<Digest>,
    /// Digests of the review records that were read.
    pub reviews: Vec<Digest>,
    /// Digests of the waivers that are accepted.
    pub waivers: Vec<Digest>,
    /// Now.
    pub issued: Timestamp,
    /// From when it is valid.
    pub valid_from: Timestamp,
    /// When it ends.
    pub valid_until: Timestamp,
    /// When the application is looked at again.
    pub surveillance: Date,
    /// Whether a trial certificate is wanted, which a pack with obstacles alone allows.
    pub trial: bool,
}

/// The certificate that an order makes of a pack, unsigned; or everything that stands in its way.
pub fn issue(
    examined: &Examined,
    report: &VerifiedReport,
    order: Order,
) -> Result<Statement<Certificate>, Vec<Phrase>> {
    let mut refusals = examined.refusals();
    refusals.extend(faults(examined, &order));
    let digests = (
        Digest::parse(&examined.run.standard.digest),
        Digest::parse(&examined.run.target.statement_digest),
        examined.run.ended.as_deref().and_then(|ended| ended.parse().ok()),
    );
    let (Some(standard), Some(statement), Some(finished)) = digests else {
        refusals.push(Phrase::new(
            "run.json tidak menyebut akhir pengujian, standar, atau pernyataan",
            "run.json does not name the end of the run, the standard, or the statement",
        ));
        return Err(refusals);
    };
    let grounds = Report {
        attestation: report.attestation.clone(),
        finished,
        laik: examined.run.laik.clone(),
        run: examined.run.run.clone(),
        standard,
        statement,
        testers: report.testers.clone(),
    };
    let certificate = written(examined, grounds, order);
    if let Err(broken) = certificate.check() {
        refusals.push(Phrase::same(broken));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let pack = examined.pack.clone();
    Ok(Statement::about(seal::FILE_NAME, pack, PREDICATE_TYPE, certificate))
}

/// Signs a certificate; refuses a key that signed the test report.
pub fn sign(statement: &Statement<Certificate>, signer: &dyn Signer) -> Result<Envelope, SignFault> {
    independent(&statement.predicate, signer)?;
    Envelope::sign(PAYLOAD_TYPE, canonical::write(statement), signer)
}

/// Adds a signature to a certificate; refuses a key that signed the test report.
pub fn countersign(presented: &mut Presented, signer: &dyn Signer) -> Result<(), SignFault> {
    independent(&presented.certificate, signer)?;
    presented.envelope.add(signer)
}

fn independent(certificate: &Certificate, signer: &dyn Signer) -> Result<(), SignFault> {
    if certificate.report.testers.contains(&signer.public().id()) {
        return Err(SignFault::External(
            "this key signed the test report; a certificate needs another one (four eyes)".to_owned(),
        ));
    }
    Ok(())
}

/// What is wrong with an order.
fn faults(examined: &Examined, order: &Order) -> Vec<Phrase> {
    let mut found = people(order);
    let mut add = |wrong: bool, phrase: Phrase| {
        if wrong {
            found.push(phrase);
        }
    };
    let obstacles = &examined.obstacles;
    add(
        !obstacles.is_empty() && !order.trial,
        Phrase::new(
            format!(
                "hanya sertifikat percobaan (--trial) yang mungkin: {}",
                listed(obstacles, |one| &one.id)
            ),
            format!(
                "a trial certificate (--trial) alone is possible: {}",
                listed(obstacles, |one| &one.en)
            ),
        ),
    );
    add(
        obstacles.is_empty() && order.trial,
        Phrase::new(
            "paket ini tidak berpenghalang; keluarkan sertifikat penuh (tanpa --trial)",
            "nothing stands in this pack's way; issue a full certificate (without --trial)",
        ),
    );
    add(
        !good_number(&order.number),
        Phrase::new(
            "nomor sertifikat: 1–64 huruf, angka, atau . / - _",
            "certificate number: 1 to 64 letters, digits, or . / - _",
        ),
    );
    let longest = SignedDuration::from_hours(LONGEST_DAYS * 24);
    add(
        order.valid_until.duration_since(order.valid_from) > longest,
        phrase!(
            "berlaku paling lama {LONGEST_DAYS} hari",
            "valid for {LONGEST_DAYS} days at most"
        ),
    );
    let ends = order.valid_until.to_zoned(jiff::tz::TimeZone::UTC).date();
    add(
        order.surveillance > ends || order.surveillance < order.issued.to_zoned(jiff::tz::TimeZone::UTC).date(),
        Phrase::new(
            "tanggal surveilans harus dalam masa berlaku",
            "the date of surveillance must lie within the validity",
        ),
    );
    found
}

/// What is wrong with the names in an order.
fn people(order: &Order) -> Vec<Phrase> {
    let mut found = Vec::new();
    let mut add = |wrong: bool, phrase: Phrase| {
        if wrong {
            found.push(phrase);
        }
    };
    for name in order.evaluators.iter().chain([&order.issuer, &order.decider]) {
        let shown = canonical::bounded(name, 60);
        add(
            name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control),
            phrase!("nama tidak dapat dipakai: {shown:?}", "not a name: {shown:?}"),
        );
    }
    add(
        order.evaluators.is_empty(),
        Phrase::new(
            "sebutkan siapa yang menguji dan meninjau (--evaluator)",
            "name who tested and reviewed (--evaluator)",
        ),
    );
    add(
        order.evaluators.iter().any(|name| same_person(name, &order.decider)),
        Phrase::new(
            "pemutus tidak boleh ikut menguji atau meninjau (empat mata)",
            "the decider may not have tested or reviewed (four eyes)",
        ),
    );
    found
}

fn written(examined: &Examined, report: Report, order: Order) -> Certificate {
    let run = &examined.run;
    let ids = |wanted: &dyn Fn(Verdict) -> bool| {
        run.requirements
            .iter()
            .filter(|result| wanted(result.outcome.verdict))
            .map(|result| result.id.clone())
            .collect()
    };
    let obstacles: Vec<String> = examined.obstacles.iter().map(|one| one.en.clone()).collect();
    Certificate {
        applicant: run.target.agency.clone(),
        application: Application {
            build: order.build,
            name: run.target.name.clone(),
            version: run.target.version.clone(),
        },
        decider: order.decider,
        decision: Decision::Laik,
        environment: run.target.environment.clone(),
        evaluators: order.evaluators,
        format: FORMAT.to_owned(),
        issued: order.issued,
        issuer: order.issuer,
        kind: if obstacles.is_empty() { Kind::Full } else { Kind::Trial },
        number: order.number,
        obstacles,
        profile: run.profile,
        report,
        reviews: sorted(order.reviews),
        revision: run.standard.revision.clone(),
        scope: Scope {
            address: run.target.base_url.clone(),
            advisories: ids(&|verdict| !matches!(verdict, Verdict::Pass | Verdict::NotApplicable)),
            implemented: run.standard.implemented as u64,
            not_applicable: ids(&|verdict| verdict == Verdict::NotApplicable),
            passed: ids(&|verdict| verdict == Verdict::Pass),
            whole: run.standard.whole as u64,
        },
        surveillance: order.surveillance,
        valid_from: order.valid_from,
        valid_until: order.valid_until,
        waivers: sorted(order.waivers),
    }
}

fn sorted(mut digests: Vec<Digest>) -> Vec<Digest> {
    digests.sort();
    digests.dedup();
    digests
}

fn listed(phrases: &[Phrase], text: impl Fn(&Phrase) -> &String) -> String {
    phrases
        .iter()
        .map(|one| text(one).as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
pub(crate) mod tests;
