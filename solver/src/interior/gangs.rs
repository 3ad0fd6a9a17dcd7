//! Some of the gangs, with all that is kept for their starts, and the elimination of their own rows: right sides in
//! `forward`, steps in `backward`. The names are those of the README, "Gangs eliminated".

use super::bounded::{Aim, Reach};
use super::columns::{Columns, move_by};
use super::lanes::dot;
use super::parallel::{self, wide};
use super::queue::{Gang, Queue, Sums, Taken};
use std::ops::Range;
use std::sync::Arc;

/// The scale of a miss, as a part of a gang.
const MISS: f64 = 1e-3;

/// What is missed at first, as a part of a gang.
const MISSED: f64 = 1e-2;

pub(super) struct Gangs {
    queue: Arc<Queue>,
    pub range: Range<usize>,
    /// Offset of its columns.
    first: usize,
    columns: Columns,
    weights: Vec<f64>,
    /// By gang: `sigma`, the dual of its row, its change, and the right side.
    sigma: Vec<f64>,
    dual: Vec<f64>,
    step: Vec<f64>,
    side: Vec<f64>,
    scratch: [Vec<f64>; 2],
}

impl Gangs {
    /// All gangs in parts with about as many columns each.
    pub fn cut(queue: &Arc<Queue>) -> Vec<Gangs> {
        let ends = queue.gangs.iter().map(|gang| gang.first + gang.columns());
        parallel::cut(ends, queue.cost.len()).into_iter().map(|range| Gangs::new(queue, range)).collect()
    }

    fn new(queue: &Arc<Queue>, range: Range<usize>) -> Gangs {
        let gangs = &queue.gangs[range.clone()];
        let first = gangs.first().map_or(0, |g| g.first);
        let end = gangs.last().map_or(0, |g| g.first + g.columns());
        let [sigma, dual, step, side] = std::array::from_fn(|_| vec![0.0; gangs.len()]);
        let most = gangs.iter().map(|g| g.starts).max().unwrap_or(0);
        Gangs {
            columns: Columns::new(end - first),
            weights: vec![0.0; end - first],
            sigma,
            dual,
            step,
            side,
            scratch: [vec![0.0; most], vec![0.0; most]],
            queue: Arc::clone(queue),
            first,
            range,
        }
    }

    /// Its columns here, what is missed being the last.
    fn at(&self, gang: &Gang) -> Range<usize> {
        let first = gang.first - self.first;
        first..first + gang.columns()
    }

    /// Every gang spread over its starts.
    pub fn start(&mut self) {
        let queue = Arc::clone(&self.queue);
        for gang in &queue.gangs[self.range.clone()] {
            let at = self.at(gang);
            let each = (1.0 - MISSED) * gang.count / gang.starts.max(1) as f64;
            self.columns.x[at.clone()].fill(each);
            self.columns.x[at.end - 1] = MISSED * gang.count;
        }
    }

    /// Duals of columns from reduced costs at these prices, and what complementarity they came to before.
    pub fn start_duals(&mut self, prices: &Sums, mu: Option<f64>) -> f64 {
        let queue = Arc::clone(&self.queue);
        let [mut taken, spare] = std::mem::take(&mut self.scratch);
        let mut sum = 0.0;
        for (g, gang) in queue.gangs[self.range.clone()].iter().enumerate() {
            let at = self.at(gang);
            prices.taken_by(&queue, gang, &mut taken);
            let cost = &queue.cost[gang.first..][..gang.columns()];
            for k in 0..gang.columns() {
                let (own, size) = if k == gang.starts { (0.0, MISS * gang.size) } else { (taken[k], gang.size) };
                let reduced = cost[k] - self.dual[g] - own;
                if k < gang.starts {
                    sum += reduced.abs() * self.columns.x[at.start + k];
                }
                if let Some(mu) = mu {
                    self.columns.z[at.start + k] = reduced.max(0.0) + mu * size / self.columns.x[at.start + k];
                }
            }
        }
        self.scratch = [taken, spare];
        sum
    }

    /// The weights of every column, and what eliminating rows needs of them. A first guess of prices weighs a column by
    /// its value squared.
    pub fn weigh(&mut self, guess: bool) {
        self.columns.weigh(&mut self.weights, guess);
        let queue = Arc::clone(&self.queue);
        for (g, gang) in queue.gangs[self.range.clone()].iter().enumerate() {
            self.sigma[g] = self.weights[self.at(gang)].iter().sum();
        }
    }

    /// Right sides with the rows of gangs eliminated, by place and step; those of a first guess without an aim.
    pub fn forward(&mut self, prices: &Sums, aim: Option<Aim>) -> Vec<f64> {
        let taken = Taken::new(&self.queue);
        wide(
            #[inline(always)]
            move || self.forward_wide(prices, aim, taken),
        )
    }

