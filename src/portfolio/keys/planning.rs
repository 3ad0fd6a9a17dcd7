//! What plans read: prices and targets first.

use super::kinds::Presence::{Default, Else, Needed};
use super::kinds::Takes::{Choice, Duration, Flag, Fraction, Id, Instant, Number, Pairs, Text, Texts};

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

section! {
    pub(super) static POOL = "[[pool]]", "Identical accelerators at one site. Work names it in its column `pool`.";
    "id": Id, "", Needed("\"h100\""); "Part of its series' name, `pool/<id>/available_gpus`."
    "site": Id, "", Needed("\"ashburn\""); "The site they are at."
    "count": Number(0.0, 1e7), "count", Needed("1024");
        "How many; `pool/<id>/available_gpus` lowers it, as announced, else as last counted."
    "gpu": Text, "", Else("not stated", "\"H100\""); "Model name; changes no plan."
    "gpus_per_node": Number(1.0, 1e6), "count", Default("8.0"); "Size of a node; changes no plan."
    "kw_per_gpu": Number(0.001, 1_000.0), "kW", Default("1.3");
        "IT power by accelerator at full speed, with its share of the node."
    "paused_kw_per_gpu": Number(0.0, 1_000.0), "kW", Else("0.2 x `kw_per_gpu`", "0.26");
        "The same, while paused with nodes held; at most `kw_per_gpu`."
    "gpu_power_share": Number(0.0, 1.0), "share", Default("0.6");
        "The accelerator's own share of it: what a power cap acts on."
}

section! {
    pub(super) static ACCOUNT = "[[account]]", "A quota across work that names it in its column `account`.";
    "id": Id, "", Needed("\"research\""); "The name that work uses for it."
    "max_gpus": Number(0.0, 1e7), "count", Else("none", "8192"); "Accelerators held at once."
    "gpu_hours_per_day": Number(0.0, 1e9), "GPU-h", Else("none", "100000");
        "GPU-hours in each 24 h from the horizon's start."
}

section! {
    pub(super) static CURVE = "[[curve]]",
        "Progress of training against power, beside the presets `pretraining`, `fine-tuning` and `inference`.";
    "id": Id, "", Needed("\"my-pretraining\""); "The name that work gives in its column `curve`."
    "points": Pairs, "share, share", Needed("[[0.5, 0.63], [1.0, 1.0]]");
        "GPU power and progress, as shares of uncapped; rising to `[1.0, 1.0]` and close to concave."
    "class": Text, "", Else("not stated", "\"pretraining\""); "What was measured; quoted in reasons without a `source`."
    "source": Text, "", Else("`class`, else \"the portfolio\"", "\"own measurement, 2026\"");
        "By whom; quoted in reasons."
}

section! {
    pub(super) static EVENT = "[[event]]",
        "A time at which a connection should draw no more than this, such as demand response.";
    "site": Id, "", Needed("\"ashburn\""); "The site."
    "start": Instant, "", Needed("\"2026-07-01T16:00Z\""); "Need not lie on the resolution's grid."
    "end": Instant, "", Needed("\"2026-07-01T20:00Z\""); "After `start`."
    "max_mw": Number(0.0, 1e6), "facility MW", Needed("40.0"); "More costs `event_price_per_mwh`."
    "notice": Duration, "", Else("always known", "\"2h\""); "How long before `start` it is known."
}

section! {
    pub(super) static LIMIT = "[[limit]]", "A limit over several sites together; more costs the overload price.";
    "id": Id, "", Needed("\"campus\""); "Its name in plans."
    "sites": Texts, "", Else("all sites", "[\"ashburn\"]"); "The sites it limits together."
    "max_mw": Number(0.0, 1e6), "facility MW", Needed("200.0"); "The most they may draw together."
}

section! {
    pub(super) static DEMAND_CHARGE = "[[demand_charge]]", "A price on a window's highest draw, above the peak so far.";
    "site": Id, "", Needed("\"ashburn\""); "The site."
    "per_mw": Number(0.0, 1e9), "currency/MW", Needed("9000.0"); "By MW of the highest draw."
    "window": Choice(&["month", "day"]), "", Default("\"month\""); "In the site's time."
}
