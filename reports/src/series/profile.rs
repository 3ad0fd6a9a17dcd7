//! A plant from a regional profile: `floor(max(0, x) * mean * hours(over) / sum(max(0, x)))`.

use super::SeriesError;
use super::resample::{self, Long};
use crate::definitions::{ContractDef, ProfileDef};
use crate::inputs::{Inputs, SeriesMap};
use crate::ruleset::PartialGeneration;
use crate::time::{Grid, Resolution};
use ids::ContractId;

/// At most one interval in this many may lack a reading: the mean is spread over those that have one, so every gap
/// makes the plant look larger.
const MOST_GAPS: usize = 50;

/// The readings that plants are told by, and how they are read.
#[derive(Debug, Clone, Copy)]
pub struct Plants<'a> {
    pub series: &'a SeriesMap,
    pub resolution: Resolution,
    pub partial: PartialGeneration,
}

impl<'a> Plants<'a> {
    pub fn of_inputs(inputs: &'a Inputs) -> Self {
        let (resolution, partial) = (inputs.definitions.resolution, inputs.ruleset.rules.partial_generation);
        Self { series: &inputs.series, resolution, partial }
    }

    /// Energy of a profile's series in the intervals that it covers whole.
    fn regional(self, profile: &ProfileDef, grid: Grid) -> Result<Vec<Option<i64>>, SeriesError> {
        let points = self.series.get(&profile.series).map_or(&[][..], Vec::as_slice);
        Ok(resample::energy(&profile.series, points, grid, Long::fuel(self.partial))?.complete(grid))
    }
}

/// Turns the regional series into one plant's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    mean_w: i128,
    over_s: i128,
    sum_wh: i128,
    /// Intervals of `over` with no reading: the sum, and so the scale, leaves them out.
    pub gaps: usize,
}

impl Scale {
    pub fn compute(contract: &ContractId, profile: &ProfileDef, plants: Plants<'_>) -> Result<Self, SeriesError> {
        let empty = || SeriesError::EmptyProfile {
            contract: contract.clone(),
            series: profile.series.clone(),
            over: profile.over,
        };
        let grid = Grid::over(profile.over, plants.resolution).map_err(|_| empty())?;
        let shape = plants.regional(profile, grid)?;
        let sum_wh: i128 = shape.iter().flatten().map(|wh| i128::from((*wh).max(0))).sum();
        if sum_wh == 0 {
            return Err(empty());
        }
        let gaps = shape.iter().filter(|wh| wh.is_none()).count();
        if gaps * MOST_GAPS > shape.len() {
            return Err(SeriesError::GappyProfile {
                contract: contract.clone(),
                series: profile.series.clone(),
                gaps,
                total: shape.len(),
                over: profile.over,
            });
        }
        Ok(Self { mean_w: i128::from(profile.mean_w), over_s: i128::from(profile.over.duration_s()), sum_wh, gaps })
    }

    /// Output of the whole plant for one interval of the regional series.
    pub fn plant_wh(self, regional_wh: i64) -> Option<i64> {
        let top = i128::from(regional_wh.max(0)).checked_mul(self.mean_w)?.checked_mul(self.over_s)?;
        i64::try_from(top / self.sum_wh.checked_mul(3_600)?).ok()
    }
}

/// The profile's plant per interval, where the regional series covers it.
pub fn plant(
    contract: &ContractDef,
    profile: &ProfileDef,
    scale: Scale,
    plants: Plants<'_>,
    grid: Grid,
) -> Result<Vec<Option<i64>>, SeriesError> {
    let overflow = || SeriesError::generation_overflow(&contract.id);
    let regional = plants.regional(profile, grid)?;
    regional.into_iter().map(|wh| wh.map(|wh| scale.plant_wh(wh).ok_or_else(overflow)).transpose()).collect()
}
