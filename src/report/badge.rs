//! A badge (SVG): the decision in one word, for a README or a dashboard. It says more than its colour, loads nothing,
//! and tells a run that could never be certified from one that could.

use minijinja::context;

use super::ReportError;
use super::model::Model;
use crate::domain::Phrase;
use crate::verdict::Decision;

/// Where the badge's label ends, in pixels.
const PADDING: usize = 12;

/// Renders a model as an SVG badge.
pub fn badge(model: &Model) -> Result<Vec<u8>, ReportError> {
    let decision = Decision::by_id(model.decision.id);
    // All three have a contrast of at least 4.5 to white (WCAG 2.2, 1.4.3).
    let colour = match decision {
        Some(Decision::Laik) if model.certifiable => "#1b7a3d",
        Some(Decision::TidakLaik) => "#b3261e",
        _ => "#6b5b00",
    };
    let trial = Phrase::new(
        format!("{} (uji coba)", model.decision.word),
        format!("{} (trial)", model.decision.word),
    );
    let value = match decision {
        // Loopback, sandbox, a preview of the standard: a fit run that no certificate may rest on must not look like one.
        Some(Decision::Laik) if !model.certifiable => trial.text(model.lang),
        _ => &model.decision.word,
    };
    let label = "laik SP4N-LAPOR!";
    let (left, right) = (width(label), width(value));
    let (revision, started) = (&model.standard.revision, &model.run.started);
    let profile = &model.profile.word;
    let description = Phrase::new(
        format!("Profil {profile}, revisi standar {revision}, diuji {started}. Laporan pengujian, bukan sertifikat."),
        format!(
            "Profile {profile}, revision {revision} of the standard, tested {started}. A test report, not a certificate."
        ),
    );
    let environment = super::html::environment(model.lang)?;
    let text = environment.get_template("lencana.svg")?.render(context! {
        label, value, colour, left, right,
        width => left + right,
        description => description.text(model.lang),
    })?;
    Ok(text.into_bytes())
}

/// The width of a text in Verdana at 11 pixels, from above: no glyph of these words is wider than 7.6 on average.
/// `textLength` then fits the text to it, whatever font a viewer has.
fn width(text: &str) -> usize {
    text.chars().count() * 7 + PADDING
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::pack::run_json::RunJson;
    use crate::report::sample;

    fn text(run: &RunJson, lang: Lang) -> String {
        String::from_utf8(badge(&sample::model_of(run, lang)).unwrap()).unwrap()
    }

    #[test]
    fn the_sample_reads_as_before() {
        insta::assert_snapshot!(text(&sample::run(), Lang::Id));
    }

    #[test]
    fn only_a_run_that_can_be_certified_is_green() {
        let mut run = sample::passing();
        run.sertifikasi.dapat = true;
        let green = "#1b7a3d";
        assert!(text(&run, Lang::Id).contains(green) && !text(&run, Lang::Id).contains("uji coba"));
        run.sertifikasi.dapat = false;
        let trial = text(&run, Lang::En);
        assert!(!trial.contains(green) && trial.contains(">fit (trial)<"), "{trial}");
        assert!(!text(&sample::run(), Lang::Id).contains(green));
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut run = sample::run();
        run.standard.revision = format!("{}\u{202e}\u{0}", sample::MARKUP);
        let text = text(&run, Lang::Id);
        assert!(!text.contains("<script") && !text.contains('\u{202e}') && !text.contains('\0'));
        assert!(text.contains("&lt;script&gt;"));
    }
}
