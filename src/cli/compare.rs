//! `laik compare`: what changed between two packs, and why.

use std::path::PathBuf;

use clap::Args;

use crate::exit::ExitCode;
use crate::pack::compare::{Change, Compared, Direction, compare};
use crate::phrase;
use crate::verdict::Verdict;

use super::output::Output;

/// Arguments of `laik compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Paket bukti pertama / the first evidence pack
    #[arg(value_name = "A")]
    first: PathBuf,
    /// Paket bukti kedua / the second evidence pack
    #[arg(value_name = "B")]
    second: PathBuf,
    /// Tulis hasil sebagai JSON / write the result as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command: 1 where a mandatory requirement is worse in the second pack, 6 where a pack cannot be read.
pub fn run(args: &CompareArgs, output: &mut Output) -> ExitCode {
    let compared = match compare(&args.first, &args.second) {
        Ok(compared) => compared,
        Err(error) => {
            let text = error.phrase().text(output.lang()).to_owned();
            output.fault(&text);
            return ExitCode::Invalid;
        }
    };
    if args.json {
        output.line(&serde_json::to_string_pretty(&compared).unwrap_or_default());
    } else {
        print(&compared, output);
    }
    if compared.regressed() {
        ExitCode::NotConformant
    } else {
        ExitCode::Conformant
    }
}

fn print(compared: &Compared, output: &mut Output) {
    for (name, side) in [("A", &compared.a), ("B", &compared.b)] {
        let decision = side.decision.phrase();
        let decision = decision.text(output.lang());
        output.line(&format!(
            "{name}  {} · {} · laik {} · {} · {decision}",
            side.application, side.started, side.laik, side.revision
        ));
    }
    for phrase in &compared.around {
        let text = phrase.text(output.lang()).to_owned();
        output.line(&format!("   {text}"));
    }
    for change in &compared.changes {
        print_change(change, output);
    }
    let (changed, same) = (compared.changes.len(), compared.same);
    output.say(&phrase!(
        "{changed} persyaratan berubah, {same} tetap",
        "{changed} requirements changed, {same} are the same"
    ));
}

fn print_change(change: &Change, output: &mut Output) {
    let word = |verdict: Option<Verdict>| verdict.map_or_else(|| "–".to_owned(), |verdict| verdict.to_string());
    let mark = match change.direction {
        Direction::Worse => "▼",
        Direction::Better => "▲",
        Direction::Other => "◆",
    };
    let (was, is) = (word(change.before), word(change.after));
    output.line(&format!("{mark} {}: {was} → {is}", change.requirement));
    for leg in &change.legs {
        output.line(&format!("     {leg}"));
    }
    let more = change.changed_legs.saturating_sub(change.legs.len());
    if more > 0 {
        output.say(&phrase!("     … dan {more} kaki lagi", "     … and {more} more legs"));
    }
    for rule in &change.rules {
        let text = rule.phrase();
        let text = text.text(output.lang());
        output.line(&format!("     ⚙ {text}"));
    }
    if change.rules.is_empty() {
        output.say(&phrase!(
            "     aturan penilaian sama: sebabnya pada aplikasi, pernyataan, atau lingkungannya",
            "     judged by the same rules: the cause lies in the application, its statement or surroundings"
        ));
    }
}
