//! Carrying out one canonical operation: draft, credential, pacing, exchange, reading, mapping, record; with steps,
//! captures, conditions and repetitions. Every exchange is recorded, throttled ones too.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::SemaphorePermit;
use tokio::time::Instant;

use super::address::alter;
use super::cookies::Jar;
use super::gate::{Place, gate};
use super::wire;
use super::{Answered, Call, CallFault, Extra, Sent, Target};
use crate::binding::jq::truthy;
use crate::binding::{BindingFault, Received, RouteStep};
use crate::domain::phrase::Lang;
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Broken, Credential, Part, Reading, Record, Scope};
use crate::evidence::{RawAnswer, RawExchange, RawRequest};
use crate::statement::{AuthenticationKind, Diagnosis};

/// Most times that one request waits for a throttled server.
const MOST_WAITS: u32 = 10;
/// Below this age a session that meets 401 is not the reason.
const YOUNG_SESSION: Duration = Duration::from_secs(5);

/// What the requests of one call share.
struct Passage {
    /// The place at the gate of a burst, until the first request has left.
    place: Option<Place>,
    /// The cookies of a session that is being begun.
    jar: Option<Jar>,
}

/// One exchange before it is recorded.
struct Exchanged {
    raw: RawExchange,
    received: Option<Received>,
    /// What filters see; null where no answer came.
    value: Value,
}

impl Target {
    /// Carries out an operation. A refusal, an error and silence are answers; a fault is that nothing could be sent.
    pub async fn call(&self, call: Call) -> Result<Answered, CallFault> {
        self.until_stopped(self.perform(call, None)).await
    }

    /// Carries out operations at once: credentials and connections are made ready, and all first requests leave
    /// together. Pacing does not hold them.
    pub async fn parallel(&self, calls: Vec<Call>) -> Vec<Result<Answered, CallFault>> {
        for call in calls.iter().filter(|call| call.sent == Sent::Own) {
            // A login that fails is told by the call itself.
            if self.inner.statement.authentication(call.actor).is_some() {
                drop(self.until_stopped(self.token_in(&call.scope, call.actor)).await);
            }
        }
        if let Some(first) = calls.first() {
            self.warm(&first.scope, calls.len()).await;
        }
        let places = gate(calls.len());
        let all = calls
            .into_iter()
            .zip(places)
            .map(|(call, place)| self.until_stopped(self.perform(call, Some(place))));
        futures::future::join_all(all).await
    }

    /// Opens connections by as many harmless reads at once.
    async fn warm(&self, scope: &Scope, count: usize) {
        let reads = [Op::Health, Op::Categories, Op::Agencies, Op::OpenApi];
        let Some(op) = reads.into_iter().find(|op| self.routed(*op)) else {
            return;
        };
        let calls = gate(count).into_iter().map(|place| {
            let call = Call {
                scope: Scope {
                    part: Part::Setup,
                    ..scope.clone()
                },
                op,
                actor: Actor::Publik,
                sent: Sent::None,
                object: None,
                input_class: String::from("sambungan dibuka"),
                input: Value::Object(Map::new()),
                extra: Extra::default(),
            };
            self.until_stopped(self.perform(call, Some(place)))
        });
        drop(futures::future::join_all(calls).await);
    }

    async fn until_stopped<T>(&self, work: impl Future<Output = Result<T, CallFault>>) -> Result<T, CallFault> {
        let mut stop = self.inner.stop.subscribe();
        tokio::select! {
            biased;
            _ = stop.wait_for(|stopped| *stopped) => Err(CallFault::Stopped),
            result = work => result,
        }
    }

    pub(super) async fn perform(&self, call: Call, place: Option<Place>) -> Result<Answered, CallFault> {
        // A login that is tried for its own sake has cookies of its own: it does not touch the actor's session.
        let entry = self
            .inner
            .statement
            .authentication(call.actor)
            .map(|(_, entry)| entry.jenis);
        let fresh = call.op == Op::Login && entry == Some(AuthenticationKind::SesiKuki);
        self.perform_in(call, place, fresh.then(Jar::default)).await
    }

