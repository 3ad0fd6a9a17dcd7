//! What the sample discloses, and how it was restated.

use super::{START, six};
use reports::definitions::{Disclosure, FactorBasis, Fraction};
use reports::report::{
    DeltaRow, Disclosed, FactorReport, FactorValue, Figure, OverlapReport, Period, RestatementReport, RevisionReport,
    Scope, Shared, Told,
};
use reports::time::Instant;
use reports::units::Floored;

pub fn disclosed() -> Disclosed {
    let factor = |subject: &str, what: &str, value: FactorValue, publication: &str| FactorReport {
        subject: subject.into(),
        what: what.into(),
        value,
        basis: FactorBasis::Direct,
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
            factor("DE<b>", "default_fossil", FactorValue::MgPerKwh(900_000), "Fossil factors <2025>"),
            factor("FR", "residual_computed", FactorValue::ByInterval, "Residual mix 2025"),
        ],
        g_may_include_own_contracts: vec!["DE<b>".into()],
        limitations: vec![
            "Generation of solar-a follows a profile, not a meter.".into(),
            "Refrigerants are out of scope.".into(),
        ],
        metered_coverage: six(1_000_000),
        reconciliation_tolerance: Floored::from_millionths(5_000),
    }
}

pub fn restatement() -> RestatementReport {
    let row = |scope: Scope, figure: Figure, before: Told, after: Told| DeltaRow {
        scope,
        start: None,
        figure,
        before,
        after,
    };
    let share = |millionths: i128| Told::Share(Floored::from_millionths(millionths));
    RestatementReport {
        reason: "Meter M-1 read again <late>".into(),
        actor: "A. Example".into(),
        totals: vec![
            row(Scope::Portfolio, Figure::LoadWh, Told::Integer(610), Told::Integer(600)),
            row(Scope::Portfolio, Figure::MatchedShare, share(600_000), share(610_000)),
            row(Scope::Portfolio, Figure::LocationBasedG, Told::Integer(620), Told::Integer(613)),
            row(Scope::Boundary("DE<b>".into()), Figure::MatchedShare, share(536_585), share(550_000)),
        ],
        intervals_changed: 1,
    }
}

/// The first two hours were published before, in a report of them alone: one of them was others then.
pub fn overlap() -> OverlapReport {
    let row = |scope: Scope, start: Option<Instant>, before: i128, after: i128| DeltaRow {
        scope,
        start,
        figure: Figure::MatchedWh,
        before: Told::Integer(before),
        after: Told::Integer(after),
    };
    let (german, start, end) = (Scope::Boundary("DE<b>".into()), START, START + 7_200);
    OverlapReport {
        period: Period { start, end, intervals: 2 },
        version: 1,
        root: "cd".repeat(32),
        totals: vec![row(Scope::Portfolio, None, 270, 260), row(german.clone(), None, 190, 180)],
        changed: vec![row(german, Some(start), 110, 100)],
        shared: Shared { start, end },
        intervals_changed: Some(1),
    }
}

pub fn revisions() -> Vec<RevisionReport> {
    vec![
        RevisionReport {
            recorded: (START + 3 * 86_400 + 28_800).into(),
            file_sha256: "2".repeat(64),
            actor: None,
            reason: None,
            readings: 16,
        },
        RevisionReport {
            recorded: (START + 22 * 86_400 + 28_800).into(),
            file_sha256: "3".repeat(64),
            actor: Some("A. Example".into()),
            reason: Some("Meter M-1 read again <late>".into()),
            readings: 1,
        },
    ]
}
