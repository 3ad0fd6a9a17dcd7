//! Right sides: rows of pieces eliminated from what every column and row asks for.

use super::{At, MISS, Part};
use crate::interior::bounded::Aim;
use crate::interior::lanes::{dot, sum};
use crate::interior::parallel::wide;
use crate::interior::shape::Piece;
use pulp::NullaryFnOnce;
use std::sync::Arc;

impl Part {
    /// Right sides with the rows of pieces eliminated, added to `loads` by cell; those of a first guess without an aim.
    pub fn forward(&mut self, prices: &[f64], aim: Option<Aim>, loads: &mut [f64]) {
        wide(Forward { part: self, prices, aim, loads });
    }

    #[inline(always)]
    fn forward_wide(&mut self, prices: &[f64], aim: Option<Aim>, loads: &mut [f64]) {
        let shape = Arc::clone(&self.shape);
        let (h, guess) = (shape.step_hours, aim.is_none());
        if let Some(aim) = aim {
            self.extras.aim(aim);
        }
        for (p, piece) in shape.pieces[self.pieces.clone()].iter().enumerate() {
            let at = self.at(piece);
            let energy = self.energy[p];
            if let Some(aim) = aim {
                self.aim(piece, &at, aim);
            }
            let mut side = self.lacking(piece, &at, guess);
            let cost = &shape.cost[piece.block()];
            let miss =
                cost[piece.columns() - 1] - energy - f64::from(self.columns.targets[at.miss]) / self.columns.x[at.miss];
            side += self.weights[at.miss] * miss;
            side += self.forward_extras((p, &at), prices, guess, loads);
            self.pull_cells((p, piece), &at, prices, (guess, loads));
            side += h * self.answer_steps(&at);
            self.energy_side[p] = side;
            let each = if shape.keeps_energies { 0.0 } else { h * side / self.sigma[p] };
            self.push_rows(piece, &at, each, loads);
        }
    }

    /// Answers the rows of steps: what they still ask for, by unit of `d`, into `scratch`. What is left for energy's row.
    #[inline(always)]
    fn answer_steps(&mut self, at: &At) -> f64 {
        let rates = &mut self.rates;
        let (side, scratch) = (&mut rates.side[at.rates.clone()], &mut rates.scratch[at.rates.clone()]);
        let asked = sum(scratch);
        let n = side.len();
        let (dual, d) = (&rates.dual[at.rates.clone()][..n], &rates.d[at.rates.clone()][..n]);
        let scratch = &mut scratch[..n];
        let (x, targets) = (&self.columns.x[at.slacks..][..n], &self.columns.targets[at.slacks..][..n]);
        let weights = &self.weights[at.slacks..][..n];
        for t in 0..n {
            let right = side[t] - weights[t] * (dual[t] + f64::from(targets[t]) / x[t]) + scratch[t];
            side[t] = right;
            scratch[t] = right / d[t];
        }
        asked - dot(&rates.sum[at.rates.clone()], scratch)
    }

    /// What the columns of cells ask for: of their steps into `scratch`, and of cells.
    #[inline(always)]
    fn pull_cells(&mut self, (p, piece): (usize, &Piece), at: &At, prices: &[f64], (guess, loads): (bool, &mut [f64])) {
        let (h, energy) = (self.shape.step_hours, self.energy[p]);
        let part = if guess { 0.0 } else { 1.0 };
        let sums = &mut self.rates.scratch[at.rates.clone()];
        sums.fill(0.0);
        for run in &self.shape.runs[piece.runs.clone()] {
            let range = at.cells + run.at..at.cells + run.at + run.len;
            let (x, z) = (&self.columns.x[range.clone()], &self.columns.z[range.clone()]);
            let targets = &self.columns.targets[range];
            let (cost, prices) = (&self.shape.cost[piece.first + run.at..][..run.len], &prices[self.shape.span(run)]);
            let duals = &self.rates.dual[at.rates.start + run.rate..][..run.len];
            let sums = &mut sums[run.rate..][..run.len];
            let loads = &mut loads[self.shape.span(run)];
            for t in 0..run.len {
                let reduced = cost[t] - h * energy - duals[t] - prices[t];
                let pulled =
                    if guess { x[t] * x[t] * reduced } else { (x[t] * reduced - f64::from(targets[t])) / z[t] };
                sums[t] += pulled;
                loads[t] += pulled - part * x[t];
            }
        }
    }

