//! Who supplies what to whom.

use super::kinds::Presence::{Default, Else, Needed};
use super::kinds::Takes::{
    Choice, Fraction, FractionText, Id, Instant, Number, Parts, Period, Table, Tables, Text, Texts,
};
use reports::definitions::{ContractKind, Settlement, SharingRule, limits};

/// In g/kWh.
const MOST_GRAMS: f64 = limits::CONTRACT_FACTOR_MG_PER_KWH as f64 / 1e3;

section! {
    pub(super) static CONTRACT = "[[contract]]",
        "A right to a plant's output, or to part of it. Its generation is `contract/<id>/generation`, else the \
        plant's `plant/<plant>/generation`, else its profile, interval by interval.";
    "id": Id, "", Needed("\"solar-a\""); "Part of its series' names, `contract/<id>/...`."
    "name": Text, "", Else("its id", "\"Desert Sun PPA\"");
        "What people are shown, at most 80 characters, no other contract's name or id. It is in no digest."
    "boundary": Id, "", Needed("\"PJM\""); "The market area it delivers in."
    "technology": Text, "", Needed("\"solar\""); "A plain word; whether it is carbon-free, the ruleset says."
    "ef_g_per_kwh": Number(0.0, MOST_GRAMS), "g/kWh", Else("its technology's in the table of factors", "490.0");
        "Factor of its energy in inventories; required where it is not carbon-free."
    "kind": Choice(&ContractKind::NAMES), "", Default("\"hourly\"");
        "`hourly` is matched; `legacy` is a year's volume pro rata to load, in the inventory alone; `unbundled` \
        is its certificates alone."
    "plant": Id, "", Else("a plant of its own", "\"buckeye\"");
        "A plant that several contracts share; their shares are at most 1 together."
    "share": FractionText, "", Default("\"1\""); "Exact share of the plant."
    "share_changes": Tables(&SHARE_CHANGE), "", Else("none", "[]"); "Its share from a date on."
    "settlement": Choice(&Settlement::NAMES), "", Default("\"physical\"");
        "`physical`: surplus is sold at spot, at most for price plus carbon. `financial`: matched energy pays \
        spot, too. Affects money alone."
    "allocation": Choice(&SharingRule::NAMES), "", Default("\"proportional\"");
        "How it is shared among sites: in proportion to load; in the order of `sites`; each the same; by `split`."
    "sites": Texts, "", Else("every site of the boundary", "[\"ashburn\"]");
        "Sites served. Lists within a boundary nest or are disjoint; a site of another boundary needs a `[[link]]`."
    "split": Parts, "", Else("none", "{ ashburn = \"3/5\" }");
        "With `pro_rata_contract`: the share of each site served, at most 1 together."
    "profile": Table(&PROFILE), "", Else("none", "{}"); "The plant scaled from a regional series, without a meter."
    "shaped_mw": Number(0.0, 1e6), "MW", Else("none", "20.0");
        "A flat promise: each interval counts at most what the plant generated in it."
    "annual_mwh": Number(0.0, 1e9), "MWh", Else("from its series", "50000.0");
        "With `kind = \"legacy\"`: the volume of a whole calendar year."
    "capacity_mw": Number(0.0, 1e6), "MW", Else("not checked", "60.0");
        "What its plant can generate. Readings above it are suspect, above twice of it refused."
    "valid_from": Instant, "", Else("always", "\"2026-01-01\""); "First instant of its term."
    "valid_to": Instant, "", Else("always", "\"2036-01-01\""); "End of its term, which is not part of it."
    "certificates": Choice(&["stated", "required"]), "", Default("\"stated\"");
        "`required`: only energy backed by cancelled certificates counts. Always so for `unbundled`."
    "registry": Text, "", Else("not stated", "\"PJM-GATS\""); "Where its certificates are kept."
    "beneficiary": Text, "", Else("the reporting entity", "\"Example AI Ltd\"");
        "For whom its certificates are cancelled."
    "commissioned": Text, "", Else("not stated", "\"2021-06-01\""); "Date of its plant, YYYY-MM-DD."
    "meter": Text, "", Else("not stated", "\"M-77\""); "Printed in reports."
    "accuracy_class": Text, "", Else("not stated", "\"0.2S\""); "Printed in reports."
}

section! {
    static SHARE_CHANGE = "share_changes of [[contract]]",
        "`share_changes = [{ from = \"2026-07-01\", share = \"1/3\" }]`, by rising date.";
    "from": Instant, "", Needed("\"2026-07-01\""); "The first instant, on the resolution's grid."
    "share": Fraction, "", Needed("\"1/3\""); "The share from then on."
}

section! {
    static PROFILE = "profile of [[contract]]",
        "`profile = { series = \"grid/PJM/solar\", mean_mw = 50.0, over = \"2022\" }`";
    "series": Text, "", Needed("\"grid/PJM/solar\""); "The regional series, of a boundary of the file."
    "mean_mw": Number(0.0, 1e6), "MW", Needed("50.0"); "The plant's mean over the base period."
    "over": Period, "", Needed("\"2022\""); "The base period: a UTC year, or `[from, to]`."
}
