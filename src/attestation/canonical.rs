//! Canonical JSON: one document, one sequence of bytes. A document is accepted only if serialising what was parsed gives
//! the same bytes (decisions.md G.37), so doubled or unknown members, other spacing, other escapes, another order and
//! bytes behind the end are all refused, and every flipped byte is seen.
//!
//! The form is that of RFC 8785 (JSON Canonicalization Scheme) for what occurs here, and a line break at the end:
//! members in alphabetical order (the types declare them so, and a test holds it), no spaces, integers alone as numbers,
//! text in UTF-8. Python writes it by `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};

use crate::evidence::sha256_hex;

/// Why bytes are no canonical document of a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// It is no JSON of this kind.
    #[error("line {line}, column {column}: {text}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong, bounded and without control characters.
        text: String,
    },
    /// It is JSON of this kind, in other bytes than the canonical ones.
    #[error("byte {at} is not that of the canonical form")]
    OtherBytes {
        /// Where the first difference stands, from 0.
        at: usize,
    },
}

/// The canonical bytes of a value, with a line break at the end.
pub fn write<T: Serialize>(value: &T) -> Vec<u8> {
    // Our types have text as keys and no value that JSON lacks, so serialising them cannot fail; an empty document would
    // be refused by every reader.
    let mut bytes = serde_json::to_vec(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Reads a document that must be canonical.
pub fn read<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, NotCanonical> {
    let value: T = serde_json::from_slice(bytes).map_err(|error| NotCanonical::Malformed {
        line: error.line(),
        column: error.column(),
        text: bounded(&error.to_string(), 200),
    })?;
    let canonical = write(&value);
    if canonical == bytes {
        return Ok(value);
    }
    let same = canonical.iter().zip(bytes).take_while(|(ours, theirs)| ours == theirs);
    Err(NotCanonical::OtherBytes { at: same.count() })
}

/// Text of a foreign document in a message of ours: short, and without control characters.
pub fn bounded(text: &str, most: usize) -> String {
    text.chars().filter(|one| !one.is_control()).take(most).collect()
}

/// SHA-256 of something, 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Digest(#[schemars(regex(pattern = "^[0-9a-f]{64}$"))] String);

impl Digest {
    /// Of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha256_hex(bytes))
    }

    /// From its text; `sha256:` before it is allowed.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        let good = hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        good.then(|| Self(hex.to_owned()))
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, to be shown.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or_default()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("a SHA-256 is 64 lower-case hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        digest: Digest,
        number: u64,
        text: String,
    }

    fn sample() -> (Sample, String) {
        let digest = Digest::of(b"abc");
        let text = format!("{{\"digest\":\"{digest}\",\"number\":7,\"text\":\"é \\u001b \\\"\"}}\n");
        (
            Sample {
                digest,
                number: 7,
                text: "é \u{1b} \"".to_owned(),
            },
            text,
        )
    }

    #[test]
    fn a_canonical_document_is_read_and_written_alike() {
        let (value, text) = sample();
        assert_eq!(write(&value), text.as_bytes());
        assert_eq!(read::<Sample>(text.as_bytes()).unwrap(), value);
    }

    #[test]
    fn other_bytes_of_the_same_document_are_refused() {
        let (_, text) = sample();
        let others = [
            text.trim_end().to_owned(),
            format!("{text}\n"),
            text.replace("\":7", "\": 7"),
            text.replace("\\u001b", "\\u001B"),
            text.replace('é', "\\u00e9"),
            text.replace("7,", "7,\"number\":7,"),
            text.replace("7,", "7,\"other\":1,"),
            text.replace(":7,", ":7.0,"),
            text.replace("\"digest\":\"", "\"digest\":\"sha256:"),
        ];
        for other in others {
            assert_ne!(other, text);
            assert!(read::<Sample>(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn a_digest_has_one_form() {
        let digest = Digest::of(b"abc");
        assert_eq!(Digest::parse(&format!("sha256:{digest}")), Some(digest.clone()));
        assert_eq!(Digest::parse(&digest.as_str().to_uppercase()), None);
        assert_eq!(Digest::parse("sha256:ba78"), None);
    }
}
