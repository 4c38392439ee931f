//! The records that one check looks at.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::evidence::record::{Exchange, Inbound, Observation, Record};

use super::OracleFault;

/// The records that one check names, by sequence number.
#[derive(Debug, Clone, Default)]
pub struct Window {
    records: BTreeMap<u64, Arc<Record>>,
}

impl Window {
    /// Makes a window of records.
    pub fn new(records: impl IntoIterator<Item = Arc<Record>>) -> Self {
        Self {
            records: records.into_iter().map(|record| (record.seq, record)).collect(),
        }
    }

    /// A record by number.
    pub fn record(&self, seq: u64) -> Option<&Record> {
        self.records.get(&seq).map(AsRef::as_ref)
    }

    /// An exchange by number.
    pub fn exchange(&self, seq: u64) -> Result<&Exchange, OracleFault> {
        self.record(seq)
            .and_then(Record::exchange)
            .ok_or(OracleFault::Evidence {
                seq,
                expected: "exchange",
            })
    }

    /// An inbound request by number.
    pub fn inbound(&self, seq: u64) -> Result<&Inbound, OracleFault> {
        self.record(seq).and_then(Record::inbound).ok_or(OracleFault::Evidence {
            seq,
            expected: "inbound request",
        })
    }

    /// An observation by number.
    pub fn observation(&self, seq: u64) -> Result<&Observation, OracleFault> {
        match self.record(seq).map(|record| &record.data) {
            Some(crate::evidence::record::Data::Observation(observation)) => Ok(observation),
            _ => Err(OracleFault::Evidence {
                seq,
                expected: "observation",
            }),
        }
    }

    /// Every record, in the order of the log.
    pub fn iter(&self) -> impl Iterator<Item = &Record> {
        self.records.values().map(AsRef::as_ref)
    }
}
