//! A made-up run with every verdict, warnings, disagreeing attempts, a halt, and hostile strings in every place
//! where a target's text can stand. For tests, and for looking at reports.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::too_many_lines,
    reason = "test data"
)]

use crate::catalogue::{
    CapabilityExpr, Catalogue, Confirmation, Lane, Level, Mark, Method, Phase, Place, Requirement, RequirementId,
    Source,
};
use crate::domain::phrase::Lang;
use crate::domain::{Actor, Capability, Op, Phrase, Profile};
use crate::evidence::record::{
    Answer, Body, Broken, BrokenKind, CanaryHit, Credential, Data, Exchange, Facts, Observation, Part, Reading, Record,
    Request, Response, Scope,
};
use crate::feature::plan::{Disposition, Plan, PlannedRequirement, PlannedRow, PlannedStep, Selection};
use crate::pack::run_json::{
    EvidenceHead, FORMAT, Figures, Halted, Judged, LegResult, PhaseFigures, RequirementResult, RowResult, RunJson,
    Sertifikasi, StandardFacts, Summary, TargetFacts,
};
use crate::report::Model;
use crate::verdict::{Decision, Reason, Strength, Verdict};

/// Markup that must never come out as markup.
pub(crate) const MARKUP: &str = "<script>alert(1)</script>";

/// Markup, quotes, right-to-left override, ANSI escapes, NUL, C1, zero-width and template syntax.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script> \"'><img src=x onerror=alert(2)> {{ 7*7 }} {% raw %} \u{202e}txt.exe\u{2066} \u{1b}[31m\u{1b}]0;x\u{7}\0\u{9b}2J\u{200b}]]>&amp;--><!--";

/// The model of [`run`].
pub(crate) fn model(lang: Lang) -> Model {
    model_of(&run(), lang)
}

/// The model of a variation of [`run`].
pub(crate) fn model_of(run: &RunJson, lang: Lang) -> Model {
    let gloss = |kind: &str, text: &str| match (kind, text.contains("mengirim pengaduan")) {
        ("ketika", true) => Some("reporter A submits complaint P1 in the second category".to_owned()),
        _ => None,
    };
    super::model(run, &catalogue(), records(), &gloss, lang)
}

fn p(id: &str, en: &str) -> Phrase {
    Phrase::new(id, en)
}

/// A leg with the outcome of its verdict.
fn leg(key: &str, outcome: Judged, expected: Phrase, actual: Phrase, evidence: &[u64]) -> LegResult {
    let strength = Strength::Finding;
    LegResult {
        key: key.into(),
        outcome,
        strength,
        expected,
        actual,
        evidence: evidence.to_vec(),
        attempts: Vec::new(),
    }
}

fn row(id: &str, label: &str, scenario: &str, outcome: Judged, legs: Vec<LegResult>) -> RowResult {
    let attempts = u8::from(outcome.verdict != Verdict::NotRun);
    RowResult {
        id: id.into(),
        label: label.into(),
        scenario: scenario.into(),
        attempts,
        outcome,
        legs,
        halted: None,
        time_ms: 184,
    }
}

fn result(id: &str, outcome: Judged, rows: Vec<RowResult>) -> RequirementResult {
    let entry = catalogue();
    let entry = entry.find(id.parse().unwrap()).unwrap();
    RequirementResult {
        id: id.into(),
        title: entry.title.clone(),
        area: Some(entry.id.area()),
        level: entry.level,
        profile: entry.profile,
        outcome,
        note: None,
        warnings: Vec::new(),
        time_ms: rows.iter().map(|row| row.time_ms).sum(),
        requests: 12 * rows.len() as u64,
        rows,
    }
}

