//! A summary in GitHub Flavored Markdown for the step summary of a CI job: decision, counts, what stands in the way.
//! Every text of a run is escaped, so that none of it is markup, a link or a mention.

use std::fmt::Write as _;

use super::model::{FindingView, Model};
use super::words::{VerdictView, plural};
use crate::domain::Phrase;

/// Most findings that are told in full. GitHub takes at most 1 MiB of a step summary.
const FINDINGS: usize = 60;
/// Most findings without consequence that are listed.
const NOTABLE: usize = 100;

/// Renders a model as Markdown.
pub fn markdown(model: &Model) -> Vec<u8> {
    let mut text = String::new();
    head(&mut text, model);
    counts(&mut text, model);
    blocking(&mut text, model);
    notable(&mut text, model);
    foot(&mut text, model);
    text.into_bytes()
}

/// A text that shows exactly itself, on one line, in Markdown and in HTML within Markdown.
///
/// A character reference stands for the character and never for markup (CommonMark 0.31, §2.5), so what could begin
/// markup, a link or a mention is written as one; the punctuation that is left means nothing where these texts stand.
pub(super) fn escaped(text: &str) -> String {
    let text = super::visible::one_line(text);
    let mut shown = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let plain = match character {
            ',' | ';' | '/' | '?' | '%' | '(' | '=' => true,
            // Begins a list at the beginning alone.
            '-' | '+' => !shown.is_empty(),
            ')' => shown.chars().any(|before| !before.is_ascii_digit()),
            // Within a word it may be an address.
            '.' => characters.peek().is_none_or(|next| next.is_whitespace()) && shown.contains(' '),
            _ => !character.is_ascii_punctuation(),
        };
        if plain {
            shown.push(character);
        } else {
            let _ = write!(shown, "&#{};", u32::from(character));
        }
    }
    shown
}

fn word(model: &Model, id: &str, en: &str) -> String {
    Phrase::new(id, en).text(model.lang).to_owned()
}

const fn symbol(verdict: &VerdictView) -> &'static str {
    match verdict.tone.as_bytes() {
        b"lulus" => "✅",
        b"gagal" => "❌",
        b"galat" => "💥",
        b"tidak-berlaku" => "➖",
        _ => "❓",
    }
}

fn head(text: &mut String, model: &Model) {
    let decision = &model.decision;
    let _ = writeln!(text, "## laik: {}\n", escaped(&decision.word));
    let _ = writeln!(text, "{}\n", escaped(&decision.sentence));
    for cause in &decision.causes {
        let _ = writeln!(text, "- {}", escaped(cause));
    }
    let target = &model.target;
    let _ = writeln!(
        text,
        "\n**{}**: {} {} · {} · {} ({})  ",
        word(model, "Aplikasi", "Application"),
        escaped(&target.name),
        escaped(&target.version),
        escaped(&target.agency),
        escaped(&target.base_url),
        escaped(&target.environment),
    );
    let _ = writeln!(
        text,
        "**{}**: {} · {} {} · laik {}\n",
        word(model, "Profil", "Profile"),
        escaped(&model.profile.word),
        word(model, "revisi standar", "revision of the standard"),
        escaped(&model.standard.revision),
        escaped(&model.run.laik),
    );
}

fn counts(text: &mut String, model: &Model) {
    let columns: Vec<String> = model.levels.iter().map(|level| escaped(&level.word)).collect();
    let _ = writeln!(
        text,
        "| {} | {} |\n|---|{}",
        word(model, "putusan", "verdict"),
        columns.join(" | "),
        "--:|".repeat(columns.len())
    );
    for count in model.counts.iter().filter(|count| count.total > 0) {
        let verdict = &count.verdict;
        let _ = writeln!(
            text,
            "| {} {} | {} | {} |",
            symbol(verdict),
            escaped(&verdict.word),
            count.mandatory,
            count.recommended
        );
    }
    text.push('\n');
}

fn blocking(text: &mut String, model: &Model) {
    if model.blocking.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "### {}\n",
        word(model, "Yang menghalangi", "What stands in the way")
    );
    for finding in model.blocking.iter().take(FINDINGS) {
        told(text, model, finding);
    }
    rest(text, model, model.blocking.len(), FINDINGS);
}

