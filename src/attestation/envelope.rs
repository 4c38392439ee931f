//! DSSE envelopes (Dead Simple Signing Envelope 1.0.2, protocol.md and envelope.md) with Ed25519, stricter than the
//! specification where that costs no honest signer anything:
//!
//! - the envelope is canonical (see [`super::canonical`]), its base64 is the standard alphabet with padding;
//! - `keyid` is the digest of the public key and must be, so nobody can point at another key;
//! - signatures stand in ascending order of `keyid`, each key once;
//! - *every* signature must be that of a known key and be right. DSSE would ignore a foreign one; then its bytes could
//!   be changed unseen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::canonical::{self, Digest, NotCanonical};
use super::key::{KeyId, PublicKey, SignFault, Signer};

/// The longest envelope that is read, in bytes.
pub const MOST_BYTES: usize = 1024 * 1024;

/// The most signatures of one envelope.
pub const MOST_SIGNATURES: usize = 16;

/// A payload with its signatures. What [`Envelope::parse`] gives has the right form and nothing more: only
/// [`Envelope::verify`] says whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    payload: Vec<u8>,
    payload_type: String,
    signatures: Vec<(KeyId, [u8; 64])>,
}

/// Why bytes are no envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeFault {
    /// Larger than any of ours.
    #[error("larger than {MOST_BYTES} bytes")]
    TooLarge,
    /// The JSON is not canonical.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// Base64 of another alphabet, without padding, or with bits that are not zero.
    #[error("{0}: not canonical base64")]
    Base64(&'static str),
    /// A signature of another length than 64 bytes.
    #[error("a signature is not 64 bytes long")]
    SignatureLength,
    /// No signature, too many, doubled, or in another order than that of their keys.
    #[error("signatures must be 1 to {MOST_SIGNATURES}, in ascending order of keyid, each key once")]
    Signatures,
    /// The payload is of another type.
    #[error("payloadType is {found:?}, expected {expected:?}")]
    OtherType {
        /// What was expected.
        expected: &'static str,
        /// What stands there, bounded.
        found: String,
    },
}

/// Why the signatures of an envelope do not carry it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// A signature by a key that the verifier does not know.
    #[error("signed by an unknown key {}", .0.short())]
    UnknownKey(KeyId),
    /// A signature that does not fit payload and key.
    #[error("the signature of key {} is wrong", .0.short())]
    Wrong(KeyId),
    /// Fewer keys than the verifier demands.
    #[error("signed by {found} keys, {needed} are needed")]
    TooFew {
        /// Distinct keys that signed.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
}

/// A payload whose every signature is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'e> {
    payload: &'e [u8],
}

