//! KM-16: lists and searches as seen by people who are not the owner, by every way of asking.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::scoped::{Asked, HOLDS, Listed, Lists, PAGES, Page, TOTALS, total_of};
use crate::phrase;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, World};
use crate::statement::Publication;
use crate::target::{Answered, Extra};
use crate::verdict::Reason;

use super::args::Args;
use super::attempt::{need, send_twice};
use super::chain::{bring_to, draft, first_page, shows, submit};
use super::publication::{public_at_once, published_in};
use super::routes::{claimed, offered};
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor> yang belum terbit dan <P> yang sudah terbit, sejauh dapat$"
        "complaint {1} of {2} that is not published and {3} that is, as far as can be" => two_complaints;
    maka r"^daftar <aktor> memuat <P>$"
        "the list of {1} holds {2}" => list_holds;
    ketika r"^<aktor> menelusuri daftar dan pencarian (tanpa saringan|dengan pelapor_id milik pelapor A|dengan tanda pribadi P1|dengan penanda P1|dengan id P1 dan P2|dengan waktu pengubahan|dengan setiap kunci urut|dengan permintaan bidang tambahan|dengan kursor milik pelapor A)$"
        "{1} go through lists and searches: {2}" => go_through;
    maka r"^tidak satu halaman pun memuat yang bukan hak penanya$"
        "no page holds what the asker may not see" => nothing_foreign;
    maka r"^setiap jumlah hanya menghitung yang tampak$"
        "every total counts only what is shown" => totals_agree;
];

/// What the scenario asked.
#[derive(Default)]
struct Tried {
    unpublished: Vec<u32>,
    pages: Vec<Page>,
    records: Vec<Arc<Record>>,
}

async fn two_complaints(w: &mut World, a: Args) -> Result<(), Halt> {
    let (first, owner, second, caller) = (a.object(1)?, a.actor(2)?, a.object(3)?, w.caller()?);
    let statement = caller.cx().statement();
    for label in [first, second.clone()] {
        let draft = draft(&caller, owner, BakuOptions::default()).await?;
        let mut complaint = submit(&caller, &label, draft).await?;
        if label == second
            && let Some(status) = published_in(statement)
        {
            bring_to(&caller, &mut complaint, status).await?;
        }
        let never = statement.document().nilai.terbit_setelah == Publication::Tidak;
        let published = public_at_once(statement) || (label == second && !never);
        if !published {
            w.memory::<Tried>().unpublished.push(complaint.fixture);
        }
        w.insert(&label, complaint);
    }
    Ok(())
}

/// The owner's own list until it shows the complaints: delayed indexing would look like safety.
async fn list_holds(w: &mut World, a: Args) -> Result<(), Halt> {
    let (actor, labels, caller) = (a.actor(1)?, a.objects(2)?, w.caller()?);
    if !offered(caller.cx(), Op::List, actor) {
        return Err(Halt::NotApplicable(format!("list@{actor} tidak terikat")));
    }
    let part = w.scope().part;
    let (mut lists, mut records) = (Vec::new(), Vec::new());
    for label in &labels {
        let fixture = w.complaint(label)?.fixture;
        let page = showing(&caller.part(part), actor, fixture).await?;
        lists.push(Listed {
            key: format!("{label}@{actor}/daftar"),
            fixture,
            page: page.record.seq,
        });
        records.push(page.record);
    }
    let declared = lists.iter().map(|listed| listed.key.clone()).collect();
    w.check(Ask {
        oracle: HOLDS,
        params: json!(Lists { lists }),
        records,
        declared,
        miss: None,
    })
    .await
}

