//! The honest application.

use base64::Engine as _;
use serde_json::{Value, json};

use super::client::{ACTORS, Client};
use crate::domain::Status;

#[tokio::test]
async fn starts_quickly() {
    let start = std::time::Instant::now();
    let sandbox = crate::sandbox::start(crate::sandbox::Config::plain()).unwrap();
    let took = start.elapsed();
    sandbox.stop();
    assert!(took.as_millis() < 300, "{took:?}");
}

#[tokio::test]
async fn receipt_names_what_is_stored() {
    let client = Client::plain().await;
    let receipt = client.submit("pelapor_a", json!({})).await;
    assert_eq!(receipt.status, 201, "{receipt:?}");
    let id = receipt.id();
    assert_eq!(receipt.headers["location"], format!("/api/v1/pengaduan/{id}"));
    let types: Vec<_> = receipt.headers.get_all("content-type").iter().collect();
    assert_eq!(types, ["application/json"]);
    for actor in ["pelapor_a", "admin"] {
        let read = client.get(actor, &format!("/pengaduan/{id}")).await;
        assert_eq!(read.status, 200, "{read:?}");
        for member in ["id", "nomor_pelacakan", "status", "waktu_dibuat"] {
            assert_eq!(read.body[member], receipt.body[member], "{member}");
        }
        assert_eq!(read.body["pelapor"]["nama"], "Kanariq Namaan");
    }
    assert_eq!(client.get("admin", "/pengaduan").await.ids(), [id.as_str()]);
    let number = receipt.body["nomor_pelacakan"].as_str().unwrap().to_owned();
    let track = client.get("publik", &format!("/pelacakan/{number}")).await;
    assert_eq!(
        (track.status, &track.body["status"]),
        (200, &json!("menunggu_verifikasi"))
    );
}

#[tokio::test]
async fn statuses_move_as_the_standard_says() {
    let client = Client::plain().await;
    for status in Status::ALL {
        client.at(status.id()).await;
    }
    let admin = [
        "verifikasi",
        "permintaan-kelengkapan",
        "disposisi",
        "penerusan",
        "penundaan",
        "arsip",
        "penutupan",
    ];
    let reporter = ["kelengkapan", "tanggapan", "pembukaan-kembali", "pencabutan"];
    let acts = admin
        .map(|act| ("admin", act))
        .into_iter()
        .chain(reporter.map(|act| ("pelapor_a", act)));
    for (actor, act) in acts.chain([("petugas", "tindak-lanjut")]) {
        for status in Status::ALL {
            let id = client.at(status.id()).await;
            let answer = client.act(actor, &id, act).await;
            let after = Status::by_id(&client.status(&id).await).unwrap();
            if answer.status == 200 {
                assert!(status.moves().contains(&after), "{act} took {status} to {after}");
            } else {
                assert_eq!(after, *status, "{act} was refused and moved");
                assert!(
                    matches!(answer.status, 403 | 404 | 409),
                    "{act} on {status}: {answer:?}"
                );
            }
        }
    }
    assert!(client.sandbox.faults().is_empty());
}

#[tokio::test]
async fn strangers_see_nothing_before_verification_and_the_public_part_after() {
    let client = Client::plain().await;
    let id = client.submit("pelapor_a", json!({"anonim": true})).await.id();
    for path in [format!("/pengaduan/{id}"), format!("/pengaduan/{id}/riwayat")] {
        for stranger in ["publik", "pelapor_b", "petugas", "petugas_lain"] {
            let answer = client.get(stranger, &path).await;
            assert_eq!(answer.status, 404, "{stranger}: {answer:?}");
        }
    }
    for (actor, act) in [
        ("admin", "verifikasi"),
        ("admin", "disposisi"),
        ("petugas", "tindak-lanjut"),
        ("pelapor_a", "tanggapan"),
    ] {
        assert_eq!(client.act(actor, &id, act).await.status, 200);
    }
    for stranger in ["publik", "pelapor_b", "petugas_lain", "pengawas", "petugas"] {
        for path in [
            format!("/pengaduan/{id}"),
            format!("/pengaduan/{id}/riwayat"),
            "/pengaduan".to_owned(),
        ] {
            let answer = client.get(stranger, &path).await;
            assert_eq!(answer.status, 200, "{stranger} {path}: {answer:?}");
            for private in ["anariq", "08540001234", "3171010101909991"] {
                assert!(!answer.text.contains(private), "{stranger} {path}: {}", answer.text);
            }
        }
    }
    assert_eq!(client.get("publik", "/pencarian?q=Kanariq").await.ids().len(), 0);
    assert_eq!(
        client.get("publik", "/pencarian?q=LAIK-uji-1").await.ids(),
        [id.as_str()]
    );
    assert_eq!(client.get("pelapor_b", "/pengaduan").await.ids().len(), 0);
}

