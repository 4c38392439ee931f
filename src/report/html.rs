//! The self-contained page: strict templates, everything escaped, no script, no request to anywhere.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Rest, Serde, Value};
use minijinja::{AutoEscape, Environment, HtmlEscape, Output, State, UndefinedBehavior, context, escape_formatter};
use serde::Serialize;

use super::ReportError;
use super::model::{AreaView, Model};
use super::visible::{clip, visible};
use crate::domain::phrase::Lang;

const TEMPLATES: [(&str, &str); 7] = [
    ("page.html", include_str!("../../reports/templates/page.html")),
    ("parts.html", include_str!("../../reports/templates/parts.html")),
    ("decision.html", include_str!("../../reports/templates/decision.html")),
    ("summary.html", include_str!("../../reports/templates/summary.html")),
    ("technical.html", include_str!("../../reports/templates/technical.html")),
    ("lencana.svg", include_str!("../../reports/templates/lencana.svg")),
    ("style.css", include_str!("../../reports/templates/style.css")),
];

/// Renders a model as one HTML page.
pub fn html(model: &Model) -> Result<Vec<u8>, ReportError> {
    let environment = environment(model.lang)?;
    let page = environment
        .get_template("page.html")?
        .render(context! { m => Serde(model), chart => Serde(chart(model)) })?;
    Ok(page.into_bytes())
}

/// The environment of every template.
pub(super) fn environment(lang: Lang) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_auto_escape_callback(|name| {
        if name == "style.css" {
            AutoEscape::None
        } else {
            AutoEscape::Html
        }
    });
    environment.set_formatter(honest);
    environment.add_function("t", move |id: &str, en: &str, values: Rest<Value>| {
        say(lang, id, en, &values)
    });
    environment.add_filter("slug", slug);
    environment.add_filter("prose", prose);
    environment.add_filter("short", |text: &str, most: usize| short(text, most));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Writes a value with what acts or hides shown as symbols, then escaped. Every value of every template passes
/// here, so none can be forgotten.
fn honest(output: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() => escape_formatter(output, state, &Value::from(visible(text).as_ref())),
        _ => escape_formatter(output, state, value),
    }
}

/// A sentence of a template: both languages stand beside each other there; `{1}`, `{2}` … are its values.
fn say(lang: Lang, id: &str, en: &str, values: &[Value]) -> String {
    let pattern = match lang {
        Lang::Id => id,
        Lang::En => en,
    };
    let mut said = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        let value = after.split_once('}').and_then(|(number, tail)| {
            let index = number.parse::<usize>().ok()?.checked_sub(1)?;
            Some((values.get(index)?, tail))
        });
        if let Some((value, tail)) = value {
            said.push_str(&value.to_string());
            rest = tail;
        } else {
            said.push('{');
            rest = after;
        }
    }
    said + rest
}

/// Prose of the catalogue, where `backticks` stand around code. An odd backtick stays what it is.
fn prose(text: &str) -> Value {
    let mut html = String::new();
    let mut rest = text;
    while let Some((before, code, after)) = rest
        .split_once('`')
        .and_then(|(before, tail)| tail.split_once('`').map(|(code, after)| (before, code, after)))
    {
        html.push_str(&HtmlEscape(&visible(before)).to_string());
        html.push_str("<code>");
        html.push_str(&HtmlEscape(&visible(code)).to_string());
        html.push_str("</code>");
        rest = after;
    }
    html.push_str(&HtmlEscape(&visible(rest)).to_string());
    Value::from_safe_string(html)
}

/// A text as a fragment identifier.
fn slug(text: &str) -> String {
    text.chars()
        .take(80)
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
        .collect()
}

/// The beginning of a text, in a place where the whole stands elsewhere.
fn short(text: &str, most: usize) -> String {
    match clip(text, most) {
        (whole, 0) => whole.to_owned(),
        (kept, _) => format!("{}…", kept.trim_end()),
    }
}

/// One bar of the chart: an area.
#[derive(Debug, Serialize)]
struct Bar {
    word: String,
    total: usize,
    segments: Vec<Segment>,
}

/// The requirements of one verdict in a bar; `x` and `width` in percent of the chart.
#[derive(Debug, Serialize)]
struct Segment {
    tone: &'static str,
    word: String,
    count: usize,
    x: String,
    width: String,
    middle: String,
}

