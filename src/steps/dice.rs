//! Repeatable randomness for probes: the same seed gives the same run. Not for secrets.

/// A generator (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Begins from a text, such as the run's nonce with the row and attempt.
    pub(crate) fn new(seed: &str) -> Self {
        // FNV-1a: spreads texts that differ in one character.
        let hash = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// A number below `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        mixed
            .checked_rem(end)
            .and_then(|rest| usize::try_from(rest).ok())
            .unwrap_or(0)
    }

    /// Puts a list into random order (Fisher–Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_order_and_another_seed_another() {
        let order = |seed| {
            let mut items: Vec<_> = (0..40).collect();
            Dice::new(seed).shuffle(&mut items);
            items
        };
        assert_eq!(order("n1/1"), order("n1/1"));
        assert_ne!(order("n1/1"), order("n1/2"));
        let mut sorted = order("n1/1");
        sorted.sort_unstable();
        assert_eq!(sorted, (0..40).collect::<Vec<_>>());
    }
}
