//! Secrets that their own names give away (design.md §3.9: by value and by name): a credential that the application made
//! and that nobody registered, such as the key of a ticket's public address.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use serde_json::Value;

use super::secrets::Secrets;

/// Registers what stands under a telling name in a JSON body, so that it is hidden wherever it appears from now on.
/// Words of fewer than [`SHORTEST`] bytes and texts with blanks are no credentials.
pub(crate) fn register(secrets: &Secrets, body: &[u8]) {
    // Most bodies have no such name and are not parsed a second time.
    if !telling(body) {
        return;
    }
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        let mut left = MOST;
        walk(secrets, &value, &mut left, 0);
    }
}

fn telling(body: &[u8]) -> bool {
    static NAMES: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let names = NAMES.get_or_init(|| AhoCorasick::builder().ascii_case_insensitive(true).build(ROOTS).ok());
    names.as_ref().is_none_or(|names| names.is_match(body))
}

fn walk(secrets: &Secrets, value: &Value, left: &mut usize, depth: usize) {
    match value {
        Value::Array(items) if depth < DEEPEST => items.iter().for_each(|item| walk(secrets, item, left, depth + 1)),
        Value::Object(members) if depth < DEEPEST => {
            for (name, member) in members {
                match member {
                    Value::String(text) if *left > 0 && is_secret(name) && is_credential(text) => {
                        *left -= 1;
                        secrets.register("rahasia", text);
                    }
                    other => walk(secrets, other, left, depth + 1),
                }
            }
        }
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(40)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    NAMES.contains(&plain.as_str())
}

fn is_credential(text: &str) -> bool {
    text.len() >= SHORTEST && !text.contains(char::is_whitespace)
}

/// A shorter text under such a name is a word, not a credential.
const SHORTEST: usize = 8;

/// Most values that one body may add.
const MOST: usize = 100;

/// Deepest nesting that is looked into.
const DEEPEST: usize = 96;

/// What every name of [`NAMES`] contains.
const ROOTS: &[&str] = &[
    "token", "secret", "password", "passwd", "sandi", "key", "sessi", "rahasia", "kunci",
];

/// Names without case and punctuation.
const NAMES: &[&str] = &[
    "accesstoken",
    "apikey",
    "authtoken",
    "clientsecret",
    "csrfmiddlewaretoken",
    "csrftoken",
    "idtoken",
    "katasandi",
    "kunciapi",
    "kuncirahasia",
    "passwd",
    "password",
    "privatekey",
    "refreshtoken",
    "sandi",
    "secret",
    "secretkey",
    "sessionid",
    "sessiontoken",
    "token",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(body: &str, text: &str) -> bool {
        let secrets = Secrets::new();
        register(&secrets, body.as_bytes());
        !secrets.redact(text).contains(text)
    }

    #[test]
    fn what_a_name_gives_away_is_hidden_everywhere() {
        for name in ["secret_key", "Access-Token", "apiKey", "kata_sandi", "refresh_token"] {
            let body = format!("{{\"a\": [{{\"{name}\": \"x7-kJ2pQ9w\"}}]}}");
            assert!(hidden(&body, "x7-kJ2pQ9w"), "{name}");
        }
    }

    #[test]
    fn words_and_other_members_are_left_alone() {
        assert!(!hidden(r#"{"token": "bearer"}"#, "bearer"));
        assert!(!hidden(r#"{"password": "harus diisi lengkap"}"#, "harus diisi lengkap"));
        assert!(!hidden(r#"{"judul": "x7-kJ2pQ9w", "secret": 12345678}"#, "x7-kJ2pQ9w"));
        assert!(!hidden(r#"{"secret_key": "x7-kJ2pQ9w""#, "x7-kJ2pQ9w"), "no JSON");
    }

    #[test]
    fn every_name_has_one_of_the_roots() {
        for name in NAMES {
            assert!(ROOTS.iter().any(|root| name.contains(root)), "{name}");
        }
    }
}
