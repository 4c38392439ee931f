//! Is a pack whole and unchanged? Files, versions, the chain of the log, and the digests that bind them together.
//! Judges no requirement; never stops at the first fault that does not hinder the next question.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::domain::{Phrase, vocabulary};
use crate::evidence::record::{Data, Footer, Header};
use crate::evidence::{Head, LOG_FILE, LOG_FORMAT, sha256_hex};
use crate::phrase;

use super::log::{LogFault, LogReader};
use super::run_json::{FILE_NAME as RUN_FILE, RunJson};
use super::seal::{FILE_NAME as SEAL_FILE, Seal};

/// Names of the files of a pack beside log and `run.json`.
pub const STANDARD_FILE: &str = "standard.lock";
/// The statement as given.
pub const STATEMENT_FILE: &str = "pernyataan.toml";

/// A lock or statement larger than this is none of ours, in bytes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Broken places of a seal that are told.
const MOST_TOLD: usize = 20;

vocabulary! {
    /// What a finding is about.
    Problem {
        FileMissing = "file_missing", "berkas tidak ada", "a file is missing";
        FileUnreadable = "file_unreadable", "berkas tidak terbaca", "a file cannot be read";
        RunUnreadable = "run_unreadable", "run.json tidak terbaca", "run.json cannot be read";
        FormatUnknown = "format_unknown", "versi format tidak dikenal", "the format's version is not known";
        LogBroken = "log_broken", "log rusak atau diubah", "the log is damaged or was changed";
        LogMisplaced = "log_misplaced", "susunan log salah", "the order of the log is wrong";
        HeadDiffers = "head_differs", "log bukan milik run.json", "the log is not that of run.json";
        RunDiffers = "run_differs", "run.json bukan milik log", "run.json is not that of the log";
        StandardDiffers = "standard_differs", "standar berbeda", "the standard differs";
        StatementDiffers = "statement_differs", "pernyataan berbeda", "the statement differs";
        SealBroken = "seal_broken", "segel rusak", "the seal is broken";
        Incomplete = "incomplete", "belum lengkap", "incomplete";
    }
}

/// One thing that is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What it is about.
    pub problem: Problem,
    /// In words, with file and line.
    pub text: Phrase,
}

/// What was seen of a pack.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verification {
    /// Everything that is wrong; empty for a good pack.
    pub findings: Vec<Finding>,
    /// Whole lines of the log, up to its first fault.
    pub records: u64,
    /// SHA-256 of the last of them, lower-case hex; empty where there is none.
    pub sha256: String,
    /// The run that the log names.
    pub run: Option<String>,
    /// The digest of the whole pack (see [`super::seal`]), where its seal holds.
    pub pack: Option<String>,
}

impl Verification {
    /// Whether the pack is whole and unchanged.
    pub fn valid(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether the run never came to its end; what there is may still be unchanged.
    pub fn incomplete(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.problem == Problem::Incomplete)
    }

    /// Whether something was changed, damaged or is missing, beside an end that never came.
    pub fn damaged(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.problem != Problem::Incomplete)
    }
}

/// Verifies the pack in a directory.
pub fn verify(dir: &Path) -> Verification {
    let mut findings = Findings::default();
    let run = run_json(dir, &mut findings);
    let log = log(dir, &mut findings);
    let standard = digest(dir, STANDARD_FILE, &mut findings);
    let statement = digest(dir, STATEMENT_FILE, &mut findings);
    bindings(
        run.as_ref(),
        &log,
        standard.as_deref(),
        statement.as_deref(),
        &mut findings,
    );
    end(run.as_ref(), &log, &mut findings);
    let pack = seal(dir, &mut findings);
    Verification {
        findings: findings.0,
        records: log.head.count,
        sha256: log.head.sha256,
        run: log.header.map(|header| header.run),
        pack,
    }
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, problem: Problem, text: Phrase) {
        self.0.push(Finding { problem, text });
    }
}

/// What the log told.
#[derive(Default)]
struct Log {
    header: Option<Header>,
    footer: Option<Footer>,
    head: Head,
    torn: Option<u64>,
    /// The log was read to its end without a fault.
    whole: bool,
}

fn run_json(dir: &Path, findings: &mut Findings) -> Option<RunJson> {
    if !dir.join(RUN_FILE).is_file() {
        missing(RUN_FILE, findings);
        return None;
    }
    match RunJson::read(dir) {
        Ok(run) => Some(run),
        Err(error) => {
            findings.add(
                Problem::RunUnreadable,
                phrase!(
                    "run.json tidak dapat dibaca: {error}",
                    "run.json cannot be read: {error}"
                ),
            );
            None
        }
    }
}