impl<'e> Verified<'e> {
    /// The signed bytes.
    pub const fn payload(self) -> &'e [u8] {
        self.payload
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawEnvelope {
    payload: String,
    payload_type: String,
    signatures: Vec<RawSignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSignature {
    keyid: KeyId,
    sig: String,
}

impl Envelope {
    /// An envelope with its first signature.
    pub fn sign(payload_type: &str, payload: Vec<u8>, signer: &dyn Signer) -> Result<Self, SignFault> {
        let mut envelope = Self {
            payload,
            payload_type: payload_type.to_owned(),
            signatures: Vec::new(),
        };
        envelope.add(signer)?;
        Ok(envelope)
    }

    /// Adds the signature of one more key; of a key that has signed already it replaces the earlier one.
    pub fn add(&mut self, signer: &dyn Signer) -> Result<(), SignFault> {
        let message = pae(&self.payload_type, &self.payload);
        let signature = signer.sign(&message)?;
        let key = signer.public().id();
        // An external signer is no better trusted than a file: what it gave must be right.
        if !signer.public().verifies(&message, &signature) {
            return Err(SignFault::Wrong);
        }
        self.signatures.retain(|(id, _)| *id != key);
        if self.signatures.len() >= MOST_SIGNATURES {
            return Err(SignFault::TooMany);
        }
        self.signatures.push((key, signature));
        self.signatures.sort();
        Ok(())
    }

    /// Reads canonical bytes. Nothing is known of who signed.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeFault> {
        if bytes.len() > MOST_BYTES {
            return Err(EnvelopeFault::TooLarge);
        }
        let raw: RawEnvelope = canonical::read(bytes)?;
        let mut signatures = Vec::with_capacity(raw.signatures.len().min(MOST_SIGNATURES));
        for signature in raw.signatures.iter().take(MOST_SIGNATURES + 1) {
            let bytes = strict_base64(&signature.sig).ok_or(EnvelopeFault::Base64("sig"))?;
            let bytes: [u8; 64] = bytes.try_into().map_err(|_| EnvelopeFault::SignatureLength)?;
            signatures.push((signature.keyid.clone(), bytes));
        }
        let ascending = signatures
            .windows(2)
            .all(|pair| matches!(pair, [(one, _), (other, _)] if one < other));
        if signatures.is_empty() || signatures.len() > MOST_SIGNATURES || !ascending {
            return Err(EnvelopeFault::Signatures);
        }
        Ok(Self {
            payload: strict_base64(&raw.payload).ok_or(EnvelopeFault::Base64("payload"))?,
            payload_type: raw.payload_type,
            signatures,
        })
    }

    /// Reads canonical bytes of one type of payload.
    pub fn parse_type(bytes: &[u8], expected: &'static str) -> Result<Self, EnvelopeFault> {
        let envelope = Self::parse(bytes)?;
        if envelope.payload_type == expected {
            return Ok(envelope);
        }
        Err(EnvelopeFault::OtherType {
            expected,
            found: canonical::bounded(&envelope.payload_type, 80),
        })
    }

    /// The canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::write(&RawEnvelope {
            payload: STANDARD.encode(&self.payload),
            payload_type: self.payload_type.clone(),
            signatures: self
                .signatures
                .iter()
                .map(|(keyid, signature)| RawSignature {
                    keyid: keyid.clone(),
                    sig: STANDARD.encode(signature),
                })
                .collect(),
        })
    }

    /// Whether each signature is right and of a known key, and whether there are enough of them. The signatures are of
    /// distinct keys, since an envelope has each key once.
    pub fn verify(&self, known: &[PublicKey], threshold: usize) -> Result<Verified<'_>, SignatureFault> {
        let message = pae(&self.payload_type, &self.payload);
        for (id, signature) in &self.signatures {
            let Some(key) = known.iter().find(|key| key.id() == *id) else {
                return Err(SignatureFault::UnknownKey(id.clone()));
            };
            if !key.verifies(&message, signature) {
                return Err(SignatureFault::Wrong(id.clone()));
            }
        }
        let (found, needed) = (self.signatures.len(), threshold.max(1));
        if found < needed {
            return Err(SignatureFault::TooFew { found, needed });
        }
        Ok(Verified { payload: &self.payload })
    }

    /// The payload of an envelope that nobody has verified: to be shown as a claim, or to be signed once more.
    pub fn unverified(&self) -> &[u8] {
        &self.payload
    }

    /// SHA-256 of the payload; a further signature does not change it.
    pub fn payload_digest(&self) -> Digest {
        Digest::of(&self.payload)
    }

    /// Type of the payload.
    pub fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The keys that the signatures name, in ascending order.
    pub fn signers(&self) -> impl Iterator<Item = &KeyId> {
        self.signatures.iter().map(|(id, _)| id)
    }
}

/// Pre-authentication encoding of DSSE: what is signed.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    message.extend_from_slice(payload);
    message
}

