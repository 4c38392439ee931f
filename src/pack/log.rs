//! Reading `exchanges.ndjson`: in order with its chain checked, or one record by number. Whatever the file holds,
//! reading ends with a record or with a typed fault that names the line. Knows nothing of verdicts.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde::Deserialize;

use crate::domain::Phrase;
use crate::evidence::record::{Data, Record, Scope};
use crate::evidence::recorder::NO_PREVIOUS;
use crate::evidence::{Head, LONGEST_LINE, sha256_hex};
use crate::phrase;

/// Why a log cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum LogFault {
    /// The file cannot be read.
    #[error("the log cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A line is longer than any that laik writes.
    #[error("line {line} is longer than {LONGEST_LINE} bytes")]
    TooLong {
        /// The line, from 1.
        line: u64,
    },
    /// A line is no record.
    #[error("line {line} is no record: {text}")]
    Malformed {
        /// The line, from 1.
        line: u64,
        /// What does not fit.
        text: String,
    },
    /// A record has another number than its line.
    #[error("line {line} has seq {found}")]
    Number {
        /// The line, from 1.
        line: u64,
        /// Its `seq`.
        found: u64,
    },
    /// A line's `prev` is not the digest of the line before it.
    #[error("line {line} does not follow the line before it")]
    Chain {
        /// The line, from 1.
        line: u64,
    },
    /// The log has no record of that number.
    #[error("the log has no record {seq}")]
    Absent {
        /// The number asked for.
        seq: u64,
    },
}

impl LogFault {
    /// The fault in both languages.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Io(error) => phrase!(
                "exchanges.ndjson tidak dapat dibaca: {error}",
                "exchanges.ndjson cannot be read: {error}"
            ),
            Self::TooLong { line } => phrase!(
                "exchanges.ndjson:{line}: baris lebih panjang dari {LONGEST_LINE} bita; laik tidak pernah menulis baris sepanjang itu",
                "exchanges.ndjson:{line}: the line is longer than {LONGEST_LINE} bytes; laik never writes such a line"
            ),
            Self::Malformed { line, text } => phrase!(
                "exchanges.ndjson:{line}: bukan catatan: {text}",
                "exchanges.ndjson:{line}: no record: {text}"
            ),
            Self::Number { line, found } => phrase!(
                "exchanges.ndjson:{line}: nomor urutnya {found}; ada baris yang hilang, tersisip, atau tertukar",
                "exchanges.ndjson:{line}: its number is {found}; a line is missing, inserted or swapped"
            ),
            Self::Chain { line } => phrase!(
                "exchanges.ndjson:{line}: rantai putus: baris ini atau baris sebelumnya bukan lagi yang ditulis laik",
                "exchanges.ndjson:{line}: the chain is broken: this line or the one before is not what laik wrote"
            ),
            Self::Absent { seq } => phrase!("catatan {seq} tidak ada dalam log", "the log has no record {seq}"),
        }
    }
}

/// One line as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seq: u64,
    prev: String,
    scope: Scope,
    data: Data,
}

/// Reads one log.
#[derive(Debug)]
pub struct LogReader {
    file: BufReader<File>,
    /// Where each line read so far begins; the last entry is where the next one will.
    offsets: Vec<u64>,
    previous: String,
    /// Bytes after the last whole line, once the end was reached.
    torn: Option<u64>,
    at_end: bool,
    line: Vec<u8>,
}

impl LogReader {
    /// Opens a log at its beginning.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = BufReader::with_capacity(256 * 1024, File::open(path)?);
        Ok(Self {
            file,
            offsets: vec![0],
            previous: NO_PREVIOUS.to_owned(),
            torn: None,
            at_end: false,
            line: Vec::new(),
        })
    }

    /// The next record in order; `None` at the end of the whole lines. After a fault nothing follows.
    ///
    /// A last line without its newline is what a killed run leaves: it is no fault, see [`Self::torn`].
    #[expect(
        clippy::should_implement_trait,
        reason = "`records` is the iterator; this borrows for random access between"
    )]
    pub fn next(&mut self) -> Option<Result<Record, LogFault>> {
        if self.at_end {
            return None;
        }
        let read = self.sequential();
        if !matches!(read, Ok(Some(_))) {
            self.at_end = true;
        }
        read.transpose()
    }

    /// The records in order, as [`Self::next`].
    pub fn records(&mut self) -> impl Iterator<Item = Result<Record, LogFault>> {
        std::iter::from_fn(move || self.next())
    }

    /// A record by number, among those that [`Self::next`] already gave.
    pub fn read(&mut self, seq: u64) -> Result<Record, LogFault> {
        let absent = || LogFault::Absent { seq };
        let index = seq
            .checked_sub(1)
            .and_then(|index| usize::try_from(index).ok())
            .ok_or_else(absent)?;
        let (Some(&start), Some(&end)) = (self.offsets.get(index), self.offsets.get(index + 1)) else {
            return Err(absent());
        };
        let resume = self.offsets.last().copied().unwrap_or(0);
        self.seek(start)?;
        self.line.clear();
        self.file.by_ref().take(end - start).read_to_end(&mut self.line)?;
        self.seek(resume)?;
        let line = parsed(self.line.strip_suffix(b"\n").unwrap_or(&self.line), seq)?;
        Ok(Record {
            seq: line.seq,
            scope: line.scope,
            data: line.data,
        })
    }

    /// Count and digest of the lines read so far.
    pub fn head(&self) -> Head {
        let count = self.offsets.len().saturating_sub(1) as u64;
        Head {
            count,
            sha256: if count == 0 {
                String::new()
            } else {
                self.previous.clone()
            },
        }
    }

    /// At the end: how many bytes of an unfinished line follow the whole ones, if any do.
    pub const fn torn(&self) -> Option<u64> {
        self.torn
    }

    fn sequential(&mut self) -> Result<Option<Record>, LogFault> {
        let number = self.offsets.len() as u64;
        self.line.clear();
        let limit = LONGEST_LINE as u64 + 2;
        let read = self.file.by_ref().take(limit).read_until(b'\n', &mut self.line)? as u64;
        let Some(text) = self.line.strip_suffix(b"\n") else {
            if read == limit {
                return Err(LogFault::TooLong { line: number });
            }
            self.torn = (read > 0).then_some(read);
            return Ok(None);
        };
        if text.len() > LONGEST_LINE {
            return Err(LogFault::TooLong { line: number });
        }
        let line = parsed(text, number)?;
        if line.prev != self.previous {
            return Err(LogFault::Chain { line: number });
        }
        self.previous = sha256_hex(text);
        let start = self.offsets.last().copied().unwrap_or(0);
        self.offsets.push(start + read);
        Ok(Some(Record {
            seq: line.seq,
            scope: line.scope,
            data: line.data,
        }))
    }

    /// Moves within the buffer where that is possible.
    fn seek(&mut self, to: u64) -> io::Result<()> {
        let at = self.file.stream_position()?;
        match i64::try_from(i128::from(to) - i128::from(at)) {
            Ok(by) => self.file.seek_relative(by),
            Err(_) => self.file.seek(SeekFrom::Start(to)).map(drop),
        }
    }
}

