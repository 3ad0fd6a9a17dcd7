//! A site's load, from its own series or from its channels, and what it generates itself.

use super::desk::{Desk, boundary_timeline};
use super::missing::{self, Load};
use super::storage::{self, StorageMeter};
use super::{onsite, purchases};
use crate::books::{Estimated, Instrument, SiteBook};
use crate::definitions::{Fraction, SiteDef};
use crate::exceptions;
use crate::ruleset::{InventoryLoad, MissingChannel};
use crate::series::SeriesError;
use crate::series::channels::{self, Channels};
use crate::series::name::{Group, SeriesName, SiteLeaf};
use crate::series::resample::{self, Energy, Long, Why};
use crate::units::ceil_div;
use ids::SiteIndex;

pub(super) fn book(
    desk: &mut Desk<'_>,
    index: SiteIndex,
    definition: &SiteDef,
    meters: &[StorageMeter<'_>],
) -> Result<(SiteBook, Option<Instrument>), SeriesError> {
    let name = SeriesName::site(&definition.id, SiteLeaf::Load);
    let (mut load, mut channels) = metered(desk, index, definition, meters)?;
    // As metered, whatever is made of intervals in which it lacks.
    let sold_wh = channels.as_ref().map_or_else(Vec::new, |c| c.export_wh.clone());
    let estimated_wh = missing::fill(desk, definition, &mut load, &mut channels)?;
    if let Some(index) = load.wh.iter().position(|wh| *wh < 0) {
        return Err(SeriesError::NegativeLoad { series: name.into(), interval: desk.grid.interval(index) });
    }
    let own = |channels| onsite::self_generation(desk, index, definition, channels, &load.wh);
    let generation = channels.as_ref().map(own).transpose()?.unwrap_or_default();
    let factor = definition.loss_factor;
    let gross = |wh: &[i64]| (factor.numerator != 0).then(|| grossed_up(wh, factor, &name)).transpose();
    let weighs = desk.inputs.ruleset.rules.inventory_load == InventoryLoad::Purchased;
    let bought = |channels| purchases::derive(desk, definition, &load, &estimated_wh, channels, &sold_wh);
    let purchases = channels.as_ref().filter(|_| weighs).map(bought).transpose()?;
    let (load_wh, metered_wh) = match gross(&load.wh)? {
        Some(gross) => (gross, Some(load.wh)),
        None => (load.wh, None),
    };
    let mut estimated = match gross(&estimated_wh)? {
        Some(gross) => Estimated { load_wh: gross, metered_wh: Some(estimated_wh), ..Estimated::default() },
        None => Estimated { load_wh: estimated_wh, ..Estimated::default() },
    };
    let (mut purchased_wh, mut storage_losses_wh) = (None, Vec::new());
    if let Some(bought) = purchases {
        estimated.purchased_wh = bought.estimated_wh;
        (purchased_wh, storage_losses_wh) = (Some(bought.wh), bought.storage_losses_wh);
    }
    let book = SiteBook {
        id: definition.id.clone(),
        boundary: boundary_timeline(desk, definition)?,
        load_wh,
        metered_wh,
        estimated,
        purchased_wh,
        storage_losses_wh,
        onsite_used_wh: generation.used_wh,
        scope_1: generation.scope_1,
        inventory_share: inventory_share(desk, definition),
        worst: load.worst,
    };
    Ok((book, generation.instrument))
}

/// What of a site's emissions counts; a site without a stated share counts whole.
fn inventory_share(desk: &mut Desk<'_>, definition: &SiteDef) -> Fraction {
    if !desk.inputs.applies_ownership() {
        return Fraction::ONE;
    }
    if definition.ownership_share.is_none() {
        let message = "equity share without an ownership_share of the site: its emissions count whole";
        let subject = Group::Site.subject(&definition.id);
        desk.note_span(exceptions::OWNERSHIP_NOT_STATED, &subject, desk.inputs.period, 0, message);
    }
    definition.ownership_share.unwrap_or(Fraction::ONE)
}

/// Load of a site as its meters tell it, and the channels it comes from, if any.
pub(super) fn metered(
    desk: &mut Desk<'_>,
    index: SiteIndex,
    definition: &SiteDef,
    meters: &[StorageMeter<'_>],
) -> Result<(Load, Option<Channels>), SeriesError> {
    let (inputs, grid) = (desk.inputs, desk.grid);
    let name = SeriesName::site(&definition.id, SiteLeaf::Load);
    let points = inputs.points(&name);
    let own = resample::energy(&name, points, grid, Long::Load)?;
    let channels = channels::combine(inputs, definition, grid, &storage::behind(meters, index))?;
    note_spread(desk, definition, &own, channels.as_ref());
    let load = settle(desk, definition, own, channels.as_ref())?;
    Ok((load, channels))
}

fn note_spread(desk: &mut Desk<'_>, definition: &SiteDef, own: &Energy, channels: Option<&Channels>) {
    let name = SeriesName::site(&definition.id, SiteLeaf::Load);
    desk.note_spread(exceptions::SPREAD_LOAD, &name, own.spread_over().into_iter());
    let import = SeriesName::site(&definition.id, SiteLeaf::Import);
    // Rulesets that took what lacks as zero did not list import that is longer than the resolution.
    let unlisted = desk.inputs.ruleset.rules.missing_channel == MissingChannel::Zero;
    for (series, over) in channels.iter().flat_map(|c| &c.spread) {
        let of_load = *series == import;
        let code = if of_load { exceptions::SPREAD_LOAD } else { exceptions::SPREAD_GENERATION };
        let listed = over.iter().copied().filter(|(.., why)| !(unlisted && of_load && *why == Why::Longer));
        desk.note_spread(code, series, listed);
    }
}

/// Load of each interval from whichever source tells it; both in one interval are refused.
fn settle(
    desk: &Desk<'_>,
    definition: &SiteDef,
    own: Energy,
    channels: Option<&Channels>,
) -> Result<Load, SeriesError> {
    let grid = desk.grid;
    let mut load = Load { wh: own.wh, worst: own.worst, covered_s: own.covered_s, missing: Vec::new() };
    for index in 0..grid.len {
        let whole = load.covered_s[index] == grid.step_s;
        let Some(channels) = channels else {
            if !whole {
                load.missing.push(index);
            }
            continue;
        };
        if load.covered_s[index] > 0 && channels.touched[index] {
            return Err(SeriesError::LoadAndChannels { site: definition.id.clone(), interval: grid.interval(index) });
        }
        if whole {
            continue;
        }
        match channels.load_wh[index] {
            Some(wh) if wh < 0 => {
                let series = SeriesName::site(&definition.id, SiteLeaf::Import).into();
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

/// `ceil(metered * (1 + factor))`.
fn grossed_up(wh: &[i64], factor: Fraction, series: &str) -> Result<Vec<i64>, SeriesError> {
    let (top, bottom) = (i128::from(factor.numerator) + i128::from(factor.denominator), i128::from(factor.denominator));
    let gross = |wh: &i64| i64::try_from(ceil_div(i128::from(*wh).checked_mul(top)?, bottom)).ok();
    let all = wh.iter().map(gross).collect::<Option<Vec<i64>>>();
    all.ok_or_else(|| SeriesError::Overflow { series: series.to_string() })
}
