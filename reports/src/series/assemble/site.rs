//! A site's load, from its own series or from its channels, and what it generates itself.

use super::storage::Meters;
use super::{Desk, boundary_timeline, onsite};
use crate::books::{Exception, Instrument, SiteBook};
use crate::definitions::{Fraction, MissingLoad, SiteDef};
use crate::inputs::Quality;
use crate::report::TierSplit;
use crate::ruleset::InventoryLoad;
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
    let purchases = inputs.ruleset.rules.inventory_load == InventoryLoad::Purchased;
    let book = SiteBook {
        id: definition.id.clone(),
        boundary: boundary_timeline(desk, definition)?,
        load_wh,
        metered_wh,
        estimated,
        purchased_wh: load.purchased.filter(|_| purchases),
        storage_losses_wh: if purchases { load.storage_losses } else { Vec::new() },
        onsite_used_wh: generation.used_wh,
        scope_1: generation.scope_1,
        inventory_share: inventory_share(desk, definition),
        worst: load.worst,
        quality,
    };
    Ok((book, generation.instrument))
}

/// What of a site's emissions counts; a site without a stated share counts whole.
fn inventory_share(desk: &mut Desk<'_>, definition: &SiteDef) -> Fraction {
    if !desk.inputs.applies_ownership() {
        return Fraction::ONE;
    }
    if definition.ownership_share.is_none() {
        let period = desk.inputs.period;
        desk.exceptions.push(Exception {
            code: "ownership_not_stated",
            series: format!("site/{}", definition.id),
            start_s: period.start_s,
            end_s: period.end_s,
            wh: 0,
            message: "equity share without an ownership_share of the site: its emissions count whole".into(),
        });
    }
    definition.ownership_share.unwrap_or(Fraction::ONE)
}

struct Load {
    wh: Vec<i64>,
    worst: Vec<Quality>,
    missing: Vec<usize>,
    /// What of it was purchased; none where no channel tells it.
    purchased: Option<Vec<i64>>,
    storage_losses: Vec<i64>,
}

impl Load {
    /// Takes in import as a purchase, metered or estimated. A site that exports more than it imports purchases nothing.
    fn purchase(&mut self, desk: &mut Desk<'_>, site: &str, channels: &Channels, index: usize, import_wh: i64) {
        let Some(purchased) = &mut self.purchased else { return };
        let nothing = channels.exports_more(index, import_wh);
        purchased[index] = if nothing { 0 } else { import_wh };
        self.storage_losses[index] = channels.storage_losses(index);
        let weighs = desk.inputs.ruleset.rules.inventory_load == InventoryLoad::Purchased;
        if weighs && nothing && import_wh > 0 {
            let message = "more was exported than imported: nothing counts as purchased in the interval";
            desk.note(index, "net_export", &format!("site/{site}/import"), import_wh, message);
        }
    }
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
    let mut load = Load {
        purchased: channels.map(|_| metered.wh.clone()),
        storage_losses: channels.map_or_else(Vec::new, |_| vec![0; grid.len]),
        wh: metered.wh,
        worst: metered.worst,
        missing: Vec::new(),
    };
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
                load.purchase(desk, &definition.id, channels, index, channels.import_wh[index]);
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
    let missing = std::mem::take(&mut load.missing);
    for (index, import) in missing.iter().zip(found.into_iter().flatten()) {
        if let Some(channels) = channels {
            load.purchase(desk, &definition.id, channels, *index, import);
        }
        let wh = channels.map_or(Some(import), |c| c.beside_import(*index).checked_add(import));
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
fn grossed_up(wh: &[i64], factor: Fraction, series: &str) -> Result<Vec<i64>, SeriesError> {
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
