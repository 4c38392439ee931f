//! From a draft to a request on a declared origin, and from an address of the statement to its URL.

use reqwest::Url;

use super::call::told;
use super::wire::Outgoing;
use super::{CallFault, Extra, Target, body};
use crate::binding::Draft;
use crate::domain::Phrase;
use crate::phrase;

impl Target {
    /// A draft as a request on a declared origin.
    pub(super) fn outgoing(&self, draft: Draft, extra: &Extra) -> Result<Outgoing, CallFault> {
        let statement = &self.inner.statement;
        let address = extra.url.as_deref().unwrap_or(&draft.address);
        let refused = || {
            let shown: String = address.chars().take(120).collect();
            told(&statement.fault(
                &["aplikasi", "alamat_dasar"],
                phrase!(
                    "alamat `{shown}` di luar alamat yang dinyatakan",
                    "the address `{shown}` lies outside the declared ones"
                ),
                Phrase::new(
                    "Tambahkan asalnya pada aplikasi.alamat_lain.",
                    "Add its origin to aplikasi.alamat_lain.",
                ),
            ))
        };
        let link = draft.link && extra.url.is_none();
        let url = if link {
            self.resolve_link(address)
        } else {
            self.resolve(address)
        };
        let mut url = url.ok_or_else(refused)?;
        if let Some(suffix) = &extra.path_suffix {
            let path = format!("{}{suffix}", url.path());
            url.set_path(&path);
        }
        if !draft.query.is_empty() || !extra.query.is_empty() {
            let mut pairs = url.query_pairs_mut();
            pairs.extend_pairs(&draft.query);
            for (name, value) in &extra.query {
                match value {
                    Some(value) => pairs.append_pair(name, value),
                    None => pairs.append_key_only(name),
                };
            }
        }
        if !statement.allows(&url) {
            return Err(refused());
        }
        let mut headers = draft.headers;
        let body = draft.body.map(|bound| match &extra.body {
            None => bound.bytes,
            Some(change) => {
                let (bytes, media_type) = body::changed(change, bound.bytes, &bound.media_type);
                if let Some(media_type) = media_type {
                    headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
                    headers.push(("Content-Type".to_owned(), media_type));
                }
                bytes
            }
        });
        Ok(Outgoing {
            method: extra.method.clone().unwrap_or(draft.method),
            url,
            headers,
            body,
        })
    }

    /// A next link: its path and query on the base URL's origin, since servers behind a proxy name themselves wrongly.
    fn resolve_link(&self, link: &str) -> Option<Url> {
        let base = self.inner.statement.base_url();
        let link = base.join(link).ok()?;
        let mut url = base.clone();
        url.set_path(link.path());
        url.set_query(link.query());
        Some(url)
    }

    /// An address below the base URL, or an absolute one.
    pub(super) fn resolve(&self, address: &str) -> Option<Url> {
        let base = self.inner.statement.base_url();
        if address.starts_with("http://") || address.starts_with("https://") {
            return Url::parse(address).ok();
        }
        let base = base.as_str().trim_end_matches('/');
        let glue = if address.is_empty() || address.starts_with(['/', '?']) {
            ""
        } else {
            "/"
        };
        Url::parse(&format!("{base}{glue}{address}")).ok()
    }

    /// An address of the statement as a URL on a declared origin.
    pub(super) fn place_of(&self, address: &str) -> Result<Url, CallFault> {
        let draft = Draft {
            method: "GET".to_owned(),
            address: address.to_owned(),
            link: false,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
        };
        Ok(self.outgoing(draft, &Extra::default())?.url)
    }
}

/// Puts what a probe changes into a request that is ready otherwise.
pub(super) fn alter(outgoing: &mut Outgoing, extra: &Extra) {
    let mut set = |name: &str, value: Option<&str>| {
        outgoing.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            outgoing.headers.push((name.to_owned(), value.to_owned()));
        }
    };
    if let Some(body) = &extra.raw {
        set("Content-Type", body.media_type.as_deref());
    }
    for (name, value) in &extra.headers {
        set(name, Some(value));
    }
    for name in &extra.without {
        set(name, None);
    }
    if let Some(body) = &extra.raw {
        outgoing.body = Some(body.bytes.clone().into());
    }
}
