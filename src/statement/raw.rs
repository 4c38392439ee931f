//! The typed form of `pernyataan.toml`, as written; `check` says what must hold between its parts.
//! Knows nothing of files, places or secrets' values.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::binding::raw::BindingEntry;
use crate::domain::{Actor, Capability, Op, Profile, vocabulary};

/// A whole statement.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Version of this format, `1.0`.
    pub format: String,
    /// The application.
    pub aplikasi: Application,
    /// What is claimed (ICS).
    pub klaim: ClaimsEntry,
    /// Secrets by reference: `env:LAIK_…` or `file:…`.
    #[serde(default)]
    pub rahasia: BTreeMap<String, String>,
    /// Who can log in.
    #[serde(default)]
    pub aktor: BTreeMap<Actor, ActorEntry>,
    /// Ways of authenticating.
    #[serde(default)]
    pub autentikasi: BTreeMap<String, Authentication>,
    /// Declared values (IXIT).
    #[serde(default)]
    pub nilai: Values,
    /// Records that must exist before a run.
    #[serde(default)]
    pub fixture: FixtureEntry,
    /// Declared limits.
    #[serde(default)]
    pub batas: Limits,
    /// How fast the application may be asked.
    #[serde(default)]
    pub laju: Rate,
    /// Kind of tokens.
    #[serde(default)]
    pub token: TokenEntry,
    /// Declared choices of policy.
    #[serde(default)]
    pub kebijakan: Policy,
    /// How the application and the hub speak.
    #[serde(default)]
    pub hub: HubEntry,
    /// TLS.
    #[serde(default)]
    pub tls: TlsEntry,
    /// Further facts of the interface.
    #[serde(default)]
    pub api: ApiEntry,
    /// The binding.
    #[serde(default)]
    pub ikatan: BindingEntry,
    /// Canonical leaves that the answer filters hold constant, `operation.path`, and why.
    #[serde(default)]
    pub konstanta: BTreeMap<String, String>,
}

/// The application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Its name.
    pub nama: String,
    /// Its version.
    pub versi: String,
    /// The agency that answers for it.
    pub instansi: String,
    /// Base URL, `http://` or `https://`; addresses of operations stand below it.
    pub alamat_dasar: String,
    /// Further origins that requests may go to.
    #[serde(default)]
    pub alamat_lain: Vec<String>,
    /// `staging`, or `production` (read-only requirements alone).
    pub lingkungan: Environment,
    /// The public face, for the report.
    #[serde(default)]
    pub url_publik: Option<String>,
}

vocabulary! {
    /// What the target is.
    Environment {
        Staging = "staging", "staging", "staging";
        Production = "production", "produksi", "production";
    }
}

/// What is claimed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimsEntry {
    /// The profile to be judged for.
    pub profil: Profile,
    /// Claimed capabilities.
    #[serde(default)]
    pub kapabilitas: Vec<Capability>,
}

/// One actor.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActorEntry {
    /// A name under `[autentikasi]`; absent = no credential.
    #[serde(default)]
    pub autentikasi: Option<String>,
    /// The credential, by names under `[rahasia]`.
    #[serde(default)]
    pub kredensial: CredentialEntry,
    /// Identity that the account fixes.
    #[serde(default)]
    pub identitas: Option<Identity>,
    /// The account's own id, where known (token subject).
    #[serde(default)]
    pub id: Option<String>,
    /// The role as the application names it (token claim).
    #[serde(default)]
    pub peran: Option<String>,
}

/// A credential.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialEntry {
    /// Name of a secret: the token itself.
    #[serde(default)]
    pub token: Option<String>,
    /// User name, or client id; not secret.
    #[serde(default)]
    pub nama_pengguna: Option<String>,
    /// Name of a secret: the password, or the client's secret.
    #[serde(default)]
    pub sandi: Option<String>,
}

/// A synthetic person that an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Name.
    #[serde(default)]
    pub nama: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Phone.
    #[serde(default)]
    pub telepon: Option<String>,
    /// NIK.
    #[serde(default)]
    pub nik: Option<String>,
    /// Address.
    #[serde(default)]
    pub alamat: Option<String>,
}

/// A way of authenticating.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authentication {
    /// The kind.
    pub jenis: AuthenticationKind,
    /// Header that carries the credential; `Authorization` where absent.
    #[serde(default)]
    pub header: Option<String>,
    /// Text before the credential in the header; `Bearer ` for token and bearer_login, none for header.
    #[serde(default)]
    pub awalan: Option<String>,
    /// Query parameter that carries it (`kueri`; with `bidang` for requests that have no body).
    #[serde(default)]
    pub kueri: Option<String>,
    /// Field of the body that carries it (`bidang`).
    #[serde(default)]
    pub bidang: Option<String>,
    /// Cookie that is the session (`sesi_kuki`).
    #[serde(default)]
    pub kuki: Option<String>,
    /// Where the CSRF token comes from and goes to (`sesi_kuki`).
    #[serde(default)]
    pub csrf: Option<CsrfEntry>,
    /// Address that gives out tokens (`oauth2`), below the base address.
    #[serde(default)]
    pub alamat_token: Option<String>,
    /// Scope that is asked for (`oauth2`).
    #[serde(default)]
    pub cakupan: Option<String>,
    /// How the client names itself to `alamat_token` (`oauth2`); default `basic`.
    #[serde(default)]
    pub klien: Option<ClientAuthentication>,
    /// Seconds after which a login is renewed.
    #[serde(default)]
    pub umur_detik: Option<u64>,
}

