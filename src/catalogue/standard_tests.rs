//! Tests of the loader: places and suggestions, the embedded list, the snapshot of identifiers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::*;
use crate::catalogue::{Names, check};
use crate::domain::Capability as C;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The faults of one clause file.
fn faults(text: &str) -> Vec<String> {
    let files = Files(vec![StandardFile::new("proses-bisnis/2_x.toml", text)]);
    match Catalogue::of(&files) {
        Ok(catalogue) => check(&catalogue, &files, &Names::default())
            .iter()
            .map(Diagnosis::to_string)
            .collect(),
        Err(errors) => errors.0.iter().map(Diagnosis::to_string).collect(),
    }
}

/// An embedded clause with one text replaced.
fn broken(from: &str, to: &str) -> Vec<String> {
    let text = Files::embedded()
        .0
        .into_iter()
        .find(|file| file.path() == "proses-bisnis/2_penerimaan.toml")
        .unwrap();
    assert!(text.text().contains(from), "the entry no longer holds {from:?}");
    faults(&text.text().replacen(from, to, 1))
}

#[track_caller]
fn bites(found: &[String], part: &str) {
    assert!(
        found.iter().any(|fault| fault.contains(part)),
        "no fault with {part:?} in {found:#?}"
    );
}

#[test]
fn the_embedded_list_is_the_directory() {
    let directory = Files::read(&root().join("features")).unwrap();
    let mut list = String::from(
        "//! The files of the standard inside the program. `UPDATE=1 cargo test embedded` writes this list anew.\n//! Knows nothing of what they say.\n\n/// Path below `features/` and text of each file, in the order of paths.\npub const FILES: &[(&str, &str)] = &[\n",
    );
    for file in &directory.0 {
        let path = file.path();
        writeln!(list, "    (\"{path}\", include_str!(\"../../features/{path}\")),").unwrap();
    }
    list.push_str("];\n");
    let place = root().join("src/catalogue/embedded.rs");
    let update = std::env::var_os("UPDATE").is_some();
    if update {
        // The list that is compiled in changes with the next build; only then can it be compared.
        return std::fs::write(&place, &list).unwrap();
    }
    let squeeze = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let written = std::fs::read_to_string(place).unwrap();
    assert_eq!(
        squeeze(&written),
        squeeze(&list),
        "src/catalogue/embedded.rs is stale: UPDATE=1 cargo test embedded"
    );
    for (file, (path, text)) in directory.0.iter().zip(FILES) {
        assert_eq!((file.path(), file.text()), (*path, *text));
    }
}

/// Identifiers are permanent and never used again: `identifiers.txt` only grows. `UPDATE=1` adds what is new and never
/// takes away.
#[test]
fn the_identifiers_are_permanent() {
    let catalogue = Catalogue::embedded().unwrap();
    let mut ids: BTreeSet<String> = catalogue
        .requirements
        .iter()
        .flat_map(|one| std::iter::once(one.id.to_string()).chain(one.defects.iter().map(|defect| defect.id.clone())))
        .collect();
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/identifiers.txt");
    let known = std::fs::read_to_string(place).unwrap();
    let lost: Vec<_> = known.lines().filter(|id| !ids.contains(*id)).collect();
    assert!(lost.is_empty(), "identifiers that were given before are gone: {lost:?}");
    let new = ids.iter().any(|id| !known.lines().any(|line| line == id));
    if new && std::env::var_os("UPDATE").is_some() {
        ids.extend(known.lines().map(str::to_owned));
        let text = ids.into_iter().collect::<Vec<_>>().join("\n") + "\n";
        return std::fs::write(place, text).unwrap();
    }
    assert!(!new, "identifiers.txt is stale: UPDATE=1 cargo test identifiers");
}

#[test]
fn the_standard_itself_has_no_fault() {
    let files = Files::embedded();
    let found = check(&Catalogue::of(&files).unwrap(), &files, &Names::default());
    assert!(found.is_empty(), "{}", CatalogueErrors(found).render(Lang::En, false));
}

