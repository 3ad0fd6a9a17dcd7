//! What is in order has no fault, and each fault names its table and key.

use super::*;
use crate::definitions::{Disclosure, FactorBasis, Fraction, LinkDef, MissingLoad, Settlement, too_much};
use crate::time::Resolution;
use std::collections::BTreeMap;

fn site(id: &str, boundary: &str) -> SiteDef {
    SiteDef {
        id: id.into(),
        name: None,
        boundary: boundary.into(),
        boundary_changes: Vec::new(),
        time_zone: "UTC".into(),
        onsite_technology: None,
        loss_factor: Fraction::ZERO,
        meter: None,
        accuracy_class: None,
        ownership_share: None,
        leased: None,
        limit_w: None,
    }
}

fn contract(id: &str, sites: &[&str]) -> ContractDef {
    ContractDef {
        id: id.into(),
        name: None,
        boundary: "A".into(),
        technology: "wind".into(),
        ef_mg_per_kwh: None,
        plant: None,
        share: Fraction::ONE,
        share_changes: Vec::new(),
        settlement: Settlement::Physical,
        kind: ContractKind::Hourly,
        allocation: SharingRule::Proportional,
        sites: sites.iter().map(|id| (*id).into()).collect(),
        split: BTreeMap::new(),
        profile: None,
        shaped_w: None,
        annual_wh: None,
        capacity_w: None,
        valid_from: None,
        valid_to: None,
        certificates: CertificateRule::Stated,
        registry: None,
        beneficiary: None,
        commissioned: None,
        meter: None,
        accuracy_class: None,
    }
}

fn sound() -> Definitions {
    let boundary = |id: &str| BoundaryDef { id: id.into(), cfe_basis: "production".into(), ..Default::default() };
    Definitions {
        name: "sound".into(),
        synthetic: true,
        resolution: Resolution::HOUR,
        ruleset: "hourly-2026".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "EUR".into(),
        factor_basis: FactorBasis::Direct,
        missing_load: MissingLoad::Block,
        reconciliation_tolerance: Fraction::ZERO,
        disclosure: Disclosure::default(),
        boundaries: vec![boundary("A"), boundary("B")],
        sites: vec![site("s", "A"), site("t", "A"), site("u", "A")],
        contracts: vec![contract("c", &["s", "t"])],
        storage: Vec::new(),
        links: vec![LinkDef { from: "A".into(), to: "B".into(), nonpositive_price_passes: false }],
    }
}

fn faults_after(edit: impl FnOnce(&mut Definitions)) -> String {
    let (ruleset, _) = Ruleset::named("hourly-2026").expect("shipped");
    let mut all = sound();
    edit(&mut all);
    all.faults(&ruleset).iter().map(|fault| format!("{fault}\n")).collect()
}

#[test]
fn definitions_in_order_have_no_fault() {
    assert_eq!(faults_after(|_| ()), "");
}

/// Packs, digests and reports of portfolios without names are those of versions that knew none.
#[test]
fn names_are_absent_where_unset_and_in_no_digest() {
    let (plain, mut named) = (sound(), sound());
    named.sites[0].name = Some("South".into());
    named.contracts[0].name = Some("Coastal wind".into());
    let json = |all: &Definitions| serde_json::to_string(all).expect("JSON");
    assert!(json(&plain).contains("\"id\":\"s\",\"boundary\":\"A\""), "{}", json(&plain));
    assert!(json(&named).contains("\"id\":\"s\",\"name\":\"South\",\"boundary\":\"A\""), "{}", json(&named));
    assert_eq!(serde_json::from_str::<Definitions>(&json(&plain)).expect("read"), plain);
    assert_eq!(serde_json::from_str::<Definitions>(&json(&named)).expect("read"), named);
    let decisive = |all: &Definitions| (all.decisive_json().expect("JSON"), all.sha256().expect("JSON"));
    assert_eq!(decisive(&plain).0, json(&plain).into_bytes());
    assert_eq!(decisive(&named), decisive(&plain));
    assert_eq!(faults_after(|all| *all = named), "");
}

#[test]
fn what_a_portfolio_has_is_counted_first() {
    let many = faults_after(|all| {
        all.contracts = (0..limits::CONTRACTS + 1).map(|n| contract(&format!("c{n}"), &["x"])).collect()
    });
    assert_eq!(many, "[portfolio]: 2001 contracts are more than a portfolio has, 2000\n", "and nothing else");
    let moved = faults_after(|all| {
        let change = |n: usize| Change { from: Instant::FIRST + 3_600 * n as i64, value: "B".into() };
        all.sites[0].boundary_changes = (0..limits::CHANGES).map(change).collect();
        all.sites[1].boundary_changes = vec![change(0)];
    });
    assert_eq!(moved, "[portfolio]: 1001 boundary changes of sites are more than a portfolio has, 1000\n");
}

