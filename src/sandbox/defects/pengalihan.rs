//! Defects of redirects: TK-24.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};

use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::around;
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "TK-24a",
        install: expired_session,
    },
    Defect {
        id: "TK-24b",
        install: slash_behind,
    },
    Defect {
        id: "TK-24c",
        install: open_redirect,
    },
    Defect {
        id: "TK-24d",
        install: sample_host,
    },
];

fn redirect(status: StatusCode, to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if let Ok(value) = HeaderValue::try_from(to) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// Answers requests by redirects before anything else looks at them.
fn before(
    assembly: &mut Assembly,
    counter: Counter,
    target: impl Fn(&Request) -> Option<(StatusCode, String)> + Clone + Send + Sync + 'static,
) {
    around(assembly, move |request, next, _parts| {
        if let Some((status, to)) = target(&request) {
            counter.acted();
            return Box::pin(async move { redirect(status, &to) });
        }
        Box::pin(next.run(request))
    });
}

/// Sends to the login page in place of 401, as pages for people do.
fn expired_session(assembly: &mut Assembly, counter: Counter) {
    around(assembly, move |request, next, _parts| {
        let reads = *request.method() == Method::GET && request.headers().contains_key(header::AUTHORIZATION);
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !reads || response.status() != StatusCode::UNAUTHORIZED {
                return response;
            }
            counter.acted();
            redirect(StatusCode::FOUND, "/masuk")
        })
    });
}

fn slash_behind(assembly: &mut Assembly, counter: Counter) {
    before(assembly, counter, |request| {
        let path = request.uri().path();
        let without = path.strip_suffix('/').filter(|path| path.starts_with("/api/"))?;
        (*request.method() == Method::POST).then(|| (StatusCode::MOVED_PERMANENTLY, without.to_owned()))
    });
}

fn open_redirect(assembly: &mut Assembly, counter: Counter) {
    before(assembly, counter, |request| {
        let mut pairs = request.uri().query()?.split('&');
        let next = pairs.find_map(|pair| pair.strip_prefix("next="))?;
        let next = next.replace("%3A", ":").replace("%2F", "/");
        next.starts_with("https://").then_some((StatusCode::FOUND, next))
    });
}

/// The address that the server was set up with.
fn sample_host(assembly: &mut Assembly, counter: Counter) {
    before(assembly, counter, |request| {
        let base = request.uri().path() == "/api/v1";
        base.then(|| (StatusCode::PERMANENT_REDIRECT, "http://contoh.test/api/v1/".to_owned()))
    });
}
