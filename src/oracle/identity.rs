//! PB-30: whoever may not know an anonymous reporter finds no trace of the identity, in any byte of any view.
//! Judged by planted values alone, never through the statement's answer filters.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{CanaryHit, Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, holds, items, public_hits, several, text_of, unseen};
use super::{OracleFault, Window, params};

/// Parameters of `identitas_tersembunyi`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hidden {
    /// The anonymous complaint.
    anonymous: Subject,
    /// Fixture numbers of further anonymous complaints, such as one that came from the hub.
    #[serde(default)]
    further: Vec<u32>,
    /// The account fixes the identity, so that its other complaints bear the same one openly.
    #[serde(default)]
    shared: bool,
    views: Vec<View>,
    searches: Vec<Search>,
    deliveries: Vec<Delivery>,
    /// What the statement does not bind or claim.
    left_out: Vec<LeftOut>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    /// Its name in the scenario.
    label: String,
    fixture: u32,
    id: String,
    /// The planted text of its title.
    marker: String,
}

/// What one actor saw by one operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct View {
    /// `list@publik`.
    key: String,
    seqs: Vec<u64>,
    /// Of a walk: whether it came to the list's end. Other views are whole by themselves.
    complete: bool,
}

/// What one actor's search for one planted value of the identity gave.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    /// `search/pelapor.nama@publik`.
    key: String,
    /// Which value was asked for.
    field: String,
    seqs: Vec<u64>,
    /// The same search for a word that stands nowhere: what it finds, the search does not filter.
    control: Vec<u64>,
}

/// Requests that reached us.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delivery {
    /// `hub.update`.
    key: String,
    seqs: Vec<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    key: String,
    claim: String,
}

/// No planted value of the anonymous reporter's identity stands anywhere. One leg a view, search and delivery.
pub(super) fn hidden(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let hidden: Hidden = params("identitas_tersembunyi", value)?;
    let mut legs = Vec::new();
    for view in &hidden.views {
        legs.push(view_leg(&hidden, view, window)?);
    }
    for search in &hidden.searches {
        legs.push(search_leg(&hidden, search, window)?);
    }
    for delivery in &hidden.deliveries {
        legs.push(delivery_leg(&hidden, delivery, window)?);
    }
    legs.extend(hidden.left_out.iter().map(|left_out| {
        let claim = &left_out.claim;
        let actual = phrase!("tidak dinyatakan: {claim}", "not declared: {claim}");
        Leg::new(
            &left_out.key,
            Outcome::NotApplicable(claim.clone()),
            nowhere(&hidden),
            actual,
            Vec::new(),
        )
    }));
    Ok(legs)
}

fn nowhere(hidden: &Hidden) -> Phrase {
    let label = &hidden.anonymous.label;
    phrase!(
        "tidak satu bita pun memuat nama, surel, telepon, alamat, atau NIK pelapor {label}",
        "not one byte holds name, e-mail, telephone, address or NIK of the reporter of {label}"
    )
}

fn view_leg(hidden: &Hidden, view: &View, window: &Window) -> Result<Leg, OracleFault> {
    let mut leaks = Vec::new();
    let (mut open, mut seen) = (None, view.complete);
    for seq in &view.seqs {
        let exchange = window.exchange(*seq)?;
        leaks.extend(
            exchange
                .facts
                .canaries
                .iter()
                .filter(|hit| hidden.is_leak(exchange, hit))
                .map(|hit| (*seq, hit)),
        );
        open = open.or_else(|| unanswered(exchange).map(|reason| (reason, answered(exchange))));
        seen |= hidden.anonymous.is_in(exchange);
    }
    let count = view.seqs.len();
    let (outcome, actual) = match (leaks.is_empty(), open) {
        (false, _) => (Outcome::Fail, places(leaks.iter().map(|(_, hit)| *hit))),
        (true, Some((reason, how))) => {
            let (id, en) = (&how.id, &how.en);
            (
                Outcome::Inconclusive(reason),
                phrase!("tampilan tidak terbuka: {id}", "the view did not open: {en}"),
            )
        }
        (true, None) if count == 0 || !seen => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!(
                "penelusuran berhenti pada batasnya sesudah {count} halaman",
                "the walk stopped at its limit after {count} pages"
            ),
        ),
        (true, None) => (
            Outcome::Pass,
            phrase!(
                "{count} jawaban, tidak satu pun memuatnya",
                "{count} answers, none holds it"
            ),
        ),
    };
    let evidence = if leaks.is_empty() {
        view.seqs.iter().copied().take(20).collect()
    } else {
        distinct(leaks.iter().map(|(seq, _)| *seq))
    };
    Ok(Leg::new(&view.key, outcome, nowhere(hidden), actual, evidence))
}

