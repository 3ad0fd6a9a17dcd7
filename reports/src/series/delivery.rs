//! What a contract delivers: its share of the whole plant, readings first, then its profile.
//!
//! `delivered = floor(share * plant)`; of a shaped contract at most its flat promise; less what was sold on.
//!
//! An interval takes the first series that covers it whole, else the first that covers a part of it: what is there adds
//! up. The profile tells those that nobody metered at all.

use super::name::{ContractLeaf, PlantLeaf, SeriesName};
pub use super::profile::Plants;
use super::resample::{self, Energy, Long, Over};
use super::{SeriesError, pieces, profile};
use crate::definitions::ContractDef;
use crate::inputs::{Quality, SeriesMap};
use crate::ruleset::PartialGeneration;
use crate::time::{Grid, Interval};

#[derive(Debug, Clone)]
pub struct Delivery {
    /// Output of the whole plant: what certificates are issued for. Zero where nothing tells it.
    pub plant_wh: Vec<i64>,
    /// None where nobody metered the plant and no profile covers the interval.
    pub wh: Vec<Option<i64>>,
    pub worst: Vec<Quality>,
    /// Spans that nobody metered of intervals otherwise metered.
    pub gaps: Vec<Interval>,
    /// Of the whole plant: what was spread flat.
    pub spread: Vec<Over>,
    pub profile_gaps: usize,
    /// Shaped volume that no generation of the same interval backs; empty unless shaped.
    pub unbacked_wh: Vec<i64>,
    /// Sold on beyond what was delivered; empty unless anything was sold on.
    pub oversold_wh: Vec<i64>,
}

/// Series that may hold the whole plant's output, the contract's own first.
pub fn plant_series(contract: &ContractDef) -> Vec<SeriesName> {
    let mut names = vec![SeriesName::contract(&contract.id, ContractLeaf::Generation)];
    names.extend(contract.plant.iter().map(|plant| SeriesName::plant(plant, PlantLeaf::Generation)));
    names
}

pub fn read(contract: &ContractDef, plants: Plants<'_>, grid: Grid) -> Result<Delivery, SeriesError> {
    let Metered { wh: mut plant, mut worst, gaps, spread } = metered(contract, plants, grid)?;
    let mut profile_gaps = 0;
    if let Some(profile) = &contract.profile
        && plant.iter().any(Option::is_none)
    {
        let scale = profile::Scale::compute(&contract.id, profile, plants)?;
        profile_gaps = scale.gaps;
        for (index, wh) in profile::plant(contract, profile, scale, plants, grid)?.into_iter().enumerate() {
            if plant[index].is_none() && wh.is_some() {
                plant[index] = wh;
                worst[index] = Quality::Profiled;
            }
        }
    }
    let plant_wh: Vec<i64> = plant.iter().map(|wh| wh.unwrap_or(0).max(0)).collect();
    let share = |index: usize| contract.share_at(grid.start(index)).floor_of(plant_wh[index]);
    let mut wh: Vec<Option<i64>> = plant.iter().enumerate().map(|(index, known)| known.map(|_| share(index))).collect();
    let unbacked_wh = contract.shaped_w.map_or_else(Vec::new, |watts| shape(&mut wh, watts, grid));
    let oversold_wh = resold(contract, plants.series, &mut wh, grid)?;
    Ok(Delivery { plant_wh, wh, worst, gaps, spread, profile_gaps, unbacked_wh, oversold_wh })
}

/// The plant as its meters tell it.
struct Metered {
    wh: Vec<Option<i64>>,
    worst: Vec<Quality>,
    gaps: Vec<Interval>,
    spread: Vec<Over>,
}

fn metered(contract: &ContractDef, plants: Plants<'_>, grid: Grid) -> Result<Metered, SeriesError> {
    let series = plants.series;
    let mut sources: Vec<(SeriesName, Energy)> = Vec::new();
    for name in plant_series(contract) {
        let Some(points) = series.get(name.as_str()) else { continue };
        let energy = resample::energy(&name, points, grid, Long::Refuse)?;
        sources.push((name, energy));
    }
    let spread: Vec<Vec<Over>> = sources.iter().map(|(_, energy)| energy.spread_over()).collect();
    let mut plant = Metered {
        wh: vec![None; grid.len],
        worst: vec![Quality::Missing; grid.len],
        gaps: Vec::new(),
        spread: Vec::new(),
    };
    for index in 0..grid.len {
        let whole = sources.iter().position(|(_, energy)| energy.is_complete(index, grid));
        let part = sources.iter().position(|(_, energy)| energy.covered_s[index] > 0);
        let Some(source) = whole.or(part.filter(|_| plants.partial == PartialGeneration::Sum)) else { continue };
        let (name, energy) = &sources[source];
        plant.wh[index] = Some(energy.wh[index]);
        plant.worst[index] = energy.worst[index];
        let over = spread[source].binary_search_by_key(&index, |over| over.0);
        plant.spread.extend(over.ok().map(|at| spread[source][at]));
        if whole.is_none() {
            let there = pieces::read(name, &series[name.as_str()], grid, index, Long::Refuse)?;
            plant.gaps.extend(pieces::gaps(&there, grid.interval(index)));
        }
    }
    plant.gaps = pieces::joined(plant.gaps);
    Ok(plant)
}

/// Cuts generation to the flat promise and returns what of the promise it did not back.
fn shape(wh: &mut [Option<i64>], watts: i64, grid: Grid) -> Vec<i64> {
    let promised = i64::try_from(i128::from(watts) * i128::from(grid.step_s) / 3_600).unwrap_or(i64::MAX);
    let mut unbacked = Vec::with_capacity(wh.len());
    for made in wh.iter_mut() {
        unbacked.push(promised - made.unwrap_or(0).min(promised));
        *made = made.map(|made| made.min(promised));
    }
    unbacked
}

/// Takes off what was sold to others; a sale beyond the delivery is returned.
fn resold(
    contract: &ContractDef,
    series: &SeriesMap,
    wh: &mut [Option<i64>],
    grid: Grid,
) -> Result<Vec<i64>, SeriesError> {
    let name = resold_series(contract);
    let Some(points) = series.get(name.as_str()) else { return Ok(Vec::new()) };
    let sold = resample::energy(&name, points, grid, Long::SpreadFlat)?;
    let mut beyond = Vec::with_capacity(wh.len());
    for (made, sold) in wh.iter_mut().zip(&sold.wh) {
        let left = made.unwrap_or(0) - sold;
        beyond.push((-left).max(0));
        *made = made.map(|_| left.max(0));
    }
    Ok(beyond)
}

/// Series of what a contract's holder sold on.
pub fn resold_series(contract: &ContractDef) -> SeriesName {
    SeriesName::contract(&contract.id, ContractLeaf::Resold)
}
