//! One request on the wire and what became of it: a whole response within the limits, or how it broke.

use std::error::Error as _;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::LARGEST_ANSWER;
use crate::binding::Received;
use crate::evidence::record::{Broken, BrokenKind};

/// Longest text of a broken exchange, in characters.
const LONGEST_TEXT: usize = 300;

/// A request ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    /// Method, upper case.
    pub(super) method: String,
    /// Absolute URL on a declared origin.
    pub(super) url: reqwest::Url,
    /// Headers in order.
    pub(super) headers: Vec<(String, String)>,
    /// Body.
    pub(super) body: Option<Bytes>,
}

/// Sends a request and reads the whole answer.
pub(super) async fn exchange(
    client: &reqwest::Client,
    outgoing: &Outgoing,
    limit: Duration,
) -> Result<Received, Broken> {
    match tokio::time::timeout(limit, send(client, outgoing)).await {
        Ok(result) => result,
        Err(_) => Err(Broken {
            kind: BrokenKind::Timeout,
            text: format!("> {} ms", limit.as_millis()),
        }),
    }
}

async fn send(client: &reqwest::Client, outgoing: &Outgoing) -> Result<Received, Broken> {
    let method =
        reqwest::Method::from_bytes(outgoing.method.as_bytes()).map_err(|error| protocol(&error.to_string()))?;
    let mut request = client.request(method, outgoing.url.clone());
    for (name, value) in &outgoing.headers {
        let value =
            reqwest::header::HeaderValue::from_bytes(value.as_bytes()).map_err(|error| protocol(&error.to_string()))?;
        request = request.header(name.as_str(), value);
    }
    if let Some(body) = &outgoing.body {
        request = request.body(body.clone());
    }
    let mut response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(Broken {
                kind: BrokenKind::TooLarge,
                text: format!("> {LARGEST_ANSWER} B"),
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Received {
        status,
        headers,
        body: body.freeze(),
    })
}

fn protocol(text: &str) -> Broken {
    Broken {
        kind: BrokenKind::Protocol,
        text: text.chars().take(LONGEST_TEXT).collect(),
    }
}

fn broken(error: &reqwest::Error) -> Broken {
    let mut kind = None;
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = inner.to_string();
        kind = kind.or_else(|| classify(inner));
        cause = inner.source();
    }
    if text.is_empty() {
        text = error.to_string();
    }
    let kind = if error.is_timeout() {
        BrokenKind::Timeout
    } else {
        kind.unwrap_or(if error.is_connect() {
            BrokenKind::Connect
        } else {
            BrokenKind::Closed
        })
    };
    let kind = if error.is_connect() && kind == BrokenKind::Closed {
        BrokenKind::Connect
    } else {
        kind
    };
    Broken {
        kind,
        text: text.chars().take(LONGEST_TEXT).collect(),
    }
}

fn classify(error: &(dyn std::error::Error + 'static)) -> Option<BrokenKind> {
    use std::io::ErrorKind as K;
    if error.downcast_ref::<rustls::Error>().is_some() {
        return Some(BrokenKind::Tls);
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        if error.is_parse() {
            return Some(BrokenKind::Protocol);
        }
        return (error.is_incomplete_message() || error.is_closed() || error.is_canceled())
            .then_some(BrokenKind::Closed);
    }
    let error = error.downcast_ref::<std::io::Error>()?;
    if error
        .get_ref()
        .is_some_and(|inner| inner.downcast_ref::<rustls::Error>().is_some())
    {
        return Some(BrokenKind::Tls);
    }
    match error.kind() {
        K::ConnectionRefused | K::HostUnreachable | K::NetworkUnreachable | K::AddrNotAvailable => {
            Some(BrokenKind::Connect)
        }
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof => Some(BrokenKind::Closed),
        K::TimedOut => Some(BrokenKind::Timeout),
        _ => None,
    }
}
