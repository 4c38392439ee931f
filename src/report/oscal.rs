//! OSCAL assessment results (NIST, JSON, 1.2.1) for audits of security: reviewed controls, an observation for each
//! requirement, and a finding where there is one. Every identifier follows from the pack.
//!
//! Titles and descriptions of OSCAL are Markdown; texts of a run are escaped as such.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::ReportError;
use super::facts;
use super::mapping::Told;
use super::markdown::escaped;
use super::model::Model;
use super::requirement::RequirementView;
use super::uuid::Uuid;
use crate::domain::Phrase;
use crate::verdict::{Reason, Verdict};

/// The version of OSCAL that is written; `schemas/` has its schema.
const VERSION: &str = "1.2.1";
/// Where a run has no instant that can be read.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// Renders a model as OSCAL assessment results.
pub fn oscal(model: &Model) -> Result<Vec<u8>, ReportError> {
    let pack = facts::pack(model);
    let start = facts::instant(&model.run.started_raw).unwrap_or_else(|| EPOCH.to_owned());
    let end = facts::instant(&model.run.ended_raw).unwrap_or_else(|| start.clone());
    let plan = pack.named("rencana");
    facts::bytes(&json!({
        "assessment-results": {
            "uuid": pack.named("oscal").to_string(),
            "metadata": {
                "title": title(&format!("laik: {} {}", model.target.name, model.target.version)),
                "last-modified": end,
                "version": value(&model.run.id),
                "oscal-version": VERSION,
                "props": [
                    property("laik", &model.run.laik),
                    property("revisi-standar", &model.standard.revision),
                    property("profil", model.profile.id),
                    property("instansi", &model.target.agency),
                ],
            },
            "import-ap": { "href": format!("#{plan}") },
            "results": [result(model, pack, &start, &end)],
            "back-matter": { "resources": [
                resource(plan, "Rencana: run.json, pernyataan.toml, standard.lock", "run.json", None),
                resource(pack.named("bukti"), "exchanges.ndjson", "exchanges.ndjson", digest(&model.run.head)),
            ]},
        },
    }))
}

/// A SHA-256 as the pack gives it, where it is one.
fn digest(text: &str) -> Option<&str> {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == 64 && text.bytes().all(hex)).then_some(text)
}

/// The log's last line has the digest that binds all before it, so it is a property and not the hash of the file.
fn resource(uuid: Uuid, name: &str, href: &str, head: Option<&str>) -> Value {
    let mut resource = json!({ "uuid": uuid.to_string(), "title": title(name), "rlinks": [{ "href": href }] });
    if let (Some(head), Value::Object(members)) = (head, &mut resource) {
        members.insert("props".to_owned(), json!([property("sha256-baris-terakhir", head)]));
    }
    resource
}

/// Text of one line that is never empty, nor has space around it, as `StringDatatype` demands.
fn value(text: &str) -> String {
    let text = super::model::line(text);
    let text = text.trim();
    if text.is_empty() {
        "–".to_owned()
    } else {
        text.to_owned()
    }
}

/// The same as Markdown.
fn title(text: &str) -> String {
    escaped(&value(text))
}

fn property(name: &str, text: &str) -> Value {
    json!({ "name": name, "ns": "urn:laik:oscal", "value": value(text) })
}

/// A name as XML has it, which is what OSCAL's identifiers are; identifiers of the standard are such names already.
fn token(id: &str) -> String {
    let fit = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let name: String = id
        .chars()
        .map(|character| if fit(character) { character } else { '_' })
        .collect();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("_{name}")
    }
}

fn result(model: &Model, pack: Uuid, start: &str, end: &str) -> Value {
    let requirements: Vec<&RequirementView> = model.requirements().collect();
    let reviewed: Vec<Value> = requirements
        .iter()
        .filter(|one| one.verdict.id != Verdict::NotApplicable.id())
        .map(|one| json!({ "control-id": token(&one.id) }))
        .collect();
    let observations: Vec<Value> = requirements.iter().map(|one| observation(one, pack, end)).collect();
    let findings: Vec<Value> = requirements
        .iter()
        .filter_map(|one| finding(one, model, pack))
        .collect();
    let selection = if reviewed.is_empty() {
        json!({ "description": "–" })
    } else {
        json!({ "include-controls": reviewed })
    };
    let mut result = json!({
        "uuid": pack.named("hasil").to_string(),
        "title": title(&model.decision.word),
        "description": title(&model.decision.sentence),
        "start": start,
        "end": end,
        "props": [property("keputusan", model.decision.id)],
        "reviewed-controls": { "control-selections": [selection] },
    });
    if let Value::Object(members) = &mut result {
        for (name, list) in [("observations", observations), ("findings", findings)] {
            if !list.is_empty() {
                members.insert(name.to_owned(), list.into());
            }
        }
    }
    result
}

