//! Every kind of authentication against a server with one quirk.

use wiremock::Request;
use wiremock::matchers::{any, body_string, header_exists};

use super::*;

const WRITE: &str = "[ikatan.operasi.submit]\nmetode = \"POST\"\nalamat = \"/p\"\nbadan = { jenis = \"BADAN\" }\njawaban = \"{id: .body.id}\"\n";

/// A bench whose pelapor_a authenticates by `way`.
fn bench(server: &MockServer, way: &str, login: &str) -> Bench {
    let text = format!(
        "[autentikasi.cara]\n{way}\n[aktor.pelapor_a]\nautentikasi = \"cara\"\nkredensial = {{ nama_pengguna = \"warga\", sandi = \"sandi\", token = \"token_admin\" }}\n{}{READ}",
        WRITE.replace("BADAN", login)
    );
    Bench::new(&server.uri(), &text)
}

async fn read(bench: &Bench) -> Answered {
    bench.call(Op::Read, Actor::PelaporA, json!({"id": "7"})).await.unwrap()
}

async fn write(bench: &Bench) -> Answered {
    bench
        .call(Op::Submit, Actor::PelaporA, json!({"judul": "a b"}))
        .await
        .unwrap()
}

async fn seen(server: &MockServer, wanted: &str) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    all.into_iter().filter(|request| request.url.path() == wanted).collect()
}

