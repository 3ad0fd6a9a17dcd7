//! What is wrong in a portfolio file, key by key: one problem each, with its line and what to do.

use crate::portfolio::{full, good};
use hourmatch::portfolio::parse;

/// Replaces a part of the full file; exactly one problem is said, on the line marked `#!`, else on that of the change.
pub(crate) fn refused(from: &str, to: &str, what: &str, hint: &str) {
    let base = full();
    assert_eq!(base.matches(from).count(), 1, "`{from}` is to stand once");
    let at = base.find(from).unwrap_or(0);
    let text = base.replacen(from, to, 1);
    let line = 1 + text[..at + to.find("#!").unwrap_or(0)].matches('\n').count() as u64;
    let problems = parse(&text, "hourmatch.toml").expect_err(to).0;
    let [problem] = problems.as_slice() else { panic!("{to}: {problems:#?}") };
    assert!(problem.what.contains(what), "{to}: {problem}");
    assert_eq!(problem.line, Some(line), "{to}: {problem}");
    assert!(problem.hint.as_deref().unwrap_or("").contains(hint), "{to}: {problem}");
}

#[test]
fn wrong_heads_and_boundaries_are_refused() {
    for (from, to, what, hint) in [
        ("factor_basis = \"life-cycle\"", "factor_basis = \"full\"", "[portfolio]: factor_basis `full`", "\"direct\""),
        ("missing_load = \"block\"", "missing_load = \"guess\"", "missing_load `guess`", "\"block\" or \"estimate\""),
        ("tolerance = 0.005", "tolerance = 5e-3", "`5e-3` is not a share", "write reconciliation_tolerance = 0.05"),
        ("tolerance = 0.005", "tolerance = -0.1", "`-0.1` is not a share", "or \"1/20\""),
        ("tolerance = 0.005", "tolerance = true", "is a boolean, not a number", "reconciliation_tolerance"),
        ("entity = \"Example AI Ltd\"", "entity = \" \"", "[disclosure]: `reporting_entity` is blank", "one line"),
        ("\"operational control\"", "\"some\"", "control_approach `some` is not known to", "\"equity share\""),
        ("threshold = 0.05", "threshold = 2", "`restatement_threshold`: `2`", "write restatement_threshold"),
        ("[\"Refrigerants are out of scope.\"]", "[\"a\", \"\"]", "`limitations` is blank", "one line"),
        ("base_year = ", "base_yaer = ", "[disclosure]: unknown key `base_yaer`", "did you mean `base_year`?"),
        ("cfe_basis = \"production\"", "cfe_basis = \"x\"", "cfe_basis `x` is not known", "\"consumption\""),
        ("contracts = true", "contracts = \"yes\"", "PJM: `cfe_includes_own_contracts` is a string", "true or false"),
        ("fossil_g_per_kwh = 900.0", "fossil_g_per_kwh = -1", "boundary PJM: `default_fossil_g", "between 0 and 10000"),
        ("sss_g_per_kwh = 0.0", "sss_g_per_kwh = 99999", "boundary PJM: `sss_g_per_kwh` is out", "between 0 and 10000"),
        ("legacy_g_per_kwh = 0.0", "legacy_g_per_kwh = \"0\"", "`legacy_g_per_kwh` is a string", "a number"),
        ("residual_g_per_kwh = 420.0", "residual_g_per_kwh = inf", "`annual_residual_g_per_kwh` is out", "between"),
        ("factor_basis = \"direct\"", "factor_basis = \"x\"", "boundary PJM: factor_basis `x`", "\"life-cycle\""),
        ("year = \"2025\", ", "", "boundary PJM.factor_source has no `year`", "add year = \"2025\""),
        ("region = \"PJM\" ", "region = \"\" ", "PJM.factor_source: `region` is blank", "one line"),
        ("{ publication", "{ by = \"me\", publication", "unknown key `by`", "known keys: publication year region"),
        (
            "{ publication",
            "{ name = \"me\", publication",
            "unknown key `name`",
            "only sites and contracts have a display",
        ),
    ] {
        refused(from, to, what, hint);
    }
}

