//! Reads members of a JSON body, one at a time, and says in Indonesian what is wrong with which.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};

use super::complaint::{FileNote, StoredFile};
use super::ids::hex;
use super::problem::Problem;
use super::seams::Ids;

/// Longest text of one member, in characters.
pub const TEXT_MAX: usize = 10_000;

/// Largest file, in bytes.
pub const FILE_MAX: usize = 1024 * 1024;

/// Most files of one request.
pub const FILES_MAX: usize = 5;

/// Media types that files may have.
pub const MEDIA_TYPES: &[&str] = &["application/pdf", "image/jpeg", "image/png", "text/plain"];

/// The members of a JSON object.
#[derive(Clone, Copy)]
pub struct Input<'a>(pub &'a Map<String, Value>);

impl<'a> Input<'a> {
    fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that may be missing; blank counts as missing.
    pub fn text(self, name: &str, longest: usize) -> Result<Option<String>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = value
            .as_str()
            .ok_or_else(|| Problem::invalid(name, "harus berupa teks"))?;
        if text.chars().count() > longest {
            return Err(Problem::invalid(name, &format!("paling banyak {longest} karakter")));
        }
        Ok((!text.trim().is_empty()).then(|| text.to_owned()))
    }

    /// A text that must be there.
    pub fn needed(self, name: &str, longest: usize) -> Result<String, Problem> {
        self.text(name, longest)?
            .ok_or_else(|| Problem::invalid(name, "wajib diisi"))
    }

    /// A yes or no that may be missing.
    pub fn flag(self, name: &str) -> Result<bool, Problem> {
        let Some(value) = self.value(name) else {
            return Ok(false);
        };
        value
            .as_bool()
            .ok_or_else(|| Problem::invalid(name, "harus berupa true atau false"))
    }

    /// A whole number that may be missing.
    pub fn integer(self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value
            .as_i64()
            .map(Some)
            .ok_or_else(|| Problem::invalid(name, "harus berupa bilangan bulat"))
    }

    /// A number within bounds that may be missing.
    pub fn number(self, name: &str, most: f64) -> Result<Option<f64>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = value.as_f64().filter(|number| number.abs() <= most);
        number
            .map(Some)
            .ok_or_else(|| Problem::invalid(name, &format!("harus berupa bilangan antara -{most} dan {most}")))
    }

    /// An object that may be missing.
    pub fn object(self, name: &str) -> Result<Option<Input<'a>>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value
            .as_object()
            .map(|members| Some(Input(members)))
            .ok_or_else(|| Problem::invalid(name, "harus berupa objek"))
    }

    /// The files of `lampiran`, or none.
    pub fn files(self, ids: &dyn Ids) -> Result<Vec<StoredFile>, Problem> {
        let Some(value) = self.value("lampiran") else {
            return Ok(Vec::new());
        };
        let list = value
            .as_array()
            .ok_or_else(|| Problem::invalid("lampiran", "harus berupa larik"))?;
        if list.len() > FILES_MAX {
            return Err(Problem::invalid(
                "lampiran",
                &format!("paling banyak {FILES_MAX} berkas"),
            ));
        }
        let object = |item: &'a Value| {
            item.as_object()
                .ok_or_else(|| Problem::invalid("lampiran", "harus berisi objek"))
        };
        list.iter().map(|item| Input(object(item)?).file(ids)).collect()
    }

    /// The file that this object describes: `nama`, `jenis_media`, `isi_base64`, `keterangan?`.
    pub fn file(self, ids: &dyn Ids) -> Result<StoredFile, Problem> {
        let name = self.needed("nama", 200)?;
        if name
            .chars()
            .any(|character| character.is_control() || matches!(character, '/' | '\\'))
        {
            return Err(Problem::invalid(
                "nama",
                "tidak boleh memuat garis miring atau karakter kendali",
            ));
        }
        let media_type = self.needed("jenis_media", 100)?;
        if !MEDIA_TYPES.contains(&media_type.as_str()) {
            return Err(Problem::invalid(
                "jenis_media",
                &format!("harus salah satu dari {}", MEDIA_TYPES.join(", ")),
            ));
        }
        let text = self.value("isi_base64").and_then(Value::as_str).unwrap_or_default();
        let content = BASE64
            .decode(text)
            .map_err(|_| Problem::invalid("isi_base64", "harus base64 (RFC 4648 §4)"))?;
        if content.is_empty() || content.len() > FILE_MAX {
            return Err(Problem::invalid(
                "isi_base64",
                &format!("harus memuat 1 sampai {FILE_MAX} bita"),
            ));
        }
        let note = FileNote {
            id: ids.unique()?,
            name,
            media_type,
            size: content.len(),
            sha256: hex(digest(&SHA256, &content).as_ref()),
            caption: self.text("keterangan", 500)?,
        };
        Ok(StoredFile { note, content })
    }
}
