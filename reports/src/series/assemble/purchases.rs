//! What a site with channels purchased, where the ruleset weighs that: import by its meter.
//!
//! Import may be known where load is not, because another channel lacks: it counts as metered then. Where import itself
//! lacks, what stands for it is the highest that import came to. A site whose own meter tells the load of an interval
//! imports that. One that exports more than it imports purchases nothing in the interval.

use super::desk::Desk;
use super::missing::Load;
use crate::definitions::SiteDef;
use crate::exceptions;
use crate::ruleset::PartialGeneration;
use crate::series::SeriesError;
use crate::series::channels::{Channels, Term};
use crate::series::cut::Long;
use crate::series::estimate::{Days, Lack, without_readings};
use crate::series::name::{SeriesName, SiteLeaf};
use crate::series::pieces;
use std::collections::BTreeMap;

pub(super) struct Purchases {
    pub wh: Vec<i64>,
    /// What of it is an estimate.
    pub estimated_wh: Vec<i64>,
    /// Charged less discharged behind the meter of import, as far as that is metered.
    pub storage_losses_wh: Vec<i64>,
}

/// `load` is filled already, `estimated_wh` what of it is an estimate; `sold_wh` is export as metered.
pub(super) fn derive(
    desk: &mut Desk<'_>,
    definition: &SiteDef,
    load: &Load,
    estimated_wh: &[i64],
    channels: &Channels,
    sold_wh: &[i64],
) -> Result<Purchases, SeriesError> {
    let grid = desk.grid;
    let in_parts = desk.inputs.ruleset.rules.partial_generation == PartialGeneration::Sum;
    let estimate_of = |t: usize| estimated_wh.get(t).copied().unwrap_or(0);
    let mut bought = Purchases {
        wh: load.wh.clone(),
        estimated_wh: (0..grid.len).map(estimate_of).collect(),
        storage_losses_wh: vec![0; grid.len],
    };
    let of_channels = |t: usize| load.covered_s[t] == 0 || (!in_parts && load.covered_s[t] < grid.step_s);
    let of_channels_only: Vec<usize> = (0..grid.len).filter(|t| of_channels(*t)).collect();
    let name = SeriesName::site(&definition.id, SiteLeaf::Import);
    let lacking: Vec<usize> = of_channels_only.iter().copied().filter(|t| !channels.import_whole[*t]).collect();
    let estimates = estimates(desk, definition, &name, &lacking)?;
    for t in of_channels_only {
        bought.storage_losses_wh[t] = channels.storage_losses(t);
        let (metered, estimate) = match estimates.get(&t) {
            None => (channels.import_wh[t], 0),
            Some(wh) if in_parts => (channels.import_wh[t], *wh),
            Some(wh) => (0, *wh),
        };
        let import_wh =
            metered.checked_add(estimate).ok_or_else(|| SeriesError::Overflow { series: name.clone().into() })?;
        let nothing = sold_wh[t] > import_wh;
        (bought.wh[t], bought.estimated_wh[t]) = if nothing { (0, 0) } else { (import_wh, estimate) };
        if nothing && import_wh > 0 {
            let message = "more was exported than imported: nothing counts as purchased in the interval";
            desk.note(t, exceptions::NET_EXPORT, &name, import_wh, message);
        }
    }
    Ok(bought)
}

/// Wh of what import lacks in each of these intervals; under rulesets that know no parts, of the whole interval.
fn estimates(
    desk: &Desk<'_>,
    definition: &SiteDef,
    name: &SeriesName,
    lacking: &[usize],
) -> Result<BTreeMap<usize, i64>, SeriesError> {
    let mut found = BTreeMap::new();
    if lacking.is_empty() {
        return Ok(found);
    }
    let (inputs, grid) = (desk.inputs, desk.grid);
    let terms = [Term::new(name.clone(), true, Long::Load)];
    let days = Days::around(inputs, &terms, |_| true, definition, grid)?;
    let points = inputs.points(name);
    for &index in lacking {
        let whole = grid.interval(index);
        let gaps = match inputs.ruleset.rules.partial_generation {
            PartialGeneration::Sum => pieces::gaps(&pieces::read(name, points, grid, index, Long::Load)?, whole),
            PartialGeneration::Missing => vec![whole],
        };
        let first = gaps.first().copied().unwrap_or(whole);
        let Some(wh) = days.highest(whole, &[Lack { term: 0, gaps }]) else {
            let counts = (lacking.len(), grid.len);
            return Err(without_readings(inputs, definition, name.to_string(), counts, first));
        };
        let wh = i64::try_from(wh).map_err(|_| SeriesError::Overflow { series: name.to_string() })?;
        found.insert(index, wh);
    }
    Ok(found)
}
