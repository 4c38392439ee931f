//! The status list: which certificates are suspended or revoked. Signed, numbered without a gap, expiring; each list holds
//! all that still counts and names the one before it by digest.
//!
//! A gate that has seen number 7 refuses 6 (decisions.md G.38). What no list can do is tell a gate without memory that a
//! newer list exists: that is what the expiry is for, so it should be days, not months.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::attestation::canonical;
use crate::attestation::{Digest, Envelope, EnvelopeFault, NotCanonical};
use crate::domain::vocabulary;

use super::{Presented, good_number};

/// `payloadType` of the envelope around a status list.
pub const PAYLOAD_TYPE: &str = "application/vnd.laik.status+json";

/// Version of the format.
pub const FORMAT: &str = "1.0";

/// The most entries of one list.
const MOST_ENTRIES: usize = 4096;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

vocabulary! {
    /// What happened to a certificate.
    Standing {
        Suspended = "dibekukan", "dibekukan", "suspended";
        Revoked = "dicabut", "dicabut", "revoked";
    }
}

/// A status list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusList {
    /// One entry a certificate that is not in good standing, in ascending order of number and digest.
    pub entries: Vec<StatusEntry>,
    /// When this list ends: at this instant it counts no longer.
    pub expires: Timestamp,
    /// Version of this format.
    pub format: String,
    /// When it was written.
    pub issued: Timestamp,
    /// The certification body (pokja).
    pub issuer: String,
    /// Its number, from 1.
    pub number: u64,
    /// Digest of the payload of the list before it; absent in the first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub previous: Option<Digest>,
}

/// What happened to one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusEntry {
    /// The certificate's number.
    pub certificate: String,
    /// Digest of its payload: a number alone could be used twice.
    pub digest: Digest,
    /// Why, in the words of who decided.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// What happened.
    pub standing: Standing,
}

/// Why something is no status list, or cannot become the next one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusFault {
    /// The envelope has not the right form.
    #[error(transparent)]
    Envelope(#[from] EnvelopeFault),
    /// The payload is no canonical status list.
    #[error("payload: {0}")]
    Payload(#[from] NotCanonical),
    /// Of another format.
    #[error("not a status list of laik, format {FORMAT}")]
    OtherFormat,
    /// Members that contradict each other.
    #[error("{0}")]
    Contradiction(&'static str),
    /// What is revoked stays revoked.
    #[error("certificate {0} is revoked; that is final")]
    Final(String),
    /// There is nothing to lift.
    #[error("certificate {0} is not suspended")]
    NotSuspended(String),
}

/// A status list as it lies in an envelope: read, canonical, and not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedStatus {
    /// The envelope.
    pub envelope: Envelope,
    /// What it claims.
    pub list: StatusList,
}

impl PresentedStatus {
    /// Reads an envelope and the list in it. Says nothing of whose it is: [`Envelope::verify`] does.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatusFault> {
        let envelope = Envelope::parse_type(bytes, PAYLOAD_TYPE)?;
        let list: StatusList = canonical::read(envelope.unverified())?;
        if list.format != FORMAT {
            return Err(StatusFault::OtherFormat);
        }
        list.check().map_err(StatusFault::Contradiction)?;
        Ok(Self { envelope, list })
    }
}

impl StatusList {
    /// The first list, empty.
    pub fn first(issuer: &str, issued: Timestamp, expires: Timestamp) -> Self {
        Self {
            entries: Vec::new(),
            expires,
            format: FORMAT.to_owned(),
            issued,
            issuer: issuer.to_owned(),
            number: 1,
            previous: None,
        }
    }

    /// The list after one that was verified, with the same entries.
    pub fn next(before: &PresentedStatus, issued: Timestamp, expires: Timestamp) -> Result<Self, StatusFault> {
        let next = Self {
            expires,
            issued,
            number: before
                .list
                .number
                .checked_add(1)
                .ok_or(StatusFault::Contradiction("there is no number after this"))?,
            previous: Some(before.envelope.payload_digest()),
            ..before.list.clone()
        };
        if next.issued < before.list.issued {
            return Err(StatusFault::Contradiction("written before the list that it follows"));
        }
        next.check().map_err(StatusFault::Contradiction)?;
        Ok(next)
    }

    /// Suspends or revokes a certificate.
    pub fn set(
        &mut self,
        certificate: &Presented,
        standing: Standing,
        since: Timestamp,
        reason: &str,
    ) -> Result<(), StatusFault> {
        let digest = certificate.digest();
        if let Some(revoked) = self.find(&digest).filter(|entry| entry.standing == Standing::Revoked) {
            return Err(StatusFault::Final(revoked.certificate.clone()));
        }
        self.entries.retain(|entry| entry.digest != digest);
        self.entries.push(StatusEntry {
            certificate: certificate.certificate.number.clone(),
            digest,
            reason: reason.to_owned(),
            since,
            standing,
        });
        self.entries.sort_by(|one, other| one.key().cmp(&other.key()));
        self.check().map_err(StatusFault::Contradiction)
    }

