//! DT-28: bad data is refused with a code that blames the sender, names the member, and leaves nothing behind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Op, Phrase, vocabulary};
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::sight::{answered, holds, items, public_hits, several, unseen};
use super::{OracleFault, Window, params};

vocabulary! {
    /// Kinds of fault.
    Class {
        Hilang = "hilang", "isian wajib tidak ada", "a mandatory member is missing";
        Null = "null", "isian wajib bernilai null", "a mandatory member is null";
        Kosong = "kosong", "isian wajib kosong", "a mandatory member is empty";
        Spasi = "spasi", "isian wajib berisi spasi saja", "a mandatory member holds blanks only";
        Jenis = "jenis", "jenis nilai yang lain", "a value of another type";
        Bentuk = "bentuk", "bentuk yang salah", "a wrong form";
        Badan = "badan", "badan yang rusak", "a broken body";
    }
}

/// Parameters of the three oracles.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The operations, in their order.
    pub(crate) operations: Vec<Operation>,
    /// The cases that were meant to be sent.
    pub(crate) cases: Vec<Case>,
    /// Lists and reads that would show what was stored.
    pub(crate) looks: Vec<u64>,
}

/// An operation with its controls.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) op: Op,
    /// Why it is left out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) left_out: Option<String>,
    /// Why it could not be made ready.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) unmet: Option<Phrase>,
    /// The same operation with good data, before and after the cases.
    pub(crate) controls: Vec<u64>,
    /// Reads of its complaint before and after the cases; none for an operation that makes one.
    pub(crate) reads: Vec<u64>,
    /// Whether the last look came after its last case.
    pub(crate) looked: bool,
}

/// One case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) op: Op,
    pub(crate) class: Class,
    /// The canonical member; empty for a fault of the whole body.
    pub(crate) field: String,
    /// Its exchange; none where the fault does not reach the application, or the series was stopped.
    pub(crate) seq: Option<u64>,
    /// Whether the binding can carry the fault.
    pub(crate) reaches: bool,
    /// The names by which the refusal may call the member.
    pub(crate) names: Vec<String>,
    /// Whether the refusal must name it.
    pub(crate) must_name: bool,
    /// Whether the application may do without it.
    pub(crate) optional: bool,
    pub(crate) marker: String,
    pub(crate) fixture: u32,
}

impl Case {
    fn label(&self) -> String {
        if self.field.is_empty() {
            self.class.id().to_owned()
        } else {
            format!("{} {}", self.field, self.class.id())
        }
    }

    /// Accepted lawfully: a wrong optional member that was ignored, and the answer says so.
    fn ignored(&self, answer: &Exchange) -> bool {
        self.optional
            && self.class == Class::Bentuk
            && answer.reading == Reading::Accepted
            && tells(answer, &self.names)
    }
}

/// The key of a class's leg.
pub(crate) fn class_key(op: Op, class: Class) -> String {
    format!("{op}/{}", class.id())
}

/// The key of an operation's leg on what it stored.
pub(crate) fn stored_key(op: Op) -> String {
    format!("{op}/tidak tersimpan")
}

/// The key of the leg on names.
pub(crate) const NAMES: &str = "nama isian";

/// The classes of an operation that have cases, in their order.
pub(crate) fn classes(cases: &[Case], op: Op) -> Vec<Class> {
    let has = |class: &&Class| cases.iter().any(|case| case.op == op && case.class == **class);
    Class::ALL.iter().filter(has).copied().collect()
}

