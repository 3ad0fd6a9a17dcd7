//! Some of the pieces, with all that is kept for their columns and rows, and the elimination of those rows: right sides in
//! `forward`, steps in `backward`.
//!
//! With `D = x/z` per column, `d` the sum of `D` over a step's columns and its slack, and `e` the energy row:
//!
//! ```text
//! step     d[t]  = slack + sum D             ratio[t] = slack / d[t]
//! energy   sigma = sum h*h*ratio*D + miss + later
//! cells    M     = diag(D) - D D'/d per step,   less  v v'/sigma  with  v = h*ratio*D
//! ```
//!
//! Written so that nothing cancels: `D - D*D/d` is `D*(d - D)/d`, and its sum over a step is `D*ratio`.

mod backward;
mod forward;

use super::bounded::Bounded;
use super::columns::Columns;
use super::lanes::dot;
use super::shape::{Extra, Piece, Run, Shape};
use std::ops::Range;
use std::sync::Arc;

/// The scale of a miss, as a part of a piece's energy: small, so that a solve that stops at its gap misses no traces of
/// what the optimum does not miss.
const MISS: f64 = 1e-3;

/// A miss below this part of a piece's energy is rounding.
pub(super) const ROUNDED: f64 = 1e-7;

/// A miss below this part of it may still go away.
const TRACE: f64 = 1e-2;

pub(super) struct Part {
    pub shape: Arc<Shape>,
    pub pieces: Range<usize>,
    /// Offsets of this part in vectors of all local columns, rates and extras.
    first: usize,
    rate: usize,
    extra: usize,
    columns: Columns,
    /// `D`; of a cell that of power kept there too.
    weights: Vec<f64>,
    pub extras: Bounded,
    rates: Rates,
    /// By piece: `sigma`, the dual of energy, its change, and the right side.
    sigma: Vec<f64>,
    pub energy: Vec<f64>,
    energy_step: Vec<f64>,
    energy_side: Vec<f64>,
}

/// By step of each piece.
struct Rates {
    d: Vec<f64>,
    ratio: Vec<f64>,
    /// `D` of its cells, summed.
    sum: Vec<f64>,
    dual: Vec<f64>,
    step: Vec<f64>,
    side: Vec<f64>,
    scratch: Vec<f64>,
}

/// Where a piece's columns stand in its part.
struct At {
    cells: usize,
    slacks: usize,
    miss: usize,
    rates: Range<usize>,
    extras: Range<usize>,
}

impl Part {
    pub fn new(shape: &Arc<Shape>, range: Range<usize>) -> Part {
        let pieces = &shape.pieces[range.clone()];
        let (first, rate, extra) = pieces.first().map_or((0, 0, 0), |p| (p.first, p.rates.start, p.extras.start));
        let (end, rate_end, extra_end) =
            pieces.last().map_or((0, 0, 0), |p| (p.block().end, p.rates.end, p.extras.end));
        let columns = || vec![0.0; end - first];
        let rates = || vec![0.0; rate_end - rate];
        let each = || vec![0.0; pieces.len()];
        Part {
            first,
            rate,
            extra,
            columns: Columns::new(end - first),
            weights: columns(),
            extras: Bounded::new(shape.extras[extra..extra_end].iter().map(|e| e.upper).collect()),
            rates: Rates {
                d: rates(),
                ratio: rates(),
                sum: rates(),
                dual: rates(),
                step: rates(),
                side: rates(),
                scratch: rates(),
            },
            sigma: each(),
            energy: each(),
            energy_step: each(),
            energy_side: each(),
            shape: Arc::clone(shape),
            pieces: range,
        }
    }

    fn at(&self, piece: &Piece) -> At {
        let cells = piece.first - self.first;
        At {
            cells,
            slacks: cells + piece.cells,
            miss: cells + piece.columns() - 1,
            rates: piece.rates.start - self.rate..piece.rates.end - self.rate,
            extras: piece.extras.start - self.extra..piece.extras.end - self.extra,
        }
    }

    fn extra(&self, k: usize) -> &Extra {
        &self.shape.extras[self.extra + k]
    }

    /// Energy of an extra column per unit.
    fn energy_of(&self, k: usize) -> f64 {
        if self.extra(k).draws.is_some() { self.shape.step_hours } else { 1.0 }
    }

