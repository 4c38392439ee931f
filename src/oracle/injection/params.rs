//! The parameters of the check: which request played which role in which round. The step that sends them and
//! the oracle that judges them share these types.

use serde::{Deserialize, Serialize};

use crate::domain::{Phrase, vocabulary};

/// Parameters of the check.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Rounds of one context that must all follow the inserted truth, at least 3 (Annex A1).
    pub needed: usize,
    /// The parameters.
    pub parameters: Vec<Parameter>,
}

/// One parameter and everything that was sent in it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name in legs: `list.status`.
    pub key: String,
    /// Groups of contexts to judge.
    pub groups: Vec<Group>,
    /// The clean base value, three times.
    pub base: Vec<Sent>,
    /// The rounds, in the order sent.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rounds: Vec<Round>,
    /// The statement line that leaves it out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_out: Option<String>,
    /// Why there is no base value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unmet: Option<Phrase>,
}

/// One request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// The record of its exchange.
    pub seq: u64,
    /// The value that the parameter had, to tell an echo from data.
    pub text: String,
}

/// One round: every role of its context once, in random order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Its context.
    pub context: Context,
    /// The requests by role. `u` is sent beside the others where one of them was answered 403.
    pub sent: Vec<(Role, Sent)>,
}

vocabulary! {
    /// Contexts that belong together: one leg.
    Group {
        Text = "teks", "teks", "text";
        Number = "angka", "angka", "number";
        Sort = "urut", "kunci urut", "sort key";
    }
}

vocabulary! {
    /// Where a value could stand in a statement (Annex A1, table).
    Context {
        Quoted = "1", "konteks 1 (dalam tanda kutip)", "context 1 (quoted)";
        Like = "2", "konteks 2 (dalam LIKE)", "context 2 (inside LIKE)";
        LikeOne = "3", "konteks 3 (dalam LIKE dan satu kurung)", "context 3 (inside LIKE and one bracket)";
        LikeTwo = "4", "konteks 4 (dalam LIKE dan dua kurung)", "context 4 (inside LIKE and two brackets)";
        Number = "angka", "konteks angka", "number context";
        Sort = "urut", "konteks kunci urut", "sort-key context";
    }
}

vocabulary! {
    /// What a request's value means to a database that would run it.
    Role {
        Value = "v", "nilai dasar", "base value";
        True = "t", "benar", "true";
        False = "f", "salah", "false";
        NoOperator = "l", "tanpa operator", "no operator";
        Next = "v1", "nilai berikutnya", "next value";
        NextTrue = "t1", "hitungan nilai berikutnya", "computed next value";
        Unknown = "u", "nilai bersih yang tidak ada", "clean value that does not exist";
    }
}

impl Group {
    /// Its contexts.
    pub const fn contexts(self) -> &'static [Context] {
        match self {
            Self::Text => &[Context::Quoted, Context::Like, Context::LikeOne, Context::LikeTwo],
            Self::Number => &[Context::Number],
            Self::Sort => &[Context::Sort],
        }
    }
}

impl Context {
    /// The roles of one round. In the sort context `v` is the first column and `v1` the second.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Quoted | Self::Like | Self::LikeOne | Self::LikeTwo => {
                &[Role::True, Role::False, Role::NoOperator, Role::Value]
            }
            Self::Number => &[Role::True, Role::NextTrue, Role::NoOperator, Role::Next, Role::Value],
            Self::Sort => &[Role::True, Role::False, Role::NoOperator, Role::Next, Role::Value],
        }
    }
}

impl Role {
    /// The role that must be answered otherwise than true.
    pub const fn counter(context: Context) -> Self {
        match context {
            Context::Number => Self::NextTrue,
            _ => Self::False,
        }
    }
}

impl Parameter {
    /// Key of the leg of a group.
    pub fn leg_key(&self, group: Group) -> String {
        format!("{} · {}", self.key, group.id())
    }
}

impl Round {
    /// What was sent in a role.
    pub fn sent(&self, role: Role) -> Option<&Sent> {
        self.sent.iter().find(|(other, _)| *other == role).map(|(_, sent)| sent)
    }

    /// Its records.
    pub fn seqs(&self) -> impl Iterator<Item = u64> + '_ {
        self.sent.iter().map(|(_, sent)| sent.seq)
    }
}
