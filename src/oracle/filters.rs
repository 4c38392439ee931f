//! DT-21: a filtered list holds all that fit and nothing else; an unknown value gives nothing, an empty one is none.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::paging::name;
use super::sight::{answered, holds, items, several, short, text_of, unseen};
use super::{OracleFault, Window, params};

/// Parameters of the three oracles.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filters {
    /// Filtered walks.
    asked: Vec<Asked>,
    /// The complaints of the scenario.
    ours: Vec<Known>,
    /// Walks without a filter, before and after.
    references: Vec<Walk>,
}

/// A walk through the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Walk {
    pages: Vec<u64>,
    complete: bool,
}

/// One filtered walk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// `status/terverifikasi`; stable.
    key: String,
    /// Its walk; none where it is left out.
    walk: Option<Walk>,
    /// Why it is left out: the parameter that the statement does not bind.
    left_out: Option<String>,
    /// Statuses that fit; the first is the one asked for, the others share its word on the wire.
    #[serde(default)]
    statuses: Vec<String>,
    /// Categories that fit: the one asked for, and those that the statement declares to stand below it.
    #[serde(default)]
    categories: Vec<String>,
    /// The unknown value as sent.
    value: Option<String>,
}

/// A complaint of the scenario, as it was read alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    key: String,
    marker: String,
    /// Status and category that it was brought to.
    status: String,
    category: String,
    /// Its read.
    read: u64,
}

/// A leg's outcome with what was seen.
type Seen = (Outcome, Phrase);

impl Asked {
    fn fits(&self, status: Option<&str>, category: Option<&str>) -> bool {
        let one = |wanted: &[String], shown: Option<&str>| {
            wanted.is_empty() || shown.is_none_or(|shown| wanted.iter().any(|one| one == shown))
        };
        one(&self.statuses, status) && one(&self.categories, category)
    }

    /// Whether a complaint must stand in the list: it has the very status asked for.
    fn needs(&self, known: &Known) -> bool {
        self.fits(Some(&known.status), Some(&known.category))
            && self.statuses.first().is_none_or(|status| *status == known.status)
    }
}

/// The filtered lists hold exactly what fits. One leg a walk.
pub(super) fn exact(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let expected = phrase!(
        "semua pengaduan yang cocok dengan saringan, dan hanya itu",
        "all complaints that fit the filter, and nothing else"
    );
    legs("saringan_tepat", value, window, &expected, |filters, asked, pages| {
        if let Some(open) = filters.baseless(window)? {
            return Ok(open);
        }
        if let Some(page) = pages
            .iter()
            .find(|page| matches!(page.reading, Reading::Refused | Reading::NotFound))
        {
            return Ok((Outcome::Fail, answered(page)));
        }
        Ok(compare(filters, asked, pages))
    })
}

fn compare(filters: &Filters, asked: &Asked, pages: &[&Exchange]) -> Seen {
    let entries: Vec<&Value> = pages.iter().flat_map(|page| items(page)).collect();
    let stands = |known: &Known| entries.iter().any(|entry| holds(entry, &known.marker));
    let keys = |known: Vec<&Known>| -> Vec<String> { known.iter().map(|known| known.key.clone()).collect() };
    let lost = keys(
        filters
            .ours
            .iter()
            .filter(|known| asked.needs(known) && !stands(known))
            .collect(),
    );
    let wrong = filters
        .ours
        .iter()
        .filter(|known| !asked.fits(Some(&known.status), Some(&known.category)) && stands(known));
    let mut wrong = keys(wrong.collect());
    let foreign = entries
        .iter()
        .filter(|entry| !filters.ours.iter().any(|known| holds(entry, &known.marker)));
    let misfits = foreign.filter(|entry| {
        let (status, category) = (text_of(entry, "status"), text_of(entry, "kategori_id"));
        !asked.fits(status.as_deref(), category.as_deref())
    });
    wrong.extend(misfits.filter_map(|entry| name(entry)).map(|name| short(&name)));
    let (all, missing, more) = (entries.len(), lost.len(), wrong.len());
    if missing + more == 0 {
        return (
            Outcome::Pass,
            phrase!("{all} butir, semuanya cocok", "{all} entries, all fit"),
        );
    }
    let (lost, wrong) = (several(&lost), several(&wrong));
    let (lost_id, lost_en, wrong_id, wrong_en) = (&lost.id, &lost.en, &wrong.id, &wrong.en);
    let actual = phrase!(
        "{all} butir; tidak ada padahal cocok: {missing} ({lost_id}); ada padahal tidak cocok: {more} ({wrong_id})",
        "{all} entries; missing although they fit: {missing} ({lost_en}); there although they do not: {more} ({wrong_en})"
    );
    (Outcome::Fail, actual)
}

