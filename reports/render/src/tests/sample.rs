//! A small hand-made report for tests, every part of it filled.
//!
//! `DE<b>` is example E1 of the accounting rules: 55 % matched, CFE score 68.25 %, 1 of 4 intervals full. `FR` has a
//! loss factor and a storage that takes 20 Wh and re-issues 16. 20 Wh of the load of `DE<b>` are served by its own gas.

mod disclosed;
mod ledgers;

use crate::hours::{Slot, Sums};
use reports::definitions::{FactorBasis, Labels};
use reports::report::{
    Backed, BoundaryReport, Emissions, ExceptionRow, IntervalRow, Listed, Period, QualitySplit, Report, RulesetRef,
    SCHEMA, TierSplit, Totals, Unmatched,
};
use reports::ruleset::{FallbackTier, Headline};
use reports::time::{Instant, Resolution, Zone};
use reports::units::Floored;

/// When it begins: 2026-03-29T00:00:00Z, an hour before clocks go forward in Berlin.
pub const START: Instant = Instant::from_seconds(1_774_742_400);

/// A share in millionths.
pub fn six(millionths: i128) -> Option<Floored> {
    Some(Floored::from_millionths(millionths))
}

pub fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("zone")
}

/// Hourly rows from `start` with the given load and contracted Wh.
pub fn rows(start: Instant, pairs: &[(i64, i64)]) -> Vec<IntervalRow> {
    let row = |(hour, &(load, contracted)): (usize, &(i64, i64))| {
        let matched = load.min(contracted);
        IntervalRow {
            start: start + 3_600 * hour as i64,
            load_wh: load,
            contracted_wh: contracted,
            matched_wh: matched,
            stored_wh: 0,
            surplus_wh: contracted - matched,
            unmatched_wh: load - matched,
            grid_cfe_wh: 0,
            backed_wh: None,
        }
    };
    pairs.iter().enumerate().map(row).collect()
}

/// Slots of `step_s` seconds from one instant up to another, all of the same sums.
pub fn slots(start: Instant, end: Instant, step_s: i64, sums: Sums) -> Vec<Slot> {
    let starts = std::iter::successors(Some(start), |start| Some(*start + step_s));
    starts.take_while(|start| *start < end).map(|start| Slot { start, sums }).collect()
}

/// Two boundaries, two sites, two contracts that count, a legacy one and a storage over four hours.
pub fn sample_report() -> Report {
    let (german, french) = (german(), french());
    Report {
        schema: SCHEMA.into(),
        engine: None,
        synthetic: true,
        name: "Example <script>alert(1)</script> & Sons".into(),
        period: Period { start: START, end: START + 14_400, intervals: 4 },
        ruleset: RulesetRef {
            id: "hourly-2026".into(),
            version: "3".into(),
            title: "Hourly matching, 2026".into(),
            headline: Headline::MatchedShare,
            sha256: "1".repeat(64),
        },
        version: 2,
        as_of: Some(START + 33 * 86_400),
        replaces: Some("ab".repeat(32)),
        restatement: Some(disclosed::restatement()),
        g_basis: "production".into(),
        factor_basis: Listed(vec![FactorBasis::Direct]),
        time_zone: zone("Europe/Berlin"),
        resolution: Resolution::HOUR,
        currency: "EUR".into(),
        portfolio_sha256: "0".repeat(64),
        inputs_sha256: Some("2".repeat(64)),
        disclosure: disclosed::disclosed(),
        portfolio: portfolio(),
        unmatched: Some(Unmatched { other_hours_wh: 50, never_contracted_wh: 184, ..Unmatched::default() }),
        sites: ledgers::sites(&german, &french),
        boundaries: boundaries(german, french),
        contracts: ledgers::contracts(),
        storage: ledgers::storage(),
        reconciliations: ledgers::reconciliations(),
        overlaps: vec![disclosed::overlap()],
        revisions: disclosed::revisions(),
        files: disclosed::revisions(),
        labels: Labels::default(),
        allocations: Vec::new(),
        exceptions: vec![ExceptionRow {
            code: "profile_used".into(),
            series: "contract/solar-a/generation".into(),
            start: START,
            end: START + 14_400,
            wh: 270,
            message: "delivered by profile <script>".into(),
        }],
    }
}

/// The same with a name for one of its sites, which looks like markup, and for one of its contracts.
pub fn named_report() -> Report {
    let sites = [("hall-1".into(), "<i>North hall".into())];
    let labels = Labels::new(sites.into(), [("wind-b".into(), "Coastal wind".into())].into());
    Report { labels, ..sample_report() }
}

