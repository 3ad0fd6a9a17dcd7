//! A planner's year: at each decision it sees what was known, plans all released work anew, and the steps until the next
//! decision are carried out as far as the site has room.

use super::stage::{Ran, Stage};
use super::{Progress, Request, Strategy};
use crate::plan::assemble;
use crate::plan::problem::{self, Stated};
use crate::plan::snapshot::Snapshot;
use crate::plan::strategies;
use crate::plan::world::World;
use crate::plan::{Request as PlanRequest, run as plan_run};
use reports::time::Grid;
use solver::Placement;

pub fn run(stage: &Stage, strategy: Strategy, request: &Request, progress: &Progress) -> anyhow::Result<Ran> {
    let mut planner = Planner {
        stage,
        strategy: match strategy {
            Strategy::CleanFirst => strategies::Strategy::CleanFirst,
            _ => strategies::Strategy::Lp,
        },
        world: stage.world.clone(),
        ran: Ran::nothing(stage),
        released: 0,
        open: Vec::new(),
    };
    let every = (request.every_s / stage.grid.step_s).max(1) as usize;
    let horizon = (request.horizon_s / stage.grid.step_s).max(1) as usize;
    for from in (0..stage.grid.len).step_by(every) {
        planner.decide(from, every.min(stage.grid.len - from), horizon)?;
        progress.step();
    }
    Ok(planner.ran.close(stage))
}

struct Planner<'a> {
    stage: &'a Stage,
    strategy: strategies::Strategy,
    world: World,
    ran: Ran,
    /// Pieces released so far, in order of the stage, and those of them still open.
    released: usize,
    open: Vec<usize>,
}

impl Planner<'_> {
    fn decide(&mut self, from: usize, steps: usize, horizon: usize) -> anyhow::Result<()> {
        let grid = self.stage.grid;
        while self.stage.work.get(self.released).is_some_and(|p| p.release <= from) {
            self.open.push(self.released);
            self.released += 1;
        }
        let ran = &self.ran;
        self.open.retain(|i| ran.left_mwh[*i] > problem::DONE_MWH && self.stage.work[*i].deadline > from);
        let snapshot = self.snapshot(Grid { start_s: grid.start(from), step_s: grid.step_s, len: horizon })?;
        let request = PlanRequest { strategy: self.strategy, ..PlanRequest::new(snapshot.now_s, 0) };
        let (stated, outcome) = plan_run::place(&snapshot, &request)?;
        self.carry_out(from, steps, &stated, &outcome.placements);
        if from % (24 * 7) < steps {
            self.world.forget_before(grid.start(from));
        }
        Ok(())
    }

    /// What a planner at the start of the grid would know.
    fn snapshot(&mut self, grid: Grid) -> anyhow::Result<Snapshot> {
        let now_s = grid.start_s;
        let view = self.world.view(grid, now_s)?;
        let portfolio = self.stage.portfolio.clone();
        let seen = self.stage.work[..self.released].iter().rev();
        let recent = seen.take_while(|p| p.work.span_s().0 >= now_s - assemble::SEEN_DAYS * 86_400);
        let expected_work = assemble::expected_work(&portfolio, recent.map(|p| &p.work), now_s, grid);
        let rules = self.world.derive.rules.clone();
        let mut snapshot = Snapshot::of_view(portfolio, rules, now_s, grid, view);
        snapshot.work = self.open.iter().map(|i| self.stage.work[*i].item(self.ran.left_mwh[*i])).collect();
        snapshot.expected_work = expected_work;
        Ok(snapshot)
    }

    /// The first steps of a plan; firm load that came higher than expected leaves less room than planned.
    fn carry_out(&mut self, from: usize, steps: usize, stated: &Stated, placements: &[Placement]) {
        let h = self.stage.grid.step_s as f64 / 3_600.0;
        let mut first: Vec<&Placement> =
            placements.iter().filter(|p| p.step < steps && p.work < stated.work.len()).collect();
        // Where room is short, what is due first goes first.
        first.sort_by_key(|p| (p.step, stated.problem.work[p.work].deadline, p.work, p.site));
        for p in first {
            let (index, step) = (self.open[stated.work[p.work]], from + p.step);
            let room = self.stage.room(p.site, step) - self.ran.it_mw[p.site][step];
            let mw = p.mw.min(room).min(self.ran.left_mwh[index] / h).max(0.0);
            self.ran.it_mw[p.site][step] += mw;
            self.ran.left_mwh[index] -= h * mw;
        }
    }
}
