//! TK-04: submissions under other media types, wishes for odd answers, and the label of every answer.

use std::sync::Arc;

use serde_json::json;

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::media::{EVERY_EXCHANGE, SENT, Submission, Submissions, WHOLE, WISHED, Wanted, Wishes};
use crate::run::{Ask, BakuOptions, Caller, Halt, Walk, World};
use crate::target::Extra;

use super::args::{Args, cell};
use super::chain::{acknowledged, confirm, draft, first_page, holds, observer, send, walk_until};
use super::methods::subject;
use super::places::spots;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> mencoba mengirim pengaduan dengan jenis media:$"
        "{1} tries to submit complaints under the media types:" => send_types;
    maka r"^hanya kiriman dengan jenis media yang dinyatakan tersimpan$"
        "only submissions under a declared media type are stored" => only_declared;
    maka r"^kiriman tanpa jenis media tidak tersimpan$"
        "a submission without a media type is not stored" => untyped_refused;
    ketika r"^<P> diminta dengan pilihan jawaban:$" "{1} is asked for with the wishes:" => send_wishes;
    maka r"^setiap jawaban memakai jenis media yang dinyatakan atau menolak$"
        "every answer uses the declared media type or refuses" => sober_answers;
    maka r"^setiap jawaban berisi menyebut jenis media yang sesuai$"
        "every answer with a body names a fitting media type" => labels_fit;
];

/// What the scenario sent.
#[derive(Default)]
struct Sent04 {
    submissions: Vec<Submission>,
    walk: Walk,
    wishes: Vec<(String, u64, u64)>,
    records: Vec<Arc<Record>>,
}

/// The word of the submission without a media type.
const UNTYPED: &str = "tanpa jenis media";

async fn send_types(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, caller) = (a.actor(1)?, w.caller()?);
    let words = a
        .table()?
        .iter()
        .map(|row| cell(row, "jenis media").map(str::to_owned))
        .collect::<Result<Vec<_>, _>>()?;
    let bound = bound_type(&caller, owner).await?;
    let mut sent = Sent04::default();
    let mut markers = Vec::new();
    for word in words {
        let plan = plan(&caller, &word, &bound)?;
        let draft = draft(&caller, owner, BakuOptions::default()).await?;
        let mut submission = Submission {
            key: word.clone(),
            fixture: draft.fixture,
            seqs: Vec::new(),
            wanted: plan.wanted,
            left_out: plan.left_out,
        };
        if submission.left_out.is_none() {
            let extra = match plan.media_type {
                Some(media_type) => Extra {
                    headers: vec![("Content-Type".to_owned(), media_type)],
                    ..Extra::default()
                },
                None => Extra {
                    without: vec!["Content-Type".to_owned()],
                    ..Extra::default()
                },
            };
            let call = caller
                .call(Op::Submit, owner, draft.input.clone())
                .class(format!("jenis media: {word}"));
            let answered = call.part(Part::Probe).extra(extra).send().await?;
            // The first exchange carries the submission; further ones only follow an accepted one.
            submission.seqs = answered.records.iter().map(|record| record.seq).collect();
            sent.records.extend(answered.records);
            // What was acknowledged may show a little later.
            if plan.wanted == Wanted::Stored || answered.reading == Reading::Accepted {
                markers.push(draft.marker);
            }
        }
        sent.submissions.push(submission);
    }
    let reader = caller.part(Part::SecondRead);
    let all = |walk: &Walk| {
        markers
            .iter()
            .all(|marker| walk.items.iter().any(|item| holds(item, marker)))
    };
    let page = first_page(&reader);
    sent.walk = walk_until(&reader, Op::List, observer(&reader), &page, all).await?;
    sent.records.extend(Caller::records(&sent.walk));
    *w.memory::<Sent04>() = sent;
    Ok(())
}

/// The media type that the binding gives a submission, read off one that is stored.
async fn bound_type(caller: &Caller, owner: Actor) -> Result<String, Halt> {
    let caller = caller.part(Part::ControlBefore);
    let draft = draft(&caller, owner, BakuOptions::default()).await?;
    let answered = send(&caller, "", &draft).await?;
    confirm(&caller, acknowledged(&caller, "", draft, &answered)?).await?;
    let mut sent = answered.records.iter().filter_map(|record| record.exchange());
    let typed = sent.find_map(|exchange| {
        exchange.request.body.as_ref()?;
        let mut headers = exchange.request.headers.iter();
        headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    });
    Ok(typed.map_or_else(String::new, |(_, value)| value.clone()))
}

/// How one word of the table is sent.
struct Plan {
    media_type: Option<String>,
    wanted: Wanted,
    left_out: Option<String>,
}