fn parsed(text: &[u8], number: u64) -> Result<Line, LogFault> {
    let line: Line = serde_json::from_slice(text).map_err(|error| LogFault::Malformed {
        line: number,
        text: error
            .to_string()
            .chars()
            .filter(|character| !character.is_control())
            .take(200)
            .collect(),
    })?;
    if line.seq != number {
        return Err(LogFault::Number {
            line: number,
            found: line.seq,
        });
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::recorder::samples;
    use proptest::prelude::*;

    /// Reads a whole log; the fault's line, or the head and the torn bytes.
    fn read(bytes: &[u8]) -> Result<(Head, Option<u64>), LogFault> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, bytes).unwrap();
        let mut reader = LogReader::open(&path).unwrap();
        for record in reader.records() {
            record?;
        }
        Ok((reader.head(), reader.torn()))
    }

    #[test]
    fn a_written_log_reads_back_equal_in_order_and_by_number() {
        let log = samples::log(30);
        let mut reader = LogReader::open(&log.path).unwrap();
        let records: Vec<Record> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records, log.observed);
        assert_eq!(reader.head(), log.head);
        assert_eq!(reader.torn(), None);
        for seq in [1, 17, log.head.count, 2] {
            assert_eq!(reader.read(seq).unwrap(), records[usize::try_from(seq).unwrap() - 1]);
        }
        assert!(matches!(reader.read(0), Err(LogFault::Absent { seq: 0 })));
        assert!(matches!(reader.read(log.head.count + 1), Err(LogFault::Absent { .. })));
    }

    #[test]
    fn records_can_be_fetched_while_reading_in_order() {
        let log = samples::log(10);
        let mut reader = LogReader::open(&log.path).unwrap();
        let mut count = 0;
        while let Some(record) = reader.next() {
            count += 1;
            assert_eq!(record.unwrap().seq, count);
            assert_eq!(reader.read(1 + count / 2).unwrap().seq, 1 + count / 2);
        }
        assert_eq!(count, log.head.count);
    }

    #[test]
    fn missing_and_swapped_lines_are_named() {
        let bytes = samples::log(5).bytes;
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        lines.swap(2, 3);
        assert!(matches!(
            read(&lines.concat()),
            Err(LogFault::Number { line: 3, found: 4 })
        ));
        lines.remove(2);
        assert!(matches!(
            read(&lines.concat()),
            Err(LogFault::Chain { .. } | LogFault::Number { .. })
        ));
    }

    #[test]
    fn a_line_without_end_is_refused_in_bounded_memory() {
        assert!(matches!(
            read(&vec![b'x'; LONGEST_LINE + 10]),
            Err(LogFault::TooLong { line: 1 })
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_flipped_byte_is_found(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let log = samples::log(6);
            let mut bytes = log.bytes.clone();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            // A flip in the last line changes the head that run.json keeps; any other breaks the chain.
            if let Ok((head, torn)) = read(&bytes) {
                prop_assert!(head != log.head || torn.is_some(), "flip of bit {bit} at {at} was not seen");
            }
        }

        #[test]
        fn a_truncated_log_reads_up_to_its_last_whole_line(at in any::<prop::sample::Index>()) {
            let log = samples::log(6);
            let kept = log.bytes.get(..at.index(log.bytes.len())).unwrap();
            let whole = kept.split(|byte| *byte == b'\n').count() as u64 - 1;
            let (head, torn) = read(kept).unwrap();
            prop_assert_eq!(head.count, whole);
            prop_assert_eq!(torn.is_some(), kept.last().is_some_and(|byte| *byte != b'\n'));
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let _ = read(&bytes);
        }
    }
}
