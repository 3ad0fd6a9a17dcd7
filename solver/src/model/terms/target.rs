//! Weights of a target's row; `rules::target` has its formula.

use super::supply::Group;
use crate::problem::{Allowance, Metric, Problem, Scope, Target};
use ids::{BoundaryIndex, Index, SiteIndex};

#[derive(Debug, Clone)]
pub struct TargetTerms {
    pub in_scope: Vec<bool>,
    /// `[boundary][step]`, zero out of scope.
    pub on_grid: Vec<Vec<f64>>,
    /// `[group][step]`, zero out of scope.
    pub on_use: Vec<Vec<f64>>,
    /// What one MW of useful load earns in one step; zero under `DrawnLoad`.
    pub useful: f64,
    /// `[boundary][step]` allowance earned by one MW of work for one step, wherever in the boundary: by the least PUE it
    /// has.
    pub credit: Vec<Vec<f64>>,
    /// What one MW of drawn load earns in one step; zero under `UsefulLoad`.
    pub drawn: f64,
    /// `[step]`: whether it lies in the target's period.
    pub counts: Vec<bool>,
    pub limit: f64,
    pub price: f64,
}

impl TargetTerms {
    /// What one more MW of firm IT load at a site adds to the limit.
    pub fn firm_credit(&self, problem: &Problem, site: SiteIndex, step: usize) -> f64 {
        let site = &problem.sites[site];
        if self.in_scope[site.boundary] && self.counts[step] { self.useful * site.pue[step] } else { 0.0 }
    }

    /// What one MW of drawn load earns in a step.
    pub fn drawn_at(&self, step: usize) -> f64 {
        if self.counts[step] { self.drawn } else { 0.0 }
    }
}

pub fn terms(problem: &Problem, firm_load: &[Vec<f64>], groups: &[Group], target: &Target) -> TargetTerms {
    let h = problem.step_hours;
    let spare = 1.0 - target.share;
    let drawn = match target.allowance {
        Allowance::DrawnLoad => h * spare,
        Allowance::UsefulLoad => 0.0,
    };
    let useful = h * spare - drawn;
    let boundaries = BoundaryIndex::all(&problem.boundaries);
    let within = |b: BoundaryIndex| [Scope::Portfolio, Scope::Boundary(b)].contains(&target.scope);
    let in_scope: Vec<bool> = boundaries.clone().map(within).collect();
    let mut on_grid = vec![vec![0.0; problem.steps]; boundaries.len()];
    let mut limit = spare * target.load_elsewhere_mwh - target.unmatched_elsewhere_mwh;
    for b in boundaries.clone().filter(|&b| in_scope[b]) {
        for t in (0..problem.steps).filter(|t| target.counts(*t)) {
            on_grid[b][t] = h * bad(problem, target, b, t) - drawn;
            limit += useful * firm_load[b][t];
        }
    }
    let on_use = groups.iter().map(|g| {
        let weight = |t: usize| match in_scope[g.boundary] && target.counts(t) {
            true => h * bad(problem, target, g.boundary, t) * g.doubt[t] - drawn,
            false => 0.0,
        };
        (0..problem.steps).map(weight).collect()
    });
    let on_use = on_use.collect();
    let least_pue = |b: BoundaryIndex, t: usize| {
        let sites = problem.sites.iter().filter(|s| s.boundary == b);
        sites.map(|s| s.pue[t]).reduce(f64::min).unwrap_or(0.0)
    };
    let earns = |b: BoundaryIndex, t: usize| in_scope[b] && useful != 0.0 && target.counts(t);
    let credit = |b: BoundaryIndex, t: usize| if earns(b, t) { useful * least_pue(b, t) } else { 0.0 };
    let credit = boundaries.map(|b| (0..problem.steps).map(|t| credit(b, t)).collect()).collect();
    let counts = (0..problem.steps).map(|t| target.counts(t)).collect();
    let price = target.shortfall_price_per_mwh;
    TargetTerms { in_scope, on_grid, on_use, useful, credit, drawn, counts, limit, price }
}

/// What part of an unmatched MWh counts against a target.
pub fn bad(problem: &Problem, target: &Target, boundary: BoundaryIndex, step: usize) -> f64 {
    match target.metric {
        Metric::Matched => 1.0,
        Metric::CfeScore => 1.0 - problem.boundaries[boundary].grid_cfe_share[step],
    }
}
