//! KM-07: reads with altered tokens.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::domain::{Actor, Op};
use crate::evidence::record::{Reading, Record};
use crate::oracle::token::{NAME, Params, Target};
use crate::run::{Ask, Halt, World};
use crate::statement::Statement;
use crate::target::Sent;

use super::args::Args;
use super::jwt::{Alteration, Unfit, is_jwt};
use super::publication::public_at_once;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<P> dibaca dengan token <aktor> yang (.+)$" "{1} is read with the token of {2}, altered: {3}" => read_altered;
    maka r"^setiap akses ditolak tanpa memuat tanda <P>$" "every access is refused without a canary of {1}" => refused;
];

/// What was tried.
#[derive(Default)]
struct Tried {
    targets: Vec<Target>,
    records: Vec<Arc<Record>>,
}

async fn read_altered(world: &mut World, args: Args) -> Result<(), Halt> {
    let (objects, actor, words) = (args.objects(1)?, args.actor(2)?, args.text(3)?.to_owned());
    let value = altered(world, actor, &words).await?;
    let caller = world.caller()?;
    let public = public_at_once(world.cx()?.statement());
    let mut tried = Tried::default();
    for object in objects {
        let complaint = world.complaint(&object)?;
        let mut target = Target {
            object: object.clone(),
            fixture: complaint.fixture,
            public,
            seqs: Vec::new(),
        };
        let input = json!({"id": complaint.id});
        for _ in 0..TRIES {
            let sent = Sent::Token {
                of: actor,
                alteration: words.clone(),
                value: value.clone(),
            };
            let call = caller
                .call(Op::Read, actor, input.clone())
                .object(&*object)
                .class(CLASS)
                .sent(sent);
            let answered = call.send().await?;
            target.seqs.push(answered.record.seq);
            tried.records.push(answered.record);
            if !proves_nothing(answered.reading) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        tried.targets.push(target);
    }
    *world.memory::<Tried>() = tried;
    Ok(())
}

async fn refused(world: &mut World, args: Args) -> Result<(), Halt> {
    let declared = args.objects(1)?;
    let tried = std::mem::take(world.memory::<Tried>());
    let params = json!(Params { targets: tried.targets });
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

/// The altered token, or why it does not apply.
async fn altered(world: &World, actor: Actor, words: &str) -> Result<String, Halt> {
    let cx = world.cx()?;
    let alteration = Alteration::by_words(words).ok_or_else(|| Halt::error(format!("`{words}` is no alteration")))?;
    let declared = other_than_jwt(cx.statement());
    let own = match (cx.target().token(actor).await, &declared) {
        // What is declared is believed only where the token itself does not say otherwise.
        (Ok(token), Some(claim)) if !is_jwt(&token) => return Err(Halt::NotApplicable(claim.clone())),
        (Err(_), Some(claim)) => return Err(Halt::NotApplicable(claim.clone())),
        (token, _) => token?,
    };
    let other = match alteration {
        Alteration::Subject => cx.target().token(Actor::PelaporB).await?,
        Alteration::Role => cx.target().token(Actor::Admin).await?,
        Alteration::NoAlgorithm { .. } | Alteration::FlippedBit | Alteration::ZeroSignature => own.clone(),
    };
    let value = alteration.apply(&own, &other).map_err(|unfit| match unfit {
        Unfit::NotSigned => Halt::NotApplicable("token.jenis: bukan JWT bertanda tangan".to_owned()),
        Unfit::NotEcdsa => Halt::NotApplicable("token.jenis: tanda tangannya bukan ES*".to_owned()),
    })?;
    cx.secrets().register("token", &value);
    Ok(value)
}

/// The declared kind, where it is another: an opaque token has nothing to alter.
fn other_than_jwt(statement: &Statement) -> Option<String> {
    let kind = statement.document().token.jenis.as_deref()?;
    (kind != "jwt").then(|| format!("token.jenis = {kind}"))
}

/// Tried once more after a pause (keamanan.md §0.2, rule 2).
const fn proves_nothing(reading: Reading) -> bool {
    matches!(
        reading,
        Reading::Throttled | Reading::Fault | Reading::Redirect | Reading::NoAnswer | Reading::Unclear
    )
}

const CLASS: &str = "token diubah";
const TRIES: usize = 2;
const PAUSE: Duration = Duration::from_millis(300);
