//! Everything a statement declares that makes judging milder, gathered for one report page that the certifier
//! signs (decisions.md E.31c).

use super::place::Places;
use super::raw::{Document, Publication};
use crate::domain::{Actor, Phrase};
use crate::phrase;

/// The list, in the order of the statement's parts.
pub(super) fn collect(document: &Document, places: &Places) -> Vec<Phrase> {
    let mut list = Vec::new();
    waits(document, &mut list);
    values(document, &mut list);
    policy(document, &mut list);
    interface(document, &mut list);
    binding(document, places, &mut list);
    for redirect in &document.api.pengalihan {
        let (op, status) = (redirect.operasi, redirect.status);
        let host = redirect.host.as_deref().unwrap_or("-");
        list.push(phrase!(
            "Pengalihan yang dinyatakan: {op} {status} ke {host}",
            "Declared redirect: {op} {status} to {host}"
        ));
    }
    for (leaf, why) in &document.konstanta {
        list.push(phrase!("Nilai tetap: {leaf} — {why}", "Constant value: {leaf} — {why}"));
    }
    list
}

fn waits(document: &Document, list: &mut Vec<Phrase>) {
    let nilai = &document.nilai;
    for (name, value, default) in [
        ("batas_jawab_ms", nilai.batas_jawab_ms, 30_000),
        ("jeda_tampak_ms", nilai.jeda_tampak_ms, 10_000),
        ("jeda_panggilan_ms", nilai.jeda_panggilan_ms, 30_000),
        ("jeda_pulih_ms", nilai.jeda_pulih_ms, 120_000),
    ] {
        if let Some(value) = value.filter(|value| *value > default) {
            list.push(phrase!(
                "Waktu tunggu lebih lama: {name} = {value} (baku {default})",
                "Longer wait: {name} = {value} (default {default})"
            ));
        }
    }
    if let Some(seconds) = document.token.batas_cabut_detik.filter(|seconds| *seconds > 60) {
        list.push(phrase!(
            "Pencabutan token baru berlaku setelah {seconds} detik (baku 60)",
            "A token's revocation holds only after {seconds} seconds (default 60)"
        ));
    }
    if let Some(seconds) = document.hub.toleransi_detik.filter(|seconds| *seconds > 300) {
        list.push(phrase!(
            "Toleransi jam hub {seconds} detik (baku 300)",
            "Clock tolerance of the hub: {seconds} seconds (default 300)"
        ));
    }
    if let Some(scale) = document.nilai.skala_waktu {
        list.push(phrase!("Jam berskala {scale}", "Scaled clock: {scale}"));
    }
}

fn values(document: &Document, list: &mut Vec<Phrase>) {
    let nilai = &document.nilai;
    for (declared, text) in [
        (
            nilai.penanganan_langsung,
            Phrase::new(
                "Penanganan tanpa disposisi (penanganan_langsung)",
                "Handling without disposition (penanganan_langsung)",
            ),
        ),
        (
            nilai.verifikasi_otomatis,
            Phrase::new("Verifikasi otomatis", "Automatic verification"),
        ),
        (
            nilai.panggilan_saat_kirim,
            Phrase::new(
                "Pengiriman memanggil hub atau penerima",
                "A submit calls the hub or a receiver",
            ),
        ),
    ] {
        if declared {
            list.push(text);
        }
    }
    for group in &nilai.langkah_gabungan {
        let group = group.join(" + ");
        list.push(phrase!("Langkah gabungan: {group}", "Joined steps: {group}"));
    }
    if nilai.gambar_diolah {
        list.push(Phrase::new(
            "Gambar diolah; bitanya tidak dibandingkan (gambar_diolah)",
            "Images are processed; their bytes are not compared (gambar_diolah)",
        ));
    }
    for (category, below) in &nilai.subkategori {
        let below = below.join(", ");
        list.push(phrase!(
            "Saringan kategori {category} memuat juga: {below}",
            "A filter by category {category} includes: {below}"
        ));
    }
    if nilai.terbit_setelah != Publication::Verifikasi {
        let when = nilai.terbit_setelah.phrase();
        list.push(Phrase::new(
            format!("Pengaduan terbit {}", when.id),
            format!("Complaints are published {}", when.en),
        ));
    }
}

