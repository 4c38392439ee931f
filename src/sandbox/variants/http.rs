//! Variants of HTTP semantics: methods, media types (TK-04, TK-05, TK-06).

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
