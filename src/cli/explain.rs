//! `laik explain ID`: one requirement whole: norm, sources with how sure they are, how it is judged, its scenarios,
//! what to do when it fails, its defects and variants.

use std::io::{self, Write};

use clap::Args;

use super::catalogue::{Loaded, Refusal, StandardArgs};
use super::example::example;
use crate::catalogue::{Requirement, RequirementId};
use crate::domain::Phrase;
use crate::domain::phrase::Lang;
use crate::feature::dictionary::english;
use crate::feature::plan::{PlannedRow, rows};
use crate::phrase;
use crate::source::{SourceFile, nearest};

/// Arguments of `laik explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Kode persyaratan / identifier of the requirement, such as KM-07
    pub id: String,
    /// Tanpa contoh dari bak pasir / without the example from the sandbox
    #[arg(long)]
    pub ringkas: bool,
    #[command(flatten)]
    pub(super) standard: StandardArgs,
}

/// Prints the requirement.
pub fn run(args: &ExplainArgs, lang: Lang, out: &mut dyn Write) -> Result<(), Refusal> {
    let standard = args.standard.load()?;
    let id = args.id.to_uppercase().parse::<RequirementId>();
    let found = id.ok().and_then(|id| standard.catalogue.find(id));
    let Some(requirement) = found else {
        return Err(Refusal::Usage(unknown(&standard, &args.id)));
    };
    let mut page = Page { lang, out };
    page.entry(requirement)?;
    page.scenarios(&standard, requirement.id)?;
    page.selftest(requirement)?;
    if !args.ringkas && args.standard.directory.is_none() {
        page.example(&standard, requirement)?;
    }
    Ok(())
}

fn unknown(standard: &Loaded, id: &str) -> Phrase {
    let id: String = id.chars().filter(|c| !c.is_control()).take(40).collect();
    let all: Vec<String> = standard
        .catalogue
        .requirements
        .iter()
        .map(|requirement| requirement.id.to_string())
        .collect();
    let near = nearest(&id, all.iter().map(String::as_str))
        .map(|near| format!(" {near}?"))
        .unwrap_or_default();
    let all = all.join(", ");
    phrase!(
        "`{id}` tidak ada dalam revisi ini.{near} Yang ada: {all}",
        "`{id}` is not in this revision.{near} There are: {all}"
    )
}

