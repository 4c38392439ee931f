//! The members that a reporter may not set (KM-22), with how each would show if it were taken over. Sends nothing of
//! them itself.

use serde_json::{Value, json};

use crate::domain::Op;
use crate::oracle::planted::{Item, Sign};

use super::super::chain::unit;
use super::super::dice::Dice;
use super::super::likeness::like;
use super::super::ownership::account;
use super::Planting;

/// One member that a reporter may not set.
pub(super) struct Seed {
    pub(super) key: &'static str,
    pub(super) value: Value,
    pub(super) signs: Vec<Sign>,
    pub(super) needle: String,
    pub(super) look: Look,
}

/// Whose read tells whether it was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The administrator's or an officer's, of the complaint.
    Reader,
    /// The other reporter's, of the complaint.
    Stranger,
    /// The reporter's own, of the other reporter's complaint.
    Beyond,
}

/// A moment that no complaint of a run has, and a day that no deadline has.
const PAST: &str = "2001-02-03T12:05:06+07:00";
const PAST_MONTH: &str = "2001-02";
const FUTURE: &str = "2098-07-16";
const FUTURE_MONTH: &str = "2098-07";

impl Planting {
    /// The members, and the legs of those that cannot be made.
    pub(super) async fn seeds(&self, mut dice: Dice) -> (Vec<Seed>, Vec<Item>) {
        let mut seeds = self.planted_seeds().await;
        seeds.extend(self.valued_seeds(&mut dice));
        seeds.push(Seed {
            look: Look::Beyond,
            ..seed(
                "role",
                json!("admin"),
                vec![Sign::Granted(self.foreign.fixture)],
                "role",
            )
        });
        let owner = self.owner_seed();
        let missing = owner.is_none().then(|| Item {
            key: "pelapor_id".to_owned(),
            signs: Vec::new(),
            needle: String::new(),
            probes: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            missing: Some(format!("aktor.{}.id", self.foreign.owner)),
        });
        seeds.extend(owner);
        (seeds, missing.into_iter().collect())
    }

    /// Members whose values carry planted texts.
    async fn planted_seeds(&self) -> Vec<Seed> {
        let caller = &self.caller;
        let planted = || {
            let mark = caller.cx().next_fixture();
            (mark, caller.cx().canaries().plant(mark, "titipan", false))
        };
        let (mark, own_unit) = planted();
        // An application without units has nobody to look them up; the text alone is then looked for.
        let unit = unit(caller).await.unwrap_or(own_unit);
        let signs = vec![Sign::Mark(mark), holds_unit(&unit)];
        let mut seeds = vec![seed("unit_id", json!(unit), signs, "unit_id")];
        let (mark, reason) = planted();
        let disposition = json!([{"unit_id": unit, "waktu": PAST, "alasan": reason}]);
        let signs = vec![Sign::Mark(mark), holds_unit(&unit)];
        seeds.push(seed("disposisi", disposition, signs, &reason));
        for key in ["id_sp4n", "dicatat_oleh"] {
            let (mark, text) = planted();
            let signs = vec![Sign::Mark(mark), equals(&format!("/{key}"), &text)];
            seeds.push(seed(key, json!(text), signs, &text));
        }
        seeds
    }

    /// Members whose values no complaint of a run has by itself.
    fn valued_seeds(&self, dice: &mut Dice) -> Vec<Seed> {
        let id = like(&self.twin.id, dice);
        let number = id.parse::<i64>().map_or_else(|_| json!(id), |number| json!(number));
        let due = json!({"verifikasi": FUTURE, "tindak_lanjut": FUTURE, "penyelesaian": FUTURE});
        let signs = |sign: Sign| vec![sign];
        let mut seeds = vec![
            seed("id", number, signs(equals("/id", &id)), &id),
            seed(
                "waktu_dibuat",
                json!(PAST),
                signs(begins("/waktu_dibuat", PAST_MONTH)),
                "waktu_dibuat",
            ),
            seed("tenggat", due, signs(begins("/tenggat", FUTURE_MONTH)), "tenggat"),
            seed(
                "ditutup_oleh",
                json!("sistem"),
                signs(equals("/ditutup_oleh", "sistem")),
                "ditutup_oleh",
            ),
            seed("penilaian", json!(1), signs(equals("/penilaian", "1")), "penilaian"),
        ];
        if self.op != Op::Submit {
            // A status in a submission is judged by PB-22.
            seeds.push(seed(
                "status",
                json!("selesai"),
                signs(equals("/status", "selesai")),
                "status",
            ));
        }
        seeds
    }

    /// The other reporter as the owner; none where the statement does not give that account's id.
    fn owner_seed(&self) -> Option<Seed> {
        let other = account(&self.caller, self.foreign.owner).ok()?;
        Some(Seed {
            // Which complaint it is about is known when it was sent.
            look: Look::Stranger,
            ..seed("pelapor_id", json!(other), Vec::new(), &other)
        })
    }
}

fn seed(key: &'static str, value: Value, signs: Vec<Sign>, needle: &str) -> Seed {
    Seed {
        key,
        value,
        signs,
        needle: needle.to_owned(),
        look: Look::Reader,
    }
}

fn equals(at: &str, text: &str) -> Sign {
    let (at, text) = (at.to_owned(), text.to_owned());
    Sign::Equals { at, text }
}

fn begins(at: &str, text: &str) -> Sign {
    let (at, text) = (at.to_owned(), text.to_owned());
    Sign::Begins { at, text }
}

fn holds_unit(unit: &str) -> Sign {
    Sign::Holds {
        list: "/disposisi".to_owned(),
        member: "unit_id".to_owned(),
        text: unit.to_owned(),
    }
}
