//! The command line: parses, calls, prints, and turns the end into an exit code. No verdict is made here.

pub mod attest;
pub mod catalogue;
pub mod certificate;
pub mod certify;
pub mod compare;
pub mod coverage;
pub mod doctor;
mod example;
pub mod explain;
pub mod gate;
pub mod init;
pub mod key;
pub mod lint;
pub mod list;
pub mod new_requirement;
pub mod output;
mod progress;
pub mod rejudge;
pub mod report;
mod reports;
pub mod run;
pub mod sandbox;
pub mod selftest;
pub mod shell;
mod signals;
mod signing;
mod standard;
pub mod status;
pub mod try_op;
pub mod verify;

use clap::{Parser, Subcommand};

use crate::catalogue::Names;
use crate::certificate::Standing;
use crate::domain::phrase::Lang;
use crate::exit::ExitCode;

pub use output::Output;

/// Laik pakai atau tidak? Menguji aplikasi pengaduan terhadap standar SP4N-LAPOR!.
///
/// Is a complaint application fit to be connected to SP4N-LAPOR!? Runs the standard against its API.
#[derive(Debug, Parser)]
#[command(name = "laik", version, max_term_width = 120, disable_help_subcommand = true)]
pub struct Cli {
    /// Bahasa keluaran / language of what is printed and written: id, en
    #[arg(long, global = true, value_parser = language, default_value = "id")]
    lang: Lang,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Buat kerangka pernyataan / write the frame of a statement
    Init(init::InitArgs),
    /// Periksa pernyataan langkah demi langkah / check a statement step by step
    Doctor(doctor::DoctorArgs),
    /// Coba satu operasi dan lihat pemetaannya / try one operation and see its mapping
    Try(try_op::TryArgs),
    /// Uji aplikasi atau bak pasir / judge an application or the sandbox
    Run(run::RunArgs),
    /// Jalankan bak pasir / run the sandbox, the reference application
    Sandbox(sandbox::SandboxArgs),
    /// Buktikan standar atas cacat dan varian bak pasir / prove the standard on the sandbox's defects and variants
    Selftest(selftest::SelftestArgs),
    /// Daftar persyaratan / the requirements of the standard
    List(list::ListArgs),
    /// Jelaskan satu persyaratan / explain one requirement
    Explain(explain::ExplainArgs),
    /// Periksa berkas standar / check the files of the standard
    Lint(lint::LintArgs),
    /// Matriks cakupan / matrix of requirements, scenarios, defects and variants
    Coverage(coverage::CoverageArgs),
    /// Kerangka persyaratan baru / frame of a new requirement
    NewRequirement(new_requirement::NewRequirementArgs),
    /// Periksa keutuhan paket bukti / check that an evidence pack is whole and unchanged
    Verify(verify::VerifyArgs),
    /// Nilai ulang paket bukti / judge the stored evidence again
    Rejudge(rejudge::RejudgeArgs),
    /// Bandingkan dua paket bukti / what changed between two evidence packs, and why
    Compare(compare::CompareArgs),
    /// Buat ulang laporan dari paket bukti / make the reports of an evidence pack again
    Report(report::ReportArgs),
    /// Tanda tangani laporan uji sebuah paket / sign the test report of a pack
    Attest(attest::AttestArgs),
    /// Putuskan dan terbitkan sertifikat / decide, and issue a certificate
    Certify(certify::CertifyArgs),
    /// Tunjukkan, periksa, atau tanda tangani sertifikat / show, verify, or countersign a certificate
    Certificate(certificate::CertificateArgs),
    /// Bekukan sertifikat / suspend a certificate
    Suspend(status::StandingArgs),
    /// Cabut sertifikat / revoke a certificate
    Revoke(status::StandingArgs),
    /// Daftar status sertifikat / the status list of certificates
    Status(status::StatusArgs),
    /// Gerbang hub: boleh dihubungkan? / the hub's gate: may it be connected?
    Gate(gate::GateArgs),
    /// Buat atau tunjukkan kunci / make or show a key
    Key(key::KeyArgs),
    /// Pelengkapan perintah untuk cangkang / completions of a shell
    Completion(shell::CompletionArgs),
    /// Halaman manual / a manual page, for `man -l -`
    Man(shell::ManArgs),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let mut output = Output::stdout(cli.lang);
    let ended = match cli.command {
        Command::Init(args) => init::run(&args, &mut output),
        Command::Doctor(args) => doctor::run(&args, &mut output),
        Command::Try(args) => try_op::run(&args, &mut output),
        Command::Run(args) => run::run(&args, &mut output),
        Command::Sandbox(args) => sandbox::run(&args, &mut output),
        Command::Selftest(args) => selftest::run_command(&args, &mut output),
        Command::List(args) => standard_command(list::run(&args, cli.lang, output.writer()), cli.lang),
        Command::Explain(args) => standard_command(explain::run(&args, cli.lang, output.writer()), cli.lang),
        Command::Lint(args) => standard_command(lint::run(&args, &names(), cli.lang, output.writer()), cli.lang),
        Command::Coverage(args) => standard_command(coverage::run(&args, output.writer()), cli.lang),
        Command::NewRequirement(args) => {
            standard_command(new_requirement::run(&args, cli.lang, output.writer()), cli.lang)
        }
        Command::Verify(args) => Ok(verify::run(&args, &mut output)),
        Command::Rejudge(args) => Ok(rejudge::run(&args, &mut output)),
        Command::Compare(args) => Ok(compare::run(&args, &mut output)),
        Command::Report(args) => Ok(report::run(&args, &mut output)),
        Command::Attest(args) => attest::run(&args, &mut output),
        Command::Certify(args) => certify::run(&args, &mut output),
        Command::Certificate(args) => certificate::run(&args, &mut output),
        Command::Suspend(args) => status::standing(&args, Standing::Suspended, &mut output),
        Command::Revoke(args) => status::standing(&args, Standing::Revoked, &mut output),
        Command::Status(args) => status::run(&args, &mut output),
        Command::Gate(args) => gate::run(&args, &mut output),
        Command::Key(args) => key::run(&args, &mut output),
        Command::Completion(args) => shell::completion(&args, output.writer()),
        Command::Man(args) => shell::man(&args, output.writer()),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            output.fault(&error.to_string());
            error.code
        }
    }
}

