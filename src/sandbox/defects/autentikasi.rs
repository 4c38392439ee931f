//! Defects of who is asking (KM-01, KM-02): routes that forget to ask, or ask too late; credentials that prove nothing
//! and are believed.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::response::IntoResponse as _;
use http::{HeaderMap, Method, header};

use super::super::app::http::extract::bearer;
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::{BadToken, Bearer, Parts};
use super::super::app::tokens::{parse, subject};
use super::super::app::words::Action;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{on_bad_token, on_route};
use super::Defect;
use super::hak_akses::{acted_on, asker, owner, sent_by};

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "KM-01a",
        install: open_history,
    },
    Defect {
        id: "KM-01b",
        install: reply_before_check,
    },
    Defect {
        id: "KM-01c",
        install: system_account,
    },
    Defect {
        id: "KM-02a",
        install: unknown_is_first,
    },
    Defect {
        id: "KM-02b",
        install: empty_is_first,
    },
    Defect {
        id: "KM-02c",
        install: last_names,
    },
];

/// Whether nobody is named at all.
fn nobody(request: &Request) -> bool {
    asker(request).account.is_none() && !request.headers().contains_key(header::AUTHORIZATION)
}

/// The history of complaints with a file is a route of its own, which no authentication guards.
fn open_history(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, parts| {
        if let Some(complaint) = history_of(&request, parts).filter(|_| nobody(&request)) {
            counter.acted();
            request = sent_by(request, owner(&complaint, parts));
        }
        Box::pin(next.run(request))
    });
}

fn history_of(request: &Request, parts: &Parts) -> Option<super::super::app::complaint::Complaint> {
    let path = request.uri().path().strip_prefix("/api/v1/pengaduan/")?;
    let id = path.strip_suffix("/riwayat")?;
    let complaint = parts.store.find(id).ok()??;
    let fits = *request.method() == Method::GET && !complaint.files.is_empty() && !complaint.is_public();
    fits.then_some(complaint)
}

/// Stores the reply, then asks who sent it.
fn reply_before_check(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, parts| {
        let complaint = acted_on(&request, parts, Action::Reply).filter(|_| nobody(&request));
        let Some(complaint) = complaint else {
            return Box::pin(next.run(request));
        };
        let counter = counter.clone();
        request = sent_by(request, owner(&complaint, parts));
        Box::pin(async move {
            if next.run(request).await.status().is_success() {
                counter.acted();
            }
            Problem::new(Kind::Unauthenticated, "Masuk lebih dahulu untuk menanggapi.").into_response()
        })
    });
}

/// A request without a credential counts as one of the system's own.
fn system_account(assembly: &mut Assembly, counter: Counter) {
    let system = assembly.accounts.iter().find(|seeded| seeded.actor == "admin");
    let system = system.map(|seeded| seeded.account.clone());
    on_route(assembly, move |mut request, next, _parts| {
        if request.uri().path() == "/api/v1/unit" && nobody(&request) {
            counter.acted();
            request = sent_by(request, system.clone());
        }
        Box::pin(next.run(request))
    });
}

/// The account that a careless look-up finds first: a reporter's.
fn first_account(assembly: &Assembly) -> Option<String> {
    assembly.accounts.first().map(|seeded| seeded.account.id.clone())
}

/// A word that has not even the form of a token is no reason to refuse.
fn unknown_is_first(assembly: &mut Assembly, counter: Counter) {
    let first = first_account(assembly);
    on_bad_token(assembly, move |token, _| {
        if token.is_empty() || token.contains('.') {
            return None;
        }
        counter.acted();
        first.clone()
    });
}

/// `SELECT … WHERE token = ''` finds the first account without a token.
fn empty_is_first(assembly: &mut Assembly, counter: Counter) {
    let (inner, first) = (assembly.parts.bearer.clone(), first_account(assembly));
    assembly.parts.bearer = Arc::new(Reading(move |headers: &HeaderMap| {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match given {
            Some(value) if value.trim().eq_ignore_ascii_case("bearer") => Ok(Some(String::new())),
            _ => inner.token(headers),
        }
    }));
    on_bad_token(assembly, move |token, _| {
        if !token.is_empty() {
            return None;
        }
        counter.acted();
        first.clone()
    });
}

/// Of two fields the first is verified, and the last tells who it is.
fn last_names(assembly: &mut Assembly, counter: Counter) {
    let (inner, tokens) = (assembly.parts.bearer.clone(), assembly.parts.tokens.clone());
    let clock = assembly.parts.clock.clone();
    let believed = Arc::new(Mutex::new(BTreeSet::new()));
    let remembered = believed.clone();
    assembly.parts.bearer = Arc::new(Reading(move |headers: &HeaderMap| {
        let fields = headers.get_all(header::AUTHORIZATION).iter();
        let given: Vec<_> = fields.filter_map(|value| bearer(value, "bearer")).collect();
        let [first, .., last] = given.as_slice() else {
            return inner.token(headers);
        };
        tokens.verify(first, clock.now())?;
        remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((*last).to_owned());
        Ok(Some((*last).to_owned()))
    }));
    on_bad_token(assembly, move |token, now| {
        let mut known = believed.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.remove(token) {
            return None;
        }
        let account = subject(&parse(token)?.payload, now)?;
        counter.acted();
        Some(account)
    });
}

/// Finds tokens as a closure does.
struct Reading<F>(F);

impl<F: Fn(&HeaderMap) -> Result<Option<String>, BadToken> + Send + Sync> Bearer for Reading<F> {
    fn token(&self, headers: &HeaderMap) -> Result<Option<String>, BadToken> {
        (self.0)(headers)
    }
}
