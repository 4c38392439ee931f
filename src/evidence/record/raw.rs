//! What mapped members were before the statement's codecs changed them: types and texts that DT-07 and DT-14 judge.
//! Everything here is bounded and redacted.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::vocabulary;

vocabulary! {
    /// The JSON type of a value.
    JsonType {
        Text = "teks", "teks", "text";
        Number = "bilangan", "bilangan", "number";
        Bool = "benar_salah", "benar-salah", "boolean";
        List = "larik", "larik", "array";
        Object = "objek", "objek", "object";
    }
}

impl JsonType {
    /// The type of a value; `None` for null.
    pub const fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(Self::Bool),
            Value::Number(_) => Some(Self::Number),
            Value::String(_) => Some(Self::Text),
            Value::Array(_) => Some(Self::List),
            Value::Object(_) => Some(Self::Object),
        }
    }
}

/// One place of an answer, list indices as `*` (`/butir/*/id`), before codecs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawPlace {
    /// Types of the values that stand in the body exactly so; what a filter made of something else says nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub types: Vec<JsonType>,
    /// Of times and dates: the first value of each form, as it stands in the body.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub times: Vec<Value>,
    /// A time or date came that does not stand in the body so: a filter made it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub made: bool,
}
