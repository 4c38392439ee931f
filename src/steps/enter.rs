//! The one choke point of every step: prefix and suffix, budget, panics, stopping, and the step's record.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use cucumber::step::{Collection, Context, Location};
use futures::FutureExt as _;
use regex::Regex;

use crate::domain::{Actor, Phrase};
use crate::evidence::record::{Data, End, StepEnd};
use crate::run::{Halt, RunCtx, World, last_panic};
use crate::verdict::Reason;

use super::args::Args;
use super::table::{Only, StepKind, Stripped, groups, matching, strip};

/// What cucumber is given: one catch-all for each keyword.
pub(crate) fn collection() -> Collection<World> {
    #[expect(clippy::expect_used, reason = "a literal that every run of the tests compiles")]
    let any = || Regex::new("^[\\s\\S]*$").expect("a literal pattern");
    let here = |line| {
        Some(Location {
            path: file!(),
            line,
            column: 1,
        })
    };
    Collection::new()
        .given(here(1), any(), |world, step| {
            enter(world, step, StepKind::Diketahui).boxed_local()
        })
        .when(here(2), any(), |world, step| {
            enter(world, step, StepKind::Ketika).boxed_local()
        })
        .then(here(3), any(), |world, step| {
            enter(world, step, StepKind::Maka).boxed_local()
        })
}

/// Runs one step and writes its record; raises the halt that it ends with.
async fn enter(world: &mut World, context: Context, kind: StepKind) {
    let step = context.step;
    let halt = match world.cx().cloned() {
        Ok(cx) => perform(world, &cx, &step, kind).await.err(),
        Err(halt) => Some(halt),
    };
    if let Some(halt) = halt {
        halt.raise();
    }
}

async fn perform(world: &mut World, cx: &Arc<RunCtx>, step: &gherkin::Step, kind: StepKind) -> Result<(), Halt> {
    let end = |world: &World, end: End| {
        let text = step.value.clone();
        let record = StepEnd {
            line: step.position.line,
            kind: kind.id().to_owned(),
            text,
            end,
        };
        cx.recorder().write(world.scope(), Data::Step(record));
    };
    let outcome = attempt(world, cx, step, kind).await;
    match outcome {
        Ok(Done::Whole) => {
            world.count(kind);
            end(world, End::Done);
            Ok(())
        }
        Ok(Done::LeftOut(claim)) => {
            world.count_left_out();
            end(world, End::LeftOut(claim));
            Ok(())
        }
        Err(halt) => {
            end(world, halt.end());
            Err(halt)
        }
    }
}

enum Done {
    Whole,
    LeftOut(String),
}

async fn attempt(world: &mut World, cx: &Arc<RunCtx>, step: &gherkin::Step, kind: StepKind) -> Result<Done, Halt> {
    if cx.stop().is_set() {
        return Err(Halt::Stopped);
    }
    let line = step.position.line;
    let stripped = strip(&step.value)
        .map_err(|word| Halt::error(format!("line {line}: `{word}` is no capability or operation")))?;
    if let Some(claim) = left_out(cx, &stripped) {
        return Ok(Done::LeftOut(claim));
    }
    let found = matching(kind, stripped.strength, stripped.body);
    let [definition] = found.as_slice() else {
        let how = if found.is_empty() {
            "no definition fits"
        } else {
            "several definitions fit"
        };
        return Err(Halt::error(format!("line {line}: {how}: {}", stripped.body)));
    };
    let args = Args {
        groups: groups(definition, stripped.body).unwrap_or_default(),
        rows: step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
        line,
    };
    world.begin(line, kind, stripped.strength);
    let body = AssertUnwindSafe((definition.body)(world, args)).catch_unwind();
    let budget = cx.step_budget();
    tokio::select! {
        biased;
        () = cx.stop().wait() => Err(Halt::Stopped),
        outcome = tokio::time::timeout(budget, body) => match outcome {
            Ok(Ok(outcome)) => outcome.map(|()| Done::Whole),
            Ok(Err(panic)) => Err(unwound(panic)),
            Err(_) => Err(over_budget(budget)),
        },
    }
}

fn left_out(cx: &RunCtx, stripped: &Stripped<'_>) -> Option<String> {
    match stripped.only? {
        Only::Claimed(capability) => {
            (!cx.claims().capabilities.contains(&capability)).then(|| capability.id().to_owned())
        }
        Only::Bound(op) => {
            let bound = Actor::ALL.iter().any(|actor| cx.target().bound(op, *actor));
            (!bound).then(|| op.id().to_owned())
        }
    }
}

/// A halt that a body raised, or a panic of ours.
fn unwound(panic: Box<dyn std::any::Any + Send>) -> Halt {
    match panic.downcast::<Halt>() {
        Ok(halt) => *halt,
        Err(_) => Halt::Error(last_panic().unwrap_or_else(|| "a panic without a message".to_owned())),
    }
}

fn over_budget(budget: std::time::Duration) -> Halt {
    let seconds = budget.as_secs();
    Halt::inconclusive(
        Reason::Timeout,
        Phrase::new(
            format!("langkah ini melampaui batas {seconds} detik"),
            format!("the step went over its budget of {seconds} seconds"),
        ),
    )
}
