//! A pack as one file: a tar archive that has the same bytes wherever it is made from the same pack: sorted names,
//! no times, owners or modes. What identifies the pack stays the digest of its seal, which does not depend on how the
//! pack is carried; a compressed archive holds the same pack.
//!
//! Reading takes nothing on trust: plain files below one directory, each once, bounded in number and bytes; nothing is
//! written outside of the new directory, and nothing over what is there.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::path::{Component, Path, PathBuf};

use crate::evidence::sha256_hex_of;

use super::seal::{FILE_NAME, SIGNED, Seal, SealFault};

/// The directory that every name in an archive begins with.
pub const ROOT: &str = "paket-laik";

/// More files than this are no pack of laik.
const MOST_FILES: usize = 10_000;

/// More bytes than this are not unpacked, all files together.
const MOST_BYTES: u64 = 16 * 1024 * 1024 * 1024;

/// The longest name within an archive, in bytes.
const LONGEST_NAME: usize = 1_000;

/// An archive that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// SHA-256 of the archive, lower-case hex; the same for the same pack.
    pub sha256: String,
    /// Files in it.
    pub files: usize,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Why a pack was not archived, or an archive not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFault {
    /// The pack cannot be listed.
    #[error(transparent)]
    Seal(#[from] SealFault),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The archive holds something that no pack holds.
    #[error("{name}: {what}")]
    Foreign {
        /// The entry's name, bounded.
        name: String,
        /// What is wrong with it, in both languages.
        what: &'static str,
    },
    /// The archive holds more than a pack may.
    #[error(
        "lebih dari {MOST_FILES} berkas atau {MOST_BYTES} bita / more than {MOST_FILES} files or {MOST_BYTES} bytes"
    )]
    TooMuch,
    /// The archive holds no file.
    #[error("tidak ada berkas dalam arsip / no file in the archive")]
    Empty,
}

/// Writes the pack in a directory as an archive; a file that is there is never replaced.
pub fn archive(dir: &Path, out: &Path) -> Result<Archived, ArchiveFault> {
    let names = names(dir)?;
    let fault = |source| ArchiveFault::Io {
        path: out.to_owned(),
        source,
    };
    let file = File::create_new(out).map_err(fault)?;
    let written = write(dir, &names, file);
    if written.is_err() {
        // Half an archive helps nobody; what cannot be removed shows itself by its first reading.
        drop(fs::remove_file(out));
    }
    written?;
    let sha256 = File::open(out).and_then(sha256_hex_of).map_err(fault)?;
    Ok(Archived {
        sha256,
        files: names.len(),
        bytes: fs::metadata(out).map_err(fault)?.len(),
    })
}

/// The sealed files, the seal, and the signatures beside it, sorted.
fn names(dir: &Path) -> Result<BTreeSet<String>, ArchiveFault> {
    let mut names: BTreeSet<String> = Seal::take(dir)?.files.into_keys().collect();
    let entries = fs::read_dir(dir).map_err(|source| ArchiveFault::Io {
        path: dir.to_owned(),
        source,
    })?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == FILE_NAME || (name.ends_with(SIGNED) && entry.file_type().is_ok_and(|kind| kind.is_file())) {
            names.insert(name);
        }
    }
    Ok(names)
}

fn write(dir: &Path, names: &BTreeSet<String>, file: File) -> Result<(), ArchiveFault> {
    let mut builder = tar::Builder::new(BufWriter::new(file));
    builder.mode(tar::HeaderMode::Deterministic);
    for name in names {
        let path = dir.join(name);
        let fault = |source| ArchiveFault::Io {
            path: path.clone(),
            source,
        };
        let content = File::open(&path).map_err(fault)?;
        let length = content.metadata().map_err(fault)?.len();
        let mut header = tar::Header::new_gnu();
        header.set_size(length);
        header.set_mode(0o644);
        header.set_mtime(0);
        let content = BufReader::new(content.take(length));
        builder
            .append_data(&mut header, format!("{ROOT}/{name}"), content)
            .map_err(fault)?;
    }
    let end = || -> io::Result<()> {
        let mut buffer = builder.into_inner()?;
        buffer.flush()?;
        buffer.get_ref().sync_all()
    };
    end().map_err(|source| ArchiveFault::Io {
        path: dir.to_owned(),
        source,
    })
}

/// Unpacks an archive into a directory that does not exist yet. Says how many files it held.
pub fn unpack(archive: &Path, out: &Path) -> Result<usize, ArchiveFault> {
    let fault = |path: &Path, source| ArchiveFault::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(archive).map_err(|source| fault(archive, source))?;
    fs::create_dir(out).map_err(|source| fault(out, source))?;
    let mut reader = tar::Archive::new(BufReader::new(file));
    let (mut seen, mut bytes) = (BTreeSet::new(), 0_u64);
    for entry in reader.entries().map_err(|source| fault(archive, source))? {
        let mut entry = entry.map_err(|source| fault(archive, source))?;
        let name = inner(&entry)?;
        bytes = bytes.saturating_add(entry.header().size().map_err(|source| fault(archive, source))?);
        if seen.len() >= MOST_FILES || bytes > MOST_BYTES {
            return Err(ArchiveFault::TooMuch);
        }
        let path = out.join(&name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|source| fault(parent, source))?;
        }
        // Names that differ by letter case alone are one file on some systems: `create_new` refuses there too.
        let mut file = File::create_new(&path).map_err(|source| fault(&path, source))?;
        io::copy(&mut entry, &mut file).map_err(|source| fault(&path, source))?;
        seen.insert(name);
    }
    if seen.is_empty() {
        return Err(ArchiveFault::Empty);
    }
    Ok(seen.len())
}

