//! Pacing: at most so many requests a second for one actor (design.md §3.13).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Actor;

/// The next free moment of each actor.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Option<Duration>,
    next: Mutex<BTreeMap<Actor, Instant>>,
}

impl Pace {
    /// Of a number of requests a second; `None` = not limited.
    pub(super) fn new(rate: Option<f64>) -> Self {
        let interval = rate.map(|rate| Duration::from_secs_f64(1.0 / rate.clamp(0.01, 10_000.0)));
        Self {
            interval,
            next: Mutex::new(BTreeMap::new()),
        }
    }

    /// Takes the next moment of an actor and waits for it.
    pub(super) async fn wait(&self, actor: Actor) {
        let Some(interval) = self.interval else { return };
        let slot = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let slot = next.get(&actor).copied().unwrap_or(now).max(now);
            next.insert(actor, slot + interval);
            slot
        };
        tokio::time::sleep_until(slot).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn spaces_the_requests_of_one_actor() {
        let pace = Pace::new(Some(100.0));
        let begin = Instant::now();
        for _ in 0..4 {
            pace.wait(Actor::Admin).await;
        }
        pace.wait(Actor::Publik).await;
        let spent = begin.elapsed();
        assert!(spent >= Duration::from_millis(30), "{spent:?}");
    }
}
