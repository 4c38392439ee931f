//! Tables at a glance: areas by level, and operations by actor (who called what, and how it was answered).
//! Counts and sorts; knows no verdict beyond its word and colour.

use std::collections::BTreeSet;

use serde::Serialize;

use super::model::{AreaView, WordView, level};
use super::moment;
use super::words::VerdictView;
use crate::catalogue::Level;
use crate::domain::phrase::Lang;
use crate::domain::{Actor, Op};
use crate::pack::run_json::{Access, RunJson};

/// One area in the table at a glance.
#[derive(Debug, Clone, Serialize)]
pub(super) struct GlanceRow {
    pub(super) word: String,
    /// One for each level, in the order of [`levels`].
    pub(super) cells: Vec<Vec<GlanceMark>>,
}

/// One requirement in the table at a glance.
#[derive(Debug, Clone, Serialize)]
pub(super) struct GlanceMark {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) verdict: VerdictView,
}

/// The columns of the table at a glance.
pub(super) fn levels(lang: Lang) -> Vec<WordView> {
    Level::ALL.iter().map(|one| level(*one, lang)).collect()
}

/// Every requirement of the run by area and level, in the order of the standard.
pub(super) fn glance(areas: &[AreaView]) -> Vec<GlanceRow> {
    let of_level = |area: &AreaView, level: Level| {
        let marks = area.requirements.iter().filter(|one| one.level.id == level.id());
        marks
            .map(|one| GlanceMark {
                id: one.id.clone(),
                title: one.title.clone(),
                verdict: one.verdict.clone(),
            })
            .collect()
    };
    areas
        .iter()
        .map(|area| GlanceRow {
            word: area.word.clone(),
            cells: Level::ALL.iter().map(|level| of_level(area, *level)).collect(),
        })
        .collect()
}

/// Operations by actor.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AccessView {
    pub(super) actors: Vec<String>,
    pub(super) rows: Vec<AccessRow>,
    /// Pairs of operation and actor that the statement binds.
    pub(super) bound: usize,
    /// Those of them that the run called.
    pub(super) called: usize,
}

/// One operation.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AccessRow {
    pub(super) op: &'static str,
    pub(super) word: String,
    /// One for each actor of [`AccessView::actors`].
    pub(super) cells: Vec<AccessCell>,
}

/// One operation and actor.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct AccessCell {
    pub(super) bound: bool,
    pub(super) called: bool,
    pub(super) accepted: String,
    pub(super) refused: String,
    pub(super) other: String,
}

/// The access matrix of a run; `None` where the pack has no counts.
pub(super) fn access(run: &RunJson, lang: Lang) -> Option<AccessView> {
    if run.access.is_empty() {
        return None;
    }
    let present = |actor: &&Actor| run.access.iter().any(|one| one.actor == **actor);
    let actors: Vec<Actor> = Actor::ALL.iter().filter(present).copied().collect();
    let ops: BTreeSet<Op> = run.access.iter().map(|one| one.op).collect();
    let find = |op: Op, actor: Actor| run.access.iter().find(|one| one.op == op && one.actor == actor);
    let called = |one: &Access| one.accepted + one.refused + one.other > 0;
    Some(AccessView {
        actors: actors
            .iter()
            .map(|actor| actor.phrase().text(lang).to_owned())
            .collect(),
        rows: ops
            .into_iter()
            .map(|op| AccessRow {
                op: op.id(),
                word: op.phrase().text(lang).to_owned(),
                cells: actors
                    .iter()
                    .map(|actor| find(op, *actor).map(|one| cell(one, lang)).unwrap_or_default())
                    .collect(),
            })
            .collect(),
        bound: run.access.iter().filter(|one| one.bound).count(),
        called: run.access.iter().filter(|one| one.bound && called(one)).count(),
    })
}

fn cell(one: &Access, lang: Lang) -> AccessCell {
    let shown = |number: u64| {
        if number == 0 {
            String::new()
        } else {
            moment::count(number, lang)
        }
    };
    AccessCell {
        bound: one.bound,
        called: one.accepted + one.refused + one.other > 0,
        accepted: shown(one.accepted),
        refused: shown(one.refused),
        other: shown(one.other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn pair(op: Op, actor: Actor, bound: bool, accepted: u64) -> Access {
        Access {
            op,
            actor,
            bound,
            accepted,
            refused: 0,
            other: 0,
        }
    }

    #[test]
    fn a_bound_pair_that_nobody_called_is_told_apart() {
        let mut run = sample::run();
        run.access = vec![
            pair(Op::Read, Actor::Admin, true, 1_200),
            pair(Op::Read, Actor::Publik, false, 3),
            pair(Op::Close, Actor::Admin, true, 0),
        ];
        let view = access(&run, Lang::Id).unwrap();
        assert_eq!((view.bound, view.called), (2, 1));
        assert_eq!(view.actors, ["publik", "admin"]);
        let close = view.rows.iter().find(|row| row.op == "close").unwrap();
        assert!(close.cells[1].bound && !close.cells[1].called && !close.cells[0].bound);
        let read = view.rows.iter().find(|row| row.op == "read").unwrap();
        assert_eq!(read.cells[1].accepted, "1.200");
        assert!(read.cells[0].called && !read.cells[0].bound);
    }

    #[test]
    fn the_glance_holds_every_requirement_once() {
        let model = sample::model(Lang::En);
        let marks = model.glance.iter().flat_map(|row| &row.cells).flatten();
        let mut ids: Vec<_> = marks.map(|mark| mark.id.clone()).collect();
        let mut all: Vec<_> = model.requirements().map(|one| one.id.clone()).collect();
        ids.sort();
        all.sort();
        assert_eq!(ids, all);
    }
}
