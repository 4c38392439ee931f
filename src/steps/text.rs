//! Sentences about hard texts (DT-11). Their bytes stand in `features/data/teks_uji.toml`.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Reading, Record};
use crate::oracle::text::{Field, List, NAME, Params, Read, Text, key, list_key, same, shows};
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, Walk, WalkStop, World};
use crate::target::Answered;

use super::args::Args;
use super::chain::{acknowledged, bring_to, confirm, draft, first_page, input, read, send, text};
use super::routes::{leads_to, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor> dengan teks uji <teks>$"
        "complaint {1} of {2} with the texts: {3}" => complaint_with_texts;
    ketika r"^<aktor> (mendisposisi|menindaklanjuti|menanggapi) <P> dengan teks uji <teks>$"
        "{1}: {2} {3} with the texts: {4}" => act_with_text;
    maka r"^setiap teks <P> sama dengan yang dikirim bagi <aktor>$"
        "every text of {1} is as it was sent, for {2}" => texts_are_equal;
];

/// Texts that were sent, in their order.
#[derive(Default)]
struct Sent(Vec<Text>, Vec<Arc<Record>>);

/// One kind of text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    ragam: String,
    judul: String,
    isi: String,
    alasan: String,
    tindak_lanjut: String,
    tanggapan: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    teks: Vec<Kind>,
}

fn kinds() -> Result<&'static [Kind], Halt> {
    static KINDS: OnceLock<Result<Vec<Kind>, String>> = OnceLock::new();
    let text = include_str!("../../features/data/teks_uji.toml");
    let parse = || {
        toml::from_str::<Kinds>(text)
            .map(|file| file.teks)
            .map_err(|error| error.to_string())
    };
    KINDS
        .get_or_init(parse)
        .as_deref()
        .map_err(|error| Halt::error(format!("teks_uji.toml: {error}")))
}

fn kind(name: &str, line: usize) -> Result<&'static Kind, Halt> {
    kinds()?
        .iter()
        .find(|kind| kind.ragam == name)
        .ok_or_else(|| Halt::error(format!("line {line}: `{name}` stands not in teks_uji.toml")))
}

async fn complaint_with_texts(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, owner, caller) = (a.object(1)?, a.actor(2)?, w.caller()?);
    let kind = kind(a.text(3)?, a.line)?;
    let mut draft = draft(&caller, owner, BakuOptions::default()).await?;
    let marked = |text: &str| text.replace("{penanda}", &draft.marker);
    let (title, body) = (marked(&kind.judul), marked(&kind.isi));
    if let Some(members) = draft.input.as_object_mut() {
        members.insert("judul".to_owned(), json!(title));
        members.insert("isi".to_owned(), json!(body));
    }
    let answered = send(&caller, &label, &draft).await?;
    let complaint = confirm(&caller, acknowledged(&caller, &label, draft, &answered)?).await?;
    w.insert(&label, complaint);
    let sent = w.memory::<Sent>();
    for (field, text) in [(Field::Judul, title), (Field::Isi, body)] {
        sent.0.push(Text {
            label: label.clone(),
            field,
            sent: text,
            left_out: None,
            refused: None,
        });
    }
    Ok(())
}

async fn act_with_text(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, op, label, caller) = (a.actor(1)?, a.op(2)?, a.object(3)?, w.caller()?);
    let kind = kind(a.text(4)?, a.line)?;
    let (field, sent) = match op {
        Op::Dispose => (Field::Alasan, &kind.alasan),
        Op::FollowUp => (Field::TindakLanjut, &kind.tindak_lanjut),
        _ => (Field::Tanggapan, &kind.tanggapan),
    };
    let mut text = Text {
        label: label.clone(),
        field,
        sent: sent.clone(),
        left_out: None,
        refused: None,
    };
    if offered(caller.cx(), op, actor) {
        let complaint = w.complaint_mut(&label)?;
        if op == Op::Dispose && complaint.status == Status::MenungguVerifikasi {
            bring_to(&caller, complaint, Status::Terverifikasi).await?;
        }
        let mut sending = input(&caller, op, complaint).await?;
        if let Some(members) = sending.as_object_mut() {
            match field {
                Field::Alasan => members.insert("alasan".to_owned(), json!({"teks": text.sent})),
                _ => members.insert("isi".to_owned(), json!(text.sent)),
            };
        }
        let binding = caller.cx().statement().binding();
        if field == Field::Alasan && binding.carries(op, actor, &sending, "alasan") == Some(false) {
            text.left_out = Some(format!("{op}.alasan"));
        }
        let answered = caller.call(op, actor, sending).object(label.clone()).send().await?;
        if answered.reading == Reading::Accepted {
            complaint.status = leads_to(op).unwrap_or(complaint.status);
        } else {
            text.refused = Some(answered.record.seq);
            w.memory::<Sent>().1.push(answered.record);
        }
    } else {
        text.left_out = Some(format!("{op}@{actor}"));
    }
    w.memory::<Sent>().0.push(text);
    Ok(())
}

