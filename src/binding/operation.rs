//! Routes: what a canonical operation is in the application's own requests. Built from `[ikatan]`, with a fault for
//! everything that cannot work. Knows nothing of sockets or credentials.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use self::step::filter_fault;
use super::body::EncodedBody;
use super::bulk::Bulk;
use super::codec::Codec;
use super::condition::{Received, Rules};
use super::jq::{Filter, members_read};
use super::raw::{BodyKind, PagingEntry};
use super::{paging, template};
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::RawPlace;
use crate::evidence::sha256_hex;

mod build;
mod step;

/// A fault of a binding and where it stands, as keys of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingFault {
    /// Key path, `ikatan`, `operasi`, `submit`, `jawaban`.
    pub keys: Vec<String>,
    /// Byte within the text there, where known.
    pub offset: Option<usize>,
    /// What is wrong.
    pub message: Phrase,
    /// What to do.
    pub remedy: Phrase,
}

/// The whole binding.
#[derive(Debug, Clone)]
pub struct Binding {
    routes: BTreeMap<Op, Route>,
    codec: Codec,
    paging: PagingEntry,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Route {
    entitled: Vec<Actor>,
    base: Arc<Plan>,
    variants: BTreeMap<Actor, Arc<Plan>>,
}

/// The requests of an operation for one actor.
#[derive(Debug)]
struct Plan {
    steps: Vec<RouteStep>,
    answer: Option<Filter>,
}

/// One request.
#[derive(Debug)]
pub struct RouteStep {
    /// Its name; empty for the only one.
    pub name: String,
    /// Key path for faults.
    pub keys: Vec<String>,
    /// How its answer is read.
    pub rules: Rules,
    /// Left out where this gives null or false.
    pub when: Option<Filter>,
    /// Captured for later steps.
    pub captures: Vec<(String, Filter)>,
    /// Repeated until this holds: filter, pause, most repetitions.
    pub until: Option<(Filter, Duration, u32)>,
    method: String,
    address: String,
    query: Vec<(String, Expression)>,
    headers: Vec<(String, Expression)>,
    body: Option<BodyPlan>,
    /// Further bodies (`media_kiriman`); an input's member of that name chooses one by its place.
    other_bodies: Vec<BodyPlan>,
}

#[derive(Debug)]
struct BodyPlan {
    kind: BodyKind,
    filter: Option<Filter>,
    files: Option<(String, Filter)>,
    media_type: Option<Expression>,
}

#[derive(Debug, Clone)]
enum Expression {
    Literal(String),
    Filter(Filter),
}

/// A request before credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Method, upper case.
    pub method: String,
    /// Below the base URL, or absolute.
    pub address: String,
    /// The address is a link that the application gave: only its path and query count.
    pub link: bool,
    /// Further query parameters, not yet encoded.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Option<EncodedBody>,
}

/// Where a parameter stands in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Query.
    Query,
    /// Path.
    Path,
    /// Body.
    Body,
    /// Header.
    Header,
}

/// What kind of value a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A sort key.
    Sort,
}

/// A canonical input member that reaches the application.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterInput {
    /// Name of the member.
    pub name: String,
    /// Where it goes.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

impl Binding {
    /// A bound operation.
    pub fn route(&self, op: Op) -> Option<&Route> {
        self.routes.get(&op)
    }

    /// Every bound operation.
    pub fn routes(&self) -> impl Iterator<Item = (Op, &Route)> {
        self.routes.iter().map(|(op, route)| (*op, route))
    }

    /// Codec of status words and times.
    pub fn codec(&self) -> &Codec {
        &self.codec
    }

    /// A canonical input as filters and templates see it.
    pub fn prepare(&self, input: &Value) -> Value {
        let mut prepared = self.codec.send(input.clone());
        if let Some(members) = prepared.as_object_mut() {
            paging::send(&self.paging, members);
        }
        prepared
    }

