//! What must hold between the parts of a statement, and the ceilings of waits (proses-bisnis.md, convention 5).

use reqwest::Url;

use super::place::{Diagnosis, Places, closest};
use super::raw::Document;
use super::{access, secret};
use crate::domain::{Capability, Op, Phrase};
use crate::phrase;

/// Ceilings of waits, in milliseconds.
const CEILINGS: [(&str, u64); 4] = [
    ("batas_jawab_ms", 60_000),
    ("jeda_tampak_ms", 60_000),
    ("jeda_panggilan_ms", 120_000),
    ("jeda_pulih_ms", 600_000),
];

/// Every fault between the parts.
pub(super) fn check(document: &Document, places: &Places) -> Vec<Diagnosis> {
    let mut faults = Vec::new();
    format(document, places, &mut faults);
    for (name, reference) in &document.rahasia {
        faults.extend(secret::check_reference(places, name, reference).err());
    }
    for (actor, entry) in &document.aktor {
        access::check_actor(document, places, actor.id(), entry, &mut faults);
    }
    for (name, entry) in &document.autentikasi {
        access::check_way(document, places, name, entry, &mut faults);
    }
    waits(document, places, &mut faults);
    zone(places, &["nilai", "zona"], document.nilai.zona.as_deref(), &mut faults);
    zone(
        places,
        &["ikatan", "waktu", "zona"],
        document.ikatan.waktu.zona.as_deref(),
        &mut faults,
    );
    operations(document, places, &mut faults);
    for (field, name) in [
        (["hub", "rahasia"], &document.hub.rahasia),
        (["fixture", "token_kedaluwarsa"], &document.fixture.token_kedaluwarsa),
        (["fixture", "token_asing"], &document.fixture.token_asing),
    ] {
        if let Some(name) = name {
            known_secret(document, places, &field, name, &mut faults);
        }
    }
    if let Some(rate) = document
        .laju
        .permintaan_per_detik
        .filter(|rate| !(rate.is_finite() && *rate > 0.0))
    {
        faults.push(places.fault(
            &["laju", "permintaan_per_detik"],
            phrase!("laju {rate} bukan angka positif", "a rate of {rate} is not positive"),
            Phrase::new("Tulis misalnya 10.", "Write for example 10."),
        ));
    }
    faults
}

fn format(document: &Document, places: &Places, faults: &mut Vec<Diagnosis>) {
    let format = &document.format;
    if format.split('.').next() != Some("1") {
        faults.push(places.fault(
            &["format"],
            phrase!("format `{format}` tidak dikenal", "format `{format}` is not known"),
            Phrase::new("Tulis format = \"1.0\".", "Write format = \"1.0\"."),
        ));
    }
    for (field, text) in [
        ("nama", &document.aplikasi.nama),
        ("instansi", &document.aplikasi.instansi),
    ] {
        if text.trim().is_empty() {
            faults.push(places.fault(
                &["aplikasi", field],
                phrase!("aplikasi.{field} kosong", "aplikasi.{field} is empty"),
                Phrase::new("Isi dengan nama sebenarnya.", "Fill in the real name."),
            ));
        }
    }
}

pub(super) fn known_secret(
    document: &Document,
    places: &Places,
    keys: &[&str],
    name: &str,
    faults: &mut Vec<Diagnosis>,
) {
    if document.rahasia.contains_key(name) {
        return;
    }
    let remedy = match closest(name, document.rahasia.keys().map(String::as_str)) {
        Some(near) => phrase!("Maksud Anda `{near}`?", "Did you mean `{near}`?"),
        None => Phrase::new(
            "Tulis nama rahasia dari bagian [rahasia], bukan nilainya.",
            "Write the name of a secret of [rahasia], not its value.",
        ),
    };
    // The text may be a secret that was written here by mistake: it is not repeated.
    faults.push(places.fault(
        keys.get(..keys.len().saturating_sub(1)).unwrap_or_default(),
        Phrase::new(
            "rahasia yang dirujuk tidak ada di [rahasia]",
            "the secret named here does not stand in [rahasia]",
        ),
        remedy,
    ));
}