/// Every case is refused with 4xx. One leg for each operation and class.
pub(super) fn refused(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params("negatif_ditolak", value)?;
    let mut legs = Vec::new();
    for operation in &params.operations {
        let expected = phrase!(
            "penolakan dengan kode 4xx, tanpa galat server",
            "a refusal with a code 4xx, and no server fault"
        );
        let open = operation.open(window)?;
        if classes(&params.cases, operation.op).is_empty() {
            let (outcome, actual) = open.clone().unwrap_or_else(|| {
                let actual = phrase!("tidak ada yang dikirim", "nothing was sent");
                (Outcome::Inconclusive(Reason::InsufficientEvidence), actual)
            });
            legs.push(Leg::new(
                whole_key(operation.op),
                outcome,
                expected.clone(),
                actual,
                Vec::new(),
            ));
        }
        for class in classes(&params.cases, operation.op) {
            let cases = params
                .cases
                .iter()
                .filter(|case| case.op == operation.op && case.class == class);
            let (outcome, actual, evidence) = class_outcome(&cases.collect::<Vec<_>>(), open.as_ref(), window)?;
            legs.push(Leg::new(
                class_key(operation.op, class),
                outcome,
                expected.clone(),
                actual,
                evidence,
            ));
        }
    }
    Ok(legs)
}

/// The leg of an operation that has no cases at all.
pub(crate) fn whole_key(op: Op) -> String {
    format!("{op}/ditolak")
}

type Seen = (Outcome, Phrase);

impl Operation {
    /// Why nothing can be concluded from its refusals: left out, not ready, or good data are refused, too.
    fn open(&self, window: &Window) -> Result<Option<Seen>, OracleFault> {
        if let Some(claim) = &self.left_out {
            let actual = phrase!("tidak terikat: {claim}", "not bound: {claim}");
            return Ok(Some((Outcome::NotApplicable(claim.clone()), actual)));
        }
        if let Some(unmet) = &self.unmet {
            return Ok(Some((Outcome::Inconclusive(Reason::PreconditionUnmet), unmet.clone())));
        }
        for seq in &self.controls {
            let control = window.exchange(*seq)?;
            if control.reading != Reading::Accepted {
                let (id, en) = (answered(control).id, answered(control).en);
                let actual = phrase!("masukan yang baik pun: {id}", "good data, too: {en}");
                let reason = unseen(control).unwrap_or(Reason::PreconditionUnmet);
                return Ok(Some((Outcome::Inconclusive(reason), actual)));
            }
        }
        Ok(None)
    }
}

fn class_outcome(
    cases: &[&Case],
    open: Option<&Seen>,
    window: &Window,
) -> Result<(Outcome, Phrase, Vec<u64>), OracleFault> {
    let (mut wrong, mut evidence, mut void) = (Vec::new(), Vec::new(), None);
    let (mut refused, mut unsent) = (0, 0);
    for case in cases {
        let Some(seq) = case.seq else {
            unsent += usize::from(case.reaches);
            continue;
        };
        let answer = window.exchange(seq)?;
        match judge(case, answer) {
            Answer::Refused => refused += 1,
            Answer::Wrong => {
                wrong.push(format!("{}: {}", case.label(), answered(answer).id));
                evidence.push(seq);
            }
            Answer::Void(reason) => void = Some((reason, answered(answer))),
        }
    }
    if !wrong.is_empty() {
        let (count, all, named) = (wrong.len(), cases.len(), several(&wrong));
        let (id, en) = (&named.id, &named.en);
        let actual = phrase!(
            "{count} dari {all} tidak ditolak dengan 4xx: {id}",
            "{count} of {all} not refused with 4xx: {en}"
        );
        return Ok((Outcome::Fail, actual, evidence));
    }
    evidence.extend(cases.iter().filter_map(|case| case.seq).take(20));
    if let Some((outcome, actual)) = open {
        return Ok((outcome.clone(), actual.clone(), evidence));
    }
    if let Some((reason, actual)) = void {
        return Ok((Outcome::Inconclusive(reason), actual, evidence));
    }
    if unsent > 0 {
        let actual = phrase!(
            "{unsent} tidak dikirim: pengujian dihentikan",
            "{unsent} not sent: the series was stopped"
        );
        return Ok((Outcome::Inconclusive(Reason::InsufficientEvidence), actual, evidence));
    }
    if refused == 0 {
        let actual = phrase!(
            "ikatan tidak dapat membawa kesalahan ini",
            "the binding cannot carry this fault"
        );
        return Ok((Outcome::NotApplicable("ikatan.operasi".to_owned()), actual, evidence));
    }
    Ok((
        Outcome::Pass,
        phrase!("{refused} kiriman, semuanya ditolak", "{refused} requests, all refused"),
        evidence,
    ))
}

