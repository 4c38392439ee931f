//! Signed statements: canonical JSON, DSSE envelopes, Ed25519 keys, and the in-toto statement about a run.
//! Knows nothing of what a certificate or a gate is, reads no clock and prints nothing.

pub mod canonical;
pub mod envelope;
pub mod key;
pub mod statement;

pub use canonical::{Digest, NotCanonical};
pub use envelope::{Envelope, EnvelopeFault, SignatureFault, Verified};
pub use key::{KeyFault, KeyId, PublicKey, SecretKey, SignFault, Signer};
