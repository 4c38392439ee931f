//! What a gate remembers: the highest status list that it has seen and the latest time that it was asked. Only so can it
//! tell an older list that has not expired (decisions.md G.38), and a clock that was turned back.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::attestation::{Digest, NotCanonical, canonical};

/// Version of the file's format.
const FORMAT: &str = "1.0";

/// A memory larger than this is none of ours, in bytes.
const MOST_BYTES: u64 = 64 * 1024;

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// The latest time that the gate was asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked: Option<Timestamp>,
    /// Digest of the highest list's payload.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<Digest>,
    /// Version of the format.
    pub format: String,
    /// The highest number seen; 0 before the first.
    pub number: u64,
}

/// Why there is no memory.
#[derive(Debug, thiserror::Error)]
pub enum MemoryFault {
    /// There is no such file; it is made only on request, because whoever can delete it could have an old list accepted.
    #[error("{}: no such memory; make a new one once with --new-state", .0.display())]
    Missing(PathBuf),
    /// A new one was wanted and there is one.
    #[error("{}: there is a memory already; leave out --new-state", .0.display())]
    Exists(PathBuf),
    /// It is none of ours.
    #[error("{}: {source}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: NotCanonical,
    },
    /// Another gate holds it.
    #[error("{}: another gate uses this memory", .0.display())]
    Busy(PathBuf),
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Memory {
    /// The memory of a gate that has seen nothing.
    pub fn empty() -> Self {
        Self {
            asked: None,
            digest: None,
            format: FORMAT.to_owned(),
            number: 0,
        }
    }
}

/// A memory in a file, held by one process at a time: two gates that read, decide and write at once could bring the
/// number down again.
#[derive(Debug)]
pub struct MemoryFile {
    path: PathBuf,
    /// Held until this is dropped.
    _lock: File,
    /// What is remembered.
    pub memory: Memory,
}

impl MemoryFile {
    /// Opens a memory, or makes a new one where none is.
    pub fn open(path: &Path, new: bool) -> Result<Self, MemoryFault> {
        let failed = |source| MemoryFault::Io {
            path: path.to_owned(),
            source,
        };
        let mut name = path.as_os_str().to_owned();
        name.push(".kunci");
        let lock = File::create(PathBuf::from(name)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(MemoryFault::Busy(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
        let memory = match (read, new) {
            (Ok(_), true) => return Err(MemoryFault::Exists(path.to_owned())),
            (Ok(_), false) => read_memory(&bytes).map_err(|source| MemoryFault::Broken {
                path: path.to_owned(),
                source,
            })?,
            (Err(error), true) if error.kind() == io::ErrorKind::NotFound => Memory::empty(),
            (Err(error), false) if error.kind() == io::ErrorKind::NotFound => {
                return Err(MemoryFault::Missing(path.to_owned()));
            }
            (Err(source), _) => return Err(failed(source)),
        };
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
            memory,
        })
    }

    /// Writes the memory whole or not at all.
    pub fn save(&self) -> Result<(), MemoryFault> {
        let fresh = self.path.with_extension("baru");
        let write = || -> io::Result<()> {
            let mut file = File::create(&fresh)?;
            file.write_all(&canonical::write(&self.memory))?;
            file.sync_all()?;
            fs::rename(&fresh, &self.path)
        };
        write().map_err(|source| MemoryFault::Io {
            path: self.path.clone(),
            source,
        })
    }
}

fn read_memory(bytes: &[u8]) -> Result<Memory, NotCanonical> {
    let memory: Memory = canonical::read(bytes)?;
    // A number without a digest, or a digest without a number, was not written by a gate.
    if memory.format == FORMAT && (memory.number == 0) == memory.digest.is_none() {
        Ok(memory)
    } else {
        Err(NotCanonical::OtherBytes { at: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_is_made_on_request_alone_and_keeps_what_was_seen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ingatan.json");
        assert!(matches!(MemoryFile::open(&path, false), Err(MemoryFault::Missing(_))));
        let mut file = MemoryFile::open(&path, true).unwrap();
        assert!(matches!(MemoryFile::open(&path, true), Err(MemoryFault::Busy(_))));
        (file.memory.number, file.memory.digest) = (7, Some(Digest::of(b"x")));
        file.save().unwrap();
        drop(file);
        assert_eq!(MemoryFile::open(&path, false).unwrap().memory.number, 7);
        assert!(matches!(MemoryFile::open(&path, true), Err(MemoryFault::Exists(_))));
        for broken in ["", "{}", "{\"format\":\"1.0\",\"number\":7}\n"] {
            fs::write(&path, broken).unwrap();
            assert!(
                matches!(MemoryFile::open(&path, false), Err(MemoryFault::Broken { .. })),
                "{broken}"
            );
        }
    }
}
