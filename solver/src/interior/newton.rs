//! A primal-dual interior-point method: predictor and corrector after Mehrotra, and further corrections after Gondzio.
//!
//! ```text
//! A dx = b - A x      A'dy + dz - dw = c - A'y - z + w      z dx + x dz = target - x z      s dw - w dx = target - s w
//! ```
//! `dx`, `dz` and `dw` are eliminated by hand, so that `A D A' dy = r` is left with `D = 1/(z/x + w/s)`.

use super::balances::{Balances, EXCESS, lacking, most, size};
use super::bound;
use super::bounded::{Aim, Bounded, Reach};
use super::cells_first;
use super::coupled::{Coupled, put_energy_sides, take_energies};
use super::couplings::Couplings;
use super::curvature::Curvature;
use super::gangs::Gangs;
use super::parallel;
use super::part::Part;
use super::queue::{Queue, Sums};
use super::reach::{reach, shared};
use super::rest::{Of, Rest};
use super::shape::Shape;
use super::system::System;
use crate::progress::Progress;
use std::sync::Arc;

/// How steps are made.
#[derive(Clone, Copy)]
struct Manner {
    /// Part of the way to the boundary that a step goes.
    close: f64,
    /// Corrections of a step for pairs that it would lead astray.
    correctors: usize,
}

const OF_PIECES: Manner = Manner { close: 0.95, correctors: 3 };

/// Gangs with few starts end up far from the centre of their possibilities where steps go as far as they can, and the
/// next steps are short.
const OF_GANGS: Manner = Manner { close: 0.9, correctors: 8 };

/// A step this long is not corrected; a correction asks for one this much longer, and is the last that gains less.
const LONG_ENOUGH: f64 = 0.95;
const LONGER: (f64, f64) = (1.08, 0.2);
const WORTH: f64 = 0.02;

/// Residuals below this part of what they began with are none.
const FEASIBLE: f64 = 1e-9;

/// What rows may lack of their sides, as a part of their largest term.
const EXACT: f64 = 1e-9;

/// Iterations that traces of misses are given to go away.
const PATIENCE: usize = 10;

/// Where so small a part of the gap asked for is left, what is still missed is no trace: beyond, rows are kept less well.
const MISSES: f64 = 1e-2;

/// Iterations that rows are given to be put right once the gap is reached.
const MOST_WAITED: usize = 30;

/// What gangs start at, as a multiple of what columns cost: nearer to nothing, first steps are short.
const FIRST: f64 = 3.0;

/// Steps shorter than this lead nowhere.
const STUCK: f64 = 1e-5;

/// Complementarity left at which it is asked how gangs give way, as a part of the objective: nearer the end they hardly do.
const CURVED: f64 = 3e-3;

/// Right sides that are solved at once.
const AT_ONCE: usize = 64;

/// Iterations between bounds for whoever looks on: each takes a look at every piece.
const TOLD_EVERY: u64 = 4;

#[derive(Clone, Copy)]
pub(super) struct Stop<'a> {
    /// Between objective and bound, as a part of the objective.
    pub gap: f64,
    pub iterations: u64,
    pub over: Option<&'a (dyn Fn() -> bool + Sync)>,
    pub told: Option<&'a Progress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Solved,
    Stuck,
    Iterations,
    Time,
}

pub(super) struct Newton<'a> {
    shape: Arc<Shape>,
    rest: &'a Rest,
    queue: Arc<Queue>,
    pub parts: Vec<Part>,
    pub gangs: Vec<Gangs>,
    /// Columns of `Rest`.
    pub columns: Bounded,
    /// Duals by row of the system, and their last change.
    pub prices: Vec<f64>,
    change: Vec<f64>,
    system: System,
    coupled: Coupled,
    couplings: Couplings,
    manner: Manner,
    /// Sizes of all pairs.
    sizes: f64,
    /// No step aims lower: set where only rows are left to be put right.
    least_mu: f64,
    pub iterations: u64,
    constant: f64,
    /// By gang whether it is rigid, until it has been asked how all others give way; and how they do.
    pub rigid: Option<Vec<bool>>,
    pub curvature: Option<Curvature>,
}

