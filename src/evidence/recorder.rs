//! The one writer of the log. Records get their number, link and place under one lock, in the order of completion;
//! what can be done before the lock is done before it. A write error never panics: it is kept and told.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::canary::CanaryBook;
use super::capture::{self, RawExchange, RawInbound};
use super::digest::sha256_hex;
use super::record::{Data, End, Fault, Footer, Header, Part, Record, Scope};
use super::secrets::Secrets;
use super::{LOG_FILE, LONGEST_LINE};

/// The `prev` of the first line.
pub const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Room for `{"seq":…,"prev":"…",` and the line's end.
const FRAME: usize = 128;

/// Sees every record, in order, under the writer's lock: it must be quick and must not write records itself.
pub trait Observer: Send {
    /// Takes the next record.
    fn observe(&mut self, record: &Arc<Record>);
}

/// The end of a log: what `run.json` keeps of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// How many lines there are.
    pub count: u64,
    /// SHA-256 of the last line's bytes without its newline.
    pub sha256: String,
}

/// Writes the log of one run. Clones write to the same log.
#[derive(Clone)]
pub struct Recorder {
    shared: Arc<Shared>,
}

struct Shared {
    started: Instant,
    secrets: Secrets,
    canaries: CanaryBook,
    writer: Mutex<Writer>,
}

struct Writer {
    file: BufWriter<File>,
    observer: Box<dyn Observer>,
    seq: u64,
    previous: String,
    line: Vec<u8>,
    fault: Option<Kept>,
    finished: bool,
}

/// An I/O error that is told more than once.
#[derive(Clone)]
struct Kept {
    kind: io::ErrorKind,
    text: String,
}

