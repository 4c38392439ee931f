//! The grammar of a feature, line by line (gherkin.md): every line has a meaning, and nothing passes by absence.
//! Knows nothing of the catalogue and of step definitions.

use std::collections::BTreeSet;

use super::lines::{Heading, Keyword, Line, classify, explain};
use crate::domain::Phrase;
use crate::phrase;
use crate::source::{Diagnosis, SourceFile};

/// Every fault of a feature's structure, in the order of lines.
pub(super) fn check(file: &SourceFile) -> Vec<Diagnosis> {
    let mut checker = Checker {
        file,
        found: Vec::new(),
        feature: false,
        tags: None,
        scenario: None,
        table: None,
        last: None,
    };
    checker.head();
    for number in 1..=file.lines() {
        checker.line(number, file.line(number));
    }
    checker.end();
    checker
        .found
        .sort_by_key(|diagnosis| (diagnosis.line, diagnosis.column));
    checker.found
}

struct Checker<'a> {
    file: &'a SourceFile,
    found: Vec<Diagnosis>,
    feature: bool,
    /// The line of tags that waits for its scenario.
    tags: Option<usize>,
    scenario: Option<Scenario<'a>>,
    table: Option<Table<'a>>,
    /// What the line before was; a blank or a comment counts too.
    last: Option<Line<'a>>,
}

