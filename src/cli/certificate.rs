//! `laik certificate`: shows and verifies a certificate, and adds a further signature to one. `laik gate` decides; this
//! is for people who hold a file in their hands.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::attestation::Digest;
use crate::certificate::status::PresentedStatus;
use crate::certificate::{Kind, Presented, issue};
use crate::exit::ExitCode;
use crate::pack::verify::verify as verify_pack;
use crate::phrase;
use crate::report::{CertificateFacts, WaiverLine, certificate_pdf};

use super::CommandError;
use super::output::Output;
use super::signing::{self, SignerArgs};

/// Arguments of `laik certificate`.
#[derive(Debug, Args)]
pub struct CertificateArgs {
    #[command(subcommand)]
    command: CertificateCommand,
}

#[derive(Debug, Subcommand)]
enum CertificateCommand {
    /// Tunjukkan isi sertifikat (tanda tangan tidak diperiksa) / show a certificate (signatures are not verified)
    Show(ShowArgs),
    /// Periksa tanda tangan, dan paketnya bila disebut / verify signatures, and the pack where it is named
    Verify(VerifyArgs),
    /// Tambahkan tanda tangan pada sertifikat atau daftar status / add a signature to a certificate or status list
    Sign(SignArgs),
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Berkas sertifikat / file of the certificate
    #[arg(value_name = "SERTIFIKAT")]
    file: PathBuf,
}

#[derive(Debug, Args)]
struct VerifyArgs {
    /// Berkas sertifikat / file of the certificate
    #[arg(value_name = "SERTIFIKAT")]
    file: PathBuf,
    /// Kunci publik yang dipercaya; dapat diulang / public key that is trusted; may be repeated
    #[arg(long = "trusted", value_name = "BERKAS", required = true)]
    trusted: Vec<PathBuf>,
    /// Banyaknya tanda tangan yang diminta / how many signatures are needed
    #[arg(long, value_name = "N", default_value_t = 1)]
    threshold: usize,
    /// Paket bukti yang harus menjadi dasarnya / the evidence pack that it must rest on
    #[arg(long, value_name = "PAKET")]
    pack: Option<PathBuf>,
    /// Cetak sertifikat yang tanda tangannya benar / print the certificate whose signatures are right (PDF)
    #[arg(long, value_name = "BERKAS")]
    pdf: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct SignArgs {
    /// Berkas sertifikat atau daftar status / file of the certificate or status list
    #[arg(value_name = "BERKAS")]
    file: PathBuf,
    #[command(flatten)]
    signer: SignerArgs,
}

/// Runs the command: 6 where a signature is wrong or unknown, or the pack is another one.
pub fn run(args: &CertificateArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    match &args.command {
        CertificateCommand::Show(args) => {
            let presented = presented(&args.file)?;
            output.line(&signing::shown(&presented.certificate));
        }
        CertificateCommand::Verify(args) => verify(args, output)?,
        CertificateCommand::Sign(args) => sign(args, output)?,
    }
    Ok(ExitCode::Conformant)
}

fn presented(path: &std::path::Path) -> Result<Presented, CommandError> {
    Presented::parse(&signing::envelope_bytes(path)?).map_err(|fault| signing::invalid(path, &fault))
}

fn verify(args: &VerifyArgs, output: &mut Output) -> Result<(), CommandError> {
    let lang = output.lang();
    let presented = presented(&args.file)?;
    let trusted = signing::public_keys(&args.trusted)?;
    presented
        .envelope
        .verify(&trusted, args.threshold)
        .map_err(|fault| signing::invalid(&args.file, &fault))?;
    if let Some(dir) = &args.pack {
        let found = verify_pack(dir);
        if found.pack.as_deref().filter(|_| found.valid()).and_then(Digest::parse) != Some(presented.pack.clone()) {
            let text = phrase!(
                "paket rusak, atau bukan dasar sertifikat ini",
                "the pack is damaged, or is not what this certificate rests on"
            );
            return Err(signing::invalid(dir, &text.text(lang)));
        }
    }
    if let Some(path) = &args.pdf {
        let page = certificate_pdf(&facts(&presented)).map_err(CommandError::harness)?;
        std::fs::write(path, page).map_err(|error| CommandError::usage(format!("{}: {error}", path.display())))?;
    }
    let (number, digest) = (&presented.certificate.number, presented.digest());
    output.say(&phrase!(
        "Sertifikat {number}: tanda tangan benar; digest {digest}. Berlaku atau tidaknya diputuskan `laik gate`.",
        "Certificate {number}: signatures are right; digest {digest}. Whether it counts today `laik gate` decides."
    ));
    Ok(())
}

/// What is printed of a certificate; its signatures have been verified.
fn facts(presented: &Presented) -> CertificateFacts {
    let certificate = &presented.certificate;
    let (scope, report) = (&certificate.scope, &certificate.report);
    let mut lines = vec![
        format!("{} ({}), laik {}", scope.address, certificate.environment, report.laik),
        format!(
            "{} persyaratan lulus, {} tidak berlaku; revisi ini menilai {} dari {}",
            scope.passed.len(),
            scope.not_applicable.len(),
            scope.implemented,
            scope.whole
        ),
    ];
    if !scope.advisories.is_empty() {
        lines.push(format!("Anjuran yang tidak lulus: {}", scope.advisories.join(", ")));
    }
    let obstacles = certificate.obstacles.iter();
    lines.extend(obstacles.map(|obstacle| format!("Hanya uji coba: {obstacle}")));
    CertificateFacts {
        number: certificate.number.clone(),
        trial: certificate.kind != Kind::Full,
        issuer: certificate.issuer.clone(),
        decider: certificate.decider.clone(),
        applicant: certificate.applicant.clone(),
        application: certificate.application.name.clone(),
        version: certificate.application.version.clone(),
        profile: certificate.profile.indonesian().to_owned(),
        revision: certificate.revision.clone(),
        valid_from: certificate.valid_from.to_string(),
        valid_until: certificate.valid_until.to_string(),
        surveillance: certificate.surveillance.to_string(),
        signed: certificate.issued.to_string(),
        scope: lines,
        waivers: certificate.waivers.iter().map(waiver).collect(),
        key_ids: presented.envelope.signers().map(ToString::to_string).collect(),
        digest: presented.digest().to_string(),
    }
}

/// A certificate names its waivers by digest.
fn waiver(digest: &Digest) -> WaiverLine {
    WaiverLine {
        requirement: digest.to_string(),
        reason: "lihat berkas pengecualian dengan SHA-256 ini".to_owned(),
        until: String::new(),
    }
}

fn sign(args: &SignArgs, output: &mut Output) -> Result<(), CommandError> {
    let bytes = signing::envelope_bytes(&args.file)?;
    let signer = args.signer.open(output.lang())?;
    // One of both; what is neither is told as what is wrong with a certificate.
    let envelope = if let Ok(mut status) = PresentedStatus::parse(&bytes) {
        status.envelope.add(signer.as_ref()).map_err(CommandError::usage)?;
        status.envelope
    } else {
        let mut certificate = Presented::parse(&bytes).map_err(|fault| signing::invalid(&args.file, &fault))?;
        issue::countersign(&mut certificate, signer.as_ref()).map_err(CommandError::usage)?;
        certificate.envelope
    };
    signing::write(&args.file, &envelope.to_bytes())?;
    let (path, count) = (args.file.display(), envelope.signers().count());
    output.say(&phrase!("{path}: {count} tanda tangan", "{path}: {count} signatures"));
    Ok(())
}