#[test]
fn wrong_sites_and_links_are_refused() {
    let moves = "[{ from = \"2026-07-01\", boundary = \"ERCO\" }]";
    for (to, what, hint) in [
        ("\"ERCO\"", "`boundary_changes` is a string", "[{ ... }]"),
        ("[{ boundary = \"ERCO\" }]", "site ashburn.boundary_changes has no `from`", "add from"),
        ("[{ from = \"2026-07-01\" }]", "site ashburn.boundary_changes has no `boundary`", "add boundary"),
        ("[{ from = \"2026-07-01\", boundary = \"ERC\" }]", "boundary `ERC` is not defined", "did you mean `ERCO`?"),
        ("[{ from = \"soon\", boundary = \"ERCO\" }]", "`from`: `soon`", "an instant with offset"),
        ("[{ from = \"now+1d\", boundary = \"ERCO\" }]", "`from` moves with the clock", "a date or an instant"),
        ("[{ from = \"1960-01-01\", boundary = \"ERCO\" }]", "outside the years 1970 to 9999", "between 1970"),
        ("[{ from = \"2026-07-01T00:30Z\", boundary = \"ERCO\" }]", "resolution's grid", "an interval starts"),
        ("[{ from = \"2026-07-01\", boundary = \"ERCO\", to = 1 }]", "unknown key `to`", "known keys: from boundary"),
        (
            "[{ from = \"2026-07-01\", boundary = \"ERCO\" }, { from = \"2026-07-01\", boundary = \"PJM\" }]",
            "site ashburn.boundary_changes: the changes are not in order",
            "the earliest first, each once",
        ),
    ] {
        refused(moves, to, what, hint);
    }
    for (from, to, what, hint) in [
        ("onsite_technology = \"solar\"", "onsite_technology = \"on the roof\"", "`on the roof` is not one", "\"gas\""),
        ("loss_factor = 0.04", "loss_factor = 1.04", "site ashburn: `loss_factor`: `1.04`", "write loss_factor"),
        ("meter = \"M-1\"", "meter = \"\"", "site ashburn: `meter` is blank", "one line"),
        ("\"0.2S\"\nownership", "\"\\n\"\nownership", "ashburn: `accuracy_class` is blank or holds", "one line"),
        ("ownership_share = 1.0", "ownership_share = 1.1", "`ownership_share`: `1.1`", "write ownership_share"),
        ("leased = false", "leased = \"no\"", "`leased` is a string, not true or false", "true or false"),
        ("# end", "[[link]]\nfrom = \"PJMM\" #!\nto = \"ERCO\"", "boundary `PJMM` is not defined", "`PJM`?"),
        ("# end", "[[link]]\nfrom = \"PJM\"", "[[link]] has no `to`", "add to = "),
        ("# end", "[[link]]\nfrom = \"PJM\"\nto = \"PJM\"", "leads from PJM to itself", "two boundaries"),
        ("# end", "[[link]]\nfrom = \"PJM\"\nto = \"MISO\"", "[[link]] PJM to MISO is defined twice", "keep one"),
        ("price_passes = false", "price_passes = 0", "not true or false", "nonpositive_price_passes"),
    ] {
        refused(from, to, what, hint);
    }
}