fn search_leg(hidden: &Hidden, search: &Search, window: &Window) -> Result<Leg, OracleFault> {
    let label = &hidden.anonymous.label;
    let expected = phrase!(
        "pencarian menurut identitas pelapor {label} tidak menemukan {label}",
        "a search by the identity of the reporter of {label} does not find {label}"
    );
    let (mut found, mut leaks, mut open) = (false, Vec::new(), None);
    for seq in &search.seqs {
        let exchange = window.exchange(*seq)?;
        found |= hidden.anonymous.is_in(exchange);
        // What was asked for may be echoed; another value of the identity may not.
        let told = |hit: &&CanaryHit| hit.field != search.field && hidden.is_leak(exchange, hit);
        leaks.extend(exchange.facts.canaries.iter().filter(told));
        open = open.or_else(|| unanswered(exchange).map(|reason| (reason, answered(exchange))));
    }
    let unfiltered = search
        .control
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let unfiltered = unfiltered.iter().any(|exchange| hidden.anonymous.is_in(exchange));
    let (outcome, actual) = match (found, open) {
        _ if !leaks.is_empty() => (Outcome::Fail, places(leaks.into_iter())),
        (true, _) if unfiltered => (
            Outcome::Inconclusive(Reason::PreconditionUnmet),
            phrase!(
                "pencarian kata yang tidak ada pun menemukan {label}: pencarian ini tidak menyaring",
                "even a search for a word that stands nowhere finds {label}: this search does not filter"
            ),
        ),
        (true, _) => (
            Outcome::Fail,
            phrase!("pencarian itu menemukan {label}", "the search finds {label}"),
        ),
        (false, Some((reason, how))) => {
            let (id, en) = (&how.id, &how.en);
            (
                Outcome::Inconclusive(reason),
                phrase!("pencarian tidak terjawab: {id}", "the search was not answered: {en}"),
            )
        }
        (false, None) if search.seqs.is_empty() => (
            Outcome::Inconclusive(Reason::InsufficientEvidence),
            phrase!("tidak dicari", "not searched"),
        ),
        (false, None) => (Outcome::Pass, phrase!("tidak menemukannya", "it does not find it")),
    };
    let evidence = search.seqs.iter().chain(&search.control).copied().collect();
    Ok(Leg::new(&search.key, outcome, expected, actual, evidence))
}

fn delivery_leg(hidden: &Hidden, delivery: &Delivery, window: &Window) -> Result<Leg, OracleFault> {
    let mut leaks = Vec::new();
    for seq in &delivery.seqs {
        let inbound = window.inbound(*seq)?;
        leaks.extend(
            inbound
                .facts
                .canaries
                .iter()
                .filter(|hit| hidden.is_secret(hit))
                .map(|hit| (*seq, hit)),
        );
    }
    let count = delivery.seqs.len();
    let (outcome, actual, evidence) = if !leaks.is_empty() {
        let actual = places(leaks.iter().map(|(_, hit)| *hit));
        (Outcome::Fail, actual, distinct(leaks.iter().map(|(seq, _)| *seq)))
    } else if count == 0 {
        let actual = phrase!("tidak ada kiriman yang tiba", "no delivery arrived");
        (Outcome::Inconclusive(Reason::CallbackNotReceived), actual, Vec::new())
    } else {
        let actual = phrase!(
            "{count} kiriman, tidak satu pun memuatnya",
            "{count} deliveries, none holds it"
        );
        (Outcome::Pass, actual, delivery.seqs.clone())
    };
    Ok(Leg::new(&delivery.key, outcome, nowhere(hidden), actual, evidence))
}

