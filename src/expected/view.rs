//! What is expected over a horizon: all that a snapshot takes of a world.

use super::expect::{Expected, Origin};
use super::unknown::Gaps;
use ids::ContractIndex;
use reports::time::Grid;
use serde::Serialize;

#[derive(Debug, Clone)]
pub struct View {
    /// Parallel to the portfolio's boundaries, sites, contracts and pools; rows are `[site][step]` and `[pool][step]`.
    pub boundaries: Vec<BoundaryExpectation>,
    pub firm_it_mw: Vec<Expected>,
    /// What firm load may reach: its 95 % quantile.
    pub firm_peak_it_mw: Vec<Vec<f64>>,
    pub delivered_mw: Vec<Expected>,
    /// Lists of contracts whose supply may not come as expected.
    pub hedges: Vec<Hedge>,
    pub pue: Vec<Vec<f64>>,
    /// Accelerators that can be given out.
    pub available_gpus: Vec<Vec<f64>>,
    /// What stands for what nobody supplied.
    pub gaps: Gaps,
}

impl View {
    /// A part of it, a grid from a step on, with nothing hedged.
    pub fn part(&self, from: usize, grid: Grid) -> Self {
        let steps = from..from + grid.len;
        let cut = |e: &Expected| e.part(steps.clone());
        let rows = |rows: &[Vec<f64>]| rows.iter().map(|row| row[steps.clone()].to_vec()).collect();
        Self {
            boundaries: self.boundaries.iter().map(|boundary| boundary.map(cut)).collect(),
            firm_it_mw: self.firm_it_mw.iter().map(cut).collect(),
            firm_peak_it_mw: rows(&self.firm_peak_it_mw),
            delivered_mw: self.delivered_mw.iter().map(cut).collect(),
            hedges: Vec::new(),
            pue: rows(&self.pue),
            available_gpus: rows(&self.available_gpus),
            gaps: Gaps::ahead(grid),
        }
    }
}

/// What some contracts deliver together, with its quantiles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hedge {
    pub contracts: Vec<ContractIndex>,
    pub total_mw: Expected,
}

impl Hedge {
    /// What contracts deliver together: of the least good origin of any.
    pub fn total(contracts: &[ContractIndex], delivered: &[Expected]) -> Expected {
        let steps = delivered.first().map_or(0, |expected| expected.values.len());
        let mut total = Expected::nothing(steps);
        for step in 0..steps {
            let origin = contracts.iter().map(|c| delivered[*c].origins[step]).max().unwrap_or(Origin::None);
            total.put(step, contracts.iter().map(|c| delivered[*c].values[step]).sum(), origin);
        }
        total
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct BoundaryExpectation {
    pub cfe_share: Expected,
    /// Factor of unmatched energy by the policy's carbon basis, g/kWh.
    pub carbon_g_per_kwh: Expected,
    /// Location-based average, g/kWh, for show.
    pub average_g_per_kwh: Expected,
    /// What unmatched energy takes in the market-based inventory, g/kWh.
    pub fallback_g_per_kwh: Expected,
    pub price_per_mwh: Expected,
}

impl BoundaryExpectation {
    pub fn map(&self, one: impl Fn(&Expected) -> Expected) -> Self {
        Self {
            cfe_share: one(&self.cfe_share),
            carbon_g_per_kwh: one(&self.carbon_g_per_kwh),
            average_g_per_kwh: one(&self.average_g_per_kwh),
            fallback_g_per_kwh: one(&self.fallback_g_per_kwh),
            price_per_mwh: one(&self.price_per_mwh),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::Index;

    #[test]
    fn a_total_is_of_the_least_good_origin_of_any() {
        let known = Expected::supplied(&[Some(1.0), Some(2.0), Some(3.0)]);
        let half = Expected::supplied(&[Some(4.0), None, None]).or_constant(8.0, Origin::History);
        let [first, second] = [0, 1].map(ContractIndex::new);
        let total = Hedge::total(&[first, second], &[known.clone(), half]);
        assert_eq!(total.values, [5.0, 10.0, 11.0]);
        assert_eq!(total.origins, [Origin::Supplier, Origin::History, Origin::History]);
        assert_eq!(Hedge::total(&[first], std::slice::from_ref(&known)), known);
    }
}