#[test]
fn wrong_contracts_are_refused() {
    for (from, to, what, hint) in [
        ("kind = \"hourly\"", "kind = \"x\"", "contract solar-a: kind `x`", "\"legacy\" or \"unbundled\""),
        ("share = \"1/3\" }]", "share = \"4/3\" }]", "solar-a.share_changes: `share`: `4/3`", "write share"),
        (", share = \"1/3\" }]", " }]", "contract solar-a.share_changes has no `share`", "add share = \"1/3\""),
        ("valid_to = \"2036-01-01\"", "valid_to = \"2026-01-01\"", "valid_to is not after valid_from", "a later date"),
        ("valid_from = \"2026-01-01\"", "valid_from = \"2026-13-01\"", "`valid_from`: `2026-13-01`", "2026-07-01"),
        ("shaped_mw = 20.0", "shaped_mw = -1.0", "`shaped_mw` is out of range", "between 0 and 1000000"),
        ("shaped_mw = 20.0", "annual_mwh = 5.0", "`annual_mwh` belongs to kind = \"legacy\"", "take one of them out"),
        ("certificates = \"stated\"", "certificates = \"x\"", "certificates `x` is not known", "\"required\""),
        (
            "kind = \"unbundled\"",
            "kind = \"unbundled\"\ncertificates = \"stated\" #!",
            "consists only of its",
            "\"required\"",
        ),
        ("registry = \"PJM-GATS\"", "registry = \"\"", "contract solar-a: `registry` is blank", "one line"),
        ("beneficiary = \"Example AI Ltd\"", "beneficiary = \"\"", "`beneficiary` is blank", "one line"),
        ("\"2021-06-01\"", "\"2021-06-31\"", "commissioned `2021-06-31` is not a date", "\"2021-06-01\""),
        ("\"2021-06-01\"", "\"2021-6-1\"", "commissioned `2021-6-1` is not a date", "\"2021-06-01\""),
        ("meter = \"M-77\"", "meter = \"M\\t77\"", "solar-a: `meter` is blank or holds control", "one line"),
        ("\"0.2S\"\nsites", "\"\"\nsites", "contract solar-a: `accuracy_class` is blank", "one line"),
        (
            "id = \"erco-wind\"",
            "sites = [\"ashburn\", \"chicago\"]\nid = \"erco-wind\"",
            "contract erco-wind: site `chicago` lies in boundary MISO, the contract in ERCO",
            "over a [[link]]",
        ),
        (
            "annual_mwh = 50000.000001",
            "annual_mwh = 50000.000001\nsites = [\"ashburn\", \"chicago\"] #!",
            "contract old-hydro: site `chicago` lies in boundary MISO, the contract in PJM",
            "legacy volume never leaves its boundary",
        ),
        (
            "[[contract]]\nid = \"erco-wind\"",
            "[[contract]]\nshare_changes = [{ from = \"2027-01-01\", share = \"2/3\" }]\nid = \"erco-wind\"",
            "the shares of plant `p` add up to more than 1: 1/2 + 2/3 from 2027-01-01T00:00:00Z on",
            "lower a share",
        ),
    ] {
        refused(from, to, what, hint);
    }
    // A share that ends before another begins is not sold twice.
    let later = "plant = \"p\"\nshare = \"1\"\nvalid_from = \"2027-01-01\"\n";
    let text = full().replacen("plant = \"p\"\nshare = \"1/3\"\n", later, 1).replacen(
        "share = \"1/2\"\nsites",
        "share = \"1/2\"\nvalid_to = \"2027-01-01\"\nsites",
        1,
    );
    good(&text);
}

