//! Certificates laid over a device's metered intervals: scaled down, never up, by largest remainder. The device is the
//! whole plant: what a contract has of it, after share, shape and resale, moves no certificate to another hour.

use super::{SeriesError, delivery};
use crate::certificates::{Certificate, Status};
use crate::definitions::ContractDef;
use crate::inputs::Inputs;
use crate::matching::shares::in_order;
use crate::time::{Grid, Interval};
use std::collections::BTreeMap;

/// Whether a certificate is one of a contract's: claimed under it, or of its device where that device serves no other
/// contract, or it would be claimed twice.
pub fn belongs(certificate: &Certificate, contract: &ContractDef, all: &[ContractDef]) -> bool {
    let of_device =
        |c: &ContractDef| certificate.device == c.id || c.plant.as_deref() == Some(certificate.device.as_str());
    match &certificate.contract {
        Some(id) => *id == contract.id,
        None => of_device(contract) && all.iter().filter(|c| of_device(c)).count() == 1,
    }
}

/// Whether a report of a period has anything to do with a certificate: produced in the period, by a device of a
/// contract that is in its term then, or claimed under one.
pub fn concerns(certificate: &Certificate, all: &[ContractDef], period: Interval) -> bool {
    let interval = Interval { start_s: certificate.start, end_s: certificate.end };
    let in_term = |c: &ContractDef| {
        c.valid_from.is_none_or(|from| from < period.end_s) && c.valid_to.is_none_or(|to| to > period.start_s)
    };
    let names = |c: &ContractDef| {
        let device = certificate.device.as_str();
        device == c.id || c.plant.as_deref() == Some(device) || certificate.contract.as_deref() == Some(c.id.as_str())
    };
    interval.overlap_s(period) > 0 && all.iter().any(|c| in_term(c) && names(c))
}

/// Whether a certificate backs a claim under a contract: cancelled, and for its beneficiary.
pub fn counts(certificate: &Certificate, contract: &ContractDef, all: &[ContractDef]) -> bool {
    let for_whom = contract.beneficiary.is_none() || contract.beneficiary == certificate.beneficiary;
    certificate.status == Status::Cancelled && for_whom && belongs(certificate, contract, all)
}

/// Volume by production interval, shortest first, then earliest.
fn volumes(inputs: &Inputs, contract: &ContractDef, period: Interval) -> Vec<(Interval, i128)> {
    let mut by_interval: BTreeMap<(i64, Interval), i128> = BTreeMap::new();
    for certificate in inputs.certificates.iter().filter(|c| counts(c, contract, &inputs.definitions.contracts)) {
        let interval = Interval { start_s: certificate.start, end_s: certificate.end };
        if interval.overlap_s(period) > 0 {
            *by_interval.entry((interval.duration_s(), interval)).or_default() += i128::from(certificate.wh());
        }
    }
    by_interval.into_iter().map(|((_, interval), wh)| (interval, wh)).collect()
}

/// Whether any certificate of the period backs a claim under a contract.
pub fn any(inputs: &Inputs, contract: &ContractDef) -> bool {
    !volumes(inputs, contract, inputs.period).is_empty()
}

/// The span a contract's certificates reach over, the period included: what its meter must be read for.
pub fn reach(certificates: &[Certificate], contract: &ContractDef, all: &[ContractDef], period: Interval) -> Interval {
    let mut span = period;
    for certificate in certificates.iter().filter(|c| counts(c, contract, all)) {
        let interval = Interval { start_s: certificate.start, end_s: certificate.end };
        if interval.overlap_s(period) > 0 {
            span = Interval { start_s: span.start_s.min(interval.start_s), end_s: span.end_s.max(interval.end_s) };
        }
    }
    span
}

/// Certified Wh by interval: a contract's certificates over the output of its plant.
pub fn laid(inputs: &Inputs, contract: &ContractDef, plant_wh: &[i64], grid: Grid) -> Result<Vec<i64>, SeriesError> {
    let reach = reach(&inputs.certificates, contract, &inputs.definitions.contracts, inputs.period);
    let wide = widened(grid, reach);
    let metered: Vec<i64> = match wide == grid {
        true => plant_wh.to_vec(),
        false => {
            let partial = inputs.ruleset.rules.partial_generation;
            delivery::of(contract, &inputs.series, inputs.definitions.resolution, wide, partial)?.plant_wh
        }
    };
    let mut given = vec![0_i64; wide.len];
    for (interval, volume) in volumes(inputs, contract, inputs.period) {
        let over = wide.touched(interval);
        let open: Vec<i64> = over.clone().map(|t| metered[t] - given[t]).collect();
        let room: i128 = open.iter().map(|wh| i128::from(*wh)).sum();
        let spread = i64::try_from(volume.min(room))
            .map_err(|_| SeriesError::Overflow { series: format!("contract/{}/generation", contract.id) })?;
        for (t, wh) in over.zip(in_order(spread, &open)) {
            given[t] += wh;
        }
    }
    let offset = usize::try_from((grid.start_s - wide.start_s) / grid.step_s).unwrap_or(0);
    Ok(given[offset..offset + grid.len].to_vec())
}

/// The grid, grown by whole steps to hold a span.
fn widened(grid: Grid, span: Interval) -> Grid {
    let before = (grid.start_s - span.start_s + grid.step_s - 1).div_euclid(grid.step_s).max(0);
    let end_s = grid.start(grid.len);
    let after = (span.end_s - end_s + grid.step_s - 1).div_euclid(grid.step_s).max(0);
    let more = usize::try_from(before + after).unwrap_or(0);
    Grid { start_s: grid.start_s - before * grid.step_s, step_s: grid.step_s, len: grid.len + more }
}
