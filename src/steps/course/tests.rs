//! The handlers of Annex A1 in SQLite: every vulnerable one is found, no safe or treacherous one is.

use std::sync::Arc;

use futures::executor::block_on;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::*;
use crate::evidence::record::Exchange;
use crate::oracle::injection::NAME;
use crate::oracle::specimen::{answered, mapped, record};
use crate::oracle::{Kind, find};
use crate::verdict::{Leg, Outcome, Reason};

type Handler = fn(&Connection, &str, &mut Dice) -> (u16, Vec<i64>);

fn database() -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database
        .execute_batch("create table t(id integer, judul text, kat text)")
        .unwrap();
    for id in 1..=40_i64 {
        let row = (
            id,
            format!("jalan rusak {id}"),
            ["infra", "layanan"][usize::from(id % 2 == 1)],
        );
        database.execute("insert into t values(?,?,?)", row).unwrap();
    }
    database
}

fn ids(database: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> (u16, Vec<i64>) {
    let run =
        || -> rusqlite::Result<Vec<i64>> { database.prepare(sql)?.query_map(values, |row| row.get(0))?.collect() };
    run().map_or((500, vec![]), |ids| (200, ids))
}

fn lenient(text: &str) -> i64 {
    text.chars()
        .take_while(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap_or(0)
}

fn exchange(status: u16, ids: &[i64]) -> Exchange {
    let items: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id.to_string(), "judul": format!("j{id}")}))
        .collect();
    if status == 200 {
        mapped(200, json!({ "butir": items }))
    } else {
        answered(status, vec![])
    }
}

/// One attempt; the leg and how many requests it cost.
fn attempt(handler: Handler, clean: &Clean, group: Group, seed: &str) -> (Leg, usize) {
    let database = database();
    let mut parameter = Parameter {
        key: "list.q".to_owned(),
        groups: vec![group],
        ..Parameter::default()
    };
    let (mut dice, mut weather) = (Dice::new(seed), Dice::new(&format!("cuaca {seed}")));
    let mut records = Vec::new();
    let mut seq = 0;
    let mut send = async |text: &str| {
        seq += 1;
        let (status, ids) = handler(&database, text, &mut weather);
        Ok::<_, OracleFault>(Arc::new(record(seq, 1, exchange(status, &ids))))
    };
    block_on(async {
        learn(&mut parameter, clean, &mut records, &mut send).await?;
        follow(&mut parameter, clean, 3, &mut dice, &mut records, &mut send).await
    })
    .unwrap();
    let params = json!({"needed": 3, "parameters": [parameter]});
    let Some(Kind::Window(judge)) = find(NAME).map(|entry| &entry.kind) else {
        panic!("no oracle")
    };
    let leg = judge(&params, &Window::new(records.iter().cloned())).unwrap().remove(0);
    (leg, records.len())
}

/// Two attempts, combined as a run combines them.
fn verdict(handler: Handler, clean: &Clean, group: Group, seed: &str) -> Outcome {
    let (first, _) = attempt(handler, clean, group, &format!("{seed}/1"));
    if first.outcome != Outcome::Fail {
        return first.outcome;
    }
    let (second, _) = attempt(handler, clean, group, &format!("{seed}/2"));
    crate::verdict::combine_attempts(&first.outcome, &second.outcome)
}

fn clean(value: &str) -> Clean {
    Clean {
        first: value.to_owned(),
        second: Some("judul".to_owned()),
    }
}

const INSUFFICIENT: Outcome = Outcome::Inconclusive(Reason::InsufficientEvidence);

#[test]
fn every_vulnerable_handler_is_found() {
    let handlers: &[(&str, Group, &str, Handler)] = &[
        ("quoted", Group::Text, "infra", |d, s, _| {
            ids(d, &format!("select id from t where kat='{s}'"), &[])
        }),
        ("like", Group::Text, "rusak 3", |d, s, _| {
            ids(d, &format!("select id from t where judul like '%{s}%'"), &[])
        }),
        ("like in one bracket", Group::Text, "rusak", |d, s, _| {
            ids(
                d,
                &format!("select id from t where (kat='infra' and judul like '%{s}%')"),
                &[],
            )
        }),
        ("like in two brackets", Group::Text, "rusak", |d, s, _| {
            ids(
                d,
                &format!("select id from t where (kat='infra' and (judul like '%{s}%'))"),
                &[],
            )
        }),
        ("errors as an empty 200", Group::Text, "infra", |d, s, _| {
            (200, ids(d, &format!("select id from t where kat='{s}'"), &[]).1)
        }),
        ("number", Group::Number, "7", |d, s, _| {
            ids(d, &format!("select id from t where id={s}"), &[])
        }),
        ("number in brackets", Group::Number, "7", |d, s, _| {
            ids(d, &format!("select id from t where (id=({s}))"), &[])
        }),
        ("page size", Group::Number, "3", |d, s, _| {
            ids(d, &format!("select id from t limit {s}"), &[])
        }),
        ("order by", Group::Sort, "-id", |d, s, _| {
            ids(d, &format!("select id from t order by {s}"), &[])
        }),
    ];
    for (name, group, value, handler) in handlers {
        for seed in 0..20 {
            let found = verdict(*handler, &clean(value), *group, &format!("{name} {seed}"));
            assert_eq!(found, Outcome::Fail, "{name}, seed {seed}");
        }
    }
}

