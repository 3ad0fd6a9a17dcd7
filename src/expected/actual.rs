//! What came, as a snapshot with nothing in doubt: what backtests carry out, and what has been matched so far. What nobody
//! metered is expected from what came before it, alike for whoever looks back.

use super::ahead::factor_gaps;
use super::derive::Values;
use super::expect::{Expected, HOURS_PER_DAY, Origin};
use super::track::{Bounds, came};
use super::tracks::per_hour;
use super::unknown::{Gaps, Words};
use super::view::{BoundaryExpectation, View};
use super::world::World;
use crate::plan::snapshot::Snapshot;
use crate::portfolio::CarbonBasis;
use reports::series::name::{ContractLeaf, GridLeaf, SeriesName, SiteLeaf};
use reports::time::Grid;

/// Known values; nothing where no meter said.
fn certain(values: Values) -> Expected {
    let origins = values.iter().map(|v| if v.is_some() { Origin::Supplier } else { Origin::None }).collect();
    Expected { values: values.into_iter().map(|v| v.unwrap_or(0.0)).collect(), origins }
}

impl World {
    /// Everything as it came over a part of the span, with no work in it.
    pub fn actual(&self, grid: Grid) -> Snapshot {
        Snapshot::of_view(self.portfolio().clone(), self.derive.rules.clone(), grid.start_s, grid, self.came(grid))
    }

    /// The same before it is a snapshot: what was never known is told of, or refused.
    pub fn came(&self, grid: Grid) -> View {
        let mut gaps = Gaps::default();
        gaps.reasons.extend(self.left_out.iter().cloned());
        gaps.reasons.extend(self.stood_in_over(grid.period()));
        let delivered_mw = self.delivered_as_metered(grid, &mut gaps);
        let pue = (0..self.sites.len()).map(|site| self.pue_as_it_was(site, grid, &mut gaps)).collect();
        let firm_it_mw = self.firm_as_metered(grid, &mut gaps);
        let boundaries = (0..self.boundaries.len()).map(|b| self.boundary_as_it_was(b, grid, &mut gaps)).collect();
        View {
            boundaries,
            firm_peak_it_mw: firm_it_mw.iter().map(|e| e.values.clone()).collect(),
            firm_it_mw,
            delivered_mw,
            hedges: Vec::new(),
            pue,
            available_gpus: self.counted_gpus(grid),
            gaps,
        }
    }

    /// Generation nobody metered is not claimed, as in a report.
    fn delivered_as_metered(&self, grid: Grid, gaps: &mut Gaps) -> Vec<Expected> {
        let contracts = self.actual_delivered(grid).into_iter().zip(&self.portfolio().definitions.contracts);
        contracts
            .map(|(values, contract)| {
                let expected = certain(values);
                let words = Words { none: ", counted as not delivered, as in a report", ..Words::CAME };
                let series = SeriesName::contract(&contract.id, ContractLeaf::Generation);
                gaps.say(&series, grid, words, &expected);
                expected
            })
            .collect()
    }

    fn pue_as_it_was(&self, site: usize, grid: Grid, gaps: &mut Gaps) -> Vec<f64> {
        let (id, plan) = (&self.portfolio().definitions.sites[site].id, &self.portfolio().sites[site]);
        let track = &self.sites[site].pue;
        let expected = track.came(self.step_of(grid.start_s), grid.len, Some(plan.pue));
        if expected.count(Origin::Configured) < expected.origins.len() {
            let words = Words { configured: &format!("the portfolio's pue, {}", plan.pue), ..Words::CAME };
            gaps.say(&SeriesName::site(id, SiteLeaf::Pue), grid, words, &expected);
        }
        expected.values
    }

