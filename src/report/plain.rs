//! The summary for a terminal or a log: plain text, colour only when told, no wider than told.

use std::fmt::Write as _;

use super::model::Model;
use super::requirement::{LegView, RequirementView, RowView};
use super::visible::bounded;
use crate::catalogue::Level;
use crate::domain::Phrase;
use crate::verdict::{Decision, Verdict};

/// How to write.
#[derive(Debug, Clone)]
pub struct Style {
    /// Whether ANSI colours may stand in the text.
    pub colour: bool,
    /// Columns; at least 40 are used.
    pub width: usize,
    /// Where the reader finds the whole report; the last line names it.
    pub report: Option<String>,
}

/// Most groups of legs that are told; the report has every leg.
const LEGS: usize = 24;

/// Most of them of one requirement.
const REQUIREMENT: usize = 4;

/// Longest text of one leg, in characters; the report has the whole.
const VALUE: usize = 400;

/// Renders a model as text.
pub fn plain(model: &Model, style: &Style) -> String {
    let mut page = Page {
        model,
        style,
        text: String::new(),
        width: style.width.clamp(40, 160),
    };
    page.head();
    page.decision();
    page.counts();
    page.findings();
    page.foot();
    page.text
}

/// Legs of one row that saw the same.
struct Alike<'a> {
    first: &'a LegView,
    others: Vec<&'a str>,
}

impl Alike<'_> {
    /// The keys of the others, at most four of them.
    fn named(&self) -> String {
        let shown = self.others.iter().take(4).copied().collect::<Vec<_>>().join(", ");
        let left = self.others.len().saturating_sub(4);
        if left > 0 {
            format!("{shown}, … (+{left})")
        } else {
            shown
        }
    }
}

/// The legs of a row that did not pass, gathered by what they saw.
fn alike(row: &RowView) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    let open = |id: &str| id != Verdict::Pass.id() && id != Verdict::NotApplicable.id();
    for leg in row.legs.iter().filter(|leg| open(leg.verdict.id)) {
        match groups
            .iter_mut()
            .find(|group| group.first.verdict == leg.verdict && group.first.actual == leg.actual)
        {
            Some(group) => group.others.push(&leg.key),
            None => groups.push(Alike {
                first: leg,
                others: Vec::new(),
            }),
        }
    }
    groups
}

struct Page<'a> {
    model: &'a Model,
    style: &'a Style,
    text: String,
    width: usize,
}

