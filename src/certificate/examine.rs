//! Looks at a pack as a certifier must: unchanged, judged again with the same end, planned again with the same plan.
//! Tells everything that stands in the way at once.

use std::path::Path;

use crate::assessment::{Replanned, Standard, replan};
use crate::attestation::Digest;
use crate::catalogue::Level;
use crate::domain::Phrase;
use crate::pack::assemble::obstacles;
use crate::pack::rejudge::{Difference, rejudge};
use crate::pack::run_json::RunJson;
use crate::pack::verify::verify;
use crate::phrase;
use crate::verdict::{Decision, Verdict};

/// A pack that stands on its evidence; what it says may still be *tidak laik*.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// What it says.
    pub run: RunJson,
    /// The digest of the whole pack.
    pub pack: Digest,
    /// Why a certificate on it can be a trial only.
    pub obstacles: Vec<Phrase>,
}

/// How many differences are told.
const MOST_TOLD: usize = 10;

/// Examines the pack in a directory by a standard, which must be the one that it was judged by.
pub fn examine(dir: &Path, standard: &Standard<'_>) -> Result<Examined, Vec<Phrase>> {
    let verification = verify(dir);
    if !verification.valid() {
        return Err(verification.findings.into_iter().map(|finding| finding.text).collect());
    }
    let pack = verification.pack.as_deref().and_then(Digest::parse);
    let Some(pack) = pack else {
        return Err(vec![Phrase::new("paket belum disegel", "the pack is not sealed")]);
    };
    let run = RunJson::read(dir).map_err(|error| vec![Phrase::same(error.to_string())])?;
    let mut differences = rejudge(dir, standard.catalogue, &standard.lock)
        .map_err(|error| vec![error.phrase()])?
        .differences;
    match replan(dir, &run, standard) {
        Replanned::Compared(found) => differences.extend(found),
        Replanned::OtherStandard => {
            return Err(vec![Phrase::new(
                "paket dinilai menurut standar lain daripada milik laik ini; pakai versi laik yang dipakai pengujiannya",
                "the pack was judged by another standard than this laik's; use the version of laik that ran it",
            )]);
        }
    }
    if !differences.is_empty() {
        return Err(told(&differences));
    }
    Ok(Examined {
        obstacles: obstacles(&run),
        run,
        pack,
    })
}

impl Examined {
    /// Why no certificate can rest on the pack, trial or not; empty where one can.
    pub fn refusals(&self) -> Vec<Phrase> {
        let run = &self.run;
        let mut found = Vec::new();
        if !run.complete || run.stopped || run.ended.is_none() {
            found.push(Phrase::new(
                "pengujian tidak sampai selesai",
                "the run did not come to its end",
            ));
        }
        if run.decision != Decision::Laik {
            let decision = run.decision;
            found.push(Phrase::new(
                format!("keputusan paket: {}", decision.indonesian()),
                format!("the pack's decision: {}", decision.english()),
            ));
        }
        let undecided = run.requirements.iter().filter(|result| {
            let verdict = result.outcome.verdict;
            verdict == Verdict::Error
                || (result.level == Level::Wajib && !matches!(verdict, Verdict::Pass | Verdict::NotApplicable))
        });
        let ids: Vec<&str> = undecided.map(|result| result.id.as_str()).take(MOST_TOLD).collect();
        if !ids.is_empty() {
            let ids = ids.join(", ");
            found.push(phrase!(
                "belum lulus atau galat: {ids}",
                "not passed, or a fault of laik: {ids}"
            ));
        }
        if !run.faults.is_empty() {
            let count = run.faults.len();
            found.push(phrase!(
                "{count} galat laik dalam pengujian",
                "{count} faults of laik in the run"
            ));
        }
        found
    }
}

fn told(differences: &[Difference]) -> Vec<Phrase> {
    let count = differences.len();
    let head = phrase!(
        "dinilai ulang: {count} perbedaan antara bukti dan run.json; lihat `laik rejudge`",
        "judged again: {count} differences between evidence and run.json; see `laik rejudge`"
    );
    let lines = differences.iter().take(MOST_TOLD).map(|difference| {
        let Difference {
            requirement,
            what,
            stored,
            judged,
            ..
        } = difference;
        Phrase::same(format!("{requirement} {what}: {stored} ≠ {judged}"))
    });
    std::iter::once(head).chain(lines).collect()
}
