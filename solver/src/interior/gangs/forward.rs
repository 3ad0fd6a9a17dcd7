//! Right sides: rows of gangs eliminated from what every column and row asks for.

use super::{Gangs, MISS};
use crate::interior::bounded::Aim;
use crate::interior::parallel::wide;
use crate::interior::queue::{Gang, Sums, Taken};
use pulp::NullaryFnOnce;
use std::ops::Range;
use std::sync::Arc;

impl Gangs {
    /// Right sides with the rows of gangs eliminated, by place and step; those of a first guess without an aim.
    pub fn forward(&mut self, prices: &Sums, aim: Option<Aim>) -> Vec<f64> {
        let taken = Taken::new(&self.queue);
        wide(Forward { gangs: self, prices, aim, taken })
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
        aim.all(gang.size, self.columns.aimed(at.start..miss));
        aim.all(MISS * gang.size, self.columns.aimed(miss..at.end));
    }
}

struct Forward<'a> {
    gangs: &'a mut Gangs,
    prices: &'a Sums,
    aim: Option<Aim>,
    taken: Taken,
}

impl NullaryFnOnce for Forward<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn call(self) -> Vec<f64> {
        self.gangs.forward_wide(self.prices, self.aim, self.taken)
    }
}
