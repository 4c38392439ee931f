//! Variants of how a credential is found in a request, and of how one without a credential is refused.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::super::app::http::extract::bearer;
use super::super::app::problem::Kind;
use super::super::app::seams::{BadToken, Bearer};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
use super::answers::code;

pub(super) fn not_logged_in_403(assembly: &mut Assembly, counter: Counter) {
    code(assembly, counter, Kind::Unauthenticated, 403);
}

pub(super) fn not_logged_in_404(assembly: &mut Assembly, counter: Counter) {
    code(assembly, counter, Kind::Unauthenticated, 404);
}

/// Changes every 401.
fn on_401(assembly: &mut Assembly, change: impl Fn(Response) -> Response + Clone + Send + Sync + 'static) {
    on_route(assembly, move |request, next, _parts| {
        let change = change.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if response.status() == StatusCode::UNAUTHORIZED {
                change(response)
            } else {
                response
            }
        })
    });
}

pub(super) fn without_challenge(assembly: &mut Assembly, counter: Counter) {
    on_401(assembly, move |mut response| {
        counter.acted();
        response.headers_mut().remove(header::WWW_AUTHENTICATE);
        response
    });
}

/// A gateway answers in its own words.
pub(super) fn gateway_page(assembly: &mut Assembly, counter: Counter) {
    on_401(assembly, move |response| {
        counter.acted();
        let (mut head, _) = response.into_parts();
        head.headers.remove(header::CONTENT_LENGTH);
        head.headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        let page = "<!doctype html><html lang=\"en\"><title>401</title><h1>401 Authorization Required</h1></html>";
        Response::from_parts(head, Body::from(page))
    });
}

/// Tokens under a scheme of the application's own.
struct OtherScheme {
    counter: Counter,
}

impl Bearer for OtherScheme {
    fn token(&self, headers: &HeaderMap) -> Result<Option<String>, BadToken> {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        match (given.next(), given.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => {
                let token = bearer(value, "Token").ok_or(BadToken)?;
                self.counter.acted();
                Ok(Some(token.to_owned()))
            }
            (Some(_), Some(_)) => Err(BadToken),
        }
    }
}

pub(super) fn other_scheme(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.prefix = Some("Token ");
    assembly.parts.bearer = Arc::new(OtherScheme { counter });
}

/// Of several fields the first counts, as some servers hand on no more.
struct FirstField {
    inner: Arc<dyn Bearer>,
    counter: Counter,
}

impl Bearer for FirstField {
    fn token(&self, headers: &HeaderMap) -> Result<Option<String>, BadToken> {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(first), Some(_)) = (given.next(), given.next()) else {
            return self.inner.token(headers);
        };
        self.counter.acted();
        self.inner
            .token(&HeaderMap::from_iter([(header::AUTHORIZATION, first.clone())]))
    }
}

pub(super) fn first_field(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.bearer.clone();
    assembly.parts.bearer = Arc::new(FirstField { inner, counter });
}
