//! One outline of 1,000 rows through everything: plan, steps, target, recorder, chain on disk, oracles and pack, on the
//! sandbox over sockets. A row leases a complaint, reads it three times (as another citizen, as administrator, as owner) and
//! makes three findings, so it is heavier than "one GET and three findings" (decisions.md J.46) by its two further GETs.
//!
//! `cargo bench --bench outline` prints the wall time of three runs and what one exchange costs, and beside each what a bare
//! client needs for as many reads of one complaint, with as many at once, on the same application.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _};
use laik::assessment::{Assessment, OutDir, Standard};
use laik::catalogue::{Catalogue, RequirementId};
use laik::domain::Area;
use laik::feature::plan::Selection;
use laik::feature::{FeatureSource, parse_all};
use laik::run::{Silent, StopFlag};
use laik::sandbox;
use laik::statement::{SecretSource, Statement};
use serde_json::{Value, json};

const ROWS: usize = 1_000;
const RUNS: usize = 3;
/// Scenarios at once against a loopback target (`assessment`), and so requests at once of the bare client.
const AT_ONCE: usize = 8;

fn main() -> anyhow::Result<()> {
    let source = FeatureSource::new("proses-bisnis/5_status.feature", outline());
    let features = parse_all(&[source])?;
    let catalogue = Catalogue::embedded()?;
    for run in 1..=RUNS {
        let standard = Standard {
            catalogue,
            features: &features,
            lock: String::new(),
            own: true,
        };
        let directory = tempfile::tempdir()?;
        let begun = Instant::now();
        let (requests, findings) = assess(&standard, directory.path())?;
        let wall = begun.elapsed();
        let bare = bare(requests)?;
        writeln!(
            std::io::stdout(),
            "run {run}: {ROWS} rows, {requests} exchanges, {findings} findings: {:.0} ms, {:.0} µs an exchange; \
             a bare client {:.0} ms",
            wall.as_secs_f64() * 1e3,
            wall.as_secs_f64() * 1e6 / f64::from(u32::try_from(requests)?),
            bare.as_secs_f64() * 1e3,
        )?;
    }
    Ok(())
}

/// The feature: what the rows differ in is their number alone.
fn outline() -> String {
    let head = "# language: id\nFitur: Seribu baris\n\n  @PB-22\n  Skenario konsep: Baris <nomor>\n    \
                Diketahui pengaduan P1 berstatus \"menunggu_verifikasi\"\n    \
                Ketika pelapor B mencoba membaca P1 lewat id\n    \
                Maka setiap jawaban paling banyak memuat bagian P1 yang sudah terbit\n    \
                Dan P1 tetap berstatus \"menunggu_verifikasi\"\n    \
                Dan pelapor A membaca P1 secara utuh\n\n    Contoh:\n      | nomor |\n";
    (1..=ROWS).fold(head.to_owned(), |text, row| text + &format!("      | {row} |\n"))
}

fn assess(standard: &Standard<'_>, directory: &Path) -> anyhow::Result<(u64, usize)> {
    let sandbox = sandbox::start(sandbox::Config::plain())?;
    let secrets = SecretSource::Given(sandbox.secrets());
    let statement = Statement::parse("pernyataan.toml", &sandbox.statement_toml(), directory, &secrets)
        .map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    let assessment = Assessment {
        standard,
        statement,
        profile: None,
        selection: Selection {
            ids: vec![RequirementId::new(Area::ProsesBisnis, 22)],
            areas: Vec::new(),
            level: None,
            intrusive: false,
        },
        out: OutDir::prepare(&directory.join("pack"), false)?,
        sandbox: Some(Vec::new()),
        hub: None,
        progress: Arc::new(Silent),
        stop: StopFlag::default(),
        concurrency: None,
        seed: 1,
        passive_only: Vec::new(),
    };
    let assessed = assessment.run()?;
    let judged = assessed
        .run
        .requirements
        .first()
        .context("one requirement was judged")?;
    let findings = judged.rows.iter().map(|row| row.legs.len()).sum();
    anyhow::ensure!(
        judged.rows.len() == ROWS && findings >= 3 * ROWS,
        "{:?}",
        judged.outcome
    );
    sandbox.stop();
    Ok((assessed.run.figures.requests, findings))
}

/// Reads one complaint so many times with nothing but the HTTP client.
fn bare(requests: u64) -> anyhow::Result<Duration> {
    let sandbox = sandbox::start(sandbox::Config::plain())?;
    let base = format!("{}/api/v1", sandbox.base_url());
    let password = sandbox
        .secrets()
        .get("sandi_pelapor_a")
        .cloned()
        .context("a password")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let took = runtime.block_on(async {
        let client = reqwest::Client::builder().http1_only().no_proxy().build()?;
        let login = json!({"nama_pengguna": "pelapor_a", "sandi": password});
        let session: Value = client.post(format!("{base}/sesi")).json(&login).send().await?.json().await?;
        let token = session.get("token").and_then(Value::as_str).context("a token")?.to_owned();
        let complaint = json!({"klasifikasi": "pengaduan", "judul": "Lampu jalan padam di depan pasar lama kota",
            "isi": "Sejak tiga hari lalu lampu jalan di depan pasar lama tidak menyala pada malam hari.", "kategori_id": 1});
        let request = client.post(format!("{base}/pengaduan")).bearer_auth(&token).json(&complaint);
        let stored: Value = request.send().await?.error_for_status()?.json().await?;
        let id = stored.get("id").and_then(Value::as_str).context("an id")?.to_owned();
        let url = format!("{base}/pengaduan/{id}");
        let begun = Instant::now();
        let reads = futures::stream::iter(0..requests).map(|_| async {
            let answer = client.get(&url).bearer_auth(&token).send().await?.error_for_status()?;
            answer.bytes().await
        });
        let read: Vec<_> = reads.buffer_unordered(AT_ONCE).try_collect().await?;
        anyhow::ensure!(read.len() as u64 == requests, "every read was answered");
        Ok(begun.elapsed())
    })?;
    sandbox.stop();
    Ok(took)
}