/// An unknown value gives an empty list or a refusal.
pub(super) fn unknown(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let expected = phrase!(
        "nilai yang tidak dikenal: daftar kosong atau penolakan (4xx)",
        "an unknown value: an empty list or a refusal (4xx)"
    );
    legs("saringan_asing", value, window, &expected, |filters, asked, pages| {
        if let Some(open) = filters.baseless(window)? {
            return Ok(open);
        }
        let sent = |page: &&&Exchange| {
            asked
                .value
                .as_ref()
                .is_some_and(|value| request_text(page).contains(value))
        };
        let Some(first) = pages.first().filter(sent) else {
            return Ok(not_sent());
        };
        let all: usize = pages.iter().map(|page| items(page).len()).sum();
        if all == 0 {
            return Ok((Outcome::Pass, answered(first)));
        }
        let actual = phrase!("{all} pengaduan dalam jawaban", "{all} complaints in the answer");
        Ok((Outcome::Fail, actual))
    })
}

/// An empty value is as none, or is refused.
pub(super) fn empty(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let expected = phrase!(
        "nilai kosong: daftar yang sama dengan tanpa saringan, atau penolakan (4xx)",
        "an empty value: the same list as without a filter, or a refusal (4xx)"
    );
    legs("saringan_kosong", value, window, &expected, |filters, _, pages| {
        if let Some(open) = filters.baseless(window)? {
            return Ok(open);
        }
        let unfiltered = filters.references.first().and_then(|walk| walk.pages.first());
        let usual = unfiltered
            .map(|seq| window.exchange(*seq))
            .transpose()?
            .map_or(0, empty_values);
        let Some(first) = pages.first().filter(|page| empty_values(page) > usual) else {
            return Ok(not_sent());
        };
        if matches!(first.reading, Reading::Refused | Reading::NotFound) {
            return Ok((Outcome::Pass, answered(first)));
        }
        let names: BTreeSet<String> = pages.iter().flat_map(|page| items(page)).filter_map(name).collect();
        let standing = filters.standing(window)?;
        let (all, lost) = (names.len(), standing.difference(&names).count());
        let actual = phrase!(
            "{all} butir; {lost} dari daftar tanpa saringan tidak ada",
            "{all} entries; {lost} of the unfiltered list are missing"
        );
        Ok((if lost == 0 { Outcome::Pass } else { Outcome::Fail }, actual))
    })
}

impl Filters {
    /// Why there is nothing to compare with: the unfiltered lists do not hold our complaints, or these are not what
    /// they were brought to.
    fn baseless(&self, window: &Window) -> Result<Option<Seen>, OracleFault> {
        for known in &self.ours {
            let read = window.exchange(known.read)?;
            let shows = |field: &str, wanted: &str| text_of(&read.mapped, field).is_none_or(|shown| shown == wanted);
            if unseen(read).is_some() || !shows("status", &known.status) || !shows("kategori_id", &known.category) {
                let key = &known.key;
                let actual = phrase!(
                    "{key} tidak terbaca dengan status dan kategorinya",
                    "{key} is not read with its status and category"
                );
                return Ok(Some((Outcome::Inconclusive(Reason::PreconditionUnmet), actual)));
            }
        }
        for walk in &self.references {
            let mut entries = Vec::new();
            for seq in &walk.pages {
                entries.extend(items(window.exchange(*seq)?));
            }
            let all = self
                .ours
                .iter()
                .all(|known| entries.iter().any(|entry| holds(entry, &known.marker)));
            if !all || !walk.complete {
                let actual = phrase!(
                    "daftar tanpa saringan tidak memuat semua pengaduan uji",
                    "the unfiltered list does not hold all complaints of the test"
                );
                return Ok(Some((Outcome::Inconclusive(Reason::PreconditionUnmet), actual)));
            }
        }
        Ok(None)
    }

    /// What stood in every unfiltered list.
    fn standing(&self, window: &Window) -> Result<BTreeSet<String>, OracleFault> {
        let mut standing: Option<BTreeSet<String>> = None;
        for walk in &self.references {
            let mut names = BTreeSet::new();
            for seq in &walk.pages {
                names.extend(items(window.exchange(*seq)?).iter().filter_map(name));
            }
            standing =
                Some(standing.map_or_else(|| names.clone(), |known| known.intersection(&names).cloned().collect()));
        }
        Ok(standing.unwrap_or_default())
    }
}

