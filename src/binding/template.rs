//! RFC 6570 URI templates over a canonical input.

use iri_string::spec::UriSpec;
use iri_string::template::UriTemplateStr;
use iri_string::template::simple_context::{SimpleContext, Value as Variable};
use serde_json::Value;

use super::body::text;

/// Checks how a template is written.
pub(super) fn check(template: &str) -> Result<(), String> {
    UriTemplateStr::new(template)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

/// Fills a template; members that are absent or null vanish.
pub(super) fn expand(template: &str, input: &Value) -> Result<String, String> {
    let parsed = UriTemplateStr::new(template).map_err(|error| error.to_string())?;
    let mut context = SimpleContext::new();
    if let Some(members) = input.as_object() {
        for (name, value) in members {
            if let Some(variable) = variable(value) {
                context.insert(name.as_str(), variable);
            }
            for (inner, item) in value.as_object().into_iter().flatten() {
                if let Some(variable) = variable_scalar(item) {
                    context.insert(format!("{name}.{inner}"), variable);
                }
            }
        }
    }
    parsed
        .expand::<UriSpec, _>(&context)
        .map(|expanded| expanded.to_string())
        .map_err(|error| error.to_string())
}

/// The variables of a template, each with whether it stands in the query.
pub(super) fn variables(template: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut query = false;
    for piece in template.split('{').enumerate() {
        let (index, piece) = piece;
        let (expression, literal) = if index == 0 {
            ("", piece)
        } else {
            piece.split_once('}').unwrap_or((piece, ""))
        };
        let operator = expression
            .chars()
            .next()
            .filter(|first| "+#./;?&=,!@|".contains(*first));
        query |= matches!(operator, Some('?' | '&'));
        let names = expression.trim_start_matches("+#./;?&=,!@|".chars().collect::<Vec<_>>().as_slice());
        for name in names.split(',').filter(|name| !name.is_empty()) {
            let name = name.split([':', '*']).next().unwrap_or(name);
            found.push((name.to_owned(), query));
        }
        query |= literal.contains('?');
    }
    found
}

fn variable_scalar(value: &Value) -> Option<Variable> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        scalar => Some(Variable::String(text(scalar))),
    }
}

fn variable(value: &Value) -> Option<Variable> {
    match value {
        Value::Array(items) => Some(Variable::List(items.iter().map(text).collect())),
        Value::Object(members) => Some(Variable::Assoc(
            members.iter().map(|(name, item)| (name.clone(), text(item))).collect(),
        )),
        scalar => variable_scalar(scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fills_and_escapes() {
        let input = json!({"id": "a/../b?x", "halaman": 2, "ukuran": null, "kategori": ["1", "2"], "lokasi": {"alamat": "Jl. A"}});
        assert_eq!(
            expand("/p/{id}{?halaman,ukuran,kategori*}", &input).unwrap(),
            "/p/a%2F..%2Fb%3Fx?halaman=2&kategori=1&kategori=2"
        );
        assert_eq!(
            expand("/x{?lokasi.alamat}", &input).unwrap(),
            "/x?lokasi.alamat=Jl.%20A"
        );
        assert!(check("/p/{id").is_err());
    }

    #[test]
    fn tells_path_from_query() {
        assert_eq!(
            variables("/p/{id}/x?a={b}{&c,d*}"),
            [
                ("id".to_owned(), false),
                ("b".to_owned(), true),
                ("c".to_owned(), true),
                ("d".to_owned(), true)
            ]
        );
    }
}
