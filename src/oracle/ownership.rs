//! KM-13: whoever is not the owner sees at most what is already published. Knows nothing of why the asker asks,
//! nor of paths and headers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome};

use super::access::{Access, Proof, access, answer_words, hit_words, hits, is_success, unclear_reason};
use super::{OracleFault, Window, params};

/// Name in the registry.
pub const NAME: &str = "dibaca_orang_lain";

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Fixture number of the complaint.
    pub fixture: u32,
    /// Whether it was published (`terbit_setelah`) when it was asked for.
    pub published: bool,
    /// The tries.
    pub probes: Vec<Probe>,
}

/// One way of asking.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Key of the leg, such as `riwayat@pelapor_b`.
    pub key: String,
    /// What a lawful answer may show.
    pub view: View,
    /// The tries, in order; a second one only where the first was unclear.
    pub seqs: Vec<u64>,
    /// The owner's answer to the same operation, for answers that carry no canary.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<u64>,
}

/// What an operation shows of a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The record: its text before publication is a leak.
    Record,
    /// Its events.
    History,
    /// Status by tracking number, which is for everyone who has the number (model.md, `track`).
    Tracking,
}

/// What one answer shows.
enum Shown {
    /// A private canary, whatever the status: a 3xx or 4xx with it is a leak as well.
    Private,
    /// The text, or the owner's own view, before publication.
    Unpublished,
    /// No more than is published.
    Lawful,
    /// Evidence neither way.
    Unclear,
}

/// One leg for each way.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(NAME, value)?;
    params.probes.iter().map(|probe| leg(&params, probe, window)).collect()
}

fn leg(params: &Params, probe: &Probe, window: &Window) -> Result<Leg, OracleFault> {
    let owner = probe.owner.map(|seq| window.exchange(seq)).transpose()?;
    let mut lawful = None;
    let mut open = Vec::new();
    for &seq in &probe.seqs {
        let exchange = window.exchange(seq)?;
        match shown(params, probe.view, exchange, owner) {
            Shown::Private => return Ok(leak(params, probe, seq, exchange, true)),
            Shown::Unpublished => return Ok(leak(params, probe, seq, exchange, false)),
            Shown::Lawful => lawful = lawful.or(Some((seq, exchange))),
            Shown::Unclear => open.push(exchange),
        }
    }
    let expected = expected(params.published);
    if let Some((seq, exchange)) = lawful {
        return Ok(Leg::new(
            &*probe.key,
            Outcome::Pass,
            expected,
            answer_words(exchange),
            vec![seq],
        ));
    }
    let last = open.last().map_or_else(
        || phrase!("tidak dicoba", "not tried"),
        |exchange| answer_words(exchange),
    );
    let actual = Phrase::new(
        format!("bukan bukti ke arah mana pun: {}", last.id),
        format!("evidence neither way: {}", last.en),
    );
    let outcome = Outcome::Inconclusive(unclear_reason(&open));
    Ok(Leg::new(&*probe.key, outcome, expected, actual, probe.seqs.clone()))
}

fn shown(params: &Params, view: View, exchange: &Exchange, owner: Option<&Exchange>) -> Shown {
    let Some(status) = exchange.status() else {
        return Shown::Unclear;
    };
    // 429 and 5xx never count, neither for nor against (keamanan.md §0.2, rule 7).
    if status == 429 || status >= 500 {
        return Shown::Unclear;
    }
    if hits(exchange, params.fixture).any(|hit| hit.private) {
        return Shown::Private;
    }
    if !is_success(status) {
        return match access(exchange, params.fixture, Proof::Any, &[]) {
            Access::Denied => Shown::Lawful,
            Access::Granted | Access::Unclear => Shown::Unclear,
        };
    }
    let text = hits(exchange, params.fixture).next().is_some();
    if params.published {
        // The public view: the record shows the public text, the others at least what the statement accepts.
        let public = text || (view != View::Record && exchange.reading == Reading::Accepted);
        return if public { Shown::Lawful } else { Shown::Unclear };
    }
    if text {
        return Shown::Unpublished;
    }
    match view {
        View::Tracking if exchange.reading == Reading::Accepted => Shown::Lawful,
        View::History if owner.is_some_and(|owner| same_view(exchange, owner)) => Shown::Unpublished,
        View::Record | View::History | View::Tracking => Shown::Unclear,
    }
}

/// The asker got what the owner gets; times need no masking, since history is append-only.
fn same_view(exchange: &Exchange, owner: &Exchange) -> bool {
    let events = |exchange: &Exchange| match exchange.mapped.pointer("/butir") {
        Some(Value::Array(items)) if !items.is_empty() => Some(items.clone()),
        _ => None,
    };
    matches!((events(exchange), events(owner)), (Some(seen), Some(own)) if seen == own)
}