/// The page of an actor's list that shows a complaint; the last one where none does within `jeda_tampak`.
async fn showing(caller: &Caller, actor: Actor, fixture: u32) -> Result<Answered, Halt> {
    let newest_first = caller.cx().statement().document().nilai.urutan_terbaru_dulu;
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    loop {
        let over = tokio::time::Instant::now() >= deadline;
        if newest_first {
            let page = caller.call(Op::List, actor, first_page(caller)).send().await?;
            if shows(&page, fixture) {
                return Ok(page);
            }
        }
        // Others submit meanwhile: what was on the first page may be on a later one.
        let whole = crate::run::WalkStop::Whole;
        let mut pages = caller.walk(Op::List, actor, first_page(caller), whole).await?.pages;
        let at = pages.iter().position(|page| shows(page, fixture));
        let found = match at {
            Some(at) => Some(pages.swap_remove(at)),
            None => pages.pop().filter(|_| over),
        };
        if let Some(page) = found {
            return Ok(page);
        }
        if over {
            let text = phrase!("daftar {actor} tidak terbaca", "the list of {actor} cannot be read");
            return Err(Halt::inconclusive(Reason::PreconditionUnmet, text));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// One request for a list.
struct Question {
    op: Op,
    /// Told apart from others of the same way.
    word: String,
    input: Value,
    extra: Extra,
    named: Option<&'static str>,
}

async fn go_through(w: &mut World, a: Args) -> Result<(), Halt> {
    let (askers, way, caller) = (a.actors(1)?, a.text(2)?.to_owned(), w.caller()?);
    let (p1, p2) = (w.complaint("P1")?.clone(), w.complaint("P2")?.clone());
    let (questions, further) = questions(&caller, &way, &p1, &p2).await?;
    let unpublished = w.memory::<Tried>().unpublished.clone();
    let closed: Vec<u32> = [p1.fixture, p2.fixture].into_iter().chain(further).collect();
    for asker in askers {
        need(&caller, asker)?;
        for question in &questions {
            let mut page = Page {
                key: format!("{}@{asker}/{}", question.op, question.word),
                closed: closed.clone(),
                unpublished: unpublished.clone(),
                named: question.named.map(str::to_owned),
                ..Page::default()
            };
            let answers = if mapped(&caller, question.op) {
                ask(&caller, asker, question, way == "tanpa saringan").await?
            } else {
                page.left_out = Some(format!("{} tidak terikat", question.op));
                Vec::new()
            };
            page.probes = answers.iter().map(|answered| answered.record.seq).collect();
            let tried = w.memory::<Tried>();
            tried.pages.push(page);
            tried
                .records
                .extend(answers.into_iter().map(|answered| answered.record));
        }
    }
    Ok(())
}

fn mapped(caller: &Caller, op: Op) -> bool {
    claimed(caller.cx(), op) && caller.cx().target().routed(op)
}

/// Asks; walks on for at most five pages; asks again while a total tells of more than is shown.
async fn ask(caller: &Caller, asker: Actor, question: &Question, walk: bool) -> Result<Vec<Answered>, Halt> {
    let deadline = tokio::time::Instant::now() + caller.cx().statement().visible_limit();
    let one = |input: &Value| {
        let call = caller
            .call(question.op, asker, input.clone())
            .extra(question.extra.clone());
        call.part(Part::Probe).class("daftar milik orang lain")
    };
    let mut answers = send_twice(|| one(&question.input)).await?;
    let more = |answered: &Answered| {
        let exchange = answered.record.exchange();
        exchange.and_then(total_of).is_some_and(|(total, shown)| total > shown)
    };
    while answers.last().is_some_and(more) && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(LOOK_AGAIN).await;
        answers = vec![one(&question.input).send().await?];
    }
    let next = |answered: &Answered| {
        let next = answered.mapped.pointer("/halaman/berikut").and_then(Value::as_object)?;
        Some(merged(&question.input, next))
    };
    while walk && answers.len() < PAGES_WALKED {
        let Some(input) = answers.last().and_then(next) else {
            break;
        };
        answers.push(one(&input).send().await?);
    }
    Ok(answers)
}

fn merged(input: &Value, next: &Map<String, Value>) -> Value {
    let mut members = input.as_object().cloned().unwrap_or_default();
    members.extend(next.clone());
    Value::Object(members)
}

/// What is asked by one way, and further complaints of the owner that the way could open.
async fn questions(
    caller: &Caller,
    way: &str,
    p1: &Complaint,
    p2: &Complaint,
) -> Result<(Vec<Question>, Vec<u32>), Halt> {
    let asker = Asker(caller);
    let asked = match way {
        "tanpa saringan" => vec![asker.list("halaman", &json!({"ukuran": 20}), vec![])],
        "dengan pelapor_id milik pelapor A" => asker.by_owner(p1)?,
        "dengan tanda pribadi P1" => private_texts(p1)
            .into_iter()
            .flat_map(|(field, text)| asker.by_text(field, &text, field))
            .collect(),
        "dengan penanda P1" => asker.by_text("penanda", &p1.marker, "penanda").into(),
        "dengan id P1 dan P2" => {
            let both = format!("{},{}", p1.id, p2.id);
            ["ids", "id"]
                .map(|name| asker.list(name, &json!({}), query(name, &both)))
                .into()
        }
        "dengan waktu pengubahan" => {
            let hour = jiff::SignedDuration::from_hours(1);
            let since = jiff::Timestamp::now()
                .saturating_sub(hour)
                .unwrap_or(jiff::Timestamp::UNIX_EPOCH);
            let since = json!({"diperbarui_sejak": since.to_string()});
            vec![asker.list("diperbarui_sejak", &since, vec![])]
        }
        "dengan setiap kunci urut" => asker.by_order()?,
        "dengan permintaan bidang tambahan" => [("include", "pelapor"), ("expand", "pelapor"), ("fields", "*")]
            .map(|(name, value)| asker.list(name, &json!({}), query(name, value)))
            .into(),
        _ => {
            let (next, fixtures) = continuation(caller, p1.owner).await?;
            let asked = Question {
                input: next,
                ..asker.list("kursor", &json!({}), vec![])
            };
            return Ok((vec![asked], fixtures));
        }
    };
    Ok((asked, Vec::new()))
}

fn query(name: &str, value: &str) -> Vec<(String, Option<String>)> {
    vec![(name.to_owned(), Some(value.to_owned()))]
}

/// Makes questions.
struct Asker<'a>(&'a Caller);

impl Asker<'_> {
    fn list(&self, word: &str, more: &Value, query: Vec<(String, Option<String>)>) -> Question {
        let members = more.as_object().cloned().unwrap_or_default();
        Question {
            op: Op::List,
            word: word.to_owned(),
            input: merged(&first_page(self.0), &members),
            extra: Extra {
                query,
                ..Extra::default()
            },
            named: None,
        }
    }

    /// The search for a text, and the list with the text as `q`.
    fn by_text(&self, word: &str, text: &str, named: &'static str) -> [Question; 2] {
        let search = Question {
            op: Op::Search,
            word: word.to_owned(),
            input: json!({"q": text, "halaman": 1, "ukuran": 20}),
            extra: Extra::default(),
            named: Some(named),
        };
        let list = Question {
            named: Some(named),
            ..self.list(&format!("q={word}"), &json!({}), query("q", text))
        };
        [search, list]
    }

    fn by_owner(&self, complaint: &Complaint) -> Result<Vec<Question>, Halt> {
        let id = super::ownership::account(self.0, complaint.owner)?;
        let bound = self.0.cx().target().inputs(Op::List, complaint.owner);
        let bound = bound.iter().any(|input| input.name == "pelapor_id");
        let names = ["pelapor", "pelapor_id"]
            .into_iter()
            .filter(|name| !bound || *name == "pelapor");
        let others = names.map(|name| self.list(name, &json!({}), query(name, &id)));
        let own = bound.then(|| self.list("pelapor_id", &json!({"pelapor_id": id}), vec![]));
        Ok(own.into_iter().chain(others).collect())
    }

    fn by_order(&self) -> Result<Vec<Question>, Halt> {
        let keys = &self.0.cx().statement().document().nilai.kunci_urut;
        if keys.is_empty() {
            return Err(Halt::NotApplicable("nilai.kunci_urut tidak dinyatakan".to_owned()));
        }
        let ordered = keys.iter().map(|key| self.list(key, &json!({"urut": key}), vec![]));
        Ok(ordered.collect())
    }
}

