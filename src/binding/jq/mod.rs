//! jq filters of a statement, in a subset that is pure and ends (decisions.md E.32): no environment, no clock, no
//! halting, no unbounded loops; at most 1 MiB in and out, exactly one output, 2 seconds.
//! Knows nothing of what a filter is for.

mod engine;
mod lint;
mod worker;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::Value;

use crate::domain::Phrase;
use crate::phrase;

pub use lint::{Complaint, members_read};

/// Longest text of a filter, in bytes.
pub const LONGEST_FILTER: usize = 16 * 1024;
/// Largest input and output of a filter, as JSON text, in bytes.
pub const LARGEST_VALUE: usize = 1024 * 1024;
/// Deepest nesting of a filter's text and of its values.
pub const DEEPEST: usize = 100;
/// How long a filter may run.
pub const TIME_LIMIT: Duration = Duration::from_secs(2);

/// A filter that was found harmless. It is compiled when it is first used; clones share that.
#[derive(Debug, Clone)]
pub struct Filter {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    code: String,
    compiled: OnceLock<Result<engine::Program, JqFault>>,
    limit: Duration,
}

/// Why a filter gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", text.id)]
pub struct JqFault {
    /// Byte of the filter's text, where known.
    pub offset: usize,
    /// Why, bounded.
    pub text: Phrase,
}

impl JqFault {
    fn new(text: Phrase) -> Self {
        Self { offset: 0, text }
    }
}

impl Filter {
    /// Takes a filter, or says what is wrong with it and where. Does not compile it yet.
    pub fn new(code: &str) -> Result<Self, Vec<Complaint>> {
        let owned = code.to_owned();
        worker::run_now(move || lint::lint(&owned).map(|()| owned), TIME_LIMIT)
            .unwrap_or_else(|| {
                Err(vec![Complaint {
                    offset: 0,
                    text: too_slow(),
                }])
            })
            .map(|code| Self {
                inner: Arc::new(Inner {
                    code,
                    compiled: OnceLock::new(),
                    limit: TIME_LIMIT,
                }),
            })
    }

    /// The filter's text.
    pub fn code(&self) -> &str {
        &self.inner.code
    }

    /// Compiles the filter now, so that unknown names are told before a run.
    pub fn compile(&self) -> Result<(), JqFault> {
        let inner = Arc::clone(&self.inner);
        worker::run_now(move || inner.program().map(|_| ()), TIME_LIMIT)
            .unwrap_or_else(|| Err(JqFault::new(too_slow())))
    }

    /// Runs the filter. It must give exactly one value.
    pub async fn run(&self, input: Value) -> Result<Value, JqFault> {
        check_size(&input)?;
        let inner = Arc::clone(&self.inner);
        let limit = inner.limit;
        match worker::run(move || inner.program()?.run(&input), limit).await {
            Some(result) => result,
            None => Err(JqFault::new(too_slow())),
        }
    }

    /// Runs the filter and blocks the thread meanwhile; for checks outside of a runtime.
    pub fn run_now(&self, input: Value) -> Result<Value, JqFault> {
        check_size(&input)?;
        let inner = Arc::clone(&self.inner);
        let limit = inner.limit;
        worker::run_now(move || inner.program()?.run(&input), limit).unwrap_or_else(|| Err(JqFault::new(too_slow())))
    }

    #[cfg(test)]
    fn with_limit(code: &str, limit: Duration) -> Self {
        Self {
            inner: Arc::new(Inner {
                code: code.to_owned(),
                compiled: OnceLock::new(),
                limit,
            }),
        }
    }
}

impl Inner {
    fn program(&self) -> Result<&engine::Program, JqFault> {
        self.compiled
            .get_or_init(|| engine::compile(&self.code))
            .as_ref()
            .map_err(Clone::clone)
    }
}

/// Whether a filter's value counts as yes: anything but null and false, as in jq.
pub fn truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

fn too_slow() -> Phrase {
    Phrase::new(
        "filter berjalan lebih lama dari 2 detik atau berhenti karena galat",
        "the filter ran longer than 2 seconds or broke down",
    )
}

fn check_size(value: &Value) -> Result<(), JqFault> {
    if size(value) > LARGEST_VALUE {
        return Err(JqFault::new(Phrase::new(
            "masukan filter melebihi 1 MiB",
            "the filter's input is larger than 1 MiB",
        )));
    }
    Ok(())
}

/// About the length of the value as JSON text.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| size(item) + 1).sum::<usize>() + 2,
        Value::Object(members) => {
            members
                .iter()
                .map(|(name, item)| name.len() + size(item) + 4)
                .sum::<usize>()
                + 2
        }
    }
}

