//! `r(x)` of Annex A1: what is compared of an answer. Status, media type, the leaves of the canonical answer, and
//! the ordered ids of results; never times of computation or links to the next page.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::evidence::record::{Body, Exchange, Reading};

/// Pointers that a comparison leaves out.
pub(super) type Mask = BTreeSet<String>;

/// `r(x)`.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    media: String,
    leaves: BTreeMap<String, String>,
    ids: Vec<String>,
    results: bool,
}

impl Reply {
    /// Reads an exchange; `None` where no whole answer came.
    pub(super) fn of(exchange: &Exchange) -> Option<Self> {
        let response = exchange.response()?;
        let media = response
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let media = media
            .map_or("", |(_, value)| value.split(';').next().unwrap_or(""))
            .trim()
            .to_ascii_lowercase();
        let mut leaves = BTreeMap::new();
        let mapped = &exchange.mapped;
        if mapped.is_null() {
            body_leaves(&response.body, &mut leaves);
        } else {
            flatten("", mapped, &mut leaves);
        }
        let ids = ids(mapped);
        let results = exchange.reading == Reading::Accepted
            && match mapped.get("butir") {
                Some(items) => items.as_array().is_some_and(|items| !items.is_empty()),
                None => !mapped.is_null(),
            };
        Some(Self {
            status: response.status,
            media,
            leaves,
            ids,
            results,
        })
    }

    /// Whether it holds at least one result.
    pub(super) const fn has_results(&self) -> bool {
        self.results
    }

    /// 2xx.
    pub(super) const fn succeeded(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// 3xx, 401, 403, 429, 502, 503 or 504: the round is void.
    pub(super) const fn voids(&self) -> bool {
        matches!(self.status, 300..=399 | 401 | 403 | 429 | 502 | 503 | 504)
    }

    /// 403: void as well, unless the application answers so to whatever does not exist.
    pub(super) const fn forbids(&self) -> bool {
        self.status == 403
    }

    /// Whether two answers are the same outside the mask.
    pub(super) fn same(&self, other: &Self, mask: &Mask) -> bool {
        self.status == other.status
            && self.media == other.media
            && self.ids == other.ids
            && self.leaves.len() == other.leaves.len()
            && self
                .leaves
                .iter()
                .zip(&other.leaves)
                .all(|((place, leaf), (other_place, other_leaf))| {
                    place == other_place && (leaf == other_leaf || mask.contains(place))
                })
    }

    /// Whether two answers have the same form: all but the texts within their JSON.
    pub(super) fn alike(&self, other: &Self) -> bool {
        let inside: Mask = self.leaves.keys().filter(|place| !place.is_empty()).cloned().collect();
        self.same(other, &inside)
    }

    /// Adds every place whose leaf differs.
    pub(super) fn mask_changes(&self, other: &Self, mask: &mut Mask) {
        for (place, leaf) in &self.leaves {
            if other.leaves.get(place).is_some_and(|other| other != leaf) {
                mask.insert(place.clone());
            }
        }
    }

    /// Adds every place that repeats the value sent.
    pub(super) fn mask_echoes(&self, sent: &str, mask: &mut Mask) {
        let echoes = |leaf: &str| leaf == sent || (sent.len() >= ECHO_LENGTH && leaf.contains(sent));
        for (place, _) in self.leaves.iter().filter(|(_, leaf)| echoes(leaf)) {
            mask.insert(place.clone());
        }
    }
}

/// Every scalar of a JSON value by its place; empty arrays and objects too, since they are part of the skeleton.
fn flatten(place: &str, value: &Value, leaves: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                let below = format!("{place}/{name}");
                if below != NEXT_PAGE && name != COMPUTED_AT {
                    flatten(&below, member, leaves);
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{place}/{index}"), item, leaves);
            }
        }
        scalar => {
            let leaf = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            leaves.insert(place.to_owned(), leaf);
        }
    }
}

/// An answer that the statement does not map: its JSON, its text, or the digest of its bytes.
fn body_leaves(body: &Body, leaves: &mut BTreeMap<String, String>) {
    let leaf = match body.text.as_deref().filter(|_| body.len <= KEPT_BYTES) {
        None => body.sha256.clone(),
        Some(text) => match serde_json::from_str::<Value>(text) {
            Ok(value) => return flatten("", &value, leaves),
            Err(_) => text.to_owned(),
        },
    };
    leaves.insert(String::new(), leaf);
}

/// The ids of results, in order.
fn ids(mapped: &Value) -> Vec<String> {
    let id = |record: &Value| {
        let id = ["id", "nomor_pelacakan"].iter().find_map(|name| record.get(name))?;
        Some(id.as_str().map_or_else(|| id.to_string(), str::to_owned))
    };
    match mapped.get("butir").and_then(Value::as_array) {
        Some(items) => items.iter().filter_map(id).collect(),
        None => id(mapped).into_iter().collect(),
    }
}

/// What the harness adds itself: where the next page begins.
const NEXT_PAGE: &str = "/halaman/berikut";

/// When statistics were computed (model.md).
const COMPUTED_AT: &str = "dihitung_pada";

/// Shorter values (numbers) count as an echo only where they are the whole leaf.
const ECHO_LENGTH: usize = 8;

/// A record keeps no more of a body.
const KEPT_BYTES: u64 = 64 * 1024;
