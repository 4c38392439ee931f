//! One clause file (`features/<area>/<clause>.toml`) → requirements, with every fault at its place.
//! Looks at one file alone; what holds between entries is `check`'s.

use std::ops::Range;

use toml::de::DeTable;

use super::model::{
    Confirmation, Defect, DefectKind, Lane, Level, Mark, Method, Phase, Place, Requirement, RequirementId, Source,
    Variant,
};
use super::reader::{Reader, Table};
use super::{CapabilityExpr, FORMAT};
use crate::domain::{Area, Capability, Phrase, Profile};
use crate::phrase;
use crate::source::{Diagnosis, SourceFile};

/// Reads a clause file.
pub(super) fn clause(file: &SourceFile) -> Result<Vec<Requirement>, Vec<Diagnosis>> {
    let document = DeTable::parse(file.text()).map_err(|error| {
        let said = error.message();
        let text = phrase!("bukan TOML yang sah: {said}", "not valid TOML: {said}");
        vec![file.diagnosis(
            error.span().unwrap_or(0..0),
            text,
            phrase!("perbaiki penulisannya", "correct the syntax"),
        )]
    })?;
    let mut reader = Reader::new(file);
    let mut root = Table::new(document.get_ref(), 0..0);
    format(&mut reader, &mut root);
    let title = match reader.table(&mut root, "klausul") {
        Some(mut table) => {
            let title = reader.languages(&mut table);
            reader.finish(&table);
            title
        }
        None => Phrase::same(""),
    };
    let mut entries = Vec::new();
    for mut table in reader.tables(&mut root, "persyaratan") {
        entries.extend(entry(&mut reader, &mut table, &title));
    }
    reader.finish(&root);
    if reader.errors.is_empty() {
        Ok(entries)
    } else {
        Err(reader.errors)
    }
}

fn format<'a>(reader: &mut Reader<'a>, root: &mut Table<'a>) {
    let (found, span) = reader.text(root, "format");
    if !found.is_empty() && found != FORMAT {
        let text = phrase!("format `{found}` tidak dikenal", "format `{found}` is not known");
        reader.fault(
            span,
            text,
            phrase!("tulis format = \"{FORMAT}\"", "write format = \"{FORMAT}\""),
        );
    }
}

/// One `[[persyaratan]]`. `None` where a fault leaves a part without a value.
fn entry<'a>(reader: &mut Reader<'a>, table: &mut Table<'a>, clause: &Phrase) -> Option<Requirement> {
    let (code, span) = reader.text(table, "kode");
    let id = identifier(reader, code, span.clone());
    let title = reader.phrase(table, "judul");
    let norm = reader.phrase(table, "norma");
    let level = reader.word(table, "tingkat", Level::ALL, Level::id);
    let profile = reader.word(table, "profil", Profile::ALL, Profile::id);
    let capability = capability(reader, table);
    let method = reader.word(table, "metode", Method::ALL, Method::id);
    let phase = reader.word(table, "fase", Phase::ALL, Phase::id);
    let lane = reader.word(table, "lajur", Lane::ALL, Lane::id);
    let intrusive = reader.flag(table, "intrusif");
    let confirmation = reader.word(table, "konfirmasi", Confirmation::ALL, Confirmation::id);
    let judged = reader.phrase(table, "dinilai");
    let remedy = reader.phrase(table, "perbaikan");
    let references = reader
        .texts(table, "rujukan")
        .into_iter()
        .map(|(text, _)| text.to_owned())
        .collect();
    let sources = sources(reader, table);
    let unverified = unverified(reader, table);
    let defects = defects(reader, table, id);
    let variants = variants(reader, table);
    reader.finish(table);
    let (line, column) = reader.file.line_column(span.start);
    Some(Requirement {
        id: id?,
        title,
        norm,
        level: level?,
        profile: profile?,
        capability: capability?,
        method: method?,
        phase: phase?,
        lane: lane?,
        intrusive,
        confirmation: confirmation?,
        clause: clause.clone(),
        sources,
        references,
        judged,
        remedy,
        unverified,
        defects,
        variants,
        place: Place {
            path: reader.file.path().to_owned(),
            line,
            column,
        },
    })
}

/// An identifier, of the area in whose directory the file stands.
fn identifier(reader: &mut Reader<'_>, code: &str, span: Range<usize>) -> Option<RequirementId> {
    if code.is_empty() {
        return None;
    }
    let Ok(id) = code.parse::<RequirementId>() else {
        let text = phrase!(
            "`{code}` bukan pengenal persyaratan",
            "`{code}` is no requirement identifier"
        );
        reader.fault(
            span,
            text,
            phrase!("tulis misalnya PB-02 atau KM-07", "write one such as PB-02 or KM-07"),
        );
        return None;
    };
    let directory = reader.file.path().split('/').next().and_then(Area::by_id);
    if directory.is_some_and(|area| area != id.area()) {
        let area = id.area().id();
        let text = phrase!(
            "{id} tidak berada di direktori areanya",
            "{id} does not stand in the directory of its area"
        );
        reader.fault(
            span,
            text,
            phrase!("pindahkan ke features/{area}/", "move it to features/{area}/"),
        );
    }
    Some(id)
}

