//! The doors of the hub: dispositions come in once, changes go out completely.

use serde_json::{Value, json};

use super::client::{Client, baku};

async fn deliver(client: &Client, actor: &str, changes: Value) -> super::client::Answer {
    client.post(actor, "/hub/disposisi", &baku(&changes)).await
}

#[tokio::test]
async fn a_disposition_becomes_one_complaint_that_newer_versions_update() {
    let client = Client::plain().await;
    let first = deliver(&client, "hub", json!({"id_sp4n": "SP-1", "versi": 2})).await;
    assert_eq!(first.status, 201, "{first:?}");
    let path = format!("/pengaduan/{}", first.id());
    let read = client.get("admin", &path).await.body;
    assert_eq!(
        (&read["id_sp4n"], &read["kanal"], &read["status"]),
        (&json!("SP-1"), &json!("hub"), &json!("menunggu_verifikasi"))
    );
    assert_ne!(first.id(), "SP-1");
    client.act("admin", &first.id(), "verifikasi").await;
    for (version, title, shown) in [
        (1, "Lebih lama", read["judul"].as_str().unwrap()),
        (2, "Sama", read["judul"].as_str().unwrap()),
        (3, "Lebih baru sekali", "Lebih baru sekali"),
    ] {
        let again = json!({"id_sp4n": "SP-1", "versi": version, "judul": title});
        let again = deliver(&client, "hub", again).await;
        assert_eq!((again.status, again.id()), (200, first.id()));
        let read = client.get("admin", &path).await.body;
        assert_eq!(
            (&read["judul"], &read["status"]),
            (&json!(shown), &json!("terverifikasi"))
        );
    }
    let found = client.get("admin", "/pencarian?q=sekali").await.ids();
    assert_eq!(found, [first.id()]);
    let history = client.get("admin", &format!("{path}/riwayat")).await.body;
    let events: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["peristiwa"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["dikirim", "diverifikasi", "dikoreksi"]);
}

#[tokio::test]
async fn only_the_hub_comes_through_its_doors() {
    let client = Client::plain().await;
    for (actor, status) in [("publik", 401), ("pelapor_a", 403), ("admin", 403), ("petugas", 403)] {
        let sent = deliver(&client, actor, json!({"id_sp4n": "SP-1", "versi": 1})).await;
        assert_eq!(sent.status, status, "{actor}");
        assert_eq!(client.get(actor, "/hub/perubahan").await.status, status, "{actor}");
    }
    assert!(client.get("admin", "/pengaduan").await.ids().is_empty());
    for bad in [
        json!({"versi": 1}),
        json!({"id_sp4n": "SP-1"}),
        json!({"id_sp4n": "SP-1", "versi": "x"}),
    ] {
        assert_eq!(deliver(&client, "hub", bad).await.status, 422);
    }
    let id = client.submit("pelapor_a", json!({})).await.id();
    assert_eq!(client.get("hub", &format!("/pengaduan/{id}")).await.status, 404);
    assert_eq!(client.submit("hub", json!({})).await.status, 403);
}

#[tokio::test]
async fn changes_are_complete_and_in_order() {
    let client = Client::plain().await;
    let id = client.at("terdisposisi").await;
    for text in ["Jawaban pertama", "Jawaban kedua"] {
        let path = format!("/pengaduan/{id}/tindak-lanjut");
        assert_eq!(client.post("petugas", &path, &json!({"isi": text})).await.status, 200);
    }
    client.act("admin", &id, "catatan").await;
    deliver(&client, "hub", json!({"id_sp4n": "SP-1", "versi": 1})).await;
    let mut told = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client
            .get("hub", &format!("/hub/perubahan?ukuran=2&kursor={cursor}"))
            .await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(!page.text.contains("Kanariq"));
        let rows = page.body["data"].as_array().unwrap().clone();
        assert!(rows.len() <= 2);
        told.extend(rows);
        page.body["kursor"].as_str().unwrap().clone_into(&mut cursor);
        if page.body["lanjut"] == json!(false) {
            break;
        }
    }
    let events: Vec<_> = told
        .iter()
        .map(|change| (change["peristiwa"].as_str().unwrap(), change["isi"].as_str()))
        .collect();
    assert_eq!(
        events,
        [
            ("dikirim", None),
            ("diverifikasi", None),
            ("didisposisi", None),
            ("ditindaklanjuti", Some("Jawaban pertama")),
            ("ditindaklanjuti", Some("Jawaban kedua")),
        ]
    );
    let nothing = client.get("hub", &format!("/hub/perubahan?kursor={cursor}")).await.body;
    assert_eq!((&nothing["data"], &nothing["kursor"]), (&json!([]), &json!(cursor)));
    client.act("admin", &id, "penutupan").await;
    let closed = client.get("hub", &format!("/hub/perubahan?kursor={cursor}")).await.body;
    assert_eq!(closed["data"][0]["status"], "selesai");
    let future = "/hub/perubahan?diperbarui_sejak=2099-01-01T00:00:00Z";
    assert_eq!(client.get("hub", future).await.body["data"], json!([]));
    for bad in ["kursor=1-00000000", "kursor=x", "ukuran=101", "diperbarui_sejak=x"] {
        assert_eq!(
            client.get("hub", &format!("/hub/perubahan?{bad}")).await.status,
            400,
            "{bad}"
        );
    }
}
