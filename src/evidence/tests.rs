//! What the whole of the evidence module promises: no registered secret, in any encoding, in any written byte.

use std::fmt::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::record::{Broken, BrokenKind, Check, Credential, Data, Declare, End, Fault, Fixture, Observation, StepEnd};
use super::recorder::samples;
use super::{CanaryBook, LOG_FILE, RawAnswer, RawExchange, RawInbound, RawRequest, Recorder, Secrets, text_digest};
use crate::domain::Phrase;
use crate::verdict::{Reason, Strength};

/// Ways in which a value may be written; each is undone by what reads such a text.
#[derive(Debug, Clone, Copy)]
enum Coder {
    Plain,
    JsonShort,
    JsonLong,
    Slashes,
    PercentReserved,
    PercentFull,
    PercentLower,
    Form,
    HtmlNamed,
    HtmlNumber,
    Base64,
    Base64Url,
    Hex,
}

const CODERS: &[Coder] = &[
    Coder::Plain,
    Coder::JsonShort,
    Coder::JsonLong,
    Coder::Slashes,
    Coder::PercentReserved,
    Coder::PercentFull,
    Coder::PercentLower,
    Coder::Form,
    Coder::HtmlNamed,
    Coder::HtmlNumber,
    Coder::Base64,
    Coder::Base64Url,
    Coder::Hex,
];

fn percent(text: &str, keep: impl Fn(u8) -> bool) -> String {
    text.bytes().fold(String::new(), |mut coded, byte| {
        if keep(byte) {
            coded.push(char::from(byte));
        } else {
            let _ = write!(coded, "%{byte:02X}");
        }
        coded
    })
}