/// The run.
pub(crate) fn run() -> RunJson {
    let pass = || Judged::plain(Verdict::Pass);
    let fail = || Judged::plain(Verdict::Fail);
    let found = || {
        p(
            "ditemukan dengan penanda kiriman itu sendiri",
            "found with the marker of that very submission",
        )
    };
    let mut lost = leg(
        "list@admin/kategori-3",
        fail(),
        found(),
        p(
            "diakui dengan nomor ADU-2026-00017, tetapi tidak ada dalam daftar admin setelah 3 pembacaan dalam 5 detik",
            "acknowledged under the number ADU-2026-00017, but not in the administrator's list after 3 reads in 5 seconds",
        ),
        &[21, 22, 23],
    );
    lost.attempts = vec![fail(), fail()];
    let mut lost_row = row(
        "proses-bisnis/1_penerimaan.feature:9",
        "satu pengaduan untuk setiap kategori",
        "Tanda terima menunjuk pengaduan yang benar-benar tersimpan",
        fail(),
        vec![
            leg(
                "receipt/kategori-1",
                pass(),
                p(
                    "memuat id, nomor pelacakan, status, dan waktu",
                    "holds id, tracking number, status and time",
                ),
                p("keempatnya ada", "all four are there"),
                &[20],
            ),
            leg("read@pelapor_a/kategori-1", pass(), found(), found(), &[20, 21]),
            lost,
            leg(
                "track@publik/kategori-3",
                fail(),
                found(),
                p(
                    "jawaban 404 atas nomor ADU-2026-00017",
                    "answer 404 to the number ADU-2026-00017",
                ),
                &[23],
            ),
        ],
    );
    lost_row.attempts = 2;

    let mut halted = row(
        "proses-bisnis/2_status.feature:48",
        "diproses · terverifikasi",
        "Perpindahan yang tidak diizinkan ditolak",
        Judged::inconclusive(Reason::PreconditionUnmet),
        vec![leg(
            "move@petugas",
            Judged::plain(Verdict::NotRun),
            p("tetap berstatus \"diproses\"", "stays in the status \"diproses\""),
            p("tidak sampai dinilai", "never judged"),
            &[],
        )],
    );
    halted.halted = Some(Halted {
        line: 31,
        text: "pengaduan P1 berstatus \"diproses\"".into(),
        outcome: Judged::inconclusive(Reason::PreconditionUnmet),
        phrase: p(
            "petugas tidak dapat mendisposisi: ditolak dengan 422",
            "the officer could not dispose: refused with 422",
        ),
    });

    let mut paging = result(
        "DT-19",
        pass(),
        vec![row(
            "data/4_halaman.feature:12",
            "dua penelusuran tenang",
            "Halaman demi halaman lengkap dan mantap",
            pass(),
            vec![
                leg(
                    "walk-1",
                    pass(),
                    p("13 penanda", "13 markers"),
                    p("13 penanda dalam 3 halaman", "13 markers in 3 pages"),
                    &[40],
                ),
                LegResult {
                    strength: Strength::Warning,
                    ..leg(
                        "repeats",
                        fail(),
                        p("tanpa pengulangan", "no repeats"),
                        p(
                            "1 pengaduan tampil dua kali pada penelusuran ketiga",
                            "1 complaint was listed twice in the third walk",
                        ),
                        &[40],
                    )
                },
            ],
        )],
    );
    paging.warnings = vec![p(
        "1 pengaduan tampil dua kali pada penelusuran ketiga.",
        "1 complaint was listed twice in the third walk.",
    )];

    let mut unstable = leg(
        "q@admin/konteks-2",
        Judged::inconclusive(Reason::Unstable),
        p(
            "jawaban tidak mengikuti nilai kebenaran yang disisipkan",
            "the answer does not follow the truth value put in",
        ),
        p(
            "percobaan 1: r(T)=r(v), r(F)≠r(v); percobaan 2: semua sama",
            "attempt 1: r(T)=r(v), r(F)≠r(v); attempt 2: all equal",
        ),
        &[50, 51],
    );
    unstable.attempts = vec![fail(), pass()];

    let long = "x".repeat(1_000_000);
    let hostile = row(
        &format!("keamanan/2_sesi.feature:41{HOSTILE}"),
        "alg none",
        &format!("Token yang diubah ditolak {HOSTILE}"),
        fail(),
        vec![
            leg(
                "read@pelapor_b/none",
                fail(),
                p("ditolak tanpa memuat tanda P1", "refused without a canary of P1"),
                p(
                    "200 dan memuat 3 tanda pribadi P1 (pelapor.nama, pelapor.nik, isi)",
                    "200, with 3 private canaries of P1 (pelapor.nama, pelapor.nik, isi)",
                ),
                &[30, 31],
            ),
            leg(
                &format!("read@pelapor_b/{HOSTILE}"),
                fail(),
                p("ditolak", "refused"),
                Phrase::same(format!("judul pengaduan: {HOSTILE} {long}")),
                &[31, 32, 33],
            ),
        ],
    );

    let mut review = result("KM-63", Judged::inconclusive(Reason::AwaitingReview), Vec::new());
    review.note = Some(p(
        "Bukti tinjauan belum disertakan.",
        "The review evidence has not been supplied.",
    ));
    let mut recommended = result(
        "TK-11",
        fail(),
        vec![row(
            "teknologi/3_jawaban.feature:22",
            "setiap jawaban",
            "Jawaban JSON bertanda UTF-8",
            fail(),
            vec![leg(
                "charset",
                fail(),
                p(
                    "application/json tanpa charset lain",
                    "application/json without another charset",
                ),
                p(
                    "charset=iso-8859-1 pada 4 dari 212 jawaban",
                    "charset=iso-8859-1 on 4 of 212 answers",
                ),
                &[34],
            )],
        )],
    );
    recommended.level = Level::Dianjurkan;

    let requirements = vec![
        result("PB-02", fail(), vec![lost_row]),
        result(
            "PB-04",
            pass(),
            (1..=3)
                .map(|n| {
                    row(
                        &format!("proses-bisnis/1_penerimaan.feature:{}", 20 + n),
                        &format!("{n} kali 20 kiriman serentak"),
                        "Kiriman serentak tidak hilang dan tidak tertukar",
                        pass(),
                        vec![leg(
                            "own",
                            pass(),
                            p("setiap kiriman mempunyai id sendiri", "each submission has its own id"),
                            p("20 id berbeda", "20 distinct ids"),
                            &[20],
                        )],
                    )
                })
                .collect(),
        ),
        result("PB-22", Judged::inconclusive(Reason::PreconditionUnmet), vec![halted]),
        result("PB-30", Judged::not_applicable("anonim"), Vec::new()),
        paging,
        recommended,
        result(
            "TK-20",
            Judged::error("thread 'tahap' panicked at src/judge/mod.rs:91: fold state"),
            Vec::new(),
        ),
        result("KM-07", fail(), vec![hostile]),
        result(
            "KM-13",
            Judged::plain(Verdict::NotRun),
            vec![row(
                "keamanan/3_akses.feature:17",
                "membaca",
                "Milik orang lain tidak terbaca",
                Judged::plain(Verdict::NotRun),
                Vec::new(),
            )],
        ),
        result(
            "KM-24",
            Judged::inconclusive(Reason::Unstable),
            vec![row(
                "keamanan/4_masukan.feature:8",
                "q",
                "Masukan tidak mengubah perintah basis data",
                Judged::inconclusive(Reason::Unstable),
                vec![unstable],
            )],
        ),
        review,
        RequirementResult::missing_capability("hub_masuk", Profile::Terintegrasi),
    ];
    RunJson {
        format: FORMAT.into(),
        laik: "0.1.0".into(),
        run: "k7wq2m9xz4btn8rd".into(),
        started: "2026-11-25T03:05:09.120Z".into(),
        ended: Some("2026-11-25T03:05:13.480Z".into()),
        complete: true,
        stopped: false,
        target: TargetFacts {
            name: "Layanan Aduan Warga".into(),
            version: "4.2.1".into(),
            agency: "Dinas Komunikasi dan Informatika Kota Contoh".into(),
            base_url: "https://aduan.kota-contoh.test/api/v2".into(),
            environment: "staging".into(),
            loopback: false,
            sandbox: false,
            switches: Vec::new(),
            statement_digest: "9f2c".repeat(16),
        },
        standard: StandardFacts {
            revision: "pratinjau".into(),
            implemented: 9,
            whole: 164,
            digest: "41ab".repeat(16),
        },
        profile: Profile::Terintegrasi,
        selection: Selection {
            intrusive: true,
            ..Selection::default()
        },
        plan: plan(&requirements),
        summary: Summary::of(&requirements),
        requirements,
        missing_capabilities: vec!["hub_masuk".into()],
        decision: Decision::TidakLaik,
        decision_automatic: Decision::TidakLaik,
        decision_causes: vec![
            p(
                "PB-02 Yang diakui tersimpan: gagal.",
                "PB-02 What is acknowledged is stored: fail.",
            ),
            p(
                "KM-07 Tanda tangan token diverifikasi: gagal.",
                "KM-07 Token signatures are verified: fail.",
            ),
            p(
                "PROFIL-hub_masuk: kapabilitas wajib tidak diklaim.",
                "PROFIL-hub_masuk: a demanded capability is not claimed.",
            ),
        ],
        awaiting_review: vec!["KM-63".into()],
        sertifikasi: Sertifikasi {
            dapat: false,
            penghalang: vec![
                p(
                    "Standar masih pratinjau: 9 dari 164 persyaratan.",
                    "The standard is a preview: 9 of 164 requirements.",
                ),
                p(
                    "Aplikasi diuji lewat HTTP tanpa TLS.",
                    "The application was tested over plain HTTP.",
                ),
            ],
        },
        evidence: EvidenceHead {
            records: 1_284,
            sha256: "c0ffee00".repeat(8),
        },
        leniencies: vec![
            p(
                "batas_jawab_ms = 15000 (baku 5000): jawaban yang lambat tetap diterima.",
                "batas_jawab_ms = 15000 (default 5000): slow answers are still accepted.",
            ),
            p(
                "Konstanta: kanal = \"web\" dijawab oleh pernyataan, bukan oleh aplikasi.",
                "Constant: kanal = \"web\" comes from the statement, not from the application.",
            ),
        ],
        figures: Figures {
            wall_ms: 4_360,
            requests: 412,
            phases: vec![
                PhaseFigures {
                    phase: Phase::Tulis,
                    wall_ms: 2_950,
                    requests: 301,
                    rows: 58,
                },
                PhaseFigures {
                    phase: Phase::Intrusif,
                    wall_ms: 1_120,
                    requests: 102,
                    rows: 9,
                },
                PhaseFigures {
                    phase: Phase::Pasif,
                    wall_ms: 290,
                    requests: 9,
                    rows: 3,
                },
            ],
        },
    }
}

