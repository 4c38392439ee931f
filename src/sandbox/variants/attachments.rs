//! Variants of attachments.

use axum::response::IntoResponse as _;
use http::{HeaderValue, Method, StatusCode, header};
use ring::digest::{SHA256, digest};

use super::super::app::complaint::FileNote;
use super::super::app::ids::hex;
use super::super::app::seams::Change;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{on_insert, on_route};

/// Images that come with a complaint are written anew, pixel by pixel the same.
pub(super) fn processed_images(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.values.push("gambar_diolah = true".to_owned());
    on_insert(assembly, move |store, complaint, added| {
        let mut files = added.files.clone();
        for file in files.iter_mut().filter(|file| file.note.media_type == "image/png") {
            if let Some(content) = rewritten(&file.content) {
                file.note.size = content.len();
                file.note.sha256 = hex(digest(&SHA256, &content).as_ref());
                file.content = content;
                counter.acted();
            }
        }
        let mut complaint = complaint.clone();
        let anew = |note: &FileNote| {
            files
                .iter()
                .find(|file| file.note.id == note.id)
                .map(|file| file.note.clone())
        };
        complaint.files = complaint.files.iter().filter_map(anew).collect();
        let changed = Change {
            events: added.events.clone(),
            files,
        };
        store.insert(&complaint, &changed)
    });
}

/// The same PNG with its image data in two chunks instead of one.
fn rewritten(png: &[u8]) -> Option<Vec<u8>> {
    let (signature, mut rest) = png.split_at_checked(8)?;
    let mut out = signature.to_vec();
    let mut split = false;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (kind, after) = after.split_at_checked(4)?;
        let (data, after) = after.split_at_checked(length)?;
        rest = after.get(4..)?;
        let (first, second) = data.split_at(data.len() / 2);
        if kind == b"IDAT" && !split && !first.is_empty() {
            split = true;
            chunk(&mut out, kind, first)?;
            chunk(&mut out, kind, second)?;
        } else {
            chunk(&mut out, kind, data)?;
        }
    }
    split.then_some(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8], data: &[u8]) -> Option<()> {
    out.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    out.extend(kind);
    out.extend(data);
    out.extend(crc32(kind.iter().chain(data)).to_be_bytes());
    Some(())
}

/// The check sum of PNG (ISO 3309).
fn crc32<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    !bytes.fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

/// A download is sent on to another address of the same host.
pub(super) fn redirected_downloads(assembly: &mut Assembly, counter: Counter) {
    let address = "alamat = \"/api/v1/pengaduan/{id}/lampiran/{lampiran_id}\"";
    let steps = format!(
        "[[ikatan.operasi.download.langkah]]\nnama = \"alih\"\nmetode = \"GET\"\n{address}\nterima = {{ status = [302] }}\n\
         tangkap = {{ tautan = \".headers.location\" }}\n\n\
         [[ikatan.operasi.download.langkah]]\nnama = \"berkas\"\nmetode = \"GET\"\n{address}"
    );
    let declared = "[[api.pengalihan]]\noperasi = \"download\"\nstatus = 302";
    assembly.declared.binding.extend([steps, declared.to_owned()]);
    on_route(assembly, move |request, next, _parts| {
        let path = request.uri().path().to_owned();
        let download =
            *request.method() == Method::GET && path.contains("/lampiran/") && request.uri().query().is_none();
        let counter = counter.clone();
        Box::pin(async move {
            let response = next.run(request).await;
            if !download || !response.status().is_success() {
                return response;
            }
            let Ok(location) = HeaderValue::try_from(format!("{path}?langsung=1")) else {
                return response;
            };
            counter.acted();
            (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_that_of_the_standard_vector() {
        assert_eq!(crc32(b"123456789".iter()), 0xCBF4_3926);
    }

    #[test]
    fn a_rewritten_image_has_its_data_in_two_chunks() {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut png, b"IDAT", b"abcd").unwrap();
        chunk(&mut png, b"IEND", b"").unwrap();
        let anew = rewritten(&png).unwrap();
        assert_eq!(anew.len(), png.len() + 12);
        assert_eq!(anew.windows(4).filter(|four| four == b"IDAT").count(), 2);
        assert!(rewritten(b"no image").is_none());
    }
}
