//! The texts of keamanan.md, Annex A1: for one context the values that a database would read as true, as false,
//! and as a syntax error. Pure; knows nothing of requests.

use crate::oracle::injection::{Context, Role};

use super::dice::Dice;

/// The clean values that texts are built on.
#[derive(Debug, Clone)]
pub(crate) struct Clean {
    /// The base value, which gives results.
    pub(crate) first: String,
    /// The second column of a sort parameter.
    pub(crate) second: Option<String>,
}

/// The requests of one round, in random order with fresh constants; `None` where the context does not fit the value.
pub(crate) fn round(context: Context, clean: &Clean, dice: &mut Dice) -> Option<Vec<(Role, String)>> {
    let mut texts = match context {
        Context::Quoted => quoted(&clean.first, "", "", dice),
        Context::Like => quoted(&clean.first, "%", "", dice),
        Context::LikeOne => quoted(&clean.first, "%", ")", dice),
        Context::LikeTwo => quoted(&clean.first, "%", "))", dice),
        Context::Number => number(clean.first.parse().ok()?, dice)?,
        Context::Sort => sort(&clean.first, clean.second.as_deref()?, dice),
    };
    dice.shuffle(&mut texts);
    Some(texts)
}

/// A clean value that does not exist: no quote, no operator.
pub(crate) fn unknown(clean: &Clean, dice: &mut Dice) -> String {
    let (k, _) = constants(dice);
    format!("{}{k}", clean.first)
}

/// Contexts 1 to 4: `v{%}'{)} AND 'k'='k` and what closes the statement's own quote and brackets again.
fn quoted(value: &str, wild: &str, close: &str, dice: &mut Dice) -> Vec<(Role, String)> {
    let (k, m) = constants(dice);
    let open = "(".repeat(close.len());
    let text = |operator: &str, second: &str| {
        let condition = format!("{value}{wild}'{close} {operator} '{k}'='{second}");
        if wild.is_empty() {
            condition
        } else {
            format!("{condition}' {operator} {open}'%'='")
        }
    };
    vec![
        (Role::Value, value.to_owned()),
        (Role::True, text("AND", &k)),
        (Role::False, text("AND", &m)),
        (Role::NoOperator, text("ANT", &k)),
    ]
}

/// `8-1`, `9-1`, `8~1`, `8` and `7` for n = 7, a = 1.
fn number(n: i64, dice: &mut Dice) -> Option<Vec<(Role, String)>> {
    let a = 1 + i64::try_from(dice.below(5)).ok()?;
    let next = n.checked_add(1)?;
    let (sum, next_sum) = (n.checked_add(a)?, next.checked_add(a)?);
    Some(vec![
        (Role::Value, n.to_string()),
        (Role::Next, next.to_string()),
        (Role::True, format!("{sum}-{a}")),
        (Role::NextTrue, format!("{next_sum}-{a}")),
        (Role::NoOperator, format!("{sum}~{a}")),
    ])
}

/// `CASE WHEN 'k'='k' THEN c1 ELSE c2 END`.
fn sort(c1: &str, c2: &str, dice: &mut Dice) -> Vec<(Role, String)> {
    let (k, m) = constants(dice);
    let text = |when: &str, second: &str| format!("CASE {when} '{k}'='{second}' THEN {c1} ELSE {c2} END");
    vec![
        (Role::Value, c1.to_owned()),
        (Role::Next, c2.to_owned()),
        (Role::True, text("WHEN", &k)),
        (Role::False, text("WHEN", &m)),
        (Role::NoOperator, text("WHAN", &k)),
    ]
}

/// Two different words of 6 consonants, which no full-text search can match.
fn constants(dice: &mut Dice) -> (String, String) {
    let mut word = || {
        (0..6)
            .filter_map(|_| CONSONANTS.get(dice.below(CONSONANTS.len())))
            .collect::<String>()
    };
    let k = word();
    loop {
        let m = word();
        if m != k {
            return (k, m);
        }
    }
}

const CONSONANTS: &[char] = &['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'm', 'q', 'x', 'z'];
