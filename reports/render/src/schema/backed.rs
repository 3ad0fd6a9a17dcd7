//! What certificates back, why load went unmatched, and what was published of the same hours.

use super::kinds::{count, digest, instant, list, nullable, object, reference, score};
use serde_json::{Value, json};

/// Each by its name in `$defs`.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![("backed", backed()), ("unmatched", unmatched()), ("overlap", overlap()), ("shared", shared())]
}

fn backed() -> Value {
    let known = |about: &str| nullable(count(about));
    object(
        "How much of the figures beside it certificates back that are cancelled for the beneficiary, interval by interval: \
         at most what the device's meter shows and what was allocated. Null where the register holds no certificate of the \
         period.",
        vec![
            ("backed_matched_wh", known("Of matched_wh.")),
            (
                "backed_matched_share",
                nullable(score("Of matched_share, and of cfe_score, whose grid part nothing backs.")),
            ),
            ("intervals_fully_backed", known("Intervals with load of which all is backed.")),
            ("backed_annual_share", nullable(score("Of annual_share; null for sites."))),
            ("backed_annual_share_capped", nullable(score("Of annual_share_capped; null for sites."))),
            (
                "market_based_hourly_claimed_wh",
                count("Counted under contracts in market_based_hourly_g, each Wh at its contract's factor."),
            ),
            ("market_based_hourly_backed_wh", known("Of that, what is backed.")),
            (
                "market_based_annual_claimed_wh",
                known("Counted under contracts in market_based_annual_g; null for sites."),
            ),
            ("market_based_annual_backed_wh", known("Of that, what is backed; null for sites.")),
        ],
    )
}

fn unmatched() -> Value {
    object(
        "The portfolio's unmatched load by why it is unmatched; the four add up to unmatched_wh.",
        vec![
            ("own_generation_wh", count("Served by own generation that is not carbon-free.")),
            (
                "elsewhere_wh",
                count("Contracted elsewhere: surplus of the same interval in another boundary, or for other sites."),
            ),
            ("other_hours_wh", count("Contracted at other hours: surplus of other intervals.")),
            ("never_contracted_wh", count("The rest.")),
        ],
    )
}

fn overlap() -> Value {
    object(
        "A published report of another period that shares hours with this one.",
        vec![
            ("period", reference("period")),
            ("version", json!({ "type": "integer", "minimum": 1, "description": "Its version." })),
            ("root", digest("Merkle root of its pack.")),
            ("shared", reference("shared")),
            (
                "intervals_changed",
                nullable(count("Intervals of them that are others here; null without a whole interval in common.")),
            ),
            ("totals", list("Sums over the shared hours that are others here, portfolio first.", "delta")),
            ("changed", list("Interval figures that are others here; empty in packs, which hold a table.", "delta")),
        ],
    )
}

fn shared() -> Value {
    object(
        "The hours two reports share, as far as whole intervals of both tell of them.",
        vec![("start", instant("First instant.")), ("end", instant("First instant past them."))],
    )
}
