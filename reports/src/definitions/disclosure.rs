//! What an auditor expects on page one, as the reporting entity states it.

use super::Fraction;
use serde::{Deserialize, Serialize};

/// `[disclosure]` of the portfolio; what is left out is printed as "not stated".
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    pub reporting_entity: Option<String>,
    /// Operational control, financial control or equity share.
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
