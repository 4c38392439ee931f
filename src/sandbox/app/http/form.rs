//! Submissions as `multipart/form-data` (RFC 7578): the same members as in JSON. Parts of type JSON are read as JSON, parts
//! with a file name are files, other parts are texts, numbers or yes and no, as the member is.

use axum::extract::{FromRequest, Multipart, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header;
use serde_json::{Map, Value, json};

use super::extract::Members;
use crate::sandbox::app::problem::{Kind, Problem};

/// The members of a submission, as JSON or as a form.
pub struct Submission(pub Map<String, Value>);

/// Members that are yes or no.
const FLAGS: &[&str] = &["anonim", "rahasia", "berkadar_pengawasan"];

/// Members that are whole numbers.
const NUMBERS: &[&str] = &["kategori_id"];

impl<S: Send + Sync> FromRequest<S> for Submission {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = request.headers().get(header::CONTENT_TYPE);
        let form = media_type
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().starts_with("multipart/form-data"));
        if !form {
            return Members::from_request(request, state)
                .await
                .map(|Members(members)| Self(members));
        }
        let unreadable = |_| Problem::new(Kind::Malformed, "Isi formulir tidak dapat dibaca.");
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| Problem::new(Kind::Malformed, "Isi formulir tidak dapat dibaca."))?;
        let (mut members, mut files) = (Map::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let media_type = part.content_type().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(unreadable)?;
            if let Some(file) = file {
                files.push(json!({"nama": file, "jenis_media": media_type, "isi_base64": BASE64.encode(&bytes)}));
                continue;
            }
            let text = String::from_utf8(bytes.to_vec())
                .map_err(|_| Problem::new(Kind::Malformed, "Isi formulir harus UTF-8."))?;
            members.insert(name.clone(), member(&name, &media_type, text)?);
        }
        if !files.is_empty() {
            members.insert("lampiran".to_owned(), Value::Array(files));
        }
        Ok(Self(members))
    }
}

fn member(name: &str, media_type: &str, text: String) -> Result<Value, Problem> {
    if media_type.starts_with("application/json") {
        return serde_json::from_str(&text).map_err(|_| Problem::invalid(name, "bukan JSON yang sah"));
    }
    if FLAGS.contains(&name) {
        return match text.as_str() {
            "true" => Ok(json!(true)),
            "false" => Ok(json!(false)),
            _ => Err(Problem::invalid(name, "harus true atau false")),
        };
    }
    if NUMBERS.contains(&name) {
        let number = text.parse::<i64>();
        return number
            .map(Value::from)
            .map_err(|_| Problem::invalid(name, "harus berupa bilangan bulat"));
    }
    Ok(Value::String(text))
}
