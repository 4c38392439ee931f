//! Identifiers of the same shape as real ones, which name nothing (TK-01, TK-03, KM-32). Sends nothing.

use super::dice::Dice;

/// An identifier like a real one, that is another: letters for letters, digits for digits.
///
/// A number of fewer than ten digits becomes a much greater one, since small numbers are all taken. Version and
/// variant of a UUID stay what they are.
pub(crate) fn like(real: &str, dice: &mut Dice) -> String {
    let digits = real.bytes().all(|byte| byte.is_ascii_digit());
    if digits && real.len() < 10 && !real.is_empty() {
        return (1_000_000_000 + dice.below(900_000_000)).to_string();
    }
    let uuid = real.len() == 36 && real.bytes().filter(|byte| *byte == b'-').count() == 4;
    loop {
        let other: String = real
            .chars()
            .enumerate()
            .map(|(at, character)| match character {
                // The first digits of ordered identifiers tell their time; a leading zero stays none.
                _ if uuid && matches!(at, 14 | 19) => character,
                '0'..='9' if at == 0 => digit(1 + dice.below(9), 10),
                '0'..='9' | 'a'..='f' if uuid => digit(dice.below(16), 16),
                '0'..='9' => digit(dice.below(10), 10),
                'a'..='z' => letter(dice),
                'A'..='Z' => letter(dice).to_ascii_uppercase(),
                other => other,
            })
            .collect();
        let changeable = real.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if other != real || !changeable {
            return other;
        }
    }
}

fn digit(number: usize, base: u32) -> char {
    u32::try_from(number)
        .ok()
        .and_then(|number| char::from_digit(number, base))
        .unwrap_or('7')
}

fn letter(dice: &mut Dice) -> char {
    digit(10 + dice.below(26), 36)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_stay_and_values_do_not() {
        let shape = |text: &str| -> String {
            text.chars()
                .map(|character| match character {
                    '0'..='9' => '9',
                    'a'..='z' => 'a',
                    'A'..='Z' => 'A',
                    other => other,
                })
                .collect()
        };
        for real in ["LPR-2026-ABC9", "k3x9q", "1234567890123", "Z"] {
            let mut dice = Dice::new("x");
            for _ in 0..50 {
                let other = like(real, &mut dice);
                assert_eq!(shape(&other), shape(real));
                assert_ne!(other, real);
            }
        }
    }

    #[test]
    fn uuids_stay_uuids_and_small_numbers_become_great() {
        let mut dice = Dice::new("y");
        let other = like("0198c5a2-7b1e-7cde-8f00-0123456789ab", &mut dice);
        assert!(
            regex::Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$")
                .unwrap()
                .is_match(&other)
        );
        let number: u64 = like("17", &mut dice).parse().unwrap();
        assert!((1_000_000_000..2_000_000_000).contains(&number));
        assert_eq!(like("--", &mut dice), "--");
    }
}
