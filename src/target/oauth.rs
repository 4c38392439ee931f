//! OAuth 2.0 client credentials (RFC 6749 §4.4): one token for an actor until it expires.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde_json::Value;

use super::cookies::Errand;
use super::session::{Grant, auth};
use super::wire::Outgoing;
use super::{CallFault, Target};
use crate::phrase;
use crate::statement::{Authentication, ClientAuthentication};

impl Target {
    /// Asks the token endpoint for a token.
    pub(super) async fn client_credentials(
        &self,
        errand: Errand<'_>,
        entry: &Authentication,
        client: &str,
        secret: &str,
    ) -> Result<Grant, CallFault> {
        let url = self.place_of(entry.alamat_token.as_deref().unwrap_or_default())?;
        let mut pairs = vec![("grant_type", "client_credentials")];
        pairs.extend(entry.cakupan.as_deref().map(|scope| ("scope", scope)));
        let mut headers = vec![
            ("Accept".to_owned(), "application/json".to_owned()),
            (
                "Content-Type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ];
        match entry.klien.unwrap_or(ClientAuthentication::Basic) {
            ClientAuthentication::Basic => {
                // RFC 6749 §2.3.1: both are form-encoded before they are joined.
                let text = STANDARD.encode(format!("{}:{}", encoded(client), encoded(secret)));
                self.inner.recorder.secrets().register("basic", &text);
                headers.push(("Authorization".to_owned(), format!("Basic {text}")));
            }
            ClientAuthentication::Bidang => pairs.extend([("client_id", client), ("client_secret", secret)]),
        }
        let outgoing = Outgoing {
            method: "POST".to_owned(),
            url,
            headers,
            body: Some(form(&pairs).into()),
        };
        let (received, _) = self.errand(errand, "alamat_token", outgoing, None).await?;
        let answer = received.value();
        let member = |name: &str| answer.pointer(&format!("/body/{name}")).cloned();
        let actor = errand.actor;
        match member("access_token") {
            Some(Value::String(token)) if !token.is_empty() => Ok(Grant {
                token,
                lives: member("expires_in").and_then(|seconds| seconds.as_u64()),
            }),
            _ => Err(auth(phrase!(
                "jawaban alamat_token bagi {actor} tidak memuat access_token",
                "the answer of alamat_token for {actor} holds no access_token"
            ))),
        }
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://a").ok();
    let query = url.as_mut().map(|url| {
        url.query_pairs_mut().extend_pairs(pairs);
        url.query().unwrap_or_default().to_owned()
    });
    query.unwrap_or_default()
}

fn encoded(text: &str) -> String {
    form(&[("a", text)]).strip_prefix("a=").unwrap_or_default().to_owned()
}