/// A command about the standard: every refusal is wrong usage or a fault of the standard's files.
fn standard_command(ended: Result<(), catalogue::Refusal>, lang: Lang) -> Result<ExitCode, CommandError> {
    match ended {
        Ok(()) => Ok(ExitCode::Conformant),
        // Whoever read the output has seen enough (`laik list | head`).
        Err(catalogue::Refusal::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            Ok(ExitCode::Conformant)
        }
        Err(refusal) => Err(CommandError::usage(refusal.render(lang, false))),
    }
}

/// What the sandbox can do, for the lint.
fn names() -> Names {
    Names {
        switches: Some(
            crate::sandbox::variants::SWITCHES
                .iter()
                .map(|switch| switch.name.to_owned())
                .collect(),
        ),
        defects: Some(
            crate::sandbox::defects::all()
                .map(|defect| defect.id.to_owned())
                .collect(),
        ),
    }
}

/// Why a command ended without its result.
#[derive(Debug)]
pub struct CommandError {
    /// The exit code.
    pub code: ExitCode,
    /// What happened and what to do, already rendered.
    pub text: String,
}

impl CommandError {
    /// Wrong usage or configuration.
    pub fn usage(text: impl std::fmt::Display) -> Self {
        Self {
            code: ExitCode::Usage,
            text: text.to_string(),
        }
    }

    /// A fault of laik or of the machine it runs on.
    pub fn harness(text: impl std::fmt::Display) -> Self {
        Self {
            code: ExitCode::Harness,
            text: text.to_string(),
        }
    }

    /// The application cannot be reached.
    pub fn unreachable(text: impl std::fmt::Display) -> Self {
        Self {
            code: ExitCode::Unreachable,
            text: text.to_string(),
        }
    }

    /// A pack or signature is not valid.
    pub fn invalid(text: impl std::fmt::Display) -> Self {
        Self {
            code: ExitCode::Invalid,
            text: text.to_string(),
        }
    }
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Help and version are no errors; everything else of clap's is wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe while printing help is nobody's fault.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::Usage
    } else {
        ExitCode::Conformant
    }
}

fn language(text: &str) -> Result<Lang, String> {
    match text {
        "id" => Ok(Lang::Id),
        "en" => Ok(Lang::En),
        _ => Err("pilih id atau en / choose id or en".to_owned()),
    }
}