#[tokio::test]
async fn pages_are_complete() {
    let client = Client::plain().await;
    let mut sent = Vec::new();
    for _ in 0..13 {
        sent.push(client.submit("pelapor_a", json!({})).await.id());
    }
    sent.reverse();
    let mut seen = Vec::new();
    let mut page = json!(1);
    while !page.is_null() {
        let answer = client
            .get("admin", &format!("/pengaduan?ukuran=5&halaman={page}"))
            .await;
        seen.extend(answer.ids());
        page = answer.body["halaman"]["berikut"].clone();
    }
    assert_eq!(seen, sent);
    assert!(
        client
            .get("admin", "/pengaduan?ukuran=5&halaman=4")
            .await
            .ids()
            .is_empty()
    );
}

#[tokio::test]
async fn files_come_back_equal_and_in_ranges() {
    let client = Client::plain().await;
    let bytes: Vec<u8> = (0..=255).collect();
    let file = json!({"nama": "bukti.txt", "jenis_media": "text/plain", "isi_base64": base64::engine::general_purpose::STANDARD.encode(&bytes)});
    let id = client.submit("pelapor_a", json!({"lampiran": [file]})).await.id();
    let note = client.get("admin", &format!("/pengaduan/{id}")).await.body["lampiran"][0].clone();
    let path = format!("/pengaduan/{id}/lampiran/{}", note["id"].as_str().unwrap());
    let whole = client.request("pelapor_a", "GET", &path).send().await.unwrap();
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    for (range, status) in [
        ("bytes=10-19", 206),
        ("bytes=-5", 206),
        ("bytes=250-", 206),
        ("bytes=900-", 416),
        ("bytes=9-1", 200),
        ("kata", 200),
        ("bytes=0-1,3-4", 200),
    ] {
        let request = client.request("pelapor_a", "GET", &path).header("range", range);
        assert_eq!(client.send(request).await.status, status, "{range}");
    }
    assert_eq!(client.get("publik", &path).await.status, 404);
}

#[tokio::test]
async fn odd_requests_are_client_errors() {
    let client = Client::plain().await;
    let id = client.at("diproses").await;
    let gets = [
        "/pengaduan/%00",
        "/pengaduan/%ff",
        "/pengaduan?halaman",
        "/pengaduan?halaman=-1",
        "/pengaduan?halaman=99999999999999999999",
        "/pengaduan?status",
        "/pengaduan?status=entah",
        "/pengaduan?urut=kata",
        "/pengaduan?ukuran=0",
        "/pengaduan?kategori=8-1",
        "/pengaduan?diperbarui_sejak=kemarin",
        "/pencarian?q",
        "/pencarian",
        "/pencarian?q=%00",
        "/pencarian?q=%25_%27%22",
        "/statistik?dari=1990-01-01&sampai=1990-01-02",
        "/statistik?dari=2026-02-30",
        "/statistik?dari&sampai",
        "/entah",
        "/pelacakan/%00",
        "/pengaduan?%=%&&&=",
        "/pengaduan?diperbarui_sejak=9999-12-31T23:59:59Z",
        "/statistik?sampai=9999-12-31",
        "/pengaduan?halaman=1000000000&ukuran=100",
    ];
    for path in gets {
        for actor in ["admin", "publik"] {
            let answer = client.get(actor, path).await;
            assert!(answer.status < 500, "{actor} {path}: {answer:?}");
            if answer.status >= 400 {
                assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
            }
        }
    }
    for (name, value) in [
        ("accept-language", "xx-Entah;q=9, *"),
        ("cookie", "=;;;\u{1}a=\"b"),
        ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
        ("authorization", "Basic eHg="),
        ("content-type", "text/ganjil"),
    ] {
        let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) else {
            continue;
        };
        let answer = client
            .send(
                client
                    .request("publik", "GET", &format!("/pengaduan/{id}"))
                    .header(name, value),
            )
            .await;
        assert!(answer.status < 500, "{name}: {answer:?}");
    }
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{\"judul\":1}",
        "{\"judul\":\"\\ud800\"}",
        "{\"lampiran\":[3]}",
        "{\"kategori_id\":1e400}",
    ] {
        for path in [
            "/pengaduan",
            "/sesi",
            &format!("/pengaduan/{id}/tindak-lanjut"),
            &format!("/pengaduan/{id}/disposisi"),
        ] {
            let request = client
                .request("petugas", "POST", path)
                .header("content-type", "application/json")
                .body(body);
            let answer = client.send(request).await;
            assert!((400..500).contains(&answer.status), "{path} {body}: {answer:?}");
        }
    }
    let deep = "[".repeat(100_000);
    let request = client
        .request("pelapor_a", "POST", "/pengaduan")
        .header("content-type", "application/json")
        .body(deep);
    assert_eq!(client.send(request).await.status, 400);
    assert_eq!(
        client.send(client.request("admin", "ENTAH", "/pengaduan")).await.status,
        405
    );
    assert!(client.sandbox.faults().is_empty(), "{:?}", client.sandbox.faults());
}

