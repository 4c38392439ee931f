//! DT-20: the size of a page is honoured up to the declared cap; beyond it, it is clamped or refused, and clamping
//! skips nothing.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::paging::complete;
use super::sight::{answered, items, unseen};
use super::{OracleFault, Window, params};

/// Name of the oracle of single pages.
pub(crate) const NAME: &str = "ukuran_halaman";

/// Name of the oracle of the walk in pages larger than the cap.
pub(crate) const WALK: &str = "penelusuran_dibatasi";

/// One size that was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Probe {
    /// The size in words, `batas + 1`.
    pub(crate) key: String,
    /// What it is.
    pub(crate) asked: Asked,
    /// The exchange.
    pub(crate) seq: u64,
}

/// What a size is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Asked {
    /// This many, which the list holds and the cap allows.
    Exactly(u64),
    /// The cap.
    Cap,
    /// More than the cap.
    Over,
    /// No size at all: 0, a negative number, a word.
    Odd,
}

/// Parameters of [`NAME`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    probes: Vec<Probe>,
    /// `batas.halaman_ukuran_maks`.
    cap: Option<usize>,
    /// How many complaints the list held at least.
    held: usize,
    /// Whether the statement binds a size at all.
    selectable: bool,
}

/// One leg for each size.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let pages: Pages = params(NAME, value)?;
    pages
        .probes
        .iter()
        .map(|probe| {
            let page = window.exchange(probe.seq)?;
            let (outcome, actual) = if pages.selectable {
                pages.one(probe.asked, page)
            } else {
                pages.capped(page)
            };
            Ok(Leg::new(
                format!("ukuran {}", probe.key),
                outcome,
                pages.expected(probe.asked),
                actual,
                vec![probe.seq],
            ))
        })
        .collect()
}

impl Pages {
    fn expected(&self, asked: Asked) -> Phrase {
        let cap = self.cap.map_or_else(|| "?".to_owned(), |cap| cap.to_string());
        match asked {
            _ if !self.selectable => phrase!("paling banyak {cap} butir", "at most {cap} entries"),
            Asked::Exactly(number) => phrase!("tepat {number} butir", "exactly {number} entries"),
            Asked::Cap => phrase!(
                "{cap} butir, atau semuanya bila kurang dari itu",
                "{cap} entries, or all where there are fewer"
            ),
            Asked::Over | Asked::Odd => phrase!(
                "paling banyak {cap} butir, atau ditolak dengan 4xx",
                "at most {cap} entries, or refused with 4xx"
            ),
        }
    }

    fn one(&self, asked: Asked, page: &Exchange) -> (Outcome, Phrase) {
        let (how, count) = (answered(page), items(page).len());
        let (id, en) = (&how.id, &how.en);
        if page.reading == Reading::Fault {
            return (Outcome::Fail, how);
        }
        if let Some(reason) = unseen(page) {
            return (Outcome::Inconclusive(reason), how);
        }
        let held = |honoured: bool| if honoured { Outcome::Pass } else { Outcome::Fail };
        let refused = page.reading != Reading::Accepted;
        let shown = phrase!("{id}, {count} butir", "{en}, {count} entries");
        match asked {
            Asked::Over | Asked::Odd if refused => (Outcome::Pass, how),
            Asked::Exactly(_) | Asked::Cap if refused => (Outcome::Fail, how),
            Asked::Exactly(number) => (held(count as u64 == number), shown),
            Asked::Cap => {
                let full = self.cap.map(|cap| cap.min(self.held));
                (held(full.is_none_or(|full| count >= full) && self.fits(count)), shown)
            }
            Asked::Over | Asked::Odd => self.capped(page),
        }
    }

    /// A page under the cap proves a cap only where the list holds more than that.
    fn capped(&self, page: &Exchange) -> (Outcome, Phrase) {
        let (how, count, all) = (answered(page), items(page).len(), self.held);
        let (id, en) = (&how.id, &how.en);
        if let Some(reason) = unseen(page) {
            return (Outcome::Inconclusive(reason), how);
        }
        let Some(cap) = self.cap else {
            let text = phrase!(
                "{count} butir; batas.halaman_ukuran_maks tidak dinyatakan",
                "{count} entries; batas.halaman_ukuran_maks is not declared"
            );
            return (Outcome::Inconclusive(Reason::FixtureMissing), text);
        };
        let shown = phrase!(
            "{id}, {count} dari sekurang-kurangnya {all} butir",
            "{en}, {count} of at least {all} entries"
        );
        match (count > cap, all > cap) {
            (true, _) => (Outcome::Fail, shown),
            (false, true) => (Outcome::Pass, shown),
            (false, false) => (Outcome::Inconclusive(Reason::InsufficientEvidence), shown),
        }
    }

    fn fits(&self, count: usize) -> bool {
        self.cap.is_none_or(|cap| count <= cap)
    }
}