/// The path of an entry within its pack.
fn inner(entry: &tar::Entry<'_, impl Read>) -> Result<PathBuf, ArchiveFault> {
    let bytes = entry.path_bytes();
    let shown: String = String::from_utf8_lossy(&bytes).chars().take(200).collect();
    let foreign = |what| ArchiveFault::Foreign {
        name: shown.escape_debug().to_string(),
        what,
    };
    if !entry.header().entry_type().is_file() {
        return Err(foreign("bukan berkas biasa / not a plain file"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| foreign("nama bukan UTF-8 / the name is not UTF-8"))?;
    let plain = text.len() <= LONGEST_NAME && !text.chars().any(|letter| letter.is_control() || letter == '\\');
    let path = Path::new(text).strip_prefix(ROOT).ok().filter(|_| plain);
    let path = path.ok_or_else(|| foreign("nama yang bukan milik paket laik / no name of a laik pack"))?;
    let whole =
        path.components().all(|part| matches!(part, Component::Normal(_))) && path.components().next().is_some();
    // `a//b` and `./a` are other spellings of one name.
    let exact = path.components().collect::<PathBuf>() == path && !text.contains("//") && !text.contains("/./");
    if whole && exact {
        Ok(path.to_owned())
    } else {
        Err(foreign("nama keluar dari paket / the name leads out of the pack"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("paket");
        fs::create_dir_all(at.join("reports")).unwrap();
        fs::write(at.join("run.json"), "{}").unwrap();
        fs::write(at.join("reports/junit.xml"), "<x/>".repeat(1_000)).unwrap();
        Seal::write(&at).unwrap();
        fs::write(at.join("pengujian.dsse.json"), "{}").unwrap();
        dir
    }

    #[test]
    fn the_same_pack_gives_the_same_bytes_and_comes_back_whole() {
        let (one, two) = (pack(), pack());
        let archived = |dir: &tempfile::TempDir| archive(&dir.path().join("paket"), &dir.path().join("a.tar")).unwrap();
        let (first, second) = (archived(&one), archived(&two));
        assert_eq!(first, second);
        assert_eq!(first.files, 4);
        let back = one.path().join("kembali");
        assert_eq!(unpack(&one.path().join("a.tar"), &back).unwrap(), 4);
        assert_eq!(
            Seal::take(&back).unwrap(),
            Seal::take(&two.path().join("paket")).unwrap()
        );
        assert_eq!(fs::read_to_string(back.join("pengujian.dsse.json")).unwrap(), "{}");
        // Neither an archive nor a directory is ever replaced.
        assert!(archive(&one.path().join("paket"), &one.path().join("a.tar")).is_err());
        assert!(unpack(&one.path().join("a.tar"), &back).is_err());
    }

    /// An archive with one entry of this name and kind, the name put in raw.
    fn hostile(name: &str, kind: tar::EntryType) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.tar");
        let mut builder = tar::Builder::new(File::create(&path).unwrap());
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_size(1);
        header.set_cksum();
        builder.append(&header, &b"x"[..]).unwrap();
        builder.finish().unwrap();
        (dir, path)
    }

    #[test]
    fn nothing_leads_out_of_the_new_directory() {
        let names = [
            "/etc/x",
            "../x",
            "paket-laik/../x",
            "paket-laik/a/../../x",
            "paket-laik/./x",
            "paket-laik//x",
            "paket-laik/",
            "paket-laik",
            "paket-laik/a\\b",
            "lain/x",
            "C:\\x",
            "paket-laik/a\nb",
        ];
        for name in names {
            let (dir, path) = hostile(name, tar::EntryType::Regular);
            let out = dir.path().join("keluar");
            assert!(unpack(&path, &out).is_err(), "{name:?}");
            let left: Vec<_> = fs::read_dir(&out).unwrap().collect();
            assert!(left.is_empty(), "{name:?}: {left:?}");
        }
        for kind in [
            tar::EntryType::Symlink,
            tar::EntryType::Link,
            tar::EntryType::Directory,
            tar::EntryType::Fifo,
        ] {
            let (dir, path) = hostile("paket-laik/x", kind);
            assert!(unpack(&path, &dir.path().join("keluar")).is_err(), "{kind:?}");
        }
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.tar");
        fs::write(&path, b"bukan arsip".repeat(200)).unwrap();
        assert!(unpack(&path, &dir.path().join("satu")).is_err());
        fs::write(&path, b"").unwrap();
        assert!(matches!(
            unpack(&path, &dir.path().join("dua")),
            Err(ArchiveFault::Empty)
        ));
        let whole = pack();
        let made = whole.path().join("a.tar");
        archive(&whole.path().join("paket"), &made).unwrap();
        let bytes = fs::read(&made).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(unpack(&path, &dir.path().join("tiga")).is_err());
    }
}