fn sent(request: &Request, name: &str) -> String {
    let lines = request.headers.get_all(name).iter();
    lines
        .map(|line| line.to_str().unwrap().to_owned())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A server that gives the session cookie at login and a percent-encoded CSRF cookie on its front page.
async fn cookie_server() -> MockServer {
    let server = MockServer::start().await;
    let page = ResponseTemplate::new(200)
        .insert_header("set-cookie", "XSRF-TOKEN=csrf%3D1234567890; Path=/")
        .set_body_string("<input name=\"_token\" value=\"dari-halaman-123\">");
    Mock::given(path("/api/depan")).respond_with(page).mount(&server).await;
    let session = ResponseTemplate::new(200)
        .append_header("set-cookie", "sesi=kuki-sesi-987654; Path=/; HttpOnly")
        .append_header("set-cookie", "lain=tempat-lain-123; Path=/lain")
        .set_body_json(json!({"token": "x"}));
    Mock::given(path("/api/sesi"))
        .respond_with(session)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": 7})))
        .with_priority(9)
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_cookie_session_sends_its_csrf_cookie_in_a_header_with_writes_alone() {
    let server = cookie_server().await;
    let way = "jenis = \"sesi_kuki\"\nkuki = \"sesi\"\ncsrf = { kuki = \"XSRF-TOKEN\", halaman = \"/depan\", header = \"X-Jaga\" }";
    let bench = bench(&server, way, "json");
    assert_eq!(read(&bench).await.reading, Reading::Accepted);
    assert_eq!(
        write(&bench).await.record.exchange().unwrap().credential,
        Credential::Own
    );
    let reads = seen(&server, "/api/p/7").await;
    let writes = seen(&server, "/api/p").await;
    let logins = seen(&server, "/api/sesi").await;
    assert_eq!((reads.len(), writes.len(), logins.len()), (1, 1, 1));
    let cookies = sent(&writes[0], "cookie");
    assert!(
        cookies.contains("sesi=kuki-sesi-987654") && !cookies.contains("lain="),
        "{cookies}"
    );
    assert_eq!(
        sent(&writes[0], "x-jaga"),
        "csrf=1234567890",
        "percent-decoded, as scripts send it"
    );
    assert_eq!(sent(&logins[0], "x-jaga"), "csrf=1234567890");
    assert_eq!(sent(&reads[0], "x-jaga"), "");
    assert_eq!(bench.target.token(Actor::PelaporA).await.unwrap(), "kuki-sesi-987654");
    let log = bench.log();
    assert!(
        !log.contains("kuki-sesi-987654") && !log.contains("1234567890"),
        "{log}"
    );
}

#[tokio::test]
async fn a_login_that_gives_the_csrf_cookie_itself_goes_without() {
    let server = cookie_server().await;
    let way = "jenis = \"sesi_kuki\"\nkuki = \"sesi\"\ncsrf = { kuki = \"sesi\", header = \"X-Jaga\" }";
    let bench = bench(&server, way, "json");
    write(&bench).await;
    assert_eq!(sent(&seen(&server, "/api/sesi").await[0], "x-jaga"), "");
    assert_eq!(sent(&seen(&server, "/api/p").await[0], "x-jaga"), "kuki-sesi-987654");
}

#[tokio::test]
async fn a_csrf_token_of_a_page_goes_into_a_form_field() {
    let server = cookie_server().await;
    let way = "jenis = \"sesi_kuki\"\nkuki = \"sesi\"\n[autentikasi.cara.csrf]\nhalaman = \"/depan\"\njq = '.body | capture(\"name=\\\"_token\\\" value=\\\"(?<t>[^\\\"]+)\").t'\nbidang = \"_token\"";
    let bench = bench(&server, way, "form");
    write(&bench).await;
    write(&bench).await;
    let writes = seen(&server, "/api/p").await;
    let bodies: Vec<_> = writes
        .iter()
        .map(|request| String::from_utf8_lossy(&request.body).into_owned())
        .collect();
    assert_eq!(bodies, ["judul=a+b&_token=dari-halaman-123"; 2]);
    assert_eq!(
        seen(&server, "/api/depan").await.len(),
        2,
        "once for the login, once for the session"
    );
    assert!(!bench.log().contains("dari-halaman-123"));
}

#[tokio::test]
async fn a_login_without_the_cookie_is_no_session_and_a_tried_login_touches_none() {
    let server = cookie_server().await;
    let other = bench(&server, "jenis = \"sesi_kuki\"\nkuki = \"bukan\"", "json");
    let fault = other
        .call(Op::Read, Actor::PelaporA, json!({"id": "7"}))
        .await
        .unwrap_err();
    assert!(matches!(fault, CallFault::Auth { .. }));
    let bench = bench(&server, "jenis = \"sesi_kuki\"\nkuki = \"sesi\"", "json");
    read(&bench).await;
    let mut tried = call(
        Op::Login,
        Actor::PelaporA,
        json!({"nama_pengguna": "warga", "sandi": "salah"}),
    );
    tried.sent = Sent::None;
    let tried = bench.target.call(tried).await.unwrap();
    assert_eq!(tried.record.exchange().unwrap().credential, Credential::None);
    let logins = seen(&server, "/api/sesi").await;
    assert_eq!(sent(logins.last().unwrap(), "cookie"), "", "it begins without cookies");
    let mut anonymous = call(Op::Read, Actor::PelaporA, json!({"id": "7"}));
    anonymous.sent = Sent::None;
    bench.target.call(anonymous).await.unwrap();
    assert_eq!(sent(seen(&server, "/api/p/7").await.last().unwrap(), "cookie"), "");
    let mut altered = call(Op::Read, Actor::PelaporA, json!({"id": "7"}));
    altered.sent = Sent::Token {
        of: Actor::PelaporA,
        alteration: "acak".into(),
        value: "abcdefgh12".into(),
    };
    bench.target.call(altered).await.unwrap();
    assert_eq!(
        sent(seen(&server, "/api/p/7").await.last().unwrap(), "cookie"),
        "sesi=abcdefgh12"
    );
}

#[tokio::test]
async fn a_key_goes_into_a_header_a_query_or_a_field() {
    let server = cookie_server().await;
    let key = "rahasia-admin-1";
    read(&bench(&server, "jenis = \"header\"\nheader = \"X-Kunci\"", "json")).await;
    assert_eq!(sent(seen(&server, "/api/p/7").await.last().unwrap(), "x-kunci"), key);
    read(&bench(&server, "jenis = \"kueri\"\nkueri = \"kunci\"", "json")).await;
    assert_eq!(
        seen(&server, "/api/p/7").await.last().unwrap().url.query(),
        Some("kunci=rahasia-admin-1")
    );
    for (kind, body) in [
        ("form", "judul=a+b&api_key=rahasia-admin-1"),
        ("json", "{\"judul\":\"a b\",\"api_key\":\"rahasia-admin-1\"}"),
        ("kosong", "api_key=rahasia-admin-1"),
    ] {
        let bench = bench(&server, "jenis = \"bidang\"\nbidang = \"api_key\"\nkueri = \"k\"", kind);
        write(&bench).await;
        let last = seen(&server, "/api/p").await.pop().unwrap();
        assert_eq!(String::from_utf8_lossy(&last.body), body);
        read(&bench).await;
        assert_eq!(
            seen(&server, "/api/p/7").await.last().unwrap().url.query(),
            Some("k=rahasia-admin-1")
        );
        assert!(!bench.log().contains(key));
    }
}

/// A token endpoint and a resource that refuses the first token once `spoilt`.
async fn oauth_server(expires: u64, first_is_refused: bool) -> MockServer {
    let server = MockServer::start().await;
    for (number, most) in [(1, 1), (2, u64::MAX)] {
        let answer =
            json!({"access_token": format!("akses-nomor-{number}"), "token_type": "Bearer", "expires_in": expires});
        Mock::given(path("/api/oauth/token"))
            .and(header("authorization", "Basic d2FyZ2E6cmFoYXNpYS1zYW5kaS0y"))
            .and(body_string("grant_type=client_credentials&scope=baca+tulis"))
            .respond_with(ResponseTemplate::new(200).set_body_json(answer))
            .up_to_n_times(most)
            .mount(&server)
            .await;
    }
    let code = if first_is_refused { 401 } else { 200 };
    Mock::given(header("authorization", "Bearer akses-nomor-1"))
        .respond_with(ResponseTemplate::new(code).set_body_json(json!({"id": 7})))
        .with_priority(6)
        .mount(&server)
        .await;
    Mock::given(header_exists("authorization"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": 8})))
        .with_priority(7)
        .mount(&server)
        .await;
    server
}

const OAUTH: &str = "jenis = \"oauth2\"\nalamat_token = \"/oauth/token\"\ncakupan = \"baca tulis\"";

#[tokio::test]
async fn client_credentials_are_kept_until_they_expire() {
    let server = oauth_server(3600, false).await;
    let long = bench(&server, OAUTH, "json");
    read(&long).await;
    write(&long).await;
    assert_eq!(seen(&server, "/api/oauth/token").await.len(), 1);
    let log = long.log();
    assert!(!log.contains("akses-nomor-1") && !log.contains("d2FyZ2E6") && !log.contains("rahasia-sandi-2"));
    // Nominal seconds run a hundred times as fast here.
    let server = oauth_server(10, false).await;
    let short = bench(&server, OAUTH, "json");
    assert_eq!(read(&short).await.mapped["id"], json!("7"));
    tokio::time::sleep(Duration::from_millis(110)).await;
    assert_eq!(read(&short).await.mapped["id"], json!("8"));
}

#[tokio::test]
async fn a_withdrawn_token_is_renewed_once() {
    let server = oauth_server(3600, true).await;
    let bench = bench(&server, OAUTH, "json");
    // The first call got the token itself: its 401 is an answer.
    assert_eq!(read(&bench).await.reading, Reading::Refused);
    let again = read(&bench).await;
    assert_eq!((again.reading, again.records.len()), (Reading::Accepted, 2));
    assert_eq!(seen(&server, "/api/oauth/token").await.len(), 2);
}

#[tokio::test]
async fn client_credentials_may_stand_in_the_form() {
    let server = MockServer::start().await;
    Mock::given(path("/api/oauth/token"))
        .and(body_string(
            "grant_type=client_credentials&client_id=warga&client_secret=rahasia-sandi-2",
        ))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"access_token": "akses-nomor-1"})))
        .mount(&server)
        .await;
    let way = "jenis = \"oauth2\"\nalamat_token = \"/oauth/token\"\nklien = \"bidang\"";
    let bench = bench(&server, way, "json");
    assert_eq!(bench.target.token(Actor::PelaporA).await.unwrap(), "akses-nomor-1");
    let refused = answering(ResponseTemplate::new(400).set_body_json(json!({"error": "invalid_client"}))).await;
    let fault = self::bench(&refused, way, "json")
        .target
        .token(Actor::PelaporA)
        .await
        .unwrap_err();
    assert!(matches!(fault, CallFault::Auth { .. }));
}
