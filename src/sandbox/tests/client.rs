//! A client for tests: one sandbox and the sessions of its actors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::sandbox::{Config, Sandbox, start};

/// A whole answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Value,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn ids(&self) -> Vec<String> {
        let rows = self.body["data"].as_array().unwrap();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    }

    pub(super) fn id(&self) -> String {
        self.body["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no id in {self:?}"))
            .to_owned()
    }
}

pub(super) struct Client {
    pub(super) sandbox: Sandbox,
    pub(super) http: reqwest::Client,
    tokens: BTreeMap<&'static str, String>,
}

pub(super) const ACTORS: &[&str] = &[
    "pelapor_a",
    "pelapor_b",
    "admin",
    "petugas",
    "petugas_lain",
    "pengawas",
    "hub",
];

impl Client {
    pub(super) async fn plain() -> Self {
        Self::with(&[], &[]).await
    }

    pub(super) async fn with(defects: &[&str], variants: &[&str]) -> Self {
        let text = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self::start(Config {
            defects: text(defects),
            variants: text(variants),
            ..Config::plain()
        })
        .await
    }

    pub(super) async fn start(config: Config) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = start(config).unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let mut client = Self {
            sandbox,
            http,
            tokens: BTreeMap::new(),
        };
        let secrets = client.sandbox.secrets();
        for actor in ACTORS {
            let body = json!({"nama_pengguna": actor, "sandi": secrets[&format!("sandi_{actor}")]});
            let answer = client.post("publik", "/sesi", &body).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            client
                .tokens
                .insert(actor, answer.body["token"].as_str().unwrap().to_owned());
        }
        client
    }

    pub(super) fn token(&self, actor: &str) -> String {
        self.tokens[actor].clone()
    }

    pub(super) fn request(&self, actor: &str, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/api/v1{path}", self.sandbox.base_url());
        let request = self.http.request(method.parse().unwrap(), url);
        match self.tokens.get(actor) {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(super) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned();
        Answer {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    pub(super) async fn get(&self, actor: &str, path: &str) -> Answer {
        self.send(self.request(actor, "GET", path)).await
    }

    pub(super) async fn post(&self, actor: &str, path: &str, body: &Value) -> Answer {
        let request = self
            .request(actor, "POST", path)
            .header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    pub(super) async fn submit(&self, actor: &str, changes: Value) -> Answer {
        self.post(actor, "/pengaduan", &baku(&changes)).await
    }

    pub(super) async fn act(&self, actor: &str, id: &str, action: &str) -> Answer {
        self.post(actor, &format!("/pengaduan/{id}/{action}"), &usual(action))
            .await
    }

    pub(super) async fn status(&self, id: &str) -> String {
        let answer = self.get("admin", &format!("/pengaduan/{id}")).await;
        answer.body["status"].as_str().unwrap_or("-").to_owned()
    }

    /// Brings a new complaint to a status.
    pub(super) async fn at(&self, status: &str) -> String {
        let id = self.submit("pelapor_a", json!({})).await.id();
        let chain: &[(&str, &str)] = match status {
            "menunggu_verifikasi" => &[],
            "perlu_kelengkapan" => &[("admin", "permintaan-kelengkapan")],
            "terverifikasi" => &[("admin", "verifikasi")],
            "terdisposisi" => &[("admin", "verifikasi"), ("admin", "disposisi")],
            "diproses" => &[
                ("admin", "verifikasi"),
                ("admin", "disposisi"),
                ("petugas", "tindak-lanjut"),
            ],
            "ditanggapi_pelapor" => &[
                ("admin", "verifikasi"),
                ("admin", "disposisi"),
                ("petugas", "tindak-lanjut"),
                ("pelapor_a", "tanggapan"),
            ],
            "ditunda" => &[("admin", "verifikasi"), ("admin", "disposisi"), ("admin", "penundaan")],
            "selesai" => &[
                ("admin", "verifikasi"),
                ("admin", "disposisi"),
                ("petugas", "tindak-lanjut"),
                ("admin", "penutupan"),
            ],
            "diarsipkan" => &[("admin", "arsip")],
            "diteruskan" => &[("admin", "penerusan")],
            "dicabut" => &[("pelapor_a", "pencabutan")],
            other => panic!("no chain to {other}"),
        };
        for (actor, action) in chain {
            let answer = self.act(actor, &id, action).await;
            assert_eq!(answer.status, 200, "{action}: {answer:?}");
        }
        assert_eq!(self.status(&id).await, status);
        id
    }

    pub(super) fn acted(&self, name: &str) -> u64 {
        self.sandbox.counters()[name]
    }
}

pub(super) fn baku(changes: &Value) -> Value {
    let mut body = json!({
        "klasifikasi": "pengaduan", "judul": "Lampu jalan padam di depan balai warga LAIK-uji-1",
        "isi": "Lampu jalan di depan balai warga padam sejak pekan lalu sehingga warga kesulitan berjalan pada malam hari.",
        "kategori_id": 1, "kanal": "web", "tanggal_kejadian": "2026-01-05",
        "lokasi": {"kode_wilayah": "3171", "alamat": "Jalan Uji 1", "lintang": -6.2, "bujur": 106.8},
        "pelapor": {"nama": "Kanariq Namaan", "email": "kanariq@contoh.test", "telepon": "08540001234", "nik": "3171010101909991", "alamat": "Gang Kanariq 7"},
    });
    let members: &mut Map<String, Value> = body.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    body
}

pub(super) fn usual(action: &str) -> Value {
    match action {
        "verifikasi" => json!({"klasifikasi": "pengaduan", "kategori_id": 1}),
        "disposisi" => json!({"unit_id": "U1", "alasan": "Sesuai bidang."}),
        "penundaan" | "arsip" | "penerusan" | "pembukaan-kembali" => {
            json!({"alasan": {"kode": "lain", "teks": "Alasan uji."}})
        }
        "penutupan" | "pencabutan" | "kelanjutan" => json!({}),
        "penilaian" => json!({"nilai": 4}),
        _ => json!({"isi": "Teks uji yang cukup panjang."}),
    }
}
