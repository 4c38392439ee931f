//! KM-22: a reporter adds members to a lawful request that are the application's or an officer's to set, and others
//! read afterwards.

mod seeds;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::effect::shows_any;
use crate::oracle::planted::{ECHOED, Item, Params, STORED, Sign};
use crate::phrase;
use crate::run::{Ask, BakuOptions, CallBuilder, Caller, Complaint, Halt, World};
use crate::target::{Answered, BodyChange, Extra};
use crate::verdict::Reason;

use self::seeds::{Look, Seed};
use super::args::Args;
use super::attempt::{need, ready_complaint, send_twice, sending};
use super::chain::{acknowledged, draft, holds, read, shows, text};
use super::dice::Dice;
use super::recent::look_until;
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> mencoba <tindakan> <P> dengan isian titipan (rata|bersarang|berlarik|rata pada jenis media lain), di samping <P> dan <P>$"
        "{1} tries: {2} {3} with planted members ({4}), beside {5} and {6}" => try_planted;
    maka r"^<P> tidak memuat satu pun isian titipan$"
        "{1} holds none of the planted members" => holds_none;
    maka r"^jawaban atas isian titipan pada <P> tidak memuatnya kembali$"
        "the answers to the planted members on {1} do not hold them" => echoes_none;
];

/// What the scenario planted.
#[derive(Default)]
struct Planted {
    items: Vec<Item>,
    records: Vec<Arc<Record>>,
}

/// What stays the same over one sentence.
struct Planting {
    caller: Caller,
    op: Op,
    label: String,
    form: String,
    /// Another complaint of the same reporter, untouched.
    twin: Complaint,
    /// The other reporter's.
    foreign: Complaint,
    /// Who reads for the application's side.
    reader: Actor,
    /// The complaint that is acted on; none where one is submitted.
    target: Option<Complaint>,
    /// Records of the other reporter's and of the reporter's reach before.
    before: Vec<(Look, u64)>,
    records: Vec<Arc<Record>>,
}

/// One request with what was read after it.
struct Shot {
    probes: Vec<u64>,
    accepted: bool,
    after: Vec<(Look, u64)>,
    /// Number of the complaint that it made or changed.
    fixture: Option<u32>,
    /// The marker of a submission that was not accepted.
    lost: Option<String>,
}

async fn try_planted(w: &mut World, a: Args) -> Result<(), Halt> {
    let (owner, op, label, form, caller) = (a.actor(1)?, a.op(2)?, a.object(3)?, a.text(4)?.to_owned(), w.caller()?);
    let (twin, foreign) = (w.complaint(&a.object(5)?)?.clone(), w.complaint(&a.object(6)?)?.clone());
    need(&caller, foreign.owner)?;
    if !offered(caller.cx(), op, owner) {
        return Err(Halt::NotApplicable(format!("{op}@{owner} tidak terikat")));
    }
    let target = (op != Op::Submit).then(|| w.complaint(&label).cloned()).transpose()?;
    let dice = Dice::new(&format!(
        "{}/{}/{}",
        caller.cx().canaries().nonce(),
        w.row(),
        w.attempt()
    ));
    let mut planting = Planting {
        reader: reader(&caller)?,
        caller,
        op,
        label,
        form,
        twin,
        foreign,
        target,
        before: Vec::new(),
        records: Vec::new(),
    };
    Box::pin(planting.look_before()).await?;
    let (seeds, mut items) = planting.seeds(dice).await;
    let whole = Box::pin(planting.plant(&seeds)).await?;
    if whole.accepted || seeds.len() < 2 {
        items.extend(seeds.iter().map(|seed| planting.item(seed, &whole)));
    } else {
        // What refuses one member hides what becomes of the others: each is tried alone.
        let mut shots = Vec::new();
        for seed in &seeds {
            let shot = Box::pin(planting.plant(std::slice::from_ref(seed))).await?;
            shots.push(shot);
        }
        planting.look_for_lost(&mut shots).await?;
        items.extend(seeds.iter().zip(&shots).map(|(seed, shot)| planting.item(seed, shot)));
    }
    let records = planting.records;
    *w.memory::<Planted>() = Planted { items, records };
    Ok(())
}

/// Who reads for the application's side. The reporter's own view may hide what was taken over.
fn reader(caller: &Caller) -> Result<Actor, Halt> {
    let readers = [Actor::Admin, Actor::Petugas];
    let found = readers.into_iter().find(|actor| offered(caller.cx(), Op::Read, *actor));
    found.ok_or_else(|| {
        let text = phrase!(
            "tidak ada admin atau petugas yang dapat membaca pengaduan",
            "there is no administrator or officer who can read complaints"
        );
        Halt::inconclusive(Reason::OracleUnavailable, text)
    })
}

