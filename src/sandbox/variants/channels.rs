//! Variants of how the channel of a submission comes to be.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::app::complaint::{Caller, Reference};
use super::super::app::intake::Draft;
use super::super::app::problem::Problem;
use super::super::app::seams::Intake;
use super::super::app::words::Channel;
use super::super::assembly::Assembly;
use super::super::counters::Counter;

/// The channel is the server's to know: what a client says of it counts only where the server knows it, too.
struct OwnChannel {
    inner: Arc<dyn Intake>,
    counter: Counter,
}

impl Intake for OwnChannel {
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem> {
        let word = body.get("kanal").and_then(Value::as_str);
        if word.is_none_or(|word| Channel::by_id(word).is_some()) {
            return self.inner.draft(body, caller, categories);
        }
        self.counter.acted();
        let mut members = body.clone();
        members.remove("kanal");
        self.inner.draft(&members, caller, categories)
    }
}

pub(super) fn set_by_server(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.intake.clone();
    assembly.parts.intake = Arc::new(OwnChannel { inner, counter });
}
