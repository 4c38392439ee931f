//! Every fault that a feature's structure can have: what is wrong, and what to write instead.
//! Knows nothing of how faults are found.

use crate::domain::Phrase;
use crate::phrase;

/// Declares the faults: text in both languages; advice in both languages.
macro_rules! faults {
    ($($name:ident $({ $($field:ident: $kind:ty),+ })? => $id:literal, $en:literal; $todo:literal, $to_do:literal;)+) => {
        /// A fault of a feature's structure.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(super) enum Fault { $($name $({ $($field: $kind),+ })?,)+ }

        impl Fault {
            /// What is wrong, and what to do.
            pub(super) fn phrases(&self) -> (Phrase, Phrase) {
                match self { $(Self::$name $({ $($field),+ })? => (phrase!($id, $en), phrase!($todo, $to_do)),)+ }
            }

            /// The name of every fault, for the test that each of them bites.
            #[cfg(test)]
            pub(super) const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// The fault's name.
            #[cfg(test)]
            pub(super) fn name(&self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),+ })? => stringify!($name),)+ }
            }
        }
    };
}

faults! {
    Bom =>
        "berkas bermula dengan tanda BOM", "the file begins with a byte order mark";
        "simpan sebagai UTF-8 tanpa BOM", "save it as UTF-8 without BOM";
    Language =>
        "baris pertama bukan `# language: id`", "the first line is not `# language: id`";
        "tulis `# language: id` pada baris pertama", "write `# language: id` as the first line";
    LanguageAgain =>
        "bahasa hanya disebut pada baris pertama", "the language is named in the first line alone";
        "hapus baris ini", "remove this line";
    Invisible { shown: String } =>
        "karakter tak tampak {shown}", "invisible character {shown}";
        "hapus, atau pakai spasi biasa", "remove it, or use an ordinary blank";
    Keyword { word: &'static str } =>
        "huruf besar, huruf kecil, atau tanda sesudah `{word}` salah", "`{word}` with the wrong letter case or sign after it";
        "tulis `{word}` tepat seperti ini", "write `{word}` exactly so";
    ForeignKeyword { word: &'static str, ours: &'static str } =>
        "kata kunci `{word}` tidak dipakai dalam standar ini", "the keyword `{word}` is not used in this standard";
        "tulis `{ours}`", "write `{ours}`";
    Misspelt { word: &'static str } =>
        "baris ini tidak bermula dengan kata kunci", "this line begins with no keyword";
        "mungkin maksud Anda `{word}`; keterangan ditulis sebagai baris `#`",
        "did you mean `{word}`? Remarks are written as a `#` line";
    NoKeyword =>
        "baris ini tidak bermula dengan kata kunci", "this line begins with no keyword";
        "mulai langkah dengan Diketahui, Ketika, Maka, Dan, atau Tetapi; keterangan ditulis sebagai baris `#`",
        "begin a step with Diketahui, Ketika, Maka, Dan or Tetapi; remarks are written as a `#` line";
    Docstring =>
        "teks berpetik tiga tidak dipakai", "texts in triple quotes are not used";
        "beri teks itu nama dalam kamus langkah", "give the text a name in the dictionary of steps";
    NoFeature =>
        "berkas tidak bermula dengan `Fitur:`", "the file does not begin with `Fitur:`";
        "tulis `Fitur: …` di atas skenario pertama", "write `Fitur: …` above the first scenario";
    FeatureAgain =>
        "`Fitur` kedua dalam satu berkas", "a second `Fitur` in one file";
        "satu berkas memuat satu klausul", "one file holds one clause";
    NoTitle =>
        "judul kosong", "an empty title";
        "tulis judulnya", "write the title";
    Tags =>
        "lebih dari satu tanda", "more than one tag";
        "setiap skenario bertanda satu pengenal, misalnya @PB-02", "each scenario has one identifier as its tag, such as @PB-02";
    TagHere =>
        "tanda di sini berlaku diam-diam bagi semua skenario di bawahnya", "a tag here silently holds for all scenarios below";
        "tandai setiap skenario", "tag each scenario";
    NoTag =>
        "skenario tanpa pengenal persyaratan", "a scenario without a requirement's identifier";
        "tulis misalnya `@PB-02` di atasnya", "write `@PB-02`, say, above it";
    LooseTag =>
        "tanda tanpa skenario", "a tag without a scenario";
        "hapus, atau tulis skenarionya", "remove it, or write its scenario";
    ExamplesTag =>
        "`Contoh` tidak bertanda", "a `Contoh` has no tag";
        "hapus tanda ini", "remove this tag";
    ExamplesAlone =>
        "`Contoh` tanpa `Skenario konsep`", "a `Contoh` without `Skenario konsep`";
        "ubah `Skenario` menjadi `Skenario konsep`", "turn `Skenario` into `Skenario konsep`";
    ExamplesGap =>
        "tabel tidak langsung di bawah `Contoh`", "the table does not stand right below `Contoh`";
        "taruh baris kepala tabel tepat di bawahnya", "put the table's header line right below";
    NoExamples =>
        "`Skenario konsep` tanpa `Contoh`", "`Skenario konsep` without `Contoh`";
        "tambahkan `Contoh:` dengan tabelnya", "add `Contoh:` with its table";
    LooseStep =>
        "langkah di luar skenario", "a step outside a scenario";
        "tulis `Skenario: …` di atasnya", "write `Skenario: …` above it";
    FirstStep =>
        "`Dan` atau `Tetapi` sebagai langkah pertama", "`Dan` or `Tetapi` as the first step";
        "mulai dengan Diketahui atau Ketika", "begin with Diketahui or Ketika";
    Order =>
        "langkah tidak berurutan", "steps out of order";
        "Diketahui, lalu Ketika, lalu Maka; perilaku kedua mendapat skenario sendiri",
        "Diketahui, then Ketika, then Maka; a second behaviour gets its own scenario";
    Remark =>
        "`#` di belakang langkah menjadi bagian langkah", "a `#` behind a step is part of the step";
        "tulis keterangan pada baris sendiri", "write the remark on a line of its own";
    LateStep =>
        "langkah sesudah `Contoh`", "a step after `Contoh`";
        "taruh semua langkah di atas `Contoh`", "put all steps above `Contoh`";
    Steps { count: usize } =>
        "skenario ini berlangkah {count}", "this scenario has {count} steps";
        "tulis dua sampai delapan langkah", "write two to eight steps";
    NoAct =>
        "tidak ada `Ketika` tanpa syarat `bila …`", "no `Ketika` without a condition `bila …`";
        "tulis apa yang dilakukan", "write what is done";
    NoFinding =>
        "tidak ada `Maka` yang dapat menjadi temuan", "no `Maka` that can become a finding";
        "tulis apa yang diamati, tanpa `kontrol:`, `cukup bukti:`, `peringatan:`, atau `bila …`",
        "write what is observed, without `kontrol:`, `cukup bukti:`, `peringatan:` or `bila …`";
    LooseRow =>
        "baris tabel tanpa langkah atau `Contoh` tepat di atasnya", "a table row without a step or `Contoh` right above";
        "taruh tabel tepat di bawahnya, tanpa baris kosong", "put the table right below it, without a blank line";
    RowShape =>
        "baris tabel tidak ditutup `|`, atau memuat `\\`", "a table row that does not end with `|`, or holds `\\`";
        "tutup dengan `|`; beri teks sulit nama dalam kamus langkah", "close it with `|`; give hard texts a name in the dictionary of steps";
    EmptyCell =>
        "sel kosong", "an empty cell";
        "isi setiap sel", "fill every cell";
    ColumnAgain =>
        "nama kolom berulang", "a column name twice";
        "beri nama lain", "name it otherwise";
    Width { count: usize, width: usize } =>
        "baris ini bersel {count}, kepalanya {width}", "this row has {count} cells, its header {width}";
        "samakan jumlah selnya", "make their number equal";
    HeaderAlone =>
        "tabel hanya berisi kepala", "a table with a header alone";
        "tambahkan sekurang-kurangnya satu baris", "add one row at least";
    LoosePlaceholder { name: String } =>
        "<{name}> dalam skenario tanpa `Contoh`", "<{name}> in a scenario without `Contoh`";
        "ubah `Skenario` menjadi `Skenario konsep`", "turn `Skenario` into `Skenario konsep`";
    NoColumn { name: String, row: usize } =>
        "<{name}> tidak ada pada `Contoh` di baris {row}", "<{name}> is in no column of the `Contoh` at line {row}";
        "tambahkan kolom `{name}`", "add a column `{name}`";
    UnusedColumn { name: String } =>
        "kolom `{name}` tidak dipakai", "the column `{name}` is not used";
        "pakai <{name}> atau hapus kolomnya", "use <{name}> or remove the column";
}
