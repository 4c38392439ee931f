//! `laik key`: makes an Ed25519 key, and shows the public half of one.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::attestation::{PublicKey, SecretKey};
use crate::exit::ExitCode;
use crate::phrase;

use super::output::Output;
use super::{CommandError, signing};

/// Arguments of `laik key`.
#[derive(Debug, Args)]
pub struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Buat kunci baru: BERKAS (terenkripsi) dan BERKAS.pub / make a new key: BERKAS (encrypted) and BERKAS.pub
    New(NewArgs),
    /// Tunjukkan kunci publik / show a public key
    Show(ShowArgs),
}

#[derive(Debug, Args)]
struct NewArgs {
    /// Berkas kunci privat; belum boleh ada / file of the private key; must not exist
    #[arg(value_name = "BERKAS")]
    file: PathBuf,
    /// Berkas berisi kata sandi; tanpa ini LAIK_SANDI_KUNCI atau ditanyakan / file with the pass phrase; without it LAIK_SANDI_KUNCI, or it is asked for
    #[arg(long, value_name = "BERKAS")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Berkas kunci publik / file of a public key
    #[arg(value_name = "BERKAS")]
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &KeyArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    match &args.command {
        KeyCommand::New(args) => {
            let pass_phrase = signing::pass_phrase(args.passphrase_file.as_deref(), true, output.lang())?;
            let (key, pem) = SecretKey::generate(&pass_phrase).map_err(CommandError::usage)?;
            let mut name = args.file.as_os_str().to_owned();
            name.push(".pub");
            let public = PathBuf::from(name);
            let key = crate::attestation::Signer::public(&key).clone();
            signing::write_new(&args.file, pem.as_bytes(), true)?;
            signing::write_new(&public, key.to_pem().as_bytes(), false)?;
            let (private, public) = (args.file.display(), public.display());
            output.say(&phrase!(
                "Kunci privat: {private} (simpan baik-baik, beserta kata sandinya)\nKunci publik: {public}",
                "Private key: {private} (keep it well, and its pass phrase)\nPublic key: {public}"
            ));
            show(&key, output);
        }
        KeyCommand::Show(args) => show(&signing::public_key(&args.file)?, output),
    }
    Ok(ExitCode::Conformant)
}

fn show(key: &PublicKey, output: &mut Output) {
    let (id, base64) = (key.id(), key.to_base64());
    output.say(&phrase!(
        "keyid: {id}\nuntuk kebijakan: publik = \"{base64}\"",
        "keyid: {id}\nfor a policy: publik = \"{base64}\""
    ));
}
