//! Changes that a probe makes to a body that the binding has made. Knows nothing of what the probe is for.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::BodyChange;

/// The changed bytes, and the media type where it changes too.
pub(super) fn changed(change: &BodyChange, bytes: Bytes, media_type: &str) -> (Bytes, Option<String>) {
    match change {
        BodyChange::Bytes { bytes, media_type } => (bytes.clone(), media_type.clone()),
        BodyChange::Members(members) => (with_members(members, bytes, media_type), None),
    }
}

fn with_members(members: &Map<String, Value>, bytes: Bytes, media_type: &str) -> Bytes {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if essence == "application/x-www-form-urlencoded" {
        return form(members, &bytes);
    }
    if essence == "multipart/form-data" {
        return multipart(members, &bytes, media_type).unwrap_or(bytes);
    }
    let json = essence == "application/json" || essence.ends_with("+json");
    match serde_json::from_slice::<Map<String, Value>>(&bytes) {
        Ok(mut object) if json => {
            object.extend(members.iter().map(|(name, value)| (name.clone(), value.clone())));
            Bytes::from(Value::Object(object).to_string())
        }
        _ => bytes,
    }
}

/// The pairs of a form with further ones behind them.
fn form(members: &Map<String, Value>, bytes: &[u8]) -> Bytes {
    let mut pairs = Vec::new();
    for (name, value) in members {
        flatten(name, value, &mut pairs);
    }
    let Ok(mut url) = reqwest::Url::parse("http://a") else {
        return Bytes::copy_from_slice(bytes);
    };
    url.query_pairs_mut().extend_pairs(&pairs);
    let further = url.query().unwrap_or_default();
    let own = String::from_utf8_lossy(bytes);
    let glue = if own.is_empty() || further.is_empty() { "" } else { "&" };
    Bytes::from(format!("{own}{glue}{further}"))
}

/// Further parts before those of a multipart body (RFC 7578): texts as they are, what is nested as JSON, as the binding
/// writes its own. `None` where the media type names no boundary.
fn multipart(members: &Map<String, Value>, bytes: &[u8], media_type: &str) -> Option<Bytes> {
    let boundary = media_type
        .split("boundary=")
        .nth(1)?
        .split(';')
        .next()?
        .trim()
        .trim_matches('"');
    let mut body = Vec::new();
    for (name, value) in members {
        let (kind, text) = match value {
            Value::Null => continue,
            Value::String(text) => ("", text.clone()),
            Value::Object(_) | Value::Array(_) => ("Content-Type: application/json\r\n", value.to_string()),
            scalar => ("", scalar.to_string()),
        };
        let part = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{kind}\r\n{text}\r\n");
        body.extend(part.into_bytes());
    }
    body.extend_from_slice(bytes);
    Some(Bytes::from(body))
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        Value::Array(items) => items.iter().for_each(|item| flatten(&format!("{name}[]"), item, pairs)),
        Value::Object(members) => {
            for (inner, item) in members {
                flatten(&format!("{name}[{inner}]"), item, pairs);
            }
        }
        scalar => pairs.push((name.to_owned(), scalar.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(members: &Value, body: &str, media_type: &str) -> String {
        let change = BodyChange::Members(members.as_object().unwrap().clone());
        let (bytes, _) = changed(&change, Bytes::from(body.to_owned()), media_type);
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn members_go_into_objects_and_behind_pairs_and_nowhere_else() {
        let further = json!({"status": "selesai", "disposisi": [{"unit_id": "U2"}]});
        let told: Value = serde_json::from_str(&with(&further, r#"{"isi": "a"}"#, "application/json")).unwrap();
        assert_eq!(
            told,
            json!({"isi": "a", "status": "selesai", "disposisi": [{"unit_id": "U2"}]})
        );
        assert_eq!(
            with(&further, "isi=a", "application/x-www-form-urlencoded"),
            "isi=a&status=selesai&disposisi%5B%5D%5Bunit_id%5D=U2"
        );
        assert_eq!(with(&further, "[1]", "application/json"), "[1]");
        assert_eq!(with(&further, "isi", "text/plain"), "isi");
        let own = "--b\r\nContent-Disposition: form-data; name=\"isi\"\r\n\r\na\r\n--b--\r\n";
        let told = with(&further, own, "multipart/form-data; boundary=b");
        assert!(
            told.ends_with(own) && told.contains("name=\"status\"\r\n\r\nselesai\r\n--b"),
            "{told}"
        );
        assert!(
            told.contains("application/json\r\n\r\n[{\"unit_id\":\"U2\"}]"),
            "{told}"
        );
        assert_eq!(with(&further, own, "multipart/form-data"), own);
    }

    #[test]
    fn other_bytes_stand_in_place_of_the_bound_ones() {
        let change = BodyChange::Bytes {
            bytes: Bytes::from_static(b"{"),
            media_type: Some("text/plain".to_owned()),
        };
        let (bytes, media_type) = changed(&change, Bytes::from_static(b"{}"), "application/json");
        assert_eq!((&bytes[..], media_type.as_deref()), (&b"{"[..], Some("text/plain")));
    }
}
