//! What ran, by the matching rules of the audit, and what it cost.

use super::stage::{Ran, Stage};
use crate::plan::score::{Planned, Scored, score};
use reports::definitions::Settlement;
use reports::units::wh_to_mw;

/// Figures of one strategy.
#[derive(Debug, Clone)]
pub struct Measured {
    pub scored: Scored,
    /// Highest facility draw of any site.
    pub peak_mw: f64,
    /// Energy bought less surplus sold.
    pub cost: f64,
    /// IT energy of work done.
    pub done_mwh: f64,
}

pub fn of(stage: &Stage, ran: &Ran) -> anyhow::Result<Measured> {
    let mut facility = ran.it_mw.clone();
    for (s, (row, site)) in facility.iter_mut().zip(&stage.portfolio.sites).enumerate() {
        let firm = &stage.actual.firm_it_mw[s].values;
        for (t, mw) in row.iter_mut().enumerate() {
            *mw = site.overhead_mw + stage.actual.pue[s][t] * (*mw + firm[t]);
        }
    }
    let peak_mw = facility.iter().flatten().copied().fold(0.0, f64::max);
    let scored = score(&stage.actual, &Planned { facility_mw: facility, storage: Vec::new() })?;
    let h = stage.grid.step_s as f64 / 3_600.0;
    let work = stage.work.iter().zip(&ran.left_mwh);
    let done_mwh = work.map(|(p, left)| p.terms.all_energy_mwh() - left).sum();
    Ok(Measured { cost: h * cost(stage, &scored), scored, peak_mw, done_mwh })
}

/// Per hour: spot for what no contract matches, and for matched energy of financial contracts, less surplus sold.
fn cost(stage: &Stage, scored: &Scored) -> f64 {
    let step_s = stage.grid.step_s;
    let mut cost = 0.0;
    for (b, cells) in scored.cells.iter().enumerate() {
        let price = &stage.actual.boundaries[b].price_per_mwh.values;
        for (t, cell) in cells.iter().enumerate() {
            cost += price[t] * wh_to_mw(cell.load - cell.matched, step_s);
        }
    }
    for (c, contract) in stage.portfolio.definitions.contracts.iter().enumerate() {
        let boundary = stage.portfolio.boundary(&contract.boundary).unwrap_or(0);
        let price = &stage.actual.boundaries[boundary].price_per_mwh.values;
        for (t, surplus) in scored.surplus_wh[c].iter().enumerate() {
            let surplus = wh_to_mw(*surplus, step_s);
            cost += match contract.settlement {
                Settlement::Physical => -price[t] * surplus,
                Settlement::Financial => price[t] * (stage.actual.delivered_mw[c].values[t] - surplus),
            };
        }
    }
    cost
}
