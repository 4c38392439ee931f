//! Defects of the area *keamanan*: KM-07, KM-13, KM-24. Those of KM-13 act on ordinary complaints before publication alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{Method, StatusCode};
use rusqlite::OptionalExtension as _;

use super::super::app::complaint::{Caller, Complaint};
use super::super::app::database::Database;
use super::super::app::listing::{Clause, NEWEST_FIRST, Page, Scope, Window};
use super::super::app::problem::Problem;
use super::super::app::seams::{Numbers, Parts, Search};
use super::super::app::tokens::{Parsed, parse, subject};
use super::super::app::words::Role;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{on_bad_token, on_route};
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "KM-07a",
        install: no_algorithm,
    },
    Defect {
        id: "KM-07b",
        install: not_verified,
    },
    Defect {
        id: "KM-07c",
        install: length_only,
    },
    Defect {
        id: "KM-07d",
        install: zero_signature,
    },
    Defect {
        id: "KM-13a",
        install: no_owner_check,
    },
    Defect {
        id: "KM-13b",
        install: owner_from_query,
    },
    Defect {
        id: "KM-13c",
        install: cached_by_id,
    },
    Defect {
        id: "KM-24a",
        install: quoted_text,
    },
    Defect {
        id: "KM-24b",
        install: like_in_brackets,
    },
    Defect {
        id: "KM-24c",
        install: concatenated_number,
    },
    Defect {
        id: "KM-24d",
        install: errors_as_nothing,
    },
];

/// Accepts tokens that cannot be verified, where the look at their parts says so.
fn accepts(assembly: &mut Assembly, counter: Counter, fits: fn(&Parsed<'_>) -> bool) {
    on_bad_token(assembly, move |token, now| {
        let parsed = parse(token)?;
        let account = subject(&parsed.payload, now).filter(|_| fits(&parsed))?;
        counter.acted();
        Some(account)
    });
}

fn no_algorithm(assembly: &mut Assembly, counter: Counter) {
    accepts(assembly, counter, |parsed| {
        let algorithm = parsed
            .header
            .get("alg")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        algorithm.eq_ignore_ascii_case("none") && parsed.signature.is_empty()
    });
}

fn not_verified(assembly: &mut Assembly, counter: Counter) {
    accepts(assembly, counter, |_| true);
}

/// An ES256 signature has 64 bytes.
fn length_only(assembly: &mut Assembly, counter: Counter) {
    accepts(assembly, counter, |parsed| parsed.signature.len() == 64);
}

fn zero_signature(assembly: &mut Assembly, counter: Counter) {
    accepts(assembly, counter, |parsed| {
        parsed.signature.len() == 64 && parsed.signature.iter().all(|byte| *byte == 0)
    });
}

/// The complaint that a request reads by id (and whether its history), if the defects of KM-13 may act on it.
fn read_before_publication(request: &Request, parts: &Parts) -> Option<(Complaint, bool)> {
    if *request.method() != Method::GET {
        return None;
    }
    let rest = request.uri().path().strip_prefix("/api/v1/pengaduan/")?;
    let (id, history) = rest.strip_suffix("/riwayat").map_or((rest, false), |id| (id, true));
    let complaint = parts.store.find(id).ok()??;
    let ordinary = !complaint.anonymous && !complaint.secret && !complaint.is_public();
    ordinary.then_some((complaint, history))
}

fn caller(request: &Request) -> Caller {
    request.extensions().get::<Caller>().cloned().unwrap_or_default()
}

/// Lets another reporter ask as if they were the owner.
fn as_owner(mut request: Request, complaint: &Complaint, parts: &Parts) -> Request {
    if let Ok(account) = parts.store.account(&complaint.owner) {
        request.extensions_mut().insert(Caller { account });
    }
    request
}

fn no_owner_check(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, parts| {
        if let Some((complaint, false)) = read_before_publication(&request, parts) {
            let who = caller(&request);
            if who.role() == Some(Role::Reporter) && !who.owns(&complaint) {
                counter.acted();
                request = as_owner(request, &complaint, parts);
            }
        }
        Box::pin(next.run(request))
    });
}

