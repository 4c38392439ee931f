//! TK-01: asking for what has to be refused: what is not there, what is another's, a login that is wrong, addresses
//! that nobody announced.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::refusal::{NAME, Norm, Params, Probe};
use crate::run::{Ask, BakuOptions, CallBuilder, Caller, Complaint, Halt, World};
use crate::target::{Extra, Sent};

use super::args::Args;
use super::chain;
use super::dice::Dice;
use super::likeness::like;
use super::odd_input::address_of;
use super::publication::public_at_once;
use super::routes::can_try;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> mencoba membaca yang tidak ada, serupa dengan <P>$"
        "{1} tries to read what is not there, like {2}" => absent;
    ketika r"^<aktor> mencoba membaca <P> yang bukan miliknya$" "{1} tries to read {2}, which is another's" => foreign;
    ketika r"^masuk dicoba dengan nilai yang salah$" "a login is tried with wrong values" => wrong_login;
    ketika r"^<aktor> mencoba alamat yang tidak pernah diumumkan$"
        "{1} tries addresses that nobody announced" => unknown_addresses;
    maka r"^setiap penolakan dijawab sebagai penolakan$" "every refusal is answered as a refusal" => refused;
    maka r"^setiap alamat di luar API dijawab sebagai penolakan$"
        "every address beside the API is answered as a refusal" => refused_beside;
];

/// What was tried.
#[derive(Default)]
struct Tried {
    probes: Vec<Probe>,
    records: Vec<Arc<Record>>,
}

