//! Sentences that reports say about verdicts, reasons and decisions, in both languages.

use serde::Serialize;

use crate::domain::Phrase;
use crate::domain::phrase::Lang;
use crate::pack::run_json::{Judged, LegResult};
use crate::phrase;
use crate::verdict::{Decision, Reason, Strength, Verdict};

use super::visible::{VALUE, bounded, one_line};

/// A verdict as a report shows it: word, colour and symbol together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct VerdictView {
    /// `PASS`.
    pub(super) id: &'static str,
    /// The word.
    pub(super) word: String,
    /// Names colour and symbol in the style sheet.
    pub(super) tone: &'static str,
    /// The reason, the missing claim, or the fault, in words; empty where there is none.
    pub(super) why: String,
    /// What can be done about the reason; empty where there is none.
    pub(super) advice: String,
    /// The reason itself.
    #[serde(skip)]
    pub(super) reason: Option<Reason>,
}

/// The view of a verdict with its reason.
pub(super) fn verdict(judged: &Judged, lang: Lang) -> VerdictView {
    let why = match (judged.reason, &judged.claim, &judged.fault) {
        (Some(reason), _, _) => reason.phrase(),
        (_, Some(claim), _) => phrase!(
            "tidak diklaim atau tidak terikat: {claim}",
            "not claimed or not bound: {claim}"
        ),
        (_, _, Some(fault)) => Phrase::same(fault),
        _ => Phrase::same(""),
    };
    let advice = judged.reason.map_or_else(|| Phrase::same(""), advice);
    VerdictView {
        id: judged.verdict.id(),
        word: judged.verdict.phrase().text(lang).to_owned(),
        tone: tone(judged.verdict),
        why: one_line(&bounded(why.text(lang), VALUE)),
        advice: advice.text(lang).to_owned(),
        reason: judged.reason,
    }
}

/// The view of a leg: the miss of a warning leg is a warning, whatever its outcome is called.
pub(super) fn leg_verdict(leg: &LegResult, lang: Lang) -> VerdictView {
    let view = verdict(&leg.outcome, lang);
    if leg.strength == Strength::Warning && leg.outcome.verdict == Verdict::Fail {
        return VerdictView {
            word: Strength::Warning.phrase().text(lang).to_owned(),
            tone: "peringatan",
            ..view
        };
    }
    view
}

/// Names colour and symbol of a verdict.
pub(super) const fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "lulus",
        Verdict::Fail => "gagal",
        Verdict::Inconclusive => "tak-tentu",
        Verdict::NotApplicable => "tidak-berlaku",
        Verdict::NotRun => "tidak-dijalankan",
        Verdict::Error => "galat",
    }
}

/// What a verdict means, for readers who see it for the first time.
pub(super) fn meaning(verdict: Verdict) -> Phrase {
    match verdict {
        Verdict::Pass => Phrase::new(
            "Setiap kaki yang diuji terlihat memenuhi norma.",
            "Every leg that was tested was seen to meet the norm.",
        ),
        Verdict::Fail => Phrase::new(
            "Sekurang-kurangnya satu kaki terlihat melanggar norma, dengan bukti yang tercatat.",
            "At least one leg was seen to break the norm, on recorded evidence.",
        ),
        Verdict::Inconclusive => Phrase::new(
            "Tidak dapat dinilai; alasannya disebut. Bukan lulus, bukan gagal.",
            "It could not be told; the reason is named. Neither pass nor fail.",
        ),
        Verdict::NotApplicable => Phrase::new(
            "Pernyataan tidak mengklaim kapabilitas yang diatur norma ini.",
            "The statement does not claim the capability that this norm is about.",
        ),
        Verdict::NotRun => Phrase::new(
            "Direncanakan, tetapi tidak sampai dinilai. Tidak pernah dianggap lulus.",
            "It was planned but never judged. It never counts as a pass.",
        ),
        Verdict::Error => Phrase::new(
            "Kesalahan laik sendiri, bukan kesalahan aplikasi yang diuji.",
            "A fault of laik itself, not of the application under test.",
        ),
    }
}

