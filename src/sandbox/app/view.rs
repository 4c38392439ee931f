//! What a caller is shown. Each viewpoint has a list of members of its own; nothing is shown because it was not hidden.

use serde_json::{Map, Value, json};

use super::calendar;
use super::clock::wire;
use super::complaint::{Complaint, Disposition, Event, FileNote, Location, Message, Person, Receipt};
use super::seams::{View, Viewpoint};

/// The views of the reference profile.
pub struct StandardView;

impl View for StandardView {
    fn record(&self, from: Viewpoint, complaint: &Complaint) -> Value {
        let mut shown = basics(from, complaint);
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("tindak_lanjut", messages(&complaint.follow_ups));
        if from == Viewpoint::Public || hidden_content(from, complaint) {
            return Value::Object(shown);
        }
        put("lampiran", files(&complaint.files));
        put("disposisi", complaint.dispositions.iter().map(disposition).collect());
        put("tanggapan", messages(&complaint.replies));
        if matches!(from, Viewpoint::Admin | Viewpoint::Officer | Viewpoint::Overseer) {
            put("catatan", messages(&complaint.notes));
        }
        if let Some(principal) = &complaint.principal
            && names_shown(from, complaint)
        {
            let value = json!({"nama": principal.name, "kontak": principal.contact, "hubungan": principal.relation});
            put("wakil", value);
        }
        Value::Object(shown)
    }

    fn summary(&self, from: Viewpoint, complaint: &Complaint) -> Value {
        Value::Object(basics(from, complaint))
    }

    fn event(&self, _from: Viewpoint, _complaint: &Complaint, event: &Event) -> Value {
        json!({
            "waktu": wire(event.at),
            "pelaku": event.actor,
            "peristiwa": event.kind.id(),
            "dari": event.from.map(crate::domain::Status::id),
            "ke": event.to.id(),
        })
    }

    fn tracking(&self, complaint: &Complaint, history: &[Event]) -> Value {
        let public = history
            .iter()
            .filter(|event| event.kind != crate::domain::Event::DicatatInternal);
        let mut shown = json!({
            "nomor_pelacakan": complaint.tracking,
            "status": complaint.status.id(),
            "waktu_dibuat": wire(complaint.created),
            "waktu_diperbarui": wire(complaint.updated),
            "riwayat": public.map(|event| self.event(Viewpoint::Public, complaint, event)).collect::<Value>(),
        });
        if let (Some(members), true) = (shown.as_object_mut(), complaint.is_public()) {
            members.insert("judul".to_owned(), json!(complaint.title));
            members.insert("isi".to_owned(), json!(complaint.text));
            members.insert("tindak_lanjut".to_owned(), messages(&complaint.follow_ups));
        }
        shown
    }

    fn receipt(&self, receipt: &Receipt) -> Value {
        json!({
            "id": receipt.id,
            "nomor_pelacakan": receipt.tracking,
            "status": receipt.status.id(),
            "waktu_dibuat": wire(receipt.created),
        })
    }
}

/// Whether the reporter's identity is shown from here. Anonymity hides it from all but the reporter and the administrator.
fn names_shown(from: Viewpoint, complaint: &Complaint) -> bool {
    match from {
        Viewpoint::Owner | Viewpoint::Admin => true,
        Viewpoint::Officer | Viewpoint::Overseer => !complaint.anonymous,
        Viewpoint::Public => false,
    }
}

/// Whether the content is kept from an overseer.
fn hidden_content(from: Viewpoint, complaint: &Complaint) -> bool {
    from == Viewpoint::Overseer && complaint.secret
}

fn basics(from: Viewpoint, complaint: &Complaint) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            shown.insert(name.to_owned(), value);
        }
    };
    put("id", json!(complaint.id));
    put("klasifikasi", json!(complaint.classification));
    put("kategori_id", json!(complaint.category));
    put("instansi_tujuan_id", json!(complaint.agency));
    put("status", json!(complaint.status));
    put("ditutup_oleh", json!(complaint.closed_by));
    put("penilaian", json!(complaint.rating));
    put("waktu_dibuat", json!(wire(complaint.created)));
    put("waktu_diperbarui", json!(wire(complaint.updated)));
    if hidden_content(from, complaint) {
        put("rahasia", json!(true));
        return shown;
    }
    put("judul", json!(complaint.title));
    put("isi", json!(complaint.text));
    put("tanggal_kejadian", json!(complaint.happened));
    if from == Viewpoint::Public {
        let region = complaint
            .location
            .as_ref()
            .and_then(|location| location.region.as_ref());
        put(
            "lokasi",
            region.map_or(Value::Null, |region| json!({"kode_wilayah": region})),
        );
        return shown;
    }
    put("nomor_pelacakan", json!(complaint.tracking));
    put("id_sp4n", json!(complaint.hub_id));
    put("berkadar_pengawasan", json!(complaint.oversight));
    put("permintaan_penyelesaian", json!(complaint.request));
    put("lokasi", complaint.location.as_ref().map_or(Value::Null, location));
    put("anonim", json!(complaint.anonymous));
    put("rahasia", json!(complaint.secret));
    put("kanal", json!(complaint.channel));
    put("digabung_ke", json!(complaint.merged_into));
    put("tenggat", deadlines(complaint));
    put(
        "alasan",
        complaint
            .reason
            .as_ref()
            .map_or(Value::Null, |reason| json!({"kode": reason.code, "teks": reason.text})),
    );
    if names_shown(from, complaint) {
        put("pelapor", person(&complaint.reporter));
    }
    shown
}

/// The deadlines that stand, as dates of the agency's local days.
fn deadlines(complaint: &Complaint) -> Value {
    let due = calendar::deadlines(complaint);
    let members = [
        ("verifikasi", due.verification),
        ("tindak_lanjut", due.follow_up),
        ("penyelesaian", due.settlement),
    ];
    let known = members
        .into_iter()
        .filter_map(|(name, day)| Some((name.to_owned(), json!(day?.to_string()))));
    known.collect::<Map<_, _>>().into()
}

fn location(place: &Location) -> Value {
    let members = [
        ("kode_wilayah", json!(place.region)),
        ("alamat", json!(place.address)),
        ("lintang", json!(place.latitude)),
        ("bujur", json!(place.longitude)),
    ];
    let known = members.into_iter().filter(|(_, value)| !value.is_null());
    known
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}

/// A person with every member that is known.
pub fn person(person: &Person) -> Value {
    let members = [
        ("nama", Some(&person.name)),
        ("email", person.email.as_ref()),
        ("telepon", person.phone.as_ref()),
        ("nik", person.nik.as_ref()),
        ("alamat", person.address.as_ref()),
    ];
    members
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name.to_owned(), json!(value))))
        .collect::<Map<_, _>>()
        .into()
}

fn disposition(disposition: &Disposition) -> Value {
    json!({"unit_id": disposition.unit, "waktu": wire(disposition.at), "alasan": disposition.reason})
}

fn messages(messages: &[Message]) -> Value {
    let one = |message: &Message| {
        json!({
            "id": message.id,
            "oleh": message.role.id(),
            "waktu": wire(message.at),
            "judul": message.title,
            "isi": message.text,
            "lampiran": files(&message.files),
        })
    };
    messages.iter().map(one).collect()
}

fn files(files: &[FileNote]) -> Value {
    let one = |file: &FileNote| {
        json!({
            "id": file.id,
            "nama": file.name,
            "jenis_media": file.media_type,
            "ukuran": file.size,
            "sha256": file.sha256,
            "keterangan": file.caption,
        })
    };
    files.iter().map(one).collect()
}