/// The planted private texts of a complaint that a search could find.
fn private_texts(complaint: &Complaint) -> Vec<(&'static str, String)> {
    let fields = [
        ("pelapor.nama", "/pelapor/nama"),
        ("pelapor.email", "/pelapor/email"),
        ("pelapor.telepon", "/pelapor/telepon"),
    ];
    let text = |at: &str| complaint.input.pointer(at).and_then(Value::as_str).map(str::to_owned);
    fields
        .into_iter()
        .filter_map(|(field, at)| Some((field, text(at)?)))
        .collect()
}

/// Where the owner's own list goes on after its first page, and which complaints the owner sees there.
async fn continuation(caller: &Caller, owner: Actor) -> Result<(Value, Vec<u32>), Halt> {
    let input = json!({"halaman": 1, "ukuran": 1});
    let call = |input: Value| caller.call(Op::List, owner, input).part(Part::ControlBefore);
    let first = call(input.clone()).send().await?;
    let next = first.mapped.pointer("/halaman/berikut").and_then(Value::as_object);
    let cursor = next.filter(|next| next.contains_key("kursor") || next.contains_key("tautan"));
    let cursor = cursor.ok_or_else(|| Halt::NotApplicable("ikatan.halaman: daftar tidak memakai kursor".to_owned()))?;
    let size = json!({"ukuran": 20});
    let next = merged(&merged(&input, size.as_object().unwrap_or(cursor)), cursor);
    let own = call(next.clone()).send().await?;
    let fixtures: Vec<u32> = own
        .record
        .exchange()
        .into_iter()
        .flat_map(|exchange| exchange.facts.answer_canaries())
        .filter(|hit| hit.private && hit.fixture != 0)
        .map(|hit| hit.fixture)
        .collect();
    if own.reading != Reading::Accepted || fixtures.is_empty() {
        let text = phrase!(
            "kursor itu tidak melanjutkan daftar pemiliknya",
            "the cursor does not continue its owner's list"
        );
        return Err(Halt::inconclusive(Reason::PreconditionUnmet, text));
    }
    Ok((next, fixtures))
}

async fn nothing_foreign(w: &mut World, _a: Args) -> Result<(), Halt> {
    judge(w, PAGES, "").await
}

async fn totals_agree(w: &mut World, _a: Args) -> Result<(), Halt> {
    judge(w, TOTALS, "/jumlah").await
}

async fn judge(w: &mut World, oracle: &'static str, suffix: &str) -> Result<(), Halt> {
    let tried = w.memory::<Tried>();
    let declared = tried.pages.iter().map(|page| format!("{}{suffix}", page.key)).collect();
    let params = json!(Asked {
        pages: tried.pages.clone()
    });
    let records = tried.records.clone();
    w.check(Ask {
        oracle,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}

const PAGES_WALKED: usize = 5;
const LOOK_AGAIN: Duration = Duration::from_millis(60);
