//! Reads what a reporter sends. Members that it does not know are left alone: nobody sets a status, an owner or a time from outside.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::complaint::{Caller, Complaint, Location, Person, Principal, Reference, StoredFile};
use super::input::{Input, TEXT_MAX};
use super::problem::{Kind, Problem};
use super::seams::{Ids, Intake};
use super::words::Channel;
use crate::domain::{Classification, Status};

/// A submission that was read and found good; it has no identifier yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The complaint with empty identifier and tracking number.
    pub complaint: Complaint,
    /// Its files.
    pub files: Vec<StoredFile>,
}

/// The reader of JSON submissions.
pub struct JsonIntake {
    ids: Arc<dyn Ids>,
}

impl JsonIntake {
    /// A reader that numbers files by `ids`.
    pub fn new(ids: Arc<dyn Ids>) -> Self {
        Self { ids }
    }
}

impl Intake for JsonIntake {
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem> {
        let account = caller
            .account
            .as_ref()
            .ok_or_else(|| Problem::new(Kind::Unauthenticated, "Masuk lebih dahulu untuk mengirim pengaduan."))?;
        let input = Input(body);
        let title = input.needed("judul", 200)?;
        let text = input.needed("isi", TEXT_MAX)?;
        let classification = classification(input)?.unwrap_or(Classification::Pengaduan);
        let files = input.files(&*self.ids)?;
        let complaint = Complaint {
            id: String::new(),
            tracking: String::new(),
            owner: account.id.clone(),
            hub_id: None,
            hub_version: None,
            classification,
            oversight: input.flag("berkadar_pengawasan")? && classification == Classification::Pengaduan,
            title,
            text,
            request: input.text("permintaan_penyelesaian", TEXT_MAX)?,
            happened: happened(input)?,
            location: input.object("lokasi")?.map(location).transpose()?,
            category: category(input, categories)?.ok_or_else(|| Problem::invalid("kategori_id", "wajib diisi"))?,
            agency: input.text("instansi_tujuan_id", 100)?,
            reporter: input
                .object("pelapor")?
                .map_or_else(|| Ok(account.person.clone()), |given| person(given, &account.person))?,
            principal: input.object("wakil")?.map(principal).transpose()?,
            anonymous: input.flag("anonim")?,
            secret: input.flag("rahasia")?,
            channel: channel(input)?,
            files: files.iter().map(|file| file.note.clone()).collect(),
            status: Status::MenungguVerifikasi,
            status_before: None,
            verified: None,
            closed_by: None,
            closed: None,
            reason: None,
            merged_into: None,
            dispositions: Vec::new(),
            follow_ups: Vec::new(),
            replies: Vec::new(),
            notes: Vec::new(),
            rating: None,
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        };
        Ok(Draft { complaint, files })
    }
}

/// The classification of a body, if it names one.
pub fn classification(input: Input<'_>) -> Result<Option<Classification>, Problem> {
    let Some(word) = input.text("klasifikasi", 50)? else {
        return Ok(None);
    };
    let known = Classification::by_id(&word);
    known
        .map(Some)
        .ok_or_else(|| Problem::invalid("klasifikasi", "harus pengaduan, aspirasi, atau permintaan_informasi"))
}

/// The category of a body, if it names one; it must exist.
pub fn category(input: Input<'_>, categories: &[Reference]) -> Result<Option<i64>, Problem> {
    let Some(number) = input.integer("kategori_id")? else {
        return Ok(None);
    };
    let known = categories.iter().any(|category| category.id == number.to_string());
    known
        .then_some(Some(number))
        .ok_or_else(|| Problem::invalid("kategori_id", "tidak dikenal; lihat daftar kategori"))
}

fn channel(input: Input<'_>) -> Result<Channel, Problem> {
    let Some(word) = input.text("kanal", 50)? else {
        return Ok(Channel::Web);
    };
    let known = Channel::by_id(&word).filter(|channel| *channel != Channel::Hub);
    known.ok_or_else(|| Problem::invalid("kanal", "tidak dikenal"))
}

/// The day of the event, if a body names one.
pub fn happened(input: Input<'_>) -> Result<Option<String>, Problem> {
    let Some(text) = input.text("tanggal_kejadian", 40)? else {
        return Ok(None);
    };
    super::clock::day(&text)
        .map(|_| Some(text))
        .ok_or_else(|| Problem::invalid("tanggal_kejadian", "harus berupa tanggal YYYY-MM-DD"))
}

/// A place.
pub fn location(input: Input<'_>) -> Result<Location, Problem> {
    let region = input.text("kode_wilayah", 13)?;
    if region.as_ref().is_some_and(|code| {
        !code
            .chars()
            .all(|character| character.is_ascii_digit() || character == '.')
    }) {
        return Err(Problem::invalid("kode_wilayah", "harus berupa kode wilayah"));
    }
    Ok(Location {
        region,
        address: input.text("alamat", 500)?,
        latitude: input.number("lintang", 90.0)?,
        longitude: input.number("bujur", 180.0)?,
    })
}

fn person(input: Input<'_>, account: &Person) -> Result<Person, Problem> {
    let nik = input.text("nik", 16)?;
    if nik
        .as_ref()
        .is_some_and(|nik| nik.len() != 16 || !nik.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(Problem::invalid("nik", "harus 16 angka"));
    }
    let email = input.text("email", 254)?;
    if email.as_ref().is_some_and(|mail| !is_mail(mail)) {
        return Err(Problem::invalid("email", "harus berupa alamat surel"));
    }
    Ok(Person {
        name: input.text("nama", 200)?.unwrap_or_else(|| account.name.clone()),
        email,
        phone: input.text("telepon", 30)?,
        nik,
        address: input.text("alamat", 500)?,
    })
}

/// Whether a text has the form of a mail address: one `@` between two parts without blanks, the second with a dot.
pub fn is_mail(text: &str) -> bool {
    let parts = text.split_once('@').filter(|_| !text.chars().any(char::is_whitespace));
    parts.is_some_and(|(name, host)| {
        !name.is_empty() && !host.contains('@') && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    })
}

fn principal(input: Input<'_>) -> Result<Principal, Problem> {
    Ok(Principal {
        name: input.needed("nama", 200)?,
        contact: input.text("kontak", 200)?,
        relation: input.text("hubungan", 200)?,
    })
}
