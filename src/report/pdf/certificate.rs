//! The printed certificate: one page made from plain fields, for the wall and for the file. The signed file is what
//! counts; this page says so, and its QR code names the signed file by its digest.

use std::fmt::Write as _;

use super::super::ReportError;
use super::super::uuid::LAIK;
use super::paper::{Column, INK, MARGIN, MUTED, Paper, WIDTH, look};
use super::structure::About;
use super::{cap, query};
use crate::domain::phrase::Lang;

const TEXT: f32 = WIDTH - 2.0 * MARGIN;
const CODE: f32 = 118.0;
/// The colour of a trial's title.
const TRIAL: super::paper::Colour = (179, 38, 30);
/// Most keys that a page names.
const LISTED: usize = 6;
/// What two lines and the line that counts the rest need, in points.
const ROOM: f32 = 52.0;

/// What stands on a certificate. Every text may be hostile; it is bounded and escaped here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Number of the certificate.
    pub number: String,
    /// Whether it is a trial only, good for no production gate; the page then says so in its title.
    pub trial: bool,
    /// Who certifies (the pokja).
    pub issuer: String,
    /// Who decided; empty where it is not to be printed.
    pub decider: String,
    /// The agency that applied.
    pub applicant: String,
    /// Name of the application.
    pub application: String,
    /// Its version.
    pub version: String,
    /// The profile, in words.
    pub profile: String,
    /// Revision of the standard.
    pub revision: String,
    /// Begin of validity: RFC 3339, shown in words; another text as it is.
    pub valid_from: String,
    /// End of validity, likewise.
    pub valid_until: String,
    /// When surveillance is due; empty where none is.
    pub surveillance: String,
    /// Instant of the signature, RFC 3339; the date of the PDF.
    pub signed: String,
    /// What the certificate covers, one line each.
    pub scope: Vec<String>,
    /// Requirements that were waived, each with reason and expiry.
    pub waivers: Vec<WaiverLine>,
    /// Identifiers of the keys that signed.
    pub key_ids: Vec<String>,
    /// SHA-256 that status lists name the certificate by, lower-case hex.
    pub digest: String,
}

/// One waiver on a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaiverLine {
    /// `KM-07`, or the digest of the waiver where the page is made without it.
    pub requirement: String,
    /// Why.
    pub reason: String,
    /// Until when, as it is to be read; empty where it is not known here.
    pub until: String,
}

/// Renders the certificate as a PDF of one page, in Indonesian.
pub fn certificate_pdf(facts: &CertificateFacts) -> Result<Vec<u8>, ReportError> {
    let mut paper = Paper::new()?;
    paper.ground(MARGIN, MARGIN, TEXT, 4.0, (27, 84, 140));
    paper.y += 18.0;
    paper.paragraph(
        "SP4N-LAPOR! · uji kelaikan aplikasi pengaduan",
        (MARGIN, TEXT),
        look(9.5, true, MUTED),
        1,
    );
    paper.heading(1, title(facts), look(26.0, true, if facts.trial { TRIAL } else { INK }));
    paper.paragraph(
        &format!("Nomor {}", cap(&facts.number, 80)),
        (MARGIN, TEXT),
        look(11.0, false, INK),
        1,
    );
    paper.y += 10.0;
    let declared = if facts.trial {
        "Laik menurut pengujian uji coba; tidak berlaku sebagai izin menghubungkan ke SP4N-LAPOR!:"
    } else {
        "Dinyatakan laik dihubungkan ke SP4N-LAPOR!:"
    };
    paper.paragraph(declared, (MARGIN, TEXT), look(10.5, facts.trial, INK), 1);
    let name = format!("{} {}", cap(&facts.application, 120), cap(&facts.version, 40));
    paper.paragraph(&name, (MARGIN, TEXT), look(17.0, true, INK), 2);
    paper.paragraph(&cap(&facts.applicant, 160), (MARGIN, TEXT), look(12.0, false, INK), 2);
    paper.y += 8.0;
    table(&mut paper, facts);
    lists(&mut paper, facts);
    code(&mut paper, facts)?;
    paper.finish(
        About {
            title: format!("{} {}", title(facts), cap(&facts.number, 80)),
            language: "id",
            instant: facts.signed.clone(),
            id: LAIK.named(&format!("sertifikat {} {}", facts.number, facts.digest)).to_string(),
        },
        "Salinan cetak. Yang berlaku adalah berkas yang bertanda tangan; periksa statusnya sebelum mengandalkan halaman ini",
        "halaman {1} dari {2}",
    )
}

