//! One function an address: takes the request apart, asks the service, answers.

use axum::extract::{OriginalUri, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::BASE;
use super::extract::{Members, Pairs, Segments, Who};
use super::form::Submission;
use super::{answer, sessions};
use crate::sandbox::app::clock::wire;
use crate::sandbox::app::complaint::{Account, Caller, Reference};
use crate::sandbox::app::input::Input;
use crate::sandbox::app::problem::{Kind, Problem};
use crate::sandbox::app::service::Service;
use crate::sandbox::app::tokens::LIFETIME;
use crate::sandbox::app::words::{Action, Role};

type App = State<Service>;

fn text(id: &str) -> Value {
    Value::from(id)
}

/// Does blocking work off the threads that serve connections, and makes an answer of its outcome.
pub(super) async fn work(
    service: Service,
    task: impl FnOnce(&Service) -> Result<Response, Problem> + Send + 'static,
) -> Response {
    let inner = service.clone();
    let outcome = tokio::task::spawn_blocking(move || task(&inner)).await;
    outcome
        .unwrap_or_else(|_| Err(Problem::internal("a task panicked")))
        .unwrap_or_else(|problem| answer::refused(&service, problem))
}

pub(super) fn ok(body: &Value) -> Response {
    answer::json(StatusCode::OK, body, HeaderMap::new())
}

/// The account whose name and password a login sends, and a token for it.
pub(super) fn granted(service: &Service, members: &Members) -> Result<(Account, String), Problem> {
    let input = Input(&members.0);
    let (username, password) = (input.needed("nama_pengguna", 200)?, input.needed("sandi", 200)?);
    let account = service.parts.store.log_in(&username, &password)?;
    let account = account.ok_or_else(|| Problem::new(Kind::Unauthenticated, "Nama pengguna atau sandi salah."))?;
    let token = service.parts.tokens.issue(&account, service.parts.clock.now())?;
    Ok((account, token))
}

pub(super) async fn log_in(State(service): App, members: Result<Members, Problem>) -> Response {
    work(service, move |service| {
        let (account, token) = granted(service, &members?)?;
        let akun = sessions::about(&account);
        Ok(ok(
            &json!({"token": token, "jenis": "Bearer", "berlaku_detik": LIFETIME, "akun": akun}),
        ))
    })
    .await
}

pub(super) async fn log_out(State(service): App, Who(caller): Who, headers: HeaderMap) -> Response {
    work(service, move |service| {
        if caller.account.is_none() {
            return Err(Problem::new(Kind::Unauthenticated, "Anda belum masuk."));
        }
        let token = service.parts.bearer.token(&headers).unwrap_or_default();
        let token = token.or_else(|| sessions::cookie(&headers, sessions::SESSION).map(str::to_owned));
        if let Some(token) = token {
            service.parts.tokens.revoke(&token);
        }
        let body = json!({"keluar": true});
        Ok(answer::json(StatusCode::OK, &body, sessions::without_cookies()?))
    })
    .await
}

/// Sets the test clock; only an administrator can, and only an instance for tests has one.
pub(super) async fn set_clock(State(service): App, Who(caller): Who, members: Result<Members, Problem>) -> Response {
    work(service, move |service| {
        let Members(body) = members?;
        let time = Input(&body).needed("waktu", 40)?;
        let time = time
            .parse()
            .map_err(|_| Problem::invalid("waktu", "harus waktu RFC 3339"))?;
        move_clock(service, &caller, Some(time))
    })
    .await
}

/// Lets the test clock run with the machine's again.
pub(super) async fn reset_clock(State(service): App, Who(caller): Who) -> Response {
    work(service, move |service| move_clock(service, &caller, None)).await
}

fn move_clock(service: &Service, caller: &Caller, to: Option<Timestamp>) -> Result<Response, Problem> {
    match &caller.account {
        None => return Err(Problem::new(Kind::Unauthenticated, "Anda belum masuk.")),
        Some(account) if account.role != Role::Admin => {
            return Err(Problem::new(
                Kind::Forbidden,
                "Hanya admin yang dapat menyetel jam uji.",
            ));
        }
        Some(_) => {}
    }
    service.parts.clock.set(to);
    Ok(ok(&json!({"waktu": wire(service.parts.clock.now())})))
}

pub(super) async fn submit(State(service): App, Who(caller): Who, members: Result<Submission, Problem>) -> Response {
    work(service, move |service| {
        let Submission(body) = members?;
        let receipt = service.submit(&caller, &body)?;
        let location = HeaderValue::try_from(format!("{BASE}/pengaduan/{}", receipt.id));
        let location = location.map_err(|_| Problem::internal("an identifier that cannot be sent"))?;
        let headers = HeaderMap::from_iter([(header::LOCATION, location)]);
        Ok(answer::json(
            StatusCode::CREATED,
            &service.parts.view.receipt(&receipt),
            headers,
        ))
    })
    .await
}

pub(super) async fn act(
    State(service): App,
    Who(caller): Who,
    path: Result<Segments<String>, Problem>,
    action: Action,
    members: Result<Members, Problem>,
) -> Response {
    work(service, move |service| {
        let (Segments(id), Members(body)) = (path?, members?);
        Ok(ok(&service.act(&caller, &id, action, &body)?))
    })
    .await
}

pub(super) async fn read(State(service): App, Who(caller): Who, path: Result<Segments<String>, Problem>) -> Response {
    work(service, move |service| Ok(ok(&service.read(&caller, &path?.0)?))).await
}

pub(super) async fn history(
    State(service): App,
    Who(caller): Who,
    path: Result<Segments<String>, Problem>,
) -> Response {
    work(service, move |service| Ok(ok(&service.history(&caller, &path?.0)?))).await
}

pub(super) async fn track(State(service): App, path: Result<Segments<String>, Problem>) -> Response {
    work(service, move |service| Ok(ok(&service.track(&path?.0)?))).await
}

pub(super) async fn download(
    State(service): App,
    Who(caller): Who,
    path: Result<Segments<(String, String)>, Problem>,
    headers: HeaderMap,
) -> Response {
    work(service, move |service| {
        let Segments((id, file)) = path?;
        let found = service.download(&caller, &id, &file)?;
        answer::file(found, headers.get(header::RANGE))
    })
    .await
}

pub(super) async fn list(
    State(service): App,
    Who(caller): Who,
    query: Result<Pairs, Problem>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    work(service, move |service| {
        let (body, headers) = service.list(&caller, &query?.0, &uri.to_string())?;
        Ok(answer::json(StatusCode::OK, &body, headers))
    })
    .await
}

pub(super) async fn search(
    State(service): App,
    Who(caller): Who,
    query: Result<Pairs, Problem>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    work(service, move |service| {
        let (body, headers) = service.search(&caller, &query?.0, &uri.to_string())?;
        Ok(answer::json(StatusCode::OK, &body, headers))
    })
    .await
}

pub(super) async fn statistics(State(service): App, Who(caller): Who, query: Result<Pairs, Problem>) -> Response {
    work(service, move |service| Ok(ok(&service.statistics(&caller, &query?.0)?))).await
}

pub(super) async fn deliver(State(service): App, Who(caller): Who, members: Result<Members, Problem>) -> Response {
    work(service, move |service| {
        let Members(body) = members?;
        let (receipt, new) = service.deliver(&caller, &body)?;
        let status = if new { StatusCode::CREATED } else { StatusCode::OK };
        Ok(answer::json(status, &receipt, HeaderMap::new()))
    })
    .await
}

pub(super) async fn changes(State(service): App, Who(caller): Who, query: Result<Pairs, Problem>) -> Response {
    work(service, move |service| Ok(ok(&service.changes(&caller, &query?.0)?))).await
}

pub(super) async fn export_personal(State(service): App, Who(caller): Who) -> Response {
    work(service, move |service| Ok(ok(&service.export_personal(&caller)?))).await
}

fn references(rows: &[Reference], id: impl Fn(&str) -> Value) -> Value {
    json!({"data": rows.iter().map(|row| json!({"id": id(&row.id), "nama": row.name})).collect::<Value>()})
}

pub(super) async fn categories(State(service): App) -> Response {
    work(service, |service| {
        let number = |id: &str| id.parse::<i64>().map_or(Value::Null, Value::from);
        Ok(ok(&references(&service.parts.store.categories()?, number)))
    })
    .await
}

pub(super) async fn agencies(State(service): App) -> Response {
    work(service, |service| {
        Ok(ok(&references(&service.parts.store.agencies()?, text)))
    })
    .await
}

pub(super) async fn units(State(service): App, Who(caller): Who) -> Response {
    work(service, move |service| {
        if caller.account.is_none() {
            return Err(Problem::new(
                Kind::Unauthenticated,
                "Masuk lebih dahulu untuk melihat unit.",
            ));
        }
        Ok(ok(&references(&service.parts.store.units()?, text)))
    })
    .await
}

pub(super) async fn health(State(service): App) -> Response {
    let now = wire(service.parts.clock.now());
    ok(&json!({"status": "sehat", "waktu": now}))
}

pub(super) async fn openapi() -> Response {
    let text = include_str!("../../../../schemas/rujukan.openapi.json");
    match serde_json::from_str(text) {
        Ok(document) => ok(&document),
        Err(_) => axum::response::IntoResponse::into_response(Problem::internal("the API description is no JSON")),
    }
}

pub(super) async fn no_route(State(service): App) -> Response {
    answer::refused(&service, Problem::new(Kind::NoRoute, "Alamat ini tidak ada."))
}

pub(super) async fn no_method(State(service): App) -> Response {
    answer::refused(
        &service,
        Problem::new(Kind::Method, "Alamat ini tidak mengenal metode itu."),
    )
}
