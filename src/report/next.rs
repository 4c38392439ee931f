//! What the reader should do next, from what a run found. Advice alone: no verdict is made here.

use std::collections::BTreeSet;

use crate::catalogue::Level;
use crate::domain::Phrase;
use crate::pack::run_json::{RequirementResult, RunJson};
use crate::phrase;
use crate::verdict::{Decision, Reason, Verdict};

use super::words::{advice, plural};

/// The steps, most urgent first.
pub(super) fn steps(run: &RunJson) -> Vec<Phrase> {
    let mut steps = Vec::new();
    if !run.complete {
        steps.push(Phrase::new(
            "Jalankan pengujian sampai selesai; pengujian ini terhenti sebelum akhirnya.",
            "Let a run come to its end; this one stopped before it.",
        ));
    }
    steps.extend(findings(run));
    steps.extend(undecided(run));
    if run.selection.partial() {
        steps.push(Phrase::new(
            "Untuk keputusan tentang seluruh profil, jalankan laik run tanpa memilih persyaratan.",
            "For a decision about the whole profile, run laik run without selecting requirements.",
        ));
    }
    steps.push(last(run));
    steps
}

/// Mandatory requirements with one verdict.
fn mandatory(run: &RunJson, verdict: Verdict) -> impl Iterator<Item = &RequirementResult> {
    let fits = move |r: &&RequirementResult| r.level == Level::Wajib && r.outcome.verdict == verdict;
    run.requirements.iter().filter(fits)
}

/// What to do about findings, and about faults of laik.
fn findings(run: &RunJson) -> Vec<Phrase> {
    let mut steps = Vec::new();
    let failed = mandatory(run, Verdict::Fail).count();
    if failed > 0 {
        let noun = plural(failed, "finding", "findings");
        steps.push(phrase!(
            "Perbaiki {failed} temuan yang menghalangi. Setiap temuan memuat apa yang diharapkan, apa yang terlihat, dan cara memperbaikinya.",
            "Fix the {failed} blocking {noun}. Each tells what was expected, what was seen, and how to fix it."
        ));
    }
    if run
        .requirements
        .iter()
        .any(|requirement| requirement.outcome.verdict == Verdict::Error)
    {
        steps.push(Phrase::new(
            "Laporkan galat laik kepada pengelola laik bersama paket bukti ini; galat itu bukan kesalahan aplikasi.",
            "Report the fault of laik to its maintainers with this pack; it is no fault of the application.",
        ));
    }
    steps
}

/// What to do about requirements that could not be judged, by reason.
fn undecided(run: &RunJson) -> Vec<Phrase> {
    let mut steps = Vec::new();
    let reasons: BTreeSet<Reason> = mandatory(run, Verdict::Inconclusive)
        .filter_map(|r| r.outcome.reason)
        .collect();
    for reason in reasons {
        let ids = ids(mandatory(run, Verdict::Inconclusive).filter(|r| r.outcome.reason == Some(reason)));
        let advice = advice(reason);
        steps.push(Phrase::new(
            format!("{ids}: {}", advice.id),
            format!("{ids}: {}", advice.en),
        ));
    }
    if run.complete && mandatory(run, Verdict::NotRun).next().is_some() {
        let ids = ids(mandatory(run, Verdict::NotRun));
        steps.push(phrase!(
            "{ids}: cari tahu mengapa tidak dijalankan; penjelasannya ada pada rincian di bawah.",
            "{ids}: find out why it was not run; the details below tell."
        ));
    }
    steps
}

/// The closing step.
fn last(run: &RunJson) -> Phrase {
    match (run.decision, run.sertifikasi.dapat) {
        (Decision::Laik, true) => Phrase::new(
            "Serahkan paket bukti ini kepada lembaga sertifikasi; sertifikat diterbitkan oleh lembaga itu, bukan oleh laik.",
            "Hand this pack to the certification body; the certificate is issued by that body, not by laik.",
        ),
        (Decision::Laik, false) => Phrase::new(
            "Hasil ini belum dapat menjadi dasar sertifikat; lihat “Kelayakan sertifikasi”.",
            "This result cannot be the basis of a certificate yet; see “Eligibility for a certificate”.",
        ),
        _ => Phrase::new(
            "Jalankan ulang laik run dengan pernyataan yang sama, lalu bandingkan hasilnya.",
            "Run laik run again with the same statement, and compare the results.",
        ),
    }
}

/// Identifiers, at most six of them.
fn ids<'a>(requirements: impl Iterator<Item = &'a RequirementResult>) -> String {
    let ids: Vec<&str> = requirements.map(|requirement| requirement.id.as_str()).collect();
    let shown = ids.iter().take(6).copied().collect::<Vec<_>>().join(", ");
    if ids.len() > 6 {
        format!("{shown}, … (+{})", ids.len() - 6)
    } else {
        shown
    }
}