    /// Takes from cells what the rows of a piece answer for: those of steps, in `scratch`, and that of energy.
    #[inline(always)]
    fn push_rows(&self, piece: &Piece, at: &At, energy: f64, loads: &mut [f64]) {
        let (steps, ratio) = (&self.rates.scratch[at.rates.clone()], &self.rates.ratio[at.rates.clone()]);
        for run in self.shape.runs_of(piece) {
            let weights = &self.weights[at.cells + run.at..][..run.len];
            let (steps, ratio) = (&steps[run.rate..][..run.len], &ratio[run.rate..][..run.len]);
            let loads = &mut loads[self.shape.span(run)];
            for t in 0..run.len {
                loads[t] -= weights[t] * (steps[t] + energy * ratio[t]);
            }
        }
    }

    fn forward_extras(&mut self, (p, at): (usize, &At), prices: &[f64], guess: bool, loads: &mut [f64]) -> f64 {
        let mut side = 0.0;
        for k in at.extras.clone() {
            let reduced = self.reduced_extra(p, at, prices, k);
            let pulled = match guess {
                true => self.extras.guess(k) * reduced,
                false => self.extras.weight(k) * self.extras.pull(k, reduced),
            };
            side += self.energy_of(k) * pulled;
            if let Some(draws) = self.extra(k).draws {
                self.rates.side[at.rates.start + draws.rate] += pulled;
                loads[draws.cell] += if guess { pulled } else { pulled - self.extras.x[k] };
            }
        }
        side
    }

    /// What a piece's rows lack: those of steps into `side`, that of energy returned.
    #[inline(always)]
    fn lacking(&mut self, piece: &Piece, at: &At, guess: bool) -> f64 {
        let h = self.shape.step_hours;
        if guess {
            self.rates.side[at.rates.clone()].fill(0.0);
            return 0.0;
        }
        let mut energy = piece.energy_mwh - self.columns.x[at.miss];
        let side = &mut self.rates.side[at.rates.clone()];
        let most = &self.shape.most[piece.rates.clone()];
        let slacks = most.iter().zip(&self.columns.x[at.slacks..at.miss]);
        side.iter_mut().zip(slacks).for_each(|(side, (most, slack))| *side = most - slack);
        for run in &self.shape.runs[piece.runs.clone()] {
            let x = &self.columns.x[at.cells + run.at..][..run.len];
            side[run.rate..][..run.len].iter_mut().zip(x).for_each(|(side, x)| *side -= x);
            energy -= h * sum(x);
        }
        for k in at.extras.clone() {
            energy -= self.energy_of(k) * self.extras.x[k];
            if let Some(draws) = self.extra(k).draws {
                self.rates.side[at.rates.start + draws.rate] -= self.extras.x[k];
            }
        }
        energy
    }

    /// Sets the targets of a piece's pairs.
    #[inline(always)]
    fn aim(&mut self, piece: &Piece, at: &At, aim: Aim) {
        aim.all(piece.max_mw, self.columns.aimed(at.cells..at.miss));
        aim.all(MISS * piece.energy_mwh, self.columns.aimed(at.miss..at.miss + 1));
    }
}

struct Forward<'a> {
    part: &'a mut Part,
    prices: &'a [f64],
    aim: Option<Aim>,
    loads: &'a mut [f64],
}

impl NullaryFnOnce for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.part.forward_wide(self.prices, self.aim, self.loads);
    }
}
