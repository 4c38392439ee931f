//! Identifiers: UUID version 7 (RFC 9562 §5.7), strictly growing within the process, and tracking numbers of 50 random bits.

use std::sync::{Arc, Mutex, PoisonError};

use ring::rand::{SecureRandom, SystemRandom};

use super::problem::Problem;
use super::seams::{Clock, Ids};

/// Characters of tracking numbers: no 0/O, 1/I/L, so that they can be read out on the telephone.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ*";

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Problem::internal("no random bytes"))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A random word of `length` characters of the tracking alphabet.
pub fn word(length: usize) -> Result<String, Problem> {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        // The last character of the alphabet is left out: drawing again keeps the others equally likely.
        let drawn = random::<16>()?
            .into_iter()
            .map(|byte| ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'*'));
        text.extend(
            drawn
                .filter(|character| *character != b'*')
                .map(char::from)
                .take(length - text.len()),
        );
    }
    Ok(text)
}

/// A number laid out as a UUID.
pub fn uuid(number: u128) -> String {
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}

/// Identifiers in order of time.
pub struct TimeOrdered {
    clock: Arc<dyn Clock>,
    last: Mutex<(u64, u16)>,
}

impl TimeOrdered {
    /// Identifiers by a clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            last: Mutex::new((0, 0)),
        }
    }
}

impl Ids for TimeOrdered {
    fn unique(&self) -> Result<String, Problem> {
        let now = u64::try_from(self.clock.now().as_millisecond()).unwrap_or_default();
        let (time, count) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = match *last {
                (time, count) if now <= time && count < 0xfff => (time, count + 1),
                (time, _) if now <= time => (time + 1, 0),
                _ => (now, 0),
            };
            *last
        };
        let chance = u128::from(u64::from_be_bytes(random()?) >> 2);
        Ok(uuid(
            u128::from(time) << 80 | 7 << 76 | u128::from(count) << 64 | 2 << 62 | chance,
        ))
    }

    fn tracking(&self) -> Result<String, Problem> {
        Ok(format!("LPR-{}", word(10)?))
    }
}
