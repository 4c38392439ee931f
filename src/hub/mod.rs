//! The hub simulator: plays SP4N-LAPOR! on loopback, records what reaches it, and acknowledges.
//! Knows nothing of statements and requirements; how a body is read is given to it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};

use crate::evidence::record::{Part, Record, Scope};
use crate::evidence::{RawInbound, RawRequest, Recorder};

/// Reads an inbound request, `{metode, alamat, headers, body}`, into its canonical form; null where it cannot.
pub type Mapping = Box<dyn Fn(Value) -> Value + Send>;

/// The hub simulator. Clones share it; it stops when the last one is dropped.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    address: SocketAddr,
    desk: Arc<Desk>,
    _stop: oneshot::Sender<()>,
}

/// Where requests are taken in.
struct Desk {
    address: SocketAddr,
    seat: Mutex<Option<Seat>>,
    received: watch::Sender<Vec<Arc<Record>>>,
}

/// The run that is recorded.
struct Seat {
    recorder: Recorder,
    mapping: Mapping,
}

impl Hub {
    /// Starts it on a port that the system chooses, on a thread of its own.
    pub fn start() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk {
            address,
            seat: Mutex::default(),
            received: watch::Sender::default(),
        });
        let router = Router::new().fallback(take_in).with_state(Arc::clone(&desk));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::Builder::new().name("laik-hub".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                    return;
                };
                tokio::select! {
                    _ = axum::serve(listener, router).into_future() => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self {
            inner: Arc::new(Inner {
                address,
                desk,
                _stop: stop,
            }),
        })
    }

    /// Where updates are to be posted.
    pub fn url(&self) -> String {
        format!("http://{}/pembaruan", self.inner.address)
    }

    /// Records into this log from now on; before, senders are told to come again.
    pub fn attach(&self, recorder: Recorder, mapping: Mapping) {
        *self.inner.desk.seat() = Some(Seat { recorder, mapping });
    }

    /// Everything received so far.
    pub fn received(&self) -> Vec<Arc<Record>> {
        self.inner.desk.received.borrow().clone()
    }

    /// Waits until what was received satisfies, or the time is over. Returns everything received.
    pub async fn wait_for(&self, enough: impl Fn(&[Arc<Record>]) -> bool, limit: Duration) -> Vec<Arc<Record>> {
        let mut received = self.inner.desk.received.subscribe();
        // Time that ran out is no fault: what came is returned either way.
        let _ = tokio::time::timeout(limit, received.wait_for(|records| enough(records))).await;
        self.received()
    }
}

impl Desk {
    fn seat(&self) -> std::sync::MutexGuard<'_, Option<Seat>> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records one request and acknowledges it.
async fn take_in(State(desk): State<Arc<Desk>>, request: Request) -> StatusCode {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let seat = desk.seat();
    let Some(seat) = seat.as_ref() else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    let mapped = (seat.mapping)(seen(head.method.as_str(), &head.uri.to_string(), &headers, &body));
    let inbound = RawInbound {
        listener: "hub".to_owned(),
        at_us: seat.recorder.elapsed_us(),
        request: RawRequest {
            method: head.method.to_string(),
            url: format!("http://{}{}", desk.address, head.uri),
            headers,
            body: (!body.is_empty()).then_some(body),
        },
        answered: StatusCode::OK.as_u16(),
        mapped,
    };
    let scope = Scope {
        attempt: 1,
        row: None,
        part: Part::Probe,
    };
    let record = seat.recorder.capture_inbound(scope, inbound);
    desk.received.send_modify(|received| received.push(record));
    StatusCode::OK
}

/// The request as a mapping sees it.
fn seen(method: &str, uri: &str, headers: &[(String, String)], body: &Bytes) -> Value {
    let body = serde_json::from_slice(body).unwrap_or_else(|_| json!(String::from_utf8_lossy(body)));
    let headers: serde_json::Map<String, Value> = headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({"metode": method, "alamat": uri, "headers": headers, "body": body})
}

/// The largest body that is taken in, in bytes.
const BODY_MAX: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::record::{Header, Record};
    use crate::evidence::{CanaryBook, Observer, Secrets};

    struct Nobody;

    impl Observer for Nobody {
        fn observe(&mut self, _: &Arc<Record>) {}
    }

    fn recorder(directory: &std::path::Path, book: &CanaryBook) -> Recorder {
        let word = || "x".to_owned();
        let header = Header {
            format: "1.0".to_owned(),
            laik: word(),
            run: word(),
            started: word(),
            standard_digest: word(),
            statement_digest: word(),
        };
        Recorder::create(directory, header, Secrets::default(), book.clone(), Box::new(Nobody)).unwrap()
    }

    async fn post(url: &str, body: String) -> u16 {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let address = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /pembaruan HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    #[tokio::test]
    async fn what_arrives_is_recorded_and_found_again() {
        let hub = Hub::start().unwrap();
        assert_eq!(post(&hub.url(), "{}".to_owned()).await, 503, "nobody records yet");
        let directory = tempfile::tempdir().unwrap();
        let book = CanaryBook::new("bcdfghjklmnpqrst");
        hub.attach(
            recorder(directory.path(), &book),
            Box::new(|seen| seen.get("body").cloned().unwrap_or_default()),
        );
        let planted = book.plant(1, "pelapor.nama", true);
        let body = json!({"status": "selesai", "pelapor": {"nama": planted}}).to_string();
        assert_eq!(post(&hub.url(), body).await, 200);
        let received = hub
            .wait_for(|records| !records.is_empty(), Duration::from_secs(5))
            .await;
        let inbound = received[0].inbound().unwrap();
        assert_eq!(inbound.mapped["status"], "selesai");
        assert_eq!(inbound.facts.canaries[0].field, "pelapor.nama");
        let none = hub
            .wait_for(|records| records.len() > 1, Duration::from_millis(10))
            .await;
        assert_eq!(none.len(), 1, "time that is over ends the wait");
    }
}
