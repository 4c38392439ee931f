//! What must hold between features, catalogue and step definitions: nothing undefined, ambiguous, unused or hidden.
//! Knows the definitions by [`StepIndex`] alone.

use std::collections::{BTreeMap, BTreeSet};

use gherkin::Scenario;

use super::plan::{kind, label, scenarios};
use super::{ParsedFeature, parse_all, structure};
use crate::catalogue::{Catalogue, Files, Names, RequirementId, StandardFile, UNFILLED, check};
use crate::domain::{Area, Phrase};
use crate::phrase;
use crate::source::Diagnosis;

/// The dictionary of sentences, as the lint asks it.
pub trait StepIndex {
    /// The definitions that match a step with prefix and suffix; `kind` is `diketahui`, `ketika` or `maka`.
    /// `Err` names a word after `bila` that is neither capability nor operation.
    fn matching(&self, kind: &str, text: &str) -> Result<Vec<Form>, String>;

    /// Every definition.
    fn forms(&self) -> Vec<Form>;
}

/// One definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    /// Its pattern.
    pub pattern: String,
    /// Where it stands, `src/steps/x.rs:12`.
    pub place: String,
}

/// What a lint looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requirements.
    pub requirements: usize,
    /// Feature files.
    pub files: usize,
    /// Scenarios, an outline counted once.
    pub scenarios: usize,
    /// Scenarios with every row counted.
    pub rows: usize,
}

/// Every fault of a standard, and what was looked at. Later checks need the earlier ones: they run on sound files only.
pub fn lint(files: &Files, index: Option<&dyn StepIndex>, names: &Names) -> (Vec<Diagnosis>, Counts) {
    let mut found: Vec<Diagnosis> = files.with_extension("feature").flat_map(structure::check).collect();
    found.extend(files.0.iter().filter_map(pair(files)));
    let catalogue = Catalogue::of(files).map_err(|errors| found.extend(errors.0)).ok();
    let sources: Vec<StandardFile> = files.with_extension("feature").cloned().collect();
    let features = parse_all(&sources).ok();
    let (Some(catalogue), Some(features)) = (catalogue, features) else {
        return (found, Counts::default());
    };
    found.extend(check(&catalogue, files, names));
    let mut linter = Linter {
        files,
        catalogue: &catalogue,
        index,
        found,
        used: BTreeSet::new(),
    };
    for parsed in &features {
        linter.feature(parsed);
    }
    linter.requirements(&features);
    linter.definitions();
    let count = |of: fn(&ParsedFeature) -> usize| features.iter().map(of).sum();
    let counts = Counts {
        requirements: catalogue.requirements.len(),
        files: features.len(),
        scenarios: count(|parsed| scenarios(&parsed.written).count()),
        rows: count(|parsed| scenarios(&parsed.feature).count()),
    };
    (linter.found, counts)
}

struct Linter<'a> {
    files: &'a Files,
    catalogue: &'a Catalogue,
    index: Option<&'a dyn StepIndex>,
    found: Vec<Diagnosis>,
    used: BTreeSet<Form>,
}

