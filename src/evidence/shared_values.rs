//! Whose value a shared one is. What an account fixes, such as its e-mail address, stands in every complaint of that
//! account; a hit says which complaint it tells of by what stands beside it. Knows nothing of oracles.

use std::collections::{BTreeSet, HashMap};

use super::record::CanaryHit;

/// The fixtures that share a value, and which complaint a scenario calls by which label.
#[derive(Debug, Default)]
pub(super) struct SharedValues {
    groups: Vec<BTreeSet<u32>>,
    /// Group of a field of a fixture.
    members: HashMap<(u32, String), usize>,
    /// Fixture of row, attempt and label.
    labels: HashMap<(String, u8, String), u32>,
}

impl SharedValues {
    /// A field of two fixtures has the same value.
    pub(super) fn join(&mut self, field: &str, earlier: u32, later: u32) {
        if earlier == later {
            return;
        }
        let known = self.members.get(&(earlier, field.to_owned())).copied();
        let group = known.unwrap_or_else(|| {
            self.groups.push(BTreeSet::from([earlier]));
            self.groups.len() - 1
        });
        self.groups.get_mut(group).map(|members| members.insert(later));
        self.members.insert((earlier, field.to_owned()), group);
        self.members.insert((later, field.to_owned()), group);
    }

    /// A row calls a fixture by a label from now on.
    pub(super) fn call(&mut self, row: &str, attempt: u8, label: &str, fixture: u32) {
        self.labels.insert((row.to_owned(), attempt, label.to_owned()), fixture);
    }

    /// The fixture that a row calls so.
    pub(super) fn called(&self, row: &str, attempt: u8, label: &str) -> Option<u32> {
        self.labels.get(&(row.to_owned(), attempt, label.to_owned())).copied()
    }

    /// Gives each shared value to the complaint whose own text stands nearest in the answer, else to the one that the
    /// request was about; where neither tells, it stays with the one that registered it last.
    pub(super) fn attribute(&self, hits: &mut [CanaryHit], about: Option<u32>) {
        if self.groups.is_empty() {
            return;
        }
        let own: Vec<(u32, String)> = hits
            .iter()
            .filter(|hit| hit.place != "url" && self.group(hit).is_none())
            .map(|hit| (hit.fixture, hit.place.clone()))
            .collect();
        for hit in hits {
            let Some(group) = self.group(hit) else { continue };
            let named = about.filter(|fixture| group.contains(fixture));
            if let Some(fixture) = nearest(&own, group, &hit.place).or(named) {
                hit.fixture = fixture;
                hit.canary = format!("{}@{fixture}", hit.field);
            }
        }
    }

    fn group(&self, hit: &CanaryHit) -> Option<&BTreeSet<u32>> {
        let group = self.members.get(&(hit.fixture, hit.field.clone()))?;
        self.groups.get(*group)
    }
}

/// The one fixture whose own text shares the longest way with a place; none where several do.
fn nearest(own: &[(u32, String)], group: &BTreeSet<u32>, place: &str) -> Option<u32> {
    let near = own.iter().filter(|(fixture, _)| group.contains(fixture));
    let near: Vec<(usize, u32)> = near.map(|(fixture, at)| (shared_way(at, place), *fixture)).collect();
    let longest = near.iter().map(|(way, _)| *way).max()?;
    let best: BTreeSet<u32> = near
        .iter()
        .filter(|(way, _)| *way == longest)
        .map(|(_, fixture)| *fixture)
        .collect();
    best.first().copied().filter(|_| best.len() == 1)
}

/// How many parts of their JSON pointers two places have in common.
fn shared_way(one: &str, other: &str) -> usize {
    let parts = one.split('/').zip(other.split('/'));
    parts.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(fixture: u32, field: &str, place: &str) -> CanaryHit {
        CanaryHit {
            canary: format!("{field}@{fixture}"),
            fixture,
            field: field.to_owned(),
            private: field.starts_with("pelapor"),
            place: place.to_owned(),
            encoding: "plain".to_owned(),
        }
    }

    fn mails() -> SharedValues {
        let mut shared = SharedValues::default();
        shared.join("pelapor.email", 3, 5);
        shared.join("pelapor.email", 5, 9);
        shared.call("a.feature:7", 1, "P1", 3);
        shared
    }

    fn attributed(mut hits: Vec<CanaryHit>, about: Option<u32>) -> Vec<u32> {
        mails().attribute(&mut hits, about);
        hits.iter().map(|hit| hit.fixture).collect()
    }

    #[test]
    fn a_shared_value_belongs_to_the_text_beside_it() {
        let read = vec![hit(3, "isi", "body:/isi"), hit(9, "pelapor.email", "body:/email")];
        assert_eq!(attributed(read, Some(5)), [3, 3]);
        let list = vec![
            hit(3, "isi", "body:/butir/0/isi"),
            hit(9, "pelapor.email", "body:/butir/0/email"),
            hit(5, "isi", "body:/butir/1/isi"),
            hit(9, "pelapor.email", "body:/butir/1/email"),
        ];
        assert_eq!(attributed(list, None), [3, 3, 5, 5]);
    }

    #[test]
    fn else_to_what_was_asked_for_else_to_the_last() {
        let bare = || vec![hit(9, "pelapor.email", "body:/email")];
        let about = mails().called("a.feature:7", 1, "P1");
        assert_eq!(attributed(bare(), about), [3]);
        assert_eq!(attributed(bare(), Some(4)), [9], "another account's complaint");
        assert_eq!(attributed(bare(), None), [9]);
        assert_eq!(mails().called("a.feature:7", 2, "P1"), None);
        let planted = vec![hit(9, "isi", "body:/isi"), hit(4, "pelapor.email", "body:/email")];
        assert_eq!(
            attributed(planted, Some(3)),
            [9, 4],
            "a value of one complaint alone stays"
        );
    }
}
