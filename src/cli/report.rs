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
    /// Ringkasan langkah CI / step summary of a CI job (GitHub Flavored Markdown)
    Markdown,
    /// Satu baris tiap persyaratan untuk lembar kerja / one line for each requirement (RFC 4180)
    Csv,
    /// SARIF 2.1.0 untuk pemindai kode / SARIF 2.1.0 for code scanning
    Sarif,
    /// CTRF untuk dasbor pengujian / CTRF for test dashboards
    Ctrf,
    /// EARL 1.0 (JSON-LD)
    Earl,
    /// Hasil asesmen OSCAL / OSCAL assessment results (JSON)
    Oscal,
    /// Ringkasan dua halaman / summary of two pages (PDF)
    Pdf,
    /// Lencana keputusan / badge with the decision (SVG)
    Badge,
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
    let model = if matches!(args.format, Format::Html | Format::Junit | Format::Text) {
        report::open(&args.pack, catalogue, &crate::steps::gloss, lang)
    } else {
        report::open_results(&args.pack, catalogue, lang)
    };
    let model = model.map_err(|error| failed(&error))?;
    match args.format {
        Format::Html => report::html(&model).map_err(|error| failed(&error)),
        Format::Junit => report::junit(&model).map_err(|error| failed(&error)),
        Format::Markdown => Ok(report::markdown(&model)),
        Format::Csv => report::csv(&model).map_err(|error| failed(&error)),
        Format::Sarif => report::sarif(&model).map_err(|error| failed(&error)),
        Format::Ctrf => report::ctrf(&model).map_err(|error| failed(&error)),
        Format::Earl => report::earl(&model).map_err(|error| failed(&error)),
        Format::Oscal => report::oscal(&model).map_err(|error| failed(&error)),
        Format::Pdf => report::summary_pdf(&model).map_err(|error| failed(&error)),
        Format::Badge => report::badge(&model).map_err(|error| failed(&error)),
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
        ReportError::Page(_)
        | ReportError::Junit(_)
        | ReportError::Csv(_)
        | ReportError::Json(_)
        | ReportError::Pdf(_) => ExitCode::Harness,
    };
    (code, error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    fn args(pack: &std::path::Path, format: Format) -> ReportArgs {
        ReportArgs {
            pack: pack.to_owned(),
            format,
            out: None,
        }
    }

    #[test]
    fn every_form_is_made_from_a_pack() {
        let dir = tempfile::tempdir().unwrap();
        sample::run().write_atomic(dir.path()).unwrap();
        let output = Output::stdout(Lang::En);
        let begins = [
            (Format::Html, "<!doctype html>"),
            (Format::Json, "{\n  \"format\": \"1.0\""),
            (Format::Junit, "<?xml version=\"1.0\""),
            (Format::Text, "Application "),
            (Format::Markdown, "## laik: not fit\n"),
            (Format::Csv, "\"id\",\"bidang\""),
            (Format::Badge, "<svg xmlns="),
            (Format::Pdf, "%PDF-1.7"),
            (Format::Sarif, "{\n  \"$schema\""),
            (Format::Ctrf, "{\n  \"reportFormat\": \"CTRF\""),
            (Format::Earl, "{\n  \"@context\""),
            (Format::Oscal, "{\n  \"assessment-results\""),
        ];
        for (format, beginning) in begins {
            let report = rendered(&args(dir.path(), format), &output).unwrap();
            let report = String::from_utf8_lossy(&report);
            assert!(
                report.starts_with(beginning),
                "{format:?}: {}",
                report.chars().take(80).collect::<String>()
            );
        }
    }

    #[test]
    fn the_exit_code_tells_no_pack_from_a_damaged_one() {
        let dir = tempfile::tempdir().unwrap();
        let output = Output::stdout(Lang::Id);
        let code = |format| rendered(&args(dir.path(), format), &output).unwrap_err().0;
        assert_eq!(code(Format::Html), ExitCode::Usage);
        fs::write(dir.path().join("run.json"), "{\"format\": \"1.0\"").unwrap();
        assert_eq!(code(Format::Html), ExitCode::Invalid);
        assert_eq!(code(Format::Json), ExitCode::Invalid);
    }

    #[test]
    fn out_names_a_file() {
        let dir = tempfile::tempdir().unwrap();
        sample::run().write_atomic(dir.path()).unwrap();
        let out = dir.path().join("laporan.html");
        let args = ReportArgs {
            out: Some(out.clone()),
            ..args(dir.path(), Format::Html)
        };
        assert_eq!(run(&args, &mut Output::stdout(Lang::Id)), ExitCode::Conformant);
        assert!(fs::read_to_string(out).unwrap().contains("tidak laik"));
        let args = ReportArgs {
            out: Some(dir.path().join("tidak/ada.html")),
            ..args
        };
        assert_eq!(run(&args, &mut Output::stdout(Lang::Id)), ExitCode::Usage);
    }
}
