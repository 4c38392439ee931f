//! What a body really says: bytes parsed back, and whether the fault that was meant is in them (keamanan.md, rule 8).

use serde_json::{Map, Value};

use crate::oracle::negative::Class;

/// One difference between a good body and a faulty one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// Names on the way to the member.
    pub(super) path: Vec<String>,
    /// What the faulty body says there.
    pub(super) value: Option<Value>,
}

/// A body as a value: JSON as it is, forms and multipart bodies as objects of texts.
pub(super) fn parse(bytes: &[u8], media_type: &str) -> Option<Value> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence {
        "application/x-www-form-urlencoded" => {
            let text = std::str::from_utf8(bytes).ok()?;
            let address = reqwest::Url::parse(&format!("http://a/?{text}")).ok()?;
            Some(object(
                address
                    .query_pairs()
                    .map(|(name, value)| (name.into_owned(), value.into_owned())),
            ))
        }
        "multipart/form-data" => {
            let boundary = media_type.split("boundary=").nth(1)?.trim_matches('"');
            let text = String::from_utf8_lossy(bytes);
            let mark = format!("--{boundary}");
            let parts = text.split(&mark).filter_map(|part| {
                let (head, content) = part.split_once("\r\n\r\n")?;
                let name = head.split("name=\"").nth(1)?.split('"').next()?;
                Some((name.to_owned(), content.trim_end_matches("\r\n").to_owned()))
            });
            Some(object(parts))
        }
        _ => serde_json::from_slice(bytes).ok(),
    }
}

fn object(pairs: impl Iterator<Item = (String, String)>) -> Value {
    Value::Object(
        pairs
            .map(|(name, value)| (name, Value::String(value)))
            .collect::<Map<_, _>>(),
    )
}

/// Where two bodies differ.
pub(super) fn differences(good: &Value, faulty: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(good, Some(faulty), &mut Vec::new(), &mut found);
    found
}

fn compare(good: &Value, faulty: Option<&Value>, path: &mut Vec<String>, found: &mut Vec<Difference>) {
    if Some(good) == faulty {
        return;
    }
    let (Value::Object(members), Some(Value::Object(others))) = (good, faulty) else {
        found.push(Difference {
            path: path.clone(),
            value: faulty.cloned(),
        });
        return;
    };
    for (name, member) in members {
        path.push(name.clone());
        compare(member, others.get(name), path, found);
        path.pop();
    }
    for (name, member) in others.iter().filter(|(name, _)| !members.contains_key(*name)) {
        let mut path = path.clone();
        path.push(name.clone());
        found.push(Difference {
            path,
            value: Some(member.clone()),
        });
    }
}

/// Whether a difference is the fault that was meant, or what a form makes of it: a missing or an empty field.
pub(super) fn is_fault(class: Class, difference: &Difference) -> bool {
    let absent = matches!(difference.value, None | Some(Value::Null));
    let blank = difference
        .value
        .as_ref()
        .and_then(Value::as_str)
        .is_some_and(|text| text.trim().is_empty());
    match class {
        Class::Hilang | Class::Null => absent,
        Class::Kosong | Class::Spasi => absent || blank,
        // The application's own member has another type than before, or is gone from a form.
        Class::Jenis => true,
        Class::Bentuk => difference.value.as_ref().is_some_and(Value::is_string) && !blank,
        Class::Badan => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_are_parsed_by_their_type() {
        assert_eq!(parse(b"{\"a\": 1}", "application/json"), Some(json!({"a": 1})));
        assert_eq!(
            parse(b"a=b+c&d=", "application/x-www-form-urlencoded"),
            Some(json!({"a": "b c", "d": ""}))
        );
        let multipart = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n";
        assert_eq!(
            parse(multipart, "multipart/form-data; boundary=x"),
            Some(json!({"a": "b"}))
        );
        assert_eq!(parse(b"{", "application/json"), None);
    }

    #[test]
    fn differences_name_the_application_s_own_member() {
        let found = differences(&json!({"issue": {"subject": "a", "b": 1}}), &json!({"issue": {"b": 1}}));
        assert_eq!(
            found,
            [Difference {
                path: vec!["issue".to_owned(), "subject".to_owned()],
                value: None
            }]
        );
        assert!(is_fault(Class::Hilang, &found[0]) && !is_fault(Class::Bentuk, &found[0]));
        assert!(differences(&json!({"a": 1}), &json!({"a": 1})).is_empty());
    }

    #[test]
    fn a_value_that_the_binding_mended_is_no_fault() {
        let found = differences(&json!({"queue": "3"}), &json!({"queue": "1"}));
        assert!(!is_fault(Class::Hilang, &found[0]) && !is_fault(Class::Kosong, &found[0]));
        let blank = differences(&json!({"a": "x"}), &json!({"a": "  "}));
        assert!(is_fault(Class::Spasi, &blank[0]));
    }
}
