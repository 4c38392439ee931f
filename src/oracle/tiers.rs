//! PB-12: a unit sees a complaint once the administrator has given it, and not before. What an actor saw in the list
//! and by id tells; the answers to the dispositions themselves are not judged here.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{hit_words, hits};
use super::sight::{Sight, answered, holds, items, seen, short, sight, text_of, unseen};
use super::{OracleFault, Window, params};

/// Oracle: looks without a disposition show nothing that is not published.
pub const CLOSED: &str = "belum_terbuka";
/// Oracle: the actor finds the complaint in the list and reads it.
pub const OPEN: &str = "terbuka";
/// Oracle: the last disposition names the unit and the time.
pub const GIVEN: &str = "disposisi_tercatat";
/// Oracle: the dispositions are the same after an attempt.
pub const SAME: &str = "disposisi_tetap";

/// Parameters of `belum_terbuka` and `terbuka`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looks {
    /// One actor's look at one complaint each.
    pub looks: Vec<Look>,
}

/// What one actor saw of one complaint.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// `P1@petugas`.
    pub key: String,
    /// Its number in the run.
    pub fixture: u32,
    /// Its marker.
    pub marker: String,
    /// Its public part may be read by everyone.
    pub published: bool,
    /// The line of the statement that lets the actor in without a disposition.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
    /// The pages of the actor's list; none where no list is bound.
    pub pages: Vec<u64>,
    /// The list was walked to its end.
    pub complete: bool,
    /// The read by id; none where no read is bound.
    pub read: Option<u64>,
}

fn not_bound(key: String, expected: Phrase, op: &str) -> Leg {
    let actual = phrase!("{op} tidak terikat", "{op} is not bound");
    Leg::new(
        key,
        Outcome::NotApplicable(format!("{op} tidak terikat")),
        expected,
        actual,
        Vec::new(),
    )
}

/// `belum_terbuka`: two legs a look, `P1@petugas/list` and `P1@petugas/read`.
pub(super) fn closed(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let looks: Looks = params(CLOSED, value)?;
    let mut legs = Vec::new();
    for look in &looks.looks {
        let expected = phrase!("tidak terbuka sebelum disposisi", "not open before a disposition");
        if let Some(rule) = &look.rule {
            let actual = phrase!("dibuka oleh {rule}", "opened by {rule}");
            let leg = |way: &str| {
                let (key, outcome) = (format!("{}/{way}", look.key), Outcome::NotApplicable(rule.clone()));
                Leg::new(key, outcome, expected.clone(), actual.clone(), Vec::new())
            };
            legs.extend([leg("list"), leg("read")]);
            continue;
        }
        let key = format!("{}/list", look.key);
        legs.push(if look.pages.is_empty() {
            not_bound(key, expected.clone(), "list")
        } else {
            let pages = exchanges(&look.pages, window)?;
            let (outcome, actual) = closed_list(look, &pages);
            Leg::new(
                key,
                outcome,
                expected.clone(),
                actual,
                look.pages.iter().take(20).copied().collect(),
            )
        });
        let key = format!("{}/read", look.key);
        legs.push(match look.read {
            None => not_bound(key, expected, "read"),
            Some(seq) => {
                let (outcome, actual) = closed_read(look, window.exchange(seq)?);
                Leg::new(key, outcome, expected, actual, vec![seq])
            }
        });
    }
    Ok(legs)
}

fn exchanges<'a>(seqs: &[u64], window: &'a Window) -> Result<Vec<&'a Exchange>, OracleFault> {
    seqs.iter().map(|seq| window.exchange(*seq)).collect()
}

/// What an answer shows that a unit without a disposition may not see.
fn shown(look: &Look, exchange: &Exchange) -> Option<Phrase> {
    let counts = |private: bool| private || !look.published;
    let mut found = hits(exchange, look.fixture)
        .filter(|hit| counts(hit.private))
        .peekable();
    found.peek()?;
    let places = hit_words(found);
    let (id, en) = (&places.id, &places.en);
    Some(phrase!("terbuka: {id}", "open: {en}"))
}

