//! Reading and writing `run.json` in a pack's directory.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{FORMAT, RunJson};

/// Name of the file in a pack.
pub const FILE_NAME: &str = "run.json";

/// A `run.json` larger than this is refused: a run of the whole standard stays below a tenth of it.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Why `run.json` could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RunJsonError {
    /// There is no such file.
    #[error("{} has no run.json; name the directory that `laik run --out` wrote", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is too large to be one of ours.
    #[error("{}: {size} bytes; a run.json has at most {MOST_BYTES}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: u64,
    },
    /// The file is no `run.json`.
    #[error("{}:{line}:{column}: {text}; the file is damaged or was not written by laik", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        text: String,
    },
    /// The format is of another major version.
    #[error("{}: format {found:?}; this laik reads format {FORMAT} and later minors of it", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What the file says.
        found: String,
    },
}

/// The one member that is read before all others.
#[derive(serde::Deserialize)]
struct Versioned {
    format: String,
}

impl RunJson {
    /// Writes `DIR/run.json` whole or not at all: a new file beside it takes its name when it is on disk.
    pub fn write_atomic(&self, dir: &Path) -> Result<(), RunJsonError> {
        let path = dir.join(FILE_NAME);
        let fresh = dir.join("run.json.baru");
        let text = serde_json::to_vec_pretty(self).map_err(|source| RunJsonError::Io {
            path: path.clone(),
            source: io::Error::other(source),
        })?;
        let write = || -> io::Result<()> {
            let mut file = File::create(&fresh)?;
            file.write_all(&text)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        };
        write().map_err(|source| RunJsonError::Io {
            path: path.clone(),
            source,
        })
    }

    /// Reads `DIR/run.json`.
    pub fn read(dir: &Path) -> Result<Self, RunJsonError> {
        let path = dir.join(FILE_NAME);
        let text = bounded(dir, &path)?;
        let malformed = |error: serde_json::Error| RunJsonError::Malformed {
            path: path.clone(),
            line: error.line(),
            column: error.column(),
            text: bounded_words(&error.to_string()),
        };
        let versioned: Versioned = serde_json::from_slice(&text).map_err(malformed)?;
        let major = |version: &str| version.split_once('.').and_then(|(major, _)| major.parse::<u32>().ok());
        if major(&versioned.format).is_none() || major(&versioned.format) != major(FORMAT) {
            return Err(RunJsonError::Format {
                path,
                found: bounded_words(&versioned.format),
            });
        }
        serde_json::from_slice(&text).map_err(malformed)
    }
}

/// The bytes of the file, as long as there are not too many.
fn bounded(dir: &Path, path: &Path) -> Result<Vec<u8>, RunJsonError> {
    let io = |source| RunJsonError::Io {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(RunJsonError::Missing(dir.to_owned())),
        opened => opened.map_err(io)?,
    };
    let size = file.metadata().map_err(io)?.len();
    let mut text = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut text).map_err(io)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(RunJsonError::TooLarge {
            path: path.to_owned(),
            size,
        });
    }
    Ok(text)
}

/// Words of a hostile file in a message of ours: short, and without control characters.
fn bounded_words(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(200)
        .collect()
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn what_is_written_is_read_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let run = sample::run();
        run.write_atomic(dir.path()).unwrap();
        run.write_atomic(dir.path()).unwrap();
        assert_eq!(RunJson::read(dir.path()).unwrap(), run);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn errors_say_where_and_what() {
        let dir = tempfile::tempdir().unwrap();
        let error = |text: Option<&str>| {
            if let Some(text) = text {
                fs::write(dir.path().join(FILE_NAME), text).unwrap();
            }
            RunJson::read(dir.path()).unwrap_err().to_string()
        };
        assert!(error(None).contains("has no run.json"));
        assert!(error(Some("{\n  \"format\": 3}")).contains("run.json:2:"));
        assert!(error(Some("{\"format\": \"2.0\"}")).contains("format \"2.0\""));
        assert!(error(Some("{\"format\": \"one\\u001b[31m\"}")).contains("format \"one[31m\""));
        assert!(error(Some("{\"format\": \"1.0\"}")).contains("missing field"));
        assert!(error(Some("")).contains("run.json:1:0"));
    }

    #[test]
    fn a_later_minor_with_new_members_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let run = sample::run();
        let mut value = serde_json::to_value(&run).unwrap();
        let members = value.as_object_mut().unwrap();
        members.insert("format".into(), "1.7".into());
        members.insert("new".into(), 1.into());
        fs::write(dir.path().join(FILE_NAME), value.to_string()).unwrap();
        assert_eq!(RunJson::read(dir.path()).unwrap().requirements, run.requirements);
    }
}
