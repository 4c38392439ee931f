//! SARIF 2.1.0 (OASIS, with errata 01) for code scanning: one result for each requirement, at its scenario in the
//! features of the standard. Faults of laik stand among the notifications of the invocation.

use serde_json::{Map, Value, json};

use super::ReportError;
use super::facts::{self, FeaturePlace};
use super::model::Model;
use super::requirement::RequirementView;
use crate::catalogue::Level;
use crate::evidence::sha256_hex;
use crate::verdict::Verdict;

/// Base of the places in the features; where they lie on a disk is not known to a report.
const STANDARD: &str = "STANDAR";
/// Base of the files of the pack.
const PACK: &str = "PAKET";

/// Renders a model as SARIF.
pub fn sarif(model: &Model) -> Result<Vec<u8>, ReportError> {
    let requirements: Vec<&RequirementView> = model.requirements().collect();
    let rules: Vec<Value> = requirements.iter().map(|one| rule(one)).collect();
    let results: Vec<Value> = requirements
        .iter()
        .enumerate()
        .map(|(index, one)| result(index, one, model))
        .collect();
    facts::bytes(&json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "laik",
                "version": model.run.laik,
                "language": model.language,
                "rules": rules,
            }},
            "language": model.language,
            "automationDetails": {
                "id": format!("laik/{}/{}", model.profile.id, model.run.id),
                "guid": facts::pack(model).to_string(),
            },
            "originalUriBaseIds": {
                STANDARD: { "description": { "text": "Standar laik / the standard of laik" } },
                PACK: { "description": { "text": "Paket bukti / the evidence pack" } },
            },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(&requirements, model)],
            "results": results,
            "properties": {
                "keputusan": model.decision.id,
                "profil": model.profile.id,
                "revisi_standar": model.standard.revision,
                "standar_sha256": model.standard.digest,
                "pernyataan_sha256": model.target.statement_digest,
                "bukti_sha256": model.run.head,
            },
        }],
    }))
}

/// A message that shows exactly a text: braces are doubled (§3.11.5), and no embedded link can begin (§3.11.6).
fn message(text: &str) -> Value {
    let text = if text.is_empty() { "–" } else { text };
    json!({ "text": text.replace('{', "{{").replace('}', "}}").replace("](", "] (") })
}

fn rule(requirement: &RequirementView) -> Value {
    let level = if requirement.level.id == Level::Dianjurkan.id() {
        "warning"
    } else {
        "error"
    };
    let mut rule = json!({
        "id": requirement.id,
        "guid": facts::requirement(&requirement.id).to_string(),
        "shortDescription": message(&requirement.title),
        "defaultConfiguration": { "level": level },
    });
    for (name, text) in [("fullDescription", &requirement.norm), ("help", &requirement.remedy)] {
        if !text.is_empty() {
            put(&mut rule, name, message(text));
        }
    }
    let tags: Vec<&str> = [requirement.level.id, requirement.profile.id]
        .into_iter()
        .chain(requirement.references.iter().map(String::as_str))
        .collect();
    put(&mut rule, "properties", json!({ "tags": tags }));
    rule
}

fn put(value: &mut Value, name: &str, member: Value) {
    if let Value::Object(members) = value {
        members.insert(name.to_owned(), member);
    }
}

fn result(index: usize, requirement: &RequirementView, model: &Model) -> Value {
    let told = requirement.told();
    let said = std::iter::once(format!("{} ({})", requirement.title, requirement.verdict.word))
        .chain(facts::seen(requirement))
        .collect::<Vec<_>>()
        .join("\n");
    json!({
        "ruleId": requirement.id,
        "ruleIndex": index,
        "kind": told.sarif_kind,
        "level": told.sarif_level,
        "message": message(&said),
        "locations": locations(requirement),
        "partialFingerprints": { "persyaratan/v1": fingerprint(requirement, model) },
        "properties": {
            "putusan": requirement.verdict.id,
            "alasan": requirement.verdict.reason.map(crate::verdict::Reason::id),
            "tingkat": requirement.level.id,
            "kaki": requirement.legs,
            "kaki_lulus": requirement.legs_passed,
        },
    })
}

