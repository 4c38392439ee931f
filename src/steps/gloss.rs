//! Steps in English, for reports.

use crate::domain::{Actor, Op};

use super::{StepKind, matching, strip};

/// The English of a step, by the gloss of its definition; `None` for what no definition fits.
pub fn gloss(kind: &str, text: &str) -> Option<String> {
    let stripped = strip(text).ok()?;
    let kind = [StepKind::Diketahui, StepKind::Ketika, StepKind::Maka]
        .into_iter()
        .find(|known| known.id() == kind)?;
    let definition = matching(kind, stripped.strength, stripped.body).into_iter().next()?;
    let groups = super::table::groups(definition, stripped.body)?;
    let filled = groups
        .iter()
        .enumerate()
        .skip(1)
        .fold(definition.gloss.to_owned(), |gloss, (number, group)| {
            gloss.replace(&format!("{{{number}}}"), &english(group.as_deref().unwrap_or("")))
        });
    Some(filled)
}

/// The dictionary's words in English; anything else as it stands.
fn english(words: &str) -> String {
    let translated = |word: &str| {
        Actor::by_words(word)
            .map(Actor::english)
            .or_else(|| Op::by_words(word).map(Op::english))
            .map_or_else(|| word.to_owned(), str::to_owned)
    };
    let list = words.replace(", dan ", ", ").replace(" dan ", ", ");
    list.split(", ").map(translated).collect::<Vec<_>>().join(", ")
}
