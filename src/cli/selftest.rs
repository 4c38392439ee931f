//! `laik selftest`: the matrix of defects and variants.

use std::time::{Duration, Instant};

use clap::Args;

use crate::exit::ExitCode;
use crate::selftest::{Children, Job, Matrix, Options, Totals, run, run_job};

use super::CommandError;
use super::catalogue::StandardArgs;
use super::output::Output;
use super::standard::LoadedStandard;

/// Arguments of `laik selftest`.
#[derive(Debug, Args)]
pub struct SelftestArgs {
    /// Hasil sebagai JSON / the result as JSON
    #[arg(long)]
    json: bool,
    /// Setiap cacat terhadap setiap persyaratan / every defect against every requirement
    #[arg(long)]
    full: bool,
    /// Hanya pekerjaan ini / only these jobs: the id of a requirement (its defects and variants), or a part of a name
    #[arg(long, value_name = "TEKS")]
    only: Vec<String>,
    /// Ulangi tiap pekerjaan / repeat each job
    #[arg(long, value_name = "N", default_value_t = 1)]
    ulang: usize,
    /// Benih pilihan acak / seed of random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    benih: u64,
    #[arg(long, hide = true)]
    job: Option<String>,
}

/// Runs the command.
pub fn run_command(args: &SelftestArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let loaded = LoadedStandard::load(&StandardArgs::default(), output.lang())?;
    if let Some(words) = &args.job {
        let job: Job = serde_json::from_str(words).map_err(CommandError::usage)?;
        let result = run_job(&job, &loaded.standard());
        let line = serde_json::to_string(&result).map_err(CommandError::harness)?;
        output.line(&line);
        return Ok(ExitCode::Conformant);
    }
    let started = Instant::now();
    let standard = loaded.standard();
    let mut matrix = Matrix::plan(
        standard.catalogue,
        Options {
            full: args.full,
            seed: args.benih,
        },
    );
    let partial = !args.only.is_empty();
    if partial {
        matrix
            .jobs
            .retain(|job| args.only.iter().any(|wanted| selected(job, wanted)));
    }
    let binary = std::env::current_exe().map_err(CommandError::harness)?;
    let at_once = 2 * std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let children = Children {
        binary,
        at_once,
        limit: Duration::from_mins(5),
    };
    let mut worst: Option<Totals> = None;
    for _ in 0..args.ulang.max(1) {
        let results = run(&matrix.jobs, &children, &|result| tell(result, args.json));
        let totals = matrix.totals(&results);
        let clean = if partial { partly_clean(&totals) } else { totals.clean() };
        if worst.is_none() || !clean {
            worst = Some(totals);
        }
    }
    let Some(totals) = worst else {
        return Err(CommandError::usage("no job was selected"));
    };
    let clean = if partial { partly_clean(&totals) } else { totals.clean() };
    if args.json {
        let text = serde_json::to_string_pretty(&totals).map_err(CommandError::harness)?;
        output.line(&text);
    } else {
        print(&totals, partial, started.elapsed(), output);
    }
    Ok(if clean { ExitCode::Conformant } else { ExitCode::Harness })
}

/// Whether `--only` names a job: by a part of its name, or by a requirement that judges there beside others.
fn selected(job: &Job, wanted: &str) -> bool {
    job.name.contains(wanted) || job.requirements.iter().any(|id| id.to_string() == wanted)
}

/// How the totals tell of a defect whose job was not there.
const NEVER_RAN: &str = ": never ran";

/// With `--only`, jobs that were not run prove nothing and blame nothing.
fn partly_clean(totals: &Totals) -> bool {
    let ran = |entries: &[String]| entries.iter().all(|entry| entry.ends_with(NEVER_RAN));
    ran(&totals.survived)
        && ran(&totals.errors)
        && totals.misattributed.is_empty()
        && totals.variants_inactive.is_empty()
        && totals.false_alarms.is_empty()
}

fn tell(result: &crate::selftest::JobResult, json: bool) {
    use std::io::Write as _;
    if json {
        return;
    }
    let verdicts: Vec<_> = result
        .verdicts
        .iter()
        .map(|(id, (verdict, _))| format!("{id} {verdict}"))
        .collect();
    let fault = result.fault.as_deref().unwrap_or_default();
    // A closed stream ends the showing, never the selftest.
    drop(writeln!(
        std::io::stderr(),
        "{:>6} ms  {}: {} {fault}",
        result.wall_ms,
        result.name,
        verdicts.join(" ")
    ));
    // What a defect fails is its purpose; what fails without one has to be found out.
    if !result.name.starts_with("defect") {
        for remark in result.remarks.iter().take(REMARKS) {
            drop(writeln!(std::io::stderr(), "           {remark}"));
        }
    }
}

/// Remarks told of one job.
const REMARKS: usize = 8;

fn print(totals: &Totals, partial: bool, took: Duration, output: &mut Output) {
    let (killed, defects, variants, requirements) =
        (totals.killed, totals.defects, totals.variants, totals.requirements);
    let seconds = took.as_secs_f64();
    output.say(&crate::phrase!(
        "{requirements} persyaratan; {killed} dari {defects} cacat tertangkap; {variants} varian sah; {seconds:.1} detik",
        "{requirements} requirements; {killed} of {defects} defects killed; {variants} lawful variants; {seconds:.1} s"
    ));
    for (name, entries) in [
        ("survived", &totals.survived),
        ("misattributed", &totals.misattributed),
        ("variants_inactive", &totals.variants_inactive),
        ("false_alarms", &totals.false_alarms),
        ("errors", &totals.errors),
    ] {
        // With `--only`, what was not selected is not news.
        for entry in entries.iter().filter(|entry| !partial || !entry.ends_with(NEVER_RAN)) {
            output.line(&format!("{name}: {entry}"));
        }
    }
}