/// One leg for each walk; what no norm can be judged by is open.
fn legs(
    oracle: &'static str,
    value: &Value,
    window: &Window,
    expected: &Phrase,
    judge: impl Fn(&Filters, &Asked, &[&Exchange]) -> Result<Seen, OracleFault>,
) -> Result<Vec<Leg>, OracleFault> {
    let filters: Filters = params(oracle, value)?;
    filters
        .asked
        .iter()
        .map(|asked| {
            let seqs = asked.walk.as_ref().map(|walk| walk.pages.clone()).unwrap_or_default();
            let pages = seqs
                .iter()
                .map(|seq| window.exchange(*seq))
                .collect::<Result<Vec<_>, _>>()?;
            let (outcome, actual) = match (open(asked, &pages), &asked.left_out) {
                (_, Some(claim)) => {
                    let actual = phrase!("tidak terikat: {claim}", "not bound: {claim}");
                    (Outcome::NotApplicable(claim.clone()), actual)
                }
                (Some(seen), None) => seen,
                (None, None) => judge(&filters, asked, &pages)?,
            };
            let evidence = seqs.into_iter().take(20).collect();
            Ok(Leg::new(asked.key.clone(), outcome, expected.clone(), actual, evidence))
        })
        .collect()
}

/// A server fault breaks the norm; any other answer that is no evidence leaves it open.
fn open(asked: &Asked, pages: &[&Exchange]) -> Option<Seen> {
    if let Some(page) = pages.iter().find(|page| page.reading == Reading::Fault) {
        return Some((Outcome::Fail, answered(page)));
    }
    if let Some((reason, page)) = pages.iter().find_map(|page| Some((unseen(page)?, page))) {
        return Some((Outcome::Inconclusive(reason), answered(page)));
    }
    let last = pages.last()?;
    let whole = asked.walk.as_ref().is_some_and(|walk| walk.complete);
    (!whole && last.reading == Reading::Accepted).then(|| {
        let actual = phrase!("penelusuran tidak sampai habis", "the walk did not reach the end");
        (Outcome::Inconclusive(Reason::InsufficientEvidence), actual)
    })
}

/// The binding swallowed the value (keamanan.md, rule 8).
fn not_sent() -> Seen {
    let actual = phrase!(
        "ikatan tidak meneruskan nilai itu kepada aplikasi",
        "the binding does not hand that value on to the application"
    );
    (Outcome::NotApplicable("ikatan.operasi.list".to_owned()), actual)
}

fn request_text(exchange: &Exchange) -> String {
    let body = exchange.request.body.as_ref().and_then(|body| body.text.as_deref());
    format!("{} {}", exchange.request.url, body.unwrap_or_default())
}

