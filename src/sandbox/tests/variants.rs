//! Each variant acts, keeps the application whole, and has a statement that reads.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{Answer, Client, baku, usual};
use crate::catalogue::Catalogue;
use crate::sandbox::variants::SWITCHES;
use crate::statement::{SecretSource, Statement};

fn statement(client: &Client) -> Statement {
    let text = client.sandbox.statement_toml();
    let source = SecretSource::Given(client.sandbox.secrets());
    Statement::parse("pernyataan.toml", &text, Path::new("."), &source)
        .unwrap_or_else(|faults| panic!("{faults:#?}\n{text}"))
}

#[test]
fn every_switch_stands_for_a_variant_of_the_standard() {
    let standard = Catalogue::embedded().unwrap();
    let variants = standard
        .requirements
        .iter()
        .flat_map(|requirement| &requirement.variants);
    let named: BTreeSet<_> = variants
        .flat_map(|variant| &variant.switches)
        .map(String::as_str)
        .collect();
    let known: BTreeSet<_> = SWITCHES.iter().map(|switch| switch.name).collect();
    assert_eq!(named, known);
    assert_eq!(known.len(), SWITCHES.len());
}

#[tokio::test]
async fn plain_statement_reads() {
    let client = Client::plain().await;
    let statement = statement(&client);
    assert!(statement.loopback() && statement.staging());
    assert!(statement.bound().len() > 40);
    for (name, value) in client.sandbox.secrets() {
        assert!(!statement.text().contains(&value), "{name} stands in the statement");
    }
}

/// The id of what was just sent, however the receipt tells it.
async fn sent(client: &Client, actor: &str, changes: Value) -> String {
    let mut answer = client.submit(actor, changes.clone()).await;
    while matches!(answer.status, 429 | 503) {
        assert_eq!(answer.headers["retry-after"], "1");
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        answer = client.submit(actor, changes.clone()).await;
    }
    assert!((200..300).contains(&answer.status), "{answer:?}");
    let text = format!(
        "{}{}",
        answer.text,
        answer
            .headers
            .get("location")
            .map_or("", |value| value.to_str().unwrap())
    );
    let uuid = regex::Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    uuid.find(&text).unwrap().as_str().to_owned()
}

async fn tour(client: &Client, switch: &str) {
    let (ordinary, hidden) = (
        sent(client, "pelapor_a", json!({})).await,
        sent(client, "pelapor_a", json!({"anonim": true})).await,
    );
    client.get("admin", "/pengaduan").await;
    client.get("pelapor_a", &format!("/pengaduan/{ordinary}")).await;
    if switch == "tampak_belakangan" {
        tokio::time::sleep(std::time::Duration::from_millis(320)).await;
    }
    let own = client.get("pelapor_a", &format!("/pengaduan/{ordinary}")).await;
    assert_eq!(own.status, 200, "{switch}: {own:?}");
    assert_eq!(own.body["judul"], baku(&json!({}))["judul"]);
    if let Some(number) = own.body["nomor_pelacakan"].as_str() {
        assert_eq!(client.get("publik", &format!("/pelacakan/{number}")).await.status, 200);
    }
    let nobody = client.act("publik", &ordinary, "pencabutan").await;
    assert!(matches!(nobody.status, 401 | 403 | 404), "{switch}: {nobody:?}");
    let strange = client.get("pelapor_b", &format!("/pengaduan/{ordinary}")).await;
    assert!(
        matches!(strange.status, 403 | 404) || switch == "verifikasi_otomatis",
        "{switch}: {strange:?}"
    );
    let chain = [
        ("admin", "verifikasi"),
        ("petugas", "tindak-lanjut"),
        ("admin", "disposisi"),
        ("admin", "penutupan"),
        ("petugas", "tindak-lanjut"),
        ("petugas", "tindak-lanjut"),
        ("pelapor_a", "tanggapan"),
        ("admin", "penutupan"),
        ("admin", "arsip"),
    ];
    for id in [&ordinary, &hidden] {
        for (actor, action) in chain {
            client
                .post(actor, &format!("/pengaduan/{id}/{action}"), &usual(action))
                .await;
        }
        let closed = client.status(id).await;
        assert_eq!(
            closed,
            if switch == "arsip_selesai" {
                "selesai_diberkaskan"
            } else {
                "selesai"
            },
            "{switch}"
        );
    }
    if let Some(number) = own.body["nomor_pelacakan"].as_str() {
        assert_eq!(client.get("publik", &format!("/pelacakan/{number}")).await.status, 200);
    }
    let last = sent(client, "pelapor_b", json!({})).await;
    if switch == "tampak_belakangan" {
        tokio::time::sleep(std::time::Duration::from_millis(320)).await;
    }
    client.act("pelapor_b", &last, "pencabutan").await;
    client.act("petugas", &last, "tindak-lanjut").await;
    assert_eq!(client.status(&last).await, "dicabut", "{switch}");
    for path in [
        format!("/pengaduan/{hidden}"),
        "/pengaduan".to_owned(),
        "/pencarian?q=kanariq".to_owned(),
    ] {
        for actor in ["publik", "pelapor_b", "pengawas"] {
            let answer = client.get(actor, &path).await;
            let shown = answer.body["data"]
                .as_array()
                .map_or(vec![answer.body.clone()], Clone::clone);
            let theirs = shown.iter().find(|item| item["id"] == json!(hidden));
            assert!(
                !theirs.is_some_and(|item| item.to_string().contains("Kanariq")),
                "{switch} {actor} {path}"
            );
        }
    }
    for path in [
        "/pengaduan?halaman=99&geser=99",
        "/pencarian?q=padam'",
        "/pencarian?q=laik,uji",
        "/pengaduan?kategori=1-1",
    ] {
        assert!(client.get("admin", path).await.status < 500);
    }
    client.submit("publik", json!({})).await;
    client.get("admin", &format!("/pengaduan/{ordinary}/riwayat")).await;
    client.send(client.request("admin", "ENTAH", "/pengaduan")).await;
    let bad = client
        .http
        .get(format!("{}/api/v1/pengaduan", client.sandbox.base_url()))
        .bearer_auth("x.y.z");
    assert!(matches!(client.send(bad).await.status, 400 | 401), "{switch}");
    let burst = futures::future::join_all((0..20).map(|_| client.submit("pelapor_a", json!({})))).await;
    assert!(
        burst.iter().filter(|answer| answer.status < 300).count() >= 10,
        "{switch}"
    );
}