/// Parameters of [`WALK`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Oversized {
    /// How many complaints the list held at least.
    held: u64,
    /// `batas.halaman_ukuran_maks`.
    cap: Option<u64>,
    /// The walk, as the oracle of DT-19 takes it.
    walk: Value,
}

/// The walk in pages larger than the cap: refused at its first page, or complete. Without more entries than the cap
/// nothing was clamped, so nothing is told.
pub(super) fn walk(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let oversized: Oversized = params(WALK, value)?;
    let Oversized { held, cap, walk } = &oversized;
    let first = walk.pointer("/walks/0/walk/pages/0").and_then(Value::as_u64);
    let refused = first.map(|seq| window.exchange(seq)).transpose()?;
    let refused = refused.filter(|page| matches!(page.reading, Reading::Refused | Reading::NotFound));
    let mut legs = complete(walk, window)?;
    for leg in &mut legs {
        if let Some(page) = refused.filter(|page| unseen(page).is_none()) {
            leg.outcome = Outcome::Pass;
            leg.actual = answered(page);
        } else if leg.outcome == Outcome::Pass && cap.is_none_or(|cap| *held <= cap) {
            leg.outcome = Outcome::Inconclusive(Reason::InsufficientEvidence);
        }
    }
    Ok(legs)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::oracle::samples::{Sample, exchange};

    fn page(count: usize) -> Sample {
        let butir: Vec<_> = (0..count)
            .map(|id| json!({"id": id, "judul": format!("judul {id}")}))
            .collect();
        exchange(
            1,
            Op::List,
            Actor::Admin,
            json!({"butir": butir, "halaman": {"berikut": null}}),
        )
    }

    fn outcome(asked: &Value, sample: Sample, held: usize, cap: Option<u64>) -> Outcome {
        let value =
            json!({"probes": [{"key": "x", "asked": asked, "seq": 1}], "cap": cap, "held": held, "selectable": true});
        let window = Window::new(vec![sample.record()]);
        judge(&value, &window).unwrap().remove(0).outcome
    }

    #[test]
    fn sizes_within_the_cap_are_exact() {
        let one = json!({"exactly": 1});
        assert_eq!(outcome(&one, page(1), 9, Some(5)), Outcome::Pass);
        assert_eq!(outcome(&one, page(9), 9, Some(5)), Outcome::Fail, "the default came");
        assert_eq!(
            outcome(&one, page(0).answered(400, Reading::Refused), 9, Some(5)),
            Outcome::Fail
        );
        assert_eq!(outcome(&json!("cap"), page(5), 9, Some(5)), Outcome::Pass);
        assert_eq!(
            outcome(&json!("cap"), page(4), 9, Some(5)),
            Outcome::Fail,
            "clamped below the declared cap"
        );
        assert_eq!(outcome(&json!("cap"), page(3), 3, Some(5)), Outcome::Pass);
    }

    #[test]
    fn sizes_beyond_it_are_clamped_or_refused() {
        for asked in [json!("over"), json!("odd")] {
            assert_eq!(outcome(&asked, page(5), 9, Some(5)), Outcome::Pass);
            assert_eq!(
                outcome(&asked, page(0).answered(422, Reading::Refused), 9, Some(5)),
                Outcome::Pass
            );
            assert_eq!(outcome(&asked, page(9), 9, Some(5)), Outcome::Fail);
            assert_eq!(
                outcome(&asked, page(0).answered(500, Reading::Fault), 9, Some(5)),
                Outcome::Fail
            );
            let little = Outcome::Inconclusive(Reason::InsufficientEvidence);
            assert_eq!(outcome(&asked, page(3), 3, Some(5)), little, "no more than the cap");
            let undeclared = Outcome::Inconclusive(Reason::FixtureMissing);
            assert_eq!(outcome(&asked, page(9), 9, None), undeclared);
        }
    }

    #[test]
    fn a_walk_is_refused_or_complete() {
        let walk_of = |sample: Sample, end: &str, held: u64| {
            let of_walk = json!({"ours": [{"key": "1", "marker": "judul 1"}],
                "walks": [{"walk": {"key": "penelusuran_1", "pages": [1], "end": end}, "before": null, "after": null}]});
            let value = json!({"held": held, "cap": 1, "walk": of_walk});
            walk(&value, &Window::new(vec![sample.record()]))
                .unwrap()
                .remove(0)
                .outcome
        };
        assert_eq!(walk_of(page(3), "selesai", 3), Outcome::Pass);
        assert_eq!(walk_of(page(1), "selesai", 3), Outcome::Fail, "ours was skipped");
        assert_eq!(
            walk_of(page(0).answered(400, Reading::Refused), "putus", 3),
            Outcome::Pass
        );
        let little = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(walk_of(page(3), "selesai", 1), little);
    }
}