fn boundaries(german: Totals, french: Totals) -> Vec<BoundaryReport> {
    let mut de = rows(START, &[(100, 150), (100, 80), (100, 0), (100, 40)]);
    for (row, grid_cfe) in de.iter_mut().zip([0, 8, 30, 15]) {
        row.grid_cfe_wh = grid_cfe;
        row.backed_wh = Some(0);
    }
    let mut fr = rows(START, &[(50, 70), (50, 30), (50, 50), (50, 16)]);
    // All of wind-b's has certificates; what the storage re-issues in the last hour has none.
    for (row, (stored, grid_cfe, backed)) in fr.iter_mut().zip([(20, 0, 50), (0, 10, 30), (0, 0, 50), (0, 17, 0)]) {
        row.stored_wh = stored;
        row.surplus_wh -= stored;
        row.grid_cfe_wh = grid_cfe;
        row.backed_wh = Some(backed);
    }
    vec![
        BoundaryReport {
            id: "DE<b>".into(),
            fallback_tier: Listed(vec![FallbackTier::DefaultFossil, FallbackTier::ResidualIntensity]),
            totals: german,
            intervals: de,
        },
        BoundaryReport {
            id: "FR".into(),
            fallback_tier: Listed(vec![FallbackTier::ResidualComputed]),
            totals: french,
            intervals: fr,
        },
    ]
}

fn german() -> Totals {
    Totals {
        load_wh: 400,
        metered_load_wh: 400,
        purchased_wh: Some(380),
        storage_losses_wh: Some(0),
        scope_1_wh: Some(20),
        scope_1_share: six(50_000),
        contracted_wh: 270,
        matched_wh: 220,
        surplus_wh: 50,
        unmatched_wh: 180,
        grid_cfe_wh: 53,
        matched_share: six(550_000),
        cfe_score: six(682_500),
        annual_share: six(675_000),
        annual_share_capped: six(675_000),
        matched_metered_share: six(0),
        intervals_with_load: 4,
        intervals_fully_matched: 1,
        emissions: Emissions {
            location_based_g: Some(601),
            market_based_annual_g: Some(300),
            market_based_hourly_g: None,
            market_based_hourly_without_legacy_g: None,
            upstream_g: Some(12),
            scope_1_g: Some(Some(8)),
        },
        quality: QualitySplit {
            load: TierSplit { measured: 400, ..TierSplit::default() },
            generation: TierSplit { profiled: 270, ..TierSplit::default() },
        },
        backed: Some(backed(0, [0, 0], 0, (250, 0), (310, 0))),
        ..Totals::default()
    }
}

/// Matched Wh, shares of load over the interval and over the period, intervals, and what each inventory claims.
fn backed(
    matched_wh: i128,
    [matched, period]: [i128; 2],
    full: usize,
    hourly: (i128, i128),
    annual: (i128, i128),
) -> Backed {
    Backed {
        matched_wh: Some(matched_wh),
        matched_share: six(matched),
        intervals_fully_backed: Some(full),
        annual_share: six(period),
        annual_share_capped: six(period),
        market_based_hourly_claimed_wh: hourly.0,
        market_based_hourly_wh: Some(hourly.1),
        market_based_annual_claimed_wh: Some(annual.0),
        market_based_annual_wh: Some(annual.1),
    }
}

fn french() -> Totals {
    Totals {
        load_wh: 200,
        metered_load_wh: 192,
        purchased_wh: Some(196),
        storage_losses_wh: Some(4),
        scope_1_wh: Some(0),
        scope_1_share: six(0),
        contracted_wh: 166,
        matched_wh: 146,
        stored_wh: 20,
        reissued_wh: 16,
        surplus_wh: 0,
        unmatched_wh: 54,
        grid_cfe_wh: 27,
        matched_share: six(730_000),
        cfe_score: six(865_000),
        annual_share: six(750_000),
        annual_share_capped: six(750_000),
        matched_metered_share: six(730_000),
        intervals_with_load: 4,
        intervals_fully_matched: 2,
        emissions: Emissions {
            location_based_g: Some(12),
            market_based_annual_g: Some(9),
            market_based_hourly_g: Some(11),
            market_based_hourly_without_legacy_g: Some(13),
            upstream_g: Some(3),
            scope_1_g: Some(Some(0)),
        },
        quality: QualitySplit {
            load: TierSplit { measured: 96, validated: 96, ..TierSplit::default() },
            generation: TierSplit { measured: 150, ..TierSplit::default() },
        },
        backed: Some(backed(130, [650_000, 750_000], 2, (130, 130), (150, 150))),
    }
}

fn portfolio() -> Totals {
    Totals {
        load_wh: 600,
        metered_load_wh: 592,
        purchased_wh: Some(576),
        storage_losses_wh: Some(4),
        scope_1_wh: Some(20),
        scope_1_share: six(33_333),
        contracted_wh: 436,
        matched_wh: 366,
        stored_wh: 20,
        reissued_wh: 16,
        surplus_wh: 50,
        unmatched_wh: 234,
        grid_cfe_wh: 80,
        matched_share: six(610_000),
        cfe_score: six(743_333),
        annual_share: six(700_000),
        annual_share_capped: six(700_000),
        matched_metered_share: six(243_333),
        intervals_with_load: 4,
        intervals_fully_matched: 1,
        emissions: Emissions {
            location_based_g: Some(613),
            market_based_annual_g: Some(309),
            market_based_hourly_g: None,
            market_based_hourly_without_legacy_g: Some(340),
            upstream_g: Some(15),
            scope_1_g: Some(Some(8)),
        },
        quality: QualitySplit {
            load: TierSplit { measured: 496, validated: 96, ..TierSplit::default() },
            generation: TierSplit { measured: 150, profiled: 270, ..TierSplit::default() },
        },
        backed: Some(backed(130, [216_666, 250_000], 0, (380, 130), (460, 150))),
    }
}
