//! One exchange as a line for a POSIX shell, with secrets as variables.

use std::fmt::Write as _;

use super::visible::acts;
use crate::evidence::record::Exchange;

/// Longest body that is put into a line; a longer one is named as a file to supply.
const MOST_BODY: usize = 8 * 1024;

/// Headers that curl writes itself or that only laik needs.
const OWN_HEADERS: &[&str] = &[
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "transfer-encoding",
    "user-agent",
];

/// Writes the request of an exchange as a curl line.
///
/// Placeholders of redacted secrets (`‹token#3›`) become `"$TOKEN_3"`, so that the line can be run after
/// setting the variables; a text that acts or hides stands as `$'\u202e'` escapes.
pub(super) fn line(seq: u64, exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut line = String::from("curl --silent --show-error --include");
    if request.method != "GET" {
        let _ = write!(line, " --request {}", quoted(&request.method));
    }
    for (name, value) in &request.headers {
        if !OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own)) {
            let _ = write!(line, " \\\n  --header {}", quoted(&format!("{name}: {value}")));
        }
    }
    if let Some(body) = request.body.as_ref().filter(|body| body.len > 0) {
        match body
            .text
            .as_deref()
            .filter(|text| text.len() <= MOST_BODY && whole(text, body.len))
        {
            Some(text) => drop(write!(line, " \\\n  --data-binary {}", quoted(text))),
            None => drop(write!(line, " \\\n  --data-binary @badan-{seq}.bin")),
        }
    }
    let _ = write!(line, " \\\n  {}", quoted(&request.url));
    line
}

/// Whether the text can be the whole body: redaction changes its length only where a placeholder stands.
fn whole(text: &str, len: u64) -> bool {
    text.len() as u64 == len || text.contains('‹')
}

/// One shell word.
fn quoted(text: &str) -> String {
    let mut word = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_placeholder(rest) {
        push_literal(&mut word, before);
        let _ = write!(word, "\"${name}\"");
        rest = after;
    }
    push_literal(&mut word, rest);
    if word.is_empty() { "''".to_owned() } else { word }
}

/// The text before the first placeholder, its variable, and the text after it.
fn next_placeholder(text: &str) -> Option<(&str, String, &str)> {
    let mut from = 0;
    loop {
        let (before, tail) = text.get(from..)?.split_once('‹')?;
        let start = from + before.len();
        if let Some((inner, after)) = tail.split_once('›')
            && let Some(name) = variable(inner)
        {
            return Some((text.get(..start)?, name, after));
        }
        from = start + '‹'.len_utf8();
    }
}

/// The variable for `token#3`: `TOKEN_3`.
fn variable(inner: &str) -> Option<String> {
    let (kind, number) = inner.split_once('#')?;
    let fits = !kind.is_empty()
        && kind.len() <= 40
        && kind.starts_with(|first: char| first.is_ascii_alphabetic())
        && kind
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-:. ".contains(character))
        && !number.is_empty()
        && number.len() <= 9
        && number.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| {
        let kind: String = kind
            .chars()
            .map(|character| {
                if character.is_ascii_alphanumeric() {
                    character.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect();
        format!("{kind}_{number}")
    })
}

/// Appends a literal: bare where it is harmless, else quoted, else with escapes.
fn push_literal(word: &mut String, text: &str) {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%,+".contains(&byte);
    if text.is_empty() {
        return;
    }
    if text.chars().any(acts) {
        word.push_str("$'");
        for character in text.chars() {
            match character {
                '\'' => word.push_str("\\'"),
                '\\' => word.push_str("\\\\"),
                '\n' => word.push_str("\\n"),
                '\t' => word.push_str("\\t"),
                _ if !acts(character) => word.push(character),
                _ if character.is_ascii() => drop(write!(word, "\\x{:02x}", u32::from(character))),
                _ => drop(write!(word, "\\U{:08x}", u32::from(character))),
            }
        }
        word.push('\'');
    } else if text.bytes().all(harmless) {
        word.push_str(text);
    } else {
        word.push('\'');
        word.push_str(&text.replace('\'', "'\\''"));
        word.push('\'');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        let check = |text: &str, expected: &str| assert_eq!(quoted(text), expected);
        check("", "''");
        check("http://a.test/x", "http://a.test/x");
        check("http://a.test/?a=1&b=$(reboot)", "'http://a.test/?a=1&b=$(reboot)'");
        check("it's", "'it'\\''s'");
        check(
            "Authorization: Bearer ‹token#3›",
            "'Authorization: Bearer '\"$TOKEN_3\"",
        );
        check("‹kata sandi#1›‹bukan›", "\"$KATA_SANDI_1\"'‹bukan›'");
        check("‹a;rm -rf /#1›", "'‹a;rm -rf /#1›'");
        check("\u{202e}x\u{1b}'", "$'\\U0000202ex\\x1b\\''");
        check("‹‹token#1›", "'‹'\"$TOKEN_1\"");
    }

    /// A shell reads back exactly what was quoted, hostile or not.
    #[test]
    #[cfg(unix)]
    fn a_shell_reads_back_what_was_quoted() {
        for text in [
            "a b'c\"d$e`f\\g\nh",
            "$(id)",
            "\u{1b}[31m\u{202e}'\\",
            "‹x›",
            "-n",
            "*",
            "~",
            "#",
            "!",
        ] {
            let script = format!("LC_ALL=C.UTF-8; printf %s {}", quoted(text));
            let run = std::process::Command::new("bash")
                .args(["-c", &script])
                .env("LC_ALL", "C.UTF-8")
                .output();
            let Ok(output) = run else { return };
            assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{script}");
        }
    }
}
