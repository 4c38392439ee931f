//! What the jobs must show, and whether they did.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalogue::{Catalogue, Defect, Method, Requirement, RequirementId};
use crate::verdict::Verdict;

use super::job::{Job, JobResult};
use super::mixes;

/// How much to show.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Every defect against every requirement, instead of its own and the passive ones.
    pub full: bool,
    /// Seed of the mixes and of random choices in the runs.
    pub seed: u64,
}

/// The jobs of a selftest.
pub struct Matrix<'a> {
    catalogue: &'a Catalogue,
    /// Every job, in the order in which they are started: long ones first.
    pub jobs: Vec<Job>,
    switches: Vec<String>,
}

/// What a selftest shows; the shape of `laik selftest --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Requirements of the standard.
    pub requirements: usize,
    /// Seeded defects.
    pub defects: usize,
    /// Defects that acted and made their own requirement FAIL.
    pub killed: usize,
    /// The others: defect, and what happened instead.
    pub survived: Vec<String>,
    /// Defects that made a requirement FAIL which may not report them.
    pub misattributed: Vec<String>,
    /// Lawful variant switches.
    pub variants: usize,
    /// Mixes of them that were judged.
    pub mixes: usize,
    /// Switches that never acted.
    pub variants_inactive: Vec<String>,
    /// Requirements that were not PASS or NOT_APPLICABLE on the clean sandbox or under lawful switches.
    pub false_alarms: Vec<String>,
    /// Jobs that ended without verdicts, and why.
    pub errors: Vec<String>,
}

impl<'a> Matrix<'a> {
    /// Plans the jobs.
    pub fn plan(catalogue: &'a Catalogue, options: Options) -> Self {
        let switches: Vec<String> = mixes::switches().map(str::to_owned).collect();
        let mut jobs = vec![job("clean", &[], &[], &[], &[], options)];
        jobs.extend(
            mixes::mixes(options.seed)
                .iter()
                .enumerate()
                .map(|(number, mix)| job(&format!("mix {}", number + 1), &[], mix, &[], &[], options)),
        );
        jobs.extend(switches.iter().map(|switch| {
            let naming: Vec<_> = catalogue
                .requirements
                .iter()
                .filter(|requirement| names(requirement, switch))
                .map(|requirement| requirement.id)
                .collect();
            job(
                &format!("variant {switch}"),
                &[],
                std::slice::from_ref(switch),
                &naming,
                &[],
                options,
            )
        }));
        let passive: Vec<_> = catalogue
            .requirements
            .iter()
            .filter(|requirement| is_passive(requirement))
            .map(|requirement| requirement.id)
            .collect();
        jobs.extend(defects(catalogue).map(|(requirement, defect)| {
            let (own, passive): (&[_], &[_]) = if options.full {
                (&[], &[])
            } else {
                (&[requirement.id], &passive)
            };
            job(
                &format!("defect {}", defect.id),
                std::slice::from_ref(&defect.id),
                &[],
                own,
                passive,
                options,
            )
        }));
        Self {
            catalogue,
            jobs,
            switches,
        }
    }

    /// Adds up what the jobs showed.
    pub fn totals(&self, results: &[JobResult]) -> Totals {
        let by_name: BTreeMap<&str, &JobResult> = results.iter().map(|result| (result.name.as_str(), result)).collect();
        let mut totals = Totals {
            requirements: self.catalogue.requirements.len(),
            defects: defects(self.catalogue).count(),
            killed: 0,
            survived: Vec::new(),
            misattributed: Vec::new(),
            variants: self.switches.len(),
            mixes: 0,
            variants_inactive: Vec::new(),
            false_alarms: Vec::new(),
            errors: Vec::new(),
        };
        for job in &self.jobs {
            let Some(result) = by_name.get(job.name.as_str()) else {
                totals.errors.push(format!("{}: never ran", job.name));
                continue;
            };
            if let Some(fault) = &result.fault {
                totals.errors.push(format!("{}: {fault}", job.name));
            }
            if job.defects.is_empty() {
                lawful(job, result, &mut totals);
            }
            totals.mixes += usize::from(job.variants.len() > 1);
        }
        for (requirement, defect) in defects(self.catalogue) {
            if let Some(result) = by_name.get(format!("defect {}", defect.id).as_str()) {
                self.defect(requirement, defect, result, &mut totals);
            } else {
                totals.survived.push(format!("{}: never ran", defect.id));
            }
        }
        totals
    }

    fn defect(&self, requirement: &Requirement, defect: &Defect, result: &JobResult, totals: &mut Totals) {
        let acted = result.counters.get(&defect.id).copied().unwrap_or(0);
        let own = result.verdicts.get(&requirement.id).map(|(verdict, _)| *verdict);
        match (own, acted) {
            (Some(Verdict::Fail), 1..) => totals.killed += 1,
            (Some(verdict), 0) => totals.survived.push(format!("{}: never acted ({verdict})", defect.id)),
            (Some(verdict), acted) => {
                totals.survived.push(format!(
                    "{}: {verdict}, acted {acted} times; {}",
                    defect.id,
                    result.remarks.join(" | ")
                ));
            }
            (None, _) => totals.survived.push(format!("{}: not judged", defect.id)),
        }
        for (id, (verdict, _)) in &result.verdicts {
            let lawful =
                *id == requirement.id || defect.also.contains(id) || self.catalogue.find(*id).is_some_and(is_passive);
            if *verdict == Verdict::Fail && !lawful {
                totals
                    .misattributed
                    .push(format!("{}: {id}; {}", defect.id, result.remarks.join(" | ")));
            }
        }
    }
}

impl Totals {
    /// Whether everything was shown.
    pub const fn clean(&self) -> bool {
        self.survived.is_empty()
            && self.misattributed.is_empty()
            && self.variants_inactive.is_empty()
            && self.false_alarms.is_empty()
            && self.errors.is_empty()
            && self.killed == self.defects
            && self.mixes > 0
    }
}

/// Clean and lawful jobs: every requirement PASS or NOT_APPLICABLE, every switch that stands alone acted.
fn lawful(job: &Job, result: &JobResult, totals: &mut Totals) {
    for (id, (verdict, reason)) in &result.verdicts {
        if !matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
            let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            totals.false_alarms.push(format!(
                "{}: {id} {verdict}{reason}; {}",
                job.name,
                result.remarks.join(" | ")
            ));
        }
    }
    if let [switch] = job.variants.as_slice()
        && result.counters.get(switch).copied().unwrap_or(0) == 0
    {
        totals.variants_inactive.push(switch.clone());
    }
}

fn job(
    name: &str,
    defects: &[String],
    variants: &[String],
    requirements: &[RequirementId],
    passive: &[RequirementId],
    options: Options,
) -> Job {
    Job {
        name: name.to_owned(),
        defects: defects.to_vec(),
        variants: variants.to_vec(),
        requirements: requirements.to_vec(),
        passive: passive.to_vec(),
        seed: options.seed,
    }
}

fn defects(catalogue: &Catalogue) -> impl Iterator<Item = (&Requirement, &Defect)> {
    catalogue
        .requirements
        .iter()
        .flat_map(|requirement| requirement.defects.iter().map(move |defect| (requirement, defect)))
}

fn names(requirement: &Requirement, switch: &str) -> bool {
    requirement
        .variants
        .iter()
        .any(|variant| variant.switches.iter().any(|named| named == switch))
}

/// Requirements that look at every exchange; "juga" is implied for them everywhere (keamanan.md §0.1).
fn is_passive(requirement: &Requirement) -> bool {
    matches!(requirement.method, Method::Pasif | Method::Campuran)
}
