//! `laik gate`: may this application be connected? Once, or for every question over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use crate::attestation::Digest;
use crate::exit::ExitCode;
use crate::gate::http::{Gate, serve};
use crate::gate::memory::MemoryFile;
use crate::gate::{Answer, MemoryFault, Policy, Question, decide};
use crate::phrase;

use super::output::Output;
use super::{CommandError, signing};

/// Arguments of `laik gate`.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Kebijakan gerbang, TOML (docs/gerbang.md) / policy of the gate, TOML (docs/gerbang.md)
    #[arg(long, value_name = "BERKAS")]
    policy: PathBuf,
    /// Sertifikat / the certificate
    #[arg(
        long,
        value_name = "BERKAS",
        required_unless_present = "listen",
        conflicts_with = "listen"
    )]
    certificate: Option<PathBuf>,
    /// Daftar status / the status list
    #[arg(long, value_name = "BERKAS")]
    status: Option<PathBuf>,
    /// SHA-256 rakitan yang akan dihubungkan / SHA-256 of the build that is about to be connected
    #[arg(long, value_name = "SHA-256", value_parser = super::certify::digest)]
    build: Option<Digest>,
    /// Ingatan gerbang: nomor daftar status tertinggi / memory of the gate: the highest status list
    #[arg(long, value_name = "BERKAS")]
    state: Option<PathBuf>,
    /// Buat ingatan baru; sekali saja, saat gerbang dipasang / make a new memory; once, when the gate is set up
    #[arg(long, requires = "state")]
    new_state: bool,
    /// Tulis jawaban sebagai JSON / write the answer as JSON
    #[arg(long)]
    json: bool,
    /// Layani pertanyaan lewat HTTP, misalnya 127.0.0.1:8480 / answer questions over HTTP, for instance 127.0.0.1:8480
    #[arg(long, value_name = "ALAMAT")]
    listen: Option<SocketAddr>,
}

/// Runs the command: 0 for yes; else the code of the most important reason (see [`crate::gate::Reason::exit`]).
pub fn run(args: &GateArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let name = args.policy.display().to_string();
    let text = signing::policy_text(&args.policy)?;
    let policy =
        Policy::parse(&name, &text).map_err(|fault| CommandError::usage(fault.render(output.lang(), false)))?;
    let memory = match &args.state {
        Some(path) => Some(MemoryFile::open(path, args.new_state).map_err(|fault| memory_fault(&fault))?),
        None => None,
    };
    match args.listen {
        Some(address) => listen(address, Gate::new(policy, args.status.clone(), memory), output),
        None => once(args, &policy, memory, output),
    }
}

fn once(
    args: &GateArgs,
    policy: &Policy,
    mut memory: Option<MemoryFile>,
    output: &mut Output,
) -> Result<ExitCode, CommandError> {
    // A file that cannot be read is as one without a byte: the gate says which, and stays shut.
    let read = |path: &PathBuf| signing::envelope_bytes(path).map_err(|error| error.text);
    let mut notes = Vec::new();
    let mut given = |path: &PathBuf| {
        read(path).unwrap_or_else(|note| {
            notes.push(note);
            Vec::new()
        })
    };
    let certificate = args.certificate.as_ref().map(&mut given).unwrap_or_default();
    let status = args.status.as_ref().map(given);
    let question = Question {
        certificate: &certificate,
        status: status.as_deref(),
        build: args.build.as_ref(),
    };
    let remembered = memory.as_mut().map(|file| &mut file.memory);
    let answer = decide(policy, &question, remembered, Timestamp::now());
    if let Some(file) = &memory {
        file.save().map_err(|fault| memory_fault(&fault))?;
    }
    for note in notes {
        output.fault(&note);
    }
    print(&answer, args.json, output);
    Ok(answer.exit())
}

fn memory_fault(fault: &MemoryFault) -> CommandError {
    match fault {
        MemoryFault::Missing(_) | MemoryFault::Exists(_) => CommandError::usage(fault),
        MemoryFault::Broken { .. } => CommandError::invalid(fault),
        MemoryFault::Busy(_) | MemoryFault::Io { .. } => CommandError::harness(fault),
    }
}

fn print(answer: &Answer, json: bool, output: &mut Output) {
    if json {
        output.line(&serde_json::to_string_pretty(answer).unwrap_or_default());
        return;
    }
    for refusal in &answer.reasons {
        let text = refusal.text.text(output.lang());
        let text: String = text.chars().filter(|one| !one.is_control()).collect();
        output.line(&format!("✗ {} ({})", text, refusal.reason));
    }
    let named = answer.certificate.as_ref().map(|certificate| {
        let signers = certificate.signed_by.join(", ");
        let name = &certificate.application;
        let (number, version) = (&certificate.number, &certificate.version);
        format!("{number} · {name} {version} · {signers}")
    });
    let named: String = named
        .unwrap_or_else(|| "-".to_owned())
        .chars()
        .filter(|one| !one.is_control())
        .collect();
    output.say(&if answer.open {
        phrase!("BUKA: {named}", "OPEN: {named}")
    } else {
        phrase!("TUTUP: {named}", "SHUT: {named}")
    });
    if !answer.remembers {
        output.say(&phrase!(
            "! tanpa --state gerbang tidak dapat mengenali daftar status lama yang belum habis masanya",
            "! without --state the gate cannot tell an old status list that has not expired"
        ));
    }
}

fn listen(address: SocketAddr, gate: Gate, output: &mut Output) -> Result<ExitCode, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(CommandError::harness)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| CommandError::usage(format!("{address}: {error}")))?;
        let address = listener.local_addr().map_err(CommandError::harness)?;
        output.say(&phrase!(
            "Gerbang menjawab di http://{address}/gerbang (POST sertifikat); Ctrl-C untuk berhenti.",
            "The gate answers at http://{address}/gerbang (POST a certificate); Ctrl-C stops it."
        ));
        tokio::select! {
            () = serve(listener, Arc::new(gate)) => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        Ok(ExitCode::Conformant)
    })
}
