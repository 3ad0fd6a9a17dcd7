//! `sum h*bad*(grid + sum doubt*use) - short <= (1-q)*(elsewhere + sum h*A) - unmatched_elsewhere`, with bad = 1
//! (matched) or 1 - g (CFE score), and `doubt` the part of supply that is not expected to come. A is the load drawn
//! (use + grid), or only useful load: `sum(s) (overhead + pue*firm) + (least pue of the boundary)*sum(w) x`, so that burning more
//! earns nothing.

use crate::model::finished::Finished;
use crate::model::given::Given;
use crate::model::linear::{ColumnKind, LinearModel, RowKind};
use crate::outcome::{Item, Kind, Ledger, codes, cost};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
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
                    model.entry(row, column, target.on_use[g][t]);
                }
            }
        }
    }
}

pub fn costs(made: &Finished, ledger: &mut Ledger) {
    for (target, short) in made.problem.targets.iter().zip(&made.outcome.short_mwh) {
        let amount = target.shortfall_price_per_mwh * short;
        ledger.push(Item::TargetShort, cost(codes::TARGET_SHORT, Kind::Penalty, (*short, "MWh"), amount));
    }
}
