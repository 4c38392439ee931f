//! HTTP on top of the service: addresses, authentication, bodies, answers. Decides nothing about complaints.

pub mod answer;
pub mod extract;
pub mod form;
pub mod handlers;
pub mod open_data;
pub mod serve;
pub mod sessions;

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::FutureExt as _;
use http::{HeaderMap, Method};

use super::complaint::Caller;
use super::problem::{Kind, Problem};
use super::seams::RouteOverride;
use super::service::Service;
use super::words::Action;

/// The path below which all addresses stand.
pub const BASE: &str = "/api/v1";

/// Every address of the application, with whatever is put before it: behind the authentication, and around it.
pub fn router(service: &Service, overrides: Vec<RouteOverride>, around: Vec<RouteOverride>) -> Router {
    let put = |router: Router, overrides: Vec<RouteOverride>| {
        overrides
            .into_iter()
            .fold(router, |router, put_before| put_before(router, &service.parts))
    };
    let router = put(routes(service.clone()), overrides).layer(from_fn_with_state(service.clone(), authenticate));
    put(router, around).layer(from_fn(catch_panic))
}

fn routes(service: Service) -> Router {
    let mut api = Router::new()
        .route("/sesi", post(handlers::log_in).delete(handlers::log_out))
        .route("/sesi/peramban", post(sessions::log_in_browser))
        .route("/sesi/perpanjangan", post(sessions::renew))
        .route("/oauth/token", post(sessions::client_token))
        .route("/uji/jam", post(handlers::set_clock).delete(handlers::reset_clock))
        .route("/kategori", get(handlers::categories))
        .route("/instansi", get(handlers::agencies))
        .route("/wilayah", get(open_data::regions))
        .route("/ekspor", get(open_data::export))
        .route("/unit", get(handlers::units))
        .route("/pengaduan", get(handlers::list).post(handlers::submit))
        .route("/pengaduan/{id}", get(handlers::read))
        .route("/pengaduan/{id}/riwayat", get(handlers::history))
        .route("/pengaduan/{id}/lampiran/{berkas}", get(handlers::download))
        .route("/pelacakan/{nomor}", get(handlers::track))
        .route("/pencarian", get(handlers::search))
        .route("/statistik", get(handlers::statistics))
        .route("/hub/disposisi", post(handlers::deliver))
        .route("/hub/perubahan", get(handlers::changes))
        .route("/data-pribadi", get(handlers::export_personal))
        .route("/kesehatan", get(handlers::health))
        .route("/openapi.json", get(handlers::openapi));
    for action in Action::ALL.iter().copied() {
        let handler = move |state, caller, path, body| handlers::act(state, caller, path, action, body);
        api = api.route(&format!("/pengaduan/{{id}}/{action}"), post(handler));
    }
    Router::new()
        .nest(BASE, api)
        .fallback(handlers::no_route)
        .method_not_allowed_fallback(handlers::no_method)
        .layer(DefaultBodyLimit::max(extract::BODY_MAX))
        .with_state(service)
}

/// Finds out who asks. A credential that is not valid is refused everywhere, also where none is needed.
async fn authenticate(State(service): State<Service>, mut request: Request, next: Next) -> Response {
    match if logs_in(request.method(), request.uri().path()) {
        Ok(Caller::default())
    } else {
        caller(&service, request.method(), request.headers())
    } {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => answer::refused(&service, problem),
    }
}

/// Whether a request asks for a credential, and so needs none.
fn logs_in(method: &Method, path: &str) -> bool {
    let below = path.strip_prefix(BASE).unwrap_or_default();
    *method == Method::POST && ["/sesi", "/sesi/peramban", "/oauth/token"].contains(&below)
}

/// Who asks: by the one `Authorization` header, else by the session's cookie.
fn caller(service: &Service, method: &Method, headers: &HeaderMap) -> Result<Caller, Problem> {
    let bad = || {
        Problem::new(
            Kind::BadCredential,
            "Token tidak sah atau sudah tidak berlaku. Silakan masuk kembali.",
        )
    };
    let token = match service.parts.bearer.token(headers).map_err(|_| bad())? {
        Some(token) => token,
        None => match sessions::session(method, headers)? {
            Some(token) => token.to_owned(),
            None => return Ok(Caller::default()),
        },
    };
    let parts = &service.parts;
    let id = parts.tokens.verify(&token, parts.clock.now()).map_err(|_| bad())?;
    let account = parts.store.account(&id)?.ok_or_else(bad)?;
    Ok(Caller { account: Some(account) })
}

/// A fault of ours becomes an answer, not the end of a connection.
async fn catch_panic(request: Request, next: Next) -> Response {
    let outcome = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    outcome.unwrap_or_else(|_| Problem::internal("a handler panicked").into_response())
}
