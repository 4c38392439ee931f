//! The JSON Schema of a statement, for editors.

use super::raw::Document;

/// Where the schema stands in the repository.
pub const SCHEMA_PATH: &str = "schemas/pernyataan.schema.json";

/// The schema as pretty JSON, with a line end.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