/// Decodes base64 that has but one way of being written.
fn strict_base64(text: &str) -> Option<Vec<u8>> {
    // The engine refuses missing padding and stray bits already; the comparison holds whatever an engine may allow.
    let bytes = STANDARD.decode(text).ok()?;
    (STANDARD.encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::key::SecretKey;

    const TYPE: &str = "application/vnd.in-toto+json";

    fn keys() -> [SecretKey; 3] {
        [1, 2, 3].map(|seed| SecretKey::of_seed(&[seed; 32]).unwrap())
    }

    fn envelope() -> (Envelope, Vec<PublicKey>) {
        let keys = keys();
        let mut envelope = Envelope::sign(TYPE, b"{\"a\":1}\n".to_vec(), &keys[0]).unwrap();
        envelope.add(&keys[1]).unwrap();
        (envelope, keys.iter().map(|key| key.public().clone()).collect())
    }

    #[test]
    fn the_encoding_is_that_of_the_specification() {
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn what_is_signed_is_read_and_verified() {
        let (envelope, known) = envelope();
        let again = Envelope::parse(&envelope.to_bytes()).unwrap();
        assert_eq!(again, envelope);
        assert_eq!(again.verify(&known, 2).unwrap().payload(), b"{\"a\":1}\n");
        assert_eq!(
            again.verify(&known, 3),
            Err(SignatureFault::TooFew { found: 2, needed: 3 })
        );
        let unknown = again.verify(&known[1..], 1);
        assert_eq!(unknown, Err(SignatureFault::UnknownKey(known[0].id())));
    }

    #[test]
    fn the_same_key_twice_is_one_signature() {
        let (mut envelope, known) = envelope();
        envelope.add(&keys()[0]).unwrap();
        assert_eq!(envelope.signers().count(), 2);
        let text = String::from_utf8(envelope.to_bytes()).unwrap();
        let at = text.find("{\"keyid\"").unwrap();
        let end = text[at..].find('}').unwrap() + at + 1;
        let doubled = format!("{},{}", &text[..end], &text[at..]);
        assert_eq!(Envelope::parse(doubled.as_bytes()), Err(EnvelopeFault::Signatures));
        assert!(envelope.verify(&known, 2).is_ok());
    }

    #[test]
    fn loose_forms_are_refused() {
        let (envelope, _) = envelope();
        let text = String::from_utf8(envelope.to_bytes()).unwrap();
        let others = [
            text.replace("eyJhIjoxfQo=", "eyJhIjoxfQo"),
            text.replace("eyJhIjoxfQo=", "eyJhIjoxfQp="),
            text.replace("{\"payload\":", "{\"payload\":\"\",\"payload\":"),
            text.replace("\"keyid\"", "\"extra\":1,\"keyid\""),
            text.replace("==\"}", "\"}"),
        ];
        for other in others {
            assert_ne!(other, text);
            assert!(Envelope::parse(other.as_bytes()).is_err(), "{other}");
        }
        assert!(matches!(
            Envelope::parse_type(text.as_bytes(), "application/other"),
            Err(EnvelopeFault::OtherType { .. })
        ));
        assert_eq!(
            Envelope::parse(&vec![b' '; MOST_BYTES + 1]),
            Err(EnvelopeFault::TooLarge)
        );
    }

    #[test]
    fn an_envelope_has_sixteen_signatures_at_most() {
        let (mut envelope, _) = envelope();
        for seed in 4..18 {
            envelope.add(&SecretKey::of_seed(&[seed; 32]).unwrap()).unwrap();
        }
        assert_eq!(envelope.signers().count(), MOST_SIGNATURES);
        assert_eq!(Envelope::parse(&envelope.to_bytes()).unwrap(), envelope);
        let one_more = SecretKey::of_seed(&[99; 32]).unwrap();
        assert!(matches!(envelope.add(&one_more), Err(SignFault::TooMany)));
        envelope.signatures.push((one_more.public().id(), [0; 64]));
        envelope.signatures.sort();
        assert_eq!(Envelope::parse(&envelope.to_bytes()), Err(EnvelopeFault::Signatures));
    }

    #[test]
    fn signatures_of_other_keys_and_in_other_order_are_refused() {
        let (envelope, known) = envelope();
        let mut swapped = envelope.clone();
        let (one, other) = (swapped.signatures[0].1, swapped.signatures[1].1);
        swapped.signatures[0].1 = other;
        swapped.signatures[1].1 = one;
        assert!(matches!(swapped.verify(&known, 1), Err(SignatureFault::Wrong(_))));
        let mut reordered = envelope.clone();
        reordered.signatures.reverse();
        assert_eq!(Envelope::parse(&reordered.to_bytes()), Err(EnvelopeFault::Signatures));
        let mut none = envelope;
        none.signatures.clear();
        assert_eq!(Envelope::parse(&none.to_bytes()), Err(EnvelopeFault::Signatures));
    }
}
