//! A lower bound at any prices, and prices that make it better.
//!
//! With a price for power p[b,t], room m[s,t] and each target y[k], work decouples: the best
//! of one work is a sort of `delay + pue*p + m - credit` over its steps, filled cheapest first
//! until its energy is placed or missing it is cheaper. The sum of these minima, of the supply
//! worth using and of the limits at their prices is a bound whatever the prices are; ascent
//! along its slope raises it.

use crate::model::terms::money;
use crate::model::{Keys, Terms};
use crate::problem::Problem;
use ids::{BoundaryIndex, Index, SiteIndex, WorkIndex};

/// A price this near a cost is that cost.
const TIE: f64 = 1e-9;

#[derive(Debug, Clone)]
pub struct Multipliers {
    /// `[boundary][step]` per facility MW for one step.
    pub power: Vec<Vec<f64>>,
    /// `[site][step]` per IT MW for one step.
    pub room: Vec<Vec<f64>>,
    pub target: Vec<f64>,
}

pub struct Lagrangian<'a> {
    pub problem: &'a Problem,
    pub terms: &'a Terms,
}

impl Lagrangian<'_> {
    /// Cheapest site of each step, cheapest step first: (cost per MWh, step, site).
    fn offers(&self, w: WorkIndex, m: &Multipliers, out: &mut Vec<(f64, usize, SiteIndex)>) {
        out.clear();
        let work = &self.problem.work[w];
        for t in work.release..work.deadline {
            let costs = work.sites.iter().map(|&s| (self.unit(s, t, m), t, s));
            out.extend(costs.min_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2))));
        }
        out.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    }

    fn unit(&self, s: SiteIndex, t: usize, m: &Multipliers) -> f64 {
        let site = &self.problem.sites[s];
        let credit = self.terms.credit_at(&m.target, (site.boundary, t));
        let power = site.pue[t] * m.power[site.boundary][t];
        let cost = money::delay_cost(self.problem, t) + power + m.room[s][t] - credit;
        cost / self.problem.step_hours
    }

    /// Fills a work's energy cheapest first from its offers, later and missing it: what that costs, and its last MWh.
    fn answer(
        &self,
        w: WorkIndex,
        offers: &[(f64, usize, SiteIndex)],
        mut take: impl FnMut(SiteIndex, usize, f64),
    ) -> (f64, f64) {
        let work = &self.problem.work[w];
        let h = self.problem.step_hours;
        let miss = work.miss_price_per_mwh;
        let (later_cost, mut later) = work.later.map_or((f64::INFINITY, 0.0), |l| (l.cost_per_mwh, l.max_mwh));
        let mut left = work.energy_mwh;
        let mut value = 0.0;
        let mut offers = offers.iter().peekable();
        loop {
            let offered = offers.peek().map_or(f64::INFINITY, |o| o.0);
            let postponed = if later > 0.0 { later_cost } else { f64::INFINITY };
            let energy_price = miss.min(offered).min(postponed);
            let mut amount = left;
            if postponed <= energy_price {
                amount = left.min(later);
                later -= amount;
            } else if offered <= energy_price {
                amount = left.min(h * work.max_mw);
                if let Some(&(_, t, s)) = offers.next() {
                    take(s, t, amount / h);
                }
            }
            left -= amount;
            value += energy_price * amount;
            if left <= 0.0 {
                return (value, energy_price);
            }
        }
    }

    /// Makes prices usable: none above what the grid asks, none of the wrong sign.
    pub fn clamp(&self, m: &mut Multipliers) {
        m.target.iter_mut().zip(&self.terms.targets).for_each(|(y, k)| *y = y.clamp(0.0, k.price));
        m.room.iter_mut().flatten().for_each(|price| *price = price.max(0.0));
        for b in BoundaryIndex::all(&m.power) {
            for (t, p) in m.power[b].iter_mut().enumerate() {
                *p = p.min(self.terms.grid_cost_at(&m.target, (b, t)));
            }
        }
    }

    /// The bound at these prices, and how it changes with each.
    fn slope(&self, m: &Multipliers) -> (f64, Multipliers) {
        let (problem, terms) = (self.problem, self.terms);
        let mut work_mw = vec![vec![0.0; problem.steps]; problem.sites.len()];
        let mut target: Vec<f64> = terms.targets.iter().map(|k| -k.limit).collect();
        let mut value = terms.constant;
        let mut offers = Vec::new();
        for w in WorkIndex::all(&problem.work) {
            self.offers(w, m, &mut offers);
            let (answer, _) = self.answer(w, &offers, |s, t, mw| {
                work_mw[s][t] += mw;
                let b = problem.sites[s].boundary;
                for (sum, k) in target.iter_mut().zip(&terms.targets) {
                    *sum -= k.credit[b][t] * mw;
                }
            });
            value += answer;
        }
        let mut power = terms.load(problem, &work_mw);
        for b in BoundaryIndex::all(&power) {
            for (t, load) in power[b].iter_mut().enumerate() {
                value += m.power[b][t] * terms.firm_load[b][t];
                let (cost, left) = self.supply(m, (b, t), *load, &mut target);
                value += cost;
                *load = left;
            }
        }
        let mut room = work_mw;
        for s in SiteIndex::all(&room) {
            for (t, mw) in room[s].iter_mut().enumerate() {
                value -= m.room[s][t] * terms.headroom[s][t];
                *mw -= terms.headroom[s][t];
            }
        }
        m.target.iter().zip(&terms.targets).for_each(|(y, k)| value -= y * k.limit);
        (value, Multipliers { power, room, target })
    }

    /// Supply worth using at these prices: its cost less what it earns, and the load left over.
    fn supply(&self, m: &Multipliers, (b, t): (BoundaryIndex, usize), load: f64, activity: &mut [f64]) -> (f64, f64) {
        let price = m.power[b][t];
        let (mut cost, mut left) = (0.0, load);
        for &g in &self.terms.groups_of[b] {
            let group = &self.terms.groups[g];
            let saved = self.terms.use_cost_at(&m.target, (g, t)) - price;
            cost += group.available[t] * saved.min(0.0);
            let mw = if saved.abs() <= TIE {
                group.available[t].min(left.max(0.0))
            } else if saved < 0.0 {
                group.available[t]
            } else {
                0.0
            };
            left -= mw;
            for (sum, k) in activity.iter_mut().zip(&self.terms.targets) {
                *sum += k.on_use[g][t] * mw;
            }
        }
        // At the grid's own cost the grid takes whatever is left.
        let capped = price >= self.terms.grid_cost_at(&m.target, (b, t)) - TIE;
        let grid = if capped { left.max(0.0) } else { 0.0 };
        for (sum, k) in activity.iter_mut().zip(&self.terms.targets) {
            *sum += k.on_grid[b][t] * grid;
        }
        (cost, left - grid)
    }

    /// Raises the bound by at most `rounds` steps towards `objective`; returns the best.
    pub fn ascend(&self, start: Multipliers, objective: f64, rounds: usize) -> (Multipliers, f64) {
        let mut m = start;
        self.clamp(&mut m);
        let mut best = (m.clone(), f64::NEG_INFINITY);
        let (mut pace, mut unimproved) = (1.0, 0);
        for _ in 0..=rounds {
            let (mut value, mut slope) = self.slope(&m);
            unimproved += 1;
            if value > best.1 {
                best = (m.clone(), value);
                unimproved = 0;
            }
            if unimproved > 4 {
                // Too long a step overshoots: go on from the best with half of it.
                (pace, unimproved) = (pace / 2.0, 0);
                m = best.0.clone();
                (value, slope) = self.slope(&m);
            }
            let missing = objective - value;
            let square = self.project(&m, &mut slope);
            if square <= 0.0 || pace < 1e-4 || missing <= 1e-9 * objective.abs().max(1.0) {
                break;
            }
            step(&mut m, &slope, pace * missing / square);
            self.clamp(&mut m);
        }
        best
    }

    /// Drops the directions a price cannot go; returns the squared length of the rest.
    fn project(&self, m: &Multipliers, slope: &mut Multipliers) -> f64 {
        let room = slope.room.iter_mut().flatten().zip(m.room.iter().flatten());
        room.filter(|(_, price)| **price <= 0.0).for_each(|(g, _)| *g = g.max(0.0));
        let targets = slope.target.iter_mut().zip(&m.target);
        for ((g, &y), k) in targets.zip(&self.terms.targets) {
            if (y <= 0.0 && *g < 0.0) || (y >= k.price && *g > 0.0) {
                *g = 0.0;
            }
        }
        let all = slope.power.iter().chain(&slope.room).flatten();
        all.chain(&slope.target).fold(0.0, |square, g| square + g * g)
    }

    /// These prices as row duals of the model, work's own rows at their best.
    pub fn duals(&self, keys: &Keys, m: &Multipliers) -> Vec<f64> {
        let mut y = vec![0.0; keys.rows];
        let prices = keys.balance.places(&m.power).chain(keys.capacity.places(&m.room));
        prices.for_each(|(row, price)| y[row] = -price);
        m.target.iter().enumerate().for_each(|(k, price)| y[keys.target(k)] = -price);
        let mut offers = Vec::new();
        for w in WorkIndex::all(&self.problem.work) {
            self.offers(w, m, &mut offers);
            let (_, price) = self.answer(w, &offers, |_, _, _| {});
            y[keys.energy(w)] = price;
            for &(unit, t, _) in &offers {
                if let Some(row) = keys.rate(w, t) {
                    y[row] = self.problem.step_hours * (unit - price).min(0.0);
                }
            }
        }
        y
    }
}

fn step(m: &mut Multipliers, slope: &Multipliers, length: f64) {
    let prices = m.power.iter_mut().chain(&mut m.room).flatten().chain(&mut m.target);
    let slopes = slope.power.iter().chain(&slope.room).flatten().chain(&slope.target);
    prices.zip(slopes).for_each(|(price, g)| *price += length * g);
}