    /// Lifts a suspension.
    pub fn lift(&mut self, certificate: &Presented) -> Result<(), StatusFault> {
        let digest = certificate.digest();
        match self.find(&digest).map(|entry| entry.standing) {
            Some(Standing::Suspended) => self.entries.retain(|entry| entry.digest != digest),
            Some(Standing::Revoked) => return Err(StatusFault::Final(certificate.certificate.number.clone())),
            None => return Err(StatusFault::NotSuspended(certificate.certificate.number.clone())),
        }
        Ok(())
    }

    /// What is said of a certificate.
    pub fn find(&self, certificate: &Digest) -> Option<&StatusEntry> {
        self.entries.iter().find(|entry| entry.digest == *certificate)
    }

    /// The canonical payload.
    pub fn payload(&self) -> Vec<u8> {
        canonical::write(self)
    }

    /// Whether the members agree with each other, whoever signed them.
    fn check(&self) -> Result<(), &'static str> {
        let ascending = self
            .entries
            .windows(2)
            .all(|pair| matches!(pair, [one, other] if one.key() < other.key()));
        let rules = [
            (self.number >= 1, "numbers begin at 1"),
            (
                (self.number == 1) == self.previous.is_none(),
                "each list but the first names the one before it",
            ),
            (self.issued < self.expires, "the list ends before it begins"),
            (self.entries.len() <= MOST_ENTRIES, "more entries than a list may have"),
            (
                ascending,
                "entries must stand in ascending order, each certificate once",
            ),
            (
                self.entries.iter().all(|entry| good_number(&entry.certificate)),
                "the number of an entry is not one to be written down",
            ),
            (
                self.entries.iter().all(|entry| {
                    let reason = &entry.reason;
                    !reason.trim().is_empty()
                        && reason.chars().count() <= LONGEST_REASON
                        && !reason.chars().any(char::is_control)
                }),
                "a reason has 1 to 500 characters and no control characters",
            ),
        ];
        rules
            .into_iter()
            .find(|(holds, _)| !holds)
            .map_or(Ok(()), |(_, broken)| Err(broken))
    }
}

impl StatusEntry {
    fn key(&self) -> (&str, &Digest) {
        (&self.certificate, &self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::sample;

    #[test]
    fn a_chain_of_lists_counts_up_and_names_what_was_before() {
        let certificate = sample::presented();
        let first = sample::status(|_| {});
        let mut second = StatusList::next(&first, sample::at(2), sample::at(50)).unwrap();
        second
            .set(&certificate, Standing::Suspended, sample::at(2), "temuan surveilans")
            .unwrap();
        assert_eq!(
            (second.number, second.previous.clone()),
            (2, Some(first.envelope.payload_digest()))
        );
        let second = sample::signed_status(&second);
        let mut third = StatusList::next(&second, sample::at(3), sample::at(50)).unwrap();
        third.lift(&certificate).unwrap();
        assert_eq!(
            third.lift(&certificate),
            Err(StatusFault::NotSuspended(sample::NUMBER.into()))
        );
        third
            .set(&certificate, Standing::Revoked, sample::at(3), "dicabut")
            .unwrap();
        let last = StatusFault::Final(sample::NUMBER.into());
        assert_eq!(third.lift(&certificate), Err(last.clone()));
        assert_eq!(
            third.set(&certificate, Standing::Suspended, sample::at(3), "x"),
            Err(last)
        );
        assert_eq!(third.find(&certificate.digest()).unwrap().standing, Standing::Revoked);
        let earlier = StatusList::next(&second, sample::at(1), sample::at(50));
        assert!(matches!(earlier, Err(StatusFault::Contradiction(_))));
    }

    #[test]
    fn a_reason_has_five_hundred_characters_at_most() {
        let certificate = sample::presented();
        for (length, good) in [(0, false), (1, true), (500, true), (501, false)] {
            let mut list = StatusList::first("Pokja", sample::at(1), sample::at(50));
            let set = list.set(&certificate, Standing::Revoked, sample::at(1), &"é".repeat(length));
            assert_eq!(set.is_ok(), good, "{length}");
        }
    }

    #[test]
    fn lists_that_contradict_themselves_are_refused() {
        let certificate = sample::presented();
        let changes: [fn(&mut StatusList); 5] = [
            |list| list.number = 0,
            |list| list.previous = Some(Digest::of(b"x")),
            |list| list.expires = list.issued,
            |list| list.entries.extend(list.entries.clone()),
            |list| {
                for entry in &mut list.entries {
                    entry.reason = "a\u{1b}[31m".into();
                }
            },
        ];
        for change in changes {
            let mut list = StatusList::first("Pokja", sample::at(1), sample::at(50));
            list.set(&certificate, Standing::Revoked, sample::at(1), "dicabut")
                .unwrap();
            change(&mut list);
            let bytes = sample::sealed_status(&list);
            assert!(matches!(
                PresentedStatus::parse(&bytes),
                Err(StatusFault::Contradiction(_))
            ));
        }
    }
}