impl Hidden {
    /// A planted value of the identity that is to stay hidden; a file's own bytes are none. Where the account fixes
    /// the identity, every complaint of the account plants the same values.
    fn is_secret(&self, hit: &CanaryHit) -> bool {
        let identity = hit.private && hit.field.starts_with("pelapor.");
        identity && (self.shared || self.is_anonymous(hit.fixture))
    }

    fn is_anonymous(&self, fixture: u32) -> bool {
        fixture == self.anonymous.fixture || self.further.contains(&fixture)
    }

    /// Such a value in an answer. Where it is shared, only what stands in the anonymous complaint's own view or
    /// entry tells of it.
    fn is_leak(&self, exchange: &Exchange, hit: &CanaryHit) -> bool {
        let answers = hit.place.starts_with("body") || hit.place.starts_with("header:");
        self.is_secret(hit) && answers && (!self.shared || self.is_own(exchange, hit))
    }

    fn is_own(&self, exchange: &Exchange, hit: &CanaryHit) -> bool {
        if let Some(object) = &exchange.object {
            return *object == self.anonymous.label;
        }
        let Some(entry) = entry_of(&hit.place) else {
            return false;
        };
        public_hits(exchange).any(|public| self.is_anonymous(public.fixture) && entry_of(&public.place) == Some(entry))
    }
}

impl Subject {
    /// Whether an answer tells of the complaint: its planted text, or an entry with its id.
    fn is_in(&self, exchange: &Exchange) -> bool {
        let known = |item: &Value| text_of(item, "id").is_some_and(|id| id == self.id) || holds(item, &self.marker);
        public_hits(exchange).any(|hit| hit.fixture == self.fixture) || items(exchange).iter().any(known)
    }
}

/// The list entry in which a JSON place lies: the pointer up to its first index.
fn entry_of(place: &str) -> Option<&str> {
    let pointer = place.strip_prefix("body:")?;
    let mut end = 0;
    for part in pointer.split('/').skip(1) {
        end += part.len() + 1;
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            return pointer.get(..end);
        }
    }
    None
}

/// Bytes are judged, so that an answer filter that failed does not matter.
fn unanswered(exchange: &Exchange) -> Option<Reason> {
    if exchange.reading == Reading::Accepted {
        None
    } else {
        unseen(exchange)
    }
}

fn places<'a>(leaks: impl Iterator<Item = &'a CanaryHit>) -> Phrase {
    let words: BTreeSet<String> = leaks
        .map(|hit| format!("{} ({}, {})", hit.field, hit.place, hit.encoding))
        .collect();
    let words = several(&words.into_iter().collect::<Vec<_>>());
    let (id, en) = (&words.id, &words.en);
    phrase!("memuat {id}", "it holds {en}")
}

fn distinct(seqs: impl Iterator<Item = u64>) -> Vec<u64> {
    seqs.collect::<BTreeSet<_>>().into_iter().take(20).collect()
}

/// Parameters of `tampak`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    actor: String,
    complaints: Vec<Subject>,
    /// Everything that the actor saw.
    seqs: Vec<u64>,
}

