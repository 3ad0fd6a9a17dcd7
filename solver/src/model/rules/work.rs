//! `sum(s,t) h*(x + keep) + miss[w] + later[w] = energy[w]`
//! `sum(s) (x + keep) <= max[w]`, a row only where more than one column of a step may be non-zero.
//! `sum later of work due by a day <= energy free until then` (`free_later`).

use crate::model::bounds;
use crate::model::given::{Finished, Given};
use crate::model::linear::{ColumnKind, LinearModel, RowKind, anywhere};
use crate::outcome::{Item, Kind, Ledger, codes};
use ids::{Index, WorkIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let problem = given.problem;
    for (w, work) in WorkIndex::each(&problem.work) {
        let energy = model.keys.energy(w);
        model.row(energy, RowKind::Energy { work: w }, work.energy_mwh, work.energy_mwh);
        let miss = model.keys.miss(w);
        model.column(miss, ColumnKind::Miss { work: w }, work.energy_mwh, work.miss_price_per_mwh);
        model.entry(energy, miss, 1.0);
        if let (Some(column), Some(later)) = (model.keys.later(w), work.later) {
            let most = later.max_mwh.min(work.energy_mwh);
            model.column(column, ColumnKind::Later { work: w }, most, later.cost_per_mwh);
            model.entry(energy, column, 1.0);
        }
        for step in work.release..work.deadline {
            if let Some(row) = model.keys.rate(w, step) {
                model.row(row, RowKind::Rate { work: w, step }, f64::NEG_INFINITY, work.max_mw);
            }
        }
    }
    for (k, (works, mwh)) in problem.free_later.iter().enumerate() {
        let later: Vec<(usize, f64)> = works.iter().filter_map(|&w| model.keys.later(w)).map(|c| (c, 1.0)).collect();
        model.rule(bounds::FREE_LATER, anywhere(k, 0), (f64::NEG_INFINITY, *mwh), &later);
    }
}

pub fn costs(made: &Finished, ledger: &mut Ledger) {
    for (w, work) in WorkIndex::each(&made.problem.work) {
        let (miss, later) = (made.outcome.miss_mwh[w], made.outcome.later_mwh[w]);
        ledger.add(Item::Missed, codes::MISSED, Kind::Penalty, (miss, "MWh"), work.miss_price_per_mwh * miss);
        let price = work.later.map_or(0.0, |l| l.cost_per_mwh);
        ledger.add(Item::LeftForLater, codes::LEFT_FOR_LATER, Kind::Money, (later, "MWh"), price * later);
    }
}
