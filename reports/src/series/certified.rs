//! Certificates laid over a device's metered intervals: scaled down, never up, by largest remainder. The device is the
//! whole plant: what a contract has of it, after share, shape and resale, moves no certificate to another hour.

use super::SeriesError;
use super::delivery::{self, Delivery, Plants};
use crate::books::Certified;
use crate::certificates::{Certificate, Status};
use crate::definitions::{ContractDef, Definitions};
use crate::inputs::Inputs;
use crate::ruleset::CertificateRule;
use crate::shares::in_order;
use crate::time::{Grid, Interval};
use std::collections::BTreeMap;

/// Whose certificates are whose, under a ruleset's rule of them.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'a> {
    definitions: &'a Definitions,
    rule: CertificateRule,
}

/// Why a certificate that a contract might rest on is none of its own, or backs nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misfit {
    Device,
    Technology,
    /// It names no contract, and its device serves several.
    Unassigned,
    /// Cancelled for somebody else.
    Beneficiary,
    /// Nobody states for whom it should be.
    NobodyStated,
}

impl<'a> Claims<'a> {
    pub fn new(definitions: &'a Definitions, rule: CertificateRule) -> Self {
        Self { definitions, rule }
    }

    pub fn for_inputs(inputs: &'a Inputs) -> Self {
        Self::new(&inputs.definitions, inputs.ruleset.rules.certificates)
    }

    /// Whether a certificate is one of a contract's. By volume: claimed under it, or of its device where that device
    /// serves no other contract, or it would be claimed twice. By the hour its device and technology are the contract's
    /// besides, whatever contract it names.
    pub fn belongs(self, certificate: &Certificate, contract: &ContractDef) -> bool {
        match self.rule {
            CertificateRule::Volume => by_volume(certificate, contract, &self.definitions.contracts),
            CertificateRule::Hour => {
                touches(certificate, contract) && self.not_its_own(certificate, contract).is_none()
            }
        }
    }

    /// Whether a certificate backs a claim under a contract: cancelled, and for its beneficiary.
    pub fn counts(self, certificate: &Certificate, contract: &ContractDef) -> bool {
        let for_whom = match self.rule {
            CertificateRule::Volume => {
                contract.beneficiary.is_none() || contract.beneficiary == certificate.beneficiary
            }
            CertificateRule::Hour => self.not_for_it(certificate, contract).is_none(),
        };
        certificate.status == Status::Cancelled && for_whom && self.belongs(certificate, contract)
    }

    /// Why one that touches a contract backs nothing of it, cancelled though it be; by the hour.
    pub fn misfit(self, certificate: &Certificate, contract: &ContractDef) -> Option<Misfit> {
        self.not_its_own(certificate, contract).or_else(|| self.not_for_it(certificate, contract))
    }

    fn not_its_own(self, certificate: &Certificate, contract: &ContractDef) -> Option<Misfit> {
        let device = contract.device();
        let shared = || self.definitions.contracts.iter().filter(|c| c.device() == device).count() > 1;
        if certificate.device != device {
            Some(Misfit::Device)
        } else if certificate.technology != contract.technology {
            Some(Misfit::Technology)
        } else if certificate.contract.is_none() && shared() {
            Some(Misfit::Unassigned)
        } else {
            None
        }
    }

    fn not_for_it(self, certificate: &Certificate, contract: &ContractDef) -> Option<Misfit> {
        match self.definitions.beneficiary_of(contract) {
            None => Some(Misfit::NobodyStated),
            Some(whom) if certificate.beneficiary.as_deref() != Some(whom) => Some(Misfit::Beneficiary),
            Some(_) => None,
        }
    }

    /// The span a contract's certificates reach over, the period included: what its meter must be read for. By the hour
    /// those of its device that others hold reach as far: what they are issued for is not there twice.
    pub fn reach(self, certificates: &[Certificate], contract: &ContractDef, period: Interval) -> Interval {
        let weighs = |c: &Certificate| match self.rule {
            CertificateRule::Volume => self.counts(c, contract),
            CertificateRule::Hour => is_live(c, contract),
        };
        let mut span = period;
        for interval in certificates.iter().filter(|c| weighs(c)).map(production) {
            if interval.overlap_s(period) > 0 {
                span = Interval { start: span.start.min(interval.start), end: span.end.max(interval.end) };
            }
        }
        span
    }
}

/// When the energy of a certificate was produced.
pub fn production(certificate: &Certificate) -> Interval {
    Interval { start: certificate.start, end: certificate.end }
}

/// Whether a certificate names a contract, or names none and is of its device.
pub fn touches(certificate: &Certificate, contract: &ContractDef) -> bool {
    match &certificate.contract {
        Some(id) => *id == contract.id,
        None => certificate.device == contract.device(),
    }
}

/// Whether it stands for production of a contract's device, whoever holds it: its issuer has not taken it back.
pub fn is_live(certificate: &Certificate, contract: &ContractDef) -> bool {
    certificate.device == contract.device() && certificate.status != Status::Withdrawn
}

fn by_volume(certificate: &Certificate, contract: &ContractDef, all: &[ContractDef]) -> bool {
    let of_device = |c: &ContractDef| {
        c.id == certificate.device.as_str() || c.plant.as_deref() == Some(certificate.device.as_str())
    };
    match &certificate.contract {
        Some(id) => *id == contract.id,
        None => of_device(contract) && all.iter().filter(|c| of_device(c)).count() == 1,
    }
}

