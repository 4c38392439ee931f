//! Sentences about attachments (DT-16). Their bytes stand in `features/data/berkas_uji.toml`.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::try_join_all;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Reading, Record};
use crate::oracle::files::{Download, NAME, Params, Sent, download_key, entry_of, record_key};
use crate::phrase;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, RunCtx, World};
use crate::target::Answered;
use crate::verdict::Reason;

use super::args::Args;
use super::chain::{draft, observer, read, submit, text};
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> mengirim pengaduan <P> dengan berkas uji <teks>$"
        "{1} submits complaint {2} with the files: {3}" => submit_with_files;
    ketika r"^<aktor> melampiri <P> dengan berkas uji <teks>$"
        "{1} attaches to {2} the files: {3}" => attach_files;
    maka r"^setiap berkas uji <P> sama dengan yang dikirim bagi <aktor>$"
        "every file of {1} is as it was sent, for {2}" => files_are_equal;
];

/// The limit where the statement declares none, and the largest that is tried.
const USUAL_LIMIT: u64 = 200 * 1024;
const LARGEST: u64 = 10 * 1024 * 1024;

/// Files that were sent, in their order, and the exchanges that show more of them.
#[derive(Default)]
struct Attached {
    files: Vec<Sent>,
    records: Vec<Arc<Record>>,
}

/// A file of the data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Specimen {
    nama: String,
    nama_berkas: String,
    jenis_media: String,
    base64: Option<String>,
    isi: Option<String>,
    bentuk: Option<String>,
    ukuran: Option<Size>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Size {
    Bytes(u64),
    /// `batas`: one byte less than the declared limit.
    Word(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Specimens {
    berkas: Vec<Specimen>,
}

fn specimens() -> Result<&'static [Specimen], Halt> {
    static SPECIMENS: OnceLock<Result<Vec<Specimen>, String>> = OnceLock::new();
    let text = include_str!("../../features/data/berkas_uji.toml");
    let parse = || {
        toml::from_str::<Specimens>(text)
            .map(|file| file.berkas)
            .map_err(|error| error.to_string())
    };
    SPECIMENS
        .get_or_init(parse)
        .as_deref()
        .map_err(|error| Halt::error(format!("berkas_uji.toml: {error}")))
}

/// The files that a sentence names, "a dan b".
fn named(words: &str, line: usize) -> Result<Vec<&'static Specimen>, Halt> {
    let known = specimens()?;
    words
        .split(" dan ")
        .map(|word| {
            known
                .iter()
                .find(|specimen| specimen.nama == word)
                .ok_or_else(|| Halt::error(format!("line {line}: `{word}` stands not in berkas_uji.toml")))
        })
        .collect()
}

impl Specimen {
    /// Its bytes under a limit.
    fn bytes(&self, limit: u64) -> Result<Vec<u8>, Halt> {
        let fault = |why: &str| Halt::error(format!("berkas_uji.toml: {}: {why}", self.nama));
        if let Some(text) = &self.base64 {
            let packed: String = text.split_whitespace().collect();
            return STANDARD.decode(packed).map_err(|_| fault("no base64"));
        }
        let size = match &self.ukuran {
            Some(Size::Bytes(size)) => (*size).min(limit.saturating_sub(1)),
            Some(Size::Word(word)) if word == "batas" => limit.saturating_sub(1),
            _ => return Err(fault("no size")),
        };
        let size = usize::try_from(size).map_err(|_| fault("too large"))?;
        match (&self.isi, self.bentuk.as_deref()) {
            (Some(line), _) => Ok(repeated(line, size)),
            (None, Some("pdf")) => Ok(pdf(size)),
            _ => Err(fault("no content")),
        }
    }
}

/// A line again and again up to a size, cut between characters and ended by dots.
fn repeated(line: &str, size: usize) -> Vec<u8> {
    let mut text = line.repeat(size / line.len().max(1) + 1);
    text.truncate(text.floor_char_boundary(size));
    let mut bytes = text.into_bytes();
    bytes.resize(size, b'.');
    bytes
}

/// A PDF of one empty page, whose content stream holds as many comments as the size needs.
fn pdf(size: usize) -> Vec<u8> {
    let with = |comments: usize| {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>".to_owned(),
            format!(
                "<</Length {:010}>>stream\n%{}\nendstream",
                comments + 1,
                "-".repeat(comments)
            ),
        ];
        let mut text = "%PDF-1.4\n".to_owned();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (number, object) in (1..).zip(&objects) {
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{:010} 00000 n ", text.len());
            let _ = write!(text, "{number} 0 obj\n{object}\nendobj\n");
        }
        let begin = text.len();
        format!(
            "{text}{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{begin:010}\n%%EOF\n",
            objects.len() + 1
        )
    };
    let least = with(0).len();
    with(size.saturating_sub(least)).into_bytes()
}

