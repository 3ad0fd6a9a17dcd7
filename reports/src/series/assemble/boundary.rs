//! What the grid of a boundary was like: carbon-free share, intensity, the factor of unmatched energy.

use super::desk::Desk;
use crate::books::{BoundaryBook, Origins, Share};
use crate::definitions::BoundaryDef;
use crate::exceptions;
use crate::ruleset::{ExcessIssuance, FallbackTier, VoidIntensity};
use crate::series::name::{GridLeaf, SeriesName};
use crate::series::residual::Residual;
use crate::series::{SeriesError, boundary};
use ids::BoundaryId;

pub(super) fn book(desk: &mut Desk<'_>, definition: &BoundaryDef) -> Result<BoundaryBook, SeriesError> {
    let (inputs, grid) = (desk.inputs, desk.grid);
    let series = boundary::of_inputs(inputs, definition, grid)?;
    let grid_cfe = series.cfe_share.as_ref().map(|shares| known_shares(desk, &definition.id, shares));
    let intensity_mg_per_kwh =
        series.intensity_mg_per_kwh.as_ref().and_then(|values| known_intensity(desk, &definition.id, values));
    let basis = inputs.definitions.factor_basis;
    let default = inputs.factors.default_fossil(definition, basis);
    let at = |values: &Option<Vec<Option<i64>>>, index: usize| values.as_ref().and_then(|v| v[index]);
    let fallback = |index: usize| {
        let value_of = |tier: FallbackTier| match tier {
            FallbackTier::ResidualIntensity => at(&series.residual_mg_per_kwh, index),
            FallbackTier::ResidualComputed => series.residual_computed.as_ref().and_then(|r| r.mg_per_kwh[index]),
            FallbackTier::FossilIntensity => at(&series.fossil_mg_per_kwh, index),
            FallbackTier::DefaultFossil => Some(default),
        };
        let chosen = inputs.ruleset.fallback_tiers.iter().find_map(|tier| value_of(*tier).map(|v| (*tier, v)));
        chosen.unwrap_or((FallbackTier::DefaultFossil, default))
    };
    let (fallback_tier, fallback_mg_per_kwh): (Vec<FallbackTier>, Vec<i64>) = (0..grid.len).map(fallback).unzip();
    for (name, missing) in series.residual_computed.iter().flat_map(|r| &r.gaps) {
        // Where another tier decides, nothing rests on it.
        for index in missing.iter().filter(|t| fallback_tier[**t] == FallbackTier::ResidualComputed) {
            let message = "volume not known: counted as 0 in the residual mix";
            desk.note(*index, exceptions::MISSING_VOLUME, name, 0, message);
        }
    }
    if let Some(residual) = &series.residual_computed {
        note_excess(desk, residual, &fallback_tier);
    }
    let supplied = definition.factor_basis.unwrap_or(basis);
    Ok(BoundaryBook {
        id: definition.id.clone(),
        grid_cfe,
        intensity_mg_per_kwh,
        upstream_mg_per_kwh: series.upstream_mg_per_kwh,
        factor_basis: if series.intensity_origin.supplied { supplied } else { basis },
        fallback_mg_per_kwh,
        fallback_tier,
        annual_mg_per_kwh: definition.annual_residual_mg_per_kwh,
        origins: Origins { intensity: series.intensity_origin, fossil: series.fossil_origin, supplied },
    })
}

/// Certificates issued beyond what a fuel produced, wherever no supplied residual mix was taken before this one was
/// asked: they leave nothing of the fuel, and may leave nothing of the whole mix.
fn note_excess(desk: &mut Desk<'_>, residual: &Residual, taken: &[FallbackTier]) {
    let inputs = desk.inputs;
    let rules = &inputs.ruleset;
    let place = |tier: FallbackTier| rules.fallback_tiers.iter().position(|known| *known == tier);
    let listed = rules.rules.excess_issuance == ExcessIssuance::Listed;
    let Some(computed) = place(FallbackTier::ResidualComputed).filter(|_| listed) else { return };
    let asked = |t: usize| place(taken[t]).is_none_or(|tier| tier >= computed);
    for (series, beyond) in &residual.excess {
        for (t, wh) in beyond.iter().filter(|(t, _)| asked(*t)) {
            let message = "more was issued than the fuel produced: nothing of it is left in the residual mix";
            desk.note(*t, exceptions::ISSUED_OVER_PRODUCTION, series, *wh, message);
        }
    }
}

/// A share nobody supplied counts as none.
fn known_shares(desk: &mut Desk<'_>, id: &BoundaryId, shares: &[Option<Share>]) -> Vec<Share> {
    let name = SeriesName::grid(id, GridLeaf::CfeShare);
    for index in (0..shares.len()).filter(|index| shares[*index].is_none()) {
        desk.note(index, exceptions::MISSING_CFE_SHARE, &name, 0, "carbon-free share not known: counted as 0");
    }
    shares.iter().map(|share| share.unwrap_or(Share::ZERO)).collect()
}

/// An intensity nobody supplied is the period's highest, never zero; none where that is not known either. (Earlier
/// rulesets took 0 then.)
fn known_intensity(desk: &mut Desk<'_>, id: &BoundaryId, values: &[Option<i64>]) -> Option<Vec<i64>> {
    let name = SeriesName::grid(id, GridLeaf::CarbonIntensity);
    let highest = match (values.iter().flatten().max(), desk.inputs.ruleset.rules.void_intensity) {
        (Some(highest), _) => Some(*highest),
        (None, VoidIntensity::Zero) => Some(0),
        (None, VoidIntensity::Unknown) => None,
    };
    let message = match highest {
        Some(_) => "intensity not known: the period's highest used",
        None => "intensity not known in any interval of the period: no figure is made of it",
    };
    for index in (0..values.len()).filter(|index| values[*index].is_none()) {
        desk.note(index, exceptions::MISSING_INTENSITY, &name, 0, message);
    }
    highest.map(|highest| values.iter().map(|value| value.unwrap_or(highest)).collect())
}
