//! A small hand-made report for tests.

use crate::report::{
    AllocationRow, BoundaryReport, ContractReport, Emissions, ExceptionRow, IntervalRow, Period, QualitySplit, Report,
    RulesetRef, SCHEMA, SiteReport, TierSplit, Totals,
};
use crate::time::format_instant;

/// Hourly rows from `start_s` with the given load and contracted Wh.
pub fn rows(start_s: i64, pairs: &[(i64, i64)]) -> Vec<IntervalRow> {
    let row = |(hour, &(load, contracted)): (usize, &(i64, i64))| {
        let matched = load.min(contracted);
        IntervalRow {
            start: format_instant(start_s + 3_600 * hour as i64),
            load_wh: load,
            contracted_wh: contracted,
            matched_wh: matched,
            stored_wh: 0,
            surplus_wh: contracted - matched,
            unmatched_wh: load - matched,
            grid_cfe_wh: 0,
        }
    };
    pairs.iter().enumerate().map(row).collect()
}

/// Example E1 of the accounting rules: 55 % matched, CFE score 68.25 %, 1 of 4 intervals full.
pub fn sample_report() -> Report {
    let start = 1_774_742_400; // 2026-03-29T00:00:00Z
    let totals = Totals {
        load_wh: 400,
        contracted_wh: 270,
        matched_wh: 220,
        surplus_wh: 50,
        unmatched_wh: 180,
        grid_cfe_wh: 53,
        matched_share: Some("0.550000".into()),
        cfe_score: Some("0.682500".into()),
        annual_share: Some("0.675000".into()),
        annual_share_capped: Some("0.675000".into()),
        matched_metered_share: Some("0.550000".into()),
        intervals_with_load: 4,
        intervals_fully_matched: 1,
        emissions: Emissions {
            location_based_g: Some(601),
            market_based_annual_g: Some(300),
            market_based_hourly_g: None,
            upstream_g: None,
        },
        quality: QualitySplit {
            load: TierSplit { measured: 400, ..TierSplit::default() },
            generation: TierSplit { profiled: 270, ..TierSplit::default() },
        },
        ..Totals::default()
    };
    Report {
        schema: SCHEMA.into(),
        engine: None,
        synthetic: true,
        name: "Example <script>alert(1)</script> & Sons".into(),
        period: Period { start: format_instant(start), end: format_instant(start + 14_400), intervals: 4 },
        ruleset: RulesetRef { id: "hourly-2026".into(), version: "1".into() },
        version: 1,
        as_of: None,
        replaces: None,
        g_basis: "production".into(),
        factor_basis: "direct".into(),
        time_zone: "Europe/Berlin".into(),
        resolution: "60min".into(),
        portfolio_sha256: "0".repeat(64),
        portfolio: totals.clone(),
        boundaries: vec![BoundaryReport {
            id: "DE<b>".into(),
            fallback_tier: "residual_intensity".into(),
            totals: totals.clone(),
            intervals: rows(start, &[(100, 150), (100, 80), (100, 0), (100, 40)]),
        }],
        sites: vec![SiteReport {
            id: "hall-1".into(),
            boundary: "DE<b>".into(),
            time_zone: "Europe/Berlin".into(),
            totals,
        }],
        contracts: vec![ContractReport {
            id: "solar-a".into(),
            boundary: "DE<b>".into(),
            technology: "solar".into(),
            delivered_wh: 270,
            allocated_wh: 220,
            surplus_wh: 50,
        }],
        storage: Vec::new(),
        allocations: vec![AllocationRow {
            site: "hall-1".into(),
            contract: "solar-a".into(),
            start: format_instant(start),
            wh: 100,
            ledger: "matching".into(),
            rule: "proportional".into(),
        }],
        exceptions: vec![ExceptionRow {
            code: "profile_used".into(),
            series: "contract/solar-a/generation".into(),
            start: format_instant(start),
            end: format_instant(start + 14_400),
            wh: 270,
            message: "delivered by profile <script>".into(),
        }],
    }
}
