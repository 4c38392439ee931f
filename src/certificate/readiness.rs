//! Everything that a pack still lacks before it can be handed in for a certificate, in one list, so that nobody learns
//! of the next obstacle by the next refusal.

use std::path::Path;

use crate::assessment::Standard;
use crate::domain::Phrase;
use crate::pack::run_json::RunJson;
use crate::pack::seal::ATTESTATION_FILE;
use crate::phrase;

use super::examine::examine;

/// What a pack lacks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Readiness {
    /// The pack itself is changed, damaged, incomplete, or says something else than its evidence.
    pub broken: Vec<Phrase>,
    /// No certificate can rest on it.
    pub refused: Vec<Phrase>,
    /// A full certificate cannot rest on it; a trial one can.
    pub trial_only: Vec<Phrase>,
    /// Still to be done by people.
    pub to_do: Vec<Phrase>,
    /// What makes judging milder, for the certifier to sign.
    pub leniencies: Vec<Phrase>,
}

impl Readiness {
    /// Whether nothing stands in the way of handing it in.
    pub const fn ready(&self) -> bool {
        self.broken.is_empty() && self.refused.is_empty() && self.trial_only.is_empty() && self.to_do.is_empty()
    }
}

/// Looks at the pack in a directory.
pub fn readiness(dir: &Path, standard: &Standard<'_>) -> Readiness {
    let mut found = Readiness {
        broken: Vec::new(),
        refused: Vec::new(),
        trial_only: Vec::new(),
        to_do: Vec::new(),
        leniencies: Vec::new(),
    };
    let run = match examine(dir, standard) {
        Ok(examined) => {
            found.refused = examined.refusals();
            found.trial_only = examined.obstacles;
            Some(examined.run)
        }
        Err(broken) => {
            found.broken = broken;
            // What it says of itself is told all the same, for what it is worth.
            RunJson::read(dir).ok()
        }
    };
    if let Some(run) = run {
        let waiting = run
            .awaiting_review
            .iter()
            .map(|id| phrase!("{id} menunggu tinjauan orang", "{id} waits for a review by people"));
        found.to_do.extend(waiting);
        found.leniencies = run.leniencies;
    }
    if !dir.join(ATTESTATION_FILE).is_file() {
        found.to_do.push(Phrase::new(
            "laporan uji belum ditandatangani penguji: laik attest PAKET --key KUNCI",
            "the tester has not signed the test report: laik attest PACK --key KEY",
        ));
    }
    found
}