impl Tried {
    /// Sends a probe, once more where the first answer decides nothing.
    async fn send(&mut self, mut probe: Probe, make: impl Fn() -> CallBuilder) -> Result<(), Halt> {
        for _ in 0..TRIES {
            let answered = make().class(&*probe.key).part(Part::Probe).send().await?;
            probe.seqs.push(answered.record.seq);
            self.records.push(answered.record);
            if !matches!(
                answered.reading,
                Reading::Throttled | Reading::Fault | Reading::NoAnswer
            ) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.probes.push(probe);
        Ok(())
    }

    fn leave_out(&mut self, key: &str, claim: String) {
        self.probes.push(Probe {
            left_out: Some(claim),
            ..probe(key)
        });
    }
}

fn probe(key: &str) -> Probe {
    Probe {
        key: key.to_owned(),
        ..Probe::default()
    }
}

async fn absent(world: &mut World, args: Args) -> Result<(), Halt> {
    let (actor, complaint) = (args.actor(1)?, world.complaint(&args.object(2)?)?.clone());
    let (caller, mut dice) = (world.caller()?, dice(world)?);
    let (id, number) = (
        like(&complaint.id, &mut dice),
        complaint.number.as_ref().map(|number| like(number, &mut dice)),
    );
    let mut tried = Tried::default();
    for (key, op, asker) in READS {
        let asker = asker.unwrap_or(actor);
        let input = match op {
            Op::Track => number.as_ref().map(|number| json!({"nomor_pelacakan": number})),
            Op::Download => Some(json!({"id": id, "lampiran_id": id})),
            _ => Some(json!({"id": id})),
        };
        match input.filter(|_| can_try(caller.cx(), *op, asker)) {
            Some(input) => {
                let make = || caller.call(*op, asker, input.clone());
                tried.send(probe(key), make).await?;
            }
            None => tried.leave_out(key, format!("{op}@{asker}")),
        }
    }
    *world.memory::<Tried>() = tried;
    Ok(())
}

async fn foreign(world: &mut World, args: Args) -> Result<(), Halt> {
    let (actor, label) = (args.actor(1)?, args.object(2)?);
    let (caller, complaint) = (world.caller()?, world.complaint(&label)?.clone());
    let with_file = with_file(&caller, &complaint, actor).await?;
    let mut tried = Tried::default();
    for op in [Op::Read, Op::History, Op::Download] {
        let (fixture, input) = match (op, &with_file) {
            (Op::Download, Some((fixture, input))) => (*fixture, Some(input.clone())),
            (Op::Download, None) => (0, None),
            _ => (complaint.fixture, Some(json!({"id": complaint.id}))),
        };
        let of_another = Probe {
            foreign: Some(fixture),
            ..probe(op.id())
        };
        // What everyone may read at once is no foreign secret; what of it is private is KM-13's matter.
        if public_at_once(caller.cx().statement()) {
            tried.leave_out(op.id(), "terbit sejak dikirim".to_owned());
            continue;
        }
        match input.filter(|_| can_try(caller.cx(), op, actor)) {
            Some(input) => {
                let make = || caller.call(op, actor, input.clone()).object(&*label);
                tried.send(of_another, make).await?;
            }
            None => tried.leave_out(op.id(), format!("{op}@{actor}")),
        }
    }
    *world.memory::<Tried>() = tried;
    Ok(())
}

/// Another complaint of the same owner, with a file: its fixture and what downloads the file. `None` where files or
/// downloads are not claimed or not bound.
async fn with_file(caller: &Caller, complaint: &Complaint, asker: Actor) -> Result<Option<(u32, Value)>, Halt> {
    if !can_try(caller.cx(), Op::Download, asker) {
        return Ok(None);
    }
    let caller = caller.part(Part::Setup);
    let options = BakuOptions {
        attachment: true,
        ..BakuOptions::default()
    };
    let draft = chain::draft(&caller, complaint.owner, options).await?;
    let twin = chain::submit(&caller, &complaint.label, draft).await?;
    let read = caller.call(Op::Read, twin.owner, json!({"id": twin.id})).send().await?;
    let file = read.mapped.pointer("/lampiran/0/id").and_then(Value::as_str);
    Ok(file.map(|file| (twin.fixture, json!({"id": twin.id, "lampiran_id": file}))))
}

async fn wrong_login(world: &mut World, _: Args) -> Result<(), Halt> {
    let (caller, mut dice) = (world.caller()?, dice(world)?);
    // Nobody is locked out: the name is that of the throw-away account, or nobody's.
    let named = caller.cx().statement().document().fixture.akun_buang.clone();
    let name = named.unwrap_or_else(|| like("tidakadaorangnya", &mut dice));
    let wrong = like("sandiYangKeliru0", &mut dice);
    let inputs = [
        (Op::Login, json!({"nama_pengguna": name, "sandi": wrong})),
        (Op::Refresh, json!({"token": wrong})),
    ];
    let mut tried = Tried::default();
    for (op, input) in inputs {
        if caller.cx().target().routed(op) {
            let make = || caller.call(op, Actor::Publik, input.clone()).sent(Sent::None);
            tried.send(probe(op.id()), make).await?;
        } else {
            tried.leave_out(op.id(), format!("{op} tidak terikat"));
        }
    }
    *world.memory::<Tried>() = tried;
    Ok(())
}

async fn unknown_addresses(world: &mut World, args: Args) -> Result<(), Halt> {
    let actor = args.actor(1)?;
    let (caller, mut dice) = (world.caller()?, dice(world)?);
    let list = caller.call(Op::List, actor, json!({"halaman": 1, "ukuran": 1}));
    let first = list.part(Part::ControlBefore).send().await?;
    let mut tried = std::mem::take(world.memory::<Tried>());
    let far = json!({"halaman": 900_001, "ukuran": 1});
    // A cursor has no number: the first page is what is asked for without one.
    if caller.cx().statement().document().ikatan.halaman.numbered() {
        let make = || caller.call(Op::List, actor, far.clone());
        let list = Probe {
            list: true,
            ..probe(PAGE)
        };
        tried.send(list, make).await?;
    } else {
        tried.leave_out(PAGE, "ikatan.halaman.gaya tanpa nomor".to_owned());
    }
    let addresses = address_of(&first.record).and_then(|url| unannounced(&url, &mut dice));
    let Some((kind, sibling)) = addresses else {
        tried.leave_out(KIND, "alamat daftar tanpa jalur".to_owned());
        tried.leave_out(SIBLING, "alamat daftar tanpa jalur".to_owned());
        *world.memory::<Tried>() = tried;
        return Ok(());
    };
    let at = |url: &str| {
        let extra = Extra {
            url: Some(url.to_owned()),
            ..Extra::default()
        };
        caller.call(Op::List, actor, json!({})).extra(extra)
    };
    // Below the root everything is the site's own; only below a base of its own is it the interface's.
    let beside = sibling.is_none();
    tried.send(Probe { beside, ..probe(KIND) }, || at(&kind)).await?;
    match sibling {
        Some(sibling) => {
            let beside = Probe {
                beside: true,
                ..probe(SIBLING)
            };
            tried.send(beside, || at(&sibling)).await?;
        }
        None => tried.leave_out(SIBLING, "API pada akar".to_owned()),
    }
    *world.memory::<Tried>() = tried;
    Ok(())
}

/// From the address of a list: another kind of resource beside it, and an address beside the base of both, if there
/// is a base.
fn unannounced(list: &str, dice: &mut Dice) -> Option<(String, Option<String>)> {
    let address = list.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = address.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let slash = if path.ends_with('/') { "/" } else { "" };
    let mut segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    segments.pop()?;
    let word = like("laikzzzzzzzz", dice);
    let address = |base: &[&str]| {
        let path: Vec<_> = base.iter().copied().chain([word.as_str()]).collect();
        format!("{scheme}://{host}/{}{slash}", path.join("/"))
    };
    let kind = address(&segments);
    let sibling = segments.pop().map(|_| address(&segments));
    Some((kind, sibling))
}

async fn refused(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Interface).await
}

