//! Accepts connections and serves HTTP/1.1 on them until told to stop.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower_service::Service as _;

use crate::sandbox::app::seams::Listener;

/// Lets every request in.
pub struct OpenDoor;

impl Listener for OpenDoor {
    fn drops(&self, _head: &http::request::Parts) -> bool {
        false
    }
}

/// Serves until `stop` changes or its sender is gone.
pub async fn serve(listener: TcpListener, router: Router, door: Arc<dyn Listener>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(connection(stream, router.clone(), Arc::clone(&door)));
                }
                // Out of descriptors, most likely: others will be closed.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            _ = stop.changed() => return,
        }
    }
}

async fn connection(stream: TcpStream, router: Router, door: Arc<dyn Listener>) {
    // Small answers leave at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (mut router, door) = (router.clone(), Arc::clone(&door));
        async move {
            let (head, body) = request.into_parts();
            if door.drops(&head) {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            }
            let request = http::Request::from_parts(head, Body::new(body));
            router.call(request).await.map_err(|never| match never {})
        }
    });
    // A connection that breaks is the other side's business.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(30))
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
