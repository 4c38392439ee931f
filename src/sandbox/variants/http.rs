//! Variants of HTTP semantics: methods, media types (TK-04, TK-05, TK-06).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::IntoResponse as _;
use http::{HeaderValue, Method, StatusCode, header};

use super::super::app::problem::{Kind, Problem};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;

/// HEAD is not served.
pub(super) fn head_405(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let head = *request.method() == Method::HEAD;
        let counter = counter.clone();
        Box::pin(async move {
            if !head {
                return next.run(request).await;
            }
            counter.acted();
            let mut response = Problem::new(Kind::Method, "Alamat ini tidak mengenal HEAD.").into_response();
            let allow = HeaderValue::from_static("GET");
            response.headers_mut().insert(header::ALLOW, allow);
            response
        })
    });
}

/// Routes are chosen by method and path together, so that an unknown method finds none.
pub(super) fn method_404(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if response.status() != StatusCode::METHOD_NOT_ALLOWED {
                return response;
            }
            counter.acted();
            Problem::new(Kind::NoRoute, "Alamat ini tidak ada.").into_response()
        })
    });
}

fn submits(request: &Request) -> bool {
    *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan"
}

fn content_type(request: &Request) -> Option<&str> {
    request.headers().get(header::CONTENT_TYPE)?.to_str().ok()
}

fn as_json(request: &mut Request) {
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::CONTENT_TYPE, json);
}

/// Every type whose name ends in `+json` is JSON (RFC 6839).
pub(super) fn json_suffix(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, _parts| {
        if content_type(&request).is_some_and(|own| own.ends_with("+json")) {
            as_json(&mut request);
            counter.acted();
        }
        Box::pin(async move { next.run(request).await })
    });
}

/// A body without a type is taken for JSON.
pub(super) fn untyped_json(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, _parts| {
        if submits(&request) && content_type(&request).is_none() {
            as_json(&mut request);
            counter.acted();
        }
        Box::pin(async move { next.run(request).await })
    });
}

/// 406 where nothing of `Accept` can be had.
pub(super) fn strict_accept(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |request, next, _parts| {
        let wanted = request
            .headers()
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        let odd = wanted.is_some_and(|own| matches!(own, "application/xml" | "image/png"));
        let counter = counter.clone();
        Box::pin(async move {
            if !odd {
                return next.run(request).await;
            }
            counter.acted();
            Problem {
                status: Some(406),
                ..Problem::new(Kind::MediaType, "Jawaban hanya tersedia sebagai application/json.")
            }
            .into_response()
        })
    });
}

/// Submissions come as a form whose one field holds the complaint; JSON is not taken.
pub(super) fn form_only(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.binding.push(
        "[ikatan.operasi.submit]\nbadan = { jenis = \"form\", jq = '{pengaduan: ((if .kategori_id then .kategori_id |= \
         tonumber else . end) | tojson)}' }"
            .to_owned(),
    );
    on_route(assembly, move |request, next, _parts| {
        let (submit, counter) = (submits(&request), counter.clone());
        Box::pin(async move {
            if !submit {
                return next.run(request).await;
            }
            // Files come as the other kind of form.
            if content_type(&request).is_some_and(|own| own.starts_with("multipart/form-data")) {
                return next.run(request).await;
            }
            let form = content_type(&request).is_some_and(|own| own.starts_with("application/x-www-form-urlencoded"));
            let (head, body) = request.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let field = field(&bytes).unwrap_or_default();
            let mut request = Request::from_parts(head, Body::from(field));
            request.headers_mut().remove(header::CONTENT_LENGTH);
            if !form {
                return Problem::new(Kind::MediaType, "Kirim formulir.").into_response();
            }
            as_json(&mut request);
            counter.acted();
            next.run(request).await
        })
    });
}

/// The one field of a form.
fn field(form: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(form).ok()?;
    let url = reqwest::Url::parse(&format!("http://formulir.test/?{text}")).ok()?;
    url.query_pairs()
        .find(|(name, _)| name == "pengaduan")
        .map(|(_, value)| value.into_owned())
}