/// A CSRF token: read from a cookie or from a page, sent in a header or in a field of the body with each request that
/// is not a read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CsrfEntry {
    /// Cookie that holds it, percent-decoded.
    pub kuki: Option<String>,
    /// Page that holds it, or that sets the cookie.
    pub halaman: Option<String>,
    /// jq over the page's answer `{status, headers, body}`, to the token.
    pub jq: Option<String>,
    /// Header that carries it.
    pub header: Option<String>,
    /// Field of the body that carries it.
    pub bidang: Option<String>,
}

vocabulary! {
    /// How an OAuth 2.0 client names itself to the token endpoint (RFC 6749 §2.3.1).
    ClientAuthentication {
        Basic = "basic", "Basic", "Basic";
        Bidang = "bidang", "bidang formulir", "form fields";
    }
}

vocabulary! {
    /// Kinds of authentication.
    AuthenticationKind {
        Token = "token", "token pembawa", "bearer token";
        Header = "header", "header", "header";
        Kueri = "kueri", "parameter kueri", "query parameter";
        Bidang = "bidang", "bidang badan", "field of the body";
        Basic = "basic", "Basic", "Basic";
        BearerLogin = "bearer_login", "masuk lalu token pembawa", "log in, then bearer token";
        SesiKuki = "sesi_kuki", "masuk lalu kuki sesi", "log in, then session cookie";
        Oauth2 = "oauth2", "OAuth 2.0 kredensial klien", "OAuth 2.0 client credentials";
        Tanpa = "tanpa", "tanpa", "none";
    }
}

/// Declared values. Waits are milliseconds and have ceilings (proses-bisnis.md, convention 5).
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a declaration of its own in the file"
)]
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Values {
    /// Zone of the agency, `Asia/Jakarta`.
    pub zona: Option<String>,
    /// Rule-set of deadlines.
    pub seri_aturan: Option<String>,
    /// Calendar of working days.
    pub kalender: Option<String>,
    /// What starts the settlement clock: `receipt`, `verification` or `disposition`.
    pub mulai_penyelesaian: Option<String>,
    /// When a complaint becomes public.
    pub terbit_setelah: Publication,
    /// Whether verified complaints may be handled without a disposition.
    pub penanganan_langsung: bool,
    /// Whether complaints begin as verified.
    pub verifikasi_otomatis: bool,
    /// Operations that the application joins, each list in order.
    pub langkah_gabungan: Vec<Vec<String>>,
    /// Days within which a closed complaint can be reopened.
    pub jendela_buka_kembali_hari: Option<u32>,
    /// Words of the application's own for events that move nothing.
    pub peristiwa_sendiri: Vec<String>,
    /// Whether a submit calls hub or receiver.
    pub panggilan_saat_kirim: bool,
    /// A telephone number for tests.
    pub nomor_uji: Option<String>,
    /// Channels that can be submitted.
    pub kanal: Vec<String>,
    /// Whether lists show the newest first.
    pub urutan_terbaru_dulu: bool,
    /// Categories that a filter by another one includes, declared as a tree: `"1" = ["5"]`.
    pub subkategori: BTreeMap<String, Vec<String>>,
    /// Members that an operation cannot do without, by operation, beside `isi`: `submit = ["judul"]`.
    pub isian_wajib: BTreeMap<String, Vec<String>>,
    /// What refusals call a member, where it is not its name: `isi = "Uraian"`.
    pub label_isian: BTreeMap<String, String>,
    /// Whether images are cleaned or re-encoded, so that their bytes come back changed.
    pub gambar_diolah: bool,
    /// Keys that lists can be sorted by, as sent.
    pub kunci_urut: Vec<String>,
    /// Longest wait for one answer; default 30 s, ceiling 60 s.
    pub batas_jawab_ms: Option<u64>,
    /// Longest wait until an effect shows; default 10 s, ceiling 60 s.
    pub jeda_tampak_ms: Option<u64>,
    /// Longest wait for a callback; default 30 s, ceiling 120 s.
    pub jeda_panggilan_ms: Option<u64>,
    /// Longest wait after an outage; default 120 s, ceiling 600 s.
    pub jeda_pulih_ms: Option<u64>,
    /// Scaled clock, sandbox only.
    pub skala_waktu: Option<f64>,
}

vocabulary! {
    /// What makes a complaint public.
    Publication {
        Verifikasi = "verifikasi", "setelah verifikasi", "after verification";
        Kirim = "kirim", "begitu dikirim", "once submitted";
        Disposisi = "disposisi", "setelah disposisi", "after disposition";
        Tidak = "tidak", "tidak pernah", "never";
    }
}

