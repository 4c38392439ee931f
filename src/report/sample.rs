//! A made-up run (`tests/data/report`) with every verdict, warnings, disagreeing attempts, a halt, and hostile
//! strings in every place where a target's text can stand. For tests, and for looking at reports.

use crate::catalogue::Catalogue;
use crate::domain::Phrase;
use crate::domain::phrase::Lang;
use crate::evidence::record::{Answer, Data, Record};
use crate::pack::run_json::{Judged, RunJson, Summary};
use crate::report::Model;
use crate::verdict::{Decision, Verdict};

/// Markup that must never come out as markup.
pub(crate) const MARKUP: &str = "<script>alert(1)</script>";

/// The run.
pub(crate) fn run() -> RunJson {
    let mut run: RunJson = serde_json::from_str(include_str!("../../tests/data/report/run.json")).unwrap();
    let leg = &mut run.requirements[7].rows[0].legs[1];
    leg.actual = Phrase::same(leg.actual.id.clone() + " " + &"x".repeat(1_000_000));
    run
}

/// The records that the run's legs rest on.
pub(crate) fn records() -> Vec<Record> {
    let mut records: Vec<Record> = include_str!("../../tests/data/report/records.ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let hostile = records.iter_mut().find(|record| record.seq == 32).unwrap();
    if let Data::Exchange(exchange) = &mut hostile.data
        && let Answer::Response(response) = &mut exchange.answer
    {
        let header = response.headers.last().unwrap().clone();
        response.headers.extend(std::iter::repeat_n(header, 200));
        let long = "x".repeat(60_000);
        response.body.text = Some(format!("{{\"{long}\": \"{MARKUP}\"}}"));
    }
    records
}

/// The embedded standard.
pub(crate) fn catalogue() -> &'static Catalogue {
    Catalogue::embedded().unwrap()
}

/// The model of [`run`].
pub(crate) fn model(lang: Lang) -> Model {
    model_of(&run(), lang)
}

/// The model of a variation of [`run`].
pub(crate) fn model_of(run: &RunJson, lang: Lang) -> Model {
    let gloss = |kind: &str, text: &str| {
        let known = kind == "ketika" && text.contains("mengirim pengaduan");
        known.then(|| "reporter A submits complaint P1 in the second category".to_owned())
    };
    super::model(run, catalogue(), records(), &gloss, lang)
}

/// The same application after its faults were mended: everything passes.
pub(crate) fn passing() -> RunJson {
    let mut run = run();
    run.requirements
        .retain(|requirement| requirement.area.is_some() && requirement.id != "KM-07");
    for requirement in &mut run.requirements {
        if requirement.outcome.verdict == Verdict::NotApplicable {
            continue;
        }
        requirement.outcome = Judged::plain(Verdict::Pass);
        requirement.warnings.clear();
        requirement.note = None;
        for row in &mut requirement.rows {
            row.outcome = Judged::plain(Verdict::Pass);
            row.halted = None;
            row.legs.retain(|leg| leg.outcome.verdict == Verdict::Pass);
        }
    }
    run.summary = Summary::of(&run.requirements);
    run.decision = Decision::Laik;
    run.decision_automatic = Decision::Laik;
    run.decision_causes = vec![Phrase::new(
        "Semua persyaratan wajib lulus atau tidak berlaku.",
        "All mandatory requirements passed or do not apply.",
    )];
    run.missing_capabilities.clear();
    run.awaiting_review.clear();
    run
}

/// The run without what is hostile in it, for people to look at.
pub(crate) fn showcase() -> RunJson {
    let mut run = run();
    let row = &mut run.requirements[7].rows[0];
    row.id = "keamanan/2_sesi.feature:41".to_owned();
    row.scenario = "Token yang diubah ditolak".to_owned();
    row.legs.truncate(1);
    for planned in &mut run.plan.requirements[7].rows {
        planned.id.clone_from(&row.id);
    }
    run
}

/// `reports/samples` shows what the reports of [`showcase`] look like; `UPDATE=1 cargo test` writes them anew.
#[test]
fn the_samples_are_fresh() {
    let style = super::Style {
        colour: false,
        width: 100,
        report: None,
    };
    let (indonesian, english) = (model_of(&showcase(), Lang::Id), model_of(&showcase(), Lang::En));
    let samples = [
        ("laporan.id.html", super::html(&indonesian).unwrap()),
        ("laporan.en.html", super::html(&english).unwrap()),
        ("junit.xml", super::junit(&indonesian).unwrap()),
        ("ringkasan.txt", super::plain(&indonesian, &style).into_bytes()),
    ];
    let update = std::env::var_os("UPDATE").is_some();
    for (name, made) in samples {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("reports/samples")
            .join(name);
        if update {
            std::fs::write(&path, &made).unwrap();
        }
        assert!(
            std::fs::read(&path).unwrap_or_default() == made,
            "{name} is stale: run UPDATE=1 cargo test"
        );
    }
}
