//! On what a claim of matched energy rests: certificates cancelled, held, or none.

use super::document::{Claim, ClaimBasis as Basis};
use crate::books::{Books, Instrument};
use crate::certificates::{Certificate, Status};
use crate::definitions::{CertificateRule, ContractDef};
use crate::inputs::Inputs;
use crate::matching::Matched;
use crate::ruleset::{CertificateRule as Backing, Step};
use crate::series::certified::{self, Claims, Misfit};
use crate::time::Interval;
use ids::InstrumentIndex;
use std::collections::BTreeMap;

/// The claim of an instrument that is no contract.
pub fn of_no_contract(step: Step) -> Claim {
    let statement = match step {
        Step::SelfGeneration => "own generation, claimable while no certificate of it is sold",
        Step::Sss => "standard supply, claimed for all customers of the supplier",
        Step::Storage => "re-issued from clean charge, on the claims of the contracts that charged it",
        _ => "matched, not claimable: no contract is defined for it",
    };
    Claim { statement: statement.into(), ..Claim::default() }
}

/// The claim of a contract, by its place among the instruments.
pub fn claim(
    inputs: &Inputs,
    books: &Books,
    matched: &Matched,
    instrument: InstrumentIndex,
    contract: &ContractDef,
) -> Claim {
    let register = Register::new(inputs, contract);
    match inputs.ruleset.rules.certificates {
        Backing::Volume => {
            let sum = |wh: &[i64]| wh.iter().map(|wh| i128::from(*wh)).sum::<i128>();
            let used = [&matched.matching, &matched.inventory].map(|run| sum(&run.allocated_wh[instrument]));
            by_volume(&books.instruments[instrument], contract, register, used[0].max(used[1]))
        }
        Backing::Hour => by_hour(register, &Used::new(books, matched, instrument)),
    }
}

/// Certificates of a contract by what became of them, as far as they fall in the period.
struct Register {
    /// Still without what it rests on.
    claim: Claim,
    /// Cancelled, but they back nothing of this contract: in words, and over how much.
    strange: Vec<(i128, &'static str)>,
}

impl Register {
    fn new(inputs: &Inputs, contract: &ContractDef) -> Self {
        let claims = Claims::for_inputs(inputs);
        let mine: Vec<&Certificate> = inputs.certificates.iter().filter(|c| claims.belongs(c, contract)).collect();
        let sum = |of: &dyn Fn(&Certificate) -> bool| -> i128 {
            mine.iter().filter(|c| of(c)).map(|c| i128::from(within(c, inputs.period))).sum()
        };
        let mut counted = mine.iter().filter(|c| claims.counts(c, contract) && within(c, inputs.period) > 0).peekable();
        let granular = counted.peek().is_some() && counted.all(|c| c.is_granular());
        let (beneficiary, strange) = match inputs.ruleset.rules.certificates {
            Backing::Volume => {
                let for_others = |c: &Certificate| c.status == Status::Cancelled && !claims.counts(c, contract);
                let strange = vec![
                    (sum(&for_others), "were cancelled for another beneficiary"),
                    (unassigned(inputs, contract), "name no contract, and their device serves several"),
                ];
                (contract.beneficiary.clone(), strange)
            }
            Backing::Hour => {
                let beneficiary = inputs.definitions.beneficiary_of(contract).map(String::from);
                (beneficiary, misfits(inputs, claims, contract))
            }
        };
        let claim = Claim {
            registry: contract.registry.clone(),
            beneficiary,
            commissioned: contract.commissioned.clone(),
            granular,
            cancelled_wh: sum(&|c| claims.counts(c, contract)),
            held_wh: sum(&|c| c.status == Status::Issued),
            expired_wh: sum(&|c| c.status == Status::Expired),
            withdrawn_wh: sum(&|c| c.status == Status::Withdrawn),
            ..Claim::default()
        };
        Self { claim, strange }
    }

    fn kind(&self) -> &'static str {
        if self.claim.granular { "granular certificates" } else { "certificates" }
    }

    /// What is known of certificates none of which backs the claim.
    fn known(&self) -> String {
        let mut known = vec![(self.claim.withdrawn_wh, "were withdrawn")];
        known.extend(self.strange.first().copied());
        known.push((self.claim.expired_wh, "have expired"));
        known.extend(self.strange.iter().skip(1).copied());
        let parts: Vec<String> =
            known.iter().filter(|(wh, _)| *wh > 0).map(|(wh, what)| format!("over {wh} Wh {what}")).collect();
        if parts.is_empty() { "no certificates are known".into() } else { format!("certificates {}", parts.join(", ")) }
    }
}

