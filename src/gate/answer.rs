//! What the gate answers: yes or no, every reason for a no, and what was looked at. One JSON form for the command line and
//! for HTTP.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::{Phrase, vocabulary};
use crate::exit::ExitCode;

vocabulary! {
    /// Why the gate stays shut. The identifiers are part of the interface: none changes its meaning.
    Reason {
        CertificateBroken = "sertifikat_rusak", "sertifikat bukan berkas laik yang kanonis", "the certificate is not a canonical file of laik";
        CertificateUnknownKey = "sertifikat_kunci_asing", "sertifikat ditandatangani kunci yang tidak dipercaya", "the certificate is signed by a key that is not trusted";
        CertificateSignature = "sertifikat_tanda_tangan_salah", "tanda tangan sertifikat salah", "a signature of the certificate is wrong";
        CertificateThreshold = "sertifikat_kurang_tanda_tangan", "penanda tangan sertifikat kurang", "too few holders signed the certificate";
        FourEyes = "empat_mata", "yang menguji ikut memutus", "who tested also decided";
        TesterUnknown = "penguji_asing", "laporan uji ditandatangani kunci yang tidak dipercaya", "the test report is signed by a key that is not trusted";
        NotYetValid = "belum_berlaku", "sertifikat belum berlaku", "the certificate is not valid yet";
        Expired = "kedaluwarsa", "masa berlaku sertifikat habis", "the certificate has expired";
        SurveillanceOverdue = "surveilans_terlewat", "surveilans sudah lewat waktunya", "surveillance is overdue";
        TestTooOld = "uji_terlalu_lama", "pengujiannya terlalu lama", "the test is too old";
        Trial = "percobaan", "sertifikat percobaan", "the certificate is a trial";
        Profile = "profil_lain", "profil tidak diterima", "the profile is not accepted";
        Revision = "revisi_lain", "revisi standar tidak diterima", "the revision of the standard is not accepted";
        Environment = "lingkungan_lain", "lingkungan pengujian tidak diterima", "the environment of the test is not accepted";
        Waivers = "berpengecualian", "sertifikat berpengecualian", "the certificate rests on waivers";
        Application = "aplikasi_lain", "sertifikat milik aplikasi lain", "the certificate is of another application";
        BuildUnknown = "rakitan_tidak_disebut", "rakitan aplikasi tidak disebut", "the build of the application is not told";
        BuildDiffers = "rakitan_lain", "rakitan aplikasi berbeda", "the build of the application differs";
        Revoked = "dicabut", "sertifikat dicabut", "the certificate is revoked";
        Suspended = "dibekukan", "sertifikat dibekukan", "the certificate is suspended";
        NumberReused = "nomor_ganda", "nomor sertifikat dipakai dua kali", "the certificate's number is used twice";
        StatusMissing = "status_tidak_ada", "daftar status tidak ada", "there is no status list";
        StatusBroken = "status_rusak", "daftar status bukan berkas laik yang kanonis", "the status list is not a canonical file of laik";
        StatusUnknownKey = "status_kunci_asing", "daftar status ditandatangani kunci yang tidak dipercaya", "the status list is signed by a key that is not trusted";
        StatusSignature = "status_tanda_tangan_salah", "tanda tangan daftar status salah", "a signature of the status list is wrong";
        StatusThreshold = "status_kurang_tanda_tangan", "penanda tangan daftar status kurang", "too few holders signed the status list";
        StatusIssuer = "status_penerbit_lain", "daftar status dari penerbit lain", "the status list is of another issuer";
        StatusExpired = "status_kedaluwarsa", "daftar status habis masanya", "the status list has expired";
        StatusTooOld = "status_terlalu_lama", "daftar status terlalu lama", "the status list is too old";
        StatusFromFuture = "status_dari_masa_depan", "daftar status bertanggal masa depan", "the status list is dated in the future";
        StatusRolledBack = "status_mundur", "daftar status lebih tua daripada yang pernah dilihat", "the status list is older than one seen before";
        StatusForked = "status_bercabang", "dua daftar status bernomor sama", "two status lists have the same number";
        MemoryMissing = "ingatan_tidak_ada", "gerbang tidak punya ingatan", "the gate has no memory";
        ClockBack = "jam_mundur", "jam mundur", "the clock went back";
    }
}

