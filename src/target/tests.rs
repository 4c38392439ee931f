//! The target client against servers with one quirk each.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{body_string_contains, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::evidence::record::{Answer, BrokenKind, Credential, Header, Part};
use crate::evidence::{CanaryBook, Observer};
use crate::statement::SecretSource;

mod auth;

struct Ignore;

impl Observer for Ignore {
    fn observe(&mut self, _: &Arc<Record>) {}
}

/// A target for a server, its binding, and the directory of its log.
struct Bench {
    target: Target,
    directory: tempfile::TempDir,
}

impl Bench {
    fn new(url: &str, binding: &str) -> Self {
        let text = format!(
            r#"format = "1.0"
[aplikasi]
nama = "Uji"
versi = "1"
instansi = "Dinas Uji"
alamat_dasar = "{url}/api"
lingkungan = "staging"
[klaim]
profil = "mandiri"
kapabilitas = ["http_teks_polos"]
[rahasia]
token_admin = "env:LAIK_TOKEN_ADMIN"
sandi = "env:LAIK_SANDI"
[autentikasi.token]
jenis = "token"
awalan = "Token "
[autentikasi.masuk]
jenis = "bearer_login"
[autentikasi.dasar]
jenis = "basic"
[aktor.admin]
autentikasi = "token"
kredensial = {{ token = "token_admin" }}
[aktor.petugas]
autentikasi = "masuk"
kredensial = {{ nama_pengguna = "petugas", sandi = "sandi" }}
[aktor.pengawas]
autentikasi = "dasar"
kredensial = {{ nama_pengguna = "awas", sandi = "sandi" }}
[nilai]
batas_jawab_ms = 2000
skala_waktu = 0.01
[ikatan.operasi.login]
metode = "POST"
alamat = "/sesi"
badan = {{ jenis = "json" }}
jawaban = "{{token: .body.token}}"
{binding}
"#
        );
        let given = [("token_admin", "rahasia-admin-1"), ("sandi", "rahasia-sandi-2")];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let statement = Statement::parse("p.toml", &text, Path::new("."), &SecretSource::Given(given));
        let statement = statement.unwrap_or_else(|faults| panic!("{}", faults.first().unwrap()));
        let directory = tempfile::tempdir().unwrap();
        let head = Header {
            format: "1.0".into(),
            laik: "0".into(),
            run: "x".into(),
            started: "2026-11-25T00:00:00Z".into(),
            standard_digest: String::new(),
            statement_digest: statement.digest(),
        };
        let secrets = Secrets::new();
        let canaries = CanaryBook::new("bcdfghjkbcdfghjk");
        let recorder = Recorder::create(directory.path(), head, secrets.clone(), canaries, Box::new(Ignore)).unwrap();
        let target = Target::connect(&statement, recorder, &secrets).unwrap();
        Self { target, directory }
    }

    async fn call(&self, op: Op, actor: Actor, input: Value) -> Result<Answered, CallFault> {
        self.target.call(call(op, actor, input)).await
    }

    fn log(&self) -> String {
        self.target.inner.recorder.flush().unwrap();
        std::fs::read_to_string(self.directory.path().join("exchanges.ndjson")).unwrap()
    }
}

fn call(op: Op, actor: Actor, input: Value) -> Call {
    Call {
        scope: Scope {
            attempt: 1,
            row: None,
            part: Part::Probe,
        },
        op,
        actor,
        sent: Sent::Own,
        object: None,
        input_class: String::new(),
        input,
        extra: Extra::default(),
    }
}

const READ: &str =
    "[ikatan.operasi.read]\nmetode = \"GET\"\nalamat = \"/p/{id}\"\njawaban = \"{id: .body.id, judul: .body.t}\"\n";
const SUBMIT: &str = "[ikatan.operasi.submit]\nmetode = \"POST\"\nalamat = \"/p\"\nbadan = { jenis = \"json\" }\njawaban = '{id: (.headers.location | split(\"/\")[-1])}'\n";

async fn answering(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(template)
        .mount(&server)
        .await;
    server
}

async fn reading(template: ResponseTemplate, binding: &str) -> Answered {
    let server = answering(template).await;
    let bench = Bench::new(&server.uri(), binding);
    bench.call(Op::Read, Actor::Admin, json!({"id": "7"})).await.unwrap()
}

