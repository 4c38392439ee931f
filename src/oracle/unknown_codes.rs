//! DT-03: code values that nobody knows are refused with 4xx, and neither stored nor quietly replaced.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Phrase;
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::effect::{Pair, shows_any};
use super::honesty::{Unmet, substance};
use super::sight::{answered, holds, items, short, text_of, unseen};
use super::{OracleFault, Window, params};

/// Oracle: they are refused with 4xx.
pub const REFUSED: &str = "kode_ditolak";
/// Oracle: they are not stored.
pub const NOT_STORED: &str = "kode_tidak_tersimpan";

/// Parameters of both.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// One leg each.
    pub cases: Vec<Case>,
}

/// One unknown value that was sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Key of its leg, `submit/klasifikasi=99`.
    pub key: String,
    /// The canonical member.
    pub field: String,
    /// What was sent in it.
    pub sent: String,
    /// What else than a refusal is lawful.
    pub lawful: Lawful,
    /// The request; none where it was not sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub probe: Option<u64>,
    /// The same operation with a known value, before or after.
    pub controls: Vec<u64>,
    /// Reads of the complaint that the operation is about, before and after; none where it makes one.
    pub reads: Vec<Pair>,
    /// The read of what was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shown: Option<u64>,
    /// Pages of the list, walked after the last request.
    pub looks: Vec<u64>,
    /// Whether the walk would have shown what was stored: it came to its end, and showed the control.
    pub looked: bool,
    /// Fixture number of its planted texts.
    pub fixture: u32,
    /// Its marker.
    pub marker: String,
    /// Why it does not apply: what the statement does not bind or claim.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_out: Option<String>,
    /// Why it could not be sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unmet: Option<Unmet>,
}

/// What else than a refusal is lawful.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lawful {
    /// Nothing.
    #[default]
    Nothing,
    /// The server sets the member itself and does not listen to the client.
    SetByServer,
    /// The member stays without a value until somebody verifies.
    LeftOpen,
}

/// Codes of `kanal` (model.md, *Record*).
const CHANNELS: &[&str] = &["web", "aplikasi", "sms", "surat", "tatap_muka", "hub", "lainnya"];

type Seen = (Outcome, Phrase);

/// `kode_ditolak`: every unknown value is refused with 4xx.
pub(super) fn refused(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let expected = phrase!("penolakan dengan kode 4xx", "a refusal with a code 4xx");
    legs(REFUSED, value, window, &expected, refusal)
}

/// `kode_tidak_tersimpan`: no unknown value is stored, as sent or replaced.
pub(super) fn not_stored(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let expected = phrase!(
        "tidak tersimpan, baik seperti yang dikirim maupun diganti",
        "not stored, neither as sent nor replaced"
    );
    legs(NOT_STORED, value, window, &expected, stored)
}

fn legs(
    name: &'static str,
    value: &Value,
    window: &Window,
    expected: &Phrase,
    judge: fn(&Case, &Exchange, &Window) -> Result<Seen, OracleFault>,
) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = params(name, value)?;
    let mut legs = Vec::new();
    for case in &params.cases {
        let (outcome, actual) = match (&case.left_out, &case.unmet, case.probe) {
            (Some(claim), ..) => {
                let actual = phrase!("tidak dikirim: {claim}", "not sent: {claim}");
                (Outcome::NotApplicable(claim.clone()), actual)
            }
            (_, Some(unmet), _) => (Outcome::Inconclusive(unmet.reason), unmet.text.clone()),
            (.., None) => (
                Outcome::Inconclusive(Reason::InsufficientEvidence),
                phrase!("tidak dikirim", "not sent"),
            ),
            (.., Some(seq)) => judge(case, window.exchange(seq)?, window)?,
        };
        let reads = case.reads.iter().flat_map(|pair| [pair.before, pair.after]);
        let evidence = case
            .probe
            .into_iter()
            .chain(case.shown)
            .chain(reads)
            .chain(case.looks.iter().copied().take(20))
            .collect();
        let key = format!("{}/{name}", case.key);
        legs.push(Leg::new(key, outcome, expected.clone(), actual, evidence));
    }
    Ok(legs)
}

/// The key of a case's leg under an oracle.
pub fn leg_key(case: &Case, oracle: &str) -> String {
    format!("{}/{oracle}", case.key)
}

