//! TK-20: no 5xx, and no connection closed without an answer, in any exchange of the run. Knows nothing of what
//! the inputs were for.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Answer, BrokenKind, Exchange, Record};
use crate::phrase;
use crate::verdict::{Leg, Outcome, Reason};

use super::{Fold, OracleFault, params};

/// Name of the fold.
pub const EVERY_EXCHANGE: &str = "galat_server";

/// Input class of requests that are sent at the same moment on purpose. To turn some of them away with 503 and
/// `Retry-After` is lawful (PB-04, lawful variants; RFC 9110 §15.6.4): no input caused it.
pub const BURST: &str = "kiriman serentak";

/// Key of the leg that is always there, so that a clean run passes on evidence.
pub const WHOLE: &str = "seluruh pertukaran";

/// Parameters of the fold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldParams {
    /// Which attempt asks.
    attempt: u8,
    /// Whether the statement declares maintenance during the run: then 503 with `Retry-After` is lawful.
    #[serde(default)]
    maintenance: bool,
}

/// Operation, input class and fault: one cause seen at many inputs is one finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    op: Op,
    class: String,
    fault: Fault,
}

/// What the server did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// A status of 500 or more.
    Status(u16),
    /// 503 with `Retry-After`, lawful while maintenance is declared.
    Maintenance,
    /// The connection was closed, or answered with something that is no HTTP.
    Closed,
}

/// Offenders of one group in one attempt: how many, and the first 20.
#[derive(Debug, Default)]
struct Offenders {
    count: u64,
    first: Vec<Offender>,
}

#[derive(Debug)]
struct Offender {
    seq: u64,
    actor: Actor,
    row: Option<String>,
}

/// The fold.
#[derive(Debug, Default)]
pub(super) struct ServerFaults {
    exchanges: u64,
    groups: BTreeMap<Group, BTreeMap<u8, Offenders>>,
    /// How often an operation was called with an input class, by attempt, and where last.
    called: BTreeMap<(u8, Op, String), (u64, u64)>,
    last: u64,
}

impl Fold for ServerFaults {
    fn observe(&mut self, record: &Record) {
        let Some(exchange) = record.exchange() else { return };
        let attempt = record.scope.attempt;
        self.exchanges += 1;
        self.last = self.last.max(record.seq);
        let called = self
            .called
            .entry((attempt, exchange.op, exchange.input_class.clone()))
            .or_default();
        *called = (called.0 + 1, called.1.max(record.seq));
        let Some(fault) = fault(exchange) else { return };
        let group = Group {
            op: exchange.op,
            class: exchange.input_class.clone(),
            fault,
        };
        let offenders = self.groups.entry(group).or_default().entry(attempt).or_default();
        offenders.count += 1;
        if offenders.first.len() < KEPT {
            let row = record.scope.row.clone();
            offenders.first.push(Offender {
                seq: record.seq,
                actor: exchange.actor,
                row,
            });
        }
    }

    fn conclude(&self, value: &Value) -> Result<Vec<Leg>, OracleFault> {
        let asked: FoldParams = params(EVERY_EXCHANGE, value)?;
        let judged = |group: &&Group| {
            let turned_away = asked.maintenance || group.class == BURST;
            !(turned_away && group.fault == Fault::Maintenance)
        };
        let mut legs = vec![self.whole(self.groups.keys().filter(judged).count())];
        for (group, attempts) in &self.groups {
            if judged(&group) {
                legs.extend(self.group_leg(group, attempts, asked.attempt));
            }
        }
        Ok(legs)
    }
}

impl ServerFaults {
    /// PASS on at least one exchange; the groups have legs of their own.
    fn whole(&self, groups: usize) -> Leg {
        let exchanges = self.exchanges;
        let outcome = if exchanges == 0 {
            Outcome::Inconclusive(Reason::InsufficientEvidence)
        } else {
            Outcome::Pass
        };
        let expected = phrase!(
            "setiap pertukaran diperiksa; galat server dan sambungan yang putus tanpa jawaban mempunyai kakinya sendiri",
            "every exchange is looked at; server faults and connections closed without an answer have legs of their own"
        );
        let actual = phrase!(
            "{exchanges} pertukaran diperiksa, {groups} kelompok galat",
            "{exchanges} exchanges looked at, {groups} groups of faults"
        );
        Leg::new(
            WHOLE,
            outcome,
            expected,
            actual,
            if exchanges == 0 { vec![] } else { vec![self.last] },
        )
    }