/// Name, group of contexts, clean value, handler, and what may be said of it.
type Case = (&'static str, Group, &'static str, Handler, &'static [Outcome]);

const SAFE: &[Case] = &[
    ("bound", Group::Text, "infra", bound, &[Outcome::Pass]),
    (
        "bound like",
        Group::Text,
        "rusak 3",
        |d, s, _| ids(d, "select id from t where judul like ?", &[&format!("%{s}%")]),
        &[Outcome::Pass],
    ),
    (
        "400 on quotes",
        Group::Text,
        "infra",
        |d, s, _| {
            if s.contains('\'') {
                (400, vec![])
            } else {
                ids(d, "select id from t where kat=?", &[&s])
            }
        },
        &[Outcome::Pass],
    ),
    (
        "strict integer",
        Group::Number,
        "7",
        |d, s, _| match s.parse::<i64>() {
            Ok(n) => ids(d, "select id from t where id=?", &[&n]),
            Err(_) => (400, vec![]),
        },
        &[Outcome::Pass],
    ),
    (
        "lenient integer",
        Group::Number,
        "7",
        |d, s, _| ids(d, "select id from t where id=?", &[&lenient(s)]),
        &[Outcome::Pass],
    ),
    (
        "integer with a default",
        Group::Number,
        "1",
        |d, s, _| ids(d, "select id from t where id=?", &[&s.parse::<i64>().unwrap_or(1)]),
        &[Outcome::Pass],
    ),
    (
        "closed list of sort keys",
        Group::Sort,
        "-id",
        |d, s, _| {
            let key = if s == "judul" { "judul" } else { "-id" };
            ids(d, &format!("select id from t order by {key}"), &[])
        },
        &[Outcome::Pass],
    ),
];

const TREACHEROUS: &[Case] = &[
    (
        "inert",
        Group::Text,
        "infra",
        |_, _, _| (200, vec![1, 2, 3]),
        &[INSUFFICIENT],
    ),
    (
        "cut at the quote",
        Group::Text,
        "infra",
        |d, s, _| {
            let s = s.split('\'').next().unwrap_or("");
            ids(d, "select id from t where kat=?", &[&s])
        },
        &[Outcome::Pass],
    ),
    (
        "full-text search without punctuation",
        Group::Text,
        "infra",
        |d, s, _| {
            let any = s
                .split_whitespace()
                .map(|word| word.trim_matches(|c: char| "'\"()%=".contains(c)));
            let hits = any.flat_map(|word| ids(d, "select id from t where kat=?", &[&word]).1);
            (200, hits.collect())
        },
        &[INSUFFICIENT, Outcome::Pass],
    ),
    (
        "429 at times",
        Group::Text,
        "infra",
        |d, s, w| {
            if w.below(10) < 3 {
                (429, vec![])
            } else {
                ids(d, "select id from t where kat=?", &[&s])
            }
        },
        &[
            Outcome::Pass,
            INSUFFICIENT,
            Outcome::Inconclusive(Reason::PreconditionUnmet),
        ],
    ),
    (
        "403 on quotes",
        Group::Text,
        "infra",
        |d, s, _| {
            if s.contains('\'') {
                (403, vec![])
            } else {
                ids(d, "select id from t where kat=?", &[&s])
            }
        },
        &[INSUFFICIENT],
    ),
    (
        "403 on whatever does not exist",
        Group::Text,
        "infra",
        |d, s, _| match ids(d, "select id from t where kat=?", &[&s]) {
            (200, found) if found.is_empty() => (403, found),
            found => found,
        },
        &[Outcome::Pass],
    ),
    (
        "login redirect",
        Group::Text,
        "infra",
        |d, s, _| {
            if s.contains(' ') {
                (302, vec![])
            } else {
                ids(d, "select id from t where kat=?", &[&s])
            }
        },
        &[INSUFFICIENT],
    ),
    (
        "flaky half the time",
        Group::Text,
        "infra",
        |_, _, w| (200, if w.below(2) == 0 { vec![1, 2, 3] } else { vec![] }),
        &[
            Outcome::Pass,
            INSUFFICIENT,
            Outcome::Inconclusive(Reason::PreconditionUnmet),
        ],
    ),
    (
        "flaky one time in twenty",
        Group::Text,
        "infra",
        |_, _, w| (200, if w.below(20) > 0 { vec![1, 2, 3] } else { vec![] }),
        &[
            Outcome::Pass,
            INSUFFICIENT,
            Outcome::Inconclusive(Reason::PreconditionUnmet),
        ],
    ),
    (
        "changing list",
        Group::Text,
        "infra",
        |_, _, w| (200, (1..=1 + i64::try_from(w.below(5)).unwrap()).collect()),
        &[Outcome::Pass, INSUFFICIENT],
    ),
];

fn bound(database: &Connection, text: &str, _: &mut Dice) -> (u16, Vec<i64>) {
    ids(database, "select id from t where kat=?", &[&text])
}

#[test]
fn no_safe_or_treacherous_handler_is() {
    for (name, group, value, handler, lawful) in SAFE.iter().chain(TREACHEROUS) {
        for seed in 0..40 {
            let found = verdict(*handler, &clean(value), *group, &format!("{name} {seed}"));
            assert!(lawful.contains(&found), "{name}, seed {seed}: {found:?}");
        }
    }
}

#[test]
fn a_safe_parameter_costs_one_round_a_context() {
    let (leg, requests) = attempt(bound, &clean("infra"), Group::Text, "biaya");
    assert_eq!((leg.outcome, requests), (Outcome::Pass, 3 + 4 * 4));
}

#[test]
fn an_echo_of_the_value_does_not_hide_injection() {
    let database = database();
    let mut parameter = Parameter {
        key: "list.q".to_owned(),
        groups: vec![Group::Text],
        ..Parameter::default()
    };
    let (mut dice, mut records, mut seq) = (Dice::new("gema"), Vec::new(), 0);
    let mut send = async |text: &str| {
        seq += 1;
        let (status, ids) = ids(&database, &format!("select id from t where kat='{text}'"), &[]);
        let mut exchange = exchange(status, &ids);
        if let Some(members) = exchange.mapped.as_object_mut() {
            members.insert("q".to_owned(), Value::from(text));
        }
        Ok::<_, OracleFault>(Arc::new(record(seq, 1, exchange)))
    };
    block_on(async {
        learn(&mut parameter, &clean("infra"), &mut records, &mut send).await?;
        follow(&mut parameter, &clean("infra"), 3, &mut dice, &mut records, &mut send).await
    })
    .unwrap();
    let Some(Kind::Window(judge)) = find(NAME).map(|entry| &entry.kind) else {
        panic!("no oracle")
    };
    let params = json!({"needed": 3, "parameters": [parameter]});
    let legs = judge(&params, &Window::new(records.iter().cloned())).unwrap();
    assert_eq!(legs[0].outcome, Outcome::Fail);
}

#[test]
fn an_inert_parameter_does_not_block_beside_a_judged_one() {
    let base = |first: u64| {
        (first..first + 3)
            .map(|seq| json!({"seq": seq, "text": "infra"}))
            .collect::<Vec<_>>()
    };
    let rounds = |first: u64| {
        ["1", "2", "3", "4"]
            .iter()
            .zip((first..).step_by(4))
            .map(|(context, seq)| {
                let sent: Vec<_> = ["t", "f", "l", "v"]
                    .iter()
                    .zip(seq..)
                    .map(|(role, seq)| json!([role, {"seq": seq, "text": "infra' x"}]))
                    .collect();
                json!({"context": context, "sent": sent})
            })
            .collect::<Vec<_>>()
    };
    let parameter = |key: &str, first: u64| json!({"key": key, "groups": ["teks"], "base": base(first), "rounds": rounds(first + 3)});
    let params = json!({"needed": 3, "parameters": [parameter("list.abai", 1), parameter("list.status", 20)]});
    let results = |seq: u64| {
        if seq >= 23 && (seq - 23) % 4 != 3 {
            vec![]
        } else {
            vec![1, 2]
        }
    };
    let records = (1..=38).map(|seq| Arc::new(record(seq, 1, exchange(200, &results(seq)))));
    let Some(Kind::Window(judge)) = find(NAME).map(|entry| &entry.kind) else {
        panic!("no oracle")
    };
    let legs = judge(&params, &Window::new(records)).unwrap();
    assert_eq!(
        legs[0].outcome,
        Outcome::NotApplicable("parameter diabaikan".to_owned())
    );
    assert_eq!(legs[1].outcome, Outcome::Pass);
}