#[test]
fn how_much_a_report_would_hold_is_told_with_its_numbers() {
    let mut all = sound();
    assert_eq!(too_much(&all, limits::INTERVALS), None);
    let message = too_much(&all, limits::INTERVALS + 1).expect("too long");
    assert_eq!(message, "300001 intervals are more than one report holds, 300000");
    // Two boundaries and three sites.
    all.contracts = (0..100).map(|n| contract(&format!("c{n:03}"), &["s", "t"])).collect();
    assert_eq!(too_much(&all, 285_714), None);
    let message = too_much(&all, 285_715).expect("too wide");
    assert!(
        message.starts_with("285715 intervals of 105 boundaries, sites, contracts and storages are 30000075 cells"),
        "{message}"
    );
    let sites: Vec<SiteId> = (0..100).map(|n| format!("s{n}").into()).collect();
    all.contracts.iter_mut().for_each(|c| c.sites = sites.clone());
    assert_eq!(too_much(&all, 15_000), None);
    let message = too_much(&all, 15_001).expect("too many rows");
    assert!(
        message.contains("of 10000 sites that contracts serve") && message.contains("are 150010000 allocations"),
        "{message}"
    );
}

#[test]
fn each_fault_names_its_table_and_key() {
    let text = "a\u{202e}b";
    type Edit = fn(&mut Definitions);
    let edits: [(Edit, &str); 21] = [
        (|all| all.name = "a\nb".into(), "[portfolio]: `name` is blank or holds control characters"),
        (|all| all.currency = "eur".into(), "currency `eur` is not a three-letter code"),
        (|all| all.boundaries[0].sss_mg_per_kwh = Some(-1), "boundary A: `sss_mg_per_kwh` -1 is not between 0"),
        (|all| all.boundaries[1].cfe_basis = "x".into(), "boundary B: cfe_basis `x` is not known"),
        (|all| all.sites[0].time_zone = "Mars".into(), "site s: `Mars` is not a time zone"),
        (|all| all.sites[0].name = Some("a\u{202e}b".into()), "site s: `name` is blank, begins or ends"),
        (|all| all.contracts[0].name = Some("x".repeat(81)), "contract c: `name` has 81 characters, more than 80"),
        (|all| all.sites.iter_mut().for_each(|s| s.name = Some("One".into())), "sites s and t: share a `name`"),
        (|all| all.sites[2].name = Some("s".into()), "sites s and u: share a `name`, or one is named by"),
        (|all| all.sites[1].boundary = "C".into(), "site t: `boundary` names boundary `C`, which is not defined"),
        (|all| all.contracts[0].technology = "gas,".into(), "contract c: technology `gas,` is not a plain word"),
        (|all| all.contracts[0].technology = "gas".into(), "`gas` is not carbon-free under its ruleset"),
        (
            |all| all.contracts[0].valid_to = Some(Instant::FIRST + 5),
            "`valid_to` 1970-01-01T00:00:05Z does not lie on the",
        ),
        (|all| all.contracts[0].annual_wh = Some(5), "`annual_wh` belongs to a legacy contract"),
        (|all| all.contracts[0].commissioned = Some("2021-6-1".into()), "`2021-6-1` is not a date"),
        (|all| all.contracts[0].commissioned = Some("+10000-01-01".into()), "`+10000-01-01` is not a date"),
        (|all| all.contracts.push(contract("d", &["t", "u"])), "contracts c and d: their site lists overlap"),
        (|all| all.links[0].to = "A".into(), "link A to A: leads from a boundary to itself"),
        (|all| all.sites.reverse(), "stands twice or out of order"),
        (|all| all.disclosure.control_approach = Some("whole".into()), "[disclosure]: control_approach `whole` is not"),
        (|all| all.contracts[0].certificates = CertificateRule::Required, "contract c: certificates are required"),
    ];
    for (edit, wanted) in edits {
        let found = faults_after(edit);
        assert!(found.contains(wanted), "`{wanted}` not in: {found}");
    }
    assert!(faults_after(|all| all.disclosure.limitations.push(text.into())).contains("[disclosure]: `limitations`"));
}
