//! Keys, status lists and the gate as a process: exit codes, what is printed, and what is never overwritten.
//! The whole chain is `ci/rantai`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Pass phrase of the tests' keys.
const PASS_PHRASE: &str = "kata sandi uji coba";

fn laik(dir: &Path, code: i32, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_laik"))
        .current_dir(dir)
        .env("LAIK_SANDI_KUNCI", PASS_PHRASE)
        .args(arguments)
        .output()
        .expect("laik starts");
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert_eq!(status.code(), Some(code), "{arguments:?}\n{out}{err}");
    assert!(!err.contains("panicked"), "{err}");
    format!("{out}{err}")
}

fn policy(dir: &Path) {
    let public = fs::read_to_string(dir.join("a.pem.pub")).expect("the key has a public half");
    let base64 = public.lines().nth(1).expect("PEM has a second line");
    let text = format!(
        "format = \"1.0\"\nprofil = [\"mandiri\"]\nrevisi = [\"2026.1\"]\nlingkungan = [\"staging\"]\n\
         umur_uji_hari = 30\n[[kunci]]\npemilik = \"A\"\npublik = \"{base64}\"\nguna = [\"sertifikat\", \"status\"]\n\
         [status]\numur_jam = 48\n"
    );
    fs::write(dir.join("kebijakan.toml"), text).expect("the policy is written");
}

#[test]
fn keys_lists_and_gate_keep_their_promises() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    laik(dir, 0, &["key", "new", "a.pem"]);
    let before = fs::read(dir.join("a.pem")).expect("the key is there");
    laik(dir, 2, &["key", "new", "a.pem"]);
    assert_eq!(fs::read(dir.join("a.pem")).expect("the key is there"), before);
    laik(dir, 0, &["key", "new", "b.pem"]);
    assert!(laik(dir, 0, &["key", "show", "a.pem.pub"]).contains("keyid: "));
    laik(dir, 2, &["key", "show", "a.pem"]);
    policy(dir);

    let list = ["--list", "status.json", "--key", "a.pem"];
    laik(dir, 0, &[&["status", "new", "--issuer", "Pokja"], &list[..]].concat());
    laik(dir, 2, &[&["status", "new", "--issuer", "Pokja"], &list[..]].concat());
    laik(dir, 0, &[&["status", "renew"], &list[..]].concat());
    // A stranger does not continue a list that it cannot verify.
    laik(dir, 6, &["status", "renew", "--list", "status.json", "--key", "b.pem"]);
    let shown = laik(dir, 0, &["status", "show", "status.json"]);
    let shown: Value = serde_json::from_str(&shown).expect("a list is JSON");
    assert_eq!(shown["number"], 2);
    laik(
        dir,
        6,
        &[&["revoke", "status.json", "--reason", "x"], &list[..]].concat(),
    );

    let gate = ["gate", "--policy", "kebijakan.toml", "--status", "status.json"];
    let with = |more: &[&'static str]| [&gate[..], more].concat();
    let answer = laik(dir, 6, &with(&["--certificate", "status.json", "--json"]));
    let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
    assert_eq!(answer["open"], false);
    assert_eq!(answer["reasons"][0]["reason"], "sertifikat_rusak");
    assert_eq!(answer["status"]["number"], 2);
    laik(dir, 6, &with(&["--certificate", "tidak-ada.json"]));
    laik(
        dir,
        2,
        &with(&["--certificate", "status.json", "--state", "ingatan.json"]),
    );
    laik(
        dir,
        6,
        &with(&["--certificate", "status.json", "--state", "ingatan.json", "--new-state"]),
    );
    laik(
        dir,
        2,
        &with(&["--certificate", "status.json", "--state", "ingatan.json", "--new-state"]),
    );
    fs::write(dir.join("ingatan.json"), "{}").expect("the memory is damaged");
    laik(
        dir,
        6,
        &with(&["--certificate", "status.json", "--state", "ingatan.json"]),
    );
    laik(dir, 2, &with(&[]));

    fs::write(dir.join("kebijakan.toml"), "format = \"1.0\"\nprofill = []\n").expect("the policy is damaged");
    let fault = laik(dir, 2, &with(&["--certificate", "status.json"]));
    assert!(fault.contains("kebijakan.toml:2:1"), "{fault}");
}

#[test]
fn what_is_no_pack_is_neither_attested_nor_certified() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    laik(dir, 0, &["key", "new", "a.pem"]);
    laik(dir, 0, &["key", "new", "b.pem"]);
    fs::create_dir(dir.join("paket")).expect("a directory");
    laik(dir, 6, &["attest", "paket", "--key", "a.pem"]);
    let certify = [
        "certify",
        "paket",
        "--out",
        "s.json",
        "--number",
        "1",
        "--issuer",
        "Pokja",
        "--decider",
        "P",
        "--evaluator",
        "Q",
        "--tester-key",
        "a.pem.pub",
        "--key",
    ];
    laik(dir, 6, &[&certify[..], &["b.pem"]].concat());
    laik(dir, 2, &[&certify[..], &["a.pem"]].concat());
    assert!(!dir.join("s.json").exists());
}
