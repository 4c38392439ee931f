//! PB-02: what was acknowledged is stored, and its receipt is its own. An acknowledgement alone is never evidence
//! of an effect; only what readers found under it is.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{Sight, answered, holds, items, seen, short, sight, text_of, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `tanda_terima`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipts {
    fields: Vec<String>,
    submissions: Vec<Receipt>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    /// Stable name of the submission, `kategori_3`.
    key: String,
    submit: u64,
    /// What its own address showed at once, the last attempt last.
    reads: Vec<u64>,
}

/// Every receipt (the answer, and what its address shows at once) holds the fields. Legs `kategori_3/id`.
pub(super) fn receipts(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let receipts: Receipts = params("tanda_terima", value)?;
    let mut legs = Vec::new();
    for receipt in &receipts.submissions {
        let submit = window.exchange(receipt.submit)?;
        let read = receipt.reads.last().map(|seq| window.exchange(*seq)).transpose()?;
        for field in &receipts.fields {
            let (outcome, actual) = receipt_field(submit, read, field);
            let expected = phrase!(
                "tanda terima pengiriman yang diterima memuat {field}",
                "the receipt of an accepted submission holds {field}"
            );
            let evidence = std::iter::once(receipt.submit)
                .chain(receipt.reads.last().copied())
                .collect();
            legs.push(Leg::new(
                format!("{}/{field}", receipt.key),
                outcome,
                expected,
                actual,
                evidence,
            ));
        }
    }
    Ok(legs)
}

fn receipt_field(submit: &Exchange, read: Option<&Exchange>, field: &str) -> (Outcome, Phrase) {
    if let Some(answer) = not_acknowledged(submit) {
        return answer;
    }
    let shown = |exchange: &Exchange| text_of(&exchange.mapped, field);
    if let Some(text) = shown(submit).or_else(|| read.and_then(shown)) {
        let text = short(&text);
        return (Outcome::Pass, phrase!("{field} = {text}", "{field} = {text}"));
    }
    let open = unseen(submit).or_else(|| read.and_then(unseen));
    let last = answered(read.unwrap_or(submit));
    let (id, en) = (&last.id, &last.en);
    match open {
        Some(reason) => (
            Outcome::Inconclusive(reason),
            phrase!("{field} tidak terlihat: {id}", "{field} was not seen: {en}"),
        ),
        None => (
            Outcome::Fail,
            phrase!(
                "pengiriman diterima tanpa {field}, juga pada alamatnya sendiri",
                "the submission was accepted without {field}, at its own address too"
            ),
        ),
    }
}

/// What to say of a submission that was not acknowledged: nothing is judged.
fn not_acknowledged(submit: &Exchange) -> Option<(Outcome, Phrase)> {
    let reason = match submit.reading {
        Reading::Accepted => return None,
        Reading::NoAnswer | Reading::Throttled => unseen(submit).unwrap_or(Reason::Timeout),
        _ => unseen(submit)
            .filter(|reason| *reason == Reason::AuthUnavailable)
            .unwrap_or(Reason::PreconditionUnmet),
    };
    let how = answered(submit);
    let (id, en) = (&how.id, &how.en);
    Some((
        Outcome::Inconclusive(reason),
        phrase!(
            "pengiriman tidak dinyatakan diterima: {id}",
            "the submission was not acknowledged: {en}"
        ),
    ))
}

/// Parameters of `penanda_ditemukan`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sightings {
    sightings: Vec<Sighting>,
}

/// One reader's look for one submission.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sighting {
    /// Stable name, `kategori_3/read@admin`.
    key: String,
    via: Via,
    submit: u64,
    /// The reads (only the last is judged), or the pages of a walk.
    seqs: Vec<u64>,
    fixture: u32,
    /// The planted text of its title, to find it in lists.
    marker: String,
    /// The acknowledged tracking number.
    number: Option<String>,
    /// Of a walk: whether it came to the list's end, or to a stop rule that showed a control object.
    #[serde(default)]
    complete: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Via {
    Read,
    Track,
    List,
}

/// Every reader finds the marker of that very submission under what was acknowledged.
pub(super) fn sightings(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let sightings: Sightings = params("penanda_ditemukan", value)?;
    sightings
        .sightings
        .iter()
        .map(|sighting| one_sighting(sighting, window))
        .collect()
}

