//! DT-16: attachments come back with the same bytes, size, media type and name.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::{Actor, Phrase};
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, short, text_of, unseen};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub(crate) const NAME: &str = "berkas_sama";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The files that were sent.
    pub(crate) files: Vec<Sent>,
    /// The read of the record.
    pub(crate) read: u64,
    /// Whether the statement declares that images are processed.
    pub(crate) images_processed: bool,
}

/// A file that was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    /// Stable key, `P1/gambar PNG`.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
    /// Which entry of the record's `lampiran` it is.
    pub(crate) entry: Option<usize>,
    /// Why it was not sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) left_out: Option<String>,
    /// The exchange in which it was not accepted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refused: Option<u64>,
    /// Its downloads.
    pub(crate) downloads: Vec<Download>,
}

/// A download, or why there is none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Download {
    pub(crate) actor: Actor,
    pub(crate) seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) left_out: Option<String>,
}

type Seen = (Outcome, Phrase);

/// The key of a file's leg in the record.
pub(crate) fn record_key(file: &str) -> String {
    format!("{file}/catatan@admin")
}

/// The key of a download's leg.
pub(crate) fn download_key(file: &str, actor: Actor) -> String {
    format!("{file}/unduhan@{actor}")
}

/// Which entry of a record's files is the one that was sent: by name, by digest, by size, else by its place.
pub(crate) fn entry_of(entries: &[Value], name: &str, sha256: &str, size: u64, place: usize) -> Option<usize> {
    let by = |test: &dyn Fn(&Value) -> bool| entries.iter().position(test);
    by(&|entry| {
        entry
            .get("nama")
            .and_then(Value::as_str)
            .is_some_and(|shown| same_name(shown, name))
    })
    .or_else(|| by(&|entry| text_of(entry, "sha256").is_some_and(|shown| shown.eq_ignore_ascii_case(sha256))))
    .or_else(|| by(&|entry| entry.get("ukuran").and_then(Value::as_u64) == Some(size)))
    .or_else(|| (place < entries.len()).then_some(place))
}

fn same_name(one: &str, other: &str) -> bool {
    one.trim().nfc().eq(other.trim().nfc())
}

/// For each file one leg on the record and one on each download.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(NAME, value)?;
    let read = window.exchange(params.read)?;
    let mut legs = Vec::new();
    for file in &params.files {
        let never = never_stored(file, window)?;
        let lenient = params.images_processed && file.media_type.starts_with("image/");
        let entry = file.entry.and_then(|at| entries(read)?.get(at));
        let (outcome, actual) = never.clone().unwrap_or_else(|| in_record(file, read, entry, lenient));
        let expected = phrase!(
            "catatan memuat berkas itu dengan nama, ukuran, jenis media, dan sha256 yang dikirim",
            "the record holds the file with the name, size, media type and sha256 that were sent"
        );
        legs.push(Leg::new(
            record_key(&file.key),
            outcome,
            expected,
            actual,
            vec![params.read],
        ));
        for download in &file.downloads {
            let (outcome, actual) = match &never {
                Some(never) => never.clone(),
                None => downloaded(file, download, entry, lenient, window)?,
            };
            let expected = phrase!(
                "unduhan dengan bita dan jenis media yang dikirim",
                "a download with the bytes and the media type that were sent"
            );
            let evidence = download.seq.into_iter().chain([params.read]).collect();
            legs.push(Leg::new(
                download_key(&file.key, download.actor),
                outcome,
                expected,
                actual,
                evidence,
            ));
        }
    }
    Ok(legs)
}

fn never_stored(file: &Sent, window: &Window) -> Result<Option<Seen>, OracleFault> {
    if let Some(claim) = &file.left_out {
        let actual = phrase!("tidak dikirim: {claim}", "not sent: {claim}");
        return Ok(Some((Outcome::NotApplicable(claim.clone()), actual)));
    }
    let Some(seq) = file.refused else { return Ok(None) };
    let write = window.exchange(seq)?;
    let reason = unseen(write).unwrap_or(Reason::PreconditionUnmet);
    Ok(Some((Outcome::Inconclusive(reason), answered(write))))
}

fn entries(read: &Exchange) -> Option<&Vec<Value>> {
    read.mapped.get("lampiran").and_then(Value::as_array)
}