    /// Every piece spread over its cells.
    pub fn start(&mut self) {
        let shape = Arc::clone(&self.shape);
        let h = shape.step_hours;
        for piece in &shape.pieces[self.pieces.clone()] {
            let at = self.at(piece);
            let cells = piece.cells.max(1) as f64;
            let most = 0.7 * piece.max_mw * piece.rates.len() as f64 / cells;
            let mw = (piece.energy_mwh / (h * cells)).min(most).max(1e-3 * most);
            self.columns.x[at.cells..at.slacks].fill(mw);
            self.columns.x[at.slacks..at.miss].copy_from_slice(&shape.most[piece.rates.clone()]);
            for run in shape.runs_of(piece) {
                self.columns.x[at.slacks + run.rate..][..run.len].iter_mut().for_each(|slack| *slack -= mw);
            }
            // Where a piece has more sites in some steps than in others.
            let slacks = self.columns.x[at.slacks..at.miss].iter_mut().zip(&shape.most[piece.rates.clone()]);
            slacks.for_each(|(slack, most)| *slack = slack.max(0.1 * most));
            let mut energy = h * mw * piece.cells as f64;
            for k in at.extras {
                let upper = self.extra(k).upper;
                self.extras.x[k] = 0.1 * upper;
                self.extras.s[k] = 0.9 * upper;
                energy += self.energy_of(k) * 0.1 * upper;
            }
            self.columns.x[at.miss] = (piece.energy_mwh - energy).max(0.05 * piece.energy_mwh);
        }
    }

    /// Duals of columns from reduced costs at these prices of cells, and what complementarity they came to before.
    pub fn start_duals(&mut self, prices: &[f64], mu: Option<f64>) -> f64 {
        let shape = Arc::clone(&self.shape);
        let mut sum = 0.0;
        for (p, piece) in shape.pieces[self.pieces.clone()].iter().enumerate() {
            let at = self.at(piece);
            let mut set = |x: f64, z: &mut f64, reduced: f64, size: f64| {
                sum += reduced.abs() * x;
                if let Some(mu) = mu {
                    *z = reduced.max(0.0) + mu * size / x;
                }
            };
            let energy = self.energy[p];
            for run in shape.runs_of(piece) {
                let prices = &prices[shape.span(run)];
                for t in 0..run.len {
                    let k = at.cells + run.at + t;
                    let rate = self.rates.dual[at.rates.start + run.rate + t];
                    let reduced = shape.cost[piece.first + run.at + t] - shape.step_hours * energy - rate - prices[t];
                    set(self.columns.x[k], &mut self.columns.z[k], reduced, piece.max_mw);
                }
            }
            for (k, rate) in (at.slacks..at.miss).zip(&self.rates.dual[at.rates.clone()]) {
                set(self.columns.x[k], &mut self.columns.z[k], -rate, piece.max_mw);
            }
            let reduced = shape.cost[piece.first + piece.columns() - 1] - energy;
            set(self.columns.x[at.miss], &mut self.columns.z[at.miss], reduced, MISS * piece.energy_mwh);
            for k in at.extras.clone() {
                let reduced = self.reduced_extra(p, &at, prices, k);
                if let Some(mu) = mu {
                    self.extras.start_duals(k, reduced, mu);
                }
            }
        }
        sum
    }

    fn reduced_extra(&self, p: usize, at: &At, prices: &[f64], k: usize) -> f64 {
        let extra = self.extra(k);
        let own = extra.cost - self.energy_of(k) * self.energy[p];
        extra.draws.map_or(own, |d| own - self.rates.dual[at.rates.start + d.rate] - prices[d.cell])
    }

    /// The weights of every column, and what eliminating rows needs of them. A first guess of prices weighs a column by
    /// its value squared.
    #[inline(always)]
    pub fn weigh(&mut self, guess: bool) {
        let shape = Arc::clone(&self.shape);
        let h = shape.step_hours;
        if guess {
            self.weights.iter_mut().zip(&self.columns.x).for_each(|(d, x)| *d = x * x);
        } else {
            self.weights.iter_mut().zip(self.columns.x.iter().zip(&self.columns.z)).for_each(|(d, (x, z))| *d = x / z);
        }
        for (p, piece) in shape.pieces[self.pieces.clone()].iter().enumerate() {
            let at = self.at(piece);
            let mut sigma = self.weights[at.miss];
            for k in at.extras.clone() {
                let d = if guess { self.extras.guess(k) } else { self.extras.weight(k) };
                match self.extra(k).draws {
                    Some(draws) => self.weights[at.cells + draws.at] += d,
                    None => sigma += d,
                }
            }
            let sum = &mut self.rates.sum[at.rates.clone()];
            sum.fill(0.0);
            for run in shape.runs_of(piece) {
                let weights = &self.weights[at.cells + run.at..][..run.len];
                sum[run.rate..][..run.len].iter_mut().zip(weights).for_each(|(sum, d)| *sum += d);
            }
            let slacks = &self.weights[at.slacks..at.miss];
            let (d, ratio) = (&mut self.rates.d[at.rates.clone()], &mut self.rates.ratio[at.rates.clone()]);
            let n = slacks.len();
            let (sum, d, ratio) = (&sum[..n], &mut d[..n], &mut ratio[..n]);
            for t in 0..n {
                d[t] = slacks[t] + sum[t];
                ratio[t] = slacks[t] / d[t];
            }
            self.sigma[p] = sigma + h * h * dot(sum, ratio);
            // The step of before is of no use any more: its place is taken by what pieces couple.
            for run in shape.runs_of(piece) {
                let v = &mut self.columns.dx[at.cells + run.at..][..run.len];
                let (weights, ratio) = (&self.weights[at.cells + run.at..][..run.len], &ratio[run.rate..][..run.len]);
                v.iter_mut().zip(weights.iter().zip(ratio)).for_each(|(v, (d, ratio))| *v = d * ratio);
            }
        }
    }

