//! Which act leads from which status to which: the chains by which a complaint is brought to a status
//! (proses-bisnis.md, convention 8), and which acts the statement offers. Sends nothing.

use std::collections::{BTreeMap, VecDeque};

use crate::domain::{Actor, Capability, Op, Status};
use crate::run::RunCtx;

/// One act of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    /// The act.
    pub(crate) op: Op,
    /// Who does it.
    pub(crate) actor: Actor,
    /// Where it leads.
    pub(crate) to: Status,
}

/// What decides which acts there are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// Verified complaints may be handled without a disposition.
    pub(crate) direct: bool,
    /// Complaints begin as verified.
    pub(crate) automatic: bool,
    /// Operations that the application joins, each list in order.
    pub(crate) joined: Vec<Vec<Op>>,
}

impl Rules {
    /// What the statement declares.
    pub(crate) fn of(cx: &RunCtx) -> Self {
        let values = &cx.statement().document().nilai;
        let joined = values.langkah_gabungan.iter();
        Self {
            direct: values.penanganan_langsung,
            automatic: values.verifikasi_otomatis,
            joined: joined
                .map(|list| list.iter().filter_map(|op| Op::by_id(op)).collect())
                .collect(),
        }
    }

    /// The status of a complaint that was just sent.
    pub(crate) const fn first(&self) -> Status {
        if self.automatic {
            Status::Terverifikasi
        } else {
            Status::MenungguVerifikasi
        }
    }

    /// The shortest chain of offered acts that brings a new complaint of an owner to a status; `None` where there
    /// is none.
    pub(crate) fn chain(&self, owner: Actor, to: Status, offered: impl Fn(Op, Actor) -> bool) -> Option<Vec<Move>> {
        let mut reached: BTreeMap<Status, Vec<Move>> = BTreeMap::from([(self.first(), Vec::new())]);
        let mut queue = VecDeque::from([self.first()]);
        while let Some(from) = queue.pop_front() {
            let so_far = reached.get(&from).cloned().unwrap_or_default();
            if from == to {
                return Some(so_far);
            }
            for step in self
                .moves(from, owner)
                .into_iter()
                .filter(|step| offered(step.op, step.actor))
            {
                if let std::collections::btree_map::Entry::Vacant(vacant) = reached.entry(step.to) {
                    vacant.insert(so_far.iter().copied().chain([step]).collect());
                    queue.push_back(step.to);
                }
            }
        }
        None
    }

    /// Whether declared rules allow an act that the standard forbids in a status; the statement's line is named.
    pub(crate) fn allows(&self, from: Status, op: Op) -> Option<&'static str> {
        if self.direct && from == Status::Terverifikasi && op == Op::FollowUp {
            return Some("penanganan_langsung");
        }
        let begins = |earlier: &Op| EDGES.iter().any(|(at, by, _, _)| *at == from && by == earlier);
        let joined = |list: &Vec<Op>| {
            list.iter()
                .position(|step| *step == op)
                .is_some_and(|at| list.iter().take(at).any(begins))
        };
        self.joined.iter().any(joined).then_some("langkah_gabungan")
    }

    fn moves(&self, from: Status, owner: Actor) -> Vec<Move> {
        let direct = (Status::Terverifikasi, Op::FollowUp, Actor::Petugas, Status::Diproses);
        let edges = EDGES
            .iter()
            .chain(self.direct.then_some(&direct))
            .filter(|(at, ..)| *at == from);
        edges
            .map(|(_, op, actor, to)| {
                let joined = self
                    .joined
                    .iter()
                    .find(|list| list.first() == Some(op))
                    .and_then(|list| list.last());
                let to = joined.and_then(|last| leads_to(*last)).unwrap_or(*to);
                let actor = if *actor == Actor::PelaporA { owner } else { *actor };
                Move { op: *op, actor, to }
            })
            .collect()
    }
}

/// Where an act leads when it is allowed; `None` for acts that move nothing.
pub(crate) const fn leads_to(op: Op) -> Option<Status> {
    Some(match op {
        Op::Verify => Status::Terverifikasi,
        Op::RequestInfo => Status::PerluKelengkapan,
        Op::Supplement => Status::MenungguVerifikasi,
        Op::Dispose => Status::Terdisposisi,
        Op::Forward => Status::Diteruskan,
        Op::Postpone => Status::Ditunda,
        Op::Archive | Op::Merge => Status::Diarsipkan,
        Op::FollowUp | Op::Reopen => Status::Diproses,
        Op::Reply => Status::DitanggapiPelapor,
        Op::Close => Status::Selesai,
        Op::Withdraw => Status::Dicabut,
        _ => return None,
    })
}

/// The capability that an operation belongs to; without the claim it is not offered, whatever a dialect binds.
const fn capability(op: Op) -> Option<Capability> {
    Some(match op {
        Op::RequestInfo | Op::Supplement => Capability::Kelengkapan,
        Op::Postpone | Op::Resume => Capability::Tunda,
        Op::Archive => Capability::Arsip,
        Op::Reopen => Capability::BukaKembali,
        Op::Withdraw => Capability::Cabut,
        Op::Merge => Capability::GabungDuplikat,
        Op::Rate => Capability::Penilaian,
        Op::Note => Capability::CatatanInternal,
        Op::Search => Capability::Pencarian,
        Op::Statistics => Capability::Statistik,
        Op::Track => Capability::PelacakanPublik,
        Op::Attach | Op::Download => Capability::Lampiran,
        Op::Export => Capability::Ekspor,
        Op::Correct | Op::ExportPersonal | Op::Erase => Capability::HakPdp,
        Op::HubDispatch | Op::HubEvent => Capability::HubMasuk,
        Op::HubPull => Capability::HubTarik,
        Op::SetClock => Capability::JamUji,
        _ => return None,
    })
}