fn refusal(case: &Case, probe: &Exchange, window: &Window) -> Result<Seen, OracleFault> {
    let how = answered(probe);
    match (probe.reading, probe.status()) {
        (Reading::Accepted, _) => match kept(case, window)? {
            Kept::Lawful(what) => Ok((Outcome::Pass, what)),
            Kept::Hidden(reason, what) if case.lawful != Lawful::Nothing => Ok((Outcome::Inconclusive(reason), what)),
            Kept::Stored(what) => Ok((Outcome::Fail, what)),
            Kept::Hidden(..) => Ok((Outcome::Fail, how)),
        },
        (Reading::Fault, _) | (_, Some(200..=299 | 500..=599)) => Ok((Outcome::Fail, how)),
        (_, Some(400..=499)) if unseen(probe).is_none() => Ok(usable(case, window)?.unwrap_or((Outcome::Pass, how))),
        _ => {
            let reason = unseen(probe).unwrap_or(Reason::InsufficientEvidence);
            Ok((Outcome::Inconclusive(reason), how))
        }
    }
}

/// Why a refusal says nothing: a known value is refused, too.
fn usable(case: &Case, window: &Window) -> Result<Option<Seen>, OracleFault> {
    for seq in &case.controls {
        let control = window.exchange(*seq)?;
        if control.reading != Reading::Accepted {
            let how = answered(control);
            let (id, en) = (&how.id, &how.en);
            let actual = phrase!("nilai yang dikenal pun: {id}", "a known value, too: {en}");
            let reason = unseen(control).unwrap_or(Reason::PreconditionUnmet);
            return Ok(Some((Outcome::Inconclusive(reason), actual)));
        }
    }
    Ok(case.controls.is_empty().then(|| {
        let actual = phrase!("tanpa kiriman pembanding", "without a request to compare with");
        (Outcome::Inconclusive(Reason::PreconditionUnmet), actual)
    }))
}

/// What is kept of an unknown value that was accepted.
enum Kept {
    Lawful(Phrase),
    Stored(Phrase),
    Hidden(Reason, Phrase),
}

fn kept(case: &Case, window: &Window) -> Result<Kept, OracleFault> {
    let read = case.shown.or_else(|| case.reads.last().map(|pair| pair.after));
    let Some(read) = read.map(|seq| window.exchange(seq)).transpose()? else {
        let what = phrase!("diterima, tetapi tidak terbaca", "accepted, but cannot be read");
        return Ok(Kept::Hidden(Reason::PreconditionUnmet, what));
    };
    if read.reading != Reading::Accepted || read.map_fault.is_some() {
        let reason = unseen(read).unwrap_or(Reason::PreconditionUnmet);
        return Ok(Kept::Hidden(reason, answered(read)));
    }
    let now = text_of(&read.mapped, &case.field);
    Ok(match (case.lawful, now) {
        (Lawful::SetByServer, Some(now)) if now != case.sent && CHANNELS.contains(&now.as_str()) => Kept::Lawful(
            phrase!("server menetapkan sendiri: {now}", "the server sets its own: {now}"),
        ),
        (Lawful::SetByServer, None) => Kept::Hidden(
            Reason::InsufficientEvidence,
            phrase!("diterima, nilainya tidak terbaca", "accepted, its value cannot be read"),
        ),
        (Lawful::LeftOpen, None) => Kept::Lawful(phrase!(
            "tanpa nilai sampai diverifikasi",
            "without a value until it is verified"
        )),
        (_, now) => {
            let now = now.map_or_else(|| "-".to_owned(), |now| short(&now));
            Kept::Stored(phrase!(
                "diterima, tersimpan sebagai {now}",
                "accepted, stored as {now}"
            ))
        }
    })
}

