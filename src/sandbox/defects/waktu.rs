//! Defects of the clause *Waktu*: DT-07. All act in the last category alone.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::app::complaint::{Complaint, Event};
use super::super::app::problem::Problem;
use super::super::app::seams::Outbox;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::ViewWith;
use super::Defect;
use super::skema::{in_rare_list, rare};

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-07a",
        install: history_without_offset,
    },
    Defect {
        id: "DT-07b",
        install: list_in_local_form,
    },
    Defect {
        id: "DT-07c",
        install: day_as_instant,
    },
    Defect {
        id: "DT-07d",
        install: hub_with_blank,
    },
];

/// The local part of an instant as the application writes it, without offset.
fn local(time: &Value) -> Option<String> {
    let text = time.as_str()?;
    text.get(..text.len().checked_sub(6)?).map(str::to_owned)
}

fn history_without_offset(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.event = Some(Box::new(move |_, complaint, shown| {
        if let (true, Some(time)) = (rare(complaint), shown.get_mut("waktu"))
            && let Some(local) = local(time)
        {
            *time = json!(local);
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

fn list_in_local_form(assembly: &mut Assembly, counter: Counter) {
    in_rare_list(assembly, counter, |members| {
        let Some(time) = members.get_mut("waktu_dibuat") else {
            return false;
        };
        let day: Option<Vec<String>> = time
            .as_str()
            .and_then(|text| text.get(..10))
            .map(|day| day.split('-').rev().map(str::to_owned).collect());
        let Some(day) = day else { return false };
        *time = json!(day.join("-"));
        true
    });
}

fn day_as_instant(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, complaint, shown| {
        if let (true, Some(day)) = (rare(complaint), shown.get_mut("tanggal_kejadian"))
            && let Some(text) = day.as_str()
        {
            *day = json!(format!("{text}T00:00:00+07:00"));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// Tells the hub times as its database prints them.
struct PlainTimes {
    inner: Arc<dyn Outbox>,
    counter: Counter,
}

impl Outbox for PlainTimes {
    fn body(&self, complaint: &Complaint, event: &Event, id: &str) -> Value {
        let mut body = self.inner.body(complaint, event, id);
        if let (true, Some(time)) = (rare(complaint), body.get_mut("waktu"))
            && let Some(local) = local(time)
        {
            *time = json!(local.replace('T', " "));
            self.counter.acted();
        }
        body
    }

    fn queue(&self, body: Value) -> Result<(), Problem> {
        self.inner.queue(body)
    }
}

fn hub_with_blank(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.outbox.clone();
    assembly.parts.outbox = Arc::new(PlainTimes { inner, counter });
}
