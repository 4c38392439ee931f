//! Looking through a list for what this run made, without walking through everything that is older (decisions.md B.16).
//! A rule that stops early counts only while it shows what must be there; where none does, the list is walked whole, at
//! most `batas.langkah_daftar` pages. For requirements that are about lists themselves, see [`super::chain::walk_until`].

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::run::{Caller, Halt, Walk, WalkStop};

use super::chain::{first_page, holds};

/// How much earlier than the run an application's clock may be.
const SKEW_SECONDS: i64 = 60;

/// How a walk may end before the list does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// The list shows the newest first: older than the run is far enough.
    NewestFirst,
    /// The list takes `diperbarui_sejak`: nothing older is in it.
    Since,
    /// The whole list.
    Whole,
}

/// Walks an actor's list again and again until it shows what is looked for, or `jeda_tampak` is over. Returns the last
/// walk; it is complete where the list ended, or where a stop rule ended it and it shows something of this run.
pub(crate) async fn look_until(caller: &Caller, actor: Actor, seen: impl Fn(&Walk) -> bool) -> Result<Walk, Halt> {
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    let mut rule = rule(caller, actor);
    loop {
        let last = tokio::time::Instant::now() >= deadline;
        let walk = walk(caller, actor, rule).await?;
        let shown = seen(&walk);
        if (shown && walk.complete) || (rule == Rule::Whole && (shown || last)) {
            return Ok(walk);
        }
        if shown || last {
            // The rule ended nothing, or shows nothing of this run: it cannot tell what is absent.
            rule = Rule::Whole;
            continue;
        }
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    }
}

fn rule(caller: &Caller, actor: Actor) -> Rule {
    let statement = caller.cx().statement();
    if statement.document().nilai.urutan_terbaru_dulu {
        return Rule::NewestFirst;
    }
    let takes = statement.binding().inputs(Op::List, actor);
    if takes.iter().any(|input| input.name == "diperbarui_sejak") {
        return Rule::Since;
    }
    Rule::Whole
}

async fn walk(caller: &Caller, actor: Actor, rule: Rule) -> Result<Walk, Halt> {
    let nonce = caller.cx().canaries().nonce();
    let control = |walk: &Walk| walk.items.iter().any(|item| holds(item, &nonce));
    let since = caller.cx().started() - jiff::SignedDuration::from_secs(SKEW_SECONDS);
    match rule {
        Rule::Whole => caller.walk(Op::List, actor, first_page(caller), WalkStop::Whole).await,
        Rule::Since => {
            let mut input: Map<String, Value> = first_page(caller).as_object().cloned().unwrap_or_default();
            input.insert("diperbarui_sejak".to_owned(), json!(since.to_string()));
            let mut walk = caller
                .walk(Op::List, actor, Value::Object(input), WalkStop::Whole)
                .await?;
            walk.complete &= control(&walk);
            Ok(walk)
        }
        Rule::NewestFirst => {
            let older = |item: &Value| created(item).is_some_and(|time| time < since);
            let stop = WalkStop::Found(&older);
            let mut walk = caller.walk(Op::List, actor, first_page(caller), stop).await?;
            let ended = walk.complete || (walk.items.iter().any(older) && falls(&walk.items));
            walk.complete = ended && control(&walk);
            Ok(walk)
        }
    }
}

/// Whether the items come newest first, as the statement says: else an early stop tells nothing. Items of the same
/// moment may stand in any order.
fn falls(items: &[Value]) -> bool {
    let times: Vec<Timestamp> = items.iter().filter_map(created).collect();
    times.windows(2).all(|pair| match pair {
        [earlier, later] => earlier >= later,
        _ => true,
    })
}

fn created(item: &Value) -> Option<Timestamp> {
    item.get("waktu_dibuat")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(times: &[&str]) -> Vec<Value> {
        times.iter().map(|time| json!({"waktu_dibuat": time})).collect()
    }

    #[test]
    fn an_order_that_does_not_fall_stops_nothing() {
        assert!(falls(&items(&[
            "2026-11-25T10:00:00+07:00",
            "2026-11-25T03:00:00Z",
            "2026-11-24T10:00:00Z"
        ])));
        assert!(!falls(&items(&["2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z"])));
        assert!(falls(&items(&[])));
    }

    #[test]
    fn an_item_without_a_time_is_neither_old_nor_new() {
        assert_eq!(created(&json!({"waktu_dibuat": null})), None);
        assert!(created(&json!({"waktu_dibuat": "2026-11-25T10:00:00+07:00"})).is_some());
    }
}