    /// The leg of one group as one attempt sees it; `None` where the attempt has nothing to say of it.
    fn group_leg(&self, group: &Group, attempts: &BTreeMap<u8, Offenders>, attempt: u8) -> Option<Leg> {
        let key = group.key();
        let expected = group.expected();
        if let Some(offenders) = attempts.get(&attempt) {
            return Some(Leg::new(
                key,
                Outcome::Fail,
                expected,
                group.seen(offenders),
                seqs(offenders),
            ));
        }
        let (_, elsewhere) = attempts.iter().next()?;
        if attempt == 1 {
            let seen = group.seen(elsewhere);
            let actual = Phrase::new(
                format!("hanya pada pengulangan: {}", seen.id),
                format!("in a repetition alone: {}", seen.en),
            );
            return Some(Leg::new(
                key,
                Outcome::Inconclusive(Reason::Unstable),
                expected,
                actual,
                seqs(elsewhere),
            ));
        }
        // Not repeated: said only where the same operation was called again with the same class of input.
        let (calls, last) = self.called.get(&(attempt, group.op, group.class.clone()))?;
        let actual = phrase!(
            "tidak terulang dalam {calls} panggilan pengulangan",
            "not repeated in {calls} calls of the repetition"
        );
        Some(Leg::new(key, Outcome::Pass, expected, actual, vec![*last]))
    }
}

impl Group {
    fn key(&self) -> String {
        let class = self.class_words();
        let fault = match self.fault {
            Fault::Status(status) => status.to_string(),
            Fault::Maintenance => "503 Retry-After".to_owned(),
            Fault::Closed => "putus".to_owned(),
        };
        format!("{} · {class} · {fault}", self.op.id())
    }

    fn class_words(&self) -> &str {
        if self.class.is_empty() {
            "masukan biasa"
        } else {
            &self.class
        }
    }

    fn expected(&self) -> Phrase {
        let op = self.op.phrase();
        Phrase::new(
            format!("{} dijawab tanpa galat server; kesalahan klien dijawab 4xx", op.id),
            format!(
                "“{}” is answered without a server fault; a client's error is answered 4xx",
                op.en
            ),
        )
    }

    fn seen(&self, offenders: &Offenders) -> Phrase {
        let count = offenders.count;
        let fault = match self.fault {
            Fault::Status(status) => Phrase::same(format!("status {status}")),
            Fault::Maintenance => Phrase::same("status 503, Retry-After"),
            Fault::Closed => BrokenKind::Closed.phrase(),
        };
        let Some(first) = offenders.first.first() else {
            return fault;
        };
        let seq = first.seq;
        let row = first.row.as_deref().unwrap_or("-");
        let actor = first.actor.phrase();
        Phrase::new(
            format!(
                "{} {count} kali; yang pertama pada rekaman {seq} ({row}, {})",
                fault.id, actor.id
            ),
            format!(
                "{} {count} times; the first in record {seq} ({row}, {})",
                fault.en, actor.en
            ),
        )
    }
}

/// The fault of one exchange, if it is one.
///
/// 501 is lawful for a method that RFC 9110 and RFC 5789 do not define. A timeout, a refused connection and a
/// failed TLS handshake are no server faults.
pub(super) fn fault(exchange: &Exchange) -> Option<Fault> {
    match &exchange.answer {
        Answer::Response(response) => match response.status {
            501 if !KNOWN_METHODS.contains(&exchange.request.method.as_str()) => None,
            503 if response
                .headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("retry-after")) =>
            {
                Some(Fault::Maintenance)
            }
            status if status >= 500 => Some(Fault::Status(status)),
            _ => None,
        },
        Answer::Broken(broken) => match broken.kind {
            BrokenKind::Closed | BrokenKind::Protocol => Some(Fault::Closed),
            BrokenKind::Connect | BrokenKind::Tls | BrokenKind::Timeout | BrokenKind::TooLarge => None,
        },
    }
}

fn seqs(offenders: &Offenders) -> Vec<u64> {
    offenders.first.iter().map(|offender| offender.seq).collect()
}

/// Offenders kept of a group and an attempt.
const KEPT: usize = 20;