enum Answer {
    Refused,
    Wrong,
    Void(Reason),
}

/// What an answer to bad data is. A limiter that stays although it was waited for leaves it open.
fn judge(case: &Case, answer: &Exchange) -> Answer {
    match (answer.reading, answer.status()) {
        (Reading::Throttled, _) => Answer::Void(Reason::Unstable),
        (_, Some(401)) => Answer::Void(Reason::AuthUnavailable),
        (_, Some(400..=499)) if answer.reading != Reading::Accepted => Answer::Refused,
        (_, Some(500..=599)) => Answer::Wrong,
        (Reading::Accepted, _) if case.ignored(answer) => Answer::Refused,
        (Reading::Accepted, _) | (_, Some(200..=299)) => Answer::Wrong,
        _ => Answer::Void(unseen(answer).unwrap_or(Reason::InsufficientEvidence)),
    }
}

/// No marker of a case is stored, and no message, disposition or move was added. One leg for each operation.
pub(super) fn not_stored(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params("negatif_tidak_tersimpan", value)?;
    let looks = params
        .looks
        .iter()
        .map(|seq| Ok((*seq, window.exchange(*seq)?)))
        .collect::<Result<Vec<_>, OracleFault>>()?;
    let mut legs = Vec::new();
    for operation in &params.operations {
        let (outcome, actual, evidence) = stored(operation, &params.cases, &looks, window)?;
        let expected = phrase!(
            "tidak satu pun kiriman yang salah tersimpan",
            "nothing of the bad requests is stored"
        );
        legs.push(Leg::new(stored_key(operation.op), outcome, expected, actual, evidence));
    }
    Ok(legs)
}