#[tokio::test]
async fn maps_and_sends_the_credential_but_never_writes_it() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({"id": 7, "t": "rahasia-admin-1"}));
    Mock::given(method("GET"))
        .and(path("/api/p/7"))
        .and(header("authorization", "Token rahasia-admin-1"))
        .respond_with(answer)
        .expect(1)
        .mount(&server)
        .await;
    let bench = Bench::new(&server.uri(), READ);
    let answered = bench.call(Op::Read, Actor::Admin, json!({"id": "7"})).await.unwrap();
    assert_eq!(
        (answered.reading, answered.mapped),
        (Reading::Accepted, json!({"id": "7", "judul": "rahasia-admin-1"}))
    );
    assert_eq!(answered.record.exchange().unwrap().credential, Credential::Own);
    assert!(!bench.log().contains("rahasia-admin-1"));
}

#[tokio::test]
async fn reads_the_habits_of_real_servers() {
    let redirect = reading(ResponseTemplate::new(302).insert_header("location", "/"), READ).await;
    assert_eq!(redirect.reading, Reading::Redirect);
    assert_eq!(
        reading(ResponseTemplate::new(419), READ).await.reading,
        Reading::Refused
    );
    assert_eq!(
        reading(ResponseTemplate::new(500).set_body_string("<html>"), READ)
            .await
            .reading,
        Reading::Fault
    );
    let html = reading(ResponseTemplate::new(200).set_body_string("<html>"), READ).await;
    assert_eq!(
        (html.reading, html.mapped, html.map_fault.is_some()),
        (Reading::Accepted, Value::Null, true)
    );
    let denied = format!("[ikatan]\ntolak_bila = \"Permission Denied\"\n{READ}");
    let refused = reading(
        ResponseTemplate::new(200).set_body_json(json!(["Permission Denied"])),
        &denied,
    )
    .await;
    assert_eq!((refused.reading, refused.mapped), (Reading::Refused, Value::Null));
    let empty = READ.replace("{id: .body.id, judul: .body.t}", "{kosong: (.body == null)}");
    assert_eq!(
        reading(ResponseTemplate::new(204), &empty).await.mapped,
        json!({"kosong": true})
    );
    let many = ResponseTemplate::new(200)
        .append_header("x-a", "1")
        .append_header("x-a", "2")
        .set_body_json(json!({}));
    let record = reading(many, READ).await.record;
    let lines = record
        .exchange()
        .unwrap()
        .response()
        .unwrap()
        .headers
        .iter()
        .filter(|(name, _)| name == "x-a")
        .count();
    assert_eq!(lines, 2);
}

#[tokio::test]
async fn takes_the_id_from_location() {
    let server = answering(ResponseTemplate::new(201).insert_header("location", "http://other/p/31")).await;
    let bench = Bench::new(&server.uri(), SUBMIT);
    let answered = bench
        .call(Op::Submit, Actor::Admin, json!({"judul": "x"}))
        .await
        .unwrap();
    assert_eq!(answered.mapped, json!({"id": "31"}));
}

#[tokio::test]
async fn waits_for_a_throttled_server_and_records_it() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(429).insert_header("retry-after", "1"))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": 7})))
        .mount(&server)
        .await;
    let bench = Bench::new(&server.uri(), READ);
    let answered = bench.call(Op::Read, Actor::Admin, json!({"id": "7"})).await.unwrap();
    assert_eq!((answered.reading, answered.records.len()), (Reading::Accepted, 3));
    assert_eq!(answered.record.exchange().unwrap().facts.waits, 2);
    let endless = reading(ResponseTemplate::new(429).insert_header("retry-after", "3600"), READ).await;
    assert_eq!((endless.reading, endless.records.len()), (Reading::Throttled, 1));
}

fn broken(answered: &Answered) -> BrokenKind {
    match &answered.record.exchange().unwrap().answer {
        Answer::Broken(broken) => broken.kind,
        Answer::Response(_) => panic!("a response came"),
    }
}

#[tokio::test]
async fn tells_how_an_exchange_broke() {
    let slow = reading(ResponseTemplate::new(200).set_delay(Duration::from_secs(5)), READ).await;
    assert_eq!((slow.reading, broken(&slow)), (Reading::NoAnswer, BrokenKind::Timeout));
    let huge = reading(
        ResponseTemplate::new(200).set_body_bytes(vec![b'x'; LARGEST_ANSWER + 1]),
        READ,
    )
    .await;
    assert_eq!((huge.reading, broken(&huge)), (Reading::NoAnswer, BrokenKind::TooLarge));
    for (bytes, kind) in [
        (&b""[..], BrokenKind::Closed),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx", BrokenKind::Closed),
        (b"SSH-2.0-x\r\n", BrokenKind::Protocol),
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                stream.write_all(bytes).await.unwrap();
            }
        });
        let answered = Bench::new(&url, READ)
            .call(Op::Read, Actor::Admin, json!({"id": "7"}))
            .await
            .unwrap();
        assert_eq!(broken(&answered), kind);
    }
    let nobody = Bench::new("http://127.0.0.1:1", READ)
        .call(Op::Read, Actor::Admin, json!({"id": "7"}))
        .await
        .unwrap();
    assert_eq!(broken(&nobody), BrokenKind::Connect);
}

