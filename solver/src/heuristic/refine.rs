//! Rounds over a greedy plan: each work is taken out and placed again as the others stand.
//!
//! Two prices move between rounds. A target's price is halved in on: high while the target is
//! missed, low once it is met. A full cell in the window of missed work gets dearer, so that
//! work with a choice leaves it. The best plan seen is kept.

use super::state::State;
use crate::model::Terms;
use crate::model::objective::{Evaluation, settle};
use crate::outcome::Placement;
use crate::problem::Problem;
use ids::{BoundaryIndex, Index, WorkIndex};

const NEGLIGIBLE: f64 = 1e-6;

pub struct Best {
    pub placements: Vec<Placement>,
    pub evaluation: Evaluation,
    /// `[boundary][step]` cost of one more facility MW for one step.
    pub marginal: Vec<Vec<f64>>,
    pub pressure: Vec<f64>,
}

pub struct Search<'a> {
    problem: &'a Problem,
    terms: &'a Terms,
    state: State<'a>,
    order: &'a [WorkIndex],
    /// Target prices known too low, tried now, known high enough.
    prices: Vec<(f64, f64, f64)>,
}

impl<'a> Search<'a> {
    pub fn new(
        problem: &'a Problem,
        terms: &'a Terms,
        order: &'a [WorkIndex],
        pressure: &[f64],
        penalty: Option<&[Vec<f64>]>,
    ) -> Search<'a> {
        let mut state = State::new(problem, terms, pressure.to_vec());
        if let Some(penalty) = penalty {
            state.penalty = penalty.to_vec();
        }
        let targets = pressure.iter().zip(&terms.targets);
        let prices = targets.map(|(&now, k)| (0.0, now, k.price)).collect();
        Search { problem, terms, state, order, prices }
    }

    /// From a previous plan's placements.
    pub fn starting_with(mut self, placements: &[Placement]) -> Search<'a> {
        placements.iter().for_each(|p| self.state.put(p));
        self
    }

    /// The first pass, over what is not placed, and at most `rounds` further ones.
    pub fn run(&mut self, rounds: usize) -> Best {
        self.order.iter().for_each(|&w| self.state.insert(w));
        let mut best = self.snapshot();
        for _ in 0..rounds {
            let missed = self.dear_cells();
            let pressed = self.press(&best.evaluation.short_mwh);
            for &w in self.order {
                self.state.remove(w);
                self.state.insert(w);
            }
            let next = self.snapshot();
            let gain = best.evaluation.objective - next.evaluation.objective;
            let size = best.evaluation.objective.abs().max(1.0);
            if gain > 0.0 {
                best = next;
            }
            if !missed && !pressed && gain <= 1e-7 * size {
                break;
            }
        }
        best
    }

    fn snapshot(&self) -> Best {
        let placements = self.state.placements();
        let evaluation = settle(self.problem, self.terms, &placements, None);
        let by_step = |b: BoundaryIndex| (0..self.problem.steps).map(|t| self.state.marginal(b, t)).collect();
        let marginal = BoundaryIndex::all(&self.problem.boundaries).map(by_step).collect();
        Best { placements, evaluation, marginal, pressure: self.prices.iter().map(|p| p.1).collect() }
    }

    /// Makes full cells wanted by missed work dearer; whether there were any.
    fn dear_cells(&mut self) -> bool {
        let grid = self.terms.grid_cost.iter().flatten();
        let bump = self.problem.step_hours + 0.1 * grid.fold(0.0_f64, |m, c| m.max(c.abs()));
        let mut any = false;
        for (w, work) in WorkIndex::each(&self.problem.work) {
            if self.state.missing(w) <= NEGLIGIBLE {
                continue;
            }
            for &s in &work.sites {
                for t in work.release..work.deadline {
                    if self.state.room[s][t] <= NEGLIGIBLE {
                        self.state.penalty[s][t] += bump;
                        any = true;
                    }
                }
            }
        }
        any
    }

    /// Moves target prices by what the best plan is short; whether one moved noticeably.
    fn press(&mut self, short: &[f64]) -> bool {
        let mut moved = false;
        for (price, short) in self.prices.iter_mut().zip(short) {
            let (low, now, high) = *price;
            let (low, high) = if *short > NEGLIGIBLE { (now, high) } else { (low, now) };
            let next = 0.5 * (low + high);
            moved |= (next - now).abs() > 1e-3 * high.max(1.0);
            *price = (low, next, high);
        }
        if moved {
            let pressure = self.prices.iter().map(|p| p.1).collect();
            self.state.press(pressure);
        }
        moved
    }
}
