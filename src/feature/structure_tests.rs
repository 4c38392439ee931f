//! Each guard of the structure check is shown to bite, and gherkin is shown to let most of it pass.

use std::collections::BTreeSet;

use super::*;

/// A sound feature; the cases change one thing in it.
const SOUND: &str = "\
# language: id
Fitur: Contoh

  # Keterangan.
  @PB-02
  Skenario: Pertama
    Diketahui awal
    Ketika langkah:
      | aktor |
      | admin |
    Maka hasil

  @PB-02
  Skenario konsep: Kedua <apa>
    Ketika <apa> dikirim
    Maka hasil
    Tetapi bukan lain

    Contoh: Satu
      | apa  |
      | satu |
      | dua  |
";

fn names(text: &str) -> Vec<(usize, &'static str)> {
    faults(&SourceFile::new("proses-bisnis/2_x.feature", text))
        .iter()
        .map(|(line, fault)| (*line, fault.name()))
        .collect()
}

/// The sound feature with one text replaced, and the fault that must be found at a line.
const CASES: &[(&str, &str, usize, &str)] = &[
    ("# language: id", "\u{feff}# language: id", 1, "Bom"),
    ("# language: id\n", "", 1, "Language"),
    ("# language: id", "# language: en", 1, "Language"),
    ("# Keterangan.", "# language: en", 4, "LanguageAgain"),
    ("Diketahui awal", "Diketahui\u{a0}awal", 7, "Invisible"),
    ("Diketahui awal", "Diketahui aw\u{200b}al", 7, "Invisible"),
    ("    Diketahui awal", "    diketahui awal", 7, "Keyword"),
    ("    Maka hasil\n\n", "    maka hasil\n\n", 11, "Keyword"),
    ("Diketahui awal", "Diketahui: awal", 7, "Keyword"),
    ("  Skenario: Pertama", "  skenario: Pertama", 6, "Keyword"),
    ("Diketahui awal", "Given awal", 7, "ForeignKeyword"),
    ("  Skenario: Pertama", "  Scenario: Pertama", 6, "ForeignKeyword"),
    ("Diketahui awal", "Bila awal", 7, "ForeignKeyword"),
    ("Diketahui awal", "* awal", 7, "ForeignKeyword"),
    ("Tetapi bukan lain", "Lalu bukan lain", 17, "ForeignKeyword"),
    ("# Keterangan.", "Dasar: peraturan", 4, "ForeignKeyword"),
    ("Diketahui awal", "Diketaui awal", 7, "Misspelt"),
    ("# Keterangan.", "Keterangan.", 4, "NoKeyword"),
    (
        "    Maka hasil\n\n",
        "    Maka hasil\n      \"\"\"json\n      {}\n      \"\"\"\n\n",
        12,
        "Docstring",
    ),
    ("Fitur: Contoh\n", "", 5, "NoFeature"),
    ("  # Keterangan.", "Fitur: Lain", 4, "FeatureAgain"),
    ("Skenario: Pertama", "Skenario:", 6, "NoTitle"),
    (
        "  @PB-02\n  Skenario: Pertama",
        "  @PB-02 @lain\n  Skenario: Pertama",
        5,
        "Tags",
    ),
    (
        "  @PB-02\n  Skenario: Pertama",
        "  @PB-02\n  @lain\n  Skenario: Pertama",
        6,
        "Tags",
    ),
    ("Fitur: Contoh", "@PB-02\nFitur: Contoh", 2, "TagHere"),
    ("  @PB-02\n  Skenario: Pertama", "  Skenario: Pertama", 5, "NoTag"),
    ("      | dua  |\n", "      | dua  |\n\n  @PB-02\n", 24, "LooseTag"),
    ("    Diketahui awal", "    @PB-02\n    Diketahui awal", 7, "LooseTag"),
    ("    Contoh: Satu", "    @PB-02\n    Contoh: Satu", 19, "ExamplesTag"),
    ("Skenario konsep: Kedua <apa>", "Skenario: Kedua", 19, "ExamplesAlone"),
    (
        "    Contoh: Satu\n",
        "    Contoh: Satu\n      # catatan\n",
        19,
        "ExamplesGap",
    ),
    (
        "\n    Contoh: Satu\n      | apa  |\n      | satu |\n      | dua  |\n",
        "",
        14,
        "NoExamples",
    ),
    ("  @PB-02\n  Skenario: Pertama\n", "", 5, "LooseStep"),
    ("    Diketahui awal", "    Dan awal", 7, "FirstStep"),
    ("    Maka hasil\n\n", "    Maka hasil\n    Ketika lagi\n\n", 12, "Order"),
    ("Diketahui awal", "Diketahui awal # catatan", 7, "Remark"),
    ("      | dua  |\n", "      | dua  |\n    Maka lagi\n", 23, "LateStep"),
    (
        "    Diketahui awal\n    Ketika langkah:\n      | aktor |\n      | admin |\n    Maka hasil\n",
        "",
        6,
        "Steps",
    ),
    (
        "    Diketahui awal\n",
        "    Diketahui a\n    Dan b\n    Dan c\n    Dan d\n    Dan e\n    Dan f\n    Dan g\n",
        6,
        "Steps",
    ),
    (
        "    Ketika langkah:\n      | aktor |\n      | admin |\n",
        "",
        6,
        "NoAct",
    ),
    (
        "    Ketika langkah:\n      | aktor |\n      | admin |\n",
        "    Ketika a, bila mengklaim cabut\n",
        6,
        "NoAct",
    ),
    ("    Maka hasil\n\n", "\n", 6, "NoFinding"),
    (
        "    Maka hasil\n\n",
        "    Maka kontrol: hasil\n    Dan peringatan: lain\n\n",
        6,
        "NoFinding",
    ),
    (
        "    Maka hasil\n\n",
        "    Maka hasil, bila terikat reply\n\n",
        6,
        "NoFinding",
    ),
    ("      | aktor |", "\n      | aktor |", 10, "LooseRow"),
    ("      | admin |", "      | admin", 10, "RowShape"),
    ("      | admin |", "      | ad\\min |", 10, "RowShape"),
    ("      | admin |", "      |  |", 10, "EmptyCell"),
    (
        "      | aktor |\n      | admin |",
        "      | a | a |\n      | b | c |",
        9,
        "ColumnAgain",
    ),
    ("      | admin |", "      | admin | lain |", 10, "Width"),
    ("      | admin |\n", "", 8, "HeaderAlone"),
    ("      | satu |\n      | dua  |\n", "", 19, "HeaderAlone"),
    ("Diketahui awal", "Diketahui <apa>", 7, "LoosePlaceholder"),
    ("Ketika <apa> dikirim", "Ketika <apa> dikirim <siapa>", 15, "NoColumn"),
    (
        "      | apa  |\n      | satu |\n      | dua  |",
        "      | apa | x |\n      | a | b |",
        20,
        "UnusedColumn",
    ),
];