/// A compile fault in both languages.
fn compile_fault(offset: usize, what: &str) -> JqFault {
    let what: String = what.chars().take(200).collect();
    JqFault {
        offset,
        text: phrase!(
            "filter jq tidak dapat disusun: {what}",
            "the jq filter does not compile: {what}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(code: &str, input: Value) -> Result<Value, String> {
        match Filter::new(code) {
            Ok(filter) => filter.run_now(input).map_err(|fault| fault.text.en),
            Err(complaints) => Err(complaints.first().map(|c| c.text.en.clone()).unwrap_or_default()),
        }
    }

    #[test]
    fn maps_an_answer() {
        let answer = json!({"status": 201, "headers": {"location": "http://x/issues/12"},
            "body": {"issue": {"id": 12, "status": "open"}, "text": "Add Data Success with reportId is UR3"}});
        let code = r#"{id: (.body.issue.id|tostring), nomor: (.headers.location | split("/")[-1]),
            status: ({"open":"diproses"}[.body.issue.status] // error("x")),
            tracking: (.body.text | capture("reportId is (?<id>UR\\d+)").id)}"#;
        assert_eq!(
            run(code, answer),
            Ok(json!({"id": "12", "nomor": "12", "status": "diproses", "tracking": "UR3"}))
        );
    }

    #[test]
    fn keeps_big_and_broken_numbers() {
        assert_eq!(
            run(".a", json!({"a": 9_007_199_254_740_993_u64})),
            Ok(json!(9_007_199_254_740_993_u64))
        );
        assert_eq!(run(".a / 2", json!({"a": 1})), Ok(json!(0.5)));
        assert_eq!(run("[.a[] | tonumber]", json!({"a": ["1", "2"]})), Ok(json!([1, 2])));
        assert_eq!(run(".a | fromjson", json!({"a": "{\"b\":[1]}"})), Ok(json!({"b": [1]})));
    }

    #[test]
    fn refuses_what_sees_the_world_or_never_ends() {
        for code in [
            "halt(0)",
            "halt",
            "halt_error",
            "env",
            "env.HOME",
            "$ENV",
            "$ENV.PATH",
            "[repeat(1)]",
            "input",
            "[inputs]",
            "limit(3; .[])",
            "debug",
            "stderr",
            "now",
            "def f: f; f",
            "def f: def g: f; g; f",
            "[range(infinite)]",
            "[range(1;infinite)]",
            "[range(.n)]",
            "[range(0;1000000)]",
            "recurse(.)",
            ".a | until(false; .)",
            "[while(true; .)]",
            "combinations",
            "localtime",
            "\"x\\(now)\"",
            "{(env.HOME): 1}",
            "reduce env as $x (0; .)",
            ". as {(env): $x} | $x",
            "input_line_number",
            "import \"a\" as a; .",
            "include \"a\"; .",
            "\"x\" * 1000000",
            ".a * .b",
            "try halt(0) catch .",
            "if halt(0) then . else . end",
            ".[halt(0)]",
            ".[halt(0):]",
            "label $x | halt(0)",
            "-halt(0)",
            "[.[] | getpath([env])]",
            "@sh \"\\(halt(0))\"",
            "def x: halt(0); .",
        ] {
            assert!(Filter::new(code).is_err(), "{code} was taken");
        }
    }

    #[test]
    fn allows_what_is_bounded() {
        assert_eq!(run("[range(0;3)]", json!(null)), Ok(json!([0, 1, 2])));
        assert_eq!(run("[.. | numbers]", json!({"a": [1, {"b": 2}]})), Ok(json!([1, 2])));
        assert_eq!(run("def g(x): x|tostring; g(.id)", json!({"id": 3})), Ok(json!("3")));
        assert_eq!(run(".t * 1000 | floor", json!({"t": 1.5})), Ok(json!(1500)));
    }

    #[test]
    fn gives_the_place_of_a_complaint() {
        let complaints = Filter::new(".a |\n halt(0)").unwrap_err();
        assert_eq!(complaints.first().map(|c| c.offset), Some(6));
        assert!(Filter::new(".a | {x: ").is_err());
        let filter = Filter::new(".a | nosuch").unwrap();
        assert_eq!(filter.compile().map_err(|fault| fault.offset), Err(5));
    }

    #[test]
    fn bounds_outputs_depth_and_time() {
        assert!(run("1, 2", json!(null)).unwrap_err().contains("more than one"));
        assert!(run("empty", json!(null)).unwrap_err().contains("no value"));
        assert!(run("error(\"x\")", json!(null)).unwrap_err().contains('x'));
        let big = "reduce range(0;10) as $i (\"xxxxxxxxxxxx\"; . + . + . + .)";
        assert!(run(big, json!(null)).unwrap_err().contains("1 MiB"));
        assert!(
            run("reduce range(0;5000) as $i (0; [.])", json!(null))
                .unwrap_err()
                .contains("deep")
        );
        assert!(Filter::new(&"[".repeat(50_000)).is_err());
        assert!(Filter::new(&format!("{}1{}", "[".repeat(200), "]".repeat(200))).is_err());
        assert!(Filter::new(&format!("1{}", " | 1".repeat(3_000))).is_ok());
        let text = "[".repeat(500_000);
        assert!(run(".a | fromjson", json!({"a": text})).is_err());
        assert!(
            run(".", json!("x".repeat(LARGEST_VALUE)))
                .unwrap_err()
                .contains("1 MiB")
        );
    }

    #[test]
    fn a_filter_that_overruns_is_a_fault_and_does_not_hold_the_caller() {
        let nested = "[range(0;1000)] | [.[] as $a | .[] as $b | .[] as $c | $a] | length";
        let filter = Filter::with_limit(nested, Duration::from_millis(50));
        let begin = std::time::Instant::now();
        assert!(filter.run_now(json!(null)).is_err());
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
}
