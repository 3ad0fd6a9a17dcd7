//! What came, as a snapshot with nothing in doubt: what backtests carry out, and what has been matched so far.

use super::{View, World};
use crate::forecast::{Expected, Origin};
use crate::plan::derive::{BoundaryValues, Values};
use crate::plan::snapshot::{BoundaryExpectation, Snapshot};
use crate::portfolio::CarbonBasis;
use reports::definitions::BoundaryDef;
use reports::time::Grid;

/// Known values; `otherwise` where no meter said.
pub fn certain(values: Values, otherwise: f64) -> Expected {
    let origins = values.iter().map(|v| if v.is_some() { Origin::Supplier } else { Origin::None }).collect();
    Expected { values: values.into_iter().map(|v| v.unwrap_or(otherwise)).collect(), origins }
}

impl World {
    /// Everything as it came over a part of the span, with no work in it.
    pub fn actual(&self, grid: Grid) -> Snapshot {
        let portfolio = self.portfolio();
        let firm_it_mw: Vec<Expected> = self.firm_as_metered(grid);
        let view = View {
            boundaries: (0..portfolio.boundaries.len()).map(|b| self.boundary_as_it_was(b, grid)).collect(),
            firm_peak_it_mw: firm_it_mw.iter().map(|e| e.values.clone()).collect(),
            firm_it_mw,
            delivered_mw: self.actual_delivered(grid).into_iter().map(|v| certain(v, 0.0)).collect(),
            hedges: Vec::new(),
            pue: self.actual_pue(grid),
            available_gpus: portfolio.planning.pools.iter().map(|p| vec![p.count; grid.len]).collect(),
        };
        Snapshot::of_view(portfolio.clone(), self.derive.rules.clone(), grid.start_s, grid, view)
    }

    fn firm_as_metered(&self, grid: Grid) -> Vec<Expected> {
        let sites = self.actual_firm(grid).into_iter().zip(&self.portfolio().sites);
        sites
            .map(|(values, site)| {
                let mut expected = certain(values, site.it_load_mw.unwrap_or(0.0));
                for origin in expected.origins.iter_mut().filter(|o| **o == Origin::None && site.it_load_mw.is_some()) {
                    *origin = Origin::Configured;
                }
                expected
            })
            .collect()
    }

    fn boundary_as_it_was(&self, index: usize, grid: Grid) -> BoundaryExpectation {
        let portfolio = self.portfolio();
        let definition: &BoundaryDef = &portfolio.definitions.boundaries[index];
        let BoundaryValues { cfe_share, average, residual, fossil, price } = self.actual_boundary(index, grid);
        let basis = portfolio.definitions.factor_basis;
        let default = definition.default_fossil_mg_per_kwh;
        let default = default.unwrap_or_else(|| self.derive.factors.highest_fossil(basis));
        let configured = portfolio.boundaries[index].price_per_mwh.unwrap_or(0.0);
        let fossil = certain(fossil, default as f64 / 1_000.0);
        let fallback = certain(residual, 0.0).or(&fossil);
        let average = certain(average, 0.0);
        BoundaryExpectation {
            cfe_share: certain(cfe_share, 0.0),
            carbon_g_per_kwh: match portfolio.policy.carbon_basis {
                CarbonBasis::Residual => fallback.clone(),
                CarbonBasis::Fossil => fossil,
                CarbonBasis::Average => average.clone().or(&fallback),
            },
            average_g_per_kwh: average,
            fallback_g_per_kwh: fallback,
            price_per_mwh: certain(price, configured),
        }
    }
}
