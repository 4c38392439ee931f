//! Two requests that meet inside the application, so that a race happens every time. Knows nothing of what they do.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Two comers meet: the first waits for the second, but not for long.
pub(super) struct Meeting<T> {
    table: Mutex<Table<T>>,
    bell: Condvar,
}

struct Table<T> {
    waiting: bool,
    handed: Option<T>,
}

/// How somebody fared at a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nobody came.
    Alone,
    /// Came first and met somebody.
    First,
    /// Came second.
    Second,
}

impl<T: Clone> Meeting<T> {
    /// An empty table.
    pub(super) fn new() -> Self {
        Self {
            table: Mutex::new(Table {
                waiting: false,
                handed: None,
            }),
            bell: Condvar::new(),
        }
    }

    /// Meets the next comer: both leave with the second one's value.
    pub(super) fn meet(&self, own: T, patience: Duration) -> (T, Place) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if table.waiting {
            table.waiting = false;
            table.handed = Some(own.clone());
            self.bell.notify_all();
            return (own, Place::Second);
        }
        if table.handed.is_some() {
            return (own, Place::Alone);
        }
        table.waiting = true;
        let waited = self.bell.wait_timeout_while(table, patience, |table| table.waiting);
        let (mut table, _) = waited.unwrap_or_else(PoisonError::into_inner);
        table.waiting = false;
        table
            .handed
            .take()
            .map_or((own, Place::Alone), |value| (value, Place::First))
    }
}
