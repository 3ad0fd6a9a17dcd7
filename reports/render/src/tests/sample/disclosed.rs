//! What the sample discloses, and how it was restated.

use super::START;
use reports::definitions::{Disclosure, Fraction};
use reports::report::{
    DeltaRow, Disclosed, FactorReport, OverlapReport, Period, RestatementReport, RevisionReport, Shared,
};

pub fn disclosed() -> Disclosed {
    let factor = |subject: &str, what: &str, value: &str, publication: &str| FactorReport {
        subject: subject.into(),
        what: what.into(),
        value: value.into(),
        basis: "direct".into(),
        publication: publication.into(),
        year: "2025".into(),
        region: subject.into(),
    };
    Disclosed {
        stated: Disclosure {
            reporting_entity: Some("Example AI Ltd".into()),
            control_approach: Some("operational control".into()),
            base_year: Some("2024".into()),
            restatement_threshold: Fraction::parse("0.05").ok(),
            gases: Some("CO2, CH4, N2O as CO2e".into()),
            warming_potentials: Some("IPCC AR5, 100 years".into()),
            limitations: vec!["Refrigerants are out of scope.".into()],
        },
        factors: vec![
            factor("DE<b>", "default_fossil", "900.000 g/kWh", "Fossil factors <2025>"),
            factor("FR", "residual_computed", "by interval", "Residual mix 2025"),
        ],
        g_may_include_own_contracts: vec!["DE<b>".into()],
        limitations: vec![
            "Generation of solar-a follows a profile, not a meter.".into(),
            "Refrigerants are out of scope.".into(),
        ],
        metered_coverage: Some("1.000000".into()),
        reconciliation_tolerance: "0.005000".into(),
    }
}

pub fn restatement() -> RestatementReport {
    let row = |scope: &str, figure: &str, before: &str, after: &str| DeltaRow {
        scope: scope.into(),
        start: String::new(),
        figure: figure.into(),
        before: before.into(),
        after: after.into(),
    };
    RestatementReport {
        reason: "Meter M-1 read again <late>".into(),
        actor: "A. Example".into(),
        totals: vec![
            row("portfolio", "load_wh", "610", "600"),
            row("portfolio", "matched_share", "0.600000", "0.610000"),
            row("portfolio", "location_based_g", "620", "613"),
            row("DE<b>", "matched_share", "0.536585", "0.550000"),
        ],
        intervals_changed: 1,
    }
}

/// The first two hours were published before, in a report of them alone: one of them was others then.
pub fn overlap() -> OverlapReport {
    let row = |scope: &str, start: &str, before: &str, after: &str| DeltaRow {
        scope: scope.into(),
        start: start.into(),
        figure: "matched_wh".into(),
        before: before.into(),
        after: after.into(),
    };
    let [start, end] = [START, START + 7_200].map(|at| at.to_string());
    OverlapReport {
        period: Period { start: start.clone(), end: end.clone(), intervals: 2 },
        version: 1,
        root: "cd".repeat(32),
        totals: vec![row("portfolio", "", "270", "260"), row("DE<b>", "", "190", "180")],
        changed: vec![row("DE<b>", &start, "110", "100")],
        shared: Shared { start, end },
        intervals_changed: Some(1),
    }
}

pub fn revisions() -> Vec<RevisionReport> {
    vec![
        RevisionReport {
            recorded: "2026-04-01T08:00:00.000000Z".into(),
            file_sha256: "2".repeat(64),
            actor: None,
            reason: None,
            readings: 16,
        },
        RevisionReport {
            recorded: "2026-04-20T08:00:00.000000Z".into(),
            file_sha256: "3".repeat(64),
            actor: Some("A. Example".into()),
            reason: Some("Meter M-1 read again <late>".into()),
            readings: 1,
        },
    ]
}
