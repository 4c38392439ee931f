//! What the recorder costs: a small record, and the capture of an exchange with two kilobytes of JSON.

use std::sync::Arc;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use laik::domain::{Actor, Op};
use laik::evidence::record::{Credential, Data, Declare, Header, Part, Reading, Record, Scope};
use laik::evidence::{CanaryBook, Observer, RawAnswer, RawExchange, RawRequest, Recorder, Secrets};

struct Nobody;

impl Observer for Nobody {
    fn observe(&mut self, _record: &Arc<Record>) {}
}

/// A recorder with the secrets of an ordinary run.
fn recorder(dir: &std::path::Path) -> anyhow::Result<Recorder> {
    let header = Header {
        format: "1.0".to_owned(),
        laik: "0".to_owned(),
        run: "k3v9q0x7m2p5w8z1".to_owned(),
        started: "2026-01-05T02:00:00Z".to_owned(),
        standard_digest: String::new(),
        statement_digest: String::new(),
    };
    let secrets = Secrets::new();
    for number in 0..12 {
        secrets.register(
            "token",
            &format!("eyJhbGciOi.eyJzdWIiOiJwZWxhcG9yIn0{number:030}.c2lnbmF0dXJl{number:030}"),
        );
    }
    let canaries = CanaryBook::new("k3v9q0x7m2p5w8z1");
    for fixture in 0..200 {
        canaries.plant(fixture, "judul", false);
        canaries.register_value(
            fixture,
            "pelapor.nik",
            true,
            &format!("{:016}", 3_204_110_101_900_000 + u64::from(fixture)),
        );
    }
    Ok(Recorder::create(dir, header, secrets, canaries, Box::new(Nobody))?)
}

fn scope() -> Scope {
    Scope {
        attempt: 1,
        row: Some("keamanan/2_sesi.feature:41".to_owned()),
        part: Part::Probe,
    }
}

fn exchange(body: &Bytes, mapped: &serde_json::Value) -> RawExchange {
    RawExchange {
        op: Op::Read,
        actor: Actor::PelaporA,
        credential: Credential::Own,
        object: Some("P1".to_owned()),
        step: String::new(),
        input_class: String::new(),
        started_us: 10,
        ended_us: 25,
        at: "2026-01-05T02:00:01Z".to_owned(),
        request: RawRequest {
            method: "GET".to_owned(),
            url: "http://127.0.0.1:8101/pengaduan/7".to_owned(),
            headers: vec![
                ("accept".to_owned(), "application/json".to_owned()),
                (
                    "authorization".to_owned(),
                    format!(
                        "Bearer eyJhbGciOi.eyJzdWIiOiJwZWxhcG9yIn0{0:030}.c2lnbmF0dXJl{0:030}",
                        7
                    ),
                ),
            ],
            body: None,
        },
        answer: RawAnswer::Response {
            status: 200,
            headers: vec![
                ("content-type".to_owned(), b"application/json".to_vec()),
                ("date".to_owned(), b"Mon, 05 Jan 2026 02:00:01 GMT".to_vec()),
                ("content-length".to_owned(), b"2000".to_vec()),
            ],
            body: body.clone(),
        },
        reading: Reading::Accepted,
        mapped: mapped.clone(),
        map_fault: None,
        raw: std::collections::BTreeMap::new(),
        waits: 0,
    }
}

fn records(criterion: &mut Criterion) {
    let Ok(dir) = tempfile::tempdir() else { return };
    let Ok(recorder) = recorder(dir.path()) else { return };
    criterion.bench_function("write a small record", |bencher| {
        bencher.iter_batched(
            || {
                Data::Declare(Declare {
                    line: 41,
                    legs: vec!["history@pelapor_a".to_owned()],
                })
            },
            |data| recorder.write(scope(), data),
            BatchSize::SmallInput,
        );
    });
    let mapped = serde_json::json!({
        "id": "7", "nomor_pelacakan": "LP-2026-000007", "judul": "Jalan rusak k3v9q0x7m2p5w8z10017a",
        "isi": "Lubang besar di depan pasar.\nSudah dua bulan. ".repeat(30), "status": "diproses",
        "waktu_dibuat": "2026-01-05T09:00:00+07:00", "pelapor": {"nama": "Sari Uji", "nik": "3204110101900007"}
    });
    let body = Bytes::from(mapped.to_string());
    criterion.bench_function("capture an exchange of 2 kB", |bencher| {
        bencher.iter_batched(
            || exchange(&body, &mapped),
            |raw| recorder.capture(scope(), raw),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, records);
criterion_main!(benches);
