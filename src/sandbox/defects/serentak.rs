//! Defects of simultaneous submits (PB-04). They act only on submits without a file while eight or more are in flight,
//! and a meeting of two makes each race certain (decisions.md D.25).

use std::sync::Arc;
use std::time::Duration;

use http::Method;

use super::super::app::clock::wire;
use super::super::app::complaint::{Complaint, Receipt};
use super::super::app::ids::uuid;
use super::super::app::problem::Problem;
use super::super::app::seams::{Change, Store};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::flight::InFlight;
use super::super::meeting::{Meeting, Place};
use super::super::wrap::{on_insert, on_route};

/// How long the first waits for the others.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long one waits for a second before it counts as being alone.
const GLANCE: Duration = Duration::from_millis(25);

/// How many make a crowd.
const CROWD: usize = 8;

/// Whether a crowd is in flight, or comes together while we wait.
fn crowd(flight: &InFlight) -> bool {
    flight.reach(2, GLANCE) && flight.reach(CROWD, PATIENCE)
}

/// Replaces how a complaint without a file is kept while a crowd is in flight.
fn in_a_crowd(
    assembly: &mut Assembly,
    counter: Counter,
    keep: impl Fn(&dyn Store, Complaint, &Change) -> Result<Receipt, Problem> + Send + Sync + 'static,
) {
    let flight = Arc::new(InFlight::default());
    let watched = flight.clone();
    on_route(assembly, move |request, next, _parts| {
        let submits = *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan";
        let flying = submits.then(|| watched.take_off());
        Box::pin(async move {
            let response = next.run(request).await;
            drop(flying);
            response
        })
    });
    on_insert(assembly, move |store, complaint, added| {
        if !added.files.is_empty() || !crowd(&flight) {
            return store.insert(complaint, added);
        }
        counter.acted();
        keep(store, complaint.clone(), added)
    });
}

/// The id is the highest plus one, read and written in two steps; who comes second writes nothing and is told the same id.
pub(super) fn highest_plus_one(assembly: &mut Assembly, counter: Counter) {
    let (database, meeting) = (assembly.database.clone(), Meeting::new());
    in_a_crowd(assembly, counter, move |store, mut complaint, added| {
        let highest: Option<String> = database
            .connection()
            .query_row("SELECT max(id) FROM pengaduan", [], |row| row.get(0))?;
        let number = highest.and_then(|id| u128::from_str_radix(&id.replace('-', ""), 16).ok());
        complaint.id = number.map_or(complaint.id, |number| uuid(number.wrapping_add(1)));
        let (id, _) = meeting.meet(complaint.id.clone(), PATIENCE);
        complaint.id = id;
        store
            .insert(&complaint, added)
            .or_else(|problem| match store.find(&complaint.id)? {
                Some(_) => Ok(Receipt::of(&complaint)),
                None => Err(problem),
            })
    });
}

/// The tracking number is the time of day in milliseconds.
pub(super) fn number_of_the_millisecond(assembly: &mut Assembly, counter: Counter) {
    // The application that does this has no unique index either.
    let dropped = assembly
        .database
        .connection()
        .execute_batch("DROP INDEX IF EXISTS pengaduan_nomor");
    let (clock, meeting) = (assembly.parts.clock.clone(), Meeting::new());
    in_a_crowd(assembly, counter, move |store, mut complaint, added| {
        if let Err(error) = &dropped {
            return Err(Problem::internal(format!("database: {error}")));
        }
        let now = clock.now();
        let of_day = wire(now).get(11..23).unwrap_or_default().replace([':', '.'], "");
        let (number, _) = meeting.meet(format!("LPR-0{of_day}"), PATIENCE);
        complaint.tracking = number;
        store.insert(&complaint, added)
    });
}

/// A request buffer that all share: who came first finds the text of the second in it.
pub(super) fn shared_buffer(assembly: &mut Assembly, counter: Counter) {
    let meeting = Meeting::new();
    in_a_crowd(assembly, counter, move |store, mut complaint, added| {
        let ((title, text), _) = meeting.meet((complaint.title.clone(), complaint.text.clone()), PATIENCE);
        complaint.title = title;
        complaint.text = text;
        store.insert(&complaint, added)
    });
}

/// Who finds the table locked is told that all went well.
pub(super) fn lock_conflict(assembly: &mut Assembly, counter: Counter) {
    let meeting = Meeting::new();
    in_a_crowd(assembly, counter, move |store, complaint, added| {
        match meeting.meet((), PATIENCE).1 {
            Place::Second => Ok(Receipt::of(&complaint)),
            Place::First | Place::Alone => store.insert(&complaint, added),
        }
    });
}
