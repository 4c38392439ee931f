//! Tests of the loader on whole statements.

use std::path::Path;

use super::*;
use crate::domain::{Actor, Op};

const GOOD: &str = r#"format = "1.0"
[aplikasi]
nama = "Aduan Uji"
versi = "1"
instansi = "Dinas Uji"
alamat_dasar = "http://127.0.0.1:1/api/"
lingkungan = "staging"
[klaim]
profil = "mandiri"
kapabilitas = ["http_teks_polos", "anonim"]
[rahasia]
token_admin = "env:LAIK_UJI_TIDAK_ADA"
[autentikasi.token]
jenis = "token"
[aktor.admin]
autentikasi = "token"
kredensial = { token = "token_admin" }
[ikatan]
dialek = "rujukan"
"#;

fn load(text: &str) -> Result<Statement, Vec<Diagnosis>> {
    let given = SecretSource::Given([("token_admin".to_owned(), "rahasia-uji".to_owned())].into());
    Statement::parse("pernyataan.toml", text, Path::new("."), &given)
}

/// The first fault as `line:column message → remedy`, in English.
fn fault(text: &str) -> String {
    let faults = load(text).unwrap_err();
    let first = faults.first().unwrap();
    format!(
        "{}:{} {} → {}",
        first.line, first.column, first.message.en, first.remedy.en
    )
}

#[test]
fn loads_the_reference_dialect() {
    let statement = load(GOOD).unwrap_or_else(|faults| panic!("{}", faults.first().unwrap()));
    assert!(statement.bound().contains(&(Op::Verify, Actor::Admin)));
    assert!(statement.loopback() && statement.staging() && statement.rate().is_none());
    assert_eq!(statement.secret("token_admin").unwrap().reveal(), "rahasia-uji");
    for (op, _) in statement.binding().routes() {
        let faults = statement.binding().compile(op);
        assert!(faults.is_empty(), "{op}: {faults:?}");
    }
}

#[test]
fn names_the_place_of_every_fault() {
    assert_eq!(
        fault(&GOOD.replace("profil =", "profl =")),
        "9:1 `profl` is not known → Did you mean `profil`?"
    );
    assert_eq!(
        fault(&GOOD.replace("\"anonim\"", "\"anonm\"")),
        "10:35 `anonm` is not known → Did you mean `anonim`?"
    );
    assert_eq!(
        fault(&GOOD.replace("LAIK_UJI_TIDAK_ADA", "PATH")),
        "12:15 the name of an environment variable must begin with LAIK_ and hold A–Z, 0–9 and _ alone → Write for example \"env:LAIK_TOKEN_ADMIN\"."
    );
    assert!(
        fault(&GOOD.replace("env:LAIK_UJI_TIDAK_ADA", "file:../x")).starts_with("12:15 a secret's file must lie below")
    );
    assert!(
        fault(&GOOD.replace("env:LAIK_UJI_TIDAK_ADA", "abc123"))
            .starts_with("12:15 a secret must be written as a reference")
    );
    assert!(
        fault(&format!("{GOOD}\n[nilai]\nbatas_jawab_ms = 90000\n"))
            .starts_with("22:18 batas_jawab_ms = 90000 lies outside 1–60000")
    );
    assert!(fault(&GOOD.replace("\"http_teks_polos\", ", "")).starts_with("6:16 an address without TLS"));
    assert!(
        fault(&GOOD.replace("autentikasi = \"token\"", "autentikasi = \"tokn\"")).contains("Did you mean `token`?")
    );
    assert!(fault("format = \"1.0\"\n[aplikasi\n").starts_with("2:10 the TOML cannot be read"));
}

#[test]
fn names_the_place_inside_a_filter() {
    let text = format!("{GOOD}[ikatan.operasi.read]\njawaban = '''\n.body\n| halt(0)'''\n");
    assert_eq!(
        fault(&text).split(" → ").next(),
        Some("23:3 `halt` is not allowed in a binding")
    );
}

#[test]
fn a_misplaced_secret_is_not_repeated() {
    let text = GOOD.replace("{ token = \"token_admin\" }", "{ token = \"s3cr3t-value\" }");
    let faults = load(&text).unwrap_err();
    assert!(
        faults
            .iter()
            .all(|fault| !fault.message.en.contains("s3cr3t") && !fault.remedy.en.contains("s3cr3t"))
    );
}

