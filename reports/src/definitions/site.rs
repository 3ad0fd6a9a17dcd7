//! Sites, where load is metered, and storage behind their meters or beside them.

use super::fraction::Fraction;
use super::timeline::Change;
use crate::time::Instant;
use ids::{BoundaryId, SiteId, StorageId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SiteDef {
    pub id: SiteId,
    /// What people are shown; in no digest, for it changes no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The boundary until the first change.
    pub boundary: BoundaryId,
    /// Later boundaries, by the instant they hold from.
    pub boundary_changes: Vec<Change<BoundaryId>>,
    pub time_zone: String,
    /// What generates behind the meter.
    pub onsite_technology: Option<String>,
    /// Matching load is `ceil(metered * (1 + factor))`; inventories take the metered load.
    pub loss_factor: Fraction,
    pub meter: Option<String>,
    pub accuracy_class: Option<String>,
    pub ownership_share: Option<Fraction>,
    pub leased: Option<bool>,
    /// W that its connection carries. Stated where load is estimated under a ruleset that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_w: Option<i64>,
}

impl SiteDef {
    /// The boundary a site lies in at an instant.
    pub fn boundary_at(&self, instant: Instant) -> &BoundaryId {
        let change = self.boundary_changes.iter().rev().find(|c| c.from <= instant);
        change.map_or(&self.boundary, |c| &c.value)
    }

    /// Every boundary it ever lies in.
    pub fn all_boundaries(&self) -> impl Iterator<Item = &BoundaryId> {
        std::iter::once(&self.boundary).chain(self.boundary_changes.iter().map(|c| &c.value))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct StorageDef {
    pub id: StorageId,
    /// Its discharge serves this site, and only contracts serving it charge it clean.
    pub site: SiteId,
    pub energy_wh: i64,
    /// Declared round trip: charge times discharge efficiency.
    pub efficiency: Fraction,
    /// Months, counted from January in the portfolio's zone, over which efficiency is measured: 1, 2, 3 or 6.
    pub efficiency_months: u32,
}