fn leak(params: &Params, probe: &Probe, seq: u64, exchange: &Exchange, private: bool) -> Leg {
    let answer = answer_words(exchange);
    let found = hit_words(hits(exchange, params.fixture).filter(|hit| hit.private == private));
    let actual = if private {
        Phrase::new(
            format!("{}, memuat data pribadi pemilik: {}", answer.id, found.id),
            format!("{}, holds private data of the owner: {}", answer.en, found.en),
        )
    } else if found.id.is_empty() {
        Phrase::new(
            format!("{}, sama dengan yang dilihat pemiliknya", answer.id),
            format!("{}, the same as the owner sees", answer.en),
        )
    } else {
        Phrase::new(
            format!("{}, memuat isi yang belum terbit: {}", answer.id, found.id),
            format!("{}, holds text that is not published yet: {}", answer.en, found.en),
        )
    };
    let evidence = std::iter::once(seq).chain(probe.owner).collect();
    Leg::new(&*probe.key, Outcome::Fail, expected(params.published), actual, evidence)
}

fn expected(published: bool) -> Phrase {
    if published {
        phrase!(
            "ditolak (401, 403, 404), atau hanya bagian yang sudah terbit tanpa data pribadi pemilik",
            "refused (401, 403, 404), or only the published part without private data of the owner"
        )
    } else {
        phrase!(
            "ditolak (401, 403, 404) tanpa isi dan tanpa data pribadi pemilik",
            "refused (401, 403, 404) without the text and without private data of the owner"
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, canary, mapped, window};
    use super::*;
    use crate::evidence::record::CanaryHit;
    use crate::verdict::Reason;

    fn text() -> CanaryHit {
        canary(7, "isi", false, "body:/isi")
    }

    fn name() -> CanaryHit {
        canary(7, "pelapor.nama", true, "body:/pelapor/nama")
    }

    fn outcome(published: bool, view: &str, asked: Exchange) -> Outcome {
        let owner = mapped(200, json!({"butir": [{"peristiwa": "dikirim"}]}));
        let params = json!({
            "fixture": 7, "published": published,
            "probes": [{"key": "id@pelapor_b", "view": view, "seqs": [1], "owner": 2}],
        });
        judge(&params, &window([asked, owner])).unwrap().remove(0).outcome
    }

    #[test]
    fn before_publication_only_a_refusal_passes() {
        let table = [
            (answered(403, vec![]), Outcome::Pass),
            (answered(404, vec![]), Outcome::Pass),
            (answered(200, vec![text()]), Outcome::Fail),
            (answered(200, vec![text(), name()]), Outcome::Fail),
            (answered(404, vec![name()]), Outcome::Fail),
            (answered(302, vec![name()]), Outcome::Fail),
            (
                answered(200, vec![]),
                Outcome::Inconclusive(Reason::InsufficientEvidence),
            ),
            (
                answered(302, vec![]),
                Outcome::Inconclusive(Reason::InsufficientEvidence),
            ),
            (
                answered(500, vec![name()]),
                Outcome::Inconclusive(Reason::InsufficientEvidence),
            ),
            (
                answered(429, vec![]),
                Outcome::Inconclusive(Reason::InsufficientEvidence),
            ),
        ];
        for (exchange, expected) in table {
            assert_eq!(outcome(false, "record", exchange.clone()), expected, "{exchange:?}");
        }
    }

    #[test]
    fn after_publication_the_public_view_passes() {
        assert_eq!(outcome(true, "record", answered(200, vec![text()])), Outcome::Pass);
        assert_eq!(outcome(true, "record", answered(404, vec![])), Outcome::Pass);
        assert_eq!(
            outcome(true, "record", answered(200, vec![text(), name()])),
            Outcome::Fail
        );
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(
            outcome(true, "record", answered(200, vec![])),
            open,
            "an error envelope proves nothing"
        );
        assert_eq!(outcome(true, "history", answered(200, vec![])), Outcome::Pass);
    }

    #[test]
    fn the_owners_history_without_canaries_is_told_by_equality() {
        let own = json!({"butir": [{"peristiwa": "dikirim"}]});
        assert_eq!(outcome(false, "history", mapped(200, own)), Outcome::Fail);
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcome(false, "history", mapped(200, json!({"butir": []}))), open);
        assert_eq!(
            outcome(false, "tracking", mapped(200, json!({"status": "menunggu_verifikasi"}))),
            Outcome::Pass
        );
        assert_eq!(outcome(false, "tracking", answered(200, vec![text()])), Outcome::Fail);
    }

    #[test]
    fn canaries_of_other_complaints_do_not_count() {
        let own = canary(8, "pelapor.nama", true, "body:/pelapor/nama");
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcome(false, "record", answered(200, vec![own])), open);
    }
}
