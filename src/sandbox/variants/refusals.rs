//! Variants of how a request without a credential, or without the right, is refused.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::super::app::problem::Kind;
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
