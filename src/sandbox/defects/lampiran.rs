//! Defects of attachments: DT-16. None touches the small text file of the default complaint.

use std::sync::Arc;

use super::super::app::complaint::StoredFile;
use super::super::app::seams::Change;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::{FilesWith, ViewWith, on_insert};
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-16a",
        install: line_ends_changed,
    },
    Defect {
        id: "DT-16b",
        install: nameless,
    },
    Defect {
        id: "DT-16c",
        install: first_alone,
    },
    Defect {
        id: "DT-16d",
        install: cut_at_64k,
    },
];

fn on_download(assembly: &mut Assembly, change: impl Fn(&mut StoredFile) + Send + Sync + 'static) {
    let inner = assembly.parts.files.clone();
    assembly.parts.files = Arc::new(FilesWith { inner, change });
}

fn line_ends_changed(assembly: &mut Assembly, counter: Counter) {
    on_download(assembly, move |file| {
        let before = file.content.len();
        if file.note.media_type.starts_with("text/") {
            let mut kept = Vec::with_capacity(before);
            for (at, byte) in file.content.iter().enumerate() {
                if *byte != b'\r' || file.content.get(at + 1) != Some(&b'\n') {
                    kept.push(*byte);
                }
            }
            file.content = kept;
        }
        if file.content.len() < before {
            counter.acted();
        }
    });
}

/// Whatever is no text is stored as a `.bin` of no type.
fn nameless(assembly: &mut Assembly, counter: Counter) {
    on_download(assembly, |file| {
        if !file.note.media_type.starts_with("text/") {
            "application/octet-stream".clone_into(&mut file.note.media_type);
        }
    });
    let mut view = ViewWith::around(assembly.parts.view.clone());
    view.record = Some(Box::new(move |_, _, shown| {
        let files = shown.get_mut("lampiran").and_then(serde_json::Value::as_array_mut);
        for file in files.into_iter().flatten().filter_map(serde_json::Value::as_object_mut) {
            let text = file.get("jenis_media").and_then(serde_json::Value::as_str);
            if text.is_some_and(|media_type| !media_type.starts_with("text/")) {
                let id = file.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
                let name = format!("{id}.bin");
                file.insert("nama".to_owned(), name.into());
                file.insert("jenis_media".to_owned(), "application/octet-stream".into());
                counter.acted();
            }
        }
    }));
    assembly.parts.view = Arc::new(view);
}

fn first_alone(assembly: &mut Assembly, counter: Counter) {
    on_insert(assembly, move |store, complaint, added| {
        if added.files.len() < 2 {
            return store.insert(complaint, added);
        }
        let mut complaint = complaint.clone();
        complaint.files.truncate(1);
        let kept = Change {
            events: added.events.clone(),
            files: added.files.iter().take(1).cloned().collect(),
        };
        counter.acted();
        store.insert(&complaint, &kept)
    });
}

fn cut_at_64k(assembly: &mut Assembly, counter: Counter) {
    on_download(assembly, move |file| {
        if file.content.len() > 65_536 {
            file.content.truncate(65_536);
            counter.acted();
        }
    });
}
