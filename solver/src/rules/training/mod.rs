//! Training runs, few integers: `on` and `save` are whole, the rest follows.
//!
//! `state` on, off, held, begun, finished · `checkpoint` saves before stops and in time · `power` throttle and curve ·
//! `progress` tokens lost, classes, deadlines · `moves` between sites. Each opens with its formula.

mod checkpoint;
mod moves;
mod power;
mod progress;
mod state;
pub mod utilisation;

use crate::model::LinearModel;
use crate::problem::{Problem, Run};
use crate::terms::Terms;

/// Columns of one run, by position in its list of sites and step from its release.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunKeys {
    pub release: usize,
    pub on: Vec<Vec<usize>>,
    pub held: Vec<Vec<usize>>,
    pub start: Vec<Vec<usize>>,
    pub stop: Vec<Vec<usize>>,
    /// None where saves come within steps.
    pub save: Option<Vec<Vec<usize>>>,
    /// None where it has begun.
    pub begin: Option<Vec<Vec<usize>>>,
    pub wait: Option<Vec<usize>>,
    /// None where it cannot finish.
    pub finish: Option<Vec<Vec<usize>>>,
    pub done: Option<Vec<usize>>,
    pub power: Vec<Vec<usize>>,
    pub progress: Vec<Vec<usize>>,
}

impl RunKeys {
    pub fn steps(&self) -> usize {
        self.on.first().map_or(0, Vec::len)
    }
}

/// One run while its rules are stated.
struct Stating<'a> {
    problem: &'a Problem,
    terms: &'a Terms,
    index: usize,
    run: &'a Run,
    keys: RunKeys,
}

impl Stating<'_> {
    /// (run, site, step) for names, from a position and a step since release.
    fn at(&self, position: usize, t: usize) -> (usize, usize, usize) {
        (self.index, self.run.sites[position], self.run.release + t)
    }

    fn positions(&self) -> std::ops::Range<usize> {
        0..self.run.sites.len()
    }

    fn steps(&self) -> usize {
        self.run.deadline - self.run.release
    }

    /// Draws IT power at its site, as useful load where it is.
    fn draw(&self, model: &mut LinearModel, column: usize, (position, t): (usize, usize), mw: f64) {
        if mw == 0.0 {
            return;
        }
        let (_, site, step) = self.at(position, t);
        model.draw(column, (site, step), self.problem.sites[site].pue[step], (mw, mw));
    }
}

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (index, run) in problem.runs.iter().enumerate() {
        let keys = RunKeys { release: run.release, ..RunKeys::default() };
        let mut stating = Stating { problem, terms, index, run, keys };
        stating.state(model);
        stating.checkpoints(model);
        stating.prior(model);
        stating.power(model);
        stating.progress(model);
        stating.moves(model);
        model.keys.runs.push(stating.keys);
    }
    utilisation::add(model, problem);
}
