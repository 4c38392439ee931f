//! Indents JSON text without reading it as values, so that doubled members, number texts and the order of
//! members stay as they were sent.

/// Deepest indentation that is shown; deeper levels stand at this one.
const DEEPEST: usize = 24;

/// Whether a text is one well-formed JSON array or object.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Indents JSON by two spaces; ends after `most` characters and tells how many of the input were left off.
///
/// Meant for text that [`is_json`] accepts; other text comes out with odd line breaks, never with a panic.
pub(super) fn indent(text: &str, most: usize) -> (String, usize) {
    let mut shown = String::new();
    let (mut written, mut depth, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if written >= most {
            return (shown, 1 + characters.count());
        }
        let before = shown.len();
        if in_string {
            shown.push(character);
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            written += 1;
            continue;
        }
        match character {
            '{' | '[' => {
                shown.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    shown.push(end);
                } else {
                    depth += 1;
                    new_line(&mut shown, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut shown, depth);
                shown.push(character);
            }
            ',' => {
                shown.push(',');
                new_line(&mut shown, depth);
            }
            ':' => shown.push_str(": "),
            _ if character.is_ascii_whitespace() => {}
            _ => {
                in_string = character == '"';
                shown.push(character);
            }
        }
        written += shown.len() - before;
    }
    (shown, 0)
}

fn new_line(shown: &mut String, depth: usize) {
    shown.push('\n');
    shown.extend(std::iter::repeat_n("  ", depth.min(DEEPEST)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_numbers_and_order_stay_as_sent() {
        let text = r#"{"b":1.0e400,"a":[ ],"a":[1,{"s":"x{,\"}"}], "e":{}}"#;
        let expected = "{\n  \"b\": 1.0e400,\n  \"a\": [],\n  \"a\": [\n    1,\n    {\n      \"s\": \"x{,\\\"}\"\n    }\n  ],\n  \"e\": {}\n}";
        assert_eq!(indent(text, 1_000), (expected.to_owned(), 0));
    }

    #[test]
    fn deep_and_long_texts_stay_small() {
        let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
        let (shown, left) = indent(&deep, 500);
        assert!(shown.len() < 600 && left > 59_000, "{} {left}", shown.len());
        let (shown, left) = indent(&format!("[\"{}\"]", "x".repeat(1_000_000)), 100);
        assert!(shown.len() < 200 && left > 999_000, "{} {left}", shown.len());
    }
}
