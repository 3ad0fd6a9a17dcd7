//! What the rules of a run are stated with.

use crate::model::keys::RunKeys;
use crate::model::linear::LinearModel;
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

    /// Draws IT power at its site, as useful load where it is.
    pub(super) fn draw(&self, model: &mut LinearModel, column: usize, (position, t): (usize, usize), mw: f64) {
        if mw == 0.0 {
            return;
        }
        let (_, site, step) = self.at(position, t);
        model.draw(column, (site, step), self.problem.sites[site].pue[step], (mw, mw));
    }
}
