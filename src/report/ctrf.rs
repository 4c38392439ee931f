//! CTRF (Common Test Report Format) for dashboards of test results: one test for each requirement, its scenario rows
//! as steps. What CTRF has no word for stands in `rawStatus`.

use serde_json::{Value, json};

use super::ReportError;
use super::facts;
use super::model::Model;
use super::requirement::RequirementView;

/// The version of the specification that is written.
const SPECIFICATION: &str = "0.0.0";
/// Most steps of one test.
const STEPS: usize = 500;

/// Renders a model as CTRF.
pub fn ctrf(model: &Model) -> Result<Vec<u8>, ReportError> {
    let areas = model.areas.iter();
    let tests: Vec<Value> = areas
        .flat_map(|area| area.requirements.iter().map(|one| test(area.id, one)))
        .collect();
    let count = |status: &str| tests.iter().filter(|test| test["status"] == status).count();
    let start = facts::milliseconds(&model.run.started_raw);
    let stop = facts::milliseconds(&model.run.ended_raw).max(start);
    let mut document = json!({
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "reportId": facts::pack(model).named("ctrf").to_string(),
        "runId": nonempty(&model.run.id),
        "generatedBy": format!("laik {}", model.run.laik),
        "results": {
            "tool": { "name": "laik", "version": model.run.laik },
            "summary": {
                "tests": tests.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "skipped": count("skipped"),
                "pending": count("pending"),
                "other": count("other"),
                "suites": model.areas.len(),
                "start": start,
                "stop": stop,
                "duration": model.run.wall_ms,
            },
            "tests": tests,
            "environment": {
                "appName": model.target.name,
                "appVersion": model.target.version,
                "testEnvironment": model.target.environment,
                // Not the application's health: whether laik itself came to the end without a fault.
                "healthy": model.complete && model.faults.is_empty(),
            },
            "extra": {
                "keputusan": model.decision.id,
                "profil": model.profile.id,
                "revisi_standar": model.standard.revision,
                "instansi": model.target.agency,
                "bukti_sha256": model.run.head,
            },
        },
    });
    if let (Some(instant), Value::Object(members)) = (facts::instant(&model.run.started_raw), &mut document) {
        members.insert("timestamp".to_owned(), instant.into());
    }
    facts::bytes(&document)
}

fn nonempty(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

fn test(area: &str, requirement: &RequirementView) -> Value {
    let told = requirement.told();
    let steps: Vec<Value> = requirement
        .rows
        .iter()
        .take(STEPS)
        .map(|row| {
            json!({
                "name": format!("{} [{}]", row.label, row.id),
                "status": requirement.told_of(&row.verdict).ctrf,
                "extra": { "putusan": row.verdict.id },
            })
        })
        .collect();
    let mut test = json!({
        "testId": nonempty(&requirement.id),
        "name": format!("{} {}", requirement.id, requirement.title),
        "status": told.ctrf,
        "rawStatus": told.ours,
        "duration": requirement.time_ms,
        "suite": [area],
        "tags": [requirement.level.id, requirement.profile.id],
        "steps": steps,
        "extra": {
            "tingkat": requirement.level.id,
            "alasan": requirement.verdict.reason.map(crate::verdict::Reason::id),
            "kaki": requirement.legs,
            "kaki_lulus": requirement.legs_passed,
        },
    });
    let seen = facts::seen(requirement);
    if let (false, Value::Object(members)) = (seen.is_empty(), &mut test) {
        members.insert("message".to_owned(), seen.join("\n").into());
        if let Some(place) = facts::places(requirement).first() {
            members.insert("line".to_owned(), place.line.into());
        }
    }
    test
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use crate::report::sample;

    #[test]
    fn the_sample_reads_as_before() {
        let text = String::from_utf8(ctrf(&sample::model(Lang::En)).unwrap()).unwrap();
        insta::assert_snapshot!(text);
        assert!(text.len() < 100_000);
    }

    #[test]
    fn a_hostile_clock_and_an_empty_run_stay_numbers() {
        let mut run = sample::run();
        run.started = "<script>".to_owned();
        run.run = String::new();
        run.requirements.clear();
        let document: Value = serde_json::from_slice(&ctrf(&sample::model_of(&run, Lang::Id)).unwrap()).unwrap();
        assert_eq!(document["results"]["summary"]["start"], 0);
        assert_eq!((&document["runId"], document.get("timestamp")), (&json!("–"), None));
    }
}