    fn firm_as_metered(&self, grid: Grid, gaps: &mut Gaps) -> Vec<Expected> {
        let (per_hour, first) = (per_hour(self.span), self.step_of(grid.start_s));
        let sites = self.actual_firm(self.span).into_iter().zip(&self.portfolio().sites).enumerate();
        sites
            .map(|(index, (values, plan))| {
                let of = (per_hour, Bounds::NOT_NEGATIVE);
                let expected = came(&values, of, (first, grid.len), plan.it_load_mw);
                let expected = expected.or_repeated(HOURS_PER_DAY * per_hour);
                let id = &self.portfolio().definitions.sites[index].id;
                let series = SeriesName::site(id, SiteLeaf::ItLoad);
                let figure = plan.it_load_mw.map_or(String::new(), |mw| mw.to_string());
                let words = Words { configured: &format!("the portfolio's it_load_mw, {figure}"), ..Words::CAME };
                gaps.say(&series, grid, words, &expected);
                expected
            })
            .collect()
    }

    fn boundary_as_it_was(&self, index: usize, grid: Grid, gaps: &mut Gaps) -> BoundaryExpectation {
        let portfolio = self.portfolio();
        let id = portfolio.definitions.boundaries[index].id.as_str();
        let default = self.derive.default_fossil_g_per_kwh(index);
        let (first, n, per_day) = (self.step_of(grid.start_s), grid.len, HOURS_PER_DAY * per_hour(self.span));
        let tracks = &self.boundaries[index];
        let average = tracks.average.came(first, n, None).or_repeated(per_day);
        let residual = tracks.residual.came(first, n, None);
        let fossil = tracks.fossil.came(first, n, Some(default));
        let cfe_share = tracks.cfe_share.came(first, n, None).or_repeated(per_day);
        let configured = portfolio.boundaries[index].price_per_mwh;
        let price = tracks.price.came(first, n, configured).or_repeated(per_day);
        let by = portfolio.policy.carbon_basis;
        price_gaps(gaps, grid, (id, configured), (&price, tracks.price.values()));
        let none = ": no CFE score";
        let series = SeriesName::grid(id, GridLeaf::CfeShare);
        gaps.say(&series, grid, Words { none, ..Words::CAME }, &cfe_share);
        factor_gaps(gaps, (grid, Words::CAME), (id, default, by), [&average, &residual, &fossil]);
        let fallback = residual.or(&fossil);
        BoundaryExpectation {
            cfe_share,
            carbon_g_per_kwh: match by {
                CarbonBasis::Residual => fallback.clone(),
                CarbonBasis::Fossil => fossil,
                CarbonBasis::Average => average.clone().or(&fallback),
            },
            average_g_per_kwh: average,
            fallback_g_per_kwh: fallback,
            price_per_mwh: price,
        }
    }

    /// Accelerators there were: as counted, or last counted before; all there are until somebody counts.
    fn counted_gpus(&self, grid: Grid) -> Vec<Vec<f64>> {
        let first = self.step_of(grid.start_s);
        let pools = self.portfolio().planning.pools.iter().zip(&self.pools);
        pools
            .map(|(pool, counted)| {
                let before = counted[..first.min(counted.len())].iter().rev().flatten().next();
                let mut now = before.copied().unwrap_or(pool.count);
                let at = |step: usize| counted.get(first + step).copied().flatten();
                let steps = (0..grid.len).map(|step| {
                    now = at(step).unwrap_or(now);
                    now.min(pool.count)
                });
                steps.collect()
            })
            .collect()
    }
}

/// A price there never was is nothing by contract; one that is known of other times only is refused.
fn price_gaps(
    gaps: &mut Gaps,
    grid: Grid,
    (id, configured): (&str, Option<f64>),
    (price, values): (&Expected, &[Option<f64>]),
) {
    let series = SeriesName::grid(id, GridLeaf::Price);
    let ever = values.iter().any(Option::is_some);
    if price.unknown() && ever {
        let period = grid.period();
        let what = format!("there is no reading in {period}, or in the 14 days before");
        gaps.refuse(&series, &what, format!("ingest the prices of then, or set price_per_mwh of boundary {id}"));
    } else if ever || configured.is_none() {
        let figure = configured.map_or(String::new(), |price| price.to_string());
        let words = Words {
            configured: &format!("price_per_mwh of boundary {id}, {figure}"),
            none: &format!(" and boundary {id} states no price_per_mwh: energy counts as free"),
            ..Words::CAME
        };
        gaps.say(&series, grid, words, price);
    }
}