/// RFC 9110 §9.3 and RFC 5789.
const KNOWN_METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::specimen::{answered, broken, record};
    use super::*;

    fn fold(records: &[Record], attempt: u8) -> Vec<Leg> {
        let mut fold = ServerFaults::default();
        for record in records {
            fold.observe(record);
        }
        fold.conclude(&json!({"attempt": attempt})).unwrap()
    }

    fn outcomes(legs: &[Leg]) -> Vec<(&str, &Outcome)> {
        legs.iter().map(|leg| (leg.key.as_str(), &leg.outcome)).collect()
    }

    #[test]
    fn a_clean_run_passes_on_evidence_and_an_empty_one_does_not() {
        let clean = [record(1, 1, answered(200, vec![])), record(2, 1, answered(404, vec![]))];
        assert_eq!(outcomes(&fold(&clean, 1)), [(WHOLE, &Outcome::Pass)]);
        let empty = Outcome::Inconclusive(Reason::InsufficientEvidence);
        assert_eq!(outcomes(&fold(&[], 1)), [(WHOLE, &empty)]);
    }

    #[test]
    fn one_cause_at_many_inputs_is_one_leg_that_names_its_first_exchange() {
        let records: Vec<_> = (1..40).map(|seq| record(seq, 1, answered(500, vec![]))).collect();
        let legs = fold(&records, 1);
        assert_eq!(
            outcomes(&legs),
            [(WHOLE, &Outcome::Pass), ("read · masukan biasa · 500", &Outcome::Fail)]
        );
        assert_eq!(legs[1].evidence, (1..21).collect::<Vec<_>>());
        assert!(legs[1].actual.id.contains("39 kali") && legs[1].actual.id.contains("5_ketahanan.feature:9"));
    }

    #[test]
    fn the_repetition_confirms_or_does_not() {
        let once = record(1, 1, answered(503, vec![]));
        let closed = record(2, 1, broken(BrokenKind::Closed));
        let again = record(3, 2, broken(BrokenKind::Closed));
        let legs = fold(&[once, closed, again], 2);
        let found = outcomes(&legs);
        assert_eq!(
            found[1..],
            [
                ("read · masukan biasa · 503", &Outcome::Pass),
                ("read · masukan biasa · putus", &Outcome::Fail),
            ]
        );
        assert_eq!(legs[2].evidence, [3]);
        let unrepeated = fold(&[record(1, 1, answered(500, vec![]))], 2);
        assert_eq!(
            unrepeated.len(),
            1,
            "nothing is said of an operation that was not called again"
        );
    }

    #[test]
    fn a_fault_of_a_repetition_alone_is_unstable() {
        let legs = fold(
            &[record(1, 1, answered(200, vec![])), record(2, 2, answered(500, vec![]))],
            1,
        );
        assert_eq!(legs[1].outcome, Outcome::Inconclusive(Reason::Unstable));
    }

    #[test]
    fn lawful_answers_are_no_faults() {
        let mut unknown = answered(501, vec![]);
        unknown.request.method = "SAPA".to_owned();
        let mut maintenance = answered(503, vec![]);
        if let Answer::Response(response) = &mut maintenance.answer {
            response.headers.push(("retry-after".to_owned(), "60".to_owned()));
        }
        let timeout = broken(BrokenKind::Timeout);
        let records = [record(1, 1, unknown), record(2, 1, maintenance), record(3, 1, timeout)];
        let mut fold = ServerFaults::default();
        for record in &records {
            fold.observe(record);
        }
        let declared = fold.conclude(&json!({"attempt": 1, "maintenance": true})).unwrap();
        assert_eq!(outcomes(&declared), [(WHOLE, &Outcome::Pass)]);
        let undeclared = fold.conclude(&json!({"attempt": 1})).unwrap();
        assert_eq!(undeclared.len(), 2);
        let mut of_burst = records;
        if let crate::evidence::record::Data::Exchange(exchange) = &mut of_burst[1].data {
            exchange.input_class = BURST.to_owned();
        }
        let mut fold = ServerFaults::default();
        for record in &of_burst {
            fold.observe(record);
        }
        let burst = fold.conclude(&json!({"attempt": 1})).unwrap();
        assert_eq!(outcomes(&burst), [(WHOLE, &Outcome::Pass)]);
        assert_eq!(fault(&answered(501, vec![])), Some(Fault::Status(501)));
    }
}
