//! `laik new-requirement ID`: writes the template of an entry and of a scenario that `laik lint` refuses until they
//! are filled, and prints what is to be done next. For those who write the standard.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::catalogue::Refusal;
use crate::catalogue::{Catalogue, FORMAT, Files, RequirementId, UNFILLED};
use crate::domain::phrase::Lang;
use crate::phrase;

/// Arguments of `laik new-requirement`.
#[derive(Debug, Args)]
pub struct NewRequirementArgs {
    /// Kode persyaratan baru / identifier of the new requirement, such as KM-14
    pub id: RequirementId,
    /// Klausul tempatnya / clause file without ending, such as 3_akses; made where it does not exist
    #[arg(long, value_name = "NOMOR_TOPIK")]
    pub klausul: String,
    /// Direktori standar / directory of the standard
    #[arg(long = "standar", value_name = "DIR", default_value = "features")]
    pub directory: PathBuf,
}

/// Writes the templates and prints the numbered steps.
pub fn run(args: &NewRequirementArgs, lang: Lang, out: &mut dyn Write) -> Result<(), Refusal> {
    let (id, clause) = (args.id, args.klausul.as_str());
    let files = Files::read(&args.directory)?;
    if let Some(there) = Catalogue::of(&files)?.find(id) {
        let (path, line) = (&there.place.path, there.place.line);
        return Err(Refusal::Usage(phrase!(
            "{id} sudah ada di {path}:{line}",
            "{id} already stands at {path}:{line}"
        )));
    }
    let well = clause
        .split_once('_')
        .is_some_and(|(number, topic)| number.parse::<u8>().is_ok() && !topic.is_empty())
        && clause
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !well {
        let area = id.area().id();
        let there: Vec<&str> = files
            .clauses()
            .filter_map(|file| file.path().strip_prefix(area)?.strip_prefix('/')?.strip_suffix(".toml"))
            .collect();
        let there = there.join(", ");
        return Err(Refusal::Usage(phrase!(
            "`--klausul` ditulis <nomor>_<topik>; yang ada pada {area}: {there}",
            "`--klausul` is written <number>_<topic>; there are in {area}: {there}"
        )));
    }
    let beside = args.directory.join(id.area().id()).join(clause);
    let entry = extend(&beside.with_extension("toml"), &clause_head(), &entry(id))?;
    let scenario = extend(&beside.with_extension("feature"), &feature_head(), &scenario(id))?;
    let (toml, feature) = (
        beside.with_extension("toml").display().to_string(),
        beside.with_extension("feature").display().to_string(),
    );
    for (number, step) in steps(id, &format!("{toml}:{entry}"), &format!("{feature}:{scenario}"))
        .iter()
        .enumerate()
    {
        writeln!(out, "{}. {}", number + 1, step.text(lang))?;
    }
    Ok(())
}

/// Appends to a file, or makes it with a head; gives the line where the new part begins.
fn extend(path: &Path, head: &str, part: &str) -> std::io::Result<usize> {
    let before = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => head.to_owned(),
        Err(error) => return Err(error),
    };
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let before = before.trim_end().to_owned() + "\n\n";
    std::fs::write(path, format!("{before}{part}"))?;
    Ok(before.lines().count() + 1)
}

fn clause_head() -> String {
    format!(
        "format = \"{FORMAT}\"\n\n[klausul]\nid = \"{UNFILLED} judul klausul\"\nen = \"{UNFILLED} title of the clause\"\n"
    )
}

fn feature_head() -> String {
    format!("# language: id\n# {UNFILLED} apa yang diatur klausul ini.\nFitur: {UNFILLED} judul klausul\n")
}

fn entry(id: RequirementId) -> String {
    let text = |what: &str, en: &str| format!("id = \"{UNFILLED} {what}\"\nen = \"{UNFILLED} {en}\"\n");
    let title = text("judul pendek", "short title");
    let norm = text("siapa HARUS atau TIDAK BOLEH apa", "who MUST or MUST NOT do what");
    let source = text(
        "peraturan dengan pasal, atau rekayasa; tandanya menyebut seberapa pasti",
        "rule with article, or engineering; the mark says how sure",
    );
    let judged = text(
        "apa yang diamati; lulus bila, gagal bila, tak tentu bila",
        "what is observed; pass when, fail when, inconclusive when",
    );
    let remedy = text("apa yang diperbaiki pengembang", "what the developer corrects");
    let defect = text(
        "satu cacat yang harus digagalkan persyaratan ini",
        "one defect that this requirement must fail",
    );
    let variant = text("satu cara lain yang sah", "one other lawful way");
    format!(
        "# {line}\n[[persyaratan]]\nkode = \"{id}\"\ntingkat = \"wajib\"\nprofil = \"mandiri\"\nkapabilitas = \"-\"\nmetode = \"aktif\"\nfase = \"tulis\"\nlajur = \"sejajar\"\nintrusif = false\nkonfirmasi = \"ulang\"\nrujukan = []\n\n\
         [persyaratan.judul]\n{title}\n[persyaratan.norma]\n{norm}\n[[persyaratan.dasar]]\n{source}tanda = \"rekayasa\"\n\n\
         [persyaratan.dinilai]\n{judged}\n[persyaratan.perbaikan]\n{remedy}\n[[persyaratan.cacat]]\nkode = \"{id}a\"\njenis = \"aplikasi\"\n{defect}\n\
         [[persyaratan.varian]]\n{variant}sakelar = [\"isi_nama_sakelar\"]\n",
        line = "-".repeat(117),
    )
}