    /// Goes so far, and weighs anew.
    pub fn advance(&mut self, primal: f64, dual: f64) {
        let move_by = |v: &mut [f64], d: &[f64], by: f64| v.iter_mut().zip(d).for_each(|(v, d)| *v += by * d);
        move_by(&mut self.columns.x, &self.columns.dx, primal);
        move_by(&mut self.columns.z, &self.columns.dz, dual);
        move_by(&mut self.rates.dual, &self.rates.step, dual);
        move_by(&mut self.energy, &self.energy_step, dual);
        self.extras.advance(primal, dual);
        self.weigh(false);
    }

    pub fn objective(&self) -> f64 {
        let cost = &self.shape.cost[self.first..self.first + self.columns.x.len()];
        let places: f64 = cost.iter().zip(&self.columns.x).map(|(c, x)| c * x).sum();
        places + self.extras.x.iter().enumerate().map(|(k, x)| self.extra(k).cost * x).sum::<f64>()
    }

    /// Whether a piece misses so little of its energy that it may miss nothing in the end.
    pub fn misses_a_trace(&self) -> bool {
        self.shape.pieces[self.pieces.clone()].iter().any(|piece| {
            let part = self.columns.x[self.at(piece).miss] / piece.energy_mwh;
            part > ROUNDED && part < TRACE
        })
    }

    /// MW by cell.
    pub fn loads(&self) -> Vec<f64> {
        let mut loads = vec![0.0; self.shape.cells()];
        for piece in &self.shape.pieces[self.pieces.clone()] {
            let at = self.at(piece);
            for run in self.shape.runs_of(piece) {
                let x = &self.columns.x[at.cells + run.at..][..run.len];
                loads[self.shape.span(run)].iter_mut().zip(x).for_each(|(sum, x)| *sum += x);
            }
            for k in at.extras {
                if let Some(draws) = self.extra(k).draws {
                    loads[draws.cell] += self.extras.x[k];
                }
            }
        }
        loads
    }

    /// Sizes of the pairs that take part in complementarity.
    pub fn sizes(&self) -> f64 {
        let piece = |piece: &Piece| (piece.columns() - 1) as f64 * piece.max_mw + MISS * piece.energy_mwh;
        self.shape.pieces[self.pieces.clone()].iter().map(piece).sum::<f64>() + self.extras.sizes()
    }

    /// Of one piece: weights of its columns, and what its rows leave of them.
    pub fn coupling(&self, p: usize) -> Coupling<'_> {
        let piece = &self.shape.pieces[self.pieces.start + p];
        let at = self.at(piece);
        Coupling {
            piece,
            weights: &self.weights[at.cells..at.slacks],
            v: &self.columns.dx[at.cells..at.slacks],
            slacks: &self.weights[at.slacks..at.miss],
            d: &self.rates.d[at.rates.clone()],
            sigma: self.sigma[p],
            scale: self.shape.step_hours.powi(2) / self.sigma[p],
        }
    }

    /// Right sides of rows of energy, by piece: what rows of steps leave of them.
    pub fn energy_sides(&self) -> &[f64] {
        &self.energy_side
    }

    /// Changes of energies' duals, by piece, where the system gives them.
    pub fn set_energy_steps(&mut self, steps: impl Iterator<Item = f64>) {
        self.energy_step.iter_mut().zip(steps).for_each(|(step, change)| *step = change);
    }

    /// What a piece stands at: by column of its block, and its bounded columns.
    pub fn stand(&self, p: usize) -> (&[f64], &[f64]) {
        let at = self.at(&self.shape.pieces[self.pieces.start + p]);
        (&self.columns.x[at.cells..=at.miss], &self.extras.x[at.extras])
    }
}

/// What a piece couples.
pub(super) struct Coupling<'a> {
    pub piece: &'a Piece,
    pub weights: &'a [f64],
    /// `v / h`
    pub v: &'a [f64],
    pub slacks: &'a [f64],
    pub d: &'a [f64],
    pub sigma: f64,
    /// `h*h / sigma`
    pub scale: f64,
}

impl Coupling<'_> {
    /// `d` of a step less the weight of one run in it, added up rather than subtracted.
    pub fn others(&self, runs: &[Run], (i, t): (usize, usize)) -> f64 {
        let rate = runs[i].rate + t;
        let mut sum = self.slacks[rate];
        for (j, b) in runs.iter().enumerate() {
            if j != i
                && let Some(u) = b.with_rate(rate)
            {
                sum += self.weights[b.at + u];
            }
        }
        sum
    }
}
