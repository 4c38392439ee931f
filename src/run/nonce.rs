//! Nonces: what a run plants begins with one.

use ring::rand::{SecureRandom as _, SystemRandom};

/// Consonants alone: no word of any language is made by chance, and full-text search keeps them whole.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz";

/// A fresh nonce of 16 consonants (69 bits). Falls back to the clock where the system gives no random bytes, which
/// costs nothing but unpredictability.
pub fn nonce() -> String {
    let mut bytes = [0_u8; 16];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        let now = jiff::Timestamp::now().as_nanosecond().to_le_bytes();
        bytes.copy_from_slice(&now);
    }
    bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_sixteen_consonants_and_differ() {
        let (one, other) = (nonce(), nonce());
        assert_eq!(one.len(), 16);
        assert!(one.bytes().all(|byte| LETTERS.contains(&byte)));
        assert_ne!(one, other);
    }
}
