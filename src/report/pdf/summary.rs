//! The two-page summary of a run: for the head of an agency and for the file of the pokja.
//! First page: decision, what was tested, counts, QR code. Second page: what stands in the way.

use super::super::ReportError;
use super::super::facts;
use super::super::model::{FindingView, Model};
use super::paper::{Colour, Column, INK, MARGIN, MUTED, Paper, WIDTH, look};
use super::structure::About;
use super::{cap, query};
use crate::domain::Phrase;
use crate::verdict::Decision;

/// The text width of a page, in points.
const TEXT: f32 = WIDTH - 2.0 * MARGIN;
/// What stands below the findings needs, in points.
const BELOW: f32 = 240.0;
/// The side of the QR code, in points.
const CODE: f32 = 118.0;

fn word(model: &Model, id: &str, en: &str) -> String {
    Phrase::new(id, en).text(model.lang).to_owned()
}

/// Renders a model as a PDF of two pages.
pub fn summary_pdf(model: &Model) -> Result<Vec<u8>, ReportError> {
    let mut paper = Paper::new()?;
    head(&mut paper, model);
    decision(&mut paper, model);
    tested(&mut paper, model);
    counts(&mut paper, model);
    code(&mut paper, model)?;
    paper.turn();
    blocking(&mut paper, model);
    obstacles(&mut paper, model);
    let foot = word(
        model,
        "Laporan pengujian, bukan sertifikat. Rincian dan bukti ada dalam paket bukti",
        "A test report, not a certificate. Details and evidence are in the evidence pack",
    );
    paper.finish(
        About {
            title: format!(
                "{}: {}",
                word(
                    model,
                    "Ringkasan pengujian kesesuaian",
                    "Summary of the conformance test"
                ),
                model.target.name
            ),
            language: model.language,
            instant: model.run.started_raw.clone(),
            id: facts::pack(model).named("ringkasan").to_string(),
        },
        &format!("{foot} {}", model.run.id),
        &word(model, "halaman {1} dari {2}", "page {1} of {2}"),
    )
}

fn head(paper: &mut Paper, model: &Model) {
    paper.paragraph("laik · SP4N-LAPOR!", (MARGIN, TEXT), look(9.0, true, MUTED), 1);
    let title = word(
        model,
        "Ringkasan pengujian kesesuaian",
        "Summary of the conformance test",
    );
    paper.heading(1, &title, look(20.0, true, INK));
    let target = &model.target;
    let name = cap(&format!("{} {}", target.name, target.version), 160);
    paper.paragraph(&name, (MARGIN, TEXT), look(12.0, true, INK), 1);
    paper.paragraph(&cap(&target.agency, 160), (MARGIN, TEXT), look(10.0, false, MUTED), 1);
    paper.y += 6.0;
}

fn decision(paper: &mut Paper, model: &Model) {
    let colour: Colour = match Decision::by_id(model.decision.id) {
        Some(Decision::Laik) => (27, 122, 61),
        Some(Decision::TidakLaik) => (179, 38, 30),
        _ => (107, 91, 0),
    };
    let top = paper.y;
    let inner = (MARGIN + 14.0, TEXT - 14.0);
    paper.y += 2.0;
    paper.paragraph(&model.decision.word.to_uppercase(), inner, look(17.0, true, colour), 1);
    paper.paragraph(&model.decision.sentence, inner, look(10.5, false, INK), 2);
    for cause in model.decision.causes.iter().take(3) {
        paper.paragraph(&format!("• {cause}"), inner, look(9.0, false, INK), 1);
    }
    paper.ground(MARGIN, top, 5.0, paper.y - top, colour);
    paper.y += 8.0;
}

