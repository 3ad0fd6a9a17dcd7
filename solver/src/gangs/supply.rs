//! What power costs as a function of a boundary's load in a step: contracts first, cheapest first, then the grid. Targets
//! press at the relaxation's prices; storage and divisible work stay as they were there.

use super::relaxed::Relaxed;
use crate::model::{LinearModel, RowKind, Terms, bounds};
use crate::problem::Problem;
use ids::{BoundaryIndex, Index, SiteIndex};

/// Power below this is none.
const NEGLIGIBLE_MW: f64 = 1e-9;

/// Of one boundary and step: up to so many MW a MW costs so much; beyond, the last price.
struct Steps {
    ends: Vec<f64>,
    prices: Vec<f64>,
}

impl Steps {
    /// What `from` to `to` MW cost.
    #[inline]
    fn between(&self, from: f64, to: f64) -> f64 {
        let (mut at, mut cost) = (from, 0.0);
        for (end, price) in self.ends.iter().zip(&self.prices) {
            if at < *end {
                let next = end.min(to);
                cost += price * (next - at);
                at = next;
                if at >= to {
                    return cost;
                }
            }
        }
        cost + self.prices.last().copied().unwrap_or(0.0) * (to - at)
    }
}

pub(super) struct Supply {
    steps: usize,
    /// By boundary and step.
    of: Vec<Steps>,
    /// `[boundary][step]` facility MW of all but jobs.
    pub base: Vec<Vec<f64>>,
    /// `[site][step]` per IT MW of work, what rows other than supply and room charge.
    pub extra: Vec<Vec<f64>>,
}

impl Supply {
    /// `drawn` are the IT MW that jobs draw in the relaxation, by site and step.
    pub fn new(problem: &Problem, terms: &Terms, relaxed: &Relaxed, drawn: &[Vec<f64>]) -> Supply {
        let (model, x) = (&relaxed.beside, &relaxed.x);
        let keys = &model.keys;
        let pressure: Vec<f64> = (0..terms.targets.len()).map(|k| (-relaxed.duals[keys.target(k)]).max(0.0)).collect();
        let pressed = |own: f64, weight: &dyn Fn(usize) -> f64| {
            own + pressure.iter().enumerate().map(|(k, press)| press * weight(k)).sum::<f64>()
        };
        let mut of = Vec::new();
        let mut base = Vec::new();
        for b in BoundaryIndex::all(&problem.boundaries) {
            let mut loads = Vec::with_capacity(problem.steps);
            for t in 0..problem.steps {
                let grid = pressed(terms.grid_cost[b][t], &|k| terms.targets[k].on_grid[b][t]);
                let mut offers: Vec<(f64, f64)> = Vec::new();
                let mut load = x[keys.grid(b, t)];
                for &g in &terms.groups_of[b] {
                    let (group, used) = (&terms.groups[g], x[keys.usage(g, t)]);
                    load += used;
                    let price = pressed(group.cost[t], &|k| terms.targets[k].on_use[g][t]);
                    // Supply of some sites alone serves what it serves in the relaxation.
                    let most = if group.nodes.is_empty() { group.available[t] } else { used };
                    if most > NEGLIGIBLE_MW && price <= grid {
                        offers.push((price, most));
                    }
                }
                offers.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mut end = 0.0;
                let ends = offers.iter().map(|offer| {
                    end += offer.1;
                    end
                });
                let ends = ends.chain([f64::INFINITY]).collect();
                let prices = offers.iter().map(|offer| offer.0).chain([grid]).collect();
                of.push(Steps { ends, prices });
                let jobs: f64 = terms.sites_of[b].iter().map(|&s| problem.sites[s].pue[t] * drawn[s][t]).sum();
                loads.push((load - jobs).max(0.0));
            }
            base.push(loads);
        }
        let extra = extra(problem, terms, relaxed, &pressure);
        Supply { steps: problem.steps, of, base, extra }
    }

    #[inline]
    pub fn between(&self, boundary: BoundaryIndex, step: usize, from: f64, to: f64) -> f64 {
        self.of[boundary.get() * self.steps + step].between(from, to)
    }
}

/// Ramps, peaks and events at the relaxation's prices, less what work earns of targets: going past them costs what they
/// charge. Capacity, connections and limits are kept by `Room`, and priced on top they would leave out jobs that still fit.
fn extra(problem: &Problem, terms: &Terms, relaxed: &Relaxed, pressure: &[f64]) -> Vec<Vec<f64>> {
    let model = &relaxed.beside;
    let at = |s: SiteIndex, t: usize| {
        let site = &problem.sites[s];
        let of = |rows: &[(usize, f64)]| rows.iter().map(|row| charged(model, &relaxed.duals, *row)).sum::<f64>();
        let at = model.limit_rows.at(s, t);
        let facility = of(&model.limit_rows.work[at]) + of(&model.limit_rows.facility[at]);
        let earned: f64 = terms.targets.iter().zip(pressure).map(|(k, press)| press * k.credit[site.boundary][t]).sum();
        site.pue[t] * facility - earned
    };
    SiteIndex::all(&problem.sites).map(|s| (0..problem.steps).map(|t| at(s, t)).collect()).collect()
}

fn charged(model: &LinearModel, duals: &[f64], (row, value): (usize, f64)) -> f64 {
    match model.rows[row].kind {
        RowKind::Rule { rule: bounds::RAMP | bounds::PEAK | bounds::EVENT, .. } => -duals[row] * value,
        _ => 0.0,
    }
}
