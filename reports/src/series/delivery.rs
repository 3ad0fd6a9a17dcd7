//! What a contract delivers: its share of the whole plant, readings first, then its profile.

use super::resample::{self, Long};
use super::{SeriesError, profile};
use crate::definitions::ContractDef;
use crate::inputs::{Quality, SeriesMap};
use crate::report::TierSplit;
use crate::time::{Grid, Resolution};

#[derive(Debug, Clone)]
pub struct Delivery {
    /// None where nobody metered the plant and no profile covers the interval.
    pub wh: Vec<Option<i64>>,
    pub worst: Vec<Quality>,
    pub quality: TierSplit,
    pub profile_gaps: usize,
}

/// Series that may hold the whole plant's output, the contract's own first.
pub fn plant_series(contract: &ContractDef) -> Vec<String> {
    let mut names = vec![format!("contract/{}/generation", contract.id)];
    names.extend(contract.plant.iter().map(|plant| format!("plant/{plant}/generation")));
    names
}

pub fn of(
    contract: &ContractDef,
    series: &SeriesMap,
    resolution: Resolution,
    grid: Grid,
) -> Result<Delivery, SeriesError> {
    let mut plant: Vec<Option<i64>> = vec![None; grid.len];
    let mut worst = vec![Quality::Missing; grid.len];
    for name in plant_series(contract) {
        let Some(points) = series.get(&name) else { continue };
        let energy = resample::energy(&name, points, grid, Long::Refuse)?;
        for index in 0..grid.len {
            if plant[index].is_none() && energy.is_complete(index, grid) {
                plant[index] = Some(energy.wh[index]);
                worst[index] = energy.worst[index];
            }
        }
    }
    let mut profile_gaps = 0;
    if let Some(profile) = &contract.profile
        && plant.iter().any(Option::is_none)
    {
        let scale = profile::Scale::of(&contract.id, profile, series, resolution)?;
        profile_gaps = scale.gaps;
        for (index, wh) in profile::plant(contract, profile, scale, series, grid)?.into_iter().enumerate() {
            if plant[index].is_none() && wh.is_some() {
                plant[index] = wh;
                worst[index] = Quality::Profiled;
            }
        }
    }
    let wh: Vec<Option<i64>> = plant.into_iter().map(|wh| wh.map(|wh| contract.share.of(wh.max(0)))).collect();
    let mut quality = TierSplit::default();
    for (wh, tier) in wh.iter().zip(&worst) {
        quality.add(*tier, wh.unwrap_or(0));
    }
    Ok(Delivery { wh, worst, quality, profile_gaps })
}
