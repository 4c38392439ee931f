//! Whether a read was GRANTED or DENIED (keamanan.md §0.2). Knows nothing of who asked or of any one requirement.

use crate::domain::Phrase;
use crate::evidence::record::{Answer, BrokenKind, CanaryHit, Exchange};
use crate::phrase;
use crate::verdict::Reason;

/// What one answer to a read proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// 2xx, and the body holds a canary of the object.
    Granted,
    /// 401, 403, 404 or 410, and no canary of the object anywhere.
    Denied,
    /// Anything else (3xx, 429, 5xx, a timeout, 2xx with an error envelope): evidence neither way.
    Unclear,
}

/// Which canaries prove that the object was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Any canary, where the object is not public.
    Any,
    /// Private canaries alone, where its public part may be read by everyone.
    PrivateAlone,
}

/// Canaries of one fixture in what the answer carried: body and headers, not the URL that we sent ourselves.
pub(super) fn hits(exchange: &Exchange, fixture: u32) -> impl Iterator<Item = &CanaryHit> {
    exchange
        .facts
        .canaries
        .iter()
        .filter(move |hit| hit.fixture == fixture && (hit.place.starts_with("body") || hit.place.starts_with("header")))
}

/// Reads one answer.
///
/// `refusals` are the status codes that mean a refusal here; 401, 403, 404 and its sibling 410 (RFC 9110 §15.5.11)
/// always do.
pub(super) fn access(exchange: &Exchange, fixture: u32, proof: Proof, refusals: &[u16]) -> Access {
    let Some(status) = exchange.status() else {
        return Access::Unclear;
    };
    let counts = |hit: &CanaryHit| hit.private || proof == Proof::Any;
    if is_success(status) {
        let in_body = hits(exchange, fixture).any(|hit| hit.place.starts_with("body") && counts(hit));
        return if in_body { Access::Granted } else { Access::Unclear };
    }
    let refusal = matches!(status, 401 | 403 | 404 | 410) || refusals.contains(&status);
    if refusal && !hits(exchange, fixture).any(counts) {
        Access::Denied
    } else {
        Access::Unclear
    }
}

/// 2xx.
pub(super) const fn is_success(status: u16) -> bool {
    status >= 200 && status < 300
}

/// The reason that a set of unclear answers gives: two or more of nothing but timeouts are TIMEOUT.
pub(super) fn unclear_reason(exchanges: &[&Exchange]) -> Reason {
    let timed_out =
        |exchange: &&Exchange| matches!(&exchange.answer, Answer::Broken(broken) if broken.kind == BrokenKind::Timeout);
    let unreachable =
        |exchange: &&Exchange| matches!(&exchange.answer, Answer::Broken(broken) if broken.kind == BrokenKind::Connect);
    if exchanges.len() > 1 && exchanges.iter().all(timed_out) {
        Reason::Timeout
    } else if !exchanges.is_empty() && exchanges.iter().all(unreachable) {
        Reason::Unreachable
    } else {
        Reason::InsufficientEvidence
    }
}

/// An answer in words: its status, or how it broke.
pub(super) fn answer_words(exchange: &Exchange) -> Phrase {
    match &exchange.answer {
        Answer::Response(response) => {
            let status = response.status;
            let len = response.body.len;
            phrase!("status {status} dengan {len} bita", "status {status} with {len} bytes")
        }
        Answer::Broken(broken) => broken.kind.phrase(),
    }
}

/// Where canaries stood: fields and places, the first three.
pub(super) fn hit_words<'a>(found: impl Iterator<Item = &'a CanaryHit>) -> Phrase {
    let all: Vec<_> = found.collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut text = all
        .iter()
        .take(SHOWN)
        .map(|hit| format!("{} ({})", bounded(&hit.field, 40), bounded(&hit.place, 80)))
        .collect::<Vec<_>>()
        .join(", ");
    if more > 0 {
        text = format!("{text}, +{more}");
    }
    Phrase::same(text)
}

/// The first `limit` characters of a text of the target.
pub(super) fn bounded(text: &str, limit: usize) -> String {
    let mut short: String = text.chars().take(limit).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

const SHOWN: usize = 3;

#[cfg(test)]
mod tests {
    use super::super::specimen::{answered, broken, canary};
    use super::*;

    #[test]
    fn a_status_alone_proves_nothing() {
        let private = canary(4, "pelapor.nama", true, "body:/pelapor/nama");
        let public = canary(4, "isi", false, "body:/isi");
        let own_url = canary(4, "isi", false, "url");
        let other = canary(5, "isi", false, "body:/isi");
        let table = [
            (200, vec![private.clone()], Proof::Any, Access::Granted),
            (200, vec![public.clone()], Proof::Any, Access::Granted),
            (200, vec![public.clone()], Proof::PrivateAlone, Access::Unclear),
            (200, vec![], Proof::Any, Access::Unclear),
            (200, vec![other], Proof::Any, Access::Unclear),
            (404, vec![], Proof::Any, Access::Denied),
            (404, vec![own_url], Proof::Any, Access::Denied),
            (403, vec![private], Proof::Any, Access::Unclear),
            (302, vec![], Proof::Any, Access::Unclear),
            (429, vec![], Proof::Any, Access::Unclear),
            (500, vec![], Proof::Any, Access::Unclear),
            (400, vec![], Proof::Any, Access::Unclear),
        ];
        for (status, canaries, proof, expected) in table {
            let exchange = answered(status, canaries);
            assert_eq!(
                access(&exchange, 4, proof, &[]),
                expected,
                "{status} {proof:?} {:?}",
                exchange.facts.canaries
            );
        }
        assert_eq!(access(&answered(400, vec![]), 4, Proof::Any, &[400]), Access::Denied);
        assert_eq!(
            access(&broken(BrokenKind::Timeout), 4, Proof::Any, &[]),
            Access::Unclear
        );
    }

    #[test]
    fn two_timeouts_are_a_timeout() {
        let timeout = broken(BrokenKind::Timeout);
        let fault = answered(500, vec![]);
        assert_eq!(unclear_reason(&[&timeout, &timeout]), Reason::Timeout);
        assert_eq!(unclear_reason(&[&timeout]), Reason::InsufficientEvidence);
        assert_eq!(unclear_reason(&[&timeout, &fault]), Reason::InsufficientEvidence);
    }
}
