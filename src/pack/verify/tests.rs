//! Each change of a pack has its own finding.

use super::*;
use crate::evidence::recorder::samples;
use serde_json::json;

const LOCK: &[u8] = b"lock";
const STATEMENT: &[u8] = b"statement";

/// A whole pack without requirements.
pub(crate) fn pack() -> samples::Log {
    let log = samples::log(2);
    std::fs::write(log.dir.path().join(STANDARD_FILE), LOCK).unwrap();
    std::fs::write(log.dir.path().join(STATEMENT_FILE), STATEMENT).unwrap();
    let run = run_json_of(&log.head);
    std::fs::write(log.dir.path().join(RUN_FILE), run.to_string()).unwrap();
    Seal::write(log.dir.path()).unwrap();
    log
}

fn run_json_of(head: &Head) -> serde_json::Value {
    let selection = json!({ "ids": [], "areas": [], "level": null, "intrusive": false });
    json!({
        "format": "1.0", "laik": "0.1.0", "run": samples::header().run, "started": "2026-01-05T02:00:00Z",
        "ended": "2026-01-05T02:00:09Z", "complete": true, "stopped": false,
        "target": {
            "name": "Uji", "version": "1", "agency": "Dinas", "base_url": "http://127.0.0.1", "environment": "staging",
            "loopback": true, "sandbox": false, "switches": [], "statement_digest": sha256_hex(STATEMENT),
        },
        "standard": { "revision": "pratinjau", "implemented": 9, "whole": 164, "digest": sha256_hex(LOCK) },
        "profile": "mandiri", "selection": selection,
        "plan": {
            "revision": "pratinjau", "implemented": 9, "whole": 164, "profile": "mandiri", "selection": selection,
            "requirements": [], "missing_capabilities": [],
        },
        "requirements": [], "missing_capabilities": [],
        "decision": "belum_dapat_diputuskan", "decision_automatic": "belum_dapat_diputuskan",
        "decision_causes": [], "awaiting_review": [], "summary": {}, "sertifikasi": { "dapat": false, "penghalang": [] },
        "evidence": { "records": head.count, "sha256": head.sha256 }, "leniencies": [],
        "figures": { "wall_ms": 9, "requests": 2, "phases": [] },
    })
}

fn check(log: &samples::Log, expected: &[Problem]) {
    let verification = verify(log.dir.path());
    let problems: Vec<Problem> = verification.findings.iter().map(|finding| finding.problem).collect();
    assert_eq!(problems, expected, "{:#?}", verification.findings);
}

fn rewrite(log: &samples::Log, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let path = log.dir.path().join(name);
    let mut bytes = std::fs::read(&path).unwrap();
    change(&mut bytes);
    std::fs::write(&path, bytes).unwrap();
    // Whoever changes a pack can seal it anew; the files must give it away by themselves.
    Seal::write(log.dir.path()).unwrap();
}

#[test]
fn a_whole_pack_has_no_finding() {
    let log = pack();
    check(&log, &[]);
    let verification = verify(log.dir.path());
    assert!(verification.valid() && verification.records == log.head.count);
}

#[test]
fn each_change_has_its_own_finding() {
    let log = pack();
    rewrite(&log, STANDARD_FILE, |bytes| bytes.push(b'!'));
    check(&log, &[Problem::StandardDiffers, Problem::StandardDiffers]);

    let log = pack();
    rewrite(&log, STATEMENT_FILE, |bytes| bytes.push(b'!'));
    check(&log, &[Problem::StatementDiffers, Problem::StatementDiffers]);

    let log = pack();
    std::fs::remove_file(log.dir.path().join(STATEMENT_FILE)).unwrap();
    Seal::write(log.dir.path()).unwrap();
    check(&log, &[Problem::FileMissing]);

    let log = pack();
    rewrite(&log, LOG_FILE, |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    });
    check(&log, &[Problem::LogBroken]);

    let log = pack();
    rewrite(&log, LOG_FILE, |bytes| bytes.extend_from_slice(b"{\"seq\":"));
    check(&log, &[Problem::LogMisplaced]);

    let log = pack();
    rewrite(&log, RUN_FILE, |bytes| bytes.truncate(100));
    check(&log, &[Problem::RunUnreadable]);

    let mut head = log.head.clone();
    head.count += 1;
    rewrite(&log, RUN_FILE, |bytes| {
        *bytes = run_json_of(&head).to_string().into_bytes();
    });
    check(&log, &[Problem::HeadDiffers]);

    let mut run = run_json_of(&log.head);
    run["run"] = json!("aaaabbbbccccdddd");
    rewrite(&log, RUN_FILE, |bytes| *bytes = run.to_string().into_bytes());
    check(&log, &[Problem::RunDiffers]);
}

#[test]
fn a_killed_run_is_incomplete_and_not_damaged() {
    let log = pack();
    let empty = Head::default();
    rewrite(&log, RUN_FILE, |bytes| {
        *bytes = run_json_of(&empty).to_string().into_bytes();
    });
    rewrite(&log, LOG_FILE, |bytes| bytes.truncate(bytes.len() - 10));
    check(&log, &[Problem::Incomplete]);
    let verification = verify(log.dir.path());
    assert!(verification.incomplete() && !verification.damaged());
    assert_eq!(verification.records, log.head.count - 1);
    assert!(verification.findings[0].text.id.contains("belum lengkap"));
}

#[test]
fn records_cut_off_behind_a_finished_run_are_told() {
    let log = pack();
    rewrite(&log, LOG_FILE, |bytes| {
        bytes.pop();
        let end = bytes.iter().rposition(|byte| *byte == b'\n').unwrap();
        bytes.truncate(end + 1);
    });
    check(&log, &[Problem::Incomplete, Problem::HeadDiffers]);
}

#[test]
fn what_changes_after_the_seal_is_told() {
    let log = pack();
    assert!(verify(log.dir.path()).pack.is_some());
    std::fs::write(log.dir.path().join("index.html"), "laik!").unwrap();
    check(&log, &[Problem::SealBroken]);
    assert!(verify(log.dir.path()).pack.is_none());
    std::fs::remove_file(log.dir.path().join("index.html")).unwrap();
    check(&log, &[]);
    std::fs::remove_file(log.dir.path().join(SEAL_FILE)).unwrap();
    check(&log, &[Problem::Incomplete]);
    std::fs::write(log.dir.path().join(SEAL_FILE), "x").unwrap();
    check(&log, &[Problem::SealBroken]);
}

#[test]
fn an_empty_directory_is_told_file_by_file() {
    let dir = tempfile::tempdir().unwrap();
    let problems: Vec<Problem> = verify(dir.path())
        .findings
        .iter()
        .map(|finding| finding.problem)
        .collect();
    assert_eq!(problems, [Problem::FileMissing; 4]);
}

#[test]
fn minors_of_our_major_are_readable() {
    for (format, expected) in [
        ("1.0", true),
        ("1.7", true),
        ("2.0", false),
        ("1", false),
        ("", false),
        ("1.x", false),
    ] {
        assert_eq!(readable(format, "1.0"), expected, "{format}");
    }
}
