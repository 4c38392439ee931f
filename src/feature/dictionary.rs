//! The real dictionary of sentences, as lint and `explain` ask it.

use super::lint::{Form, StepIndex};
use crate::domain::{Actor, Op, Status};
use crate::steps::table::{Definition, StepKind, definitions, groups, matching, strip};

/// The definitions that are compiled in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dictionary;

impl StepIndex for Dictionary {
    fn matching(&self, kind: &str, text: &str) -> Result<Vec<Form>, String> {
        Ok(found(kind, text)
            .map_err(str::to_owned)?
            .into_iter()
            .map(form)
            .collect())
    }

    fn forms(&self) -> Vec<Form> {
        definitions().map(form).collect()
    }
}

/// A step in English, by the gloss of the one definition that it matches; prefix and suffix too.
pub fn english(kind: &str, text: &str) -> Option<String> {
    let stripped = strip(text).ok()?;
    let definition = found(kind, text).ok()?.into_iter().next()?;
    let mut sentence = definition.gloss.to_owned();
    for (index, group) in groups(definition, stripped.body)?.into_iter().enumerate().skip(1) {
        sentence = sentence.replace(&format!("{{{index}}}"), &word(&group.unwrap_or_default()));
    }
    let start = text.find(stripped.body)?;
    let (before, after) = (text.get(..start)?, text.get(start + stripped.body.len()..)?);
    Some(format!("{}{sentence}{}", prefix(before), suffix(after)))
}

fn found<'a>(kind: &str, text: &'a str) -> Result<Vec<&'static Definition>, &'a str> {
    let stripped = strip(text)?;
    let kinds = [StepKind::Diketahui, StepKind::Ketika, StepKind::Maka];
    let kind = kinds
        .into_iter()
        .find(|candidate| candidate.id() == kind)
        .unwrap_or(StepKind::Maka);
    Ok(matching(kind, stripped.strength, stripped.body))
}

fn form(definition: &Definition) -> Form {
    Form {
        pattern: definition.pattern.to_owned(),
        place: format!("{}:{}", definition.file, definition.line),
    }
}

/// The English of a word or list of the model; anything else (a name, a number, a code) stays.
fn word(text: &str) -> String {
    let known = |word: &str| {
        let actor = Actor::by_words(word).map(Actor::english);
        actor
            .or_else(|| Op::by_words(word).map(Op::english))
            .or_else(|| Status::by_words(word).map(Status::english))
    };
    let plain = text.replace(", dan ", ", ").replace(" dan ", ", ");
    let words: Vec<&str> = plain.split(", ").map(|word| known(word).unwrap_or(word)).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

fn prefix(text: &str) -> String {
    text.replace("kontrol:", "control:")
        .replace("cukup bukti:", "enough evidence:")
        .replace("peringatan:", "warning:")
}

fn suffix(text: &str) -> String {
    text.replace("bila mengklaim", "where claimed:")
        .replace("bila terikat", "where bound:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Files, Names};
    use crate::feature::lint::lint;
    use crate::source::Diagnosis;

    #[test]
    fn every_sentence_of_the_standard_has_exactly_one_definition_and_every_definition_is_used() {
        let (found, counts) = lint(&Files::embedded(), Some(&Dictionary), &Names::default());
        let found: Vec<String> = found.iter().map(Diagnosis::to_string).collect();
        assert!(found.is_empty(), "{found:#?}");
        assert!(counts.rows > 100);
    }

    #[test]
    fn every_step_can_be_read_in_english() {
        let features = crate::feature::parse_all(&crate::feature::sources(None).unwrap()).unwrap();
        let catalogue = crate::catalogue::Catalogue::embedded().unwrap();
        for requirement in &catalogue.requirements {
            for row in crate::feature::plan::rows(&features, requirement.id) {
                for step in &row.steps {
                    let text = english(&step.kind, &step.text);
                    assert!(
                        text.as_ref().is_some_and(|text| !text.contains('{')),
                        "{}: {} → {text:?}",
                        row.id,
                        step.text
                    );
                }
            }
        }
    }

    #[test]
    fn words_of_the_model_are_translated_and_others_stay() {
        assert_eq!(
            word("pelapor A, pelapor B, dan admin"),
            "reporter A, reporter B and the administrator"
        );
        assert_eq!(word("menindaklanjuti"), "follow up");
        assert_eq!(word("P1 dan P2"), "P1 and P2");
        assert_eq!(word("13"), "13");
    }
}
