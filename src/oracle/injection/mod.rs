//! KM-24: the boolean differential oracle of keamanan.md, Annex A1. It compares answers to values that a database
//! would read as true, as false, and as a syntax error. Knows nothing of SQL beyond the roles of the requests;
//! the texts are made elsewhere.

mod params;
mod reply;
mod rounds;

pub use params::{Context, Group, Parameter, Params, Role, Round, Sent};
pub use rounds::settled;

use serde_json::Value;

use crate::domain::Phrase;
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::access::answer_words;
use super::{OracleFault, Window, params as read_params};
use rounds::{Base, Judged, Unlearned, judge_round};

/// Name in the registry.
pub const NAME: &str = "suntikan_sql";

/// What came of one parameter and group of contexts.
enum Finding {
    /// Every round of a context followed the inserted truth.
    Followed(Context, Vec<u64>),
    /// The pattern broke in every context.
    Broken(Vec<u64>),
    /// Nothing that was sent changed the answer.
    Inert(Vec<u64>),
    /// Not enough valid rounds.
    Open(Vec<u64>, Phrase),
    /// The base value gave no results, or three different answers.
    Unlearned(Unlearned, Vec<u64>),
}

/// One leg for each parameter and group of contexts.
pub(super) fn judge(value: &Value, window: &Window) -> Result<Vec<Leg>, OracleFault> {
    let params: Params = read_params(NAME, value)?;
    let mut findings = Vec::new();
    let mut legs = Vec::new();
    for parameter in &params.parameters {
        if let Some(leg) = not_sent(parameter) {
            legs.extend(leg);
            continue;
        }
        for &group in &parameter.groups {
            findings.push((parameter, group, finding(parameter, group, params.needed, window)?));
        }
    }
    let judged = |group: Group| {
        findings
            .iter()
            .any(|(_, other, finding)| *other == group && matches!(finding, Finding::Broken(_)))
    };
    for (parameter, group, finding) in &findings {
        legs.push(leg(parameter, *group, finding, judged(*group), window)?);
    }
    Ok(legs)
}

/// Legs of a parameter that was not sent: its setup failed, or the statement leaves it out.
fn not_sent(parameter: &Parameter) -> Option<Vec<Leg>> {
    let (outcome, actual) = match (&parameter.left_out, &parameter.unmet) {
        (Some(claim), _) => (Outcome::NotApplicable(claim.clone()), Phrase::same(claim.clone())),
        (None, Some(text)) => (Outcome::Inconclusive(Reason::PreconditionUnmet), text.clone()),
        (None, None) => return None,
    };
    let seqs = parameter.base.iter().map(|sent| sent.seq).collect::<Vec<_>>();
    let leg = |group: &Group| {
        Leg::new(
            parameter.leg_key(*group),
            outcome.clone(),
            expected(),
            actual.clone(),
            seqs.clone(),
        )
    };
    Some(parameter.groups.iter().map(leg).collect())
}

fn finding(parameter: &Parameter, group: Group, needed: usize, window: &Window) -> Result<Finding, OracleFault> {
    let base_seqs = || parameter.base.iter().map(|sent| sent.seq).collect::<Vec<_>>();
    let base = match Base::learn(parameter, window)? {
        Ok(base) => base,
        Err(unlearned) => return Ok(Finding::Unlearned(unlearned, base_seqs())),
    };
    let (mut broken, mut inert, mut open) = (Vec::new(), Vec::new(), None);
    for &context in group.contexts() {
        let mut followed = Vec::new();
        let (mut agreeing, mut void) = (0, 0);
        let mut clean = None;
        for round in parameter.rounds.iter().filter(|round| round.context == context) {
            match judge_round(&base, round, window)? {
                Judged::Followed => {
                    agreeing += 1;
                    followed.extend(round.seqs());
                }
                Judged::Void => void += 1,
                other => {
                    clean = Some((other, round.seqs().collect::<Vec<_>>()));
                    break;
                }
            }
        }
        match clean {
            Some((Judged::Broken, seqs)) => broken.extend(seqs),
            Some((Judged::Inert, seqs)) => inert.extend(seqs),
            Some((_, seqs)) => open = open.or(Some((seqs, undecided(context)))),
            None if agreeing >= needed.max(1) => {
                return Ok(Finding::Followed(context, followed));
            }
            None => open = open.or(Some((base_seqs(), voided(context, void)))),
        }
    }
    Ok(match (open, broken.is_empty()) {
        (Some((seqs, text)), _) => Finding::Open(seqs, text),
        (None, false) => Finding::Broken(broken),
        (None, true) => Finding::Inert(inert),
    })
}

