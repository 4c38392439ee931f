//! Lawful variants as switches (decisions.md D.27): each makes the application different in a way that no requirement may refuse.
//! A switch replaces parts as a defect does, says in the statement what must be declared, and counts when it acted.

mod answering;
mod answers;
mod attachments;
mod channels;
mod chronicle;
mod course;
mod errors;
mod filters;
mod http;
mod identity;
mod inputs;
mod pages;
mod refusals;
mod repeating;
mod shapes;
mod submitting;
mod texts;
mod tokens;

/// Pages by cursor, for a defect of cursors.
pub(super) use pages::cursor as cursor_pages;

use std::collections::BTreeSet;

use super::app::problem::Problem;
use super::assembly::Assembly;
use super::counters::{Counter, Counters};
use super::start::SandboxError;

/// A switch.
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// Its name.
    pub name: &'static str,
    /// The axis of which it is one value; two values of one axis cannot stand together.
    pub axis: &'static str,
    /// Switches of other axes with which it cannot act, or would not be lawful.
    pub excludes: &'static [&'static str],
    /// Replaces the parts.
    pub install: fn(&mut Assembly, Counter),
}

const fn switch(name: &'static str, axis: &'static str, install: fn(&mut Assembly, Counter)) -> Switch {
    Switch {
        name,
        axis,
        excludes: &[],
        install,
    }
}

const fn but(switch: Switch, excludes: &'static [&'static str]) -> Switch {
    Switch { excludes, ..switch }
}

/// Every switch.
pub const SWITCHES: &[Switch] = &[
    switch("id_di_location", "letak_id", answers::id_in_location),
    switch("id_dalam_teks", "letak_id", answers::id_in_text),
    switch("jawab_202", "kode_kirim", answers::accepted_202),
    switch("jawab_lambat", "kecepatan", answers::slow_submit),
    switch("batas_laju_429", "beban", answers::throttled_429),
    // Where each submit takes long, ordinary work has sixteen in flight: what is then sent away is no burst.
    but(switch("sibuk_503", "beban", answers::busy_503), &["jawab_lambat"]),
    switch("kode_tolak_400", "kode_tolak", answers::move_400),
    switch("kode_tolak_403", "kode_tolak", answers::move_403),
    switch("kode_tolak_404", "kode_tolak", answers::move_404),
    switch("kode_tolak_422", "kode_tolak", answers::move_422),
    switch("kode_tolak_200", "kode_tolak", repeating::move_200),
    switch("ulang_diterima", "ulang", repeating::repeated_is_done),
    switch("asing_403", "kode_asing", answers::hidden_403),
    switch("token_401_jadi_400", "kode_token", answers::bad_token_400),
    switch("json_akhiran", "json_lain", http::json_suffix),
    switch("tanpa_jenis_json", "json_tanpa_jenis", http::untyped_json),
    switch("pilihan_406", "pilihan", http::strict_accept),
    switch("formulir_saja", "badan_kirim", http::form_only),
    switch("head_405", "head", http::head_405),
    switch("metode_404", "metode", http::method_404),
    switch("skema_token", "skema", refusals::other_scheme),
    switch("header_ganda_pertama", "header_ganda", refusals::first_field),
    switch("parameter_asing_400", "parameter", refusals::unknown_parameter_400),
    switch("belum_masuk_403", "kode_belum_masuk", refusals::not_logged_in_403),
    switch("belum_masuk_404", "kode_belum_masuk", refusals::not_logged_in_404),
    but(
        switch("tanpa_www_authenticate", "ajakan_masuk", refusals::without_challenge),
        &["belum_masuk_403", "belum_masuk_404"],
    ),
    but(
        switch("gerbang_html_401", "isi_401", refusals::gateway_page),
        &["belum_masuk_403", "belum_masuk_404"],
    ),
    switch("metode_501", "metode", answers::unknown_method_501),
    switch("tolak_kutip_400", "cari", answers::quotes_400),
    switch("cari_abaikan_tanda", "cari", answers::search_without_marks),
    switch("cari_potong_kutip", "cari", answers::search_cut_at_quote),
    switch("angka_lunak", "angka", answers::lenient_numbers),
    switch("id_acak", "id", identity::random_ids),
    switch("id_berjarak", "id", identity::ids_with_gaps),
    but(
        switch("nomor_sama_id", "nomor", identity::number_is_id),
        &["lacak_ringkas"],
    ),
    switch("nama_anonim", "nama", identity::named_anonymous),
    switch("nama_samaran", "nama", identity::pseudonym),
    switch("identitas_tertutup_admin", "identitas", identity::hidden_from_admin),
    switch("tampak_belakangan", "tampak", course::visible_later),
    but(
        switch("verifikasi_otomatis", "verifikasi", course::automatic_verification),
        &["lacak_ringkas"],
    ),
    switch("lacak_ringkas", "lacak", course::short_tracking),
    switch("penanganan_langsung", "penanganan", course::direct_handling),
    switch("komentar_sesudah_final", "komentar", course::comments_after_the_end),
    switch("arsip_selesai", "arsip", course::closed_are_filed),
    switch("terbit_tertutup", "terbit", course::closed_to_strangers),
    switch("halaman_kursor", "halaman", pages::cursor),
    switch("halaman_tautan", "halaman", pages::link),
    switch("halaman_offset", "halaman", pages::offset),
    switch("ukuran_dipotong", "ukuran", pages::clamped),
    but(
        switch("ukuran_tetap", "ukuran", pages::fixed_size),
        &["halaman_kursor", "halaman_tautan", "halaman_offset"],
    ),
    switch("urut_terlama", "urut", pages::oldest_first),
    but(
        switch("akhir_404", "akhir", pages::end_404),
        &["halaman_kursor", "halaman_tautan"],
    ),
    but(
        switch("kirim_publik", "pengirim", submitting::public_submissions),
        &["id_di_location", "id_dalam_teks"],
    ),
    switch("saran_klasifikasi", "saran", submitting::suggested_classification),
    switch("kolom_tambahan", "kolom", shapes::more_fields),
    switch("kolom_pilihan_kosong", "kolom", shapes::fewer_fields),
    but(
        switch("amplop_hasil", "amplop", shapes::envelope),
        &["peristiwa_sendiri"],
    ),
    switch("waktu_utc", "waktu_tulis", shapes::times_in_utc),
    switch("waktu_wit", "waktu_tulis", shapes::times_in_the_east),
    // Its entry is made up by the reader's side of the list, and knows no other order.
    but(
        switch("peristiwa_sendiri", "peristiwa", shapes::own_event),
        &["riwayat_terbaru_dulu"],
    ),
    but(
        switch("satu_media", "media", shapes::one_media_type),
        &["id_di_location", "id_dalam_teks"],
    ),
    switch("teks_nfc", "bentuk_normal", texts::composed),
    switch("teks_crlf", "ujung_baris", texts::crlf),
    switch("teks_dipangkas", "ujung_teks", texts::trimmed),
    switch("gambar_diolah", "gambar", attachments::processed_images),
    switch("unduh_dialihkan", "unduh", attachments::redirected_downloads),
    switch("isian_400", "kode_isian", inputs::invalid_400),
    switch("kanal_ditetapkan", "kanal", channels::set_by_server),
    switch("isian_asing_422", "isian_asing", inputs::strict_members_422),
    switch("surel_diabaikan", "surel", inputs::bad_mail_ignored),
    switch("saringan_ketat", "saringan", filters::strict),
    switch("saringan_subkategori", "subkategori", filters::with_children),
    switch("riwayat_terbaru_dulu", "urut_riwayat", chronicle::newest_first),
    but(
        switch("riwayat_tambahan", "peristiwa", chronicle::further_entries),
        &["riwayat_terbaru_dulu"],
    ),
    switch("pelaku_samaran", "pelaku", chronicle::by_unit),
    switch("oleh_unit", "oleh", answering::signed_by_the_unit),
    switch("jawaban_terbaru_dulu", "urut_jawaban", answering::newest_answer_first),
    but(
        switch("lacak_status_saja", "lacak", answering::tracking_without_texts),
        &["nomor_sama_id"],
    ),
    switch("tutup_dengan_jawaban", "tutup", answering::closing_answers),
    switch("galat_anggota_tambahan", "galat_anggota", errors::further_members),
    switch("galat_isian_larik", "galat_isian", errors::fields_as_list),
    switch("galat_isian_peta", "galat_isian", errors::fields_as_map),
    switch("galat_401_kosong", "galat_401", errors::bare_401),
    but(switch("hilang_410", "hilang", errors::gone_410), &["asing_403"]),
    switch("alih_308", "alih", errors::canonical_308),
    switch("galat_nilai_tersamar", "galat_nilai", errors::masked_value),
    switch("gerbang_429_html", "gerbang", errors::gateway_429),
    switch("token_opak", "token", tokens::opaque),
    switch("token_introspeksi", "token", tokens::introspected),
    switch("token_jwe", "token", tokens::encrypted),
];

