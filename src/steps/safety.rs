//! TK-06: safe methods on every address of a complaint, and what the complaint shows afterwards.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::Record;
use crate::oracle::unchanged::Pair;
use crate::run::{CallBuilder, Caller, Halt, World};
use crate::target::Extra;

use super::args::{Args, cell};
use super::chain::{input, observer, read};
use super::methods::{Known, compare, pairs, subject};
use super::places::{COLLECTIONS, READS, Spot, Subject, WRITES, look, record, spots};
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^setiap alamat tulis <P> diminta dengan metode aman oleh yang berwenang:$"
        "every address where {1} is written is asked with safe methods by whoever is entitled:" => ask_writes;
    ketika r"^setiap alamat baca <P> diminta dengan metode aman:$"
        "every address where {1} is read is asked with safe methods:" => ask_reads;
    ketika r"^pembacaan <P> diberi parameter yang mengubah$"
        "reads of {1} are given parameters that would change it" => ask_with_parameters;
    maka r"^permintaan aman itu tidak mengubah <P>$"
        "these safe requests do not change {1}" => unchanged;
];

/// What was asked, and what the complaint showed around it.
#[derive(Default)]
struct Asked {
    pairs: Vec<Pair>,
    records: Vec<Arc<Record>>,
}

/// One address with the requests that go there.
type Group = (String, Vec<CallBuilder>);

async fn ask_writes(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let (subject, methods) = (subject(w, &label)?, methods(&a)?);
    let mut groups = Vec::new();
    for spot in spots(&caller, &subject, WRITES).await {
        // What the write would be sent, as a query: a handler that reads both finds it there.
        let sent = input(&caller, spot.op, &subject.complaint).await?;
        let query = flat(&sent);
        let calls = methods
            .iter()
            .map(|method| ask(&caller, &spot, spot.actor, method, query.clone()));
        let hidden = ask(
            &caller,
            &spot,
            spot.actor,
            "GET",
            vec![("_method".to_owned(), Some("POST".to_owned()))],
        );
        groups.push((format!("alamat {}", spot.name()), calls.chain([hidden]).collect()));
    }
    around(w, &caller, &subject, groups, "alamat tulis · ").await
}

async fn ask_reads(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let (subject, methods) = (subject(w, &label)?, methods(&a)?);
    let ops: Vec<Op> = READS.iter().chain(COLLECTIONS).copied().collect();
    let mut groups = Vec::new();
    for spot in spots(&caller, &subject, &ops).await {
        let calls = methods
            .iter()
            .map(|method| ask(&caller, &spot, spot.actor, method, Vec::new()));
        groups.push((format!("alamat {}", spot.name()), calls.collect()));
    }
    around(w, &caller, &subject, groups, "alamat baca · ").await
}

async fn ask_with_parameters(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let subject = subject(w, &label)?;
    let wanted = if subject.complaint.status == Status::Selesai {
        Status::Diproses
    } else {
        Status::Selesai
    };
    let sent = caller
        .cx()
        .statement()
        .binding()
        .prepare(&json!({"status": wanted.id()}));
    let word = sent
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or(wanted.id())
        .to_owned();
    let actor = observer(&caller);
    let mut groups = Vec::new();
    for spot in spots(&caller, &subject, &[Op::Read]).await {
        for (name, value) in [("status", word.as_str()), ("_method", "DELETE"), ("_method", "PATCH")] {
            let query = vec![(name.to_owned(), Some(value.to_owned()))];
            let key = if name == "status" {
                name.to_owned()
            } else {
                format!("{name} {value}")
            };
            groups.push((
                format!("{} dengan {key}", spot.name()),
                vec![ask(&caller, &spot, actor, "GET", query)],
            ));
        }
    }
    around(w, &caller, &subject, groups, "parameter · ").await
}

fn methods(a: &Args) -> Result<Vec<String>, Halt> {
    a.table()?
        .iter()
        .map(|row| cell(row, "metode").map(str::to_owned))
        .collect()
}

/// A request to an address with a query of the probe's own.
fn ask(caller: &Caller, spot: &Spot, actor: Actor, method: &str, query: Vec<(String, Option<String>)>) -> CallBuilder {
    let extra = Extra {
        url: Some(spot.address.url.clone()),
        method: Some(method.to_owned()),
        alone: true,
        query,
        ..Extra::default()
    };
    spot.request(caller, actor, method).extra(extra)
}

/// The scalar members of an input as query pairs, inner ones by their own names.
fn flat(input: &Value) -> Vec<(String, Option<String>)> {
    let mut query = Vec::new();
    for (name, value) in input.as_object().into_iter().flatten() {
        match value {
            Value::String(text) if name != "id" => query.push((name.clone(), Some(text.clone()))),
            Value::Number(number) => query.push((name.clone(), Some(number.to_string()))),
            Value::Object(inner) => {
                let texts = inner.values().filter_map(Value::as_str);
                query.extend(texts.map(|text| (name.clone(), Some(text.to_owned()))));
            }
            _ => {}
        }
    }
    query
}

/// Sends groups of requests, each between two reads; then everybody looks again.
async fn around(
    w: &mut World,
    caller: &Caller,
    subject: &Subject,
    groups: Vec<Group>,
    prefix: &str,
) -> Result<(), Halt> {
    let label = &subject.complaint.label;
    let known = w.memory::<Known>().looks.get(label).cloned();
    let known = known.ok_or_else(|| Halt::error(format!("{label} was not looked at before")))?;
    let mut asked = std::mem::take(w.memory::<Asked>());
    let actor = observer(caller);
    let mut before = read(caller, actor, &subject.complaint).send().await?.record;
    asked.records.push(Arc::clone(&before));
    for (key, calls) in groups {
        let mut probes = Vec::new();
        for call in calls {
            let answered = call.object(&**label).send().await?;
            probes.push(answered.record.seq);
            asked.records.push(answered.record);
        }
        let after = read(caller, actor, &subject.complaint).send().await?.record;
        asked.records.push(Arc::clone(&after));
        asked.pairs.push(Pair {
            key,
            before: before.seq,
            after: after.seq,
            probes,
        });
        before = after;
    }
    let after = look(caller, subject).await?;
    asked.pairs.extend(pairs(&known, &after, prefix));
    asked
        .records
        .extend(known.iter().chain(&after).map(|(_, answered)| record(answered)));
    *w.memory::<Asked>() = asked;
    Ok(())
}

async fn unchanged(w: &mut World, _: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    let Asked { pairs, records } = std::mem::take(w.memory::<Asked>());
    compare(w, &caller, pairs, records).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_becomes_a_query_of_its_scalars() {
        let query = flat(&json!({"id": "7", "unit_id": "U1", "nilai": 5, "alasan": {"teks": "x"}}));
        let text = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        assert_eq!(query, [text("unit_id", "U1"), text("nilai", "5"), text("alasan", "x")]);
    }
}