/// Whether the statement claims what an operation belongs to.
pub(crate) fn claimed(cx: &RunCtx, op: Op) -> bool {
    capability(op).is_none_or(|capability| cx.claims().capabilities.contains(&capability))
}

/// Whether the statement offers an operation to an actor.
pub(crate) fn offered(cx: &RunCtx, op: Op, actor: Actor) -> bool {
    claimed(cx, op) && cx.target().bound(op, actor)
}

/// Whether an actor can try an operation: it has a route for somebody, and the actor can be played.
pub(crate) fn can_try(cx: &RunCtx, op: Op, actor: Actor) -> bool {
    let played = actor == Actor::Publik || cx.statement().actors().contains(&actor);
    claimed(cx, op) && played && Actor::ALL.iter().any(|entitled| cx.target().bound(op, *entitled))
}

/// The acts of the standard that chains use. `ditunda` is reached from terdisposisi (PB-22), the final statuses from
/// where they are nearest; `pelapor_a` stands for the complaint's owner.
const EDGES: &[(Status, Op, Actor, Status)] = &[
    (
        Status::MenungguVerifikasi,
        Op::Verify,
        Actor::Admin,
        Status::Terverifikasi,
    ),
    (
        Status::MenungguVerifikasi,
        Op::RequestInfo,
        Actor::Admin,
        Status::PerluKelengkapan,
    ),
    (
        Status::MenungguVerifikasi,
        Op::Archive,
        Actor::Admin,
        Status::Diarsipkan,
    ),
    (
        Status::MenungguVerifikasi,
        Op::Forward,
        Actor::Admin,
        Status::Diteruskan,
    ),
    (
        Status::MenungguVerifikasi,
        Op::Withdraw,
        Actor::PelaporA,
        Status::Dicabut,
    ),
    (Status::Terverifikasi, Op::Dispose, Actor::Admin, Status::Terdisposisi),
    (Status::Terverifikasi, Op::Archive, Actor::Admin, Status::Diarsipkan),
    (Status::Terverifikasi, Op::Forward, Actor::Admin, Status::Diteruskan),
    (Status::Terverifikasi, Op::Withdraw, Actor::PelaporA, Status::Dicabut),
    (Status::Terdisposisi, Op::FollowUp, Actor::Petugas, Status::Diproses),
    (Status::Terdisposisi, Op::Postpone, Actor::Admin, Status::Ditunda),
    (Status::Terdisposisi, Op::Forward, Actor::Admin, Status::Diteruskan),
    (Status::Diproses, Op::Reply, Actor::PelaporA, Status::DitanggapiPelapor),
    (Status::Diproses, Op::Close, Actor::Admin, Status::Selesai),
    (Status::DitanggapiPelapor, Op::Close, Actor::Admin, Status::Selesai),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn ops(rules: &Rules, to: Status, offered: impl Fn(Op, Actor) -> bool) -> Option<Vec<Op>> {
        Some(
            rules
                .chain(Actor::PelaporB, to, offered)?
                .into_iter()
                .map(|step| step.op)
                .collect(),
        )
    }

    #[test]
    fn chains_are_the_shortest_of_what_is_offered() {
        let rules = Rules::default();
        let all = |_, _| true;
        assert_eq!(ops(&rules, Status::MenungguVerifikasi, all), Some(vec![]));
        assert_eq!(
            ops(&rules, Status::Ditunda, all),
            Some(vec![Op::Verify, Op::Dispose, Op::Postpone])
        );
        assert_eq!(
            ops(&rules, Status::Selesai, all),
            Some(vec![Op::Verify, Op::Dispose, Op::FollowUp, Op::Close])
        );
        assert_eq!(ops(&rules, Status::Diarsipkan, all), Some(vec![Op::Archive]));
        assert_eq!(ops(&rules, Status::Ditunda, |op, _| op != Op::Postpone), None);
        let chain = rules.chain(Actor::PelaporB, Status::Dicabut, all).unwrap();
        assert_eq!(
            chain,
            [Move {
                op: Op::Withdraw,
                actor: Actor::PelaporB,
                to: Status::Dicabut
            }]
        );
        for (from, op, _, to) in EDGES {
            assert!(from.moves().contains(to), "{from} {op} {to}");
            assert_eq!(leads_to(*op), Some(*to));
        }
    }

    #[test]
    fn declared_rules_change_the_chains_and_what_is_forbidden() {
        let all = |_, _| true;
        let automatic = Rules {
            automatic: true,
            ..Rules::default()
        };
        assert_eq!(ops(&automatic, Status::Terdisposisi, all), Some(vec![Op::Dispose]));
        assert_eq!(ops(&automatic, Status::MenungguVerifikasi, all), None);
        let direct = Rules {
            direct: true,
            ..Rules::default()
        };
        assert_eq!(
            ops(&direct, Status::Diproses, all),
            Some(vec![Op::Verify, Op::FollowUp])
        );
        assert_eq!(
            direct.allows(Status::Terverifikasi, Op::FollowUp),
            Some("penanganan_langsung")
        );
        let joined = Rules {
            joined: vec![vec![Op::Verify, Op::Dispose]],
            ..Rules::default()
        };
        assert_eq!(ops(&joined, Status::Terdisposisi, all), Some(vec![Op::Verify]));
        assert_eq!(ops(&joined, Status::Terverifikasi, all), None);
        assert_eq!(
            joined.allows(Status::MenungguVerifikasi, Op::Dispose),
            Some("langkah_gabungan")
        );
        assert_eq!(joined.allows(Status::Selesai, Op::Dispose), None);
    }
}
