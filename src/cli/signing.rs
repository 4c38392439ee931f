//! What the commands that sign share: files read within bounds and written whole or not at all, keys, pass phrases, and
//! external signers. A pass phrase is never an argument, because arguments are seen by everybody on the machine.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;

use crate::attestation::{Digest, PublicKey, SecretKey, SignFault, Signer, envelope, key};
use crate::domain::phrase::Lang;
use crate::phrase;
use crate::statement::Secret;

use super::CommandError;

/// The variable that may hold the pass phrase.
const VARIABLE: &str = "LAIK_SANDI_KUNCI";

/// What an external signer may print, in bytes.
const MOST_PRINTED: u64 = 4096;

/// Who signs.
#[derive(Debug, Args)]
pub(super) struct SignerArgs {
    /// Kunci privat: PKCS#8 terenkripsi, PEM / private key: encrypted PKCS#8 in PEM
    #[arg(
        long,
        value_name = "BERKAS",
        required_unless_present = "signer",
        conflicts_with = "signer"
    )]
    key: Option<PathBuf>,
    /// Berkas berisi kata sandi kunci; tanpa ini LAIK_SANDI_KUNCI atau ditanyakan / file with the pass phrase; without it LAIK_SANDI_KUNCI, or it is asked for
    #[arg(long, value_name = "BERKAS")]
    passphrase_file: Option<PathBuf>,
    /// Program penanda tangan luar: menerima pesan pada masukan baku, mencetak tanda tangan (64 bita atau base64) / external signer: message on standard input, signature (64 bytes or base64) on standard output
    #[arg(long, value_name = "PROGRAM", requires = "public_key")]
    signer: Option<PathBuf>,
    /// Argumen program penanda tangan / argument of the signer
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    signer_arg: Vec<String>,
    /// Kunci publik program penanda tangan / public key of the signer
    #[arg(long, value_name = "BERKAS")]
    public_key: Option<PathBuf>,
}

impl SignerArgs {
    /// The signer; asks for the pass phrase where it must.
    pub(super) fn open(&self, lang: Lang) -> Result<Box<dyn Signer>, CommandError> {
        if let (Some(program), Some(public)) = (&self.signer, &self.public_key) {
            return Ok(Box::new(External {
                program: program.clone(),
                arguments: self.signer_arg.clone(),
                public: public_key(public)?,
            }));
        }
        let path = self.key.as_deref().unwrap_or(Path::new(""));
        let pem = text(path, key::MOST_BYTES)?;
        let pass_phrase = pass_phrase(self.passphrase_file.as_deref(), false, lang)?;
        let key = SecretKey::open(&pem, &pass_phrase).map_err(|fault| about(path, &fault))?;
        Ok(Box::new(key))
    }
}

/// The pass phrase of a key; of a new one it is asked for twice.
#[expect(
    clippy::disallowed_methods,
    reason = "the one variable of a pass phrase; statements cannot name it, they are read by statement::secret"
)]
pub(super) fn pass_phrase(file: Option<&Path>, new: bool, lang: Lang) -> Result<Secret, CommandError> {
    if let Some(path) = file {
        let text = text(path, key::MOST_BYTES)?;
        return Ok(Secret::new(text.trim_end_matches(['\r', '\n'])));
    }
    if let Ok(text) = std::env::var(VARIABLE)
        && !text.is_empty()
    {
        return Ok(Secret::new(text));
    }
    if !io::stdin().is_terminal() {
        return Err(CommandError::usage(
            phrase!(
                "kata sandi kunci tidak diberikan: setel {VARIABLE} atau sebutkan --passphrase-file",
                "no pass phrase: set {VARIABLE} or name a --passphrase-file"
            )
            .text(lang),
        ));
    }
    let ask = |question: &str| rpassword::prompt_password(question).map_err(CommandError::harness);
    let first = ask(phrase!("Kata sandi kunci: ", "Pass phrase of the key: ").text(lang))?;
    if new && ask(phrase!("Sekali lagi: ", "Once more: ").text(lang))? != first {
        return Err(CommandError::usage(
            phrase!("kedua kata sandi berbeda", "the pass phrases differ").text(lang),
        ));
    }
    Ok(Secret::new(first))
}

/// A command that signs, for instance before a hardware token. It is started without a shell.
struct External {
    program: PathBuf,
    arguments: Vec<String>,
    public: PublicKey,
}

impl Signer for External {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignFault> {
        let name = self.program.display();
        let failed = |what: &dyn std::fmt::Display| SignFault::External(format!("{name}: {what}"));
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error))?;
        if let Some(mut input) = child.stdin.take() {
            // A signer that wants no message ends the pipe; what it then prints is checked like any other.
            let _ = input.write_all(message);
        }
        let mut printed = Vec::new();
        if let Some(output) = child.stdout.take() {
            output
                .take(MOST_PRINTED)
                .read_to_end(&mut printed)
                .map_err(|error| failed(&error))?;
        }
        let status = child.wait().map_err(|error| failed(&error))?;
        if !status.success() {
            return Err(failed(&status));
        }
        if let Ok(raw) = <[u8; 64]>::try_from(printed.as_slice()) {
            return Ok(raw);
        }
        let text = String::from_utf8_lossy(&printed);
        let decoded = STANDARD.decode(text.trim()).map_err(|_| failed(&"no signature"))?;
        decoded.try_into().map_err(|_| failed(&"no signature of 64 bytes"))
    }
}

