//! Ed25519 keys: public ones as SubjectPublicKeyInfo (RFC 8410), private ones as encrypted PKCS#8 in PEM (RFC 5958,
//! RFC 7468), made and used by ring. A private key is never written in the clear and never shown.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pkcs8::der::EncodePem as _;
use pkcs8::der::pem::PemLabel as _;
use pkcs8::pkcs5::pbes2::{EncryptionScheme as Cipher, Kdf, Parameters, Salt, ScryptParams};
use pkcs8::{EncryptedPrivateKeyInfoOwned, EncryptedPrivateKeyInfoRef, LineEnding, SecretDocument};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::canonical::Digest;
use crate::statement::Secret;

/// The identifier of a key: SHA-256 of its SubjectPublicKeyInfo in DER, as
/// `openssl pkey -pubin -outform DER | sha256sum` prints it.
pub type KeyId = Digest;

/// The longest key file that is read, in bytes.
pub const MOST_BYTES: u64 = 16 * 1024;

/// The shortest pass phrase that a new key may have, in characters.
pub const SHORTEST_PASS_PHRASE: usize = 12;

/// What stands before the 32 bytes of a public key in DER (RFC 8410, section 4).
const PUBLIC_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What stands before the 32 bytes of a private key in PKCS#8 version 1 (RFC 8410, section 7). Version 2, which ring
/// makes, is not read by every OpenSSL.
const PRIVATE_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// scrypt with N = 2^14, r = 8, p = 5: one of the equal choices of the OWASP Password Storage Cheat Sheet, and small
/// enough in memory (16 MiB) for OpenSSL's own limit.
const SCRYPT: (u64, u16, u16) = (1 << 14, 8, 5);

/// The hardest derivations that a foreign key file may ask for: beyond, it is made to hang us.
const MOST_SCRYPT: (u64, u16, u16) = (1 << 18, 16, 32);
const MOST_ITERATIONS: u32 = 10_000_000;

/// Why a key cannot be read or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Neither PEM nor base64 of a SubjectPublicKeyInfo.
    #[error("not an Ed25519 public key: expected -----BEGIN PUBLIC KEY----- or the base64 within it")]
    NoPublicKey,
    /// No encrypted PKCS#8.
    #[error("not an encrypted private key: expected -----BEGIN ENCRYPTED PRIVATE KEY-----")]
    NoPrivateKey,
    /// A derivation that would take too long or too much memory.
    #[error("the key asks for a derivation beyond what is allowed")]
    Derivation,
    /// Wrong pass phrase, or a damaged file.
    #[error("the pass phrase is wrong, or the file is damaged")]
    PassPhrase,
    /// A new key's pass phrase is too short.
    #[error("the pass phrase must have at least {SHORTEST_PASS_PHRASE} characters")]
    Short,
    /// What was decrypted is no Ed25519 key.
    #[error("not an Ed25519 private key")]
    OtherKind,
    /// The system gives no random bytes, or the library refused.
    #[error("the key could not be made")]
    Making,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignFault {
    /// The envelope has as many signatures as it may have.
    #[error("the envelope has too many signatures")]
    TooMany,
    /// What the signer gave does not fit its public key.
    #[error("the signature does not fit the public key")]
    Wrong,
    /// An external signer failed.
    #[error("{0}")]
    External(String),
}

/// Something that signs: a key in memory, or a command before a hardware token.
pub trait Signer {
    /// The key that verifies.
    fn public(&self) -> &PublicKey;

    /// The signature of a message.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignFault>;
}

/// An Ed25519 public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    bytes: [u8; 32],
    id: KeyId,
}

impl PublicKey {
    /// From its 32 bytes (RFC 8032, section 5.1.5).
    pub fn of_bytes(bytes: [u8; 32]) -> Self {
        let id = Digest::of(&der(bytes));
        Self { bytes, id }
    }

