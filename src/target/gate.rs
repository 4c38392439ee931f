//! A gate that opens when every party has arrived; a party that gives up counts as arrived, so nobody waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// One party's place at a gate.
#[derive(Debug)]
pub(super) struct Place {
    gate: Arc<Gate>,
    counted: bool,
}

#[derive(Debug)]
struct Gate {
    missing: AtomicUsize,
    open: watch::Sender<bool>,
}

/// Makes a gate for so many parties.
pub(super) fn gate(parties: usize) -> Vec<Place> {
    let (open, _) = watch::channel(parties == 0);
    let gate = Arc::new(Gate {
        missing: AtomicUsize::new(parties),
        open,
    });
    (0..parties)
        .map(|_| Place {
            gate: Arc::clone(&gate),
            counted: false,
        })
        .collect()
}

impl Place {
    /// Arrives, and waits until all have.
    pub(super) async fn arrive(mut self) {
        let mut open = self.gate.open.subscribe();
        self.count();
        // The sender lives in the gate that this place holds, so waiting cannot fail.
        drop(open.wait_for(|open| *open).await);
    }

    fn count(&mut self) {
        if !self.counted {
            self.counted = true;
            if self.gate.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
                self.gate.open.send_replace(true);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.count();
    }
}
