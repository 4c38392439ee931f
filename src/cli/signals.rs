//! Ctrl-C and SIGTERM: the first asks the run to stop, so that its pack says what it is; the second ends the process.

use crate::exit::ExitCode;
use crate::run::StopFlag;

/// Watches for signals on a thread of its own, for the rest of the process.
pub(super) fn watch(stop: &StopFlag) {
    let stop = stop.clone();
    let watching = std::thread::Builder::new().name("sinyal".to_owned()).spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            signal().await;
            stop.set();
            signal().await;
            #[expect(
                clippy::exit,
                clippy::disallowed_methods,
                reason = "the second signal ends the process; the log is whole up to its last line"
            )]
            std::process::exit(i32::from(ExitCode::Undecided.number()));
        });
    });
    // Without the thread a signal ends the process at once, as it would by default.
    drop(watching);
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        drop(tokio::signal::ctrl_c().await);
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    drop(tokio::signal::ctrl_c().await);
}