fn waits(document: &Document, places: &Places, faults: &mut Vec<Diagnosis>) {
    let nilai = &document.nilai;
    let declared = [
        nilai.batas_jawab_ms,
        nilai.jeda_tampak_ms,
        nilai.jeda_panggilan_ms,
        nilai.jeda_pulih_ms,
    ];
    for ((field, ceiling), value) in CEILINGS.into_iter().zip(declared) {
        if let Some(value) = value.filter(|value| *value > ceiling || *value == 0) {
            faults.push(places.fault(
                &["nilai", field],
                phrase!(
                    "{field} = {value} di luar 1–{ceiling}",
                    "{field} = {value} lies outside 1–{ceiling}"
                ),
                phrase!("Paling lama {ceiling} milidetik.", "At most {ceiling} milliseconds."),
            ));
        }
    }
    let scale = nilai.skala_waktu.filter(|scale| !(*scale > 0.0 && *scale <= 1.0));
    if let Some(scale) = scale {
        faults.push(places.fault(
            &["nilai", "skala_waktu"],
            phrase!(
                "skala_waktu = {scale} di luar 0–1",
                "skala_waktu = {scale} lies outside 0–1"
            ),
            Phrase::new(
                "Hapus: skala waktu hanya untuk kotak pasir.",
                "Remove it: scaled time is for the sandbox alone.",
            ),
        ));
    }
}

fn zone(places: &Places, keys: &[&str], zone: Option<&str>, faults: &mut Vec<Diagnosis>) {
    let Some(zone) = zone else { return };
    if jiff::tz::TimeZone::get(zone).is_err() {
        faults.push(places.fault(
            keys,
            phrase!("zona `{zone}` tidak dikenal", "zone `{zone}` is not known"),
            Phrase::new(
                "Pakai Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura.",
                "Use Asia/Jakarta, Asia/Makassar or Asia/Jayapura.",
            ),
        ));
    }
}

fn operations(document: &Document, places: &Places, faults: &mut Vec<Diagnosis>) {
    let unknown = |keys: &[&str], name: &str| {
        let remedy = match closest(name, Op::ALL.iter().map(|op| op.id())) {
            Some(near) => phrase!("Maksud Anda `{near}`?", "Did you mean `{near}`?"),
            None => Phrase::new(
                "Pakai nama operasi model, misalnya verify.",
                "Use an operation of the model, such as verify.",
            ),
        };
        places.fault(
            keys,
            phrase!("operasi `{name}` tidak dikenal", "operation `{name}` is not known"),
            remedy,
        )
    };
    for (index, group) in document.nilai.langkah_gabungan.iter().enumerate() {
        for name in group.iter().filter(|name| Op::by_id(name).is_none()) {
            faults.push(unknown(&["nilai", "langkah_gabungan", &index.to_string()], name));
        }
    }
    for key in document.konstanta.keys() {
        let known = Op::ALL
            .iter()
            .any(|op| key.strip_prefix(op.id()).is_some_and(|rest| rest.starts_with('.')));
        if !known {
            let name = key.split('.').next().unwrap_or_default();
            faults.push(unknown(&["konstanta", key], name));
        }
    }
    for right in &document.kebijakan.hak_tambahan {
        let good = right
            .split_once(' ')
            .is_some_and(|(actor, op)| crate::domain::Actor::by_id(actor).is_some() && Op::by_id(op).is_some());
        if !good {
            faults.push(places.fault(
                &["kebijakan", "hak_tambahan"],
                phrase!("hak `{right}` tidak terbaca", "the right `{right}` cannot be read"),
                Phrase::new(
                    "Tulis \"aktor operasi\", misalnya \"petugas archive\".",
                    "Write \"actor operation\", such as \"petugas archive\".",
                ),
            ));
        }
    }
}

/// The base URL and the origins that requests may go to.
pub(super) fn address(document: &Document, places: &Places) -> Result<(Url, Vec<Url>), Diagnosis> {
    let parse = |keys: &[&str], text: &str| {
        let url = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.host_str().is_some_and(|host| !host.is_empty())
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
        });
        url.ok_or_else(|| {
            places.fault(
                keys,
                Phrase::new(
                    "alamat bukan URL http atau https yang utuh",
                    "the address is no whole http or https URL",
                ),
                Phrase::new(
                    "Tulis misalnya \"https://uji.instansi.go.id/api\", tanpa sandi, kueri, atau tanda #.",
                    "Write for example \"https://uji.instansi.go.id/api\", without password, query or #.",
                ),
            )
        })
    };
    let base = parse(
        &["aplikasi", "alamat_dasar"],
        document.aplikasi.alamat_dasar.trim_end_matches('/'),
    )?;
    let plain = document.klaim.kapabilitas.contains(&Capability::HttpTeksPolos);
    if base.scheme() == "http" && !plain {
        return Err(places.fault(
            &["aplikasi", "alamat_dasar"],
            Phrase::new("alamat tanpa TLS", "an address without TLS"),
            Phrase::new(
                "Pakai https://, atau nyatakan kapabilitas http_teks_polos (tidak untuk sertifikat).",
                "Use https://, or claim http_teks_polos (never for a certificate).",
            ),
        ));
    }
    let mut origins = vec![base.clone()];
    for (index, other) in document.aplikasi.alamat_lain.iter().enumerate() {
        origins.push(parse(&["aplikasi", "alamat_lain", &index.to_string()], other)?);
    }
    Ok((base, origins))
}
