//! Sessions that are cookies: a jar for each, and the CSRF token that goes with what is not a read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cookie_store::CookieStore;
use cookie_store::RawCookie;
use reqwest::Url;
use serde_json::Value;

use super::session::auth;
use super::wire::{self, Outgoing};
use super::{CallFault, Target};
use crate::binding::jq::Filter;
use crate::binding::{EncodedBody, Received};
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Credential, Part, Reading, Scope};
use crate::evidence::{RawAnswer, RawExchange, RawRequest};
use crate::phrase;
use crate::statement::{Authentication, CsrfEntry};

/// The cookies of one session. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Jar {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    store: CookieStore,
    /// The token of a page, kept for the session.
    csrf: Option<String>,
}

impl Jar {
    /// The `Cookie` header for an address; none where no cookie goes there.
    pub(super) fn header(&self, url: &Url) -> Option<String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<String> = inner
            .store
            .get_request_values(url)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a cookie that goes to an address.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let found = inner.store.get_request_values(url).find(|(own, _)| *own == name);
        found.map(|(_, value)| value.to_owned())
    }

    /// Keeps what an answer sets, and tells the values.
    fn keep(&self, url: &Url, received: &Received) -> Vec<String> {
        let cookies: Vec<RawCookie<'static>> = received
            .header("set-cookie")
            .filter_map(|line| RawCookie::parse(line.clone()).ok())
            .collect();
        let values = cookies.iter().map(|cookie| cookie.value().to_owned()).collect();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.store.store_response_cookies(cookies.into_iter(), url);
        values
    }

    fn csrf(&self) -> Option<String> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).csrf.clone()
    }

    /// Remembers the token of a page, or forgets it.
    pub(super) fn remember(&self, token: Option<String>) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).csrf = token;
    }
}

/// What a request belongs to: whose it is, in which scope.
#[derive(Clone, Copy)]
pub(super) struct Errand<'a> {
    /// Scope of its records.
    pub(super) scope: &'a Scope,
    /// Whose session.
    pub(super) actor: Actor,
}

impl Target {
    /// Keeps the cookies of an answer in a jar; their values are secrets from now on.
    pub(super) fn keep_cookies(&self, jar: &Jar, url: &Url, received: &Received) {
        for value in jar.keep(url, received) {
            self.inner.recorder.secrets().register("kuki", &value);
        }
    }

