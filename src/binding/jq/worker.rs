//! Threads with a large stack on which filters are parsed and run. A thread whose job overruns is left alone (it
//! cannot be stopped, and does not hold the process); another takes its place.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

type Job = Box<dyn FnOnce() + Send>;

/// Room for the recursive parser at the deepest nesting that the lint lets through.
const STACK: usize = 64 * 1024 * 1024;
/// Idle threads that are kept.
const KEPT: usize = 4;
/// Threads that may be lost to filters that do not end; after that nothing runs any more.
const LOST_AT_MOST: usize = 32;

static IDLE: Mutex<Vec<Sender<Job>>> = Mutex::new(Vec::new());
static LOST: AtomicUsize = AtomicUsize::new(0);

/// Runs a job and waits without blocking the runtime; `None` if it overran, panicked, or could not begin.
pub(super) async fn run<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static, limit: Duration) -> Option<T> {
    let (send, receive) = tokio::sync::oneshot::channel();
    let worker = begin(job, move |result| drop(send.send(result)))?;
    match tokio::time::timeout(limit, receive).await {
        Ok(result) => {
            keep(worker);
            result.ok().flatten()
        }
        Err(_) => lose(),
    }
}

/// Runs a job and blocks the thread meanwhile.
pub(super) fn run_now<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static, limit: Duration) -> Option<T> {
    let (send, receive) = channel();
    let worker = begin(job, move |result| drop(send.send(result)))?;
    match receive.recv_timeout(limit) {
        Ok(result) => {
            keep(worker);
            result
        }
        Err(RecvTimeoutError::Timeout) => lose(),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

fn begin<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
    answer: impl FnOnce(Option<T>) + Send + 'static,
) -> Option<Sender<Job>> {
    if LOST.load(Ordering::Relaxed) >= LOST_AT_MOST {
        return None;
    }
    let worker = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let worker = worker.or_else(spawn)?;
    let job: Job = Box::new(move || answer(catch_unwind(AssertUnwindSafe(job)).ok()));
    worker.send(job).ok()?;
    Some(worker)
}

fn spawn() -> Option<Sender<Job>> {
    let (send, receive): (Sender<Job>, Receiver<Job>) = channel();
    let name = String::from("laik-jq");
    let thread = std::thread::Builder::new().name(name).stack_size(STACK).spawn(move || {
        for job in receive {
            job();
        }
    });
    thread.ok().map(|_| send)
}

fn keep(worker: Sender<Job>) {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if idle.len() < KEPT {
        idle.push(worker);
    }
}

fn lose<T>() -> Option<T> {
    LOST.fetch_add(1, Ordering::Relaxed);
    None
}
