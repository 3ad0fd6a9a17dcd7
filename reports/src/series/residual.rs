//! A residual mix computed here: `Q = max(0, production - issued - sss + expired)` per fuel and interval,
//! `factor = ceil(sum(Q * EF) / sum(Q))`. Issued volumes leave out standard supply. Missing volumes count as zero and are
//! told of, missing production voids the interval as it does that of a mix.

use super::mix::Area;
use super::name::{SeriesName, Volume};
use super::resample::{self, Long};
use super::{SeriesError, mix};
use crate::factors::FUELS;
use crate::time::Grid;
use crate::units::ceil_div;

/// What a residual mix came to, and what it lacked.
#[derive(Debug, Clone, Default)]
pub struct Residual {
    pub mg_per_kwh: Vec<Option<i64>>,
    /// Volumes that are supplied but not for these intervals, by series.
    pub gaps: Vec<(SeriesName, Vec<usize>)>,
    /// Wh issued beyond a fuel's production, by series and interval.
    pub excess: Vec<(SeriesName, Vec<(usize, i64)>)>,
}

/// mg/kWh per interval; none where no volume is supplied at all, where a fuel that the area normally reports is
/// missing, or where nothing is left.
pub fn factors(area: &Area<'_>, grid: Grid) -> Result<Option<Residual>, SeriesError> {
    let boundary = &area.definition.id;
    let points = |fuel: &str, volume: Volume| {
        let name = SeriesName::volume(boundary, fuel, volume);
        area.series.get(name.as_str()).filter(|points| !points.is_empty()).map(|points| (name, points))
    };
    let supplied = FUELS.iter().any(|(fuel, ..)| Volume::ALL.into_iter().any(|volume| points(fuel, volume).is_some()));
    if !supplied {
        return Ok(None);
    }
    let fuels = mix::production(area, grid)?;
    let (mut left, mut weighted) = (vec![0_i128; grid.len], vec![0_i128; grid.len]);
    let mut known = vec![!fuels.is_empty(); grid.len];
    let (mut gaps, mut excess) = (Vec::new(), Vec::new());
    for (fuel, produced) in &fuels {
        let Some(factor) = area.factors.get(fuel) else { return Ok(None) };
        let mut rest: Vec<i128> = produced.iter().map(|wh| i128::from(wh.unwrap_or(0).max(0))).collect();
        for (volume, sign) in Volume::ALL.into_iter().zip([-1, -1, 1]) {
            if let Some((name, points)) = points(fuel, volume) {
                let energy = resample::energy(&name, points, grid, Long::SpreadFlat)?;
                rest.iter_mut().zip(&energy.wh).for_each(|(rest, wh)| *rest += sign * i128::from(*wh));
                let missing: Vec<usize> = (0..grid.len).filter(|t| !energy.is_complete(*t, grid)).collect();
                if !missing.is_empty() {
                    gaps.push((name, missing));
                }
            }
        }
        let beyond = (0..grid.len).filter(|t| rest[*t] < 0 && produced[*t].is_some());
        let beyond: Vec<(usize, i64)> =
            beyond.map(|t| (t, i64::try_from(rest[t].unsigned_abs()).unwrap_or(i64::MAX))).collect();
        if !beyond.is_empty() {
            excess.push((SeriesName::of_boundary(boundary, fuel), beyond));
        }
        for t in 0..grid.len {
            let q = rest[t].max(0);
            left[t] += q;
            weighted[t] += q * i128::from(factor.mg_per_kwh(area.basis));
            known[t] = known[t] && produced[t].is_some();
        }
    }
    let factor =
        |t: usize| (known[t] && left[t] > 0).then(|| i64::try_from(ceil_div(weighted[t], left[t])).ok()).flatten();
    Ok(Some(Residual { mg_per_kwh: (0..grid.len).map(factor).collect(), gaps, excess }))
}
