//! Defects of texts: DT-11. None touches a text of plain letters.

use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_texts;
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-11a",
        install: quotes_escaped,
    },
    Defect {
        id: "DT-11b",
        install: cut_at_bracket,
    },
    Defect {
        id: "DT-11c",
        install: three_bytes_at_most,
    },
    Defect {
        id: "DT-11d",
        install: one_line,
    },
];

fn quotes_escaped(assembly: &mut Assembly, counter: Counter) {
    on_texts(assembly, counter, |text| {
        text.replace('\'', "&#039;").replace('"', "&quot;")
    });
}

fn cut_at_bracket(assembly: &mut Assembly, counter: Counter) {
    on_texts(assembly, counter, |text| {
        text.split('<').next().unwrap_or_default().to_owned()
    });
}

/// As a database whose characters have three bytes at most.
fn three_bytes_at_most(assembly: &mut Assembly, counter: Counter) {
    on_texts(assembly, counter, |text| {
        text.chars()
            .map(|character| if character.len_utf8() > 3 { '?' } else { character })
            .collect()
    });
}

fn one_line(assembly: &mut Assembly, counter: Counter) {
    on_texts(assembly, counter, |text| text.replace('\n', " "));
}
