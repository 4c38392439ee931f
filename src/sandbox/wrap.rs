//! Wraps single methods of parts by closures; what is not wrapped goes through. Defects and variants are made of these.
#![expect(
    clippy::type_complexity,
    reason = "a hook has the signature of the method that it stands for"
)]

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use jiff::Timestamp;

use super::app::complaint::{Account, Caller, Complaint, Event, Receipt, Reference, StoredFile};
use super::app::listing::{Criterion, ListQuery, Page, Scope};
use super::app::problem::Problem;
use super::app::seams::{BadToken, Change, Edit, Files, Parts, Policy, Statistics, Store, Tokens, View, Viewpoint};
use super::app::words::Action;
use super::assembly::Assembly;
use super::counters::Counter;
use crate::domain::Status;
use serde_json::Value;

type Hook<F> = Option<Box<F>>;

/// A store with some methods replaced.
pub(super) struct StoreWith {
    pub(super) inner: Arc<dyn Store>,
    pub(super) insert: Hook<dyn Fn(&dyn Store, &Complaint, &Change) -> Result<Receipt, Problem> + Send + Sync>,
    pub(super) list: Hook<dyn Fn(&dyn Store, &ListQuery) -> Result<Page, Problem> + Send + Sync>,
    pub(super) found: Hook<dyn Fn(Complaint) -> Option<Complaint> + Send + Sync>,
    pub(super) statistics: Hook<dyn Fn(&dyn Store, &Scope, &[Criterion]) -> Result<Statistics, Problem> + Send + Sync>,
    pub(super) history: Hook<dyn Fn(Vec<Event>) -> Vec<Event> + Send + Sync>,
    pub(super) change: Hook<dyn Fn(&Complaint, &mut Complaint) -> Result<(), Problem> + Send + Sync>,
}

impl StoreWith {
    /// Nothing replaced yet.
    pub(super) fn around(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            insert: None,
            list: None,
            found: None,
            statistics: None,
            history: None,
            change: None,
        }
    }
}

impl Store for StoreWith {
    fn insert(&self, complaint: &Complaint, added: &Change) -> Result<Receipt, Problem> {
        match &self.insert {
            Some(hook) => hook(&*self.inner, complaint, added),
            None => self.inner.insert(complaint, added),
        }
    }

    fn find(&self, id: &str) -> Result<Option<Complaint>, Problem> {
        let found = self.inner.find(id)?;
        Ok(match &self.found {
            Some(hook) => found.and_then(hook),
            None => found,
        })
    }

    fn latest(&self, id: &str) -> Result<Option<Complaint>, Problem> {
        self.inner.latest(id)
    }

    fn find_tracking(&self, number: &str) -> Result<Option<Complaint>, Problem> {
        let found = self.inner.find_tracking(number)?;
        Ok(match &self.found {
            Some(hook) => found.and_then(hook),
            None => found,
        })
    }

    fn change(&self, id: &str, edit: Edit<'_>) -> Result<Complaint, Problem> {
        let Some(hook) = &self.change else {
            return self.inner.change(id, edit);
        };
        self.inner.change(id, &mut |complaint| {
            let before = complaint.clone();
            let added = edit(complaint)?;
            hook(&before, complaint)?;
            Ok(added)
        })
    }

    fn history(&self, id: &str) -> Result<Vec<Event>, Problem> {
        let events = self.inner.history(id)?;
        Ok(match &self.history {
            Some(hook) => hook(events),
            None => events,
        })
    }

    fn list(&self, query: &ListQuery) -> Result<Page, Problem> {
        match &self.list {
            Some(hook) => hook(&*self.inner, query),
            None => self.inner.list(query),
        }
    }

    fn statistics(&self, scope: &Scope, period: &[Criterion]) -> Result<Statistics, Problem> {
        match &self.statistics {
            Some(hook) => hook(&*self.inner, scope, period),
            None => self.inner.statistics(scope, period),
        }
    }

