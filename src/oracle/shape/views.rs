//! The canonical JSON Schemas of every view (`schemas/tampilan/`), compiled once, when the first answer is judged.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::{Draft, Registry, Validator};
use serde_json::Value;

use crate::domain::Op;

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../../schemas/tampilan/", $name, ".schema.json"))
    };
}

/// The parts that views refer to.
const MODEL: &str = file!("model");

/// Each view, by the operation that first has it.
const VIEWS: &[(Op, &str)] = &[
    (Op::Read, file!("read")),
    (Op::List, file!("list")),
    (Op::Track, file!("track")),
    (Op::History, file!("history")),
    (Op::Categories, file!("categories")),
    (Op::Agencies, file!("agencies")),
    (Op::Units, file!("units")),
    (Op::Regions, file!("regions")),
    (Op::Statistics, file!("statistics")),
    (Op::Submit, file!("submit")),
];

/// The view that an operation answers with; `None` for one that has none.
pub(super) const fn view(op: Op) -> Option<Op> {
    match op {
        Op::Search | Op::Export => Some(Op::List),
        Op::Read
        | Op::List
        | Op::Track
        | Op::History
        | Op::Categories
        | Op::Agencies
        | Op::Units
        | Op::Regions
        | Op::Statistics
        | Op::Submit => Some(op),
        _ => None,
    }
}

/// The compiled schema of a view, or what is wrong with ours.
pub(super) fn validator(view: Op) -> Result<&'static Validator, String> {
    static COMPILED: OnceLock<Result<BTreeMap<Op, Validator>, String>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(compile).as_ref().map_err(Clone::clone)?;
    compiled.get(&view).ok_or_else(|| format!("{view} has no schema"))
}

fn compile() -> Result<BTreeMap<Op, Validator>, String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    let registry = Registry::new()
        .add("https://laik.test/skema/model.schema.json", parse(MODEL)?)
        .and_then(jsonschema::RegistryBuilder::prepare)
        .map_err(|error| error.to_string())?;
    VIEWS
        .iter()
        .map(|(op, text)| {
            let schema = parse(text)?;
            let validator = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .with_registry(&registry)
                .should_validate_formats(true)
                .offline()
                .build(&schema)
                .map_err(|error| format!("{op}: {error}"))?;
            Ok((*op, validator))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_schema_is_one_and_has_its_name() {
        for (op, text) in VIEWS {
            let schema: Value = serde_json::from_str(text).unwrap();
            jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{op}: {error}"));
            assert_eq!(schema["$id"], format!("https://laik.test/skema/{op}.schema.json"));
            assert!(validator(*op).is_ok());
        }
        jsonschema::meta::validate(&serde_json::from_str::<Value>(MODEL).unwrap()).unwrap();
    }

    #[test]
    fn formats_are_asserted() {
        let history = validator(Op::History).unwrap();
        let event = |time: &str| json!({"butir": [{"waktu": time, "pelaku": "admin", "peristiwa": "dikirim"}]});
        assert!(history.is_valid(&event("2026-11-25T10:00:00+07:00")));
        assert!(!history.is_valid(&event("25-11-2026")));
    }
}
