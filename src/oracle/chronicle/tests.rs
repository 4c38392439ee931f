//! Histories of hand-made records.

use serde_json::json;

use super::*;
use crate::domain::{Actor, Op};
use crate::oracle::samples::{exchange, window};

fn entry(event: &str, actor: &str, from: Option<&str>, to: &str) -> Value {
    json!({"waktu": "2026-11-25T07:00:05+07:00", "pelaku": actor, "peristiwa": event, "dari": from, "ke": to})
}

/// The history as it should be after each of three steps.
fn honest() -> Vec<Vec<Value>> {
    let all = [
        entry("dikirim", "pelapor", None, "menunggu_verifikasi"),
        entry("diverifikasi", "admin", Some("menunggu_verifikasi"), "terverifikasi"),
        entry("ditindaklanjuti", "petugas", Some("terverifikasi"), "diproses"),
    ];
    (1..=3).map(|count| all[..count].to_vec()).collect()
}

type Oracle = fn(&Value, &Window) -> Result<Vec<Leg>, OracleFault>;

fn judged(oracle: Oracle, histories: &[Vec<Value>], status: &str) -> Vec<Leg> {
    let steps: Vec<_> = [("submit", "pelapor", "dikirim"), ("verify", "admin", "diverifikasi"), ("follow_up", "petugas", "ditindaklanjuti")]
        .iter()
        .zip(1_u64..)
        .map(|((op, role, event), place)| json!({"key": op, "role": role, "events": [event], "also": [], "act": place, "history": place + 10}))
        .collect();
    let acts = (1..=3).map(|seq| exchange(seq, Op::Verify, Actor::Admin, json!({})));
    let lists = histories
        .iter()
        .zip(11..)
        .map(|(list, seq)| exchange(seq, Op::History, Actor::Admin, json!({"butir": list})));
    let read = exchange(20, Op::Read, Actor::Admin, json!({"status": status}));
    let value = json!({"label": "P1", "steps": steps, "status": 20, "lossy": [], "seconds": 60, "one_account": []});
    oracle(&value, &window(acts.chain(lists).chain([read]))).unwrap()
}

fn failed(oracle: Oracle, histories: &[Vec<Value>], status: &str) -> Vec<String> {
    let legs = judged(oracle, histories, status);
    legs.into_iter()
        .filter(|leg| leg.outcome == Outcome::Fail)
        .map(|leg| leg.key)
        .collect()
}

const ALL: [Oracle; 5] = [grown, kept, linked, timed, signed];

#[test]
fn an_honest_history_passes_in_either_order() {
    let reversed: Vec<Vec<Value>> = honest()
        .into_iter()
        .map(|list| list.into_iter().rev().collect())
        .collect();
    for histories in [honest(), reversed] {
        for oracle in ALL {
            for leg in judged(oracle, &histories, "diproses") {
                assert_eq!(leg.outcome, Outcome::Pass, "{leg:?}");
            }
        }
    }
}

#[test]
fn a_step_without_an_entry_or_with_two_fails() {
    let mut none = honest();
    none[1].truncate(1);
    none[2].remove(1);
    assert_eq!(failed(grown, &none, "diproses"), ["P1/bertambah/verify"]);
    assert_eq!(failed(linked, &none, "diproses"), ["P1/sambung"]);
    let mut twice = honest();
    let again = twice[2][2].clone();
    twice[2].push(again);
    assert_eq!(failed(grown, &twice, "diproses"), ["P1/bertambah/follow_up"]);
    let mut other = honest();
    other[2].push(entry("ditutup", "admin", Some("diproses"), "selesai"));
    assert_eq!(failed(grown, &other, "selesai"), ["P1/bertambah/follow_up"]);
}

#[test]
fn further_entries_that_move_nothing_are_lawful() {
    let mut extra = honest();
    let seen = json!({"waktu": "2026-11-25T07:00:05+07:00", "pelaku": "sistem", "peristiwa": "dilihat"});
    for list in &mut extra[1..] {
        list.insert(2, seen.clone());
    }
    for oracle in ALL {
        assert_eq!(failed(oracle, &extra, "diproses"), [""; 0]);
    }
}

#[test]
fn what_stood_there_must_stay() {
    let mut gone = honest();
    gone[2].remove(1);
    assert_eq!(failed(kept, &gone, "diproses"), ["P1/tetap/follow_up"]);
    let mut rewritten = honest();
    rewritten[2][1]["waktu"] = json!("2026-11-25T07:00:09+07:00");
    assert_eq!(failed(kept, &rewritten, "diproses"), ["P1/tetap/follow_up"]);
}

#[test]
fn the_chain_ends_at_the_status() {
    assert_eq!(failed(linked, &honest(), "selesai"), ["P1/akhir"]);
    let mut broken = honest();
    broken[2][2]["dari"] = json!("terdisposisi");
    assert_eq!(failed(linked, &broken, "diproses"), ["P1/sambung"]);
    broken[2][2]["ke"] = json!(null);
    assert_eq!(failed(linked, &broken, "terverifikasi"), ["P1/sambung"]);
}

#[test]
fn time_and_actor_are_those_of_the_step() {
    let mut late = honest();
    late[2][2]["waktu"] = json!("2026-11-25T07:01:30+07:00");
    assert_eq!(failed(timed, &late, "diproses"), ["P1/waktu/follow_up"]);
    late[2][2]["waktu"] = json!(null);
    assert_eq!(failed(timed, &late, "diproses"), ["P1/waktu/follow_up"]);
    let mut nobody = honest();
    for list in &mut nobody {
        for item in list {
            item["pelaku"] = json!("sistem");
        }
    }
    assert_eq!(failed(signed, &nobody, "diproses").len(), 3);
}

#[test]
fn what_cannot_be_read_is_no_pass() {
    let mut histories = honest();
    histories.pop();
    let steps =
        json!([{"key": "verify", "role": "admin", "events": ["diverifikasi"], "also": [], "act": 1, "history": 2}]);
    let value = json!({"label": "P1", "steps": steps, "status": 3, "lossy": [], "seconds": 60, "one_account": []});
    for oracle in ALL {
        let samples = [
            exchange(1, Op::Verify, Actor::Admin, json!({})),
            exchange(2, Op::History, Actor::Admin, json!({"butir": []})).unmapped(),
            exchange(3, Op::Read, Actor::Admin, json!({"status": "terverifikasi"})),
        ];
        for leg in oracle(&value, &window(samples)).unwrap() {
            assert!(!matches!(leg.outcome, Outcome::Pass | Outcome::Fail), "{leg:?}");
        }
    }
}