impl Recorder {
    /// Creates `DIR/exchanges.ndjson` and writes its header. A log that is there already is an error: evidence is
    /// never written over.
    pub fn create(
        dir: &Path,
        header: Header,
        secrets: Secrets,
        canaries: CanaryBook,
        observer: Box<dyn Observer>,
    ) -> io::Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(dir.join(LOG_FILE))?;
        let writer = Writer {
            file: BufWriter::with_capacity(64 * 1024, file),
            observer,
            seq: 0,
            previous: NO_PREVIOUS.to_owned(),
            line: Vec::with_capacity(4096),
            fault: None,
            finished: false,
        };
        let shared = Shared {
            started: Instant::now(),
            secrets,
            canaries,
            writer: Mutex::new(writer),
        };
        let recorder = Self {
            shared: Arc::new(shared),
        };
        recorder.append(
            Scope {
                attempt: 1,
                row: None,
                part: Part::Setup,
            },
            Data::Header(Box::new(header)),
        );
        recorder.flush()?;
        Ok(recorder)
    }

    /// Writes a record and gives it back as written. Its texts are redacted; use [`Self::capture`] for exchanges.
    pub fn write(&self, scope: Scope, mut data: Data) -> Arc<Record> {
        redact(&self.shared.secrets, &mut data);
        self.append(scope, data)
    }

    /// Makes facts of an exchange, redacts it, and writes it. Register received secrets before.
    pub fn capture(&self, scope: Scope, raw: RawExchange) -> Arc<Record> {
        let exchange = capture::exchange(raw, &self.shared.secrets, &self.shared.canaries);
        self.append(scope, Data::Exchange(Box::new(exchange)))
    }

    /// The same for a request that reached us.
    pub fn capture_inbound(&self, scope: Scope, raw: RawInbound) -> Arc<Record> {
        let inbound = capture::inbound(raw, &self.shared.secrets, &self.shared.canaries);
        self.append(scope, Data::Inbound(Box::new(inbound)))
    }

    /// Brings everything written so far to the file.
    pub fn flush(&self) -> io::Result<()> {
        let mut writer = self.writer();
        writer.flush();
        writer.result()
    }

    /// Writes the footer and closes the log. Later records are judged but not written, and are a fault.
    /// Fails with the first write error of the run, if there was one.
    pub fn finish(&self, footer: Footer) -> io::Result<Head> {
        self.append(
            Scope {
                attempt: 1,
                row: None,
                part: Part::Cleanup,
            },
            Data::Footer(footer),
        );
        let mut writer = self.writer();
        writer.flush();
        if let Err(error) = writer.file.get_ref().sync_data() {
            writer.keep(&error);
        }
        writer.finished = true;
        writer.result()?;
        Ok(Head {
            count: writer.seq,
            sha256: writer.previous.clone(),
        })
    }

    /// The first write error of the run, if there was one; the log on disk ends before it.
    pub fn fault(&self) -> Option<String> {
        self.writer().fault.as_ref().map(|kept| kept.text.clone())
    }

    /// Microseconds since the log was created, monotonic.
    pub fn elapsed_us(&self) -> u64 {
        u64::try_from(self.shared.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// The secrets that this log hides.
    pub fn secrets(&self) -> &Secrets {
        &self.shared.secrets
    }

    /// The planted values that this log looks for.
    pub fn canaries(&self) -> &CanaryBook {
        &self.shared.canaries
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic of an observer leaves the writer whole: the line was written before it was observed.
        self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, scope: Scope, mut data: Data) -> Arc<Record> {
        let mut tail = serialised(&scope, &data);
        if tail.is_none() {
            shorten(&mut data);
            tail = serialised(&scope, &data);
        }
        if tail.is_none() {
            data = Data::Fault(Fault {
                text: "catatan terlalu besar untuk ditulis (a record was too large to be written)".to_owned(),
            });
            tail = serialised(&scope, &data);
        }
        let row_ends = matches!(data, Data::RowEnd(_) | Data::Fault(_));
        let mut writer = self.writer();
        writer.put(&tail.unwrap_or_default());
        if row_ends {
            writer.flush();
        }
        let record = Arc::new(Record {
            seq: writer.seq,
            scope,
            data,
        });
        writer.observer.observe(&record);
        record
    }
}

impl Writer {
    /// Numbers, links and writes one line.
    fn put(&mut self, tail: &[u8]) {
        self.seq += 1;
        self.line.clear();
        // Writing to memory cannot fail.
        let _ = write!(self.line, "{{\"seq\":{},\"prev\":\"{}\",", self.seq, self.previous);
        self.line.extend_from_slice(tail);
        self.previous = sha256_hex(&self.line);
        self.line.push(b'\n');
        if self.finished {
            self.keep(&io::Error::other("a record came after the end of the log"));
        }
        if self.fault.is_none()
            && let Err(error) = self.file.write_all(&self.line)
        {
            self.keep(&error);
        }
    }

    fn flush(&mut self) {
        if self.fault.is_none()
            && let Err(error) = self.file.flush()
        {
            self.keep(&error);
        }
    }

    fn keep(&mut self, error: &io::Error) {
        self.fault.get_or_insert_with(|| Kept {
            kind: error.kind(),
            text: error.to_string(),
        });
    }

    fn result(&self) -> io::Result<()> {
        match &self.fault {
            Some(kept) => Err(io::Error::new(kept.kind, kept.text.clone())),
            None => Ok(()),
        }
    }
}

/// `"scope":…,"data":…}`; `None` where the line would be too long.
fn serialised(scope: &Scope, data: &Data) -> Option<Vec<u8>> {
    let mut tail = Vec::with_capacity(1024);
    tail.extend_from_slice(b"\"scope\":");
    serde_json::to_writer(&mut tail, scope).ok()?;
    tail.extend_from_slice(b",\"data\":");
    serde_json::to_writer(&mut tail, data).ok()?;
    tail.push(b'}');
    (tail.len() + FRAME <= LONGEST_LINE).then_some(tail)
}

/// Leaves out of an exchange what can be large; its digests stay.
fn shorten(data: &mut Data) {
    let fault = "jawaban terpetakan terlalu besar untuk bukti (the mapped answer was too large for evidence)";
    match data {
        Data::Exchange(exchange) => {
            exchange.mapped = serde_json::Value::Null;
            exchange.map_fault = Some(fault.to_owned());
        }
        Data::Inbound(inbound) => inbound.mapped = serde_json::Value::Null,
        _ => {}
    }
}

/// Redacts the texts of a record that did not come through capture. Row identifiers, oracle names and words of
/// closed lists are laik's own and stay: a plan could not be matched without them.
fn redact(secrets: &Secrets, data: &mut Data) {
    let texts: Vec<&mut String> = match data {
        Data::Header(_) | Data::RowEnd(_) | Data::Footer(_) => return,
        // These come through capture; one that was made by hand is redacted as a whole.
        Data::Exchange(_) | Data::Inbound(_) => return redact_whole(secrets, data),
        Data::Observation(observation) => {
            secrets.redact_value(&mut observation.value);
            vec![&mut observation.kind]
        }
        Data::Fixture(fixture) => vec![
            &mut fixture.label,
            &mut fixture.id,
            &mut fixture.status,
            &mut fixture.origin,
        ],
        Data::Declare(declare) => declare.legs.iter_mut().collect(),
        Data::Step(step) => {
            let mut texts = vec![&mut step.text];
            match &mut step.end {
                End::LeftOut(text) | End::NotApplicable(text) | End::Error(text) => texts.push(text),
                End::Inconclusive { text, .. } => texts.extend([&mut text.id, &mut text.en]),
                End::Done | End::Stopped => {}
            }
            texts
        }
        Data::Check(check) => {
            secrets.redact_value(&mut check.params);
            check.declared.iter_mut().collect()
        }
        Data::Fault(fault) => vec![&mut fault.text],
    };
    for text in texts {
        secrets.redact_in(text);
    }
}

/// Redacts every text of a record by way of its JSON form.
fn redact_whole(secrets: &Secrets, data: &mut Data) {
    let redacted = serde_json::to_value(&*data).ok().and_then(|mut value| {
        secrets.redact_value(&mut value);
        serde_json::from_value(value).ok()
    });
    *data = redacted.unwrap_or_else(|| {
        Data::Fault(Fault {
            text: "catatan tidak dapat disamarkan (a record could not be redacted)".to_owned(),
        })
    });
}

/// Logs for tests of whatever reads them.
#[cfg(test)]
pub(crate) mod samples {
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
            waits: 0,
        }
    }

    /// A log of a header, `rows` rows of four records each, and a footer.
    pub(crate) fn log(rows: u32) -> Log {
        let dir = tempfile::tempdir().unwrap();
        let seen = Seen::default();
        let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
        let recorder =
            Recorder::create(dir.path(), header(), Secrets::new(), canaries, Box::new(seen.clone())).unwrap();
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
            let body =
                json!({"id": row, "judul": format!("Uji {canary} \"é\u{1f600}\""), "bujur": 106.827_153_f64 / 3.0});
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
}

#[cfg(test)]
mod tests {
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
}
