//! Deadlines of a complaint by the rule-set `praktik-62-2018` and the calendar of working days. Both are versioned data.
//!
//! The rule-set labels the practice of PermenPANRB 62/2018; its articles are not verified. The calendar holds the joint
//! decrees of 2025 (with its amendment of August), 2026 and 2027; that collective leave is no working day, that the day
//! after receipt is day one, and that the agency's local day counts are choices of the rule-set, found in no text.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan as _, tz};

use super::complaint::Complaint;
use crate::domain::Classification;

/// Name of the rule-set.
pub const RULES: &str = "praktik-62-2018";

/// Name of the calendar.
pub const CALENDAR: &str = "skb-2025-2027";

/// Working days for verification.
const VERIFICATION: u32 = 3;

/// Working days for the first follow-up, from the first disposition.
const FOLLOW_UP: u32 = 5;

/// Days off on a weekday or weekend, `MMDD`: national holidays and collective leave.
const DAYS_OFF: &[(i16, &[u16])] = &[
    (
        2025,
        &[
            101, 127, 128, 129, 328, 329, 331, 401, 402, 403, 404, 407, 418, 420, 501, 512, 513, 529, 530, 601, 606,
            609, 627, 817, 818, 905, 1225, 1226,
        ],
    ),
    (
        2026,
        &[
            101, 116, 216, 217, 318, 319, 320, 321, 322, 323, 324, 403, 405, 501, 514, 515, 527, 528, 531, 601, 616,
            817, 825, 1224, 1225,
        ],
    ),
    (
        2027,
        &[
            101, 105, 205, 206, 308, 309, 310, 311, 312, 315, 325, 326, 328, 501, 506, 517, 518, 519, 520, 601, 606,
            815, 817, 1224, 1225, 1226,
        ],
    ),
];

/// The deadlines of a complaint: dates of the agency's local days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deadlines {
    /// By when it is to be verified.
    pub verification: Option<Date>,
    /// By when the first follow-up is due; from the first disposition.
    pub follow_up: Option<Date>,
    /// By when it is to be settled; from verification. Aspirations have none.
    pub settlement: Option<Date>,
}

/// The deadlines as they stand.
pub fn deadlines(complaint: &Complaint) -> Deadlines {
    let first = complaint.dispositions.first().map(|disposition| disposition.at);
    let settlement = match (complaint.classification, complaint.oversight) {
        (Classification::PermintaanInformasi, _) => Some(5),
        (Classification::Pengaduan, false) => Some(14),
        (Classification::Pengaduan, true) => Some(60),
        (Classification::Aspirasi, _) => None,
    };
    Deadlines {
        verification: after(complaint.created, VERIFICATION),
        follow_up: first.and_then(|at| after(at, FOLLOW_UP)),
        settlement: complaint
            .verified
            .zip(settlement)
            .and_then(|(at, days)| after(at, days)),
    }
}

/// The working day so many working days after an instant's local day; `None` beyond the calendar.
pub fn after(at: Timestamp, days: u32) -> Option<Date> {
    let mut day = at.to_zoned(tz::TimeZone::fixed(tz::offset(7))).date();
    let mut left = days;
    while left > 0 {
        day = day.checked_add(1.day()).ok()?;
        if works(day)? {
            left -= 1;
        }
    }
    Some(day)
}

/// Whether a day is a working day; `None` for a year without a calendar.
fn works(day: Date) -> Option<bool> {
    let (_, off) = DAYS_OFF.iter().find(|(year, _)| *year == day.year())?;
    let number = u16::from(day.month().unsigned_abs()) * 100 + u16::from(day.day().unsigned_abs());
    Some(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !off.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_are_counted_by_the_calendar() {
        let vectors = [
            ("2025-08-15", 3, "2025-08-21"),
            ("2025-08-15", 14, "2025-09-08"),
            ("2025-12-23", 60, "2026-04-01"),
            ("2026-03-16", 14, "2026-04-13"),
            ("2026-05-12", 14, "2026-06-08"),
            ("2026-07-06", 3, "2026-07-09"),
            ("2026-07-06", 60, "2026-09-30"),
            ("2026-08-14", 14, "2026-09-07"),
            ("2026-12-22", 14, "2027-01-15"),
            ("2027-05-14", 14, "2027-06-10"),
            ("2027-03-05", 60, "2027-06-17"),
        ];
        for (from, days, to) in vectors {
            let at: Timestamp = format!("{from}T10:00:00+07:00").parse().unwrap();
            assert_eq!(
                after(at, days).map(|day| day.to_string()).as_deref(),
                Some(to),
                "{from} {days}"
            );
        }
        let early: Timestamp = "2026-07-05T23:30:00Z".parse().unwrap();
        assert_eq!(after(early, 14), "2026-07-24".parse().ok(), "the local day counts");
        let late: Timestamp = "2027-12-20T03:00:00Z".parse().unwrap();
        assert_eq!(after(late, 60), None, "no calendar of 2028 is decreed");
    }
}