async fn texts_are_equal(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, actors, caller) = (a.object(1)?, a.actors(2)?, w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let (texts, mut records) = {
        let sent = w.memory::<Sent>();
        (sent.0.clone(), sent.1.clone())
    };
    let readers: Vec<Actor> = actors
        .into_iter()
        .filter(|actor| caller.cx().target().bound(Op::Read, *actor))
        .collect();
    let listing = readers.contains(&Actor::Admin) && caller.cx().target().bound(Op::List, Actor::Admin);
    let mut declared: Vec<String> = Vec::new();
    for actor in &readers {
        let shown = texts.iter().filter(|text| text.field.shown_to(*actor));
        declared.extend(shown.map(|text| key(&label, text.field, *actor)));
    }
    declared.extend(listing.then(|| list_key(&label, Actor::Admin)));
    w.declare(&declared)?;
    let mut reads = Vec::new();
    for actor in readers {
        let answered = read_texts(&caller, actor, &complaint, &texts).await?;
        reads.push(Read {
            label: label.clone(),
            actor,
            seq: answered.record.seq,
        });
        records.push(answered.record);
    }
    let mut lists = Vec::new();
    if listing {
        let walk = list_title(&caller, &complaint, &texts).await?;
        records.extend(Caller::records(&walk));
        lists.push(List {
            label,
            actor: Actor::Admin,
            id: complaint.id.clone(),
            pages: walk.pages.iter().map(|page| page.record.seq).collect(),
        });
    }
    let params = json!(Params { texts, reads, lists });
    w.check(Ask {
        oracle: NAME,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

/// Reads until every text that was accepted shows, or `jeda_tampak` is over.
async fn read_texts(caller: &Caller, actor: Actor, complaint: &Complaint, texts: &[Text]) -> Result<Answered, Halt> {
    let wanted: Vec<&Text> = texts
        .iter()
        .filter(|text| text.left_out.is_none() && text.refused.is_none() && text.field.shown_to(actor))
        .collect();
    let whole = |answered: &Answered| wanted.iter().all(|text| shows(text, &answered.mapped));
    caller.until(|| read(caller, actor, complaint), whole).await
}

/// Walks the administrator's list until the complaint stands there with its title, or `jeda_tampak` is over.
async fn list_title(caller: &Caller, complaint: &Complaint, texts: &[Text]) -> Result<Walk, Halt> {
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    let title = texts
        .iter()
        .find(|wanted| wanted.field == Field::Judul)
        .map(|text| text.sent.clone());
    let own = |item: &Value| text(item, "id").as_ref() == Some(&complaint.id);
    loop {
        let last = tokio::time::Instant::now() >= deadline;
        let walk = caller
            .walk(Op::List, Actor::Admin, first_page(caller), WalkStop::Found(&own))
            .await?;
        let shown = walk
            .items
            .iter()
            .find(|item| own(item))
            .and_then(|item| item.get("judul"))
            .and_then(Value::as_str);
        if last
            || title
                .as_deref()
                .zip(shown)
                .is_some_and(|(sent, shown)| same(sent, shown))
        {
            return Ok(walk);
        }
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_kinds_are_those_of_the_feature_and_marked() {
        let kinds = kinds().unwrap();
        let names: BTreeSet<_> = kinds.iter().map(|kind| kind.ragam.as_str()).collect();
        let feature = include_str!("../../features/data/4_teks.feature");
        let cells: BTreeSet<_> = feature
            .lines()
            .filter_map(|line| line.trim().strip_prefix("| ")?.strip_suffix(" |"))
            .map(str::trim)
            .filter(|cell| *cell != "ragam")
            .collect();
        assert_eq!(names, cells);
        for kind in kinds {
            assert!(
                kind.judul.contains("{penanda}") && kind.isi.contains("{penanda}"),
                "{}",
                kind.ragam
            );
            assert!(!kind.judul.contains('\n'), "{}: a title has one line", kind.ragam);
        }
    }

    #[test]
    fn the_texts_hold_what_the_norm_names() {
        let whole: String = kinds()
            .unwrap()
            .iter()
            .map(|kind| {
                [
                    &*kind.judul,
                    &kind.isi,
                    &kind.alasan,
                    &kind.tindak_lanjut,
                    &kind.tanggapan,
                ]
                .join("\u{1}")
            })
            .collect();
        for part in [
            "O'Brien <b>tebal</b> &amp; &#39;",
            "' \" < > & \\ / %",
            "e\u{301}",
            "😀👨‍👩‍👧",
            "ꦲꦏ꧀ꦱꦫ",
            "بهاس",
            "\n\n",
            "007",
            "null",
            "1e3",
            "=1+1",
        ] {
            assert!(whole.contains(part), "{part}");
        }
    }
}
