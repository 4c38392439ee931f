//! Controls of reading: the owner sees the whole, nobody without a credential sees any of it (KM-07, KM-13).

use std::sync::Arc;

use serde_json::json;

use crate::run::{Ask, Halt, World};
use crate::target::Sent;

use super::args::Args;
use super::chain::{read, shows};
use super::publication::public_at_once;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    maka r"^<aktor> membaca <P> secara utuh$"
        "{1} reads the whole of {2}" => read_whole;
    maka r"^tanpa kredensial <P> tidak terbaca$"
        "without a credential {1} cannot be read" => unreadable;
];

async fn read_whole(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actors, labels, caller) = (a.actors(1)?, a.objects(2)?, w.caller()?);
    let pairs = || {
        actors
            .iter()
            .flat_map(|actor| labels.iter().map(move |label| (*actor, label)))
    };
    let declared: Vec<String> = pairs().map(|(actor, label)| format!("baca/{label}@{actor}")).collect();
    w.declare(&declared)?;
    let (part, mut reads, mut records) = (w.scope().part, Vec::new(), Vec::new());
    for (actor, label) in pairs() {
        let complaint = w.complaint(label)?;
        let make = || read(&caller, actor, complaint).part(part);
        let answered = caller
            .until(make, |answered| shows(answered, complaint.fixture))
            .await?;
        let fields = ["penanda", "isi"];
        let key = format!("{label}@{actor}");
        reads.push(json!({"key": key, "fixture": complaint.fixture, "seqs": [answered.record.seq], "fields": fields}));
        records.push(Arc::clone(&answered.record));
    }
    w.check(Ask {
        oracle: "terbaca_utuh",
        params: json!({"reads": reads}),
        records,
        declared,
        miss: None,
    })
    .await
}

async fn unreadable(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, caller) = (a.objects(1)?, w.caller()?);
    let public = public_at_once(caller.cx().statement());
    let declared: Vec<String> = labels
        .iter()
        .map(|label| format!("baca/{label}@tanpa_kredensial"))
        .collect();
    w.declare(&declared)?;
    let (part, mut reads, mut records) = (w.scope().part, Vec::new(), Vec::new());
    for label in &labels {
        let complaint = w.complaint(label)?;
        let answered = read(&caller, complaint.owner, complaint)
            .part(part)
            .sent(Sent::None)
            .send()
            .await?;
        let key = format!("{label}@tanpa_kredensial");
        let seqs = [answered.record.seq];
        reads.push(json!({"key": key, "fixture": complaint.fixture, "seqs": seqs, "public": public}));
        records.push(Arc::clone(&answered.record));
    }
    w.check(Ask {
        oracle: "tidak_terbaca",
        params: json!({"reads": reads}),
        records,
        declared,
        miss: None,
    })
    .await
}
