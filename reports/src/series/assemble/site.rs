//! A site's load, from its own series or from its channels, and what it generates itself.

use super::storage::Meters;
use super::{Desk, boundary_timeline, onsite};
use crate::books::{Instrument, SiteBook};
use crate::definitions::{MissingLoad, SiteDef};
use crate::inputs::Quality;
use crate::report::TierSplit;
use crate::series::channels::{self, Channels};
use crate::series::resample::{self, Energy, Long};
use crate::series::{SeriesError, estimate};
use crate::units::ceil_div;

pub(super) fn book(
    desk: &mut Desk<'_>,
    index: usize,
    definition: &SiteDef,
    meters: &Meters,
) -> Result<(SiteBook, Option<Instrument>), SeriesError> {
    let (inputs, grid) = (desk.inputs, desk.grid);
    let name = format!("site/{}/load", definition.id);
    let points = inputs.series.get(&name).map_or(&[][..], Vec::as_slice);
    let metered = resample::energy(&name, points, grid, Long::SpreadFlat)?;
    let channels = channels::of(inputs, &definition.id, grid, meters.of_site(index)?)?;
    let mut load = settle(desk, definition, metered, channels.as_ref())?;
    let estimated = match load.missing.is_empty() {
        true => Vec::new(),
        false => estimate(desk, definition, &mut load, channels.as_ref())?,
    };
    if let Some(index) = load.wh.iter().position(|wh| *wh < 0) {
        return Err(SeriesError::NegativeLoad { series: name, interval: grid.interval(index) });
    }
    let mut quality = TierSplit::default();
    load.wh.iter().zip(&load.worst).for_each(|(wh, tier)| quality.add(*tier, *wh));
    let generation = match &channels {
        Some(channels) => onsite::self_generation(desk, index, definition, channels, &load.wh)?,
        None => onsite::Own::default(),
    };
    let factor = definition.loss_factor;
    let with_losses = (factor.numerator != 0).then(|| grossed_up(&load.wh, factor, &name)).transpose()?;
    let (load_wh, metered_wh) = match with_losses {
        Some(gross) => (gross, Some(load.wh)),
        None => (load.wh, None),
    };
    let book = SiteBook {
        id: definition.id.clone(),
        boundary: boundary_timeline(desk, definition)?,
        load_wh,
        metered_wh,
        estimated,
        onsite_used_wh: generation.used_wh,
        onsite_is_scope_1: generation.scope_1,
        worst: load.worst,
        quality,
    };
    Ok((book, generation.instrument))
}

struct Load {
    wh: Vec<i64>,
    worst: Vec<Quality>,
    missing: Vec<usize>,
}

/// Load of each interval from whichever source tells it; both in one interval are refused.
fn settle(
    desk: &mut Desk<'_>,
    definition: &SiteDef,
    metered: Energy,
    channels: Option<&Channels>,
) -> Result<Load, SeriesError> {
    let (grid, name) = (desk.grid, format!("site/{}/load", definition.id));
    for (from, to) in &metered.spread {
        for index in *from..*to {
            let message = "reading longer than the resolution: spread flat";
            desk.note(index, "spread_load", &name, metered.wh[index], message);
        }
    }
    let mut load = Load { wh: metered.wh, worst: metered.worst, missing: Vec::new() };
    for index in 0..grid.len {
        let whole = metered.covered_s[index] == grid.step_s;
        let Some(channels) = channels else {
            if !whole {
                load.missing.push(index);
            }
            continue;
        };
        if metered.covered_s[index] > 0 && channels.touched[index] {
            return Err(SeriesError::LoadAndChannels { site: definition.id.clone(), interval: grid.interval(index) });
        }
        if whole {
            continue;
        }
        match channels.load_wh[index] {
            Some(wh) if wh < 0 => {
                let series = format!("site/{}/import", definition.id);
                return Err(SeriesError::NegativeLoad { series, interval: grid.interval(index) });
            }
            Some(wh) => {
                load.wh[index] = wh;
                load.worst[index] = channels.worst[index];
            }
            None => load.missing.push(index),
        }
    }
    Ok(load)
}

/// Puts a figure to missing load where the portfolio says so; the intervals so filled are never matched.
fn estimate(
    desk: &mut Desk<'_>,
    definition: &SiteDef,
    load: &mut Load,
    channels: Option<&Channels>,
) -> Result<Vec<bool>, SeriesError> {
    let grid = desk.grid;
    if desk.definitions().missing_load == MissingLoad::Block {
        return Err(SeriesError::MissingLoad {
            site: definition.id.clone(),
            missing: load.missing.len(),
            total: grid.len,
            first: grid.interval(load.missing[0]),
            period: desk.inputs.period,
        });
    }
    let leaf = if channels.is_some() { "import" } else { "load" };
    let name = format!("site/{}/{leaf}", definition.id);
    let found = estimate::highest(desk.inputs, &name, &definition.time_zone, grid, &load.missing)?;
    let days = desk.inputs.ruleset.estimate_days;
    if let Some(position) = found.iter().position(Option::is_none) {
        let first = grid.interval(load.missing[position]);
        return Err(SeriesError::NoEstimate {
            site: definition.id.clone(),
            series: name,
            missing: found.iter().filter(|wh| wh.is_none()).count(),
            total: grid.len,
            first,
            local: estimate::local_time(&definition.time_zone, first.start_s)?,
            days,
        });
    }
    let mut estimated = vec![false; grid.len];
    for (index, wh) in load.missing.iter().zip(found.into_iter().flatten()) {
        let wh = channels.map_or(Some(wh), |c| c.beside_import(*index).checked_add(wh));
        let wh = wh.ok_or_else(|| SeriesError::Overflow { series: name.clone() })?.max(0);
        load.wh[*index] = wh;
        load.worst[*index] = Quality::Estimated;
        estimated[*index] = true;
        let message =
            format!("load not metered: the highest valid reading at that local time within {days} days, never matched");
        desk.note(*index, "estimated_load", &name, wh, &message);
    }
    Ok(estimated)
}

/// `ceil(metered * (1 + factor))`.
fn grossed_up(wh: &[i64], factor: crate::definitions::Fraction, series: &str) -> Result<Vec<i64>, SeriesError> {
    let (top, bottom) = (i128::from(factor.numerator) + i128::from(factor.denominator), i128::from(factor.denominator));
    wh.iter()
        .map(|wh| {
            let gross = i128::from(*wh).checked_mul(top).map(|product| ceil_div(product, bottom));
            gross
                .and_then(|wh| i64::try_from(wh).ok())
                .ok_or_else(|| SeriesError::Overflow { series: series.to_string() })
        })
        .collect()
}
