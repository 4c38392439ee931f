//! What the harness itself does to canonical values on their way: ids to text, status words both ways, times.
//! Works by canonical member names, so that filters need not.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::raw::{StatusEntry, TimeEntry};
use crate::domain::{Phrase, Status};
use crate::phrase;

/// Deepest value that is looked into; answer filters give at most 100 levels.
const DEEPEST: usize = 128;

/// Status words and times of one statement.
#[derive(Debug, Clone, Default)]
pub struct Codec {
    status: StatusEntry,
    time: TimeEntry,
    zone: Option<TimeZone>,
}

impl Codec {
    /// Of the statement's tables; an unknown zone is as none (the statement's check refuses it).
    pub fn new(status: &StatusEntry, time: &TimeEntry) -> Self {
        let zone = time.zona.as_deref().and_then(|name| TimeZone::get(name).ok());
        Self {
            status: status.clone(),
            time: time.clone(),
            zone,
        }
    }

    /// A mapped answer in canonical words; the first value that has none is told.
    pub fn receive(&self, mut value: Value) -> (Value, Option<Phrase>) {
        let mut fault = None;
        self.receive_into(&mut value, 0, &mut fault);
        (value, fault)
    }

    fn receive_into(&self, value: &mut Value, depth: usize, fault: &mut Option<Phrase>) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| self.receive_into(item, depth + 1, fault)),
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    if name == "per_status" {
                        self.receive_counts(member, fault);
                    } else if name == "tenggat" {
                        for (_, time) in member.as_object_mut().into_iter().flatten() {
                            self.receive_time(time, fault);
                        }
                    } else if is_id(name) {
                        if member.is_number() {
                            *member = Value::String(member.to_string());
                        }
                    } else if is_status(name) && !member.is_object() {
                        self.receive_status(member, fault);
                    } else if is_time(name) {
                        self.receive_time(member, fault);
                    } else {
                        self.receive_into(member, depth + 1, fault);
                    }
                }
            }
            _ => {}
        }
    }

    fn receive_status(&self, value: &mut Value, fault: &mut Option<Phrase>) {
        let word = match &*value {
            Value::String(word) => word.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        match self.status_word(&word) {
            Some(status) => *value = Value::String(status.id().to_owned()),
            None => note(fault, &word, "status"),
        }
    }

    fn status_word(&self, word: &str) -> Option<Status> {
        self.status.terima.get(word).copied().or_else(|| Status::by_id(word))
    }

    fn receive_counts(&self, value: &mut Value, fault: &mut Option<Phrase>) {
        let Some(members) = value.as_object_mut() else { return };
        let mut counts = serde_json::Map::new();
        for (word, count) in std::mem::take(members) {
            let name = if let Some(status) = self.status_word(&word) {
                status.id().to_owned()
            } else {
                note(fault, &word, "status");
                word
            };
            // Words that the application splits further are added up.
            let sum = match (counts.get(&name).and_then(Value::as_i64), count.as_i64()) {
                (Some(one), Some(other)) => json!(one.saturating_add(other)),
                _ => count,
            };
            counts.insert(name, sum);
        }
        *members = counts;
    }

    fn receive_time(&self, value: &mut Value, fault: &mut Option<Phrase>) {
        let text = match &*value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        if self.time.nol.contains(&text) {
            *value = Value::Null;
        } else if !self.time.bentuk.is_empty() {
            match self.time.bentuk.iter().find_map(|form| self.read_time(form, &text)) {
                Some(canonical) => *value = Value::String(canonical),
                None if is_canonical_time(&text) => {}
                None => note(fault, &text, "waktu"),
            }
        }
    }

    fn read_time(&self, form: &str, text: &str) -> Option<String> {
        let zone = || self.zone.clone().unwrap_or(TimeZone::UTC);
        let render = |time: Timestamp| time.to_zoned(zone()).strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
        match form {
            "epoch" => text
                .parse()
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .map(render),
            "epoch_ms" => text
                .parse()
                .ok()
                .and_then(|millis| Timestamp::from_millisecond(millis).ok())
                .map(render),
            _ => {
                let parsed = strtime::parse(form, text).ok()?;
                if let Some(offset) = parsed.offset() {
                    let time = parsed.to_timestamp().ok()?;
                    let zoned = time.to_zoned(TimeZone::fixed(offset));
                    return Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string());
                }
                if parsed.hour().is_none() {
                    return parsed.to_date().ok().map(|date| date.to_string());
                }
                // Without a declared zone a local time stays a local time: judging it is DT-08's.
                let local = parsed.to_datetime().ok()?;
                match &self.zone {
                    Some(zone) => local.to_zoned(zone.clone()).ok().map(|time| render(time.timestamp())),
                    None => Some(local.to_string()),
                }
            }
        }
    }

    /// A canonical input in the application's words.
    pub fn send(&self, mut input: Value) -> Value {
        let Some(members) = input.as_object_mut() else {
            return input;
        };
        for (name, value) in members.iter_mut() {
            let Value::String(text) = &*value else { continue };
            let replaced = match name.as_str() {
                "status" => Status::by_id(text).and_then(|status| self.status.kirim.get(&status).cloned()),
                "tanggal_kejadian" | "diperbarui_sejak" | "dari" | "sampai" => self.send_time(text),
                _ => None,
            };
            if let Some(replaced) = replaced {
                *value = Value::String(replaced);
            }
        }
        input
    }

    fn send_time(&self, text: &str) -> Option<String> {
        if let (Some(form), Ok(time)) = (&self.time.kirim, text.parse::<Timestamp>()) {
            let zoned = time.to_zoned(self.zone.clone().unwrap_or(TimeZone::UTC));
            return strtime::format(form, &zoned).ok();
        }
        match (&self.time.kirim_tanggal, text.parse::<Date>()) {
            (Some(form), Ok(date)) if text.len() == 10 => strtime::format(form, date).ok(),
            _ => None,
        }
    }
}

