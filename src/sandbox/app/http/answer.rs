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
    response
        .headers_mut()
        .extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
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
    let wanted = range
        .and_then(|value| value.to_str().ok())
        .and_then(|text| slice(text, whole));
    let (status, content, part) = match wanted {
        None => (StatusCode::OK, file.content, None),
        Some(Some((from, to))) => {
            let content = file.content.get(from..=to).unwrap_or_default().to_vec();
            (
                StatusCode::PARTIAL_CONTENT,
                content,
                Some(format!("bytes {from}-{to}/{whole}")),
            )
        }
        Some(None) => return Err(Problem::new(Kind::Range, format!("Berkas ini berukuran {whole} bita."))),
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

/// First and last byte of a single range; `None` = not a range that we serve (it is ignored), `Some(None)` = outside of the file.
fn slice(text: &str, whole: usize) -> Option<Option<(usize, usize)>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse::<usize>().ok()
        } else {
            None
        }
    };
    match (first, last) {
        ("", length) => {
            let length = number(length)?.min(whole);
            Some((length > 0).then(|| (whole - length, whole.saturating_sub(1))))
        }
        (from, "") => {
            let from = number(from)?;
            Some((from < whole).then(|| (from, whole.saturating_sub(1))))
        }
        (from, to) => {
            let (from, to) = (number(from)?, number(to)?);
            if from > to {
                return None;
            }
            Some((from < whole).then(|| (from, to.min(whole.saturating_sub(1)))))
        }
    }
}