fn coded(coder: Coder, text: &str) -> String {
    match coder {
        Coder::Plain => text.to_owned(),
        Coder::JsonShort => {
            let quoted = serde_json::to_string(text).unwrap();
            quoted[1..quoted.len() - 1].to_owned()
        }
        Coder::JsonLong => text.encode_utf16().fold(String::new(), |mut coded, unit| {
            let _ = write!(coded, "\\u{unit:04x}");
            coded
        }),
        Coder::Slashes => coded(Coder::JsonShort, text).replace('/', "\\/"),
        Coder::PercentReserved => percent(text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
        Coder::PercentFull => percent(text, |_| false),
        Coder::PercentLower => coded(Coder::PercentFull, text).to_lowercase(),
        Coder::Form => percent(text, |byte| byte.is_ascii_alphanumeric() || byte == b' ').replace(' ', "+"),
        Coder::HtmlNamed => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;"),
        Coder::HtmlNumber => text.chars().fold(String::new(), |mut coded, character| {
            let _ = write!(coded, "&#{};", u32::from(character));
            coded
        }),
        Coder::Base64 => STANDARD.encode(text),
        Coder::Base64Url => URL_SAFE_NO_PAD.encode(text),
        Coder::Hex => text.bytes().fold(String::new(), |mut coded, byte| {
            let _ = write!(coded, "{byte:02x}");
            coded
        }),
    }
}

/// What of the encoded form of `lead + secret + tail` belongs to the secret alone.
fn own_part(coder: Coder, lead: &str, secret: &str, whole: &str) -> String {
    if matches!(coder, Coder::Base64 | Coder::Base64Url) {
        let (from, to) = ((lead.len() * 8).div_ceil(6), (lead.len() + secret.len()) * 8 / 6);
        whole[from..to].to_owned()
    } else {
        coded(coder, secret)
    }
}

fn secret_text() -> impl Strategy<Value = String> {
    prop_oneof!["[!-~]{6,40}", "[a-zA-Z0-9+/_=-]{6,64}", "[ -~é漢😀]{8,20}"]
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("long enough", |text| text.len() >= super::secrets::SHORTEST)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_encoding_of_a_secret_survives_and_redaction_is_idempotent(
        secret in secret_text(),
        lead in "[ -~é]{0,9}",
        tail in "[ -~é]{0,9}",
        coder in prop::sample::select(CODERS),
        outer in prop::sample::select(&[Coder::Plain, Coder::JsonShort, Coder::Slashes, Coder::PercentReserved, Coder::HtmlNamed][..]),
    ) {
        let secrets = Secrets::new();
        secrets.register("sandi", &secret);
        let inner = coded(coder, &format!("{lead}{secret}{tail}"));
        let own = own_part(coder, &lead, &secret, &inner);
        let text = coded(outer, &inner);
        let shown = secrets.redact(&text);
        prop_assert!(!shown.contains(&coded(outer, &own)), "{shown}");
        prop_assert!(!shown.contains(&secret), "{shown}");
        prop_assert_eq!(secrets.redact(&shown), shown);
    }

    #[test]
    fn a_cut_shows_no_part_of_a_secret(
        secret in "[a-z0-9]{24,40}",
        coder in prop::sample::select(CODERS),
        most in 0_usize..200,
    ) {
        let secrets = Secrets::new();
        secrets.register("sandi", &secret);
        let form = coded(coder, &secret);
        let text = format!("{}{form}{}", "#".repeat(60), "#".repeat(200));
        let shown = secrets.redact_prefix(&text, most);
        // The last base64 character and padding carry no whole byte.
        let tell = form.get(..form.len().min(8)).unwrap();
        prop_assert!(!shown.contains(tell), "{shown}");
    }

    #[test]
    fn hostile_text_never_panics(text in ".{0,300}", most in 0_usize..300) {
        let secrets = Secrets::new();
        secrets.register("sandi", "aaaaaa");
        secrets.register("sandi", "%41\\u0041&#65;");
        let _ = secrets.redact_prefix(&text, most);
        let _ = super::json_facts(text.as_bytes());
        let book = CanaryBook::new("k3v9q0x7m2p5w8z1");
        book.register_value(1, "nik", true, "3204110101909990");
        let _ = book.search_body(text.as_bytes(), true);
    }

    #[test]
    fn the_scanner_agrees_with_a_parser(text in r#"[\[\]{}",:0-9eE+.\\u tfn-]{0,24}"#) {
        // serde_json also refuses numbers out of range; form alone is what the scanner judges.
        let parsed = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
        prop_assert_eq!(super::json_facts(text.as_bytes()).well_formed, parsed);
    }
}

const PASSWORD: &str = "Ru4hasia/\"uji\" +é";
const TOKEN: &str = "tok.3n-yang_diterima/dari+server==";
const NIK: &str = "3204110101909991";

/// Every written form of the planted secrets.
fn forms() -> Vec<String> {
    let secrets = [PASSWORD, TOKEN, NIK];
    let mut forms: Vec<String> = secrets
        .iter()
        .flat_map(|s| CODERS.iter().map(|coder| coded(*coder, s)))
        .collect();
    for secret in secrets {
        for lead in ["a", "ab"] {
            let whole = STANDARD.encode(format!("{lead}{secret}z"));
            forms.push(own_part(Coder::Base64, lead, secret, &whole));
        }
    }
    // As they would stand in a line of the log, which is JSON itself.
    let lines: Vec<String> = forms.iter().map(|form| coded(Coder::JsonShort, form)).collect();
    forms.extend(lines);
    forms
}

/// Every secret in every encoding, as one text.
fn planted() -> String {
    forms().join(" | ")
}

fn everywhere() -> RawExchange {
    let body = json!({ "isi": planted(), PASSWORD: [NIK, 3_204_110_101_909_991_u64], "judul": TOKEN });
    let mut raw = samples::exchange("{}");
    raw.credential = Credential::Altered(planted());
    raw.object = Some(planted());
    raw.step = planted();
    raw.input_class = planted();
    raw.request = RawRequest {
        method: "POST".to_owned(),
        url: format!("http://127.0.0.1/x?{}", planted()),
        headers: vec![
            (
                "authorization".to_owned(),
                format!("Basic {}", STANDARD.encode(format!("admin:{PASSWORD}"))),
            ),
            ("cookie".to_owned(), format!("sid={TOKEN}; lain=rahasia-kecil")),
            ("x-lain".to_owned(), planted()),
        ],
        body: Some(Bytes::from(planted())),
    };
    raw.answer = RawAnswer::Response {
        status: 200,
        headers: vec![
            ("set-cookie".to_owned(), format!("sid={TOKEN}; Path=/").into_bytes()),
            ("location".to_owned(), planted().into_bytes()),
        ],
        body: Bytes::from(body.to_string()),
    };
    raw.mapped = body;
    raw.map_fault = Some(planted());
    let place = super::record::RawPlace {
        times: vec![json!(planted())],
        ..super::record::RawPlace::default()
    };
    raw.raw.insert(planted(), place);
    raw
}

fn every_kind() -> Vec<Data> {
    let text = planted;
    let phrase = || Phrase::new(planted(), planted());
    vec![
        Data::Observation(Observation {
            kind: text(),
            value: json!({ text(): [text(), { "a": text() }] }),
        }),
        Data::Fixture(Fixture {
            number: 1,
            label: text(),
            id: text(),
            status: text(),
            origin: text(),
        }),
        Data::Declare(Declare {
            line: 1,
            legs: vec![text()],
        }),
        Data::Step(StepEnd {
            line: 1,
            kind: "maka".to_owned(),
            text: text(),
            end: End::Error(text()),
        }),
        Data::Step(StepEnd {
            line: 1,
            kind: "maka".to_owned(),
            text: text(),
            end: End::Inconclusive {
                reason: Reason::Timeout,
                text: phrase(),
            },
        }),
        Data::Step(StepEnd {
            line: 1,
            kind: "maka".to_owned(),
            text: text(),
            end: End::LeftOut(text()),
        }),
        Data::Check(Box::new(Check {
            line: 1,
            oracle: "uji".to_owned(),
            version: 1,
            strength: Strength::Finding,
            params: json!({ text(): text() }),
            evidence: vec![1],
            declared: vec![text()],
            miss: None,
        })),
        Data::Fault(Fault { text: text() }),
    ]
}

fn recorder(dir: &Path) -> Recorder {
    let secrets = Secrets::new();
    secrets.register("sandi", PASSWORD);
    secrets.register("token", TOKEN);
    secrets.register("nik", NIK);
    let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
    Recorder::create(
        dir,
        samples::header(),
        secrets,
        canaries,
        Box::new(samples::Seen::default()),
    )
    .unwrap()
}

#[test]
fn secrets_planted_in_every_place_of_a_run_stand_nowhere_in_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = recorder(dir.path());
    let exchange = recorder.capture(samples::scope(), everywhere());
    let mut broken = everywhere();
    broken.answer = RawAnswer::Broken(Broken {
        kind: BrokenKind::Closed,
        text: planted(),
    });
    recorder.capture(samples::scope(), broken);
    let inbound = RawInbound {
        listener: "hub".to_owned(),
        at_us: 5,
        request: everywhere().request,
        answered: 200,
        mapped: everywhere().mapped,
        raw: everywhere().raw,
    };
    recorder.capture_inbound(samples::scope(), inbound);
    for data in every_kind() {
        recorder.write(samples::scope(), data);
    }
    // A record that somebody makes by hand is redacted too.
    let mut by_hand = exchange.exchange().unwrap().clone();
    by_hand.map_fault = Some(planted());
    recorder.write(samples::scope(), Data::Exchange(Box::new(by_hand)));
    recorder.finish(samples::footer()).unwrap();

    let log = std::fs::read_to_string(dir.path().join(LOG_FILE)).unwrap();
    for form in forms() {
        assert!(!log.contains(&form), "{form:?} stands in the log");
    }
    assert!(!log.contains("rahasia-kecil"), "cookies are hidden by name");
    for placeholder in ["‹sandi#1›", "‹token#1›", "‹nik#1›"] {
        assert!(
            log.contains(placeholder),
            "{placeholder} is missing: the test planted nothing"
        );
    }
}