    fn categories(&self) -> Result<Vec<Reference>, Problem> {
        self.inner.categories()
    }

    fn units(&self) -> Result<Vec<Reference>, Problem> {
        self.inner.units()
    }

    fn agencies(&self) -> Result<Vec<Reference>, Problem> {
        self.inner.agencies()
    }

    fn account(&self, id: &str) -> Result<Option<Account>, Problem> {
        self.inner.account(id)
    }

    fn log_in(&self, username: &str, password: &str) -> Result<Option<Account>, Problem> {
        self.inner.log_in(username, password)
    }
}

/// Replaces how complaints are kept.
pub(super) fn on_insert(
    assembly: &mut Assembly,
    hook: impl Fn(&dyn Store, &Complaint, &Change) -> Result<Receipt, Problem> + Send + Sync + 'static,
) {
    let mut store = StoreWith::around(assembly.parts.store.clone());
    store.insert = Some(Box::new(hook));
    assembly.parts.store = Arc::new(store);
}

/// Changes what is read of histories.
pub(super) fn on_history(assembly: &mut Assembly, hook: impl Fn(Vec<Event>) -> Vec<Event> + Send + Sync + 'static) {
    let mut store = StoreWith::around(assembly.parts.store.clone());
    store.history = Some(Box::new(hook));
    assembly.parts.store = Arc::new(store);
}

/// Replaces how complaints are listed.
pub(super) fn on_list(
    assembly: &mut Assembly,
    hook: impl Fn(&dyn Store, &ListQuery) -> Result<Page, Problem> + Send + Sync + 'static,
) {
    let mut store = StoreWith::around(assembly.parts.store.clone());
    store.list = Some(Box::new(hook));
    assembly.parts.store = Arc::new(store);
}

/// Looks at what an act leaves behind, before it is kept: the complaint before, and as it is to be kept.
pub(super) fn on_change(
    assembly: &mut Assembly,
    hook: impl Fn(&Complaint, &mut Complaint) -> Result<(), Problem> + Send + Sync + 'static,
) {
    let mut store = StoreWith::around(assembly.parts.store.clone());
    store.change = Some(Box::new(hook));
    assembly.parts.store = Arc::new(store);
}

/// A policy with some methods replaced.
pub(super) struct PolicyWith {
    inner: Arc<dyn Policy>,
    pub(super) viewpoint: Hook<dyn Fn(&Caller, &Complaint) -> Option<Option<Viewpoint>> + Send + Sync>,
    pub(super) may: Hook<dyn Fn(&Caller, Action, &Complaint) -> bool + Send + Sync>,
    pub(super) scope: Hook<dyn Fn(&Caller) -> Option<Scope> + Send + Sync>,
    pub(super) next: Hook<dyn Fn(Action, &Complaint) -> Option<Status> + Send + Sync>,
}

impl PolicyWith {
    /// Nothing replaced yet. Each hook answers `None` (or `false`) where it leaves the decision to the inner policy.
    pub(super) fn around(inner: Arc<dyn Policy>) -> Self {
        Self {
            inner,
            viewpoint: None,
            may: None,
            scope: None,
            next: None,
        }
    }
}

impl Policy for PolicyWith {
    fn viewpoint(&self, caller: &Caller, complaint: &Complaint) -> Option<Viewpoint> {
        let own = self.viewpoint.as_ref().and_then(|hook| hook(caller, complaint));
        own.unwrap_or_else(|| self.inner.viewpoint(caller, complaint))
    }

    fn may(&self, caller: &Caller, action: Action, complaint: &Complaint) -> bool {
        self.inner.may(caller, action, complaint)
            || self.may.as_ref().is_some_and(|hook| hook(caller, action, complaint))
    }

    fn may_submit(&self, caller: &Caller) -> bool {
        self.inner.may_submit(caller)
    }

    fn may_deliver(&self, caller: &Caller) -> bool {
        self.inner.may_deliver(caller)
    }

