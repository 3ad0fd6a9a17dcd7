//! Readings or forecasts of series to values on a grid: the same way for what was and for what is expected.

use super::common::{
    BoundaryId, BoundaryIndex, ContractIndex, Grid, GridSeries, Instant, SeriesMap, SiteIndex, Values,
};
use crate::portfolio::Portfolio;
use reports::books::Share;
use reports::definitions::{ContractDef, ContractKind};
use reports::factors::Factors;
use reports::ruleset::{PartialGeneration, Ruleset};
use reports::series::name::{GridLeaf, Group, PoolLeaf, SeriesName, SiteLeaf, StorageLeaf, parts};
use reports::series::profile::Plants;
use reports::series::{boundary, delivery, needed, profile, resample};
use reports::units::{MICRO, wh_to_mw};
use resample::Long;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Derive {
    pub portfolio: Arc<Portfolio>,
    pub rules: Arc<Ruleset>,
    factors: Factors,
    /// Fuels each area normally reports: a mix without one of them is not known.
    fuels: BTreeMap<BoundaryId, Vec<String>>,
    /// Parallel to the contracts: the scale of a profile is a term of the contract, not something observed.
    pub scales: Vec<Option<profile::Scale>>,
}

impl Derive {
    /// `bases` holds the whole base periods of profiles.
    pub fn new(
        portfolio: Arc<Portfolio>,
        rules: Arc<Ruleset>,
        fuels: BTreeMap<BoundaryId, Vec<String>>,
        bases: &SeriesMap,
    ) -> anyhow::Result<Self> {
        let resolution = portfolio.resolution();
        let plants = Plants { series: bases, resolution, partial: rules.rules.partial_generation };
        let scale = |contract: &ContractDef| {
            contract.profile.as_ref().map(|p| profile::Scale::compute(&contract.id, p, plants)).transpose()
        };
        let scales = portfolio.definitions.contracts.iter().map(scale).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { portfolio, rules, factors: Factors::default(), fuels, scales })
    }

    pub fn boundary(&self, series: &SeriesMap, index: BoundaryIndex, grid: Grid) -> anyhow::Result<GridSeries<Values>> {
        let definition = &self.portfolio.definitions.boundaries[index];
        let Self { factors, fuels, rules: ruleset, .. } = self;
        let basis = self.portfolio.definitions.factor_basis;
        let known = boundary::derive(&boundary::Area { definition, series, fuels, factors, basis, ruleset }, grid)?;
        let nothing = || vec![None; grid.len];
        let grams = |values: Vec<Option<i64>>| values.into_iter().map(|mg| mg.map(|mg| mg as f64 / 1_000.0)).collect();
        let shares = |values: Vec<Option<Share>>| values.into_iter().map(|share| share.map(Share::as_f64)).collect();
        let price = SeriesName::grid(&definition.id, GridLeaf::Price);
        Ok(GridSeries {
            cfe_share: known.cfe_share.map_or_else(nothing, shares),
            average: known.intensity_mg_per_kwh.map_or_else(nothing, grams),
            residual: known.residual_mg_per_kwh.map_or_else(nothing, grams),
            fossil: known.fossil_mg_per_kwh.map_or_else(nothing, grams),
            price: self.mean(series, &price, grid, 1.0 / MICRO as f64),
        })
    }

    /// What unmatched energy of a boundary takes where no series says.
    pub fn default_fossil_g_per_kwh(&self, boundary: BoundaryIndex) -> f64 {
        let definitions = &self.portfolio.definitions;
        self.factors.default_fossil(&definitions.boundaries[boundary], definitions.factor_basis) as f64 / 1_000.0
    }

    /// Mean of a series over each interval.
    pub fn mean(&self, series: &SeriesMap, name: &str, grid: Grid, unit: f64) -> Values {
        series.get(name).map_or_else(|| vec![None; grid.len], |points| resample::mean(points, grid, unit))
    }

    /// Mean power of an energy series.
    pub fn megawatts(&self, series: &SeriesMap, name: &str, grid: Grid) -> anyhow::Result<Values> {
        let points = series.get(name).map_or(&[][..], Vec::as_slice);
        let energy = resample::energy(name, points, grid, Long::Load)?;
        Ok(energy.complete(grid).into_iter().map(|wh| wh.map(|wh| wh_to_mw(wh, grid.step_s))).collect())
    }

    /// PUE of a site: its series, else what its outside temperature makes of it.
    pub fn pue(&self, series: &SeriesMap, site: SiteIndex, grid: Grid) -> Values {
        let (id, plan) = (&self.portfolio.definitions.sites[site].id, &self.portfolio.sites[site]);
        let given = self.mean(series, &SeriesName::site(id, SiteLeaf::Pue), grid, 1.0 / MICRO as f64);
        let celsius = self.mean(series, &SeriesName::site(id, SiteLeaf::Temperature), grid, 1.0 / 1_000.0);
        let of = |(pue, celsius): (Option<f64>, Option<f64>)| pue.or(celsius.and_then(|c| plan.pue_at(c)));
        given.into_iter().zip(celsius).map(of).map(|pue| pue.map(|p| p.max(1.0))).collect()
    }

    /// MW delivered: the plant first, then its profile series, under the terms that hold at `at`. An interval that
    /// readings cover in part is not known here: the one under way would teach that plants stop at its end.
    pub fn contract(
        &self,
        series: &SeriesMap,
        index: ContractIndex,
        grid: Grid,
        at: Instant,
    ) -> anyhow::Result<Values> {
        let contract = &self.portfolio.definitions.contracts[index];
        let share = contract.share_at(at);
        let terms = ContractDef {
            profile: None,
            share,
            share_changes: Vec::new(),
            valid_from: None,
            valid_to: None,
            ..contract.clone()
        };
        let resolution = self.portfolio.resolution();
        let plants = Plants { series, resolution, partial: PartialGeneration::Missing };
        let mut wh = delivery::read(&terms, plants, grid)?.wh;
        if let (Some(p), Some(scale)) = (&contract.profile, self.scales[index]) {
            let plants = Plants { partial: self.rules.rules.partial_generation, ..plants };
            for (value, plant) in wh.iter_mut().zip(profile::plant(contract, p, scale, plants, grid)?) {
                *value = value.or(plant.map(|plant| share.floor_of(plant)));
            }
        }
        Ok(wh.into_iter().map(|wh| wh.map(|wh| wh_to_mw(wh, grid.step_s))).collect())
    }
}