#[test]
fn digests_let_hidden_texts_be_compared() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = recorder(dir.path());
    let mut raw = samples::exchange("{}");
    raw.mapped = json!({
        "judul": "Jalan rusak", "isi": format!("NIK saya {NIK}"), "status": "selesai", "pelapor": { "nik": NIK, "nama": "Sari" },
        "butir": [{ "judul": "Lain" }, { "judul": NIK }]
    });
    let record = recorder.capture(samples::scope(), raw);
    let exchange = record.exchange().unwrap();
    let digest = |key: &str| exchange.facts.digests.get(key).cloned();
    assert_eq!(digest("judul"), Some(text_digest("Jalan rusak")));
    assert_eq!(digest("isi"), Some(text_digest(&format!("NIK saya {NIK}"))));
    assert_eq!(digest("pelapor/nik"), Some(text_digest(NIK)));
    assert_eq!(digest("butir/1/judul"), Some(text_digest(NIK)));
    assert_eq!(
        exchange.facts.digests.len(),
        4,
        "nothing else needs one: {:?}",
        exchange.facts.digests
    );
    assert_eq!(exchange.mapped["isi"], json!("NIK saya ‹nik#1›"));
}

#[test]
fn facts_tell_what_redaction_and_the_cut_hide() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = recorder(dir.path());
    let private = recorder.canaries().plant(7, "pelapor.nama", true);
    let public = recorder.canaries().plant(7, "judul", false);
    let mut raw = samples::exchange("{}");
    raw.request.url = format!("http://127.0.0.1/cari?q={public}");
    let body = format!(
        "{{\"a\": \"{}\", \"x\": {{\"nama\": \"Uji {private}\"}}, \"a\": 1}}",
        "é".repeat(50_000)
    );
    raw.answer = RawAnswer::Response {
        status: 200,
        headers: vec![("X-Pelapor".to_owned(), private.clone().into_bytes())],
        body: Bytes::from(body.clone()),
    };
    let record = recorder.capture(samples::scope(), raw);
    let exchange = record.exchange().unwrap();
    let places: Vec<&str> = exchange.facts.canaries.iter().map(|hit| hit.place.as_str()).collect();
    assert_eq!(places, ["url", "header:x-pelapor", "body:/x/nama"]);
    assert_eq!(exchange.facts.answer_canaries().count(), 2);
    assert!(
        exchange
            .facts
            .canaries
            .iter()
            .all(|hit| hit.fixture == 7 && hit.private == (hit.field != "judul"))
    );
    assert_eq!(exchange.facts.doubled_members, ["a"]);
    assert!(exchange.facts.utf8 && exchange.facts.json);
    let kept = &exchange.response().unwrap().body;
    assert_eq!(
        (kept.len, kept.sha256.as_str()),
        (body.len() as u64, super::sha256_hex(body.as_bytes()).as_str())
    );
    let text = kept.text.as_deref().unwrap();
    assert!(
        text.len() <= super::BODY_KEPT && text.len() > super::BODY_KEPT - 4,
        "cut at a character boundary"
    );
}

#[test]
fn bytes_that_are_no_text_are_kept_as_digest_alone() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = recorder(dir.path());
    let mut raw = samples::exchange("{}");
    raw.answer = RawAnswer::Response {
        status: 200,
        headers: Vec::new(),
        body: Bytes::from_static(b"\x89PNG\xff"),
    };
    raw.mapped = Value::Null;
    let record = recorder.capture(samples::scope(), raw);
    let exchange = record.exchange().unwrap();
    let body = &exchange.response().unwrap().body;
    assert_eq!((body.len, body.text.as_deref(), exchange.facts.utf8), (5, None, false));
}
