//! KM-13: somebody who is not the owner asks for a complaint, by every way.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Reading, Record};
use crate::oracle::ownership::{NAME, Params, Probe, View};
use crate::phrase;
use crate::run::{Ask, CallBuilder, Caller, Complaint, Halt, World};
use crate::target::Extra;
use crate::verdict::Reason;

use super::args::Args;
use super::odd_input::address_of;
use super::publication::Published;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<aktor> mencoba membaca <P> lewat (id|riwayat|nomor pelacakan|parameter pelapor_id milik pemilik|header pelapor_id milik pemilik|alamat yang baru saja dibaca pemilik)$"
        "{1} tries to read {2} by way of: {3}" => try_to_read;
    maka r"^setiap jawaban paling banyak memuat bagian <P> yang sudah terbit$"
        "every answer holds at most the published part of {1}" => at_most_published;
];

/// What was tried.
#[derive(Default)]
struct Tried {
    probes: Vec<Probe>,
    records: Vec<Arc<Record>>,
}

/// One way of asking for a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Id,
    History,
    Number,
    Parameter,
    Header,
    Address,
}

async fn try_to_read(world: &mut World, args: Args) -> Result<(), Halt> {
    let (asker, object, words) = (args.actor(1)?, args.object(2)?, args.text(3)?.to_owned());
    let way = Way::by_words(&words).ok_or_else(|| Halt::error(format!("`{words}` is no way")))?;
    let caller = world.caller()?;
    let complaint = world.complaint(&object)?.clone();
    let mut tried = Tried::default();
    let owner = way.owner_first(&caller, &complaint, &mut tried).await?;
    let mut probe = Probe {
        key: format!("{words}@{asker}"),
        view: way.view(),
        seqs: Vec::new(),
        owner: owner.as_ref().map(|record| record.seq),
    };
    for _ in 0..TRIES {
        let answered = way
            .ask(&caller, &complaint, asker, owner.as_deref())?
            .object(&*object)
            .class(CLASS)
            .send()
            .await?;
        probe.seqs.push(answered.record.seq);
        tried.records.push(answered.record);
        if !proves_nothing(answered.reading) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    tried.probes.push(probe);
    *world.memory::<Tried>() = tried;
    Ok(())
}

async fn at_most_published(world: &mut World, args: Args) -> Result<(), Halt> {
    let object = args.object(1)?;
    let fixture = world.complaint(&object)?.fixture;
    let published = world.memory::<Published>().0.contains(&object);
    let tried = std::mem::take(world.memory::<Tried>());
    let declared = tried.probes.iter().map(|probe| probe.key.clone()).collect();
    let params = json!(Params {
        fixture,
        published,
        probes: tried.probes
    });
    world
        .check(Ask {
            oracle: NAME,
            params,
            records: tried.records,
            declared,
            miss: None,
        })
        .await
}

impl Way {
    fn by_words(words: &str) -> Option<Self> {
        Some(match words {
            "id" => Self::Id,
            "riwayat" => Self::History,
            "nomor pelacakan" => Self::Number,
            "parameter pelapor_id milik pemilik" => Self::Parameter,
            "header pelapor_id milik pemilik" => Self::Header,
            "alamat yang baru saja dibaca pemilik" => Self::Address,
            _ => return None,
        })
    }

    const fn view(self) -> View {
        match self {
            Self::Id | Self::Parameter | Self::Header | Self::Address => View::Record,
            Self::History => View::History,
            Self::Number => View::Tracking,
        }
    }

    /// What the owner reads just before: the history to compare with, or the address that is asked again.
    async fn owner_first(
        self,
        caller: &Caller,
        complaint: &Complaint,
        tried: &mut Tried,
    ) -> Result<Option<Arc<Record>>, Halt> {
        let op = match self {
            Self::History => Op::History,
            Self::Address => Op::Read,
            Self::Id | Self::Number | Self::Parameter | Self::Header => return Ok(None),
        };
        let input = json!({"id": complaint.id});
        let call = caller
            .call(op, complaint.owner, input)
            .object(&*complaint.label)
            .part(Part::ControlBefore);
        let record = call.send().await?.record;
        tried.records.push(Arc::clone(&record));
        Ok(Some(record))
    }

    fn ask(
        self,
        caller: &Caller,
        complaint: &Complaint,
        asker: Actor,
        owner: Option<&Record>,
    ) -> Result<CallBuilder, Halt> {
        let by_id = |op| caller.call(op, asker, json!({"id": complaint.id})).part(Part::Probe);
        Ok(match self {
            Self::Id => by_id(Op::Read),
            Self::History => by_id(Op::History),
            Self::Number => {
                let number = complaint.number.clone();
                let number = number.ok_or_else(|| Halt::NotApplicable("nomor_pelacakan tidak terikat".to_owned()))?;
                caller
                    .call(Op::Track, asker, json!({"nomor_pelacakan": number}))
                    .part(Part::Probe)
            }
            Self::Parameter => {
                let query = vec![("pelapor_id".to_owned(), Some(account(caller, complaint.owner)?))];
                by_id(Op::Read).extra(Extra {
                    query,
                    ..Extra::default()
                })
            }
            Self::Header => {
                let id = account(caller, complaint.owner)?;
                // A name with an underscore is dropped by some proxies; the other form is sent beside it.
                let headers = vec![("pelapor_id".to_owned(), id.clone()), ("X-Pelapor-Id".to_owned(), id)];
                by_id(Op::Read).extra(Extra {
                    headers,
                    ..Extra::default()
                })
            }
            Self::Address => {
                // The very address, unless redaction hides a part of it; the same id gives the same one then.
                let url = owner.and_then(address_of);
                by_id(Op::Read).extra(Extra {
                    url,
                    ..Extra::default()
                })
            }
        })
    }
}

/// The id of an actor's account, as the statement gives it.
pub(super) fn account(caller: &Caller, actor: Actor) -> Result<String, Halt> {
    let entry = caller.cx().statement().actor(actor);
    entry.and_then(|entry| entry.id.clone()).ok_or_else(|| {
        Halt::inconclusive(
            Reason::FixtureMissing,
            phrase!("aktor.{actor}.id tidak dinyatakan", "aktor.{actor}.id is not stated"),
        )
    })
}

/// Tried once more after a pause (keamanan.md §0.2, rule 2).
const fn proves_nothing(reading: Reading) -> bool {
    matches!(
        reading,
        Reading::Throttled | Reading::Fault | Reading::Redirect | Reading::NoAnswer | Reading::Unclear
    )
}

const CLASS: &str = "pengaduan orang lain";
const TRIES: usize = 2;
const PAUSE: Duration = Duration::from_millis(300);
