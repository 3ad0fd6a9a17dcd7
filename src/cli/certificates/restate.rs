//! What has to be reported again when a certificate that was used is taken back.

use crate::portfolio::Portfolio;
use crate::register::Act;
use reports::certificates::{Certificate, Status};
use reports::ruleset::Ruleset;
use reports::series::certified::Claims;
use reports::time::Instant;
use serde::Serialize;

/// A contract and the span whose figures a certificate counts in no more.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Duty {
    /// None where it is of no contract of the portfolio.
    pub contract: Option<String>,
    pub start: Instant,
    pub end: Instant,
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
                "{certificate} was cancelled, for {start} to {end}; it backs no contract of the portfolio, so nothing \
                 here is to be restated"
            ),
        }
    }
}

/// Duties after an act on a bundle: only withdrawing a cancelled one has any.
pub fn after(portfolio: &Portfolio, act: &Act, before: &Certificate) -> Vec<Duty> {
    if *act != Act::Withdraw || before.status != Status::Cancelled {
        return Vec::new();
    }
    let (start, end) = (before.start, before.end);
    let duty = |contract: Option<String>| Duty { contract, start, end, certificate: before.id.clone() };
    let definitions = &portfolio.definitions;
    // A portfolio is read only with a ruleset there is.
    let rule = Ruleset::named(&definitions.ruleset).map(|(ruleset, _)| ruleset.rules.certificates).unwrap_or_default();
    let claims = Claims::new(definitions, rule);
    let contracts = portfolio.definitions.contracts.iter().filter(|c| claims.belongs(before, c));
    let duties: Vec<Duty> = contracts.map(|c| duty(Some(c.id.clone()))).collect();
    if duties.is_empty() { vec![duty(None)] } else { duties }
}