#[tokio::test]
async fn logs_in_once_and_hides_what_it_received() {
    let server = MockServer::start().await;
    let token = "tok-abcdef123456";
    Mock::given(method("POST"))
        .and(path("/api/sesi"))
        .and(body_string_contains("rahasia-sandi-2"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"token": token})))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(header("authorization", format!("Bearer {token}").as_str()))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": 7, "t": token})))
        .mount(&server)
        .await;
    let bench = Bench::new(&server.uri(), READ);
    let calls = (0..5)
        .map(|_| call(Op::Read, Actor::Petugas, json!({"id": "7"})))
        .collect();
    for answered in bench.target.parallel(calls).await {
        assert_eq!(answered.unwrap().reading, Reading::Accepted);
    }
    assert_eq!(bench.target.token(Actor::Petugas).await.unwrap(), token);
    assert_eq!(
        bench.target.token(Actor::Pengawas).await.unwrap(),
        "YXdhczpyYWhhc2lhLXNhbmRpLTI="
    );
    let log = bench.log();
    assert!(!log.contains(token) && !log.contains("rahasia-sandi-2"));
    let refused = answering(ResponseTemplate::new(401)).await;
    let fault = Bench::new(&refused.uri(), READ)
        .call(Op::Read, Actor::Petugas, json!({"id": "7"}))
        .await
        .unwrap_err();
    assert!(matches!(fault, CallFault::Auth { .. }));
}