fn plan(caller: &Caller, word: &str, bound: &str) -> Result<Plan, Halt> {
    let essence = bound.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = essence == "application/json";
    let (media_type, wanted) = match word {
        "teks biasa" => (Some("text/plain"), Wanted::Refused),
        "XML" => (Some("application/xml"), Wanted::Refused),
        "formulir" => (Some("application/x-www-form-urlencoded"), Wanted::Refused),
        "JSON" => (Some("application/json"), Wanted::Refused),
        "akhiran JSON" => (Some("application/vnd.laik+json"), Wanted::Either),
        UNTYPED => (None, Wanted::Either),
        "yang dinyatakan dengan charset" => {
            let left_out =
                (essence.is_empty() || essence.starts_with("multipart/")).then(|| format!("badan {essence}"));
            return Ok(Plan {
                media_type: Some(format!("{essence}; charset=utf-8")),
                wanted: Wanted::Stored,
                left_out,
            });
        }
        _ => return Err(Halt::error(format!("`{word}` is no media type of the table"))),
    };
    let declared = &caller.cx().statement().document().api.media_kiriman;
    let named =
        media_type.is_some_and(|own| own == essence || declared.iter().any(|one| one.eq_ignore_ascii_case(own)));
    let left_out = match word {
        "akhiran JSON" if !json => Some(format!("badan {essence}")),
        _ if named => Some(format!("dinyatakan: {}", media_type.unwrap_or_default())),
        _ => None,
    };
    Ok(Plan {
        media_type: media_type.map(str::to_owned),
        wanted,
        left_out,
    })
}

async fn only_declared(w: &mut World, _: Args) -> Result<(), Halt> {
    submissions(w, false).await
}

async fn untyped_refused(w: &mut World, _: Args) -> Result<(), Halt> {
    submissions(w, true).await
}

async fn submissions(w: &mut World, untyped: bool) -> Result<(), Halt> {
    let sent = w.memory::<Sent04>();
    let mut list = sent.submissions.clone();
    if untyped {
        list.retain(|one| one.key == UNTYPED);
        for one in &mut list {
            one.wanted = Wanted::Refused;
            one.key = format!("ketat · {UNTYPED}");
        }
    }
    let declared: Vec<String> = list.iter().map(|one| one.key.clone()).collect();
    let params = json!(Submissions {
        sent: list,
        pages: sent.walk.pages.iter().map(|page| page.record.seq).collect(),
        complete: sent.walk.complete,
    });
    let records = sent.records.clone();
    w.declare(&declared)?;
    w.check(Ask {
        oracle: SENT,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

async fn send_wishes(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, caller) = (a.object(1)?, w.caller()?);
    let subject = subject(w, &label)?;
    let words = a
        .table()?
        .iter()
        .map(|row| cell(row, "pilihan").map(str::to_owned))
        .collect::<Result<Vec<_>, _>>()?;
    let mut sent = Sent04::default();
    for spot in spots(&caller, &subject, &[Op::Read, Op::List]).await {
        let plain = spot.request(&caller, spot.actor, "GET").send().await?;
        for word in &words {
            let wish = match word.as_str() {
                "XML" => "application/xml",
                "gambar" => "image/png",
                "apa saja" => "*/*",
                "kosong" => "",
                _ => return Err(Halt::error(format!("`{word}` is no wish of the table"))),
            };
            let extra = Extra {
                url: Some(spot.address.url.clone()),
                method: Some("GET".to_owned()),
                headers: vec![("Accept".to_owned(), wish.to_owned())],
                alone: true,
                ..Extra::default()
            };
            let call = spot.request(&caller, spot.actor, "GET").extra(extra);
            let answered = call.class(format!("pilihan jawaban: {word}")).send().await?;
            sent.wishes.push((
                format!("{word} · {}", spot.name()),
                plain.record.seq,
                answered.record.seq,
            ));
            sent.records.push(answered.record);
        }
        sent.records.push(plain.record);
    }
    *w.memory::<Sent04>() = sent;
    Ok(())
}

async fn sober_answers(w: &mut World, _: Args) -> Result<(), Halt> {
    let sent = w.memory::<Sent04>();
    let (tries, records) = (sent.wishes.clone(), sent.records.clone());
    let declared: Vec<String> = tries.iter().map(|(key, _, _)| key.clone()).collect();
    w.declare(&declared)?;
    w.check(Ask {
        oracle: WISHED,
        params: json!(Wishes { tries }),
        records,
        declared,
        miss: None,
    })
    .await
}

async fn labels_fit(w: &mut World, _: Args) -> Result<(), Halt> {
    let params = json!({"attempt": w.attempt()});
    w.check(Ask {
        oracle: EVERY_EXCHANGE,
        params,
        declared: vec![WHOLE.to_owned()],
        ..Ask::default()
    })
    .await
}
