//! `laik sandbox`: runs the reference application until it is stopped, with seeded defects and lawful variants on request.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::CommandError;
use super::output::Output;
use crate::domain::Phrase;
use crate::exit::ExitCode;
use crate::phrase;
use crate::sandbox::{Config, Sandbox, defects, start, variants};

/// Arguments of `laik sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Porta pada 127.0.0.1 / port on 127.0.0.1; 0 = any free one
    #[arg(long, value_name = "N", default_value_t = 8101)]
    port: u16,
    /// Direktori basis data; tanpa ini data hilang saat berhenti / directory of the database; without it data end with the process
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Nyalakan cacat tertanam / switch a seeded defect on
    #[arg(long, value_name = "ID")]
    defect: Vec<String>,
    /// Nyalakan varian sah / switch a lawful variant on
    #[arg(long, value_name = "NAMA")]
    variant: Vec<String>,
    /// Alamat penerima pembaruan hub / where updates for the hub are posted
    #[arg(long, value_name = "URL")]
    hub: Option<String>,
    /// Tulis pernyataannya ke berkas ini / write its statement to this file
    #[arg(long, value_name = "BERKAS")]
    statement: Option<PathBuf>,
    /// Sebutkan cacat dan varian yang ada, lalu selesai / name the defects and variants, then end
    #[arg(long)]
    list: bool,
}

/// Runs the sandbox; answers when it has stopped, or at once for `--list`.
pub fn run(args: &SandboxArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    if args.list {
        list(output);
        return Ok(ExitCode::Conformant);
    }
    let refuse = |path: &PathBuf, error: std::io::Error| CommandError::usage(format!("{}: {error}", path.display()));
    if let Some(directory) = &args.data {
        std::fs::create_dir_all(directory).map_err(|error| refuse(directory, error))?;
    }
    let sandbox = start(Config {
        defects: args.defect.clone(),
        variants: args.variant.clone(),
        hub_url: args.hub.clone(),
        data: args.data.clone(),
        listen: SocketAddr::from(([127, 0, 0, 1], args.port)),
    })
    .map_err(CommandError::usage)?;
    if let Some(file) = &args.statement {
        std::fs::write(file, sandbox.statement_toml()).map_err(|error| refuse(file, error))?;
    }
    welcome(&sandbox, args, output);
    sandbox.join();
    Ok(ExitCode::Conformant)
}

fn list(output: &mut Output) {
    output.say(&Phrase::new("Cacat tertanam (--defect):", "Seeded defects (--defect):"));
    for defect in defects::all() {
        output.line(&format!("  {}", defect.id));
    }
    output.say(&Phrase::new("Varian sah (--variant):", "Lawful variants (--variant):"));
    for switch in variants::SWITCHES {
        output.line(&format!("  {}", switch.name));
    }
}

fn welcome(sandbox: &Sandbox, args: &SandboxArgs, output: &mut Output) {
    let base = sandbox.base_url();
    output.say(&phrase!(
        "Aplikasi rujukan berjalan di {base}/api/v1",
        "The reference application runs at {base}/api/v1"
    ));
    let source = args.statement.as_ref().map(|file| file.display().to_string());
    if let Some(file) = source {
        output.say(&phrase!("Pernyataannya: {file}", "Its statement: {file}"));
    }
    output.say(&Phrase::new(
        "Nama pengguna sama dengan nama aktor; sandi untuk sesi ini:",
        "User names are those of the actors; passwords, new at every start:",
    ));
    for (name, value) in sandbox.environment() {
        output.line(&format!("  export {name}={value}"));
    }
    output.say(&Phrase::new("Tekan Ctrl-C untuk berhenti.", "Press Ctrl-C to stop."));
}