#[test]
fn the_sound_feature_has_no_fault() {
    assert_eq!(names(SOUND), []);
    assert_eq!(names(&SOUND.replace('\n', "\r\n")), [], "CRLF is fine");
}

#[test]
fn every_guard_bites_at_its_line() {
    for (from, to, line, fault) in CASES {
        assert!(SOUND.contains(from), "{from:?} is not in the sound feature");
        let found = names(&SOUND.replacen(from, to, 1));
        assert!(
            found.contains(&(*line, *fault)),
            "{to:?}: no {fault} at line {line}, but {found:?}"
        );
    }
}

#[test]
fn every_fault_of_the_list_has_a_case() {
    let shown: BTreeSet<&str> = CASES.iter().map(|case| case.3).collect();
    let all: BTreeSet<&str> = Fault::NAMES.iter().copied().collect();
    assert_eq!(shown, all, "left: cases; right: faults");
}

#[test]
fn the_language_and_the_keyword_are_shown_with_file_line_and_advice() {
    let file = SourceFile::new(
        "proses-bisnis/2_x.feature",
        SOUND.replacen("Tetapi bukan lain", "Lalu bukan lain", 1),
    );
    let found = check(&file);
    insta::assert_snapshot!(
        "foreign_keyword",
        found[0].render(crate::domain::phrase::Lang::Id, false)
    );
}

#[test]
fn gherkin_alone_lets_such_features_pass_so_parse_refuses_them() {
    use gherkin::{Feature, GherkinEnv};
    let silent = CASES
        .iter()
        .filter(|(from, to, ..)| Feature::parse(SOUND.replacen(from, to, 1), GherkinEnv::new("id").unwrap()).is_ok());
    assert!(silent.count() > 25, "most guards exist because gherkin says nothing");
    for (from, to, ..) in CASES {
        let source = SourceFile::new("x.feature", SOUND.replacen(from, to, 1));
        assert!(crate::feature::parse(&source).is_err(), "{to:?} was parsed");
    }
}

#[test]
fn no_text_makes_the_check_panic() {
    for text in [
        "",
        "\n",
        "|",
        "||",
        "@",
        "#",
        "<",
        "a<b>c",
        "\u{feff}",
        "Contoh:",
        "Contoh:\n|",
        "Skenario:\n|a|\n",
        "Maka x\n| a |",
    ] {
        assert!(!names(text).is_empty(), "{text:?}");
    }
    for end in 0..SOUND.len() {
        if let Some(part) = SOUND.get(..end) {
            let _ = names(part);
        }
    }
}
