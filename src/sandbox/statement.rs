//! The statement (`pernyataan.toml`) that belongs to a sandbox: what it claims and how it is reached.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::app::paging::MOST;
use super::app::tokens::LIFETIME;
use super::assembly::{AGENCIES, Seeded, UNITS};

/// What the statement says beyond the usual; variants change it.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The claimed profile.
    pub profile: &'static str,
    /// Claimed capabilities.
    pub capabilities: BTreeSet<&'static str>,
    /// Lines of `[nilai]`.
    pub values: Vec<String>,
    /// `awalan` of the credential's header, where it is not `Bearer `.
    pub prefix: Option<&'static str>,
    /// `token.jenis`.
    pub token: &'static str,
    /// Lines of `[kebijakan]`.
    pub policy: Vec<String>,
    /// Tables below `[ikatan]`, whole.
    pub binding: Vec<String>,
    /// Most rows of a page.
    pub page_size: u64,
    /// The word of `halaman.gaya`, where it is not the reference profile's.
    pub paging: Option<&'static str>,
}

/// What the sandbox can do without a hub.
const CAPABILITIES: &[&str] = &[
    "anonim",
    "rahasia",
    "lampiran",
    "pelacakan_publik",
    "multi_unit",
    "kelengkapan",
    "redisposisi",
    "gabung_duplikat",
    "penilaian",
    "buka_kembali",
    "cabut",
    "hub_masuk",
    "hub_tarik",
    "pengawas",
    "statistik",
    "tenggat",
    "ekspor",
    "openapi",
    "wakil",
    "catatan_internal",
    "arsip",
    "tunda",
    "pencarian",
    "hak_pdp",
    "http_teks_polos",
    "sesi_kuki",
    "oauth2",
    "jam_uji",
];

/// Browsers log in at an address of their own: their session is a cookie.
const BROWSER_LOGIN: &str = "[ikatan.operasi.login.per_aktor.pengawas]\nalamat = \"/api/v1/sesi/peramban\"\njawaban = \"{berlaku_detik: .body.berlaku_detik}\"";

impl Default for Declared {
    fn default() -> Self {
        Self {
            profile: "terintegrasi",
            capabilities: CAPABILITIES.iter().copied().collect(),
            values: Vec::new(),
            prefix: None,
            token: "jwt",
            policy: Vec::new(),
            binding: vec![BROWSER_LOGIN.to_owned()],
            page_size: MOST,
            paging: None,
        }
    }
}

/// Values of `[nilai]` that variants may replace. The waits are short: what the sandbox does is there when it answers,
/// and its updates leave at once.
const USUAL_VALUES: &[(&str, &str)] = &[
    ("seri_aturan", "\"praktik-62-2018\""),
    ("kalender", "\"skb-2025-2027\""),
    ("mulai_penyelesaian", "\"verification\""),
    ("urutan_terbaru_dulu", "true"),
    (
        "isian_wajib",
        "{ submit = [\"judul\", \"isi\", \"kategori_id\"], dispose = [\"unit_id\"], \"hub.dispatch\" = [\"id_sp4n\", \"judul\", \"isi\"] }",
    ),
    ("batas_jawab_ms", "10000"),
    ("jeda_tampak_ms", "1000"),
    ("jeda_panggilan_ms", "3000"),
];

/// The name of the environment variable that holds a secret.
pub fn variable(secret: &str) -> String {
    format!("LAIK_{}", secret.to_uppercase())
}

/// The whole statement.
pub fn toml(base: &str, accounts: &[Seeded], declared: &Declared, hub: bool) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_head(&mut text, base, declared, hub);
    let _ = write_actors(&mut text, accounts, declared, hub);
    let _ = write_values(&mut text, declared, hub);
    text
}

fn write_head(text: &mut String, base: &str, declared: &Declared, hub: bool) -> std::fmt::Result {
    writeln!(text, "# Pernyataan aplikasi rujukan bawaan laik.\nformat = \"1.0\"\n")?;
    writeln!(
        text,
        "[aplikasi]\nnama = \"Aplikasi rujukan\"\nversi = \"1.0\"\ninstansi = \"Pemerintah Kota Contoh\""
    )?;
    writeln!(text, "alamat_dasar = \"{base}\"\nlingkungan = \"staging\"\n")?;
    let claims = declared.capabilities.iter().copied().chain(hub.then_some("hub_keluar"));
    let claims: Vec<_> = claims.map(|claim| format!("\"{claim}\"")).collect();
    writeln!(
        text,
        "[klaim]\nprofil = \"{}\"\nkapabilitas = [{}]\n",
        declared.profile,
        claims.join(", ")
    )
}

