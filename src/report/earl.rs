//! EARL 1.0 (W3C Note, 2017) as JSON-LD 1.1: who asserts what of which requirement, for RDF stores and comparison over
//! many applications. The context stands inside, so that reading it needs no network.

use serde_json::{Value, json};

use super::ReportError;
use super::facts;
use super::model::Model;
use super::requirement::RequirementView;

/// Renders a model as EARL in JSON-LD.
pub fn earl(model: &Model) -> Result<Vec<u8>, ReportError> {
    let mut graph = vec![assertor(model), subject(model)];
    for requirement in model.requirements() {
        graph.push(criterion(requirement));
        graph.push(assertion(requirement, model));
    }
    facts::bytes(&json!({
        "@context": {
            "earl": "http://www.w3.org/ns/earl#",
            "dct": "http://purl.org/dc/terms/",
            "doap": "http://usefulinc.com/ns/doap#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": graph,
    }))
}

fn urn(uuid: super::uuid::Uuid) -> String {
    format!("urn:uuid:{uuid}")
}

/// Who asserts: this version of laik.
fn assertor_id(model: &Model) -> String {
    urn(super::uuid::LAIK.named(&format!("laik {}", model.run.laik)))
}

fn assertor(model: &Model) -> Value {
    json!({
        "@id": assertor_id(model),
        "@type": ["earl:Assertor", "earl:Software", "doap:Project"],
        "doap:name": "laik",
        "dct:hasVersion": model.run.laik,
    })
}

fn subject(model: &Model) -> Value {
    let target = &model.target;
    json!({
        "@id": urn(facts::application(model)),
        "@type": "earl:TestSubject",
        "dct:title": target.name,
        "dct:hasVersion": target.version,
        "dct:publisher": target.agency,
        "dct:description": format!("{} ({})", target.base_url, target.environment),
    })
}

fn criterion(requirement: &RequirementView) -> Value {
    let mut criterion = json!({
        "@id": urn(facts::requirement(&requirement.id)),
        "@type": ["earl:TestCriterion", "earl:TestRequirement"],
        "dct:identifier": requirement.id,
        "dct:title": requirement.title,
        "dct:type": requirement.level.id,
    });
    if let (false, Value::Object(members)) = (requirement.norm.is_empty(), &mut criterion) {
        members.insert("dct:description".to_owned(), requirement.norm.as_str().into());
    }
    criterion
}

fn assertion(requirement: &RequirementView, model: &Model) -> Value {
    let told = requirement.told();
    let pack = facts::pack(model);
    let mut result = json!({
        "@id": urn(pack.named(&format!("hasil {}", requirement.id))),
        "@type": "earl:TestResult",
        "earl:outcome": { "@id": format!("earl:{}", told.earl) },
        // The verdict itself: several have the same outcome.
        "dct:identifier": told.ours,
    });
    if let Value::Object(members) = &mut result {
        let seen = facts::seen(requirement);
        if !seen.is_empty() {
            members.insert("earl:info".to_owned(), seen.join("\n").into());
        }
        let date = facts::instant(&model.run.ended_raw).or_else(|| facts::instant(&model.run.started_raw));
        if let Some(date) = date {
            members.insert(
                "dct:date".to_owned(),
                json!({ "@value": date, "@type": "xsd:dateTime" }),
            );
        }
    }
    json!({
        "@id": urn(pack.named(&format!("pernyataan {}", requirement.id))),
        "@type": "earl:Assertion",
        "earl:assertedBy": { "@id": assertor_id(model) },
        "earl:subject": { "@id": urn(facts::application(model)) },
        "earl:test": { "@id": urn(facts::requirement(&requirement.id)) },
        "earl:mode": { "@id": format!("earl:{}", told.earl_mode) },
        "earl:result": result,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    #[test]
    fn the_sample_reads_as_before() {
        let text = String::from_utf8(earl(&sample::model(Lang::Id)).unwrap()).unwrap();
        insta::assert_snapshot!(text);
        assert!(text.len() < 100_000);
    }

    /// A text of a pack stands as a literal alone: it can name no node, no type and no property.
    #[test]
    fn no_text_of_a_pack_is_an_identifier() {
        let mut run = sample::run();
        run.requirements[0].id = "http://www.w3.org/ns/earl#passed".to_owned();
        run.target.name = "@id".to_owned();
        let document: Value = serde_json::from_slice(&earl(&sample::model_of(&run, Lang::Id)).unwrap()).unwrap();
        for node in document["@graph"].as_array().unwrap() {
            assert!(node["@id"].as_str().unwrap().starts_with("urn:uuid:"), "{node}");
        }
    }
}