    /// The same within a session that is being begun.
    pub(super) async fn perform_in(
        &self,
        call: Call,
        place: Option<Place>,
        jar: Option<Jar>,
    ) -> Result<Answered, CallFault> {
        let mut passage = Passage { place, jar };
        let statement = &self.inner.statement;
        let (op, actor) = (call.op, call.actor);
        let route = statement.binding().route(op).filter(|_| self.declared(actor));
        let route = route.ok_or(CallFault::NotBound { op, actor })?;
        let steps = route.steps(actor);
        let mut input = statement.binding().prepare(&call.input);
        let mut earlier = Map::new();
        let mut records = Vec::new();
        let mut next = if call.extra.alone {
            steps.iter().enumerate().next()
        } else {
            self.next_step(steps, 0, &input).await?
        };
        while let Some((index, step)) = next {
            let mut exchanged = self.repeat(&call, step, &input, &mut passage, &mut records).await?;
            let accepted = exchanged.raw.reading == Reading::Accepted;
            next = None;
            if accepted && !call.extra.alone {
                self.captures(step, &exchanged.value, &mut input).await?;
                next = self.next_step(steps, index + 1, &input).await?;
            }
            if next.is_some() {
                earlier.insert(step.name.clone(), exchanged.value);
                records.push(self.inner.recorder.capture(call.scope.clone(), exchanged.raw));
                continue;
            }
            let (mapped, map_fault) = self.mapped(&call, &mut exchanged, earlier).await;
            exchanged.raw.mapped = mapped.clone();
            exchanged.raw.map_fault.clone_from(&map_fault);
            let reading = exchanged.raw.reading;
            let record = self.inner.recorder.capture(call.scope.clone(), exchanged.raw);
            records.push(Arc::clone(&record));
            return Ok(Answered {
                record,
                records,
                reading,
                mapped,
                map_fault,
            });
        }
        let keys = vec!["ikatan".to_owned(), "operasi".to_owned(), op.id().to_owned()];
        Err(self.statement_fault(&BindingFault {
            keys,
            offset: None,
            message: Phrase::new("tidak ada langkah yang berlaku", "no step applies"),
            remedy: Phrase::new("Periksa `bila` setiap langkah.", "Look at `bila` of each step."),
        }))
    }

