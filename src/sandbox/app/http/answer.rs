//! Makes answers.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::sandbox::app::complaint::StoredFile;
use crate::sandbox::app::problem::{Kind, Problem};
use crate::sandbox::app::service::Service;

/// What the operator of the application learns about an answer; never sent.
#[derive(Debug, Clone)]
pub struct Inside(pub String);

/// A JSON answer. Answers depend on who asks, so nobody keeps them.
pub fn json(status: StatusCode, body: &Value, headers: HeaderMap) -> Response {
    let mut response = (status, headers, body.to_string()).into_response();
    let fixed: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    // `extend` would put a second Content-Type beside the one that a text body brings.
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A problem answer with the status code that the application chose for its kind.
pub fn refused(service: &Service, mut problem: Problem) -> Response {
    problem
        .status
        .get_or_insert_with(|| service.parts.refusals.status(problem.kind));
    let inside = problem.inside.take();
    let mut response = problem.into_response();
    if let Some(inside) = inside {
        response.extensions_mut().insert(Inside(inside));
    }
    response
}

/// The bytes of a file, or the one range of it that was asked for (RFC 9110 §14.2). Always a download, never shown in place.
pub fn file(file: StoredFile, range: Option<&HeaderValue>) -> Result<Response, Problem> {
    let whole = file.content.len();
    let asked = range.and_then(|value| value.to_str().ok());
    let (status, content, part) = match asked.map_or(Wanted::Whole, |text| wanted(text, whole)) {
        Wanted::Whole => (StatusCode::OK, file.content, None),
        Wanted::Part(from, to) => {
            let content = file.content.get(from..=to).unwrap_or_default().to_vec();
            (
                StatusCode::PARTIAL_CONTENT,
                content,
                Some(format!("bytes {from}-{to}/{whole}")),
            )
        }
        Wanted::Outside => return Err(Problem::new(Kind::Range, format!("Berkas ini berukuran {whole} bita."))),
    };
    let mut response = Response::new(Body::from(content));
    *response.status_mut() = status;
    let name: String = file
        .note
        .name
        .chars()
        .map(|character| if plain(character) { character } else { '_' })
        .collect();
    let text =
        |text: String| HeaderValue::try_from(text).map_err(|_| Problem::internal("a header that cannot be sent"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, text(file.note.media_type)?);
    headers.insert(
        header::CONTENT_DISPOSITION,
        text(format!("attachment; filename=\"{name}\""))?,
    );
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(part) = part {
        headers.insert(header::CONTENT_RANGE, text(part)?);
    }
    Ok(response)
}

fn plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | ' ')
}

/// What a `Range` header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Everything: no header, or one that we do not serve and so ignore.
    Whole,
    /// From this byte to that one.
    Part(usize, usize),
    /// Nothing that the file has.
    Outside,
}

/// Reads a single range.
fn wanted(text: &str, whole: usize) -> Wanted {
    let number = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse::<usize>().ok() } else { None }
    };
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Wanted::Whole;
    };
    let end = whole.saturating_sub(1);
    let (from, to) = match (first, last) {
        ("", length) => match number(length) {
            Some(0) => return Wanted::Outside,
            Some(length) => (whole.saturating_sub(length), end),
            None => return Wanted::Whole,
        },
        (from, to) => match (number(from), if to.is_empty() { Some(end) } else { number(to) }) {
            (Some(from), _) if from >= whole => return Wanted::Outside,
            (Some(from), Some(to)) if from <= to => (from, to.min(end)),
            _ => return Wanted::Whole,
        },
    };
    Wanted::Part(from, to)
}