#[tokio::test]
async fn many_submits_at_once_stay_apart() {
    let client = Client::plain().await;
    let sends = (0..20).map(|number| {
        let title = format!("Laporan serentak nomor {number}");
        let client = &client;
        async move {
            (
                title.clone(),
                client
                    .submit(
                        if number % 2 == 0 { "pelapor_a" } else { "pelapor_b" },
                        json!({"judul": title}),
                    )
                    .await,
            )
        }
    });
    let answers = futures::future::join_all(sends).await;
    let ids: std::collections::BTreeSet<_> = answers.iter().map(|(_, answer)| answer.id()).collect();
    assert_eq!(ids.len(), 20);
    for (title, answer) in &answers {
        assert_eq!(
            client.get("admin", &format!("/pengaduan/{}", answer.id())).await.body["judul"],
            json!(title)
        );
    }
}

#[tokio::test]
async fn tokens_that_were_changed_are_refused() {
    let client = Client::plain().await;
    let token = client.token("pelapor_a");
    let (head, rest) = token.split_once('.').unwrap();
    let (body, _) = rest.split_once('.').unwrap();
    let bad = [
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{token}AAAA"),
        "x".to_owned(),
        "..".to_owned(),
    ];
    for token in bad {
        let url = format!("{}/api/v1/pengaduan", client.sandbox.base_url());
        let answer = client.send(client.http.get(url).bearer_auth(token)).await;
        assert_eq!(answer.status, 401);
        assert!(answer.headers.contains_key("www-authenticate"));
    }
    assert_eq!(ACTORS.len(), 7);
    let out = client.send(client.request("pelapor_a", "DELETE", "/sesi")).await;
    assert_eq!(out.status, 200);
    assert_eq!(client.get("pelapor_a", "/pengaduan").await.status, 401);
}

#[tokio::test]
async fn statistics_agree_with_the_list() {
    let client = Client::plain().await;
    client.at("selesai").await;
    client.at("menunggu_verifikasi").await;
    let all = client.get("admin", "/statistik").await;
    assert_eq!(all.body["total"], 2);
    assert_eq!(
        client.get("publik", "/statistik").await.body["per_status"],
        json!({"selesai": 1})
    );
    let none = client
        .get("publik", "/statistik?dari=1990-01-01&sampai=1990-01-31")
        .await;
    assert_eq!((none.status, &none.body["total"]), (200, &json!(0)));
}

#[tokio::test]
async fn data_survives_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let config = || crate::sandbox::Config {
        data: Some(directory.path().to_owned()),
        ..crate::sandbox::Config::plain()
    };
    let first = Client::start(config()).await;
    let id = first.submit("pelapor_a", json!({})).await.id();
    first.sandbox.stop();
    let second = Client::start(config()).await;
    let read = second.get("pelapor_a", &format!("/pengaduan/{id}")).await;
    assert_eq!(read.status, 200);
    let none: &Value = &read.body["penilaian"];
    assert!(none.is_null());
}