impl<'a> Newton<'a> {
    pub fn new(shape: &Arc<Shape>, queue: &Arc<Queue>, rest: &'a Rest, constant: f64) -> Option<Newton<'a>> {
        let reach = if shape.keeps_energies { cells_first::reach(rest) } else { reach(shape, queue, rest) };
        let system = System::new(rest, &reach, shared(queue, rest), cells_first::pairs(shape, rest))?;
        let mut newton = Newton {
            parts: cut(shape).into_iter().map(|range| Part::new(shape, range)).collect(),
            columns: Bounded::new(rest.columns.iter().map(|column| size(rest, column)).collect()),
            prices: vec![0.0; rest.rows()],
            change: vec![0.0; rest.rows()],
            coupled: Coupled::new(shape, rest, &system)?,
            system,
            couplings: Couplings::new(queue),
            manner: if queue.gangs.is_empty() { OF_PIECES } else { OF_GANGS },
            gangs: Gangs::cut(queue, parallel::PARTS),
            queue: Arc::clone(queue),
            sizes: 0.0,
            least_mu: 0.0,
            iterations: 0,
            constant,
            rigid: None,
            curvature: None,
            shape: Arc::clone(shape),
            rest,
        };
        newton.start()?;
        Some(newton)
    }

    pub fn run(&mut self, stop: Stop<'_>) -> Ended {
        let (mut primal_left, mut dual_left, mut waited) = (1.0_f64, 1.0_f64, 0);
        // Where only traces of misses are waited for, getting no further is no failure. `reached` is where the gap was.
        let (mut stuck, mut reached) = (Ended::Stuck, 0.0_f64);
        loop {
            if self.iterations >= stop.iterations {
                return Ended::Iterations;
            }
            if stop.over.is_some_and(|over| over()) {
                return Ended::Time;
            }
            let Some((left, primal, dual)) = self.iterate() else { return stuck };
            self.iterations += 1;
            if let Some(progress) = stop.told
                && self.iterations.is_multiple_of(TOLD_EVERY)
            {
                progress.searched(None, Some(self.bound()));
            }
            primal_left *= 1.0 - primal;
            dual_left *= 1.0 - dual;
            let objective = self.objective();
            let near = stop.gap * objective.abs().max(1.0);
            let feasible = primal_left <= FEASIBLE && dual_left <= FEASIBLE;
            if feasible && left <= CURVED * objective.abs().max(1.0) {
                self.curve();
            }
            // Prices prove more than the duals of columns do: it is worth asking before those agree.
            if feasible && (left <= near || left <= 8.0 * near && objective - self.bound() <= near) {
                let exact = self.lacking() <= EXACT;
                let hopes = waited < PATIENCE && left > MISSES * near;
                let traces = hopes && self.parts.iter().any(Part::misses_a_trace);
                if exact && !traces {
                    return Ended::Solved;
                }
                if exact {
                    stuck = Ended::Solved;
                }
                // Nearer the end traces go away, but rows are kept less well.
                self.system.refine |= !exact;
                reached = reached.max(left / self.sizes);
                self.least_mu = if exact { 0.0 } else { reached };
                waited += 1;
                if waited > MOST_WAITED {
                    return stuck;
                }
            }
            if primal.max(dual) < STUCK {
                return stuck;
            }
        }
    }

    /// How the queue gives way as weights stand, the first time that this is called.
    pub fn curve(&mut self) {
        let Some(rigid) = self.rigid.take() else { return };
        if self.factor(false, &rigid).is_none() {
            return;
        }
        let cells = Curvature::places(&self.queue) * self.queue.steps;
        let loads: Vec<usize> = self.rest.loads[self.rest.of_sites()..][..cells].to_vec();
        let rows = self.rest.rows();
        let mut change = Vec::with_capacity(loads.len() * loads.len());
        for some in loads.chunks(AT_ONCE) {
            let mut sides = vec![0.0; rows * some.len()];
            sides.chunks_mut(rows).zip(some).for_each(|(side, &load)| side[load] = 1.0);
            self.system.solve_many(&mut sides);
            change.extend(sides.chunks(rows).flat_map(|side| loads.iter().map(|&load| side[load])));
        }
        self.curvature = Some(Curvature { cells: loads.len(), change });
    }

    /// Complementarity left, and how far the step went; none, and nothing moved, where there is no direction.
    fn iterate(&mut self) -> Option<(f64, f64, f64)> {
        self.factor(false, &[])?;
        let affine = self.direction(Aim::Affine);
        let mu = affine.sums[0] / self.sizes;
        let (primal, dual) = (affine.primal.min(1.0), affine.dual.min(1.0));
        let after = (affine.after(primal, dual) / self.sizes).max(0.0);
        let centre = (after / mu).powi(3).max(1e-6) * mu;
        let centre = centre.max(self.least_mu);
        let mut reach = self.direction(Aim::Centre { mu: centre, part: (primal * dual).powf(0.25) });
        for _ in 0..self.manner.correctors {
            let (primal, dual) = (reach.primal.min(1.0), reach.dual.min(1.0));
            if primal.min(dual) > LONG_ENOUGH {
                break;
            }
            let wish = |step: f64| (LONGER.0 * step + LONGER.1).min(1.0);
            let corrected = self.direction(Aim::Corrected { mu: centre, primal: wish(primal), dual: wish(dual) });
            let gained = corrected.primal.min(1.0) - primal + corrected.dual.min(1.0) - dual;
            if gained < 0.0 {
                reach = self.direction(Aim::Restored);
                break;
            }
            reach = corrected;
            if gained < WORTH {
                break;
            }
        }
        let close = self.manner.close;
        let (primal, dual) = ((close * reach.primal).min(1.0), (close * reach.dual).min(1.0));
        let left = reach.after(primal, dual);
        if !left.is_finite() {
            return None;
        }
        parallel::each(self.parts.iter_mut().collect(), |part| part.advance(primal, dual));
        parallel::each(self.gangs.iter_mut().collect(), |part| part.advance(primal, dual));
        self.columns.advance(primal, dual);
        self.prices.iter_mut().zip(&self.change).for_each(|(price, d)| *price += dual * d);
        Some((left, primal, dual))
    }

    /// What rows lack of their sides, as a part of the largest term in each.
    fn lacking(&self) -> f64 {
        let rest = self.rest;
        let mut left = rest.sides.clone();
        let mut size: Vec<f64> = left.iter().map(|side| side.abs().max(1.0)).collect();
        let mut take = |row: usize, term: f64| {
            left[row] -= term;
            size[row] = size[row].max(term.abs());
        };
        for (column, x) in rest.columns.iter().zip(&self.columns.x) {
            column.entries.iter().for_each(|&(row, v)| take(row as usize, v * x));
        }
        for part in parallel::each(self.parts.iter().collect(), Part::loads) {
            part.into_iter().enumerate().for_each(|(cell, mw)| take(rest.load(cell), mw));
        }
        let limited = |cell: &(usize, f64)| !rest.unlimited[rest.of_sites() + cell.0];
        for part in parallel::each(self.gangs.iter().collect(), Gangs::loads) {
            let loads = part.into_iter().enumerate().filter(limited);
            loads.for_each(|(at, units)| take(rest.load(rest.of_sites() + at), units));
        }
        left.iter().zip(size).map(|(left, size)| left.abs() / size).fold(0.0, f64::max)
    }

    /// The system of the weights as they stand, without some gangs.
    fn factor(&mut self, guess: bool, but: &[bool]) -> Option<()> {
        self.system.values.fill(0.0);
        self.coupled.add((&self.shape, self.rest), &self.parts, &mut self.system);
        self.couplings.sum(&self.gangs, but);
        self.couplings.scatter(self.rest, self.rest.of_sites(), &mut self.system);
        let weight = |k| if guess { self.columns.guess(k) } else { self.columns.weight(k) };
        let weights: Vec<f64> = (0..self.columns.len()).map(weight).collect();
        self.system.add(self.rest, &weights);
        self.system.factor().then_some(())
    }

    fn reduced(&self, k: usize) -> f64 {
        let column = &self.rest.columns[k];
        column.cost - column.entries.iter().map(|&(row, v)| v * self.prices[row as usize]).sum::<f64>()
    }

    /// Right sides of the system, pieces eliminated.
    fn sides(&mut self, aim: Option<Aim>) -> Vec<f64> {
        let guess = aim.is_none();
        let mut sides = if guess { vec![0.0; self.rest.rows()] } else { self.rest.sides.clone() };
        for (k, column) in self.rest.columns.iter().enumerate() {
            let reduced = self.reduced(k);
            let add = match guess {
                true => self.columns.guess(k) * reduced,
                false => self.columns.weight(k) * self.columns.pull(k, reduced) - self.columns.x[k],
            };
            column.entries.iter().for_each(|&(row, v)| sides[row as usize] += v * add);
        }
        let prices = self.rest.of_cells(&self.prices);
        let loads = parallel::each(self.parts.iter_mut().collect(), |part| {
            let mut loads = vec![0.0; prices.len()];
            part.forward(&prices, aim, &mut loads);
            loads
        });
        for part in loads {
            part.into_iter().enumerate().for_each(|(cell, mw)| sides[self.rest.load(cell)] += mw);
        }
        put_energy_sides(&mut sides, (&self.shape, self.rest), &self.parts);
        let (sums, first) = (self.sums(&prices), self.rest.of_sites());
        for part in parallel::each(self.gangs.iter_mut().collect(), |part| part.forward(&sums, aim)) {
            part.into_iter().enumerate().for_each(|(at, units)| sides[self.rest.load(first + at)] += units);
        }
        sides
    }

    fn direction(&mut self, aim: Aim) -> Reach {
        self.columns.aim(aim);
        self.change = self.sides(Some(aim));
        self.system.solve(&mut self.change);
        let mut reach = Reach::FREE;
        for (k, column) in self.rest.columns.iter().enumerate() {
            let reduced = self.reduced(k);
            let moved: f64 = column.entries.iter().map(|&(row, v)| v * self.change[row as usize]).sum();
            self.columns.step(k, reduced, moved, &mut reach);
        }
        let (prices, moved) = (self.rest.of_cells(&self.prices), self.rest.of_cells(&self.change));
        take_energies(&mut self.parts, (&self.shape, self.rest), &self.change);
        let reached = parallel::each(self.parts.iter_mut().collect(), |part| part.backward(&prices, &moved));
        let reach = reached.into_iter().fold(reach, Reach::and);
        let (prices, moved) = (self.sums(&prices), self.sums(&moved));
        let reached = parallel::each(self.gangs.iter_mut().collect(), |part| part.backward(&prices, &moved));
        reached.into_iter().fold(reach, Reach::and)
    }

    /// Of the queue's places, from values by cell.
    fn sums(&self, cells: &[f64]) -> Sums {
        Sums::new(&self.queue, &cells[self.rest.of_sites()..])
    }

    pub fn objective(&self) -> f64 {
        let rest: f64 = self.rest.columns.iter().zip(&self.columns.x).map(|(c, x)| c.cost * x).sum();
        let gangs: f64 = self.gangs.iter().map(Gangs::objective).sum();
        self.constant + rest + self.parts.iter().map(Part::objective).sum::<f64>() + gangs
    }

    /// What no plan can cost less than, by the prices as they stand.
    pub fn bound(&self) -> f64 {
        let prices = self.rest.of_cells(&self.prices);
        let shape = &self.shape;
        let answered = parallel::each(cut(shape), |range| {
            shape.pieces[range].iter().map(|piece| bound::answer(shape, piece, &prices).cost).sum::<f64>()
        });
        let sides: f64 = self.rest.sides.iter().zip(&self.prices).map(|(side, price)| side * price).sum();
        let columns = (0..self.columns.len()).map(|k| {
            let (reduced, upper) = (self.reduced(k), self.rest.columns[k].upper);
            if reduced < 0.0 && upper.is_finite() { reduced * upper } else { 0.0 }
        });
        let sums = self.sums(&prices);
        let gangs = parallel::each(self.gangs.iter().collect(), |part| part.bound(&sums));
        let answered = answered.into_iter().sum::<f64>() + gangs.into_iter().sum::<f64>();
        self.constant + sides + answered + columns.sum::<f64>()
    }

    /// Work spread evenly; prices that fit that best; duals as far from nothing as reduced costs are.
    fn start(&mut self) -> Option<()> {
        let loads = parallel::each(self.parts.iter_mut().collect(), |part| {
            part.start();
            part.loads()
        });
        let mut load = vec![0.0; self.rest.loads.len()];
        loads.iter().for_each(|part| load.iter_mut().zip(part).for_each(|(sum, mw)| *sum += mw));
        let loads = parallel::each(self.gangs.iter_mut().collect(), |part| {
            part.start();
            part.loads()
        });
        let of_queue = &mut load[self.rest.of_sites()..];
        loads.iter().for_each(|part| of_queue.iter_mut().zip(part).for_each(|(sum, units)| *sum += units));
        self.start_rest(&load);
        parallel::each(self.parts.iter_mut().collect(), |part| part.weigh(true));
        parallel::each(self.gangs.iter_mut().collect(), |part| part.weigh(true));
        self.factor(true, &[])?;
        let mut prices = self.sides(None);
        self.system.solve(&mut prices);
        self.prices = prices;
        take_energies(&mut self.parts, (&self.shape, self.rest), &self.prices);
        let prices = self.rest.of_cells(&self.prices);
        let made = parallel::each(self.parts.iter_mut().collect(), |part| {
            part.set_duals(&prices);
            part.start_duals(&prices, None)
        });
        let sums = self.sums(&prices);
        let gangs = parallel::each(self.gangs.iter_mut().collect(), |part| {
            part.set_duals(&sums);
            part.start_duals(&sums, None)
        });
        let rest = (0..self.columns.len()).filter(|&k| !self.rest.columns[k].excess);
        let rest = rest.map(|k| self.reduced(k).abs() * self.columns.x[k]);
        let sum = made.into_iter().chain(gangs).sum::<f64>() + rest.sum::<f64>();
        self.sizes = self.columns.sizes() + self.parts.iter().map(Part::sizes).sum::<f64>();
        self.sizes += self.gangs.iter().map(Gangs::sizes).sum::<f64>();
        let least = if self.queue.gangs.is_empty() { 1e-6 } else { FIRST * self.price() };
        let mu = (sum / self.sizes).max(least);
        parallel::each(self.parts.iter_mut().collect(), |part| part.start_duals(&prices, Some(mu)));
        parallel::each(self.gangs.iter_mut().collect(), |part| part.start_duals(&sums, Some(mu)));
        for k in 0..self.columns.len() {
            let reduced = self.reduced(k);
            self.columns.start_duals(k, reduced, mu);
        }
        parallel::each(self.parts.iter_mut().collect(), |part| part.weigh(false));
        parallel::each(self.gangs.iter_mut().collect(), |part| part.weigh(false));
        (self.sizes > 0.0).then_some(())
    }

    /// What columns cost that cost anything, on average, limits exceeded apart.
    fn price(&self) -> f64 {
        let costs = || self.rest.columns.iter().filter(|c| c.cost != 0.0 && !c.excess).map(|c| c.cost.abs());
        costs().sum::<f64>() / costs().count().max(1) as f64
    }

    /// Columns near what balances the rows they enter: rows far from balance take the first steps to come near.
    fn start_rest(&mut self, load: &[f64]) {
        let rest = self.rest;
        let open = rest.open();
        let mut left = rest.sides.clone();
        let balances = Balances::new(rest);
        for (k, column) in rest.columns.iter().enumerate() {
            let (size, upper) = (most(rest, column), column.upper);
            let x = match column.of {
                Of::Load(cell) if !open[cell] => 0.0,
                Of::Load(cell) => load[cell].clamp((0.02 * upper).min(1e-2), 0.95 * upper),
                _ if upper <= 0.0 => 0.0,
                Of::Model(_) if column.excess => lacking(column, &left).max(EXCESS * size).min(0.5 * upper),
                Of::Model(_) => match balances.part(k, column, &left) {
                    Some(x) => x.max(0.02 * size).min(0.9 * upper).max(0.02 * size.min(upper)),
                    None => (0.5 * size).min(0.5 * upper),
                },
                Of::Slack(_) => lacking(column, &left).max(0.1 * size).min(0.9 * upper),
            };
            self.columns.x[k] = x;
            self.columns.s[k] = if x > 0.0 { upper - x } else { f64::INFINITY };
            column.entries.iter().for_each(|&(row, v)| left[row as usize] -= v * x);
        }
    }
}

/// Ranges of pieces with about as many columns each.
fn cut(shape: &Shape) -> Vec<std::ops::Range<usize>> {
    let share = shape.cost.len() / parallel::PARTS + 1;
    let (mut ranges, mut from) = (Vec::new(), 0);
    for (p, piece) in shape.pieces.iter().enumerate() {
        if piece.block().end >= share * (ranges.len() + 1) {
            ranges.push(from..p + 1);
            from = p + 1;
        }
    }
    if from < shape.pieces.len() {
        ranges.push(from..shape.pieces.len());
    }
    ranges
}
