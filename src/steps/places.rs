//! The addresses of a complaint, the methods that are declared there, and what all who see the complaint read of it.
//! Shared by the steps about HTTP; holds no sentence and no verdict.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Record};
use crate::run::{Caller, Complaint, Halt};
use crate::target::{Address, Answered, Extra, RawBody};

use super::routes::{claimed, offered};

/// Operations that read one complaint.
pub(super) const READS: &[Op] = &[Op::Read, Op::History, Op::Track, Op::Download];

/// Operations that read what is no single complaint.
pub(super) const COLLECTIONS: &[Op] = &[
    Op::List,
    Op::Search,
    Op::Export,
    Op::Categories,
    Op::Agencies,
    Op::Regions,
    Op::Units,
    Op::Statistics,
    Op::Health,
    Op::OpenApi,
];

/// Operations that write to one complaint.
pub(super) const WRITES: &[Op] = &[
    Op::Verify,
    Op::RequestInfo,
    Op::Supplement,
    Op::Dispose,
    Op::Forward,
    Op::Postpone,
    Op::Resume,
    Op::Archive,
    Op::Merge,
    Op::FollowUp,
    Op::Note,
    Op::Reply,
    Op::Close,
    Op::Reopen,
    Op::Withdraw,
    Op::Rate,
    Op::Attach,
];

/// A complaint with the id of its file, where it has one.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) complaint: Complaint,
    pub(super) file: Option<String>,
}

/// An address with the operation that it belongs to, and who is entitled to that.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) op: Op,
    pub(super) actor: Actor,
    pub(super) address: Address,
}

impl Subject {
    /// The canonical input that names the complaint in every way.
    pub(super) fn names(&self) -> Value {
        let complaint = &self.complaint;
        let mut names = Map::from_iter([
            ("id".to_owned(), json!(complaint.id)),
            ("q".to_owned(), json!(complaint.marker)),
        ]);
        for (name, value) in [("nomor_pelacakan", &complaint.number), ("lampiran_id", &self.file)] {
            if let Some(value) = value {
                names.insert(name.to_owned(), json!(value));
            }
        }
        Value::Object(names)
    }

    /// Whether an address is this complaint's own, so that nothing else is met there.
    pub(super) fn owns(&self, address: &Address) -> bool {
        [
            Some(&self.complaint.id),
            self.complaint.number.as_ref(),
            self.file.as_ref(),
        ]
        .into_iter()
        .flatten()
        .any(|name| address.names(name))
    }
}

impl Spot {
    /// Name in legs, such as `membaca` or `membaca/halaman`.
    pub(super) fn name(&self) -> String {
        let step = &self.address.step;
        let op = self.op.indonesian();
        if step.is_empty() {
            op.to_owned()
        } else {
            format!("{op}/{step}")
        }
    }

    /// A request to this address alone.
    pub(super) fn request(&self, caller: &Caller, actor: Actor, method: &str) -> crate::run::CallBuilder {
        let body = matches!(method, "POST" | "PUT" | "PATCH").then(|| RawBody {
            media_type: Some("application/json".to_owned()),
            bytes: b"{}".to_vec(),
        });
        let extra = Extra {
            url: Some(self.address.url.clone()),
            method: Some(method.to_owned()),
            alone: true,
            raw: body,
            ..Extra::default()
        };
        caller
            .call(self.op, actor, json!({}))
            .class(format!("metode {method}"))
            .part(Part::Probe)
            .extra(extra)
    }
}

/// The addresses of operations that the statement offers, each path once; the owner's own way first.
pub(super) async fn spots(caller: &Caller, subject: &Subject, ops: &[Op]) -> Vec<Spot> {
    let (cx, owner) = (caller.cx(), subject.complaint.owner);
    let input = subject.names();
    let (mut spots, mut seen) = (Vec::new(), BTreeSet::new());
    for op in ops.iter().copied().filter(|op| claimed(cx, *op)) {
        let actors = std::iter::once(owner).chain(Actor::ALL.iter().copied());
        let Some(actor) = actors.into_iter().find(|actor| cx.target().bound(op, *actor)) else {
            continue;
        };
        for address in cx.target().addresses(op, actor, &input).await {
            if seen.insert(address.path().to_owned()) {
                spots.push(Spot { op, actor, address });
            }
        }
    }
    spots
}

/// The methods that anything declares, by the path of an address.
pub(super) struct Declared {
    bound: Vec<(String, String)>,
    described: Vec<(Vec<String>, Vec<String>)>,
}

