//! The rights of the person over the own data.

use serde_json::json;

use super::client::Client;

/// The owner corrects some fields, the others stay, the history tells it, and the search finds the new words.
#[tokio::test]
async fn corrections_change_what_they_name() {
    let client = Client::plain().await;
    let id = client.submit("pelapor_a", json!({})).await.id();
    let path = format!("/pengaduan/{id}/perbaikan");
    let body = json!({"judul": "Jembatan gantung putus", "pelapor": {"telepon": "08540007777", "alamat": null}});
    assert_eq!(client.post("pelapor_b", &path, &body).await.status, 404);
    assert_eq!(client.post("admin", &path, &body).await.status, 403);
    let answer = client.post("pelapor_a", &path, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let read = client.get("admin", &format!("/pengaduan/{id}")).await.body;
    assert_eq!(read["judul"], "Jembatan gantung putus");
    assert_eq!(read["kategori_id"], 1);
    assert_eq!(read["pelapor"]["telepon"], "08540007777");
    assert_eq!(read["pelapor"]["email"], "kanariq@contoh.test");
    assert!(read["pelapor"].get("alamat").is_none());
    let history = client.get("pelapor_a", &format!("/pengaduan/{id}/riwayat")).await.body;
    assert_eq!(history["data"][1]["peristiwa"], "dikoreksi");
    let found = client.get("pelapor_a", "/pencarian?q=gantung").await;
    assert_eq!(found.ids(), std::slice::from_ref(&id));
    assert!(
        client
            .get("pelapor_a", "/pencarian?q=lampu%20LAIK")
            .await
            .ids()
            .is_empty()
    );
    for bad in [
        json!({}),
        json!({"judul": null}),
        json!({"pelapor": {"email": "bukan surel"}}),
        json!({"pelapor": {"nik": "12"}}),
    ] {
        assert_eq!(client.post("pelapor_a", &path, &bad).await.status, 422, "{bad}");
    }
    let given = client.at("terdisposisi").await;
    let late = client
        .post("pelapor_a", &format!("/pengaduan/{given}/perbaikan"), &body)
        .await;
    assert_eq!(late.status, 409);
}

/// The copy holds the own complaints alone, and nothing internal.
#[tokio::test]
async fn the_copy_is_whole_and_own() {
    let client = Client::plain().await;
    let first = client.at("diproses").await;
    client.act("petugas", &first, "catatan").await;
    let second = client.submit("pelapor_a", json!({})).await.id();
    let other = client.submit("pelapor_b", json!({})).await.id();
    assert_eq!(client.get("publik", "/data-pribadi").await.status, 401);
    let copy = client.get("pelapor_a", "/data-pribadi").await;
    let ids: Vec<_> = copy.body["pengaduan"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(ids, [json!(second), json!(first)]);
    assert!(!copy.text.contains(&other) && !copy.text.contains("catatan"));
    assert_eq!(copy.body["akun"]["nama_pengguna"], "pelapor_a");
    let events: Vec<_> = copy.body["pengaduan"][1]["riwayat"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["peristiwa"].clone())
        .collect();
    assert_eq!(events, ["dikirim", "diverifikasi", "didisposisi", "ditindaklanjuti"]);
}

/// Erasing takes the person away for everybody, and leaves number, status and history.
#[tokio::test]
async fn erased_people_are_gone() {
    let client = Client::plain().await;
    let id = client.at("selesai").await;
    let path = format!("/pengaduan/{id}/penghapusan-data-pribadi");
    assert_eq!(client.post("pelapor_b", &path, &json!({})).await.status, 403);
    assert_eq!(client.post("pelapor_a", &path, &json!({})).await.status, 200);
    for actor in ["pelapor_a", "admin", "petugas", "pengawas", "publik"] {
        let read = client.get(actor, &format!("/pengaduan/{id}")).await;
        assert!(
            !read.text.contains("anariq") && !read.text.contains("0854"),
            "{actor} {}",
            read.text
        );
        assert_eq!(read.body["status"], "selesai");
    }
    let open = client.submit("pelapor_a", json!({})).await.id();
    let early = client
        .post(
            "pelapor_a",
            &format!("/pengaduan/{open}/penghapusan-data-pribadi"),
            &json!({}),
        )
        .await;
    assert_eq!(early.status, 409);
}