#[expect(clippy::derivable_impls, reason = "the macro owns the enum's attributes")]
impl Default for Publication {
    fn default() -> Self {
        Self::Verifikasi
    }
}

/// Records that must exist before a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FixtureEntry {
    /// Unit of `petugas`.
    pub unit_petugas: Option<String>,
    /// Unit of `petugas_lain`.
    pub unit_petugas_lain: Option<String>,
    /// Id of the agency itself.
    pub instansi_sendiri: Option<String>,
    /// Id of another agency.
    pub instansi_lain: Option<String>,
    /// A region code in the declared form.
    pub kode_wilayah: Option<String>,
    /// Category ids, where there is no operation that lists them.
    pub kategori: Vec<String>,
    /// Name of a secret: an expired token.
    pub token_kedaluwarsa: Option<String>,
    /// Name of a secret: a token of another issuer.
    pub token_asing: Option<String>,
    /// User name of a throw-away account.
    pub akun_buang: Option<String>,
}

/// Declared limits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest page of a list.
    pub halaman_ukuran_maks: Option<u64>,
    /// Most pages of a walk that is not about lists; default 200.
    pub langkah_daftar: Option<u64>,
    /// Largest attachment, in bytes.
    pub lampiran_byte: Option<u64>,
    /// Most attachments of a complaint.
    pub lampiran_jumlah: Option<u64>,
    /// Media types of attachments.
    pub lampiran_jenis: Vec<String>,
    /// Longest title, in characters.
    pub judul_maks: Option<u64>,
    /// Longest text, in characters.
    pub isi_maks: Option<u64>,
}

/// How fast the application may be asked.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rate {
    /// Requests a second for one actor; default 10 unless the target is loopback.
    pub permintaan_per_detik: Option<f64>,
    /// Scenarios at once; default 4.
    pub sejajar: Option<u32>,
}

/// Kind of tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TokenEntry {
    /// `jwt`, `opak`, `kuki` or `kunci_tetap`.
    pub jenis: Option<String>,
    /// Seconds that a token lives.
    pub umur_detik: Option<u64>,
    /// Scheme of the header, `Bearer`.
    pub skema: Option<String>,
    /// Address of the key set.
    pub jwks: Option<String>,
    /// Seconds until a revocation holds; default 60.
    pub batas_cabut_detik: Option<u64>,
}

/// Declared choices of policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Status code for what is hidden: 404 or 403.
    pub tersembunyi: Option<u16>,
    /// Who sees the identity of anonymous reporters; default `["admin"]`.
    pub identitas_anonim_terlihat: Option<Vec<Actor>>,
    /// Whether it goes to the hub; default no.
    pub identitas_anonim_ke_hub: bool,
    /// Whether softly deleted records stay visible.
    pub hapus_lunak_terlihat: bool,
    /// Whether public tracking shows status and times alone, never the answers.
    pub pelacakan_hanya_status: bool,
    /// Rights beyond the model, each `actor operation`.
    pub hak_tambahan: Vec<String>,
}

/// How the application and the hub speak.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HubEntry {
    /// How updates to the hub are authenticated.
    pub autentikasi: Option<HubAuthentication>,
    /// Name of the secret that both know.
    pub rahasia: Option<String>,
    /// Header of the key or signature.
    pub header: Option<String>,
    /// Largest clock difference of a signature; default 300.
    pub toleransi_detik: Option<u64>,
    /// jq over `{metode, alamat, headers, body}` of an update, to its canonical form.
    pub pembaruan: Option<String>,
}

vocabulary! {
    /// How updates to the hub are authenticated.
    HubAuthentication {
        Bearer = "bearer", "token pembawa", "bearer token";
        KunciApi = "kunci_api", "kunci API", "API key";
        Hmac = "hmac", "HMAC", "HMAC";
        Tanpa = "tanpa", "tanpa", "none";
    }
}

/// TLS.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TlsEntry {
    /// PEM file with further roots, below the statement's directory.
    pub akar: Option<String>,
}

/// Further facts of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiEntry {
    /// Redirects that belong to the interface.
    pub pengalihan: Vec<RedirectEntry>,
    /// Methods of an address beyond those of the binding, `"/tickets/{id}" = ["PUT", "DELETE"]`; a segment in braces
    /// stands for any.
    pub metode: BTreeMap<String, Vec<String>>,
    /// Media types in which complaints can be submitted, beside the bound one.
    pub media_kiriman: Vec<String>,
    /// Members of answers that a read may change, such as a counter of views.
    pub berubah_saat_dibaca: Vec<String>,
}

/// One redirect that belongs to the interface.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedirectEntry {
    /// The operation that it answers.
    pub operasi: Op,
    /// Its status code, 301 to 308.
    pub status: u16,
    /// The host that it leads to, with its port where it names one; absent = the application's own.
    #[serde(default)]
    pub host: Option<String>,
}
