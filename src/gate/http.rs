//! The gate over HTTP, for gateways: `POST /gerbang` with a certificate as body, answered by JSON. 200 is yes, 403 is no;
//! nothing else is a yes. Bodies, headers, connections and time are bounded. No TLS: it belongs behind the gateway, on
//! loopback or a network of its own.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::attestation::{Digest, envelope};

use super::memory::MemoryFile;
use super::{Policy, Question, decide};

/// Connections at once.
const MOST_CONNECTIONS: usize = 128;

/// How long the headers of a request may take.
const HEADERS: Duration = Duration::from_secs(5);

/// How long a connection may stay, whatever it does.
const WHOLE: Duration = Duration::from_mins(1);

/// A gate that answers more than once.
#[derive(Debug)]
pub struct Gate {
    policy: Policy,
    /// Read anew for each question, so that a fresh list counts at once.
    status: Option<PathBuf>,
    memory: Mutex<Option<MemoryFile>>,
}

impl Gate {
    /// A gate of a policy, with the file of its status list and its memory.
    pub const fn new(policy: Policy, status: Option<PathBuf>, memory: Option<MemoryFile>) -> Self {
        Self {
            policy,
            status,
            memory: Mutex::new(memory),
        }
    }

    /// The status and body of the answer about a certificate.
    fn answer(&self, certificate: &[u8], build: Option<&Digest>) -> (StatusCode, String) {
        // A list that cannot be read is not the same as none: empty bytes shut the gate.
        let status = self.status.as_ref().map(|path| {
            let mut bytes = Vec::new();
            let most = envelope::MOST_BYTES as u64 + 1;
            let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
            if read.is_ok() { bytes } else { Vec::new() }
        });
        let question = Question {
            certificate,
            status: status.as_deref(),
            build,
        };
        let Ok(mut memory) = self.memory.lock() else {
            // A thread died while it held the memory: what is remembered may be half.
            return (StatusCode::SERVICE_UNAVAILABLE, shut("memory"));
        };
        let remembered = memory.as_mut().map(|file| &mut file.memory);
        let answer = decide(&self.policy, &question, remembered, Timestamp::now());
        if memory.as_ref().is_some_and(|file| file.save().is_err()) {
            return (StatusCode::SERVICE_UNAVAILABLE, shut("memory"));
        }
        let code = if answer.open {
            StatusCode::OK
        } else {
            StatusCode::FORBIDDEN
        };
        match serde_json::to_string(&answer) {
            Ok(body) => (code, body),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, shut("answer")),
        }
    }
}

/// A no that is no answer about a certificate.
fn shut(fault: &str) -> String {
    format!("{{\"format\":\"1.0\",\"open\":false,\"fault\":\"{fault}\"}}")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// SHA-256 of the build.
    rakitan: Option<String>,
}

/// The routes of a gate.
pub fn router(gate: Arc<Gate>) -> Router {
    Router::new()
        .route("/gerbang", post(ask))
        .route("/sehat", get(|| async { "ok" }))
        .layer(DefaultBodyLimit::max(envelope::MOST_BYTES))
        .with_state(gate)
}

async fn ask(State(gate): State<Arc<Gate>>, Query(asked): Query<Asked>, body: Bytes) -> Response {
    let build = match asked.rakitan.as_deref().map(Digest::parse) {
        Some(None) => return answered((StatusCode::BAD_REQUEST, shut("rakitan"))),
        Some(found) => found,
        None => None,
    };
    // The memory is written to disk before the answer.
    let answer = tokio::task::spawn_blocking(move || gate.answer(&body, build.as_ref())).await;
    answered(answer.unwrap_or_else(|_| (StatusCode::SERVICE_UNAVAILABLE, shut("internal"))))
}

fn answered((code, body): (StatusCode, String)) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (code, headers, body).into_response()
}

/// Serves until it is dropped.
pub async fn serve(listener: TcpListener, gate: Arc<Gate>) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let routes = router(gate);
    loop {
        let Ok(seat) = room.clone().acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, for instance: others end meanwhile.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let service = TowerToHyperService::new(routes.clone());
        tokio::spawn(async move {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADERS)
                .serve_connection(TokioIo::new(stream), service);
            // However a connection ends, the gate has answered or has not; there is nobody to be told.
            let _ = tokio::time::timeout(WHOLE, connection).await;
            drop(seat);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn asked(address: std::net::SocketAddr, path: &str, body: &[u8]) -> String {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: gerbang.test\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // A gate that has refused the length already may close before all is sent.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn yes_is_200_and_everything_else_is_not() {
        let (policy, certificate, dir) = super::super::tests::present();
        let gate = Gate::new(policy, Some(dir.path().join("status.json")), None);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve(listener, Arc::new(gate)));
        let yes = asked(address, "/gerbang", &certificate).await;
        assert!(
            yes.starts_with("HTTP/1.1 200") && yes.contains("\"open\":true"),
            "{yes}"
        );
        let build = Digest::of(b"other");
        for (path, body, expected) in [
            ("/gerbang", &certificate[1..], "403"),
            (&*format!("/gerbang?rakitan={build}"), &*certificate, "403"),
            ("/gerbang?rakitan=x", &*certificate, "400"),
            ("/gerbang?lain=x", &*certificate, "400"),
            ("/", &*certificate, "404"),
        ] {
            let no = asked(address, path, body).await;
            assert!(
                no.starts_with(&format!("HTTP/1.1 {expected}")) && !no.contains("\"open\":true"),
                "{no}"
            );
        }
        let large = asked(address, "/gerbang", &vec![b'x'; envelope::MOST_BYTES + 1]).await;
        assert!(!large.starts_with("HTTP/1.1 200"), "{large}");
        // The list is read anew for each question: without it, the gate is shut.
        std::fs::remove_file(dir.path().join("status.json")).unwrap();
        let no = asked(address, "/gerbang", &certificate).await;
        assert!(no.contains("status_tidak_ada"), "{no}");
        server.abort();
    }
}