fn stored(
    operation: &Operation,
    cases: &[Case],
    looks: &[(u64, &Exchange)],
    window: &Window,
) -> Result<(Outcome, Phrase, Vec<u64>), OracleFault> {
    let (found, mut evidence) = markers(operation, cases, looks, window)?;
    let reads = operation
        .reads
        .iter()
        .map(|seq| window.exchange(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let grown = match reads.as_slice() {
        [before, after] if unseen(before).is_none() && unseen(after).is_none() => size(before) != size(after),
        _ => false,
    };
    evidence.extend(operation.reads.iter().copied().chain(looks.last().map(|(seq, _)| *seq)));
    if !found.is_empty() || grown {
        let (count, named) = (found.len(), several(&found));
        let (id, en) = (&named.id, &named.en);
        let actual = phrase!(
            "penanda ditemukan: {count} ({id}); isi pengaduannya berubah: {grown}",
            "markers found: {count} ({en}); the complaint's content changed: {grown}"
        );
        return Ok((Outcome::Fail, actual, evidence));
    }
    if let Some((outcome, actual)) = operation.open(window)? {
        return Ok((outcome, actual, evidence));
    }
    let sent = cases
        .iter()
        .filter(|case| case.op == operation.op && case.seq.is_some())
        .count();
    let blind = reads
        .iter()
        .chain(looks.iter().map(|(_, look)| look))
        .find_map(|look| unseen(look));
    if sent == 0 || !operation.looked || looks.is_empty() || blind.is_some() {
        let reason = blind.unwrap_or(Reason::InsufficientEvidence);
        let actual = phrase!(
            "{sent} kiriman; tidak dapat dilihat apa yang tersimpan",
            "{sent} requests; what was stored cannot be seen"
        );
        return Ok((Outcome::Inconclusive(reason), actual, evidence));
    }
    Ok((
        Outcome::Pass,
        phrase!(
            "{sent} kiriman, tidak ada yang tersimpan",
            "{sent} requests, nothing stored"
        ),
        evidence,
    ))
}

/// The cases of an operation whose marker a look shows, and those looks.
fn markers(
    operation: &Operation,
    cases: &[Case],
    looks: &[(u64, &Exchange)],
    window: &Window,
) -> Result<(Vec<String>, Vec<u64>), OracleFault> {
    let (mut found, mut evidence) = (Vec::new(), Vec::new());
    for case in cases.iter().filter(|case| case.op == operation.op) {
        let Some(seq) = case.seq else { continue };
        if case.ignored(window.exchange(seq)?) {
            continue;
        }
        if let Some((look, _)) = looks.iter().find(|(_, look)| shows(look, case)) {
            found.push(case.label());
            evidence.push(*look);
        }
    }
    Ok((found, evidence))
}

fn shows(look: &Exchange, case: &Case) -> bool {
    public_hits(look).any(|hit| hit.fixture == case.fixture)
        || holds(&look.mapped, &case.marker)
        || items(look).iter().any(|item| holds(item, &case.marker))
}

/// How much a complaint holds: messages, dispositions, and where it stands.
fn size(read: &Exchange) -> (Vec<usize>, Option<String>) {
    let count = |name: &str| read.mapped.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    let counts = ["tindak_lanjut", "tanggapan", "disposisi", "catatan"]
        .map(count)
        .to_vec();
    (counts, super::sight::text_of(&read.mapped, "status"))
}

/// Refusals of a member name it, in at least 95 of 100 cases.
pub(super) fn named(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params("negatif_dinamai", value)?;
    let mut nameless: BTreeMap<String, u64> = BTreeMap::new();
    let (mut all, mut without) = (0_usize, 0_usize);
    for case in params.cases.iter().filter(|case| case.must_name) {
        let Some(seq) = case.seq else { continue };
        let answer = window.exchange(seq)?;
        if !matches!(answer.status(), Some(400..=499)) || !matches!(judge(case, answer), Answer::Refused) {
            continue;
        }
        all += 1;
        if !case
            .names
            .iter()
            .any(|name| body(answer).is_some_and(|text| has_word(text, name)))
        {
            without += 1;
            nameless.insert(format!("{} {}", case.op, case.label()), seq);
        }
    }
    let expected = phrase!(
        "sekurang-kurangnya 95 % penolakan menyebut isian yang salah",
        "at least 95 % of the refusals name the member at fault"
    );
    let keys: Vec<String> = nameless.keys().cloned().collect();
    let few = several(&keys);
    let (id, en) = (&few.id, &few.en);
    let (outcome, actual) = if all == 0 {
        let actual = phrase!(
            "tidak ada penolakan isian untuk dinilai",
            "there is no refusal of a member to judge"
        );
        (Outcome::Inconclusive(Reason::InsufficientEvidence), actual)
    } else {
        let held = without * 100 <= all * 5;
        let actual = phrase!(
            "{without} dari {all} tanpa nama isian ({id})",
            "{without} of {all} name no member ({en})"
        );
        (if held { Outcome::Pass } else { Outcome::Fail }, actual)
    };
    let evidence = nameless.into_values().take(20).collect();
    Ok(vec![Leg::new(NAMES, outcome, expected, actual, evidence)])
}

fn body(answer: &Exchange) -> Option<&str> {
    answer.response().and_then(|response| response.body.text.as_deref())
}

/// Whether an accepted answer tells of a member: a text in it names it. A member's own name beside its value does not.
fn tells(answer: &Exchange, names: &[String]) -> bool {
    fn in_texts(value: &Value, names: &[String]) -> bool {
        match value {
            Value::String(text) => names.iter().any(|name| has_word(text, name)),
            Value::Array(items) => items.iter().any(|item| in_texts(item, names)),
            Value::Object(members) => members.values().any(|member| in_texts(member, names)),
            _ => false,
        }
    }
    let Some(text) = body(answer) else { return false };
    match serde_json::from_str::<Value>(text) {
        Ok(value) => in_texts(&value, names),
        Err(_) => names.iter().any(|name| has_word(text, name)),
    }
}

/// Whether a name stands in a text as a word of its own, in whatever letter case.
fn has_word(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let inner = |character: char| character.is_alphanumeric() || character == '_';
    !name.is_empty()
        && text.match_indices(&name).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(inner) && !after.is_some_and(inner)
        })
}

#[cfg(test)]
mod tests;
