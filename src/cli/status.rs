//! `laik status`, `laik suspend`, `laik revoke`: the signed list of certificates that are not in good standing. Every
//! change reads the list that is there, verifies it, and writes the next number in its place.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use crate::attestation::{Envelope, Signer};
use crate::certificate::status::{PAYLOAD_TYPE, PresentedStatus};
use crate::certificate::{Presented, Standing, StatusFault, StatusList};
use crate::exit::ExitCode;
use crate::phrase;

use super::CommandError;
use super::output::Output;
use super::signing::{self, SignerArgs};

/// Arguments of `laik status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(subcommand)]
    command: StatusCommand,
}

#[derive(Debug, Subcommand)]
enum StatusCommand {
    /// Mulai daftar baru, kosong / begin a new, empty list
    New(NewArgs),
    /// Perpanjang daftar tanpa perubahan / the same list with a later expiry
    Renew(ListArgs),
    /// Akhiri pembekuan / end a suspension
    Lift(LiftArgs),
    /// Tunjukkan isi daftar (tanda tangan tidak diperiksa) / show a list (signatures are not verified)
    Show(ShowArgs),
}

/// Which list, for how long, and who signs.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Berkas daftar status / file of the status list
    #[arg(long = "list", value_name = "BERKAS")]
    list: PathBuf,
    /// Umur daftar, hari; kurang dari satu masa berarti sering diperbarui / life of the list in days
    #[arg(long, value_name = "HARI", default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=366))]
    days: i64,
    /// Kunci publik lain yang dipercaya pada daftar sebelumnya; dapat diulang / further public key that is trusted on the earlier list; may be repeated
    #[arg(long = "trusted", value_name = "BERKAS")]
    trusted: Vec<PathBuf>,
    #[command(flatten)]
    signer: SignerArgs,
}

#[derive(Debug, Args)]
struct NewArgs {
    /// Lembaga yang menerbitkan, seperti pada sertifikat / the certification body, as the certificates name it
    #[arg(long, value_name = "NAMA")]
    issuer: String,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
struct LiftArgs {
    /// Berkas sertifikat / file of the certificate
    #[arg(value_name = "SERTIFIKAT")]
    certificate: PathBuf,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Berkas daftar status / file of the status list
    #[arg(value_name = "BERKAS")]
    list: PathBuf,
}

/// Arguments of `laik suspend` and `laik revoke`.
#[derive(Debug, Args)]
pub struct StandingArgs {
    /// Berkas sertifikat / file of the certificate
    #[arg(value_name = "SERTIFIKAT")]
    certificate: PathBuf,
    /// Alasannya / why
    #[arg(long, value_name = "TEKS")]
    reason: String,
    #[command(flatten)]
    list: ListArgs,
}

/// Runs `laik status`.
pub fn run(args: &StatusArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    match &args.command {
        StatusCommand::New(args) => {
            let signer = args.list.signer.open(output.lang())?;
            let (now, until) = times(&args.list)?;
            let list = StatusList::first(&args.issuer, now, until);
            let bytes = sealed(&list, signer.as_ref())?;
            signing::write_new(&args.list.list, &bytes, false)?;
            told(&args.list.list, &list, output);
        }
        StatusCommand::Renew(args) => change(args, output, |_, _| Ok(()))?,
        StatusCommand::Lift(args) => {
            let certificate = certificate(&args.certificate)?;
            change(&args.list, output, |list, _| list.lift(&certificate))?;
        }
        StatusCommand::Show(args) => {
            let bytes = signing::envelope_bytes(&args.list)?;
            let presented = PresentedStatus::parse(&bytes).map_err(|fault| signing::invalid(&args.list, &fault))?;
            output.line(&signing::shown(&presented.list));
        }
    }
    Ok(ExitCode::Conformant)
}

/// Runs `laik suspend` and `laik revoke`.
pub fn standing(args: &StandingArgs, standing: Standing, output: &mut Output) -> Result<ExitCode, CommandError> {
    let certificate = certificate(&args.certificate)?;
    change(&args.list, output, |list, now| {
        list.set(&certificate, standing, now, &args.reason)
    })?;
    Ok(ExitCode::Conformant)
}

/// Writes the next list in the place of the one that is there.
fn change(
    args: &ListArgs,
    output: &mut Output,
    change: impl FnOnce(&mut StatusList, Timestamp) -> Result<(), StatusFault>,
) -> Result<(), CommandError> {
    let signer = args.signer.open(output.lang())?;
    let mut trusted = signing::public_keys(&args.trusted)?;
    trusted.push(signer.public().clone());
    let bytes = signing::envelope_bytes(&args.list)?;
    let before = PresentedStatus::parse(&bytes).map_err(|fault| signing::invalid(&args.list, &fault))?;
    before
        .envelope
        .verify(&trusted, 1)
        .map_err(|fault| signing::invalid(&args.list, &fault))?;
    let (now, until) = times(args)?;
    let mut next = StatusList::next(&before, now, until).map_err(CommandError::usage)?;
    change(&mut next, now).map_err(CommandError::usage)?;
    signing::write(&args.list, &sealed(&next, signer.as_ref())?)?;
    told(&args.list, &next, output);
    Ok(())
}

fn times(args: &ListArgs) -> Result<(Timestamp, Timestamp), CommandError> {
    let now = Timestamp::now();
    // To the second, as people read it; down, since rounded up the list would be of the future for a moment.
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let until = now
        .checked_add(SignedDuration::from_hours(24 * args.days))
        .map_err(CommandError::usage)?;
    Ok((now, until))
}

fn sealed(list: &StatusList, signer: &dyn Signer) -> Result<Vec<u8>, CommandError> {
    let envelope = Envelope::sign(PAYLOAD_TYPE, list.payload(), signer).map_err(CommandError::harness)?;
    Ok(envelope.to_bytes())
}

fn certificate(path: &Path) -> Result<Presented, CommandError> {
    Presented::parse(&signing::envelope_bytes(path)?).map_err(|fault| signing::invalid(path, &fault))
}

fn told(path: &Path, list: &StatusList, output: &mut Output) {
    let (path, number, until, count) = (path.display(), list.number, list.expires, list.entries.len());
    output.say(&phrase!(
        "Daftar status nomor {number}, {count} sertifikat, berlaku sampai {until}: {path}",
        "Status list number {number}, {count} certificates, good until {until}: {path}"
    ));
}