fn policy(document: &Document, list: &mut Vec<Phrase>) {
    let policy = &document.kebijakan;
    if let Some(actors) = &policy.identitas_anonim_terlihat
        && actors.as_slice() != [Actor::Admin]
    {
        let names = actors
            .iter()
            .map(|actor| actor.indonesian())
            .collect::<Vec<_>>()
            .join(", ");
        let english = actors
            .iter()
            .map(|actor| actor.english())
            .collect::<Vec<_>>()
            .join(", ");
        list.push(Phrase::new(
            format!("Identitas anonim terlihat oleh: {names}"),
            format!("Anonymous identities are visible to: {english}"),
        ));
    }
    if policy.identitas_anonim_ke_hub {
        list.push(Phrase::new(
            "Identitas anonim dikirim ke hub",
            "Anonymous identities go to the hub",
        ));
    }
    if policy.hapus_lunak_terlihat {
        list.push(Phrase::new(
            "Catatan yang dihapus tetap terlihat",
            "Deleted records stay visible",
        ));
    }
    if policy.pelacakan_hanya_status {
        list.push(Phrase::new(
            "Pelacakan publik hanya menunjukkan status dan waktu",
            "Public tracking shows status and times alone",
        ));
    }
    for right in &policy.hak_tambahan {
        list.push(phrase!("Hak tambahan: {right}", "Extra right: {right}"));
    }
    if let Some(rate) = document.laju.permintaan_per_detik.filter(|rate| *rate < 10.0) {
        list.push(phrase!(
            "Laju permintaan dibatasi {rate} per detik",
            "Requests are held to {rate} a second"
        ));
    }
}

fn interface(document: &Document, list: &mut Vec<Phrase>) {
    let api = &document.api;
    for (address, methods) in &api.metode {
        let methods = methods.join(", ");
        list.push(phrase!(
            "Metode yang dinyatakan pada {address}: {methods}",
            "Declared methods of {address}: {methods}"
        ));
    }
    for (name, values) in [
        ("media_kiriman", &api.media_kiriman),
        ("berubah_saat_dibaca", &api.berubah_saat_dibaca),
    ] {
        if !values.is_empty() {
            let values = values.join(", ");
            list.push(phrase!("api.{name}: {values}", "api.{name}: {values}"));
        }
    }
}

fn binding(document: &Document, places: &Places, list: &mut Vec<Phrase>) {
    let binding = &document.ikatan;
    if let Some(pattern) = binding.tolak_bila.as_deref() {
        list.push(phrase!(
            "Penolakan dikenali dari isi: {pattern}",
            "Refusals are told by the body: {pattern}"
        ));
    }
    for (op, entry) in &binding.operasi {
        // The dialect's own rules are the standard's; only what the statement itself writes is listed.
        let own = |part: &str| places.holds(&["ikatan", "operasi", op.id(), part]);
        if let Some(rule) = entry.terima.as_ref().filter(|_| own("terima")) {
            let codes = rule.status.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
            list.push(phrase!(
                "Aturan diterima sendiri untuk {op}: {codes}",
                "Own acceptance rule for {op}: {codes}"
            ));
        }
        if entry.tidak_ada.is_some() && own("tidak_ada") {
            list.push(phrase!(
                "Aturan tidak ditemukan sendiri untuk {op}",
                "Own not-found rule for {op}"
            ));
        }
        if !entry.langkah.is_empty() && own("langkah") {
            let count = entry.langkah.len();
            list.push(phrase!(
                "{op} terdiri dari {count} permintaan",
                "{op} consists of {count} requests"
            ));
        }
        for actor in entry.per_aktor.keys().filter(|_| own("per_aktor")) {
            list.push(phrase!(
                "Jalan sendiri untuk {op} bagi {actor}",
                "A route of its own for {op} as {actor}"
            ));
        }
    }
    codecs(document, list);
}

fn codecs(document: &Document, list: &mut Vec<Phrase>) {
    let binding = &document.ikatan;
    if !binding.status.rugi.is_empty() {
        let words = binding
            .status
            .rugi
            .iter()
            .map(|status| status.id())
            .collect::<Vec<_>>()
            .join(", ");
        list.push(phrase!(
            "Status yang tidak dapat dibedakan: {words}",
            "Statuses that cannot be told apart: {words}"
        ));
    }
    if !binding.waktu.nol.is_empty() {
        let words = binding.waktu.nol.join(", ");
        list.push(phrase!(
            "Waktu yang berarti kosong: {words}",
            "Times that mean none: {words}"
        ));
    }
    if let Some(zone) = binding.waktu.zona.as_deref() {
        list.push(phrase!(
            "Waktu tanpa zona dibaca sebagai {zone}",
            "Times without a zone are read as {zone}"
        ));
    }
}
