//! Routes: what a canonical operation is in the application's own requests. Built from `[ikatan]`, with a fault for
//! everything that cannot work. Knows nothing of sockets or credentials.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::body::{self, EncodedBody, text};
use super::codec::Codec;
use super::condition::{Received, Rules, pattern};
use super::jq::{Filter, JqFault, members_read};
use super::raw::{
    AbsentEntry, AcceptEntry, BindingEntry, BodyEntry, BodyKind, OperationEntry, PagingEntry, StepEntry, VariantEntry,
};
use super::{paging, template};
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::sha256_hex;
use crate::phrase;

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
    /// Builds a binding; every fault is told, not the first alone.
    pub fn build(entry: &BindingEntry) -> Result<Self, Vec<BindingFault>> {
        let mut builder = Builder {
            faults: Vec::new(),
            headers: Vec::new(),
            refused: None,
        };
        let root = vec![String::from("ikatan")];
        builder.headers = builder.expressions(&root, "header", &entry.header);
        builder.refused = entry
            .tolak_bila
            .as_deref()
            .and_then(|text| builder.pattern(&root, "tolak_bila", text));
        let routes = entry
            .operasi
            .iter()
            .filter_map(|(op, entry)| Some((*op, builder.route(*op, entry)?)))
            .collect();
        if !builder.faults.is_empty() {
            return Err(builder.faults);
        }
        Ok(Self {
            routes,
            codec: Codec::new(&entry.status, &entry.waktu),
            paging: entry.halaman.clone(),
        })
    }

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

    /// Maps an accepted answer: filter, codecs, next page. `answer` is what the filter sees. The fault says what
    /// could not be mapped; the value then holds the rest, or null.
    pub async fn map(
        &self,
        op: Op,
        actor: Actor,
        input: &Value,
        answer: Value,
        received: &Received,
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
        match filter.run(answer).await {
            Ok(value) => {
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
        let mut add = |name: String, place: Place| {
            let canonical = match name.as_str() {
                "geser" | "tautan" => return,
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

impl RouteStep {
    /// Builds the request for a prepared input.
    pub async fn draft(&self, input: &Value) -> Result<Draft, BindingFault> {
        let link = input.get("tautan").and_then(Value::as_str);
        let address = match link {
            Some(link) => link.to_owned(),
            None => template::expand(&self.address, input).map_err(|why| self.fault("alamat", &why))?,
        };
        let mut query = Vec::new();
        if link.is_none() {
            for (name, expression) in &self.query {
                let value = self.value(expression, input, &["kueri", name]).await?;
                push(name, &value, &mut query);
            }
        }
        let mut headers = Vec::new();
        for (name, expression) in &self.headers {
            let value = self.value(expression, input, &["header", name]).await?;
            push(name, &value, &mut headers);
        }
        let body = self.encode(input).await?;
        let typed = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let Some(body) = body.as_ref().filter(|_| !typed) {
            headers.push(("Content-Type".into(), body.media_type.clone()));
        }
        Ok(Draft {
            method: self.method.clone(),
            address,
            link: link.is_some(),
            query,
            headers,
            body,
        })
    }

    async fn encode(&self, input: &Value) -> Result<Option<EncodedBody>, BindingFault> {
        let Some(plan) = &self.body else { return Ok(None) };
        let value = match &plan.filter {
            Some(filter) => filter
                .run(input.clone())
                .await
                .map_err(|fault| self.filter_fault(&["badan", "jq"], &fault))?,
            None => without_nulls(input),
        };
        let files = match &plan.files {
            Some((field, filter)) => {
                let files = filter.run(input.clone()).await;
                Some((
                    field.as_str(),
                    files.map_err(|fault| self.filter_fault(&["badan", "berkas", "jq"], &fault))?,
                ))
            }
            None => None,
        };
        let files = files.as_ref().map(|(field, value)| (*field, value));
        let mut body = body::encode(plan.kind, &value, files).map_err(|why| self.fault("badan", &why))?;
        if let (Some(body), Some(expression)) = (&mut body, &plan.media_type)
            && let Value::String(media_type) = self.value(expression, input, &["badan", "jenis_media"]).await?
        {
            body.media_type = media_type;
        }
        Ok(body)
    }

    async fn value(&self, expression: &Expression, input: &Value, part: &[&str]) -> Result<Value, BindingFault> {
        match expression {
            Expression::Literal(text) => Ok(Value::String(text.clone())),
            Expression::Filter(filter) => filter
                .run(input.clone())
                .await
                .map_err(|fault| self.filter_fault(part, &fault)),
        }
    }

    /// A fault of one of this step's filters.
    pub fn filter_fault(&self, part: &[&str], fault: &JqFault) -> BindingFault {
        let keys = self
            .keys
            .iter()
            .cloned()
            .chain(part.iter().map(|part| (*part).to_owned()))
            .collect();
        filter_fault(keys, fault)
    }

    fn fault(&self, part: &str, why: &str) -> BindingFault {
        let keys = self.keys.iter().cloned().chain([part.to_owned()]).collect();
        BindingFault {
            keys,
            offset: None,
            message: Phrase::same(why),
            remedy: repair(),
        }
    }
}

fn filter_fault(keys: Vec<String>, fault: &JqFault) -> BindingFault {
    BindingFault {
        keys,
        offset: (fault.offset > 0).then_some(fault.offset),
        message: fault.text.clone(),
        remedy: repair(),
    }
}

fn repair() -> Phrase {
    Phrase::new(
        "Perbaiki ikatan; coba dengan `laik try PERNYATAAN OPERASI`.",
        "Correct the binding; try it by `laik try STATEMENT OPERATION`.",
    )
}

fn push(name: &str, value: &Value, list: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(items) => list.extend(items.iter().map(|item| (name.to_owned(), text(item)))),
        scalar => list.push((name.to_owned(), text(scalar))),
    }
}

fn without_nulls(input: &Value) -> Value {
    match input {
        Value::Object(members) => {
            let kept = members
                .iter()
                .filter(|(name, value)| !value.is_null() && name.as_str() != "geser");
            Value::Object(
                kept.map(|(name, value)| (name.clone(), value.clone()))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
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

/// Actors that the model entitles to an operation (model.md, *Operations*).
fn entitled(op: Op) -> &'static [Actor] {
    use Actor as A;
    match op {
        Op::Read
        | Op::List
        | Op::History
        | Op::Search
        | Op::Categories
        | Op::Agencies
        | Op::Regions
        | Op::Download
        | Op::Health
        | Op::OpenApi => Actor::ALL,
        Op::Track => &[A::Publik],
        Op::Submit
        | Op::Supplement
        | Op::Reply
        | Op::Reopen
        | Op::Withdraw
        | Op::Rate
        | Op::Correct
        | Op::ExportPersonal
        | Op::Erase => &[A::PelaporA, A::PelaporB],
        Op::Verify
        | Op::RequestInfo
        | Op::Dispose
        | Op::Forward
        | Op::Postpone
        | Op::Resume
        | Op::Archive
        | Op::Close
        | Op::Merge
        | Op::Units
        | Op::HubForward
        | Op::SetClock => &[A::Admin],
        Op::FollowUp => &[A::Petugas, A::PetugasLain],
        Op::Note => &[A::Petugas, A::PetugasLain, A::Admin],
        Op::Attach => &[A::PelaporA, A::PelaporB, A::Petugas, A::PetugasLain],
        Op::Export => &[A::Admin, A::Publik],
        Op::Statistics => &[A::Publik, A::Admin, A::Pengawas, A::Hub],
        Op::Login | Op::Logout | Op::Refresh => &[
            A::PelaporA,
            A::PelaporB,
            A::Admin,
            A::Petugas,
            A::PetugasLain,
            A::Pengawas,
            A::Hub,
        ],
        Op::HubDispatch | Op::HubEvent | Op::HubPull | Op::HubUpdate => &[A::Hub],
    }
}

/// Collects faults while it builds.
struct Builder {
    faults: Vec<BindingFault>,
    headers: Vec<(String, Expression)>,
    refused: Option<regex::Regex>,
}

impl Builder {
    fn route(&mut self, op: Op, entry: &OperationEntry) -> Option<Route> {
        let keys = vec!["ikatan".to_owned(), "operasi".to_owned(), op.id().to_owned()];
        let base = Arc::new(self.plan(&keys, entry)?);
        let mut variants = BTreeMap::new();
        for (actor, variant) in &entry.per_aktor {
            let mut keys = keys.clone();
            keys.extend(["per_aktor".to_owned(), actor.id().to_owned()]);
            variants.insert(*actor, Arc::new(self.plan(&keys, &overridden(entry, variant))?));
        }
        let entitled = entry.aktor.clone().unwrap_or_else(|| entitled(op).to_vec());
        Some(Route {
            entitled,
            base,
            variants,
        })
    }

    fn plan(&mut self, keys: &[String], entry: &OperationEntry) -> Option<Plan> {
        let answer = entry
            .jawaban
            .as_deref()
            .and_then(|code| self.filter(keys, &["jawaban"], code));
        if !entry.langkah.is_empty() {
            if entry.metode.is_some() || entry.alamat.is_some() {
                self.fault(
                    keys,
                    &["langkah"],
                    Phrase::new(
                        "operasi berisi langkah tidak boleh juga berisi metode atau alamat",
                        "an operation with steps cannot have a method or an address beside them",
                    ),
                );
            }
            let mut steps: Vec<RouteStep> = Vec::new();
            for (index, step) in entry.langkah.iter().enumerate() {
                let mut keys = keys.to_vec();
                keys.extend(["langkah".to_owned(), index.to_string()]);
                if step.nama.is_empty() || steps.iter().any(|earlier| earlier.name == step.nama) {
                    self.fault(
                        &keys,
                        &[],
                        Phrase::new(
                            "setiap langkah harus punya nama sendiri",
                            "each step must have a name of its own",
                        ),
                    );
                }
                steps.push(self.step(&keys, step, entry.tidak_ada.as_ref(), entry.terima.as_ref()));
            }
            return Some(Plan { steps, answer });
        }
        let (Some(method), Some(address)) = (&entry.metode, &entry.alamat) else {
            let missing = if entry.metode.is_none() { "metode" } else { "alamat" };
            self.fault(keys, &[], phrase!("`{missing}` belum diisi", "`{missing}` is missing"));
            return None;
        };
        let only = StepEntry {
            metode: method.clone(),
            alamat: address.clone(),
            kueri: entry.kueri.clone(),
            header: entry.header.clone(),
            badan: entry.badan.clone(),
            ..StepEntry::default()
        };
        let step = self.step(keys, &only, entry.tidak_ada.as_ref(), entry.terima.as_ref());
        Some(Plan {
            steps: vec![step],
            answer,
        })
    }

    fn step(
        &mut self,
        keys: &[String],
        entry: &StepEntry,
        absent: Option<&AbsentEntry>,
        accept: Option<&AcceptEntry>,
    ) -> RouteStep {
        let method = entry.metode.trim().to_ascii_uppercase();
        if http::Method::from_bytes(method.as_bytes()).is_err() || method.is_empty() {
            self.fault(
                keys,
                &["metode"],
                phrase!("metode `{method}` tidak sah", "method `{method}` is not valid"),
            );
        }
        if let Err(why) = template::check(&entry.alamat) {
            self.fault(
                keys,
                &["alamat"],
                phrase!(
                    "pola alamat tidak sah: {why}",
                    "the address template is not valid: {why}"
                ),
            );
        }
        let mut headers: Vec<_> = self.headers.clone();
        let own = self.expressions(keys, "header", &entry.header);
        headers.retain(|(name, _)| !own.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
        headers.extend(own);
        let rules = self.rules(keys, entry.terima.as_ref().or(accept), absent);
        let captures = entry
            .tangkap
            .iter()
            .filter_map(|(name, code)| Some((name.clone(), self.filter(keys, &["tangkap", name], code)?)));
        let captures = captures.collect();
        let until = entry
            .ulangi_sampai
            .as_deref()
            .and_then(|code| self.filter(keys, &["ulangi_sampai"], code));
        let pause = Duration::from_millis(entry.jeda_ms.unwrap_or(500).min(10_000));
        let most = entry.paling_banyak.unwrap_or(10).clamp(1, 60);
        RouteStep {
            name: entry.nama.clone(),
            keys: keys.to_vec(),
            rules,
            when: entry
                .bila
                .as_deref()
                .and_then(|code| self.filter(keys, &["bila"], code)),
            captures,
            until: until.map(|filter| (filter, pause, most)),
            method,
            address: entry.alamat.clone(),
            query: self.expressions(keys, "kueri", &entry.kueri),
            headers,
            body: entry.badan.as_ref().map(|body| self.body(keys, body)),
        }
    }

    fn body(&mut self, keys: &[String], entry: &BodyEntry) -> BodyPlan {
        if entry.berkas.is_some() && entry.jenis != BodyKind::Multipart {
            self.fault(
                keys,
                &["badan", "berkas"],
                Phrase::new(
                    "berkas hanya untuk jenis multipart",
                    "berkas is for the kind multipart alone",
                ),
            );
        }
        BodyPlan {
            kind: entry.jenis,
            filter: entry
                .jq
                .as_deref()
                .and_then(|code| self.filter(keys, &["badan", "jq"], code)),
            files: entry.berkas.as_ref().and_then(|files| {
                Some((
                    files.bidang.clone(),
                    self.filter(keys, &["badan", "berkas", "jq"], &files.jq)?,
                ))
            }),
            media_type: entry
                .jenis_media
                .as_deref()
                .and_then(|text| self.expression(keys, &["badan", "jenis_media"], text)),
        }
    }

    fn rules(&mut self, keys: &[String], accept: Option<&AcceptEntry>, absent: Option<&AbsentEntry>) -> Rules {
        let mut rules = Rules {
            refused: self.refused.clone().into_iter().collect(),
            ..Rules::default()
        };
        if let Some(accept) = accept {
            rules.accepted.clone_from(&accept.status);
            rules.refused.extend(
                accept
                    .tolak_bila
                    .as_deref()
                    .and_then(|text| self.pattern(keys, "terima", text)),
            );
            rules.required = accept
                .harus_ada
                .as_deref()
                .and_then(|code| self.filter(keys, &["terima", "harus_ada"], code));
        }
        if let Some(absent) = absent {
            rules.absent.clone_from(&absent.status);
            rules.absent_if = absent
                .bila
                .as_deref()
                .and_then(|code| self.filter(keys, &["tidak_ada", "bila"], code));
        }
        rules
    }

    fn expressions(
        &mut self,
        keys: &[String],
        part: &str,
        entries: &BTreeMap<String, String>,
    ) -> Vec<(String, Expression)> {
        let list = entries.iter().filter_map(|(name, text)| {
            if part == "header" && http::HeaderName::from_bytes(name.as_bytes()).is_err() {
                self.fault(
                    keys,
                    &[part, name],
                    phrase!("nama header `{name}` tidak sah", "header name `{name}` is not valid"),
                );
            }
            Some((name.clone(), self.expression(keys, &[part, name], text)?))
        });
        list.collect()
    }

    fn expression(&mut self, keys: &[String], part: &[&str], text: &str) -> Option<Expression> {
        match text.strip_prefix('=') {
            Some(code) => self.filter(keys, part, code).map(Expression::Filter),
            None => Some(Expression::Literal(text.to_owned())),
        }
    }

    fn filter(&mut self, keys: &[String], part: &[&str], code: &str) -> Option<Filter> {
        match Filter::new(code) {
            Ok(filter) => Some(filter),
            Err(complaints) => {
                for complaint in complaints.into_iter().take(5) {
                    self.fault(keys, part, complaint.text);
                    if let Some(fault) = self.faults.last_mut() {
                        fault.offset = Some(complaint.offset);
                    }
                }
                None
            }
        }
    }

    fn pattern(&mut self, keys: &[String], part: &str, text: &str) -> Option<regex::Regex> {
        let pattern = pattern(text);
        if let Err(why) = &pattern {
            self.fault(
                keys,
                &[part],
                phrase!("pola tidak sah: {why}", "the pattern is not valid: {why}"),
            );
        }
        pattern.ok()
    }

    fn fault(&mut self, keys: &[String], part: &[&str], message: Phrase) {
        let keys = keys
            .iter()
            .cloned()
            .chain(part.iter().map(|part| (*part).to_owned()))
            .collect();
        self.faults.push(BindingFault {
            keys,
            offset: None,
            message,
            remedy: repair(),
        });
    }
}

fn overridden(entry: &OperationEntry, variant: &VariantEntry) -> OperationEntry {
    let steps = !variant.langkah.is_empty();
    let one = variant.alamat.is_some() || variant.metode.is_some();
    let kept = |own: Option<&String>, base: Option<&String>| if steps { None } else { own.or(base).cloned() };
    let joined = |own: &BTreeMap<String, String>, base: &BTreeMap<String, String>| {
        base.iter()
            .chain(own)
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect()
    };
    OperationEntry {
        aktor: entry.aktor.clone(),
        metode: kept(variant.metode.as_ref(), entry.metode.as_ref()),
        alamat: kept(variant.alamat.as_ref(), entry.alamat.as_ref()),
        kueri: joined(&variant.kueri, &entry.kueri),
        header: joined(&variant.header, &entry.header),
        badan: variant.badan.clone().or_else(|| entry.badan.clone()),
        terima: variant.terima.clone().or_else(|| entry.terima.clone()),
        tidak_ada: variant.tidak_ada.clone().or_else(|| entry.tidak_ada.clone()),
        jawaban: variant.jawaban.clone().or_else(|| entry.jawaban.clone()),
        langkah: if steps {
            variant.langkah.clone()
        } else if one {
            Vec::new()
        } else {
            entry.langkah.clone()
        },
        per_aktor: BTreeMap::new(),
    }
}
