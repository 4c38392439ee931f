//! The course of one parameter through Annex A1: base three times, then rounds until each context is settled.
//! Knows how often to send, not how.

use std::sync::Arc;

use crate::evidence::record::{Exchange, Record};
use crate::oracle::injection::{Group, Parameter, Role, Round, Sent, settled};
use crate::oracle::{OracleFault, Window};

use super::dice::Dice;
use super::payload::{Clean, round, unknown};

/// Sends the clean value three times.
pub(crate) async fn learn<E>(
    parameter: &mut Parameter,
    clean: &Clean,
    records: &mut Vec<Arc<Record>>,
    send: &mut impl AsyncFnMut(&str) -> Result<Arc<Record>, E>,
) -> Result<(), E> {
    for _ in 0..BASE_REQUESTS {
        let record = send(&clean.first).await?;
        parameter.base.push(Sent {
            seq: record.seq,
            text: clean.first.clone(),
        });
        records.push(record);
    }
    Ok(())
}

/// Sends rounds in every context of the parameter's groups; a void round is made up for, a few times.
pub(crate) async fn follow<E: From<OracleFault>>(
    parameter: &mut Parameter,
    clean: &Clean,
    needed: usize,
    dice: &mut Dice,
    records: &mut Vec<Arc<Record>>,
    send: &mut impl AsyncFnMut(&str) -> Result<Arc<Record>, E>,
) -> Result<(), E> {
    let contexts: Vec<_> = parameter
        .groups
        .iter()
        .flat_map(|group: &Group| group.contexts())
        .copied()
        .collect();
    for context in contexts {
        for _ in 0..needed + MADE_UP {
            if settled(parameter, context, needed, &Window::new(records.iter().cloned()))? {
                break;
            }
            let Some(texts) = round(context, clean, dice) else {
                break;
            };
            let (mut sent, mut forbidden) = (Vec::new(), false);
            for (role, text) in texts {
                let record = send(&text).await?;
                forbidden |= record.exchange().and_then(Exchange::status) == Some(403);
                sent.push((role, Sent { seq: record.seq, text }));
                records.push(record);
            }
            if forbidden {
                let text = unknown(clean, dice);
                let record = send(&text).await?;
                sent.push((Role::Unknown, Sent { seq: record.seq, text }));
                records.push(record);
            }
            parameter.rounds.push(Round { context, sent });
        }
    }
    Ok(())
}

/// Clean requests that show what changes by itself.
const BASE_REQUESTS: usize = 3;

/// Void rounds of a context that are made up for.
const MADE_UP: usize = 2;

#[cfg(test)]
mod tests;
