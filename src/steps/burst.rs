//! Sentences about submissions sent at once (PB-04).

use std::sync::Arc;
use std::time::Duration;

use futures::future::try_join_all;
use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Reading, Record};
use crate::oracle::server_fault::BURST;
use crate::run::{Ask, Caller, Draft, Halt, Walk, World};
use crate::target::Answered;
use crate::verdict::Reason;

use super::args::Args;
use super::chain::{acknowledged, drafts, holds, read, shows};
use super::recent::look_until;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> serentak mengirim <n> pengaduan baku, <n> kali$"
        "{1} submit {2} default complaints at once, {3} times" => submit_at_once;
    maka r"^setiap kiriman yang diterima mempunyai <bidang> sendiri$"
        "every accepted submission has {1} of its own" => own_receipts;
    maka r"^daftar <aktor> memuat tepat kiriman yang diterima$"
        "the list of {1} holds exactly the accepted submissions" => list_holds_exactly;
    maka r"^sekurang-kurangnya <n> dari <n> kiriman diterima setiap kali$"
        "at least {1} of {2} submissions are accepted each time" => enough_accepted;
];

/// The bursts of the scenario.
#[derive(Default)]
struct Bursts {
    bursts: Vec<Vec<Sent>>,
}

/// One submission of a burst.
#[derive(Clone)]
struct Sent {
    draft: Draft,
    submit: Answered,
}

/// Whether the scenario sent bursts.
pub(crate) fn is_under_way(w: &mut World) -> bool {
    !w.memory::<Bursts>().bursts.is_empty()
}

async fn submit_at_once(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actors, each, times, caller) = (a.actors(1)?, a.number(2)?, a.number(3)?, w.caller()?);
    for _ in 0..times {
        let drafts = drafts(&caller, actors.iter().copied().cycle().take(each)).await?;
        let call = |draft: &Draft| {
            caller
                .call(Op::Submit, draft.owner, draft.input.clone())
                .class(BURST)
                .build()
        };
        let answers = caller.cx().target().parallel(drafts.iter().map(call).collect()).await;
        let sent = drafts
            .into_iter()
            .zip(answers)
            .map(|(draft, answer)| Ok(Sent { draft, submit: answer? }))
            .collect::<Result<Vec<_>, Halt>>()?;
        tokio::time::sleep(asked_to_wait(&sent)).await;
        w.memory::<Bursts>().bursts.push(sent);
    }
    Ok(())
}

/// How long the application asks to be left alone after a burst (`Retry-After`, RFC 9110 §10.2.3), at most 10 s.
fn asked_to_wait(sent: &[Sent]) -> Duration {
    let seconds = sent.iter().filter_map(|sent| {
        let response = sent.submit.record.exchange()?.response()?;
        let (_, value) = response.headers.iter().find(|(name, _)| name == "retry-after")?;
        value.trim().parse::<u64>().ok()
    });
    Duration::from_secs(seconds.max().unwrap_or(0).min(10))
}

async fn own_receipts(w: &mut World, a: Args) -> Result<(), Halt> {
    let fields = a.fields(1)?;
    w.declare(&fields)?;
    let records: Vec<_> = w
        .memory::<Bursts>()
        .bursts
        .iter()
        .flatten()
        .map(|sent| record(&sent.submit))
        .collect();
    let submits: Vec<u64> = records.iter().map(|record| record.seq).collect();
    let params = json!({"fields": fields, "submits": submits});
    w.check(Ask {
        oracle: "kiriman_sendiri",
        params,
        records,
        declared: fields,
        miss: None,
    })
    .await
}