fn owner_from_query(assembly: &mut Assembly, counter: Counter) {
    on_route(assembly, move |mut request, next, parts| {
        if let Some((complaint, _)) = read_before_publication(&request, parts) {
            let wanted = format!("pelapor_id={}", complaint.owner);
            let named = request
                .uri()
                .query()
                .is_some_and(|query| query.split('&').any(|pair| pair == wanted));
            let who = caller(&request);
            if named && who.role() == Some(Role::Reporter) && !who.owns(&complaint) {
                counter.acted();
                request = as_owner(request, &complaint, parts);
            }
        }
        Box::pin(next.run(request))
    });
}

type Kept = BTreeMap<String, (Instant, http::response::Parts, Bytes)>;

/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::from_secs(2);

fn cached_by_id(assembly: &mut Assembly, counter: Counter) {
    let kept = Arc::new(Mutex::new(Kept::new()));
    on_route(assembly, move |request, next, parts| {
        let Some((complaint, _)) = read_before_publication(&request, parts) else {
            return Box::pin(next.run(request));
        };
        let address = request.uri().path().to_owned();
        let owner = caller(&request).owns(&complaint);
        let mut shelf = kept.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.retain(|_, (since, _, _)| since.elapsed() < KEPT_FOR);
        if let (false, Some((_, head, body))) = (owner, shelf.get(&address)) {
            counter.acted();
            let answer = Response::from_parts(head.clone(), Body::from(body.clone()));
            return Box::pin(async { answer });
        }
        drop(shelf);
        let kept = kept.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !owner || response.status() != StatusCode::OK {
                return response;
            }
            let (head, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let entry = (Instant::now(), head.clone(), bytes.clone());
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(address, entry);
            Response::from_parts(head, Body::from(bytes))
        })
    });
}

/// Searches with the text put into the statement.
struct Injectable {
    database: Arc<Database>,
    counter: Counter,
    condition: fn(&str) -> String,
    errors_hidden: bool,
}

impl Search for Injectable {
    fn find(&self, scope: &Scope, text: &str, window: &Window) -> Result<Page, Problem> {
        self.counter.acted();
        let mut clause = Clause::of(scope, &[]);
        clause.and(&(self.condition)(text), []);
        let found = self.database.page(clause, NEWEST_FIRST, window);
        if self.errors_hidden {
            return Ok(found.unwrap_or_else(|_| Page {
                rows: Vec::new(),
                total: 0,
                next: None,
            }));
        }
        found
    }
}

/// A whole word or a whole title that equals the text.
fn equals(text: &str) -> String {
    let text = text.to_lowercase();
    format!(
        "p.id IN (SELECT indeks.pengaduan FROM (SELECT kata, pengaduan FROM kata
         UNION ALL SELECT lower(json_extract(dokumen, '$.title')), id FROM pengaduan) indeks WHERE indeks.kata = '{text}')"
    )
}

fn contains(text: &str) -> String {
    format!("(json_extract(p.dokumen, '$.title') || ' ' || json_extract(p.dokumen, '$.text') LIKE '%{text}%')")
}

fn search(assembly: &mut Assembly, counter: Counter, condition: fn(&str) -> String, errors_hidden: bool) {
    let database = assembly.database.clone();
    assembly.parts.search = Arc::new(Injectable {
        database,
        counter,
        condition,
        errors_hidden,
    });
}

fn quoted_text(assembly: &mut Assembly, counter: Counter) {
    search(assembly, counter, equals, false);
}

fn like_in_brackets(assembly: &mut Assembly, counter: Counter) {
    search(assembly, counter, contains, false);
}

fn errors_as_nothing(assembly: &mut Assembly, counter: Counter) {
    search(assembly, counter, equals, true);
}

/// Looks the category up with the text of the parameter put into the statement.
struct Concatenated {
    inner: Arc<dyn Numbers>,
    database: Arc<Database>,
    counter: Counter,
}

impl Numbers for Concatenated {
    fn parse(&self, name: &str, text: &str) -> Option<i64> {
        if name != "kategori" {
            return self.inner.parse(name, text);
        }
        self.counter.acted();
        let sql = format!("SELECT id FROM kategori WHERE id = {text}");
        let connection = self.database.connection();
        let found = connection
            .query_row(&sql, [], |row| row.get::<_, i64>(0))
            .optional()
            .ok()?;
        // No such category: a list without rows.
        Some(found.unwrap_or(-1))
    }
}

fn concatenated_number(assembly: &mut Assembly, counter: Counter) {
    let (inner, database) = (assembly.parts.numbers.clone(), assembly.database.clone());
    assembly.parts.numbers = Arc::new(Concatenated {
        inner,
        database,
        counter,
    });
}
