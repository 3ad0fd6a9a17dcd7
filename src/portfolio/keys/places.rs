//! Where energy is used and held, and between which markets it may pass.

use super::kinds::Presence::{Default, Else, Needed};
use super::kinds::Takes::{Choice, Flag, Fraction, Id, Instant, Number, Pairs, Table, Tables, Text};
use reports::definitions::limits;

/// In g/kWh.
const MOST_GRAMS: f64 = limits::FACTOR_MG_PER_KWH as f64 / 1e3;

section! {
    pub(super) static BOUNDARY = "[[boundary]]",
        "A market area. Energy is matched within it; only a `[[link]]` leads out of it.";
    "id": Id, "", Needed("\"PJM\""); "Part of its series' names, `grid/<id>/...`."
    "price_per_mwh": Number(-10_000.0, 100_000.0), "currency/MWh", Else("0 if no price was ever supplied", "30.0");
        "For plans, where neither a supplier nor the last 14 days give `grid/<id>/price`."
    "cfe_basis": Choice(&limits::CFE_BASES), "", Default("\"production\"");
        "How the grid's carbon-free share is counted; printed with every figure that uses it."
    "cfe_includes_own_contracts": Flag, "", Default("true");
        "Own contracts may still be part of the grid's share: reports warn of it."
    "default_fossil_g_per_kwh": Number(0.0, MOST_GRAMS), "g/kWh",
        Else("the highest of the table of factors", "900.0");
        "Factor of unmatched energy where nothing better is known."
    "sss_g_per_kwh": Number(0.0, MOST_GRAMS), "g/kWh", Else("0", "0.0");
        "Factor of standard supply, whose volume is the series `grid/<id>/sss_share`."
    "legacy_g_per_kwh": Number(0.0, MOST_GRAMS), "g/kWh", Else("as other claimed energy", "0.0");
        "Factor of legacy contracts that state none."
    "annual_residual_g_per_kwh": Number(0.0, MOST_GRAMS), "g/kWh", Else("the load-weighted hourly one", "420.0");
        "Residual factor of the whole period, in the annual inventory."
    "factor_basis": Choice(&["direct", "life-cycle"]), "", Else("the portfolio's", "\"direct\"");
        "Basis of intensities that a feed supplies."
    "factor_source": Table(&FACTOR_SOURCE), "", Else("not stated", "{}"); "What supplied factors are cited from."
}

section! {
    static FACTOR_SOURCE = "factor_source of [[boundary]]",
        "`factor_source = { publication = \"Residual mix 2025\", year = \"2025\", region = \"PJM\" }`";
    "publication": Text, "", Needed("\"Residual mix 2025\""); "Its title."
    "year": Text, "", Needed("\"2025\""); "The year it covers, as text."
    "region": Text, "", Needed("\"PJM\""); "The region it covers."
}

section! {
    pub(super) static LINK = "[[link]]",
        "Two boundaries between which contracts' energy counts in hours that pass the price test. For audits.";
    "from": Id, "", Needed("\"PJM\""); "Boundary of generation."
    "to": Id, "", Needed("\"MISO\""); "Boundary of load."
    "nonpositive_price_passes": Flag, "", Default("false"); "Whether an hour with a price of zero or less passes."
}

