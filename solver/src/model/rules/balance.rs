//! `sum(s) (overhead + pue * (firm + sum(w) x)) = sum(g) use + grid` per boundary and step,
//! written with the firm part on the right: `sum pue*x - sum use - grid = -firm_load`. Storage draws and gives here too.

use crate::model::linear::{ColumnKind, LinearModel, RowKind};
use crate::model::terms::Terms;
use crate::problem::Problem;

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for boundary in 0..problem.boundaries.len() {
        for step in 0..problem.steps {
            let row = model.keys.balance.at(boundary, step);
            let firm = -terms.firm_load[boundary][step];
            model.row(row, RowKind::Balance { boundary, step }, firm, firm);
            let column = model.keys.grid.at(boundary, step);
            let cost = terms.grid_cost[boundary][step];
            let kind = ColumnKind::Grid { boundary, step };
            model.column(column, kind, f64::INFINITY, cost);
            model.entry(row, column, -1.0);
            for &site in &terms.sites_of[boundary] {
                let at = model.taps.at(site, step);
                model.taps.facility[at].push((row, 1.0));
            }
        }
    }
}
