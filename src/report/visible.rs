//! Hostile text made harmless to read: bounded, with control and invisible characters shown as symbols.
//! Escaping for a format (HTML, XML) is the renderer's; this makes the text itself honest.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Longest run of characters that a report shows of one value, in characters.
pub(super) const VALUE: usize = 1_200;
/// Longest body that a report shows, in characters.
pub(super) const BODY: usize = 6_000;
/// Longest header value or URL that a report shows, in characters.
pub(super) const LINE: usize = 600;

/// Shows what would act or hide: C0 and C1 controls, bidirectional controls, invisible and tag characters,
/// line separators, and noncharacters. Line feed and tab stay.
///
/// Well-known controls are named (`[ESC]`), everything else is told by its code point (`[U+202E]`): pictures of
/// control characters are missing from many fonts.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if !acts(character) {
            shown.push(character);
            continue;
        }
        match name(character) {
            Some(name) => drop(write!(shown, "[{name}]")),
            None => drop(write!(shown, "[U+{:04X}]", u32::from(character))),
        }
    }
    Cow::Owned(shown)
}

/// The same on one line: line feeds and tabs are shown too.
pub(super) fn one_line(text: &str) -> String {
    visible(text).replace('\n', "[LF]").replace('\t', "[TAB]")
}

/// The first `most` characters, and how many were left off.
pub(super) fn clip(text: &str, most: usize) -> (&str, usize) {
    match text.char_indices().nth(most) {
        None => (text, 0),
        Some((end, _)) => {
            let (kept, rest) = text.split_at(end);
            (kept, rest.chars().count())
        }
    }
}

/// Clips, and says in the text how much was left off.
pub(super) fn bounded(text: &str, most: usize) -> String {
    let (kept, left) = clip(text, most);
    if left == 0 {
        kept.to_owned()
    } else {
        format!("{kept} … [+{left}]")
    }
}

/// Whether a character acts on its surroundings or cannot be seen.
pub(super) const fn acts(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
        || (character as u32) & 0xfffe == 0xfffe
        || matches!(character, '\u{fdd0}'..='\u{fdef}')
}

/// The name of a control that people know by name.
const fn name(character: char) -> Option<&'static str> {
    match character {
        '\0' => Some("NUL"),
        '\u{7}' => Some("BEL"),
        '\u{8}' => Some("BS"),
        '\r' => Some("CR"),
        '\u{1b}' => Some("ESC"),
        '\u{7f}' => Some("DEL"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_shown() {
        let check = |text: &str, expected: &str| assert_eq!(visible(text), expected);
        check("biasa — naïve 日本\n\tsaja", "biasa — naïve 日本\n\tsaja");
        check("\u{1b}[31mmerah\u{7}\0\u{7f}\r", "[ESC][31mmerah[BEL][NUL][DEL][CR]");
        check(
            "\u{202e}gnp.exe\u{2066}\u{200b}\u{feff}",
            "[U+202E]gnp.exe[U+2066][U+200B][U+FEFF]",
        );
        check(
            "\u{85}\u{9b}\u{2028}\u{e0041}\u{ffff}",
            "[U+0085][U+009B][U+2028][U+E0041][U+FFFF]",
        );
        assert_eq!(one_line("a\r\nb\tc\rd"), "a[CR][LF]b[TAB]c[CR]d");
    }

    #[test]
    fn clipping_counts_characters_and_never_splits_one() {
        assert_eq!(clip("éèê", 2), ("éè", 1));
        assert_eq!(clip("éè", 2), ("éè", 0));
        assert_eq!(bounded(&"x".repeat(1_000_000), 3), "xxx … [+999997]");
    }
}