/// Switches that the tour makes act. The others act on paths of single requirements: the selftest shows that they do.
const ON_THE_TOUR: &[&str] = &[
    "id_di_location",
    "id_dalam_teks",
    "jawab_202",
    "jawab_lambat",
    "batas_laju_429",
    "sibuk_503",
    "kode_tolak_400",
    "kode_tolak_403",
    "kode_tolak_404",
    "kode_tolak_422",
    "asing_403",
    "token_401_jadi_400",
    "metode_501",
    "tolak_kutip_400",
    "cari_abaikan_tanda",
    "cari_potong_kutip",
    "angka_lunak",
    "id_acak",
    "id_berjarak",
    "nomor_sama_id",
    "nama_anonim",
    "nama_samaran",
    "identitas_tertutup_admin",
    "tampak_belakangan",
    "verifikasi_otomatis",
    "lacak_ringkas",
    "penanganan_langsung",
    "komentar_sesudah_final",
    "arsip_selesai",
    "terbit_tertutup",
    "halaman_kursor",
    "halaman_tautan",
    "halaman_offset",
    "urut_terlama",
    "akhir_404",
    "token_opak",
    "token_introspeksi",
    "token_jwe",
];

#[tokio::test]
async fn each_switch_of_the_tour_acts_alone() {
    for switch in ON_THE_TOUR {
        let client = Client::with(&[], &[switch]).await;
        tour(&client, switch).await;
        assert!(client.acted(switch) > 0, "{switch} never acted");
        assert!(
            client.sandbox.faults().is_empty(),
            "{switch}: {:?}",
            client.sandbox.faults()
        );
    }
}

#[tokio::test]
async fn each_switch_has_a_statement_that_reads() {
    for switch in SWITCHES {
        statement(&Client::with(&[], &[switch.name]).await);
    }
}

async fn walk(client: &Client, first: &str, next: impl Fn(&Answer) -> Option<String>) -> Vec<String> {
    let (mut path, mut seen) = (Some(first.to_owned()), Vec::new());
    while let Some(here) = path {
        let answer = client.get("admin", &here).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        seen.extend(answer.ids());
        path = next(&answer);
        assert!(seen.len() < 100);
    }
    seen
}

#[tokio::test]
async fn every_style_of_pages_is_complete() {
    for (style, order) in [
        ("halaman_kursor", ""),
        ("halaman_kursor", "urut_terlama"),
        ("halaman_tautan", "urut_terlama"),
        ("halaman_offset", ""),
    ] {
        let switches: Vec<_> = [style, order].into_iter().filter(|name| !name.is_empty()).collect();
        let client = Client::with(&[], &switches).await;
        let mut ids = Vec::new();
        for _ in 0..13 {
            ids.push(client.submit("pelapor_a", json!({})).await.id());
        }
        if order.is_empty() {
            ids.reverse();
        }
        let seen = walk(&client, "/pengaduan?ukuran=5", |answer| match style {
            "halaman_kursor" => {
                let cursor = answer.body["halaman"]["kursor_berikut"].as_str()?;
                Some(format!("/pengaduan?ukuran=5&kursor={cursor}"))
            }
            "halaman_tautan" => {
                let link = answer.headers.get("link")?.to_str().unwrap();
                Some(
                    link.split(['<', '>'])
                        .nth(1)
                        .unwrap()
                        .strip_prefix("/api/v1")
                        .unwrap()
                        .to_owned(),
                )
            }
            _ => {
                let page = &answer.body["halaman"];
                let next = page["geser"].as_u64().unwrap() + 5;
                (next < page["jumlah"].as_u64().unwrap()).then(|| format!("/pengaduan?ukuran=5&geser={next}"))
            }
        })
        .await;
        assert_eq!(seen, ids, "{switches:?}");
    }
    let client = Client::with(&[], &["akhir_404"]).await;
    assert_eq!(client.get("admin", "/pengaduan?halaman=2").await.status, 404);
}

#[test]
fn impossible_pairs_are_refused() {
    for pair in [
        ["halaman_kursor", "halaman_offset"],
        ["akhir_404", "halaman_tautan"],
        ["token_opak", "token_jwe"],
    ] {
        let config = crate::sandbox::Config {
            variants: pair.map(str::to_owned).to_vec(),
            ..crate::sandbox::Config::plain()
        };
        assert!(crate::sandbox::start(config).is_err(), "{pair:?}");
    }
}
