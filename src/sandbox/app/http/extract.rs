//! Takes requests apart. Whatever cannot be read becomes a problem answer, never a plain text of a library.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use http::request::Parts as Head;
use http::{HeaderMap, HeaderValue, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::sandbox::app::complaint::Caller;
use crate::sandbox::app::problem::{Kind, Problem};
use crate::sandbox::app::seams::{BadToken, Bearer};

/// Largest body, in bytes: five files of one MiB in base64, and their descriptions.
pub const BODY_MAX: usize = 8 * 1024 * 1024;

/// Who asks; put there by the authentication.
pub struct Who(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Head, _state: &S) -> Result<Self, Problem> {
        Ok(Self(head.extensions.get::<Caller>().cloned().unwrap_or_default()))
    }
}

/// Segments of the path.
pub struct Segments<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Head, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(head, state).await;
        path.map(|Path(segments)| Self(segments))
            .map_err(|_| Problem::new(Kind::NoRoute, "Alamat tidak dapat dibaca."))
    }
}

/// Name and value pairs of the query.
pub struct Pairs(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Pairs {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Head, _state: &S) -> Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&head.uri);
        query
            .map(|Query(pairs)| Self(pairs))
            .map_err(|_| Problem::new(Kind::Malformed, "Parameter tidak dapat dibaca."))
    }
}

/// The members of a JSON body; no body counts as an object without members.
pub struct Members(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Members {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let bytes =
            Bytes::from_request(request, state)
                .await
                .map_err(|rejection| match rejection.into_response_status() {
                    413 => Problem::new(Kind::TooLarge, format!("Paling banyak {BODY_MAX} bita.")),
                    _ => Problem::new(Kind::Malformed, "Isi permintaan tidak lengkap."),
                })?;
        if bytes.is_empty() {
            return Ok(Self(Map::new()));
        }
        if !json {
            return Err(Problem::new(
                Kind::MediaType,
                "Kirim isi permintaan sebagai application/json.",
            ));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Problem::new(Kind::Malformed, "Isi permintaan harus berupa objek JSON.")),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                Err(Problem::new(
                    Kind::Malformed,
                    format!("Bukan JSON yang sah pada baris {line}, kolom {column}."),
                ))
            }
        }
    }
}

trait RejectionStatus {
    fn into_response_status(self) -> u16;
}

impl<T: axum::response::IntoResponse> RejectionStatus for T {
    fn into_response_status(self) -> u16 {
        self.into_response().status().as_u16()
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Tokens of `Authorization: Bearer` (RFC 6750 §2.1); of two such fields neither counts.
pub struct AuthorizationHeader;

impl Bearer for AuthorizationHeader {
    fn token(&self, headers: &HeaderMap) -> Result<Option<String>, BadToken> {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        match (given.next(), given.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => bearer(value, "bearer")
                .map(|token| Some(token.to_owned()))
                .ok_or(BadToken),
            (Some(_), Some(_)) => Err(BadToken),
        }
    }
}

/// The token of a field under a scheme.
pub fn bearer<'a>(value: &'a HeaderValue, scheme: &str) -> Option<&'a str> {
    let (given, token) = value.to_str().ok()?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| token.trim())
}