fn tested(paper: &mut Paper, model: &Model) {
    paper.heading(2, &word(model, "Yang diuji", "What was tested"), look(12.0, true, INK));
    let (target, standard, run) = (&model.target, &model.standard, &model.run);
    let columns = [(130.0, false), (TEXT - 130.0, false)].map(|(width, right)| Column { width, right });
    let implemented = Phrase::new(
        format!(
            "{} · {} dari {} persyaratan",
            standard.revision, standard.implemented, standard.whole
        ),
        format!(
            "{} · {} of {} requirements",
            standard.revision, standard.implemented, standard.whole
        ),
    );
    let rows = [
        (
            word(model, "Alamat", "Address"),
            format!("{} ({})", target.base_url, target.environment),
        ),
        (word(model, "Profil", "Profile"), model.profile.word.clone()),
        (
            word(model, "Revisi standar", "Revision"),
            implemented.text(model.lang).to_owned(),
        ),
        (
            word(model, "Diuji", "Tested"),
            format!("{} · {} · laik {}", run.started, run.wall, run.laik),
        ),
        (
            word(model, "Pernyataan, SHA-256", "Statement, SHA-256"),
            target.statement_digest.clone(),
        ),
        (
            word(model, "Standar, SHA-256", "Standard, SHA-256"),
            standard.digest.clone(),
        ),
        (word(model, "Bukti, SHA-256", "Evidence, SHA-256"), run.head.clone()),
    ];
    paper.table();
    for (name, value) in &rows {
        paper.row(&columns, &[name, &cap(value, 300)], 8.5, (false, 1));
    }
    paper.y += 10.0;
}

fn counts(paper: &mut Paper, model: &Model) {
    paper.heading(2, &word(model, "Hasil", "Results"), look(12.0, true, INK));
    let mut names = vec![word(model, "bidang", "area")];
    names.extend(model.counts.iter().map(|count| count.verdict.word.clone()));
    let wide = 110.0;
    // Six verdicts.
    let narrow = (TEXT - wide) / f32::from(u16::try_from(model.counts.len()).unwrap_or(6).max(1));
    let columns: Vec<Column> = (0..names.len())
        .map(|index| Column {
            width: if index == 0 { wide } else { narrow },
            right: index > 0,
        })
        .collect();
    paper.table();
    paper.row(
        &columns,
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
        8.5,
        (true, 2),
    );
    let mut line = |name: &str, totals: Vec<usize>| {
        let cells: Vec<String> = std::iter::once(name.to_owned())
            .chain(totals.iter().map(usize::to_string))
            .collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        paper.row(&columns, &cells, 8.5, (false, 1));
    };
    for area in &model.areas {
        line(&area.word, area.counts.iter().map(|count| count.total).collect());
    }
    let mandatory = word(model, "semua, wajib", "all, mandatory");
    let recommended = word(model, "semua, dianjurkan", "all, recommended");
    line(&mandatory, model.counts.iter().map(|count| count.mandatory).collect());
    line(
        &recommended,
        model.counts.iter().map(|count| count.recommended).collect(),
    );
    paper.y += 10.0;
}

/// The code holds the head of the evidence, which `laik verify` prints, so that a page can be held against its pack.
fn code(paper: &mut Paper, model: &Model) -> Result<(), ReportError> {
    let text = query(
        "laik:paket",
        &[
            ("run", &model.run.id),
            ("bukti", &model.run.head),
            ("pernyataan", &model.target.statement_digest),
            ("keputusan", model.decision.id),
        ],
    );
    let top = paper.place_at_foot(CODE);
    let alt = word(
        model,
        "Kode QR dengan data verifikasi paket: run, SHA-256 bukti dan pernyataan, keputusan",
        "QR code with the data to verify the pack: run, SHA-256 of evidence and statement, decision",
    );
    paper.code(&text, (MARGIN, top, CODE), &alt)?;
    let beside = (MARGIN + CODE + 14.0, TEXT - CODE - 14.0);
    paper.y += 10.0;
    paper.heading_beside(
        2,
        &word(model, "Verifikasi", "Verification"),
        beside,
        look(11.0, true, INK),
    );
    let how = word(
        model,
        "Kode ini memuat run, SHA-256 bukti dan pernyataan, serta keputusan. laik verify PAKET menyebut akhir rantai bukti: bila sama dengan SHA-256 bukti di sini, halaman ini menceritakan paket itu. laik rejudge PAKET menilai lagi buktinya.",
        "This code holds the run, the SHA-256 of evidence and statement, and the decision. laik verify PACK names the end of the chain of evidence: where it is the SHA-256 of evidence here, this page tells of that pack. laik rejudge PACK judges the evidence again.",
    );
    paper.paragraph(&how, beside, look(9.0, false, INK), 6);
    Ok(())
}

