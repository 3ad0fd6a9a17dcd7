//! What the columns of a report's CSV tables mean, by name: a name means the same in every table.

/// None of a name that no table has.
pub fn meaning(column: &str) -> Option<&'static str> {
    let tiers = [("load_", LOAD), ("generation_", GENERATION)];
    let tier = tiers.into_iter().find(|(start, _)| {
        let quality = column.strip_prefix(*start).and_then(|rest| rest.strip_suffix("_wh"));
        quality.is_some_and(|name| reports::quality::Quality::parse(name).is_some())
    });
    tier.map(|(_, meaning)| meaning)
        .or_else(|| MEANINGS.iter().find(|(name, _)| *name == column).map(|(_, meaning)| *meaning))
}

const LOAD: &str = "Load of this quality.";
const GENERATION: &str = "Generation of this quality, as allocated.";

pub(super) const MEANINGS: &[(&str, &str)] = &[
    ("boundary", "Id of the boundary; of a site or contract, its own."),
    ("site", "Id of the site."),
    ("contract", "Id of the instrument: a contract's, or `onsite/<site>`, `sss/<boundary>`, `storage/<id>`."),
    ("start", "First instant of the interval, in UTC."),
    ("end", "First instant after it, in UTC."),
    ("load_wh", "Matching load: metered load and declared losses."),
    ("metered_load_wh", "Load as metered, without declared losses."),
    ("purchased_wh", "Load of the inventories: import, charging included."),
    ("storage_losses_wh", "Charged less discharged behind meters of import: purchased, but no load."),
    ("scope_1_wh", "Own generation that is not carbon-free, used on site before any contract."),
    ("scope_1_share", "The same over load."),
    ("scope_1_g", "Its emissions, at direct factors; empty where a technology has none."),
    ("contracted_wh", "Delivered by instruments that count, re-issued storage discharge among them."),
    ("matched_wh", "Allocated to load in the same interval."),
    ("stored_wh", "Surplus that charged storage."),
    ("reissued_wh", "Re-issued by storage."),
    ("surplus_wh", "Delivered, neither allocated nor stored."),
    ("unmatched_wh", "Load less what is matched."),
    ("grid_cfe_wh", "Carbon-free share of the grid energy behind unmatched load."),
    ("matched_share", "Matched over load."),
    ("cfe_score", "Matched and the grid's carbon-free part, over load."),
    ("annual_share", "Contracted over load of the whole period, uncapped; empty for sites."),
    ("annual_share_capped", "The same, capped at the load of each boundary; empty for sites."),
    ("matched_metered_share", "Matched where both load and generation are metered, over load."),
    ("intervals_with_load", "Intervals that have load."),
    ("intervals_fully_matched", "Of those, intervals without unmatched load."),
    ("intervals_fully_backed", "Of those, intervals whose load cancelled certificates back in full."),
    ("location_based_g", "Emissions at the grid average of the place."),
    ("market_based_annual_g", "Market-based emissions, contracts and load compared over the whole period."),
    ("market_based_hourly_g", "Market-based emissions, hour by hour."),
    ("market_based_hourly_without_legacy_g", "The same without legacy contracts; empty where there are none."),
    ("upstream_g", "Life-cycle emissions less direct ones; empty on a life-cycle basis."),
    ("backed_matched_wh", "Of what is matched, what cancelled certificates back."),
    ("backed_matched_share", "The same over load."),
    ("backed_annual_share", "Of what was contracted, whenever it was used, what they back, over load."),
    ("backed_annual_share_capped", "The same, capped at the load of each boundary."),
    ("market_based_annual_claimed_wh", "Counted under contracts over the period."),
    ("market_based_annual_backed_wh", "Of that, what cancelled certificates back."),
    ("market_based_hourly_claimed_wh", "Counted under contracts in the hourly inventory."),
    ("market_based_hourly_backed_wh", "Of that, what cancelled certificates back."),
    ("backed_wh", "What cancelled certificates back of it; empty if no certificate is known."),
    ("fallback_tier", "Where the factor of unmatched energy is from."),
    ("time_zone", "The site's time zone."),
    ("meter", "The site's meter, as the portfolio states it."),
    ("estimated_share", "Part of its load that is estimated."),
    ("kind", "hourly, legacy, unbundled, or what else the instrument is."),
    ("technology", "As the portfolio states it."),
    ("settlement", "physical or financial; empty where it is no contract."),
    ("delivered_wh", "What it delivers."),
    ("allocated_wh", "Of that, allocated to load in the matching ledger."),
    ("inventory_allocated_wh", "Allocated in the inventory ledger."),
    ("inventory_stored_wh", "Stored in the inventory ledger."),
    ("inventory_surplus_wh", "Surplus in the inventory ledger."),
    ("ef_mg_per_kwh", "Factor of its energy in inventories."),
    ("claim", "What its claim rests on."),
    ("registry", "Where its certificates are kept, as the portfolio states it."),
    ("beneficiary", "For whom they are cancelled, as the portfolio states it."),
    ("commissioned", "Date of its plant, as the portfolio states it."),
    ("cancelled_wh", "Energy of its certificates that are cancelled."),
    ("held_wh", "Energy of those that are issued and not used."),
    ("expired_wh", "Energy of those that are expired."),
    ("withdrawn_wh", "Energy of those that are withdrawn."),
    ("statement", "Its claim in words."),
    ("wh", "Energy; of exceptions, as far as one is concerned."),
    ("ledger", "`matching` or `inventory`."),
    ("rule", "How the contract is shared, else the step: `sss`, `legacy`, `self_generation`, `storage`, `unbundled`."),
    ("code", "One of the codes of exceptions."),
    ("series", "The series or subject it is of."),
    ("message", "What is the matter, in words."),
];
