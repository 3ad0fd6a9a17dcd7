//! What has to be reported again when a certificate that was used is taken back.

use crate::portfolio::Portfolio;
use crate::register::Act;
use reports::certificates::{Certificate, Status};
use reports::series::certified;
use reports::time::format_instant;
use serde::Serialize;

/// A contract and the span whose figures a certificate counts in no more.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Duty {
    /// None where no contract of the portfolio has the device.
    pub contract: Option<String>,
    pub start: String,
    pub end: String,
    #[serde(skip)]
    certificate: String,
}

impl Duty {
    pub fn sentence(&self) -> String {
        let Self { contract, start, end, certificate } = self;
        match contract {
            Some(contract) => format!(
                "to be restated: contract {contract}, {start} to {end}; {certificate} was cancelled and may count in \
                 reports of that period: `hourmatch pack` for it will make a new version"
            ),
            None => format!(
                "{certificate} was cancelled, for {start} to {end}; no contract of the portfolio has its device, so \
                 nothing here is to be restated"
            ),
        }
    }
}

/// Duties after an act on a bundle: only withdrawing a cancelled one has any.
pub fn after(portfolio: &Portfolio, act: &Act, before: &Certificate) -> Vec<Duty> {
    if *act != Act::Withdraw || before.status != Status::Cancelled {
        return Vec::new();
    }
    let duty = |contract: Option<String>| Duty {
        contract,
        start: format_instant(before.start),
        end: format_instant(before.end),
        certificate: before.id.clone(),
    };
    let contracts = portfolio
        .definitions
        .contracts
        .iter()
        .filter(|c| certified::belongs(before, c, &portfolio.definitions.contracts));
    let duties: Vec<Duty> = contracts.map(|c| duty(Some(c.id.clone()))).collect();
    if duties.is_empty() { vec![duty(None)] } else { duties }
}
