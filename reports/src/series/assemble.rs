//! Canonical readings to books: every series on the grid, every gap named.

use super::resample::{self, Long};
use super::{SeriesError, boundary, delivery};
use crate::books::{Books, BoundaryBook, ContractBook, Exception, Share, SiteBook, merge_exceptions};
use crate::definitions::{BoundaryDef, ContractDef, SiteDef};
use crate::inputs::Inputs;
use crate::ruleset::FallbackTier;
use crate::time::Grid;

/// Builds the books of a period; missing load blocks.
pub fn books(inputs: &Inputs) -> Result<Books, SeriesError> {
    let grid = Grid::over(inputs.period, inputs.definitions.resolution)
        .map_err(|e| SeriesError::UnknownId(e.to_string(), "period"))?;
    let definitions = &inputs.definitions;
    let mut exceptions = Vec::new();
    let mut boundaries = Vec::new();
    for definition in &definitions.boundaries {
        boundaries.push(boundary_book(definition, inputs, grid, &mut exceptions)?);
    }
    let mut sites = Vec::new();
    for definition in &definitions.sites {
        let boundary = find(definitions.boundaries.iter().map(|b| &b.id), &definition.boundary, "boundary")?;
        sites.push(site_book(definition, boundary, inputs, grid, &mut exceptions)?);
    }
    let mut contracts = Vec::new();
    for definition in &definitions.contracts {
        let boundary = find(definitions.boundaries.iter().map(|b| &b.id), &definition.boundary, "boundary")?;
        let served: Result<Vec<usize>, _> =
            definition.sites.iter().map(|id| find(definitions.sites.iter().map(|s| &s.id), id, "site")).collect();
        contracts.push(contract_book(definition, boundary, served?, inputs, grid, &mut exceptions)?);
    }
    Ok(Books { grid, boundaries, sites, contracts, exceptions: merge_exceptions(exceptions) })
}

fn find<'a>(mut ids: impl Iterator<Item = &'a String>, id: &str, what: &'static str) -> Result<usize, SeriesError> {
    ids.position(|known| known == id).ok_or_else(|| SeriesError::UnknownId(id.to_string(), what))
}

fn at(grid: Grid, index: usize, code: &'static str, series: &str, wh: i64, message: &str) -> Exception {
    let interval = grid.interval(index);
    Exception {
        code,
        series: series.into(),
        start_s: interval.start_s,
        end_s: interval.end_s,
        wh,
        message: message.into(),
    }
}

fn boundary_book(
    definition: &BoundaryDef,
    inputs: &Inputs,
    grid: Grid,
    exceptions: &mut Vec<Exception>,
) -> Result<BoundaryBook, SeriesError> {
    let carbon_free = |fuel: &str| inputs.ruleset.is_carbon_free(fuel);
    let fuels = inputs.fuels.get(&definition.id).map_or(&[][..], Vec::as_slice);
    let series = boundary::of(&inputs.series, &definition.id, fuels, &inputs.factors, &carbon_free, grid)?;
    let grid_cfe = series.cfe_share.map(|shares| {
        let name = format!("grid/{}/cfe_share", definition.id);
        shares
            .into_iter()
            .enumerate()
            .map(|(index, share)| {
                share.unwrap_or_else(|| {
                    exceptions.push(at(
                        grid,
                        index,
                        "missing_cfe_share",
                        &name,
                        0,
                        "carbon-free share not known: counted as 0",
                    ));
                    Share::ZERO
                })
            })
            .collect()
    });
    let intensity_mg_per_kwh = series.intensity_mg_per_kwh.map(|values| {
        let name = format!("grid/{}/carbon_intensity", definition.id);
        let highest = values.iter().flatten().max().copied().unwrap_or(0);
        values
            .into_iter()
            .enumerate()
            .map(|(index, value)| {
                value.unwrap_or_else(|| {
                    exceptions.push(at(
                        grid,
                        index,
                        "missing_intensity",
                        &name,
                        0,
                        "intensity not known: the period's highest used",
                    ));
                    highest
                })
            })
            .collect()
    });
    let default = definition.default_fossil_mg_per_kwh.unwrap_or_else(|| inputs.factors.highest_fossil());
    let mut fallback_mg_per_kwh = Vec::with_capacity(grid.len);
    let mut fallback_tier = Vec::with_capacity(grid.len);
    for index in 0..grid.len {
        let value_of = |tier: FallbackTier| match tier {
            FallbackTier::ResidualIntensity => series.residual_mg_per_kwh.as_ref().and_then(|v| v[index]),
            FallbackTier::FossilIntensity => series.fossil_mg_per_kwh.as_ref().and_then(|v| v[index]),
            FallbackTier::DefaultFossil => Some(default),
        };
        let chosen = inputs.ruleset.fallback_tiers.iter().find_map(|tier| value_of(*tier).map(|v| (*tier, v)));
        let (tier, value) = chosen.unwrap_or((FallbackTier::DefaultFossil, default));
        fallback_tier.push(tier);
        fallback_mg_per_kwh.push(value);
    }
    Ok(BoundaryBook { id: definition.id.clone(), grid_cfe, intensity_mg_per_kwh, fallback_mg_per_kwh, fallback_tier })
}

