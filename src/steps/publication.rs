//! Complaints before and after their publication (`nilai.terbit_setelah`, model.md).

use std::collections::BTreeSet;

use crate::domain::Status;
use crate::run::{BakuOptions, Halt, World};
use crate::statement::{Publication, Statement};

use super::args::Args;
use super::chain;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    diketahui r"^pengaduan <P> dari <aktor> (sebelum terbit|sesudah terbit)$"
        "complaint {1} of {2}, {3} (before or after publication)" => given;
];

/// The scenario's complaints that were published.
#[derive(Default)]
pub(super) struct Published(pub(super) BTreeSet<String>);

async fn given(world: &mut World, args: Args) -> Result<(), Halt> {
    let (object, owner, after) = (args.object(1)?, args.actor(2)?, args.text(3)? == "sesudah terbit");
    let caller = world.caller()?;
    let statement = caller.cx().statement();
    if let Some(claim) = never(statement, after) {
        return Err(Halt::NotApplicable(claim.to_owned()));
    }
    let draft = chain::draft(&caller, owner, BakuOptions::default()).await?;
    let mut complaint = chain::submit(&caller, &object, draft).await?;
    if after {
        if let Some(status) = published_in(statement) {
            chain::bring_to(&caller, &mut complaint, status).await?;
        }
        world.memory::<Published>().0.insert(object.clone());
    }
    world.insert(&object, complaint);
    Ok(())
}

/// Whether a complaint is public as soon as it was submitted.
pub(super) fn public_at_once(statement: &Statement) -> bool {
    published_in(statement).is_none() && statement.document().nilai.terbit_setelah != Publication::Tidak
}

/// The statement line that makes a moment impossible.
fn never(statement: &Statement, after: bool) -> Option<&'static str> {
    match (statement.document().nilai.terbit_setelah, after) {
        (Publication::Tidak, true) => Some("nilai.terbit_setelah = tidak"),
        (Publication::Kirim, false) => Some("nilai.terbit_setelah = kirim"),
        (Publication::Verifikasi, false) if public_at_once(statement) => Some("nilai.verifikasi_otomatis"),
        _ => None,
    }
}

/// The status that publishes; none where submitting does.
pub(super) fn published_in(statement: &Statement) -> Option<Status> {
    let values = &statement.document().nilai;
    match values.terbit_setelah {
        Publication::Verifikasi if !values.verifikasi_otomatis => Some(Status::Terverifikasi),
        Publication::Disposisi => Some(Status::Terdisposisi),
        Publication::Verifikasi | Publication::Kirim | Publication::Tidak => None,
    }
}