/// A complaint appears in at least one view of an actor: the views do show something.
pub(super) fn shown(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let shown: Shown = params("tampak", value)?;
    let exchanges = shown
        .seqs
        .iter()
        .map(|seq| Ok((*seq, window.exchange(*seq)?)))
        .collect::<Result<Vec<_>, OracleFault>>()?;
    let count = exchanges.len();
    Ok(shown
        .complaints
        .iter()
        .map(|complaint| {
            let label = &complaint.label;
            let found: Vec<_> = exchanges
                .iter()
                .filter(|(_, exchange)| complaint.is_in(exchange))
                .map(|(seq, _)| *seq)
                .collect();
            let expected = phrase!(
                "{label} tampak pada salah satu tampilan",
                "{label} appears in one of the views"
            );
            let in_views = found.len();
            let actual = phrase!(
                "tampak pada {in_views} dari {count} jawaban",
                "it appears in {in_views} of {count} answers"
            );
            let evidence = if found.is_empty() { &shown.seqs } else { &found };
            let evidence = evidence.iter().copied().take(20).collect();
            Leg::judged(
                format!("tampak/{label}@{}", shown.actor),
                !found.is_empty(),
                expected,
                actual,
                evidence,
            )
        })
        .collect())
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tables of samples read better with values")]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::{BrokenKind, Record};
    use crate::oracle::samples::{Sample, exchange, hit, inbound};

    fn view(op: Op, butir: Value) -> Sample {
        exchange(1, op, Actor::Publik, json!({"butir": butir}))
    }

    fn judge(change: &Value, records: impl IntoIterator<Item = Arc<Record>>) -> Vec<Outcome> {
        let mut value = json!({
            "anonymous": {"label": "P1", "fixture": 1, "id": "a", "marker": "n001k"},
            "views": [], "searches": [], "deliveries": [], "left_out": [],
        });
        for (key, part) in change.as_object().unwrap() {
            value[key] = part.clone();
        }
        let window = Window::new(records);
        hidden(&value, &window)
            .unwrap()
            .into_iter()
            .map(|leg| leg.outcome)
            .collect()
    }

    fn seen(sample: Sample, complete: bool) -> Outcome {
        let change = json!({"views": [{"key": "list@publik", "seqs": [1], "complete": complete}]});
        judge(&change, [sample.record()]).remove(0)
    }

    #[test]
    fn one_planted_value_in_any_byte_is_a_leak() {
        let open = |reason| Outcome::Inconclusive(reason);
        let list = || view(Op::List, json!([{"id": "a", "judul": "n001k"}]));
        let table = [
            (list(), true, Outcome::Pass),
            (list().hit(1, "judul", false, "body:/data/0/judul"), true, Outcome::Pass),
            (
                list().hit(2, "pelapor.nama", true, "body:/data/1/nama"),
                true,
                Outcome::Pass,
            ),
            (
                list().hit(1, "pelapor.nama", true, "body:/data/0/nama"),
                true,
                Outcome::Fail,
            ),
            (
                list().hit(1, "pelapor.nik", true, "header:content-disposition"),
                true,
                Outcome::Fail,
            ),
            (
                list()
                    .answered(403, Reading::Refused)
                    .hit(1, "pelapor.nama", true, "body@9"),
                true,
                Outcome::Fail,
            ),
            (list().answered(404, Reading::NotFound), true, Outcome::Pass),
            (list().unmapped(), true, Outcome::Pass),
            (list(), false, Outcome::Pass),
            (view(Op::List, json!([])), false, open(Reason::InsufficientEvidence)),
            (
                list().answered(500, Reading::Fault),
                true,
                open(Reason::InsufficientEvidence),
            ),
            (list().broken(BrokenKind::Timeout), true, open(Reason::Timeout)),
        ];
        for (row, (sample, complete, expected)) in table.into_iter().enumerate() {
            assert_eq!(seen(sample, complete), expected, "row {row}");
        }
    }

    #[test]
    fn what_an_account_fixes_may_stand_in_other_entries() {
        let list = |entry: u32| {
            view(Op::List, json!([]))
                .hit(1, "judul", false, "body:/data/0/judul")
                .hit(2, "judul", false, "body:/data/1/judul")
                .hit(1, "pelapor.nama", true, &format!("body:/data/{entry}/pelapor/nama"))
        };
        let shared = |sample: Sample| {
            let views = json!([{"key": "k", "seqs": [1], "complete": true}]);
            judge(&json!({"shared": true, "views": views}), [sample.record()]).remove(0)
        };
        assert_eq!(shared(list(0)), Outcome::Fail);
        assert_eq!(shared(list(1)), Outcome::Pass);
        assert_eq!(shared(list(2)), Outcome::Pass, "an entry of neither");
        let twin =
            exchange(1, Op::Read, Actor::Publik, json!({}))
                .about("P2")
                .hit(1, "pelapor.nama", true, "body:/nama");
        assert_eq!(shared(twin), Outcome::Pass);
    }

    fn searched(answer: Sample, control: Value) -> Outcome {
        let searches =
            json!([{"key": "search/pelapor.nama@publik", "field": "pelapor.nama", "seqs": [1], "control": [2]}]);
        let control = exchange(2, Op::Search, Actor::Publik, json!({"butir": control}));
        judge(&json!({"searches": searches}), [answer.record(), control.record()]).remove(0)
    }

    #[test]
    fn a_search_by_identity_finds_nothing_and_may_echo_the_question() {
        let none = || view(Op::Search, json!([]));
        let finds = || view(Op::Search, json!([{"id": "a"}]));
        assert_eq!(searched(none(), json!([])), Outcome::Pass);
        assert_eq!(
            searched(none().hit(1, "pelapor.nama", true, "body:/q"), json!([])),
            Outcome::Pass
        );
        assert_eq!(
            searched(none().hit(1, "pelapor.nik", true, "body:/x"), json!([])),
            Outcome::Fail
        );
        assert_eq!(searched(finds(), json!([])), Outcome::Fail);
        assert_eq!(
            searched(finds(), json!([{"id": "a"}])),
            Outcome::Inconclusive(Reason::PreconditionUnmet)
        );
        let open = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(searched(none().answered(502, Reading::Fault), json!([])), open);
    }

    #[test]
    fn deliveries_must_arrive_and_hold_nothing() {
        let delivered = |seqs: Value, records: Vec<Arc<Record>>| {
            judge(
                &json!({"deliveries": [{"key": "hub.update", "seqs": seqs}], "further": [9]}),
                records,
            )
            .remove(0)
        };
        assert_eq!(
            delivered(json!([]), vec![]),
            Outcome::Inconclusive(Reason::CallbackNotReceived)
        );
        assert_eq!(delivered(json!([3]), vec![inbound(3, vec![])]), Outcome::Pass);
        let leak = |fixture| {
            vec![inbound(
                3,
                vec![hit(fixture, "pelapor.nama", true, "body:/pelapor/nama")],
            )]
        };
        assert_eq!(delivered(json!([3]), leak(1)), Outcome::Fail);
        assert_eq!(delivered(json!([3]), leak(9)), Outcome::Fail);
        assert_eq!(delivered(json!([3]), leak(2)), Outcome::Pass);
    }

    #[test]
    fn what_is_not_bound_is_left_out_and_never_passes() {
        let legs = judge(
            &json!({"left_out": [{"key": "list@pengawas", "claim": "pengawas"}]}),
            [],
        );
        assert_eq!(legs, [Outcome::NotApplicable("pengawas".to_owned())]);
    }

    #[test]
    fn the_twin_must_appear_somewhere() {
        let value = json!({"actor": "publik", "complaints": [{"label": "P2", "fixture": 2, "id": "b", "marker": "n002k"}], "seqs": [1]});
        let judge = |sample: Sample| shown(&value, &Window::new([sample.record()])).unwrap().remove(0);
        assert_eq!(judge(view(Op::List, json!([{"id": "b"}]))).outcome, Outcome::Pass);
        let leg = judge(view(Op::List, json!([{"id": "a"}])));
        assert_eq!((leg.key.as_str(), leg.outcome), ("tampak/P2@publik", Outcome::Fail));
    }
}
