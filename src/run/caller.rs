//! Calls of canonical operations on behalf of a row, and the two ways of looking twice: until something is visible,
//! and page by page.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Record, Scope};
use crate::target::{Answered, Call, CallFault, Extra, Sent};

use super::context::RunCtx;
use super::halt::Halt;

/// Pages of a walk where the statement says nothing.
const LIST_PAGES: u64 = 200;

/// How long to wait between two looks at something that is not visible yet.
const LOOK_AGAIN: Duration = Duration::from_millis(60);

/// Makes calls for one row and attempt. Cheap to clone, so that one step can make several calls at once.
#[derive(Clone)]
pub struct Caller {
    cx: Arc<RunCtx>,
    scope: Scope,
}

/// A call being put together.
pub struct CallBuilder {
    caller: Caller,
    call: Call,
}

/// When a walk through pages may stop.
pub enum Stop<'a> {
    /// At the end alone.
    Whole,
    /// As soon as an item is the one looked for.
    Found(&'a (dyn Fn(&Value) -> bool + Send + Sync)),
}

/// What a walk through pages saw.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// Each page.
    pub pages: Vec<Answered>,
    /// The items of all pages, in their order.
    pub items: Vec<Value>,
    /// Whether the walk reached the end, and not the limit of pages, a fault, or what it looked for.
    pub complete: bool,
}

impl Caller {
    pub(super) const fn new(cx: Arc<RunCtx>, scope: Scope) -> Self {
        Self { cx, scope }
    }

    /// What the run shares.
    pub const fn cx(&self) -> &Arc<RunCtx> {
        &self.cx
    }

    /// The scope of this caller's records.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The same caller, for another part of the check.
    #[must_use]
    pub fn part(&self, part: Part) -> Self {
        Self {
            cx: Arc::clone(&self.cx),
            scope: Scope {
                part,
                ..self.scope.clone()
            },
        }
    }

    /// Begins a call.
    pub fn call(&self, op: Op, actor: Actor, input: Value) -> CallBuilder {
        let call = Call {
            scope: self.scope.clone(),
            op,
            actor,
            sent: Sent::Own,
            object: None,
            input_class: String::new(),
            input,
            extra: Extra::default(),
        };
        CallBuilder {
            caller: self.clone(),
            call,
        }
    }

    /// Calls again and again until the answer shows what is looked for, or `jeda_tampak` is over. Returns the last
    /// answer: only that one is judged (proses-bisnis.md, convention 4).
    pub async fn until(
        &self,
        make: impl Fn() -> CallBuilder,
        seen: impl Fn(&Answered) -> bool,
    ) -> Result<Answered, Halt> {
        let deadline = tokio::time::Instant::now() + self.cx.statement().visible_limit();
        loop {
            // The last look begins when the time is over, however long the one before took.
            let last = tokio::time::Instant::now() >= deadline;
            let answered = make().send().await?;
            if seen(&answered) || last {
                return Ok(answered);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Walks a list page by page, at most `batas.langkah_daftar` pages (decisions.md B.16).
    pub async fn walk(&self, op: Op, actor: Actor, input: Value, stop: Stop<'_>) -> Result<Walk, Halt> {
        let mut walk = Walk::default();
        let mut next = Some(input);
        for _ in 0..self
            .cx
            .statement()
            .document()
            .batas
            .langkah_daftar
            .unwrap_or(LIST_PAGES)
        {
            let Some(input) = next.take() else { break };
            let answered = self.call(op, actor, input.clone()).send().await?;
            let items = answered
                .mapped
                .get("butir")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let found = match stop {
                Stop::Whole => false,
                Stop::Found(wanted) => items.iter().any(wanted),
            };
            let readable = answered.mapped.get("butir").is_some();
            let following = following(&input, &answered.mapped, items.is_empty());
            walk.items.extend(items);
            walk.pages.push(answered);
            if found || !readable {
                return Ok(walk);
            }
            if following.is_none() {
                walk.complete = true;
                return Ok(walk);
            }
            next = following;
        }
        Ok(walk)
    }

    /// The records of a walk, for a check's evidence.
    pub fn records(walk: &Walk) -> Vec<Arc<Record>> {
        walk.pages.iter().map(|page| Arc::clone(&page.record)).collect()
    }
}

impl CallBuilder {
    /// Names the complaint that the call is about.
    #[must_use]
    pub fn object(mut self, label: impl Into<String>) -> Self {
        self.call.object = Some(label.into());
        self
    }

    /// Sets the part that the records play.
    #[must_use]
    pub fn part(mut self, part: Part) -> Self {
        self.call.scope.part = part;
        self
    }

    /// Sends another credential than the actor's own.
    #[must_use]
    pub fn sent(mut self, sent: Sent) -> Self {
        self.call.sent = sent;
        self
    }

    /// Names the class of a probe's input.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.call.input_class = class.into();
        self
    }

    /// Adds what the binding does not say.
    #[must_use]
    pub fn extra(mut self, extra: Extra) -> Self {
        self.call.extra = extra;
        self
    }

    /// The call, for [`crate::target::Target::parallel`].
    pub fn build(self) -> Call {
        self.call
    }

    /// Makes the call. Whatever the application answers is no fault here; what keeps the call from being made is.
    pub async fn send(self) -> Result<Answered, Halt> {
        self.attempt().await.map_err(Halt::from)
    }

    /// The same, with the reason why the call could not be made.
    pub async fn attempt(self) -> Result<Answered, CallFault> {
        self.caller.cx.target().call(self.call).await
    }
}

/// The input of the page after this one; `None` at the end. An empty page ends a walk whatever it says.
fn following(input: &Value, mapped: &Value, empty: bool) -> Option<Value> {
    let next = mapped.pointer("/halaman/berikut")?.as_object()?;
    if empty || next.is_empty() {
        return None;
    }
    let mut merged: Map<String, Value> = input.as_object().cloned().unwrap_or_default();
    for (name, value) in next {
        merged.insert(name.clone(), value.clone());
    }
    Some(json!(merged))
}