#[test]
fn every_fault_has_its_line_and_column() {
    let found = faults("format = \"1.0\"\n\n[klausul]\nid = \"a\"\nen = 7\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("proses-bisnis/2_x.toml:5:6: "), "{}", found[0]);
    let found = faults("format = \"1.0\"\n[klausul\nid = \"a\"\n");
    assert!(
        found[0].starts_with("proses-bisnis/2_x.toml:2:") && found[0].contains("bukan TOML yang sah"),
        "{}",
        found[0]
    );
}

#[test]
fn an_unknown_key_is_an_error_with_a_suggestion() {
    bites(
        &broken("tingkat = \"wajib\"", "tingkatt = \"wajib\""),
        "mungkin maksud Anda `tingkat`",
    );
    bites(
        &broken("tingkat = \"wajib\"", "tingkat = \"wajib\"\nwarna = \"biru\""),
        "kunci `warna` tidak dikenal",
    );
    bites(&broken("tingkat = \"wajib\"\n", ""), "kunci `tingkat` tidak ada");
}

#[test]
fn words_come_from_closed_lists() {
    bites(
        &broken("tingkat = \"wajib\"", "tingkat = \"wajip\""),
        "mungkin maksud Anda `wajib`",
    );
    bites(
        &broken("kapabilitas = \"-\"", "kapabilitas = \"anonm\""),
        "mungkin maksud Anda `anonim`",
    );
    bites(&broken("tanda = \"M\"", "tanda = \"pasti\""), "`pasti` tidak dikenal");
    bites(
        &broken("format = \"1.0\"", "format = \"2.0\""),
        "format `2.0` tidak dikenal",
    );
    bites(
        &broken("intrusif = false", "intrusif = \"tidak\""),
        "jenis nilai `intrusif` salah",
    );
}

#[test]
fn identifiers_are_well_formed_unique_and_in_their_directory() {
    bites(
        &broken("kode = \"PB-02\"", "kode = \"PB-2\""),
        "bukan pengenal persyaratan",
    );
    bites(
        &broken("kode = \"PB-02\"", "kode = \"KM-02\""),
        "tidak berada di direktori areanya",
    );
    let text = Files::embedded()
        .0
        .into_iter()
        .find(|file| file.path() == "data/6_daftar.toml")
        .unwrap();
    let twice = Files(
        ["data/6_a.toml", "data/6_b.toml"]
            .map(|path| StandardFile::new(path, text.text()))
            .to_vec(),
    );
    let found = Catalogue::of(&twice).unwrap_err().to_string();
    assert!(
        found.starts_with("data/6_b.toml:9:1: DT-19 sudah ada di data/6_a.toml:9"),
        "{found}"
    );
    bites(
        &broken("kode = \"PB-02a\"", "kode = \"PB-04a\""),
        "bukan cacat persyaratan ini",
    );
    bites(&broken("kode = \"PB-02c\"", "kode = \"PB-02f\""), "beri kode PB-02c");
}

#[test]
fn both_languages_must_be_there() {
    bites(
        &broken("en = \"What is acknowledged is stored, under its own number\"\n", ""),
        "kunci `en` tidak ada",
    );
    bites(&broken("en = \"Intake of complaints\"", "en = \" \""), "`en` kosong");
}

#[test]
fn memory_is_shown_as_unverified_and_a_variant_has_a_switch_or_a_reason() {
    let text = Files::embedded()
        .0
        .into_iter()
        .find(|file| file.path() == "proses-bisnis/2_penerimaan.toml")
        .unwrap();
    let start = text.text().find("[[persyaratan.belum_diverifikasi]]").unwrap();
    let end = start + text.text()[start..].find("[[persyaratan.cacat]]").unwrap();
    let without = format!("{}{}", &text.text()[..start], &text.text()[end..]);
    bites(&faults(&without), "bertanda M tanpa `belum_diverifikasi`");
    bites(
        &broken("sakelar = [\"tampak_belakangan\"]\n", ""),
        "varian tanpa sakelar dan tanpa catatan",
    );
}

#[test]
fn names_of_other_parts_are_held_against_the_entries() {
    let files = Files::embedded();
    let catalogue = Catalogue::of(&files).unwrap();
    let names = Names {
        switches: Some(BTreeSet::default()),
        defects: Some(BTreeSet::default()),
    };
    let found: Vec<String> = check(&catalogue, &files, &names)
        .iter()
        .map(Diagnosis::to_string)
        .collect();
    bites(&found, "memakai sakelar `tampak_belakangan` yang tidak ada");
    bites(&found, "tidak dapat memasang cacat PB-02a");
}

#[test]
fn a_directory_without_a_standard_is_an_error() {
    let empty = tempfile::tempdir().unwrap();
    let found = Catalogue::load(empty.path()).unwrap_err();
    bites(
        &found.0.iter().map(Diagnosis::to_string).collect::<Vec<_>>(),
        "tidak ada berkas standar",
    );
    assert!(
        Catalogue::load(&empty.path().join("absent"))
            .unwrap_err()
            .to_string()
            .contains("tidak terbaca")
    );
    assert_eq!(
        Catalogue::load(&root().join("features")).unwrap().requirements,
        Catalogue::embedded().unwrap().requirements
    );
}

#[test]
fn capability_expressions_are_read_as_the_convention_says() {
    let files = Files::embedded();
    let text = files
        .0
        .iter()
        .find(|file| file.path() == "proses-bisnis/7_kerahasiaan.toml")
        .unwrap();
    let text = text.text().replace(
        "kapabilitas = \"anonim\"",
        "kapabilitas = \"anonim, hub_keluar / hub_tarik\"",
    );
    let catalogue = Catalogue::of(&Files(vec![StandardFile::new("proses-bisnis/7_x.toml", text)])).unwrap();
    let expression = &catalogue.requirements[0].capability;
    assert_eq!(
        expression.unmet(|claimed| claimed == C::Anonim).as_deref(),
        Some("hub_keluar / hub_tarik")
    );
    assert_eq!(
        expression.unmet(|claimed| [C::Anonim, C::HubTarik].contains(&claimed)),
        None
    );
}
