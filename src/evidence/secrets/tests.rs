//! Every encoding, the cut, and headers.
#![expect(clippy::format_collect, reason = "short texts of tests")]

use super::*;

const TOKEN: &str = "s3cr/t+v4l\"ue é?";

fn secrets() -> Secrets {
    let secrets = Secrets::new();
    assert_eq!(secrets.register("token", TOKEN), Registered::New);
    secrets
}

fn check(text: &str, expected: &str) {
    assert_eq!(secrets().redact(text), expected, "{text}");
}

#[test]
fn every_encoding_is_hidden() {
    check(TOKEN, "‹token#1›");
    check(&TOKEN.to_uppercase().replace('É', "é"), "‹token#1›");
    check(r#"{"t":"s3cr\/t+v4l\"ue \u00e9?"}"#, r#"{"t":"‹token#1›"}"#);
    check(r#"{"t":"s3cr/t+v4l\u0022ue \u00E9?"}"#, r#"{"t":"‹token#1›"}"#);
    check("?t=s3cr%2Ft%2Bv4l%22ue%20%C3%A9%3F&x", "?t=‹token#1›&x");
    check("?t=s3cr%2ft%2bv4l%22ue%20%c3%a9%3f&x", "?t=‹token#1›&x");
    check("?t=s3cr%2Ft%2Bv4l%22ue+%C3%A9%3F&x", "?t=‹token#1›&x");
    check("<b>s3cr/t+v4l&quot;ue &#233;?</b>", "<b>‹token#1›</b>");
    check("<b>s3cr&#x2F;t&#43;v4l&#34;ue é?</b>", "<b>‹token#1›</b>");
    check(r"s3cr\u00252Ft\u00252Bv4l\u002522ue\u002520é?", "‹token#1›");
    check("733363722f742b76346c22756520c3a93f", "‹token#1›");
    let full: String = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect();
    check(&full, "‹token#1›");
    let wide: String = TOKEN.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    check(&wide, "‹token#1›");
}

#[test]
fn base64_is_hidden_at_every_alignment_and_in_both_alphabets() {
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE};
    for lead in ["", "u", "us", "use"] {
        let plain = format!("{lead}{TOKEN}tail");
        for coded in [
            STANDARD.encode(&plain),
            URL_SAFE.encode(&plain),
            STANDARD_NO_PAD.encode(&plain),
        ] {
            let shown = secrets().redact(&coded);
            assert!(shown.contains("‹token#1›"), "{lead:?} {coded} {shown}");
            let (from, to) = ((lead.len() * 8).div_ceil(6), (lead.len() + TOKEN.len()) * 8 / 6);
            assert!(!shown.contains(&coded[from..to]), "{lead:?} {coded} {shown}");
        }
    }
}

#[test]
fn placeholders_are_stable_and_tell_values_apart() {
    let secrets = secrets();
    assert_eq!(secrets.register("token", "second value"), Registered::New);
    assert_eq!(secrets.register("sandi", TOKEN), Registered::Known);
    assert_eq!(secrets.register("sandi", "third value"), Registered::New);
    assert_eq!(secrets.register("sandi", "short"), Registered::TooShort);
    assert_eq!(
        secrets.redact(&format!("second value, {TOKEN}, third value, second value, short")),
        "‹token#2›, ‹token#1›, ‹sandi#1›, ‹token#2›, short"
    );
}

#[test]
fn an_altered_jwt_does_not_show_its_claims() {
    let secrets = Secrets::new();
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4IiwiZXhwIjo5OTl9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    secrets.register("token", token);
    assert_eq!(secrets.redact(token), "‹token#1›");
    let altered = token.replace(".AAAAA", ".BAAAA");
    assert_eq!(
        secrets.redact(&altered),
        "eyJhbGciOiJIUzI1NiJ9.‹token#1.2›.BAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    );
}

#[test]
fn a_secret_across_the_cut_is_hidden_whole() {
    let secrets = secrets();
    for most in 5..40 {
        let text = format!("0123456789{}0123456789", TOKEN.replace('"', "\\\""));
        let shown = secrets.redact_prefix(&text, most);
        let expected = match most {
            0..=10 => text[..most].to_owned(),
            11..=27 => "0123456789‹token#1›".to_owned(),
            _ => format!(
                "0123456789‹token#1›{}",
                &text[28.min(text.len())..text.floor_char_boundary(most)]
            ),
        };
        assert_eq!(shown, expected, "{most}");
    }
}

#[test]
fn overlapping_secrets_are_hidden_together() {
    let secrets = Secrets::new();
    secrets.register("a", "abcdefgh");
    secrets.register("b", "efghijklmn");
    assert_eq!(secrets.redact("<abcdefghijklmn>"), "<‹b#1›>");
}

#[test]
fn headers_are_hidden_by_name() {
    let secrets = secrets();
    let check = |name: &str, value: &str, expected: &str| assert_eq!(secrets.redact_header(name, value), expected);
    check("Authorization", &format!("Bearer {TOKEN}"), "Bearer ‹token#1›");
    check("authorization", "Bearer unknown", "Bearer ‹authorization#n1›");
    check("authorization", "unknown", "‹authorization#n1›");
    check("X-Api-Key", "abc", "‹x-api-key#n2›");
    check("cookie", "sid=one; theme=dark", "sid=‹kuki#n3›; theme=‹kuki#n4›");
    check(
        "set-cookie",
        "sid=one; Path=/; HttpOnly",
        "sid=‹kuki#n3›; Path=/; HttpOnly",
    );
    check("location", &format!("/x?t={TOKEN}"), "/x?t=‹token#1›");
    check("x-own", "value", "value");
    secrets.register_header("X-Own");
    check("x-own", "value", "‹x-own#n5›");
}

#[test]
fn json_values_are_hidden_with_names_and_numbers() {
    let secrets = Secrets::new();
    secrets.register("nik", "3204110101909990");
    let mut value = serde_json::json!({
        "nik": 3_204_110_101_909_990_u64, "3204110101909990": ["NIK 3204110101909990", 12, true, null]
    });
    secrets.redact_value(&mut value);
    assert_eq!(
        value,
        serde_json::json!({"nik": "‹nik#1›", "‹nik#1›": ["NIK ‹nik#1›", 12, true, null]})
    );
}

#[test]
fn deep_values_are_cut_off_without_overflow() {
    let mut value = Value::Null;
    for _ in 0..1_000 {
        value = Value::Array(vec![value]);
    }
    Secrets::new().redact_value(&mut value);
    let text = serde_json::to_string(&value).unwrap();
    assert!(
        serde_json::from_str::<Value>(&text).is_ok(),
        "what is written can be read"
    );
}

#[test]
fn old_and_new_secrets_are_hidden_while_many_are_registered() {
    let secrets = Secrets::new();
    let value = |number: u32| format!("rahasia-{number:04}-x");
    for number in 0..200 {
        secrets.register("uji", &value(number));
        // Each look settles what has become many.
        for known in [0, number / 2, number] {
            let text = format!("a {} b", value(known));
            assert_eq!(secrets.redact(&text), format!("a ‹uji#{}› b", known + 1), "{number}");
        }
        let unknown = value(number + 1);
        assert_eq!(secrets.redact(&unknown), unknown);
    }
}