fn log(dir: &Path, findings: &mut Findings) -> Log {
    let mut log = Log::default();
    let mut reader = match LogReader::open(&dir.join(LOG_FILE)) {
        Ok(reader) => reader,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            missing(LOG_FILE, findings);
            return log;
        }
        Err(error) => {
            findings.add(Problem::FileUnreadable, LogFault::Io(error).phrase());
            return log;
        }
    };
    log.whole = true;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(fault) => {
                findings.add(Problem::LogBroken, fault.phrase());
                log.whole = false;
                break;
            }
        };
        let line = record.seq;
        match record.data {
            Data::Header(header) if line == 1 => {
                if !readable(&header.format, LOG_FORMAT) {
                    let found: String = header.format.chars().take(20).collect();
                    findings.add(Problem::FormatUnknown, phrase!(
                        "exchanges.ndjson:1: format {found:?}; laik ini membaca format {LOG_FORMAT} dan minor sesudahnya",
                        "exchanges.ndjson:1: format {found:?}; this laik reads format {LOG_FORMAT} and later minors of it"
                    ));
                }
                log.header = Some(*header);
            }
            _ if line == 1 => findings.add(
                Problem::LogMisplaced,
                Phrase::new(
                    "exchanges.ndjson:1: bukan kepala log",
                    "exchanges.ndjson:1: not the header of a log",
                ),
            ),
            Data::Header(_) => misplaced(line, "kepala", "header", findings),
            _ if log.footer.is_some() => {
                misplaced(line, "catatan sesudah penutup", "record after the footer", findings);
            }
            Data::Footer(footer) => log.footer = Some(footer),
            _ => {}
        }
    }
    log.head = reader.head();
    log.torn = reader.torn();
    log
}

fn misplaced(line: u64, indonesian: &str, english: &str, findings: &mut Findings) {
    // One is told; a damaged log may have very many.
    if !findings
        .0
        .iter()
        .any(|finding| finding.problem == Problem::LogMisplaced)
    {
        findings.add(
            Problem::LogMisplaced,
            Phrase::new(
                format!("exchanges.ndjson:{line}: {indonesian} pada tempat yang salah"),
                format!("exchanges.ndjson:{line}: {english} in the wrong place"),
            ),
        );
    }
}

fn missing(name: &str, findings: &mut Findings) {
    findings.add(
        Problem::FileMissing,
        phrase!(
            "{name} tidak ada; sebutkan direktori yang ditulis `laik run --out`",
            "{name} is missing; name the directory that `laik run --out` wrote"
        ),
    );
}

/// SHA-256 of a file of the pack.
fn digest(dir: &Path, name: &str, findings: &mut Findings) -> Option<String> {
    let mut bytes = Vec::new();
    let read = File::open(dir.join(name)).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 <= MOST_BYTES => Some(sha256_hex(&bytes)),
        Ok(_) => {
            findings.add(
                Problem::FileUnreadable,
                phrase!(
                    "{name} lebih besar dari {MOST_BYTES} bita",
                    "{name} is larger than {MOST_BYTES} bytes"
                ),
            );
            None
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            missing(name, findings);
            None
        }
        Err(error) => {
            findings.add(
                Problem::FileUnreadable,
                phrase!("{name} tidak dapat dibaca: {error}", "{name} cannot be read: {error}"),
            );
            None
        }
    }
}

/// Whether the files belong together.
fn bindings(
    run: Option<&RunJson>,
    log: &Log,
    standard: Option<&str>,
    statement: Option<&str>,
    findings: &mut Findings,
) {
    let header = log.header.as_ref();
    let pairs = [
        (
            Problem::StandardDiffers,
            STANDARD_FILE,
            standard,
            LOG_FILE,
            header.map(|header| header.standard_digest.as_str()),
        ),
        (
            Problem::StandardDiffers,
            STANDARD_FILE,
            standard,
            RUN_FILE,
            run.map(|run| run.standard.digest.as_str()),
        ),
        (
            Problem::StatementDiffers,
            STATEMENT_FILE,
            statement,
            LOG_FILE,
            header.map(|header| header.statement_digest.as_str()),
        ),
        (
            Problem::StatementDiffers,
            STATEMENT_FILE,
            statement,
            RUN_FILE,
            run.map(|run| run.target.statement_digest.as_str()),
        ),
    ];
    for (problem, name, digest, other, noted) in pairs {
        if let (Some(digest), Some(noted)) = (digest, noted)
            && digest != noted
        {
            findings.add(
                problem,
                phrase!(
                    "{name} bukan berkas yang dicatat {other}: SHA-256-nya {digest}",
                    "{name} is not the file that {other} names: its SHA-256 is {digest}"
                ),
            );
        }
    }
    same_run(run, header, findings);
}

/// Whether log and `run.json` are of one run.
fn same_run(run: Option<&RunJson>, header: Option<&Header>, findings: &mut Findings) {
    if let (Some(run), Some(header)) = (run, header)
        && run.run != header.run
    {
        findings.add(
            Problem::RunDiffers,
            Phrase::new(
                "run.json berasal dari pengujian lain daripada log",
                "run.json is of another run than the log",
            ),
        );
    }
}

