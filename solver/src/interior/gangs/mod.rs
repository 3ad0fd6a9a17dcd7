//! Some of the gangs, with all that is kept for their starts, and the elimination of their own rows: right sides in
//! `forward`, steps in `backward`.
//!
//! With `D = x/z` per start and `a` what a start takes:
//!
//! ```text
//! sigma = sum D + miss        M = sum D a a' - v v'/sigma        v = sum D a
//! ```

mod backward;
mod forward;

use super::columns::Columns;
use super::queue::{Gang, Queue, Sums, Taken};
use std::ops::Range;
use std::sync::Arc;

/// The scale of a miss, as a part of a gang.
const MISS: f64 = 1e-3;

/// What is missed at first, as a part of a gang.
const MISSED: f64 = 1e-2;

pub(super) struct Gangs {
    queue: Arc<Queue>,
    range: Range<usize>,
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
    pub fn cut(queue: &Arc<Queue>, parts: usize) -> Vec<Gangs> {
        let share = queue.cost.len() / parts + 1;
        let (mut all, mut from) = (Vec::new(), 0);
        for (g, gang) in queue.gangs.iter().enumerate() {
            if gang.first + gang.columns() >= share * (all.len() + 1) || g + 1 == queue.gangs.len() {
                all.push(Gangs::new(queue, from..g + 1));
                from = g + 1;
            }
        }
        all
    }

    fn new(queue: &Arc<Queue>, range: Range<usize>) -> Gangs {
        let gangs = &queue.gangs[range.clone()];
        let first = gangs.first().map_or(0, |g| g.first);
        let end = gangs.last().map_or(0, |g| g.first + g.columns());
        let each = || vec![0.0; gangs.len()];
        let most = gangs.iter().map(|g| g.starts).max().unwrap_or(0);
        Gangs {
            columns: Columns::new(end - first),
            weights: vec![0.0; end - first],
            sigma: each(),
            dual: each(),
            step: each(),
            side: each(),
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
        if guess {
            self.weights.iter_mut().zip(&self.columns.x).for_each(|(d, x)| *d = x * x);
        } else {
            self.weights.iter_mut().zip(self.columns.x.iter().zip(&self.columns.z)).for_each(|(d, (x, z))| *d = x / z);
        }
        let queue = Arc::clone(&self.queue);
        for (g, gang) in queue.gangs[self.range.clone()].iter().enumerate() {
            self.sigma[g] = self.weights[self.at(gang)].iter().sum();
        }
    }

    /// Goes so far, and weighs anew.
    pub fn advance(&mut self, primal: f64, dual: f64) {
        let move_by = |v: &mut [f64], d: &[f64], by: f64| v.iter_mut().zip(d).for_each(|(v, d)| *v += by * d);
        move_by(&mut self.columns.x, &self.columns.dx, primal);
        move_by(&mut self.columns.z, &self.columns.dz, dual);
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

    /// Which gangs these are.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
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
