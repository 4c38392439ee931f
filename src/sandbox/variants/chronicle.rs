//! Variants of the history: its order, what else stands in it, and how it names who did something.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::app::complaint::Event;
use super::super::assembly::{Assembly, UNITS};
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_history};
use crate::domain::Event as Kind;

/// The newest entry stands first.
pub(super) fn newest_first(assembly: &mut Assembly, counter: Counter) {
    on_history(assembly, move |mut events| {
        if events.len() > 1 {
            events.reverse();
            counter.acted();
        }
        events
    });
}

/// Staff also see that a unit was told of a disposition, under a word of the application's own.
pub(super) fn further_entries(assembly: &mut Assembly, counter: Counter) {
    let declared = "peristiwa_sendiri = [\"unit_diberi_tahu\"]";
    assembly.declared.values.push(declared.to_owned());
    on_history(assembly, move |events| {
        let mut shown = Vec::new();
        for event in events {
            let told = (event.kind == Kind::Didisposisi).then(|| Event {
                actor: "sistem".to_owned(),
                kind: Kind::DicatatInternal,
                from: Some(event.to),
                ..event.clone()
            });
            shown.push(event);
            if let Some(told) = told {
                counter.acted();
                shown.push(told);
            }
        }
        shown
    });
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.event = Some(Box::new(|_, _, shown| {
        let by_system = shown.get("pelaku").and_then(Value::as_str) == Some("sistem");
        let noted = shown.get("peristiwa").and_then(Value::as_str) == Some(Kind::DicatatInternal.id());
        if let (true, true, Some(members)) = (by_system, noted, shown.as_object_mut()) {
            members.insert("peristiwa".to_owned(), json!("unit_diberi_tahu"));
        }
    }));
    assembly.parts.view = Arc::new(view);
}

/// Histories name units and desks instead of roles.
pub(super) fn by_unit(assembly: &mut Assembly, counter: Counter) {
    let unit = UNITS.first().map_or("", |unit| unit.1);
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.event = Some(Box::new(move |_, _, shown| {
        let name = match shown.get("pelaku").and_then(Value::as_str) {
            Some("admin") => "Meja pengaduan",
            Some("petugas") => unit,
            Some("pelapor") => "Pelapor LPR",
            _ => return,
        };
        if let Some(members) = shown.as_object_mut() {
            members.insert("pelaku".to_owned(), json!(name));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}
