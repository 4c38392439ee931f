//! `laik rejudge`: does the evidence of a pack still say what its `run.json` says?

use std::path::{Path, PathBuf};

use clap::Args;

use crate::assessment::{Replanned, Standard, replan};
use crate::exit::ExitCode;
use crate::pack::rejudge::{Difference, RejudgeError, Rejudged, rejudge};
use crate::pack::run_json::RunJson;
use crate::phrase;

use super::catalogue::StandardArgs;
use super::output::Output;
use super::standard::LoadedStandard;

/// Arguments of `laik rejudge`.
#[derive(Debug, Args)]
pub struct RejudgeArgs {
    /// Direktori paket bukti / directory of the evidence pack
    #[arg(value_name = "PAKET")]
    pack: PathBuf,
    /// Tulis hasil sebagai JSON / write the result as JSON
    #[arg(long)]
    json: bool,
}

/// How many differences are printed; `--json` has all of them.
const PRINTED: usize = 50;

/// Runs the command: 0 where nothing differs, 6 where something does or the pack cannot be read.
pub fn run(args: &RejudgeArgs, output: &mut Output) -> ExitCode {
    let loaded = match LoadedStandard::load(&StandardArgs::default(), output.lang()) {
        Ok(loaded) => loaded,
        Err(error) => {
            output.fault(&error.to_string());
            return ExitCode::Harness;
        }
    };
    let standard = loaded.standard();
    let (mut rejudged, replanned) = match judged(&args.pack, &standard) {
        Ok(judged) => judged,
        Err(error) => {
            let text = error.phrase().text(output.lang()).to_owned();
            output.fault(&text);
            return ExitCode::Invalid;
        }
    };
    match replanned {
        Replanned::Compared(differences) => rejudged.differences.extend(differences),
        Replanned::OtherStandard if args.json => {}
        Replanned::OtherStandard => output.say(&phrase!(
            "! paket dinilai menurut standar lain; rencananya tidak dibandingkan",
            "! the pack was judged by another standard; its plan was not compared"
        )),
    }
    if args.json {
        output.line(&serde_json::to_string_pretty(&rejudged).unwrap_or_default());
    } else {
        print(&rejudged, output);
    }
    if rejudged.differences.is_empty() {
        ExitCode::Conformant
    } else {
        ExitCode::Invalid
    }
}

/// The evidence judged again, and the plan made again.
fn judged(pack: &Path, standard: &Standard<'_>) -> Result<(Rejudged, Replanned), RejudgeError> {
    let rejudged = rejudge(pack, standard.catalogue, &standard.lock)?;
    let run = RunJson::read(pack)?;
    Ok((rejudged, replan(pack, &run, standard)))
}

fn print(rejudged: &Rejudged, output: &mut Output) {
    for version in &rejudged.other_versions {
        let (oracle, then) = (&version.oracle, version.then);
        output.say(&match version.now {
            Some(now) => phrase!(
                "! penilai {oracle}: dahulu versi {then}, kini versi {now}",
                "! oracle {oracle}: version {then} then, version {now} now"
            ),
            None => phrase!(
                "! penilai {oracle} versi {then} tidak ada pada laik ini",
                "! this laik has no oracle {oracle}, version {then} judged then"
            ),
        });
    }
    if !rejudged.complete {
        output.say(&phrase!(
            "! paket belum lengkap: pengujiannya terputus, jadi perbedaan wajar ada",
            "! the pack is incomplete: its run was cut off, so differences are to be expected"
        ));
    }
    for difference in rejudged.differences.iter().take(PRINTED) {
        let Difference {
            what, stored, judged, ..
        } = difference;
        let place = place(difference);
        output.say(&phrase!(
            "✗ {place} {what}: run.json {stored}; bukti {judged}",
            "✗ {place} {what}: run.json {stored}; evidence {judged}"
        ));
        for rule in &difference.rules {
            let text = rule.phrase();
            let text = text.text(output.lang());
            output.line(&format!("    ⚙ {text}"));
        }
    }
    let more = rejudged.differences.len().saturating_sub(PRINTED);
    if more > 0 {
        output.say(&phrase!(
            "… dan {more} lagi (lihat --json)",
            "… and {more} more (see --json)"
        ));
    }
    if rejudged.differences.iter().any(unexplained) {
        output.say(&phrase!(
            "! sebagian perbedaan tidak dijelaskan oleh aturan yang berubah: run.json atau standard.lock paket diubah, atau laik keliru",
            "! no changed rule explains some differences: run.json or standard.lock of the pack was changed, or laik errs"
        ));
    }
    let Rejudged {
        requirements,
        legs,
        records,
        ..
    } = rejudged;
    let count = rejudged.differences.len();
    output.say(&phrase!(
        "{requirements} persyaratan, {legs} kaki, {records} catatan dinilai ulang: {count} perbedaan",
        "{requirements} requirements, {legs} legs, {records} records judged again: {count} differences"
    ));
}

/// Whether a difference of one requirement has no rule that changed.
const fn unexplained(difference: &Difference) -> bool {
    !difference.requirement.is_empty() && difference.rules.is_empty()
}

/// Requirement, row and leg, as far as the difference has them.
fn place(difference: &Difference) -> String {
    let parts = [&difference.requirement, &difference.row, &difference.leg];
    let known: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    if known.is_empty() {
        "run".to_owned()
    } else {
        known.join(" · ")
    }
}