fn write_actors(text: &mut String, accounts: &[Seeded], declared: &Declared, hub: bool) -> std::fmt::Result {
    writeln!(text, "[rahasia]")?;
    let secrets = accounts
        .iter()
        .map(|seeded| format!("sandi_{}", seeded.actor))
        .chain(hub.then(|| "token_hub".to_owned()));
    for secret in secrets {
        writeln!(text, "{secret} = \"env:{}\"", variable(&secret))?;
    }
    writeln!(
        text,
        "\n[autentikasi.masuk]\njenis = \"bearer_login\"\numur_detik = {}",
        LIFETIME - 600
    )?;
    let prefix = declared
        .prefix
        .map(|prefix| format!("\nawalan = \"{prefix}\""))
        .unwrap_or_default();
    writeln!(
        text,
        "{prefix}\n[autentikasi.peramban]\njenis = \"sesi_kuki\"\nkuki = \"sesi\"\numur_detik = {}\ncsrf = {{ kuki = \"csrf\", header = \"X-CSRF-Token\" }}",
        LIFETIME - 600
    )?;
    writeln!(
        text,
        "\n[autentikasi.klien]\njenis = \"oauth2\"\nalamat_token = \"/api/v1/oauth/token\"{prefix}"
    )?;
    for seeded in accounts {
        let actor = seeded.actor;
        // The overseer works in a browser, the hub is a machine; everybody else has an application of their own.
        let way = match actor {
            "pengawas" => "peramban",
            "hub" => "klien",
            _ => "masuk",
        };
        writeln!(text, "\n[aktor.{actor}]\nautentikasi = \"{way}\"")?;
        writeln!(
            text,
            "kredensial = {{ nama_pengguna = \"{}\", sandi = \"sandi_{actor}\" }}",
            seeded.account.username
        )?;
        writeln!(
            text,
            "id = \"{}\"\nperan = \"{}\"",
            seeded.account.id, seeded.account.role
        )?;
    }
    Ok(())
}

fn write_values(text: &mut String, declared: &Declared, hub: bool) -> std::fmt::Result {
    writeln!(
        text,
        "\n[nilai]\nzona = \"Asia/Jakarta\"\nterbit_setelah = \"verifikasi\"\njendela_buka_kembali_hari = 7"
    )?;
    writeln!(text, "kanal = [\"web\", \"aplikasi\"]")?;
    writeln!(
        text,
        "kunci_urut = [\"waktu_dibuat\", \"-waktu_dibuat\", \"waktu_diperbarui\", \"-waktu_diperbarui\"]"
    )?;
    let own = |name: &str| declared.values.iter().any(|line| line.starts_with(name));
    for (name, usual) in USUAL_VALUES {
        if !own(name) {
            writeln!(text, "{name} = {usual}")?;
        }
    }
    for line in &declared.values {
        writeln!(text, "{line}")?;
    }
    let id = |rows: &[(&'static str, &str)], index: usize| rows.get(index).map_or("", |row| row.0);
    writeln!(
        text,
        "\n[fixture]\nunit_petugas = \"{}\"\nunit_petugas_lain = \"{}\"",
        id(UNITS, 0),
        id(UNITS, 1)
    )?;
    writeln!(
        text,
        "instansi_sendiri = \"{}\"\ninstansi_lain = \"{}\"",
        id(AGENCIES, 0),
        id(AGENCIES, 1)
    )?;
    writeln!(text, "kode_wilayah = \"3171\"")?;
    writeln!(
        text,
        "\n[batas]\nhalaman_ukuran_maks = {}\nlampiran_byte = 1048576\nlampiran_jumlah = 5",
        declared.page_size
    )?;
    writeln!(
        text,
        "lampiran_jenis = [\"text/plain\", \"image/png\", \"image/jpeg\", \"application/pdf\"]"
    )?;
    writeln!(text, "judul_maks = 200\nisi_maks = 10000")?;
    writeln!(
        text,
        "\n[token]\njenis = \"{}\"\numur_detik = {LIFETIME}\nskema = \"{}\"",
        declared.token,
        declared.prefix.unwrap_or("Bearer").trim_end()
    )?;
    write_choices(text, declared, hub)
}

fn write_choices(text: &mut String, declared: &Declared, hub: bool) -> std::fmt::Result {
    if !declared.policy.is_empty() {
        writeln!(text, "\n[kebijakan]\n{}", declared.policy.join("\n"))?;
    }
    if hub {
        writeln!(
            text,
            "\n[hub]\nautentikasi = \"bearer\"\nrahasia = \"token_hub\"\npembaruan = \".body\""
        )?;
    }
    writeln!(text, "\n[ikatan]\ndialek = \"rujukan\"")?;
    if let Some(style) = declared.paging {
        writeln!(text, "\n[ikatan.halaman]\ngaya = \"{style}\"")?;
    }
    for table in &declared.binding {
        writeln!(text, "\n{table}")?;
    }
    Ok(())
}
