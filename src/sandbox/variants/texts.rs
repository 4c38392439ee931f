//! Variants of how texts come back.

use unicode_normalization::UnicodeNormalization as _;

use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_texts;

/// Composed characters.
pub(super) fn composed(assembly: &mut Assembly, counter: Counter) {
    on_texts(assembly, counter, |text| text.nfc().collect());
}

/// Lines end as HTTP's do.
pub(super) fn crlf(assembly: &mut Assembly, counter: Counter) {
    on_texts(assembly, counter, |text| {
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    });
}

/// No blanks at the ends.
pub(super) fn trimmed(assembly: &mut Assembly, counter: Counter) {
    on_texts(assembly, counter, |text| text.trim().to_owned());
}
