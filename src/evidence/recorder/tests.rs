//! Order, threads, write errors, and what a killed process leaves.

use super::*;
use crate::evidence::record::{Observation, RowEnd};
use crate::pack::log::LogReader;

fn observation(text: &str) -> Data {
    Data::Observation(Observation {
        kind: "uji".to_owned(),
        value: serde_json::json!({ "teks": text }),
    })
}

fn recorder(dir: &Path) -> Recorder {
    let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
    Recorder::create(
        dir,
        samples::header(),
        Secrets::new(),
        canaries,
        Box::new(samples::Seen::default()),
    )
    .unwrap()
}

#[test]
fn evidence_is_never_written_over() {
    let log = samples::log(1);
    let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
    let again = Recorder::create(
        log.dir.path(),
        samples::header(),
        Secrets::new(),
        canaries,
        Box::new(samples::Seen::default()),
    );
    assert_eq!(
        again.err().map(|error| error.kind()),
        Some(io::ErrorKind::AlreadyExists)
    );
    assert_eq!(std::fs::read(&log.path).unwrap(), log.bytes);
}

#[test]
fn records_of_many_threads_form_one_chain_in_the_order_observed() {
    let dir = tempfile::tempdir().unwrap();
    let seen = samples::Seen::default();
    let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
    let recorder = Recorder::create(
        dir.path(),
        samples::header(),
        Secrets::new(),
        canaries,
        Box::new(seen.clone()),
    )
    .unwrap();
    std::thread::scope(|threads| {
        for thread in 0..4 {
            let recorder = recorder.clone();
            threads.spawn(move || {
                for number in 0..50 {
                    recorder.write(samples::scope(), observation(&format!("{thread}/{number}")));
                }
            });
        }
    });
    let head = recorder.finish(samples::footer()).unwrap();
    let mut reader = LogReader::open(&dir.path().join(LOG_FILE)).unwrap();
    let records: Vec<Record> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records, seen.records());
    assert_eq!((reader.head(), head.count), (head.clone(), 202));
}

#[test]
fn the_end_of_a_row_brings_its_records_to_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = recorder(dir.path());
    recorder.write(samples::scope(), observation("belum"));
    let row_end = RowEnd {
        requirement: "PB-02".to_owned(),
        when_done: 1,
        then_done: 1,
        whole: true,
    };
    recorder.write(samples::scope(), Data::RowEnd(row_end));
    // What a killed process leaves is what the file holds now.
    let mut reader = LogReader::open(&dir.path().join(LOG_FILE)).unwrap();
    assert_eq!(reader.records().map(Result::unwrap).count(), 3);
}

#[test]
fn a_record_after_the_end_is_a_fault_and_changes_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = recorder(dir.path());
    recorder.finish(samples::footer()).unwrap();
    let before = std::fs::read(dir.path().join(LOG_FILE)).unwrap();
    assert_eq!(recorder.fault(), None);
    let record = recorder.write(samples::scope(), observation("terlambat"));
    assert_eq!(record.seq, 3);
    assert!(recorder.fault().is_some() && recorder.flush().is_err());
    assert_eq!(std::fs::read(dir.path().join(LOG_FILE)).unwrap(), before);
}

#[test]
fn a_record_that_is_too_large_is_written_without_what_is_large() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = recorder(dir.path());
    let mut raw = samples::exchange("{}");
    raw.mapped = serde_json::json!({ "isi": "x".repeat(LONGEST_LINE) });
    let record = recorder.capture(samples::scope(), raw);
    let exchange = record.exchange().unwrap();
    assert!(exchange.mapped.is_null() && exchange.map_fault.is_some());
    let record = recorder.write(samples::scope(), observation(&"x".repeat(LONGEST_LINE)));
    assert!(matches!(record.data, Data::Fault(_)));
    recorder.finish(samples::footer()).unwrap();
    let mut reader = LogReader::open(&dir.path().join(LOG_FILE)).unwrap();
    assert_eq!(reader.records().map(Result::unwrap).count(), 4);
}

#[cfg(target_os = "linux")]
#[test]
fn a_write_error_is_kept_and_told_and_judging_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    // A device that is always full, where the log would be.
    std::os::unix::fs::symlink("/dev/full", dir.path().join("penuh")).unwrap();
    let recorder = recorder(dir.path());
    recorder.writer().file = BufWriter::new(OpenOptions::new().write(true).open(dir.path().join("penuh")).unwrap());
    let record = recorder.write(samples::scope(), observation("tetap dinilai"));
    assert_eq!(record.seq, 2);
    assert!(recorder.flush().is_err());
    assert!(recorder.fault().is_some());
    assert!(recorder.finish(samples::footer()).is_err());
}
