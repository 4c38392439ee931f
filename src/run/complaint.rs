//! The default complaint (`baku`, proses-bisnis.md convention 7) with its planted values, and what is known of one
//! that was sent. Synthetic persons only: NIK serial 9990–9999, phones under 0854, addresses under `.test`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Status};
use crate::evidence::record::Record;
use crate::statement::Identity;

use super::context::RunCtx;

/// A complaint of this run.
#[derive(Debug, Clone)]
pub struct Complaint {
    /// Its name in the scenario; empty in the pool.
    pub label: String,
    /// Its number in the run, which its planted values carry.
    pub fixture: u32,
    /// Who sent it.
    pub owner: Actor,
    /// The id that the application acknowledged.
    pub id: String,
    /// The tracking number that it acknowledged.
    pub number: Option<String>,
    /// Its marker (penanda), which stands in title and text and nowhere else.
    pub marker: String,
    /// What was sent.
    pub input: Value,
    /// The acknowledgement.
    pub receipt: Option<Arc<Record>>,
    /// The status that the last second read showed.
    pub status: Status,
    /// Sent as anonim.
    pub anonymous: bool,
    /// Sent as rahasia.
    pub secret: bool,
}

/// A complaint that was not sent yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its number in the run.
    pub fixture: u32,
    /// Who will send it.
    pub owner: Actor,
    /// Its marker.
    pub marker: String,
    /// The canonical input of `submit`.
    pub input: Value,
}

/// How a complaint departs from the default.
#[derive(Debug, Clone, Default)]
pub struct BakuOptions {
    /// Category; none leaves it to the binding.
    pub category: Option<String>,
    /// Channel; `web` where none is said.
    pub channel: Option<String>,
    /// Hides the reporter's identity.
    pub anonymous: bool,
    /// Hides the whole from the public.
    pub secret: bool,
    /// Carries one file.
    pub attachment: bool,
    /// Further members, put over the others.
    pub extra: Map<String, Value>,
}

/// Drafts the default complaint, its values planted in the run's canaries.
pub fn baku(cx: &RunCtx, owner: Actor, options: &BakuOptions) -> Draft {
    let fixture = cx.next_fixture();
    let book = cx.canaries();
    let marker = book.plant(fixture, "penanda", false);
    let text = book.plant(fixture, "isi", false);
    let mut input = json!({
        "klasifikasi": "pengaduan",
        "kanal": options.channel.as_deref().unwrap_or("web"),
        "judul": format!("Lampu jalan padam di depan pasar lama {marker}"),
        "isi": format!(
            "Sejak tiga hari lalu lampu jalan di depan pasar lama tidak menyala pada malam hari sehingga warga yang \
             pulang bekerja kesulitan melihat lubang di tepi jalan. Mohon petugas memeriksa dan memperbaikinya. {marker} {text}"
        ),
        "tanggal_kejadian": yesterday(cx),
        "lokasi": {
            "kode_wilayah": cx.statement().document().fixture.kode_wilayah.as_deref().unwrap_or("3171"),
            "alamat": "Jalan Pasar Lama Nomor 5",
            "lintang": -6.176_655,
            "bujur": 106.830_583,
        },
        "pelapor": reporter(cx, owner, fixture),
        "anonim": options.anonymous,
        "rahasia": options.secret,
    });
    if let Some(members) = input.as_object_mut() {
        if let Some(category) = &options.category {
            members.insert("kategori_id".to_owned(), json!(category));
        }
        if options.attachment {
            members.insert("lampiran".to_owned(), json!([attachment(cx, fixture)]));
        }
        for (name, value) in &options.extra {
            members.insert(name.clone(), value.clone());
        }
    }
    Draft {
        fixture,
        owner,
        marker,
        input,
    }
}

/// A file with a planted value in its bytes.
pub(super) fn attachment(cx: &RunCtx, fixture: u32) -> Value {
    use base64::Engine as _;
    let planted = cx.canaries().plant(fixture, "lampiran", true);
    let bytes = format!("Catatan lapangan untuk pengujian laik: {planted}\n");
    json!({
        "nama": format!("catatan-{fixture}.txt"),
        "jenis_media": "text/plain",
        "isi_base64": base64::engine::general_purpose::STANDARD.encode(bytes),
    })
}

/// The reporter's data: planted values, or the account's own where the statement says that the account fixes them.
fn reporter(cx: &RunCtx, owner: Actor, fixture: u32) -> Value {
    let book = cx.canaries();
    if let Some(identity) = cx.statement().actor(owner).and_then(|actor| actor.identitas.as_ref()) {
        return fixed(cx, fixture, identity);
    }
    let name = book.plant(fixture, "pelapor.nama", true);
    let mail = book.plant(fixture, "pelapor.email", true);
    let address = book.plant(fixture, "pelapor.alamat", true);
    let (phone, nik) = numbers(&book.nonce(), fixture);
    book.register_value(fixture, "pelapor.telepon", true, &phone);
    book.register_value(fixture, "pelapor.nik", true, &nik);
    cx.secrets().register("nik", &nik);
    json!({
        "nama": format!("Warga {name}"),
        "email": format!("{mail}@uji.test"),
        "telepon": phone,
        "nik": nik,
        "alamat": format!("Jalan {address} Nomor 7"),
    })
}

/// The account's own values: the text of a feature cannot plant others.
fn fixed(cx: &RunCtx, fixture: u32, identity: &Identity) -> Value {
    let values = [
        ("nama", &identity.nama),
        ("email", &identity.email),
        ("telepon", &identity.telepon),
        ("nik", &identity.nik),
        ("alamat", &identity.alamat),
    ];
    let mut reporter = Map::new();
    for (field, value) in values {
        if let Some(value) = value {
            cx.canaries()
                .register_value(fixture, &format!("pelapor.{field}"), true, value);
            reporter.insert(field.to_owned(), json!(value));
        }
    }
    Value::Object(reporter)
}

/// A phone under the unallocated prefix 0854 and a NIK of serial 9990–9999, of a male born between 1950 and 1999.
fn numbers(nonce: &str, fixture: u32) -> (String, String) {
    let start = nonce
        .bytes()
        .fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let number = start.wrapping_add(u64::from(fixture).wrapping_mul(7_919));
    let phone = format!("0854{:08}", number % 100_000_000);
    let (serial, rest) = (number % 10, number / 10);
    let (year, rest) = (50 + rest % 50, rest / 50);
    let (month, rest) = (1 + rest % 12, rest / 12);
    let day = 1 + rest % 28;
    (phone, format!("317101{day:02}{month:02}{year:02}999{serial}"))
}

fn yesterday(cx: &RunCtx) -> String {
    let zone = cx
        .statement()
        .document()
        .nilai
        .zona
        .as_deref()
        .unwrap_or("Asia/Jakarta");
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let now = jiff::Timestamp::now().to_zoned(zone);
    now.date().yesterday().unwrap_or_else(|_| now.date()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_synthetic_and_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for fixture in 0..500 {
            let (phone, nik) = numbers("bcdfghjklmnpqrst", fixture);
            assert!(phone.starts_with("0854") && phone.len() == 12, "{phone}");
            assert!(nik.len() == 16 && nik[12..15] == *"999", "{nik}");
            assert!(seen.insert(phone) && seen.insert(nik));
        }
    }
}
