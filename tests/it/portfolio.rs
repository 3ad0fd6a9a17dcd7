//! The portfolio file: refused with line and remedy, everything at once.

use crate::support::{Home, ONE_SITE};
use hourmatch::portfolio::storage::{ChargeFrom, StoragePlan};
use hourmatch::portfolio::{Portfolio, parse};
use reports::definitions::{
    CertificateRule, Change, ContractKind, Definitions, FactorBasis, FactorSource, Fraction, LinkDef, MissingLoad,
};
use reports::time::parse_instant;

const BROKEN: &str = r#"[portfolio]
name = "broken"
resolutoin = "60min"
time_zone = "Europe/Atlantis"
[policy]
miss_price_per_mwh = 100.0
[[boundary]]
id = "A"
[[boundary]]
id = "B"
[[site]]
id = "one"
boundary = "C"
it_capacity_mw = 10.0
[[site]]
id = "two"
boundary = "B"
it_capacity_mw = "lots"
[[site]]
id = "three"
boundary = "B"
it_capacity_mw = 10.0
[[contract]]
id = "w"
boundary = "A"
technology = "wind"
sites = ["three"]
plant = "p"
share = "2/3"
[[contract]]
id = "x"
boundary = "A"
technology = "coal"
sites = ["on"]
plant = "p"
share = "1/2"
[[storage]]
id = "battery"
"#;

#[test]
fn everything_is_said_at_once_with_its_line() {
    let home = Home::new(BROKEN);
    let ran = home.run(&["check"]).refused("hourmatch.toml:3: [portfolio]: unknown key `resolutoin`");
    for line in [
        "did you mean `resolution`?",
        "hourmatch.toml:4: [portfolio]: `Europe/Atlantis` is not a time zone",
        "hourmatch.toml:6: the price ladder is inverted",
        "hourmatch.toml:13: site one: boundary `C` is not defined",
        "hourmatch.toml:18: site two: `it_capacity_mw` is a string",
        "hourmatch.toml:27: contract w: site `three` lies in boundary B",
        "hourmatch.toml:33: contract x: `coal` is not carbon-free",
        "hourmatch.toml:34: contract x: site `on` is not defined",
        "the shares of plant `p` add up to more than 1: 2/3 + 1/2",
        "storage battery has no `site`",
    ] {
        assert!(ran.err.contains(line), "`{line}` not in:\n{}", ran.err);
    }
    let json = home.run(&["check", "--format", "json"]);
    let errors: serde_json::Value = serde_json::from_str(&json.err).expect("errors as JSON");
    assert_eq!(errors["error"]["line"], 3);
    assert!(errors["errors"].as_array().expect("errors").len() >= 10);
}

#[test]
fn a_good_one_passes_and_the_template_is_good() {
    Home::new(ONE_SITE).run(&["check"]).ok();
    let home = Home::new("");
    std::fs::remove_file(home.path("hourmatch.toml")).expect("removed");
    home.run(&["check"]).refused("hourmatch init");
    home.run(&["init"]).ok();
    home.run(&["check"]).ok();
    home.run(&["init"]).refused("exists already");
}

#[test]
fn what_is_no_toml_is_refused() {
    for (text, wanted) in [("", "there is no [portfolio]"), ("a = = 1\n[[[", "not TOML"), ("\u{0}\u{1}", "not TOML")] {
        Home::new(text).run(&["check"]).refused(wanted);
    }
    let home = Home::new("");
    std::fs::write(home.path("hourmatch.toml"), [0xff, 0xfe, 0x00]).expect("written");
    home.run(&["check"]).refused("is not UTF-8");
}

/// Planning keys of a storage, which the documentation of the accounts leaves to others.
const STORAGE: &str = r#"energy_mwh = 40.0
charge_mw = 20.0
discharge_mw = 10.0
loss_per_hour = 0.001
end_min_mwh = 4.0
wear_per_mwh = 2.5
charge_from = "grid"
"#;

/// What the documented block refers to, and what its one contract leaves open.
const REST: &str = r#"
[[boundary]]
id = "ERCO"
[[boundary]]
id = "MISO"
[[site]]
id = "chicago"
boundary = "MISO"
it_capacity_mw = 1.0
[[contract]]
id = "old-hydro"
boundary = "PJM"
technology = "hydro"
kind = "legacy"
annual_mwh = 50000.000001
[[contract]]
id = "paper"
boundary = "PJM"
technology = "wind"
kind = "unbundled"
[[contract]]
id = "over"
boundary = "PJM"
technology = "nuclear"
plant = "p"
share = "1/2"
sites = ["chicago"]
[[contract]]
id = "erco-wind"
boundary = "ERCO"
technology = "wind"
plant = "p"
share = "1/3"
# end
"#;