/// Whether the run came to its end, and whether `run.json` and the log agree about it.
fn end(run: Option<&RunJson>, log: &Log, findings: &mut Findings) {
    match &log.footer {
        Some(footer) => ended(run, log, footer, findings),
        None if log.whole => cut_off(run, log, findings),
        None => {}
    }
}

/// Whether every file is as it was sealed; the digest of the pack where it is.
fn seal(dir: &Path, findings: &mut Findings) -> Option<String> {
    let sealed = Seal::read(dir).and_then(|seal| match seal {
        Some(seal) => Ok(Some((seal, Seal::take(dir)?))),
        None => Ok(None),
    });
    match sealed {
        Ok(Some((seal, present))) => {
            let broken = seal.compare(&present);
            // A directory full of strange files is told by the first of them.
            for difference in broken.iter().take(MOST_TOLD) {
                findings.add(Problem::SealBroken, difference.phrase());
            }
            broken.is_empty().then(|| seal.digest())
        }
        Ok(None) => {
            // What is missing, damaged or cut off is told already.
            if findings.0.is_empty() {
                findings.add(
                    Problem::Incomplete,
                    phrase!(
                        "belum disegel: {SEAL_FILE} tidak ada; pengujian terputus sebelum laporannya selesai ditulis",
                        "not sealed: {SEAL_FILE} is missing; the run was cut off before its reports were written"
                    ),
                );
            }
            None
        }
        Err(fault) => {
            findings.add(
                Problem::SealBroken,
                phrase!(
                    "segel tidak dapat diperiksa: {fault}",
                    "the seal cannot be checked: {fault}"
                ),
            );
            None
        }
    }
}

/// The log has its footer.
fn ended(run: Option<&RunJson>, log: &Log, footer: &Footer, findings: &mut Findings) {
    if let Some(torn) = log.torn {
        findings.add(
            Problem::LogMisplaced,
            phrase!(
                "{torn} bita mengikuti penutup log",
                "{torn} bytes follow the footer of the log"
            ),
        );
    }
    let Some(run) = run.filter(|_| log.whole) else { return };
    let (count, noted) = (log.head.count, run.evidence.records);
    if run.evidence.sha256.is_empty() {
        findings.add(
            Problem::Incomplete,
            Phrase::new(
                "belum lengkap: log selesai, tetapi run.json tidak sempat ditulis ulang",
                "incomplete: the log has ended, but run.json was not written again",
            ),
        );
        return;
    }
    if count != noted || log.head.sha256 != run.evidence.sha256 {
        let (found, named) = (short(&log.head.sha256), short(&run.evidence.sha256));
        findings.add(
            Problem::HeadDiffers,
            phrase!(
                "exchanges.ndjson berisi {count} catatan yang berakhir pada {found}, run.json mencatat {noted} yang berakhir pada {named}",
                "exchanges.ndjson has {count} records that end in {found}, run.json names {noted} that end in {named}"
            ),
        );
    }
    if run.stopped != footer.stopped {
        findings.add(
            Problem::RunDiffers,
            Phrase::new(
                "run.json dan log berbeda tentang apakah pengujian dihentikan",
                "run.json and the log differ about whether the run was stopped",
            ),
        );
    }
}

/// The log has no footer.
fn cut_off(run: Option<&RunJson>, log: &Log, findings: &mut Findings) {
    let (count, torn) = (log.head.count, log.torn.unwrap_or(0));
    findings.add(
        Problem::Incomplete,
        phrase!(
            "belum lengkap: log tidak berpenutup sesudah {count} catatan (dan {torn} bita baris yang terpotong); pengujian terputus atau masih berjalan",
            "incomplete: the log has no footer after {count} records (and {torn} bytes of a line cut off); the run was cut off or still goes on"
        ),
    );
    // A finished run.json beside a log without its end means that lines were removed.
    if run.is_some_and(|run| !run.evidence.sha256.is_empty()) {
        findings.add(
            Problem::HeadDiffers,
            Phrase::new(
                "run.json mencatat log yang selesai: catatan di akhir log telah hilang",
                "run.json names a log that has ended: records at the end of the log are lost",
            ),
        );
    }
}

/// The first characters of a digest.
fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// Whether a format `major.minor` can be read by one that reads `ours`: the same major number.
pub fn readable(format: &str, ours: &str) -> bool {
    let major = |version: &str| {
        let (major, minor) = version.split_once('.')?;
        minor.parse::<u32>().ok()?;
        major.parse::<u32>().ok()
    };
    major(format).is_some() && major(format) == major(ours)
}

#[cfg(test)]
pub(crate) mod tests;
