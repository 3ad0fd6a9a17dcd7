//! The figures of a portfolio, its boundaries and its sites.

use super::kinds::{count, flag, instant, integer, list, nullable, object, object_but, reference, score, text};
use serde_json::Value;

/// Each by its name in `$defs`.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("totals", totals()),
        ("emissions", emissions()),
        ("quality", quality()),
        ("tiers", tiers()),
        ("boundary", boundary()),
        ("interval", interval()),
        ("site", site()),
    ]
}

fn totals() -> Value {
    let applicable = |about: &str| nullable(score(about));
    object_but(
        "Sums in whole Wh and the scores made of them; a score is null where it is not applicable. What an older \
         ruleset does not count is left out under it.",
        vec![
            ("load_wh", count("Matching load: metered load and declared losses.")),
            ("metered_load_wh", count("Load as metered, without declared losses.")),
            ("purchased_wh", count("Load of the inventories: import, charging included.")),
            ("storage_losses_wh", integer("Charged less discharged behind meters of import: purchased, but no load.")),
            ("scope_1_wh", count("Own generation that is not carbon-free, used on site before any contract.")),
            ("scope_1_share", score("The same over load.")),
            ("contracted_wh", count("Delivered by instruments that count, re-issued storage discharge among them.")),
            ("matched_wh", count("Allocated to load in the same interval.")),
            ("stored_wh", count("Surplus that charged storage.")),
            ("reissued_wh", count("Re-issued by storage; annual_share leaves it out.")),
            ("surplus_wh", count("Contracted, neither matched nor stored.")),
            ("unmatched_wh", count("Load less what is matched.")),
            ("grid_cfe_wh", count("Carbon-free share of the grid energy behind unmatched load.")),
            ("matched_share", applicable("Matched over load.")),
            ("cfe_score", applicable("Matched and the grid's carbon-free part, over load.")),
            (
                "annual_share",
                applicable("Contracted over load of the whole period, a year or not, uncapped; null for sites."),
            ),
            ("annual_share_capped", applicable("The same, capped at the load of each boundary; null for sites.")),
            ("matched_metered_share", applicable("Matched where both load and generation are metered, over load.")),
            ("intervals_with_load", count("Intervals that have load.")),
            ("intervals_fully_matched", count("Of those, intervals without unmatched load.")),
            ("emissions", reference("emissions")),
            ("quality", reference("quality")),
            ("backed", reference("backed")),
        ],
        // Told by rulesets that weigh purchases, set own generation first and back claims by the hour.
        &["purchased_wh", "storage_losses_wh", "scope_1_wh", "scope_1_share", "backed"],
    )
}

fn emissions() -> Value {
    let grams = |about: &str| nullable(count(about));
    object_but(
        "Whole grams of CO2e, each the exact sum rounded up once; null where a factor was never supplied.",
        vec![
            ("location_based_g", grams("Grid average of the place.")),
            (
                "market_based_annual_g",
                grams(
                    "Contracts and load compared over the whole period, a year or not: the Scope 2 Guidance of 2015 where \
                     certificates are cancelled for all that it counts under contracts.",
                ),
            ),
            ("market_based_hourly_g", grams("The draft hourly inventory.")),
            (
                "market_based_hourly_without_legacy_g",
                grams("The hourly inventory as if legacy contracts did not exist; null where there are none."),
            ),
            ("upstream_g", nullable(integer("Life-cycle minus direct, Scope 3; null on a life-cycle basis."))),
            (
                "scope_1_g",
                grams("Own generation that is not carbon-free, at direct factors; null where a technology has none."),
            ),
        ],
        &["scope_1_g"],
    )
}

fn quality() -> Value {
    object(
        "Wh by quality of the readings behind them.",
        vec![("load", reference("tiers")), ("generation", reference("tiers"))],
    )
}

fn tiers() -> Value {
    object(
        "Wh by tier, best first.",
        vec![
            ("measured", count("Read from a meter.")),
            ("validated", count("Checked by the operator.")),
            ("calculated", count("Made of other meters' readings.")),
            ("estimated", count("Put in by a policy.")),
            ("profiled", count("Scaled from a profile.")),
            ("missing", count("Known to be missing.")),
        ],
    )
}

fn boundary() -> Value {
    object(
        "A market boundary.",
        vec![
            ("id", text("Its id.")),
            ("fallback_tier", text("Which factors unmatched energy took, separated by commas.")),
            ("totals", reference("totals")),
            (
                "intervals",
                list("One row an interval, in order of time; empty in packs, which hold a table.", "interval"),
            ),
        ],
    )
}

fn interval() -> Value {
    object_but(
        "One boundary's interval: contracted = matched + stored + surplus, load = matched + unmatched.",
        vec![
            ("start", instant("Start of the interval.")),
            ("load_wh", count("Matching load.")),
            ("contracted_wh", count("Delivered by instruments that count.")),
            ("matched_wh", count("Allocated to load.")),
            ("stored_wh", count("Charged into storage.")),
            ("surplus_wh", count("Left over, never carried to another interval.")),
            ("unmatched_wh", count("Taken from the grid.")),
            ("grid_cfe_wh", count("Carbon-free part of that.")),
            ("backed_wh", count("Of what is matched, what cancelled certificates back; absent where none are known.")),
        ],
        &["backed_wh"],
    )
}

fn site() -> Value {
    object(
        "A site.",
        vec![
            ("id", text("Its id.")),
            ("boundary", text("The boundary at the start of the period, and every later one.")),
            ("time_zone", text("IANA zone.")),
            ("meter", nullable(text("As stated."))),
            ("accuracy_class", nullable(text("As stated."))),
            ("ownership_share", nullable(score("As stated."))),
            ("leased", nullable(flag("As stated."))),
            (
                "estimated_share",
                nullable(score("Load estimated by policy or by its own readings, as a share of the site's load.")),
            ),
            ("totals", reference("totals")),
        ],
    )
}
