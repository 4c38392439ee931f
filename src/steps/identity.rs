//! Sentences about the identity of anonymous reporters (PB-30): every view, every search, every delivery.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Capability, Op};
use crate::evidence::record::Record;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, Walk, WalkStop, World};
use crate::target::Answered;
use crate::verdict::Reason;

use super::args::Args;
use super::chain::{draft, first_page, read_own, shows, submit, text};
use super::recent::look_until;
use super::routes::can_try;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor> yang (anonim)$"
        "complaint {1} of {2}, which is anonymous" => anonymous_complaint;
    diketahui r"^pengaduan <P> kembaran <P> yang tidak (anonim)$"
        "complaint {1}, the twin of {2} that is not anonymous" => open_twin;
    ketika r"^<aktor> membuka setiap tampilan <P>$"
        "{1} open every view of {2}" => open_views;
    ketika r"^<aktor> mencari setiap tanda identitas <P>$"
        "{1} search for every planted value of the identity of {2}" => search_identity;
    ketika r"^kiriman ke hub dan pemberitahuan tentang <P> ditunggu$"
        "deliveries to the hub and notices about {1} are awaited" => await_deliveries;
    maka r"^tanda identitas <P> tidak ada di mana pun$"
        "the planted values of the identity of {1} stand nowhere" => identity_nowhere;
    maka r"^<P> tampak pada sekurang-kurangnya satu tampilan <aktor>$"
        "{1} appears in at least one view of {2}" => appears;
];

/// What was looked at.
#[derive(Default)]
struct Views {
    /// Parameters of the oracle, by kind.
    opened: Vec<Value>,
    searches: Vec<Value>,
    deliveries: Vec<Value>,
    left_out: Vec<Value>,
    /// What each actor saw.
    seen: Vec<(Actor, u64)>,
    records: Vec<Arc<Record>>,
}

async fn anonymous_complaint(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, owner, caller) = (a.object(1)?, a.actor(2)?, w.caller()?);
    let complaint = send_one(&caller, &label, owner, true).await?;
    w.insert(&label, complaint);
    Ok(())
}

async fn open_twin(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, of, caller) = (a.object(1)?, a.object(2)?, w.caller()?);
    let complaint = send_one(&caller, &label, w.complaint(&of)?.owner, false).await?;
    w.insert(&label, complaint);
    Ok(())
}

async fn send_one(caller: &Caller, label: &str, owner: Actor, anonymous: bool) -> Result<Complaint, Halt> {
    let attachment = caller.cx().claims().capabilities.contains(&Capability::Lampiran);
    let options = BakuOptions {
        anonymous,
        attachment,
        ..BakuOptions::default()
    };
    submit(caller, label, draft(caller, owner, options).await?).await
}

async fn open_views(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actors, labels, caller) = (a.actors(1)?, a.objects(2)?, w.caller()?);
    let complaints = labels
        .iter()
        .map(|label| w.complaint(label).cloned())
        .collect::<Result<Vec<_>, _>>()?;
    for actor in actors {
        for op in views_of(actor) {
            let key = format!("{op}@{actor}");
            if !can_try(caller.cx(), *op, actor) {
                w.memory::<Views>().left_out.push(json!({"key": key, "claim": key}));
                continue;
            }
            let (answers, complete) = view(&caller, *op, actor, &complaints).await?;
            let views = w.memory::<Views>();
            views
                .opened
                .push(json!({"key": key, "seqs": seqs(&answers), "complete": complete}));
            views.keep(actor, &answers);
        }
    }
    Ok(())
}

impl Views {
    fn keep(&mut self, actor: Actor, answers: &[Answered]) {
        self.seen
            .extend(answers.iter().map(|answer| (actor, answer.record.seq)));
        self.records
            .extend(answers.iter().map(|answer| Arc::clone(&answer.record)));
    }
}

/// The operations by which an actor who may not know the identity can see a complaint (PB-30).
const fn views_of(actor: Actor) -> &'static [Op] {
    match actor {
        Actor::Pengawas => &[Op::List, Op::Read],
        _ => &[Op::List, Op::Read, Op::Track, Op::History, Op::Statistics, Op::Download],
    }
}

