//! Boundaries and the contracts that deliver in them.

use ids::{BoundaryId, BoundaryIndex, ContractId, SiteIndex};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Boundary {
    pub id: BoundaryId,
    pub buy_per_mwh: Vec<f64>,
    /// Grid intensity of the chosen carbon basis.
    pub carbon_g_per_kwh: Vec<f64>,
    pub grid_cfe_share: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Settlement {
    #[default]
    Physical,
    Financial,
}

/// Supply that can be matched; one tier of it where delivery is uncertain.
///
/// Several contracts of one list, ordered by `doubt`, state the expected cost of a distribution exactly:
/// `sum_i w_i*max(0, L - C_i)` is piecewise linear in L with a kink at each quantile `C_i`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Contract {
    pub id: ContractId,
    pub boundary: BoundaryIndex,
    pub settlement: Settlement,
    /// Served sites; all sites of the boundary mean unrestricted.
    pub sites: Vec<SiteIndex>,
    pub available_mw: Vec<f64>,
    /// Revenue of surplus, physical only; the caller caps it at buy + carbon.
    pub sell_per_mwh: Vec<f64>,
    /// Probability that this tier does not come, and the grid serves instead; empty: certain.
    #[serde(default)]
    pub doubt: Vec<f64>,
}

impl Contract {
    pub fn doubt_at(&self, step: usize) -> f64 {
        self.doubt.get(step).copied().unwrap_or(0.0)
    }
}