/// The description of the API knows every address, and answers are as it says.
#[tokio::test]
async fn answers_fit_the_description() {
    let client = Client::plain().await;
    let document = client.get("publik", "/openapi.json").await.body;
    let check = |schema: &str, value: &Value| {
        let whole = json!({"$ref": format!("#/components/schemas/{schema}"), "components": document["components"]});
        let validator = jsonschema::validator_for(&whole).unwrap();
        let faults: Vec<_> = validator
            .iter_errors(value)
            .map(|fault| format!("{fault} at {}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{schema}: {faults:?}");
        let known = document["components"]["schemas"][schema]["properties"]
            .as_object()
            .unwrap();
        for member in value.as_object().unwrap().keys() {
            assert!(known.contains_key(member), "{schema} does not know {member}");
        }
    };
    for (path, item) in document["paths"].as_object().unwrap() {
        let concrete = path
            .replace("{id}", "x")
            .replace("{berkas}", "x")
            .replace("{nomor}", "x");
        for method in item.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            if method == "DELETE" {
                // Would end the session that the other requests need; it has a test of its own.
                continue;
            }
            let answer = client
                .send(
                    client
                        .request("admin", &method, &concrete)
                        .header("content-type", "application/json"),
                )
                .await;
            assert!(
                answer.status != 405 && !answer.text.contains("alamat-tidak-dikenal"),
                "{method} {path}"
            );
            // The errors of the token endpoint have the form of RFC 6749.
            if answer.status >= 400 && path != "/oauth/token" {
                check("Masalah", &answer.body);
                assert!(
                    item[method.to_lowercase()]["responses"][answer.status.to_string()].is_object(),
                    "{method} {path} {}",
                    answer.status
                );
            }
        }
    }
    drop(client);
    let client = Client::plain().await;
    let id = client.at("selesai").await;
    client.act("pelapor_a", &id, "penilaian").await;
    client.act("admin", &id, "catatan").await;
    for actor in ["publik", "pelapor_a", "pelapor_b", "admin", "petugas", "pengawas"] {
        check("Pengaduan", &client.get(actor, &format!("/pengaduan/{id}")).await.body);
        let list = client.get(actor, "/pengaduan").await.body;
        check("Halaman", &list["halaman"]);
        for item in list["data"].as_array().unwrap() {
            check("Pengaduan", item);
        }
        for event in client.get(actor, &format!("/pengaduan/{id}/riwayat")).await.body["data"]
            .as_array()
            .unwrap()
        {
            check("Peristiwa", event);
        }
        check("Statistik", &client.get(actor, "/statistik").await.body);
    }
    let receipt = client.submit("pelapor_a", json!({})).await.body;
    check("TandaTerima", &receipt);
    check(
        "Pelacakan",
        &client
            .get(
                "publik",
                &format!("/pelacakan/{}", receipt["nomor_pelacakan"].as_str().unwrap()),
            )
            .await
            .body,
    );
}

/// What happens reaches the hub in order, with its token, and without the reporter.
#[tokio::test]
async fn the_hub_is_told_in_order() {
    let hub = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::method("POST"))
        .respond_with(wiremock::ResponseTemplate::new(204))
        .mount(&hub)
        .await;
    for (defects, leaks) in [(&[][..], false), (&["PB-30d"][..], true)] {
        hub.reset().await;
        wiremock::Mock::given(wiremock::matchers::any())
            .respond_with(wiremock::ResponseTemplate::new(204))
            .mount(&hub)
            .await;
        let defects = defects.iter().map(|id: &&str| (*id).to_owned()).collect();
        let config = crate::sandbox::Config {
            defects,
            hub_url: Some(hub.uri()),
            ..crate::sandbox::Config::plain()
        };
        let client = Client::start(config).await;
        let id = client.submit("pelapor_a", json!({"anonim": true})).await.id();
        for (actor, act) in [
            ("admin", "verifikasi"),
            ("admin", "disposisi"),
            ("admin", "catatan"),
            ("petugas", "tindak-lanjut"),
        ] {
            assert_eq!(client.act(actor, &id, act).await.status, 200);
        }
        let mut told = Vec::new();
        while told.len() < 4 {
            tokio::task::yield_now().await;
            told = hub.received_requests().await.unwrap();
        }
        let token = format!("Bearer {}", client.sandbox.secrets()["token_hub"]);
        let bodies: Vec<Value> = told.iter().map(|request| request.body_json().unwrap()).collect();
        let events: Vec<_> = bodies.iter().map(|body| body["peristiwa"].as_str().unwrap()).collect();
        assert_eq!(events, ["dikirim", "diverifikasi", "didisposisi", "ditindaklanjuti"]);
        assert!(
            told.iter()
                .all(|request| request.headers["authorization"] == token.as_str())
        );
        assert_eq!(bodies.iter().any(|body| body.to_string().contains("Kanariq")), leaks);
        let statement = client.sandbox.statement_toml();
        assert!(statement.contains("\"hub_keluar\"") && statement.contains("rahasia = \"token_hub\""));
    }
}
