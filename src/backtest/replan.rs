//! A planner's year: at each decision it sees what was known, plans all released work anew, and the steps until the next
//! decision are carried out.

use super::common::{Grid, Ran, Request, Stage, Strategy};
use super::planner::Planner;
use super::progress::{Checkpoint, Progress};
use crate::expected::World;
use crate::plan::snapshot::Snapshot;
use crate::plan::{self, assemble};

/// Decisions after which what is no longer looked at is forgotten.
const WEEK_STEPS: usize = 24 * 7;

pub fn run(stage: &Stage, strategy: Strategy, request: &Request, progress: &Progress) -> anyhow::Result<Ran> {
    let planned_by = match strategy {
        Strategy::CleanFirst => plan::Strategy::CleanFirst,
        _ => plan::Strategy::Lp,
    };
    let asked = plan::Request { strategy: planned_by, told: progress.told, ..request.of_each_plan() };
    let mut planner = Planner::new(stage, asked);
    let mut first = 0;
    if let Some(left) = progress.under_way(strategy) {
        first = left.steps;
        (planner.ran, planner.price_by_hour) = (left.ran, left.price_by_hour);
        planner.searched_gap = left.searched_gap;
    }
    let mut world = stage.world.clone();
    let every = (request.every_s / stage.grid.step_s).max(1) as usize;
    let horizon = (request.horizon_s / stage.grid.step_s).max(1) as usize;
    for from in (first..stage.grid.len).step_by(every) {
        planner.release_until(from + 1);
        let grid = Grid { start: stage.grid.start(from), step_s: stage.grid.step_s, len: horizon };
        let seen = known(stage, &mut world, &planner, grid)?;
        let steps = every.min(stage.grid.len - from);
        planner.decide(seen, from, steps)?;
        progress.decided(|| {
            let (ran, price_by_hour) = (planner.ran.clone(), planner.price_by_hour.clone());
            Checkpoint { strategy, steps: from + steps, ran, price_by_hour, searched_gap: planner.searched_gap }
        });
        if from % WEEK_STEPS < every {
            world.forget_before(grid);
        }
    }
    Ok(planner.ran.close(stage))
}

/// What a planner at the start of the grid would know, its work apart.
fn known(stage: &Stage, world: &mut World, planner: &Planner, grid: Grid) -> anyhow::Result<Snapshot> {
    let now = grid.start;
    let view = world.view(grid, now)?;
    view.gaps.check()?;
    let portfolio = stage.portfolio.clone();
    let recent = planner.released().rev().take_while(|p| p.span.start >= now - assemble::SEEN_DAYS * 86_400);
    let expected_work = assemble::expected_work(&portfolio, recent.map(|p| (&p.work, p.span)), now, grid);
    let mut snapshot = Snapshot::of_view(portfolio, world.rules().clone(), now, grid, view);
    snapshot.expected_work = expected_work;
    Ok(snapshot)
}
