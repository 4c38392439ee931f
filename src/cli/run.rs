//! `laik run`: judges an application, or the sandbox, and leaves a pack.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::assessment::{Assessed, Assessment, AssessmentError, HubSeat, OutDir, Standard, claims, reach};
use crate::catalogue::{Level, RequirementId};
use crate::domain::phrase::Lang;
use crate::domain::{Area, Phrase};
use crate::exit::ExitCode;
use crate::feature::plan::{Disposition, Plan, Selection, plan};
use crate::hub::Hub;
use crate::pack::assemble::exit_code;
use crate::run::StopFlag;
use crate::sandbox::Sandbox;
use crate::selftest::STATEMENT_NAME;
use crate::statement::{Diagnosis, SecretSource, Statement};

use super::catalogue::StandardArgs;
use super::output::Output;
use super::progress::Shown;
use super::{CommandError, reports, standard::LoadedStandard};

/// Arguments of `laik run`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct RunArgs {
    /// Pernyataan aplikasi / the statement of the application (pernyataan.toml), then requirement ids
    #[arg(value_name = "PERNYATAAN | ID")]
    what: Vec<String>,
    /// Uji bak pasir yang tertanam / judge the embedded sandbox (allows intrusive requirements)
    #[arg(long)]
    sandbox: bool,
    /// Nyalakan cacat bak pasir / switch a seeded defect of the sandbox on
    #[arg(long, value_name = "ID", requires = "sandbox")]
    defect: Vec<String>,
    /// Nyalakan varian sah bak pasir / switch a lawful variant of the sandbox on
    #[arg(long, value_name = "NAMA", requires = "sandbox")]
    variant: Vec<String>,
    /// Hanya bidang ini / these areas alone: proses-bisnis, data, teknologi, keamanan
    #[arg(long = "bidang", value_name = "BIDANG", value_parser = area)]
    areas: Vec<Area>,
    /// Hanya tingkat ini / this level alone: wajib, dianjurkan
    #[arg(long = "tingkat", value_name = "TINGKAT", value_parser = level)]
    level: Option<Level>,
    /// Uji untuk profil ini, bukan yang dinyatakan / judge for this profile instead of the stated one
    #[arg(long = "profil", value_name = "PROFIL", value_parser = profile)]
    profile: Option<crate::domain::Profile>,
    /// Izinkan persyaratan intrusif / allow intrusive requirements (staging only)
    #[arg(long)]
    intrusif: bool,
    /// Rencana saja, tanpa pengujian / the plan alone, nothing is sent
    #[arg(long)]
    dry_run: bool,
    /// Direktori paket bukti / directory of the evidence pack [default: laik-pack-TIME]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Ganti paket lama di DIR / replace an earlier pack in DIR
    #[arg(long)]
    timpa: bool,
    /// Tulis JUnit juga di sini / write JUnit here, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Kode keluar mengabaikan tinjauan yang menyusul / the exit code leaves waiting reviews out
    #[arg(long)]
    tinjauan_menyusul: bool,
    /// Skenario serentak / scenarios at once
    #[arg(long, value_name = "N")]
    serentak: Option<usize>,
    /// Benih pilihan acak / seed of random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    benih: u64,
    #[command(flatten)]
    standard: StandardArgs,
}

/// What is judged.
struct Subject {
    statement: Statement,
    sandbox: Option<Sandbox>,
    hub: Option<HubSeat>,
    switches: Option<Vec<String>>,
    ids: Vec<RequirementId>,
}

/// Runs the command.
pub fn run(args: &RunArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let lang = output.lang();
    let loaded = LoadedStandard::load(&args.standard, lang)?;
    let standard = loaded.standard();
    let subject = subject(args, lang)?;
    let selection = Selection {
        ids: subject.ids,
        areas: args.areas.clone(),
        level: args.level,
        intrusive: args.intrusif || args.sandbox,
    };
    // A wrong selection is told before an application that cannot be reached (2 before 5).
    let plan = plan(
        standard.catalogue,
        standard.features,
        &claims(&subject.statement, args.profile),
        &selection,
    )
    .map_err(|error| CommandError::usage(error.phrase().text(lang)))?;
    if args.dry_run {
        print_plan(&plan, output);
        return Ok(ExitCode::Conformant);
    }
    reach(&subject.statement).map_err(|error| failed(error, lang))?;
    let out = OutDir::prepare(&out_path(args), args.timpa).map_err(CommandError::usage)?;
    let stop = StopFlag::default();
    super::signals::watch(&stop);
    let assessment = Assessment {
        standard: &standard,
        statement: subject.statement,
        selection,
        profile: args.profile,
        out,
        sandbox: subject.switches,
        hub: subject.hub,
        progress: Arc::new(Shown::new(output)),
        stop,
        concurrency: args.serentak,
        seed: args.benih,
        passive_only: Vec::new(),
    };
    let assessed = assessment.run().map_err(|error| failed(error, lang))?;
    if let Some(sandbox) = subject.sandbox {
        sandbox.stop();
    }
    report(&assessed, args, &standard, output)?;
    Ok(exit_code(&assessed.run, args.tinjauan_menyusul))
}

