//! KM-02: malformed, empty, doubled credentials and valid ones under another scheme.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use crate::domain::{Actor, Op};
use crate::evidence::record::Record;
use crate::oracle::identity_of_token::{CLOSED, Params, USUAL};
use crate::oracle::no_credential::{Case, Cases, REFUSED};
use crate::run::{Ask, Caller, Halt, World};
use crate::target::Sent;
use crate::verdict::Strength;

use super::args::Args;
use super::attempt::{need, send_twice};
use super::chain::read;
use super::dice::Dice;
use super::jwt::{Alteration, is_jwt};
use super::no_credential::{Pair, act_round, not_made, read_round};
use super::publication::public_at_once;
use super::routes::offered;
use super::table::{Definition, steps};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^<P> dibaca dan pengaduan <aktor> diubah dengan kredensialnya, dengan kredensial (40 karakter acak|tiga bagian a\.b\.c|kosong), lalu dengan kredensialnya lagi$"
        "{1} is read and a complaint of {2} is changed with the own credential, with the credential {3}, and with the own one again" => use_malformed;
    maka r"^setiap panggilan dengan kredensial itu ditolak tanpa data dan tanpa akibat$"
        "every call with that credential is refused without data and without effect" => refused;
    ketika r"^<P> dibaca dengan (token sah pelapor A dengan skema (?:Basic|Token|berhuruf kecil)|token sah pelapor A lalu token mati pelapor B|token mati pelapor B lalu token sah pelapor A)$"
        "{1} are read with: {2}" => read_with;
    maka r"^<P> (tidak terbaca|terbaca) dengan kredensial itu$"
        "{1} with that credential: {2}" => readable;
];

/// What was tried.
#[derive(Default)]
struct Tried {
    cases: Vec<Case>,
    records: Vec<Arc<Record>>,
    /// Reads, by the complaint's name.
    reads: BTreeMap<String, (Params, Vec<Arc<Record>>)>,
}

/// Acts of a reporter that need no more than a complaint that was just sent.
const WRITES: &[Op] = &[Op::Correct, Op::Withdraw, Op::Attach, Op::Reply];

async fn use_malformed(w: &mut World, a: Args) -> Result<(), Halt> {
    let (label, owner, words, caller) = (a.object(1)?, a.actor(2)?, a.text(3)?.to_owned(), w.caller()?);
    let complaint = w.complaint(&label)?.clone();
    let text = match words.as_str() {
        "40 karakter acak" => random(&caller),
        "tiga bagian a.b.c" => "a.b.c".to_owned(),
        _ => String::new(),
    };
    let field = caller.cx().target().carrier(owner, &text);
    let field = field.ok_or_else(|| Halt::NotApplicable("kredensial pelapor tidak dikirim dalam header".to_owned()))?;
    let sent = Sent::Fields {
        alteration: words,
        fields: vec![field],
    };
    let mut made = Vec::new();
    made.push(match read_round(&caller, Op::Read, &complaint, &sent).await {
        Ok(round) => round,
        Err(halt) => not_made(Op::Read, halt)?,
    });
    if let Some(op) = WRITES.iter().copied().find(|op| offered(caller.cx(), *op, owner)) {
        made.push(
            match Box::pin(act_round(&caller, op, &mut Pair::default(), &sent)).await {
                Ok(round) => round,
                Err(halt) => not_made(op, halt)?,
            },
        );
    }
    let tried = w.memory::<Tried>();
    for (case, records) in made {
        tried.cases.push(case);
        tried.records.extend(records);
    }
    Ok(())
}

async fn refused(w: &mut World, _a: Args) -> Result<(), Halt> {
    let tried = w.memory::<Tried>();
    let declared = tried.cases.iter().map(|case| case.key.clone()).collect();
    let (cases, records) = (tried.cases.clone(), tried.records.clone());
    // 400 is a lawful answer to a credential that cannot be read (RFC 6750 §3.1).
    let refusals = vec![400];
    w.check(Ask {
        oracle: REFUSED,
        params: json!(Cases { cases, refusals }),
        records,
        declared,
        miss: None,
    })
    .await
}

fn random(caller: &Caller) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    let mut dice = Dice::new(&format!("kredensial {}", caller.cx().seed()));
    (0..40)
        .filter_map(|_| LETTERS.get(dice.below(LETTERS.len())))
        .map(|letter| char::from(*letter))
        .collect()
}

