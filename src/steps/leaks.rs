//! KM-32: what errors give away, of the errors that were provoked or of the whole run.

use serde_json::json;

use crate::oracle::leak::{ENOUGH, EVERY_EXCHANGE, Norm, PROVOKED, Params, WHOLE};
use crate::run::{Ask, Halt, World};

use super::args::Args;
use super::provoked::Provoked;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    maka r"^tidak satu pun jawaban memuat bagian dalam aplikasi$"
        "no answer holds anything of the application's inside" => shows_nothing;
    maka r"^tidak satu pun galat mengulang data pribadi atau token$"
        "no error repeats private data or a token" => repeats_nothing;
    maka r"^tidak satu pun galat menyebut nama kelas pengecualian$"
        "no error names the class of an exception" => names_no_class;
    maka r"^sekurang-kurangnya satu masukan ditolak$" "at least one input was refused" => enough;
];

async fn shows_nothing(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Inside).await
}

async fn repeats_nothing(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Repeated).await
}

async fn names_no_class(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Class).await
}

async fn enough(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Enough).await
}

async fn judge(world: &mut World, norm: Norm) -> Result<(), Halt> {
    if let Some(swept) = world.memory::<Provoked>().0.clone() {
        let params = json!(Params {
            norm,
            inputs: swept.inputs.clone()
        });
        let mut ask = swept.ask(PROVOKED, params);
        if norm == Norm::Enough {
            ask.declared = vec![ENOUGH.to_owned()];
        }
        return world.check(ask).await;
    }
    let statement = world.cx()?.statement();
    let fixed = statement
        .actors()
        .into_iter()
        .any(|actor| statement.actor(actor).is_some_and(|entry| entry.identitas.is_some()));
    let params = json!({"attempt": world.attempt(), "norm": norm, "fixed": fixed});
    world
        .check(Ask {
            oracle: EVERY_EXCHANGE,
            params,
            declared: vec![WHOLE.to_owned()],
            ..Ask::default()
        })
        .await
}
