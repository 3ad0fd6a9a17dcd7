//! Legacy volume: a calendar year's energy pro rata to load, whatever the hour it was generated in.

use super::{SeriesError, time_zone};
use crate::books::SiteBook;
use crate::definitions::ContractDef;
use crate::inputs::Inputs;
use crate::shares::in_order;
use crate::storage::windows;
use crate::time::{Grid, Interval, Resolution};
use ids::SiteIndex;

#[derive(Debug, Clone)]
pub struct Placed {
    pub wh: Vec<i64>,
    /// Volume beyond the load of its year.
    pub unplaced_wh: i128,
    /// Of a fixed annual volume, what the certificates that are required do not back.
    pub uncertified_wh: i128,
    /// The part of the period that is no whole calendar year.
    pub provisional: Option<Interval>,
}

/// Load of the inventory ledger that a contract's volume is spread over, per interval: in its term, of sites that lie
/// in its boundary then. Links carry none of it.
fn load_served(
    inputs: &Inputs,
    contract: &ContractDef,
    served: &[SiteIndex],
    sites: &[SiteBook],
    grid: Grid,
) -> Result<Vec<i64>, SeriesError> {
    let inside: Vec<bool> = inputs.definitions.boundaries.iter().map(|b| b.id == contract.boundary).collect();
    let overflow = || SeriesError::generation_overflow(&contract.id);
    let mut load = vec![0_i64; grid.len];
    for (t, sum) in load.iter_mut().enumerate().filter(|(t, _)| contract.is_valid(grid.start(*t))) {
        for site in served.iter().map(|s| &sites[*s]) {
            if inside[site.boundary.at(t)] {
                *sum = sum.checked_add(site.inventory_open(t)).ok_or_else(overflow)?;
            }
        }
    }
    Ok(load)
}

/// Spreads each calendar year's volume over the load of the sites served; ties go to the earliest interval. A fixed
/// annual volume counts for the part of the year that lies both in the period and in the contract's term, and where
/// certificates are required at most for what is laid on the plant then (`laid_wh`).
pub fn place(
    inputs: &Inputs,
    contract: &ContractDef,
    delivered_wh: &[i64],
    laid_wh: Option<&[i64]>,
    served: &[SiteIndex],
    sites: &[SiteBook],
    grid: Grid,
) -> Result<Placed, SeriesError> {
    let zone = time_zone(&inputs.definitions.time_zone)?;
    let overflow = || SeriesError::generation_overflow(&contract.id);
    let load = load_served(inputs, contract, served, sites, grid)?;
    let mut placed = Placed { wh: vec![0; grid.len], unplaced_wh: 0, uncertified_wh: 0, provisional: None };
    for part in windows::calendar(grid, zone, 12) {
        let (year, _) = zone.month(grid.start(part.start));
        let whole = on_grid(zone.year(year), inputs.definitions.resolution);
        let (start, end) = (grid.start(part.start), grid.start(part.end));
        let volume = match contract.annual_wh {
            Some(annual) => {
                let valid: Vec<usize> = part.clone().filter(|t| contract.is_valid(grid.start(*t))).collect();
                let valid_s = valid.len() as i128 * i128::from(grid.step_s);
                let due = i128::from(annual) * valid_s / i128::from(whole.duration_s());
                let certified = laid_wh.map_or(due, |laid| valid.iter().map(|t| i128::from(laid[*t])).sum());
                placed.uncertified_wh += (due - certified).max(0);
                due.min(certified)
            }
            None => delivered_wh[part.clone()].iter().map(|wh| i128::from(*wh)).sum(),
        };
        let room: i128 = load[part.clone()].iter().map(|wh| i128::from(*wh)).sum();
        let spread = i64::try_from(volume.min(room)).map_err(|_| overflow())?;
        placed.wh[part.clone()].copy_from_slice(&in_order(spread, &load[part.clone()]));
        placed.unplaced_wh += volume - i128::from(spread);
        if start > whole.start || end < whole.end {
            placed.provisional = Some(Interval { start: placed.provisional.map_or(start, |before| before.start), end });
        }
    }
    Ok(placed)
}

/// A span of whole intervals: those that start in it.
fn on_grid(span: Interval, resolution: Resolution) -> Interval {
    Interval { start: resolution.at_or_after(span.start), end: resolution.at_or_after(span.end) }
}