    fn may_pull(&self, caller: &Caller) -> bool {
        self.inner.may_pull(caller)
    }

    fn scope(&self, caller: &Caller) -> Scope {
        let own = self.scope.as_ref().and_then(|hook| hook(caller));
        own.unwrap_or_else(|| self.inner.scope(caller))
    }

    fn next(&self, action: Action, complaint: &Complaint, now: Timestamp) -> Result<Status, Problem> {
        let refused = match self.inner.next(action, complaint, now) {
            Ok(status) => return Ok(status),
            Err(problem) => problem,
        };
        self.next
            .as_ref()
            .and_then(|hook| hook(action, complaint))
            .ok_or(refused)
    }
}

/// Allows a further move.
pub(super) fn on_next(
    assembly: &mut Assembly,
    hook: impl Fn(Action, &Complaint) -> Option<Status> + Send + Sync + 'static,
) {
    let mut policy = PolicyWith::around(assembly.parts.policy.clone());
    policy.next = Some(Box::new(hook));
    assembly.parts.policy = Arc::new(policy);
}

/// A view whose answers go through closures.
pub(super) struct ViewWith {
    inner: Arc<dyn View>,
    pub(super) record: Hook<dyn Fn(Viewpoint, &Complaint, &mut Value) + Send + Sync>,
    pub(super) summary: Hook<dyn Fn(Viewpoint, &Complaint, &mut Value) + Send + Sync>,
    pub(super) event: Hook<dyn Fn(Viewpoint, &Complaint, &mut Value) + Send + Sync>,
    pub(super) tracking: Hook<dyn Fn(&Complaint, &mut Value) + Send + Sync>,
}

impl ViewWith {
    /// Nothing changed yet.
    pub(super) fn around(inner: Arc<dyn View>) -> Self {
        Self {
            inner,
            record: None,
            summary: None,
            event: None,
            tracking: None,
        }
    }
}

impl View for ViewWith {
    fn record(&self, from: Viewpoint, complaint: &Complaint) -> Value {
        let mut shown = self.inner.record(from, complaint);
        if let Some(hook) = &self.record {
            hook(from, complaint, &mut shown);
        }
        shown
    }

    fn summary(&self, from: Viewpoint, complaint: &Complaint) -> Value {
        let mut shown = self.inner.summary(from, complaint);
        if let Some(hook) = &self.summary {
            hook(from, complaint, &mut shown);
        }
        shown
    }

    fn event(&self, from: Viewpoint, complaint: &Complaint, event: &Event) -> Value {
        let mut shown = self.inner.event(from, complaint, event);
        if let Some(hook) = &self.event {
            hook(from, complaint, &mut shown);
        }
        shown
    }

    fn tracking(&self, complaint: &Complaint, history: &[Event]) -> Value {
        let mut shown = self.inner.tracking(complaint, history);
        if let Some(hook) = &self.tracking {
            hook(complaint, &mut shown);
        }
        shown
    }

    fn receipt(&self, receipt: &Receipt) -> Value {
        self.inner.receipt(receipt)
    }
}

/// Changes every text of people that records and lists show; counts each that came out different.
pub(super) fn on_texts(assembly: &mut Assembly, counter: Counter, change: fn(&str) -> String) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    let of_lists = counter.clone();
    view.record = Some(Box::new(move |_, _, shown| change_texts(shown, &counter, change)));
    view.summary = Some(Box::new(move |_, _, shown| change_texts(shown, &of_lists, change)));
    assembly.parts.view = Arc::new(view);
}

fn change_texts(shown: &mut Value, counter: &Counter, change: fn(&str) -> String) {
    match shown {
        Value::Array(entries) => entries
            .iter_mut()
            .for_each(|entry| change_texts(entry, counter, change)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if matches!(name.as_str(), "judul" | "isi" | "alasan" | "teks") => {
                        let changed = change(text);
                        if changed != *text {
                            counter.acted();
                            *text = changed;
                        }
                    }
                    _ => change_texts(member, counter, change),
                }
            }
        }
        _ => {}
    }
}

