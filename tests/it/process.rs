//! The program as a process: exit codes, what a stopped or killed run leaves, and that no secret is ever written.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Longest wait for a process to come to a point that it must reach.
const PATIENCE: Duration = Duration::from_mins(1);

fn laik(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_laik"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn ended(command: &mut Command) -> (i32, String) {
    let Output { status, stdout, stderr } = command.output().expect("laik starts");
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    (status.code().expect("laik is not killed"), text)
}

fn run_json(dir: &Path) -> Value {
    let text = fs::read_to_string(dir.join("run.json")).expect("run.json is written from the start");
    serde_json::from_str(&text).expect("run.json is JSON")
}

/// A statement for an application at an address, whose four actors send tokens from the environment.
fn statement(dir: &Path, address: &str, extra: &str) -> String {
    let actors = ["pelapor_a", "pelapor_b", "admin", "petugas"];
    let mut text = format!(
        "format = \"1.0\"\n[aplikasi]\nnama = \"Uji\"\nversi = \"1\"\ninstansi = \"Instansi\"\n\
         alamat_dasar = \"{address}\"\nlingkungan = \"staging\"\n\
         [klaim]\nprofil = \"mandiri\"\nkapabilitas = [\"http_teks_polos\"]\n[nilai]\nbatas_jawab_ms = 2000\njeda_tampak_ms = 100\n[rahasia]\n"
    );
    for actor in actors {
        let _ = writeln!(text, "token_{actor} = \"env:LAIK_TOKEN_{}\"", actor.to_uppercase());
    }
    text += "[autentikasi.pembawa]\njenis = \"token\"\n";
    for actor in actors {
        let _ = write!(
            text,
            "[aktor.{actor}]\nautentikasi = \"pembawa\"\nkredensial = {{ token = \"token_{actor}\" }}\n"
        );
    }
    text += "[ikatan]\ndialek = \"rujukan\"\n";
    text += extra;
    let path = dir.join("pernyataan.toml");
    fs::write(&path, text).expect("the statement is written");
    path.display().to_string()
}

fn with_tokens(command: &mut Command) -> &mut Command {
    for (actor, token) in TOKENS {
        command.env(format!("LAIK_TOKEN_{actor}"), token);
    }
    command
}

/// Secrets that a run must never write.
const TOKENS: [(&str, &str); 4] = [
    ("PELAPOR_A", "kenari-rahasia/pelapor+a=7f31"),
    ("PELAPOR_B", "kenari-rahasia/pelapor+b=7f32"),
    ("ADMIN", "kenari-rahasia/admin+x=7f33"),
    ("PETUGAS", "kenari-rahasia/petugas+y=7f34"),
];

fn started(dir: &Path) -> Child {
    let out = dir.display().to_string();
    let child = laik(&["run", "--sandbox", "--out", &out])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("laik starts");
    let deadline = Instant::now() + PATIENCE;
    let log = dir.join("exchanges.ndjson");
    // Some rows must have ended: their records are flushed then.
    while fs::read_to_string(&log)
        .unwrap_or_default()
        .matches("\"row_end\"")
        .count()
        < 3
    {
        assert!(Instant::now() < deadline, "the run writes its log as it goes");
        #[expect(clippy::disallowed_methods, reason = "a bounded poll of another process's file")]
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn a_killed_run_leaves_a_readable_and_clearly_incomplete_pack() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut child = started(dir.path());
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
    let run = run_json(dir.path());
    assert_eq!(run["complete"], false);
    assert_eq!(run["decision"], "belum_dapat_diputuskan");
    let pack = dir.path().display().to_string();
    let (code, text) = ended(&mut laik(&["verify", &pack]));
    assert_eq!(code, 6, "{text}");
    assert!(
        text.contains("belum lengkap") || text.contains("tidak lengkap"),
        "{text}"
    );
    let (code, text) = ended(&mut laik(&["report", &pack, "--format", "text"]));
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("BELUM DAPAT DIPUTUSKAN"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_terminated_run_closes_its_log_and_decides_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut child = started(dir.path());
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()));
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(3));
    let run = run_json(dir.path());
    assert_eq!(
        (&run["complete"], &run["stopped"]),
        (&Value::Bool(false), &Value::Bool(true))
    );
    assert_eq!(run["decision"], "belum_dapat_diputuskan");
    assert!(dir.path().join("index.html").exists(), "the report says what there is");
}

#[test]
fn a_pack_whose_plan_was_changed_is_not_what_its_statement_asks_for() {
    let dir = tempfile::tempdir().expect("a directory");
    let pack = dir.path().display().to_string();
    let (code, text) = ended(&mut laik(&["run", "--sandbox", "KM-07", "--out", &pack]));
    assert_eq!(code, 0, "{text}");
    assert_eq!(ended(&mut laik(&["rejudge", &pack])).0, 0);
    // Everything that the plan decides is changed with it, so that the stored verdicts follow from the stored plan.
    let mut run = run_json(dir.path());
    run["plan"]["requirements"][0]["disposition"] = serde_json::json!({"not_applicable": "token"});
    run["requirements"][0]["outcome"] = serde_json::json!({"verdict": "NOT_APPLICABLE", "claim": "token"});
    run["requirements"][0]["rows"] = serde_json::json!([]);
    run["summary"]["PASS"]["wajib"] = 0.into();
    run["summary"]["NOT_APPLICABLE"]["wajib"] = 1.into();
    fs::write(dir.path().join("run.json"), run.to_string()).expect("the forged run.json is written");
    let (code, text) = ended(&mut laik(&["rejudge", &pack]));
    assert_eq!(code, 6, "{text}");
    assert!(text.contains("KM-07 plan"), "{text}");
}

