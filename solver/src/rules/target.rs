//! `sum h*bad*grid - short <= (1-q)*(elsewhere + sum h*A) - unmatched_elsewhere`, with bad = 1
//! (matched) or 1 - g (CFE score). A is the load drawn (use + grid), or only useful load:
//! `sum(s) (overhead + pue*firm) + sum(w) min(s) pue * x`, so that burning more earns nothing.

use crate::model::{ColumnKind, LinearModel, RowKind};
use crate::problem::{Allowance, Metric, Problem, Scope, Target};
use crate::terms::Terms;

#[derive(Debug, Clone)]
pub struct TargetTerms {
    pub in_scope: Vec<bool>,
    /// `[boundary][step]`, zero out of scope.
    pub on_grid: Vec<Vec<f64>>,
    /// Per boundary, the same in every step.
    pub on_use: Vec<f64>,
    /// What one MW of useful load earns in one step; zero under `DrawnLoad`.
    pub useful: f64,
    pub limit: f64,
    pub price: f64,
}

impl TargetTerms {
    /// Allowance earned by one MW of this work at a site of `boundary` for one step.
    pub fn credit(&self, problem: &Problem, work: usize, boundary: usize, step: usize) -> f64 {
        if self.useful == 0.0 || !self.in_scope[boundary] {
            return 0.0;
        }
        let sites = problem.work[work].sites.iter().map(|&s| &problem.sites[s]);
        let least = sites.filter(|s| s.boundary == boundary).map(|s| s.pue[step]).fold(f64::INFINITY, f64::min);
        self.useful * least
    }

    /// What one more MW of firm IT load at a site adds to the limit.
    pub fn firm_credit(&self, problem: &Problem, site: usize, step: usize) -> f64 {
        let site = &problem.sites[site];
        if self.in_scope[site.boundary] { self.useful * site.pue[step] } else { 0.0 }
    }
}

pub fn terms(problem: &Problem, firm_load: &[Vec<f64>], target: &Target) -> TargetTerms {
    let h = problem.step_hours;
    let spare = 1.0 - target.share;
    let drawn = match target.allowance {
        Allowance::DrawnLoad => h * spare,
        Allowance::UsefulLoad => 0.0,
    };
    let useful = h * spare - drawn;
    let count = problem.boundaries.len();
    let in_scope: Vec<bool> = (0..count)
        .map(|b| match target.scope {
            Scope::Portfolio => true,
            Scope::Boundary(only) => only == b,
        })
        .collect();
    let mut on_grid = vec![vec![0.0; problem.steps]; count];
    let mut on_use = vec![0.0; count];
    let mut limit = spare * target.load_elsewhere_mwh - target.unmatched_elsewhere_mwh;
    for b in (0..count).filter(|&b| in_scope[b]) {
        on_use[b] = 0.0 - drawn;
        for t in 0..problem.steps {
            let bad = match target.metric {
                Metric::Matched => 1.0,
                Metric::CfeScore => 1.0 - problem.boundaries[b].grid_cfe_share[t],
            };
            on_grid[b][t] = h * bad - drawn;
            limit += useful * firm_load[b][t];
        }
    }
    TargetTerms { in_scope, on_grid, on_use, useful, limit, price: target.shortfall_price_per_mwh }
}

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (k, target) in terms.targets.iter().enumerate() {
        let row = model.keys.target(k);
        let kind = RowKind::Target { target: k };
        model.row(row, kind, f64::NEG_INFINITY, target.limit);
        let short = model.keys.short(k);
        let kind = ColumnKind::Short { target: k };
        model.column(short, kind, f64::INFINITY, target.price);
        model.entry(row, short, -1.0);
        for b in (0..problem.boundaries.len()).filter(|&b| target.in_scope[b]) {
            for t in 0..problem.steps {
                let grid = model.keys.grid.at(b, t);
                model.entry(row, grid, target.on_grid[b][t]);
                for &g in &terms.groups_of[b] {
                    let column = model.keys.usage.at(g, t);
                    model.entry(row, column, target.on_use[b]);
                }
            }
        }
    }
}
