//! Request bodies: JSON, form, multipart, raw, empty.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::raw::BodyKind;
use crate::evidence::sha256_hex;

/// A body ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedBody {
    /// The bytes.
    pub bytes: Bytes,
    /// Its media type.
    pub media_type: String,
}

/// A file of a multipart body.
struct FilePart {
    name: String,
    media_type: String,
    bytes: Vec<u8>,
}

/// Encodes a value; `files` are `(part name, value of the file filter)`. Faults are texts in English and Indonesian
/// words that the caller wraps.
pub(super) fn encode(
    kind: BodyKind,
    value: &Value,
    files: Option<(&str, &Value)>,
) -> Result<Option<EncodedBody>, String> {
    let body = match kind {
        BodyKind::Kosong => return Ok(None),
        BodyKind::Json => EncodedBody {
            bytes: Bytes::from(value.to_string()),
            media_type: "application/json".into(),
        },
        BodyKind::Form => form(value)?,
        BodyKind::Multipart => multipart(value, files)?,
        BodyKind::Mentah => raw(value)?,
    };
    Ok(Some(body))
}

fn object(value: &Value) -> Result<&Map<String, Value>, String> {
    value
        .as_object()
        .ok_or_else(|| String::from("badan harus objek / the body must be an object"))
}

/// `application/x-www-form-urlencoded`; arrays repeat their name, objects nest as `a[b]`.
fn form(value: &Value) -> Result<EncodedBody, String> {
    let mut pairs = Vec::new();
    for (name, member) in object(value)? {
        flatten(name, member, &mut pairs);
    }
    let mut text = reqwest::Url::parse("http://a").map_err(|error| error.to_string())?;
    text.query_pairs_mut().extend_pairs(&pairs);
    let text = text.query().unwrap_or_default().to_owned();
    Ok(EncodedBody {
        bytes: Bytes::from(text),
        media_type: "application/x-www-form-urlencoded".into(),
    })
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| flatten(name, item, pairs)),
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(inner, item)| flatten(&format!("{name}[{inner}]"), item, pairs));
        }
        scalar => pairs.push((name.to_owned(), text(scalar))),
    }
}

/// `multipart/form-data` (RFC 7578): scalars as text parts, objects and arrays as JSON parts, then the files.
fn multipart(value: &Value, files: Option<(&str, &Value)>) -> Result<EncodedBody, String> {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, member) in object(value)? {
        let name = escape(name);
        let disposition = format!("Content-Disposition: form-data; name=\"{name}\"\r\n");
        match member {
            Value::Null => {}
            Value::Object(_) | Value::Array(_) => {
                parts.push((
                    format!("{disposition}Content-Type: application/json\r\n"),
                    member.to_string().into_bytes(),
                ));
            }
            scalar => parts.push((disposition, text(scalar).into_bytes())),
        }
    }
    if let Some((field, value)) = files {
        let field = escape(field);
        for file in file_parts(value)? {
            let (name, media_type) = (escape(&file.name), escape(&file.media_type));
            let head = format!(
                "Content-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n"
            );
            parts.push((head, file.bytes));
        }
    }
    let mut content = Vec::new();
    for (head, bytes) in &parts {
        content.extend_from_slice(head.as_bytes());
        content.extend_from_slice(bytes);
    }
    // Taken from the content, so that the same body is the same bytes.
    let boundary = sha256_hex(&content).get(..32).unwrap_or_default().to_owned();
    let boundary = format!("laik-{boundary}");
    let mut bytes = Vec::with_capacity(content.len() + parts.len() * 64);
    for (head, part) in parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n{head}\r\n").as_bytes());
        bytes.extend_from_slice(&part);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(EncodedBody {
        bytes: Bytes::from(bytes),
        media_type: format!("multipart/form-data; boundary={boundary}"),
    })
}

fn file_parts(value: &Value) -> Result<Vec<FilePart>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items.iter().map(file_part).collect(),
        single => Ok(vec![file_part(single)?]),
    }
}

fn file_part(value: &Value) -> Result<FilePart, String> {
    let member = |name: &str| value.get(name).and_then(Value::as_str);
    let content = member("isi_base64").ok_or("berkas tanpa isi_base64 / a file without isi_base64")?;
    Ok(FilePart {
        name: member("nama").unwrap_or("berkas").to_owned(),
        media_type: member("jenis_media").unwrap_or("application/octet-stream").to_owned(),
        bytes: decode(content)?,
    })
}

/// Raw bytes: base64 text, or `{base64}` or `{teks}`.
fn raw(value: &Value) -> Result<EncodedBody, String> {
    let bytes = match value {
        Value::String(text) => decode(text)?,
        Value::Object(members) => match (members.get("base64"), members.get("teks")) {
            (Some(Value::String(text)), _) => decode(text)?,
            (_, Some(Value::String(text))) => text.clone().into_bytes(),
            _ => return Err("badan mentah harus {base64} atau {teks} / a raw body must be {base64} or {teks}".into()),
        },
        _ => return Err("badan mentah harus teks base64 / a raw body must be base64 text".into()),
    };
    Ok(EncodedBody {
        bytes: Bytes::from(bytes),
        media_type: "application/octet-stream".into(),
    })
}

fn decode(text: &str) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(text)
        .map_err(|_| String::from("base64 tidak sah / invalid base64"))
}

/// A scalar as text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Names in `Content-Disposition` as browsers write them.
fn escape(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms_nest_and_repeat() {
        let body = encode(
            BodyKind::Form,
            &json!({"issue": {"subject": "a b"}, "t": [1, 2], "n": null}),
            None,
        )
        .unwrap()
        .unwrap();
        assert_eq!(body.bytes, "issue%5Bsubject%5D=a+b&t=1&t=2".as_bytes());
    }

    #[test]
    fn multipart_keeps_bytes_and_guards_names() {
        let file = json!([{"nama": "a\"\r\n.txt", "jenis_media": "text/plain", "isi_base64": "AAEC"}]);
        let body = encode(
            BodyKind::Multipart,
            &json!({"judul": "x", "meta": {"a": 1}}),
            Some(("berkas", &file)),
        )
        .unwrap()
        .unwrap();
        let text = String::from_utf8_lossy(&body.bytes);
        assert!(text.contains(
            "name=\"berkas\"; filename=\"a%22%0D%0A.txt\"\r\nContent-Type: text/plain\r\n\r\n\0\u{1}\u{2}\r\n"
        ));
        assert!(text.contains("Content-Type: application/json\r\n\r\n{\"a\":1}"));
    }

    #[test]
    fn raw_bodies_and_faults() {
        assert_eq!(
            encode(BodyKind::Mentah, &json!("AAEC"), None).unwrap().unwrap().bytes,
            vec![0_u8, 1, 2]
        );
        assert!(encode(BodyKind::Mentah, &json!("?"), None).is_err());
        assert!(encode(BodyKind::Form, &json!([1]), None).is_err());
        assert_eq!(encode(BodyKind::Kosong, &json!(null), None), Ok(None));
    }
}