    /// From PEM, or from the base64 within it.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        if text.len() as u64 > MOST_BYTES {
            return Err(KeyFault::NoPublicKey);
        }
        let inner = text.trim();
        let inner = match inner.strip_prefix("-----BEGIN PUBLIC KEY-----") {
            Some(rest) => rest
                .strip_suffix("-----END PUBLIC KEY-----")
                .ok_or(KeyFault::NoPublicKey)?,
            None => inner,
        };
        let base64: String = inner.chars().filter(|one| !one.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(base64).map_err(|_| KeyFault::NoPublicKey)?;
        let bytes = der.strip_prefix(&PUBLIC_PREFIX).ok_or(KeyFault::NoPublicKey)?;
        Ok(Self::of_bytes(bytes.try_into().map_err(|_| KeyFault::NoPublicKey)?))
    }

    /// The key's identifier.
    pub fn id(&self) -> KeyId {
        self.id.clone()
    }

    /// SubjectPublicKeyInfo in base64, one line, as a policy names it.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(der(self.bytes))
    }

    /// SubjectPublicKeyInfo in PEM.
    pub fn to_pem(&self) -> String {
        let base64 = self.to_base64();
        format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n")
    }

    /// Whether a signature of a message is this key's.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.bytes)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.id.short())
    }
}

fn der(bytes: [u8; 32]) -> Vec<u8> {
    [PUBLIC_PREFIX.as_slice(), &bytes].concat()
}

/// An Ed25519 private key in memory.
pub struct SecretKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl SecretKey {
    /// A new key and its file: encrypted PKCS#8 in PEM.
    pub fn generate(pass_phrase: &Secret) -> Result<(Self, String), KeyFault> {
        if pass_phrase.reveal().chars().count() < SHORTEST_PASS_PHRASE {
            return Err(KeyFault::Short);
        }
        let seed: [u8; 32] = random()?;
        let key = Self::of_seed(&seed)?;
        let pem = encrypted(&[PRIVATE_PREFIX.as_slice(), &seed].concat(), pass_phrase)?;
        Ok((key, pem))
    }

    /// The key of a seed of 32 bytes (RFC 8032, section 5.1.5).
    pub fn of_seed(seed: &[u8]) -> Result<Self, KeyFault> {
        Self::of_pair(Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyFault::OtherKind)?)
    }

    /// Opens a key file.
    pub fn open(pem: &str, pass_phrase: &Secret) -> Result<Self, KeyFault> {
        if pem.len() as u64 > MOST_BYTES {
            return Err(KeyFault::NoPrivateKey);
        }
        // Decoding straight from PEM fails on keys that decode from DER (der 0.8.3, "Reader" error).
        let (label, document) = SecretDocument::from_pem(pem.trim()).map_err(|_| KeyFault::NoPrivateKey)?;
        if label != EncryptedPrivateKeyInfoOwned::PEM_LABEL {
            return Err(KeyFault::NoPrivateKey);
        }
        let file = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|_| KeyFault::NoPrivateKey)?;
        let parameters = file.encryption_algorithm.pbes2().ok_or(KeyFault::NoPrivateKey)?;
        if !bearable(&parameters.kdf) {
            return Err(KeyFault::Derivation);
        }
        let plain = file.decrypt(pass_phrase.reveal()).map_err(|_| KeyFault::PassPhrase)?;
        // Version 1 has no public key to be compared with; version 2 is compared.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(plain.as_bytes()).map_err(|_| KeyFault::OtherKind)?;
        Self::of_pair(pair)
    }

    fn of_pair(pair: Ed25519KeyPair) -> Result<Self, KeyFault> {
        let bytes = pair.public_key().as_ref().try_into().map_err(|_| KeyFault::OtherKind)?;
        Ok(Self {
            pair,
            public: PublicKey::of_bytes(bytes),
        })
    }
}

impl Signer for SecretKey {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignFault> {
        self.pair
            .sign(message)
            .as_ref()
            .try_into()
            .map_err(|_| SignFault::Wrong)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SecretKey({})", self.public.id.short())
    }
}

fn encrypted(plain: &[u8], pass_phrase: &Secret) -> Result<String, KeyFault> {
    let (cost_parameter, block_size, parallelization) = SCRYPT;
    let parameters = Parameters {
        kdf: Kdf::Scrypt(ScryptParams {
            salt: Salt::new(random::<16>()?).map_err(|_| KeyFault::Making)?,
            cost_parameter,
            block_size,
            parallelization,
            key_length: None,
        }),
        encryption: Cipher::Aes256Cbc { iv: random()? },
    };
    let data = parameters
        .encrypt(pass_phrase.reveal(), plain)
        .map_err(|_| KeyFault::Making)?;
    let file = EncryptedPrivateKeyInfoOwned {
        encryption_algorithm: parameters.into(),
        encrypted_data: pkcs8::der::asn1::OctetString::new(data).map_err(|_| KeyFault::Making)?,
    };
    file.to_pem(LineEnding::LF).map_err(|_| KeyFault::Making)
}