/// As many findings as leave room for the obstacles below.
fn blocking(paper: &mut Paper, model: &Model) {
    let title = word(model, "Yang menghalangi", "What stands in the way");
    paper.heading(2, &title, look(12.0, true, INK));
    if model.blocking.is_empty() {
        let none = word(model, "Tidak ada.", "Nothing.");
        paper.paragraph(&none, (MARGIN, TEXT), look(9.5, false, INK), 1);
        return;
    }
    let columns = [62.0, 122.0, 74.0, TEXT - 258.0].map(|width| Column { width, right: false });
    let names = [
        word(model, "persyaratan", "requirement"),
        word(model, "judul", "title"),
        word(model, "putusan", "verdict"),
        word(model, "yang terlihat", "what was seen"),
    ];
    paper.table();
    paper.row(&columns, &names.each_ref().map(String::as_str), 8.0, (true, 1));
    let mut told = 0;
    for finding in &model.blocking {
        if paper.left() < BELOW {
            break;
        }
        let seen = cap(&seen(finding), 220);
        let cells = [finding.id.as_str(), &finding.title, &finding.verdict.word, &seen];
        paper.row(&columns, &cells, 8.0, (false, 3));
        told += 1;
    }
    let left = model.blocking.len() - told;
    if left > 0 {
        let more = Phrase::new(
            format!("… dan {left} lagi; semuanya ada dalam index.html paket bukti."),
            format!("… and {left} more; all stand in index.html of the evidence pack."),
        );
        paper.paragraph(more.text(model.lang), (MARGIN, TEXT), look(9.0, true, INK), 1);
    }
}

fn seen(finding: &FindingView) -> String {
    let why = (!finding.verdict.why.is_empty()).then_some(&finding.verdict.why);
    why.into_iter()
        .chain(finding.seen.first())
        .cloned()
        .collect::<Vec<_>>()
        .join(": ")
}

fn obstacles(paper: &mut Paper, model: &Model) {
    paper.y += 8.0;
    let title = word(model, "Kelayakan sertifikasi", "Eligibility for a certificate");
    paper.heading(2, &title, look(12.0, true, INK));
    let said = if model.certifiable {
        word(
            model,
            "Tidak ada yang menghalangi sertifikat bertumpu pada pengujian ini; keputusan diberikan oleh orang.",
            "Nothing keeps a certificate from resting on this run; people decide.",
        )
    } else {
        word(
            model,
            "Sertifikat tidak dapat bertumpu pada pengujian ini:",
            "No certificate can rest on this run:",
        )
    };
    paper.paragraph(&said, (MARGIN, TEXT), look(9.5, false, INK), 2);
    for obstacle in model.obstacles.iter().take(5) {
        paper.paragraph(
            &format!("• {obstacle}"),
            (MARGIN + 8.0, TEXT - 8.0),
            look(9.0, false, INK),
            2,
        );
    }
    let count = model.leniencies.len();
    let lenient = Phrase::new(
        format!(
            "Kelonggaran yang dinyatakan: {count}. Semuanya tercantum pada halamannya sendiri dalam index.html, untuk diparaf penilai."
        ),
        format!(
            "Declared leniencies: {count}. All stand on a page of their own in index.html, for the certifier to sign."
        ),
    );
    paper.paragraph(lenient.text(model.lang), (MARGIN, TEXT), look(9.0, false, MUTED), 2);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    /// Page objects of an uncompressed structure: krilla writes each as a dictionary of its own.
    fn pages(bytes: &[u8]) -> usize {
        let text = String::from_utf8_lossy(bytes);
        text.matches("/Type/Page").count() + text.matches("/Type /Page").count()
            - text.matches("/Type/Pages").count()
            - text.matches("/Type /Pages").count()
    }

    #[test]
    fn the_same_model_gives_the_same_two_pages() {
        for run in [sample::run(), sample::passing()] {
            let model = sample::model_of(&run, Lang::Id);
            let first = summary_pdf(&model).unwrap();
            assert!(first.starts_with(b"%PDF-1.7"));
            assert_eq!(first, summary_pdf(&model).unwrap());
            assert_eq!(pages(&first), 2);
        }
    }

    #[test]
    fn whatever_a_run_holds_it_stays_two_pages_and_valid() {
        let mut run = sample::run();
        let failing = run.requirements[7].clone();
        run.requirements = vec![failing; 500];
        run.target.name = format!("{}日本語\u{0}{}", sample::MARKUP, "x".repeat(5_000));
        run.target.agency = String::new();
        run.run = "\u{202e}&=%".repeat(200);
        run.evidence.sha256 = "f".repeat(10_000);
        let bytes = summary_pdf(&sample::model_of(&run, Lang::En)).unwrap();
        assert_eq!(pages(&bytes), 2);
        assert!(bytes.len() < 200_000);
    }
}
