//! The files of the standard inside the program. `UPDATE=1 cargo test embedded` writes this list anew.
//! Knows nothing of what they say.

/// Path below `features/` and text of each file, in the order of paths.
pub const FILES: &[(&str, &str)] = &[
    (
        "data/1_skema.feature",
        include_str!("../../features/data/1_skema.feature"),
    ),
    ("data/1_skema.toml", include_str!("../../features/data/1_skema.toml")),
        "data/4_teks.feature",
        include_str!("../../features/data/4_teks.feature"),
    ),
    ("data/4_teks.toml", include_str!("../../features/data/4_teks.toml")),
    (
        "data/6_daftar.feature",
        include_str!("../../features/data/6_daftar.feature"),
    ),
    ("data/6_daftar.toml", include_str!("../../features/data/6_daftar.toml")),
    (
        "data/masukan_ganjil.toml",
        include_str!("../../features/data/masukan_ganjil.toml"),
    ),
    ("data/teks_uji.toml", include_str!("../../features/data/teks_uji.toml")),
    (
        "keamanan/2_sesi.feature",
        include_str!("../../features/keamanan/2_sesi.feature"),
    ),
    (
        "keamanan/2_sesi.toml",
        include_str!("../../features/keamanan/2_sesi.toml"),
    ),
    (
        "keamanan/3_akses.feature",
        include_str!("../../features/keamanan/3_akses.feature"),
    ),
    (
        "keamanan/3_akses.toml",
        include_str!("../../features/keamanan/3_akses.toml"),
    ),
    (
        "keamanan/4_masukan.feature",
        include_str!("../../features/keamanan/4_masukan.feature"),
    ),
    (
        "keamanan/4_masukan.toml",
        include_str!("../../features/keamanan/4_masukan.toml"),
    ),
    (
        "proses-bisnis/2_penerimaan.feature",
        include_str!("../../features/proses-bisnis/2_penerimaan.feature"),
    ),
    (
        "proses-bisnis/2_penerimaan.toml",
        include_str!("../../features/proses-bisnis/2_penerimaan.toml"),
    ),
    (
        "proses-bisnis/5_status.feature",
        include_str!("../../features/proses-bisnis/5_status.feature"),
    ),
    (
        "proses-bisnis/5_status.toml",
        include_str!("../../features/proses-bisnis/5_status.toml"),
    ),
    (
        "proses-bisnis/6_tindak_lanjut.feature",
        include_str!("../../features/proses-bisnis/6_tindak_lanjut.feature"),
    ),
    (
        "proses-bisnis/6_tindak_lanjut.toml",
        include_str!("../../features/proses-bisnis/6_tindak_lanjut.toml"),
    ),
    (
        "proses-bisnis/7_kerahasiaan.feature",
        include_str!("../../features/proses-bisnis/7_kerahasiaan.feature"),
    ),
    (
        "proses-bisnis/7_kerahasiaan.toml",
        include_str!("../../features/proses-bisnis/7_kerahasiaan.toml"),
    ),
    (
        "proses-bisnis/8_keutuhan.feature",
        include_str!("../../features/proses-bisnis/8_keutuhan.feature"),
    ),
    (
        "proses-bisnis/8_keutuhan.toml",
        include_str!("../../features/proses-bisnis/8_keutuhan.toml"),
    ),
    (
        "teknologi/5_ketahanan.feature",
        include_str!("../../features/teknologi/5_ketahanan.feature"),
    ),
    (
        "teknologi/5_ketahanan.toml",
        include_str!("../../features/teknologi/5_ketahanan.toml"),
    ),
];
