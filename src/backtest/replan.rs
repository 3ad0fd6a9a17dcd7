//! A planner's year: at each decision it sees what was known, plans all released work anew, and the steps until the next
//! decision are carried out.

use super::planner::Planner;
use super::ran::Ran;
use super::request::{Progress, Request, Strategy};
use super::stage::Stage;
use crate::plan::snapshot::Snapshot;
use crate::plan::strategies;
use crate::plan::world::World;
use crate::plan::{Request as PlanRequest, assemble};
use reports::time::Grid;

/// Decisions after which what is no longer looked at is forgotten.
const WEEK_STEPS: usize = 24 * 7;

pub fn run(stage: &Stage, strategy: Strategy, request: &Request, progress: &Progress) -> anyhow::Result<Ran> {
    let strategy = match strategy {
        Strategy::CleanFirst => strategies::Strategy::CleanFirst,
        _ => strategies::Strategy::Lp,
    };
    let mut planner = Planner::new(stage, strategy, PlanRequest::new(0, 0).gap);
    let mut world = stage.world.clone();
    let every = (request.every_s / stage.grid.step_s).max(1) as usize;
    let horizon = (request.horizon_s / stage.grid.step_s).max(1) as usize;
    for from in (0..stage.grid.len).step_by(every) {
        planner.release_until(from + 1);
        let grid = Grid { start_s: stage.grid.start(from), step_s: stage.grid.step_s, len: horizon };
        let seen = known(stage, &mut world, &planner, grid)?;
        planner.decide(seen, from, every.min(stage.grid.len - from))?;
        progress.step();
        if from % WEEK_STEPS < every {
            world.forget_before(grid.start_s);
        }
    }
    Ok(planner.ran.close(stage))
}

/// What a planner at the start of the grid would know, its work apart.
fn known(stage: &Stage, world: &mut World, planner: &Planner, grid: Grid) -> anyhow::Result<Snapshot> {
    let now_s = grid.start_s;
    let view = world.view(grid, now_s)?;
    view.gaps.check()?;
    let portfolio = stage.portfolio.clone();
    let recent = planner.released().rev().take_while(|p| p.span.start_s >= now_s - assemble::SEEN_DAYS * 86_400);
    let expected_work = assemble::expected_work(&portfolio, recent.map(|p| (&p.work, p.span)), now_s, grid);
    let mut snapshot = Snapshot::of_view(portfolio, world.derive.rules.clone(), now_s, grid, view);
    snapshot.expected_work = expected_work;
    Ok(snapshot)
}