/// Opens one view. The list is walked again until the last complaint shows, or `jeda_tampak` is over.
async fn view(caller: &Caller, op: Op, actor: Actor, complaints: &[Complaint]) -> Result<(Vec<Answered>, bool), Halt> {
    if op == Op::List {
        let shown = |walk: &Walk| {
            complaints
                .iter()
                .all(|one| walk.pages.iter().any(|page| shows(page, one.fixture)))
        };
        let walk = if actor == Actor::Publik {
            look_until(caller, actor, shown).await?
        } else {
            look_until(caller, actor, |_| true).await?
        };
        return Ok((walk.pages, walk.complete));
    }
    if op == Op::Statistics {
        return Ok((vec![caller.call(op, actor, json!({})).send().await?], true));
    }
    let mut answers = Vec::new();
    for complaint in complaints {
        for input in inputs(caller, op, complaint).await? {
            answers.push(
                caller
                    .call(op, actor, input)
                    .object(complaint.label.clone())
                    .send()
                    .await?,
            );
        }
    }
    Ok((answers, true))
}

/// The inputs by which an operation leads to a complaint; a download once for each of its files.
async fn inputs(caller: &Caller, op: Op, complaint: &Complaint) -> Result<Vec<Value>, Halt> {
    let id = &complaint.id;
    Ok(match op {
        Op::Track => complaint
            .number
            .iter()
            .map(|number| json!({"nomor_pelacakan": number}))
            .collect(),
        Op::Download => {
            let read = read_own(caller, complaint.owner, complaint).await?;
            let files = read
                .mapped
                .get("lampiran")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            files
                .iter()
                .filter_map(|file| Some(json!({"id": id, "lampiran_id": text(file, "id")?, "url": file.get("url")})))
                .collect()
        }
        _ => vec![json!({"id": id})],
    })
}

async fn search_identity(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actors, label, caller) = (a.actors(1)?, a.object(2)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let nonce = caller.cx().canaries().nonce();
    let nowhere = format!("tiada{}", nonce.chars().rev().collect::<String>());
    for actor in actors {
        if !can_try(caller.cx(), Op::Search, actor) {
            let key = format!("search@{actor}");
            w.memory::<Views>().left_out.push(json!({"key": key, "claim": key}));
            continue;
        }
        let control = search(&caller, actor, &nowhere).await?;
        for (field, word) in identity(&complaint, &nonce) {
            let found = search(&caller, actor, &word).await?;
            let views = w.memory::<Views>();
            views.searches.push(json!({
                "key": format!("search/{field}@{actor}"), "field": field, "seqs": seqs(&found), "control": seqs(&control),
            }));
            views.records.extend(found.iter().map(|page| Arc::clone(&page.record)));
        }
        w.memory::<Views>()
            .records
            .extend(control.iter().map(|page| Arc::clone(&page.record)));
    }
    Ok(())
}

async fn search(caller: &Caller, actor: Actor, word: &str) -> Result<Vec<Answered>, Halt> {
    let mut input = first_page(caller).as_object().cloned().unwrap_or_default();
    input.insert("q".to_owned(), json!(word));
    Ok(caller
        .walk(Op::Search, actor, Value::Object(input), WalkStop::Whole)
        .await?
        .pages)
}

/// What to search for: of each value the planted word, else the whole.
fn identity(complaint: &Complaint, nonce: &str) -> Vec<(String, String)> {
    let reporter = complaint
        .input
        .get("pelapor")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let word = |value: &str| {
        let mut words = value.split(|character: char| !character.is_ascii_alphanumeric());
        words
            .find(|word| word.to_ascii_lowercase().contains(nonce))
            .unwrap_or(value)
            .to_owned()
    };
    let value = |(field, value): (&String, &Value)| Some((format!("pelapor.{field}"), word(value.as_str()?)));
    reporter.iter().filter_map(value).collect()
}

