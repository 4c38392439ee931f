//! `laik report`: the reports of an evidence pack, made again from what it holds.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::catalogue::Catalogue;
use crate::exit::ExitCode;
use crate::pack::run_json::{RunJson, RunJsonError};
use crate::phrase;
use crate::report::{self, Model, ReportError, Style};

use super::output::Output;

/// Columns of the text report.
const WIDTH: usize = 100;

/// Arguments of `laik report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Direktori paket bukti / directory of the evidence pack
    #[arg(value_name = "PAKET")]
    pack: PathBuf,
    /// Bentuk laporan / form of the report
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// Berkas tujuan; tanpa ini ke keluaran baku / where to write; standard output without it
    #[arg(long, value_name = "BERKAS")]
    out: Option<PathBuf>,
}

/// Forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Satu halaman utuh / one self-contained page
    Html,
    /// run.json
    Json,
    /// JUnit XML untuk CI / JUnit XML for CI servers
    Junit,
    /// Ringkasan teks / plain-text summary
    Text,
}

/// Runs the command: 0 when the report was written, 2 when there is no pack or no place for the report, 6 for a
/// pack that is damaged.
pub fn run(args: &ReportArgs, output: &mut Output) -> ExitCode {
    let written = rendered(args, output).and_then(|report| write(args, &report, output));
    match written {
        Ok(()) => ExitCode::Conformant,
        Err((code, text)) => {
            output.fault(&text);
            code
        }
    }
}

/// The report's bytes.
fn rendered(args: &ReportArgs, output: &Output) -> Result<Vec<u8>, (ExitCode, String)> {
    if args.format == Format::Json {
        let run = RunJson::read(&args.pack).map_err(|error| failed(&error.into()))?;
        return serde_json::to_vec_pretty(&run).map_err(|error| (ExitCode::Harness, error.to_string()));
    }
    let lang = output.lang();
    let catalogue = Catalogue::embedded().map_err(|errors| (ExitCode::Harness, errors.render(lang, false)))?;
    let model = report::open(&args.pack, catalogue, &crate::steps::gloss, lang).map_err(|error| failed(&error))?;
    match args.format {
        Format::Html => report::html(&model).map_err(|error| failed(&error)),
        Format::Junit => report::junit(&model).map_err(|error| failed(&error)),
        Format::Json | Format::Text => Ok(text(&model, args, output)),
    }
}

fn text(model: &Model, args: &ReportArgs, output: &Output) -> Vec<u8> {
    let page = args.pack.join("index.html");
    let style = Style {
        colour: output.terminal() && args.out.is_none(),
        width: WIDTH,
        report: page.exists().then(|| page.display().to_string()),
    };
    report::plain(model, &style).into_bytes()
}

fn write(args: &ReportArgs, report: &[u8], output: &mut Output) -> Result<(), (ExitCode, String)> {
    let Some(path) = &args.out else {
        // A closed pipe ends printing, never the command.
        let _ = output.writer().write_all(report);
        return Ok(());
    };
    let name = path.display();
    std::fs::write(path, report).map_err(|error| (ExitCode::Usage, format!("{name}: {error}")))?;
    output.say(&phrase!(
        "Laporan ditulis ke {name}",
        "The report was written to {name}"
    ));
    Ok(())
}

fn failed(error: &ReportError) -> (ExitCode, String) {
    let code = match error {
        ReportError::Run(RunJsonError::Missing(_)) | ReportError::Write { .. } => ExitCode::Usage,
        ReportError::Run(_) => ExitCode::Invalid,
        ReportError::Page(_) | ReportError::Junit(_) => ExitCode::Harness,
    };
    (code, error.to_string())
}