/// The scenario (or background) that is being read.
struct Scenario<'a> {
    line: usize,
    name: &'a str,
    heading: Heading,
    /// Line, kind (`Dan` resolved), text.
    steps: Vec<(usize, Keyword, &'a str)>,
    /// `<name>` and the line where it stands.
    placeholders: Vec<(usize, &'a str)>,
    /// The columns of each `Contoh` so far.
    columns: Vec<(usize, Vec<&'a str>)>,
}

/// The table that is being read.
struct Table<'a> {
    /// The step or `Contoh` above.
    owner: usize,
    examples: bool,
    header: Vec<&'a str>,
    rows: usize,
}

impl<'a> Checker<'a> {
    fn say(&mut self, line: usize, text: Phrase, advice: Phrase) {
        self.found.push(self.file.line_diagnosis(line, text, advice));
    }

    /// No byte order mark, and the language first.
    fn head(&mut self) {
        if self.file.text().starts_with('\u{feff}') {
            let text = phrase!(
                "berkas bermula dengan tanda BOM",
                "the file begins with a byte order mark"
            );
            self.say(
                1,
                text,
                phrase!("simpan sebagai UTF-8 tanpa BOM", "save it as UTF-8 without BOM"),
            );
        } else if self.file.line(1) != LANGUAGE {
            let text = phrase!("baris pertama bukan `{LANGUAGE}`", "the first line is not `{LANGUAGE}`");
            self.say(
                1,
                text,
                phrase!(
                    "tulis `{LANGUAGE}` pada baris pertama",
                    "write `{LANGUAGE}` as the first line"
                ),
            );
        }
    }

    fn line(&mut self, number: usize, text: &'a str) {
        self.characters(number, text);
        let line = classify(text.trim_start_matches('\u{feff}'));
        if !matches!(line, Line::Row(_)) {
            self.end_table();
        }
        match line {
            Line::Blank => {}
            Line::Comment(comment) => self.comment(number, comment),
            Line::Tags(tags) => self.tag_line(number, tags),
            Line::Heading(heading, name) => self.heading(number, heading, name),
            Line::Step(keyword, body) => self.step(number, keyword, body),
            Line::Row(row) => self.row(number, row),
            Line::Docstring => {
                let text = phrase!(
                    "teks berpetik tiga tidak dipakai",
                    "texts in triple quotes are not used"
                );
                let advice = phrase!(
                    "beri teks itu nama dan taruh di features/data/",
                    "give the text a name and put it in features/data/"
                );
                self.say(number, text, advice);
            }
            Line::Other(text) => {
                let (text, advice) = explain(text);
                self.say(number, text, advice);
            }
        }
        self.last = Some(line);
    }

    /// Invisible characters change what is compared and nobody sees them.
    fn characters(&mut self, number: usize, text: &str) {
        let text = if number == 1 {
            text.trim_start_matches('\u{feff}')
        } else {
            text
        };
        let hidden = text.chars().find(|c| {
            c.is_control() || matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        });
        if let Some(hidden) = hidden {
            let shown = hidden.escape_unicode();
            let text = phrase!("karakter tak tampak {shown}", "invisible character {shown}");
            self.say(
                number,
                text,
                phrase!("hapus, atau pakai spasi biasa", "remove it, or use an ordinary blank"),
            );
        }
    }

    fn comment(&mut self, number: usize, comment: &str) {
        let directive = comment.trim_start_matches('#').trim_start();
        if number > 1 && directive.starts_with("language") && directive.contains(':') {
            let text = phrase!(
                "bahasa hanya disebut pada baris pertama",
                "the language is named in the first line alone"
            );
            self.say(number, text, phrase!("hapus baris ini", "remove this line"));
        }
    }

    fn tag_line(&mut self, number: usize, tags: &str) {
        if self.tags.replace(number).is_some() || tags.split_whitespace().count() != 1 {
            let text = phrase!("lebih dari satu tanda", "more than one tag");
            let advice = phrase!(
                "setiap skenario bertanda satu pengenal, misalnya @PB-02",
                "each scenario has one identifier as its tag, such as @PB-02"
            );
            self.say(number, text, advice);
        }
    }

    fn heading(&mut self, number: usize, heading: Heading, name: &'a str) {
        let tags = self.tags.take();
        match heading {
            Heading::Examples => return self.examples(number, tags),
            Heading::Feature | Heading::Background | Heading::Rule => {
                if tags.is_some() {
                    let text = phrase!(
                        "tanda di sini berlaku diam-diam bagi semua skenario di bawahnya",
                        "a tag here silently holds for all scenarios below"
                    );
                    self.say(number - 1, text, phrase!("tandai setiap skenario", "tag each scenario"));
                }
            }
            Heading::Scenario | Heading::Outline => {
                if tags.is_none() {
                    let text = phrase!(
                        "skenario tanpa pengenal persyaratan",
                        "a scenario without a requirement's identifier"
                    );
                    self.say(
                        number,
                        text,
                        phrase!("tulis misalnya `@PB-02` di atasnya", "write `@PB-02`, say, above it"),
                    );
                }
            }
        }
        self.end_scenario();
        if heading == Heading::Feature {
            if std::mem::replace(&mut self.feature, true) {
                let text = phrase!("`Fitur` kedua dalam satu berkas", "a second `Fitur` in one file");
                self.say(
                    number,
                    text,
                    phrase!("satu berkas memuat satu klausul", "one file holds one clause"),
                );
            }
        } else if !self.feature {
            let text = phrase!(
                "berkas tidak bermula dengan `Fitur:`",
                "the file does not begin with `Fitur:`"
            );
            self.say(
                number,
                text,
                phrase!(
                    "tulis `Fitur: …` di atas skenario pertama",
                    "write `Fitur: …` above the first scenario"
                ),
            );
            self.feature = true;
        }
        if name.is_empty() && heading != Heading::Background {
            self.say(
                number,
                phrase!("judul kosong", "an empty title"),
                phrase!("tulis judulnya", "write the title"),
            );
        }
        if matches!(heading, Heading::Scenario | Heading::Outline | Heading::Background) {
            let placeholders = placeholders(name).map(|placeholder| (number, placeholder)).collect();
            self.scenario = Some(Scenario {
                line: number,
                name,
                heading,
                steps: Vec::new(),
                placeholders,
                columns: Vec::new(),
            });
        }
    }

    /// A `Contoh`: belongs to an outline, and its table follows at once, because rows are known by their lines.
    fn examples(&mut self, number: usize, tags: Option<usize>) {
        if let Some(line) = tags {
            let text = phrase!("`Contoh` tidak bertanda", "a `Contoh` has no tag");
            self.say(line, text, phrase!("hapus tanda ini", "remove this tag"));
        }
        if self
            .scenario
            .as_ref()
            .is_none_or(|scenario| scenario.heading != Heading::Outline)
        {
            let text = phrase!(
                "`Contoh` tanpa `Skenario konsep`",
                "a `Contoh` without `Skenario konsep`"
            );
            self.say(
                number,
                text,
                phrase!(
                    "ubah `Skenario` menjadi `Skenario konsep`",
                    "turn `Skenario` into `Skenario konsep`"
                ),
            );
        }
        if !matches!(classify(self.file.line(number + 1)), Line::Row(_)) {
            let text = phrase!(
                "tabel tidak langsung di bawah `Contoh`",
                "the table does not stand right below `Contoh`"
            );
            let advice = phrase!(
                "taruh baris kepala tabel tepat di bawahnya",
                "put the table's header line right below"
            );
            self.say(number, text, advice);
        }
        self.table = Some(Table {
            owner: number,
            examples: true,
            header: Vec::new(),
            rows: 0,
        });
    }

    fn step(&mut self, number: usize, keyword: Keyword, body: &'a str) {
        let hash = body.contains(" #");
        let Some(scenario) = &mut self.scenario else {
            let text = phrase!("langkah di luar skenario", "a step outside a scenario");
            return self.say(
                number,
                text,
                phrase!("tulis `Skenario: …` di atasnya", "write `Skenario: …` above it"),
            );
        };
        let before = scenario.steps.last().map(|step| step.1);
        let kind = match keyword {
            Keyword::Dan | Keyword::Tetapi => before.unwrap_or(keyword),
            own => own,
        };
        scenario.steps.push((number, kind, body));
        scenario
            .placeholders
            .extend(placeholders(body).map(|placeholder| (number, placeholder)));
        let late = !scenario.columns.is_empty();
        if matches!(kind, Keyword::Dan | Keyword::Tetapi) {
            let text = phrase!(
                "`Dan` atau `Tetapi` sebagai langkah pertama",
                "`Dan` or `Tetapi` as the first step"
            );
            self.say(
                number,
                text,
                phrase!("mulai dengan Diketahui atau Ketika", "begin with Diketahui or Ketika"),
            );
        } else if before.is_some_and(|before| order(kind) < order(before)) {
            let text = phrase!("langkah tidak berurutan", "steps out of order");
            let advice = phrase!(
                "Diketahui, lalu Ketika, lalu Maka; perilaku kedua mendapat skenario sendiri",
                "Diketahui, then Ketika, then Maka; a second behaviour gets its own scenario"
            );
            self.say(number, text, advice);
        }
        if hash {
            let text = phrase!(
                "`#` di belakang langkah menjadi bagian langkah",
                "a `#` behind a step is part of the step"
            );
            self.say(
                number,
                text,
                phrase!(
                    "tulis keterangan pada baris sendiri",
                    "write the remark on a line of its own"
                ),
            );
        }
        if late {
            let text = phrase!("langkah sesudah `Contoh`", "a step after `Contoh`");
            self.say(
                number,
                text,
                phrase!("taruh semua langkah di atas `Contoh`", "put all steps above `Contoh`"),
            );
        }
    }

    fn row(&mut self, number: usize, row: &'a str) {
        if self.table.is_none() && matches!(self.last, Some(Line::Step(..))) {
            self.table = Some(Table {
                owner: number - 1,
                examples: false,
                header: Vec::new(),
                rows: 0,
            });
        }
        let inner = row.strip_prefix('|').and_then(|row| row.strip_suffix('|'));
        let Some(inner) = inner.filter(|_| !row.contains('\\')) else {
            let text = phrase!(
                "baris tabel tidak ditutup `|`, atau memuat `\\`",
                "a table row that does not end with `|`, or holds `\\`"
            );
            let advice = phrase!(
                "tutup dengan `|`; teks sulit diberi nama di features/data/",
                "close it with `|`; hard texts get a name in features/data/"
            );
            return self.say(number, text, advice);
        };
        let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
        let Some(table) = &mut self.table else {
            let text = phrase!(
                "baris tabel tanpa langkah atau `Contoh` tepat di atasnya",
                "a table row without a step or `Contoh` right above"
            );
            return self.say(
                number,
                text,
                phrase!(
                    "taruh tabel tepat di bawahnya, tanpa baris kosong",
                    "put the table right below it, without a blank line"
                ),
            );
        };
        let width = table.header.len();
        let (header, examples, mut fault) = (width == 0, table.examples, None);
        if cells.iter().any(|cell| cell.is_empty()) {
            fault = Some((
                phrase!("sel kosong", "an empty cell"),
                phrase!("isi setiap sel", "fill every cell"),
            ));
        } else if header {
            if cells.iter().collect::<BTreeSet<_>>().len() != cells.len() {
                fault = Some((
                    phrase!("nama kolom berulang", "a column name twice"),
                    phrase!("beri nama lain", "name it otherwise"),
                ));
            }
        } else if cells.len() != width {
            let count = cells.len();
            let text = phrase!(
                "baris ini bersel {count}, kepalanya {width}",
                "this row has {count} cells, its header {width}"
            );
            fault = Some((text, phrase!("samakan jumlah selnya", "make their number equal")));
        }
        if header {
            table.header.clone_from(&cells);
        } else {
            table.rows += 1;
        }
        if let Some((text, advice)) = fault {
            self.say(number, text, advice);
        }
        if let Some(scenario) = &mut self.scenario {
            if header && examples {
                scenario.columns.push((number, cells));
            } else if !examples {
                let found = cells
                    .iter()
                    .flat_map(|cell| placeholders(cell))
                    .map(|placeholder| (number, placeholder));
                scenario.placeholders.extend(found);
            }
        }
    }

    /// A table of a header alone gives no row: gherkin then runs nothing, silently.
    fn end_table(&mut self) {
        let Some(table) = self.table.take() else { return };
        if table.rows == 0 && !table.header.is_empty() {
            let text = phrase!("tabel hanya berisi kepala", "a table with a header alone");
            self.say(
                table.owner,
                text,
                phrase!("tambahkan sekurang-kurangnya satu baris", "add one row at least"),
            );
        }
    }

    fn end_scenario(&mut self) {
        self.end_table();
        let Some(scenario) = self.scenario.take() else { return };
        self.outline(&scenario);
        if scenario.heading == Heading::Background {
            return;
        }
        let (line, count) = (scenario.line, scenario.steps.len());
        if !(MIN_STEPS..=MAX_STEPS).contains(&count) {
            let text = phrase!("skenario ini berlangkah {count}", "this scenario has {count} steps");
            self.say(
                line,
                text,
                phrase!(
                    "tulis {MIN_STEPS} sampai {MAX_STEPS} langkah",
                    "write {MIN_STEPS} to {MAX_STEPS} steps"
                ),
            );
        }
        let sure = |kind| {
            scenario
                .steps
                .iter()
                .any(|step| step.1 == kind && !step.2.contains(CONDITION))
        };
        if !sure(Keyword::Ketika) {
            let text = phrase!(
                "tidak ada `Ketika` tanpa syarat `bila …`",
                "no `Ketika` without a condition `bila …`"
            );
            self.say(line, text, phrase!("tulis apa yang dilakukan", "write what is done"));
        }
        let finding = |body: &str| !PREFIXES.iter().any(|prefix| body.starts_with(prefix)) && !body.contains(CONDITION);
        if !scenario
            .steps
            .iter()
            .any(|step| step.1 == Keyword::Maka && finding(step.2))
        {
            let text = phrase!(
                "tidak ada `Maka` yang dapat menjadi temuan",
                "no `Maka` that can become a finding"
            );
            let advice = phrase!(
                "tulis apa yang diamati, tanpa `kontrol:`, `cukup bukti:`, `peringatan:`, atau `bila …`",
                "write what is observed, without `kontrol:`, `cukup bukti:`, `peringatan:` or `bila …`"
            );
            self.say(line, text, advice);
        }
    }

    /// Placeholders and columns agree.
    fn outline(&mut self, scenario: &Scenario<'a>) {
        let outline = scenario.heading == Heading::Outline;
        if !outline {
            if let Some((line, name)) = scenario.placeholders.first() {
                let text = phrase!(
                    "<{name}> dalam skenario tanpa `Contoh`",
                    "<{name}> in a scenario without `Contoh`"
                );
                self.say(
                    *line,
                    text,
                    phrase!(
                        "ubah `Skenario` menjadi `Skenario konsep`",
                        "turn `Skenario` into `Skenario konsep`"
                    ),
                );
            }
            return;
        }
        if scenario.columns.is_empty() {
            let name = scenario.name;
            let text = phrase!(
                "`Skenario konsep: {name}` tanpa `Contoh`",
                "`Skenario konsep: {name}` without `Contoh`"
            );
            self.say(
                scenario.line,
                text,
                phrase!("tambahkan `Contoh:` dengan tabelnya", "add `Contoh:` with its table"),
            );
        }
        for (row, columns) in &scenario.columns {
            let missing = scenario.placeholders.iter().find(|(_, name)| !columns.contains(name));
            if let Some((line, name)) = missing {
                let text = phrase!(
                    "<{name}> tidak ada pada `Contoh` di baris {row}",
                    "<{name}> is in no column of the `Contoh` at line {row}"
                );
                self.say(
                    *line,
                    text,
                    phrase!("tambahkan kolom `{name}`", "add a column `{name}`"),
                );
            }
            let unused = columns
                .iter()
                .find(|column| !scenario.placeholders.iter().any(|(_, name)| name == *column));
            if let Some(column) = unused {
                let text = phrase!("kolom `{column}` tidak dipakai", "the column `{column}` is not used");
                self.say(
                    *row,
                    text,
                    phrase!(
                        "pakai <{column}> atau hapus kolomnya",
                        "use <{column}> or remove the column"
                    ),
                );
            }
        }
    }

    fn end(&mut self) {
        self.end_scenario();
        if let Some(line) = self.tags.take() {
            let text = phrase!("tanda tanpa skenario", "a tag without a scenario");
            self.say(
                line,
                text,
                phrase!("hapus, atau tulis skenarionya", "remove it, or write its scenario"),
            );
        }
        if !self.feature {
            let text = phrase!("tidak ada `Fitur:`", "there is no `Fitur:`");
            self.say(
                1,
                text,
                phrase!(
                    "tulis `Fitur: …` sesudah baris bahasa",
                    "write `Fitur: …` after the language line"
                ),
            );
        }
    }
}

/// The names between `<` and `>`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(name, _)| name)
}

fn order(kind: Keyword) -> u8 {
    match kind {
        Keyword::Diketahui => 0,
        Keyword::Ketika => 1,
        Keyword::Maka | Keyword::Dan | Keyword::Tetapi => 2,
    }
}

const LANGUAGE: &str = "# language: id";

/// gherkin.md, *Words*: two to eight steps.
const MIN_STEPS: usize = 2;
const MAX_STEPS: usize = 8;

/// A step with one of these can be left out (gherkin.md, *Grammar*).
const CONDITION: &str = ", bila ";

/// A *Maka* with one of these never gives FAIL.
const PREFIXES: &[&str] = &["kontrol: ", "cukup bukti: ", "peringatan: "];

#[cfg(test)]
#[path = "structure_tests.rs"]
mod tests;
