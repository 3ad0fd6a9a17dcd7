//! Firm load, and the headroom it leaves.

use crate::outcome::Overload;
use crate::problem::Problem;

/// Below this an overload is rounding of the inputs.
const NEGLIGIBLE_MW: f64 = 1e-9;

/// `[boundary][step]` facility MW of overhead and firm load.
pub fn firm_load(problem: &Problem) -> Vec<Vec<f64>> {
    let mut load = vec![vec![0.0; problem.steps]; problem.boundaries.len()];
    for site in &problem.sites {
        for (t, cell) in load[site.boundary].iter_mut().enumerate() {
            *cell += site.overhead_mw[t] + site.pue[t] * site.firm_it_mw[t];
        }
    }
    load
}

/// `[site][step]` IT MW left beside firm load, never negative, and where that alone is too much. With storage at the
/// site the connection is a row of its own.
pub fn headroom(problem: &Problem) -> (Vec<Vec<f64>>, Vec<Overload>) {
    let mut overloads = Vec::new();
    let mut headroom = Vec::with_capacity(problem.sites.len());
    for (s, site) in problem.sites.iter().enumerate() {
        let stores = problem.storage.iter().any(|k| k.site == s);
        let mut row = Vec::with_capacity(problem.steps);
        for t in 0..problem.steps {
            let mut connection = (site.grid_limit_mw[t] - site.overhead_mw[t]) / site.pue[t];
            if stores {
                connection = f64::INFINITY;
            }
            let left = site.it_capacity_mw[t].min(connection) - site.peak_it_mw(t);
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