#[test]
fn wrong_storage_is_refused() {
    for (from, to, what, hint) in [
        ("site = \"ashburn\"", "site = \"ashburm\"", "storage bat-1: site `ashburm`", "did you mean `ashburn`?"),
        ("# end", "[[storage]]\nid = \"b\"", "storage b has no `site`", "add site = \"ashburn\""),
        ("# end", "[[storage]]\nid = \"bat-1\"\nsite = \"chicago\"", "storage `bat-1` is defined twice", "own id"),
        ("\nenergy_mwh = 40.0", "\nenergy_mwh = -1 #!", "bat-1: `energy_mwh` is out of range", "between 0"),
        ("\nenergy_mwh = 40.0", "\nenergy_mwh = 1e-40 #!", "`energy_mwh`: `1e-40` is too large or too fine", "40.0"),
        ("eff_charge = 0.92", "eff_charge = 0.0", "storage bat-1: `eff_charge` is zero", "write eff_charge = 0.92"),
        ("eff_charge = 0.92", "eff_charge = 1.1", "`eff_charge`: `1.1` is not a share", "write eff_charge"),
        ("eff_charge = 0.92", "eff_charge = \"1/9223372036854775807\"", "too fine to be held exactly", "fewer digits"),
        ("eff_discharge = 0.92", "eff_discharge = 92", "`eff_discharge`: `92` is not a share", "write eff_discharge"),
        ("efficiency_months = 6", "efficiency_months = 4", "not a part of half a year", "write 1, 2, 3 or 6"),
        ("efficiency_months = 6", "efficiency_months = 12", "`efficiency_months` is out of range", "between 1 and 6"),
        ("\ncharge_mw = 20.0", "\ncharge_mw = -1 #!", "`charge_mw` is out of range", "between 0"),
        ("discharge_mw = 10.0", "discharge_mw = nan", "`discharge_mw` is out of range", "between 0"),
        ("loss_per_hour = 0.001", "loss_per_hour = 1.5", "`loss_per_hour` is out of range", "between 0 and 1"),
        ("end_min_mwh = 4.0", "end_min_mwh = 41.0", "end_min_mwh is more than energy_mwh", "what the storage holds"),
        ("wear_per_mwh = 2.5", "wear_per_mwh = \"dear\"", "`wear_per_mwh` is a string", "a number"),
        (
            "charge_from = \"grid\"",
            "charge_from = \"sun\"",
            "charge_from `sun` is not known",
            "\"surplus\" or \"grid\"",
        ),
        (
            "charge_from = \"grid\"",
            "charge_form = \"grid\"",
            "unknown key `charge_form`",
            "did you mean `charge_from`?",
        ),
    ] {
        refused(from, to, what, hint);
    }
}

#[test]
fn wrong_planning_tables_are_refused() {
    for (text, what, hint) in [
        ("[[pool]]\nsite = \"ashburn\"\ncount = 8", "[[pool]] has no `id`", "add id = \"h100\""),
        ("[[pool]]\nid = \"p\"\nsite = \"ashburm\"\ncount = 8", "pool p: site `ashburm`", "did you mean `ashburn`?"),
        ("[[pool]]\nid = \"p\"\nsite = \"ashburn\"", "pool p has no `count`", "add count = 1024"),
        (
            "[[pool]]\nid = \"p\"\nsite = \"ashburn\"\ncount = 8\npaused_kw_per_gpu = 9.0",
            "paused_kw_per_gpu is more than kw_per_gpu",
            "while its work is paused",
        ),
        (
            "[[event]]\nsite = \"ashburn\"\nmax_mw = 1\nstart = \"2026-07-01T16:00Z\"\nend = \"2026-07-01T15:00Z\"",
            "it ends before it starts",
            "check start and end",
        ),
        ("[[event]]\nsite = \"ashburn\"\nmax_mw = 1\nend = \"2026-07-01T15:00Z\"", "has no `start`", "add start"),
        (
            "[[demand_charge]]\nsite = \"ashburn\"\nper_mw = 1\nwindow = \"week\"",
            "window `week`",
            "\"month\" or \"day\"",
        ),
        ("[[account]]\nid = \"a\"\n[[account]]\nid = \"a\"", "account `a` is defined twice", "its own id"),
        ("[[limit]]\nid = \"l\"\nmax_mw = 1\nsites = [\"nowhere\"]", "site `nowhere` is not defined", "known sites"),
        ("[[curve]]\nid = \"c\"", "curve c has no `points`", "add points"),
        ("[[curve]]\nid = \"c\"\npoints = [[0.5, 0.4], [0.9, 0.6], [1.0, 1.0]]", "it is not concave", "lowest power"),
        (
            "[[curve]]\nid = \"c\"\npoints = [[0.5, 0.4], [0.9, 0.9]]",
            "do not rise from a part of power to [1.0, 1.0]",
            "parts",
        ),
        ("[[curve]]\nid = \"c\"\npoints = [0.5, 1.0]", "`points` is an array, not a list of pairs", "write points"),
        ("[[target]]\nshare = 0.9\nperiod = \"week\"", "period `week` is not known", "\"month\" or \"year\""),
    ] {
        let problems = parse(&full().replace("# end", text), "hourmatch.toml").expect_err(text).to_string();
        assert!(problems.contains(what) && problems.contains(hint), "{text}\n{problems}");
    }
}