impl Reason {
    /// The exit code of this reason alone: 6 for what is forged or damaged, 3 for what a fresher file could settle, 1 for
    /// what the certificate does not give.
    pub const fn exit(self) -> ExitCode {
        match self {
            Self::CertificateBroken
            | Self::CertificateUnknownKey
            | Self::CertificateSignature
            | Self::FourEyes
            | Self::TesterUnknown
            | Self::NumberReused
            | Self::StatusBroken
            | Self::StatusUnknownKey
            | Self::StatusSignature
            | Self::StatusIssuer
            | Self::StatusRolledBack
            | Self::StatusForked => ExitCode::Invalid,
            Self::StatusMissing
            | Self::StatusThreshold
            | Self::StatusExpired
            | Self::StatusTooOld
            | Self::StatusFromFuture
            | Self::MemoryMissing
            | Self::ClockBack => ExitCode::Undecided,
            Self::CertificateThreshold
            | Self::NotYetValid
            | Self::Expired
            | Self::SurveillanceOverdue
            | Self::TestTooOld
            | Self::Trial
            | Self::Profile
            | Self::Revision
            | Self::Environment
            | Self::Waivers
            | Self::Application
            | Self::BuildUnknown
            | Self::BuildDiffers
            | Self::Revoked
            | Self::Suspended => ExitCode::NotConformant,
        }
    }
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Jawaban gerbang", description = "Answer of laik's gate, format 1.0.")]
pub struct Answer {
    /// Version of this format.
    pub format: &'static str,
    /// Whether the application may be connected. True only where there is no reason against it.
    pub open: bool,
    /// Every reason against it.
    pub reasons: Vec<Refusal>,
    /// The certificate, where its signatures are right.
    pub certificate: Option<CertificateSummary>,
    /// The status list, where its signatures are right.
    pub status: Option<StatusSummary>,
    /// Whether the gate remembers the highest status list that it has seen; without that, an older one that has not
    /// expired cannot be told.
    pub remembers: bool,
    /// When it was asked.
    #[schemars(with = "String")]
    pub checked: Timestamp,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refusal {
    /// Which.
    pub reason: Reason,
    /// In words, with what was found.
    pub text: Phrase,
}

/// What a verified certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CertificateSummary {
    /// Its number.
    pub number: String,
    /// Digest of its payload.
    pub digest: String,
    /// The agency.
    pub applicant: String,
    /// The application.
    pub application: String,
    /// Its version.
    pub version: String,
    /// The profile.
    pub profile: String,
    /// The revision of the standard.
    pub revision: String,
    /// `penuh` or `percobaan`.
    pub kind: String,
    /// When it ends.
    #[schemars(with = "String")]
    pub valid_until: Timestamp,
    /// Digest of the pack that it rests on.
    pub pack: String,
    /// Who signed, as the policy names the holders.
    pub signed_by: Vec<String>,
}

/// What a verified status list says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatusSummary {
    /// Its number.
    pub number: u64,
    /// When it was written.
    #[schemars(with = "String")]
    pub issued: Timestamp,
    /// When it ends.
    #[schemars(with = "String")]
    pub expires: Timestamp,
}

impl Answer {
    /// The exit code: 0 for yes; else that of the most important reason.
    pub fn exit(&self) -> ExitCode {
        if self.open {
            return ExitCode::Conformant;
        }
        match ExitCode::most_important(self.reasons.iter().map(|refusal| refusal.reason.exit())) {
            // A no without a reason cannot be made; if it were, it would still be no yes.
            ExitCode::Conformant => ExitCode::Harness,
            code => code,
        }
    }
}
