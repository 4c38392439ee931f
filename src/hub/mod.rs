//! The hub simulator: plays SP4N-LAPOR! on loopback, answers updates, and records what reaches it.
//! Knows nothing of scenarios; what an update means is the statement's mapping and the oracles' judgement.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::binding::before;
use crate::binding::jq::Filter;
use crate::evidence::record::{Part, Record, Scope};
use crate::evidence::{RawInbound, RawRequest, Recorder};
use crate::statement::{HubAuthentication, Secret, Statement};

/// The largest update that is read, in bytes.
const LARGEST_UPDATE: usize = 4 * 1024 * 1024;

/// The hub simulator. Clones share it; it ends when the last is dropped.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
    /// Dropped with the last clone, which ends the listener.
    _alive: Arc<watch::Sender<bool>>,
}

struct Shared {
    address: SocketAddr,
    state: Mutex<Seat>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct Seat {
    recorder: Option<Recorder>,
    rules: Option<Rules>,
    received: Vec<Arc<Record>>,
}

/// What the statement says of updates.
#[derive(Clone)]
struct Rules {
    mapping: Option<Filter>,
    authentication: HubAuthentication,
    header: String,
    secret: Option<Secret>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Hub({})", self.shared.address)
    }
}

impl Hub {
    /// Starts it on a port that the system chooses, on a runtime of its own.
    pub fn start() -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (count, _) = watch::channel(0);
        let shared = Arc::new(Shared {
            address,
            state: Mutex::default(),
            count,
        });
        let (alive, mut ended) = watch::channel(true);
        let state = Arc::clone(&shared);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("laik-hub".into()).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                    return;
                };
                let app = Router::new().fallback(receive).with_state(state);
                // The sender's drop is the sign to end; it never sends.
                let end = async move { drop(ended.changed().await) };
                drop(axum::serve(listener, app).with_graceful_shutdown(end).await);
            });
        })?;
        Ok(Self {
            shared,
            _alive: Arc::new(alive),
        })
    }

    /// Where it listens, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// Records into this log from now on; what came before is not recorded.
    pub fn attach(&self, recorder: Recorder) {
        self.shared.seat().recorder = Some(recorder);
    }

    /// Takes the mapping and the expected authentication of updates from a statement. Without it every update is
    /// answered 200 and nothing is mapped.
    pub fn follow(&self, statement: &Statement) {
        let entry = &statement.document().hub;
        let authentication = entry.autentikasi.unwrap_or(HubAuthentication::Tanpa);
        let rules = Rules {
            mapping: entry.pembaruan.as_deref().and_then(|code| Filter::new(code).ok()),
            authentication,
            header: entry
                .header
                .clone()
                .unwrap_or_else(|| String::from(default_header(authentication)))
                .to_ascii_lowercase(),
            secret: entry.rahasia.as_deref().and_then(|name| statement.secret(name).ok()),
        };
        self.shared.seat().rules = Some(rules);
    }

    /// Everything recorded so far, in order.
    pub fn received(&self) -> Vec<Arc<Record>> {
        self.shared.seat().received.clone()
    }

    /// Waits until what was received satisfies, or the time is over. Returns everything received.
    pub async fn wait_for(&self, satisfies: impl Fn(&[Arc<Record>]) -> bool, limit: Duration) -> Vec<Arc<Record>> {
        let mut count = self.shared.count.subscribe();
        let wait = async {
            loop {
                count.mark_unchanged();
                if satisfies(&self.received()) || count.changed().await.is_err() {
                    return;
                }
            }
        };
        // Time over is no fault: the caller judges what came.
        drop(tokio::time::timeout(limit, wait).await);
        self.received()
    }
}

impl Shared {
    fn seat(&self) -> std::sync::MutexGuard<'_, Seat> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn receive(State(shared): State<Arc<Shared>>, request: Request<axum::body::Body>) -> impl IntoResponse {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_UPDATE).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let (recorder, rules) = {
        let seat = shared.seat();
        (seat.recorder.clone(), seat.rules.clone())
    };
    let authentic = rules.as_ref().is_none_or(|rules| rules.authentic(&headers, &body));
    let answered = if authentic {
        StatusCode::OK
    } else {
        StatusCode::UNAUTHORIZED
    };
    let Some(recorder) = recorder else { return answered };
    let (mapped, raw) = match rules.and_then(|rules| rules.mapping) {
        Some(filter) => {
            let update = view(parts.method.as_str(), &parts.uri.to_string(), &headers, &body);
            let mapped = filter.run(update.clone()).await.unwrap_or_default();
            let raw = before(&mapped, &update);
            (mapped, raw)
        }
        None => (Value::Null, BTreeMap::new()),
    };
    let raw = RawInbound {
        listener: String::from("hub"),
        at_us: recorder.elapsed_us(),
        request: RawRequest {
            method: parts.method.to_string(),
            url: format!("http://{}{}", shared.address, parts.uri),
            headers,
            body: (!body.is_empty()).then_some(body),
        },
        answered: answered.as_u16(),
        mapped,
        raw,
    };
    let record = recorder.capture_inbound(
        Scope {
            attempt: 1,
            row: None,
            part: Part::Probe,
        },
        raw,
    );
    shared.seat().received.push(record);
    shared.count.send_modify(|count| *count += 1);
    answered
}

/// What the mapping of an update sees.
fn view(method: &str, address: &str, headers: &[(String, String)], body: &Bytes) -> Value {
    let headers: serde_json::Map<String, Value> = headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
    json!({"metode": method, "alamat": address, "headers": headers, "body": body})
}

const fn default_header(authentication: HubAuthentication) -> &'static str {
    match authentication {
        HubAuthentication::Hmac => "x-signature",
        HubAuthentication::KunciApi => "x-api-key",
        HubAuthentication::Bearer | HubAuthentication::Tanpa => "authorization",
    }
}

impl Rules {
    fn authentic(&self, headers: &[(String, String)], body: &[u8]) -> bool {
        let Some(secret) = &self.secret else { return true };
        let value = headers
            .iter()
            .find(|(name, _)| *name == self.header)
            .map(|(_, value)| value.as_str());
        let given = value.unwrap_or_default();
        match self.authentication {
            HubAuthentication::Tanpa => true,
            HubAuthentication::Bearer => given.strip_prefix("Bearer ") == Some(secret.reveal()),
            HubAuthentication::KunciApi => given == secret.reveal(),
            HubAuthentication::Hmac => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.reveal().as_bytes());
                let tag = unhex(given.strip_prefix("sha256=").unwrap_or(given));
                tag.is_some_and(|tag| ring::hmac::verify(&key, body, &tag).is_ok())
            }
        }
    }
}

/// Bytes of a hexadecimal text.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            if let [high, low] = pair {
                Some(digit(*high)? * 16 + digit(*low)?)
            } else {
                None
            }
        })
        .collect()
}