fn in_record(file: &Sent, read: &Exchange, entry: Option<&Value>, lenient: bool) -> Seen {
    if let Some(reason) = unseen(read) {
        return (Outcome::Inconclusive(reason), answered(read));
    }
    if read.reading != Reading::Accepted {
        return (Outcome::Inconclusive(Reason::PreconditionUnmet), answered(read));
    }
    let Some(count) = entries(read).map(Vec::len) else {
        let actual = phrase!("catatan tidak memuat lampiran", "the record has no lampiran");
        return (Outcome::Inconclusive(Reason::InsufficientEvidence), actual);
    };
    let Some(entry) = entry else {
        let actual = phrase!(
            "tidak ada di antara {count} lampiran",
            "not among the {count} attachments"
        );
        return (Outcome::Fail, actual);
    };
    let text = |name: &str| text_of(entry, name);
    let mut wrong: Vec<String> = Vec::new();
    let mut known = 0;
    let mut look = |what: &str, shown: Option<String>, held: &dyn Fn(&str) -> bool| {
        if let Some(shown) = shown {
            known += 1;
            if !held(&shown) {
                wrong.push(format!("{what}: {}", short(&shown)));
            }
        }
    };
    look("nama", text("nama"), &|shown| same_name(shown, &file.name));
    look("jenis_media", text("jenis_media"), &|shown| {
        essence(shown) == essence(&file.media_type)
    });
    if !lenient {
        look("ukuran", text("ukuran"), &|shown| *shown == file.size.to_string());
        look("sha256", text("sha256"), &|shown| {
            shown.eq_ignore_ascii_case(&file.sha256)
        });
    }
    if !wrong.is_empty() {
        let wrong = wrong.join("; ");
        return (Outcome::Fail, phrase!("berbeda — {wrong}", "different — {wrong}"));
    }
    if known == 0 {
        let actual = phrase!(
            "catatan tidak menyebut apa-apa tentang berkas itu",
            "the record says nothing of the file"
        );
        return (Outcome::NotApplicable("read.lampiran".to_owned()), actual);
    }
    (
        Outcome::Pass,
        phrase!("sama dalam {known} hal", "equal in {known} respects"),
    )
}

fn downloaded(
    file: &Sent,
    download: &Download,
    entry: Option<&Value>,
    lenient: bool,
    window: &Window,
) -> Result<Seen, OracleFault> {
    if let Some(claim) = &download.left_out {
        let actual = phrase!("tidak diunduh: {claim}", "not downloaded: {claim}");
        return Ok((Outcome::NotApplicable(claim.clone()), actual));
    }
    let Some(seq) = download.seq else {
        let actual = phrase!("tidak ada id untuk mengunduhnya", "there is no id to download it by");
        return Ok((Outcome::Inconclusive(Reason::PreconditionUnmet), actual));
    };
    let exchange = window.exchange(seq)?;
    if let Some(reason) = unseen(exchange) {
        return Ok((Outcome::Inconclusive(reason), answered(exchange)));
    }
    let Some(response) = exchange.response().filter(|_| exchange.reading == Reading::Accepted) else {
        return Ok((Outcome::Fail, answered(exchange)));
    };
    let (got, size) = (&response.body, file.size);
    let recorded = entry.and_then(|entry| text_of(entry, "sha256"));
    let digest = match (lenient, recorded) {
        (false, _) => file.sha256.clone(),
        (true, Some(recorded)) => recorded.to_ascii_lowercase(),
        (true, None) => got.sha256.clone(),
    };
    if got.sha256 != digest {
        let len = got.len;
        let actual = phrase!(
            "bita lain: {len} bita, dikirim {size}",
            "other bytes: {len} bytes, sent {size}"
        );
        return Ok((Outcome::Fail, actual));
    }
    let types: Vec<&str> = response
        .headers
        .iter()
        .filter(|(name, _)| name == "content-type")
        .map(|(_, value)| value.as_str())
        .collect();
    let held = types
        .first()
        .is_some_and(|value| essence(value) == essence(&file.media_type));
    let shown = short(types.first().copied().unwrap_or("—"));
    let actual = phrase!("bita sama, jenis media {shown}", "equal bytes, media type {shown}");
    Ok((if held { Outcome::Pass } else { Outcome::Fail }, actual))
}