impl Linter<'_> {
    fn say(&mut self, path: &str, line: usize, text: Phrase, advice: Phrase) {
        let file = self.files.0.iter().find(|file| file.path() == path);
        self.found.push(match file {
            Some(file) => file.line_diagnosis(line, text, advice),
            None => Diagnosis::of_file(path, text, advice),
        });
    }

    fn feature(&mut self, parsed: &ParsedFeature) {
        let path = parsed.path.as_str();
        let mut names = BTreeMap::new();
        for (_, _, scenario) in scenarios(&parsed.written) {
            self.tag(path, scenario);
            let line = scenario.position.line;
            if let Some(before) = names.insert(scenario.name.as_str(), line) {
                let text = phrase!(
                    "judul ini sudah ada di baris {before}",
                    "this title already stands at line {before}"
                );
                self.say(path, line, text, phrase!("beri judul lain", "give it another title"));
            }
            if scenario.name.contains(UNFILLED) {
                let text = phrase!("judul masih berisi `{UNFILLED}`", "the title still holds `{UNFILLED}`");
                self.say(path, line, text, phrase!("tulis judulnya", "write the title"));
            }
            for step in &scenario.steps {
                if let Some((text, advice)) = hidden(kind(step.ty), &step.value) {
                    self.say(path, step.position.line, text, advice);
                }
            }
        }
        let rows = scenarios(&parsed.feature).count();
        if rows > MAX_ROWS {
            let text = phrase!("{rows} baris dalam satu berkas", "{rows} rows in one file");
            self.say(
                path,
                1,
                text,
                phrase!("pisahkan; paling banyak {MAX_ROWS}", "split it; at most {MAX_ROWS}"),
            );
        }
        self.steps(parsed);
    }

    /// A scenario names a requirement of the clause file beside it.
    fn tag(&mut self, path: &str, scenario: &Scenario) {
        let line = scenario.position.line;
        let tag = scenario.tags.first().map(String::as_str).unwrap_or_default();
        let Ok(id) = tag.parse::<RequirementId>() else {
            let text = phrase!(
                "`@{tag}` bukan pengenal persyaratan",
                "`@{tag}` is no requirement identifier"
            );
            return self.say(
                path,
                line,
                text,
                phrase!("tulis misalnya `@PB-02`", "write `@PB-02`, say"),
            );
        };
        let Some(requirement) = self.catalogue.find(id) else {
            let text = phrase!("{id} tidak ada dalam katalog", "{id} is not in the catalogue");
            let advice = phrase!(
                "tambahkan entrinya dalam berkas .toml di sebelahnya",
                "add its entry to the .toml file beside"
            );
            return self.say(path, line, text, advice);
        };
        let (own, beside) = (&requirement.place.path, path.replace(".feature", ".toml"));
        if *own != beside {
            let text = phrase!("entri {id} berada di {own}", "the entry of {id} stands in {own}");
            self.say(
                path,
                line,
                text,
                phrase!("pindahkan skenario ke klausul itu", "move the scenario to that clause"),
            );
        }
    }

    /// Every step, with every row's words in it, matches exactly one definition.
    fn steps(&mut self, parsed: &ParsedFeature) {
        let Some(index) = self.index else { return };
        let mut seen = BTreeSet::new();
        for (feature, rule, scenario) in scenarios(&parsed.feature) {
            let before = [feature, rule]
                .into_iter()
                .flatten()
                .flat_map(|background| &background.steps);
            for step in before.chain(&scenario.steps) {
                if !seen.insert((kind(step.ty), step.position.line, step.value.clone())) {
                    continue;
                }
                let (line, text) = (step.position.line, &step.value);
                match index.matching(kind(step.ty), text) {
                    Ok(forms) if forms.len() == 1 => self.used.extend(forms),
                    Ok(forms) if forms.is_empty() => {
                        let word = kind(step.ty);
                        let what = phrase!(
                            "kalimat ini tidak ada dalam kamus: {word} \"{text}\"",
                            "this sentence is not in the dictionary: {word} \"{text}\""
                        );
                        let advice = phrase!(
                            "pakai kalimat yang ada, atau tambahkan definisinya di src/steps/",
                            "use an existing sentence, or add its definition in src/steps/"
                        );
                        self.say(&parsed.path, line, what, advice);
                    }
                    Ok(forms) => {
                        let places = forms
                            .iter()
                            .map(|form| form.place.as_str())
                            .collect::<Vec<_>>()
                            .join(", ");
                        let what = phrase!(
                            "lebih dari satu definisi cocok dengan \"{text}\"",
                            "more than one definition matches \"{text}\""
                        );
                        self.say(
                            &parsed.path,
                            line,
                            what,
                            phrase!("persempit salah satunya: {places}", "narrow one of them: {places}"),
                        );
                        self.used.extend(forms);
                    }
                    Err(word) => {
                        let what = phrase!("`bila … {word}` tidak dikenal", "`bila … {word}` is not known");
                        let advice = phrase!(
                            "tulis kapabilitas sesudah `mengklaim`, operasi sesudah `terikat`",
                            "write a capability after `mengklaim`, an operation after `terikat`"
                        );
                        self.say(&parsed.path, line, what, advice);
                    }
                }
            }
        }
    }

    /// Every requirement has a scenario, and its rows have labels of their own.
    fn requirements(&mut self, features: &[ParsedFeature]) {
        for requirement in &self.catalogue.requirements {
            let tag = requirement.id.to_string();
            let mut labels = BTreeSet::new();
            for parsed in features {
                for (_, _, scenario) in
                    scenarios(&parsed.feature).filter(|(_, _, scenario)| scenario.tags.contains(&tag))
                {
                    let label = label(scenario);
                    if !labels.insert(label.clone()) {
                        let text = phrase!(
                            "baris \"{label}\" dua kali pada {tag}",
                            "the row \"{label}\" twice in {tag}"
                        );
                        self.say(
                            &parsed.path,
                            scenario.position.line,
                            text,
                            phrase!("hapus salah satunya", "remove one of them"),
                        );
                    }
                }
            }
            if labels.is_empty() {
                let text = phrase!("{tag} tidak mempunyai skenario", "{tag} has no scenario");
                let beside = requirement.place.path.replace(".toml", ".feature");
                let advice = phrase!(
                    "tulis skenario bertanda @{tag} di {beside}",
                    "write a scenario tagged @{tag} in {beside}"
                );
                self.say(&requirement.place.path, requirement.place.line, text, advice);
            }
        }
    }

    /// Every definition is used, and the dictionary stays learnable.
    fn definitions(&mut self) {
        let Some(index) = self.index else { return };
        let forms = index.forms();
        for form in forms.iter().filter(|form| !self.used.contains(*form)) {
            let (pattern, place) = (&form.pattern, &form.place);
            let text = phrase!(
                "definisi `{pattern}` tidak dipakai fitur mana pun",
                "no feature uses the definition `{pattern}`"
            );
            self.found.push(Diagnosis::of_file(
                place,
                text,
                phrase!("hapus definisi itu", "remove that definition"),
            ));
        }
        let count = forms.len();
        if count > MAX_SENTENCES {
            let text = phrase!("{count} kalimat dalam kamus", "{count} sentences in the dictionary");
            let advice = phrase!(
                "satukan yang serupa; paling banyak {MAX_SENTENCES}",
                "join similar ones; at most {MAX_SENTENCES}"
            );
            self.found.push(Diagnosis::of_file("src/steps", text, advice));
        }
    }
}

