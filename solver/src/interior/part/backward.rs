//! Steps: from the changes of what cells are worth to those of every row and column of pieces.

use super::{At, Part};
use crate::interior::bounded::Reach;
use crate::interior::lanes::dot;
use crate::interior::parallel::wide;
use crate::interior::shape::Piece;
use pulp::NullaryFnOnce;
use std::sync::Arc;

impl Part {
    /// Changes of duals from those of cells.
    #[inline(always)]
    fn back(&mut self, p: usize, piece: &Piece, at: &At, change: &[f64]) {
        let h = self.shape.step_hours;
        let over = &mut self.rates.step[at.rates.clone()];
        over.fill(0.0);
        for run in &self.shape.runs[piece.runs.clone()] {
            let weights = &self.weights[at.cells + run.at..][..run.len];
            let change = &change[self.shape.span(run)];
            let over = &mut over[run.rate..][..run.len];
            for t in 0..run.len {
                over[t] += weights[t] * change[t];
            }
        }
        let ratio = &self.rates.ratio[at.rates.clone()];
        if !self.shape.keeps_energies {
            self.energy_step[p] = (self.energy_side[p] - h * dot(over, ratio)) / self.sigma[p];
        }
        let energy = self.energy_step[p];
        let n = over.len();
        let (side, sum) = (&self.rates.side[at.rates.clone()][..n], &self.rates.sum[at.rates.clone()][..n]);
        let d = &self.rates.d[at.rates.clone()][..n];
        for t in 0..n {
            over[t] = (side[t] - h * sum[t] * energy - over[t]) / d[t];
        }
    }

    /// The step of every column, and how far it could go.
    pub fn backward(&mut self, prices: &[f64], change: &[f64]) -> Reach {
        wide(Backward { part: self, prices, change })
    }

    #[inline(always)]
    fn backward_wide(&mut self, prices: &[f64], change: &[f64]) -> Reach {
        let shape = Arc::clone(&self.shape);
        let h = shape.step_hours;
        let mut reach = Reach::FREE;
        for (p, piece) in shape.pieces[self.pieces.clone()].iter().enumerate() {
            let at = self.at(piece);
            self.back(p, piece, &at, change);
            let (energy, moved) = (self.energy[p], self.energy_step[p]);
            let cost = &shape.cost[piece.block()];
            for run in shape.runs_of(piece) {
                let steps = self.columns.steps(at.cells + run.at..at.cells + run.at + run.len);
                let (n, first) = (steps.len(), at.rates.start + run.rate);
                let (duals, rates) = (&self.rates.dual[first..][..n], &self.rates.step[first..][..n]);
                let (cost, span) = (&cost[run.at..][..n], shape.span(run));
                let (prices, change) = (&prices[span.clone()][..n], &change[span][..n]);
                reach = reach.and(steps.all(|t| {
                    let reduced = cost[t] - h * energy - duals[t] - prices[t];
                    h * moved + rates[t] + change[t] - reduced
                }));
            }
            let steps = self.columns.steps(at.slacks..at.miss);
            let n = steps.len();
            let (duals, rates) = (&self.rates.dual[at.rates.clone()][..n], &self.rates.step[at.rates.clone()][..n]);
            reach = reach.and(steps.all(|t| rates[t] + duals[t]));
            let miss = cost[piece.columns() - 1];
            reach = reach.and(self.columns.steps(at.miss..at.miss + 1).all(|_| moved - (miss - energy)));
            for k in at.extras.clone() {
                let reduced = self.reduced_extra(p, &at, prices, k);
                let mut over = self.energy_of(k) * moved;
                if let Some(draws) = self.extra(k).draws {
                    over += self.rates.step[at.rates.start + draws.rate] + change[draws.cell];
                }
                self.extras.step(k, reduced, over, &mut reach);
            }
        }
        reach
    }

    /// Duals of rows without a step of columns: a first guess.
    pub fn set_duals(&mut self, change: &[f64]) {
        let shape = Arc::clone(&self.shape);
        for (p, piece) in shape.pieces[self.pieces.clone()].iter().enumerate() {
            let at = self.at(piece);
            self.back(p, piece, &at, change);
        }
        self.rates.dual.copy_from_slice(&self.rates.step);
        self.energy.copy_from_slice(&self.energy_step);
    }
}

struct Backward<'a> {
    part: &'a mut Part,
    prices: &'a [f64],
    change: &'a [f64],
}

impl NullaryFnOnce for Backward<'_> {
    type Output = Reach;

    #[inline(always)]
    fn call(self) -> Reach {
        self.part.backward_wide(self.prices, self.change)
    }
}