    #[inline(always)]
    fn forward_wide(&mut self, prices: &Sums, aim: Option<Aim>, mut taken: Taken) -> Vec<f64> {
        let queue = Arc::clone(&self.queue);
        let guess = aim.is_none();
        let part = if guess { 0.0 } else { 1.0 };
        let [mut own, mut amounts] = std::mem::take(&mut self.scratch);
        for (g, gang) in queue.gangs[self.range.clone()].iter().enumerate() {
            let at = self.at(gang);
            if let Some(aim) = aim {
                self.aim(gang, &at, aim);
            }
            prices.taken_by(&queue, gang, &mut own);
            let cost = &queue.cost[gang.first..][..gang.columns()];
            let (x, z, targets) =
                (&self.columns.x[at.clone()], &self.columns.z[at.clone()], &self.columns.targets[at.clone()]);
            let weights = &self.weights[at];
            let dual = self.dual[g];
            let mut side = if guess { 0.0 } else { gang.count - x.iter().sum::<f64>() };
            for k in 0..gang.starts {
                let reduced = cost[k] - dual - own[k];
                let pulled =
                    if guess { x[k] * x[k] * reduced } else { (x[k] * reduced - f64::from(targets[k])) / z[k] };
                side += pulled;
                amounts[k] = pulled - part * x[k];
            }
            let miss = gang.starts;
            let reduced = cost[miss] - dual;
            side += if guess {
                x[miss] * x[miss] * reduced
            } else {
                (x[miss] * reduced - f64::from(targets[miss])) / z[miss]
            };
            self.side[g] = side;
            let each = side / self.sigma[g];
            amounts[..miss].iter_mut().zip(weights).for_each(|(amount, d)| *amount -= d * each);
            taken.add(&queue, gang, &amounts);
        }
        self.scratch = [own, amounts];
        taken.by_step()
    }

    /// Sets the targets of a gang's pairs.
    #[inline(always)]
    fn aim(&mut self, gang: &Gang, at: &Range<usize>, aim: Aim) {
        let miss = at.start + gang.starts;
        self.columns.aim(at.start..miss, gang.size, aim);
        self.columns.aim(miss..at.end, MISS * gang.size, aim);
    }

    /// The step of every column, and how far it could go.
    pub fn backward(&mut self, prices: &Sums, change: &Sums) -> Reach {
        wide(
            #[inline(always)]
            move || self.backward_wide(prices, change),
        )
    }

    #[inline(always)]
    fn backward_wide(&mut self, prices: &Sums, change: &Sums) -> Reach {
        let queue = Arc::clone(&self.queue);
        let [mut own, mut moved] = std::mem::take(&mut self.scratch);
        let mut reach = Reach::FREE;
        for (g, gang) in queue.gangs[self.range.clone()].iter().enumerate() {
            let at = self.at(gang);
            prices.taken_by(&queue, gang, &mut own);
            change.taken_by(&queue, gang, &mut moved);
            let (starts, miss) = (at.start..at.end - 1, at.end - 1..at.end);
            let answered = dot(&self.weights[starts.clone()], &moved[..gang.starts]);
            let step = (self.side[g] - answered) / self.sigma[g];
            self.step[g] = step;
            let (cost, dual) = (&queue.cost[gang.first..][..gang.columns()], self.dual[g]);
            let n = starts.len();
            let (moved, own, of_starts) = (&moved[..n], &own[..n], &cost[..n]);
            reach = reach.and(self.columns.step(starts, |k| step + moved[k] - (of_starts[k] - dual - own[k])));
            reach = reach.and(self.columns.step(miss, |_| step - (cost[gang.starts] - dual)));
        }
        self.scratch = [own, moved];
        reach
    }

    /// Duals of rows without a step of columns: a first guess.
    pub fn set_duals(&mut self, change: &Sums) {
        let queue = Arc::clone(&self.queue);
        let [mut moved, spare] = std::mem::take(&mut self.scratch);
        for (g, gang) in queue.gangs[self.range.clone()].iter().enumerate() {
            let at = self.at(gang);
            change.taken_by(&queue, gang, &mut moved);
            let answered: f64 = self.weights[at.start..at.end - 1].iter().zip(&moved).map(|(d, m)| d * m).sum();
            self.dual[g] = (self.side[g] - answered) / self.sigma[g];
        }
        self.scratch = [moved, spare];
    }

    /// Goes so far, and weighs anew.
    pub fn advance(&mut self, primal: f64, dual: f64) {
        self.columns.advance(primal, dual);
        move_by(&mut self.dual, &self.step, dual);
        self.weigh(false);
    }

    pub fn objective(&self) -> f64 {
        let cost = &self.queue.cost[self.first..self.first + self.columns.x.len()];
        cost.iter().zip(&self.columns.x).map(|(c, x)| c * x).sum()
    }

    /// Units by place, then step.
    pub fn loads(&self) -> Vec<f64> {
        let mut taken = Taken::new(&self.queue);
        for gang in &self.queue.gangs[self.range.clone()] {
            taken.add(&self.queue, gang, &self.columns.x[self.at(gang)]);
        }
        taken.by_step()
    }

    /// Sizes of the pairs that take part in complementarity.
    pub fn sizes(&self) -> f64 {
        self.queue.gangs[self.range.clone()].iter().map(|gang| (gang.starts as f64 + MISS) * gang.size).sum()
    }

    /// What no answer of these gangs to prices can cost less than.
    pub fn bound(&self, prices: &Sums) -> f64 {
        let mut taken = vec![0.0; self.scratch[0].len()];
        let mut sum = 0.0;
        for gang in &self.queue.gangs[self.range.clone()] {
            prices.taken_by(&self.queue, gang, &mut taken);
            let cost = &self.queue.cost[gang.first..][..gang.columns()];
            let starts = cost.iter().zip(&taken[..gang.starts]).map(|(c, own)| c - own);
            sum += gang.count * starts.fold(cost[gang.starts], f64::min);
        }
        sum
    }

    /// Of one of them: the weights of its columns, and `1 / sigma`.
    pub fn coupling(&self, g: usize) -> (&[f64], f64) {
        (&self.weights[self.at(&self.queue.gangs[g])], 1.0 / self.sigma[g - self.range.start])
    }

    /// What each gang stands at: its starts, then what is missed.
    pub fn stand(&self) -> impl Iterator<Item = (&Gang, &[f64])> {
        self.queue.gangs[self.range.clone()].iter().map(|gang| (gang, &self.columns.x[self.at(gang)]))
    }
}