/// A media type without its parameters.
fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::domain::Op;
    use crate::evidence::record::{Answer, Body, Data, Record, Response};
    use crate::oracle::samples::exchange;

    fn entry() -> Value {
        json!({"id": "7", "nama": "café a.png", "jenis_media": "image/png", "ukuran": 10, "sha256": "AB"})
    }

    fn download(sha256: &str, len: u64, media_type: &str) -> Arc<Record> {
        let mut record = (*exchange(2, Op::Download, Actor::PelaporA, Value::Null).record()).clone();
        if let Data::Exchange(exchange) = &mut record.data {
            exchange.answer = Answer::Response(Response {
                status: 200,
                headers: vec![("content-type".to_owned(), media_type.to_owned())],
                body: Body {
                    len,
                    sha256: sha256.to_owned(),
                    text: None,
                },
            });
        }
        Arc::new(record)
    }

    /// The outcomes of the leg on the record and of that on the download.
    fn outcomes(lampiran: &Value, entry: Option<usize>, download: Arc<Record>, processed: bool) -> [Outcome; 2] {
        let value = json!({"read": 1, "images_processed": processed, "files": [{"key": "P1/gambar", "name": "cafe\u{301} a.png",
            "media_type": "image/png", "size": 10, "sha256": "ab", "entry": entry, "downloads": [{"actor": "pelapor_a", "seq": 2}]}]});
        let read = exchange(1, Op::Read, Actor::Admin, json!({"lampiran": lampiran})).record();
        let legs = judge(&value, &Window::new([read, download])).unwrap();
        assert_eq!(
            legs.iter().map(|leg| leg.key.as_str()).collect::<Vec<_>>(),
            ["P1/gambar/catatan@admin", "P1/gambar/unduhan@pelapor_a"]
        );
        [legs[0].outcome.clone(), legs[1].outcome.clone()]
    }

    fn good() -> Arc<Record> {
        download("ab", 10, "image/png; q=1")
    }

    #[test]
    fn what_is_equal_passes() {
        assert_eq!(
            outcomes(&json!([entry()]), Some(0), good(), false),
            [Outcome::Pass, Outcome::Pass]
        );
        let bare = outcomes(&json!([{"id": "7"}]), Some(0), good(), false);
        assert_eq!(
            bare,
            [Outcome::NotApplicable("read.lampiran".to_owned()), Outcome::Pass]
        );
    }

    #[test]
    fn every_difference_of_the_record_fails() {
        for (member, value) in [
            ("nama", json!("7.bin")),
            ("jenis_media", json!("application/octet-stream")),
            ("ukuran", json!(9)),
            ("sha256", json!("cd")),
        ] {
            let mut changed = entry();
            changed[member] = value;
            assert_eq!(
                outcomes(&json!([changed]), Some(0), good(), false)[0],
                Outcome::Fail,
                "{member}"
            );
        }
        assert_eq!(outcomes(&json!([]), None, good(), false)[0], Outcome::Fail, "lost");
    }

    #[test]
    fn every_difference_of_the_download_fails() {
        for answer in [
            download("cd", 10, "image/png"),
            download("ab", 10, "application/octet-stream"),
        ] {
            assert_eq!(outcomes(&json!([entry()]), Some(0), answer, false)[1], Outcome::Fail);
        }
        let gone = exchange(2, Op::Download, Actor::PelaporA, Value::Null)
            .answered(404, Reading::NotFound)
            .record();
        assert_eq!(outcomes(&json!([entry()]), Some(0), gone, false)[1], Outcome::Fail);
        let throttled = exchange(2, Op::Download, Actor::PelaporA, Value::Null)
            .answered(429, Reading::Throttled)
            .record();
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcomes(&json!([entry()]), Some(0), throttled, false)[1], open);
    }

    #[test]
    fn declared_processing_of_images_leaves_the_recorded_digest() {
        let mut changed = entry();
        changed["sha256"] = json!("ef");
        changed["ukuran"] = json!(8);
        let held = outcomes(&json!([changed.clone()]), Some(0), download("ef", 8, "image/png"), true);
        assert_eq!(held, [Outcome::Pass, Outcome::Pass]);
        assert_eq!(
            outcomes(&json!([changed]), Some(0), download("99", 8, "image/png"), true)[1],
            Outcome::Fail
        );
    }

    #[test]
    fn a_file_is_found_by_name_digest_size_or_place() {
        let entries = [
            json!({"nama": "x.bin", "ukuran": 5}),
            json!({"nama": "a.png", "ukuran": 9, "sha256": "AB"}),
        ];
        assert_eq!(entry_of(&entries, "a.png", "zz", 1, 0), Some(1));
        assert_eq!(entry_of(&entries, "b", "ab", 1, 0), Some(1));
        assert_eq!(entry_of(&entries, "b", "zz", 5, 1), Some(0));
        assert_eq!(entry_of(&entries, "b", "zz", 1, 1), Some(1));
        assert_eq!(entry_of(&entries[..1], "b", "zz", 1, 1), None);
    }
}