    /// Puts a session's cookies on a request, and its CSRF token where the request is not a read.
    pub(super) async fn wear(
        &self,
        errand: Errand<'_>,
        entry: &Authentication,
        jar: &Jar,
        outgoing: &mut Outgoing,
    ) -> Result<(), CallFault> {
        let read = matches!(outgoing.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE");
        let carried = entry.csrf.as_ref().filter(|csrf| !read && self.can_have(csrf, jar));
        if let Some(csrf) = carried {
            let token = self.csrf_token(errand, csrf, jar).await?;
            self.inner.recorder.secrets().register("csrf", &token);
            if let Some(name) = &csrf.header {
                outgoing.headers.push((name.clone(), token.clone()));
            }
            if let Some(name) = &csrf.bidang {
                put_field(outgoing, name, &token)?;
            }
        }
        if let Some(cookies) = jar.header(&outgoing.url) {
            // A cookie that the binding writes itself stays beside those of the jar.
            let own = outgoing
                .headers
                .iter_mut()
                .find(|(name, _)| name.eq_ignore_ascii_case("cookie"));
            match own {
                Some((_, value)) => *value = format!("{value}; {cookies}"),
                None => outgoing.headers.push(("Cookie".to_owned(), cookies)),
            }
        }
        Ok(())
    }

    /// A session without a page to ask has no token before its cookie came: a login without one is the application's
    /// own choice.
    fn can_have(&self, csrf: &CsrfEntry, jar: &Jar) -> bool {
        let base = self.inner.statement.base_url();
        let waiting = csrf.kuki.as_deref().filter(|_| csrf.halaman.is_none());
        waiting.is_none_or(|name| jar.value(base, name).is_some())
    }

    async fn csrf_token(&self, errand: Errand<'_>, csrf: &CsrfEntry, jar: &Jar) -> Result<String, CallFault> {
        let base = self.inner.statement.base_url().clone();
        if let Some(name) = &csrf.kuki {
            if jar.value(&base, name).is_none() && csrf.halaman.is_some() {
                self.visit(errand, csrf, jar).await?;
            }
            let value = jar.value(&base, name).map(|value| decoded(&value));
            return value.ok_or_else(|| {
                auth(phrase!(
                    "aplikasi tidak memberi kuki csrf `{name}`",
                    "the application gave no csrf cookie `{name}`"
                ))
            });
        }
        if let Some(token) = jar.csrf() {
            return Ok(token);
        }
        let token = self.visit(errand, csrf, jar).await?.ok_or_else(|| {
            auth(Phrase::new(
                "halaman tidak memuat token csrf menurut csrf.jq",
                "the page holds no csrf token by csrf.jq",
            ))
        })?;
        jar.remember(Some(token.clone()));
        Ok(token)
    }

    /// Opens the page of a CSRF token, and reads the token there where that is its source.
    async fn visit(&self, errand: Errand<'_>, csrf: &CsrfEntry, jar: &Jar) -> Result<Option<String>, CallFault> {
        let url = self.place_of(csrf.halaman.as_deref().unwrap_or_default())?;
        let mut headers = vec![("Accept".to_owned(), "text/html, application/json;q=0.9".to_owned())];
        headers.extend(jar.header(&url).map(|cookies| ("Cookie".to_owned(), cookies)));
        let outgoing = Outgoing {
            method: "GET".to_owned(),
            url: url.clone(),
            headers,
            body: None,
        };
        let filter = csrf.jq.as_deref().and_then(|code| Filter::new(code).ok());
        let (received, token) = self.errand(errand, "halaman_csrf", outgoing, filter.as_ref()).await?;
        self.keep_cookies(jar, &url, &received);
        Ok(token)
    }

    /// Sends a request that serves the credential alone, and records it as part of logging in. What `token` reads in
    /// the answer is a secret before that. An answer that is no success is a fault.
    pub(super) async fn errand(
        &self,
        errand: Errand<'_>,
        step: &str,
        outgoing: Outgoing,
        token: Option<&Filter>,
    ) -> Result<(Received, Option<String>), CallFault> {
        self.inner.pace.wait(errand.actor).await;
        let at = jiff::Timestamp::now().to_string();
        let recorder = &self.inner.recorder;
        let started_us = recorder.elapsed_us();
        let result = wire::exchange(&self.inner.client, &outgoing, self.inner.statement.answer_limit()).await;
        let ended_us = recorder.elapsed_us();
        let mut found = None;
        let (answer, reading) = match &result {
            Ok(received) => {
                let Received { status, headers, body } = received.clone();
                found = self.hide(received, token).await;
                let reading = reading_of(status);
                (RawAnswer::Response { status, headers, body }, reading)
            }
            Err(broken) => (RawAnswer::Broken(broken.clone()), Reading::NoAnswer),
        };
        let actor = errand.actor;
        let scope = Scope {
            part: Part::Setup,
            ..errand.scope.clone()
        };
        let raw = RawExchange {
            op: Op::Login,
            actor,
            credential: Credential::None,
            object: None,
            step: step.to_owned(),
            input_class: String::new(),
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
            map_fault: None,
            raw: BTreeMap::new(),
            waits: 0,
        };
        recorder.capture(scope, raw);
        let received = result.ok().filter(|_| reading == Reading::Accepted);
        received
            .map(|received| (received, found))
            .ok_or_else(|| not_got(actor, step, reading))
    }

    /// Registers what is secret in such an answer: tokens, cookies, and what the filter reads, which is returned.
    async fn hide(&self, received: &Received, token: Option<&Filter>) -> Option<String> {
        let secrets = self.inner.recorder.secrets();
        self.register_tokens(received.value().get("body"));
        let cookies = received.header("set-cookie");
        for cookie in cookies.filter_map(|line| RawCookie::parse(line.clone()).ok()) {
            secrets.register("kuki", cookie.value());
        }
        match token?.run(received.value()).await {
            Ok(Value::String(token)) if !token.is_empty() => {
                secrets.register("csrf", &token);
                Some(token)
            }
            _ => None,
        }
    }
}

/// Adds a field to the body of a request; a request without one gets a form.
pub(super) fn put_field(outgoing: &mut Outgoing, name: &str, value: &str) -> Result<(), CallFault> {
    let typed = outgoing
        .headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case("content-type"));
    let body = match (outgoing.body.take(), typed) {
        (Some(bytes), Some((_, media_type))) => {
            let body = EncodedBody {
                bytes,
                media_type: media_type.clone(),
            };
            body.with_field(name, value)
        }
        (Some(_), None) => None,
        (None, _) => {
            let body = EncodedBody::form_of(name, value);
            outgoing
                .headers
                .push(("Content-Type".to_owned(), body.media_type.clone()));
            Some(body)
        }
    };
    let body = body.ok_or_else(|| {
        auth(phrase!(
            "badan ini tidak dapat memuat bidang `{name}`",
            "this body cannot hold the field `{name}`"
        ))
    })?;
    outgoing.body = Some(body.bytes);
    Ok(())
}

/// A cookie's value as scripts read it: percent-decoded.
fn decoded(value: &str) -> String {
    // A query of one value without plus signs is decoded as a component is.
    let text = format!("a={}", value.replace('+', "%2B").replace('&', "%26"));
    let url = Url::parse(&format!("http://a/?{text}")).ok();
    let decoded = url.and_then(|url| url.query_pairs().next().map(|(_, value)| value.into_owned()));
    decoded.unwrap_or_else(|| value.to_owned())
}

/// How a status is read where no rule of the statement speaks of it.
const fn reading_of(status: u16) -> Reading {
    match status {
        200..=299 => Reading::Accepted,
        300..=399 => Reading::Redirect,
        400..=499 => Reading::Refused,
        _ => Reading::Fault,
    }
}

fn not_got(actor: Actor, step: &str, reading: Reading) -> CallFault {
    let (id, en) = (reading.indonesian(), reading.english());
    auth(phrase!(
        "kredensial {actor} tidak diperoleh pada {step}: {id}",
        "the credential of {actor} was not got at {step}: {en}"
    ))
}
