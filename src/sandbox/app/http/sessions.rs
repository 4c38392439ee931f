//! Further ways to a token: browser sessions in cookies, renewal, and OAuth 2.0 client credentials for the hub. All of
//! them end in the one token that [`crate::sandbox::app::seams::Tokens`] knows.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use ring::hmac;
use serde_json::{Value, json};

use super::answer;
use super::extract::{Members, Who};
use super::handlers::{granted, ok, work};
use crate::sandbox::app::complaint::Account;
use crate::sandbox::app::ids::hex;
use crate::sandbox::app::problem::{Kind, Problem};
use crate::sandbox::app::service::Service;
use crate::sandbox::app::tokens::LIFETIME;
use crate::sandbox::app::words::Role;

/// Cookie of a browser session; scripts cannot read it.
pub const SESSION: &str = "sesi";

/// Cookie that the pages' scripts read, to send its value back in [`CSRF_HEADER`].
pub const CSRF: &str = "csrf";

/// Header that proves that a request comes from our own pages.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// The value of a cookie of a request.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let found = pairs.filter_map(|pair| pair.trim().split_once('='));
    found
        .filter(|(own, value)| *own == name && !value.is_empty())
        .map(|(_, value)| value)
        .next()
}

/// The token of a browser session, where the request may use it: what changes something must carry the session's CSRF
/// token, which another site can neither read nor guess.
pub fn session<'a>(method: &Method, headers: &'a HeaderMap) -> Result<Option<&'a str>, Problem> {
    let Some(token) = cookie(headers, SESSION) else {
        return Ok(None);
    };
    let given = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    if method.is_safe() || given.is_some_and(|given| proves(token, given)) {
        return Ok(Some(token));
    }
    Err(Problem::new(
        Kind::Forbidden,
        "Permintaan ini memerlukan token CSRF dari sesi Anda.",
    ))
}

fn csrf_key(token: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes())
}

fn csrf_of(token: &str) -> String {
    hex(hmac::sign(&csrf_key(token), CSRF.as_bytes()).as_ref())
}

fn proves(token: &str, given: &str) -> bool {
    let bytes: Option<Vec<u8>> = given
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    bytes.is_some_and(|bytes| hmac::verify(&csrf_key(token), CSRF.as_bytes(), &bytes).is_ok())
}

fn cookies(pairs: &[String]) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for pair in pairs {
        let value = HeaderValue::try_from(pair).map_err(|_| Problem::internal("a cookie that cannot be sent"))?;
        headers.append(header::SET_COOKIE, value);
    }
    Ok(headers)
}

/// Logs a browser in: the token goes into a cookie, and nowhere else.
pub(super) async fn log_in_browser(State(service): State<Service>, members: Result<Members, Problem>) -> Response {
    work(service, move |service| {
        let (account, token) = granted(service, &members?)?;
        let csrf = csrf_of(&token);
        let headers = cookies(&[
            format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={LIFETIME}"),
            format!("{CSRF}={csrf}; Path=/; SameSite=Strict; Max-Age={LIFETIME}"),
        ])?;
        let body = json!({"berlaku_detik": LIFETIME, "akun": about(&account)});
        Ok(answer::json(StatusCode::OK, &body, headers))
    })
    .await
}

/// What takes the cookies of a session away again.
pub(super) fn without_cookies() -> Result<HeaderMap, Problem> {
    cookies(&[SESSION, CSRF].map(|name| format!("{name}=; Path=/; Max-Age=0")))
}

/// An account as logins answer it.
pub(super) fn about(account: &Account) -> Value {
    json!({"id": account.id, "peran": account.role, "unit_id": account.unit})
}

/// A new token for whoever has a valid one; the old one lives on until it expires.
pub(super) async fn renew(State(service): State<Service>, Who(caller): Who) -> Response {
    work(service, move |service| {
        let account = caller
            .account
            .ok_or_else(|| Problem::new(Kind::Unauthenticated, "Anda belum masuk."))?;
        let token = service.parts.tokens.issue(&account, service.parts.clock.now())?;
        Ok(ok(
            &json!({"token": token, "jenis": "Bearer", "berlaku_detik": LIFETIME}),
        ))
    })
    .await
}

/// The token endpoint of RFC 6749 §4.4. Machines alone are clients: people log in.
pub(super) async fn client_token(
    State(service): State<Service>,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    work(service, move |service| {
        let Ok(Form(pairs)) = form else {
            return Ok(refused(StatusCode::BAD_REQUEST, "invalid_request"));
        };
        let field = |name: &str| {
            pairs
                .iter()
                .find(|(own, _)| own == name)
                .map(|(_, value)| value.clone())
        };
        if field("grant_type").as_deref() != Some("client_credentials") {
            return Ok(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type"));
        }
        let named = basic(&headers).or_else(|| field("client_id").zip(field("client_secret")));
        let account = match &named {
            Some((client, secret)) => service.parts.store.log_in(client, secret)?,
            None => None,
        };
        let Some(account) = account.filter(|account| account.role == Role::Hub) else {
            return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_client"));
        };
        let token = service.parts.tokens.issue(&account, service.parts.clock.now())?;
        let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME});
        let headers = HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]);
        Ok(answer::json(StatusCode::OK, &body, headers))
    })
    .await
}

fn refused(status: StatusCode, error: &str) -> Response {
    let mut headers = HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]);
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"rujukan\""),
        );
    }
    answer::json(status, &json!({"error": error}), headers)
}

/// Client id and secret of an `Authorization: Basic` header, each form-decoded (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, text) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (client, secret) = text.split_once(':')?;
    Some((form_decoded(client)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    let url = reqwest::Url::parse(&format!("http://a/?a={text}")).ok()?;
    url.query_pairs().next().map(|(_, value)| value.into_owned())
}
