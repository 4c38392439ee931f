//! KM-24: every parameter that selects or filters gets pairs of true and false (keamanan.md, Annex A1).

mod seeds;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Record};
use crate::oracle::OracleFault;
use crate::oracle::injection::{NAME, Parameter, Params};
use crate::run::{Ask, Caller, Halt, World};

use self::seeds::{Family, Seeds};
use super::args::Args;
use super::course;
use super::dice::Dice;
use super::payload::Clean;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^setiap parameter (saringan dan pencarian|angka|kunci urut|nomor dan id) dengan nilai dasar yang memberi hasil$"
        "every parameter ({1}) with a base value that gives results" => base_values;
    ketika r"^setiap parameter (saringan dan pencarian|angka|kunci urut|nomor dan id) diberi pasangan benar, salah, dan tanpa operator, <n> putaran$"
        "every parameter ({1}) is given true, false and no operator, {2} rounds" => rounds;
    maka r"^tidak satu pun jawaban mengikuti nilai kebenaran yang disisipkan$"
        "no answer follows the inserted truth" => not_followed;
];

/// The parameters of the scenario and what was sent in them.
#[derive(Default)]
struct Trial {
    probes: Vec<Probe>,
    records: Vec<Arc<Record>>,
    needed: usize,
}

/// One parameter under test.
#[derive(Debug, Clone)]
struct Probe {
    op: Op,
    actor: Actor,
    /// Canonical input member.
    name: String,
    /// The other members.
    input: Map<String, Value>,
    clean: Option<Clean>,
    parameter: Parameter,
}

async fn base_values(world: &mut World, args: Args) -> Result<(), Halt> {
    let family = family(&args)?;
    let caller = world.caller()?;
    let seeds = Box::pin(Seeds::plant(&caller)).await?;
    let mut trial = Trial {
        probes: seeds.probes(&caller, family),
        ..Trial::default()
    };
    if trial.probes.is_empty() {
        return Err(Halt::NotApplicable(format!(
            "tidak ada parameter {} yang terikat",
            family.words()
        )));
    }
    for probe in &mut trial.probes {
        let Some(clean) = probe.clean.clone() else { continue };
        let mut parameter = std::mem::take(&mut probe.parameter);
        course::learn(&mut parameter, &clean, &mut trial.records, &mut async |text: &str| {
            probe.send(&caller, text).await
        })
        .await?;
        probe.parameter = parameter;
    }
    *world.memory::<Trial>() = trial;
    Ok(())
}

async fn rounds(world: &mut World, args: Args) -> Result<(), Halt> {
    let needed = args.number(2)?;
    let caller = world.caller()?;
    let seed = format!("{}/{}/{}", caller.cx().canaries().nonce(), world.row(), world.attempt());
    let mut dice = Dice::new(&seed);
    let mut trial = std::mem::take(world.memory::<Trial>());
    trial.needed = needed;
    for probe in &mut trial.probes {
        let Some(clean) = probe.clean.clone() else { continue };
        let mut parameter = std::mem::take(&mut probe.parameter);
        let mut send = async |text: &str| probe.send(&caller, text).await;
        course::follow(&mut parameter, &clean, needed, &mut dice, &mut trial.records, &mut send).await?;
        probe.parameter = parameter;
    }
    *world.memory::<Trial>() = trial;
    Ok(())
}

async fn not_followed(world: &mut World, _: Args) -> Result<(), Halt> {
    let trial = std::mem::take(world.memory::<Trial>());
    let parameters: Vec<_> = trial.probes.into_iter().map(|probe| probe.parameter).collect();
    let legs = |parameter: &Parameter| {
        parameter
            .groups
            .iter()
            .map(|group| parameter.leg_key(*group))
            .collect::<Vec<_>>()
    };
    let declared = parameters.iter().flat_map(legs).collect();
    let params = json!(Params {
        needed: trial.needed,
        parameters
    });
    world
        .check(Ask {
            oracle: NAME,
            params,
            records: trial.records,
            declared,
            miss: None,
        })
        .await
}

fn family(args: &Args) -> Result<Family, Halt> {
    let words = args.text(1)?;
    Family::by_words(words).ok_or_else(|| Halt::error(format!("line {}: `{words}` is no family", args.line)))
}

impl Probe {
    async fn send(&self, caller: &Caller, text: &str) -> Result<Arc<Record>, Halt> {
        let mut input = self.input.clone();
        input.insert(self.name.clone(), Value::from(text));
        let call = caller.call(self.op, self.actor, Value::Object(input)).part(Part::Probe);
        Ok(call
            .class(format!("pasangan SQL pada {}", self.name))
            .send()
            .await?
            .record)
    }
}

impl From<OracleFault> for Halt {
    fn from(fault: OracleFault) -> Self {
        Self::error(fault.to_string())
    }
}