async fn read_with(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, words, caller) = (a.objects(1)?, a.text(2)?.to_owned(), w.caller()?);
    need(&caller, Actor::PelaporB)?;
    let (fields, dead) = credential(&caller, &words).await?;
    let public = public_at_once(caller.cx().statement());
    for label in labels {
        let complaint = w.complaint(&label)?.clone();
        let call = |fields: &[(String, String)], alteration: &str| {
            let sent = Sent::Fields {
                alteration: alteration.to_owned(),
                fields: fields.to_vec(),
            };
            read(&caller, complaint.owner, &complaint)
                .part(crate::evidence::record::Part::Probe)
                .class("kredensial ganda atau berskema lain")
                .sent(sent)
        };
        let mut records = Vec::new();
        let alone = match &dead {
            Some(field) => Some(
                call(std::slice::from_ref(field), "token mati pelapor B saja")
                    .send()
                    .await?
                    .record,
            ),
            None => None,
        };
        let answers = send_twice(|| call(&fields, &words)).await?;
        let params = Params {
            key: label.clone(),
            fixture: complaint.fixture,
            public,
            readable: false,
            probes: answers.iter().map(|answered| answered.record.seq).collect(),
            alone: alone.as_ref().map(|record| record.seq),
        };
        records.extend(alone);
        records.extend(answers.into_iter().map(|answered| answered.record));
        w.memory::<Tried>().reads.insert(label, (params, records));
    }
    Ok(())
}

async fn readable(w: &mut World, a: Args) -> Result<(), Halt> {
    let (labels, wanted) = (a.objects(1)?, a.text(2)? == "terbaca");
    let oracle = if w.strength() == Strength::Warning {
        USUAL
    } else {
        CLOSED
    };
    for label in labels {
        let read = w.memory::<Tried>().reads.get(&label).cloned();
        let (params, records) = read.ok_or_else(|| Halt::error(format!("{label} was not read")))?;
        let params = Params {
            readable: wanted,
            ..params
        };
        w.check(Ask {
            oracle,
            declared: vec![label],
            params: json!(params),
            records,
            miss: None,
        })
        .await?;
    }
    Ok(())
}

type Field = (String, String);

/// The header fields that the words name, and the dead one by itself where there is one.
async fn credential(caller: &Caller, words: &str) -> Result<(Vec<Field>, Option<Field>), Halt> {
    let target = caller.cx().target();
    let own = target.token(Actor::PelaporA).await?;
    let carrier = |actor: Actor, text: &str| {
        let field = target.carrier(actor, text);
        field.ok_or_else(|| Halt::NotApplicable(format!("kredensial {actor} tidak dikirim dalam header")))
    };
    let (name, value) = carrier(Actor::PelaporA, &own)?;
    if let Some((_, scheme)) = words.split_once(" dengan skema ") {
        let declared = value.strip_suffix(own.as_str()).unwrap_or_default().trim().to_owned();
        let plain = !declared.is_empty() && declared.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !name.eq_ignore_ascii_case("authorization") || !plain {
            return Err(Halt::NotApplicable(
                "token.skema: kredensial tanpa skema Authorization".to_owned(),
            ));
        }
        let scheme = if scheme == "berhuruf kecil" {
            declared.to_ascii_lowercase()
        } else if scheme.eq_ignore_ascii_case(&declared) {
            return Err(Halt::NotApplicable(format!("token.skema: {declared} dinyatakan")));
        } else {
            scheme.to_owned()
        };
        return Ok((vec![(name, format!("{scheme} {own}"))], None));
    }
    let dead = dead(&target.token(Actor::PelaporB).await?)?;
    caller.cx().secrets().register("token", &dead);
    let dead = carrier(Actor::PelaporB, &dead)?;
    let fields = if words.starts_with("token sah") {
        vec![(name, value), dead.clone()]
    } else {
        vec![dead.clone(), (name, value)]
    };
    Ok((fields, Some(dead)))
}

/// A token that names its owner still and is valid no more: with a broken signature, or with one character changed.
fn dead(token: &str) -> Result<String, Halt> {
    if is_jwt(token)
        && let Ok(broken) = Alteration::FlippedBit.apply(token, token)
    {
        return Ok(broken);
    }
    let middle = token.chars().count() / 2;
    let other = |character: char| if character == 'A' { 'B' } else { 'A' };
    let dead: String = token
        .chars()
        .enumerate()
        .map(|(at, character)| if at == middle { other(character) } else { character })
        .collect();
    if dead.is_empty() {
        return Err(Halt::error("an actor has an empty token"));
    }
    Ok(dead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_token_differs_in_one_character() {
        let token = "0123456789abcdef";
        let dead = dead(token).unwrap();
        assert_eq!(dead.len(), token.len());
        assert_eq!(dead.bytes().zip(token.bytes()).filter(|(a, b)| a != b).count(), 1);
        assert!(super::dead("").is_err());
    }
}
