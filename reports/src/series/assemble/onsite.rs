//! Energy that comes with the site or the grid itself: self-generation and standard supply service.

use super::desk::{Desk, boundary_timeline};
use crate::books::{Instrument, Scope1, SiteBook};
use crate::definitions::{SharingRule, SiteDef};
use crate::exceptions;
use crate::inputs::Quality;
use crate::ruleset::{OwnGeneration, Step};
use crate::series::SeriesError;
use crate::series::channels::Channels;
use crate::series::name::{GridLeaf, SeriesName, SiteLeaf};
use crate::series::resample;
use ids::{BoundaryIndex, Index, SiteIndex};

/// What a site generates for itself.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub instrument: Option<Instrument>,
    pub used_wh: Vec<i64>,
    pub scope_1: Option<Scope1>,
}

/// `on-site - export`, per interval and never netted across; at most the load is used on site.
pub(super) fn self_generation(
    desk: &mut Desk<'_>,
    index: SiteIndex,
    definition: &SiteDef,
    channels: &Channels,
    load_wh: &[i64],
) -> Result<Own, SeriesError> {
    let own: Vec<i64> =
        channels.onsite_wh.iter().zip(&channels.export_wh).map(|(made, sold)| (made - sold).max(0)).collect();
    if own.iter().all(|wh| *wh == 0) {
        return Ok(Own::default());
    }
    let used_wh: Vec<i64> = own.iter().zip(load_wh).map(|(wh, load)| *wh.min(load)).collect();
    let technology = definition.onsite_technology.clone().unwrap_or_else(|| "other".into());
    let carbon_free = desk.inputs.ruleset.is_carbon_free(&technology);
    if !carbon_free {
        let scope_1 = scope_1(desk, definition, technology, own, &used_wh);
        return Ok(Own { instrument: None, used_wh, scope_1: Some(scope_1) });
    }
    let instrument = Instrument {
        id: format!("onsite/{}", definition.id).into(),
        step: Step::SelfGeneration,
        boundary: boundary_timeline(desk, definition)?.at(0),
        technology,
        carbon_free,
        ef_mg_per_kwh: 0,
        rule: SharingRule::Proportional,
        sites: vec![index],
        split: Vec::new(),
        delivered_wh: own,
        unplaced_wh: 0,
        worst: channels.onsite_worst.clone(),
    };
    Ok(Own { instrument: Some(instrument), used_wh, scope_1: None })
}

/// Generation that is not carbon-free: what it emits is Scope 1, at the direct factor of its technology. A technology
/// that is not stated, or has no factor, leaves the figure unknown.
fn scope_1(desk: &mut Desk<'_>, definition: &SiteDef, technology: String, own_wh: Vec<i64>, used_wh: &[i64]) -> Scope1 {
    let total = own_wh.iter().fold(0_i64, |sum, wh| sum.saturating_add(*wh));
    let inputs = desk.inputs;
    let row = inputs.factors.get(&technology).filter(|_| definition.onsite_technology.is_some());
    let mg_per_kwh = row.map(|row| row.direct_mg_per_kwh);
    let name = SeriesName::site(&definition.id, SiteLeaf::OnsiteGeneration);
    let mut note = |code: &'static str, message: String| desk.note_span(code, &name, inputs.period, total, message);
    note(
        exceptions::SCOPE_1_ONSITE,
        format!("{technology} on site is Scope 1: it is in no market-based or location-based figure"),
    );
    if inputs.ruleset.rules.own_generation == OwnGeneration::Beside {
        return Scope1 { technology, mg_per_kwh, wh: used_wh.to_vec() };
    }
    match mg_per_kwh {
        None => note(
            exceptions::SCOPE_1_FACTOR_UNKNOWN,
            "its Scope 1 emission is not known: state onsite_technology as coal, gas, oil, biomass or other".into(),
        ),
        Some(0) => note(
            exceptions::SCOPE_1_BIOGENIC,
            format!("{technology} has a direct factor of 0: its CO2 is biogenic, stated apart and in no figure here"),
        ),
        Some(_) => {}
    }
    Scope1 { technology, mg_per_kwh, wh: own_wh }
}

/// `S = floor(sss_share * load)` of a boundary over the load of the inventory ledger but estimates, where its grid
/// reports such a share.
pub(super) fn standard_supply(
    desk: &Desk<'_>,
    boundary: BoundaryIndex,
    sites: &[SiteBook],
) -> Result<Option<Instrument>, SeriesError> {
    let definition = &desk.inputs.definitions.boundaries[boundary];
    let name = SeriesName::grid(&definition.id, GridLeaf::SssShare);
    let Some(points) = desk.inputs.series.get(name.as_str()) else { return Ok(None) };
    let shares = resample::share(points, desk.grid);
    if shares.iter().all(Option::is_none) {
        return Ok(None);
    }
    let is_ever_here = |s: &SiteIndex| sites[*s].boundary.values().any(|b| b == boundary);
    let served: Vec<_> = SiteIndex::all(sites).filter(is_ever_here).collect();
    let overflow = || SeriesError::Overflow { series: name.clone().into() };
    let mut delivered_wh = Vec::with_capacity(desk.grid.len);
    for (t, share) in shares.iter().enumerate() {
        let mut load = 0_i64;
        for s in &served {
            if sites[*s].boundary.at(t) == boundary {
                load = load.checked_add(sites[*s].inventory_open(t)).ok_or_else(overflow)?;
            }
        }
        delivered_wh.push(share.map_or(Some(0), |share| share.floor_of(load)).ok_or_else(overflow)?);
    }
    Ok(Some(Instrument {
        id: format!("sss/{}", definition.id).into(),
        step: Step::Sss,
        boundary,
        technology: "standard supply".into(),
        carbon_free: false,
        ef_mg_per_kwh: definition.sss_mg_per_kwh.unwrap_or(0),
        rule: SharingRule::Proportional,
        sites: served,
        split: Vec::new(),
        delivered_wh,
        unplaced_wh: 0,
        worst: vec![Quality::Calculated; desk.grid.len],
    }))
}
