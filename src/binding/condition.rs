//! Success and not-found rules: how an answer is read (proses-bisnis.md, convention 3). A statement cannot make a
//! 5xx, a 429 or silence count as accepted. Knows nothing of who asked.

use bytes::Bytes;
use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value, json};

use super::jq::{Filter, JqFault, truthy};
use crate::evidence::record::Reading;

/// Longest part of a body that refusal patterns look at, in bytes.
const SEARCHED: usize = 1024 * 1024;

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Status code.
    pub status: u16,
    /// Header lines in order, names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body.
    pub body: Bytes,
}

impl Received {
    /// The values of one header, in order, as text.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.headers
            .iter()
            .filter(move |(own, _)| own == name)
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }

    /// What answer filters see: `{status, headers, body}`. Several lines of a header are joined by `, `
    /// (RFC 9110 §5.3); the body is a JSON value, a text, or null.
    pub fn value(&self) -> Value {
        let mut headers = Map::new();
        for (name, value) in &self.headers {
            let value = String::from_utf8_lossy(value);
            match headers.get_mut(name) {
                Some(Value::String(text)) => {
                    text.push_str(", ");
                    text.push_str(&value);
                }
                _ => drop(headers.insert(name.clone(), Value::String(value.into_owned()))),
            }
        }
        let body = match serde_json::from_slice::<Value>(&self.body) {
            Ok(value) => value,
            Err(_) if self.body.is_empty() => Value::Null,
            Err(_) => std::str::from_utf8(&self.body).map_or(Value::Null, |text| Value::String(text.to_owned())),
        };
        json!({"status": self.status, "headers": headers, "body": body})
    }
}

/// The rules of one request.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Accepted status codes; empty = any 2xx.
    pub(super) accepted: Vec<u16>,
    /// Patterns over the body that mean refusal.
    pub(super) refused: Vec<Regex>,
    /// Must give something else than null or false.
    pub(super) required: Option<Filter>,
    /// Not-found status codes; empty = 404 and 410.
    pub(super) absent: Vec<u16>,
    /// Gives something else than null or false where nothing was found.
    pub(super) absent_if: Option<Filter>,
}

impl Rules {
    /// Reads an answer; `value` is its [`Received::value`].
    pub async fn read(&self, received: &Received, value: &Value) -> Result<Reading, JqFault> {
        let status = received.status;
        if status == 429 {
            return Ok(Reading::Throttled);
        }
        if status >= 500 {
            return Ok(Reading::Fault);
        }
        let absent: &[u16] = if self.absent.is_empty() {
            &[404, 410]
        } else {
            &self.absent
        };
        if absent.contains(&status) {
            return Ok(Reading::NotFound);
        }
        if self.accepts(status) {
            if self.denied(&received.body) {
                return Ok(Reading::Refused);
            }
            if let Some(filter) = &self.absent_if
                && truthy(&filter.run(value.clone()).await?)
            {
                return Ok(Reading::NotFound);
            }
            if let Some(filter) = &self.required {
                // A filter that fails on this answer found nothing.
                if !filter.run(value.clone()).await.is_ok_and(|found| truthy(&found)) {
                    return Ok(Reading::Refused);
                }
            }
            return Ok(Reading::Accepted);
        }
        Ok(match status {
            300..=399 => Reading::Redirect,
            400..=499 => Reading::Refused,
            _ => Reading::Unclear,
        })
    }

    fn accepts(&self, status: u16) -> bool {
        if self.accepted.is_empty() {
            (200..300).contains(&status)
        } else {
            self.accepted.contains(&status)
        }
    }

    fn denied(&self, body: &[u8]) -> bool {
        let text = String::from_utf8_lossy(body.get(..SEARCHED.min(body.len())).unwrap_or_default());
        self.refused.iter().any(|pattern| pattern.is_match(&text))
    }
}

/// A pattern of a statement, bounded in size.
pub(super) fn pattern(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| error.to_string().chars().take(300).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(status: u16, body: &'static str) -> Received {
        Received {
            status,
            headers: vec![("a".into(), b"1".to_vec()), ("a".into(), b"2".to_vec())],
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    async fn read(rules: &Rules, status: u16, body: &'static str) -> Reading {
        let received = received(status, body);
        let value = received.value();
        rules.read(&received, &value).await.unwrap()
    }

    #[tokio::test]
    async fn reads_by_status_and_by_body() {
        let rules = Rules {
            refused: vec![pattern("Permission Denied").unwrap()],
            ..Rules::default()
        };
        assert_eq!(read(&rules, 200, "{}").await, Reading::Accepted);
        assert_eq!(read(&rules, 200, "[\"Permission Denied\"]").await, Reading::Refused);
        assert_eq!(read(&rules, 404, "").await, Reading::NotFound);
        assert_eq!(read(&rules, 422, "").await, Reading::Refused);
        assert_eq!(read(&rules, 302, "").await, Reading::Redirect);
        assert_eq!(read(&rules, 429, "").await, Reading::Throttled);
        let mild = Rules {
            accepted: vec![200, 302, 500],
            ..Rules::default()
        };
        assert_eq!(read(&mild, 500, "{}").await, Reading::Fault);
        assert_eq!(read(&mild, 302, "").await, Reading::Accepted);
        let strict = Rules {
            required: Some(Filter::new(".body.id").unwrap()),
            ..Rules::default()
        };
        assert_eq!(read(&strict, 200, "{\"id\":1}").await, Reading::Accepted);
        assert_eq!(read(&strict, 200, "<html>").await, Reading::Refused);
    }

    #[test]
    fn filters_see_the_answer_only() {
        let value = received(200, "not json").value();
        assert_eq!(
            value,
            json!({"status": 200, "headers": {"a": "1, 2"}, "body": "not json"})
        );
    }
}
