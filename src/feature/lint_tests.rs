//! Each guard of the lint is shown to bite.

use regex::Regex;

use super::*;

/// A dictionary of patterns, all kinds alike.
struct Dictionary(Vec<&'static str>);

impl StepIndex for Dictionary {
    fn matching(&self, _: &str, text: &str) -> Result<Vec<Form>, String> {
        if text.ends_with("terbang") {
            return Err("terbang".to_owned());
        }
        Ok(self
            .forms()
            .into_iter()
            .filter(|form| Regex::new(&form.pattern).unwrap().is_match(text))
            .collect())
    }

    fn forms(&self) -> Vec<Form> {
        self.0
            .iter()
            .map(|pattern| Form {
                pattern: (*pattern).to_owned(),
                place: format!("kamus:{pattern}"),
            })
            .collect()
    }
}

const FEATURE: &str = "\
# language: id
Fitur: Contoh

  @DT-19
  Skenario konsep: Baris <apa>
    Ketika <apa> dikirim
    Maka <apa> tampak

    Contoh: Satu
      | apa  |
      | satu |
      | dua  |
";

fn files(feature: &str) -> Files {
    let embedded = Files::embedded();
    let entry = embedded
        .0
        .iter()
        .find(|file| file.path() == "data/6_daftar.toml")
        .unwrap();
    // The first entry of the clause alone, DT-19.
    let head = entry
        .text()
        .split("[[persyaratan]]")
        .take(2)
        .collect::<Vec<_>>()
        .join("[[persyaratan]]");
    let files = [("data/6_x.feature", feature), ("data/6_x.toml", head.as_str())];
    Files(files.map(|(path, text)| StandardFile::new(path, text)).to_vec())
}

fn found(files: &Files, patterns: &[&'static str]) -> Vec<String> {
    let dictionary = Dictionary(patterns.to_vec());
    lint(files, Some(&dictionary), &Names::default())
        .0
        .iter()
        .map(Diagnosis::to_string)
        .collect()
}

/// The sound feature with one text replaced.
fn broken(from: &str, to: &str) -> Vec<String> {
    assert!(FEATURE.contains(from));
    found(&files(&FEATURE.replacen(from, to, 1)), SENTENCES)
}

const SENTENCES: &[&str] = &["^(satu|dua|tiga) dikirim$", "^.* tampak$"];

#[track_caller]
fn bites(found: &[String], part: &str) {
    assert!(
        found.iter().any(|fault| fault.contains(part)),
        "no fault with {part:?} in {found:#?}"
    );
}

#[test]
fn a_sound_standard_has_no_fault_and_is_counted() {
    let (found, counts) = lint(
        &files(FEATURE),
        Some(&Dictionary(SENTENCES.to_vec())),
        &Names::default(),
    );
    assert_eq!(found, []);
    assert_eq!(
        counts,
        Counts {
            requirements: 1,
            files: 1,
            scenarios: 1,
            rows: 2
        }
    );
}

#[test]
fn the_embedded_standard_has_no_fault() {
    let (found, counts) = lint(&Files::embedded(), None, &Names::default());
    assert!(found.is_empty(), "{found:#?}");
    assert!(counts.requirements >= 9 && counts.rows > 100, "{counts:?}");
}

#[test]
fn a_step_without_definition_bites_in_every_row() {
    bites(
        &broken("| dua  |", "| lima |"),
        "data/6_x.feature:6:5: kalimat ini tidak ada dalam kamus: ketika \"lima dikirim\"",
    );
}

#[test]
fn two_definitions_for_one_sentence_bite() {
    let found = found(
        &files(FEATURE),
        &["^(satu|dua) dikirim$", "^dua dikirim$", "^.* tampak$"],
    );
    bites(
        &found,
        "lebih dari satu definisi cocok dengan \"dua dikirim\"; persempit salah satunya: kamus:^(satu|dua) dikirim$, kamus:^dua dikirim$",
    );
}

#[test]
fn a_definition_that_nobody_uses_bites() {
    bites(
        &found(&files(FEATURE), &["^(satu|dua) dikirim$", "^.* tampak$", "^lama$"]),
        "definisi `^lama$` tidak dipakai",
    );
}

#[test]
fn a_dictionary_that_grows_too_large_bites() {
    let many: Vec<&'static str> = SENTENCES
        .iter()
        .copied()
        .chain(std::iter::repeat_n("^x$", 200))
        .collect();
    bites(&found(&files(FEATURE), &many), "202 kalimat dalam kamus");
}

#[test]
fn an_unknown_claim_bites() {
    bites(
        &broken(
            "Maka <apa> tampak",
            "Maka <apa> tampak\n    Dan <apa> tampak, bila mengklaim terbang",
        ),
        "`bila … terbang` tidak dikenal",
    );
}

#[test]
fn a_hidden_observation_bites() {
    bites(
        &broken("Maka <apa> tampak", "Maka persyaratan <apa> terpenuhi"),
        "menyembunyikan apa yang diamati",
    );
    bites(
        &broken("Maka <apa> tampak", "Maka <apa> sesuai standar"),
        "menyembunyikan apa yang diamati",
    );
    bites(
        &broken("Maka <apa> tampak", "Maka GET <apa> tampak"),
        "\"GET\" adalah bahasa HTTP",
    );
    bites(
        &broken("Maka <apa> tampak", "Maka $.data.<apa> tampak"),
        "adalah bahasa HTTP",
    );
}

#[test]
fn tags_name_requirements_of_the_clause_beside() {
    bites(&broken("@DT-19", "@lambat"), "`@lambat` bukan pengenal persyaratan");
    bites(&broken("@DT-19", "@DT-99"), "DT-99 tidak ada dalam katalog");
    bites(&broken("@DT-19", "@DT-99"), "DT-19 tidak mempunyai skenario");
    let mut two = files(FEATURE);
    two.0[1] = StandardFile::new("data/7_y.toml", two.0[1].text());
    bites(&found(&two, SENTENCES), "entri DT-19 berada di data/7_y.toml");
}

#[test]
fn titles_and_labels_are_unique() {
    bites(
        &broken("      | dua  |\n", "      | satu |\n"),
        "baris \"satu\" dua kali pada DT-19",
    );
    let again = "      | dua  |\n\n  @DT-19\n  Skenario konsep: Baris <apa>\n    Ketika <apa> dikirim\n    Maka <apa> tampak\n\n    Contoh: Dua\n      | apa  |\n      | tiga |\n";
    bites(&broken("      | dua  |\n", again), "judul ini sudah ada di baris 5");
}

#[test]
fn a_file_holds_no_more_rows_than_the_parser_bears() {
    let rows: String = (0..200)
        .map(|row| ["      | ", &row.to_string(), " |\n"].concat())
        .collect();
    bites(&broken("      | dua  |\n", &rows), "201 baris dalam satu berkas");
}

#[test]
fn files_come_in_pairs_with_names_of_one_form() {
    let mut files = files(FEATURE);
    files.0.push(StandardFile::new(
        "data/7_lain.feature",
        FEATURE.replace("DT-19", "DT-20"),
    ));
    bites(&found(&files, SENTENCES), "tidak ada data/7_lain.toml di sebelahnya");
    files.0.push(StandardFile::new("data/daftar.toml", "[[persyaratan]]"));
    bites(&found(&files, SENTENCES), "nama berkas tidak menurut bentuknya");
}

#[test]
fn faults_of_structure_and_of_entries_are_told_together() {
    let mut files = files(&FEATURE.replace("Maka", "maka"));
    files.0[1] = StandardFile::new("data/6_x.toml", files.0[1].text().replace("wajib", "wajip"));
    let found = found(&files, SENTENCES);
    bites(&found, "`Maka` salah");
    bites(&found, "mungkin maksud Anda `wajib`");
}
