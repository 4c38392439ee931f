//! Lawful switches as axes: mixed sandboxes that together hold every compatible pair of values (decisions.md D.27).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::sandbox::variants::{SWITCHES, Switch, declares};

/// Every switch.
pub(super) fn switches() -> impl Iterator<Item = &'static str> {
    SWITCHES.iter().map(|switch| switch.name)
}

/// Mixes that together hold every compatible pair of switches. Greedy and deterministic by seed.
pub(super) fn mixes(seed: u64) -> Vec<Vec<String>> {
    let mut open: BTreeSet<(usize, usize)> = pairs().collect();
    let mut state = seed | 1;
    let mut mixes = Vec::new();
    while let Some(&(first, second)) = open.iter().next() {
        let mut mix = vec![first, second];
        let mut rest: Vec<usize> = (0..SWITCHES.len()).collect();
        shuffle(&mut rest, &mut state);
        for candidate in rest {
            let fits = !mix.contains(&candidate) && mix.iter().all(|member| compatible(*member, candidate));
            let gains = mix.iter().any(|member| open.contains(&ordered(*member, candidate)));
            if fits && gains {
                mix.push(candidate);
            }
        }
        for one in &mix {
            for other in &mix {
                open.remove(&ordered(*one, *other));
            }
        }
        mix.sort_unstable();
        mixes.push(
            mix.into_iter()
                .filter_map(|index| SWITCHES.get(index))
                .map(|switch| switch.name.to_owned())
                .collect(),
        );
    }
    mixes
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..SWITCHES.len())
        .flat_map(|first| (first + 1..SWITCHES.len()).map(move |second| (first, second)))
        .filter(|(first, second)| compatible(*first, *second))
}

/// What each switch makes the statement say. A switch that cannot be asked declares nothing: its own job will tell.
static DECLARED: LazyLock<Vec<BTreeSet<String>>> = LazyLock::new(|| {
    SWITCHES
        .iter()
        .map(|switch| declares(switch).unwrap_or_default())
        .collect()
});

/// Two values of one axis cannot stand together, nor can what one switch says that it excludes, nor two that make the
/// statement say the same thing.
fn compatible(first: usize, second: usize) -> bool {
    let (Some(one), Some(other)) = (SWITCHES.get(first), SWITCHES.get(second)) else {
        return false;
    };
    let excludes = |one: &Switch, other: &Switch| one.excludes.contains(&other.name);
    let said = |at: usize| DECLARED.get(at);
    let twice = said(first)
        .zip(said(second))
        .is_some_and(|(one, other)| !one.is_disjoint(other));
    one.axis != other.axis && !excludes(one, other) && !excludes(other, one) && !twice
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

fn shuffle(items: &mut [usize], state: &mut u64) {
    for last in (1..items.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let bound = last as u64 + 1;
        items.swap(last, usize::try_from(*state % bound).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixes_hold_every_compatible_pair_and_no_incompatible_one() {
        let mixes = mixes(1);
        // A rule that lets nothing stand together would prove nothing.
        let all = SWITCHES.len() * (SWITCHES.len() - 1) / 2;
        assert!(pairs().count() > all * 4 / 5, "{} of {all}", pairs().count());
        let index = |name: &str| SWITCHES.iter().position(|switch| switch.name == name).unwrap();
        for (first, second) in pairs() {
            let holds = |mix: &Vec<String>| {
                [first, second]
                    .iter()
                    .all(|wanted| mix.iter().any(|name| index(name) == *wanted))
            };
            assert!(
                mixes.iter().any(holds),
                "{} with {}",
                SWITCHES[first].name,
                SWITCHES[second].name
            );
        }
        for mix in &mixes {
            for (position, one) in mix.iter().enumerate() {
                assert!(
                    mix.iter()
                        .skip(position + 1)
                        .all(|other| compatible(index(one), index(other))),
                    "{mix:?}"
                );
            }
        }
        assert_eq!(mixes, super::mixes(1));
    }
}
