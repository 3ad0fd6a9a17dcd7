//! Sums and scores as a report states them, and how much of them certificates back.

use crate::inventory::Emissions;
use crate::matching::score::Sums;
use crate::quality::QualitySplit;
use crate::ruleset::{InventoryLoad, OwnGeneration};
use crate::units::Floored;
use serde::{Deserialize, Serialize};

/// Sums in whole Wh; scores null where not applicable.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Default)]
pub struct Totals {
    /// Matching load: metered load and declared losses.
    pub load_wh: i128,
    /// As metered, without declared losses.
    pub metered_load_wh: i128,
    /// Load of the inventories: import, charging included. Left out under rulesets that weigh the metered load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchased_wh: Option<i128>,
    /// Charged less discharged by batteries behind meters of import: purchased, but no load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_losses_wh: Option<i128>,
    /// Own generation that is not carbon-free, used on site: it serves load before any contract does. Left out, as its
    /// share of the load is, under rulesets that set it beside contracts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_1_wh: Option<i128>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_1_share: Option<Floored>,
    /// Delivered by instruments that count towards matching, re-issued storage discharge among them.
    pub contracted_wh: i128,
    pub matched_wh: i128,
    pub stored_wh: i128,
    /// Re-issued by storage; its charge was contracted before, so annual shares leave it out.
    pub reissued_wh: i128,
    pub surplus_wh: i128,
    pub unmatched_wh: i128,
    pub grid_cfe_wh: i128,
    pub matched_share: Option<Floored>,
    pub cfe_score: Option<Floored>,
    pub annual_share: Option<Floored>,
    pub annual_share_capped: Option<Floored>,
    pub matched_metered_share: Option<Floored>,
    pub intervals_with_load: usize,
    pub intervals_fully_matched: usize,
    pub emissions: Emissions,
    pub quality: QualitySplit,
    /// How much of these figures cancelled certificates back; absent under rulesets that back claims by volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed: Option<Backed>,
}

/// What of the figures beside it certificates back that are cancelled for the beneficiary: in each interval at most what
/// the device's meter shows and what was allocated. Null where the register holds no certificate of the period.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct Backed {
    /// Of `matched_wh`, interval by interval.
    #[serde(rename = "backed_matched_wh")]
    pub matched_wh: Option<i128>,
    /// Of `matched_share`, and of `cfe_score`: the grid's carbon-free part has no certificates of anybody's.
    #[serde(rename = "backed_matched_share")]
    pub matched_share: Option<Floored>,
    /// Intervals with load of which all is backed.
    pub intervals_fully_backed: Option<usize>,
    /// Of `annual_share` and `annual_share_capped`; null for sites, as they are.
    #[serde(rename = "backed_annual_share")]
    pub annual_share: Option<Floored>,
    #[serde(rename = "backed_annual_share_capped")]
    pub annual_share_capped: Option<Floored>,
    /// Claimed under contracts in the hourly market-based inventory, and what of that is backed.
    pub market_based_hourly_claimed_wh: i128,
    #[serde(rename = "market_based_hourly_backed_wh")]
    pub market_based_hourly_wh: Option<i128>,
    /// The same of the annual one; null for sites.
    pub market_based_annual_claimed_wh: Option<i128>,
    #[serde(rename = "market_based_annual_backed_wh")]
    pub market_based_annual_wh: Option<i128>,
}

impl Sums {
    pub fn totals(&self, with_annual: bool, emissions: &Emissions, backed: Option<Backed>) -> Totals {
        let annual = |value: i128| if with_annual { Floored::new(value, self.load) } else { None };
        let purchases = self.rules.inventory_load == InventoryLoad::Purchased;
        let first = self.rules.own_generation == OwnGeneration::First;
        Totals {
            load_wh: self.load,
            metered_load_wh: self.metered_load,
            purchased_wh: purchases.then_some(self.purchased),
            storage_losses_wh: purchases.then_some(self.storage_losses),
            scope_1_wh: first.then_some(self.scope_1),
            scope_1_share: if first { Floored::new(self.scope_1, self.load) } else { None },
            contracted_wh: self.contracted,
            matched_wh: self.matched,
            stored_wh: self.stored,
            reissued_wh: self.reissued,
            surplus_wh: self.surplus,
            unmatched_wh: self.load - self.matched,
            grid_cfe_wh: self.grid_cfe,
            matched_share: Floored::new(self.matched, self.load),
            cfe_score: if self.cfe_known { Floored::new(self.matched + self.grid_cfe, self.load) } else { None },
            annual_share: annual(self.contracted - self.reissued),
            annual_share_capped: annual(self.capped),
            matched_metered_share: Floored::new(self.metered, self.load),
            intervals_with_load: self.with_load,
            intervals_fully_matched: self.full,
            emissions: emissions.clone(),
            quality: self.quality.clone(),
            backed,
        }
    }
}