/// What can be done about a reason.
pub(super) fn advice(reason: Reason) -> Phrase {
    match reason {
        Reason::PreconditionUnmet => Phrase::new(
            "Penuhi prasyarat yang disebut, misalnya langkah penyiapan yang ditolak atau pengujian intrusif yang belum diizinkan, lalu jalankan ulang.",
            "Meet the precondition named, such as a setup step that was refused or an intrusive test that was not allowed, and run again.",
        ),
        Reason::CallbackNotReceived => Phrase::new(
            "Pastikan aplikasi dapat memanggil alamat hub uji, lalu jalankan ulang.",
            "Make sure that the application can call the address of the test hub, and run again.",
        ),
        Reason::Timeout => Phrase::new(
            "Percepat jawaban aplikasi atau nyatakan batas jawab yang benar, lalu jalankan ulang.",
            "Make the application answer sooner or state its true time limit, and run again.",
        ),
        Reason::AuthUnavailable => Phrase::new(
            "Periksa akun dan rahasia aktor dalam pernyataan; laik doctor menunjukkan aktor mana yang tidak dapat masuk.",
            "Check the actor's account and secret in the statement; laik doctor shows which actor cannot log in.",
        ),
        Reason::FixtureMissing => Phrase::new(
            "Sediakan bahan uji yang disebut (akun, unit, token, atau berkas) dalam pernyataan.",
            "Supply the fixture named (account, unit, token or file) in the statement.",
        ),
        Reason::OracleUnavailable => Phrase::new(
            "Sediakan jalan untuk melihat akibatnya: aktor yang berhak membaca, tabel data, atau jalur jaringan.",
            "Supply a way to see the effect: an actor who may read it, a data table, or a network path.",
        ),
        Reason::InsufficientEvidence => Phrase::new(
            "Pastikan pengujian sampai pada fungsi yang diatur norma: tanpa pembatas laju, pengalihan, atau galat server di depannya.",
            "Make sure that the test reaches the function that the norm is about, without throttling, redirects or server faults in front of it.",
        ),
        Reason::AwaitingReview => Phrase::new(
            "Peninjau harus menilai dokumen bukti; ini tidak dapat ditutup oleh pengujian otomatis.",
            "A reviewer must judge the documents; no automatic run can close this.",
        ),
        Reason::Unstable => Phrase::new(
            "Dua percobaan tidak sepakat. Bandingkan keduanya di bawah dan hilangkan penyebab perbedaannya.",
            "Two attempts disagree. Compare them below and remove what makes them differ.",
        ),
        Reason::Unreachable => Phrase::new(
            "Periksa alamat dasar, jaringan, dan sertifikat; laik doctor memeriksa ketiganya.",
            "Check the base URL, the network and the certificate; laik doctor checks all three.",
        ),
    }
}

/// The decision in one sentence. `open` = mandatory requirements that stand in its way.
pub(super) fn headline(decision: Decision, open: usize, partial: bool, profile: &Phrase) -> Phrase {
    let (id, en) = (&profile.id, &profile.en);
    match decision {
        Decision::Laik => Phrase::new(
            format!("Setiap persyaratan wajib yang diuji pada profil {id} terpenuhi."),
            format!("Every mandatory requirement that was tested for the profile “{en}” is met."),
        ),
        Decision::TidakLaik => Phrase::new(
            format!(
                "{open} persyaratan wajib pada profil {id} tidak terpenuhi. Aplikasi belum layak dihubungkan ke SP4N-LAPOR!."
            ),
            format!(
                "{open} mandatory {} of the profile “{en}” {} not met. The application is not yet fit to be connected to SP4N-LAPOR!.",
                plural(open, "requirement", "requirements"),
                plural(open, "is", "are")
            ),
        ),
        Decision::BelumDapatDiputuskan if open == 0 && partial => Phrase::new(
            "Pengujian ini memilih sebagian persyaratan saja, sehingga belum ada keputusan tentang seluruh profil.",
            "This run selected only some of the requirements, so there is no decision about the whole profile.",
        ),
        Decision::BelumDapatDiputuskan => Phrase::new(
            format!("{open} persyaratan wajib pada profil {id} belum dapat dinilai, sehingga belum ada keputusan."),
            format!(
                "{open} mandatory {} of the profile “{en}” could not be judged, so there is no decision yet.",
                plural(open, "requirement", "requirements")
            ),
        ),
    }
}

/// `one` for 1, else `many`.
pub(super) const fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}
