//! The typed form of `[ikatan]`, as written. Everything is optional here: a statement may override single keys of
//! the dialect that it names. Knows nothing of jq or of URLs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{Actor, Op, Status, vocabulary};

/// `[ikatan]`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BindingEntry {
    /// `rujukan`: begin with the binding of the reference profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialek: Option<String>,
    /// Headers of every request; `Accept` should be among them.
    pub header: BTreeMap<String, String>,
    /// Regular expression that marks an answer body as a refusal whatever its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolak_bila: Option<String>,
    /// The operations.
    pub operasi: BTreeMap<Op, OperationEntry>,
    /// Status words.
    pub status: StatusEntry,
    /// Times.
    pub waktu: TimeEntry,
    /// Pages of lists.
    pub halaman: PagingEntry,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OperationEntry {
    /// Actors entitled to it; absent = those of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aktor: Option<Vec<Actor>>,
    /// HTTP method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metode: Option<String>,
    /// RFC 6570 template over the canonical input, below the base address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alamat: Option<String>,
    /// Query parameters: literal text, or `=` and a jq filter over the input.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kueri: BTreeMap<String, String>,
    /// Headers, the same.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, String>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badan: Option<BodyEntry>,
    /// Further media types that the one request of the operation may be sent as, beside `badan`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media_kiriman: Vec<BodyEntry>,
    /// What counts as accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terima: Option<AcceptEntry>,
    /// What counts as not found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tidak_ada: Option<AbsentEntry>,
    /// jq over the answer, to the canonical value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jawaban: Option<String>,
    /// Several requests in order, in place of one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub langkah: Vec<StepEntry>,
    /// What differs for single actors.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub per_aktor: BTreeMap<Actor, VariantEntry>,
}

/// What differs for one actor.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VariantEntry {
    /// See [`OperationEntry::metode`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metode: Option<String>,
    /// See [`OperationEntry::alamat`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alamat: Option<String>,
    /// See [`OperationEntry::kueri`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kueri: BTreeMap<String, String>,
    /// See [`OperationEntry::header`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, String>,
    /// See [`OperationEntry::badan`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badan: Option<BodyEntry>,
    /// See [`OperationEntry::terima`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terima: Option<AcceptEntry>,
    /// See [`OperationEntry::tidak_ada`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tidak_ada: Option<AbsentEntry>,
    /// See [`OperationEntry::jawaban`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jawaban: Option<String>,
    /// See [`OperationEntry::langkah`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub langkah: Vec<StepEntry>,
}

/// One request of a multi-step operation.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StepEntry {
    /// Its name, unique in the operation.
    pub nama: String,
    /// HTTP method.
    pub metode: String,
    /// RFC 6570 template.
    pub alamat: String,
    /// Query parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kueri: BTreeMap<String, String>,
    /// Headers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, String>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badan: Option<BodyEntry>,
    /// What counts as accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terima: Option<AcceptEntry>,
    /// Input members for later steps: name and jq over this answer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tangkap: BTreeMap<String, String>,
    /// jq over the input; the step is left out where it gives null or false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bila: Option<String>,
    /// jq over the answer; the step is repeated until it gives something else than null or false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ulangi_sampai: Option<String>,
    /// Milliseconds between repetitions; default 500, at most 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jeda_ms: Option<u64>,
    /// Most repetitions; default 10, at most 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paling_banyak: Option<u32>,
}

/// A request body.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyEntry {
    /// The kind.
    pub jenis: BodyKind,
    /// jq over the input; absent = the input itself without nulls.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub jq: Option<String>,
    /// Files of a multipart body.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub berkas: Option<FileEntry>,
    /// Media type, where the kind's own does not fit; literal or `=` and jq.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub jenis_media: Option<String>,
}

/// Files of a multipart body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Name of the part.
    pub bidang: String,
    /// jq over the input, to a file or a list of files `{nama, jenis_media, isi_base64}`.
    pub jq: String,
}

vocabulary! {
    /// Kinds of request bodies.
    BodyKind {
        Json = "json", "JSON", "JSON";
        Form = "form", "formulir", "form";
        Multipart = "multipart", "multipart", "multipart";
        Mentah = "mentah", "mentah", "raw";
        Kosong = "kosong", "kosong", "empty";
    }
}

/// What counts as accepted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcceptEntry {
    /// Status codes; empty = any 2xx.
    pub status: Vec<u16>,
    /// Regular expression over the body that means refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolak_bila: Option<String>,
    /// jq over the answer that must give something else than null or false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harus_ada: Option<String>,
}

/// What counts as not found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AbsentEntry {
    /// Status codes; empty = 404 and 410.
    pub status: Vec<u16>,
    /// jq over the answer that gives something else than null or false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bila: Option<String>,
}

/// Status words, both ways.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StatusEntry {
    /// Application's word → canonical.
    pub terima: BTreeMap<String, Status>,
    /// Canonical → application's word.
    pub kirim: BTreeMap<Status, String>,
    /// Canonical words that the application cannot tell apart.
    pub rugi: Vec<Status>,
}

/// Times.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TimeEntry {
    /// Forms that are read, strptime or `epoch` / `epoch_ms`; empty = RFC 3339 as it stands.
    pub bentuk: Vec<String>,
    /// Zone of times without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zona: Option<String>,
    /// Texts that mean "no time".
    pub nol: Vec<String>,
    /// Form in which instants are sent, strftime.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kirim: Option<String>,
    /// Form in which dates are sent, strftime.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kirim_tanggal: Option<String>,
}

/// Pages of lists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PagingEntry {
    /// The style; absent = tidak_ada.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gaya: Option<PagingStyle>,
    /// Number of the first page; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mulai: Option<i64>,
}

impl PagingEntry {
    /// Whether a page is asked for by its number, or by how much is skipped.
    pub fn numbered(&self) -> bool {
        self.gaya
            .is_some_and(|style| !matches!(style, PagingStyle::Kursor | PagingStyle::TidakAda))
    }
}

vocabulary! {
    /// Styles of paging.
    PagingStyle {
        TidakAda = "tidak_ada", "tanpa halaman", "no pages";
        Halaman = "halaman", "nomor halaman", "page number";
        Offset = "offset", "geseran", "offset";
        Kursor = "kursor", "kursor", "cursor";
        Tautan = "tautan", "tautan berikut", "next link";
    }
}
