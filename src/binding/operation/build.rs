//! Builds a binding from `[ikatan]`; every fault is told with its place.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::step::repair;
use super::{Binding, BindingFault, BodyPlan, Expression, Plan, Route, RouteStep};
use crate::binding::codec::Codec;
use crate::binding::condition::{Rules, pattern};
use crate::binding::jq::Filter;
use crate::binding::raw::{
    AbsentEntry, AcceptEntry, BindingEntry, BodyEntry, BodyKind, OperationEntry, StepEntry, VariantEntry,
};
use crate::binding::template;
use crate::domain::{Actor, Op, Phrase};
use crate::phrase;

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
        let mut step = self.step(keys, &only, entry.tidak_ada.as_ref(), entry.terima.as_ref());
        step.other_bodies = entry.media_kiriman.iter().map(|body| self.body(keys, body)).collect();
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
            other_bodies: Vec::new(),
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
        media_kiriman: entry.media_kiriman.clone(),
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