/// The same application after its faults were mended: everything passes.
pub(crate) fn passing() -> RunJson {
    let mut run = run();
    run.requirements
        .retain(|requirement| requirement.rows.iter().all(|row| row.id.len() < 60) && requirement.area.is_some());
    for requirement in &mut run.requirements {
        if requirement.outcome.verdict == Verdict::NotApplicable {
            continue;
        }
        requirement.outcome = Judged::plain(Verdict::Pass);
        requirement.warnings.clear();
        requirement.note = None;
        for row in &mut requirement.rows {
            row.outcome = Judged::plain(Verdict::Pass);
            row.halted = None;
            row.legs.retain(|leg| leg.outcome.verdict == Verdict::Pass);
        }
    }
    run.summary = Summary::of(&run.requirements);
    run.decision = Decision::Laik;
    run.decision_automatic = Decision::Laik;
    run.decision_causes = vec![p(
        "Semua 10 persyaratan wajib lulus atau tidak berlaku.",
        "All 10 mandatory requirements passed or do not apply.",
    )];
    run.missing_capabilities.clear();
    run.awaiting_review.clear();
    run
}

fn plan(results: &[RequirementResult]) -> Plan {
    let planned = results.iter().filter_map(|result| {
        let id: RequirementId = result.id.parse().ok()?;
        let steps = [
            ("diketahui", 31, "pengaduan P1 berstatus \"diproses\""),
            ("ketika", 32, "pelapor A mengirim pengaduan P1 pada kategori kedua"),
            ("ketika", 33, "admin membaca P1"),
            (
                "maka",
                34,
                "setiap tanda terima memuat id, nomor_pelacakan, status, dan waktu_dibuat",
            ),
            ("maka", 35, "admin menemukan setiap kiriman dengan penandanya sendiri"),
        ];
        let rows = result.rows.iter().map(|row| PlannedRow {
            id: row.id.clone(),
            scenario: row.scenario.clone(),
            label: row.label.clone(),
            steps: steps
                .iter()
                .map(|(kind, line, text)| PlannedStep {
                    line: *line,
                    kind: (*kind).into(),
                    text: (*text).into(),
                })
                .collect(),
        });
        Some(PlannedRequirement {
            id,
            level: result.level,
            profile: result.profile,
            phase: Phase::Tulis,
            lane: Lane::Sejajar,
            intrusive: false,
            confirmation: Confirmation::Ulang,
            disposition: Disposition::Run,
            rows: rows.collect(),
        })
    });
    Plan {
        revision: "pratinjau".into(),
        implemented: 9,
        whole: 164,
        profile: Profile::Terintegrasi,
        selection: Selection {
            intrusive: true,
            ..Selection::default()
        },
        requirements: planned.collect(),
        missing_capabilities: vec!["hub_masuk".into()],
    }
}

