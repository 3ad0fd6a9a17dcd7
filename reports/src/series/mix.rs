//! Carbon-free share and intensity of a generation mix.
//!
//! `g = sum(carbon-free Wh) / sum(Wh)`, `intensity = ceil(sum(Wh * factor) / sum(Wh))`; negative output
//! counts as zero. A fuel the area normally reports voids the hour in which it is missing, whole or in part.

use super::SeriesError;
use super::name::{Group, SeriesName, is_fuel, parts};
use super::resample::{self, Long};
use crate::books::Share;
use crate::definitions::{BoundaryDef, FactorBasis};
use crate::factors::{FUELS, Factors};
use crate::inputs::SeriesMap;
use crate::ruleset::Ruleset;
use crate::time::Grid;
use crate::units::ceil_div;
use ids::BoundaryId;
use std::collections::BTreeMap;

/// Per interval, or none where the mix is not known.
#[derive(Debug, Clone)]
pub struct Mix {
    pub cfe_share: Vec<Option<Share>>,
    pub intensity_mg_per_kwh: Vec<Option<i64>>,
    /// Beside a direct intensity; none on a life-cycle basis.
    pub life_cycle_mg_per_kwh: Option<Vec<Option<i64>>>,
    /// Volume-weighted over coal, gas and oil.
    pub fossil_mg_per_kwh: Vec<Option<i64>>,
}

/// A boundary with its readings, and what a mix is weighed with.
#[derive(Debug, Clone, Copy)]
pub struct Area<'a> {
    pub definition: &'a BoundaryDef,
    pub series: &'a SeriesMap,
    /// Fuels that each boundary normally reports.
    pub fuels: &'a BTreeMap<BoundaryId, Vec<String>>,
    pub factors: &'a Factors,
    pub basis: FactorBasis,
    pub ruleset: &'a Ruleset,
}

/// Fuels by boundary, from the names of all series that hold readings.
pub fn reported_fuels(names: &[String]) -> BTreeMap<BoundaryId, Vec<String>> {
    let mut fuels: BTreeMap<BoundaryId, Vec<String>> = BTreeMap::new();
    for name in names {
        if let Some((Group::Grid, boundary, leaf)) = parts(name)
            && is_fuel(leaf)
        {
            fuels.entry(boundary.into()).or_default().push(leaf.to_string());
        }
    }
    fuels
}

/// Fuels with their energy per interval, none where not metered whole.
pub(super) type Production = Vec<(&'static str, Vec<Option<i64>>)>;

/// Production of the fuels an area normally reports, and of those it reports here.
pub(super) fn production(area: &Area<'_>, grid: Grid) -> Result<Production, SeriesError> {
    let (id, partial) = (&area.definition.id, area.ruleset.rules.partial_generation);
    let reported = area.fuels.get(id).map_or(&[][..], Vec::as_slice);
    let mut fuels = Vec::new();
    for (fuel, ..) in FUELS {
        let name = SeriesName::of_boundary(id, fuel);
        let points = match area.series.get(name.as_str()) {
            Some(points) => points.as_slice(),
            // Reported at other times, not in this period: every hour of it is void.
            None if reported.iter().any(|known| known == fuel) => &[],
            None => continue,
        };
        let energy = resample::energy(&name, points, grid, Long::fuel(partial))?.complete(grid);
        if reported.iter().any(|known| known == fuel) || energy.iter().any(Option::is_some) {
            fuels.push((fuel, energy));
        }
    }
    Ok(fuels)
}

/// The mix of a boundary, if it reports any fuel.
pub fn of_boundary(area: &Area<'_>, grid: Grid) -> Result<Option<Mix>, SeriesError> {
    let Area { factors, basis, ruleset, .. } = *area;
    let fuels = production(area, grid)?;
    if fuels.is_empty() {
        return Ok(None);
    }
    let mut mix = Mix {
        cfe_share: vec![None; grid.len],
        intensity_mg_per_kwh: vec![None; grid.len],
        life_cycle_mg_per_kwh: (basis == FactorBasis::Direct).then(|| vec![None; grid.len]),
        fossil_mg_per_kwh: vec![None; grid.len],
    };
    for index in 0..grid.len {
        let (mut total, mut free, mut weighted, mut fossil, mut fossil_weighted) = (0_i128, 0, 0, 0, 0);
        let mut life_cycle = 0_i128;
        let known = fuels.iter().all(|(fuel, energy)| {
            let (Some(wh), Some(factor)) = (energy[index], factors.get(fuel)) else { return false };
            let wh = i128::from(wh.max(0));
            total += wh;
            weighted += wh * i128::from(factor.mg_per_kwh(basis));
            life_cycle += wh * i128::from(factor.life_cycle_mg_per_kwh);
            free += if ruleset.is_carbon_free(fuel) { wh } else { 0 };
            if factor.fossil {
                fossil += wh;
                fossil_weighted += wh * i128::from(factor.mg_per_kwh(basis));
            }
            true
        });
        if !known || total == 0 {
            continue;
        }
        mix.cfe_share[index] = Some(Share { numerator: free, denominator: total });
        mix.intensity_mg_per_kwh[index] = i64::try_from(ceil_div(weighted, total)).ok();
        if let Some(values) = &mut mix.life_cycle_mg_per_kwh {
            values[index] = i64::try_from(ceil_div(life_cycle, total)).ok();
        }
        if fossil > 0 {
            mix.fossil_mg_per_kwh[index] = i64::try_from(ceil_div(fossil_weighted, fossil)).ok();
        }
    }
    Ok(Some(mix))
}
