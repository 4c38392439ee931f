//! Tests of `plan`.

use super::*;
use crate::feature::{FeatureSource, parse_all, sources};

fn claims() -> Claims {
    let capabilities = BTreeSet::from([Capability::Anonim]);
    Claims {
        profile: Profile::Mandiri,
        capabilities,
        bound: BTreeSet::new(),
        staging: true,
    }
}

fn planned_with(claims: &Claims, selection: &Selection) -> Result<Plan, PlanError> {
    let features = parse_all(&sources(None).unwrap()).unwrap();
    plan(Catalogue::embedded().unwrap(), &features, claims, selection)
}

fn id(text: &str) -> RequirementId {
    text.parse().unwrap()
}

fn disposition_of<'a>(plan: &'a Plan, text: &str) -> &'a Disposition {
    &plan
        .requirements
        .iter()
        .find(|requirement| requirement.id == id(text))
        .unwrap()
        .disposition
}

#[test]
fn the_whole_profile_is_planned_in_the_order_of_identifiers() {
    let plan = planned_with(
        &claims(),
        &Selection {
            intrusive: true,
            ..Selection::default()
        },
    )
    .unwrap();
    let ids: Vec<String> = plan
        .requirements
        .iter()
        .map(|requirement| requirement.id.to_string())
        .collect();
    assert!(
        ids.len() >= 9 && plan.requirements.is_sorted_by_key(|requirement| requirement.id),
        "{ids:?}"
    );
    let planned = |requirement: &PlannedRequirement| {
        matches!(
            requirement.disposition,
            Disposition::Run | Disposition::NotApplicable(_)
        )
    };
    assert!(
        plan.requirements.iter().all(planned),
        "only what is not claimed is left out"
    );
    assert_eq!(*disposition_of(&plan, "PB-02"), Disposition::Run);
    // Requirements of higher profiles are implemented and not planned.
    assert!(plan.implemented >= ids.len());
    assert_eq!((plan.whole, plan.revision.as_str()), (164, "pratinjau"));
    assert!(!plan.selection.partial() && plan.missing_capabilities.is_empty());
}

#[test]
fn every_row_has_the_line_of_its_own_table_row() {
    let plan = planned_with(
        &claims(),
        &Selection {
            ids: vec![id("PB-22")],
            ..Selection::default()
        },
    )
    .unwrap();
    let rows = &plan.requirements[0].rows;
    assert_eq!(rows.len(), 45, "44 forbidden moves and the planted status");
    let text = crate::catalogue::Files::embedded();
    for row in rows.iter().filter(|row| row.label.contains(" · ")) {
        let (path, line) = row.id.rsplit_once(':').unwrap();
        let file = text.0.iter().find(|file| file.path() == path).unwrap();
        let cells: Vec<&str> = file
            .line(line.parse().unwrap())
            .trim()
            .trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        assert_eq!(cells.join(" · "), row.label, "{}", row.id);
        assert!(!row.scenario.contains('<') && row.steps.iter().all(|step| !step.text.contains('<')));
    }
    let labels: BTreeSet<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels.len(), rows.len(), "labels are unique within a requirement");
}

#[test]
fn steps_keep_their_line_kind_and_text() {
    let text = "# language: id\nFitur: f\n  Latar Belakang:\n    Diketahui awal\n\n  @PB-02\n  Skenario: s\n    Ketika a\n    Dan b\n    Maka c\n";
    let features = parse_all(&[FeatureSource::new("proses-bisnis/2_x.feature", text)]).unwrap();
    let rows = rows(&features, id("PB-02"));
    let steps: Vec<_> = rows[0]
        .steps
        .iter()
        .map(|step| (step.line, step.kind.as_str(), step.text.as_str()))
        .collect();
    assert_eq!(rows[0].id, "proses-bisnis/2_x.feature:7");
    assert_eq!(rows[0].label, "s");
    assert_eq!(
        steps,
        [
            (4, "diketahui", "awal"),
            (8, "ketika", "a"),
            (9, "ketika", "b"),
            (10, "maka", "c")
        ]
    );
}

