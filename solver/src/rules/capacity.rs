//! `sum(w) x[w,s,t] <= max(0, min(it_capacity, (grid_limit - overhead) / pue) - firm)`
//!
//! Where firm load alone breaks the limit, no work fits and the overload is reported: the
//! plan is never infeasible because of load nobody can move.

use crate::model::{LinearModel, RowKind};
use crate::outcome::Overload;
use crate::problem::Problem;
use crate::terms::Terms;

/// Below this an overload is rounding of the inputs.
const NEGLIGIBLE_MW: f64 = 1e-9;

pub fn headroom(problem: &Problem) -> (Vec<Vec<f64>>, Vec<Overload>) {
    let mut overloads = Vec::new();
    let mut headroom = Vec::with_capacity(problem.sites.len());
    for (s, site) in problem.sites.iter().enumerate() {
        let mut row = Vec::with_capacity(problem.steps);
        for t in 0..problem.steps {
            let connection = (site.grid_limit_mw[t] - site.overhead_mw[t]) / site.pue[t];
            let left = site.it_capacity_mw[t].min(connection) - site.firm_it_mw[t];
            if left < -NEGLIGIBLE_MW {
                let mw = -left;
                overloads.push(Overload { site: s, step: t, mw });
            }
            row.push(left.max(0.0));
        }
        headroom.push(row);
    }
    (headroom, overloads)
}

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for site in 0..problem.sites.len() {
        for step in 0..problem.steps {
            let row = model.keys.capacity.at(site, step);
            let kind = RowKind::Capacity { site, step };
            model.row(row, kind, f64::NEG_INFINITY, terms.headroom[site][step]);
        }
    }
}
