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

impl EncodedBody {
    /// A form that holds one field.
    pub fn form_of(name: &str, value: &str) -> Self {
        Self {
            bytes: Bytes::from(pair(name, value)),
            media_type: FORM.into(),
        }
    }

    /// The same body with one more field, where its kind has fields: forms, multipart bodies and JSON objects.
    pub fn with_field(&self, name: &str, value: &str) -> Option<Self> {
        let kind = self.media_type.split(';').next().unwrap_or_default().trim();
        let bytes = match kind {
            FORM if self.bytes.is_empty() => pair(name, value).into_bytes(),
            FORM => [&self.bytes, b"&".as_slice(), pair(name, value).as_bytes()].concat(),
            "multipart/form-data" => {
                let boundary = self.media_type.split("boundary=").nth(1)?;
                let name = escape(name);
                let part =
                    format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
                [part.as_bytes(), &self.bytes].concat()
            }
            "application/json" => {
                let mut members: Value = serde_json::from_slice(&self.bytes).ok()?;
                members.as_object_mut()?.insert(name.to_owned(), value.into());
                members.to_string().into_bytes()
            }
            _ => return None,
        };
        Some(Self {
            bytes: Bytes::from(bytes),
            media_type: self.media_type.clone(),
        })
    }
}

/// Media type of HTML forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// One pair of a form, encoded.
fn pair(name: &str, value: &str) -> String {
    let mut text = reqwest::Url::parse("http://a").ok();
    let text = text.as_mut().map(|url| {
        url.query_pairs_mut().append_pair(name, value);
        url.query().unwrap_or_default().to_owned()
    });
    text.unwrap_or_default()
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
        media_type: FORM.into(),
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
    fn a_field_is_added_to_bodies_that_have_fields() {
        let added = |kind, value| encode(kind, &value, None).unwrap().unwrap().with_field("k", "a b");
        let text = |body: Option<EncodedBody>| String::from_utf8(body.unwrap().bytes.to_vec()).unwrap();
        assert_eq!(text(added(BodyKind::Form, json!({"x": 1}))), "x=1&k=a+b");
        assert_eq!(text(added(BodyKind::Form, json!({}))), "k=a+b");
        assert_eq!(text(added(BodyKind::Json, json!({"x": 1}))), "{\"x\":1,\"k\":\"a b\"}");
        assert!(text(added(BodyKind::Multipart, json!({"x": 1}))).contains("name=\"k\"\r\n\r\na b\r\n--"));
        assert_eq!(added(BodyKind::Json, json!([1])), None);
        assert_eq!(added(BodyKind::Mentah, json!("AAEC")), None);
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
