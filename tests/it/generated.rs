//! Generated files are committed and fresh; `UPDATE=1 cargo test` writes them.

use std::fs;
use std::path::Path;

#[test]
fn the_schema_of_statements_is_fresh() {
    fresh(laik::statement::SCHEMA_PATH, &laik::statement::json_schema());
}

#[test]
fn the_schemas_of_the_gate_are_fresh() {
    fresh(laik::gate::SCHEMA_PATH, &laik::gate::policy_schema());
    fresh(laik::gate::ANSWER_SCHEMA_PATH, &laik::gate::answer_schema());
}

/// What a reader is promised is what there is.
#[test]
fn the_readmes_tell_how_much_of_the_standard_stands() {
    let catalogue = laik::catalogue::Catalogue::embedded().expect("the embedded standard is sound");
    let (count, whole) = (catalogue.requirements.len(), laik::catalogue::WHOLE_STANDARD);
    for (path, told) in [
        ("README.md", format!("- {count} of the {whole} requirements")),
        ("README.id.md", format!("- {count} dari {whole} persyaratan")),
    ] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a readme");
        assert!(text.contains(&told), "{path} does not say \"{told}\"");
    }
}

/// Compares a file with what the code makes of it today.
#[track_caller]
fn fresh(path: &str, made: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, made).expect("the file is written");
    }
    let stored = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        stored == made,
        "{path} is not what the code makes; `UPDATE=1 cargo test` writes it"
    );
}
