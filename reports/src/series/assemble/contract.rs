//! A contract as an instrument: what it delivers, cut to its certificates, or spread where it is legacy.

use super::desk::{Desk, boundary_index, site_index};
use crate::books::{Instrument, SiteBook};
use crate::definitions::{CertificateRule, ContractDef, ContractKind};
use crate::exceptions;
use crate::ruleset::{CertificateRule as Backing, Step};
use crate::series::name::{ContractLeaf, Group, SeriesName};
use crate::series::{SeriesError, certified, delivery, legacy};
use crate::time::Interval;

pub(super) fn instrument(
    desk: &mut Desk<'_>,
    definition: &ContractDef,
    site_books: &[SiteBook],
) -> Result<Instrument, SeriesError> {
    let (inputs, grid) = (desk.inputs, desk.grid);
    let boundary = boundary_index(&inputs.definitions, &definition.boundary)?;
    let sites = definition.sites.iter().map(|id| site_index(&inputs.definitions, id)).collect::<Result<Vec<_>, _>>()?;
    let carbon_free = inputs.ruleset.is_carbon_free(&definition.technology);
    let delivery = delivery::read(definition, delivery::Plants::of_inputs(inputs), grid)?;
    note_gaps(desk, definition, &delivery);
    let mut delivered_wh: Vec<i64> = delivery.wh.iter().map(|wh| wh.unwrap_or(0)).collect();
    let mut laid_wh = None;
    if is_limited(desk, definition) {
        let meter = certified::Meter::new(inputs, definition, &delivery, grid)?;
        let laid = certified::laid(inputs, definition, &meter, grid)?.wh;
        let certified: Vec<i64> = delivered_wh.iter().zip(&laid).map(|(wh, laid)| *laid.min(wh)).collect();
        if definition.annual_wh.is_none() {
            note_uncertified(desk, definition, &delivered_wh, &certified);
        }
        delivered_wh = certified;
        laid_wh = Some(laid);
    }
    let mut unplaced_wh = 0;
    if definition.kind == ContractKind::Legacy {
        let placed = legacy::place(inputs, definition, &delivered_wh, laid_wh.as_deref(), &sites, site_books, grid)?;
        if placed.uncertified_wh > 0 {
            // A fixed annual volume, which no interval tells by itself.
            let message = uncertified(!certified::any(inputs, definition), false);
            let (subject, wh) = (Group::Contract.subject(&definition.id), i64::try_from(placed.uncertified_wh));
            desk.note_span(exceptions::NO_CERTIFICATES, &subject, inputs.period, wh.unwrap_or(i64::MAX), message);
        }
        if let Some(span) = placed.provisional {
            let name = SeriesName::contract(&definition.id, ContractLeaf::Generation);
            let wh = placed.wh.iter().fold(0_i64, |sum, wh| sum.saturating_add(*wh));
            let message = "part of a calendar year: the spread over load is provisional";
            desk.note_span(exceptions::LEGACY_PROVISIONAL, &name, span, wh, message);
        }
        (delivered_wh, unplaced_wh) = (placed.wh, placed.unplaced_wh);
    }
    let split = definition.sites.iter().filter_map(|site| definition.split.get(site).copied()).collect();
    Ok(Instrument {
        id: definition.id.as_str().into(),
        step: Step::of_contract(definition.kind),
        boundary,
        technology: definition.technology.clone(),
        carbon_free,
        ef_mg_per_kwh: inputs.factors.claimed(
            definition,
            inputs.definitions.boundaries[boundary].legacy_mg_per_kwh,
            inputs.ruleset.rules.claimed_factor,
            inputs.definitions.factor_basis,
        ),
        rule: definition.allocation,
        sites,
        split,
        delivered_wh,
        unplaced_wh,
        worst: delivery.worst,
    })
}

/// Whether a contract counts for no more than its certificates back. Rulesets that go by volume never limit legacy.
fn is_limited(desk: &Desk<'_>, definition: &ContractDef) -> bool {
    let by_hour = desk.inputs.ruleset.rules.certificates == Backing::Hour;
    definition.certificates == CertificateRule::Required && (by_hour || definition.kind != ContractKind::Legacy)
}

/// Where certificates are required, a contract in its term counts for nothing without any, and its output for no more
/// than is certified. Rulesets that go by volume say so of unbundled contracts only.
fn note_uncertified(desk: &mut Desk<'_>, definition: &ContractDef, delivered_wh: &[i64], certified_wh: &[i64]) {
    let unbundled = definition.kind == ContractKind::Unbundled;
    if !unbundled && desk.inputs.ruleset.rules.certificates == Backing::Volume {
        return;
    }
    let grid = desk.grid;
    let in_term = (0..grid.len).any(|t| definition.is_valid(grid.start(t)));
    let none = in_term && !certified::any(desk.inputs, definition);
    let short: Vec<i64> = delivered_wh.iter().zip(certified_wh).map(|(wh, certified)| wh - certified).collect();
    let first = short.iter().position(|wh| *wh > 0);
    let last = short.iter().rposition(|wh| *wh > 0);
    let span = match (none, first.zip(last)) {
        (true, _) => desk.inputs.period,
        (false, Some((first, last))) => Interval { start: grid.start(first), end: grid.start(last + 1) },
        (false, None) => return,
    };
    let wh = short.iter().fold(0_i64, |sum, wh| sum.saturating_add(*wh));
    let subject = Group::Contract.subject(&definition.id);
    desk.note_span(exceptions::NO_CERTIFICATES, &subject, span, wh, uncertified(none, unbundled));
}

fn uncertified(none: bool, unbundled: bool) -> &'static str {
    match (none, unbundled) {
        (true, true) => "no certificate of the period is cancelled for it: nothing of an unbundled contract counts",
        (false, true) => {
            "more was delivered than certificates are cancelled for: the rest of an unbundled contract does not count"
        }
        (true, false) => "no certificate of the period is cancelled for it, and it requires them: nothing of it counts",
        (false, false) => {
            "more was delivered than the required certificates are cancelled for: the rest does not count"
        }
    }
}

fn note_gaps(desk: &mut Desk<'_>, definition: &ContractDef, delivery: &delivery::Delivery) {
    let name = SeriesName::contract(&definition.id, ContractLeaf::Generation);
    let fixed_volume = definition.annual_wh.is_some();
    for (index, _) in delivery.wh.iter().enumerate().filter(|(_, wh)| wh.is_none() && !fixed_volume) {
        desk.note(index, exceptions::MISSING_GENERATION, &name, 0, "generation not metered: counted as zero");
    }
    if !fixed_volume {
        desk.note_parts(&name, &delivery.gaps);
    }
    desk.note_spread(exceptions::SPREAD_GENERATION, &name, delivery.spread.iter().copied());
    for (index, wh) in delivery.unbacked_wh.iter().enumerate().filter(|(_, wh)| **wh > 0) {
        let message = "shaped volume that the plant did not generate in the interval";
        desk.note(index, exceptions::UNBACKED, &name, *wh, message);
    }
    for (index, wh) in delivery.oversold_wh.iter().enumerate().filter(|(_, wh)| **wh > 0) {
        let message = "more was sold on than the contract delivered: nothing is left of the interval";
        desk.note(index, exceptions::OVERSOLD, &name, *wh, message);
    }
    if delivery.profile_gaps > 0
        && let Some(profile) = &definition.profile
    {
        let message = format!("{} intervals of the profile's base period have no reading", delivery.profile_gaps);
        desk.note_span(exceptions::PROFILE_INCOMPLETE, &profile.series, profile.over, 0, message);
    }
}
