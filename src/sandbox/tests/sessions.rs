//! Browser sessions, renewal, OAuth 2.0 clients, and the test clock.

use serde_json::{Value, json};

use super::client::{Answer, Client};

async fn browser(client: &Client, actor: &str) -> (String, String) {
    let body = json!({"nama_pengguna": actor, "sandi": client.sandbox.secrets()[&format!("sandi_{actor}")]});
    let answer = client.post("publik", "/sesi/peramban", &body).await;
    assert_eq!((answer.status, answer.body["token"].clone()), (200, Value::Null));
    let lines: Vec<_> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap())
        .collect();
    assert!(
        lines[0].contains("; HttpOnly") && lines[0].contains("SameSite=Strict"),
        "{lines:?}"
    );
    let value = |line: &str| line.split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
    (value(lines[0]), value(lines[1]))
}

async fn with_cookie(client: &Client, method: &str, path: &str, session: &str, csrf: Option<&str>) -> Answer {
    let mut request = client
        .request("publik", method, path)
        .header("cookie", format!("a=b; sesi={session}"));
    if let Some(csrf) = csrf {
        request = request.header("x-csrf-token", csrf);
    }
    client.send(request).await
}

#[tokio::test]
async fn a_browser_session_changes_nothing_without_its_csrf_token() {
    let client = Client::plain().await;
    let (session, csrf) = browser(&client, "pelapor_a").await;
    let (other, _) = browser(&client, "pelapor_b").await;
    let id = client.submit("pelapor_a", json!({})).await.id();
    let path = format!("/pengaduan/{id}");
    assert_eq!(with_cookie(&client, "GET", &path, &session, None).await.status, 200);
    assert_eq!(with_cookie(&client, "GET", &path, &other, None).await.status, 404);
    assert_eq!(with_cookie(&client, "GET", &path, "salah", None).await.status, 401);
    let act = format!("{path}/pencabutan");
    for bad in [None, Some(""), Some("zz"), Some(&*other), Some(&csrf[..62])] {
        assert_eq!(
            with_cookie(&client, "POST", &act, &session, bad).await.status,
            403,
            "{bad:?}"
        );
    }
    assert_eq!(
        with_cookie(&client, "POST", &act, &other, Some(&csrf)).await.status,
        403
    );
    assert_eq!(
        with_cookie(&client, "POST", &act, &session, Some(&csrf)).await.status,
        200
    );
    let out = with_cookie(&client, "DELETE", "/sesi", &session, Some(&csrf)).await;
    assert_eq!((out.status, out.headers.get_all("set-cookie").iter().count()), (200, 2));
    assert_eq!(with_cookie(&client, "GET", &path, &session, None).await.status, 401);
}

#[tokio::test]
async fn tokens_are_renewed_for_those_who_have_one() {
    let client = Client::plain().await;
    let answer = client.post("petugas", "/sesi/perpanjangan", &json!({})).await;
    let token = answer.body["token"].as_str().unwrap().to_owned();
    assert_ne!(token, client.token("petugas"));
    let request = client.request("publik", "GET", "/unit").bearer_auth(token);
    assert_eq!(
        client.send(request).await.status,
        client.get("petugas", "/unit").await.status
    );
    assert_eq!(
        client.post("publik", "/sesi/perpanjangan", &json!({})).await.status,
        401
    );
}

async fn token_request(client: &Client, user: Option<(&str, &str)>, form: &[(&str, &str)]) -> Answer {
    let mut url = reqwest::Url::parse("http://a").unwrap();
    url.query_pairs_mut().extend_pairs(form);
    let body = url.query().unwrap_or_default().to_owned();
    let mut request = client.request("publik", "POST", "/oauth/token").body(body);
    request = request.header("content-type", "application/x-www-form-urlencoded");
    if let Some((name, secret)) = user {
        request = request.basic_auth(name, Some(secret));
    }
    client.send(request).await
}

#[tokio::test]
async fn the_hub_alone_is_an_oauth_client() {
    let client = Client::plain().await;
    let secret = |actor: &str| client.sandbox.secrets()[&format!("sandi_{actor}")].clone();
    let (hub, admin) = (secret("hub"), secret("admin"));
    let grant = ("grant_type", "client_credentials");
    for answer in [
        token_request(&client, Some(("hub", &hub)), &[grant]).await,
        token_request(&client, None, &[grant, ("client_id", "hub"), ("client_secret", &hub)]).await,
    ] {
        assert_eq!(
            (answer.status, &answer.headers["cache-control"]),
            (200, &http::HeaderValue::from_static("no-store"))
        );
        let token = answer.body["access_token"].as_str().unwrap();
        let pull = client.request("publik", "GET", "/hub/perubahan").bearer_auth(token);
        assert_eq!(client.send(pull).await.status, 200);
    }
    for (answer, status, error) in [
        (
            token_request(&client, Some(("hub", "salah")), &[grant]).await,
            401,
            "invalid_client",
        ),
        (
            token_request(&client, Some(("admin", &admin)), &[grant]).await,
            401,
            "invalid_client",
        ),
        (token_request(&client, None, &[grant]).await, 401, "invalid_client"),
        (
            token_request(&client, Some(("hub", &hub)), &[("grant_type", "password")]).await,
            400,
            "unsupported_grant_type",
        ),
    ] {
        assert_eq!((answer.status, answer.body["error"].as_str()), (status, Some(error)));
    }
}

#[tokio::test]
async fn the_test_clock_moves_what_is_written_and_comes_back() {
    let client = Client::plain().await;
    let set = |actor: &'static str, to: &'static str| {
        let client = &client;
        async move { client.post(actor, "/uji/jam", &json!({"waktu": to})).await }
    };
    assert_eq!(set("pelapor_a", "2030-07-06T09:00:00+07:00").await.status, 403);
    assert_eq!(set("publik", "2030-07-06T09:00:00+07:00").await.status, 401);
    assert_eq!(set("admin", "besok").await.status, 422);
    let before = client.submit("pelapor_a", json!({})).await;
    let told = set("admin", "2020-07-06T09:00:00+07:00").await;
    assert!(
        told.body["waktu"].as_str().unwrap().starts_with("2020-07-06T09:00:0"),
        "{told:?}"
    );
    let then = client.submit("pelapor_a", json!({})).await;
    assert!(
        then.body["waktu_dibuat"]
            .as_str()
            .unwrap()
            .starts_with("2020-07-06T09:00:"),
        "{then:?}"
    );
    let reset = client.send(client.request("admin", "DELETE", "/uji/jam")).await;
    assert_eq!(reset.status, 200);
    assert_eq!(
        reset.body["waktu"].as_str().unwrap()[..4],
        before.body["waktu_dibuat"].as_str().unwrap()[..4]
    );
    set("admin", "2090-07-06T09:00:00+07:00").await;
    assert_eq!(
        client.get("pelapor_a", "/pengaduan").await.status,
        401,
        "tokens expire by the application's clock"
    );
}
