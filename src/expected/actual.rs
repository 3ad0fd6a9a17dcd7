//! What really came, without doubt: what backtests execute, and what has been matched so far. Unmetered values are
//! expected from what came before them, the same for everything that looks back.

use super::boundary::Stated;
use super::common::{BoundaryIndex, Expected, Grid, HOURS_PER_DAY, Index, Origin, SiteIndex};
use super::track::{Bounds, Track, last_before, part};
use super::tracks::per_hour;
use super::unknown::{Gaps, Words};
use super::view::{BoundaryExpectation, View};
use super::world::World;
use reports::series::name::{ContractLeaf, GridLeaf, SeriesName, SiteLeaf};

impl World {
    /// Everything as it came over a part of the span: what was never known is told of, or refused.
    pub fn came(&self, grid: Grid) -> View {
        let mut gaps = Gaps::came(grid);
        gaps.notes.extend(self.left_out.iter().cloned());
        gaps.notes.extend(self.stood_in.over(grid.period()));
        let delivered_mw = self.delivered_as_metered(grid, &mut gaps);
        let pue = SiteIndex::all(&self.sites).map(|site| self.pue_as_it_was(site, grid, &mut gaps)).collect();
        let firm_it_mw = self.firm_as_metered(grid, &mut gaps);
        let boundaries = BoundaryIndex::all(&self.boundaries);
        let boundaries = boundaries.map(|boundary| self.boundary_as_it_was(boundary, grid, &mut gaps)).collect();
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
        let delivered = contracts.map(|(values, contract)| {
            let expected = Expected::supplied(&values);
            let words = Words { none: ", counted as not delivered, as in a report", ..gaps.words };
            gaps.say(&SeriesName::contract(&contract.id, ContractLeaf::Generation), words, &expected);
            expected
        });
        delivered.collect()
    }

    fn pue_as_it_was(&self, site: SiteIndex, grid: Grid, gaps: &mut Gaps) -> Vec<f64> {
        let (id, plan) = (&self.portfolio().definitions.sites[site].id, &self.portfolio().sites[site]);
        let expected = self.sites[site].pue.came(self.steps(grid).start, grid.len, Some(plan.pue));
        if expected.count(Origin::Configured) < expected.origins.len() {
            let words = Words { configured: &format!("the portfolio's pue, {}", plan.pue), ..gaps.words };
            gaps.say(&SeriesName::site(id, SiteLeaf::Pue), words, &expected);
        }
        expected.values
    }

    fn firm_as_metered(&self, grid: Grid, gaps: &mut Gaps) -> Vec<Expected> {
        let (per_hour, first) = (per_hour(self.span), self.steps(grid).start);
        let sites = self.portfolio().definitions.sites.iter().zip(&self.portfolio().sites);
        let sites = self.actual_firm(self.span).into_iter().zip(sites);
        let firm = sites.map(|(values, (site, plan))| {
            let track = Track::new(values, per_hour, Bounds::NOT_NEGATIVE);
            let expected = track.came(first, grid.len, plan.it_load_mw).or_repeated(HOURS_PER_DAY * per_hour);
            let figure = plan.it_load_mw.map_or(String::new(), |mw| mw.to_string());
            let words = Words { configured: &format!("the portfolio's it_load_mw, {figure}"), ..gaps.words };
            gaps.say(&SeriesName::site(&site.id, SiteLeaf::ItLoad), words, &expected);
            expected
        });
        firm.collect()
    }

    fn boundary_as_it_was(&self, boundary: BoundaryIndex, grid: Grid, gaps: &mut Gaps) -> BoundaryExpectation {
        let (first, tracks) = (self.steps(grid).start, &self.boundaries[boundary]);
        let stated = Stated::new(&self.derive, boundary);
        let came = tracks.each().zip(stated.figures()).map(|(track, figure)| track.came(first, grid.len, figure));
        let came = came.repeated(HOURS_PER_DAY * per_hour(self.span));
        let ever = tracks.price.values().iter().any(Option::is_some);
        let when = format!("there is no reading in {}, or in the 14 days before", grid.period());
        stated.say_price(gaps, &came.price, ever.then_some((when, "the prices of then")));
        let words = Words { none: ": no CFE score", ..gaps.words };
        gaps.say(&SeriesName::grid(stated.id, GridLeaf::CfeShare), words, &came.cfe_share);
        stated.say_factors(gaps, &came);
        came.expectation(stated.carbon_basis)
    }

    /// Accelerators there were: as counted, or last counted before; all there are until somebody counts.
    fn counted_gpus(&self, grid: Grid) -> Vec<Vec<f64>> {
        let first = self.steps(grid).start;
        let pools = self.portfolio().planning.pools.iter().zip(&self.pools);
        let counted = pools.map(|(pool, counted)| {
            let before = last_before(counted, first).and_then(|step| counted[step]);
            let mut now = before.unwrap_or(pool.count);
            let steps = part(counted, first, grid.len).into_iter().map(|gpus| {
                now = gpus.unwrap_or(now);
                now.min(pool.count)
            });
            steps.collect()
        });
        counted.collect()
    }
}