fn one_sighting(sighting: &Sighting, window: &Window) -> Result<Leg, OracleFault> {
    let submit = window.exchange(sighting.submit)?;
    let (outcome, actual) = match (not_acknowledged(submit), sighting.via) {
        (Some(answer), _) => answer,
        (None, Via::List) => in_list(sighting, window)?,
        (None, Via::Read | Via::Track) => at_address(sighting, window)?,
    };
    let expected = match sighting.via {
        Via::Read => phrase!(
            "di bawah id pada tanda terima terbaca pengaduan yang dikirim itu, dengan nomor yang sama",
            "under the receipt's id that very submission is read, with the same number"
        ),
        Via::Track => phrase!(
            "nomor pada tanda terima menunjuk pengaduan yang dikirim itu",
            "the receipt's number leads to that very submission"
        ),
        Via::List => phrase!(
            "daftar memuat pengaduan yang dikirim itu",
            "the list holds that very submission"
        ),
    };
    let mut evidence = vec![sighting.submit];
    match sighting.via {
        Via::List => evidence.extend(sighting.seqs.iter().rev().take(5)),
        Via::Read | Via::Track => evidence.extend(sighting.seqs.last()),
    }
    Ok(Leg::new(&sighting.key, outcome, expected, actual, evidence))
}

fn at_address(sighting: &Sighting, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let Some(seq) = sighting.seqs.last() else {
        return Ok((
            Outcome::Fail,
            phrase!(
                "tanda terima tidak memuat apa yang dibutuhkan untuk menemukannya",
                "the receipt does not hold what is needed to find it"
            ),
        ));
    };
    let read = window.exchange(*seq)?;
    let sight = sight(read, sighting.fixture);
    let shown = text_of(&read.mapped, "nomor_pelacakan");
    let same_number = match (&sighting.number, &shown) {
        (Some(number), Some(shown)) => Some(number == shown),
        _ => None,
    };
    let outcome = match (sight, sighting.via, same_number) {
        (Sight::Unseen(reason), _, _) => Outcome::Inconclusive(reason),
        (Sight::Own, _, Some(false)) => Outcome::Fail,
        (Sight::Own, _, _) | (Sight::Blank, Via::Track, Some(true)) => Outcome::Pass,
        // A tracking page that shows neither text nor number cannot be told from another's.
        (Sight::Blank, Via::Track, None) => Outcome::Inconclusive(Reason::InsufficientEvidence),
        _ => Outcome::Fail,
    };
    let what = seen(sight, read);
    let (id, en) = (&what.id, &what.en);
    let actual = match (same_number, &shown) {
        (Some(false), Some(shown)) => {
            let (number, shown) = (short(sighting.number.as_deref().unwrap_or_default()), short(shown));
            phrase!(
                "{id}; nomor pada tanda terima {number}, nomor yang tersimpan {shown}",
                "{en}; the receipt's number is {number}, the stored number is {shown}"
            )
        }
        _ => what,
    };
    Ok((outcome, actual))
}

