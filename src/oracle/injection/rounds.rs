//! Learning the base, and judging one round (Annex A1).

use crate::domain::Phrase;
use crate::phrase;
use crate::verdict::Reason;

use super::super::{OracleFault, Window};
use super::params::{Context, Parameter, Role, Round};
use super::reply::{Mask, Reply};

/// The answer to the clean value, and what changes in it by itself.
pub(super) struct Base {
    reply: Reply,
    mask: Mask,
}

/// Why there is no base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unlearned {
    /// The clean value gave no results.
    NoResults,
    /// Three clean requests gave different answers.
    Volatile,
}

/// What one round shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// The answers followed the inserted truth.
    Followed,
    /// They did not.
    Broken,
    /// No value changed the answer.
    Inert,
    /// The comparison value gave nothing to compare with.
    Undecided,
    /// The round does not count.
    Void,
}

impl Base {
    /// Learns from three clean requests (at least two).
    pub(super) fn learn(parameter: &Parameter, window: &Window) -> Result<Result<Self, Unlearned>, OracleFault> {
        let mut replies = Vec::new();
        for sent in &parameter.base {
            match Reply::of(window.exchange(sent.seq)?) {
                Some(reply) if reply.succeeded() && reply.has_results() => replies.push(reply),
                _ => return Ok(Err(Unlearned::NoResults)),
            }
        }
        let Some((reply, others)) = replies.split_first() else {
            return Ok(Err(Unlearned::NoResults));
        };
        let mut mask = Mask::new();
        for other in others {
            reply.mask_changes(other, &mut mask);
        }
        let stable = !others.is_empty() && others.iter().all(|other| reply.same(other, &mask));
        Ok(if stable {
            Ok(Self {
                reply: reply.clone(),
                mask,
            })
        } else {
            Err(Unlearned::Volatile)
        })
    }
}

impl Unlearned {
    pub(super) fn words(self) -> (Reason, Phrase) {
        match self {
            Self::NoResults => (
                Reason::PreconditionUnmet,
                phrase!("nilai dasar tidak memberi hasil", "the base value gives no results"),
            ),
            Self::Volatile => (
                Reason::InsufficientEvidence,
                phrase!(
                    "jawaban atas nilai dasar berubah sendiri di antara tiga permintaan",
                    "the answer to the base value changes by itself between three requests"
                ),
            ),
        }
    }
}

/// Whether more rounds of a context can change what is said of it: the pattern broke, or `needed` rounds followed.
///
/// The step asks this after each round, so that a safe parameter costs one round a context.
pub fn settled(parameter: &Parameter, context: Context, needed: usize, window: &Window) -> Result<bool, OracleFault> {
    let Ok(base) = Base::learn(parameter, window)? else {
        return Ok(true);
    };
    let mut followed = 0;
    for round in parameter.rounds.iter().filter(|round| round.context == context) {
        match judge_round(&base, round, window)? {
            Judged::Followed => followed += 1,
            Judged::Void => {}
            Judged::Broken | Judged::Inert | Judged::Undecided => return Ok(true),
        }
    }
    Ok(followed >= needed)
}

/// Judges one round.
pub(super) fn judge_round(base: &Base, round: &Round, window: &Window) -> Result<Judged, OracleFault> {
    let mut mask = base.mask.clone();
    let mut replies: Vec<(Role, Reply)> = Vec::new();
    for &role in round.context.roles() {
        let Some(sent) = round.sent(role) else {
            return Ok(Judged::Void);
        };
        let Some(reply) = Reply::of(window.exchange(sent.seq)?) else {
            return Ok(Judged::Void);
        };
        if reply.voids() && !(reply.forbids() && forbidden_alike(&reply, round, window)?) {
            return Ok(Judged::Void);
        }
        if !matches!(role, Role::Value | Role::Next | Role::Unknown) {
            reply.mask_echoes(&sent.text, &mut mask);
        }
        replies.push((role, reply));
    }
    let reply = |role| {
        replies
            .iter()
            .find(|(other, _)| *other == role)
            .map_or(&base.reply, |(_, reply)| reply)
    };
    let round_replies = Replies {
        base: &base.reply,
        mask: &mask,
        reply: &reply,
    };
    if !reply(Role::Value).same(&base.reply, &base.mask) {
        return Ok(Judged::Void);
    }
    Ok(match round.context {
        Context::Number => round_replies.number(),
        Context::Sort => round_replies.sort(),
        Context::Quoted | Context::Like | Context::LikeOne | Context::LikeTwo => round_replies.text(),
    })
}

/// Whether a clean value that does not exist gets a 403 of the same form: then it is the application's way of
/// saying so (KM-13, lawful variants), and no filter that stands before the code under test.
fn forbidden_alike(reply: &Reply, round: &Round, window: &Window) -> Result<bool, OracleFault> {
    let Some(unknown) = round.sent(Role::Unknown) else {
        return Ok(false);
    };
    let other = Reply::of(window.exchange(unknown.seq)?);
    Ok(other.is_some_and(|other| reply.alike(&other)))
}

/// The answers of one round, masked alike.
struct Replies<'a> {
    base: &'a Reply,
    mask: &'a Mask,
    reply: &'a dyn Fn(Role) -> &'a Reply,
}

impl Replies<'_> {
    fn as_base(&self, role: Role) -> bool {
        (self.reply)(role).same(self.base, self.mask)
    }

    fn same(&self, one: Role, other: Role) -> bool {
        (self.reply)(one).same((self.reply)(other), self.mask)
    }

    fn succeeded(&self, role: Role) -> bool {
        (self.reply)(role).succeeded()
    }

    /// `r(T)=r(v)` and `r(F)≠r(v)`, both 2xx, and `r(L)≠r(v)` with any status.
    fn text(&self) -> Judged {
        let (yes, no, bare) = (
            self.as_base(Role::True),
            self.as_base(Role::False),
            self.as_base(Role::NoOperator),
        );
        match (yes, no, bare) {
            (true, true, true) => Judged::Inert,
            (true, false, false) if self.succeeded(Role::True) && self.succeeded(Role::False) => Judged::Followed,
            _ => Judged::Broken,
        }
    }

    /// `r((n+a)-a)=r(n)`, `r((n+1+a)-a)=r(n+1)` and 2xx, `r(n)≠r(n+1)`, and `r((n+a)~a)≠r(n)`.
    fn number(&self) -> Judged {
        if !self.as_base(Role::True) || self.as_base(Role::NoOperator) {
            let all = [Role::True, Role::NextTrue, Role::NoOperator, Role::Next];
            let inert = all.into_iter().all(|role| self.as_base(role));
            return if inert { Judged::Inert } else { Judged::Broken };
        }
        if !self.same(Role::NextTrue, Role::Next) {
            return Judged::Broken;
        }
        // The sum was computed, but the next value has nothing of its own to compare with.
        if !self.succeeded(Role::NextTrue) || self.as_base(Role::Next) {
            return Judged::Undecided;
        }
        Judged::Followed
    }

    /// `r(T)=r(c1)`, `r(F)=r(c2)≠r(c1)`, and `r(L)≠r(c1)`.
    fn sort(&self) -> Judged {
        let differ = !self.as_base(Role::Next);
        let (yes, bare) = (self.as_base(Role::True), self.as_base(Role::NoOperator));
        match (differ, yes) {
            (true, true) if self.same(Role::False, Role::Next) && !bare && self.succeeded(Role::False) => {
                Judged::Followed
            }
            (true, _) => Judged::Broken,
            (false, true) if bare && self.as_base(Role::False) => Judged::Inert,
            (false, _) => Judged::Undecided,
        }
    }
}