/// A trial is named so in the title of page and file.
const fn title(facts: &CertificateFacts) -> &'static str {
    if facts.trial {
        "Sertifikat Uji Coba"
    } else {
        "Sertifikat Kesesuaian"
    }
}

fn table(paper: &mut Paper, facts: &CertificateFacts) {
    let columns = [(140.0, false), (TEXT - 140.0, false)].map(|(width, right)| Column { width, right });
    let issuer = if facts.decider.is_empty() {
        facts.issuer.clone()
    } else {
        format!(
            "{}; diputuskan oleh {}",
            cap(&facts.issuer, 120),
            cap(&facts.decider, 80)
        )
    };
    let rows = [
        ("Profil", facts.profile.clone()),
        ("Revisi standar", facts.revision.clone()),
        (
            "Berlaku",
            format!("{} sampai {}", instant(&facts.valid_from), instant(&facts.valid_until)),
        ),
        ("Pengawasan berikutnya", facts.surveillance.clone()),
        ("Penerbit", issuer),
        ("Kunci penanda tangan", listed(&facts.key_ids)),
        ("SHA-256 sertifikat", facts.digest.clone()),
    ];
    paper.heading(2, "Keterangan", look(12.0, true, INK));
    paper.table();
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        paper.row(&columns, &[name, &cap(value, 400)], 9.0, (false, 2));
    }
    paper.y += 8.0;
}

fn instant(text: &str) -> String {
    super::super::moment::instant(text, Lang::Id)
}

/// The first few of a list, and how many more there are.
fn listed(all: &[String]) -> String {
    let mut text = all
        .iter()
        .take(LISTED)
        .map(|one| cap(one, 90))
        .collect::<Vec<_>>()
        .join(", ");
    if all.len() > LISTED {
        let _ = write!(text, " (+{} lagi)", all.len() - LISTED);
    }
    text
}

fn lists(paper: &mut Paper, facts: &CertificateFacts) {
    if !facts.scope.is_empty() {
        paper.heading(2, "Lingkup", look(12.0, true, INK));
        let lines = facts.scope.iter().map(|line| cap(line, 200));
        list(paper, lines, (facts.scope.len(), ROOM * 2.2));
        paper.y += 8.0;
    }
    paper.heading(2, "Pengecualian", look(12.0, true, INK));
    if facts.waivers.is_empty() {
        paper.paragraph("Tidak ada.", (MARGIN, TEXT), look(9.0, false, INK), 1);
    }
    let lines = facts.waivers.iter().map(|waiver| {
        let until = if waiver.until.is_empty() {
            String::new()
        } else {
            format!(", sampai {}", cap(&waiver.until, 40))
        };
        format!("{}{until}: {}", cap(&waiver.requirement, 80), cap(&waiver.reason, 160))
    });
    list(paper, lines, (facts.waivers.len(), ROOM));
}

/// As many lines of a list as leave `room` above the code, and how many are left.
fn list(paper: &mut Paper, lines: impl Iterator<Item = String>, (all, room): (usize, f32)) {
    let said = look(9.0, false, INK);
    let mut told = 0;
    for line in lines {
        if paper.left() < CODE + room {
            break;
        }
        paper.paragraph(&format!("• {line}"), (MARGIN, TEXT), said, 2);
        told += 1;
    }
    if told < all {
        let more = format!("… dan {} lagi; lihat berkas sertifikat.", all - told);
        paper.paragraph(&more, (MARGIN, TEXT), said, 1);
    }
}