#[test]
fn files_stay_below_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("outside"), "x").unwrap();
    let inner = directory.path().join("p");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(inner.join("token"), "nilai-token\n").unwrap();
    let text = GOOD.replace("env:LAIK_UJI_TIDAK_ADA", "file:token");
    let statement = Statement::parse("p", &text, &inner, &SecretSource::Environment).unwrap();
    assert_eq!(statement.secret("token_admin").unwrap().reveal(), "nilai-token");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../outside", inner.join("link")).unwrap();
        let text = GOOD.replace("env:LAIK_UJI_TIDAK_ADA", "file:link");
        let statement = Statement::parse("p", &text, &inner, &SecretSource::Environment).unwrap();
        assert!(
            statement
                .secret("token_admin")
                .unwrap_err()
                .message
                .en
                .contains("leads out")
        );
    }
}

#[test]
fn gathers_what_makes_judging_milder() {
    let text = format!(
        "{GOOD}[ikatan.operasi.read]\nterima = {{ status = [200, 302] }}\n[nilai]\njeda_tampak_ms = 20000\npenanganan_langsung = true\n[konstanta]\n\"read.klasifikasi\" = \"hanya pengaduan\"\n"
    );
    let list: Vec<String> = load(&text)
        .unwrap()
        .leniencies()
        .into_iter()
        .map(|phrase| phrase.en)
        .collect();
    assert_eq!(
        list,
        [
            "Longer wait: jeda_tampak_ms = 20000 (default 10000)",
            "Handling without disposition (penanganan_langsung)",
            "Own acceptance rule for read: 200, 302",
            "Constant value: read.klasifikasi — hanya pengaduan",
        ]
    );
}

#[test]
fn hostile_texts_never_panic() {
    for text in [
        "",
        "\u{0}",
        "[[[[",
        "a = {a = {a = {",
        "format = 1",
        "'''",
        "[ikatan]\ndialek = \"x\"",
    ] {
        assert!(load(text).is_err());
    }
    let deep = format!("x = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(load(&deep).is_err());
}

#[test]
fn the_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA_PATH);
    let schema = json_schema();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &schema).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "run UPDATE=1 cargo test the_schema_is_fresh");
}

#[test]
fn a_binding_tells_whether_it_sends_a_member() {
    use serde_json::json;

    let carries = |body: &str| {
        let text = format!("{GOOD}[ikatan.operasi.submit]\nmetode = \"POST\"\nalamat = \"/x\"\nbadan = {body}\n");
        let statement = load(&text).unwrap();
        let input = json!({"judul": "a", "status": "selesai"});
        statement
            .binding()
            .carries(Op::Submit, Actor::PelaporA, &input, "status")
    };
    assert_eq!(carries("{ jenis = \"json\" }"), Some(true));
    assert_eq!(carries("{ jenis = \"json\", jq = \".\" }"), Some(true));
    assert_eq!(carries("{ jenis = \"json\", jq = \"{title: .judul}\" }"), Some(false));
    assert_eq!(carries("{ jenis = \"kosong\" }"), Some(false));
    assert_eq!(
        carries("{ jenis = \"json\", jq = \"{title: .tangkapan.x.y[0]} | error\" }"),
        None
    );
}

#[test]
fn ways_of_authenticating_say_what_they_need() {
    let way = |text: &str| fault(&GOOD.replace("[autentikasi.token]\njenis = \"token\"", text));
    let token = "[autentikasi.token]\njenis = \"token\"\n";
    for (way_text, wanted) in [
        ("[autentikasi.x]\njenis = \"sesi_kuki\"", "`kuki` is missing"),
        ("[autentikasi.x]\njenis = \"oauth2\"", "`alamat_token` is missing"),
        ("[autentikasi.x]\njenis = \"bidang\"", "`bidang` is missing"),
        (
            "[autentikasi.x]\njenis = \"token\"\ncsrf = { kuki = \"a\", header = \"b\" }",
            "csrf is for the kind sesi_kuki alone",
        ),
        (
            "[autentikasi.x]\njenis = \"sesi_kuki\"\nkuki = \"s\"\ncsrf = { jq = \".\", header = \"b\" }",
            "where the csrf token comes from is not clear",
        ),
        (
            "[autentikasi.x]\njenis = \"sesi_kuki\"\nkuki = \"s\"\ncsrf = { kuki = \"a\" }",
            "where the csrf token goes is missing",
        ),
        (
            "[autentikasi.x]\njenis = \"sesi_kuki\"\nkuki = \"s\"\ncsrf = { halaman = \"/\", jq = 'env', header = \"b\" }",
            "env",
        ),
    ] {
        let told = way(&format!("{token}{way_text}"));
        assert!(told.contains(wanted), "{way_text}: {told}");
    }
    assert!(
        way("[autentikasi.token]\njenis = \"oauth2\"\nalamat_token = \"/t\"")
            .contains("kredensial.nama_pengguna is missing")
    );
}