/// How many names of the query, or members of a body, have an empty value.
fn empty_values(exchange: &Exchange) -> usize {
    let query = exchange.request.url.split_once('?').map_or("", |(_, query)| query);
    let body = exchange.request.body.as_ref().and_then(|body| body.text.as_deref());
    query.split('&').filter(|pair| pair.ends_with('=')).count() + body.unwrap_or_default().matches("\"\"").count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::{Data, Record};
    use crate::oracle::samples::{Sample, exchange};

    /// `marker status category` of each entry.
    fn page(seq: u64, entries: &[(&str, &str, &str)]) -> Sample {
        let butir: Vec<_> = entries
            .iter()
            .map(|(marker, status, category)| {
                json!({"id": marker, "judul": format!("judul {marker}"), "status": status, "kategori_id": category})
            })
            .collect();
        exchange(seq, Op::List, Actor::Admin, json!({"butir": butir}))
    }

    fn asking(sample: Sample, query: &str) -> std::sync::Arc<Record> {
        let mut record = (*sample.record()).clone();
        if let Data::Exchange(exchange) = &mut record.data {
            exchange.request.url = format!("http://a.test/pengaduan?{query}");
        }
        std::sync::Arc::new(record)
    }

    const M1: (&str, &str, &str) = ("m1", "terverifikasi", "1");
    const M2: (&str, &str, &str) = ("m2", "terdisposisi", "2");
    const X: (&str, &str, &str) = ("x", "terverifikasi", "1");

    type Oracle = fn(&Value, &Window) -> Result<Vec<Leg>, OracleFault>;

    fn outcome(oracle: Oracle, asked: Value, answer: std::sync::Arc<Record>) -> Outcome {
        let read = |seq: u64, (marker, status, category): (&str, &str, &str)| {
            exchange(
                seq,
                Op::Read,
                Actor::Admin,
                json!({"id": marker, "status": status, "kategori_id": category}),
            )
            .record()
        };
        let window = Window::new([
            asking(page(1, &[M1, M2, X]), "halaman=1"),
            answer,
            asking(page(3, &[X, M2, M1]), "halaman=1"),
            read(4, M1),
            read(5, M2),
        ]);
        let known = |(marker, status, category): (&str, &str, &str), read: u64| json!({"key": marker, "marker": format!("judul {marker}"), "status": status, "category": category, "read": read});
        let walk = |seq: u64| json!({"pages": [seq], "complete": true});
        let mut asked = asked;
        asked["key"] = json!("a");
        if asked.get("left_out").is_none() {
            asked["walk"] = walk(2);
        }
        let value = json!({"asked": [asked], "ours": [known(M1, 4), known(M2, 5)], "references": [walk(1), walk(3)]});
        oracle(&value, &window).unwrap().remove(0).outcome
    }

    fn by_status(answer: &[(&str, &str, &str)]) -> Outcome {
        outcome(
            exact,
            json!({"statuses": ["terverifikasi"]}),
            asking(page(2, answer), "status=terverifikasi"),
        )
    }

    #[test]
    fn a_filtered_list_holds_all_that_fit_and_nothing_else() {
        assert_eq!(by_status(&[M1, X]), Outcome::Pass);
        assert_eq!(by_status(&[X]), Outcome::Fail, "ours is missing");
        assert_eq!(by_status(&[M1, M2]), Outcome::Fail, "ours does not fit");
        assert_eq!(
            by_status(&[M1, ("y", "selesai", "1")]),
            Outcome::Fail,
            "another does not fit"
        );
        let both = json!({"statuses": ["terverifikasi"], "categories": ["2"]});
        assert_eq!(outcome(exact, both.clone(), asking(page(2, &[]), "a=b")), Outcome::Pass);
        assert_eq!(
            outcome(exact, both, asking(page(2, &[M1, M2]), "a=b")),
            Outcome::Fail,
            "joined by or"
        );
    }

    #[test]
    fn statuses_that_share_a_word_may_stand_there() {
        let shared = json!({"statuses": ["terverifikasi", "terdisposisi"]});
        assert_eq!(
            outcome(exact, shared.clone(), asking(page(2, &[M1, M2]), "a=b")),
            Outcome::Pass
        );
        assert_eq!(outcome(exact, shared, asking(page(2, &[M2]), "a=b")), Outcome::Fail);
    }

    #[test]
    fn a_refused_filter_a_fault_and_a_missing_base_are_told_apart() {
        let answer = |status, reading| asking(page(2, &[]).answered(status, reading), "status=terverifikasi");
        let asked = json!({"statuses": ["terverifikasi"]});
        assert_eq!(
            outcome(exact, asked.clone(), answer(400, Reading::Refused)),
            Outcome::Fail
        );
        assert_eq!(
            outcome(exact, asked.clone(), answer(500, Reading::Fault)),
            Outcome::Fail
        );
        let throttled = outcome(exact, asked.clone(), answer(429, Reading::Throttled));
        assert_eq!(throttled, Outcome::Inconclusive(Reason::InsufficientEvidence));
        let left_out = outcome(
            exact,
            json!({"left_out": "list.kategori"}),
            answer(200, Reading::Accepted),
        );
        assert_eq!(left_out, Outcome::NotApplicable("list.kategori".to_owned()));
        let known = json!([{"key": "m1", "marker": "m1", "status": "selesai", "category": "1", "read": 1}]);
        let value = json!({"asked": [{"key": "a", "walk": {"pages": [1], "complete": true}, "left_out": null}], "ours": known, "references": []});
        let read = exchange(1, Op::Read, Actor::Admin, json!({"status": "diproses"})).record();
        let legs = exact(&value, &Window::new([read])).unwrap();
        assert_eq!(legs[0].outcome, Outcome::Inconclusive(Reason::PreconditionUnmet));
    }

    #[test]
    fn an_unknown_value_gives_nothing() {
        let asked = || json!({"value": "laik-asing"});
        let sent = |sample| asking(sample, "kategori=laik-asing");
        assert_eq!(outcome(unknown, asked(), sent(page(2, &[]))), Outcome::Pass);
        assert_eq!(
            outcome(unknown, asked(), sent(page(2, &[]).answered(404, Reading::NotFound))),
            Outcome::Pass
        );
        assert_eq!(
            outcome(unknown, asked(), sent(page(2, &[]).answered(500, Reading::Fault))),
            Outcome::Fail
        );
        assert_eq!(outcome(unknown, asked(), sent(page(2, &[X]))), Outcome::Fail);
        let swallowed = outcome(unknown, asked(), asking(page(2, &[X]), "halaman=1"));
        assert!(matches!(swallowed, Outcome::NotApplicable(_)), "{swallowed:?}");
    }

    #[test]
    fn an_empty_value_is_as_none() {
        let sent = |sample| asking(sample, "halaman=1&status=");
        assert_eq!(outcome(empty, json!({}), sent(page(2, &[M2, M1, X]))), Outcome::Pass);
        assert_eq!(outcome(empty, json!({}), sent(page(2, &[]))), Outcome::Fail);
        assert_eq!(
            outcome(empty, json!({}), sent(page(2, &[]).answered(400, Reading::Refused))),
            Outcome::Pass
        );
        let swallowed = outcome(empty, json!({}), asking(page(2, &[]), "halaman=1"));
        assert!(matches!(swallowed, Outcome::NotApplicable(_)), "{swallowed:?}");
    }
}
