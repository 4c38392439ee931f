//! Defects of honesty: histories (PB-25).

use super::super::app::complaint::Event;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_history;
use super::Defect;
use crate::domain::Event as Kind;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-25a",
        install: disposition_unrecorded,
    },
    Defect {
        id: "PB-25b",
        install: rewritten_by_closing,
    },
    Defect {
        id: "PB-25c",
        install: earlier_disposition_gone,
    },
    Defect {
        id: "PB-25d",
        install: done_by_the_system,
    },
];

/// Histories that an act changed as they are read, counted where there is a difference.
fn changed(assembly: &mut Assembly, counter: Counter, change: impl Fn(&mut Vec<Event>) + Send + Sync + 'static) {
    on_history(assembly, move |events| {
        let mut shown = events.clone();
        change(&mut shown);
        if shown != events {
            counter.acted();
        }
        shown
    });
}

fn disposition_unrecorded(assembly: &mut Assembly, counter: Counter) {
    changed(assembly, counter, |events| {
        events.retain(|event| event.kind != Kind::Didisposisi);
    });
}

/// What stands before the closing gets the closing's time.
fn rewritten_by_closing(assembly: &mut Assembly, counter: Counter) {
    changed(assembly, counter, |events| {
        let mut closed = None;
        for event in events.iter_mut().rev() {
            if let Some(at) = closed.take() {
                event.at = at;
            }
            closed = (event.kind == Kind::Ditutup).then_some(event.at);
        }
    });
}

/// A second disposition takes the place of the first.
fn earlier_disposition_gone(assembly: &mut Assembly, counter: Counter) {
    changed(assembly, counter, |events| {
        let last = events.iter().rposition(|event| event.kind == Kind::Didisposisi);
        let mut place = 0;
        events.retain(|event| {
            place += 1;
            event.kind != Kind::Didisposisi || Some(place - 1) == last
        });
    });
}

fn done_by_the_system(assembly: &mut Assembly, counter: Counter) {
    changed(assembly, counter, |events| {
        for event in events {
            "sistem".clone_into(&mut event.actor);
        }
    });
}