/// Whether a contract counts towards matching: carbon-free, and neither legacy nor unbundled.
pub fn counts(rules: &Ruleset, contract: &ContractDef) -> bool {
    contract.kind == ContractKind::Hourly && rules.is_carbon_free(&contract.technology)
}

/// Series whose readings are published before their intervals: day-ahead prices are facts by the day before. What a meter
/// or a grid will have measured is not known ahead, whoever wrote it down; that is a forecast and has an issue time.
pub(super) fn is_published_ahead(name: &str) -> bool {
    parts(name).is_some_and(|(group, _, leaf)| group == Group::Grid && leaf == GridLeaf::Price.name())
}

/// Series that planning reads, and those whose base periods it needs, with their spans.
pub(super) fn names(portfolio: &Portfolio) -> Vec<String> {
    let definitions = &portfolio.definitions;
    let mut names: Vec<SeriesName> = Vec::new();
    for b in &definitions.boundaries {
        names.extend(needed::of_grid(&b.id));
        names.push(SeriesName::grid(&b.id, GridLeaf::Price));
    }
    for site in &definitions.sites {
        let leaves = [SiteLeaf::ItLoad, SiteLeaf::Load, SiteLeaf::Pue, SiteLeaf::Temperature];
        names.extend(leaves.map(|leaf| SeriesName::site(&site.id, leaf)));
    }
    names.extend(portfolio.planning.pools.iter().map(|p| SeriesName::pool(&p.id, PoolLeaf::AvailableGpus)));
    names.extend(definitions.storage.iter().map(|k| SeriesName::storage(&k.id, StorageLeaf::State)));
    names.extend(definitions.contracts.iter().flat_map(delivery::plant_series));
    let mut names: Vec<String> = names.into_iter().map(String::from).collect();
    let profiles = definitions.contracts.iter().filter_map(|contract| contract.profile.as_ref());
    names.extend(profiles.map(|profile| profile.series.clone()));
    names.sort();
    names.dedup();
    names
}