fn in_list(sighting: &Sighting, window: &Window) -> Result<(Outcome, Phrase), OracleFault> {
    let mut open = None;
    let mut entries = 0;
    for seq in &sighting.seqs {
        let page = window.exchange(*seq)?;
        if items(page).iter().any(|item| holds(item, &sighting.marker)) {
            return Ok((Outcome::Pass, phrase!("ada dalam daftar", "it stands in the list")));
        }
        entries += items(page).len();
        if unseen(page).is_some() || page.reading == Reading::Refused {
            open = Some(page);
        }
    }
    let pages = sighting.seqs.len();
    if let Some(page) = open {
        let (how, reason) = (answered(page), unseen(page).unwrap_or(Reason::PreconditionUnmet));
        let (id, en) = (&how.id, &how.en);
        let actual = phrase!(
            "daftar tidak terbaca seluruhnya: {id}",
            "the list could not be read whole: {en}"
        );
        return Ok((Outcome::Inconclusive(reason), actual));
    }
    if sighting.complete {
        let actual = phrase!(
            "tidak ada di antara {entries} butir pada {pages} halaman",
            "it is not among the {entries} entries on {pages} pages"
        );
        return Ok((Outcome::Fail, actual));
    }
    let actual = phrase!(
        "belum ditemukan sesudah {pages} halaman; penelusuran berhenti pada batasnya",
        "not found after {pages} pages; the walk stopped at its limit"
    );
    Ok((Outcome::Inconclusive(Reason::InsufficientEvidence), actual))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    fn submitted() -> Sample {
        let mapped = json!({"id": "7", "nomor_pelacakan": "LP7", "status": "menunggu_verifikasi", "waktu_dibuat": "2026-11-25T00:00:00Z"});
        exchange(1, Op::Submit, Actor::PelaporA, mapped)
    }

    fn read(mapped: Value) -> Sample {
        exchange(2, Op::Read, Actor::PelaporA, mapped)
    }

    fn receipt(samples: impl IntoIterator<Item = Sample>, reads: &[u64]) -> Vec<Outcome> {
        let value = json!({"fields": ["id", "nomor_pelacakan"], "submissions": [{"key": "kategori_1", "submit": 1, "reads": reads}]});
        let legs = receipts(&value, &window(samples)).unwrap();
        assert_eq!(legs[0].key, "kategori_1/id");
        legs.into_iter().map(|leg| leg.outcome).collect()
    }

    #[test]
    fn a_receipt_may_come_in_the_answer_or_at_its_address() {
        assert_eq!(receipt([submitted()], &[]), [Outcome::Pass, Outcome::Pass]);
        let bare = exchange(
            1,
            Op::Submit,
            Actor::PelaporA,
            json!({"id": "7", "nomor_pelacakan": " "}),
        );
        assert_eq!(
            receipt([bare, read(json!({"nomor_pelacakan": 12}))], &[2]),
            [Outcome::Pass, Outcome::Pass]
        );
    }

    #[test]
    fn a_missing_field_fails_only_where_the_address_was_read() {
        let bare = || exchange(1, Op::Submit, Actor::PelaporA, json!({"id": "7"}));
        assert_eq!(receipt([bare(), read(json!({}))], &[2]).last(), Some(&Outcome::Fail));
        let open = Some(Outcome::Inconclusive(Reason::InsufficientEvidence));
        assert_eq!(
            receipt([bare(), read(json!({})).answered(500, Reading::Fault)], &[2]).last(),
            open.as_ref()
        );
        assert_eq!(
            receipt([bare(), read(json!({})).unmapped()], &[2]).last(),
            open.as_ref()
        );
    }

    #[test]
    fn what_was_not_acknowledged_is_not_judged() {
        let timeout = receipt([submitted().broken(BrokenKind::Timeout)], &[]);
        assert_eq!(timeout, vec![Outcome::Inconclusive(Reason::Timeout); 2]);
        let refused = receipt([submitted().answered(422, Reading::Refused)], &[]);
        assert_eq!(refused, vec![Outcome::Inconclusive(Reason::PreconditionUnmet); 2]);
    }

    fn sighting(via: &str, complete: bool, seqs: &[u64], samples: impl IntoIterator<Item = Sample>) -> Outcome {
        let value = json!({"sightings": [{"key": "kategori_1/x", "via": via, "submit": 1, "seqs": seqs, "fixture": 3,
            "marker": "abc3a", "number": "LP7", "complete": complete}]});
        let samples = std::iter::once(submitted()).chain(samples);
        sightings(&value, &window(samples)).unwrap().remove(0).outcome
    }

    #[test]
    fn a_reader_must_find_that_very_submission() {
        let open = |reason| Outcome::Inconclusive(reason);
        let shown = || read(json!({"nomor_pelacakan": "LP7"}));
        let table = [
            ("read", shown().marked(3), Outcome::Pass),
            ("read", shown().marked(4), Outcome::Fail),
            ("read", shown(), Outcome::Fail),
            ("read", read(json!({"nomor_pelacakan": "LP8"})).marked(3), Outcome::Fail),
            ("read", shown().answered(404, Reading::NotFound), Outcome::Fail),
            ("read", shown().answered(403, Reading::Refused), Outcome::Fail),
            (
                "read",
                shown().answered(401, Reading::Refused),
                open(Reason::AuthUnavailable),
            ),
            (
                "read",
                shown().answered(503, Reading::Fault),
                open(Reason::InsufficientEvidence),
            ),
            ("read", shown().unmapped(), open(Reason::InsufficientEvidence)),
            ("read", shown().broken(BrokenKind::Connect), open(Reason::Unreachable)),
            ("track", shown(), Outcome::Pass),
            ("track", read(json!({"nomor_pelacakan": "LP8"})), Outcome::Fail),
            ("track", read(json!({})), open(Reason::InsufficientEvidence)),
            ("track", shown().answered(404, Reading::NotFound), Outcome::Fail),
        ];
        for (row, (via, sample, expected)) in table.into_iter().enumerate() {
            assert_eq!(sighting(via, false, &[2], [sample]), expected, "row {row}");
        }
        assert_eq!(
            sighting("read", false, &[], []),
            Outcome::Fail,
            "an acknowledgement without an id"
        );
    }

    #[test]
    fn only_a_complete_walk_shows_absence() {
        let page = |title: &str| {
            exchange(
                2,
                Op::List,
                Actor::Admin,
                json!({"butir": [{"id": "7", "judul": title}]}),
            )
        };
        assert_eq!(
            sighting("list", false, &[2], [page("Jalan ABC3A rusak")]),
            Outcome::Pass
        );
        assert_eq!(sighting("list", true, &[2], [page("lain")]), Outcome::Fail);
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(sighting("list", false, &[2], [page("lain")]), open);
        assert_eq!(
            sighting("list", true, &[2], [page("lain").answered(500, Reading::Fault)]),
            open
        );
    }
}
