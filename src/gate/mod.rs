//! The gate of the hub: may this application be connected now? Looks at a certificate, a status list, a policy, and what it
//! remembers; needs no network, no pack and no standard. Fails closed: whatever is missing, stale, unknown or changed is
//! a refusal with a reason from a closed list, and every reason that applies is told.
//!
//! ```
//! use laik::gate::{Memory, Policy, Question, decide};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::parse(
//!     "kebijakan.toml",
//!     r#"
//!     format = "1.0"
//!     profil = ["terintegrasi"]
//!     revisi = ["2026.1"]
//!     lingkungan = ["staging"]
//!     umur_uji_hari = 365
//!     [[kunci]]
//!     pemilik = "Pokja Contoh"
//!     publik = "MCowBQYDK2VwAyEAw5snPUZqh97vWKbHbGG0STTnIKCnLK0iu89o28RpWG0="
//!     guna = ["sertifikat", "status"]
//!     [status]
//!     umur_jam = 72
//!     "#,
//! )?;
//! let mut memory = Memory::empty();
//! let question = Question {
//!     certificate: b"not a certificate",
//!     status: None,
//!     build: None,
//! };
//! // The hub says what time it is, and keeps the memory between questions.
//! let answer = decide(&policy, &question, Some(&mut memory), "2026-01-05T02:00:00Z".parse()?);
//! assert!(!answer.open);
//! let reasons: Vec<_> = answer.reasons.iter().map(|refusal| refusal.reason.id()).collect();
//! assert_eq!(reasons, ["sertifikat_rusak", "status_tidak_ada"]);
//! # Ok(())
//! # }
//! ```

mod answer;
mod decide;
pub mod http;
pub mod memory;
mod policy;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod tests;

pub use answer::{Answer, CertificateSummary, Reason, Refusal, StatusSummary};
pub use decide::{Question, decide};
pub use memory::{Memory, MemoryFault};
pub use policy::{
    ANSWER_SCHEMA_PATH, KeyEntry, Policy, PolicyDocument, SCHEMA_PATH, StatusEntry, Target, Use, answer_schema,
    policy_schema,
};
