//! KM-16: lists, searches, filters, orders and totals hold what the caller may see, and no more. Knows nothing of
//! parameters: a way of asking has a name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{CanaryHit, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::{answer_words, hit_words, unclear_reason};
use super::sight::{answered, items};
use super::{OracleFault, Window, params};

/// Oracle: no page holds what the asker may not see.
pub const PAGES: &str = "daftar_sesuai_hak";
/// Oracle: totals count what is shown.
pub const TOTALS: &str = "jumlah_sesuai_tampak";

/// Oracle: a list holds a complaint.
pub const HOLDS: &str = "daftar_memuat";

/// Parameters of the first two.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// One leg each.
    pub pages: Vec<Page>,
}

/// One way of asking for a list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Key of the leg.
    pub key: String,
    /// The answers.
    pub probes: Vec<u64>,
    /// Fixture numbers of complaints of somebody else: their private values stay closed.
    pub closed: Vec<u32>,
    /// Those of them that are not published: nothing of them may show.
    pub unpublished: Vec<u32>,
    /// The planted field that the asker named, which an answer may repeat.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub named: Option<String>,
    /// Why it was not asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_out: Option<String>,
}

impl Page {
    fn probes<'a>(&self, window: &'a Window) -> Result<Vec<&'a Exchange>, OracleFault> {
        self.probes.iter().map(|seq| window.exchange(*seq)).collect()
    }

    /// What an answer shows that the asker may not see.
    fn leaks<'a>(&'a self, exchange: &'a Exchange) -> impl Iterator<Item = &'a CanaryHit> {
        exchange.facts.answer_canaries().filter(|hit| {
            let foreign = hit.private && self.closed.contains(&hit.fixture);
            let early = self.unpublished.contains(&hit.fixture);
            (foreign || early) && self.named.as_ref() != Some(&hit.field)
        })
    }

    fn leg(&self, key: &str, outcome: Outcome, expected: Phrase, actual: Phrase) -> Leg {
        Leg::new(key, outcome, expected, actual, self.probes.clone())
    }
}

/// `daftar_sesuai_hak`: one leg for each way of asking.
pub(super) fn pages(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Asked = params(PAGES, value)?;
    asked.pages.iter().map(|page| page_leg(page, window)).collect()
}

fn page_leg(page: &Page, window: &Window) -> Result<Leg, OracleFault> {
    let expected = phrase!(
        "ditolak, atau hanya yang boleh dilihat penanya",
        "refused, or only what the asker may see"
    );
    if let Some(claim) = &page.left_out {
        let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
        return Ok(page.leg(&page.key, Outcome::NotApplicable(claim.clone()), expected, actual));
    }
    let probes = page.probes(window)?;
    if let Some(probe) = probes.iter().find(|probe| page.leaks(probe).next().is_some()) {
        let (how, found) = (answer_words(probe), hit_words(page.leaks(probe)));
        let (id, en, places) = (&how.id, &how.en, &found.id);
        let actual = phrase!(
            "{id}, memuat yang bukan hak penanya: {places}",
            "{en}, holds what the asker may not see: {places}"
        );
        return Ok(page.leg(&page.key, Outcome::Fail, expected, actual));
    }
    let unclear: Vec<&Exchange> = probes.iter().copied().filter(|probe| !tells(probe)).collect();
    let (outcome, actual) = match (unclear.last(), probes.last()) {
        (Some(last), _) => (Outcome::Inconclusive(unclear_reason(&unclear)), answered(last)),
        (None, Some(last)) => (Outcome::Pass, answered(last)),
        (None, None) => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dicoba", "not tried"),
        ),
    };
    Ok(page.leg(&page.key, outcome, expected, actual))
}

/// A list, or a refusal; unknown parameters may be refused.
fn tells(exchange: &Exchange) -> bool {
    match exchange.reading {
        Reading::Accepted => exchange.mapped.get("butir").is_some_and(Value::is_array),
        _ => matches!(exchange.status(), Some(400 | 401 | 403 | 404 | 422)),
    }
}

/// `jumlah_sesuai_tampak`: one leg for each way of asking.
pub(super) fn totals(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let asked: Asked = params(TOTALS, value)?;
    asked.pages.iter().map(|page| total_leg(page, window)).collect()
}

/// The last answer counts: earlier ones may have met a complaint that came between counting and listing.
fn total_leg(page: &Page, window: &Window) -> Result<Leg, OracleFault> {
    let key = format!("{}/jumlah", page.key);
    let expected = phrase!("jumlah = yang tampak", "total = what is shown");
    let not_applicable = |claim: &str| {
        let actual = phrase!("tidak dicoba: {claim}", "not tried: {claim}");
        page.leg(&key, Outcome::NotApplicable(claim.to_owned()), expected.clone(), actual)
    };
    if let Some(claim) = &page.left_out {
        return Ok(not_applicable(claim));
    }
    let mut probes = page.probes(window)?;
    // Where any page offered a next one, the last is the end of a walk and not the whole list.
    let walked = probes.iter().any(|one| offers_more(one));
    let Some(last) = probes.pop() else {
        return Ok(not_applicable("tidak ditanyakan"));
    };
    let Some((total, shown)) = total_of(last).filter(|_| !walked) else {
        return Ok(not_applicable(
            "halaman.jumlah tidak terikat, atau daftarnya lebih dari satu halaman",
        ));
    };
    let actual = phrase!("jumlah {total}, tampak {shown}", "total {total}, shown {shown}");
    let outcome = if total > shown { Outcome::Fail } else { Outcome::Pass };
    Ok(page.leg(&key, outcome, expected, actual))
}

