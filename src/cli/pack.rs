//! `laik pack`: checks what a pack still lacks, and carries one as a single file.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::certificate::readiness::readiness;
use crate::domain::Phrase;
use crate::exit::ExitCode;
use crate::pack::archive::{archive, unpack};
use crate::pack::verify::verify;
use crate::phrase;

use super::CommandError;
use super::catalogue::StandardArgs;
use super::output::Output;
use super::standard::LoadedStandard;

/// Arguments of `laik pack`.
#[derive(Debug, Args)]
pub struct PackArgs {
    #[command(subcommand)]
    command: PackCommand,
}

#[derive(Debug, Subcommand)]
enum PackCommand {
    /// Segala yang masih kurang sebelum diserahkan / everything missing before it is handed in
    Check(CheckArgs),
    /// Jadikan satu berkas tar yang bitanya selalu sama / make one tar file, always of the same bytes
    Archive(CarryArgs),
    /// Buka arsip ke direktori baru, lalu periksa / unpack an archive into a new directory and verify it
    Unpack(CarryArgs),
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Direktori paket bukti / directory of the evidence pack
    #[arg(value_name = "PAKET")]
    pack: PathBuf,
    /// Tulis hasil sebagai JSON / write the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct CarryArgs {
    /// Paket, atau arsipnya / the pack, or its archive
    #[arg(value_name = "DARI")]
    from: PathBuf,
    /// Yang dibuat; belum boleh ada / what is made; must not exist
    #[arg(long, value_name = "KE")]
    out: PathBuf,
}

/// Runs the command. `check`: 0 where nothing is missing, 6 for a broken pack, 3 where something is left to do.
pub fn run(args: &PackArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    match &args.command {
        PackCommand::Check(args) => check(args, output),
        PackCommand::Archive(args) => {
            let made = archive(&args.from, &args.out).map_err(CommandError::usage)?;
            let (out, files, bytes, sha256) = (args.out.display(), made.files, made.bytes, made.sha256);
            output.say(&phrase!(
                "{out}: {files} berkas, {bytes} bita\nSHA-256 {sha256}",
                "{out}: {files} files, {bytes} bytes\nSHA-256 {sha256}"
            ));
            Ok(ExitCode::Conformant)
        }
        PackCommand::Unpack(args) => {
            let files = unpack(&args.from, &args.out).map_err(CommandError::invalid)?;
            let out = args.out.display();
            output.say(&phrase!("{out}: {files} berkas", "{out}: {files} files"));
            let verification = verify(&args.out);
            for finding in &verification.findings {
                let text = finding.text.text(output.lang()).to_owned();
                output.line(&format!("✗ {text}"));
            }
            Ok(if verification.valid() {
                ExitCode::Conformant
            } else {
                ExitCode::Invalid
            })
        }
    }
}

fn check(args: &CheckArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let loaded = LoadedStandard::load(&StandardArgs::default(), output.lang())?;
    let found = readiness(&args.pack, &loaded.standard());
    let code = match (found.broken.is_empty(), found.ready()) {
        (false, _) => ExitCode::Invalid,
        (true, false) => ExitCode::Undecided,
        (true, true) => ExitCode::Conformant,
    };
    if args.json {
        let text = serde_json::to_string_pretty(&found).map_err(CommandError::harness)?;
        output.line(&text);
        return Ok(code);
    }
    let parts = [
        (
            Phrase::new("Paket tidak sah", "The pack is not valid"),
            "✗",
            &found.broken,
        ),
        (
            Phrase::new("Tidak dapat menjadi dasar sertifikat", "No certificate can rest on it"),
            "✗",
            &found.refused,
        ),
        (
            Phrase::new("Hanya untuk sertifikat percobaan", "Good for a trial certificate alone"),
            "!",
            &found.trial_only,
        ),
        (
            Phrase::new("Masih harus dikerjakan", "Still to be done"),
            "…",
            &found.to_do,
        ),
        (
            Phrase::new("Kelonggaran yang harus ditandatangani", "Leniencies to be signed"),
            "·",
            &found.leniencies,
        ),
    ];
    for (head, mark, entries) in parts {
        if entries.is_empty() {
            continue;
        }
        output.say(&head);
        for entry in entries {
            let text = entry.text(output.lang()).to_owned();
            output.line(&format!("  {mark} {text}"));
        }
    }
    if found.ready() {
        output.say(&Phrase::new("Siap diserahkan.", "Ready to be handed in."));
    }
    Ok(code)
}
