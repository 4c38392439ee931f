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
        if let (Data::Fixture(fixture), Some(row)) = (&data, scope.row.as_deref()) {
            let canaries = &self.shared.canaries;
            canaries.call(row, scope.attempt, &fixture.label, fixture.number);
        }
        redact(&self.shared.secrets, &mut data);
        self.append(scope, data)
    }

    /// Makes facts of an exchange, redacts it, and writes it. Register received secrets before.
    pub fn capture(&self, scope: Scope, raw: RawExchange) -> Arc<Record> {
        let exchange = capture::exchange(raw, &scope, &self.shared.secrets, &self.shared.canaries);
        self.append(scope, Data::Exchange(Box::new(exchange)))
    }

    /// The same for a request that reached us.
    pub fn capture_inbound(&self, scope: Scope, raw: RawInbound) -> Arc<Record> {
        let inbound = capture::inbound(raw, &scope, &self.shared.secrets, &self.shared.canaries);
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
pub(crate) mod samples;

#[cfg(test)]
mod tests;
