//! Our panic hook: keeps the place and message of a panic, so that ERROR can say them (decisions.md C.18).

use std::sync::Mutex;

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Installs the hook. cucumber silences panics during a run and puts the earlier hook back at its end; ours is set
/// by the first before-hook of each run.
pub(crate) fn install(on_background: impl Fn(String) + Send + Sync + 'static) {
    let runner = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("unnamed").to_owned();
        let text: String = format!("{info} (thread {name})").chars().take(2_000).collect();
        if thread.id() == runner {
            *LAST.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(text);
        } else {
            on_background(text);
        }
    }));
}

/// The last panic of the scenarios' thread, taken.
pub fn last_panic() -> Option<String> {
    LAST.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
}