fn closed_list(look: &Look, pages: &[&Exchange]) -> (Outcome, Phrase) {
    if let Some(what) = pages.iter().find_map(|page| shown(look, page)) {
        return (Outcome::Fail, what);
    }
    if let Some((reason, page)) = pages.iter().find_map(|page| unseen(page).map(|reason| (reason, page))) {
        return (Outcome::Inconclusive(reason), answered(page));
    }
    let readable = pages
        .iter()
        .all(|page| page.reading == Reading::Accepted && page.mapped.get("butir").is_some());
    if readable && look.complete {
        return (Outcome::Pass, phrase!("tidak ada dalam daftar", "not in the list"));
    }
    let refused = pages
        .iter()
        .all(|page| matches!(page.reading, Reading::Refused | Reading::NotFound));
    if refused && pages.len() == 1 {
        return (Outcome::Pass, phrase!("daftar ditolak", "the list is refused"));
    }
    (
        Outcome::Inconclusive(Reason::InsufficientEvidence),
        phrase!(
            "daftar tidak tertelusuri sampai habis",
            "the list was not walked to its end"
        ),
    )
}

fn closed_read(look: &Look, read: &Exchange) -> (Outcome, Phrase) {
    if let Some(what) = shown(look, read) {
        return (Outcome::Fail, what);
    }
    match unseen(read) {
        Some(reason) => (Outcome::Inconclusive(reason), answered(read)),
        None => (Outcome::Pass, answered(read)),
    }
}

/// `terbuka`: two legs a look.
pub(super) fn open(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let looks: Looks = params(OPEN, value)?;
    let mut legs = Vec::new();
    for look in &looks.looks {
        let expected = phrase!("ada dalam daftar", "in the list");
        let key = format!("{}/list", look.key);
        legs.push(if look.pages.is_empty() {
            not_bound(key, expected, "list")
        } else {
            let pages = exchanges(&look.pages, window)?;
            let (outcome, actual) = open_list(look, &pages);
            Leg::new(
                key,
                outcome,
                expected,
                actual,
                look.pages.iter().take(20).copied().collect(),
            )
        });
        let (key, expected) = (format!("{}/read", look.key), phrase!("terbaca dengan id", "read by id"));
        legs.push(match look.read {
            None => not_bound(key, expected, "read"),
            Some(seq) => {
                let read = window.exchange(seq)?;
                let (outcome, actual) = match sight(read, look.fixture) {
                    Sight::Own => (Outcome::Pass, answered(read)),
                    Sight::Unseen(reason) => (Outcome::Inconclusive(reason), answered(read)),
                    other => (Outcome::Fail, seen(other, read)),
                };
                Leg::new(key, outcome, expected, actual, vec![seq])
            }
        });
    }
    Ok(legs)
}

fn open_list(look: &Look, pages: &[&Exchange]) -> (Outcome, Phrase) {
    let found = pages
        .iter()
        .flat_map(|page| items(page))
        .any(|item| holds(item, &look.marker));
    if found {
        return (Outcome::Pass, phrase!("ada", "there"));
    }
    if let Some((reason, page)) = pages.iter().find_map(|page| unseen(page).map(|reason| (reason, page))) {
        return (Outcome::Inconclusive(reason), answered(page));
    }
    if look.complete {
        return (Outcome::Fail, phrase!("tidak ada dalam daftar", "not in the list"));
    }
    let page = pages.last().map_or_else(|| Phrase::same("-"), |page| answered(page));
    (Outcome::Inconclusive(Reason::InsufficientEvidence), page)
}

/// Parameters of `disposisi_tercatat` and `disposisi_tetap`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The complaint's name in the scenario.
    pub label: String,
    /// The unit that it was given to.
    pub unit: String,
    /// The read before the attempt.
    pub before: Option<u64>,
    /// The attempt.
    pub probe: Option<u64>,
    /// The read that is judged.
    pub read: u64,
}

/// Units with the times at which they got the complaint, in order.
type Dispositions = Vec<(String, Option<String>)>;

/// The dispositions that a read shows.
fn dispositions(read: &Exchange) -> Result<Dispositions, (Outcome, Phrase)> {
    let how = answered(read);
    if let Some(reason) = unseen(read) {
        return Err((Outcome::Inconclusive(reason), how));
    }
    if read.reading != Reading::Accepted {
        return Err((Outcome::Inconclusive(Reason::InsufficientEvidence), how));
    }
    let list = read
        .mapped
        .get("disposisi")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    Ok(list
        .map(|entry| (text_of(entry, "unit_id").unwrap_or_default(), text_of(entry, "waktu")))
        .collect())
}

