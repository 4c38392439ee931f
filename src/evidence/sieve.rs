//! A quick first look for secrets: most texts hold none.

use super::secrets::SHORTEST;

/// Tells quickly, and never wrongly, that a text holds no pattern: a Bloom filter over the first six bytes of every
/// pattern, lower case. Most texts of a run hold no secret, and the automaton is ten times slower.
#[derive(Debug, Clone)]
pub(crate) struct Sieve {
    bits: Box<[u64; 1024]>,
}

impl Default for Sieve {
    fn default() -> Self {
        Self {
            bits: Box::new([0; 1024]),
        }
    }
}

impl Sieve {
    /// Adds a pattern of at least [`SHORTEST`] bytes.
    pub(crate) fn add(&mut self, pattern: &[u8]) {
        let gram = pattern.iter().take(SHORTEST).fold(0, |gram, byte| shifted(gram, *byte));
        for (word, bit) in places(gram) {
            if let Some(bits) = self.bits.get_mut(word) {
                *bits |= bit;
            }
        }
    }

    /// Whether a text may hold a pattern.
    pub(crate) fn may_hold(&self, bytes: &[u8]) -> bool {
        let mut gram = 0;
        bytes.iter().any(|byte| {
            gram = shifted(gram, *byte);
            places(gram)
                .iter()
                .all(|(word, bit)| self.bits.get(*word).is_some_and(|bits| bits & bit != 0))
        })
    }
}

/// The last [`SHORTEST`] bytes read, lower case, as one number.
const fn shifted(gram: u64, byte: u8) -> u64 {
    (gram << 8 | byte.to_ascii_lowercase() as u64) & 0xFFFF_FFFF_FFFF
}

/// The two bits of the filter that stand for a gram.
const fn places(gram: u64) -> [(usize, u64); 2] {
    let hash = gram.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    [
        ((hash >> 54) as usize, 1 << (hash >> 48 & 63)),
        ((hash >> 38 & 1023) as usize, 1 << (hash >> 32 & 63)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_holds_a_pattern_is_never_passed_over() {
        let mut sieve = Sieve::default();
        sieve.add(b"Rahasia-1");
        sieve.add(b"abcdef");
        assert!(sieve.may_hold(b"xx rahasiA-1") && sieve.may_hold(b"ABCDEF"));
        assert!(!sieve.may_hold(b"abcde rahas-1") && !sieve.may_hold(b""));
    }
}
