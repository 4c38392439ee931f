//! A complaint and what hangs on it, as the application keeps it (`model.md`, *Record*).
//! Knows nothing of HTTP, of SQL, or of who may see what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::words::{Channel, Role};
use crate::domain::{Classification, Event as EventKind, Status};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Identifier; the subject of its tokens.
    pub id: String,
    /// Name to log in with.
    pub username: String,
    /// What it may do.
    pub role: Role,
    /// The unit of an officer.
    pub unit: Option<String>,
    /// Who stands behind it.
    pub person: Person,
}

/// Who asks: an account, or nobody logged in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The account; `None` is the public.
    pub account: Option<Account>,
}

impl Caller {
    /// The role, if anybody is logged in.
    pub fn role(&self) -> Option<Role> {
        self.account.as_ref().map(|account| account.role)
    }

    /// The word that histories use for this caller.
    pub fn word(&self) -> &'static str {
        self.role().map_or("publik", Role::id)
    }

    /// Whether this caller submitted the complaint.
    pub fn owns(&self, complaint: &Complaint) -> bool {
        self.account
            .as_ref()
            .is_some_and(|account| account.id == complaint.owner)
    }
}

/// A person as the reporter wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// National identity number, 16 digits.
    pub nik: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// Somebody on whose behalf the complaint is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Name.
    pub name: String,
    /// How to reach them.
    pub contact: Option<String>,
    /// How the reporter is related to them.
    pub relation: Option<String>,
}

/// Where it happened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Location {
    /// Region code of Kemendagri, 2 to 10 digits.
    pub region: Option<String>,
    /// Address in words.
    pub address: Option<String>,
    /// Latitude, degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Longitude, degrees, WGS 84.
    pub longitude: Option<f64>,
}

/// A file's description; its bytes are kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// Identifier.
    pub id: String,
    /// Name as sent.
    pub name: String,
    /// Media type as sent.
    pub media_type: String,
    /// Bytes.
    pub size: usize,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Caption.
    pub caption: Option<String>,
}

/// A file with its bytes, on its way in or out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its description.
    pub note: FileNote,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Why something was postponed, archived, forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Code of a versioned list, where one is used.
    pub code: Option<String>,
    /// In words.
    pub text: String,
}

/// A complaint given to a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposition {
    /// The unit.
    pub unit: String,
    /// When.
    pub at: Timestamp,
    /// Why; a repeated disposition always has one.
    pub reason: Option<String>,
}

/// A follow-up, a reply or an internal note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Identifier.
    pub id: String,
    /// Account of the author.
    pub author: String,
    /// Role of the author.
    pub role: Role,
    /// When.
    pub at: Timestamp,
    /// Heading, where one was given.
    pub title: Option<String>,
    /// Text.
    pub text: String,
    /// Files.
    pub files: Vec<FileNote>,
}

/// An entry of the append-only history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Role word of who did it, or `sistem`.
    pub actor: String,
    /// What happened.
    pub kind: EventKind,
    /// Status before; `None` for the first entry.
    pub from: Option<Status>,
    /// Status after.
    pub to: Status,
}

/// One complaint, aspiration or request for information.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Complaint {
    /// Identifier.
    pub id: String,
    /// Number by which anybody who knows it can follow the complaint.
    pub tracking: String,
    /// Account that submitted it.
    pub owner: String,
    /// Identifier at the hub, for what came from there.
    pub hub_id: Option<String>,
    /// Version of the hub's record that is kept here, for what came from there.
    pub hub_version: Option<i64>,
    /// What kind of submission it is.
    pub classification: Classification,
    /// Whether it alleges misconduct of an official.
    pub oversight: bool,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// What the reporter asks for.
    pub request: Option<String>,
    /// Day of the event, `YYYY-MM-DD`.
    pub happened: Option<String>,
    /// Place of the event.
    pub location: Option<Location>,
    /// Category.
    pub category: i64,
    /// Agency it is meant for.
    pub agency: Option<String>,
    /// Who reports.
    pub reporter: Person,
    /// On whose behalf.
    pub principal: Option<Principal>,
    /// Hides the reporter's identity.
    pub anonymous: bool,
    /// Hides the whole content from the public.
    pub secret: bool,
    /// By which door it came.
    pub channel: Channel,
    /// Files of the reporter.
    pub files: Vec<FileNote>,
    /// Where it stands.
    pub status: Status,
    /// Where it stood before it was postponed.
    pub status_before: Option<Status>,
    /// When it was verified; from then on it is public unless secret.
    pub verified: Option<Timestamp>,
    /// Who closed it: `admin` or `pelapor`.
    pub closed_by: Option<String>,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// Why it stands where it stands.
    pub reason: Option<Reason>,
    /// The complaint that this one is a duplicate of.
    pub merged_into: Option<String>,
    /// Units it was given to, in order.
    pub dispositions: Vec<Disposition>,
    /// Public answers.
    pub follow_ups: Vec<Message>,
    /// Answers of the reporter.
    pub replies: Vec<Message>,
    /// Internal notes.
    pub notes: Vec<Message>,
    /// 1 to 5, after closing.
    pub rating: Option<u8>,
    /// When it was submitted.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl Complaint {
    /// Whether the public may see it: verified, and not secret (`terbit_setelah = "verifikasi"`).
    pub fn is_public(&self) -> bool {
        self.verified.is_some() && !self.secret
    }

    /// The unit that works on it now.
    pub fn unit(&self) -> Option<&str> {
        self.dispositions.last().map(|disposition| disposition.unit.as_str())
    }

    /// Every file of it that the given roles of readers may ask for: the reporter's, the follow-ups', and the notes' if `internal`.
    pub fn all_files(&self, internal: bool) -> impl Iterator<Item = &FileNote> {
        let messages = self.follow_ups.iter().chain(&self.replies);
        let notes = self.notes.iter().filter(move |_| internal);
        self.files
            .iter()
            .chain(messages.chain(notes).flat_map(|message| &message.files))
    }
}

/// What the reporter is told when a complaint was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Identifier.
    pub id: String,
    /// Tracking number.
    pub tracking: String,
    /// First status.
    pub status: Status,
    /// When it was submitted.
    pub created: Timestamp,
}

impl Receipt {
    /// The receipt of a complaint.
    pub fn of(complaint: &Complaint) -> Self {
        Self {
            id: complaint.id.clone(),
            tracking: complaint.tracking.clone(),
            status: complaint.status,
            created: complaint.created,
        }
    }
}

/// A row of reference data: a category, a unit, an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Identifier: a number for categories, a text for others.
    pub id: String,
    /// Name.
    pub name: String,
}