/// The block of docs/accounts.md, completed: what is documented is what is read.
fn full() -> String {
    let guide = include_str!("../../docs/accounts.md");
    let block = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("\n```").next()).expect("a block");
    // An annual volume is for legacy contracts, and the documented one is hourly.
    let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with("annual_mwh")).collect();
    let text = format!("{}\n{REST}", lines.join("\n"));
    text.replacen("[portfolio]\n", "[portfolio]\nname = \"full\"\n", 1)
        .replacen("[[site]]\n", "[[site]]\nit_capacity_mw = 1.0\n", 1)
        .replacen("energy_mwh = 40.0\n", STORAGE, 1)
}

fn good(text: &str) -> Portfolio {
    parse(text, "hourmatch.toml").unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn instant(text: &str) -> i64 {
    parse_instant(text).expect("time")
}

fn part(text: &str) -> Fraction {
    Fraction::parse(text).expect("fraction")
}

#[test]
fn every_documented_key_is_read() {
    let portfolio = good(&full());
    let read = &portfolio.definitions;
    assert_eq!((read.factor_basis, read.missing_load), (FactorBasis::LifeCycle, MissingLoad::Block));
    assert_eq!(read.reconciliation_tolerance, part("1/200"));
    assert_eq!(read.disclosure.restatement_threshold, Some(part("1/20")));
    assert_eq!(read.disclosure.limitations, ["Refrigerants are out of scope."]);

    let pjm = read.boundaries.iter().find(|b| b.id == "PJM").expect("PJM");
    assert_eq!((pjm.cfe_basis.as_str(), pjm.cfe_includes_own_contracts), ("production", true));
    let factors =
        [pjm.default_fossil_mg_per_kwh, pjm.sss_mg_per_kwh, pjm.legacy_mg_per_kwh, pjm.annual_residual_mg_per_kwh];
    assert_eq!(factors, [Some(900_000), Some(0), Some(0), Some(420_000)]);
    assert_eq!(pjm.factor_basis, Some(FactorBasis::Direct));
    let source = FactorSource { publication: "Residual mix 2025".into(), year: "2025".into(), region: "PJM".into() };
    assert_eq!(pjm.factor_source, Some(source));

    let site = read.sites.iter().find(|s| s.id == "ashburn").expect("ashburn");
    let moved = Change { from: instant("2026-07-01T00:00:00Z"), value: "ERCO".to_string() };
    assert_eq!(site.boundary, "PJM");
    assert_eq!(site.boundary_changes, [moved]);
    assert_eq!(site.onsite_technology.as_deref(), Some("solar"));
    assert_eq!((site.loss_factor, site.ownership_share, site.leased), (part("1/25"), Some(Fraction::ONE), Some(false)));
    assert_eq!((site.meter.as_deref(), site.accuracy_class.as_deref()), (Some("M-1"), Some("0.2S")));

    assert_eq!(read.links, [LinkDef { from: "PJM".into(), to: "MISO".into(), nonpositive_price_passes: false }]);
    let storage = &read.storage[0];
    assert_eq!((storage.id.as_str(), storage.site.as_str(), storage.energy_wh), ("bat-1", "ashburn", 40_000_000));
    assert_eq!((storage.efficiency, storage.efficiency_months), (part("529/625"), 6));
    let plan = StoragePlan {
        charge_mw: Some(20.0),
        discharge_mw: Some(10.0),
        eff_charge: 0.92,
        eff_discharge: 0.92,
        loss_per_hour: 0.001,
        end_min_mwh: 4.0,
        wear_per_mwh: 2.5,
        charge_from: ChargeFrom::Grid,
    };
    assert_eq!(portfolio.storage, [plan]);
    assert_eq!(portfolio.boundary_of(portfolio.site("ashburn").expect("site")), 2, "its first one, in order of ids");

    assert_eq!(read.check(), Ok(()));
    let books = serde_json::to_string(read).expect("written");
    assert_eq!(&serde_json::from_str::<Definitions>(&books).expect("read back"), read);
}

#[test]
fn contracts_say_what_they_claim() {
    let read = good(&full()).definitions;
    let contract = |id: &str| read.contracts.iter().find(|c| c.id == id).expect("contract");
    let solar = contract("solar-a");
    let lower = Change { from: instant("2026-07-01T00:00:00Z"), value: part("1/3") };
    assert_eq!((solar.kind, solar.share), (ContractKind::Hourly, part("1/2")));
    assert_eq!(solar.share_changes, [lower]);
    let term = (solar.valid_from, solar.valid_to);
    assert_eq!(term, (Some(instant("2026-01-01T00:00:00Z")), Some(instant("2036-01-01T00:00:00Z"))));
    assert_eq!((solar.shaped_w, solar.annual_wh), (Some(20_000_000), None));
    assert_eq!(solar.certificates, CertificateRule::Stated);
    let stated = [&solar.registry, &solar.beneficiary, &solar.commissioned, &solar.meter, &solar.accuracy_class];
    let wanted = ["PJM-GATS", "Example AI Ltd", "2021-06-01", "M-77", "0.2S"];
    assert_eq!(stated.map(|text| text.as_deref().unwrap_or("")), wanted);
    // Exact to the Wh, which a binary fraction would not promise.
    assert_eq!(contract("old-hydro").annual_wh, Some(50_000_000_001));
    assert_eq!(contract("paper").certificates, CertificateRule::Required, "unbundled is its certificates");
    assert_eq!(contract("over").sites, ["chicago"], "over the link");
    assert_eq!(contract("erco-wind").sites, ["ashburn"], "which moves there later");
}

#[test]
fn what_is_left_out_has_its_default() {
    let portfolio = good(&format!("{ONE_SITE}[[storage]]\nid = \"b\"\nsite = \"s\"\n"));
    let read = &portfolio.definitions;
    assert_eq!((read.factor_basis, read.missing_load), (FactorBasis::Direct, MissingLoad::Block));
    assert_eq!(read.reconciliation_tolerance, part("1/200"));
    assert_eq!(read.disclosure, reports::definitions::Disclosure::default());
    let boundary = &read.boundaries[0];
    assert_eq!((boundary.cfe_basis.as_str(), boundary.cfe_includes_own_contracts), ("production", true));
    assert_eq!((boundary.factor_basis, boundary.legacy_mg_per_kwh), (None, None));
    assert_eq!((read.sites[0].loss_factor, read.sites[0].ownership_share), (Fraction::ZERO, None));
    let contract = &read.contracts[0];
    assert_eq!((contract.kind, contract.certificates), (ContractKind::Hourly, CertificateRule::Stated));
    let storage = &read.storage[0];
    assert_eq!((storage.efficiency, storage.efficiency_months, storage.energy_wh), (Fraction::ONE, 6, 0));
    assert_eq!(portfolio.storage[0].charge_from, ChargeFrom::Surplus);
}

#[test]
fn a_version_of_a_ruleset_can_be_pinned() {
    let named = "ruleset = \"hourly-2026\"";
    let pinned = full().replacen(named, "ruleset = \"hourly-2026@2\"", 1);
    assert_eq!(good(&pinned).definitions.ruleset, "hourly-2026@2");
    assert_eq!(good(&full()).definitions.ruleset, "hourly-2026");
    let what = "no ruleset `hourly-2026@7`; there are annual-2015@1, annual-2015@2, google-cfe-2021@1, \
                google-cfe-2021@2, hourly-2026@2, hourly-2026@3";
    refused(named, "ruleset = \"hourly-2026@7\"", what, "to stay with one");
}

/// Which factors a portfolio takes that states none, and what a control approach may be called, its ruleset decides.
#[test]
fn an_older_version_keeps_its_defaults() {
    let pinned = |text: &str| text.replacen("[portfolio]\n", "[portfolio]\nruleset = \"hourly-2026@2\"\n", 1);
    let basis = |text: &str| good(text).definitions.factor_basis;
    assert_eq!((basis(ONE_SITE), basis(&pinned(ONE_SITE))), (FactorBasis::Direct, FactorBasis::LifeCycle));
    let stated = pinned(ONE_SITE).replacen("[portfolio]\n", "[portfolio]\nfactor_basis = \"direct\"\n", 1);
    assert_eq!(basis(&stated), FactorBasis::Direct);
    let free = format!("{}[disclosure]\ncontrol_approach = \"as the group sees it\"\n", pinned(ONE_SITE));
    assert_eq!(good(&free).definitions.disclosure.control_approach.as_deref(), Some("as the group sees it"));
    for approach in ["equity share", "Financial control", "operational-control"] {
        let text = format!("{ONE_SITE}[disclosure]\ncontrol_approach = \"{approach}\"\n");
        assert!(good(&text).definitions.disclosure.approach().is_some(), "{approach}");
    }
}

/// For the contract's beneficiary, else for the reporting entity; versions that went by volume asked for neither.
#[test]
fn required_certificates_are_cancelled_for_somebody() {
    let nobody = full().replacen("reporting_entity = \"Example AI Ltd\"\n", "", 1);
    assert_ne!(nobody, full());
    let problems = parse(&nobody, "hourmatch.toml").expect_err("nobody").0;
    let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
    let what = "contract paper: certificates are required, and nobody states for whom they are cancelled";
    assert!(problem.what.contains(what), "{problem}");
    assert!(problem.hint.as_deref().unwrap_or("").contains("beneficiary"), "{problem}");
    good(&nobody.replacen("kind = \"unbundled\"\n", "kind = \"unbundled\"\nbeneficiary = \"us\"\n", 1));
    good(&nobody.replacen("ruleset = \"hourly-2026\"", "ruleset = \"hourly-2026@2\"", 1));
}

#[test]
fn a_site_without_a_boundary_is_told_what_one_off_the_grid_does() {
    let text = full().replacen("id = \"ashburn\"\nboundary = \"PJM\"\n", "id = \"ashburn\"\n", 1);
    let problems = parse(&text, "hourmatch.toml").expect_err("no boundary").0;
    let missing = problems.iter().find(|p| p.what.contains("site ashburn has no `boundary`")).expect("said");
    assert!(missing.hint.as_deref().unwrap_or("").contains("off the grid"), "{missing}");
}

#[test]
fn parts_of_one_are_exact_however_written() {
    for (text, wanted) in
        [("0.005", "1/200"), ("\"1/200\"", "1/200"), ("0.005_0", "1/200"), ("\"0.1\"", "1/10"), ("1", "1"), ("0", "0")]
    {
        let stated =
            full().replacen("reconciliation_tolerance = 0.005", &format!("reconciliation_tolerance = {text}"), 1);
        assert_eq!(good(&stated).definitions.reconciliation_tolerance, part(wanted), "{text}");
    }
}

/// Replaces a part of the full file; exactly one problem is said, on the line marked `#!`, else on that of the change.
fn refused(from: &str, to: &str, what: &str, hint: &str) {
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
            "nothing but its",
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
        ("[[curve]]\nid = \"c\"\npoints = [0.5, 1.0]", "`points` is a array, not a list of pairs", "write points"),
        ("[[target]]\nshare = 0.9\nperiod = \"week\"", "period `week` is not known", "\"month\" or \"year\""),
    ] {
        let problems = parse(&full().replace("# end", text), "hourmatch.toml").expect_err(text).to_string();
        assert!(problems.contains(what) && problems.contains(hint), "{text}\n{problems}");
    }
}

