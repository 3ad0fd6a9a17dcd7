//! `lp-perfect`: the same planner told everything, a week at a time with a week beyond it in view.

use super::stage::{Ran, Stage};
use crate::plan::problem::{self, Stated};
use reports::time::format_instant;
use solver::Limits;

const DAY_S: i64 = 86_400;
const KEPT_DAYS: i64 = 7;
const SEEN_DAYS: i64 = 10;

pub fn run(stage: &Stage) -> anyhow::Result<Ran> {
    let per_day = (DAY_S / stage.grid.step_s) as usize;
    let mut ran = Ran::nothing(stage);
    let mut from = 0;
    while from < stage.grid.len {
        let len = (SEEN_DAYS as usize * per_day).min(stage.grid.len - from);
        let kept = if from + len == stage.grid.len { len } else { KEPT_DAYS as usize * per_day };
        week(stage, &mut ran, (from, len), kept)?;
        from += kept;
    }
    Ok(ran.close(stage))
}

/// Plans `len` steps and keeps the first of them.
fn week(stage: &Stage, ran: &mut Ran, (from, len): (usize, usize), kept: usize) -> anyhow::Result<()> {
    let mut snapshot = stage.actual.part(from, len);
    let open = |(i, p): &(usize, &super::stage::Piece)| {
        p.release < from + len && p.deadline > from && ran.left_mwh[*i] > problem::DONE_MWH
    };
    let indices: Vec<usize> = stage.work.iter().enumerate().filter(open).map(|(i, _)| i).collect();
    for &i in &indices {
        let mut item = stage.work[i].item(ran.left_mwh[i]);
        item.work.release = format_instant(stage.grid.start(stage.work[i].release.max(from)));
        snapshot.work.push(item);
    }
    let Stated { problem, work, .. } = problem::state(&snapshot);
    let outcome = solver::solve(&problem, &Limits::default())?;
    let h = problem.step_hours;
    for p in outcome.placements.iter().filter(|p| p.step < kept && p.work < work.len()) {
        let index = indices[work[p.work]];
        ran.it_mw[p.site][from + p.step] += p.mw;
        ran.left_mwh[index] -= h * p.mw;
    }
    Ok(())
}
