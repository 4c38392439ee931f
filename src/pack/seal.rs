//! The seal of a pack: `pak.sha256` lists every file with its SHA-256, as `sha256sum -c pak.sha256` reads it, and the
//! digest of that list is the one stable digest of the whole pack. Attestations and certificates name a pack by it, and
//! it does not depend on how a pack is carried (directory, archive).
//!
//! The seal alone proves that nothing changed since someone sealed; only a signature over its digest proves who.
//! Whoever adds to a pack (a review) seals it anew, and with that it is another pack.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::domain::Phrase;
use crate::evidence::{sha256_hex, sha256_hex_of};
use crate::phrase;

/// Name of the file in a pack.
pub const FILE_NAME: &str = "pak.sha256";

/// Files at the top of a pack with this ending hold signatures about it, so its seal cannot list them.
pub const SIGNED: &str = ".dsse.json";

/// The signed test report of a pack.
pub const ATTESTATION_FILE: &str = "pengujian.dsse.json";

/// More files than this are no pack of laik.
const MOST_FILES: usize = 10_000;

/// Directories within directories.
const DEEPEST: usize = 8;

/// The longest seal that is read, in bytes.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The files of a pack with their digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Path with `/` within the pack → SHA-256, lower-case hex.
    pub files: BTreeMap<String, String>,
}

/// Why a pack has no seal.
#[derive(Debug, thiserror::Error)]
pub enum SealFault {
    /// A file or directory cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something in the directory that no pack holds: a link, a device, a name that is not plain UTF-8.
    #[error("{}: a pack holds plain files and directories with plain names alone", .0.display())]
    Foreign(PathBuf),
    /// More than a pack may hold.
    #[error("more than {MOST_FILES} files, or directories deeper than {DEEPEST}")]
    TooMany,
    /// The stored seal is not in the form that laik writes.
    #[error("{FILE_NAME} is not in the form that laik writes")]
    Malformed,
}

/// A difference between a seal and the pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// Listed and not there.
    Missing(String),
    /// There and not listed.
    Unlisted(String),
    /// Other bytes than those sealed.
    Changed(String),
}

impl Broken {
    /// The difference in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Missing(name) => phrase!(
                "{name} hilang sejak paket disegel",
                "{name} is missing since the pack was sealed"
            ),
            Self::Unlisted(name) => phrase!(
                "{name} ditambahkan sesudah paket disegel",
                "{name} was added after the pack was sealed"
            ),
            Self::Changed(name) => phrase!(
                "{name} berubah sejak paket disegel",
                "{name} was changed since the pack was sealed"
            ),
        }
    }
}

impl Seal {
    /// Takes the digests of a pack as it lies there.
    pub fn take(dir: &Path) -> Result<Self, SealFault> {
        let mut files = BTreeMap::new();
        for name in names(dir)? {
            let path = dir.join(&name);
            let digest = File::open(&path)
                .and_then(sha256_hex_of)
                .map_err(|source| SealFault::Io { path, source })?;
            files.insert(name, digest);
        }
        Ok(Self { files })
    }

    /// Seals a pack: takes the digests and writes them whole or not at all.
    pub fn write(dir: &Path) -> Result<Self, SealFault> {
        let seal = Self::take(dir)?;
        let (path, fresh) = (dir.join(FILE_NAME), dir.join("pak.sha256.baru"));
        let write = || -> io::Result<()> {
            let mut file = File::create(&fresh)?;
            file.write_all(seal.text().as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        };
        write().map_err(|source| SealFault::Io {
            path: path.clone(),
            source,
        })?;
        Ok(seal)
    }

    /// Reads the stored seal; `None` where there is none.
    pub fn read(dir: &Path) -> Result<Option<Self>, SealFault> {
        let path = dir.join(FILE_NAME);
        let mut text = String::new();
        let read = File::open(&path).and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text));
        match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(SealFault::Malformed),
            Err(source) => return Err(SealFault::Io { path, source }),
            Ok(_) => {}
        }
        let files = text
            .lines()
            .map(|line| {
                line.split_once("  ")
                    .map(|(digest, name)| (name.to_owned(), digest.to_owned()))
            })
            .collect::<Option<BTreeMap<_, _>>>()
            .ok_or(SealFault::Malformed)?;
        let seal = Self { files };
        // One seal, one text: order, doubled lines and the end of the file are those that laik writes.
        if seal.text() == text && text.len() as u64 <= MOST_BYTES {
            Ok(Some(seal))
        } else {
            Err(SealFault::Malformed)
        }
    }

    /// What differs between this seal and another, taken of the pack as it lies there.
    pub fn compare(&self, present: &Self) -> Vec<Broken> {
        let mut broken: Vec<Broken> = self
            .files
            .iter()
            .filter_map(|(name, digest)| match present.files.get(name) {
                None => Some(Broken::Missing(name.clone())),
                Some(found) if found != digest => Some(Broken::Changed(name.clone())),
                Some(_) => None,
            })
            .collect();
        let unlisted = present.files.keys().filter(|name| !self.files.contains_key(*name));
        broken.extend(unlisted.map(|name| Broken::Unlisted(name.clone())));
        broken
    }

    /// The text of the file: a line `digest  name` for each file, in the order of their names.
    pub fn text(&self) -> String {
        self.files
            .iter()
            .fold(String::new(), |text, (name, digest)| text + digest + "  " + name + "\n")
    }

    /// The digest of the whole pack: SHA-256 of [`Seal::text`], lower-case hex.
    pub fn digest(&self) -> String {
        sha256_hex(self.text().as_bytes())
    }
}