/// Files whose bytes and descriptions are changed on their way out.
pub(super) struct FilesWith<F> {
    pub(super) inner: Arc<dyn Files>,
    pub(super) change: F,
}

impl<F: Fn(&mut StoredFile) + Send + Sync> Files for FilesWith<F> {
    fn content(&self, complaint: &str, file: &str) -> Result<Option<StoredFile>, Problem> {
        let mut found = self.inner.content(complaint, file)?;
        if let Some(file) = &mut found {
            (self.change)(file);
        }
        Ok(found)
    }
}

/// Tokens whose refusals get a second look.
pub(super) struct TokensWith<F> {
    inner: Arc<dyn Tokens>,
    accept: F,
}

impl<F: Fn(&str, Timestamp) -> Option<String> + Send + Sync> Tokens for TokensWith<F> {
    fn issue(&self, account: &Account, now: Timestamp) -> Result<String, Problem> {
        self.inner.issue(account, now)
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<String, BadToken> {
        self.inner
            .verify(token, now)
            .or_else(|bad| (self.accept)(token, now).ok_or(bad))
    }

    fn revoke(&self, token: &str) {
        self.inner.revoke(token);
    }
}

/// Accepts tokens that are refused otherwise; the hook answers the account.
pub(super) fn on_bad_token(
    assembly: &mut Assembly,
    accept: impl Fn(&str, Timestamp) -> Option<String> + Send + Sync + 'static,
) {
    let inner = assembly.parts.tokens.clone();
    assembly.parts.tokens = Arc::new(TokensWith { inner, accept });
}

pub(super) type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Puts a function before all routes; it runs after the authentication and sees who asks.
pub(super) fn on_route(
    assembly: &mut Assembly,
    hook: impl Fn(Request, Next, &Parts) -> Answering + Clone + Send + Sync + 'static,
) {
    assembly.routes.push(Box::new(move |router, parts| {
        let parts = parts.clone();
        router.layer(from_fn(move |request: Request, next: Next| hook(request, next, &parts)))
    }));
}

/// Puts a function before the choice of the route, so that what it passes on may be routed anew.
pub(super) fn before_routing(
    assembly: &mut Assembly,
    hook: impl Fn(Request, Next, &Parts) -> Answering + Clone + Send + Sync + 'static,
) {
    assembly.routes.push(Box::new(move |router, parts| {
        let parts = parts.clone();
        Router::new()
            .fallback_service(router)
            .layer(from_fn(move |request: Request, next: Next| hook(request, next, &parts)))
    }));
}

/// Changes the JSON of successful answers to the requests that are picked.
pub(super) fn on_answer(
    assembly: &mut Assembly,
    picks: impl Fn(&Request) -> bool + Clone + Send + Sync + 'static,
    change: impl Fn(&mut Value) + Clone + Send + Sync + 'static,
) {
    on_route(assembly, move |request, next, _parts| {
        let (picked, change) = (picks(&request), change.clone());
        Box::pin(async move {
            let response = next.run(request).await;
            if !picked || !response.status().is_success() {
                return response;
            }
            let (mut head, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
                return Response::from_parts(head, Body::from(bytes));
            };
            head.headers.remove(http::header::CONTENT_LENGTH);
            change(&mut value);
            Response::from_parts(head, Body::from(value.to_string()))
        })
    });
}

/// Puts a function around everything: it sees requests before the authentication and every answer after it.
pub(super) fn around(
    assembly: &mut Assembly,
    hook: impl Fn(Request, Next, &Parts) -> Answering + Clone + Send + Sync + 'static,
) {
    assembly.around.push(Box::new(move |router, parts| {
        let parts = parts.clone();
        router.layer(from_fn(move |request: Request, next: Next| hook(request, next, &parts)))
    }));
}
