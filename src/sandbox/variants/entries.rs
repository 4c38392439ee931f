//! Which switches stand for which lawful variant of the catalogue (*varian sah*).

/// A lawful variant of a requirement.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The requirement.
    pub requirement: &'static str,
    /// The variant in the words of the standard's catalogue.
    pub variant: &'static str,
    /// The switches that make the sandbox so; empty = `note` says why none does.
    pub switches: &'static [&'static str],
    /// Why no switch stands for it, or what the default already does.
    pub note: &'static str,
}

const fn entry(
    requirement: &'static str,
    variant: &'static str,
    switches: &'static [&'static str],
    note: &'static str,
) -> Entry {
    Entry {
        requirement,
        variant,
        switches,
        note,
    }
}

/// Every variant of the nine requirements.
pub const TABLE: &[Entry] = &[
    entry(
        "PB-02",
        "id only in the Location header or inside a text (mapped)",
        &["id_di_location", "id_dalam_teks"],
        "",
    ),
    entry(
        "PB-02",
        "the id itself as number where tracking is not claimed",
        &["nomor_sama_id"],
        "",
    ),
    entry("PB-02", "visible some seconds later", &["tampak_belakangan"], ""),
    entry(
        "PB-02",
        "first status terverifikasi where automatic verification is declared",
        &["verifikasi_otomatis"],
        "",
    ),
    entry(
        "PB-02",
        "track shows only number, status and times before verification",
        &["lacak_ringkas"],
        "",
    ),
    entry("PB-02", "202 for a submit", &["jawab_202"], ""),
    entry(
        "PB-04",
        "429 or 503 with Retry-After for part of the burst",
        &["batas_laju_429", "sibuk_503"],
        "",
    ),
    entry(
        "PB-04",
        "ids in any order, with gaps, or random",
        &["id_acak", "id_berjarak"],
        "",
    ),
    entry("PB-04", "answers up to batas_jawab", &["jawab_lambat"], ""),
    entry(
        "PB-22",
        "penanganan_langsung and langkah_gabungan as declared",
        &["penanganan_langsung"],
        "langkah_gabungan is a freedom of the binding",
    ),
    entry(
        "PB-22",
        "a later comment on a final complaint that leaves its status",
        &["komentar_sesudah_final"],
        "",
    ),
    entry(
        "PB-22",
        "filing of closed complaints, mapped so that they stay selesai",
        &["arsip_selesai"],
        "",
    ),
    entry(
        "PB-22",
        "400, 403, 404, 409 or 422",
        &["kode_tolak_400", "kode_tolak_403", "kode_tolak_404", "kode_tolak_422"],
        "409 is the default",
    ),
    entry(
        "PB-30",
        "\"Anonim\" or a pseudonym in place of the name",
        &["nama_anonim", "nama_samaran"],
        "",
    ),
    entry(
        "PB-30",
        "the identity hidden from petugas or even from admin",
        &["identitas_tertutup_admin"],
        "hidden from petugas is the default",
    ),
    entry(
        "PB-30",
        "hub.forward carries the identity with the flag",
        &[],
        "KM-35 judges it",
    ),
    entry(
        "DT-19",
        "cursor, Link header or offset paging",
        &["halaman_kursor", "halaman_tautan", "halaman_offset"],
        "",
    ),
    entry(
        "DT-19",
        "repeats in the third walk with offset paging",
        &["halaman_offset"],
        "newest first is the default",
    ),
    entry(
        "DT-19",
        "newest or oldest first",
        &["urut_terlama"],
        "newest first is the default",
    ),
    entry("DT-19", "new ones seen or not", &["halaman_kursor", "urut_terlama"], ""),
    entry("DT-19", "beyond the end: 404", &["akhir_404"], ""),
    entry("TK-20", "501 for an unknown method", &["metode_501"], ""),
    entry(
        "TK-20",
        "503 with Retry-After during declared maintenance",
        &[],
        "the statement has no maintenance window yet",
    ),
    entry("KM-07", "401 or 400", &["token_401_jadi_400"], "401 is the default"),
    entry("KM-07", "tokens introspected at the issuer", &["token_introspeksi"], ""),
    entry("KM-07", "a JWE", &["token_jwe"], ""),
    entry("KM-07", "opaque token = not applicable", &["token_opak"], ""),
    entry("KM-13", "403 or 404", &["asing_403"], "404 is the default"),
    entry(
        "KM-13",
        "a public complaint whose public part everyone may read",
        &["terbit_tertutup"],
        "the default; the switch is the contrary",
    ),
    entry("KM-13", "pengawas reads by right", &[], "the default"),
    entry("KM-24", "400 on quotes", &["tolak_kutip_400"], ""),
    entry(
        "KM-24",
        "full-text search that ignores punctuation",
        &["cari_abaikan_tanda"],
        "",
    ),
    entry("KM-24", "values cut at the quote", &["cari_potong_kutip"], ""),
    entry(
        "KM-24",
        "strict or lenient integer parsing",
        &["angka_lunak"],
        "strict is the default",
    ),
];