section! {
    pub(super) static SITE = "[[site]]", "Where load is metered and work runs.";
    "id": Id, "", Needed("\"ashburn\""); "Part of its series' names, `site/<id>/...`."
    "name": Text, "", Else("its id", "\"Ashburn campus\"");
        "What people are shown, at most 80 characters, no other site's name or id. It is in no digest."
    "boundary": Id, "", Needed("\"PJM\""); "The market area it lies in."
    "boundary_changes": Tables(&BOUNDARY_CHANGE), "", Else("none", "[]"); "Where it lies from a date on."
    "time_zone": Text, "", Else("the portfolio's", "\"America/New_York\"");
        "IANA zone of its days, maps and billing windows, and of `plan_at`."
    "it_capacity_mw": Number(0.0, 1e6), "IT MW", Needed("100.0"); "Maximum IT power; only plans use it."
    "grid_limit_mw": Number(0.0, 1e6), "facility MW", Else("none", "130.0"); "Limit of its connection."
    "pue": Number(1.0, 5.0), "ratio", Default("1.0");
        "Facility power is `overhead_mw` + PUE x IT power; the series `site/<id>/pue` wins over it."
    "overhead_mw": Number(0.0, 1e6), "facility MW", Default("0.0"); "Facility power without any IT load."
    "pue_by_temperature": Pairs, "°C, ratio", Else("none", "[[10.0, 1.12], [35.0, 1.35]]");
        "PUE by outside temperature, where `site/<id>/temperature` is known."
    "ramp_mw_per_hour": Number(0.0, 1e6), "facility MW/h", Else("none", "20.0");
        "Maximum change of the facility power of work."
    "it_load_mw": Number(0.0, 1e6), "IT MW", Else("none", "60.0");
        "Firm IT load, until readings of `site/<id>/it_load` or `load` exist."
    "plan_at": Text, "", Else("not on schedule", "\"0 14 * * *\"");
        "When `serve` plans: a cron expression in the site's time."
    "onsite_technology": Id, "", Else("not stated", "\"solar\"");
        "Of `site/<id>/onsite_generation`. If it is not carbon-free, it is Scope 1 and serves load before any \
        contract."
    "loss_factor": Fraction, "", Default("0"); "Matching load is ceil(metered x (1 + this))."
    "meter": Text, "", Else("not stated", "\"M-1\""); "Printed in reports."
    "accuracy_class": Text, "", Else("not stated", "\"0.2S\""); "Printed in reports."
    "ownership_share": Fraction, "", Else("whole", "0.5"); "Applied under equity share, otherwise printed."
    "leased": Flag, "", Else("not stated", "false"); "Printed in reports."
}

section! {
    static BOUNDARY_CHANGE = "boundary_changes of [[site]]",
        "`boundary_changes = [{ from = \"2026-07-01\", boundary = \"ERCO\" }]`, by rising date.";
    "from": Instant, "", Needed("\"2026-07-01\""); "The first instant, on the resolution's grid."
    "boundary": Id, "", Needed("\"PJM\""); "The boundary from then on."
}

section! {
    pub(super) static STORAGE = "[[storage]]",
        "A battery behind a site's meter. Plans use its ratings, audits its meters `storage/<id>/charge` and \
        `discharge`.";
    "id": Id, "", Needed("\"bat-1\""); "Part of its series' names, `storage/<id>/...`."
    "site": Id, "", Needed("\"ashburn\""); "The site whose meter it is behind."
    "energy_mwh": Number(0.0, 1e6), "MWh", Default("0.0"); "Energy it can hold."
    "charge_mw": Number(0.0, 1e6), "facility MW", Else("plans do not use it", "10.0"); "Rating of charge."
    "discharge_mw": Number(0.0, 1e6), "facility MW", Else("plans do not use it", "10.0"); "Rating of discharge."
    "eff_charge": Fraction, "", Default("1"); "Efficiency of charge, above 0."
    "eff_discharge": Fraction, "", Default("1");
        "Efficiency of discharge, above 0. Audits take the declared round trip, their product, if it is lower \
        than the measured one."
    "efficiency_months": Number(1.0, 6.0), "months", Default("6");
        "The round trip is measured over calendar windows of 1, 2, 3 or 6 months."
    "loss_per_hour": Number(0.0, 1.0), "", Default("0.0"); "Share of what it holds that is lost in an hour."
    "end_min_mwh": Number(0.0, 1e6), "MWh", Default("0.0"); "Minimum held at the end of a plan's horizon."
    "wear_per_mwh": Number(0.0, 1e6), "currency/MWh", Default("0.0"); "Cost of wear, by MWh discharged."
    "charge_from": Choice(&["surplus", "grid"]), "", Default("\"surplus\"");
        "What plans may charge it from: surplus of contracts after load, as audits count it, or grid energy too."
}