fn stored(case: &Case, probe: &Exchange, window: &Window) -> Result<Seen, OracleFault> {
    let accepted = probe.reading == Reading::Accepted;
    let found = phrase!("ditolak, tetapi tersimpan", "refused, but stored");
    if !case.reads.is_empty() {
        return on_record(case, window);
    }
    if accepted && case.shown.is_some() {
        return Ok(match kept(case, window)? {
            Kept::Lawful(what) => (Outcome::Pass, what),
            Kept::Stored(what) => (Outcome::Fail, what),
            Kept::Hidden(reason, what) => (Outcome::Inconclusive(reason), what),
        });
    }
    let mut blind = None;
    for seq in &case.looks {
        let page = window.exchange(*seq)?;
        if shows_any(page, &[case.fixture]) || items(page).iter().any(|item| holds(item, &case.marker)) {
            return Ok((Outcome::Fail, found));
        }
        blind = blind.or_else(|| unseen(page));
    }
    if !case.looked || case.looks.is_empty() || blind.is_some() {
        let actual = phrase!(
            "tidak dapat dilihat apa yang tersimpan",
            "what was stored cannot be seen"
        );
        let reason = blind.unwrap_or(Reason::InsufficientEvidence);
        return Ok((Outcome::Inconclusive(reason), actual));
    }
    Ok((
        Outcome::Pass,
        phrase!("penandanya tidak ada dalam daftar", "its marker is not in the list"),
    ))
}

