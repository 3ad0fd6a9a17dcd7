//! Prices and targets.

use super::kinds::Presence::{Default, Else, Needed};
use super::kinds::Takes::{Choice, Flag, Fraction, Number, Text};

section! {
    pub(super) static POLICY = "[policy]",
        "Prices must rank: overload 1 000 000 > event > miss > class > shortfall, and miss above \
        `change_price_per_mwh` and a week of `delay_price_per_mwh_step`; or plans would drop work to look green.";
    "target": Number(0.0, 1.0), "share", Else("none", "0.90");
        "Shorthand for a `[[target]]` of the portfolio, metric `matched`, over the horizon."
    "carbon_price_per_t": Number(0.0, 1e6), "currency/t", Default("80.0");
        "Price on the carbon of unmatched energy, by tonne of CO2e."
    "carbon_basis": Choice(&["residual", "fossil", "average"]), "", Default("\"residual\"");
        "The factor it uses: `residual` as in the market-based inventory, `fossil`, or the grid's `average`."
    "shortfall_price_per_mwh": Number(0.0, 1e6), "currency/MWh", Default("200.0");
        "A MWh by which a target is missed, for targets that state none."
    "class_price_per_mwh": Number(0.0, 1e6), "currency/MWh", Default("2000.0");
        "Training below its class or below `min_utilisation`, and changes within notice."
    "miss_price_per_mwh": Number(0.0, 1e6), "currency/MWh", Default("10000.0"); "Work not done by its deadline."
    "event_price_per_mwh": Number(0.0, 1e6), "currency/MWh", Default("100000.0"); "Energy above an event's limit."
    "min_utilisation": Number(0.0, 1.0), "share", Default("0.9");
        "Minimum share of the tokens that training makes as submitted."
    "revenue_per_gpu_hour": Number(0.0, 1e6), "currency/h", Default("2.0"); "Cost of a lost GPU-hour."
    "tokens_per_gpu_hour": Number(0.0, 1e15), "tokens/h", Else("messages state GPU-hours", "9000000.0");
        "Converts GPU-hours to tokens in messages."
    "delay_price_per_mwh_step": Number(0.0, 1e6), "currency/MWh", Default("0.001");
        "By step of delay: breaks ties in favour of starting early."
    "change_price_per_mwh": Number(0.0, 1e6), "currency/MWh", Default("0.05"); "Leaving what an earlier plan placed."
    "expect_work": Flag, "", Default("true"); "Plans allow for work not released yet."
    "hedge": Flag, "", Default("true"); "Plans allow for supply that may not come."
    "missing_load": Choice(&["block", "estimate"]), "", Default("\"block\"");
        "Reports where load was not metered: `block` refuses; `estimate` takes the highest valid reading at that \
        local time within 28 days, which is never matched."
    "reconciliation_tolerance": Fraction, "share", Default("0.005");
        "By what part hourly sums may differ from an invoice."
}

section! {
    pub(super) static TARGET = "[[target]]", "A share of load to reach; each MWh short costs its shortfall price.";
    "share": Number(0.0, 1.0), "share", Needed("0.90"); "Minimum share of the load."
    "scope": Text, "", Default("\"portfolio\""); "`portfolio`, or a boundary's id."
    "metric": Choice(&["matched", "cfe_score"]), "", Default("\"matched\"");
        "Matched by contracts, or with the carbon-free part of the grid as well."
    "period": Choice(&["horizon", "month", "year"]), "", Default("\"horizon\"");
        "Over what it is reckoned; months and years in the portfolio's time zone, with what is known of them so \
        far."
    "shortfall_price": Number(0.0, 1e6), "currency/MWh", Else("`shortfall_price_per_mwh`", "200.0");
        "Cost of each MWh short; below `class_price_per_mwh`."
}