#[tokio::test]
async fn goes_through_steps_with_captures_and_repetitions() {
    let server = MockServer::start().await;
    Mock::given(path("/api/unggah"))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({"token": "u1"})))
        .mount(&server)
        .await;
    Mock::given(path("/api/p"))
        .and(body_string_contains("\"unggahan\":\"u1\""))
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    Mock::given(path("/api/antre/u1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(path("/api/antre/u1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": 5})))
        .mount(&server)
        .await;
    let steps = r#"[ikatan.operasi.submit]
jawaban = "{id: .body.id, status: .langkah.kirim.status}"
langkah = [
  { nama = "unggah", metode = "POST", alamat = "/unggah", bila = ".lampiran", badan = { jenis = "mentah", jq = ".lampiran[0].isi_base64" }, tangkap = { u = ".body.token" } },
  { nama = "kirim", metode = "POST", alamat = "/p", badan = { jenis = "json", jq = "{judul, unggahan: .u}" } },
  { nama = "tunggu", metode = "GET", alamat = "/antre/{u}", ulangi_sampai = ".body.id", jeda_ms = 1 },
  { nama = "tidak", metode = "GET", alamat = "/x", bila = "false" },
]
"#
    .replace("status: .langkah.kirim.status", "kode: .langkah.kirim.status");
    let bench = Bench::new(&server.uri(), &steps);
    let input = json!({"judul": "x", "lampiran": [{"isi_base64": "AAEC"}]});
    let answered = bench.call(Op::Submit, Actor::Admin, input).await.unwrap();
    assert_eq!(answered.mapped, json!({"id": "5", "kode": 204}));
    let steps: Vec<_> = answered
        .records
        .iter()
        .map(|record| record.exchange().unwrap().step.as_str())
        .collect();
    assert_eq!(steps, ["unggah", "kirim", "tunggu", "tunggu"]);
}

#[tokio::test]
async fn probes_reach_the_wire_and_stay_on_declared_hosts() {
    let server = MockServer::start().await;
    Mock::given(query_param("pelapor_id", "a b"))
        .and(header("x-a", "1"))
        .and(path("/api/p/7%00"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .mount(&server)
        .await;
    let bench = Bench::new(&server.uri(), READ);
    let mut probe = call(Op::Read, Actor::Publik, json!({"id": "7"}));
    probe.extra.query = vec![("pelapor_id".into(), Some("a b".into())), ("tanpa".into(), None)];
    probe.extra.headers = vec![("X-A".into(), "1".into())];
    probe.extra.path_suffix = Some("%00".into());
    let altered = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJiIn0.";
    probe.sent = Sent::Token {
        of: Actor::Admin,
        alteration: "none".into(),
        value: altered.into(),
    };
    let answered = bench.target.call(probe.clone()).await.unwrap();
    assert_eq!(answered.reading, Reading::Accepted);
    let exchange = answered.record.exchange().unwrap();
    assert_eq!(exchange.credential, Credential::Altered("none".into()));
    assert!(
        exchange.request.url.ends_with("/p/7%00?pelapor_id=a+b&tanpa"),
        "{}",
        exchange.request.url
    );
    assert!(!bench.log().contains(altered));
    probe.extra.url = Some("http://192.0.2.1/".into());
    assert!(matches!(
        bench.target.call(probe.clone()).await,
        Err(CallFault::Statement { .. })
    ));
    probe.op = Op::Verify;
    assert!(matches!(
        bench.target.call(probe).await,
        Err(CallFault::NotBound { .. })
    ));
}

#[tokio::test]
async fn a_burst_leaves_together_and_follows_next_links() {
    let server = MockServer::start().await;
    let list = ResponseTemplate::new(200)
        .insert_header("link", "<http://elsewhere/api/p?cursor=2>; rel=\"next\"")
        .set_body_json(json!([1]));
    Mock::given(path("/api/p"))
        .and(query_param("cursor", "2"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([2])))
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(path("/api/p"))
        .respond_with(list.set_delay(Duration::from_millis(50)))
        .mount(&server)
        .await;
    let binding = "[ikatan.halaman]\ngaya = \"tautan\"\n[ikatan.operasi.list]\nmetode = \"GET\"\nalamat = \"/p\"\njawaban = \"{butir: [.body[] | {id: .}]}\"\n";
    let bench = Bench::new(&server.uri(), binding);
    let calls = (0..20).map(|_| call(Op::List, Actor::Admin, json!({}))).collect();
    let answered: Vec<Answered> = bench
        .target
        .parallel(calls)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let spans: Vec<_> = answered
        .iter()
        .map(|answered| answered.record.exchange().unwrap())
        .map(|e| (e.started_us, e.ended_us))
        .collect();
    let last_start = spans.iter().map(|span| span.0).max().unwrap();
    let first_end = spans.iter().map(|span| span.1).min().unwrap();
    assert!(last_start < first_end, "all twenty were in flight at once");
    let next = answered
        .first()
        .unwrap()
        .mapped
        .pointer("/halaman/berikut")
        .cloned()
        .unwrap();
    let second = bench.call(Op::List, Actor::Admin, next).await.unwrap();
    assert_eq!(second.mapped.pointer("/butir/0/id"), Some(&json!("2")));
}

#[tokio::test]
async fn stopping_ends_what_waits() {
    let server = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let bench = Bench::new(&server.uri(), READ);
    let target = bench.target.clone();
    let waiting = tokio::spawn(async move { target.call(call(Op::Read, Actor::Admin, json!({"id": "1"}))).await });
    tokio::task::yield_now().await;
    bench.target.stop();
    assert_eq!(waiting.await.unwrap().unwrap_err(), CallFault::Stopped);
}

#[tokio::test]
async fn the_hub_records_updates_and_wakes_the_waiting() {
    let server = answering(ResponseTemplate::new(200)).await;
    let bench = Bench::new(
        &server.uri(),
        "[hub]\nautentikasi = \"bearer\"\nrahasia = \"sandi\"\npembaruan = \"{id_sp4n: .body.id}\"\n",
    );
    let hub = crate::hub::Hub::start().unwrap();
    hub.attach(bench.target.inner.recorder.clone());
    hub.follow(bench.target.statement());
    let client = bench.target.inner.client.clone();
    let post = |token: &str| {
        client
            .post(format!("{}/p", hub.url()))
            .bearer_auth(token)
            .body("{\"id\":\"S1\"}")
            .send()
    };
    assert_eq!(post("salah").await.unwrap().status(), 401);
    assert_eq!(post("rahasia-sandi-2").await.unwrap().status(), 200);
    let received = hub.wait_for(|records| records.len() >= 2, Duration::from_secs(5)).await;
    let inbound: Vec<_> = received
        .iter()
        .map(|record| record.inbound().unwrap())
        .map(|i| (i.answered, i.mapped.clone()))
        .collect();
    assert_eq!(
        inbound,
        [(401, json!({"id_sp4n": "S1"})), (200, json!({"id_sp4n": "S1"}))]
    );
    assert!(!bench.log().contains("rahasia-sandi-2"));
}
