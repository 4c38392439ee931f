//! What must hold between the entries of a catalogue, and between it and the other parts.
//! The other parts come as sets of names: the catalogue never imports them.

use std::collections::BTreeSet;

use super::model::{Catalogue, Mark, Requirement};
use super::standard::{Files, at_place};
use crate::domain::Phrase;
use crate::phrase;
use crate::source::Diagnosis;

/// Names that other parts know; `None` where a part is not asked.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The variant switches of the sandbox.
    pub switches: Option<BTreeSet<String>>,
    /// The seeded defects that the sandbox can install.
    pub defects: Option<BTreeSet<String>>,
}

/// Every entry that breaks a rule of the catalogue.
pub fn check(catalogue: &Catalogue, files: &Files, names: &Names) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    for requirement in &catalogue.requirements {
        let mut say = |text, advice| found.push(at_place(files, &requirement.place, text, advice));
        parts(requirement, &mut say);
        codes(requirement, &mut say);
        marks(requirement, &mut say);
        known(requirement, names, &mut say);
    }
    found
}

type Say<'a> = dyn FnMut(Phrase, Phrase) + 'a;

/// A requirement is judged only as far as a seeded defect shows that it bites.
fn parts(requirement: &Requirement, say: &mut Say<'_>) {
    let id = requirement.id;
    if requirement.defects.is_empty() {
        let advice = phrase!("tambahkan `[[persyaratan.cacat]]`", "add `[[persyaratan.cacat]]`");
        say(
            phrase!("{id} tidak mempunyai cacat", "{id} has no seeded defect"),
            advice,
        );
    }
    if requirement.variants.is_empty() {
        let advice = phrase!("tambahkan `[[persyaratan.varian]]`", "add `[[persyaratan.varian]]`");
        say(
            phrase!("{id} tidak mempunyai varian sah", "{id} has no lawful variant"),
            advice,
        );
    }
    if requirement.sources.is_empty() {
        let advice = phrase!("tambahkan `[[persyaratan.dasar]]`", "add `[[persyaratan.dasar]]`");
        say(phrase!("{id} tidak mempunyai dasar", "{id} has no source"), advice);
    }
    if texts(requirement).any(|text| text.id.contains(UNFILLED) || text.en.contains(UNFILLED)) {
        let text = phrase!("{id} masih berisi `{UNFILLED}`", "{id} still holds `{UNFILLED}`");
        say(text, phrase!("tulis isinya", "write the text"));
    }
}

/// Everything in an entry that people read.
fn texts(requirement: &Requirement) -> impl Iterator<Item = &Phrase> {
    let Requirement {
        title,
        norm,
        judged,
        remedy,
        clause,
        ..
    } = requirement;
    let sources = requirement.sources.iter().map(|source| &source.text);
    let defects = requirement.defects.iter().map(|defect| &defect.text);
    let variants = requirement
        .variants
        .iter()
        .flat_map(|variant| std::iter::once(&variant.text).chain(&variant.note));
    [title, norm, judged, remedy, clause]
        .into_iter()
        .chain(sources)
        .chain(defects)
        .chain(variants)
        .chain(&requirement.unverified)
}

/// Codes run a, b, c …: never twice, never with a gap.
fn codes(requirement: &Requirement, say: &mut Say<'_>) {
    for (defect, letter) in requirement.defects.iter().zip('a'..='z') {
        let (found, wanted) = (&defect.id, format!("{}{letter}", requirement.id));
        if *found != wanted {
            let text = phrase!("cacat {found} tidak pada tempatnya", "defect {found} is out of order");
            say(text, phrase!("beri kode {wanted}", "give it the code {wanted}"));
        }
        if defect.also.contains(&requirement.id) {
            let text = phrase!(
                "{found} menyebut persyaratannya sendiri dalam `juga`",
                "{found} names its own requirement in `juga`"
            );
            say(text, phrase!("hapus dari `juga`", "remove it from `juga`"));
        }
    }
}

/// What comes from memory is shown as unverified.
fn marks(requirement: &Requirement, say: &mut Say<'_>) {
    let memory = requirement.sources.iter().any(|source| source.mark == Mark::Memory);
    if memory && requirement.unverified.is_empty() {
        let id = requirement.id;
        let text = phrase!(
            "dasar {id} bertanda M tanpa `belum_diverifikasi`",
            "{id} has a source marked M without `belum_diverifikasi`"
        );
        let advice = phrase!(
            "tulis apa yang belum diverifikasi dalam `[[persyaratan.belum_diverifikasi]]`",
            "say what is not verified in `[[persyaratan.belum_diverifikasi]]`"
        );
        say(text, advice);
    }
}

fn known(requirement: &Requirement, names: &Names, say: &mut Say<'_>) {
    let id = requirement.id;
    if let Some(known) = &names.switches {
        let used = requirement.variants.iter().flat_map(|variant| &variant.switches);
        for name in used.filter(|name| !known.contains(*name)) {
            let text = phrase!(
                "{id} memakai sakelar `{name}` yang tidak ada",
                "{id} uses the switch `{name}`, which does not exist"
            );
            let all = known.iter().cloned().collect::<Vec<_>>().join(", ");
            say(text, phrase!("sakelar yang ada: {all}", "the switches are: {all}"));
        }
    }
    if let Some(known) = &names.defects {
        for defect in requirement.defects.iter().filter(|defect| !known.contains(&defect.id)) {
            let code = &defect.id;
            let text = phrase!(
                "aplikasi contoh tidak dapat memasang cacat {code}",
                "the sandbox cannot install the defect {code}"
            );
            say(
                text,
                phrase!("pasang {code} di sandbox", "install {code} in the sandbox"),
            );
        }
    }
}

/// What the template of `laik new-requirement` writes where text is to come.
pub(crate) const UNFILLED: &str = "ISI:";
