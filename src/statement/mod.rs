//! `pernyataan.toml`: what an applicant claims, how the application is reached, and which secrets are meant.
//! Everything in it is hostile input. Knows nothing of HTTP traffic or of verdicts.

#![expect(
    clippy::result_large_err,
    reason = "a fault of a statement ends the command; nothing is gained by boxing it"
)]

mod access;
mod check;
mod invented;
mod leniency;
mod load;
mod place;
mod raw;
mod schema;
mod secret;
#[cfg(test)]
mod tests;

pub use load::Statement;
pub use place::{Diagnosis, Places, closest};
pub use raw::{
    ActorEntry, Application, Authentication, AuthenticationKind, ClaimsEntry, ClientAuthentication, CredentialEntry,
    CsrfEntry, Document, Environment, FixtureEntry, HubAuthentication, HubEntry, Identity, Limits, Policy, Publication,
    Rate, TlsEntry, TokenEntry, Values,
};
pub use schema::{SCHEMA_PATH, json_schema};
pub use secret::{Secret, SecretSource};
