//! Plans made one after another, each from where the one before was left.

use super::common::{Grid, Index, Instant, Piece, Ran, SiteIndex, Stage};
use super::execute::{self, Decided};
use crate::plan::score::{Planned, score};
use crate::plan::snapshot::{Previous, Snapshot};
use crate::plan::{Request, parts, run, todate};
use crate::work::history::Planned as Ahead;
use solver::Decisions;

pub struct Planner<'a> {
    stage: &'a Stage,
    /// What is asked of each plan, whenever it is made.
    asked: Request,
    pub ran: Ran,
    /// Whether the prices of a plan tell the next what hours after its horizon cost.
    pub recalls: bool,
    /// Pieces released so far, in order of the stage, and those of them still open.
    seen: usize,
    open: Vec<usize>,
    /// Of the plan before.
    pub price_by_hour: Vec<f64>,
    /// The gap that the last whole search for many jobs ended with; none where there was none, or training beside them.
    pub searched_gap: Option<f64>,
}

impl<'a> Planner<'a> {
    pub fn new(stage: &'a Stage, asked: Request) -> Self {
        let (ran, open, price_by_hour) = (Ran::new(stage), Vec::new(), Vec::new());
        Self { stage, asked, ran, recalls: true, seen: 0, open, price_by_hour, searched_gap: None }
    }

    /// Work becomes visible with its release, before step `to`.
    pub fn release_until(&mut self, to: usize) {
        while self.stage.work.get(self.seen).is_some_and(|p| p.release < to) {
            self.open.push(self.seen);
            self.seen += 1;
        }
    }

    pub fn released(&self) -> impl DoubleEndedIterator<Item = &'a Piece> + use<'a> {
        self.stage.work[..self.seen].iter()
    }

    /// Plans on what is known and carries out the first steps.
    pub fn decide(&mut self, mut known: Snapshot, from: usize, steps: usize) -> anyhow::Result<()> {
        let (stage, ran) = (self.stage, &self.ran);
        self.open.retain(|i| ran.open(stage, *i, from));
        known.work = self.open.iter().map(|i| ran.item(stage, *i, from)).collect();
        if known.work.iter().any(|item| !item.work.after.is_empty()) {
            known.finished = ran.finished(stage);
        }
        self.so_far(&mut known, from)?;
        known.price_by_hour = std::mem::take(&mut self.price_by_hour);
        known.previous = self.searched_gap.map(|gap| self.previous(gap, from));
        let (stated, outcome) = run::place(&known, &Request { now: known.now, ..self.asked })?;
        self.ran.tally.count(&outcome);
        self.searched_gap = outcome.searched.filter(|_| outcome.runs.is_empty()).map(|searched| searched.gap);
        let made = Decisions { placements: outcome.placements, jobs: outcome.jobs, runs: outcome.runs };
        let decided = Decided { stated: &stated, pieces: &self.open, made: &made, storage: &outcome.storage };
        if self.recalls {
            let prices = outcome.prices.iter().flat_map(|row| row.iter().enumerate());
            self.price_by_hour = parts::by_hour(prices.map(|(t, price)| (known.grid.start(t), *price)));
        }
        execute::run_steps(stage, &mut self.ran, (from, steps), &decided);
        execute::announce(&mut self.ran, from, &decided);
        self.match_steps(from, steps)
    }

    /// Where the plan before has jobs start that have not.
    fn previous(&self, searched_gap: f64, from: usize) -> Previous {
        let of = |index: &usize| -> Vec<Ahead> {
            let ahead = self.ran.pieces[*index].planned.filter(|start| start.1 >= from);
            let start = |(site, step): (SiteIndex, usize)| Ahead {
                site,
                step: step - from,
                mw: 0.0,
                on: true,
                save: false,
                unit: 0,
                begun: false,
            };
            ahead.map(start).into_iter().collect()
        };
        let placed = self.open.iter().map(of).collect();
        Previous { plan: String::new(), placed, searched_gap: Some(searched_gap) }
    }

    /// What storage holds, peaks and periods so far.
    fn so_far(&self, known: &mut Snapshot, from: usize) -> anyhow::Result<()> {
        let (stage, ran, grid) = (self.stage, &self.ran, known.grid);
        for (held, stored) in known.stored.iter_mut().zip(&ran.storage) {
            *held = stored.held;
            held.known = true;
        }
        if from > 0 {
            for (site, before) in SiteIndex::all(&ran.it_mw).zip(&mut known.work_before_mw) {
                *before = ran.it_mw[site][from - 1] * stage.actual.view.pue[site][from - 1];
            }
        }
        known.billing = todate::billing(&stage.portfolio, grid, &|site, since| {
            let since = self.step_of(since).min(from);
            ran.drawn_mw(stage, since, from - since)[site].iter().copied().fold(0.0, f64::max)
        });
        known.elsewhere = todate::elsewhere(&stage.portfolio, grid, &mut |target, since| {
            let since = self.step_of(since).min(from);
            let cells = ran.cells.iter().map(|cells| cells.get(since..from).unwrap_or(&[]));
            Ok(todate::counted(&stage.portfolio, target, cells))
        })?;
        Ok(())
    }

    fn step_of(&self, instant: Instant) -> usize {
        let Grid { start, step_s, .. } = self.stage.grid;
        (instant - start).max(0).div_euclid(step_s) as usize
    }

    /// Matched by the rules of the audit as it goes along, where a target counts what has been. What storage gave back
    /// is left out of it: which charge it came from is known over the whole period only.
    fn match_steps(&mut self, from: usize, steps: usize) -> anyhow::Result<()> {
        if self.stage.portfolio.targets.is_empty() {
            return Ok(());
        }
        let facility_mw = self.ran.facility_mw(self.stage, from, steps);
        let scored = score(&self.stage.actual.part(from, steps), &Planned { facility_mw, storage: Vec::new() })?;
        for (all, new) in self.ran.cells.iter_mut().zip(scored.cells) {
            all.extend(new);
        }
        Ok(())
    }
}
