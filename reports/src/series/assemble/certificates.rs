//! What cancelled certificates back of each contract, hour by hour, and where more is certified than was produced.

use super::desk::Desk;
use crate::books::{Certified, Instrument};
use crate::certificates::Certificate;
use crate::definitions::ContractDef;
use crate::exceptions::{self, ExceptionRow};
use crate::ruleset::CertificateRule;
use crate::series::SeriesError;
use crate::series::certified::{self, Layer, Meter};
use crate::series::delivery::{self, Plants};
use crate::series::name::{ContractLeaf, PlantLeaf, SeriesName};
use crate::time::Interval;
use std::collections::BTreeMap;

/// For each contract, in the order of the instruments; none under rulesets that go by volume.
pub(super) fn certified(desk: &mut Desk<'_>, instruments: &[Instrument]) -> Result<Vec<Certified>, SeriesError> {
    let inputs = desk.inputs;
    if inputs.ruleset.rules.certificates == CertificateRule::Volume {
        return Ok(Vec::new());
    }
    let contracts = &inputs.definitions.contracts;
    let mut all = Vec::with_capacity(contracts.len());
    for (contract, instrument) in contracts.iter().zip(instruments) {
        let live: Vec<&Certificate> = inputs.certificates.iter().filter(|c| certified::is_live(c, contract)).collect();
        if live.is_empty() {
            all.push(Certified::default());
            continue;
        }
        let delivery = delivery::read(contract, Plants::of_inputs(inputs), desk.grid)?;
        let meter = Meter::new(inputs, contract, &delivery, desk.grid)?;
        let mut laid = certified::laid(inputs, contract, &meter, desk.grid)?;
        laid.wh.iter_mut().zip(&instrument.delivered_wh).for_each(|(laid, wh)| *laid = (*laid).min(*wh));
        all.push(laid);
        // A device that serves several has one meter.
        if contracts.iter().find(|c| c.device() == contract.device()).is_some_and(|first| first.id == contract.id) {
            note_volume(desk, contract, &live, &meter)?;
        }
    }
    Ok(all)
}

/// Wh by production interval, shortest first, and in it by issuance.
type Volumes<'a> = BTreeMap<(i64, Interval), BTreeMap<&'a str, i128>>;

/// Production is certified once, whoever holds the certificates.
fn note_volume(
    desk: &mut Desk<'_>,
    contract: &ContractDef,
    live: &[&Certificate],
    meter: &Meter,
) -> Result<(), SeriesError> {
    let series: String = match &contract.plant {
        Some(plant) => SeriesName::plant(plant, PlantLeaf::Generation).into(),
        None => SeriesName::contract(&contract.id, ContractLeaf::Generation).into(),
    };
    let period = desk.inputs.period;
    let mut volumes = Volumes::new();
    for certificate in live.iter().filter(|c| certified::production(c).overlap_s(period) > 0) {
        let issuances = volumes.entry(certified::place(certificate)).or_default();
        *issuances.entry(certificate.issuance.as_str()).or_default() += i128::from(certificate.wh());
    }
    let mut layer = Layer::over(meter);
    let mut noted = Vec::new();
    for ((duration_s, interval), issuances) in volumes {
        let volume: i128 = issuances.values().sum();
        let found = layer.take(interval, volume).ok_or_else(|| SeriesError::Overflow { series: series.clone() })?;
        let mut note = |code: &'static str, wh: i128, message: &str| {
            let wh = i64::try_from(wh).unwrap_or(i64::MAX);
            let (code, series, message) = (code.into(), series.clone(), message.to_string());
            let Interval { start, end } = interval;
            join(&mut noted, duration_s, ExceptionRow { code, series, start, end, wh, message });
        };
        let over = meter.grid.touched(interval);
        let metered = over.clone().filter(|t| meter.known[*t]).count();
        let beyond = volume - i128::from(found);
        let shown: i128 = meter.wh[over.clone()].iter().map(|wh| i128::from(*wh)).sum();
        if metered == 0 {
            note(exceptions::CERTIFICATES_WITHOUT_METER, volume, WITHOUT_METER);
        } else if beyond > 0 && issuances.values().any(|wh| *wh > shown) {
            note(exceptions::CERTIFICATES_OVER_METER, beyond, OVER_METER);
        } else if beyond > 0 {
            note(exceptions::CERTIFICATES_ISSUED_TWICE, beyond, ISSUED_TWICE);
        }
        let outside = |t: usize| !period.contains(meter.grid.interval(t));
        if metered > 0 && over.clone().any(|t| !meter.known[t] && outside(t)) {
            note(exceptions::CERTIFICATES_PARTLY_METERED, volume, PARTLY_METERED);
        }
    }
    desk.exceptions.extend(noted.into_iter().map(|(_, exception)| exception));
    Ok(())
}

/// Adds one of a production interval of so many seconds to the one before of its kind, where the two touch: hours to
/// hours and months to months.
fn join(noted: &mut Vec<(i64, ExceptionRow)>, duration_s: i64, next: ExceptionRow) {
    match noted.iter_mut().rev().find(|(known_s, last)| *known_s == duration_s && last.code == next.code) {
        Some((_, last)) if last.end == next.start => {
            last.end = next.end;
            last.wh = last.wh.saturating_add(next.wh);
        }
        _ => noted.push((duration_s, next)),
    }
}

const WITHOUT_METER: &str =
    "certificates of the device for intervals that its meter does not tell of: they back nothing";
const OVER_METER: &str =
    "an issuance of certificates is larger than what the device's meter shows: what is beyond it backs nothing";
const ISSUED_TWICE: &str = "several issuances of certificates stand over the same production: they back it once";
const PARTLY_METERED: &str =
    "certificates reach past the period, where the device's meter is not known: all of them is laid over what is known";
