//! The rights of the person over the own data (UU 27/2022): correct it, have a copy of it, have it erased.
//! Whether the caller may was decided before (`policy`).

use serde_json::{Map, Value, json};

use super::complaint::{Caller, Complaint, Person, Reference};
use super::input::{Input, TEXT_MAX};
use super::intake::{category, happened, location};
use super::listing::{ListQuery, NEWEST_FIRST, Scope, Window};
use super::problem::{Kind, Problem};
use super::seams::{Parts, Viewpoint};
use super::view::person as shown_person;

/// What stands where a name was erased.
pub const ERASED: &str = "Dihapus atas permintaan pelapor";

/// Most complaints of one copy.
const COPY_MAX: u64 = 100_000;

/// New values for fields of an own complaint: what is not named stays, `null` empties what may be empty.
#[derive(Debug, Clone)]
pub struct Correction {
    body: Map<String, Value>,
    categories: Vec<Reference>,
}

impl Correction {
    /// Reads the body of a correction; it must name at least one field, and every value must fit.
    pub fn read(body: &Map<String, Value>, categories: Vec<Reference>, seen: &Complaint) -> Result<Self, Problem> {
        let correction = Self {
            body: body.clone(),
            categories,
        };
        let known = |name: &&str| body.contains_key(*name);
        if !FIELDS.iter().any(known) {
            return Err(Problem::invalid("isian", "sebutkan sekurang-kurangnya satu isian"));
        }
        correction.apply(&mut seen.clone())?;
        Ok(correction)
    }

    /// Puts the values in place of the old ones.
    pub fn apply(&self, complaint: &mut Complaint) -> Result<(), Problem> {
        let input = Input(&self.body);
        let named = |name: &str| self.body.contains_key(name);
        if named("judul") {
            complaint.title = input.needed("judul", 200)?;
        }
        if named("isi") {
            complaint.text = input.needed("isi", TEXT_MAX)?;
        }
        if named("permintaan_penyelesaian") {
            complaint.request = input.text("permintaan_penyelesaian", TEXT_MAX)?;
        }
        if named("tanggal_kejadian") {
            complaint.happened = happened(input)?;
        }
        if named("lokasi") {
            complaint.location = input.object("lokasi")?.map(location).transpose()?;
        }
        if named("kategori_id") {
            complaint.category =
                category(input, &self.categories)?.ok_or_else(|| Problem::invalid("kategori_id", "wajib diisi"))?;
        }
        if let Some(person) = input.object("pelapor")? {
            correct_person(person, &mut complaint.reporter)?;
        }
        Ok(())
    }
}

/// The fields that a correction may name.
const FIELDS: &[&str] = &[
    "judul",
    "isi",
    "permintaan_penyelesaian",
    "tanggal_kejadian",
    "lokasi",
    "kategori_id",
    "pelapor",
];

fn correct_person(input: Input<'_>, person: &mut Person) -> Result<(), Problem> {
    let named = |name: &str| input.0.contains_key(name);
    if named("nama") {
        person.name = input.needed("nama", 200)?;
    }
    if named("email") {
        let mail = input.text("email", 254)?;
        if mail.as_deref().is_some_and(|mail| !is_mail(mail)) {
            return Err(Problem::invalid("email", "harus berbentuk alamat surel"));
        }
        person.email = mail;
    }
    if named("telepon") {
        person.phone = input.text("telepon", 30)?;
    }
    if named("nik") {
        let nik = input.text("nik", 16)?;
        let digits = |nik: &String| nik.len() == 16 && nik.bytes().all(|byte| byte.is_ascii_digit());
        if nik.as_ref().is_some_and(|nik| !digits(nik)) {
            return Err(Problem::invalid("nik", "harus 16 angka"));
        }
        person.nik = nik;
    }
    if named("alamat") {
        person.address = input.text("alamat", 500)?;
    }
    Ok(())
}

fn is_mail(text: &str) -> bool {
    let whole = !text
        .chars()
        .any(|character| character.is_whitespace() || character.is_control());
    let parts = text.split_once('@');
    whole && parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'))
}

/// Erases who reports; number, status and history stay.
pub fn erase(complaint: &mut Complaint) {
    complaint.reporter = Person {
        name: ERASED.to_owned(),
        ..Person::default()
    };
    complaint.principal = None;
}

/// A copy of everything that is kept about the caller: the account, and each own complaint with its history.
pub fn copy(parts: &Parts, caller: &Caller) -> Result<Value, Problem> {
    let account = caller.account.as_ref().ok_or_else(|| {
        Problem::new(
            Kind::Unauthenticated,
            "Masuk lebih dahulu untuk mengambil data pribadi Anda.",
        )
    })?;
    let own = parts.store.list(&ListQuery {
        scope: Scope::Owner(account.id.clone()),
        criteria: Vec::new(),
        order: NEWEST_FIRST,
        window: Window::Skip {
            skip: 0,
            take: COPY_MAX,
        },
    })?;
    let complaints = own.rows.iter().map(|complaint| whole(parts, complaint));
    Ok(json!({
        "akun": {"id": account.id, "nama_pengguna": account.username, "orang": shown_person(&account.person)},
        "pengaduan": complaints.collect::<Result<Value, _>>()?,
    }))
}

/// One complaint as its reporter sees it, with its history.
fn whole(parts: &Parts, complaint: &Complaint) -> Result<Value, Problem> {
    let from = Viewpoint::Owner;
    let mut shown = parts.view.record(from, complaint);
    let history = super::service::visible_history(from, parts.store.history(&complaint.id)?);
    let history: Value = history
        .iter()
        .map(|event| parts.view.event(from, complaint, event))
        .collect();
    if let Some(members) = shown.as_object_mut() {
        members.insert("riwayat".to_owned(), history);
    }
    Ok(shown)
}