/// Whether the complaint that the operation is about stayed as it was.
fn on_record(case: &Case, window: &Window) -> Result<Seen, OracleFault> {
    for pair in &case.reads {
        let (before, after) = (window.exchange(pair.before)?, window.exchange(pair.after)?);
        match (substance(before), substance(after)) {
            (Some(was), Some(is)) if was == is => {}
            (Some(_), Some(_)) => {
                let now = text_of(&after.mapped, &case.field).map_or_else(|| "-".to_owned(), |now| short(&now));
                let field = &case.field;
                let actual = phrase!(
                    "pengaduannya berubah; {field} kini {now}",
                    "the complaint changed; {field} is now {now}"
                );
                return Ok((Outcome::Fail, actual));
            }
            (None, _) | (_, None) => {
                let hidden = if substance(before).is_none() { before } else { after };
                let reason = unseen(hidden).unwrap_or(Reason::PreconditionUnmet);
                return Ok((Outcome::Inconclusive(reason), answered(hidden)));
            }
        }
    }
    Ok((Outcome::Pass, phrase!("tidak ada yang berubah", "nothing changed")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Actor, Op};
    use crate::evidence::record::BrokenKind;
    use crate::oracle::samples::{Sample, exchange, window};

    const OPEN: Outcome = Outcome::Inconclusive(Reason::InsufficientEvidence);
    const UNMET: Outcome = Outcome::Inconclusive(Reason::PreconditionUnmet);

    fn submit(status: u16, reading: Reading) -> Sample {
        exchange(1, Op::Submit, Actor::PelaporA, Value::Null).answered(status, reading)
    }

    fn control() -> Sample {
        exchange(2, Op::Submit, Actor::PelaporA, json!({"id": "1"}))
    }

    fn read(seq: u64, mapped: Value) -> Sample {
        exchange(seq, Op::Read, Actor::Admin, mapped)
    }

    fn page(title: &str) -> Sample {
        exchange(4, Op::List, Actor::Admin, json!({"butir": [{"judul": title}]}))
    }

    fn case() -> Case {
        Case {
            key: "submit/klasifikasi=99".to_owned(),
            field: "klasifikasi".to_owned(),
            sent: "99".to_owned(),
            probe: Some(1),
            controls: vec![2],
            looks: vec![4],
            looked: true,
            fixture: 7,
            marker: "n007k".to_owned(),
            ..Case::default()
        }
    }

    /// The outcomes of both oracles.
    fn both(case: &Case, samples: impl IntoIterator<Item = Sample>) -> (Outcome, Outcome) {
        let (value, window) = (
            json!(Params {
                cases: vec![case.clone()]
            }),
            window(samples),
        );
        let one = |mut legs: Vec<Leg>, oracle: &str| {
            assert_eq!(legs.len(), 1);
            assert_eq!(legs[0].key, leg_key(case, oracle));
            legs.remove(0).outcome
        };
        (
            one(refused(&value, &window).unwrap(), REFUSED),
            one(not_stored(&value, &window).unwrap(), NOT_STORED),
        )
    }

    #[test]
    fn refused_with_4xx_and_absent() {
        for status in [400, 409, 422] {
            let samples = [submit(status, Reading::Refused), control(), page("n008k")];
            assert_eq!(both(&case(), samples), (Outcome::Pass, Outcome::Pass), "{status}");
        }
        let samples = [submit(422, Reading::Refused), control(), page("Judul N007K")];
        assert_eq!(both(&case(), samples), (Outcome::Pass, Outcome::Fail));
        let samples = [submit(500, Reading::Fault), control(), page("x")];
        assert_eq!(both(&case(), samples), (Outcome::Fail, Outcome::Pass));
        let samples = [submit(200, Reading::Refused), control(), page("x")];
        assert_eq!(both(&case(), samples).0, Outcome::Fail, "not 4xx");
        let samples = [
            submit(0, Reading::NoAnswer).broken(BrokenKind::Timeout),
            control(),
            page("x"),
        ];
        assert_eq!(both(&case(), samples).0, Outcome::Inconclusive(Reason::Timeout));
    }

    #[test]
    fn without_a_control_or_a_look_nothing_passes() {
        let refused_control = control().answered(422, Reading::Refused);
        let samples = [submit(422, Reading::Refused), refused_control, page("x")];
        assert_eq!(both(&case(), samples).0, UNMET);
        let blind = Case {
            looked: false,
            controls: Vec::new(),
            ..case()
        };
        assert_eq!(both(&blind, [submit(422, Reading::Refused), page("x")]), (UNMET, OPEN));
        let unsent = Case { probe: None, ..case() };
        assert_eq!(both(&unsent, []), (OPEN, OPEN));
        let left_out = Case {
            left_out: Some("rate".to_owned()),
            ..unsent
        };
        let claim = Outcome::NotApplicable("rate".to_owned());
        assert_eq!(both(&left_out, []), (claim.clone(), claim));
    }

    fn accepted(case: &Case, stored: Value) -> (Outcome, Outcome) {
        let case = Case {
            shown: Some(3),
            ..case.clone()
        };
        both(
            &case,
            [submit(201, Reading::Accepted), control(), read(3, stored), page("x")],
        )
    }

    #[test]
    fn accepted_is_stored_or_replaced_but_for_the_lawful() {
        let wrong = (Outcome::Fail, Outcome::Fail);
        let right = (Outcome::Pass, Outcome::Pass);
        assert_eq!(accepted(&case(), json!({"klasifikasi": "99"})), wrong);
        assert_eq!(accepted(&case(), json!({"klasifikasi": "pengaduan"})), wrong);
        let channel = Case {
            field: "kanal".to_owned(),
            sent: "laik-tidak-ada".to_owned(),
            lawful: Lawful::SetByServer,
            ..case()
        };
        assert_eq!(accepted(&channel, json!({"kanal": "web"})), right);
        assert_eq!(accepted(&channel, json!({"kanal": "laik-tidak-ada"})), wrong);
        assert_eq!(accepted(&channel, json!({"kanal": "sembarang"})), wrong);
        assert_eq!(accepted(&channel, json!({})), (OPEN, OPEN));
        let open = Case {
            lawful: Lawful::LeftOpen,
            ..case()
        };
        assert_eq!(accepted(&open, json!({"klasifikasi": null})), right);
        assert_eq!(accepted(&open, json!({"klasifikasi": "pengaduan"})), wrong);
        let unread = both(&case(), [submit(201, Reading::Accepted), control(), page("x")]);
        assert_eq!(
            unread,
            (Outcome::Fail, Outcome::Pass),
            "accepted, though nothing is found"
        );
    }

    #[test]
    fn an_act_leaves_its_complaint_as_it_was() {
        let acting = Case {
            reads: vec![Pair { before: 3, after: 5 }],
            looks: Vec::new(),
            ..case()
        };
        let was = || read(3, json!({"status": "menunggu_verifikasi"}));
        let is = |status: &str| read(5, json!({"status": status}));
        let refused = || submit(422, Reading::Refused);
        let same = [refused(), control(), was(), is("menunggu_verifikasi")];
        assert_eq!(both(&acting, same), (Outcome::Pass, Outcome::Pass));
        let moved = [refused(), control(), was(), is("terverifikasi")];
        assert_eq!(both(&acting, moved), (Outcome::Pass, Outcome::Fail));
        let taken = [submit(200, Reading::Accepted), control(), was(), is("terverifikasi")];
        assert_eq!(both(&acting, taken), (Outcome::Fail, Outcome::Fail));
        let gone = read(5, Value::Null).answered(403, Reading::Refused);
        assert_eq!(both(&acting, [refused(), control(), was(), gone]).1, UNMET);
    }
}
