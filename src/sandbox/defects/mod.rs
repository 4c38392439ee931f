//! Seeded defects: each replaces one part of the application, so that exactly one requirement of the standard fails.
//! One data table an area; each row counts when it acted.

mod autentikasi;
mod data;
mod disposisi;
mod galat;
mod hak_akses;
mod halaman;
mod http;
mod jangkauan;
mod jawaban;
mod jujur;
mod keamanan;
mod kejujuran;
mod keutuhan;
mod kode;
mod lampiran;
mod lingkup;
mod masukan;
mod pengajuan;
mod pengalihan;
mod proses_bisnis;
mod saringan;
mod serentak;
mod skema;
mod teknologi;
mod teks;
mod tindak_lanjut;
mod titipan;
mod waktu;

use super::assembly::Assembly;
use super::counters::{Counter, Counters};
use super::start::SandboxError;

/// A seeded defect.
#[derive(Debug, Clone, Copy)]
pub struct Defect {
    /// Identifier in the catalogue, `PB-02a`.
    pub id: &'static str,
    /// Replaces the part.
    pub install: fn(&mut Assembly, Counter),
}

/// Every table, in the order of the standard.
pub const TABLES: &[&[Defect]] = &[
    proses_bisnis::TABLE,
    data::TABLE,
    saringan::TABLE,
    teks::TABLE,
    lampiran::TABLE,
    masukan::TABLE,
    kode::TABLE,
    halaman::TABLE,
    pengajuan::TABLE,
    tindak_lanjut::TABLE,
    keutuhan::TABLE,
    skema::TABLE,
    waktu::TABLE,
    teknologi::TABLE,
    http::TABLE,
    jawaban::TABLE,
    jangkauan::TABLE,
    pengalihan::TABLE,
    keamanan::TABLE,
    galat::TABLE,
    autentikasi::TABLE,
    hak_akses::TABLE,
    lingkup::TABLE,
    titipan::TABLE,
    kejujuran::TABLE,
    jujur::TABLE,
    disposisi::TABLE,
];

/// Every defect of the sandbox.
pub fn all() -> impl Iterator<Item = &'static Defect> {
    TABLES.iter().copied().flatten()
}

/// Puts in the named ones, in this order.
pub(super) fn install(ids: &[String], assembly: &mut Assembly, counters: &mut Counters) -> Result<(), SandboxError> {
    for id in ids {
        let defect = all().find(|defect| defect.id == id.as_str());
        let defect = defect.ok_or_else(|| SandboxError::UnknownDefect(id.clone()))?;
        (defect.install)(assembly, counters.of(defect.id));
    }
    Ok(())
}
