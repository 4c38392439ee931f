//! Complaints that were brought to a status and left unchanged serve again (decisions.md C.20).

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::domain::Status;

use super::complaint::Complaint;

/// Idle complaints by status. A lease is exclusive; what is not given back is gone.
#[derive(Debug, Default)]
pub struct Pool {
    idle: Mutex<BTreeMap<Status, Vec<Complaint>>>,
}

impl Pool {
    /// Leases a complaint of a status.
    pub fn lease(&self, status: Status) -> Option<Complaint> {
        self.idle
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get_mut(&status)?
            .pop()
    }

    /// Gives a complaint back. Only after a second read has shown it unchanged.
    pub fn give_back(&self, complaint: Complaint) {
        let mut idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        idle.entry(complaint.status).or_default().push(complaint);
    }
}
