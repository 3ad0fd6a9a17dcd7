//! `sum(s) (overhead + pue * (firm + sum(w) x)) = sum(g) use + grid` per boundary and step,
//! written with the firm part on the right: `sum pue*x - sum use - grid = -firm_load`. Storage draws and gives here too.

use crate::model::given::{Finished, Given};
use crate::model::linear::{ColumnKind, LinearModel, RowKind};
use crate::outcome::{Item, Kind, Ledger, codes, cost};
use crate::problem::Settlement;
use ids::{BoundaryIndex, ContractIndex, Index};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for boundary in BoundaryIndex::all(&problem.boundaries) {
        for step in 0..problem.steps {
            let row = model.keys.balance(boundary, step);
            let firm = -terms.firm_load[boundary][step];
            model.row(row, RowKind::Balance { boundary, step }, firm, firm);
            let column = model.keys.grid(boundary, step);
            let cost = terms.grid_cost[boundary][step];
            model.column(column, ColumnKind::Grid { boundary, step }, f64::INFINITY, cost);
            model.entry(row, column, -1.0);
            for &site in &terms.sites_of[boundary] {
                let at = model.limit_rows.at(site, step);
                model.limit_rows.facility[at].push((row, 1.0));
            }
        }
    }
}

/// The grid's energy and its carbon, contracts that settle at spot, and surplus sold.
pub fn costs(made: &Finished, ledger: &mut Ledger) {
    let (problem, outcome) = (made.problem, made.outcome);
    let h = problem.step_hours;
    let (mut bought, mut spent, mut grams, mut sold, mut earned) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (b, boundary) in BoundaryIndex::each(&problem.boundaries) {
        for t in 0..problem.steps {
            let mut grid = outcome.grid_mw[b][t];
            for (c, contract) in ContractIndex::each(&problem.contracts).filter(|(_, c)| c.boundary == b) {
                let (used, doubt) = (outcome.used_mw[c][t], contract.doubt_at(t));
                grid += doubt * used;
                let comes = 1.0 - doubt;
                match contract.settlement {
                    Settlement::Financial => spent += h * boundary.buy_per_mwh[t] * comes * used,
                    Settlement::Physical => {
                        let surplus = h * comes * (contract.available_mw[t] - used);
                        sold += surplus;
                        earned += contract.sell_per_mwh[t] * surplus;
                    }
                }
            }
            bought += h * grid;
            spent += h * boundary.buy_per_mwh[t] * grid;
            grams += h * grid * boundary.carbon_g_per_kwh[t];
        }
    }
    let carbon = problem.policy.carbon_price_per_t * grams / 1e3;
    ledger.push(Item::Energy, cost(codes::ENERGY, Kind::Money, (bought, "MWh"), spent));
    ledger.push(Item::SurplusSold, cost(codes::SURPLUS_SOLD, Kind::Money, (sold, "MWh"), -earned));
    ledger.push(Item::Carbon, cost(codes::CARBON, Kind::Carbon, (grams / 1e3, "t"), carbon));
}
