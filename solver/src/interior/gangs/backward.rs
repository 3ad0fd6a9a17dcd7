//! Steps of a gang's columns from the change of prices.

use super::Gangs;
use crate::interior::bounded::Reach;
use crate::interior::lanes::dot;
use crate::interior::parallel::wide;
use crate::interior::queue::Sums;
use pulp::NullaryFnOnce;
use std::sync::Arc;

impl Gangs {
    /// The step of every column, and how far it could go.
    pub fn backward(&mut self, prices: &Sums, change: &Sums) -> Reach {
        wide(Backward { gangs: self, prices, change })
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
            let steps = self.columns.steps(starts);
            let n = steps.len();
            let (moved, own, of_starts) = (&moved[..n], &own[..n], &cost[..n]);
            reach = reach.and(steps.all(|k| step + moved[k] - (of_starts[k] - dual - own[k])));
            reach = reach.and(self.columns.steps(miss).all(|_| step - (cost[gang.starts] - dual)));
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
}

struct Backward<'a> {
    gangs: &'a mut Gangs,
    prices: &'a Sums,
    change: &'a Sums,
}

impl NullaryFnOnce for Backward<'_> {
    type Output = Reach;

    #[inline(always)]
    fn call(self) -> Reach {
        self.gangs.backward_wide(self.prices, self.change)
    }
}
