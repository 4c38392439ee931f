//! Whether the entries of a history tell the roles apart.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::sight::short;
use super::super::{OracleFault, Window, params};
use super::{Chronicle, Lists, SIGNED, own_entry};
use crate::domain::Phrase;
use crate::phrase;
use crate::verdict::{Leg, Outcome};

/// `riwayat_berpelaku`: three legs, each pair of roles told apart.
pub(crate) fn signed(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let chronicle: Chronicle = params(SIGNED, value)?;
    let lists = Lists::of(&chronicle, window)?;
    let names = |role: &str| -> Result<BTreeSet<String>, (Outcome, Phrase)> {
        let mut names = BTreeSet::new();
        for (place, step) in chronicle.steps.iter().enumerate().filter(|(_, step)| step.role == role) {
            let entry = own_entry(&lists, place, step)?;
            let name = entry.actor.ok_or_else(|| {
                let key = &step.key;
                (Outcome::Fail, phrase!("{key} tanpa pelaku", "{key} has no pelaku"))
            })?;
            names.insert(name);
        }
        Ok(names)
    };
    let evidence: Vec<u64> = chronicle.steps.iter().map(|step| step.history).collect();
    let legs = PAIRS.iter().map(|(one, other)| {
        let pair = format!("{one}-{other}");
        let (outcome, actual) = if chronicle.one_account.contains(&pair) {
            let claim = format!("{one} dan {other} satu akun");
            let text = phrase!("{one} dan {other} satu akun", "{one} and {other} are one account");
            (Outcome::NotApplicable(claim), text)
        } else {
            told_apart(one, other, names(one), names(other))
        };
        let expected = phrase!(
            "pelaku membedakan {one} dari {other}",
            "pelaku tells {one} from {other}"
        );
        Leg::new(
            format!("{}/pelaku/{pair}", chronicle.label),
            outcome,
            expected,
            actual,
            evidence.clone(),
        )
    });
    Ok(legs.collect())
}

/// The roles that entries must tell apart.
pub const PAIRS: &[(&str, &str)] = &[("admin", "petugas"), ("admin", "pelapor"), ("petugas", "pelapor")];

type Names = Result<BTreeSet<String>, (Outcome, Phrase)>;

fn told_apart(one: &str, other: &str, ones: Names, others: Names) -> (Outcome, Phrase) {
    let (ones, others) = match (ones, others) {
        (Ok(ones), Ok(others)) => (ones, others),
        // A fault outweighs what could not be read.
        (Err(fault), Ok(_)) | (Ok(_), Err(fault)) => return fault,
        (Err(one), Err(other)) => return if one.0 == Outcome::Fail { one } else { other },
    };
    for (role, names) in [(one, &ones), (other, &others)] {
        if names.is_empty() {
            let text = phrase!("tidak ada langkah {role}", "no step by {role}");
            return (Outcome::NotApplicable(format!("langkah {role} tidak terikat")), text);
        }
    }
    if let Some(both) = ones.intersection(&others).next() {
        let both = short(both);
        return (Outcome::Fail, phrase!("keduanya {both}", "both are {both}"));
    }
    let words = |names: &BTreeSet<String>| names.iter().map(|name| short(name)).collect::<Vec<_>>().join(", ");
    (
        Outcome::Pass,
        Phrase::same(format!("{} ≠ {}", words(&ones), words(&others))),
    )
}