fn leg(
    parameter: &Parameter,
    group: Group,
    finding: &Finding,
    sibling_judged: bool,
    window: &Window,
) -> Result<Leg, OracleFault> {
    let (outcome, actual, seqs) = match finding {
        Finding::Followed(context, seqs) => (Outcome::Fail, followed(*context, parameter, window)?, seqs),
        Finding::Broken(seqs) => (Outcome::Pass, broken(group, parameter, window)?, seqs),
        Finding::Inert(seqs) => {
            let text = phrase!(
                "parameter diabaikan: jawabannya sama untuk nilai apa pun yang dikirim",
                "the parameter is ignored: the answer is the same for any value"
            );
            let outcome = if sibling_judged {
                Outcome::NotApplicable(IGNORED.to_owned())
            } else {
                Outcome::Inconclusive(Reason::InsufficientEvidence)
            };
            (outcome, text, seqs)
        }
        Finding::Open(seqs, text) => (Outcome::Inconclusive(Reason::InsufficientEvidence), text.clone(), seqs),
        Finding::Unlearned(unlearned, seqs) => {
            let (reason, text) = unlearned.words();
            (Outcome::Inconclusive(reason), text, seqs)
        }
    };
    Ok(Leg::new(
        parameter.leg_key(group),
        outcome,
        expected(),
        actual,
        seqs.clone(),
    ))
}

fn expected() -> Phrase {
    phrase!(
        "jawaban tidak mengikuti nilai kebenaran yang disisipkan: nilai yang benar, salah, dan tanpa operator sama-sama dibaca sebagai teks, atau ditolak dengan 400",
        "the answer does not follow the inserted truth: true, false and no operator are all read as text, or refused with 400"
    )
}

/// What a safe application answered, by the first round of the group.
fn broken(group: Group, parameter: &Parameter, window: &Window) -> Result<Phrase, OracleFault> {
    let first = parameter
        .rounds
        .iter()
        .find(|round| group.contexts().contains(&round.context));
    let Some(round) = first else { return Ok(group.phrase()) };
    let words = |role| answered(round, role, window);
    let (value, yes) = (words(Role::Value)?, words(Role::True)?);
    let (no, bare) = (words(Role::counter(round.context))?, words(Role::NoOperator)?);
    Ok(Phrase::new(
        format!(
            "tidak diikuti; putaran pertama: nilai dasar {}, benar {}, pembanding {}, tanpa operator {}",
            value.id, yes.id, no.id, bare.id
        ),
        format!(
            "not followed; the first round: base value {}, true {}, counterpart {}, no operator {}",
            value.en, yes.en, no.en, bare.en
        ),
    ))
}

/// What an injectable application answered, by its first round.
fn followed(context: Context, parameter: &Parameter, window: &Window) -> Result<Phrase, OracleFault> {
    let Some(round) = parameter.rounds.iter().find(|round| round.context == context) else {
        return Ok(context.phrase());
    };
    let words = |role| answered(round, role, window);
    let (yes, no, bare) = (
        words(Role::True)?,
        words(Role::counter(context))?,
        words(Role::NoOperator)?,
    );
    let context = context.phrase();
    Ok(Phrase::new(
        format!(
            "{}: pada setiap putaran jawaban atas nilai benar sama dengan nilai dasar ({}), sedangkan pembandingnya ({}) dan tanpa operator ({}) berbeda",
            context.id, yes.id, no.id, bare.id
        ),
        format!(
            "{}: in every round true was answered like the base value ({}), while its counterpart ({}) and no operator ({}) were not",
            context.en, yes.en, no.en, bare.en
        ),
    ))
}

fn answered(round: &Round, role: Role, window: &Window) -> Result<Phrase, OracleFault> {
    match round.sent(role) {
        Some(sent) => Ok(answer_words(window.exchange(sent.seq)?)),
        None => Ok(Phrase::same("-")),
    }
}

fn undecided(context: Context) -> Phrase {
    let words = context.phrase();
    Phrase::new(
        format!("{}: nilai berikutnya tidak memberi hasil pembanding", words.id),
        format!("{}: the next value gave no result to compare with", words.en),
    )
}

fn voided(context: Context, void: usize) -> Phrase {
    let words = context.phrase();
    Phrase::new(
        format!(
            "{}: putaran yang sah tidak cukup, {void} putaran batal (3xx, 401, 403, 429, 502–504, tanpa jawaban, atau nilai dasar berubah)",
            words.id
        ),
        format!(
            "{}: not enough valid rounds, {void} void (3xx, 401, 403, 429, 502–504, no answer, or the base changed)",
            words.en
        ),
    )
}

/// The claim of an inert parameter's leg.
const IGNORED: &str = "parameter diabaikan";
