//! The whole file, and what belongs to one process of it.

use super::contract::CONTRACT;
use super::kinds::Presence::{Default, Else, Needed};
use super::kinds::Takes::{Choice, Duration, Flag, Fraction, Table, Tables, Text, Texts};
use super::places::{BOUNDARY, LINK, SITE, STORAGE};
use super::planning::{ACCOUNT, CURVE, DEMAND_CHARGE, EVENT, LIMIT, POLICY, POOL, TARGET};
use super::source::{FEED, GB, GREEN_BUTTON, NEM12, TABLE};

section! {
    /// The tables of a portfolio file, in the order in which the reference shows them.
    pub static FILE = "the file",
        "A portfolio is a TOML file, `hourmatch.toml` unless `-c` or `HOURMATCH_CONFIG` names another.";
    "store": Table(&STORE), "", Else("the defaults below", "{}"); "Where rows are kept."
    "retention": Table(&RETENTION), "", Else("the defaults below", "{}"); "How long the store keeps old plans and work."
    "serve": Table(&SERVE), "", Else("the defaults below", "{}"); "Where the service listens."
    "source": Table(&SOURCE), "", Else("none", "{}"); "Feeds, and forms of other people's files."
    "portfolio": Table(&PORTFOLIO), "", Needed("{ name = \"demo\" }"); "Settings for the whole file."
    "policy": Table(&POLICY), "", Else("the defaults below", "{}"); "Prices and rules."
    "target": Tables(&TARGET), "", Else("none", "[]"); "Shares to reach."
    "disclosure": Table(&DISCLOSURE), "", Else("printed as \"not stated\"", "{}"); "What the reporting entity states."
    "boundary": Tables(&BOUNDARY), "", Needed("[]"); "Market areas; at least one."
    "link": Tables(&LINK), "", Else("none", "[]"); "Where energy may pass from one boundary to another."
    "site": Tables(&SITE), "", Needed("[]"); "Where load is; at least one."
    "contract": Tables(&CONTRACT), "", Else("none", "[]"); "Rights to supply."
    "storage": Tables(&STORAGE), "", Else("none", "[]"); "Batteries behind sites' meters."
    "pool": Tables(&POOL), "", Else("none", "[]"); "Identical accelerators at one site."
    "account": Tables(&ACCOUNT), "", Else("none", "[]"); "Quotas across work."
    "curve": Tables(&CURVE), "", Else("the presets", "[]"); "Progress against power."
    "event": Tables(&EVENT), "", Else("none", "[]"); "Times when a connection should draw less."
    "limit": Tables(&LIMIT), "", Else("none", "[]"); "Limits over several sites together."
    "demand_charge": Tables(&DEMAND_CHARGE), "", Else("none", "[]"); "Prices on a window's highest draw."
}

section! {
    static STORE = "[store]", "Belongs to this machine; never in a pack, and the store keeps no copy of it.";
    "url": Text, "", Else("`sqlite://hourmatch.db`", "\"sqlite://hourmatch.db\"");
        "`sqlite://FILE`, relative to this file, or `postgres://user@host/database`. `--store` and \
        `HOURMATCH_STORE` win over it."
}

section! {
    static RETENTION = "[retention]",
        "How long the store keeps old plans and work. Belongs to this machine; irrelevant to audits.";
    "plans": Duration, "", Default("\"35d\"");
        "Plans, since they were made, and reports that later reports of the same work replaced; at least 15d."
    "work": Duration, "", Default("\"400d\"");
        "Work since its deadline, and reservations since their end; at least 100d."
}

section! {
    static SERVE = "[serve]", "Belongs to this machine; never in a pack.";
    "listen": Text, "", Else("`127.0.0.1:8080`", "\"127.0.0.1:8080\""); "Address and port of the service, on loopback."
    "hosts": Texts, "", Else("loopback's names", "[\"hourmatch.example.org\"]");
        "Further host names that `serve` answers to, as behind a proxy."
    "follow": Flag, "", Default("false"); "Whether `serve` follows feeds as `hourmatch follow` does."
}

section! {
    static SOURCE = "[source]",
        "Feeds, and the forms of other people's files, each under a name that `ingest --source` takes.",
        or TABLE, NEM12, GREEN_BUTTON, FEED;
    "gb": Table(&GB), "", Else("the public feed", "{}"); "GB Carbon Intensity."
}

section! {
    static PORTFOLIO = "[portfolio]", "Settings for the whole file.";
    "name": Text, "", Needed("\"demo\""); "Printed everywhere."
    "synthetic": Flag, "", Default("false"); "Marks every document as based on generated data."
    "currency": Text, "", Default("\"USD\""); "Three capital letters; every price is in it."
    "resolution": Choice(&["5min", "15min", "30min", "60min"]), "", Default("\"60min\"");
        "Length of an interval. Intervals lie on the UTC grid."
    "time_zone": Text, "", Default("\"UTC\"");
        "IANA zone of bare dates, of months and years, and of sites that state none."
    "ruleset": Text, "", Default("\"hourly-2026\"");
        "`hourly-2026`, `annual-2015` or `google-cfe-2021` for its newest version; `hourly-2026@2` stays with one."
    "factor_basis": Choice(&["direct", "life-cycle"]), "", Else("the ruleset's", "\"life-cycle\"");
        "`direct` counts emissions at the plant and shows the rest as upstream; `life-cycle` counts both."
}

section! {
    static DISCLOSURE = "[disclosure]", "Page one of a report. Missing keys are printed as \"not stated\".";
    "reporting_entity": Text, "", Else("not stated", "\"Example AI Ltd\"");
        "Who reports. Certificates are cancelled for them where a contract names no beneficiary."
    "control_approach": Text, "", Else("not stated", "\"operational control\"");
        "`operational control`, `financial control` or `equity share`, which multiplies emissions by ownership \
        shares. Under older versions of the rulesets, any text."
    "base_year": Text, "", Else("not stated", "\"2024\""); "As text."
    "restatement_threshold": Fraction, "", Else("not stated", "0.05");
        "Relative change from which figures are restated."
    "gases": Text, "", Else("not stated", "\"CO2, CH4, N2O as CO2e\""); "Gases that factors cover."
    "warming_potentials": Text, "", Else("not stated", "\"IPCC AR5, 100 years\""); "Their source and time horizon."
    "limitations": Texts, "", Else("none", "[\"Refrigerants are out of scope.\"]"); "One line each on the page."
}
