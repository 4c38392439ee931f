//! `laik verify`: is an evidence pack whole and unchanged?

use std::path::PathBuf;

use clap::Args;

use crate::domain::Phrase;
use crate::exit::ExitCode;
use crate::pack::verify::verify;
use crate::phrase;

use super::output::Output;

/// Arguments of `laik verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Direktori paket bukti / directory of the evidence pack
    #[arg(value_name = "PAKET")]
    pack: PathBuf,
    /// Tulis hasil sebagai JSON / write the result as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command: 0 for a pack that is whole and unchanged, 6 for any other.
pub fn run(args: &VerifyArgs, output: &mut Output) -> ExitCode {
    let verification = verify(&args.pack);
    let code = if verification.valid() {
        ExitCode::Conformant
    } else {
        ExitCode::Invalid
    };
    if args.json {
        output.line(&serde_json::to_string_pretty(&verification).unwrap_or_default());
        return code;
    }
    let pack = args.pack.display();
    let (records, head) = (verification.records, &verification.sha256);
    for finding in &verification.findings {
        let text = finding.text.text(output.lang()).to_owned();
        output.line(&format!("✗ {text}"));
    }
    output.say(&match (verification.damaged(), verification.incomplete()) {
        (true, _) => phrase!("{pack}: tidak sah", "{pack}: not valid"),
        (false, true) => phrase!(
            "{pack}: belum lengkap; {records} catatan yang ada utuh dan berantai",
            "{pack}: incomplete; the {records} records that there are are whole and chained"
        ),
        (false, false) => phrase!(
            "{pack}: utuh; {records} catatan, rantai berakhir pada {head}",
            "{pack}: whole; {records} records, the chain ends in {head}"
        ),
    });
    if let Some(digest) = &verification.pack {
        output.say(&phrase!("Digest paket: {digest}", "Digest of the pack: {digest}"));
    }
    if verification.valid() {
        output.say(&Phrase::new(
            "Putusan tidak diperiksa di sini: `laik rejudge` menilai ulang bukti.",
            "Verdicts are not looked at here: `laik rejudge` judges the evidence again.",
        ));
    }
    code
}