/// Reporters look for their own accepted submissions, others for all.
pub(crate) async fn find(w: &mut World, actors: &[Actor]) -> Result<(), Halt> {
    let (caller, bursts) = (w.caller()?, w.memory::<Bursts>().bursts.clone());
    let groups: Vec<(String, Actor, Vec<Sent>)> = (1..)
        .zip(&bursts)
        .flat_map(|(number, burst)| {
            actors.iter().map(move |actor| {
                (
                    format!("read@{actor}/semburan_{number}"),
                    *actor,
                    visible(burst, *actor),
                )
            })
        })
        .collect();
    let declared: Vec<String> = groups.iter().map(|(key, ..)| key.clone()).collect();
    w.declare(&declared)?;
    let looked_for = groups.iter().map(|(_, actor, sent)| {
        let (caller, actor) = (&caller, *actor);
        try_join_all(sent.iter().map(move |sent| look(caller, actor, sent)))
    });
    let (mut params, mut records) = (Vec::new(), Vec::new());
    for ((key, _, sent), reads) in groups.iter().zip(try_join_all(looked_for).await?) {
        let looks: Vec<Value> = sent
            .iter()
            .zip(&reads)
            .map(|(sent, read)| looked(sent, read.as_ref()))
            .collect();
        records.extend(reads.iter().flatten().map(record));
        params.push(json!({"key": key, "looks": looks}));
    }
    w.check(Ask {
        oracle: "kiriman_ditemukan",
        params: json!({"groups": params}),
        records,
        declared,
        miss: None,
    })
    .await
}

fn visible(burst: &[Sent], actor: Actor) -> Vec<Sent> {
    let reporter = matches!(actor, Actor::PelaporA | Actor::PelaporB);
    let seen = |sent: &&Sent| sent.submit.reading == Reading::Accepted && (!reporter || sent.draft.owner == actor);
    burst.iter().filter(seen).cloned().collect()
}

async fn look(caller: &Caller, actor: Actor, sent: &Sent) -> Result<Option<Answered>, Halt> {
    let Ok(complaint) = acknowledged(caller, "", sent.draft.clone(), &sent.submit) else {
        return Ok(None);
    };
    let fixture = sent.draft.fixture;
    let answered = caller
        .until(|| read(caller, actor, &complaint), |answered| shows(answered, fixture))
        .await?;
    Ok(Some(answered))
}

fn looked(sent: &Sent, read: Option<&Answered>) -> Value {
    let reads: Vec<u64> = read.map(|read| read.record.seq).into_iter().collect();
    json!({"fixture": sent.draft.fixture, "reads": reads})
}

async fn list_holds_exactly(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, caller, bursts) = (a.actor(1)?, w.caller()?, w.memory::<Bursts>().bursts.clone());
    let declared: Vec<String> = (1..=bursts.len()).map(key).collect();
    w.declare(&declared)?;
    let accepted = |sent: &&Sent| sent.submit.reading == Reading::Accepted;
    let listed = |walk: &Walk| {
        let in_list = |sent: &Sent| walk.items.iter().any(|item| holds(item, &sent.draft.marker));
        bursts.iter().flatten().filter(accepted).all(in_list)
    };
    let walk = look_until(&caller, actor, listed).await?;
    let sent = |sent: &Sent| json!({"submit": sent.submit.record.seq, "marker": sent.draft.marker});
    let burst = |(number, burst): (usize, &Vec<Sent>)| json!({"key": key(number), "sent": burst.iter().map(sent).collect::<Vec<_>>()});
    let params = json!({
        "bursts": (1..).zip(&bursts).map(burst).collect::<Vec<_>>(),
        "pages": walk.pages.iter().map(|page| page.record.seq).collect::<Vec<_>>(),
        "complete": walk.complete,
    });
    let records = bursts
        .iter()
        .flatten()
        .map(|sent| &sent.submit)
        .chain(&walk.pages)
        .map(record)
        .collect();
    w.check(Ask {
        oracle: "daftar_tepat",
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn enough_accepted(w: &mut World, a: Args) -> Result<(), Halt> {
    let (at_least, bursts) = (a.number(1)?, w.memory::<Bursts>().bursts.clone());
    let declared: Vec<String> = (1..=bursts.len())
        .map(|number| format!("cukup/{}", key(number)))
        .collect();
    w.declare(&declared)?;
    let burst = |(number, burst): (usize, &Vec<Sent>)| json!({"key": key(number), "submits": burst.iter().map(|sent| sent.submit.record.seq).collect::<Vec<_>>()});
    let params = json!({"at_least": at_least, "bursts": (1..).zip(&bursts).map(burst).collect::<Vec<_>>()});
    let records = bursts.iter().flatten().map(|sent| record(&sent.submit)).collect();
    let miss = Some(Reason::InsufficientEvidence);
    w.check(Ask {
        oracle: "kiriman_cukup",
        params,
        records,
        declared,
        miss,
    })
    .await
}

fn key(number: usize) -> String {
    format!("semburan_{number}")
}

fn record(answered: &Answered) -> Arc<Record> {
    Arc::clone(&answered.record)
}
