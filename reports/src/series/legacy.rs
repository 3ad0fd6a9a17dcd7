//! Legacy volume: a calendar year's energy pro rata to load, whatever the hour it was generated in.

use super::SeriesError;
use crate::books::SiteBook;
use crate::definitions::ContractDef;
use crate::inputs::Inputs;
use crate::matching::shares::in_order;
use crate::time::{Grid, Zone};
use std::ops::Range;

#[derive(Debug, Clone)]
pub struct Placed {
    pub wh: Vec<i64>,
    /// Volume beyond the load of its year.
    pub unplaced_wh: i128,
    /// The part of the period that is no whole calendar year.
    pub provisional: Option<(i64, i64)>,
}

/// Spreads each calendar year's volume over the load of the sites served; ties go to the earliest interval.
pub fn place(
    inputs: &Inputs,
    contract: &ContractDef,
    delivered_wh: &[i64],
    served: &[usize],
    sites: &[SiteBook],
    grid: Grid,
) -> Result<Placed, SeriesError> {
    let zone =
        Zone::parse(&inputs.definitions.time_zone).map_err(|e| SeriesError::UnknownId(e.to_string(), "time zone"))?;
    let overflow = || SeriesError::Overflow { series: format!("contract/{}/generation", contract.id) };
    let mut load = vec![0_i64; grid.len];
    for s in served {
        for (t, sum) in load.iter_mut().enumerate().filter(|(t, _)| !sites[*s].is_estimated(*t)) {
            *sum = sum.checked_add(sites[*s].metered(t)).ok_or_else(overflow)?;
        }
    }
    let mut placed = Placed { wh: vec![0; grid.len], unplaced_wh: 0, provisional: None };
    for (year, part) in years(grid, zone) {
        let whole = zone.year(year);
        let (start_s, end_s) = (grid.start(part.start), grid.start(part.end));
        let volume = match contract.annual_wh {
            Some(annual) => i128::from(annual) * i128::from(end_s - start_s) / i128::from(whole.duration_s()),
            None => delivered_wh[part.clone()].iter().map(|wh| i128::from(*wh)).sum(),
        };
        let room: i128 = load[part.clone()].iter().map(|wh| i128::from(*wh)).sum();
        let spread = i64::try_from(volume.min(room)).map_err(|_| overflow())?;
        placed.wh[part.clone()].copy_from_slice(&in_order(spread, &load[part.clone()]));
        placed.unplaced_wh += volume - i128::from(spread);
        if start_s > whole.start_s || end_s < whole.end_s {
            placed.provisional = Some(placed.provisional.map_or((start_s, end_s), |(first, _)| (first, end_s)));
        }
    }
    Ok(placed)
}

/// Calendar years of the zone that the period touches, each with its intervals.
fn years(grid: Grid, zone: Zone) -> Vec<(i32, Range<usize>)> {
    let mut years: Vec<(i32, Range<usize>)> = Vec::new();
    for index in 0..grid.len {
        let (year, _) = zone.month(grid.start(index));
        match years.last_mut() {
            Some((last, range)) if *last == year => range.end = index + 1,
            _ => years.push((year, index..index + 1)),
        }
    }
    years
}