    /// Maps an accepted answer: filter, codecs, next page. `answer` is what the filter sees; `before` gets what judged
    /// members were before the codecs. The fault says what could not be mapped; the value then holds the rest, or null.
    pub async fn map(
        &self,
        op: Op,
        actor: Actor,
        input: &Value,
        answer: Value,
        received: &Received,
        before: &mut BTreeMap<String, RawPlace>,
    ) -> (Value, Option<Phrase>) {
        let filter = self.route(op).and_then(|route| route.plan(actor).answer.as_ref());
        let Some(filter) = filter else {
            let value = if op == Op::Download {
                file_facts(received)
            } else {
                Value::Null
            };
            return (value, None);
        };
        let mut answer = answer;
        if op == Op::Download {
            // The bytes of a file are judged by their digest; a filter has no use for them.
            drop(Bulk::lift(&mut answer));
        }
        match filter.run(answer.clone()).await {
            Ok(value) => {
                *before = super::before::before(&value, &answer);
                let (mut value, fault) = self.codec.receive(value);
                if matches!(op, Op::List | Op::Search | Op::HubPull | Op::Export) {
                    paging::receive(&self.paging, input, received, &mut value);
                }
                (value, fault)
            }
            Err(fault) => (Value::Null, Some(fault.text)),
        }
    }

    /// Input members that reach the application, for probes.
    pub fn inputs(&self, op: Op, actor: Actor) -> Vec<ParameterInput> {
        self.route(op)
            .map(|route| route.plan(actor).inputs())
            .unwrap_or_default()
    }

    /// The media types that an operation is declared to be sent as: `badan` first, then those of `media_kiriman`. Of
    /// several steps, those with a condition are alternatives, which can ask for `.media_kiriman`.
    pub fn media(&self, op: Op, actor: Actor) -> Vec<String> {
        let steps = self.route(op).map(|route| route.steps(actor)).unwrap_or_default();
        let bodies: Vec<&BodyPlan> = match steps {
            [step] => step.body.iter().chain(&step.other_bodies).collect(),
            several => {
                let alternative = several.iter().filter(|step| step.when.is_some());
                let bodies: Vec<_> = alternative.filter_map(|step| step.body.as_ref()).collect();
                let first = several.iter().find_map(|step| step.body.as_ref());
                if bodies.is_empty() {
                    first.into_iter().collect()
                } else {
                    bodies
                }
            }
        };
        bodies.into_iter().map(|body| body.kind.id().to_owned()).collect()
    }

    /// Whether an input member changes any body that is sent. `None` where the filters cannot tell by themselves,
    /// because they need what an earlier step captured.
    pub fn carries(&self, op: Op, actor: Actor, input: &Value, member: &str) -> Option<bool> {
        let mut without = input.clone();
        without.as_object_mut()?.remove(member);
        let (with, without) = (self.prepare(input), self.prepare(&without));
        let mut told = true;
        for body in self
            .route(op)?
            .steps(actor)
            .iter()
            .filter_map(|step| step.body.as_ref())
            .filter(|body| body.kind != BodyKind::Kosong)
        {
            let Some(filter) = &body.filter else { return Some(true) };
            let files = body.files.iter().map(|(_, filter)| filter);
            for filter in std::iter::once(filter).chain(files) {
                match (filter.run_now(with.clone()), filter.run_now(without.clone())) {
                    (Ok(with), Ok(without)) if with != without => return Some(true),
                    (Ok(_), Ok(_)) => {}
                    _ => told = false,
                }
            }
        }
        told.then_some(false)
    }

    /// Whether an operation sends a JSON body for an actor.
    pub fn sends_json(&self, op: Op, actor: Actor) -> bool {
        let json = |step: &RouteStep| step.body.as_ref().is_some_and(|body| body.kind == BodyKind::Json);
        self.route(op).is_some_and(|route| route.steps(actor).iter().any(json))
    }

    /// Compiles every filter now.
    pub fn compile(&self, op: Op) -> Vec<BindingFault> {
        let Some(route) = self.route(op) else { return Vec::new() };
        let mut faults: Vec<BindingFault> = route.plans().flat_map(Plan::compile).collect();
        faults.dedup();
        faults
    }
}

impl Route {
    /// The actors that the statement says are entitled.
    pub fn entitled(&self) -> &[Actor] {
        &self.entitled
    }

    /// The requests for an actor.
    pub fn steps(&self, actor: Actor) -> &[RouteStep] {
        &self.plan(actor).steps
    }

    /// The answer filter for an actor.
    pub fn answer(&self, actor: Actor) -> Option<&Filter> {
        self.plan(actor).answer.as_ref()
    }

    fn plan(&self, actor: Actor) -> &Plan {
        self.variants.get(&actor).unwrap_or(&self.base)
    }