struct Page<'a> {
    lang: Lang,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn entry(&mut self, requirement: &Requirement) -> io::Result<()> {
        let lang = self.lang;
        writeln!(self.out, "{} {}", requirement.id, requirement.title.text(lang))?;
        let level = requirement.level.phrase();
        let profile = requirement.profile.phrase();
        let method = requirement.method.phrase();
        let (level, profile, method) = (level.text(lang), profile.text(lang), method.text(lang));
        let facts = phrase!(
            "{level} · profil {profile} · penilaian {method}",
            "{level} · profile {profile} · judged by {method} means"
        );
        writeln!(self.out, "{}", facts.text(lang))?;
        writeln!(self.out, "{}", requirement.clause.text(lang))?;
        if !requirement.capability.0.is_empty() {
            let claims: Vec<String> = requirement
                .capability
                .0
                .iter()
                .map(|any| any.iter().map(|one| one.id()).collect::<Vec<_>>().join(" / "))
                .collect();
            let claims = claims.join(", ");
            writeln!(
                self.out,
                "{}",
                phrase!("berlaku bila mengklaim {claims}", "applies where claimed: {claims}").text(lang)
            )?;
        }
        if requirement.intrusive {
            writeln!(
                self.out,
                "{}",
                phrase!(
                    "intrusif: hanya dengan --intrusif pada staging",
                    "intrusive: only with --intrusif on staging"
                )
                .text(lang)
            )?;
        }
        self.section(&phrase!("Norma", "Norm"))?;
        self.paragraph("  ", requirement.norm.text(lang))?;
        self.section(&phrase!("Dasar", "Sources"))?;
        for source in &requirement.sources {
            let mark = source.mark.phrase();
            self.item(&format!("{} [{}]", source.text.text(lang), mark.text(lang)))?;
        }
        for fact in &requirement.unverified {
            let fact = fact.text(lang);
            self.item(phrase!("Belum diverifikasi: {fact}", "Not verified: {fact}").text(lang))?;
        }
        if !requirement.references.is_empty() {
            self.section(&phrase!("Rujukan", "References"))?;
            self.paragraph("  ", &requirement.references.join(", "))?;
        }
        self.section(&phrase!("Cara menilai", "How it is judged"))?;
        self.paragraph("  ", requirement.judged.text(lang))?;
        self.section(&phrase!("Bila gagal", "When it fails"))?;
        self.paragraph("  ", requirement.remedy.text(lang))
    }

    /// The scenarios as written; in English also each step of the first row by its gloss.
    fn scenarios(&mut self, standard: &Loaded, id: RequirementId) -> io::Result<()> {
        self.section(&phrase!("Skenario", "Scenarios"))?;
        for file in standard.files.with_extension("feature") {
            for text in written(file, id) {
                writeln!(self.out, "{text}\n")?;
            }
        }
        if self.lang == Lang::En {
            let mut named = None;
            for row in rows(&standard.features, id) {
                let scenario = row.steps.first().map(|step| step.line);
                if std::mem::replace(&mut named, scenario) != scenario {
                    self.gloss(&row)?;
                }
            }
        }
        Ok(())
    }

    fn gloss(&mut self, row: &PlannedRow) -> io::Result<()> {
        writeln!(self.out, "  In English, row \"{}\":", row.label)?;
        for step in &row.steps {
            let keyword = match step.kind.as_str() {
                "diketahui" => "Given",
                "ketika" => "When",
                _ => "Then",
            };
            let text = english(&step.kind, &step.text).unwrap_or_else(|| step.text.clone());
            writeln!(self.out, "    {keyword} {text}")?;
        }
        writeln!(self.out)
    }

    fn selftest(&mut self, requirement: &Requirement) -> io::Result<()> {
        let lang = self.lang;
        self.section(&phrase!(
            "Cacat aplikasi contoh yang harus digagalkannya",
            "Defects of the sandbox that it must fail"
        ))?;
        for defect in &requirement.defects {
            let also = defect
                .also
                .iter()
                .map(RequirementId::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            let also = if also.is_empty() {
                String::new()
            } else {
                phrase!(" (juga {also})", " (also {also})").text(lang).to_owned()
            };
            self.item(&format!("{} {}{also}", defect.id, defect.text.text(lang)))?;
        }
        self.section(&phrase!(
            "Varian sah yang tidak boleh digagalkannya",
            "Lawful variants that it must not fail"
        ))?;
        for variant in &requirement.variants {
            let switches = variant.switches.join(", ");
            let switches = if switches.is_empty() {
                String::new()
            } else {
                format!(" [{switches}]")
            };
            let note = variant
                .note
                .as_ref()
                .map(|note| format!(" {}", note.text(lang)))
                .unwrap_or_default();
            self.item(&format!("{}{switches}{note}", variant.text.text(lang)))?;
        }
        Ok(())
    }

    /// What the requirement says about the sandbox with its first defect. An example that cannot be made is told.
    fn example(&mut self, standard: &Loaded, requirement: &Requirement) -> io::Result<()> {
        let made = example(requirement, &standard.embedded(), self.lang);
        let (defect, text) = match made {
            Ok(Some(made)) => made,
            Ok(None) => return Ok(()),
            Err(error) => {
                let error = error.text;
                let told = phrase!(
                    "Contoh tidak dapat dibuat: {error}",
                    "No example could be made: {error}"
                );
                return writeln!(self.out, "\n{}", told.text(self.lang));
            }
        };
        let id = requirement.id;
        self.section(&phrase!(
            "Contoh temuan (bak pasir dengan cacat {defect}; seluruhnya: laik run --sandbox --defect {defect} {id})",
            "Example of a finding (sandbox with defect {defect}; the whole: laik run --sandbox --defect {defect} {id})"
        ))?;
        self.out.write_all(text.as_bytes())
    }

    fn section(&mut self, title: &Phrase) -> io::Result<()> {
        writeln!(self.out, "\n{}", title.text(self.lang))
    }

    fn item(&mut self, text: &str) -> io::Result<()> {
        self.paragraph("  - ", text)
    }

    /// Text wrapped to `WIDTH`; the first line begins with the lead, the others with as many blanks.
    fn paragraph(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let mut line = lead.to_owned();
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && line.chars().count() + word.chars().count() >= WIDTH {
                writeln!(self.out, "{line}")?;
                line = " ".repeat(lead.chars().count());
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        writeln!(self.out, "{line}")
    }
}

/// The text of each scenario of a requirement, from its tag to the line before the next tag, comments at its end left out.
fn written(file: &SourceFile, id: RequirementId) -> Vec<String> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut inside = false;
    for number in 1..=file.lines() {
        let line = file.line(number);
        if line.trim_start().starts_with('@') {
            inside = line.trim().strip_prefix('@') == Some(id.to_string().as_str());
            if inside {
                found.push(Vec::new());
            }
        } else if inside && let Some(scenario) = found.last_mut() {
            scenario.push(line);
        }
    }
    for scenario in &mut found {
        while scenario
            .last()
            .is_some_and(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
        {
            scenario.pop();
        }
    }
    found.into_iter().map(|lines| lines.join("\n")).collect()
}

/// Columns of a wrapped line.
const WIDTH: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(id: &str, lang: Lang) -> Result<String, Refusal> {
        let mut out = Vec::new();
        run(
            &ExplainArgs {
                id: id.to_owned(),
                ringkas: true,
                standard: StandardArgs::default(),
            },
            lang,
            &mut out,
        )?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_requirement_is_explained_whole_in_both_languages() {
        let joined = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wrapped = printed("km-07", Lang::Id).unwrap();
        let lines = wrapped.lines().filter(|line| !line.contains('|'));
        assert!(
            lines.map(|line| line.chars().count()).all(|count| count <= WIDTH),
            "{wrapped}"
        );
        let indonesian = joined(wrapped);
        for part in [
            "KM-07 Tanda tangan token diverifikasi",
            "HARUS memverifikasi",
            "[terverifikasi pada teks utama dan data publik]",
            "Skenario konsep: Token yang <ubahan> ditolak",
            "| bertanda tangan nol semua",
            "KM-07b Isi token dibaca tanpa verifikasi. (juga KM-08)",
            "[token_jwe]",
        ] {
            assert!(indonesian.contains(part), "{part:?} is missing in:\n{indonesian}");
        }
        let english = joined(printed("KM-07", Lang::En).unwrap());
        for part in [
            "Token signatures are verified",
            "MUST verify",
            "When it fails",
            "(also KM-08)",
        ] {
            assert!(english.contains(part), "{part:?} is missing in:\n{english}");
        }
    }

    #[test]
    fn the_example_shows_expected_seen_exchange_and_curl() {
        let mut out = Vec::new();
        let args = ExplainArgs {
            id: "TK-20".to_owned(),
            ringkas: false,
            standard: StandardArgs::default(),
        };
        run(&args, Lang::Id, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let example = text
            .split_once("Contoh temuan (bak pasir dengan cacat TK-20a")
            .unwrap()
            .1;
        for part in ["diharapkan", "terlihat", "HTTP 500", "curl --silent"] {
            assert!(example.contains(part), "{part:?} is missing in:\n{example}");
        }
    }

    #[test]
    fn what_is_from_memory_is_said_to_be_unverified() {
        let text = printed("PB-02", Lang::Id).unwrap();
        assert!(
            text.contains("[dari ingatan, belum terverifikasi]") && text.contains("Belum diverifikasi: "),
            "{text}"
        );
    }

    #[test]
    fn only_the_scenarios_of_the_requirement_are_shown() {
        let text = printed("PB-04", Lang::Id).unwrap();
        assert!(text.contains("Dua puluh pengaduan yang dikirim serentak") && !text.contains("Tanda terima menunjuk"));
        let text = printed("PB-02", Lang::Id).unwrap();
        assert!(
            !text.contains("Dua puluh pengaduan") && !text.contains("# Kategori keempat"),
            "{text}"
        );
    }

    #[test]
    fn an_unknown_identifier_is_refused_with_what_there_is() {
        let refusal = printed("KM-70", Lang::Id).unwrap_err().render(Lang::Id, false);
        assert!(
            refusal.contains("KM-0") && refusal.contains("? Yang ada: PB-01, PB-02"),
            "{refusal}"
        );
        assert!(
            printed("\u{1b}[31m", Lang::Id)
                .unwrap_err()
                .render(Lang::En, false)
                .starts_with("`[31m` is not in")
        );
    }
}
