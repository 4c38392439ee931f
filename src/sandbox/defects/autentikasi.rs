//! Defects of who is asking (KM-01): routes that forget to ask, or ask too late.

use axum::extract::Request;
use axum::response::IntoResponse as _;
use http::{Method, header};

use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::Parts;
use super::super::app::words::Action;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;
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