/// Parameters of `daftar_memuat`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// One leg each.
    pub lists: Vec<Listed>,
}

/// A complaint that a list must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Key of the leg.
    pub key: String,
    /// Fixture number of the complaint.
    pub fixture: u32,
    /// The page that shows it, or the last that was read.
    pub page: u64,
}

/// `daftar_memuat`: one leg for each complaint.
pub(super) fn holds(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Lists = params(HOLDS, value)?;
    let leg = |listed: &Listed| {
        let page = window.exchange(listed.page)?;
        let shows = page
            .facts
            .answer_canaries()
            .any(|hit| hit.fixture == listed.fixture && hit.place.starts_with("body"));
        let expected = phrase!("daftar memuat pengaduan itu", "the list holds the complaint");
        let held = shows && page.reading == Reading::Accepted;
        Ok(Leg::judged(
            &*listed.key,
            held,
            expected,
            answered(page),
            vec![listed.page],
        ))
    };
    params.lists.iter().map(leg).collect()
}

/// Whether a page offers a next one.
fn offers_more(exchange: &Exchange) -> bool {
    exchange
        .mapped
        .pointer("/halaman/berikut")
        .is_some_and(|next| !next.is_null())
}

/// The total of a list that one page shows whole, and how many entries it shows.
pub fn total_of(exchange: &Exchange) -> Option<(u64, u64)> {
    let about = exchange
        .mapped
        .get("halaman")
        .filter(|_| exchange.reading == Reading::Accepted)?;
    let whole = about.get("berikut").is_none_or(Value::is_null);
    let total = about.get("jumlah").and_then(Value::as_u64).filter(|_| whole)?;
    Some((total, u64::try_from(items(exchange).len()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, canary, mapped, window};
    use super::*;

    fn list(hits: Vec<CanaryHit>) -> Exchange {
        let mut page = mapped(200, json!({"butir": [], "halaman": {"jumlah": 0, "berikut": null}}));
        page.facts.canaries = hits;
        page
    }

    fn outcome(probe: Exchange) -> Outcome {
        let page =
            json!({"key": "list@publik", "probes": [1], "closed": [7, 8], "unpublished": [7], "named": "pelapor.nama"});
        pages(&json!({"pages": [page]}), &window([probe]))
            .unwrap()
            .remove(0)
            .outcome
    }

    #[test]
    fn pages_hold_the_public_part_alone() {
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        let table = [
            (list(vec![]), Outcome::Pass),
            (list(vec![canary(8, "isi", false, "body:/data/0/isi")]), Outcome::Pass),
            (
                list(vec![canary(9, "pelapor.nik", true, "body:/data/0")]),
                Outcome::Pass,
            ),
            (list(vec![canary(7, "pelapor.nama", true, "body:/q")]), Outcome::Pass),
            (list(vec![canary(7, "isi", false, "body:/data/0/isi")]), Outcome::Fail),
            (
                list(vec![canary(8, "pelapor.email", true, "body:/data/0")]),
                Outcome::Fail,
            ),
            (
                list(vec![canary(8, "pelapor.email", true, "header:link")]),
                Outcome::Fail,
            ),
            (answered(400, vec![]), Outcome::Pass),
            (answered(403, vec![canary(7, "isi", false, "body:/isi")]), Outcome::Fail),
            (answered(200, vec![]), open.clone()),
            (answered(500, vec![]), open.clone()),
            (answered(302, vec![]), open),
        ];
        for (row, (probe, expected)) in table.into_iter().enumerate() {
            assert_eq!(outcome(probe), expected, "row {row}");
        }
    }

    #[test]
    fn a_list_holds_what_its_body_shows() {
        let judged = |page: Exchange| {
            let value = json!({"lists": [{"key": "P1", "fixture": 7, "page": 1}]});
            holds(&value, &window([page])).unwrap().remove(0).outcome
        };
        assert_eq!(
            judged(list(vec![canary(7, "penanda", false, "body:/data/0/judul")])),
            Outcome::Pass
        );
        assert_eq!(
            judged(list(vec![canary(8, "penanda", false, "body:/data/0/judul")])),
            Outcome::Fail
        );
        assert_eq!(
            judged(answered(403, vec![canary(7, "penanda", false, "body:/judul")])),
            Outcome::Fail
        );
    }

    #[test]
    fn a_total_counts_what_is_shown() {
        let judged = |halaman: Value, butir: Value| {
            let page = json!({"key": "list@pelapor_b", "probes": [1], "closed": [], "unpublished": []});
            let probe = mapped(200, json!({"butir": butir, "halaman": halaman}));
            totals(&json!({"pages": [page]}), &window([probe]))
                .unwrap()
                .remove(0)
                .outcome
        };
        assert_eq!(judged(json!({"jumlah": 0, "berikut": null}), json!([])), Outcome::Pass);
        assert_eq!(judged(json!({"jumlah": 1, "berikut": null}), json!([])), Outcome::Fail);
        assert_eq!(
            judged(json!({"jumlah": 1, "berikut": null}), json!([{}])),
            Outcome::Pass
        );
        for open in [
            json!({"jumlah": 9, "berikut": {"halaman": 2}}),
            json!({"berikut": null}),
        ] {
            assert!(matches!(judged(open, json!([{}])), Outcome::NotApplicable(_)));
        }
    }
}