/// The standard, as far as the run has it.
pub(crate) fn catalogue() -> Catalogue {
    let entry = |id: &str, title: Phrase, norm: Phrase| Requirement {
        id: id.parse().unwrap(),
        title,
        norm,
        level: Level::Wajib,
        profile: Profile::Mandiri,
        capability: CapabilityExpr(if id == "PB-30" {
            vec![vec![Capability::Anonim]]
        } else {
            Vec::new()
        }),
        method: Method::Aktif,
        phase: Phase::Tulis,
        lane: Lane::Sejajar,
        intrusive: id == "KM-24",
        confirmation: Confirmation::Ulang,
        clause: p("1. Penerimaan pengaduan", "1. Receiving complaints"),
        sources: vec![
            Source {
                text: p("UU 25/2009 Pasal 44, tanda terima", "Law 25/2009 article 44, receipts"),
                mark: Mark::Memory,
            },
            Source {
                text: p(
                    "Perban BSSN 4/2021 Pasal 27 ayat (2) huruf e",
                    "BSSN Regulation 4/2021 article 27 (2) e",
                ),
                mark: Mark::PrimaryAndCode,
            },
        ],
        references: vec!["CWE-347".into(), "RFC 8725 §3.1".into(), "ASVS v5.0.0-9.1.1".into()],
        judged: p(
            "Lulus bila setiap pembaca menemukan penanda kiriman itu sendiri di bawah id dan nomor yang diakui. Gagal bila yang diakui tidak ditemukan, atau penanda lain ada di sana. Tak tentu bila tidak ada jawaban dan tidak ada yang tersimpan.",
            "Pass if every reader finds the marker of that very submission under the id and number acknowledged. Fail if what was acknowledged is not found, or another marker stands there. Inconclusive if no answer came and nothing is stored.",
        ),
        remedy: p(
            "Jawab berhasil hanya setelah transaksi tersimpan, dan ambil id serta nomor dari baris yang baru disimpan itu, bukan dari hitungan.",
            "Answer success only after the transaction is stored, and take id and number from the row just stored, not from a count.",
        ),
        unverified: if id == "PB-02" {
            vec![p(
                "Nomor Pasal 44 berasal dari ingatan.",
                "The number of article 44 is from memory.",
            )]
        } else {
            Vec::new()
        },
        defects: Vec::new(),
        variants: Vec::new(),
        place: Place::default(),
    };
    Catalogue {
        requirements: vec![
            entry(
                "PB-02",
                p(
                    "Yang diakui tersimpan",
                    "What is acknowledged is stored, under its own number",
                ),
                p(
                    "Setiap pengaduan yang dinyatakan diterima HARUS tersimpan, dan tanda terimanya HARUS memuat id, nomor pelacakan, status awal, dan waktu milik pengaduan itu sendiri.",
                    "Every complaint that is acknowledged MUST be stored, and its receipt MUST hold the id, tracking number, first status and time of that very complaint.",
                ),
            ),
            entry(
                "PB-04",
                p("Kiriman serentak tidak hilang", "Simultaneous submissions are not lost"),
                p(
                    "Aplikasi TIDAK BOLEH kehilangan atau menukar pengaduan yang dikirim serentak.",
                    "The application MUST NOT lose or swap complaints that are submitted at the same moment.",
                ),
            ),
            entry(
                "PB-22",
                p("Perpindahan status menurut aturan", "Status moves follow the rules"),
                p(
                    "Aplikasi HARUS menolak perpindahan status yang tidak diizinkan.",
                    "The application MUST refuse status moves that are not allowed.",
                ),
            ),
            entry(
                "PB-30",
                p("Pelapor anonim tidak terungkap", "Anonymous reporters stay unknown"),
                p(
                    "Identitas pelapor anonim TIDAK BOLEH tampak pada siapa pun yang tidak berhak.",
                    "The identity of an anonymous reporter MUST NOT show to anyone who is not entitled.",
                ),
            ),
            entry(
                "DT-19",
                p("Halaman lengkap dan mantap", "Paging is complete and stable"),
                p(
                    "Penelusuran halaman demi halaman HARUS memuat setiap pengaduan yang ada sejak awal penelusuran.",
                    "A walk page by page MUST contain every complaint that existed at its start.",
                ),
            ),
            entry(
                "TK-11",
                p("Jawaban JSON bertanda benar", "JSON answers are labelled rightly"),
                p(
                    "Jawaban JSON SEBAIKNYA bertanda application/json.",
                    "JSON answers SHOULD be labelled application/json.",
                ),
            ),
            entry(
                "TK-20",
                p("Tidak ada galat server", "No server faults"),
                p(
                    "Aplikasi TIDAK BOLEH menjawab dengan galat server atas masukan yang sah.",
                    "The application MUST NOT answer lawful input with a server fault.",
                ),
            ),
            entry(
                "KM-07",
                p("Tanda tangan token diverifikasi", "Token signatures are verified"),
                p(
                    "Aplikasi HARUS memverifikasi tanda tangan token dan menolak token yang isinya atau tanda tangannya diubah.",
                    "The application MUST verify the signature of tokens and refuse a token whose content or signature was altered.",
                ),
            ),
            entry(
                "KM-13",
                p(
                    "Pengaduan orang lain tidak terbaca",
                    "Complaints of others cannot be read",
                ),
                p(
                    "Pelapor TIDAK BOLEH membaca pengaduan orang lain.",
                    "A reporter MUST NOT read complaints of others.",
                ),
            ),
            entry(
                "KM-24",
                p(
                    "Masukan tidak mengubah perintah basis data",
                    "Input never changes a database command",
                ),
                p(
                    "Aplikasi HARUS memisahkan masukan dari perintah SQL pada setiap parameter.",
                    "The application MUST keep input apart from SQL commands in every parameter.",
                ),
            ),
            entry(
                "KM-63",
                p("Bukti pengamanan ditinjau", "Security evidence is reviewed"),
                p(
                    "Bukti pengamanan HARUS ditinjau orang yang berwenang.",
                    "Security evidence MUST be reviewed by an authorised person.",
                ),
            ),
        ],
    }
}

