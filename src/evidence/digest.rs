//! SHA-256 as lower-case hex, of bytes and of judged texts.

use std::io::{self, Read};

use ring::digest::{Context, SHA256, digest};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// SHA-256 of bytes, 64 lower-case hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

/// SHA-256 of everything that a reader gives, without holding it in memory.
pub fn sha256_hex_of(mut reader: impl Read) -> io::Result<String> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return Ok(hex(context.finish().as_ref())),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        context.update(buffer.get(..count).unwrap_or_default());
    }
}

/// Digest of a text as the standard compares texts: SHA-256 of its NFC form in UTF-8.
///
/// [`crate::evidence::record::Facts::digests`] holds these, so a step that wants to compare what it sent with
/// what came back digests its own text by this function.
pub fn text_digest(text: &str) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => sha256_hex(text.as_bytes()),
        _ => sha256_hex(text.nfc().collect::<String>().as_bytes()),
    }
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard_vectors() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn composed_and_decomposed_text_have_one_digest() {
        assert_eq!(text_digest("e\u{301}"), text_digest("\u{e9}"));
        assert_ne!(text_digest("Judul"), text_digest("judul"));
    }
}
