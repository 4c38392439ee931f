//! The directory that a pack goes to. Nothing that was recorded is ever lost: a directory with something in it is
//! refused, unless it holds a pack and the user said that it may go.

use std::io;
use std::path::{Path, PathBuf};

/// An empty directory that a pack may be written to.
#[derive(Debug, Clone)]
pub struct OutDir(PathBuf);

/// Why a directory cannot take a pack.
#[derive(Debug, thiserror::Error)]
pub enum OutDirError {
    /// It holds a pack already.
    #[error("{} holds a pack already; choose another directory with --out, or say --timpa to replace the pack", .0.display())]
    HoldsPack(PathBuf),
    /// It holds something else.
    #[error("{} is not empty and holds no pack of laik; choose another directory with --out", .0.display())]
    NotEmpty(PathBuf),
    /// The system refuses.
    #[error("{}: {source}", path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl OutDir {
    /// Makes the directory, or takes an empty one. With `replace`, an earlier pack in it is removed.
    pub fn prepare(path: &Path, replace: bool) -> Result<Self, OutDirError> {
        let failed = |source| OutDirError::Io {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(path).map_err(failed)?;
        let names: Vec<_> = std::fs::read_dir(path)
            .map_err(failed)?
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        if names.is_empty() {
            return Ok(Self(path.to_owned()));
        }
        let pack = names.iter().all(|name| PACK_FILES.iter().any(|known| name == known))
            && names.iter().any(|name| name == crate::evidence::LOG_FILE);
        match (pack, replace) {
            (false, _) => Err(OutDirError::NotEmpty(path.to_owned())),
            (true, false) => Err(OutDirError::HoldsPack(path.to_owned())),
            (true, true) => {
                std::fs::remove_dir_all(path).map_err(failed)?;
                std::fs::create_dir_all(path).map_err(failed)?;
                Ok(Self(path.to_owned()))
            }
        }
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// What a pack's directory holds; anything else in it means that it is not ours to remove.
const PACK_FILES: &[&str] = &[
    "exchanges.ndjson",
    "index.html",
    "pak.sha256",
    "pengujian.dsse.json",
    "pernyataan.toml",
    "reports",
    "run.json",
    "run.json.baru",
    "standard.lock",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_foreign_files_is_never_taken() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("surat.txt"), "penting").unwrap();
        assert!(matches!(
            OutDir::prepare(dir.path(), true),
            Err(OutDirError::NotEmpty(_))
        ));
        assert!(dir.path().join("surat.txt").exists());
    }

    #[test]
    fn a_pack_is_replaced_only_on_request() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("paket");
        OutDir::prepare(&out, false).unwrap();
        std::fs::write(out.join("exchanges.ndjson"), "").unwrap();
        assert!(matches!(OutDir::prepare(&out, false), Err(OutDirError::HoldsPack(_))));
        OutDir::prepare(&out, true).unwrap();
        assert!(!out.join("exchanges.ndjson").exists());
    }
}
