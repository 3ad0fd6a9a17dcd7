//! Sites, instruments, storage and bills of the sample.

use super::{START, six, zone};
use reports::definitions::Settlement;
use reports::report::{
    Claim, ClaimBasis, ContractReport, EfficiencyWindow, Listed, Outcome, Reconciliation, SiteReport, StorageReport,
    Totals,
};
use reports::ruleset::Step;
use reports::storage::Basis;
use reports::units::Floored;

pub fn sites(german: &Totals, french: &Totals) -> Vec<SiteReport> {
    vec![
        SiteReport {
            id: "hall-1".into(),
            boundaries: Listed(vec!["DE<b>".into()]),
            time_zone: zone("Europe/Berlin"),
            meter: Some("M-1".into()),
            accuracy_class: Some("0.2S".into()),
            ownership_share: six(1_000_000),
            leased: Some(false),
            estimated_share: six(0),
            totals: german.clone(),
        },
        SiteReport {
            id: "hall-2".into(),
            boundaries: Listed(vec!["FR".into()]),
            time_zone: zone("Europe/Paris"),
            meter: None,
            accuracy_class: None,
            ownership_share: six(750_000),
            leased: Some(true),
            estimated_share: six(10_000),
            totals: french.clone(),
        },
    ]
}

pub fn contracts() -> Vec<ContractReport> {
    let contract = |id: &str, kind: Step, boundary: &str, technology: &str| ContractReport {
        id: id.into(),
        kind,
        boundary: boundary.into(),
        technology: technology.into(),
        settlement: Some(Settlement::Physical),
        delivered_wh: 0,
        allocated_wh: 0,
        stored_wh: 0,
        surplus_wh: 0,
        inventory_allocated_wh: 0,
        inventory_stored_wh: 0,
        inventory_surplus_wh: 0,
        ef_mg_per_kwh: 0,
        claim: Claim { statement: "matched, not claimable: no certificates are known".into(), ..Claim::default() },
    };
    vec![
        ContractReport {
            delivered_wh: 40,
            inventory_allocated_wh: 40,
            ef_mg_per_kwh: 4_000,
            settlement: None,
            ..contract("hydro-old", Step::Legacy, "DE<b>", "hydro")
        },
        ContractReport {
            delivered_wh: 270,
            allocated_wh: 220,
            surplus_wh: 50,
            inventory_allocated_wh: 210,
            inventory_surplus_wh: 60,
            ..contract("solar-a", Step::Contracts, "DE<b>", "solar")
        },
        ContractReport {
            delivered_wh: 16,
            allocated_wh: 16,
            inventory_allocated_wh: 16,
            settlement: None,
            ..contract("storage/bat-1", Step::Storage, "FR", "storage")
        },
        ContractReport {
            delivered_wh: 150,
            allocated_wh: 130,
            stored_wh: 20,
            inventory_allocated_wh: 130,
            inventory_stored_wh: 20,
            claim: Claim {
                basis: ClaimBasis::Cancelled,
                statement: "claimable: granular certificates over 130 Wh are cancelled".into(),
                registry: Some("EECS".into()),
                beneficiary: Some("Example AI Ltd".into()),
                commissioned: Some("2021-06-01".into()),
                granular: true,
                cancelled_wh: 150,
                held_wh: 5,
                expired_wh: 2,
                withdrawn_wh: 1,
                backed_wh: Some(130),
            },
            ..contract("wind-b", Step::Contracts, "FR", "wind")
        },
    ]
}

pub fn storage() -> Vec<StorageReport> {
    vec![StorageReport {
        id: "bat-1".into(),
        site: "hall-2".into(),
        charge_wh: 20,
        clean_charge_wh: 20,
        discharge_wh: 16,
        reissued_wh: 16,
        opening_wh: 0,
        opening_known: true,
        windows: vec![EfficiencyWindow {
            start: START,
            end: START + 14_400,
            efficiency: Floored::from_millionths(810_000),
            basis: Basis::Measured,
        }],
    }]
}

pub fn reconciliations() -> Vec<Reconciliation> {
    vec![
        Reconciliation {
            invoice: "I-1".into(),
            site: "hall-1".into(),
            start: START,
            end: START + 14_400,
            invoice_wh: 401,
            metered_wh: Some(400),
            difference_wh: Some(-1),
            outcome: Outcome::Within,
        },
        Reconciliation {
            invoice: "I-2".into(),
            site: "hall-2".into(),
            start: START - 3_600,
            end: START + 14_400,
            invoice_wh: 240,
            metered_wh: None,
            difference_wh: None,
            outcome: Outcome::NotCovered,
        },
    ]
}