async fn refused_beside(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Beside).await
}

async fn judge(world: &mut World, norm: Norm) -> Result<(), Halt> {
    let tried = world.memory::<Tried>();
    let (probes, records) = (tried.probes.clone(), tried.records.clone());
    let beside = norm == Norm::Beside;
    let asked = probes.iter().filter(|probe| probe.beside == beside);
    let declared = asked.map(|probe| probe.key.clone()).collect();
    world
        .check(Ask {
            oracle: NAME,
            params: json!(Params { norm, probes }),
            records,
            declared,
            miss: None,
        })
        .await
}

fn dice(world: &World) -> Result<Dice, Halt> {
    let nonce = world.cx()?.canaries().nonce();
    Ok(Dice::new(&format!("{nonce}/{}/{}", world.row(), world.attempt())))
}

/// What reads one thing, and who asks where it is not the scenario's actor.
const READS: &[(&str, Op, Option<Actor>)] = &[
    ("read", Op::Read, None),
    ("history", Op::History, None),
    ("download", Op::Download, None),
    ("track", Op::Track, Some(Actor::Publik)),
];

const PAGE: &str = "halaman yang tidak ada";
const KIND: &str = "jenis yang tidak ada";
const SIBLING: &str = "alamat di samping API";
const TRIES: usize = 2;
const PAUSE: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_beside_the_list_and_beside_its_base() {
        let mut dice = Dice::new("x");
        let (kind, sibling) = unannounced("http://h:1/api/v1/pengaduan?halaman=1", &mut dice).unwrap();
        assert!(
            kind.starts_with("http://h:1/api/v1/") && !kind.contains("pengaduan"),
            "{kind}"
        );
        let sibling = sibling.unwrap();
        assert!(
            sibling.starts_with("http://h:1/api/") && !sibling.contains("v1"),
            "{sibling}"
        );
        let (kind, sibling) = unannounced("http://h/tickets/", &mut dice).unwrap();
        assert!(kind.starts_with("http://h/") && kind.ends_with('/') && sibling.is_none());
        assert!(unannounced("http://h/", &mut dice).is_none());
    }
}