fn observation_id(requirement: &RequirementView, pack: Uuid) -> String {
    pack.named(&format!("pengamatan {}", requirement.id)).to_string()
}

fn observation(requirement: &RequirementView, pack: Uuid, collected: &str) -> Value {
    let told = requirement.told();
    let method = match told.ours {
        review if review == Reason::AwaitingReview.id() => "EXAMINE",
        _ => "TEST",
    };
    let mut seen = facts::seen(requirement);
    if seen.is_empty() {
        seen.push(requirement.verdict.word.clone());
    }
    json!({
        "uuid": observation_id(requirement, pack),
        "title": title(&format!("{} {}", requirement.id, requirement.title)),
        "description": seen.iter().map(|text| escaped(text)).collect::<Vec<_>>().join("\n\n"),
        "props": [
            property("putusan", told.ours),
            property("tingkat", requirement.level.id),
            property("persyaratan", &requirement.id),
        ],
        "methods": [method],
        "relevant-evidence": [{
            "href": format!("#{}", pack.named("bukti")),
            "description": escaped(&numbers(requirement)),
        }],
        "collected": collected,
    })
}

/// The numbers of the records that the requirement's verdict rests on; bounded.
fn numbers(requirement: &RequirementView) -> String {
    let legs = requirement.rows.iter().flat_map(|row| &row.legs);
    let mut all: Vec<u64> = legs
        .flat_map(|leg| &leg.evidence)
        .map(|evidence| evidence.seq)
        .collect();
    all.sort_unstable();
    all.dedup();
    let left = all.len().saturating_sub(40);
    all.truncate(40);
    let mut text = all.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    if left > 0 {
        let _ = write!(text, " … (+{left})");
    }
    if text.is_empty() { "–".to_owned() } else { text }
}

fn finding(requirement: &RequirementView, model: &Model, pack: Uuid) -> Option<Value> {
    let told = requirement.told();
    let (state, reason) = told.oscal?;
    let mut status = json!({ "state": state, "reason": reason });
    if let (Some(remark), Value::Object(members)) = (remark(told), &mut status) {
        members.insert("remarks".to_owned(), remark.text(model.lang).into());
    }
    Some(json!({
        "uuid": pack.named(&format!("temuan {}", requirement.id)).to_string(),
        "title": title(&requirement.title),
        "description": title(if requirement.norm.is_empty() { &requirement.title } else { &requirement.norm }),
        "target": { "type": "objective-id", "target-id": token(&requirement.id), "status": status },
        "related-observations": [{ "observation-uuid": observation_id(requirement, pack) }],
    }))
}

/// What OSCAL's own words would leave unsaid.
fn remark(told: &Told) -> Option<Phrase> {
    match told.oscal {
        Some(("satisfied", "other")) => Some(Phrase::new(
            "Anjuran tidak terpenuhi; tidak menghalangi keputusan.",
            "A recommendation is not met; it does not stand in the way of the decision.",
        )),
        Some((_, "other")) => Some(Phrase::new(
            format!("Belum diputuskan: {}.", told.ours),
            format!("Not decided: {}.", told.ours),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    fn text(model: &Model) -> String {
        String::from_utf8(oscal(model).unwrap()).unwrap()
    }

    #[test]
    fn the_sample_reads_as_before() {
        insta::assert_snapshot!(text(&sample::model(Lang::Id)));
    }

    #[test]
    fn identifiers_follow_from_the_pack() {
        let mut run = sample::run();
        let uuids = |text: &str| {
            let pattern = regex::Regex::new(r#""uuid": "([^"]+)""#).unwrap();
            let found = pattern.captures_iter(text);
            found
                .map(|found| found[1].to_owned())
                .collect::<std::collections::BTreeSet<_>>()
        };
        let first = text(&sample::model_of(&run, Lang::Id));
        assert_eq!(uuids(&first), uuids(&text(&sample::model_of(&run, Lang::En))));
        run.evidence.sha256 = "0".repeat(64);
        let other = text(&sample::model_of(&run, Lang::Id));
        assert!(uuids(&first).is_disjoint(&uuids(&other)));
        assert_eq!(uuids(&first).len(), first.matches("\"uuid\":").count());
    }

    #[test]
    fn a_hostile_identifier_becomes_a_name() {
        for (hostile, expected) in [("KM-07", "KM-07"), ("<x y>", "__x_y_"), ("", "_"), ("7é", "_7_")] {
            assert_eq!(token(hostile), expected);
        }
        assert_eq!(value(" \n "), "[LF]");
        assert_eq!((value("  "), title("")), ("–".to_owned(), "–".to_owned()));
    }
}