/// Bars as long as the areas have requirements.
fn chart(model: &Model) -> Vec<Bar> {
    let widest = model
        .areas
        .iter()
        .map(|area| area.requirements.len())
        .max()
        .unwrap_or(1)
        .max(1);
    model.areas.iter().map(|area| bar(area, widest)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of requirements are far below 2^52")]
fn bar(area: &AreaView, widest: usize) -> Bar {
    let share = |count: usize| 100.0 * count as f64 / widest as f64;
    let mut before = 0;
    let mut segments = Vec::new();
    for count in area.counts.iter().filter(|count| count.total > 0) {
        segments.push(Segment {
            tone: count.verdict.tone,
            word: count.verdict.word.clone(),
            count: count.total,
            x: format!("{:.2}", share(before)),
            width: format!("{:.2}", share(count.total)),
            middle: format!("{:.2}", share(before) + share(count.total) / 2.0),
        });
        before += count.total;
    }
    Bar {
        word: area.word.clone(),
        total: before,
        segments,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::report::sample;

    fn page(lang: Lang) -> String {
        String::from_utf8(html(&sample::model(lang)).unwrap()).unwrap()
    }

    /// The pages to look at: `target/laporan/{id,en,laik}.html`.
    #[test]
    fn renders_in_both_languages() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/laporan");
        std::fs::create_dir_all(&dir).unwrap();
        for (name, page) in [("id", page(Lang::Id)), ("en", page(Lang::En))] {
            std::fs::write(dir.join(name).with_extension("html"), page).unwrap();
        }
        let passing = html(&sample::model_of(&sample::passing(), Lang::Id)).unwrap();
        std::fs::write(dir.join("laik.html"), passing).unwrap();
    }

    #[test]
    fn the_same_model_gives_the_same_bytes() {
        assert_eq!(page(Lang::Id), page(Lang::Id));
    }

    #[test]
    fn hostile_text_stays_text() {
        for lang in [Lang::Id, Lang::En] {
            let page = page(lang);
            assert!(
                !page.contains("<script") && !page.contains("<img"),
                "markup came through"
            );
            assert!(page.contains("&lt;script&gt;alert(1)"), "the text itself is gone");
            assert!(page.contains("{{ 7*7 }}"), "template syntax was evaluated");
            let acting = page.chars().find(|c| super::super::visible::acts(*c));
            assert_eq!(acting, None, "a character that acts or hides came through");
            assert!(page.contains("[U+202E]") && page.contains("[ESC]") && page.contains("[NUL]"));
            assert!(page.len() < 500_000, "a megabyte line was not bounded: {}", page.len());
        }
    }

    /// Every tag of the page: all text is escaped, so each `<` begins one.
    fn tags(page: &str) -> impl Iterator<Item = &str> {
        page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap())
    }

    /// What a reader sees: no tags, no style sheet.
    fn seen(page: &str, skip_indonesian: bool) -> String {
        let mut seen = String::new();
        for piece in page.split('<').skip(1) {
            let (tag, text) = piece.split_once('>').unwrap();
            if !(tag.starts_with("style") || skip_indonesian && tag.contains("lang=\"id\"")) {
                seen.push_str(text);
                seen.push(' ');
            }
        }
        seen
    }

    /// Every element that the page is made of.
    const TAGS: &str = "!doctype html head meta title style body a svg symbol path circle rect text tspan desc use header nav main footer section article figure figcaption div p h1 h2 h3 h4 span b code pre ul ol li dl dt dd bdi table caption thead tbody tr th td details summary";

    #[test]
    fn nothing_is_requested_and_nothing_runs() {
        let page = page(Lang::Id);
        assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;"));
        for tag in tags(&page) {
            let name = tag.trim_start_matches('/').split_whitespace().next().unwrap();
            assert!(TAGS.split(' ').any(|known| known == name), "<{tag}>");
            for attribute in tag.split('"').step_by(2).flat_map(str::split_whitespace).skip(1) {
                let name = attribute.trim_end_matches('=');
                assert!(
                    !name.starts_with("on") && !["src", "srcset", "style", "action"].contains(&name),
                    "<{tag}>"
                );
            }
        }
        for href in page.split("href=\"").skip(1) {
            assert!(
                href.starts_with('#'),
                "a link leaves the page: {}",
                href.get(..40).unwrap_or_default()
            );
        }
        let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert!(!style.contains("url(") && !style.contains("@import"));
    }

    /// Every link inside the page has its target, and no identifier stands twice.
    #[test]
    fn links_lead_somewhere() {
        let page = page(Lang::Id);
        let mut ids = BTreeMap::new();
        for id in page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            *ids.entry(id).or_insert(0) += 1;
        }
        let doubled: Vec<_> = ids.iter().filter(|(_, count)| **count > 1).collect();
        assert!(doubled.is_empty(), "{doubled:?}");
        for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains_key(target), "#{target} leads nowhere");
        }
    }

    #[test]
    fn english_has_no_indonesian_of_ours() {
        let page = page(Lang::En);
        assert!(page.contains("<html lang=\"en\">"));
        let seen = seen(&page, true);
        assert!(seen.contains("not fit"));
        for word in [
            "diharapkan",
            "Keputusan",
            "gagal",
            "Persyaratan",
            "kaki",
            "Temuan",
            "wajib",
            "permintaan",
            "langkah",
        ] {
            let at = seen.find(word).map(|at| seen.get(at.saturating_sub(60)..at + 60));
            assert_eq!(at, None, "“{word}” stands in the English page");
        }
    }

    #[test]
    fn every_requirement_shows_what_the_design_asks_for() {
        let page = page(Lang::Id);
        let seen = seen(&page, false);
        for id in ["PB-02", "PB-30", "TK-20", "KM-07", "KM-63", "PROFIL-hub_masuk"] {
            assert!(page.contains(&format!("id=\"p-{}\"", slug(id))), "{id}");
        }
        for text in [
            "9 dari 164",
            "UU 25&#x2f;2009 Pasal 44",
            "belum terverifikasi",
            "diharapkan",
            "terlihat",
            "$TOKEN_2",
            "laik rejudge",
            "k7wq2m9xz4btn8rd",
            "batas_jawab_ms = 15000",
            "menunggu tinjauan",
            "hasil tidak mantap",
        ] {
            assert!(seen.contains(text), "{text}");
        }
    }

    #[test]
    fn prose_marks_code_and_stays_escaped() {
        let check = |text: &str, expected: &str| assert_eq!(prose(text).to_string(), expected);
        check(
            "tolak `none` & `<b>`.",
            "tolak <code>none</code> &amp; <code>&lt;b&gt;</code>.",
        );
        check("satu ` saja \u{202e}<i>", "satu ` saja [U+202E]&lt;i&gt;");
    }

    #[test]
    fn sentences_take_their_values() {
        let values = [Value::from(9), Value::from("{1}<")];
        assert_eq!(
            say(Lang::Id, "{1} dari {2}; {x} {3} {", "", &values),
            "9 dari {1}<; {x} {3} {"
        );
    }
}