impl Planting {
    const fn owner(&self) -> Actor {
        self.twin.owner
    }

    /// Sends a read, keeps its record, and tells its number.
    async fn see(&mut self, call: CallBuilder) -> Result<(u64, Answered), Halt> {
        let answered = call.send().await?;
        self.records.push(Arc::clone(&answered.record));
        Ok((answered.record.seq, answered))
    }

    async fn look_before(&mut self) -> Result<(), Halt> {
        let looked_at = self.target.clone().unwrap_or_else(|| self.twin.clone());
        let (owner, stranger, foreign) = (self.owner(), self.foreign.owner, self.foreign.clone());
        let mut reads = vec![
            (Look::Stranger, read(&self.caller, stranger, &looked_at)),
            (Look::Beyond, read(&self.caller, owner, &foreign)),
        ];
        if self.target.is_some() {
            reads.push((Look::Reader, read(&self.caller, self.reader, &looked_at)));
        }
        for (look, call) in reads {
            let (seq, _) = self.see(call.part(Part::ControlBefore)).await?;
            self.before.push((look, seq));
        }
        Ok(())
    }

    /// The members in the form of the row.
    fn body(&self, seeds: &[Seed]) -> Extra {
        let flat: Map<String, Value> = seeds
            .iter()
            .map(|seed| (seed.key.to_owned(), seed.value.clone()))
            .collect();
        let members = match self.form.as_str() {
            "bersarang" => Map::from_iter([(WRAPPER.to_owned(), Value::Object(flat))]),
            "berlarik" => Map::from_iter([(WRAPPER.to_owned(), json!([flat]))]),
            _ => flat,
        };
        Extra {
            body: Some(BodyChange::Members(members)),
            ..Extra::default()
        }
    }

    /// Sends a lawful request with the members, and has it read by all whose reads may tell.
    async fn plant(&mut self, seeds: &[Seed]) -> Result<Shot, Halt> {
        let (complaint, mut shot) = if self.op == Op::Submit {
            Box::pin(self.submit(seeds)).await?
        } else {
            Box::pin(self.act(seeds)).await?
        };
        let (owner, stranger) = (self.owner(), self.foreign.owner);
        if let Some(complaint) = complaint {
            shot.fixture = Some(complaint.fixture);
            let call = read(&self.caller, stranger, &complaint);
            shot.after.push((Look::Stranger, self.see(call).await?.0));
        }
        let call = read(&self.caller, owner, &self.foreign);
        shot.after.push((Look::Beyond, self.see(call).await?.0));
        Ok(shot)
    }

    async fn submit(&mut self, seeds: &[Seed]) -> Result<(Option<Complaint>, Shot), Halt> {
        let (owner, reader) = (self.owner(), self.reader);
        let mut draft = draft(&self.caller, owner, BakuOptions::default()).await?;
        if self.form.ends_with("jenis media lain") {
            let media = self.caller.cx().statement().binding().media(Op::Submit, owner);
            let members = draft.input.as_object_mut().filter(|_| media.len() > 1);
            let Some(members) = members else {
                return Err(Halt::NotApplicable("media_kiriman".to_owned()));
            };
            members.insert("media_kiriman".to_owned(), json!(0));
        }
        let (extra, caller, label) = (self.body(seeds), self.caller.clone(), self.label.clone());
        let call = || probe(&caller, Op::Submit, owner, &draft.input, &label, &extra);
        let answers = send_twice(call).await?;
        let mut shot = self.shot(&answers);
        let Some(last) = answers.last().filter(|_| shot.accepted) else {
            shot.lost = Some(draft.marker);
            return Ok((None, shot));
        };
        let complaint = acknowledged(&self.caller, &self.label, draft, last)?;
        let shown = |answered: &Answered| shows(answered, complaint.fixture);
        let seen = self.caller.until(|| read(&caller, reader, &complaint), shown).await?;
        shot.after.push((Look::Reader, seen.record.seq));
        self.records.push(seen.record);
        Ok((Some(complaint), shot))
    }