impl Declared {
    /// What the binding, the statement and the API description say.
    pub(super) async fn of(caller: &Caller, subject: &Subject) -> Result<Self, Halt> {
        let cx = caller.cx();
        let input = subject.names();
        let mut bound = Vec::new();
        for (op, route) in cx.statement().binding().routes() {
            for actor in route.entitled() {
                for address in cx.target().addresses(op, *actor, &input).await {
                    bound.push((address.path().to_owned(), address.method.clone()));
                }
            }
        }
        bound.sort();
        bound.dedup();
        let stated = cx.statement().document().api.metode.iter();
        let mut described: Vec<_> = stated
            .map(|(path, methods)| (segments(path), methods.clone()))
            .collect();
        described.extend(openapi(caller).await?);
        Ok(Self { bound, described })
    }

    /// Whether a method is declared for a path.
    pub(super) fn holds(&self, path: &str, method: &str) -> bool {
        let own = segments(path);
        let fits = |template: &Vec<String>| {
            let Some(start) = own.len().checked_sub(template.len()) else {
                return false;
            };
            let tail = own.iter().skip(start);
            tail.zip(template)
                .all(|(segment, wanted)| wanted.starts_with('{') || segment == wanted)
        };
        let same = |declared: &str| declared.eq_ignore_ascii_case(method);
        self.bound
            .iter()
            .any(|(bound, declared)| bound == path && same(declared))
            || self
                .described
                .iter()
                .any(|(template, methods)| fits(template) && methods.iter().any(|declared| same(declared)))
    }
}

fn segments(path: &str) -> Vec<String> {
    path.trim_matches('/').split('/').map(str::to_owned).collect()
}

/// Paths and methods of the API description, where one is offered.
async fn openapi(caller: &Caller) -> Result<Vec<(Vec<String>, Vec<String>)>, Halt> {
    let Some(actor) = [Actor::Publik, Actor::PelaporA, Actor::Admin]
        .into_iter()
        .find(|actor| offered(caller.cx(), Op::OpenApi, *actor))
    else {
        return Ok(Vec::new());
    };
    let answered = caller
        .call(Op::OpenApi, actor, json!({}))
        .part(Part::Setup)
        .send()
        .await?;
    let paths = answered.mapped.get("jalur").and_then(Value::as_object);
    let methods = |value: &Value| {
        let names = value.as_array().map(Vec::as_slice).unwrap_or_default();
        names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Ok(paths
        .into_iter()
        .flatten()
        .map(|(path, value)| (segments(path), methods(value)))
        .collect())
}

/// One look at a complaint by everybody who sees it.
pub(super) type Look = Vec<(String, Answered)>;

/// Looks at a complaint: its owner and the administrator read it, its history and its file.
pub(super) async fn look(caller: &Caller, subject: &Subject) -> Result<Look, Halt> {
    let owner = subject.complaint.owner;
    let input = subject.names();
    let mut look = Look::new();
    for (op, actors) in [
        (Op::Read, &[owner, Actor::Admin][..]),
        (Op::History, &[Actor::Admin, owner]),
        (Op::Download, &[owner]),
    ] {
        let there = op != Op::Download || subject.file.is_some();
        let able = actors
            .iter()
            .copied()
            .filter(|actor| there && offered(caller.cx(), op, *actor));
        for actor in able.take(if op == Op::Read { 2 } else { 1 }) {
            let call = caller.call(op, actor, input.clone()).object(&*subject.complaint.label);
            let answered = call.part(Part::SecondRead).send().await?;
            look.push((format!("{}@{actor}", op.indonesian()), answered));
        }
    }
    Ok(look)
}

/// The record of an answer.
pub(super) fn record(answered: &Answered) -> Arc<Record> {
    Arc::clone(&answered.record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_the_end_of_a_path_and_braces_fit_any_segment() {
        let declared = Declared {
            bound: vec![("/api/v1/pengaduan/7".to_owned(), "GET".to_owned())],
            described: vec![(segments("/pengaduan/{id}"), vec!["patch".to_owned()])],
        };
        assert!(declared.holds("/api/v1/pengaduan/7", "GET"));
        assert!(declared.holds("/api/v1/pengaduan/7", "PATCH"));
        assert!(!declared.holds("/api/v1/pengaduan/7", "PUT"));
        assert!(!declared.holds("/api/v1/pengaduan/7/riwayat", "PATCH"));
        assert!(!declared.holds("/7", "PATCH"));
    }
}
