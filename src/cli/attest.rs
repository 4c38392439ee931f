//! `laik attest`: whoever ran signs what the run found.

use std::path::PathBuf;

use clap::Args;

use crate::attestation::statement::PAYLOAD_TYPE;
use crate::attestation::{Digest, Envelope, canonical};
use crate::certificate::test_report;
use crate::exit::ExitCode;
use crate::pack::run_json::RunJson;
use crate::pack::seal::ATTESTATION_FILE;
use crate::pack::verify::verify;
use crate::phrase;

use super::CommandError;
use super::output::Output;
use super::signing::{self, SignerArgs};

/// Arguments of `laik attest`.
#[derive(Debug, Args)]
pub struct AttestArgs {
    /// Direktori paket bukti / directory of the evidence pack
    #[arg(value_name = "PAKET")]
    pack: PathBuf,
    /// Berkas tujuan; tanpa ini PAKET/pengujian.dsse.json / where to write; PAKET/pengujian.dsse.json without it
    #[arg(long, value_name = "BERKAS")]
    out: Option<PathBuf>,
    #[command(flatten)]
    signer: SignerArgs,
}

/// Runs the command: 6 for a pack that is not whole and unchanged. A run that failed is signed like any other.
pub fn run(args: &AttestArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let lang = output.lang();
    let verification = verify(&args.pack);
    let Some(pack) = verification
        .pack
        .as_deref()
        .filter(|_| verification.valid())
        .and_then(Digest::parse)
    else {
        let found: Vec<_> = verification.findings.into_iter().map(|finding| finding.text).collect();
        return Err(CommandError::invalid(signing::lines(&found, lang)));
    };
    let run = RunJson::read(&args.pack).map_err(CommandError::invalid)?;
    let statement = test_report::statement(&run, pack);
    let signer = args.signer.open(lang)?;
    let envelope =
        Envelope::sign(PAYLOAD_TYPE, canonical::write(&statement), signer.as_ref()).map_err(CommandError::harness)?;
    let path = args.out.clone().unwrap_or_else(|| args.pack.join(ATTESTATION_FILE));
    signing::write(&path, &envelope.to_bytes())?;
    let path = path.display();
    output.say(&phrase!(
        "Laporan uji bertanda tangan: {path}",
        "Signed test report: {path}"
    ));
    Ok(ExitCode::Conformant)
}