/// `disposisi_tercatat`: two legs, the status and the last disposition.
pub(super) fn given(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let given: Given = params(GIVEN, value)?;
    let read = window.exchange(given.read)?;
    let last = dispositions(read).map(|list| list.last().cloned());
    let (status, recorded) = match last {
        Err(unread) => (unread.clone(), unread),
        Ok(last) => {
            let now = short(&text_of(&read.mapped, "status").unwrap_or_default());
            let outcome = if now == "terdisposisi" {
                Outcome::Pass
            } else {
                Outcome::Fail
            };
            (
                (outcome, phrase!("berstatus {now}", "its status is {now}")),
                recorded(&given.unit, last),
            )
        }
    };
    let unit = short(&given.unit);
    let leg = |what: &str, expected: Phrase, (outcome, actual): (Outcome, Phrase)| {
        Leg::new(
            format!("{}/{what}", given.label),
            outcome,
            expected,
            actual,
            vec![given.read],
        )
    };
    Ok(vec![
        leg(
            "status",
            phrase!("berstatus terdisposisi", "the status terdisposisi"),
            status,
        ),
        leg(
            "disposisi",
            phrase!(
                "disposisi terakhir {unit}, dengan waktu",
                "last disposition {unit}, with its time"
            ),
            recorded,
        ),
    ])
}

fn recorded(unit: &str, last: Option<(String, Option<String>)>) -> (Outcome, Phrase) {
    match last {
        None => (Outcome::Fail, phrase!("tidak ada disposisi", "there is no disposition")),
        Some((found, _)) if found != unit => {
            let found = short(&found);
            (
                Outcome::Fail,
                phrase!("disposisi terakhir {found}", "last disposition {found}"),
            )
        }
        Some((_, None)) => (
            Outcome::Fail,
            phrase!("disposisi tanpa waktu", "a disposition without time"),
        ),
        Some((_, Some(_))) => (Outcome::Pass, phrase!("tercatat", "recorded")),
    }
}