/// By volume: any certificate of the contract backs any of its energy.
fn by_volume(instrument: &Instrument, contract: &ContractDef, register: Register, used_wh: i128) -> Claim {
    // Where certificates limit what is delivered, all that is delivered rests on them.
    let delivered: i128 = instrument.delivered_wh.iter().map(|wh| i128::from(*wh)).sum();
    let limited = contract.certificates == CertificateRule::Required;
    let cancelled_wh = if limited { delivered } else { 0 }.max(register.claim.cancelled_wh);
    let kind = register.kind();
    let (basis, statement) = match (cancelled_wh, register.claim.held_wh) {
        (0, 0) => (Basis::None, format!("matched, not claimable: {}", register.known())),
        (0, _) => (Basis::Held, "matched, not claimable: certificates are held, not cancelled".to_string()),
        (wh, _) if wh >= used_wh => (Basis::Cancelled, format!("claimable: {kind} over {wh} Wh are cancelled")),
        (wh, _) => {
            let what = format!("claimable for {wh} of {used_wh} Wh: {kind} over the rest are not cancelled");
            (Basis::PartlyCancelled, what)
        }
    };
    Claim { basis, statement, cancelled_wh, ..register.claim }
}

/// What of a contract reached load, in whichever ledger gave more of it in an interval, and what of that is backed.
struct Used {
    wh: i128,
    backed: i128,
}

impl Used {
    fn new(books: &Books, matched: &Matched, instrument: InstrumentIndex) -> Self {
        let mut used = Self { wh: 0, backed: 0 };
        for t in 0..books.grid.len {
            let given = [&matched.matching, &matched.inventory].map(|run| run.allocated_wh[instrument][t]);
            let most = given[0].max(given[1]);
            used.wh += i128::from(most);
            used.backed += i128::from(most.min(books.certified_wh(instrument, t)));
        }
        used
    }
}

/// By the hour: at most what was used in each interval.
fn by_hour(register: Register, used: &Used) -> Claim {
    let (kind, cancelled_wh) = (register.kind(), register.claim.cancelled_wh);
    let (basis, statement) = match (used.backed, used.wh) {
        (0, 0) if cancelled_wh > 0 => (
            Basis::Cancelled,
            format!("nothing to claim: {kind} over {cancelled_wh} Wh are cancelled, and nothing was used"),
        ),
        (0, _) if cancelled_wh > 0 => {
            let what = format!("{kind} over {cancelled_wh} Wh are cancelled, for none of the intervals it was used in");
            (Basis::None, format!("matched, not claimable: {what}"))
        }
        (0, _) if register.claim.held_wh > 0 => {
            (Basis::Held, "matched, not claimable: certificates are held, not cancelled".to_string())
        }
        (0, _) => (Basis::None, format!("matched, not claimable: {}", register.known())),
        (backed, used) if backed >= used => {
            (Basis::Cancelled, format!("claimable: {kind} over {used} Wh are cancelled"))
        }
        (backed, used) => {
            let what = format!("claimable for {backed} of {used} Wh: {kind} of its hours are cancelled over no more");
            (Basis::PartlyCancelled, format!("{what}; the rest is matched, not claimable"))
        }
    };
    Claim { basis, statement, backed_wh: Some(used.backed), ..register.claim }
}

/// Wh of cancelled certificates that name a contract, or are of its device, and back nothing of it, by why they do not.
fn misfits(inputs: &Inputs, claims: Claims<'_>, contract: &ContractDef) -> Vec<(i128, &'static str)> {
    let mut sums: BTreeMap<Misfit, i128> = BTreeMap::new();
    let cancelled = |c: &&Certificate| c.status == Status::Cancelled && certified::touches(c, contract);
    for certificate in inputs.certificates.iter().filter(cancelled) {
        if let Some(misfit) = claims.misfit(certificate, contract) {
            *sums.entry(misfit).or_default() += i128::from(within(certificate, inputs.period));
        }
    }
    let words = |misfit: Misfit| match misfit {
        Misfit::Device => "are of another device",
        Misfit::Technology => "are of another technology",
        Misfit::Unassigned => "name no contract, and their device serves several",
        Misfit::Beneficiary => "were cancelled for another beneficiary",
        Misfit::NobodyStated => "are cancelled, but nobody states for whom they should be",
    };
    sums.into_iter().map(|(misfit, wh)| (wh, words(misfit))).collect()
}

/// Wh of certificates of a contract's device that belong to nobody until they name a contract.
fn unassigned(inputs: &Inputs, contract: &ContractDef) -> i128 {
    let of_device = |c: &&Certificate| {
        let device = c.device.as_str();
        c.contract.is_none() && (contract.id == device || contract.plant.as_deref() == Some(device))
    };
    let claims = Claims::for_inputs(inputs);
    let others = |c: &&Certificate| !claims.belongs(c, contract);
    let certificates = inputs.certificates.iter().filter(of_device).filter(others);
    certificates.map(|c| i128::from(within(c, inputs.period))).sum()
}

/// Wh of a certificate that fall in the period; one that reaches outside counts by duration, floored.
fn within(certificate: &Certificate, period: Interval) -> i64 {
    let interval = certified::production(certificate);
    let (shared, whole) = (i128::from(interval.overlap_s(period)), i128::from(interval.duration_s().max(1)));
    i64::try_from(i128::from(certificate.wh()) * shared / whole).unwrap_or(0)
}