fn site_book(
    definition: &SiteDef,
    boundary: usize,
    inputs: &Inputs,
    grid: Grid,
    exceptions: &mut Vec<Exception>,
) -> Result<SiteBook, SeriesError> {
    let name = format!("site/{}/load", definition.id);
    let points = inputs.series.get(&name).map_or(&[][..], Vec::as_slice);
    let energy = resample::energy(&name, points, grid, Long::SpreadFlat)?;
    let missing: Vec<usize> = (0..grid.len).filter(|i| !energy.is_complete(*i, grid)).collect();
    if let Some(first) = missing.first() {
        return Err(SeriesError::MissingLoad {
            site: definition.id.clone(),
            missing: missing.len(),
            total: grid.len,
            first: grid.interval(*first),
            period: inputs.period,
        });
    }
    if let Some(index) = energy.wh.iter().position(|wh| *wh < 0) {
        return Err(SeriesError::NegativeLoad { series: name, interval: grid.interval(index) });
    }
    for (from, to) in &energy.spread {
        for index in *from..*to {
            let message = "reading longer than the resolution: spread flat";
            exceptions.push(at(grid, index, "spread_load", &name, energy.wh[index], message));
        }
    }
    Ok(SiteBook {
        id: definition.id.clone(),
        boundary,
        load_wh: energy.wh,
        worst: energy.worst,
        quality: energy.quality,
    })
}

fn contract_book(
    definition: &ContractDef,
    boundary: usize,
    sites: Vec<usize>,
    inputs: &Inputs,
    grid: Grid,
    exceptions: &mut Vec<Exception>,
) -> Result<ContractBook, SeriesError> {
    let delivery = delivery::of(definition, &inputs.series, inputs.definitions.resolution, grid)?;
    let name = format!("contract/{}/generation", definition.id);
    for (index, _) in delivery.wh.iter().enumerate().filter(|(_, wh)| wh.is_none()) {
        exceptions.push(at(grid, index, "missing_generation", &name, 0, "generation not metered: counted as zero"));
    }
    if delivery.profile_gaps > 0
        && let Some(profile) = &definition.profile
    {
        let message = format!("{} intervals of the profile's base period have no reading", delivery.profile_gaps);
        exceptions.push(Exception {
            code: "profile_incomplete",
            series: profile.series.clone(),
            start_s: profile.over.start_s,
            end_s: profile.over.end_s,
            wh: 0,
            message,
        });
    }
    let split = definition.sites.iter().filter_map(|site| definition.split.get(site).copied()).collect();
    Ok(ContractBook {
        id: definition.id.clone(),
        boundary,
        technology: definition.technology.clone(),
        carbon_free: inputs.ruleset.is_carbon_free(&definition.technology),
        rule: definition.allocation,
        sites,
        split,
        delivered_wh: delivery.wh.into_iter().map(|wh| wh.unwrap_or(0)).collect(),
        worst: delivery.worst,
        quality: delivery.quality,
    })
}