/// The files of a pack that its seal lists.
fn names(dir: &Path) -> Result<Vec<String>, SealFault> {
    let mut found = Vec::new();
    let mut waiting = vec![(dir.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = waiting.pop() {
        let failed = |source| SealFault::Io {
            path: path.clone(),
            source,
        };
        for entry in fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let plain = |name: &str| !name.chars().any(|one| one.is_control() || one == '\\');
            let name = match entry.file_name().into_string() {
                Ok(name) if plain(&name) && (kind.is_file() || kind.is_dir()) => name,
                _ => return Err(SealFault::Foreign(entry.path())),
            };
            if depth == 0 && outside(&name) {
                continue;
            }
            let whole = format!("{prefix}{name}");
            if kind.is_dir() {
                waiting.push((entry.path(), format!("{whole}/"), depth + 1));
            } else {
                found.push(whole);
            }
            if found.len() > MOST_FILES || waiting.len() > MOST_FILES || depth > DEEPEST {
                return Err(SealFault::TooMany);
            }
        }
    }
    Ok(found)
}

/// Whether a file at the top of a pack is the seal itself, or signed over it.
fn outside(name: &str) -> bool {
    name == FILE_NAME || name == "pak.sha256.baru" || name.ends_with(SIGNED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("reports")).unwrap();
        for (name, text) in [("run.json", "{}"), ("reports/junit.xml", "<x/>"), ("a b", "")] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        dir
    }

    #[test]
    fn a_seal_lists_every_file_in_the_form_of_sha256sum() {
        let dir = pack();
        let seal = Seal::write(dir.path()).unwrap();
        let text = fs::read_to_string(dir.path().join(FILE_NAME)).unwrap();
        let names: Vec<_> = text.lines().map(|line| &line[66..]).collect();
        assert_eq!(names, ["a b", "reports/junit.xml", "run.json"]);
        assert!(text.starts_with("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a b\n"));
        assert_eq!(Seal::read(dir.path()).unwrap(), Some(seal.clone()));
        assert_eq!(seal.digest(), sha256_hex(text.as_bytes()));
        // Signatures over the pack do not change what they sign.
        fs::write(dir.path().join(ATTESTATION_FILE), "{}").unwrap();
        assert_eq!(Seal::take(dir.path()).unwrap(), seal);
    }

    #[test]
    fn each_change_is_named() {
        let dir = pack();
        let seal = Seal::write(dir.path()).unwrap();
        fs::write(dir.path().join("run.json"), "{ }").unwrap();
        fs::remove_file(dir.path().join("a b")).unwrap();
        fs::write(dir.path().join("reports/baru"), "").unwrap();
        let broken = seal.compare(&Seal::take(dir.path()).unwrap());
        assert_eq!(
            broken,
            [
                Broken::Missing("a b".into()),
                Broken::Changed("run.json".into()),
                Broken::Unlisted("reports/baru".into())
            ]
        );
    }

    #[test]
    fn a_seal_has_one_form() {
        let dir = pack();
        let text = Seal::write(dir.path()).unwrap().text();
        let first = text.lines().next().unwrap();
        for other in [
            text.trim_end().to_owned(),
            format!("{text}\n"),
            format!("{first}\n{text}"),
            "x".into(),
        ] {
            fs::write(dir.path().join(FILE_NAME), other).unwrap();
            assert!(matches!(Seal::read(dir.path()), Err(SealFault::Malformed)));
        }
        fs::remove_file(dir.path().join(FILE_NAME)).unwrap();
        assert!(Seal::read(dir.path()).unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_part_of_a_pack() {
        let dir = pack();
        std::os::unix::fs::symlink("/etc/hostname", dir.path().join("tautan")).unwrap();
        assert!(matches!(Seal::take(dir.path()), Err(SealFault::Foreign(_))));
    }
}