async fn await_deliveries(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, caller) = (a.objects(1)?, w.caller()?);
    let complaints = labels
        .iter()
        .map(|label| w.complaint(label).cloned())
        .collect::<Result<Vec<_>, _>>()?;
    let cx = caller.cx();
    let received = match cx.hub() {
        Some(hub) => {
            let all_told = |records: &[Arc<Record>]| complaints.iter().all(|one| is_told(records, one));
            hub.wait_for(all_told, cx.statement().callback_limit()).await
        }
        None => Vec::new(),
    };
    let about: Vec<_> = received
        .into_iter()
        .filter(|record| complaints.iter().any(|one| concerns(record, one)))
        .collect();
    let seqs: Vec<u64> = about.iter().map(|record| record.seq).collect();
    let views = w.memory::<Views>();
    views.deliveries.push(json!({"key": "hub.update", "seqs": seqs}));
    views.records.extend(about);
    Ok(())
}

/// Whether an update about the complaint's present status has arrived.
fn is_told(records: &[Arc<Record>], complaint: &Complaint) -> bool {
    let status = |record: &Record| record.inbound().and_then(|inbound| text(&inbound.mapped, "status"));
    records
        .iter()
        .any(|record| concerns(record, complaint) && status(record).as_deref() == Some(complaint.status.id()))
}

/// Whether a delivery is about a complaint: it names it, or holds a planted value of it.
fn concerns(record: &Record, complaint: &Complaint) -> bool {
    let Some(inbound) = record.inbound() else { return false };
    let named = |field: &str, value: &str| text(&inbound.mapped, field).is_some_and(|text| text == value);
    named("id_pengaduan", &complaint.id)
        || complaint
            .number
            .as_deref()
            .is_some_and(|number| named("nomor_pelacakan", number))
        || inbound
            .facts
            .canaries
            .iter()
            .any(|hit| hit.fixture == complaint.fixture)
}

async fn identity_nowhere(w: &mut World, a: Args) -> Result<(), Halt> {
    let label = a.object(1)?;
    let complaint = w.complaint(&label)?.clone();
    let account = w.cx()?.statement().actor(complaint.owner);
    let shared = account.is_some_and(|account| account.identitas.is_some());
    let views = w.memory::<Views>();
    let kinds = [&views.opened, &views.searches, &views.deliveries, &views.left_out];
    let declared: Vec<String> = kinds.into_iter().flatten().filter_map(|one| text(one, "key")).collect();
    let params = json!({
        "anonymous": subject(&complaint), "shared": shared, "views": views.opened, "searches": views.searches,
        "deliveries": views.deliveries, "left_out": views.left_out,
    });
    let records = views.records.clone();
    w.declare(&declared)?;
    w.check(Ask {
        oracle: "identitas_tersembunyi",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn appears(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, actor) = (a.objects(1)?, a.actor(2)?);
    let complaints = labels
        .iter()
        .map(|label| w.complaint(label).map(subject))
        .collect::<Result<Vec<_>, _>>()?;
    let declared: Vec<String> = labels.iter().map(|label| format!("tampak/{label}@{actor}")).collect();
    w.declare(&declared)?;
    let views = w.memory::<Views>();
    let seqs: Vec<u64> = views
        .seen
        .iter()
        .filter(|(by, _)| *by == actor)
        .map(|(_, seq)| *seq)
        .collect();
    let records = views
        .records
        .iter()
        .filter(|record| seqs.contains(&record.seq))
        .cloned()
        .collect();
    let params = json!({"actor": actor, "complaints": complaints, "seqs": seqs});
    w.check(Ask {
        oracle: "tampak",
        params,
        records,
        declared,
        miss: Some(Reason::InsufficientEvidence),
    })
    .await
}

fn subject(complaint: &Complaint) -> Value {
    json!({"label": complaint.label, "fixture": complaint.fixture, "id": complaint.id, "marker": complaint.marker})
}

fn seqs(answers: &[Answered]) -> Vec<u64> {
    answers.iter().map(|answer| answer.record.seq).collect()
}
