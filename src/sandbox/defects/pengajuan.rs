//! Defects of the clause *pengajuan*: PB-01, for submissions that name no channel, and PB-06.

use std::sync::Arc;

use http::Method;
use serde_json::{Map, Value};

use super::super::app::complaint::{Caller, Reference};
use super::super::app::intake::Draft;
use super::super::app::problem::Problem;
use super::super::app::seams::Intake;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{on_change, on_route};
use super::Defect;
use crate::domain::Classification;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "PB-01a",
        install: demands_nik,
    },
    Defect {
        id: "PB-01b",
        install: demands_coordinates,
    },
    Defect {
        id: "PB-01c",
        install: demands_agency,
    },
    Defect {
        id: "PB-01d",
        install: public_sent_away,
    },
    Defect {
        id: "PB-06a",
        install: aspiration_kept_as_complaint,
    },
    Defect {
        id: "PB-06b",
        install: information_refused,
    },
    Defect {
        id: "PB-06c",
        install: reclassification_lost,
    },
    Defect {
        id: "PB-06d",
        install: oversight_lost,
    },
];

/// An intake whose drafts, or the bodies before them, get a second look.
struct Second<F> {
    inner: Arc<dyn Intake>,
    look: F,
}

impl<F> Intake for Second<F>
where
    F: Fn(&Map<String, Value>, &mut Draft) -> Result<(), Problem> + Send + Sync,
{
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem> {
        let mut draft = self.inner.draft(body, caller, categories)?;
        (self.look)(body, &mut draft)?;
        Ok(draft)
    }
}

fn on_draft(
    assembly: &mut Assembly,
    look: impl Fn(&Map<String, Value>, &mut Draft) -> Result<(), Problem> + Send + Sync + 'static,
) {
    let inner = assembly.parts.intake.clone();
    assembly.parts.intake = Arc::new(Second { inner, look });
}

/// Refuses what lacks a member, where no channel is named either.
fn demands(assembly: &mut Assembly, counter: Counter, member: &'static str, lacks: fn(&Draft) -> bool) {
    on_draft(assembly, move |body, draft| {
        if body.contains_key("kanal") || !lacks(draft) {
            return Ok(());
        }
        counter.acted();
        Err(Problem::invalid(member, "wajib diisi"))
    });
}

fn demands_nik(assembly: &mut Assembly, counter: Counter) {
    demands(assembly, counter, "nik", |draft| draft.complaint.reporter.nik.is_none());
}

fn demands_coordinates(assembly: &mut Assembly, counter: Counter) {
    demands(assembly, counter, "lintang", |draft| {
        let place = draft.complaint.location.as_ref();
        place.is_none_or(|place| place.latitude.is_none() || place.longitude.is_none())
    });
}

/// The citizen must know which authority it is.
fn demands_agency(assembly: &mut Assembly, counter: Counter) {
    demands(assembly, counter, "instansi_tujuan_id", |draft| {
        draft.complaint.agency.is_none()
    });
}

/// The statement lets the public submit; the application asks to log in first.
fn public_sent_away(assembly: &mut Assembly, counter: Counter) {
    let binding = "[ikatan.operasi.submit]\naktor = [\"publik\", \"pelapor_a\", \"pelapor_b\"]";
    assembly.declared.binding.push(binding.to_owned());
    on_route(assembly, move |request, next, _parts| {
        let submit = *request.method() == Method::POST && request.uri().path() == "/api/v1/pengaduan";
        let public = request
            .extensions()
            .get::<Caller>()
            .is_none_or(|caller| caller.account.is_none());
        if submit && public {
            counter.acted();
        }
        Box::pin(next.run(request))
    });
}

fn aspiration_kept_as_complaint(assembly: &mut Assembly, counter: Counter) {
    on_draft(assembly, move |_, draft| {
        if draft.complaint.classification == Classification::Aspirasi {
            draft.complaint.classification = Classification::Pengaduan;
            counter.acted();
        }
        Ok(())
    });
}

fn information_refused(assembly: &mut Assembly, counter: Counter) {
    on_draft(assembly, move |_, draft| {
        if draft.complaint.classification != Classification::PermintaanInformasi {
            return Ok(());
        }
        counter.acted();
        Err(Problem::invalid("klasifikasi", "harus pengaduan atau aspirasi"))
    });
}

/// A verification as a request for information is answered as done, and the classification stays.
fn reclassification_lost(assembly: &mut Assembly, counter: Counter) {
    on_change(assembly, move |before, complaint| {
        let verified = before.verified.is_none() && complaint.verified.is_some();
        let other = complaint.classification != before.classification;
        if verified && other && complaint.classification == Classification::PermintaanInformasi {
            complaint.classification = before.classification;
            counter.acted();
        }
        Ok(())
    });
}

/// A disposition forgets what verification found; nothing else of it changes.
fn oversight_lost(assembly: &mut Assembly, counter: Counter) {
    on_change(assembly, move |before, complaint| {
        if complaint.oversight && complaint.dispositions.len() > before.dispositions.len() {
            complaint.oversight = false;
            counter.acted();
        }
        Ok(())
    });
}