#[test]
fn an_unreachable_application_is_told_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a directory");
    // A port that was free a moment ago and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = format!("http://{}", port.expect("a port"));
    let path = statement(dir.path(), &address, "");
    let out = dir.path().join("pak").display().to_string();
    let (code, text) = ended(with_tokens(&mut laik(&["run", &path, "--out", &out])));
    assert_eq!(code, 5, "{text}");
    assert!(
        text.contains("tidak terjangkau") && text.contains("alamat_dasar"),
        "{text}"
    );
    assert!(!Path::new(&out).exists());
}

#[test]
fn wrong_statements_and_selections_are_usage_faults_that_name_their_place() {
    let dir = tempfile::tempdir().expect("a directory");
    let hostile = [
        ("halt(0)", "halt"),
        ("env", "env"),
        ("[repeat(1)]", "repeat"),
        ("def f: f; f", "f"),
        (".body | {id: .x", "jawaban"),
        ("{id: .body.id, status: \"selesai\"}", "konstanta"),
    ];
    for (filter, word) in hostile {
        let extra =
            format!("[ikatan.operasi.read]\nmetode = \"GET\"\nalamat = \"/x/{{id}}\"\njawaban = '''{filter}'''\n");
        let path = statement(dir.path(), "http://127.0.0.1:9", &extra);
        let (code, text) = ended(with_tokens(&mut laik(&["run", &path])));
        assert_eq!(code, 2, "{filter}: {text}");
        assert!(
            text.contains("pernyataan.toml") && text.contains(word),
            "{filter}: {text}"
        );
    }
    let path = statement(dir.path(), "http://127.0.0.1:9", "");
    let missing = dir.path().join("tidak-ada.toml").display().to_string();
    let wrong: [&[&str]; 5] = [
        &["run", &missing],
        &["run", &path, "KM-99"],
        &["run", &path, "bukan-kode"],
        &["run", "--sandbox", "--tingkat", "dianjurkan"],
        &["run"],
    ];
    for arguments in wrong {
        let (code, text) = ended(with_tokens(&mut laik(arguments)));
        assert_eq!(code, 2, "{arguments:?}: {text}");
        assert!(!text.contains("panicked"), "{arguments:?}: {text}");
    }
}

#[test]
fn an_application_that_answers_500_to_everything_is_never_fit() {
    let dir = tempfile::tempdir().expect("a directory");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(500))
            .mount(&server)
            .await;
        server
    });
    let path = statement(dir.path(), &server.uri(), "");
    let out = dir.path().join("pak");
    let shown = out.display().to_string();
    let (code, text) = ended(with_tokens(&mut laik(&["run", &path, "--intrusif", "--out", &shown])));
    assert!([1, 3].contains(&code), "{code}: {text}");
    let run = run_json(&out);
    assert_ne!(run["decision"], "laik");
    let verdicts: Vec<_> = run["requirements"].as_array().expect("requirements").iter().collect();
    assert!(
        verdicts.iter().all(|result| result["outcome"]["verdict"] != "PASS"),
        "{text}"
    );
    assert!(
        verdicts.iter().all(|result| result["outcome"]["verdict"] != "ERROR"),
        "{text}"
    );
}

/// The application echoes whatever it was sent, in every place that an answer has.
#[test]
fn no_secret_is_ever_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(echo).mount(&server).await;
        server
    });
    let path = statement(dir.path(), &server.uri(), "");
    let out = dir.path().join("pak");
    let shown = out.display().to_string();
    let (_, text) = ended(with_tokens(&mut laik(&["run", &path, "--intrusif", "--out", &shown])));
    let mut files = vec![("the terminal".to_owned(), text.into_bytes())];
    collect(&out, &mut files);
    assert!(files.len() >= 6, "a whole pack was written");
    let log = files
        .iter()
        .find(|(name, _)| name.ends_with("exchanges.ndjson"))
        .expect("the log");
    assert!(
        String::from_utf8_lossy(&log.1).contains("‹token_admin#"),
        "the secrets were there to be hidden"
    );
    for (_, token) in TOKENS {
        for form in forms(token) {
            for (name, bytes) in &files {
                let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
                assert!(!found, "{name} holds a secret as {form}");
            }
        }
    }
}

fn echo(request: &wiremock::Request) -> ResponseTemplate {
    let sent = request
        .headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = sent.trim_start_matches("Bearer ").to_owned();
    let encoded = base64(token.as_bytes());
    let percent = percent(&token);
    let escaped = token.replace('/', "\\/");
    let body = format!(
        "{{\"id\":\"{token}\",\"judul\":\"{encoded}\",\"isi\":\"{percent}\",\"lain\":\"{escaped}\",\"butir\":[{{\"id\":\"x{token}x\"}}]}}"
    );
    ResponseTemplate::new(200)
        .insert_header("x-gema", token.as_str())
        .insert_header("location", format!("/x/{percent}").as_str())
        .set_body_raw(body, "application/json")
}

/// The forms in which a secret may not stand.
fn forms(token: &str) -> Vec<String> {
    let percent = percent(token);
    vec![
        token.to_owned(),
        base64(token.as_bytes()),
        percent.to_lowercase(),
        percent,
        token.replace('/', "\\/"),
        token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"),
    ]
}

/// Every byte of a text as `%XX`.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

fn collect(dir: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).expect("the pack").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((path.display().to_string(), fs::read(&path).expect("a file of the pack")));
        }
    }
}