fn subject(args: &RunArgs, lang: Lang) -> Result<Subject, CommandError> {
    if args.sandbox {
        let ids = identifiers(&args.what)?;
        let hub = Hub::start().map_err(CommandError::harness)?;
        let config = crate::sandbox::Config {
            defects: args.defect.clone(),
            variants: args.variant.clone(),
            hub_url: Some(hub.url()),
            ..crate::sandbox::Config::plain()
        };
        let sandbox = crate::sandbox::start(config).map_err(CommandError::usage)?;
        let secrets = SecretSource::Given(sandbox.secrets());
        let statement = Statement::parse(STATEMENT_NAME, &sandbox.statement_toml(), Path::new("."), &secrets)
            .map_err(|faults| CommandError::harness(rendered(&faults, lang)))?;
        let switches = args.defect.iter().chain(&args.variant).cloned().collect();
        return Ok(Subject {
            statement,
            sandbox: Some(sandbox),
            hub: Some(HubSeat(hub)),
            switches: Some(switches),
            ids,
        });
    }
    let Some((path, ids)) = args.what.split_first() else {
        return Err(CommandError::usage(
            Phrase::new(
                "sebutkan berkas pernyataan, atau --sandbox; `laik init` membuat kerangka pernyataan",
                "name a statement file, or say --sandbox; `laik init` writes the frame of one",
            )
            .text(lang),
        ));
    };
    let statement = Statement::load(Path::new(path), &SecretSource::Environment)
        .map_err(|faults| CommandError::usage(rendered(&faults, lang)))?;
    let invented = statement.invented();
    if !invented.is_empty() {
        return Err(CommandError::usage(rendered(&invented, lang)));
    }
    let hub = statement
        .claims_capability(crate::domain::Capability::HubKeluar)
        .then(Hub::start)
        .transpose()
        .map_err(CommandError::harness)?
        .map(HubSeat);
    Ok(Subject {
        statement,
        sandbox: None,
        hub,
        switches: None,
        ids: identifiers(ids)?,
    })
}

fn identifiers(words: &[String]) -> Result<Vec<RequirementId>, CommandError> {
    words
        .iter()
        .map(|word| word.parse().map_err(CommandError::usage))
        .collect()
}

fn print_plan(plan: &Plan, output: &mut Output) {
    for requirement in &plan.requirements {
        let what = match &requirement.disposition {
            Disposition::Run => Phrase::new(
                format!(
                    "{} baris, fase {}",
                    requirement.rows.len(),
                    requirement.phase.indonesian()
                ),
                format!("{} rows, phase {}", requirement.rows.len(), requirement.phase.english()),
            ),
            Disposition::NotApplicable(claim) => {
                crate::phrase!(
                    "tidak berlaku: {claim} tidak diklaim",
                    "not applicable: {claim} is not claimed"
                )
            }
            Disposition::Blocked { text, .. } => text.clone(),
        };
        let line = format!("{}  {}", requirement.id, what.text(output.lang()));
        output.line(&line);
    }
}

fn out_path(args: &RunArgs) -> PathBuf {
    args.out.clone().unwrap_or_else(|| {
        let stamp = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
        PathBuf::from(format!("laik-pack-{stamp}"))
    })
}

fn rendered(faults: &[Diagnosis], lang: Lang) -> String {
    faults
        .iter()
        .map(|fault| fault.render(lang))
        .collect::<Vec<_>>()
        .join("\n")
}

fn failed(error: AssessmentError, lang: Lang) -> CommandError {
    match error {
        AssessmentError::Plan(error) => CommandError::usage(error.phrase().text(lang)),
        AssessmentError::Statement(_) => CommandError::usage(error),
        AssessmentError::Unreachable { address, why } => CommandError::unreachable(
            crate::phrase!(
                "{address} tidak terjangkau: {why}; jalankan aplikasinya, atau betulkan alamat_dasar dalam pernyataan",
                "{address} cannot be reached: {why}; start the application, or mend alamat_dasar in the statement"
            )
            .text(lang),
        ),
        AssessmentError::Io { .. } => CommandError::harness(error),
    }
}

/// Writes the reports into the pack and prints the summary.
fn report(
    assessed: &Assessed,
    args: &RunArgs,
    standard: &Standard<'_>,
    output: &mut Output,
) -> Result<(), CommandError> {
    let model = crate::report::open(&assessed.dir, standard.catalogue, &crate::steps::gloss, output.lang())
        .map_err(CommandError::harness)?;
    let junit = reports::write(&assessed.dir, &model).map_err(CommandError::harness)?;
    if let Some(path) = &args.junit {
        std::fs::write(path, &junit).map_err(|error| CommandError::usage(format!("{}: {error}", path.display())))?;
    }
    // Last of all, so that the seal covers the reports too.
    crate::pack::seal::Seal::write(&assessed.dir).map_err(CommandError::harness)?;
    let style = crate::report::Style {
        colour: output.terminal(),
        width: 100,
        report: Some(assessed.dir.join("index.html").display().to_string()),
    };
    let summary = crate::report::plain(&model, &style);
    output.line(summary.trim_end());
    Ok(())
}

fn area(text: &str) -> Result<Area, String> {
    Area::by_id(text).ok_or_else(|| known(Area::ALL.iter().map(|area| area.id())))
}

fn level(text: &str) -> Result<Level, String> {
    Level::by_id(text).ok_or_else(|| known(Level::ALL.iter().map(|level| level.id())))
}

fn profile(text: &str) -> Result<crate::domain::Profile, String> {
    crate::domain::Profile::by_id(text)
        .ok_or_else(|| known(crate::domain::Profile::ALL.iter().map(|profile| profile.id())))
}

fn known(words: impl Iterator<Item = &'static str>) -> String {
    format!(
        "pilih salah satu / choose one of: {}",
        words.collect::<Vec<_>>().join(", ")
    )
}
