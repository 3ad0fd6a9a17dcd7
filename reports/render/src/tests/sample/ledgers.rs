//! Sites, instruments, storage and bills of the sample.

use super::START;
use ids::BoundaryId;
use reports::report::{Claim, ContractReport, EfficiencyWindow, Reconciliation, SiteReport, StorageReport, Totals};

pub fn sites(german: &Totals, french: &Totals) -> Vec<SiteReport> {
    vec![
        SiteReport {
            id: "hall-1".into(),
            boundary: "DE<b>".into(),
            time_zone: "Europe/Berlin".into(),
            meter: Some("M-1".into()),
            accuracy_class: Some("0.2S".into()),
            ownership_share: Some("1.000000".into()),
            leased: Some(false),
            estimated_share: Some("0.000000".into()),
            totals: german.clone(),
        },
        SiteReport {
            id: "hall-2".into(),
            boundary: "FR".into(),
            time_zone: "Europe/Paris".into(),
            meter: None,
            accuracy_class: None,
            ownership_share: Some("0.750000".into()),
            leased: Some(true),
            estimated_share: Some("0.010000".into()),
            totals: french.clone(),
        },
    ]
}

pub fn contracts() -> Vec<ContractReport> {
    let contract = |id: &str, kind: &str, boundary: &BoundaryId, technology: &str| ContractReport {
        id: id.into(),
        kind: kind.into(),
        boundary: boundary.into(),
        technology: technology.into(),
        settlement: Some("physical".into()),
        delivered_wh: 0,
        allocated_wh: 0,
        stored_wh: 0,
        surplus_wh: 0,
        inventory_allocated_wh: 0,
        inventory_stored_wh: 0,
        inventory_surplus_wh: 0,
        ef_mg_per_kwh: 0,
        claim: Claim {
            basis: "none".into(),
            statement: "matched, not claimable: no certificates are known".into(),
            ..Claim::default()
        },
    };
    vec![
        ContractReport {
            delivered_wh: 40,
            inventory_allocated_wh: 40,
            ef_mg_per_kwh: 4_000,
            settlement: None,
            ..contract("hydro-old", "legacy", "DE<b>", "hydro")
        },
        ContractReport {
            delivered_wh: 270,
            allocated_wh: 220,
            surplus_wh: 50,
            inventory_allocated_wh: 210,
            inventory_surplus_wh: 60,
            ..contract("solar-a", "contracts", "DE<b>", "solar")
        },
        ContractReport {
            delivered_wh: 16,
            allocated_wh: 16,
            inventory_allocated_wh: 16,
            settlement: None,
            ..contract("storage/bat-1", "storage", "FR", "storage")
        },
        ContractReport {
            delivered_wh: 150,
            allocated_wh: 130,
            stored_wh: 20,
            inventory_allocated_wh: 130,
            inventory_stored_wh: 20,
            claim: Claim {
                basis: "cancelled".into(),
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
            ..contract("wind-b", "contracts", "FR", "wind")
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
            start: START.to_string(),
            end: (START + 14_400).to_string(),
            efficiency: "0.810000".into(),
            basis: "measured".into(),
        }],
    }]
}

pub fn reconciliations() -> Vec<Reconciliation> {
    vec![
        Reconciliation {
            invoice: "I-1".into(),
            site: "hall-1".into(),
            start: START.to_string(),
            end: (START + 14_400).to_string(),
            invoice_wh: 401,
            metered_wh: Some(400),
            difference_wh: Some(-1),
            outcome: "within".into(),
        },
        Reconciliation {
            invoice: "I-2".into(),
            site: "hall-2".into(),
            start: (START - 3_600).to_string(),
            end: (START + 14_400).to_string(),
            invoice_wh: 240,
            metered_wh: None,
            difference_wh: None,
            outcome: "not covered".into(),
        },
    ]
}
