//! Variants of identifiers and of what stands in place of an anonymous reporter's name.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::super::app::complaint::{Complaint, Receipt};
use super::super::app::ids::{hex, uuid};
use super::super::app::problem::Problem;
use super::super::app::seams::{Ids, Viewpoint};
use super::super::assembly::{Assembly, random_uuid};
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_insert};

/// Identifiers that tell nothing about time.
struct Random {
    inner: Arc<dyn Ids>,
    counter: Counter,
}

impl Ids for Random {
    fn unique(&self) -> Result<String, Problem> {
        self.counter.acted();
        random_uuid()
    }

    fn tracking(&self) -> Result<String, Problem> {
        self.inner.tracking()
    }
}

pub(super) fn random_ids(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.ids.clone();
    assembly.parts.ids = Arc::new(Random { inner, counter });
}

/// Growing identifiers of which most are never given.
struct Gaps {
    inner: Arc<dyn Ids>,
    start: u128,
    given: AtomicU64,
    counter: Counter,
}

impl Ids for Gaps {
    fn unique(&self) -> Result<String, Problem> {
        self.counter.acted();
        let step = self.given.fetch_add(7, Ordering::Relaxed);
        Ok(uuid(self.start.wrapping_add(u128::from(step))))
    }

    fn tracking(&self) -> Result<String, Problem> {
        self.inner.tracking()
    }
}

pub(super) fn ids_with_gaps(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.ids.clone();
    let first = inner.unique().unwrap_or_default().replace('-', "");
    let start = u128::from_str_radix(&first, 16).unwrap_or_default();
    assembly.parts.ids = Arc::new(Gaps {
        inner,
        start,
        given: AtomicU64::new(7),
        counter,
    });
}

pub(super) fn number_is_id(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.capabilities.remove("pelacakan_publik");
    on_insert(assembly, move |store, complaint, added| {
        let mut complaint = complaint.clone();
        complaint.tracking.clone_from(&complaint.id);
        counter.acted();
        store.insert(&complaint, added).map(|receipt| Receipt {
            tracking: receipt.id.clone(),
            ..receipt
        })
    });
}

/// Puts a name where the honest name of an anonymous reporter is left out.
fn instead(assembly: &mut Assembly, counter: Counter, name: fn(&Complaint) -> String) {
    let put = move |_from: Viewpoint, complaint: &Complaint, shown: &mut Value| {
        if let (true, Some(members)) = (complaint.anonymous, shown.as_object_mut())
            && !members.contains_key("pelapor")
        {
            members.insert("pelapor".to_owned(), json!({"nama": name(complaint)}));
            counter.acted();
        }
    };
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(put.clone()));
    view.summary = Some(Box::new(put));
    assembly.parts.view = Arc::new(view);
}

pub(super) fn named_anonymous(assembly: &mut Assembly, counter: Counter) {
    instead(assembly, counter, |_| "Anonim".to_owned());
}

pub(super) fn pseudonym(assembly: &mut Assembly, counter: Counter) {
    instead(assembly, counter, |complaint| {
        let digits = hex(digest(&SHA256, complaint.id.as_bytes()).as_ref());
        format!("Warga {}", digits.get(..6).unwrap_or_default())
    });
}

pub(super) fn hidden_from_admin(assembly: &mut Assembly, counter: Counter) {
    assembly
        .declared
        .policy
        .push("identitas_anonim_terlihat = []".to_owned());
    let take = move |from: Viewpoint, complaint: &Complaint, shown: &mut Value| {
        if let (Viewpoint::Admin, true, Some(members)) = (from, complaint.anonymous, shown.as_object_mut()) {
            members.remove("pelapor");
            members.remove("wakil");
            counter.acted();
        }
    };
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(take.clone()));
    view.summary = Some(Box::new(take));
    assembly.parts.view = Arc::new(view);
}
