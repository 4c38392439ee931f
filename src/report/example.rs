//! One finding as text: what was expected, what was seen, the exchange that shows it, and the shell line that repeats
//! it. For `laik explain`, which shows what a requirement says about a faulty application.

use std::fmt::Write as _;

use super::model::Model;
use super::records::{MessageView, RecordView};
use super::requirement::{LegView, RowView};
use super::visible::clip;
use crate::domain::Phrase;
use crate::verdict::Verdict;

/// Longest body shown, in characters.
const BODY: usize = 1_200;

/// Headers that say little about a finding.
const PLAIN_HEADERS: [&str; 4] = ["content-length", "date", "host", "user-agent"];

/// The first finding of a requirement with an exchange of its own; without one, the first finding. `None` where the
/// requirement found nothing.
pub fn example(model: &Model, id: &str) -> Option<String> {
    let requirement = model.requirements().find(|one| one.id == id)?;
    let failed = |leg: &&LegView| leg.verdict.id == Verdict::Fail.id() && leg.strength.is_empty();
    let findings: Vec<(&RowView, &LegView)> = requirement
        .rows
        .iter()
        .flat_map(|row| row.legs.iter().filter(failed).map(move |leg| (row, leg)))
        .collect();
    let shown = findings
        .iter()
        .find_map(|(row, leg)| Some((*row, *leg, Some(exchange(row, leg)?))));
    let (row, leg, record) = shown.or_else(|| findings.first().map(|(row, leg)| (*row, *leg, None)))?;
    let mut page = Text {
        model,
        text: String::new(),
    };
    page.finding(row, leg);
    if let Some(record) = record {
        page.exchange(record);
    }
    Some(page.text)
}

/// The exchange that shows a leg's finding: the last one that it rests on, for a judgement ends with what it saw.
fn exchange<'a>(row: &'a RowView, leg: &LegView) -> Option<&'a RecordView> {
    let rests = |record: &&RecordView| leg.evidence.iter().any(|one| one.seq == record.seq);
    row.records
        .iter()
        .rev()
        .filter(rests)
        .find(|record| record.request.is_some())
}

struct Text<'a> {
    model: &'a Model,
    text: String,
}

impl Text<'_> {
    fn line(&mut self, label: (&str, &str), text: &str) {
        let label = Phrase::new(label.0, label.1);
        let _ = writeln!(self.text, "  {:11} {text}", label.text(self.model.lang));
    }

    fn finding(&mut self, row: &RowView, leg: &LegView) {
        self.line(("baris", "row"), &row.label);
        self.line(("kaki", "leg"), &leg.key);
        self.line(("diharapkan", "expected"), &leg.expected);
        self.line(("terlihat", "seen"), &leg.actual);
    }

    fn exchange(&mut self, record: &RecordView) {
        self.line(("tindakan", "act"), record.act.trim_end());
        for message in [&record.request, &record.response].into_iter().flatten() {
            self.message(message);
        }
        if !record.curl.is_empty() {
            self.text.push('\n');
            for line in record.curl.lines() {
                let _ = writeln!(self.text, "  {line}");
            }
        }
    }

    fn message(&mut self, message: &MessageView) {
        let _ = writeln!(self.text, "\n    {}", message.first_line);
        let telling = |name: &str| !PLAIN_HEADERS.iter().any(|plain| name.eq_ignore_ascii_case(plain));
        for (name, value) in message.headers.iter().filter(|(name, _)| telling(name)) {
            let _ = writeln!(self.text, "    {name}: {value}");
        }
        let Some(body) = message.body.as_ref().and_then(|body| body.text.as_deref()) else {
            return;
        };
        let (kept, left) = clip(body, BODY);
        self.text.push('\n');
        for line in kept.lines() {
            let _ = writeln!(self.text, "    {line}");
        }
        if left > 0 {
            let more = Phrase::new(format!("… {left} karakter lagi"), format!("… {left} more characters"));
            let _ = writeln!(self.text, "    {}", more.text(self.model.lang));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    #[test]
    fn a_finding_is_shown_with_its_exchange_and_nothing_that_steers_a_terminal() {
        let model = sample::model(Lang::En);
        let text = example(&model, "KM-07").unwrap();
        for part in ["expected", "seen", "HTTP", "curl"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(
            text.chars().all(|letter| letter == '\n' || !letter.is_control()),
            "{text}"
        );
        assert_eq!(example(&model, "DT-19"), None);
    }
}
