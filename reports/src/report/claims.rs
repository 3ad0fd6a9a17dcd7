//! On what a claim of matched energy rests: certificates cancelled, held, or none.

use super::Claim;
use crate::books::Instrument;
use crate::certificates::{Certificate, Status};
use crate::definitions::{CertificateRule, ContractDef};
use crate::inputs::Inputs;
use crate::ruleset::Step;
use crate::series::certified;
use crate::time::Interval;

/// The claim of an instrument of which `used_wh` reached load.
pub fn of(inputs: &Inputs, instrument: &Instrument, definition: Option<&ContractDef>, used_wh: i128) -> Claim {
    let Some(contract) = definition else {
        let statement = match instrument.step {
            Step::SelfGeneration => "own generation, claimable while no certificate of it is sold",
            Step::Sss => "standard supply, claimed for all customers of the supplier",
            Step::Storage => "re-issued from clean charge, on the claims of the contracts that charged it",
            _ => "matched, not claimable: no contract is defined for it",
        };
        return Claim { basis: "none".into(), statement: statement.into(), ..Claim::default() };
    };
    let mine: Vec<&Certificate> =
        inputs.certificates.iter().filter(|c| certified::belongs(c, contract, &inputs.definitions.contracts)).collect();
    let sum = |of: &dyn Fn(&Certificate) -> bool| -> i128 {
        mine.iter().filter(|c| of(c)).map(|c| i128::from(within(c, inputs.period))).sum()
    };
    // Where certificates limit what is delivered, all that is delivered rests on them.
    let delivered: i128 = instrument.delivered_wh.iter().map(|wh| i128::from(*wh)).sum();
    let limited = contract.certificates == CertificateRule::Required;
    let cancelled_wh = if limited { delivered } else { 0 }
        .max(sum(&|c| certified::counts(c, contract, &inputs.definitions.contracts)));
    let held_wh = sum(&|c| c.status == Status::Issued);
    let mut counted = mine
        .iter()
        .filter(|c| certified::counts(c, contract, &inputs.definitions.contracts) && within(c, inputs.period) > 0)
        .peekable();
    let granular = counted.peek().is_some() && counted.all(|c| c.is_granular());
    let kind = if granular { "granular certificates" } else { "certificates" };
    let for_others = |c: &Certificate| {
        c.status == Status::Cancelled && !certified::counts(c, contract, &inputs.definitions.contracts)
    };
    let (expired_wh, withdrawn_wh) = (sum(&|c| c.status == Status::Expired), sum(&|c| c.status == Status::Withdrawn));
    let (basis, statement) = match (cancelled_wh, held_wh) {
        (0, 0) => {
            let known = [
                (withdrawn_wh, "were withdrawn"),
                (sum(&for_others), "were cancelled for another beneficiary"),
                (expired_wh, "have expired"),
                (unassigned(inputs, contract), "name no contract, and their device serves several"),
            ];
            ("none", format!("matched, not claimable: {}", told(&known)))
        }
        (0, _) => ("held", "matched, not claimable: certificates are held, not cancelled".to_string()),
        (wh, _) if wh >= used_wh => ("cancelled", format!("claimable: {kind} over {wh} Wh are cancelled")),
        (wh, _) => {
            ("partly cancelled", format!("claimable for {wh} of {used_wh} Wh: {kind} over the rest are not cancelled"))
        }
    };
    Claim {
        basis: basis.into(),
        statement,
        registry: contract.registry.clone(),
        beneficiary: contract.beneficiary.clone(),
        commissioned: contract.commissioned.clone(),
        granular,
        cancelled_wh,
        held_wh,
        expired_wh,
        withdrawn_wh,
    }
}

/// What is known of certificates none of which backs the claim.
fn told(known: &[(i128, &str)]) -> String {
    let parts: Vec<String> =
        known.iter().filter(|(wh, _)| *wh > 0).map(|(wh, what)| format!("over {wh} Wh {what}")).collect();
    if parts.is_empty() { "no certificates are known".into() } else { format!("certificates {}", parts.join(", ")) }
}

/// Wh of certificates of a contract's device that belong to nobody until they name a contract.
fn unassigned(inputs: &Inputs, contract: &ContractDef) -> i128 {
    let of_device = |c: &&Certificate| {
        let device = c.device.as_str();
        c.contract.is_none() && (device == contract.id || contract.plant.as_deref() == Some(device))
    };
    let others = |c: &&Certificate| !certified::belongs(c, contract, &inputs.definitions.contracts);
    let certificates = inputs.certificates.iter().filter(of_device).filter(others);
    certificates.map(|c| i128::from(within(c, inputs.period))).sum()
}

/// Wh of a certificate that fall in the period; one that reaches outside counts by duration, floored.
fn within(certificate: &Certificate, period: Interval) -> i64 {
    let interval = Interval { start_s: certificate.start, end_s: certificate.end };
    let (shared, whole) = (i128::from(interval.overlap_s(period)), i128::from(interval.duration_s().max(1)));
    i64::try_from(i128::from(certificate.wh()) * shared / whole).unwrap_or(0)
}