/// Whether a report of a period has anything to do with a certificate: produced in the period, by a device of a
/// contract that is in its term then, or claimed under one.
pub fn concerns(certificate: &Certificate, all: &[ContractDef], period: Interval) -> bool {
    let in_term = |c: &ContractDef| {
        c.valid_from.is_none_or(|from| from < period.end) && c.valid_to.is_none_or(|to| to > period.start)
    };
    let names = |c: &ContractDef| {
        let device = certificate.device.as_str();
        c.id == device || c.plant.as_deref() == Some(device) || certificate.contract.as_ref() == Some(&c.id)
    };
    production(certificate).overlap_s(period) > 0 && all.iter().any(|c| in_term(c) && names(c))
}

/// Certificates that count for a contract, by production interval, shortest first, then earliest, then by id.
fn counting<'a>(inputs: &'a Inputs, contract: &ContractDef) -> Vec<&'a Certificate> {
    let claims = Claims::for_inputs(inputs);
    let in_period = |c: &Certificate| production(c).overlap_s(inputs.period) > 0;
    let mut list: Vec<&Certificate> =
        inputs.certificates.iter().filter(|c| in_period(c) && claims.counts(c, contract)).collect();
    list.sort_by(|a, b| (place(a), &a.id).cmp(&(place(b), &b.id)));
    list
}

/// The place of a certificate's production interval in the order they are laid in.
pub(super) fn place(certificate: &Certificate) -> (i64, Interval) {
    let interval = production(certificate);
    (interval.duration_s(), interval)
}

/// Whether any certificate of the period backs a claim under a contract.
pub fn any(inputs: &Inputs, contract: &ContractDef) -> bool {
    !counting(inputs, contract).is_empty()
}

/// The output of a contract's plant, over all that its certificates reach.
#[derive(Debug, Clone)]
pub struct Meter {
    pub grid: Grid,
    /// Zero where nothing tells it.
    pub wh: Vec<i64>,
    /// Whether anything does.
    pub known: Vec<bool>,
}

impl Meter {
    /// `delivery` is that of the report's own grid.
    pub fn new(inputs: &Inputs, contract: &ContractDef, delivery: &Delivery, grid: Grid) -> Result<Self, SeriesError> {
        let reach = Claims::for_inputs(inputs).reach(&inputs.certificates, contract, inputs.period);
        let wide = widened(grid, reach);
        let metered = |d: &Delivery| Self {
            grid: wide,
            wh: d.plant_wh.clone(),
            known: d.wh.iter().map(Option::is_some).collect(),
        };
        if wide == grid {
            return Ok(metered(delivery));
        }
        delivery::read(contract, Plants::of_inputs(inputs), wide).map(|d| metered(&d))
    }
}

/// Volumes laid over a meter one after the other, each over what those before left of it.
#[derive(Debug)]
pub(super) struct Layer {
    grid: Grid,
    open: Vec<i64>,
    given: Vec<i64>,
}

impl Layer {
    pub(super) fn over(meter: &Meter) -> Self {
        Self { grid: meter.grid, open: meter.wh.clone(), given: vec![0; meter.wh.len()] }
    }

    /// What of a volume finds production in its interval; none where that passes 63 bits.
    pub(super) fn take(&mut self, interval: Interval, volume: i128) -> Option<i64> {
        let over = self.grid.touched(interval);
        let room: i128 = self.open[over.clone()].iter().map(|wh| i128::from(*wh)).sum();
        let spread = i64::try_from(volume.min(room)).ok()?;
        let parts = in_order(spread, &self.open[over.clone()]);
        for (t, wh) in over.zip(parts) {
            self.open[t] -= wh;
            self.given[t] += wh;
        }
        Some(spread)
    }
}

/// Lays what counts for a contract over the output of its plant, whatever the contract has of it: by volume all
/// certificates of a production interval at once, by the hour one after the other.
pub fn laid(inputs: &Inputs, contract: &ContractDef, meter: &Meter, grid: Grid) -> Result<Certified, SeriesError> {
    let overflow = || SeriesError::generation_overflow(&contract.id);
    let mut layer = Layer::over(meter);
    let mut by_certificate = BTreeMap::new();
    let counting = counting(inputs, contract);
    match inputs.ruleset.rules.certificates {
        CertificateRule::Volume => {
            let mut volumes: BTreeMap<(i64, Interval), i128> = BTreeMap::new();
            for certificate in counting {
                *volumes.entry(place(certificate)).or_default() += i128::from(certificate.wh());
            }
            for ((_, interval), volume) in volumes {
                layer.take(interval, volume).ok_or_else(overflow)?;
            }
        }
        CertificateRule::Hour => {
            for certificate in counting {
                let wh = layer.take(production(certificate), certificate.wh().into()).ok_or_else(overflow)?;
                by_certificate.insert(certificate.id.clone(), wh);
            }
        }
    }
    let offset = usize::try_from((grid.start - meter.grid.start) / grid.step_s).unwrap_or(0);
    Ok(Certified { wh: layer.given[offset..offset + grid.len].to_vec(), by_certificate })
}

/// The grid, grown by whole steps to hold a span.
fn widened(grid: Grid, span: Interval) -> Grid {
    let before = (grid.start - span.start + grid.step_s - 1).div_euclid(grid.step_s).max(0);
    let end = grid.start(grid.len);
    let after = (span.end - end + grid.step_s - 1).div_euclid(grid.step_s).max(0);
    let more = usize::try_from(before + after).unwrap_or(0);
    Grid { start: grid.start - before * grid.step_s, step_s: grid.step_s, len: grid.len + more }
}