/// What the statement must say where a switch is on, beyond what that of the plain sandbox says: the tables and the values
/// that the switch declares. Two switches that declare the same cannot stand together, for a statement says each thing once.
pub fn declares(switch: &Switch) -> Result<BTreeSet<String>, Problem> {
    let plain = said(&Assembly::honest(None)?);
    let (mut assembly, mut counters) = (Assembly::honest(None)?, Counters::default());
    (switch.install)(&mut assembly, counters.of(switch.name));
    Ok(said(&assembly).difference(&plain).cloned().collect())
}

/// The tables and the names of values that the statement says by itself.
fn said(assembly: &Assembly) -> BTreeSet<String> {
    let declared = &assembly.declared;
    let tables = declared.binding.iter().flat_map(|text| text.lines());
    let tables = tables.filter(|line| line.starts_with('[') && !line.starts_with("[[api."));
    // `[[ikatan.operasi.x.langkah]]` and `[ikatan.operasi.x]` are about the same operation.
    let operation = |line: &str| line.trim_matches(['[', ']']).trim_end_matches(".langkah").to_owned();
    let values = declared.values.iter().chain(&declared.policy);
    let values = values
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().to_owned());
    tables.map(operation).chain(values).collect()
}

/// Turns the named ones on.
pub(super) fn install(names: &[String], assembly: &mut Assembly, counters: &mut Counters) -> Result<(), SandboxError> {
    let find = |name: &String| SWITCHES.iter().find(|switch| switch.name == name.as_str());
    let chosen = names
        .iter()
        .map(|name| find(name).ok_or_else(|| SandboxError::UnknownVariant(name.clone())));
    let chosen = chosen.collect::<Result<Vec<_>, _>>()?;
    for (place, one) in chosen.iter().enumerate() {
        let clash = |other: &&&Switch| {
            other.axis == one.axis || one.excludes.contains(&other.name) || other.excludes.contains(&one.name)
        };
        if let Some(other) = chosen.iter().skip(place + 1).find(clash) {
            return Err(SandboxError::Exclusive(one.name, other.name));
        }
    }
    for switch in chosen {
        (switch.install)(assembly, counters.of(switch.name));
    }
    Ok(())
}