/// Whether a key file asks for a derivation that ends.
fn bearable(kdf: &Kdf) -> bool {
    match kdf {
        Kdf::Pbkdf2(parameters) => (1..=MOST_ITERATIONS).contains(&parameters.iteration_count),
        Kdf::Scrypt(parameters) => {
            let (cost, block, parallel) = MOST_SCRYPT;
            (2..=cost).contains(&parameters.cost_parameter)
                && (1..=block).contains(&parameters.block_size)
                && (1..=parallel).contains(&parameters.parallelization)
        }
        _ => false,
    }
}

fn random<const N: usize>() -> Result<[u8; N], KeyFault> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| KeyFault::Making)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `openssl genpkey -algorithm ed25519 -aes256 -pass pass:kata-sandi-uji-coba`, OpenSSL 3.
    const FOREIGN: &str = include_str!("kunci-openssl.pem");
    const FOREIGN_PUBLIC: &str = include_str!("kunci-openssl.pub");

    #[test]
    fn a_key_of_rfc_8032_has_the_public_key_and_the_signature_of_rfc_8032() {
        // Section 7.1, test 1: the empty message.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let bytes = |text: &str| -> Vec<u8> {
            (0..text.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
                .collect()
        };
        let key = SecretKey::of_seed(&bytes(seed)).unwrap();
        assert_eq!(key.public().bytes.to_vec(), bytes(public));
        let signature = key.sign(b"").unwrap();
        assert_eq!(signature[..4], [0xe5, 0x56, 0x43, 0x00]);
        assert!(key.public().verifies(b"", &signature) && !key.public().verifies(b"x", &signature));
    }

    #[test]
    fn a_new_key_is_opened_by_its_pass_phrase_alone() {
        let pass_phrase = Secret::new("kata sandi panjang");
        let (key, pem) = SecretKey::generate(&pass_phrase).unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let again = SecretKey::open(&pem, &pass_phrase).unwrap();
        assert_eq!(again.public(), key.public());
        let wrong = SecretKey::open(&pem, &Secret::new("kata sandi lain")).unwrap_err();
        assert_eq!(wrong, KeyFault::PassPhrase);
        assert_eq!(
            SecretKey::generate(&Secret::new("pendek")).unwrap_err(),
            KeyFault::Short
        );
        assert!(!format!("{key:?}").contains("pair"));
    }

    #[test]
    fn a_key_of_openssl_is_opened_and_has_openssls_public_key() {
        let key = SecretKey::open(FOREIGN, &Secret::new("kata-sandi-uji-coba")).unwrap();
        assert_eq!(*key.public(), PublicKey::parse(FOREIGN_PUBLIC).unwrap());
        assert_eq!(key.public().to_pem(), FOREIGN_PUBLIC);
        let base64 = key.public().to_base64();
        assert_eq!(PublicKey::parse(&base64).unwrap(), *key.public());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "-----BEGIN PUBLIC KEY-----", "AAAA", "MCowBQYDK2VwAyEA"] {
            assert_eq!(PublicKey::parse(text).unwrap_err(), KeyFault::NoPublicKey, "{text}");
            let opened = SecretKey::open(text, &Secret::new("x"));
            assert_eq!(opened.unwrap_err(), KeyFault::NoPrivateKey, "{text}");
        }
        assert_eq!(SecretKey::of_seed(&[1; 31]).unwrap_err(), KeyFault::OtherKind);
    }

    #[test]
    fn a_derivation_without_end_is_refused() {
        let scrypt = |cost_parameter, block_size, parallelization| {
            Kdf::Scrypt(ScryptParams {
                salt: Salt::new([0; 16]).unwrap(),
                cost_parameter,
                block_size,
                parallelization,
                key_length: None,
            })
        };
        let (cost, block, parallel) = SCRYPT;
        assert!(bearable(&scrypt(cost, block, parallel)));
        for (cost, block, parallel) in [(0, 8, 1), (1 << 30, 8, 1), (1 << 14, 600, 1), (1 << 14, 8, 600)] {
            assert!(!bearable(&scrypt(cost, block, parallel)));
        }
    }
}