#[test]
fn planning_tables_are_read_with_their_defaults() {
    let text = full().replace(
        "# end",
        "[[pool]]\nid = \"h100\"\nsite = \"ashburn\"\ncount = 4096\nkw_per_gpu = 1.4\n\
         [[account]]\nid = \"research\"\nmax_gpus = 512\n\
         [[curve]]\nid = \"mine\"\npoints = [[0.6, 0.75], [0.4, 0.6], [0.8, 0.87], [1.0, 1.0]]\nsource = \"own sweep\"\n\
         [[event]]\nsite = \"ashburn\"\nstart = \"2026-07-01T16:00Z\"\nend = \"2026-07-01T19:00Z\"\nmax_mw = 0.5\nnotice = \"2h\"\n\
         [[demand_charge]]\nsite = \"ashburn\"\nper_mw = 9000.0\n\
         [[limit]]\nid = \"campus\"\nmax_mw = 1.5",
    );
    let planning = good(&text).planning;
    let pool = &planning.pools[0];
    assert_eq!((pool.count, pool.gpus_per_node, pool.gpu_power_share), (4096.0, 8.0, 0.6));
    assert!((pool.paused_kw_per_gpu - 0.28).abs() < 1e-12);
    // Sorted by power, and lowered where it was not concave.
    let curve = &planning.curves[0];
    assert_eq!(curve.points[0].0, 0.4);
    assert!((curve.lowered - 0.01).abs() < 1e-9, "{}", curve.lowered);
    assert_eq!(planning.events[0].notice_s, Some(7_200));
    assert_eq!(planning.limits[0].sites.len(), 2, "every site");
}