fn note(fault: &mut Option<Phrase>, word: &str, what: &str) {
    if fault.is_none() {
        let word: String = word.chars().take(80).collect();
        *fault = Some(phrase!(
            "{what} `{word}` tidak dikenal oleh ikatan",
            "{what} `{word}` is not known to the binding"
        ));
    }
}

/// Whether a canonical member holds an identifier, which is text.
pub fn is_id(name: &str) -> bool {
    matches!(
        name,
        "id" | "nomor_pelacakan" | "id_sp4n" | "digabung_ke" | "id_peristiwa"
    ) || name.ends_with("_id")
}

fn is_status(name: &str) -> bool {
    matches!(name, "status" | "dari" | "ke")
}

pub(super) fn is_time(name: &str) -> bool {
    name == "waktu" || name.starts_with("waktu_") || matches!(name, "tanggal_kejadian" | "dihitung_pada")
}

fn is_canonical_time(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok() || text.parse::<Date>().is_ok() || text.parse::<DateTime>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec(text: &str) -> Codec {
        let entry: super::super::raw::BindingEntry = toml::from_str(text).unwrap();
        Codec::new(&entry.status, &entry.waktu)
    }

    #[test]
    fn maps_words_ids_and_times() {
        let codec = codec(
            "[status.terima]\n1 = \"menunggu_verifikasi\"\n2 = \"diproses\"\n3 = \"diproses\"\n[waktu]\nbentuk = [\"%d-%m-%Y %H:%M\", \"epoch\"]\nzona = \"Asia/Makassar\"\nnol = [\"0\"]",
        );
        let (value, fault) = codec.receive(
            json!({"id": 7, "kategori_id": 3, "status": 1, "waktu_dibuat": "25-11-2026 10:00",
            "waktu_diperbarui": 0, "riwayat": [{"waktu": 1_764_000_000, "dari": "1", "ke": 2}],
            "per_status": {"2": 1, "3": 2}, "judul": "status"}),
        );
        assert_eq!(fault, None);
        assert_eq!(
            value,
            json!({"id": "7", "kategori_id": "3", "status": "menunggu_verifikasi", "waktu_dibuat": "2026-11-25T10:00:00+08:00",
                "waktu_diperbarui": null, "riwayat": [{"waktu": "2025-11-25T00:00:00+08:00", "dari": "menunggu_verifikasi", "ke": "diproses"}],
                "per_status": {"diproses": 3}, "judul": "status"})
        );
    }

    #[test]
    fn tells_unknown_words_and_keeps_them() {
        let (value, fault) = codec("").receive(json!({"status": "hilang"}));
        assert_eq!(value, json!({"status": "hilang"}));
        assert!(fault.unwrap().en.contains("`hilang`"));
    }

    #[test]
    fn sends_words_and_dates() {
        let codec = codec(
            "[status.kirim]\nselesai = \"closed\"\n[waktu]\nzona = \"Asia/Jakarta\"\nkirim = \"%Y-%m-%d %H:%M\"\nkirim_tanggal = \"%d/%m/%Y\"",
        );
        assert_eq!(
            codec.send(json!({"status": "selesai", "tanggal_kejadian": "2026-11-24", "diperbarui_sejak": "2026-11-24T20:00:00Z", "judul": "selesai"})),
            json!({"status": "closed", "tanggal_kejadian": "24/11/2026", "diperbarui_sejak": "2026-11-25 03:00", "judul": "selesai"})
        );
    }
}
