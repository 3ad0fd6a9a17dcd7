//! Storage behind a site's meter or beside it.

use super::fraction::Fraction;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct StorageDef {
    pub id: String,
    /// Its discharge serves this site, and only contracts serving it charge it clean.
    pub site: String,
    pub energy_wh: i64,
    /// Declared round trip: charge times discharge efficiency.
    pub efficiency: Fraction,
    /// Months, counted from January in the portfolio's zone, over which efficiency is measured: 1, 2, 3 or 6.
    pub efficiency_months: u32,
}