/// `anonim, hub_keluar / hub_tarik`: a comma means all, a slash any one, `-` none (proses-bisnis.md, convention 1).
fn capability<'a>(reader: &mut Reader<'a>, table: &mut Table<'a>) -> Option<CapabilityExpr> {
    let (text, span) = reader.text(table, "kapabilitas");
    if text.is_empty() {
        return None;
    }
    if text == "-" {
        return Some(CapabilityExpr::default());
    }
    let ids: Vec<&str> = Capability::ALL.iter().map(|capability| capability.id()).collect();
    let mut all = Vec::new();
    for part in text.split(',') {
        let mut any = Vec::new();
        for word in part.split('/').map(str::trim) {
            match Capability::by_id(word) {
                Some(capability) => any.push(capability),
                None => reader.unknown(span.clone(), word, &ids),
            }
        }
        all.push(any);
    }
    Some(CapabilityExpr(all))
}

fn sources<'a>(reader: &mut Reader<'a>, table: &mut Table<'a>) -> Vec<Source> {
    let mut sources = Vec::new();
    for mut item in reader.tables(table, "dasar") {
        let text = reader.languages(&mut item);
        let mark = reader.word(&mut item, "tanda", Mark::ALL, Mark::id);
        reader.finish(&item);
        sources.extend(mark.map(|mark| Source { text, mark }));
    }
    sources
}

fn unverified<'a>(reader: &mut Reader<'a>, table: &mut Table<'a>) -> Vec<Phrase> {
    let mut facts = Vec::new();
    for mut item in reader.tables(table, "belum_diverifikasi") {
        facts.push(reader.languages(&mut item));
        reader.finish(&item);
    }
    facts
}

fn defects<'a>(reader: &mut Reader<'a>, table: &mut Table<'a>, owner: Option<RequirementId>) -> Vec<Defect> {
    let mut defects = Vec::new();
    for mut item in reader.tables(table, "cacat") {
        let (code, span) = reader.text(&mut item, "kode");
        let letter = owner.and_then(|id| code.strip_prefix(&id.to_string()));
        if owner.is_some() && !code.is_empty() && !letter.is_some_and(is_letter) {
            let text = phrase!(
                "`{code}` bukan cacat persyaratan ini",
                "`{code}` is no defect of this requirement"
            );
            let advice = phrase!(
                "tulis kode persyaratan dan satu huruf kecil",
                "write the requirement's code and one small letter"
            );
            reader.fault(span, text, advice);
        }
        let text = reader.languages(&mut item);
        let kind = reader.word(&mut item, "jenis", DefectKind::ALL, DefectKind::id);
        let also = reader.texts(&mut item, "juga");
        let also = also
            .into_iter()
            .filter_map(|(code, span)| identifier_of_any_area(reader, code, span))
            .collect();
        reader.finish(&item);
        defects.extend(kind.map(|kind| Defect {
            id: code.to_owned(),
            text,
            kind,
            also,
        }));
    }
    defects
}

fn variants<'a>(reader: &mut Reader<'a>, table: &mut Table<'a>) -> Vec<Variant> {
    let mut variants = Vec::new();
    for mut item in reader.tables(table, "varian") {
        let text = reader.languages(&mut item);
        let switches: Vec<String> = reader
            .texts(&mut item, "sakelar")
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect();
        let note = reader.optional_phrase(&mut item, "catatan");
        if switches.is_empty() && note.is_none() {
            let text = phrase!(
                "varian tanpa sakelar dan tanpa catatan",
                "a variant with neither switch nor note"
            );
            let advice = phrase!(
                "isi `sakelar`, atau `catatan` mengapa tidak ada sakelar yang mungkin",
                "give `sakelar`, or `catatan` why no switch can stand for it"
            );
            reader.fault(item.span.clone(), text, advice);
        }
        reader.finish(&item);
        variants.push(Variant { text, switches, note });
    }
    variants
}

fn identifier_of_any_area(reader: &mut Reader<'_>, code: &str, span: Range<usize>) -> Option<RequirementId> {
    let id = code.parse().ok();
    if id.is_none() {
        let text = phrase!(
            "`{code}` bukan pengenal persyaratan",
            "`{code}` is no requirement identifier"
        );
        reader.fault(span, text, phrase!("tulis misalnya KM-08", "write one such as KM-08"));
    }
    id
}

fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_lowercase())
}
