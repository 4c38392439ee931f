//! Logs for tests of whatever reads them.

use std::path::PathBuf;

use bytes::Bytes;
use serde_json::json;

use super::*;
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::capture::{RawAnswer, RawRequest};
use crate::evidence::record::{Credential, Declare, Observation, Reading, RowEnd, StepEnd};
use crate::verdict::Reason;

/// A whole log on disk.
pub(crate) struct Log {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) observed: Vec<Record>,
    pub(crate) head: Head,
}

/// Keeps what it sees.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<Arc<Record>>>>);

impl Observer for Seen {
    fn observe(&mut self, record: &Arc<Record>) {
        self.0.lock().unwrap().push(Arc::clone(record));
    }
}

impl Seen {
    pub(crate) fn records(&self) -> Vec<Record> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|record| Record::clone(record))
            .collect()
    }
}

pub(crate) fn header() -> Header {
    Header {
        format: crate::evidence::LOG_FORMAT.to_owned(),
        laik: env!("CARGO_PKG_VERSION").to_owned(),
        run: "k3v9q0x7m2p5w8z1".to_owned(),
        started: "2026-01-05T02:00:00Z".to_owned(),
        standard_digest: sha256_hex(b"lock"),
        statement_digest: sha256_hex(b"statement"),
    }
}

pub(crate) fn scope() -> Scope {
    Scope {
        attempt: 1,
        row: Some("keamanan/2_sesi.feature:41".to_owned()),
        part: Part::Probe,
    }
}

pub(crate) fn footer() -> Footer {
    Footer {
        ended: "2026-01-05T02:00:09Z".to_owned(),
        stopped: false,
    }
}

pub(crate) fn exchange(body: &str) -> RawExchange {
    RawExchange {
        op: Op::Read,
        actor: Actor::PelaporA,
        credential: Credential::Own,
        object: Some("P1".to_owned()),
        step: String::new(),
        input_class: String::new(),
        started_us: 10,
        ended_us: 25,
        at: "2026-01-05T02:00:01Z".to_owned(),
        request: RawRequest {
            method: "GET".to_owned(),
            url: "http://127.0.0.1:8101/pengaduan/7".to_owned(),
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            body: None,
        },
        answer: RawAnswer::Response {
            status: 200,
            headers: vec![("content-type".to_owned(), b"application/json".to_vec())],
            body: Bytes::copy_from_slice(body.as_bytes()),
        },
        reading: Reading::Accepted,
        mapped: serde_json::from_str(body).unwrap_or_default(),
        map_fault: None,
        raw: std::collections::BTreeMap::new(),
        waits: 0,
    }
}

/// A log of a header, `rows` rows of four records each, and a footer.
pub(crate) fn log(rows: u32) -> Log {
    let dir = tempfile::tempdir().unwrap();
    let seen = Seen::default();
    let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
    let recorder = Recorder::create(dir.path(), header(), Secrets::new(), canaries, Box::new(seen.clone())).unwrap();
    for row in 0..rows {
        let line = row as usize;
        recorder.write(
            scope(),
            Data::Declare(Declare {
                line,
                legs: vec!["read@pelapor_a".to_owned()],
            }),
        );
        let canary = recorder.canaries().plant(row, "judul", false);
        let body = json!({"id": row, "judul": format!("Uji {canary} \"é\u{1f600}\""), "bujur": 106.827_153_f64 / 3.0});
        recorder.capture(scope(), exchange(&body.to_string()));
        let end = End::Inconclusive {
            reason: Reason::Timeout,
            text: Phrase::new("habis", "over"),
        };
        recorder.write(
            scope(),
            Data::Step(StepEnd {
                line,
                kind: "ketika".to_owned(),
                text: "…".to_owned(),
                end,
            }),
        );
        let row_end = RowEnd {
            requirement: "PB-02".to_owned(),
            when_done: 1,
            then_done: 1,
            whole: true,
        };
        recorder.write(scope(), Data::RowEnd(row_end));
    }
    let value = json!({"halaman": [1, 2], "rasio": 0.1_f64 + 0.2_f64});
    recorder.write(
        scope(),
        Data::Observation(Observation {
            kind: "penelusuran".to_owned(),
            value,
        }),
    );
    let head = recorder.finish(footer()).unwrap();
    let path = dir.path().join(LOG_FILE);
    let bytes = std::fs::read(&path).unwrap();
    Log {
        dir,
        path,
        bytes,
        observed: seen.records(),
        head,
    }
}