/// `disposisi_tetap`: one leg, `P1/disposisi`.
pub(super) fn same(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let given: Given = params(SAME, value)?;
    let missing = |seq: Option<u64>| {
        seq.ok_or(OracleFault::Evidence {
            seq: 0,
            expected: "exchange",
        })
    };
    let (before, probe) = (missing(given.before)?, missing(given.probe)?);
    let (was, tried, is) = (
        window.exchange(before)?,
        window.exchange(probe)?,
        window.exchange(given.read)?,
    );
    let status = |read: &Exchange| text_of(&read.mapped, "status");
    let units = |list: &[(String, Option<String>)]| list.iter().map(|(unit, _)| unit.clone()).collect::<Vec<_>>();
    let (outcome, actual) = match (dispositions(was), dispositions(is)) {
        (Err(unread), _) | (_, Err(unread)) => unread,
        (Ok(old), Ok(new)) if units(&old) != units(&new) || status(was) != status(is) => {
            let unit = short(new.last().map_or("-", |(unit, _)| unit));
            (
                Outcome::Fail,
                phrase!("berubah, kini pada {unit}", "changed, now at {unit}"),
            )
        }
        _ if tried.reading != Reading::Accepted && unseen(tried).is_some() => {
            let reason = unseen(tried).unwrap_or(Reason::InsufficientEvidence);
            (Outcome::Inconclusive(reason), answered(tried))
        }
        _ => (Outcome::Pass, answered(tried)),
    };
    let expected = phrase!("status dan disposisi tetap", "status and dispositions stay");
    let evidence = vec![before, probe, given.read];
    Ok(vec![Leg::new(
        format!("{}/disposisi", given.label),
        outcome,
        expected,
        actual,
        evidence,
    )])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::oracle::samples::{Sample, exchange, window};

    fn list(title: &str) -> Sample {
        exchange(1, Op::List, Actor::Petugas, json!({"butir": [{"judul": title}]}))
    }

    fn read() -> Sample {
        exchange(2, Op::Read, Actor::Petugas, json!({"judul": "x"}))
    }

    type Oracle = fn(&Value, &Window) -> Result<Vec<Leg>, OracleFault>;

    fn looked(oracle: Oracle, published: bool, complete: bool, list: Sample, read: Sample) -> [Outcome; 2] {
        let look = json!({"key": "P1@petugas", "fixture": 5, "marker": "n005k", "published": published,
            "pages": [1], "complete": complete, "read": 2});
        let legs = oracle(&json!({"looks": [look]}), &window([list, read])).unwrap();
        [legs[0].outcome.clone(), legs[1].outcome.clone()]
    }

    #[test]
    fn before_a_disposition_only_the_published_part_shows() {
        use Outcome::{Fail, Pass};
        let gone = || read().answered(404, Reading::NotFound);
        assert_eq!(looked(closed, false, true, list("a"), gone()), [Pass, Pass]);
        assert_eq!(looked(closed, true, true, list("a"), read().marked(5)), [Pass, Pass]);
        assert_eq!(looked(closed, false, true, list("a"), read().marked(5)), [Pass, Fail]);
        let name = read().hit(5, "pelapor.nama", true, "body:/pelapor/nama");
        assert_eq!(looked(closed, true, true, list("a"), name), [Pass, Fail]);
        assert_eq!(
            looked(closed, false, true, list("n005k").marked(5), gone()),
            [Fail, Pass]
        );
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        let fault = read().answered(500, Reading::Fault);
        assert_eq!(looked(closed, false, false, list("a"), fault), [open.clone(), open]);
    }

    #[test]
    fn after_it_the_complaint_is_in_the_list_and_can_be_read() {
        use Outcome::{Fail, Pass};
        assert_eq!(
            looked(open, true, true, list("L N005K"), read().marked(5)),
            [Pass, Pass]
        );
        assert_eq!(looked(open, true, true, list("a"), read()), [Fail, Fail]);
        let unfinished = looked(open, true, false, list("a"), read().answered(404, Reading::NotFound));
        assert_eq!(unfinished, [Outcome::Inconclusive(Reason::InsufficientEvidence), Fail]);
    }

    fn record(seq: u64, status: &str, units: &[&str]) -> Sample {
        let given: Vec<_> = units
            .iter()
            .map(|unit| json!({"unit_id": unit, "waktu": "2026-11-25T07:00:00+07:00"}))
            .collect();
        exchange(
            seq,
            Op::Read,
            Actor::Admin,
            json!({"status": status, "disposisi": given}),
        )
    }

    #[test]
    fn the_last_disposition_is_the_administrators() {
        let judged = |sample: Sample| -> Vec<Outcome> {
            let value = json!({"label": "P1", "unit": "U1", "before": null, "probe": null, "read": 3});
            given(&value, &window([sample]))
                .unwrap()
                .into_iter()
                .map(|leg| leg.outcome)
                .collect()
        };
        assert_eq!(
            judged(record(3, "terdisposisi", &["U2", "U1"])),
            [Outcome::Pass, Outcome::Pass]
        );
        assert_eq!(
            judged(record(3, "terverifikasi", &["U2"])),
            [Outcome::Fail, Outcome::Fail]
        );
        assert_eq!(judged(record(3, "terdisposisi", &[])), [Outcome::Pass, Outcome::Fail]);
    }

    #[test]
    fn an_officers_own_disposition_changes_nothing() {
        let judged = |probe: Sample, after: Sample| {
            let value = json!({"label": "P1", "unit": "U1", "before": 3, "probe": 4, "read": 5});
            let legs = same(&value, &window([record(3, "terdisposisi", &["U1"]), probe, after])).unwrap();
            legs[0].outcome.clone()
        };
        let probe = || exchange(4, Op::Dispose, Actor::Petugas, json!({}));
        let kept = || record(5, "terdisposisi", &["U1"]);
        assert_eq!(judged(probe().answered(403, Reading::Refused), kept()), Outcome::Pass);
        assert_eq!(judged(probe(), kept()), Outcome::Pass, "PB-23 judges the answer");
        assert_eq!(judged(probe(), record(5, "terdisposisi", &["U1", "U2"])), Outcome::Fail);
        let fault = probe().answered(500, Reading::Fault);
        assert_eq!(
            judged(fault, kept()),
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        );
    }
}
