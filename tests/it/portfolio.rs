//! The portfolio file: refused with line and remedy, everything at once.

use crate::portfolio_refused::refused;
use crate::support::{Home, ONE_SITE};
use hourmatch::portfolio::storage::{ChargeFrom, StoragePlan};
use hourmatch::portfolio::{Portfolio, parse};
use ids::{BoundaryIndex, Index};
use reports::definitions::{
    CertificateRule, Change, ContractKind, Definitions, FactorBasis, FactorSource, Fraction, LinkDef, MissingLoad,
};
use reports::time::Instant;

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
pub(crate) fn full() -> String {
    let guide = include_str!("../../docs/accounts.md");
    let block = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("\n```").next()).expect("a block");
    // An annual volume is for legacy contracts, and the documented one is hourly.
    let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with("annual_mwh")).collect();
    let text = format!("{}\n{REST}", lines.join("\n"));
    text.replacen("[portfolio]\n", "[portfolio]\nname = \"full\"\n", 1)
        .replacen("[[site]]\n", "[[site]]\nit_capacity_mw = 1.0\n", 1)
        .replacen("energy_mwh = 40.0\n", STORAGE, 1)
}

pub(crate) fn good(text: &str) -> Portfolio {
    parse(text, "hourmatch.toml").unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("time")
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
    let moved = Change { from: instant("2026-07-01T00:00:00Z"), value: "ERCO".into() };
    assert_eq!(site.boundary, "PJM");
    assert_eq!(site.boundary_changes, [moved]);
    assert_eq!(site.onsite_technology.as_deref(), Some("solar"));
    assert_eq!((site.loss_factor, site.ownership_share, site.leased), (part("1/25"), Some(Fraction::ONE), Some(false)));
    assert_eq!(site.name.as_deref(), Some("Ashburn campus"));
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
    let ashburn = portfolio.site(&"ashburn".into()).expect("site");
    assert_eq!(portfolio.boundary_of(ashburn), BoundaryIndex::new(2), "its first one, in order of ids");

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
    assert_eq!((solar.shaped_w, solar.annual_wh, solar.capacity_w), (Some(20_000_000), None, Some(60_000_000)));
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
    let what = "no ruleset `hourly-2026@7`; there are annual-2015@1, annual-2015@2, annual-2015@3, google-cfe-2021@1, \
                google-cfe-2021@2, google-cfe-2021@3, hourly-2026@2, hourly-2026@3, hourly-2026@4";
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
    let what = "contract paper: certificates are required, but no beneficiary is stated";
    assert!(problem.what.contains(what), "{problem}");
    assert!(problem.hint.as_deref().unwrap_or("").contains("beneficiary"), "{problem}");
    good(&nobody.replacen("kind = \"unbundled\"\n", "kind = \"unbundled\"\nbeneficiary = \"us\"\n", 1));
    good(&nobody.replacen("ruleset = \"hourly-2026\"", "ruleset = \"hourly-2026@2\"", 1));
}

#[test]
fn a_site_without_a_boundary_is_told_what_one_off_the_grid_does() {
    let text = full().replacen("boundary = \"PJM\"\nboundary_changes", "boundary_changes", 1);
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