fn limit(cx: &RunCtx) -> u64 {
    let declared = cx.statement().document().batas.lampiran_byte;
    declared.unwrap_or(USUAL_LIMIT).min(LARGEST)
}

/// The files as they are sent, with what is known of each; one that the statement does not allow is left out.
fn prepare(cx: &RunCtx, label: &str, specimens: &[&'static Specimen]) -> Result<Vec<(Sent, Option<Value>)>, Halt> {
    let types = &cx.statement().document().batas.lampiran_jenis;
    let allowed = |specimen: &Specimen| {
        types
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(&specimen.jenis_media))
    };
    let known = self::specimens()?;
    if !known.iter().any(allowed) {
        let text = phrase!(
            "tidak satu pun jenis berkas uji ada pada batas.lampiran_jenis",
            "no type of the test files is in batas.lampiran_jenis"
        );
        return Err(Halt::inconclusive(Reason::FixtureMissing, text));
    }
    let most = cx.statement().document().batas.lampiran_jumlah.unwrap_or(2);
    let mut taken = 0;
    specimens
        .iter()
        .map(|specimen| {
            let bytes = specimen.bytes(limit(cx))?;
            let left_out = match () {
                () if !allowed(specimen) => Some(format!("batas.lampiran_jenis {}", specimen.jenis_media)),
                () if taken >= most => Some("batas.lampiran_jumlah".to_owned()),
                () => None,
            };
            let file = left_out.is_none().then(|| {
                taken += 1;
                json!({"nama": specimen.nama_berkas, "jenis_media": specimen.jenis_media, "isi_base64": STANDARD.encode(&bytes)})
            });
            let sent = Sent {
                key: format!("{label}/{}", specimen.nama),
                name: specimen.nama_berkas.clone(),
                media_type: specimen.jenis_media.clone(),
                size: bytes.len() as u64,
                sha256: sha256(&bytes),
                entry: None,
                left_out,
                refused: None,
                downloads: Vec::new(),
            };
            Ok((sent, file))
        })
        .collect()
}

/// SHA-256 of bytes, lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

async fn submit_with_files(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, label, caller) = (a.actor(1)?, a.object(2)?, w.caller()?);
    let mut files = prepare(caller.cx(), &label, &named(a.text(3)?, a.line)?)?;
    let sending: Vec<Value> = files.iter().filter_map(|(_, file)| file.clone()).collect();
    let options = |files: &[Value]| {
        let extra = (!files.is_empty()).then(|| Map::from_iter([("lampiran".to_owned(), json!(files))]));
        BakuOptions {
            extra: extra.unwrap_or_default(),
            ..BakuOptions::default()
        }
    };
    let draft = draft(&caller, owner, options(&sending)).await?;
    let binding = caller.cx().statement().binding();
    if !sending.is_empty() && binding.carries(Op::Submit, owner, &draft.input, "lampiran") == Some(false) {
        for (sent, _) in &mut files {
            sent.left_out.get_or_insert_with(|| "submit.lampiran".to_owned());
        }
    }
    let complaint = submit(&caller, &label, draft).await?;
    w.insert(&label, complaint);
    w.memory::<Attached>()
        .files
        .extend(files.into_iter().map(|(sent, _)| sent));
    Ok(())
}

async fn attach_files(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, label, caller) = (a.actor(1)?, a.object(2)?, w.caller()?);
    if !offered(caller.cx(), Op::Attach, actor) {
        return Err(Halt::NotApplicable(format!("{}@{actor}", Op::Attach)));
    }
    let complaint = w.complaint(&label)?.clone();
    for (mut sent, file) in prepare(caller.cx(), &label, &named(a.text(3)?, a.line)?)? {
        if let Some(file) = file {
            let input = json!({"id": complaint.id, "berkas": file});
            let answered = caller
                .call(Op::Attach, actor, input)
                .object(label.clone())
                .send()
                .await?;
            if answered.reading != Reading::Accepted {
                sent.refused = Some(answered.record.seq);
                w.memory::<Attached>().records.push(answered.record);
            }
        }
        w.memory::<Attached>().files.push(sent);
    }
    Ok(())
}