    /// The next step whose condition holds.
    async fn next_step<'a>(
        &self,
        steps: &'a [RouteStep],
        from: usize,
        input: &Value,
    ) -> Result<Option<(usize, &'a RouteStep)>, CallFault> {
        for (index, step) in steps.iter().enumerate().skip(from) {
            let holds = step.applies(input).await;
            let holds = holds.map_err(|fault| self.statement_fault(&fault))?;
            if holds {
                return Ok(Some((index, step)));
            }
        }
        Ok(None)
    }

    /// One step, repeated until its condition holds; the last exchange is not recorded yet.
    async fn repeat(
        &self,
        call: &Call,
        step: &RouteStep,
        input: &Value,
        passage: &mut Passage,
        records: &mut Vec<Arc<Record>>,
    ) -> Result<Exchanged, CallFault> {
        let mut left = step.until.as_ref().map_or(1, |(_, _, most)| *most);
        loop {
            let exchanged = self.throttled(call, step, input, passage, records).await?;
            left -= 1;
            let Some((filter, pause, _)) = step.until.as_ref().filter(|_| left > 0) else {
                return Ok(exchanged);
            };
            // A condition that fails on an answer does not hold yet.
            let holds = filter
                .run(exchanged.value.clone())
                .await
                .is_ok_and(|value| truthy(&value));
            if holds || exchanged.received.is_none() {
                return Ok(exchanged);
            }
            records.push(self.inner.recorder.capture(call.scope.clone(), exchanged.raw));
            tokio::time::sleep(*pause).await;
        }
    }

    /// One step; waits where the server asks for it, and logs in again where an old session met 401.
    async fn throttled(
        &self,
        call: &Call,
        step: &RouteStep,
        input: &Value,
        passage: &mut Passage,
        records: &mut Vec<Arc<Record>>,
    ) -> Result<Exchanged, CallFault> {
        let mut room = self.inner.statement.answer_limit();
        let mut waits = 0;
        let mut renewed = false;
        let called = Instant::now();
        loop {
            let mut exchanged = self.once(call, step, input, passage).await?;
            exchanged.raw.waits = waits;
            let Some(received) = &exchanged.received else {
                return Ok(exchanged);
            };
            let asked = received
                .header("retry-after")
                .next()
                .and_then(|text| text.trim().parse::<u64>().ok());
            let wait = asked
                .filter(|_| received.status == 429)
                .map(|seconds| self.scaled(seconds));
            if let Some(wait) = wait.filter(|wait| *wait <= room && waits < MOST_WAITS) {
                records.push(self.inner.recorder.capture(call.scope.clone(), exchanged.raw));
                tokio::time::sleep(wait).await;
                room = room.saturating_sub(wait);
                waits += 1;
                continue;
            }
            let own = exchanged.raw.credential == Credential::Own && call.op != Op::Logout;
            if received.status == 401 && own && !renewed && self.may_be_over(call.actor, YOUNG_SESSION, called).await {
                renewed = true;
                records.push(self.inner.recorder.capture(call.scope.clone(), exchanged.raw));
                self.relogin(call.actor).await;
                continue;
            }
            return Ok(exchanged);
        }
    }

    /// Waits for an exchange's turn: that of a burst at its gate, any other by pace and by lane. The lane is held until
    /// what is returned is dropped.
    async fn turn(&self, actor: Actor, place: Option<Place>) -> Option<SemaphorePermit<'_>> {
        if let Some(place) = place {
            place.arrive().await;
            return None;
        }
        self.inner.pace.wait(actor).await;
        // Never closed while the target lives, so never an error.
        self.inner.lanes.acquire().await.ok()
    }

    async fn once(
        &self,
        call: &Call,
        step: &RouteStep,
        input: &Value,
        passage: &mut Passage,
    ) -> Result<Exchanged, CallFault> {
        let draft = if call.extra.alone {
            let mut bare = step.bare(input).await;
            if call.extra.url.is_some() {
                bare.query.clear();
            }
            bare
        } else {
            step.draft(input).await.map_err(|fault| self.statement_fault(&fault))?
        };
        let mut outgoing = self.outgoing(draft, &call.extra)?;
        let (credential, jar) = self.authenticate(call, passage.jar.as_ref(), &mut outgoing).await?;
        alter(&mut outgoing, &call.extra);
        let lane = self.turn(call.actor, passage.place.take()).await;
        let at = jiff::Timestamp::now().to_string();
        let started_us = self.inner.recorder.elapsed_us();
        let result = wire::exchange(&self.inner.client, &outgoing, self.inner.statement.answer_limit()).await;
        let ended_us = self.inner.recorder.elapsed_us();
        drop(lane);
        if let (Some(jar), Ok(received)) = (&jar, &result) {
            self.keep_cookies(jar, &outgoing.url, received);
        }
        let (answer, received, value, reading, map_fault) = self.read(step, result).await;
        let raw = RawExchange {
            op: call.op,
            actor: call.actor,
            credential,
            object: call.object.clone(),
            step: step.name.clone(),
            input_class: call.input_class.clone(),
            started_us,
            ended_us,
            at,
            request: RawRequest {
                method: outgoing.method,
                url: outgoing.url.to_string(),
                headers: outgoing.headers,
                body: outgoing.body,
            },
            answer,
            reading,
            mapped: Value::Null,
            map_fault,
            raw: BTreeMap::new(),
            waits: 0,
        };
        Ok(Exchanged { raw, received, value })
    }

    async fn read(
        &self,
        step: &RouteStep,
        result: Result<Received, Broken>,
    ) -> (RawAnswer, Option<Received>, Value, Reading, Option<String>) {
        match result {
            Ok(received) => {
                let value = received.value();
                let (reading, fault) = match step.rules.read(&received, &value).await {
                    Ok(reading) => (reading, None),
                    Err(fault) => (Reading::Unclear, Some(fault.text.id)),
                };
                let Received { status, headers, body } = received.clone();
                (
                    RawAnswer::Response { status, headers, body },
                    Some(received),
                    value,
                    reading,
                    fault,
                )
            }
            Err(broken) => (RawAnswer::Broken(broken), None, Value::Null, Reading::NoAnswer, None),
        }
    }

    async fn captures(&self, step: &RouteStep, answer: &Value, input: &mut Value) -> Result<(), CallFault> {
        for (name, filter) in &step.captures {
            let value = filter.run(answer.clone()).await;
            let value = value.map_err(|fault| self.statement_fault(&step.filter_fault(&["tangkap", name], &fault)))?;
            if let Some(members) = input.as_object_mut() {
                members.insert(name.clone(), value);
            }
        }
        Ok(())
    }

    /// Maps the last answer, and registers tokens before anything of it is recorded (decisions.md B.14).
    async fn mapped(
        &self,
        call: &Call,
        exchanged: &mut Exchanged,
        earlier: Map<String, Value>,
    ) -> (Value, Option<String>) {
        if matches!(call.op, Op::Login | Op::Refresh) {
            self.register_tokens(exchanged.value.get("body"));
        }
        let fault = exchanged.raw.map_fault.take();
        let Some(received) = exchanged
            .received
            .as_ref()
            .filter(|_| exchanged.raw.reading == Reading::Accepted && !call.extra.alone)
        else {
            return (Value::Null, fault);
        };
        let mut answer = exchanged.value.clone();
        if let (false, Some(members)) = (earlier.is_empty(), answer.as_object_mut()) {
            members.insert("langkah".into(), Value::Object(earlier));
        }
        let binding = self.inner.statement.binding();
        let (mapped, fault) = binding
            .map(
                call.op,
                call.actor,
                &call.input,
                answer,
                received,
                &mut exchanged.raw.raw,
            )
            .await;
        if let (Op::Login | Op::Refresh, Some(token)) = (call.op, mapped.get("token").and_then(Value::as_str)) {
            self.inner.recorder.secrets().register("token", token);
        }
        // Both languages stand in the record's fault, since it has one text.
        (
            mapped,
            fault.map(|fault| {
                if fault.id == fault.en {
                    fault.id
                } else {
                    format!("{} / {}", fault.id, fault.en)
                }
            }),
        )
    }

    pub(super) fn register_tokens(&self, body: Option<&Value>) {
        for (name, value) in body.and_then(Value::as_object).into_iter().flatten() {
            match value {
                // `token_type` and its like are words of the protocol, and no answer may be blamed for saying them.
                Value::String(text) if name.to_ascii_lowercase().contains("token") && !is_word(text) => {
                    self.inner.recorder.secrets().register("token", text);
                }
                Value::Object(_) => self.register_tokens(Some(value)),
                _ => {}
            }
        }
    }

    fn statement_fault(&self, fault: &BindingFault) -> CallFault {
        told(&self.inner.statement.diagnose(fault))
    }
}

/// A fault of the statement, with its place in both languages.
pub(super) fn told(fault: &Diagnosis) -> CallFault {
    CallFault::Statement {
        text: Phrase::new(fault.render(Lang::Id), fault.render(Lang::En)),
    }
}

/// Whether a text is a plain word, such as `Bearer`: no credential is that short and has letters alone.
fn is_word(text: &str) -> bool {
    text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}