/// The same for each run of the same application and requirement, whatever was seen and wherever the scenario stands.
fn fingerprint(requirement: &RequirementView, model: &Model) -> String {
    let target = &model.target;
    let parts = [&requirement.id, &target.agency, &target.name].map(|part| format!("{}:{part}", part.len()));
    sha256_hex(parts.concat().as_bytes())
}

/// At least one place, as code scanning wants: the scenarios, the entry of the standard, or the statement.
fn locations(requirement: &RequirementView) -> Vec<Value> {
    let places = facts::places(requirement);
    if places.is_empty() {
        return vec![json!({ "physicalLocation": {
            "artifactLocation": { "uri": "pernyataan.toml", "uriBaseId": PACK },
        }})];
    }
    let location = |place: FeaturePlace| {
        json!({ "physicalLocation": {
            "artifactLocation": { "uri": place.uri, "uriBaseId": STANDARD },
            "region": { "startLine": place.line },
        }})
    };
    places.into_iter().map(location).collect()
}

fn invocation(requirements: &[&RequirementView], model: &Model) -> Value {
    let error = Verdict::Error.id();
    let of_requirements = requirements
        .iter()
        .enumerate()
        .filter(|(_, one)| one.verdict.id == error);
    let mut notifications: Vec<Value> = of_requirements
        .map(|(index, one)| {
            json!({
                "level": "error",
                "message": message(&facts::seen(one).join("\n")),
                "associatedRule": { "id": one.id, "index": index },
            })
        })
        .collect();
    notifications.extend(
        model
            .faults
            .iter()
            .map(|fault| json!({ "level": "error", "message": message(fault) })),
    );
    let mut invocation = Map::new();
    let successful = model.complete && notifications.is_empty();
    invocation.insert("executionSuccessful".to_owned(), successful.into());
    for (name, text) in [
        ("startTimeUtc", &model.run.started_raw),
        ("endTimeUtc", &model.run.ended_raw),
    ] {
        if let Some(instant) = facts::instant(text) {
            invocation.insert(name.to_owned(), instant.into());
        }
    }
    invocation.insert("toolExecutionNotifications".to_owned(), notifications.into());
    invocation.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::pack::run_json::RunJson;
    use crate::report::sample;

    fn document(run: &RunJson) -> Value {
        serde_json::from_slice(&sarif(&sample::model_of(run, Lang::Id)).unwrap()).unwrap()
    }

    #[test]
    fn the_sample_reads_as_before() {
        let text = String::from_utf8(sarif(&sample::model(Lang::Id)).unwrap()).unwrap();
        insta::assert_snapshot!(text);
        assert!(text.len() < 200_000 && !text.contains("](http"));
    }

    #[test]
    fn a_fingerprint_stays_when_what_was_seen_changes() {
        let of = |run: &RunJson| document(run)["runs"][0]["results"][0]["partialFingerprints"].clone();
        let run = sample::run();
        let mut later = run.clone();
        later.run = "0000000000000000".to_owned();
        later.requirements[0].rows[0].id = "proses-bisnis/1_penerimaan.feature:99".to_owned();
        later.requirements[0].rows[0].legs.clear();
        assert_eq!(of(&run), of(&later));
        later.target.name.push('x');
        assert_ne!(of(&run), of(&later));
    }

    #[test]
    fn faults_of_laik_are_notifications_and_the_invocation_was_no_success() {
        let mut run = sample::run();
        run.faults = vec!["{0} [x](https://x.test)".to_owned()];
        let faulty = document(&run);
        let invocation = &faulty["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
        assert_eq!(notifications.len(), 2);
        assert_eq!(notifications[0]["associatedRule"]["id"], "TK-20");
        assert_eq!(notifications[1]["message"]["text"], "{{0}} [x] (https://x.test)");
        let mut whole = sample::passing();
        whole.complete = true;
        let passed = &document(&whole)["runs"][0]["invocations"][0];
        assert_eq!(passed["executionSuccessful"], true);
    }
}
