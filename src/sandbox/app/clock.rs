//! The wall clock and a clock for tests, cut to milliseconds so that what is stored equals what is shown.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, tz};

use super::seams::Clock;

/// The clock of the machine.
pub struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// A clock for tests: the machine's, moved by what somebody set.
#[derive(Default)]
pub struct TestClock {
    ahead_ms: AtomicI64,
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let now = WallClock.now();
        let moved = now
            .as_millisecond()
            .saturating_add(self.ahead_ms.load(Ordering::Relaxed));
        Timestamp::from_millisecond(moved).unwrap_or(now)
    }

    fn set(&self, to: Option<Timestamp>) {
        let ahead = to.map_or(0, |to| {
            to.as_millisecond().saturating_sub(WallClock.now().as_millisecond())
        });
        self.ahead_ms.store(ahead, Ordering::Relaxed);
    }
}

/// An instant as answers show it: RFC 3339 with milliseconds and the offset of Asia/Jakarta (which has had no other since 1964).
pub fn wire(at: Timestamp) -> String {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(7)))
        .strftime("%Y-%m-%dT%H:%M:%S%.3f%:z")
        .to_string()
}

/// The first instant of a local day, written `YYYY-MM-DD`.
pub fn day(text: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = if text.len() == 10 {
        text.parse().ok()?
    } else {
        return None;
    };
    date.to_zoned(tz::TimeZone::fixed(tz::offset(7)))
        .ok()
        .map(|zoned| zoned.timestamp())
}