impl Page<'_> {
    fn word(&self, id: &str, en: &str) -> String {
        Phrase::new(id, en).text(self.model.lang).to_owned()
    }

    fn head(&mut self) {
        let model = self.model;
        let (target, standard) = (&model.target, &model.standard);
        let application = self.word("Aplikasi", "Application");
        let address = self.word("Alamat", "Address");
        let profile = self.word("Profil", "Profile");
        let of = self.word(
            &format!(
                "{} dari {} persyaratan, revisi {}",
                standard.implemented, standard.whole, standard.revision
            ),
            &format!(
                "{} of {} requirements, revision {}",
                standard.implemented, standard.whole, standard.revision
            ),
        );
        self.labelled(
            &application,
            &format!("{} {} · {}", target.name, target.version, target.agency),
            0,
        );
        self.labelled(&address, &format!("{} ({})", target.base_url, target.environment), 0);
        self.labelled(&profile, &format!("{} · {of}", model.profile.word), 0);
        self.text.push('\n');
    }

    fn decision(&mut self) {
        let model = self.model;
        let colour = match Decision::by_id(model.decision.id) {
            Some(Decision::Laik) => GREEN,
            Some(Decision::TidakLaik) => RED,
            _ => YELLOW,
        };
        let word = self.painted(&model.decision.word.to_uppercase(), colour);
        let _ = writeln!(self.text, "{word}");
        self.wrapped(&model.decision.sentence, 0, "");
        for cause in &model.decision.causes {
            self.wrapped(cause, 2, "- ");
        }
        if let Some(automatic) = &model.decision_automatic {
            let label = self.word("Tanpa yang menunggu tinjauan", "Without what waits for a review");
            self.wrapped(&format!("{label}: {}", automatic.word), 0, "");
        }
        self.text.push('\n');
    }

    fn counts(&mut self) {
        let model = self.model;
        let (mandatory, recommended) = (self.word("wajib", "mandatory"), self.word("dianjurkan", "recommended"));
        let _ = writeln!(self.text, "{:18}{mandatory:>11}{recommended:>13}", "");
        for count in model.counts.iter().filter(|count| count.total > 0) {
            let word = self.painted(
                &format!("{} {:16}", symbol(count.verdict.tone), count.verdict.word),
                ink(count.verdict.tone),
            );
            let _ = writeln!(self.text, "{word}{:>11}{:>13}", count.mandatory, count.recommended);
        }
        self.text.push('\n');
    }

    fn findings(&mut self) {
        let model = self.model;
        let open = |verdict: &str| verdict != Verdict::Pass.id() && verdict != Verdict::NotApplicable.id();
        let mut requirements: Vec<&RequirementView> = model
            .requirements()
            .filter(|r| open(r.verdict.id) || !r.warnings.is_empty())
            .collect();
        requirements.sort_by_key(|r| {
            (
                r.level.id != Level::Wajib.id(),
                r.verdict.id == Verdict::Pass.id(),
                r.verdict.id != Verdict::Fail.id(),
            )
        });
        let mut left = LEGS;
        let mut untold = 0;
        for requirement in requirements {
            if left == 0 {
                untold += 1;
                continue;
            }
            self.requirement(requirement, &mut left);
        }
        if untold > 0 {
            let line = self.word(
                &format!("… dan {untold} persyaratan lagi dalam laporan."),
                &format!("… and {untold} more requirements in the report."),
            );
            let _ = writeln!(self.text, "{line}\n");
        }
    }

    fn requirement(&mut self, requirement: &RequirementView, left: &mut usize) {
        let verdict = &requirement.verdict;
        let mark = self.painted(
            &format!("{} {}", symbol(verdict.tone), requirement.id),
            ink(verdict.tone),
        );
        let _ = writeln!(
            self.text,
            "{mark} {} ({}, {})",
            requirement.title, requirement.level.word, verdict.word
        );
        for note in [&verdict.why, &requirement.note]
            .into_iter()
            .chain(&requirement.warnings)
        {
            if !note.is_empty() {
                self.wrapped(note, 2, "");
            }
        }
        let mut here = REQUIREMENT.min(*left);
        let before = here;
        // What failed comes first; what does not apply is told by the report alone.
        let settled = |row: &&RowView| row.verdict.id != Verdict::NotApplicable.id();
        let mut rows: Vec<&RowView> = requirement.rows.iter().filter(settled).collect();
        rows.sort_by_key(|row| row.verdict.id != Verdict::Fail.id());
        for row in rows {
            let groups = alike(row);
            if !groups.is_empty() || row.halted.is_some() {
                if here == 0 {
                    let more = self.word("… lainnya dalam laporan.", "… more in the report.");
                    self.wrapped(&more, 2, "");
                    break;
                }
                self.row(row, &groups, &mut here);
            }
        }
        *left -= before - here;
        self.text.push('\n');
    }

    fn row(&mut self, row: &RowView, groups: &[Alike<'_>], left: &mut usize) {
        self.wrapped(&format!("{} · {}", row.label, row.id), 2, "");
        if let Some(halted) = &row.halted {
            let label = self.word("terhenti", "halted");
            self.labelled(&label, &format!("{} — {}", halted.text, halted.phrase), 4);
            *left = left.saturating_sub(1);
        }
        for (index, group) in groups.iter().enumerate() {
            if *left == 0 {
                let more: usize = groups.iter().skip(index).map(|group| 1 + group.others.len()).sum();
                let line = self.word(
                    &format!("… dan {more} kaki lagi dalam laporan."),
                    &format!("… and {more} more legs in the report."),
                );
                self.wrapped(&line, 4, "");
                return;
            }
            *left -= 1;
            self.leg(group);
        }
    }

    fn leg(&mut self, group: &Alike<'_>) {
        let leg = group.first;
        let mark = format!("{} {}", symbol(leg.verdict.tone), leg.verdict.word);
        let mark = self.painted(&mark, ink(leg.verdict.tone));
        let _ = writeln!(self.text, "    {mark} {}", leg.key);
        let labels = [
            self.word("serupa", "alike"),
            self.word("sebab", "reason"),
            self.word("diharapkan", "expected"),
            self.word("terlihat", "seen"),
            self.word("bukti", "evidence"),
            self.word("ulangi", "repeat"),
        ];
        let evidence: Vec<String> = leg.evidence.iter().map(|evidence| evidence.seq.to_string()).collect();
        let act = if leg.curl.is_empty() { "" } else { &leg.curl_act };
        let texts = [
            &group.named(),
            &leg.verdict.why,
            &leg.expected,
            &leg.actual,
            &evidence.join(", "),
            &act.to_owned(),
        ];
        for (label, text) in labels.iter().zip(texts) {
            if !text.is_empty() {
                self.labelled(label, &bounded(text, VALUE), 6);
            }
        }
        for line in leg.curl.lines() {
            let _ = writeln!(self.text, "      {line}");
        }
    }

    fn foot(&mut self) {
        if !self.model.certifiable {
            let label = self.word(
                "Belum dapat menjadi dasar sertifikat:",
                "Cannot be the basis of a certificate yet:",
            );
            let _ = writeln!(self.text, "{label}");
            for obstacle in &self.model.obstacles {
                self.wrapped(obstacle, 2, "- ");
            }
            self.text.push('\n');
        }
        if let Some(report) = &self.style.report {
            let label = self.word("Laporan", "Report");
            let _ = writeln!(self.text, "{label}: {}", super::visible::one_line(report));
        }
    }

    /// A label in a column of 12, and text that wraps beside it.
    fn labelled(&mut self, label: &str, text: &str, indent: usize) {
        self.wrapped(text, indent, &format!("{label:12}"));
    }

    /// Words in lines of the page's width; `first` stands before the first line, spaces before the others.
    fn wrapped(&mut self, text: &str, indent: usize, first: &str) {
        let hang = first.chars().count();
        let room = self.width.saturating_sub(indent + hang).max(20);
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut used = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if used > 0 && used + 1 + length > room {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
        lines.push(line);
        for (index, line) in lines.iter().enumerate() {
            let before = if index == 0 { first.to_owned() } else { " ".repeat(hang) };
            let whole = format!("{:indent$}{before}{line}", "");
            let _ = writeln!(self.text, "{}", whole.trim_end());
        }
    }

    fn painted(&self, text: &str, ink: &str) -> String {
        if self.style.colour {
            format!("\u{1b}[{ink}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

const GREEN: &str = "1;32";
const RED: &str = "1;31";
const YELLOW: &str = "1;33";

/// The symbol that stands beside a verdict's word.
fn symbol(tone: &str) -> char {
    match tone {
        "lulus" => '✓',
        "gagal" => '✗',
        "galat" => '!',
        "peringatan" => '△',
        "tidak-berlaku" => '–',
        "tidak-dijalankan" => '○',
        _ => '?',
    }
}

fn ink(tone: &str) -> &'static str {
    match tone {
        "lulus" => "32",
        "gagal" | "galat" => RED,
        "tidak-berlaku" => "2",
        _ => "33",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    fn style(colour: bool) -> Style {
        Style {
            colour,
            width: 100,
            report: Some("hasil/index.html".to_owned()),
        }
    }

    #[test]
    fn the_sample_reads_as_before() {
        insta::assert_snapshot!(plain(&sample::model(Lang::Id), &style(false)));
    }

    #[test]
    fn english_is_whole() {
        let text = plain(&sample::model(Lang::En), &style(false));
        assert!(
            text.contains("NOT FIT") && text.contains("expected") && !text.contains("diharapkan"),
            "{text}"
        );
    }

    /// The only escapes are ours, and without colour there is none.
    #[test]
    fn hostile_text_cannot_steer_the_terminal() {
        let acts = |text: &str| text.chars().filter(|c| super::super::visible::acts(*c)).count();
        let bare = plain(&sample::model(Lang::Id), &style(false));
        assert_eq!(acts(&bare), 0, "{bare:?}");
        let coloured = plain(&sample::model(Lang::Id), &style(true));
        assert_eq!(acts(&coloured), coloured.matches("\u{1b}[").count());
        assert!(bare.len() < 60_000, "a megabyte line was not bounded: {}", bare.len());
    }

    #[test]
    fn lines_keep_to_the_width_but_for_words_that_are_longer() {
        let text = plain(
            &sample::model(Lang::Id),
            &Style {
                colour: false,
                width: 72,
                report: None,
            },
        );
        for line in text
            .lines()
            .filter(|line| !line.trim_start().starts_with(['-', '\'', '"']))
        {
            let longest = line
                .split_whitespace()
                .map(|word| word.chars().count())
                .max()
                .unwrap_or_default();
            assert!(
                line.chars().count() <= 72 || longest > 40 || line.contains("curl") || line.starts_with('✗'),
                "{line}"
            );
        }
    }
}
