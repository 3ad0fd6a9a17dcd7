//! What the rules of a run are stated with.

use crate::model::keys::RunKeys;
use crate::model::linear::{LinearModel, Part};
use crate::model::terms::Terms;
use crate::problem::{Problem, Run};

/// One run while its rules are stated.
pub(super) struct Stating<'a> {
    pub(super) problem: &'a Problem,
    pub(super) terms: &'a Terms,
    pub(super) index: usize,
    pub(super) run: &'a Run,
    pub(super) keys: RunKeys,
}

impl Stating<'_> {
    /// (run, site, step) for names, from a position and a step since release.
    pub(super) fn at(&self, position: usize, t: usize) -> (usize, usize, usize) {
        (self.index, self.run.sites[position], self.run.release + t)
    }

    pub(super) fn positions(&self) -> std::ops::Range<usize> {
        0..self.run.sites.len()
    }

    pub(super) fn steps(&self) -> usize {
        self.run.deadline - self.run.release
    }

    /// A column for each position and step, with its upper bound and cost.
    pub(super) fn table(&self, model: &mut LinearModel, part: Part, (upper, cost): (f64, f64)) -> Vec<Vec<usize>> {
        let mut column = |position: usize, t: usize| model.part(part, self.at(position, t), upper, cost);
        self.positions().map(|p| (0..self.steps()).map(|t| column(p, t)).collect()).collect()
    }

    /// The same of integers, zero or one.
    pub(super) fn choices(&self, model: &mut LinearModel, part: Part) -> Vec<Vec<usize>> {
        let columns = self.table(model, part, (1.0, 0.0));
        columns.iter().flatten().for_each(|&column| model.columns[column].integer = true);
        columns
    }

    /// Draws IT power at its site, as useful load where it is.
    pub(super) fn draw(&self, model: &mut LinearModel, column: usize, (position, t): (usize, usize), mw: f64) {
        if mw == 0.0 {
            return;
        }
        let (_, site, step) = self.at(position, t);
        model.draw(column, (site, step), self.problem.sites[site].pue[step], (mw, mw));
    }
}