/// The legs of files and of their downloads.
fn keys(files: &[Sent], actors: &[Actor]) -> Vec<String> {
    let each = |file: &Sent| {
        let downloads = actors.iter().map(|actor| download_key(&file.key, *actor));
        std::iter::once(record_key(&file.key))
            .chain(downloads)
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(each).collect()
}

async fn files_are_equal(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, actors, caller) = (a.object(1)?, a.actors(2)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let (mut files, mut records) = {
        let attached = w.memory::<Attached>();
        (attached.files.clone(), attached.records.clone())
    };
    let declared = keys(&files, &actors);
    w.declare(&declared)?;
    let expected = files
        .iter()
        .filter(|file| file.left_out.is_none() && file.refused.is_none())
        .count();
    let entries = |answered: &Answered| {
        answered
            .mapped
            .get("lampiran")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let read = caller
        .until(
            || read(&caller, observer(&caller), &complaint),
            |answered| entries(answered).len() >= expected,
        )
        .await?;
    let entries = entries(&read);
    let stored = files
        .iter_mut()
        .filter(|file| file.left_out.is_none() && file.refused.is_none());
    for (place, file) in stored.enumerate() {
        file.entry = entry_of(&entries, &file.name, &file.sha256, file.size, place);
    }
    for file in &mut files {
        let id = file.entry.and_then(|at| text(entries.get(at)?, "id"));
        let each = actors
            .iter()
            .map(|actor| download(&caller, *actor, &complaint, id.clone()));
        for (download, record) in try_join_all(each).await? {
            file.downloads.push(download);
            records.extend(record);
        }
    }
    records.push(Arc::clone(&read.record));
    let params = json!(Params {
        files,
        read: read.record.seq,
        images_processed: caller.cx().statement().document().nilai.gambar_diolah,
    });
    w.check(Ask {
        oracle: NAME,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

/// Downloads a file; one that is not there yet is waited for until `jeda_tampak` is over.
async fn download(
    caller: &Caller,
    actor: Actor,
    complaint: &Complaint,
    id: Option<String>,
) -> Result<(Download, Option<Arc<Record>>), Halt> {
    let without = |left_out: Option<String>| {
        (
            Download {
                actor,
                seq: None,
                left_out,
            },
            None,
        )
    };
    if !offered(caller.cx(), Op::Download, actor) {
        return Ok(without(Some(format!("{}@{actor}", Op::Download))));
    }
    let disposed = !matches!(
        complaint.status,
        Status::MenungguVerifikasi | Status::Terverifikasi | Status::PerluKelengkapan
    );
    if matches!(actor, Actor::Petugas | Actor::PetugasLain) && !disposed {
        return Ok(without(Some(Op::Dispose.id().to_owned())));
    }
    let Some(id) = id else { return Ok(without(None)) };
    let make = || {
        caller
            .call(Op::Download, actor, json!({"id": complaint.id, "lampiran_id": id}))
            .object(complaint.label.clone())
    };
    // Other bytes do not become right by waiting; a file that is not there yet may.
    let stored = |answered: &Answered| answered.reading != Reading::NotFound;
    let answered = caller.until(make, stored).await?;
    let download = Download {
        actor,
        seq: Some(answered.record.seq),
        left_out: None,
    };
    Ok((download, Some(answered.record)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_what_they_claim_to_be() {
        let known = specimens().unwrap();
        let bytes = |name: &str, limit: u64| known.iter().find(|one| one.nama == name).unwrap().bytes(limit).unwrap();
        let png = bytes("gambar PNG", LARGEST);
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.ends_with(b"IEND\xaeB`\x82"));
        let jpeg = bytes("gambar JPEG", LARGEST);
        assert!(jpeg.starts_with(b"\xff\xd8\xff\xe0") && jpeg.ends_with(b"\xff\xd9"));
        assert!(!jpeg.windows(4).any(|four| four == b"Exif"));
        let text = bytes("teks panjang", LARGEST);
        assert_eq!(text.len(), 100 * 1024);
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("\r\n") && text.contains('é') && !text.replace("\r\n", "").contains('\n'));
        assert_eq!(bytes("teks pendek", LARGEST).len(), 1024);
    }

    #[test]
    fn a_pdf_has_any_size_and_its_table_points_to_its_objects() {
        for size in [1_000, 65_537, 300_001] {
            let bytes = pdf(size);
            assert_eq!(bytes.len(), size);
            let text = String::from_utf8(bytes).unwrap();
            let begin: usize = text.lines().rev().nth(1).unwrap().parse().unwrap();
            let table: Vec<&str> = text[begin..].lines().collect();
            assert_eq!(table[0], "xref");
            for number in 1..=4 {
                let at: usize = table[number + 2][..10].parse().unwrap();
                assert!(text[at..].starts_with(&format!("{number} 0 obj")), "object {number}");
            }
        }
    }

    #[test]
    fn a_sentence_names_files_of_the_data_file() {
        let of = |words: &str| named(words, 1).map(|files| files.len());
        assert_eq!(of("gambar PNG dan teks panjang").unwrap(), 2);
        assert!(of("gambar GIF").is_err());
    }
}
