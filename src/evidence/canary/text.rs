//! Small readings of bytes and numbers that the search is made of. Knows nothing of what was planted.

use std::ops::Range;

/// Maximal runs of at least `shortest` bytes that a test accepts. Most bytes are never looked at: where a byte is
/// not accepted, no run of that length covers it.
pub(super) fn runs(bytes: &[u8], shortest: usize, accepts: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let probe = at + shortest - 1;
            if !accepts(*bytes.get(probe)?) {
                at = probe + 1;
                continue;
            }
            let before = bytes.get(at..probe).unwrap_or_default();
            let start = at
                + before
                    .iter()
                    .rposition(|byte| !accepts(*byte))
                    .map_or(0, |last| last + 1);
            let rest = bytes.get(probe..).unwrap_or_default();
            let end = probe + rest.iter().position(|byte| !accepts(*byte)).unwrap_or(rest.len());
            at = end;
            if end - start >= shortest {
                return Some(start..end);
            }
        }
    })
}

/// A telephone number without its country or trunk prefix; other numbers as they are.
pub(super) fn significant(number: &str) -> &str {
    if number.len() == 16 {
        return number;
    }
    number
        .strip_prefix("62")
        .or_else(|| number.strip_prefix('0'))
        .unwrap_or(number)
}

/// A usable nonce: at least 8 letters and digits, because a shorter one is found everywhere.
pub(super) fn nonce_of(nonce: &str) -> String {
    let letters: String = nonce
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    format!("{letters:0<8}")
}

pub(super) fn nibble(digit: u8) -> u8 {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
        .unwrap_or(0)
}
