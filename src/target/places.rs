//! The addresses that an operation uses, for probes that go to them in their own way. Sends nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Target;
use crate::domain::{Actor, Op};

/// One address of an operation, on a declared origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Name of the step that uses it; empty for the only one.
    pub step: String,
    /// The method that the binding uses there.
    pub method: String,
    /// The absolute address with its query.
    pub url: String,
}

impl Target {
    /// The addresses of an operation for an actor, as far as the input gives them: an address that needs what an
    /// earlier step captures is left out.
    pub async fn addresses(&self, op: Op, actor: Actor, input: &Value) -> Vec<Address> {
        let binding = self.inner.statement.binding();
        let Some(route) = binding.route(op) else {
            return Vec::new();
        };
        let input = binding.prepare(input);
        let mut addresses = Vec::new();
        let mut captured = BTreeSet::new();
        for step in route.steps(actor) {
            let open = step.needs(&captured);
            captured.extend(step.captures.iter().map(|(name, _)| name.as_str()));
            if open {
                continue;
            }
            let Some((address, query)) = step.place(&input).await else {
                continue;
            };
            let Some(mut url) = self.resolve(&address).filter(|url| self.inner.statement.allows(url)) else {
                continue;
            };
            if !query.is_empty() {
                url.query_pairs_mut().extend_pairs(&query);
            }
            addresses.push(Address {
                step: step.name.clone(),
                method: step.method().to_owned(),
                url: url.to_string(),
            });
        }
        addresses
    }
}

impl Address {
    /// The path, without origin and query.
    pub fn path(&self) -> &str {
        let rest = self.url.split_once("://").map_or(&*self.url, |(_, rest)| rest);
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        path.split(['?', '#']).next().unwrap_or(path)
    }

    /// Whether a segment of the path or a value of the query is this text.
    pub fn names(&self, text: &str) -> bool {
        let Ok(url) = reqwest::Url::parse(&self.url) else {
            return false;
        };
        let segment = url
            .path_segments()
            .is_some_and(|mut segments| segments.any(|segment| segment == text));
        segment || url.query_pairs().any(|(_, value)| value == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> Address {
        Address {
            step: String::new(),
            method: "GET".to_owned(),
            url: url.to_owned(),
        }
    }

    #[test]
    fn an_address_names_whole_segments_and_values_alone() {
        let one = address("http://a.test/api/tickets/7/followups?mail=x%40y.test");
        assert!(one.names("7") && one.names("x@y.test"));
        assert!(!one.names("ticket") && !one.names("mail"));
        assert!(!address("http://a.test/api/tickets/71").names("7"));
    }

    #[test]
    fn the_path_is_told_without_origin_and_query() {
        assert_eq!(address("http://a.test:8/api/x?y=/z").path(), "/api/x");
        assert_eq!(address("http://a.test").path(), "/");
    }
}
