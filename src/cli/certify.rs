//! `laik certify`: a second person decides on a pack, and signs.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::attestation::Digest;
use crate::certificate::examine::examine;
use crate::certificate::issue::{LONGEST_DAYS, Order, issue, sign};
use crate::certificate::test_report;
use crate::exit::ExitCode;
use crate::pack::seal::ATTESTATION_FILE;
use crate::phrase;
use crate::verdict::Decision;

use super::CommandError;
use super::catalogue::StandardArgs;
use super::output::Output;
use super::signing::{self, SignerArgs};
use super::standard::LoadedStandard;

/// Arguments of `laik certify`.
#[derive(Debug, Args)]
pub struct CertifyArgs {
    /// Direktori paket bukti / directory of the evidence pack
    #[arg(value_name = "PAKET")]
    pack: PathBuf,
    /// Berkas tujuan; belum boleh ada / where to write; must not exist
    #[arg(long, value_name = "BERKAS")]
    out: PathBuf,
    /// Nomor sertifikat / certificate number
    #[arg(long, value_name = "NOMOR")]
    number: String,
    /// Lembaga yang menerbitkan / the certification body
    #[arg(long, value_name = "NAMA")]
    issuer: String,
    /// Yang memutus / who decides
    #[arg(long, value_name = "NAMA")]
    decider: String,
    /// Yang menguji dan meninjau; dapat diulang / who tested and reviewed; may be repeated
    #[arg(long = "evaluator", value_name = "NAMA", required = true)]
    evaluators: Vec<String>,
    /// Laporan uji bertanda tangan; tanpa ini PAKET/pengujian.dsse.json / the signed test report; PAKET/pengujian.dsse.json without it
    #[arg(long, value_name = "BERKAS")]
    attestation: Option<PathBuf>,
    /// Kunci publik penguji; dapat diulang / public key of a tester; may be repeated
    #[arg(long = "tester-key", value_name = "BERKAS", required = true)]
    tester_keys: Vec<PathBuf>,
    /// SHA-256 rakitan aplikasi / SHA-256 of the application's build
    #[arg(long, value_name = "SHA-256", value_parser = digest)]
    build: Option<Digest>,
    /// Catatan tinjauan yang dibaca (dicatat digestnya); dapat diulang / review record that was read (its digest is written down); may be repeated
    #[arg(long = "review", value_name = "BERKAS")]
    reviews: Vec<PathBuf>,
    /// Pengecualian yang diterima (dicatat digestnya); dapat diulang / waiver that is accepted (its digest is written down); may be repeated
    #[arg(long = "waiver", value_name = "BERKAS")]
    waivers: Vec<PathBuf>,
    /// Mulai berlaku, RFC 3339; tanpa ini sekarang / begin of validity, RFC 3339; now without it
    #[arg(long, value_name = "WAKTU")]
    valid_from: Option<Timestamp>,
    /// Masa berlaku, hari / validity in days
    #[arg(long, value_name = "HARI", default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=LONGEST_DAYS))]
    valid_days: i64,
    /// Tanggal surveilans; tanpa ini di tengah masa berlaku / date of surveillance; the middle of the validity without it
    #[arg(long, value_name = "TANGGAL")]
    surveillance: Option<Date>,
    /// Terbitkan sertifikat percobaan untuk paket yang berpenghalang / issue a trial certificate for a pack with obstacles
    #[arg(long)]
    trial: bool,
    #[command(flatten)]
    signer: SignerArgs,
}

/// Runs the command: 0 when the certificate was written, 6 for a pack or test report that is not valid, 1 and 3 for a pack
/// that is not fit or undecided, 2 for what no certificate may say.
pub fn run(args: &CertifyArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let lang = output.lang();
    let refused = |code, phrases: &[_]| CommandError {
        code,
        text: signing::lines(phrases, lang),
    };
    // Before the pack is judged again, which may take a while.
    let signer = args.signer.open(lang)?;
    let testers = signing::public_keys(&args.tester_keys)?;
    if testers.contains(signer.public()) {
        let text = phrase!(
            "kunci ini kunci penguji; sertifikat memerlukan kunci lain (empat mata)",
            "this is a tester's key; a certificate needs another one (four eyes)"
        );
        return Err(CommandError::usage(text.text(lang)));
    }
    let loaded = LoadedStandard::load(&StandardArgs::default(), lang)?;
    let examined = examine(&args.pack, &loaded.standard()).map_err(|found| refused(ExitCode::Invalid, &found))?;
    let found = examined.refusals();
    if !found.is_empty() {
        let code = match examined.run.decision {
            Decision::TidakLaik => ExitCode::NotConformant,
            _ => ExitCode::Undecided,
        };
        return Err(refused(code, &found));
    }
    let path = args
        .attestation
        .clone()
        .unwrap_or_else(|| args.pack.join(ATTESTATION_FILE));
    let bytes = signing::envelope_bytes(&path)?;
    let report = test_report::verify(&bytes, &testers, &examined.run, &examined.pack)
        .map_err(|fault| signing::invalid(&path, &fault))?;
    let statement = issue(&examined, &report, order(args, examined.run.ended.as_deref())?)
        .map_err(|found| refused(ExitCode::Usage, &found))?;
    let envelope = sign(&statement, signer.as_ref()).map_err(CommandError::usage)?;
    signing::write_new(&args.out, &envelope.to_bytes(), false)?;
    let certificate = &statement.predicate;
    let (path, number, until) = (args.out.display(), &certificate.number, certificate.valid_until);
    let (kind, english) = (certificate.kind.indonesian(), certificate.kind.english());
    output.say(&phrase!(
        "Sertifikat {kind} {number} berlaku sampai {until}: {path}",
        "Certificate ({english}) {number}, valid until {until}: {path}"
    ));
    Ok(ExitCode::Conformant)
}

fn order(args: &CertifyArgs, ended: Option<&str>) -> Result<Order, CommandError> {
    let digests = |paths: &[PathBuf]| {
        paths
            .iter()
            .map(|path| signing::digest(path))
            .collect::<Result<Vec<_>, _>>()
    };
    let (now, ended) = (Timestamp::now(), ended.and_then(|ended| ended.parse().ok()));
    // To the second, as people read it; in the very second of the run's end with its fraction, to stay behind that.
    let second = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let issued = if Some(second) < ended { now } else { second };
    let valid_from = args.valid_from.unwrap_or(issued);
    let days = |days: i64| {
        valid_from
            .checked_add(SignedDuration::from_hours(24 * days))
            .map_err(CommandError::usage)
    };
    let surveillance = match args.surveillance {
        Some(date) => date,
        None => days(args.valid_days / 2)?.to_zoned(jiff::tz::TimeZone::UTC).date(),
    };
    Ok(Order {
        number: args.number.clone(),
        issuer: args.issuer.clone(),
        decider: args.decider.clone(),
        evaluators: args.evaluators.clone(),
        build: args.build.clone(),
        reviews: digests(&args.reviews)?,
        waivers: digests(&args.waivers)?,
        issued,
        valid_from,
        valid_until: days(args.valid_days)?,
        surveillance,
        trial: args.trial,
    })
}

/// A SHA-256, with or without `sha256:` before it.
pub(super) fn digest(text: &str) -> Result<Digest, String> {
    Digest::parse(text).ok_or_else(|| "64 lower-case hex digits, sha256: before them or not".to_owned())
}