fn scenario(id: RequirementId) -> String {
    format!(
        "  @{id}\n  Skenario: {UNFILLED} satu perilaku {id}, dilihat dari luar\n    Diketahui {UNFILLED} apa yang harus berdiri sebelumnya\n    Ketika {UNFILLED} siapa melakukan apa\n    Maka {UNFILLED} siapa melihat apa\n"
    )
}

fn steps(id: RequirementId, entry: &str, scenario: &str) -> Vec<crate::domain::Phrase> {
    vec![
        phrase!(
            "Isi entri di {entry}; jangan mengarang pasal.",
            "Fill the entry at {entry}; never invent an article."
        ),
        phrase!(
            "Tulis skenario di {scenario}, sedapatnya dengan kalimat yang sudah ada; `laik lint` menunjukkan yang belum.",
            "Write the scenario at {scenario}, with existing sentences where they fit; `laik lint` shows what is missing."
        ),
        phrase!(
            "Kalimat baru: definisi dengan padanan Inggris di src/steps/ (langkah tipis, tanpa penilaian).",
            "A new sentence: a definition with its English gloss in src/steps/ (a thin step, no judging)."
        ),
        phrase!(
            "Penilai baru: fungsi murni di src/oracle/ dengan satu pertukaran yang patuh dan satu yang melanggar sebagai uji.",
            "A new oracle: a pure function in src/oracle/ with one conforming and one violating exchange as tests."
        ),
        phrase!(
            "Pasang cacat {id}a dan sakelar varian di src/sandbox/, masing-masing dengan penghitung.",
            "Install the defect {id}a and the variant switches in src/sandbox/, each with a counter."
        ),
        phrase!(
            "`UPDATE=1 cargo test` memperbarui daftar berkas, docs/coverage.md, dan daftar pengenal; periksa perbedaannya.",
            "`UPDATE=1 cargo test` refreshes the list of files, docs/coverage.md and the list of identifiers; review the difference."
        ),
        phrase!(
            "`laik lint`, lalu `laik selftest --only {id}`: cacatnya tertangkap, variannya lulus.",
            "`laik lint`, then `laik selftest --only {id}`: its defects are caught, its variants pass."
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Names;
    use crate::feature::lint::lint;

    fn standard() -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for file in Files::embedded().0 {
            let path = directory.path().join(file.path());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file.text()).unwrap();
        }
        directory
    }

    fn add(directory: &Path, id: &str, clause: &str) -> Result<String, Refusal> {
        let args = NewRequirementArgs {
            id: id.parse().unwrap(),
            klausul: clause.to_owned(),
            directory: directory.to_owned(),
        };
        let mut out = Vec::new();
        run(&args, Lang::Id, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn faults(directory: &Path) -> Vec<String> {
        let files = Files::read(directory).unwrap();
        lint(&files, None, &Names::default())
            .0
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn the_template_is_refused_until_it_is_filled() {
        let directory = standard();
        let printed = add(directory.path(), "KM-14", "3_akses").unwrap();
        assert!(
            printed.starts_with("1. Isi entri di ") && printed.contains("7. `laik lint`"),
            "{printed}"
        );
        let found = faults(directory.path());
        assert!(
            found.iter().any(|fault| fault.contains("KM-14 masih berisi `ISI:`")),
            "{found:#?}"
        );
        assert!(
            found
                .iter()
                .filter(|fault| fault.contains("langkah masih berisi `ISI:`"))
                .count()
                == 3,
            "{found:#?}"
        );
        for name in ["keamanan/3_akses.toml", "keamanan/3_akses.feature"] {
            let path = directory.path().join(name);
            let text = std::fs::read_to_string(&path).unwrap().replace(UNFILLED, "isi");
            std::fs::write(path, text).unwrap();
        }
        assert_eq!(
            faults(directory.path()),
            Vec::<String>::new(),
            "a filled template is a sound requirement"
        );
    }

    #[test]
    fn the_places_that_are_printed_are_those_of_the_template() {
        let directory = standard();
        let printed = add(directory.path(), "KM-14", "3_akses").unwrap();
        let place = printed
            .lines()
            .nth(1)
            .unwrap()
            .split([' ', ','])
            .find(|word| word.contains(".feature:"))
            .unwrap()
            .to_owned();
        let (path, line) = place.rsplit_once(':').unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.lines().nth(line.parse::<usize>().unwrap() - 1), Some("  @KM-14"));
    }

    #[test]
    fn a_new_clause_gets_both_files() {
        let directory = standard();
        add(directory.path(), "KM-44", "8_komunikasi").unwrap();
        assert!(
            Catalogue::load(directory.path())
                .unwrap()
                .find("KM-44".parse().unwrap())
                .is_some()
        );
        assert!(
            faults(directory.path())
                .iter()
                .any(|fault| fault.contains("KM-44 masih berisi"))
        );
    }

    #[test]
    fn an_identifier_or_clause_that_cannot_be_is_refused() {
        let directory = standard();
        let refusal = add(directory.path(), "KM-07", "2_sesi").unwrap_err().to_string();
        assert!(
            refusal.contains("KM-07 sudah ada di keamanan/2_sesi.toml:"),
            "{refusal}"
        );
        for clause in ["sesi", "../x_y", "2_", "2_A"] {
            let refusal = add(directory.path(), "KM-14", clause).unwrap_err().to_string();
            assert!(refusal.contains("2_sesi, 3_akses, 4_masukan"), "{refusal}");
        }
    }
}
