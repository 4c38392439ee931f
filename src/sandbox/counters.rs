//! Counts how often each defect and each variant acted: one that never did proves nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts one defect or variant. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// It acted.
    pub fn acted(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it acted.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counters by name.
#[derive(Debug, Default)]
pub struct Counters(BTreeMap<String, Counter>);

impl Counters {
    /// The counter of a name, made on first use.
    pub fn of(&mut self, name: &str) -> Counter {
        self.0.entry(name.to_owned()).or_default().clone()
    }

    /// How often each acted.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.0
            .iter()
            .map(|(name, counter)| (name.clone(), counter.count()))
            .collect()
    }
}