#[test]
fn what_is_not_claimed_does_not_apply_and_is_named() {
    let claims = Claims {
        capabilities: BTreeSet::new(),
        ..claims()
    };
    let plan = planned_with(&claims, &Selection::default()).unwrap();
    assert_eq!(
        disposition_of(&plan, "PB-30"),
        &Disposition::NotApplicable("anonim".to_owned())
    );
}

#[test]
fn intrusive_requirements_are_blocked_unless_asked_for_on_staging() {
    let blocked = |plan: &Plan, text| {
        matches!(
            disposition_of(plan, text),
            Disposition::Blocked {
                reason: Reason::PreconditionUnmet,
                ..
            }
        )
    };
    let plan = planned_with(&claims(), &Selection::default()).unwrap();
    assert!(blocked(&plan, "PB-04") && blocked(&plan, "KM-24") && !blocked(&plan, "PB-02"));
    let production = Claims {
        staging: false,
        ..claims()
    };
    let plan = planned_with(
        &production,
        &Selection {
            intrusive: true,
            ..Selection::default()
        },
    )
    .unwrap();
    assert!(
        blocked(&plan, "PB-04") && blocked(&plan, "PB-02"),
        "nothing is written outside staging"
    );
}

#[test]
fn a_selection_is_by_identifier_area_and_level_and_never_empty() {
    let selected = |selection: &Selection| {
        planned_with(&claims(), selection).map(|plan| {
            plan.requirements
                .iter()
                .map(|requirement| requirement.id.to_string())
                .collect::<Vec<_>>()
        })
    };
    let by_id = Selection {
        ids: vec![id("KM-07"), id("PB-02")],
        ..Selection::default()
    };
    assert_eq!(selected(&by_id).unwrap(), ["PB-02", "KM-07"]);
    assert!(by_id.partial());
    let by_area = Selection {
        areas: vec![Area::Data],
        ..Selection::default()
    };
    let of_area = selected(&by_area).unwrap();
    assert!(
        of_area.contains(&"DT-19".to_owned()) && of_area.iter().all(|id| id.starts_with("DT-")),
        "{of_area:?}"
    );
    let nothing = Selection {
        areas: vec![Area::Data],
        ids: vec![id("KM-07")],
        ..Selection::default()
    };
    assert_eq!(
        selected(&nothing),
        Err(PlanError::Empty {
            profile: Profile::Mandiri
        })
    );
    let unknown = Selection {
        ids: vec![id("KM-99")],
        ..Selection::default()
    };
    assert!(matches!(selected(&unknown), Err(PlanError::Unknown { id, .. }) if id.to_string() == "KM-99"));
}

#[test]
fn a_profile_names_the_capabilities_that_nobody_claims() {
    let integrated = Claims {
        profile: Profile::Terintegrasi,
        capabilities: BTreeSet::from([
            Capability::HubMasuk,
            Capability::HubTarik,
            Capability::Tenggat,
            Capability::Anonim,
        ]),
        ..claims()
    };
    let plan = planned_with(&integrated, &Selection::default()).unwrap();
    assert_eq!(
        plan.missing_capabilities,
        ["PROFIL-rahasia", "PROFIL-lampiran", "PROFIL-pelacakan_publik"]
    );
    let none = Claims {
        capabilities: BTreeSet::new(),
        ..integrated.clone()
    };
    let plan = planned_with(&none, &Selection::default()).unwrap();
    assert!(
        plan.missing_capabilities
            .contains(&"PROFIL-hub_keluar/hub_tarik".to_owned()),
        "any one of two would do"
    );
    let partial = Selection {
        ids: vec![id("PB-02")],
        ..Selection::default()
    };
    assert!(
        planned_with(&integrated, &partial)
            .unwrap()
            .missing_capabilities
            .is_empty()
    );
}

#[test]
fn a_requirement_without_scenario_is_an_error_not_a_pass() {
    let features = parse_all(&sources(None).unwrap()).unwrap();
    let without: Vec<ParsedFeature> = features
        .into_iter()
        .filter(|feature| !feature.path.starts_with("data/"))
        .collect();
    let found = plan(
        Catalogue::embedded().unwrap(),
        &without,
        &claims(),
        &Selection::default(),
    );
    assert!(matches!(found, Err(PlanError::NoScenario { id }) if id.area() == Area::Data));
}

#[test]
fn a_plan_survives_its_file() {
    let plan = planned_with(&claims(), &Selection::default()).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
}