fn told(text: &mut String, model: &Model, finding: &FindingView) {
    let verdict = &finding.verdict;
    let _ = writeln!(
        text,
        "<details><summary>{} <b>{}</b> {} ({})</summary>\n",
        symbol(verdict),
        escaped(&finding.id),
        escaped(&finding.title),
        escaped(&verdict.word),
    );
    if !finding.norm.is_empty() {
        let _ = writeln!(text, "> {}\n", escaped(&finding.norm));
    }
    for seen in [&verdict.why].into_iter().chain(&finding.seen) {
        if !seen.is_empty() {
            let _ = writeln!(text, "- {}", escaped(seen));
        }
    }
    if finding.seen_left > 0 {
        let _ = writeln!(text, "- … (+{})", finding.seen_left);
    }
    if !finding.remedy.is_empty() {
        let remedy = word(model, "Perbaikan", "Remedy");
        let _ = writeln!(text, "\n**{remedy}**: {}", escaped(&finding.remedy));
    }
    text.push_str("\n</details>\n\n");
}

fn notable(text: &mut String, model: &Model) {
    if model.notable.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "### {}\n",
        word(
            model,
            "Patut dilihat, tidak menghalangi",
            "Worth a look, not in the way"
        )
    );
    for finding in model.notable.iter().take(NOTABLE) {
        let seen = finding.seen.first().map_or("", String::as_str);
        let _ = writeln!(
            text,
            "- {} **{}** {} {}",
            symbol(&finding.verdict),
            escaped(&finding.id),
            escaped(&finding.title),
            if seen.is_empty() {
                String::new()
            } else {
                format!("— {}", escaped(seen))
            },
        );
    }
    text.push('\n');
    rest(text, model, model.notable.len(), NOTABLE);
}

fn rest(text: &mut String, model: &Model, all: usize, most: usize) {
    let left = all.saturating_sub(most);
    if left > 0 {
        let more = Phrase::new(
            format!("… dan {left} lagi; lihat index.html dalam paket."),
            format!(
                "… and {left} more {}; see index.html of the pack.",
                plural(left, "requirement", "requirements")
            ),
        );
        let _ = writeln!(text, "{}\n", more.text(model.lang));
    }
}

fn foot(text: &mut String, model: &Model) {
    let about = word(
        model,
        "Ini laporan pengujian, bukan sertifikat. Rincian dan bukti: paket bukti",
        "This is a test report, not a certificate. Details and evidence: the evidence pack",
    );
    let run = &model.run;
    let _ = writeln!(
        text,
        "<sub>{about} {} · {} · {} · SHA-256 {}</sub>",
        escaped(&run.id),
        escaped(&run.started),
        escaped(&run.wall),
        escaped(&run.head),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    fn text(lang: Lang) -> String {
        String::from_utf8(markdown(&sample::model(lang))).unwrap()
    }

    #[test]
    fn the_sample_reads_as_before() {
        insta::assert_snapshot!(text(Lang::Id));
    }

    #[test]
    fn hostile_text_is_no_markup() {
        let cases = [
            ("<img src=x>", "&#60;img src=x&#62;"),
            ("[a](https://x.test)", "&#91;a&#93;(https&#58;//x&#46;test)"),
            ("www.x.test @bagus #12", "www&#46;x&#46;test &#64;bagus &#35;12"),
            ("a | b\n- c", "a &#124; b&#91;LF&#93;- c"),
            ("- 1", "&#45; 1"),
            ("1) a", "1&#41; a"),
            ("12. a", "12&#46; a"),
            ("`x` **y** &lt; \\", "&#96;x&#96; &#42;&#42;y&#42;&#42; &#38;lt; &#92;"),
        ];
        for (hostile, expected) in cases {
            assert_eq!(escaped(hostile), expected);
        }
        for lang in [Lang::Id, Lang::En] {
            let text = text(lang);
            assert!(!text.contains("<script") && !text.contains("<img") && !text.contains('\u{202e}'));
            assert!(text.len() < 100_000, "{}", text.len());
        }
    }

    #[test]
    fn a_run_of_many_findings_stays_below_what_a_step_summary_takes() {
        let mut run = sample::run();
        let failing = run.requirements[7].clone();
        run.requirements = vec![failing; 2_000];
        let text = markdown(&sample::model_of(&run, Lang::Id));
        assert!(text.len() < 1 << 20, "{}", text.len());
        assert!(String::from_utf8(text).unwrap().contains("dan 1940 lagi"));
    }
}