    fn plans(&self) -> impl Iterator<Item = &Plan> {
        std::iter::once(&*self.base).chain(self.variants.values().map(|plan| &**plan))
    }
}

impl Plan {
    fn inputs(&self) -> Vec<ParameterInput> {
        let mut found = Vec::new();
        // What an earlier answer gave is no input of the operation.
        let captured: Vec<&str> = self
            .steps
            .iter()
            .flat_map(|step| step.captures.iter().map(|(name, _)| name.as_str()))
            .collect();
        let mut add = |name: String, place: Place| {
            let canonical = match name.as_str() {
                "geser" | "tautan" => return,
                name if captured.contains(&name) => return,
                _ => name,
            };
            let kind = kind(&canonical);
            found.push(ParameterInput {
                name: canonical,
                place,
                kind,
            });
        };
        for step in &self.steps {
            for (name, query) in template::variables(&step.address) {
                add(name, if query { Place::Query } else { Place::Path });
            }
            for (list, place) in [(&step.query, Place::Query), (&step.headers, Place::Header)] {
                for (_, expression) in list {
                    if let Expression::Filter(filter) = expression {
                        for name in members_read(filter.code()) {
                            add(name, place);
                        }
                    }
                }
            }
            let filters = step.body.iter().flat_map(|body| body.filter.iter());
            filters
                .flat_map(|filter| members_read(filter.code()))
                .for_each(|name| add(name, Place::Body));
        }
        found.sort();
        found.dedup();
        found
    }

    fn compile(&self) -> Vec<BindingFault> {
        let mut faults = Vec::new();
        let mut check = |keys: Vec<String>, filter: &Filter| {
            if let Err(fault) = filter.compile() {
                faults.push(filter_fault(keys, &fault));
            }
        };
        for step in &self.steps {
            let at = |parts: &[&str]| -> Vec<String> {
                step.keys
                    .iter()
                    .cloned()
                    .chain(parts.iter().map(|part| (*part).to_owned()))
                    .collect()
            };
            for (part, list) in [("kueri", &step.query), ("header", &step.headers)] {
                for (name, expression) in list {
                    if let Expression::Filter(filter) = expression {
                        check(at(&[part, name]), filter);
                    }
                }
            }
            if let Some(body) = &step.body {
                body.filter
                    .iter()
                    .for_each(|filter| check(at(&["badan", "jq"]), filter));
                body.files
                    .iter()
                    .for_each(|(_, filter)| check(at(&["badan", "berkas", "jq"]), filter));
            }
            step.when.iter().for_each(|filter| check(at(&["bila"]), filter));
            step.captures
                .iter()
                .for_each(|(name, filter)| check(at(&["tangkap", name]), filter));
            step.until
                .iter()
                .for_each(|(filter, _, _)| check(at(&["ulangi_sampai"]), filter));
            step.rules
                .required
                .iter()
                .for_each(|filter| check(at(&["terima", "harus_ada"]), filter));
            step.rules
                .absent_if
                .iter()
                .for_each(|filter| check(at(&["tidak_ada", "bila"]), filter));
        }
        if let (Some(answer), Some(step)) = (&self.answer, self.steps.first()) {
            let keys = step
                .keys
                .iter()
                .take_while(|key| *key != "langkah")
                .cloned()
                .chain(["jawaban".to_owned()])
                .collect();
            check(keys, answer);
        }
        faults
    }
}

/// What a download is, from its bytes and headers.
fn file_facts(received: &Received) -> Value {
    let name = received.header("content-disposition").next().and_then(|line| {
        let (_, rest) = line.split_once("filename=")?;
        Some(
            rest.split(';')
                .next()
                .unwrap_or(rest)
                .trim()
                .trim_matches('"')
                .to_owned(),
        )
    });
    serde_json::json!({
        "nama": name,
        "jenis_media": received.header("content-type").next(),
        "ukuran": received.body.len(),
        "sha256": sha256_hex(&received.body),
    })
}

fn kind(name: &str) -> Kind {
    match name {
        "halaman" | "ukuran" | "lintang" | "bujur" | "nilai" | "versi" | "lokasi.lintang" | "lokasi.bujur" => {
            Kind::Number
        }
        "urut" => Kind::Sort,
        _ => Kind::Text,
    }
}