fn scope(attempt: u8, part: Part) -> Scope {
    Scope {
        attempt,
        row: None,
        part,
    }
}

fn body(text: &str) -> Body {
    Body {
        len: text.len() as u64,
        sha256: "ab12".repeat(16),
        text: Some(text.into()),
    }
}

/// The records that the run's legs rest on.
pub(crate) fn records() -> Vec<Record> {
    let base = "https://aduan.kota-contoh.test/api/v2";
    let exchange = |seq: u64,
                    attempt: u8,
                    part: Part,
                    op: Op,
                    actor: Actor,
                    method: &str,
                    path: &str,
                    sent: Option<&str>,
                    status: u16,
                    reading: Reading,
                    answer: &str| {
        Record {
            seq,
            scope: scope(attempt, part),
            data: Data::Exchange(Box::new(Exchange {
                op,
                actor,
                credential: if actor == Actor::Publik {
                    Credential::None
                } else {
                    Credential::Own
                },
                object: Some("P1".into()),
                step: String::new(),
                input_class: String::new(),
                started_us: 1_000 * seq,
                ended_us: 1_000 * seq + 14_321,
                at: "2026-11-25T03:05:10.250Z".into(),
                request: Request {
                    method: method.into(),
                    url: format!("{base}{path}"),
                    headers: vec![
                        ("Accept".into(), "application/json".into()),
                        ("Authorization".into(), "Bearer ‹token#2›".into()),
                        ("Content-Type".into(), "application/json".into()),
                    ],
                    body: sent.map(body),
                },
                answer: Answer::Response(Response {
                    status,
                    headers: vec![
                        ("content-type".into(), "application/json".into()),
                        ("date".into(), "Wed, 25 Nov 2026 03:05:10 GMT".into()),
                    ],
                    body: body(answer),
                }),
                reading,
                mapped: serde_json::Value::Null,
                map_fault: None,
                facts: Facts {
                    utf8: true,
                    json: true,
                    ..Facts::default()
                },
            })),
        }
    };
    let submitted = r#"{"klasifikasi":"pengaduan","judul":"Lampu jalan padam k7wq2m9xz4btn8rd003t","isi":"Sejak Senin lampu di Jalan Melati padam. k7wq2m9xz4btn8rd003i","kategori_id":"3","pelapor":{"nama":"‹pelapor.nama#1›","telepon":"0854‹telepon#1›"}}"#;
    let receipt = r#"{"id":"17","nomor_pelacakan":"ADU-2026-00017","status":"menunggu_verifikasi","waktu_dibuat":"2026-11-25T10:05:10+07:00"}"#;
    let list = r#"{"data":[{"id":"16","judul":"Sampah menumpuk","status":"menunggu_verifikasi"},{"id":"15","judul":"Jalan berlubang","status":"diproses"}],"halaman":{"berikut":null,"jumlah":2}}"#;
    let mut stolen = exchange(
        31,
        1,
        Part::Probe,
        Op::Read,
        Actor::PelaporB,
        "GET",
        "/pengaduan/17",
        None,
        200,
        Reading::Accepted,
        receipt,
    );
    if let Data::Exchange(exchange) = &mut stolen.data {
        exchange.credential = Credential::Altered("alg none, bagian ketiga kosong".into());
        exchange.facts.canaries = vec![CanaryHit {
            canary: "P1.pelapor.nama@3".into(),
            fixture: 3,
            field: "pelapor.nama".into(),
            private: true,
            place: "body:/pelapor/nama".into(),
            encoding: "plain".into(),
        }];
    }
    let mut hostile = exchange(
        32,
        1,
        Part::Probe,
        Op::Read,
        Actor::PelaporB,
        "GET",
        &format!("/pengaduan/17?{HOSTILE}"),
        Some(HOSTILE),
        500,
        Reading::Fault,
        &format!("{{\"{}\": \"{}\"}}", "x".repeat(60_000), MARKUP),
    );
    if let Data::Exchange(exchange) = &mut hostile.data {
        exchange
            .request
            .headers
            .push((format!("X-{HOSTILE}"), HOSTILE.repeat(40)));
        exchange.input_class = HOSTILE.into();
        exchange.map_fault = Some(HOSTILE.into());
        if let Answer::Response(response) = &mut exchange.answer {
            response
                .headers
                .extend((0..200).map(|n| (format!("x-{n}"), HOSTILE.into())));
        }
    }
    let mut broken = exchange(
        33,
        2,
        Part::ControlAfter,
        Op::Read,
        Actor::PelaporA,
        "GET",
        "/pengaduan/17",
        None,
        200,
        Reading::NoAnswer,
        "{}",
    );
    if let Data::Exchange(exchange) = &mut broken.data {
        exchange.answer = Answer::Broken(Broken {
            kind: BrokenKind::Timeout,
            text: format!("no answer within 5 s {HOSTILE}"),
        });
    }
    vec![
        exchange(
            20,
            1,
            Part::Probe,
            Op::Submit,
            Actor::PelaporA,
            "POST",
            "/pengaduan",
            Some(submitted),
            201,
            Reading::Accepted,
            receipt,
        ),
        exchange(
            21,
            1,
            Part::SecondRead,
            Op::Read,
            Actor::PelaporA,
            "GET",
            "/pengaduan/17",
            None,
            200,
            Reading::Accepted,
            receipt,
        ),
        exchange(
            22,
            1,
            Part::SecondRead,
            Op::List,
            Actor::Admin,
            "GET",
            "/pengaduan?halaman=1&ukuran=50&urut=-waktu_dibuat",
            None,
            200,
            Reading::Accepted,
            list,
        ),
        exchange(
            23,
            2,
            Part::SecondRead,
            Op::Track,
            Actor::Publik,
            "GET",
            "/lacak/ADU-2026-00017",
            None,
            404,
            Reading::NotFound,
            r#"{"pesan":"Nomor tidak ditemukan"}"#,
        ),
        exchange(
            30,
            1,
            Part::ControlBefore,
            Op::Read,
            Actor::PelaporA,
            "GET",
            "/pengaduan/17",
            None,
            200,
            Reading::Accepted,
            receipt,
        ),
        stolen,
        hostile,
        broken,
        exchange(
            34,
            1,
            Part::Probe,
            Op::Units,
            Actor::Admin,
            "GET",
            "/unit",
            None,
            200,
            Reading::Accepted,
            r#"{"data":[]}"#,
        ),
        Record {
            seq: 40,
            scope: scope(1, Part::Probe),
            data: Data::Observation(Observation {
                kind: "penelusuran".into(),
                value: serde_json::json!({"halaman": 3, "penanda": 13, "berulang": 1}),
            }),
        },
        exchange(
            50,
            1,
            Part::Probe,
            Op::Search,
            Actor::Admin,
            "GET",
            "/cari?q=lampu%25'%20AND%20'bcdfgh'='bcdfgh'%20AND%20'%25'='",
            None,
            200,
            Reading::Accepted,
            list,
        ),
        exchange(
            51,
            2,
            Part::Probe,
            Op::Search,
            Actor::Admin,
            "GET",
            "/cari?q=lampu%25'%20AND%20'bcdfgh'='klmnpq'%20AND%20'%25'='",
            None,
            200,
            Reading::Accepted,
            list,
        ),
    ]
}
