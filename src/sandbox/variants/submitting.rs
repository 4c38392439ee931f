//! Variants of submitting: without an account, and with a suggested classification.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::super::app::complaint::{Account, Caller, Person};
use super::super::app::ids::word;
use super::super::app::words::Role;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{ViewWith, on_route};

/// Whoever is not logged in submits as the guest, whom nobody can log in as.
pub(super) fn public_submissions(assembly: &mut Assembly, counter: Counter) {
    let binding = "[ikatan.operasi.submit]\naktor = [\"publik\", \"pelapor_a\", \"pelapor_b\"]";
    assembly.declared.binding.push(binding.to_owned());
    let guest = Account {
        id: assembly.parts.ids.unique().unwrap_or_default(),
        username: "tamu".to_owned(),
        role: Role::Reporter,
        unit: None,
        person: Person {
            name: "Tamu".to_owned(),
            ..Person::default()
        },
    };
    let seeded = word(20).and_then(|password| assembly.database.seed_account(&guest, &password));
    let guest = seeded.map(|id| Account { id, ..guest });
    on_route(assembly, move |mut request, next, _parts| {
        let submit = *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan";
        let known = request
            .extensions()
            .get::<Caller>()
            .is_some_and(|caller| caller.account.is_some());
        if let (true, false, Ok(guest)) = (submit, known, &guest) {
            let account = Some(guest.clone());
            request.extensions_mut().insert(Caller { account });
            counter.acted();
        }
        Box::pin(next.run(request))
    });
}

/// A guess at the classification stands beside the reporter's own.
pub(super) fn suggested_classification(assembly: &mut Assembly, counter: Counter) {
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, _, shown| {
        if let Some(members) = shown.as_object_mut() {
            members.insert("klasifikasi_saran".to_owned(), json!("pengaduan"));
            counter.acted();
        }
    }));
    assembly.parts.view = Arc::new(view);
}