/// `<number>_<topic>.feature` and `.toml` in the directory of an area, always both; a table of inputs stands alone.
fn pair(files: &Files) -> impl Fn(&StandardFile) -> Option<Diagnosis> + '_ {
    move |file| {
        let path = file.path();
        if files.tables().any(|table| table.path() == path) && !file.text().contains("[[persyaratan]]") {
            return None;
        }
        let (stem, extension) = path.rsplit_once('.')?;
        let (area, name) = stem.split_once('/').unwrap_or(("", stem));
        let (number, topic) = name.split_once('_').unwrap_or_default();
        let well = Area::by_id(area).is_some()
            && number.parse::<u8>().is_ok()
            && !topic.is_empty()
            && topic
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
        let other = if extension == "toml" { "feature" } else { "toml" };
        let beside = format!("{stem}.{other}");
        if !well {
            let text = phrase!(
                "nama berkas tidak menurut bentuknya",
                "the file's name has not the right form"
            );
            let advice = phrase!(
                "tulis <area>/<nomor>_<topik>, misalnya keamanan/3_akses",
                "write <area>/<number>_<topic>, such as keamanan/3_akses"
            );
            Some(Diagnosis::of_file(path, text, advice))
        } else if !files.0.iter().any(|file| file.path() == beside) {
            let text = phrase!("tidak ada {beside} di sebelahnya", "there is no {beside} beside it");
            Some(Diagnosis::of_file(
                path,
                text,
                phrase!("setiap klausul mempunyai keduanya", "every clause has both"),
            ))
        } else {
            None
        }
    }
}

/// A step that hides what is observed, or speaks of one application's wire instead of the model (gherkin.md).
fn hidden(kind: &str, text: &str) -> Option<(Phrase, Phrase)> {
    let lower = text.to_lowercase();
    if text.contains(UNFILLED) {
        let what = phrase!("langkah masih berisi `{UNFILLED}`", "the step still holds `{UNFILLED}`");
        return Some((what, phrase!("tulis kalimatnya", "write the sentence")));
    }
    if kind == "maka"
        && let Some(word) = VERDICTS.iter().find(|word| lower.contains(**word))
    {
        let what = phrase!(
            "\"{word}\" menyembunyikan apa yang diamati",
            "\"{word}\" hides what is observed"
        );
        return Some((
            what,
            phrase!(
                "tulis siapa melihat apa, dan apa yang salah",
                "write who sees what, and what would be a fault"
            ),
        ));
    }
    let wire = text
        .split([' ', ','])
        .find(|word| WIRE.contains(word) || MARKS.iter().any(|mark| word.contains(mark)));
    wire.map(|word| {
        let what = phrase!(
            "\"{word}\" adalah bahasa HTTP atau satu aplikasi",
            "\"{word}\" is the language of HTTP or of one application"
        );
        (
            what,
            phrase!(
                "pakai kata model: aktor, tindakan, status, bidang",
                "use the words of the model: actor, act, status, field"
            ),
        )
    })
}

/// Words of a *Maka* that give a verdict in place of an observation.
const VERDICTS: &[&str] = &[
    "persyaratan",
    "terpenuhi",
    "sesuai standar",
    "sesuai norma",
    "sesuai ketentuan",
    "sebagaimana mestinya",
    "lulus",
    "laik",
    "tanpa kesalahan",
    "semuanya benar",
    "hasilnya benar",
];

/// HTTP methods: no feature names one, except where the norm is about them, and then by a word of the model.
const WIRE: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];

/// Beginnings of JSON paths, addresses and markup.
const MARKS: &[&str] = &["$.", "://", "/api", "</", "{{"];

/// gherkin's parser grows faster than its input (style.md §4.7).
const MAX_ROWS: usize = 200;

/// Few enough that people know them. gherkin.md, *Words*, hopes for about 150 for the whole standard; the first forty
/// requirements already need more, for each has sentences of its own that say what was looked at.
const MAX_SENTENCES: usize = 200;

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
