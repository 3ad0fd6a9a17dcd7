//! Readings as meters send them: below zero, of a part of an interval, of some channels and not of others.

use crate::corrections::Row;
use crate::support::{Case, INTERVALS, START, STEP_S, inputs_of, rows, tables_of};
use crate::wide::{OF_CHANNELS, WITH_GAPS, wide};
use hourmatch_reports::matching::Ledger;
use hourmatch_reports::report::{self, Computed};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A portfolio whose missing load is estimated, with none missing yet.
fn estimating() -> impl Strategy<Value = Case> {
    wide().prop_map(|mut case| {
        case.extras.estimates = true;
        case.extras.load_gaps = Vec::new();
        case
    })
}

/// The row of a series in an hour of the period, or before it.
fn place(rows: &[Row], series: &str, hour: i64) -> usize {
    let start = START + hour * STEP_S;
    rows.iter().position(|row| row.series == series && row.start == start).expect("a row an hour")
}

/// Four quarters in place of an hour, but those without a value.
fn quartered(rows: &[Row], place: usize, values: [Option<i64>; 4]) -> Vec<Row> {
    let mut after = rows.to_vec();
    let hour = after.remove(place);
    for (quarter, value) in values.into_iter().enumerate() {
        let start = hour.start + quarter as i64 * STEP_S / 4;
        after.extend(value.map(|value| Row { start, end: start + STEP_S / 4, value, ..hour.clone() }));
    }
    after
}

fn computed(case: &Case, rows: &[Row]) -> Computed {
    report::compute(&inputs_of(case, rows)).expect("invariants hold")
}

/// Every table but the one that lists what was odd, and the document that may name what it was computed from.
fn figures(case: &Case, rows: &[Row]) -> BTreeMap<String, Vec<u8>> {
    let inputs = inputs_of(case, rows);
    let mut tables = tables_of(&inputs, &computed(case, rows));
    tables.retain(|path, _| path != "exceptions.csv" && path != "results.json");
    tables
}

fn quarters() -> impl Strategy<Value = [i64; 4]> {
    proptest::array::uniform4(0_i64..800)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Below zero is as good as zero, and takes nothing off the quarters beside it; a quarter that lacks is too.
    #[test]
    fn a_negative_reading_and_none_at_all_count_as_zero(
        case in estimating(), contract in any::<prop::sample::Index>(), hour in 0..INTERVALS, values in quarters(),
        odd in 0_usize..4, below in 1_i64..5_000
    ) {
        let found = rows(&case);
        let series = format!("contract/c{}/generation", contract.index(case.contracts.len()));
        prop_assume!(found.iter().any(|r| r.series == series && r.start == START + hour as i64 * STEP_S));
        let at = place(&found, &series, hour as i64);
        let with = |value: Option<i64>| {
            let mut quarters = values.map(Some);
            quarters[odd] = value;
            figures(&case, &quartered(&found, at, quarters))
        };
        let zero = with(Some(0));
        prop_assert_eq!(&with(Some(-below)), &zero);
        prop_assert_eq!(&with(None), &zero);
    }

    /// What is estimated of a load is what nobody metered of it; no ledger gives it anything.
    #[test]
    fn a_part_that_nobody_metered_is_estimated_and_never_matched(
        case in estimating(), hour in 0..INTERVALS, values in quarters(), lacks in 0_usize..4
    ) {
        let found = rows(&case);
        let series = format!("site/s{WITH_GAPS}/load");
        let before = found[place(&found, &series, hour as i64 - 24)].value;
        let mut quarters = values.map(Some);
        quarters[lacks] = None;
        let rows = quartered(&found, place(&found, &series, hour as i64), quarters);
        let Computed { books, matched, .. } = computed(&case, &rows);
        let site = &books.sites[WITH_GAPS];
        let metered: i64 = quarters.iter().flatten().sum();
        // A quarter of the hour that is known of the day before, rounded up.
        let estimate = (before + 3) / 4;
        prop_assert_eq!((site.load_wh[hour], site.estimated(hour)), (metered + estimate, estimate));
        for ledger in Ledger::ALL {
            prop_assert!(matched.ledger(ledger).site_wh[WITH_GAPS][hour] <= metered);
        }
        prop_assert!(matched.site_grid_cfe_wh[WITH_GAPS][hour] <= metered);
    }

    /// A channel that lacks makes its load missing: it is what the others say and the channel's own of the day before.
    /// What was purchased is known all the same, unless import is what lacks.
    #[test]
    fn a_channel_that_lacks_is_not_zero(
        case in estimating().prop_filter("channels", |case| case.extras.channels.is_some()), hour in 0..INTERVALS,
        lacks in 0_usize..3
    ) {
        let mut found = rows(&case);
        let terms = [("import", 1), ("onsite_generation", 1), ("export", -1)];
        let value = |leaf: &str, hour: i64| found[place(&found, &format!("site/s{OF_CHANNELS}/{leaf}"), hour)].value;
        let (now, before) = (hour as i64, hour as i64 - 24);
        let others = terms.iter().enumerate().filter(|(term, _)| *term != lacks);
        let known: i64 = others.map(|(_, (leaf, sign))| sign * value(leaf, now)).sum();
        let (leaf, sign) = terms[lacks];
        let load = (known + sign * value(leaf, before)).max(0);
        let (import, sold) = (value("import", now), if leaf == "export" { 0 } else { value("export", now) });
        let purchased = if leaf == "import" || sold > import { 0 } else { import };
        let at = place(&found, &format!("site/s{OF_CHANNELS}/{leaf}"), now);
        found.remove(at);
        let Computed { books, matched, .. } = computed(&case, &found);
        let site = &books.sites[OF_CHANNELS];
        prop_assert_eq!((site.load_wh[hour], site.estimated(hour)), (load, load));
        prop_assert_eq!(matched.matching.site_wh[OF_CHANNELS][hour], 0);
        prop_assert_eq!(site.inventory_open(hour), purchased);
        prop_assert!(matched.inventory.site_wh[OF_CHANNELS][hour] <= purchased);
    }
}