    async fn act(&mut self, seeds: &[Seed]) -> Result<(Option<Complaint>, Shot), Halt> {
        let (owner, reader, op) = (self.owner(), self.reader, self.op);
        let complaint = match self.target.take() {
            Some(complaint) => complaint,
            // The one before was acted on: its status may not allow it again.
            None => ready_complaint(&self.caller, &self.label, owner, op, BakuOptions::default()).await?,
        };
        let sending = sending(&self.caller, op, &complaint, None).await?;
        let (extra, caller, label) = (self.body(seeds), self.caller.clone(), self.label.clone());
        let call = || probe(&caller, op, owner, &sending.input, &label, &extra);
        let answers = send_twice(call).await?;
        let mut shot = self.shot(&answers);
        let accepted = shot.accepted;
        let told = |answered: &Answered| {
            let exchange = answered.record.exchange();
            !accepted || exchange.is_some_and(|read| shows_any(read, &[sending.mark]))
        };
        let seen = self.caller.until(|| read(&caller, reader, &complaint), told).await?;
        shot.after.push((Look::Reader, seen.record.seq));
        self.records.push(seen.record);
        if !accepted {
            self.target = Some(complaint.clone());
        }
        Ok((Some(complaint), shot))
    }

    fn shot(&mut self, answers: &[Answered]) -> Shot {
        let records = answers.iter().flat_map(|answered| &answered.records);
        let probes = records.clone().map(|record| record.seq).collect();
        self.records.extend(records.cloned());
        Shot {
            probes,
            accepted: answers
                .last()
                .is_some_and(|answered| answered.reading == Reading::Accepted),
            after: Vec::new(),
            fixture: None,
            lost: None,
        }
    }

    /// Looks through the list for submissions that were refused and may be stored all the same.
    async fn look_for_lost(&mut self, shots: &mut [Shot]) -> Result<(), Halt> {
        let lost = |shot: &Shot| shot.lost.is_some();
        if !shots.iter().any(lost) || !offered(self.caller.cx(), Op::List, self.reader) {
            return Ok(());
        }
        // They never have to appear: one look through it.
        let walk = look_until(&self.caller.part(Part::SecondRead), self.reader, |_| true).await?;
        let pages = Caller::records(&walk);
        for shot in shots.iter_mut() {
            let Some(marker) = &shot.lost else { continue };
            shot.after.extend(pages.iter().map(|page| (Look::Reader, page.seq)));
            let found = walk.items.iter().find(|item| holds(item, marker));
            if let Some(id) = found.and_then(|item| text(item, "id")) {
                let call = self.caller.call(Op::Read, self.reader, json!({"id": id}));
                let (seq, _) = self.see(call.object(&*self.label).part(Part::SecondRead)).await?;
                shot.after.push((Look::Reader, seq));
            }
        }
        self.records.extend(pages);
        Ok(())
    }

    fn item(&self, seed: &Seed, shot: &Shot) -> Item {
        let of = |reads: &[(Look, u64)]| -> Vec<u64> {
            let own = reads.iter().filter(|(look, _)| *look == seed.look);
            own.map(|(_, seq)| *seq).collect()
        };
        let mut signs = seed.signs.clone();
        if seed.look == Look::Stranger {
            // Before a submission the twin was looked at, which is as little the stranger's.
            signs.extend(shot.fixture.into_iter().chain([self.twin.fixture]).map(Sign::Granted));
        }
        Item {
            key: seed.key.to_owned(),
            signs,
            needle: seed.needle.clone(),
            probes: shot.probes.clone(),
            before: of(&self.before),
            after: of(&shot.after),
            missing: None,
        }
    }
}

/// Under which name a request wraps the members of a complaint.
const WRAPPER: &str = "pengaduan";

fn probe(caller: &Caller, op: Op, actor: Actor, input: &Value, label: &str, extra: &Extra) -> CallBuilder {
    let call = caller.call(op, actor, input.clone()).object(label).part(Part::Probe);
    call.class(CLASS).extra(extra.clone())
}

const CLASS: &str = "isian titipan";

async fn holds_none(w: &mut World, _: Args) -> Result<(), Halt> {
    let planted = w.memory::<Planted>();
    let (items, records) = (planted.items.clone(), planted.records.clone());
    let declared = items.iter().map(|item| item.key.clone()).collect();
    check(w, STORED, items, records, declared).await
}

async fn echoes_none(w: &mut World, _: Args) -> Result<(), Halt> {
    let planted = w.memory::<Planted>();
    let (mut items, records) = (planted.items.clone(), planted.records.clone());
    // What only shows in who may read what has no echo.
    items.retain(|item| item.missing.is_none() && !item.signs.iter().any(|sign| matches!(sign, Sign::Granted(_))));
    let declared = items.iter().map(|item| format!("{}/jawaban", item.key)).collect();
    check(w, ECHOED, items, records, declared).await
}

async fn check(
    w: &mut World,
    oracle: &'static str,
    items: Vec<Item>,
    records: Vec<Arc<Record>>,
    declared: Vec<String>,
) -> Result<(), Halt> {
    w.declare(&declared)?;
    w.check(Ask {
        oracle,
        params: json!(Params { items }),
        records,
        declared,
        miss: None,
    })
    .await
}
