//! Instants and durations as people write them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::phrase::Lang;

const MONTHS: [(&str, &str); 12] = [
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
];

/// An RFC 3339 instant in western Indonesian time, in words; the text itself where it is none.
pub(super) fn instant(text: &str, lang: Lang) -> String {
    let Ok(timestamp) = text.parse::<Timestamp>() else {
        return text.to_owned();
    };
    let Ok(zone) = TimeZone::get("Asia/Jakarta") else {
        return text.to_owned();
    };
    let moment = timestamp.to_zoned(zone);
    let index = usize::try_from(moment.month() - 1).unwrap_or_default();
    let (indonesian, english) = MONTHS.get(index).copied().unwrap_or_default();
    let (day, year, hour, minute) = (moment.day(), moment.year(), moment.hour(), moment.minute());
    match lang {
        Lang::Id => format!("{day} {indonesian} {year} pukul {hour:02}.{minute:02} WIB"),
        Lang::En => format!("{day} {english} {year}, {hour:02}:{minute:02} WIB (UTC+7)"),
    }
}

/// A duration in milliseconds, in the unit that fits.
pub(super) fn duration(ms: u64, lang: Lang) -> String {
    let decimal = |whole: u64, tenth: u64| match lang {
        Lang::Id => format!("{whole},{tenth}"),
        Lang::En => format!("{whole}.{tenth}"),
    };
    let (minute, second) = match lang {
        Lang::Id => ("menit", "detik"),
        Lang::En => ("min", "s"),
    };
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{} {second}", decimal(ms / 1_000, ms % 1_000 / 100)),
        _ => format!("{} {minute} {} {second}", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// A count with thousands separated.
pub(super) fn count(number: u64, lang: Lang) -> String {
    let digits = number.to_string();
    let separator = match lang {
        Lang::Id => '.',
        Lang::En => ',',
    };
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_told_in_jakarta_time() {
        assert_eq!(
            instant("2026-11-25T03:05:09Z", Lang::Id),
            "25 November 2026 pukul 10.05 WIB"
        );
        assert_eq!(
            instant("2026-08-16T20:05:09.123Z", Lang::En),
            "17 August 2026, 03:05 WIB (UTC+7)"
        );
        assert_eq!(instant("kemarin", Lang::Id), "kemarin");
    }

    #[test]
    fn durations_and_counts_are_written_as_the_language_does() {
        assert_eq!(duration(7, Lang::Id), "7 ms");
        assert_eq!(duration(1_960, Lang::Id), "1,9 detik");
        assert_eq!(duration(61_500, Lang::En), "1 min 1 s");
        assert_eq!(count(1_234_567, Lang::Id), "1.234.567");
        assert_eq!(count(999, Lang::En), "999");
    }
}
