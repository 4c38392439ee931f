//! Starts the sandbox on a runtime of its own thread, and stops it.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use super::app::database::Database;
use super::app::http::answer::Inside;
use super::app::http::router;
use super::app::http::serve::serve;
use super::app::ids::word;
use super::app::outbox::{self, Queue};
use super::app::problem::Problem;
use super::app::seams::Listener;
use super::app::service::Service;
use super::assembly::{Assembly, Seeded};
use super::counters::Counters;
use super::statement::{self, Declared};
use super::{defects, variants};

/// How many faults of the application are kept for whoever asks.
const FAULTS_KEPT: usize = 50;

/// What a sandbox is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Ids of seeded defects that are on, `PB-02a`.
    pub defects: Vec<String>,
    /// Names of lawful variants that are on.
    pub variants: Vec<String>,
    /// Where updates for the hub are posted; `None` = no hub.
    pub hub_url: Option<String>,
    /// Directory of the database; `None` = in memory.
    pub data: Option<PathBuf>,
    /// Where to listen; port 0 = any free one.
    pub listen: SocketAddr,
}

impl Config {
    /// The honest application in memory, on a free port of the loopback interface.
    pub fn plain() -> Self {
        Self {
            defects: Vec::new(),
            variants: Vec::new(),
            hub_url: None,
            data: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::plain()
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// No such defect.
    #[error("`{0}` is no seeded defect of the sandbox; `laik sandbox --list` names them")]
    UnknownDefect(String),
    /// No such variant.
    #[error("`{0}` is no variant of the sandbox; `laik sandbox --list` names them")]
    UnknownVariant(String),
    /// Two variants that cannot be on at once.
    #[error("the variants `{0}` and `{1}` exclude each other")]
    Exclusive(&'static str, &'static str),
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// Threads, database or keys failed.
    #[error("cannot start: {0}")]
    Start(String),
}

impl From<Problem> for SandboxError {
    fn from(problem: Problem) -> Self {
        Self::Start(problem.inside.unwrap_or(problem.detail))
    }
}

/// A sandbox that runs; it stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    accounts: Vec<Seeded>,
    hub_token: Option<String>,
    declared: Declared,
    counters: Counters,
    faults: Faults,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

type Faults = Arc<Mutex<VecDeque<String>>>;

/// Starts a sandbox and answers when it accepts connections.
pub fn start(config: Config) -> Result<Sandbox, SandboxError> {
    let mut counters = Counters::default();
    let mut assembly = Assembly::honest(config.data.as_deref())?;
    let wake = Arc::new(Notify::new());
    let mut hub_token = None;
    if config.hub_url.is_some() {
        hub_token = Some(word(32)?);
        assembly.parts.outbox = Arc::new(Queue {
            database: assembly.database.clone(),
            wake: wake.clone(),
        });
    }
    variants::install(&config.variants, &mut assembly, &mut counters)?;
    defects::install(&config.defects, &mut assembly, &mut counters)?;

    let Assembly {
        parts,
        routes,
        around,
        database,
        accounts,
        declared,
    } = assembly;
    let faults = Faults::default();
    let (stop, stopped) = watch::channel(false);
    let (ready, started) = mpsc::sync_channel(1);
    let serving = Serving {
        listen: config.listen,
        door: parts.listener.clone(),
        router: watched(router(&Service { parts }, routes, around), faults.clone()),
        hub: config.hub_url.zip(hub_token.clone()),
        database,
        wake,
        stopped,
    };
    let work = move || {
        if let Err(error) = serving.run(&ready) {
            // Nobody waits any longer where the start was answered already.
            drop(ready.send(Err(error)));
        }
    };
    let failed = |error: &dyn std::fmt::Display| SandboxError::Start(error.to_string());
    let thread = std::thread::Builder::new()
        .name("sandbox".to_owned())
        .spawn(work)
        .map_err(|error| failed(&error))?;
    let address = started.recv().map_err(|error| failed(&error))??;
    Ok(Sandbox {
        address,
        accounts,
        hub_token,
        declared,
        counters,
        faults,
        stop,
        thread: Some(thread),
    })
}

/// What the sandbox's thread works with.
struct Serving {
    listen: SocketAddr,
    door: Arc<dyn Listener>,
    router: Router,
    hub: Option<(String, String)>,
    database: Arc<Database>,
    wake: Arc<Notify>,
    stopped: watch::Receiver<bool>,
}

impl Serving {
    /// Tells by `ready` where it listens, then serves until it is stopped.
    fn run(self, ready: &mpsc::SyncSender<Result<SocketAddr, SandboxError>>) -> Result<(), SandboxError> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| SandboxError::Start(error.to_string()))?;
        let ended = runtime.block_on(async {
            let refused = |error| SandboxError::Listen(self.listen, error);
            let listener = TcpListener::bind(self.listen).await.map_err(refused)?;
            let address = listener.local_addr().map_err(refused)?;
            if let Some((url, token)) = self.hub {
                tokio::spawn(outbox::send(self.database, self.wake, client()?, url, token));
            }
            // Whoever started us may have gone; then the channel to stop by is gone as well.
            let _ = ready.send(Ok(address));
            serve(listener, self.router, self.door, self.stopped).await;
            Ok(())
        });
        runtime.shutdown_background();
        ended
    }
}

fn client() -> Result<reqwest::Client, SandboxError> {
    // Somebody else may have chosen the provider already, and it is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .no_proxy()
        .timeout(std::time::Duration::from_secs(10));
    builder.build().map_err(|error| SandboxError::Start(error.to_string()))
}

/// Keeps what the application tells its operator about faults.
fn watched(router: Router, faults: Faults) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        let faults = faults.clone();
        async move {
            let response: Response = next.run(request).await;
            if let Some(Inside(text)) = response.extensions().get::<Inside>() {
                let mut kept = faults.lock().unwrap_or_else(PoisonError::into_inner);
                kept.truncate(FAULTS_KEPT - 1);
                kept.push_front(text.clone());
            }
            response
        }
    }))
}

impl Sandbox {
    /// Where it is reached, `http://127.0.0.1:8101`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The statement that belongs to it.
    pub fn statement_toml(&self) -> String {
        statement::toml(
            &self.base_url(),
            &self.accounts,
            &self.declared,
            self.hub_token.is_some(),
        )
    }

    /// The values behind the names of `[rahasia]` in its statement.
    pub fn secrets(&self) -> BTreeMap<String, String> {
        let passwords = self
            .accounts
            .iter()
            .map(|seeded| (format!("sandi_{}", seeded.actor), seeded.password.clone()));
        passwords
            .chain(self.hub_token.clone().map(|token| ("token_hub".to_owned(), token)))
            .collect()
    }

    /// The environment variables that its statement names, with their values.
    pub fn environment(&self) -> BTreeMap<String, String> {
        self.secrets()
            .into_iter()
            .map(|(name, value)| (statement::variable(&name), value))
            .collect()
    }

    /// How often each defect and each variant that is on acted.
    pub fn counters(&self) -> BTreeMap<String, u64> {
        self.counters.counts()
    }

    /// The newest faults that the application told its operator, newest first.
    pub fn faults(&self) -> Vec<String> {
        self.faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// Stops it and waits until it has.
    pub fn stop(mut self) {
        self.end();
    }

    /// Waits for as long as it runs.
    pub fn join(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    fn end(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end();
    }
}
