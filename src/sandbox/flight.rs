//! Counts requests that were taken up and not answered yet.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How many are in flight.
#[derive(Default)]
pub(super) struct InFlight {
    count: Mutex<usize>,
    bell: Condvar,
}

/// One that is in flight; it lands when dropped, also when the client went away.
pub(super) struct Flight(Arc<InFlight>);

impl InFlight {
    /// One more.
    pub(super) fn take_off(self: &Arc<Self>) -> Flight {
        self.change(|count| count + 1);
        Flight(self.clone())
    }

    /// Waits until so many are in flight, but not for long.
    pub(super) fn reach(&self, number: usize, patience: Duration) -> bool {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(count, patience, |count| *count < number);
        *waited.unwrap_or_else(PoisonError::into_inner).0 >= number
    }

    fn change(&self, by: impl FnOnce(usize) -> usize) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count = by(*count);
        self.bell.notify_all();
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.change(|count| count.saturating_sub(1));
    }
}
