//! The real applications below `targets/`: their statements stay readable, recorded answers map to what was expected, and
//! the expected verdicts are whole. The applications themselves are run by .ci/run: tests install nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use laik::catalogue::Catalogue;
use laik::domain::phrase::Lang;
use laik::domain::{Actor, Op};
use laik::statement::{SecretSource, Statement};
use serde_json::{Value, json};

#[test]
fn their_statements_are_accepted() {
    for target in targets() {
        let statement = statement(&target);
        for (op, _) in statement.binding().routes() {
            let faults = statement.binding().compile(op);
            assert!(faults.is_empty(), "{}: {op:?}: {faults:?}", target.display());
        }
    }
}

/// `rekaman/OPERATION@ACTOR[.case].json` holds an answer of the running application and the canonical value that the
/// statement makes of it. `UPDATE=1` writes the second.
#[test]
fn recorded_answers_map_to_canonical_values() {
    for target in targets() {
        let statement = statement(&target);
        for path in entries(&target.join("rekaman")) {
            let name = path
                .file_stem()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            let (op, rest) = name.split_once('@').expect("OPERATION@ACTOR");
            let actor = rest.split('.').next().and_then(Actor::by_id).expect("an actor");
            let op = Op::by_id(op).expect("an operation");
            let mut recorded: Value = serde_json::from_str(&read(&path)).expect("recordings are JSON");
            let route = statement.binding().route(op).expect("a bound operation");
            let filter = route.answer(actor).expect("an answer filter");
            let mapped = filter
                .run_now(recorded["jawaban"].clone())
                .expect("the answer is mapped");
            let (canonical, fault) = statement.binding().codec().receive(mapped);
            assert_eq!(fault, None, "{name}");
            if std::env::var_os("UPDATE").is_some() {
                recorded["kanonis"] = canonical;
                let text = serde_json::to_string_pretty(&recorded).expect("a value is written");
                fs::write(&path, text + "\n").expect("the recording is written");
            } else {
                assert_eq!(canonical, recorded["kanonis"], "{name}; UPDATE=1 writes it anew");
            }
        }
    }
}

#[test]
fn their_expected_verdicts_are_whole() {
    let catalogue = Catalogue::embedded().expect("the standard is sound");
    for target in targets() {
        let claimed = statement(&target).document().klaim.profil;
        let planned = catalogue.requirements.iter().filter(|one| one.profile <= claimed);
        let standard: BTreeSet<String> = planned.map(|one| one.id.to_string()).collect();
        let expected: toml::Table = read(&target.join("diharapkan.toml"))
            .parse()
            .expect("diharapkan.toml is TOML");
        let requirements = expected["persyaratan"].as_table().expect("[persyaratan]");
        let listed: BTreeSet<String> = requirements.keys().cloned().collect();
        assert_eq!(listed, standard, "{}", target.display());
        for (id, entry) in requirements {
            let text = |key: &str| entry.get(key).and_then(toml::Value::as_str).unwrap_or_default();
            assert!(text("alasan").len() > 20, "{id} is expected without a reason");
            if text("putusan") == "FAIL" {
                let (file, anchor) = text("konfirmasi")
                    .split_once('#')
                    .expect("konfirmasi = \"FILE#heading\"");
                let confirmed = read(&target.join(file)).to_lowercase();
                assert!(
                    confirmed.contains(&format!("\n## {anchor}")),
                    "{id}: {file} has no heading {anchor}"
                );
            }
        }
    }
}

fn targets() -> Vec<PathBuf> {
    let mut found = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("targets"));
    found.retain(|path| path.is_dir());
    assert!(!found.is_empty());
    found
}

fn statement(target: &Path) -> Statement {
    let secrets = SecretSource::Given(BTreeMap::new());
    Statement::load(&target.join("pernyataan.toml"), &secrets).unwrap_or_else(|faults| {
        let texts: Vec<String> = faults.iter().map(|fault| fault.render(Lang::En)).collect();
        panic!("{}", texts.join("\n"))
    })
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn a_recording_that_changed_is_seen() {
    let target = targets()
        .into_iter()
        .find(|path| path.ends_with("django-helpdesk"))
        .expect("django-helpdesk");
    let statement = statement(&target);
    let filter = statement
        .binding()
        .route(Op::Read)
        .and_then(|route| route.answer(Actor::Admin))
        .expect("read@admin");
    let mut recorded: Value =
        serde_json::from_str(&read(&target.join("rekaman/read@admin.ditutup.json"))).expect("a recording");
    recorded["jawaban"]["body"]["status"] = json!(5);
    let mapped = filter
        .run_now(recorded["jawaban"].clone())
        .expect("the answer is mapped");
    assert_eq!(
        statement.binding().codec().receive(mapped).0["status"],
        json!("diarsipkan")
    );
}
