//! What the grid of a boundary was like, interval by interval: feeds first, then the mix.

use super::{SeriesError, mix, resample};
use crate::books::Share;
use crate::factors::Factors;
use crate::inputs::SeriesMap;
use crate::time::Grid;

#[derive(Debug, Clone)]
pub struct BoundarySeries {
    pub cfe_share: Option<Vec<Option<Share>>>,
    pub intensity_mg_per_kwh: Option<Vec<Option<i64>>>,
    pub residual_mg_per_kwh: Option<Vec<Option<i64>>>,
    pub fossil_mg_per_kwh: Option<Vec<Option<i64>>>,
}

/// A declared feed wins over what the mix says, interval by interval.
fn first_of<T: Copy>(feed: Option<Vec<Option<T>>>, derived: Option<Vec<Option<T>>>) -> Option<Vec<Option<T>>> {
    match (feed, derived) {
        (Some(feed), Some(derived)) => Some(feed.into_iter().zip(derived).map(|(a, b)| a.or(b)).collect()),
        (feed, derived) => feed.or(derived),
    }
}

fn never<T>(values: &[Option<T>]) -> bool {
    values.iter().all(Option::is_none)
}

pub fn of(
    series: &SeriesMap,
    boundary: &str,
    fuels: &[String],
    factors: &Factors,
    carbon_free: &dyn Fn(&str) -> bool,
    grid: Grid,
) -> Result<BoundarySeries, SeriesError> {
    let points = |leaf: &str| series.get(&format!("grid/{boundary}/{leaf}"));
    let factor = |leaf: &str| points(leaf).map(|p| resample::factor(p, grid)).filter(|values| !never(values));
    let share = points("cfe_share").map(|p| resample::share(p, grid)).filter(|values| !never(values));
    let mix = mix::of_boundary(series, boundary, fuels, factors, carbon_free, grid)?;
    let (mix_share, mix_intensity, mix_fossil) = match mix {
        Some(mix) => (Some(mix.cfe_share), Some(mix.intensity_mg_per_kwh), Some(mix.fossil_mg_per_kwh)),
        None => (None, None, None),
    };
    Ok(BoundarySeries {
        cfe_share: first_of(share, mix_share),
        intensity_mg_per_kwh: first_of(factor("carbon_intensity"), mix_intensity),
        residual_mg_per_kwh: factor("residual_intensity"),
        fossil_mg_per_kwh: first_of(factor("fossil_intensity"), mix_fossil),
    })
}
