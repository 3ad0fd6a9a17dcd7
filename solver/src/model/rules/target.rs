//! `sum h*bad*(grid + sum doubt*use) - short <= (1-q)*(elsewhere + sum h*A) - unmatched_elsewhere`, with bad = 1
//! (matched) or 1 - g (CFE score), and `doubt` the part of supply that is not expected to come. A is the load drawn
//! (use + grid), or only useful load: `sum(s) (overhead + pue*firm) + (least pue of the boundary)*sum(w) x`, so that burning more
//! earns nothing.

use crate::model::given::{Finished, Given};
use crate::model::linear::{ColumnKind, LinearModel, RowKind};
use crate::outcome::{Item, Kind, Ledger, codes, cost};
use ids::{BoundaryIndex, Index};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (k, target) in terms.targets.iter().enumerate() {
        let row = model.keys.target(k);
        model.row(row, RowKind::Target { target: k }, f64::NEG_INFINITY, target.limit);
        let short = model.keys.short(k);
        model.column(short, ColumnKind::Short { target: k }, f64::INFINITY, target.price);
        model.entry(row, short, -1.0);
        for b in BoundaryIndex::all(&problem.boundaries).filter(|&b| target.in_scope[b]) {
            for t in 0..problem.steps {
                model.entry(row, model.keys.grid(b, t), target.on_grid[b][t]);
                for &g in &terms.groups_of[b] {
                    model.entry(row, model.keys.usage(g, t), target.on_use[g][t]);
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
