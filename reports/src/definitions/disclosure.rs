//! What an auditor expects on page one, as the reporting entity states it.

use super::fraction::Fraction;
use crate::named::named;
use serde::{Deserialize, Serialize};

/// `[disclosure]` of the portfolio; what is left out is printed as "not stated".
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    pub reporting_entity: Option<String>,
    /// Operational control, financial control or equity share; see [`ControlApproach`].
    pub control_approach: Option<String>,
    pub base_year: Option<String>,
    /// A change of the base year's figures past this part of them restates it.
    pub restatement_threshold: Option<Fraction>,
    /// Gases covered, such as "CO2, CH4, N2O as CO2e".
    pub gases: Option<String>,
    /// Source of the warming potentials, such as "IPCC AR5, 100 years".
    pub warming_potentials: Option<String>,
    /// What the entity adds to the limitations every report states.
    pub limitations: Vec<String>,
}

impl Disclosure {
    /// The control approach, where it is stated as one of the three there are.
    pub fn approach(&self) -> Option<ControlApproach> {
        self.control_approach.as_deref().and_then(ControlApproach::read)
    }
}

named! {
    /// How an entity draws its boundary, after the GHG Protocol's corporate standard.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ControlApproach {
        OperationalControl = "operational control",
        FinancialControl = "financial control",
        /// Inventories count each site by its ownership share.
        EquityShare = "equity share",
    }
}

impl ControlApproach {
    /// Whatever case its words are in, and with a hyphen or an underscore between them.
    pub fn read(text: &str) -> Option<Self> {
        Self::parse(&text.trim().to_ascii_lowercase().replace(['-', '_'], " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approach_is_one_of_three() {
        for approach in ControlApproach::ALL {
            assert_eq!(ControlApproach::read(approach.name()), Some(approach));
        }
        assert_eq!(ControlApproach::read("Equity-share "), Some(ControlApproach::EquityShare));
        assert_eq!(ControlApproach::read("operational_control"), Some(ControlApproach::OperationalControl));
        for other in ["", "control", "equity share of 50 %", "equity"] {
            assert_eq!(ControlApproach::read(other), None, "{other}");
        }
    }
}