fn code(paper: &mut Paper, facts: &CertificateFacts) -> Result<(), ReportError> {
    let text = query(
        "laik:sertifikat",
        &[("nomor", &facts.number), ("sha256", &facts.digest)],
    );
    let top = paper.place_at_foot(CODE);
    let alt = "Kode QR dengan nomor dan SHA-256 sertifikat";
    paper.code(&text, (MARGIN, top, CODE), alt)?;
    let beside = (MARGIN + CODE + 14.0, TEXT - CODE - 14.0);
    paper.y += 10.0;
    paper.heading_beside(2, "Verifikasi", beside, look(11.0, true, INK));
    let how = "Kode ini memuat nomor dan SHA-256 sertifikat yang bertanda tangan. Mintalah berkasnya dan daftar status terbaru, lalu jalankan laik gate: hanya berkas yang tanda tangannya sah, masih berlaku, dan tidak ditangguhkan atau dicabut yang membuka gerbang.";
    paper.paragraph(how, beside, look(9.0, false, INK), 7);
    Ok(())
}

#[cfg(test)]
pub(crate) fn example() -> CertificateFacts {
    let text = str::to_owned;
    CertificateFacts {
        number: text("LAIK-2026-0007"),
        trial: false,
        issuer: text("Pokja Integrasi SP4N-LAPOR!"),
        decider: text("Rara Contoh"),
        applicant: text("Dinas Komunikasi dan Informatika Kota Contoh"),
        application: text("Layanan Aduan Warga"),
        version: text("4.2.1"),
        profile: text("terintegrasi"),
        revision: text("standar 2026.1"),
        valid_from: text("2026-11-25T03:05:09Z"),
        valid_until: text("2027-11-24T17:00:00Z"),
        surveillance: text("25 Mei 2027"),
        signed: text("2026-11-25T03:05:09Z"),
        scope: vec![
            text("Pengajuan, penerimaan, disposisi, tindak lanjut"),
            text("Pertukaran dengan hub nasional"),
        ],
        waivers: vec![WaiverLine {
            requirement: text("TK-11"),
            reason: text("Tipe isi diperbaiki bersama peladen baru; tidak memengaruhi data."),
            until: text("31 Januari 2027"),
        }],
        key_ids: vec![text("ed25519:7c4f0a3b9d21"), text("ed25519:1180d7ce5520")],
        digest: "5f0c".repeat(16),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(bytes: &[u8]) -> usize {
        let text = String::from_utf8_lossy(bytes);
        text.matches("/Type/Page").count() + text.matches("/Type /Page").count()
            - text.matches("/Type/Pages").count()
            - text.matches("/Type /Pages").count()
    }

    #[test]
    fn the_same_facts_give_the_same_page() {
        let bytes = certificate_pdf(&example()).unwrap();
        assert_eq!(bytes, certificate_pdf(&example()).unwrap());
        assert_eq!(pages(&bytes), 1);
        // For people to look at, and for the validators of ci/keluaran.
        if let Some(path) = std::env::var_os("LAIK_CONTOH_SERTIFIKAT") {
            std::fs::write(path, bytes).unwrap();
        }
    }

    #[test]
    fn hostile_facts_stay_one_page() {
        let long = "<script>\u{202e}日本\u{0}".repeat(2_000);
        let facts = CertificateFacts {
            number: long.clone(),
            trial: true,
            issuer: long.clone(),
            decider: long.clone(),
            applicant: long.clone(),
            application: long.clone(),
            version: long.clone(),
            profile: long.clone(),
            revision: long.clone(),
            valid_from: long.clone(),
            valid_until: long.clone(),
            surveillance: long.clone(),
            signed: long.clone(),
            scope: vec![long.clone(); 100],
            waivers: vec![
                WaiverLine {
                    requirement: long.clone(),
                    reason: long.clone(),
                    until: long.clone()
                };
                100
            ],
            key_ids: vec![long.clone(); 100],
            digest: long,
        };
        assert_eq!(pages(&certificate_pdf(&facts).unwrap()), 1);
        assert_eq!(pages(&certificate_pdf(&CertificateFacts::default()).unwrap()), 1);
    }
}
