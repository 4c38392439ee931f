//! Every encoding, digit values, and large bodies.
#![expect(clippy::format_collect, reason = "short texts of tests")]

use super::*;
use base64::engine::general_purpose::STANDARD;

const NONCE: &str = "k3v9q0x7m2p5w8z1";

fn check(book: &CanaryBook, bytes: &[u8], expected: &[(&str, &str)]) {
    let found = book.search_body(bytes, crate::evidence::scan::json_facts(bytes).well_formed);
    let found: Vec<(String, String)> = found
        .iter()
        .map(|hit| (hit.canary.clone(), format!("{} {}", hit.place, hit.encoding)))
        .collect();
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(canary, place)| ((*canary).to_owned(), (*place).to_owned()))
        .collect();
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(bytes));
}

#[test]
fn a_canary_is_named_in_every_encoding() {
    let book = CanaryBook::new(NONCE);
    let canary = book.plant(75, "pelapor.nama", true);
    assert_eq!(canary, format!("{NONCE}023a"));
    let text = format!("Uji {canary} Sinta");
    let name = "pelapor.nama@75";
    check(&book, text.as_bytes(), &[(name, "body@4 plain")]);
    check(&book, text.to_uppercase().as_bytes(), &[(name, "body@4 plain")]);
    check(
        &book,
        format!(r#"{{"a":[0,{{"b":"{text}"}}]}}"#).as_bytes(),
        &[(name, "body:/a/1/b plain")],
    );
    let wide: String = text.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    check(&book, format!(r#"["{wide}"]"#).as_bytes(), &[(name, "body:/0 json")]);
    let percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    check(&book, format!("a={percent}").as_bytes(), &[(name, "body@14 percent")]);
    let html: String = text.bytes().map(|byte| format!("&#x{byte:x};")).collect();
    check(&book, html.as_bytes(), &[(name, "body@24 html")]);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&book, &wide, &[(name, "body@8 utf16")]);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&book, &wide, &[(name, "body@9 utf16")]);
    for lead in ["", "x", "xy"] {
        for glued in ["", "q", "qq", "qqq"] {
            let coded = format!("{glued}{}", STANDARD.encode(format!("{lead}{text}")));
            let found = book.search(coded.as_bytes());
            assert!(
                found
                    .iter()
                    .any(|found| found.field == "pelapor.nama" && found.encoding == "base64"),
                "{coded}"
            );
        }
    }
    let hex: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
    check(&book, format!("g{hex}").as_bytes(), &[(name, "body@9 hex")]);
}

#[test]
fn a_nonce_without_a_known_tail_is_told_and_earlier_nonces_stay_known() {
    let book = CanaryBook::new(NONCE);
    let old = book.plant(1, "judul", false);
    book.renew("aaaabbbbccccdddd");
    let new = book.plant(1, "judul", false);
    assert!(new.starts_with(&book.nonce()) && old != new);
    let text = format!("{old} {new} {NONCE}");
    let fields: Vec<String> = book
        .search(text.as_bytes())
        .into_iter()
        .map(|found| found.field)
        .collect();
    assert_eq!(fields, ["judul", "judul", "tidak_dikenal"]);
}

#[test]
fn digit_values_match_only_between_non_digits() {
    let book = CanaryBook::new(NONCE);
    book.register_value(3, "pelapor.nik", true, "3204110101909990");
    book.register_value(3, "pelapor.telepon", true, "+62 854-1234-5678");
    check(
        &book,
        b"{\"n\":3204110101909990}",
        &[("pelapor.nik@3", "body:/n plain")],
    );
    check(
        &book,
        b"<p>NIK:3204110101909990.</p>",
        &[("pelapor.nik@3", "body@7 plain")],
    );
    check(&book, b"13204110101909990", &[]);
    check(&book, b"32041101019099901", &[]);
    check(&book, b"tel 085412345678", &[("pelapor.telepon@3", "body@4 plain")]);
    check(&book, b"tel +6285412345678", &[("pelapor.telepon@3", "body@5 plain")]);
    let coded = STANDARD.encode("nik=3204110101909990;");
    check(&book, coded.as_bytes(), &[("pelapor.nik@3", "body@5 base64")]);
}

#[test]
fn registered_texts_are_found_and_short_ones_are_not_searched() {
    let book = CanaryBook::new(NONCE);
    book.register_value(0, "pelapor.surel", true, "Sari.Uji@contoh.test");
    book.register_value(0, "pelapor.nama", true, "Ani");
    check(
        &book,
        b"{\"e\":\"sari.uji@CONTOH.test\"}",
        &[("pelapor.surel@0", "body:/e plain")],
    );
    check(
        &book,
        b"e=sari.uji%40contoh.test",
        &[("pelapor.surel@0", "body@2 percent")],
    );
    check(&book, b"banian Ani", &[]);
}

#[test]
fn runs_are_maximal_and_long_enough() {
    let digits = |text: &str| -> Vec<Range<usize>> { runs(text.as_bytes(), 3, |byte| byte.is_ascii_digit()).collect() };
    assert_eq!(digits("123"), vec![0..3]);
    assert_eq!(digits("12a123b1234c12d123"), vec![3..6, 7..11, 15..18]);
    assert_eq!(digits("12"), Vec::<Range<usize>>::new());
    assert_eq!(digits("a12a34b567"), vec![7..10]);
}

#[test]
fn large_bodies_are_searched_in_pieces_and_hits_are_bounded() {
    let book = CanaryBook::new(NONCE);
    let canary = book.plant(9, "isi", true);
    book.register_value(9, "pelapor.nik", true, "3204110101909990");
    for at in [PIECE - 10, PIECE - 1, PIECE, PIECE - OVERLAP - 3, 2 * PIECE + 5] {
        let mut body = vec![b' '; 3 * PIECE];
        body[at..at + canary.len()].copy_from_slice(canary.as_bytes());
        body[at + 40..at + 56].copy_from_slice(b"3204110101909990");
        let found: Vec<usize> = book.search(&body).iter().map(|found| found.offset).collect();
        assert_eq!(found, [at, at + 40]);
    }
    // A number that only a piece's edge makes 16 digits long is none of ours.
    let mut body = vec![b' '; 2 * PIECE];
    body[PIECE - 16..=PIECE].copy_from_slice(b"32041101019099907");
    assert_eq!(book.search(&body), []);
    assert_eq!(book.search(canary.repeat(10_000).as_bytes()).len(), HITS_OF_ONE_PRIVATE);
}

#[test]
fn a_long_list_of_public_texts_hides_no_private_value() {
    let book = CanaryBook::new("bcdfghjklmnpqrst");
    book.register_value(7, "pelapor.nama", true, "Warga Tetap");
    let entry = |number: u32| {
        let (title, text) = (book.plant(number, "penanda", false), book.plant(number, "isi", false));
        format!("{{\"judul\":\"{title}\",\"isi\":\"{title} {text}\",\"nama\":\"Warga Tetap\"}}")
    };
    let body = format!("[{}]", (1..=100).map(entry).collect::<Vec<_>>().join(","));
    let hits = book.search_body(body.as_bytes(), true);
    assert!(
        hits.iter().any(|hit| hit.private && hit.place == "body:/99/nama"),
        "the last entry's name"
    );
    assert!(
        hits.iter().any(|hit| hit.fixture == 100 && !hit.private),
        "the last entry's own text"
    );
}