/// Public keys of files.
pub(super) fn public_keys(paths: &[PathBuf]) -> Result<Vec<PublicKey>, CommandError> {
    paths.iter().map(|path| public_key(path)).collect()
}

/// The public key of a file.
pub(super) fn public_key(path: &Path) -> Result<PublicKey, CommandError> {
    PublicKey::parse(&text(path, key::MOST_BYTES)?).map_err(|fault| about(path, &fault))
}

/// The bytes of an envelope.
pub(super) fn envelope_bytes(path: &Path) -> Result<Vec<u8>, CommandError> {
    // One byte more than an envelope may have, so that its reader sees that there are too many.
    bytes(path, envelope::MOST_BYTES as u64 + 1)
}

/// The digest of a file of any size.
pub(super) fn digest(path: &Path) -> Result<Digest, CommandError> {
    let hex = File::open(path)
        .and_then(crate::evidence::sha256_hex_of)
        .map_err(|error| about(path, &error))?;
    Digest::parse(&hex).ok_or_else(|| CommandError::harness("SHA-256"))
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".baru");
    let fresh = PathBuf::from(name);
    let write = || -> io::Result<()> {
        let mut file = File::create(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    };
    write().map_err(|error| about(path, &error))
}

/// Writes a file that must not be there yet; with `private` readable for its owner alone, where the system knows that.
pub(super) fn write_new(path: &Path, bytes: &[u8], private: bool) -> Result<(), CommandError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if private { 0o600 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = private; // On Windows the file has the rights of its directory; it is encrypted in any case.
    let mut file = options.open(path).map_err(|error| about(path, &error))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| about(path, &error))
}

/// Wrong usage that has to do with a file.
pub(super) fn about(path: &Path, what: &dyn std::fmt::Display) -> CommandError {
    CommandError::usage(format!("{}: {what}", path.display()))
}

/// A file that is not valid.
pub(super) fn invalid(path: &Path, what: &dyn std::fmt::Display) -> CommandError {
    CommandError::invalid(format!("{}: {what}", path.display()))
}

/// A document that nobody has verified, as JSON for a terminal: control characters, which JSON may hold beyond U+007F, are
/// left out.
pub(super) fn shown(document: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.chars().filter(|one| *one == '\n' || !one.is_control()).collect()
}

/// Several sentences as the lines of one error.
pub(super) fn lines(phrases: &[crate::domain::Phrase], lang: Lang) -> String {
    let lines: Vec<_> = phrases.iter().map(|one| format!("✗ {}", one.text(lang))).collect();
    lines.join("\n")
}

fn text(path: &Path, most: u64) -> Result<String, CommandError> {
    let bytes = bytes(path, most + 1)?;
    if bytes.len() as u64 > most {
        return Err(about(path, &format!("larger than {most} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| about(path, &"not UTF-8"))
}

/// A policy's text.
pub(super) fn policy_text(path: &Path) -> Result<String, CommandError> {
    text(path, 1024 * 1024)
}

fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| about(path, &error))?;
    Ok(bytes)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::attestation::Envelope;

    fn external(program: &str, arguments: &[&str], seed: u8) -> External {
        External {
            program: program.into(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            public: SecretKey::of_seed(&[seed; 32]).unwrap().public().clone(),
        }
    }

    #[test]
    fn an_external_signer_is_believed_only_as_far_as_its_signature_fits() {
        let key = SecretKey::of_seed(&[1; 32]).unwrap();
        let signature = key.sign(&envelope::pae("t", b"x")).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let (raw, text) = (dir.path().join("raw"), dir.path().join("text"));
        fs::write(&raw, signature).unwrap();
        fs::write(&text, STANDARD.encode(signature) + "\n").unwrap();
        let sign = |signer: External| Envelope::sign("t", b"x".to_vec(), &signer);
        for file in [&raw, &text] {
            let file = file.display().to_string();
            assert!(sign(external("cat", &[&file], 1)).is_ok());
            assert!(matches!(sign(external("cat", &[&file], 2)), Err(SignFault::Wrong)));
        }
        let bad = [
            external("false", &[], 1),
            external("echo", &["halo"], 1),
            external("/tidak/ada", &[], 1),
            // Prints the message itself.
            external("cat", &[], 1),
        ];
        for signer in bad {
            assert!(matches!(sign(signer), Err(SignFault::External(_))));
        }
    }

    #[test]
    fn a_private_file_is_new_and_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kunci.pem");
        write_new(&path, b"x", true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(write_new(&path, b"y", true).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"x");
    }
}
