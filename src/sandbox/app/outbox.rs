//! Tells the hub what happened (`hub.update` of model.md): queued in the database, sent one at a time, in order, until acknowledged.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::clock::wire;
use super::complaint::{Complaint, Event};
use super::database::Database;
use super::problem::Problem;
use super::seams::Outbox;
use crate::domain::Event as EventKind;

/// The body of an update. It never holds who reports.
pub fn update(complaint: &Complaint, event: &Event, id: &str) -> Value {
    let answer = complaint
        .follow_ups
        .last()
        .filter(|_| event.kind == EventKind::Ditindaklanjuti);
    json!({
        "id_peristiwa": id,
        "id_sp4n": complaint.hub_id,
        "id_pengaduan": complaint.id,
        "nomor_pelacakan": complaint.tracking,
        "versi": complaint.updated.as_millisecond(),
        "peristiwa": event.kind.id(),
        "dari": event.from.map(crate::domain::Status::id),
        "status": event.to.id(),
        "waktu": wire(event.at),
        "isi": answer.map(|message| &message.text),
    })
}

/// Where there is no hub, nothing is queued.
pub struct NoHub;

impl Outbox for NoHub {
    fn body(&self, _complaint: &Complaint, _event: &Event, _id: &str) -> Value {
        Value::Null
    }

    fn queue(&self, _body: Value) -> Result<(), Problem> {
        Ok(())
    }
}

/// A queue in the database with a sender that is woken.
pub struct Queue {
    /// The database.
    pub database: Arc<Database>,
    /// Wakes the sender.
    pub wake: Arc<Notify>,
}

impl Outbox for Queue {
    fn body(&self, complaint: &Complaint, event: &Event, id: &str) -> Value {
        update(complaint, event, id)
    }

    fn queue(&self, body: Value) -> Result<(), Problem> {
        self.database.queue_update(&body)?;
        self.wake.notify_one();
        Ok(())
    }
}

/// Sends what is queued for as long as it is polled. An update leaves the queue when the hub answered 2xx.
pub async fn send(database: Arc<Database>, wake: Arc<Notify>, client: reqwest::Client, url: String, token: String) {
    let mut pause = Duration::from_millis(100);
    loop {
        let Ok(Some((number, body))) = database.next_update() else {
            wake.notified().await;
            continue;
        };
        let request = client
            .post(&url)
            .bearer_auth(&token)
            .header("content-type", "application/json")
            .body(body);
        let accepted = request.send().await.is_ok_and(|answer| answer.status().is_success());
        if accepted && database.update_sent(number).is_ok() {
            pause = Duration::from_millis(100);
        } else {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(10));
        }
    }
}
